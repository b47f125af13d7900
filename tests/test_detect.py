"""Detection fails closed, says nothing, downloads nothing, and orders what it found."""

from __future__ import annotations

import io
import logging
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from recogniser_parts import Hangs

from pipeline.config import Settings
from pipeline.errors import RecogniserError, UsageError
from pipeline.raw import detect
from pipeline.raw.document import Block, Document, Finding
from pipeline.raw.recognisers.row import Family, Row, pattern
from pipeline.span import BlockKind, Kind, Span

CANARY = "Zqnarya"


def document(
    text: str, *, furniture: tuple[str, ...] = (), margins: tuple[str, ...] = ()
) -> Document:
    blocks = [Block(BlockKind.PARAGRAPH, text, 1, Span(0, len(text)))]
    blocks += [Block(BlockKind.FURNITURE, line, 1, None) for line in furniture]
    return Document("0" * 64, "text/plain", "test", 1, text, tuple(blocks), margins=margins)


@dataclass
class Raises:
    error: BaseException
    name: str = "raises"

    def find(self, text: str) -> Iterable[Finding]:
        raise self.error


@dataclass
class RaisesLate:
    name: str = "late"

    def find(self, text: str) -> Iterator[Finding]:
        yield Finding(Span(0, 3), Kind.PERSON, "person", 0.5, self.name)
        raise ValueError(text)


@dataclass
class Finds:
    found: tuple[Finding, ...]
    name: str = "finds"

    def find(self, text: str) -> Iterable[Finding]:
        return self.found


@pytest.mark.parametrize(
    "saboteur",
    [
        Raises(ValueError(CANARY)),
        Raises(UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY)),
        Raises(MemoryError()),
        Raises(SystemExit(0)),
        Raises(RecogniserError("The model is damaged.")),
        RaisesLate(),
    ],
    ids=["value", "unicode", "memory", "exit", "own", "late"],
)
def test_a_recogniser_that_raises_ends_in_refusal(
    saboteur: Raises | RaisesLate, capfd: pytest.CaptureFixture[str]
) -> None:
    using = (*detect.FAMILIES[:1], saboteur)
    with pytest.raises(RecogniserError) as caught:
        detect.findings(document(f"{CANARY} was seen."), using, seconds=20)
    assert caught.value.exit_code == 4
    assert CANARY not in str(caught.value) and caught.value.__cause__ is None
    assert CANARY not in "".join(capfd.readouterr())


def test_a_recogniser_that_hangs_ends_in_refusal() -> None:
    saboteur = Hangs()
    began = time.monotonic()
    with pytest.raises(RecogniserError):
        detect.findings(document(f"{CANARY} was seen."), (saboteur,), seconds=0.3)
    assert time.monotonic() - began < 15
    saboteur.stop.set()


def test_a_pattern_that_runs_away_ends_in_refusal() -> None:
    row = Row(Kind.CODE, "evil", pattern(r"(?:a|aa|a?)+$"), 0.5, ("a",), ("b",))
    runaway = Family("runaway", (row,), seconds=0.5)
    with pytest.raises(RecogniserError):
        detect.in_text("a" * 5000 + "!", (runaway,), seconds=20)


def test_margins_fail_closed_too() -> None:
    with pytest.raises(RecogniserError):
        detect.margin_findings(
            document("x", margins=(CANARY,)), (Raises(ValueError(CANARY)),), seconds=5
        )


class Everything(logging.Handler):
    def __init__(self) -> None:
        super().__init__(0)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.getMessage()} {record.__dict__!r}")


def test_no_log_record_at_any_level_carries_text() -> None:
    from pipeline.raw.recognisers import presidio

    names = ["", *presidio.LOGGERS, *logging.root.manager.loggerDict]
    before = {name: logging.getLogger(name).level for name in names}
    handler = Everything()
    logging.getLogger().addHandler(handler)
    try:
        for name in names:
            logging.getLogger(name).setLevel(1)
        text = (
            f"{CANARY} Quill, NHS number 943 476 5919, wrote to {CANARY.lower()}@example.org. " * 3
        )
        found = detect.findings(document(text), detect.FAMILIES, seconds=60)
        with pytest.raises(RecogniserError):
            detect.findings(document(text), (Raises(ValueError(text)),), seconds=5)
    finally:
        logging.getLogger().removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
    assert found
    assert not [
        line for line in handler.seen if CANARY.lower() in line.lower() or "943 476" in line
    ]


def test_a_logger_that_presidio_uses_is_silent() -> None:
    from pipeline.raw.recognisers import presidio

    presidio.silence()
    stream = io.StringIO()
    for name in presidio.LOGGERS:
        logger = logging.getLogger(name)
        handler = logging.StreamHandler(stream)
        logger.addHandler(handler)
        logger.critical(CANARY)
        logger.removeHandler(handler)
    assert stream.getvalue() == ""


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_rest: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text = "Write to jane.quill@zbarset.gov.uk or see www.zbarset.gov.uk."
    assert len(detect.in_text(text, detect.FAMILIES, seconds=60)) == 2


def test_presidio_runs_none_of_its_own_recognisers() -> None:
    from pipeline.raw.recognisers import presidio

    own = presidio.engine((Finds(()),), 5).registry.recognizers
    assert [recogniser.name for recogniser in own] == ["finds"]
    assert presidio.analyse("a@example.org", (), 5) == ()


def test_context_words_raise_a_score() -> None:
    with_context = detect.in_text(
        "The patient's number is 999 123 4561.", detect.FAMILIES, seconds=60
    )
    without = detect.in_text("It was put at 999 123 4561 there.", detect.FAMILIES, seconds=60)
    assert with_context[0].score > without[0].score > 0.5


# --------------------------------------------------------------------------------------
# Overlap
# --------------------------------------------------------------------------------------


def finding(start: int, end: int, kind: Kind = Kind.PERSON, score: float = 0.5) -> Finding:
    return Finding(Span(start, end), kind, "x", score, "test")


TEXT = "Zorah Quill House of Marlstone in Zorbel"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([finding(0, 5), finding(0, 11)], [finding(0, 11)]),
        ([finding(0, 5, score=0.9), finding(0, 11, score=0.1)], [finding(0, 11, score=0.1)]),
        ([finding(0, 11, score=0.3), finding(0, 11, Kind.PLACE)], [finding(0, 11, Kind.PLACE)]),
        ([finding(0, 11, Kind.PLACE), finding(0, 11)], [finding(0, 11)]),
        ([finding(6, 30, Kind.PLACE), finding(0, 11)], [finding(0, 5), finding(6, 30, Kind.PLACE)]),
        ([finding(0, 5), finding(34, 40)], [finding(0, 5), finding(34, 40)]),
        ([finding(6, 30, Kind.PLACE), finding(18, 33)], [finding(6, 30, Kind.PLACE)]),
    ],
    ids=["longest", "longest first", "score", "kind", "the rest stays", "apart", "no word left"],
)  # fmt: skip
def test_the_longest_wins_then_the_score_then_the_kind(
    found: list[Finding], expected: list[Finding]
) -> None:
    assert list(detect.without_overlap(TEXT, found)) == expected
    assert list(detect.without_overlap(TEXT, found[::-1])) == expected


def test_a_case_name_beats_a_citation() -> None:
    text = (
        "Quillan Marlstone was born in 2009. See Marlstone et al. (2012) and Zorbel et al. (2013)."
    )
    named = ("Quillan Marlstone", "Marlstone et", "Zorbel")
    tagged = Finds(tuple(finding(text.index(n), text.index(n) + len(n)) for n in named))
    found = detect.in_text(text, (*detect.FAMILIES, tagged), seconds=60)
    names = [f.span.of(text) for f in found if f.kind is Kind.PERSON]
    assert "Quillan Marlstone" in names and "Zorbel" not in names


@pytest.mark.parametrize(
    "label", "Child A|the Board|Mother|SW4|Serious Case Review|Ofsted".split("|")
)
def test_what_stays_is_dropped_whoever_finds_it(label: str) -> None:
    text = f"Then {label} was seen."
    start = text.index(label)
    kinds = (Kind.ORGANISATION,) if label == "Ofsted" else (Kind.PERSON, Kind.ORGANISATION)
    found = tuple(finding(start, start + len(label), kind) for kind in kinds)
    assert detect.in_text(text, (Finds(found),), seconds=5) == ()


def test_a_first_name_that_is_a_word_is_not_dropped() -> None:
    found = (finding(5, 9),)
    assert detect.in_text("Then Will was seen.", (Finds(found),), seconds=5) == found


# --------------------------------------------------------------------------------------
# Margins, settings
# --------------------------------------------------------------------------------------


def test_names_in_headers_properties_and_the_files_name_are_found() -> None:
    header, title = "Serious Case Review: Jane Quill", "SCR_Jane_Quill_final.pdf"
    met = detect.margin_findings(
        document("Nothing here.", furniture=(header, "Page 2 of 43", header), margins=(title, "")),
        detect.FAMILIES,
        seconds=60,
    )
    assert [(text, f.span.of(text)) for text, f in met if f.kind is Kind.PERSON] == [
        (header, "Jane Quill"),
        (title, "Jane_Quill"),
    ]


def test_findings_are_the_same_in_every_run() -> None:
    text = (
        "Dr Quill of Zorbel Hospital rang 01632 960123 on 3 June 2012 about Jane Quill, aged 4. "
        * 3
    )
    first = detect.findings(document(text), detect.FAMILIES, seconds=60)
    assert first == detect.findings(document(text), detect.FAMILIES[::-1], seconds=60)
    assert [f.span for f in first] == sorted(f.span for f in first)


def test_without_a_tagger_the_patterns_work_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def shipped(_name: str) -> Path:
        return tmp_path / "absent"

    monkeypatch.setattr(detect, "shipped", shipped)
    assert not detect.tagger_present()
    assert detect.recognisers(Settings()) == detect.FAMILIES


def test_a_damaged_tagger_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tagger").mkdir()
    monkeypatch.setattr(detect, "shipped", lambda name: tmp_path / Path(name).name)
    assert detect.tagger_present()
    with pytest.raises(RecogniserError):
        detect.recognisers(Settings())


def test_an_installed_spacy_model_stands_in_for_the_tagger(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Zqnarya Quux"}])
    nlp.to_disk(tmp_path / "model")
    using = detect.recognisers(Settings(spacy_model=str(tmp_path / "model")))
    assert [recogniser.name for recogniser in using][-1] == "spacy"
    text = "filler " * 12_000 + "then zqn and Zqnarya Quux went."
    (found,) = using[-1].find(text)
    assert found.span.of(text) == "Zqnarya Quux"


def test_a_spacy_model_that_is_not_installed_is_named_in_no_error() -> None:
    with pytest.raises(UsageError):
        detect.recognisers(Settings(spacy_model="no_such_model_zz"))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        # a thing that only a reviewer hides never takes the place of a name inside it
        (
            [finding(0, 30, Kind.OTHER), finding(0, 11)],
            [finding(0, 11), finding(21, 30, Kind.OTHER)],
        ),
        # nor does a body of no known type
        (
            [Finding(Span(0, 30), Kind.ORGANISATION, "tagger", 0.9, "t"), finding(0, 11)],
            [finding(0, 11), Finding(Span(21, 30), Kind.ORGANISATION, "tagger", 0.9, "t")],
        ),
        # a pattern's type goes to the tagger's finding around it
        (
            [Finding(Span(0, 30), Kind.PLACE, "tagger", 0.9, "t"), finding(6, 17, Kind.PLACE)],
            [Finding(Span(0, 30), Kind.PLACE, "x", 0.9, "t")],
        ),
        # on the same stretch a pattern knows more than the tagger
        (
            [Finding(Span(0, 11), Kind.PLACE, "tagger", 0.99, "t"), finding(0, 11, score=0.9)],
            [finding(0, 11, score=0.9)],
        ),
    ],
    ids=["asked", "untyped", "typed", "same"],
)
def test_what_a_profile_hides_is_not_swallowed(
    found: list[Finding], expected: list[Finding]
) -> None:
    assert list(detect.without_overlap(TEXT, found)) == expected


@pytest.mark.parametrize(
    "words", ["six months", "7.30pm", "hours", "approximately", "17", "Last year", "may"]
)
def test_a_length_of_time_is_no_date_whoever_finds_it(words: str) -> None:
    text = f"It was {words} on."
    tagged = finding(7, 7 + len(words), Kind.DATE)
    assert detect.in_text(text, (Finds((tagged,)),), seconds=5) == ()


CELLS = [
    ("Ann Quill\nHead of Safeguarding\nArby Council\nBo Quill\nDetective Inspector\nZorbel Police",
     ["Arby Council", "Zorbel Police"]),
    ("Ann Quill   Named Nurse   Zorbel NHS Trust\nBo Quill   Manager   Marlstone Homes",
     ["Zorbel NHS Trust", "Marlstone Homes"]),
    ("the Named Nurse Zorbel NHS Trust wrote", ["Zorbel NHS Trust"]),
    ("GP1 of Hawthorn Road Surgery and DS1 of Quillon Constabulary came",
     ["Hawthorn Road Surgery", "Quillon Constabulary"]),
    ("NHS Zorbel CCG and Quillon County Council to map the services",
     ["NHS Zorbel CCG", "Quillon County Council"]),
    ("It was sent to Saxonshire   County Council   and was read\nby the  nurse who   kept it.",
     ["Saxonshire   County Council"]),
    ("a letter from Saxonshire\nCounty Council came", ["Saxonshire\nCounty Council"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "bodies"), CELLS, ids=range(len(CELLS)))
def test_a_body_ends_where_its_cell_does(text: str, bodies: list[str]) -> None:
    found = detect.in_text(text, detect.FAMILIES, seconds=20)
    assert [f.span.of(text) for f in found if f.kind is Kind.ORGANISATION] == bodies
