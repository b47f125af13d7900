"""Tables fit the screen of whoever reads them, and an id is never cut short."""

from __future__ import annotations

import os
import re

import pytest

from pipeline.cli import lessons, tables
from pipeline.cli.output import Format, show

REGISTER = {
    "review": "r-7f3k2m",
    "state": "proposed",
    "kind": "child safeguarding practice review",
    "board": "Wendlebury-on-Sea Safeguarding Children Board",
    "subject": "Child RR",
    "received": "2026-11-26",
    "published": "",
    "hold": "",
}
DUE = REGISTER | {"published": "2026-12-01", "hold": "criminal", "judgement": "inadequate"}


def shown(
    row: dict[str, str],
    width: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((width, 40)))
    show([row, row | {"review": "e-4kd8vw"}], Format.TABLE)
    return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("row", [REGISTER, DUE], ids=["register", "due"])
def test_nothing_is_cut_short(
    row: dict[str, str],
    width: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = shown(row, width, monkeypatch, capsys)
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= width
    for word in ("r-7f3k2m", "e-4kd8vw", "2026-11-26", "proposed"):
        assert word in out


def test_a_register_is_a_table_on_eighty_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, head, *_ = shown(REGISTER, 80, monkeypatch, capsys).splitlines()
    assert first.startswith("┏")
    assert "received" in head and "hold" not in head, "columns without a word give way"


def test_what_fits_no_table_stands_one_below_the_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shown(DUE, 60, monkeypatch, capsys)
    assert out.startswith("review     r-7f3k2m\n")
    assert "\n\nreview     e-4kd8vw\n" in out


def test_columns_without_a_word_stay_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "hold" in shown(REGISTER, 200, monkeypatch, capsys)


@pytest.mark.parametrize("width", range(30, 140, 7))
def test_widths_use_the_room_and_no_more(width: int) -> None:
    rows, columns = [tuple(DUE.values())], tuple(DUE)
    wide = tables.widths(rows, columns, width)
    assert wide is None or sum(wide) + 3 * len(wide) + 1 <= width


def test_people_read_lists_with_commas(capsys: pytest.CaptureFixture[str]) -> None:
    show([{"files": ["a.html", "a.pdf"], "n": 2}], Format.TABLE)
    assert "a.html, a.pdf" in capsys.readouterr().out
    show([{"files": ["a.html", "a.pdf"], "n": 2}], Format.CSV)
    assert '[""a.html"", ""a.pdf""]' in capsys.readouterr().out


@pytest.mark.parametrize(("said", "width"), [("104", 104), ("", 200), ("wide", 200), ("0", 200)])
def test_a_file_is_as_wide_as_columns_says(
    said: str,
    width: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", said)
    show([{"review": "r-7f3k2m", "why": "so " * 200}], Format.TABLE)
    assert max(map(len, capsys.readouterr().out.splitlines())) in (width, width - 1)


def test_lessons_that_are_gone_stand_apart_from_the_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ({"reviews": 6, "lessons": 30}, {"old": "L0c17f878", "new": "Lb710c1b5"})
    monkeypatch.setattr("pipeline.cli.lessons.opened", lambda *_: None)
    monkeypatch.setattr("pipeline.flow.learning.learn", lambda *_, **__: rows)
    lessons.learn()
    counts, moved = capsys.readouterr().out.split("└")[:2]
    assert "lessons" in counts and "old" not in counts
    assert "L0c17f878" in moved and "lessons" not in moved
