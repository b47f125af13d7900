"""Recognisers that raise, hang or answer nonsense: refusal that names them, and nothing else.

`candour draft` is run as a person would run it, with every log record caught.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from recogniser_parts import Hangs

from pipeline.config import Settings
from pipeline.errors import RecogniserError
from pipeline.flow import proposing
from pipeline.raw import detect
from pipeline.raw.document import Finding, Recogniser
from pipeline.raw.readers import text as texts
from pipeline.span import Kind, Span

CANARY = "Zqnarya"
TEXT = f"{CANARY} Quillmarl was seen by the nurse on 3 June 2012. {CANARY} told nobody of it.\n"


def one(start: int, end: int, score: float = 0.5) -> Finding:
    """A finding that may lie anywhere, with any score: no recogniser of ours could make some."""
    finding = object.__new__(Finding)
    span = object.__new__(Span)
    object.__setattr__(span, "start", start)
    object.__setattr__(span, "end", end)
    values = (span, Kind.PERSON, "person", score, "saboteur", None)
    for name, value in zip(Finding.__slots__, values, strict=True):
        object.__setattr__(finding, name, value)
    return finding


@dataclass
class Saboteur:
    does: Callable[[str], Iterable[Finding]]
    name: str = "saboteur"

    def find(self, text: str) -> Iterable[Finding]:
        return self.does(text)


def quotes_in_a_chain(text: str) -> Iterable[Finding]:
    try:
        raise KeyError(text)
    except KeyError as error:
        raise ValueError(f"could not read {text}") from error


def quotes_as_ours(text: str) -> Iterable[Finding]:
    raise RecogniserError(f"could not read {text}")


def quotes_late(text: str) -> Iterator[Finding]:
    yield one(0, 7)
    raise ValueError(text)


def logs_and_raises(text: str) -> Iterable[Finding]:
    raise ExceptionGroup(text, [ValueError(text), OSError(text)])


FAILS: dict[str, Callable[[str], Iterable[Finding]]] = {
    "raises, with a cause that quotes": quotes_in_a_chain,
    "raises an error of ours that quotes": quotes_as_ours,
    "raises late": quotes_late,
    "raises several": logs_and_raises,
    "a span behind the end": lambda text: [one(len(text) - 2, len(text) + 5)],
    "a span before the start": lambda text: [one(-3, 4)],
    "a span turned round": lambda text: [one(9, 4)],
    "an empty span": lambda text: [one(4, 4)],
    "a score that is no number": lambda text: [one(0, 7, float("nan"))],
    "a score above one": lambda text: [one(0, 7, 1.5)],
    "an endless score": lambda text: [one(0, 7, float("-inf"))],
    "nothing that can be gone through": lambda text: None,  # type: ignore[dict-item,return-value]
    "words in place of findings": lambda text: [text],  # type: ignore[list-item]
}


class Everything(logging.Handler):
    def __init__(self) -> None:
        super().__init__(0)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.getMessage()} {record.__dict__!r}")


@pytest.fixture
def logged() -> Iterator[list[str]]:
    names = ["", *logging.root.manager.loggerDict]
    before = {name: logging.getLogger(name).level for name in names}
    handler = Everything()
    logging.getLogger().addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(1)
    yield handler.seen
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def ran(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, saboteur: Recogniser, seconds: float = 60
) -> int:
    """The exit code of `candour draft` with a saboteur among the recognisers."""
    from pipeline.cli.app import main

    source = tmp_path / "report.txt"
    source.write_text(TEXT, encoding="utf-8")
    using = (*detect.FAMILIES[:2], saboteur)
    monkeypatch.setattr(proposing, "_recognisers", lambda _settings: using)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("CANDOUR_HOME", str(home))
    monkeypatch.setattr("pipeline.config.load", lambda _path=None: Settings())
    words = ["candour", "draft", str(source), "--out", str(tmp_path / "drafts")]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def left_behind(tmp_path: Path) -> list[str]:
    """The text of every file that holds a word of the document, but the document itself."""
    files = (f for f in tmp_path.rglob("*") if f.is_file() and f.name != "report.txt")
    return [f.name for f in files if CANARY.encode() in f.read_bytes()]


@pytest.mark.parametrize("does", [*FAILS.values()], ids=[*FAILS])
def test_a_draft_is_refused_and_the_recogniser_is_named(
    does: Callable[[str], Iterable[Finding]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    logged: list[str],
) -> None:
    assert ran(monkeypatch, tmp_path, Saboteur(does)) == 4
    out, err = capfd.readouterr()
    assert "saboteur" in out + err
    assert CANARY not in out + err
    assert not [line for line in logged if CANARY in line]
    assert left_behind(tmp_path) == []
    assert not [*tmp_path.rglob("*.html"), *tmp_path.rglob("*.jsonl")]


@pytest.mark.parametrize("does", [*FAILS.values()], ids=[*FAILS])
def test_no_word_is_in_the_traceback(does: Callable[[str], Iterable[Finding]]) -> None:
    with pytest.raises(RecogniserError) as caught:
        detect.in_text(TEXT, (Saboteur(does),), seconds=60)
    error: BaseException | None = caught.value
    assert error is not None
    whole = "".join(traceback.TracebackException.from_exception(error).format())
    assert CANARY not in whole
    assert (error.__cause__, error.__context__) == (None, None)


def test_one_that_hangs_is_named() -> None:
    saboteur = Hangs()
    with pytest.raises(RecogniserError) as caught:
        proposing.propose(texts.from_string(TEXT), Settings(recogniser_seconds=0.3), (saboteur,))
    saboteur.stop.set()
    assert "hangs" in str(caught.value) and caught.value.exit_code == 4


@pytest.mark.parametrize("name", [CANARY, f"x {CANARY.lower()}", "", "a" * 90])
def test_a_name_that_is_no_name_of_ours_is_not_repeated(name: str) -> None:
    with pytest.raises(RecogniserError) as caught:
        detect.in_text(TEXT, (Saboteur(quotes_late, name),), seconds=60)
    assert CANARY.lower() not in str(caught.value).lower()
    assert "a" * 40 not in str(caught.value)


def test_findings_that_overlap_and_are_out_of_order_are_put_right() -> None:
    found = [one(44, 51), one(0, 7), one(0, 17), one(8, 17), one(0, 7), one(44, 51)]
    made = detect.in_text(TEXT, (Saboteur(lambda _: found),), seconds=60)
    assert made[0].span == Span(0, 17)
    assert all(a.span.end <= b.span.start for a, b in pairwise(made))
    proposal = proposing.propose(texts.from_string(TEXT), Settings(), (Saboteur(lambda _: found),))
    assert json.dumps([f.id for f in proposal.findings])
