"""Tables that stand in reports as rows of the register, of an invented report and of a real one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from register_parts import made

from pipeline.errors import UsageError
from pipeline.flow import register_sheets, registering
from pipeline.raw import entry_tables
from pipeline.raw.document import Block, Document
from pipeline.raw.entry_tables import Asked
from pipeline.span import BlockKind, Span
from pipeline.store.workspace import Workspace

SEED = Path(__file__).parent.parent.parent / "shared/seeds/ofsted_learning-lessons-year-2.txt"
ONE = [["Marl", "Good", "01/06/2020"], ["Penn Vale", "Inadequate", "30/11/2020"]]
TWO = [["Marl", "Yes"], ["Penn Vale", "No"]]


def report(*parts: str | list[list[str]]) -> Document:
    """A document of headings, paragraphs and tables, one after another."""
    text, blocks = "", []
    for part in parts:
        start = len(text)
        if isinstance(part, str):
            kind = BlockKind.HEADING if part.startswith("# ") else BlockKind.PARAGRAPH
            text += part
            blocks.append(Block(kind, part, 1, Span(start, len(text))))
        else:
            rows = []
            for number, row in enumerate(part):
                cells = []
                for at, cell in enumerate(row):
                    begin = len(text)
                    text += cell + ("\t" if at + 1 < len(row) else "")
                    cells.append(Span(begin, begin + len(cell)) if cell else None)
                text += "\n" if number + 1 < len(part) else ""
                rows.append(tuple(cells))
            table = text[start:]
            span = Span(start, len(text))
            blocks.append(Block(BlockKind.TABLE, table, 1, span, rows=tuple(rows)))
        text += "\n\n"
    return Document("0" * 64, "text/plain", "test", 1, text, tuple(blocks))


def values(document: Document, asked: Asked | None = None) -> list[dict[str, str]]:
    found = entry_tables.rows(document, asked or Asked())
    return [dict(one.given.values) for one in found.rows]


def test_columns_are_known_by_what_they_hold() -> None:
    assert values(report("# Reviews that were evaluated", ONE)) == [
        {"board": "Marl", "judgement": "good", "judged": "2020-06-01"},
        {"board": "Penn Vale", "judgement": "inadequate", "judged": "2020-11-30"},
    ]


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (["Partnership", "Grade", "Date of evaluation"], {"board", "judgement", "judged"}),
        (["Name", "Outcome", "Date published"], {"board", "judgement", "board_published"}),
        (["LSCB", "x", "Date of death"], {"board", "judgement", "incident"}),
    ],
)
def test_headings_in_the_table_say_what_columns_are(head: list[str], fields: set[str]) -> None:
    found = values(report("# Lists", [head, *ONE]))
    assert all(fields <= set(row) for row in found) and len(found) == 2


@pytest.mark.parametrize(
    ("above", "field"),
    [("# Plans that were resubmitted", "resubmitted"), ("# Was the author independent?",
                                                        "independence")],
)  # fmt: skip
def test_what_yes_and_no_are_about_is_said_above(above: str, field: str) -> None:
    assert [set(row) for row in values(report(above, "1.", "2.", TWO))] == [{"board", field}] * 2


def test_a_table_that_says_nothing_the_register_knows_is_no_part_of_it() -> None:
    with pytest.raises(UsageError, match="--columns"):
        entry_tables.rows(
            report("# Children", [["Under one", "86"], ["One to five", "56"]]), Asked()
        )
    with pytest.raises(UsageError, match="--columns"):
        entry_tables.rows(report("# What was asked", TWO), Asked())
    chronology = [["Date", "Source", "Event", "Comment"], ["01/06/2020", "GP", "a call", "none"],
                  ["02/06/2020", "School", "absent", "none"]]  # fmt: skip
    with pytest.raises(UsageError, match="--columns"):
        entry_tables.rows(report("# The death was evaluated", chronology), Asked())
    two = [[row[0], row[2]] for row in ONE]
    with pytest.raises(UsageError, match="--columns"):
        entry_tables.rows(report("# Published", two), Asked())
    assert len(values(report("# Published", [["Board", "When"], *two]))) == 2
    assert [row["board"] for row in values(report("# Answers", TWO, "# Evaluated", ONE))] == [
        "Marl", "Penn Vale",
    ]  # fmt: skip


def test_the_user_may_say_what_the_columns_are() -> None:
    asked = Asked(entry_tables.asked_columns("board,,judged"), "serious case review", table=1)
    assert values(report("# A", ONE, "# B", TWO), asked)[0] == {
        "board": "Marl", "judged": "2020-06-01", "kind": "serious case review",
    }  # fmt: skip


@pytest.mark.parametrize("written", ["", "judged", "board,colour", "board,board"])
def test_columns_that_are_none_are_refused(written: str) -> None:
    with pytest.raises(UsageError):
        entry_tables.asked_columns(written)


@pytest.mark.parametrize("written", ["", "2020", "2020-01-01", "2021-01-01..2020-01-01", "a..b"])
def test_a_period_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(UsageError):
        entry_tables.asked_period(written)


@pytest.mark.parametrize(
    ("said", "period", "odd"),
    [
        ("Reviews between 1 April 2020 and 31 March 2021 are listed.", None, [False, False]),
        ("Nothing is said.", ("2020-01-01", "2020-10-31"), [False, True]),
        ("From 1 January 1990 to 2 January 1990 it rained.", None, [False, False]),
    ],
)
def test_dates_outside_the_period_are_odd(
    said: str, period: tuple[str, str] | None, odd: list[bool]
) -> None:
    found = entry_tables.rows(report(said, "# Evaluated", ONE), Asked(period=period))
    assert [bool(one.odd) for one in found.rows] == odd


def test_nine_in_ten_dates_in_a_period_that_is_stated_make_the_tenth_odd() -> None:
    body = [[f"Board {name}", "Good", "05/05/2020"] for name in "ABCDEFGHI"]
    said = "Reviews completed between 1 April 2020 and 31 March 2021, and 2020 to 2030 besides."
    found = entry_tables.rows(
        report(said, "# Evaluated", [*body, ["Board Z", "Good", "02/04/2021"]]), Asked()
    )
    assert (found.period, [bool(one.odd) for one in found.rows].count(True)) == (
        ("2020-04-01", "2021-03-31"), 1,
    )  # fmt: skip
    assert found.rows[-1].odd == (entry_tables.OUTSIDE,)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return made(tmp_path, monkeypatch)


@pytest.mark.skipif(not SEED.exists(), reason="the seed text is no part of the project")
def test_the_appendices_of_a_real_report_become_reviews(workspace: Workspace) -> None:
    """Appendix 2: 173 rows, 40 good, 74 adequate, 59 inadequate; appendix 3: 62 yes and 1 no."""
    taken = register_sheets.from_report(workspace, SEED, Asked(), as_name="Jo")
    assert taken.kept
    assert [taken.counts[what] for what in ("added", "refused", "odd")] == [236, 0, 9]
    rows = list(registering.listed(workspace, as_name="Jo"))
    judged = [row for row in rows if row["judged"]]
    assert len(judged) == 173
    assert Counter(str(row["judgement"]) for row in judged) == {
        "good": 40, "adequate": 74, "inadequate": 59,
    }  # fmt: skip
    assert sum(str(row["judged"]) > "2009-03-31" for row in judged) == 9
    again = [row for row in rows if row["resubmitted"]]
    assert Counter(str(row["resubmitted"]) for row in again) == {"yes": 62, "no": 1}
    assert len({row["board"] for row in again}) == 43
    assert len(rows) == len(judged) + len(again)  # no other table of it is one of reviews
    second = register_sheets.from_report(workspace, SEED, Asked(), dry_run=True, as_name="Jo")
    assert (second.kept, second.counts["left"], second.counts["added"]) == (False, 236, 0)
