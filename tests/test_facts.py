"""What a cover says of its report: kind, part, board, subject, people of the review, dates, year.

All names and places are invented.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from facts_parts import COVERS, Cover
from flow_parts import CANARIES, propose
from hypothesis import given
from hypothesis import strategies as st

from pipeline.flow import intake, proposing, year
from pipeline.raw import facts
from pipeline.raw.document import Block, Document
from pipeline.raw.facts import NOT_STATED, Facts
from pipeline.raw.facts_names import is_label
from pipeline.raw.readers.text import from_string
from pipeline.span import BlockKind, Span


def document(text: str, header: tuple[str, ...] = ()) -> Document:
    """A document of lines: a block a line, as covers are read."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    whole, blocks = "\n\n".join(lines), []
    blocks += [Block(BlockKind.FURNITURE, line, 1, None) for line in header]
    at = 0
    for line in lines:
        blocks.append(Block(BlockKind.PARAGRAPH, line, 1, Span(at, at + len(line))))
        at += len(line) + 2
    return Document("0" * 64, "text/plain", "test", 1, whole, tuple(blocks))


NO_REVIEWS = (
    "Minister to end serious case reviews\n\nSerious case reviews will end, the minister said. "
    "Zorbel Local Safeguarding Children Board had published one in 2014 about Child K.",
    "Proposals for the serious case review inquiry\n\nAuthors be independent.\n\nBy Ann Quill",
    "Learning lessons from serious case reviews: year 2\n\nA report (April 2008 to March 2009)\n\n"
    "This is the second report on serious case reviews.",
    "What a domestic homicide review involves for families\n\nA leaflet, March 2014",
    "",
)


def said(found: Facts) -> Cover:
    """The facts in the form of a row of the table."""
    return Cover(
        "", "", found.kind.value, found.board.value, found.subject.value, found.register_subject,
        found.part.value, tuple(f.value for f in found.authors),
        tuple(f.value for f in found.chairs), found.completed.value, found.published.value,
        found.year.value,
    )  # fmt: skip


@pytest.mark.parametrize("cover", COVERS, ids=lambda cover: cover.name)
def test_a_cover_says(cover: Cover) -> None:
    found = said(facts.stated(document(cover.text, cover.header)))
    wanted = {k: v for k, v in vars(cover).items() if k not in {"name", "text", "header"}}
    assert {key: vars(found)[key] for key in wanted} == wanted


@pytest.mark.parametrize("number", range(len(NO_REVIEWS)))
def test_what_is_no_review_has_no_facts(number: int) -> None:
    text = NO_REVIEWS[number]
    found = facts.stated(from_string(text) if text else document(""))
    assert found == Facts()


@pytest.mark.parametrize("name", ["LIAM BANKS", "Hope Best", "Trevor Young", "Comfort Oakfell"])
def test_names_that_are_words_are_names(name: str) -> None:
    text = f"Zorbel Safeguarding Adults Board\nSafeguarding Adults Review\n{name}\nOverview Report"
    found = facts.stated(document(text))
    assert (found.subject.value, found.register_subject) == (name, "named")


def test_soft_hyphens_hide_nothing_and_spans_count_them() -> None:
    board = "Zorbelshire Safeguarding Chil\u00addren Board"
    read = document(f"{board}\nSerious Case Re\u00adview\nChild K\nAuthor: Ann Quill")
    found = facts.stated(read)
    assert found.board.value == "Zorbelshire Safeguarding Children Board"
    assert found.kind.value == "serious case review"
    spans = [one.span.of(read.text) for one in (found.board, *found.authors) if one.span]
    assert spans == [board, "Ann Quill"]


def test_a_report_of_a_coroner_has_no_board() -> None:
    text = """REGULATION 28 REPORT TO PREVENT FUTURE DEATHS
        Ann Quill, coroner for Zorbel
        Zorbel Safeguarding Children Board
        On 3 May 2019 I commenced an investigation into the death of Wilfred Marl."""
    found = facts.stated(document(text))
    assert found.kind.value == "report to prevent future deaths"
    assert not found.board.stated
    assert not (found.authors or found.chairs)
    assert found.subject.value == "Wilfred Marl"
    assert found.register_subject == "named"


@pytest.mark.parametrize("cover", COVERS, ids=lambda cover: cover.name)
def test_spans_are_where_the_values_stand(cover: Cover) -> None:
    read = document(cover.text, cover.header)
    found = facts.stated(read)
    for fact in (found.board, found.subject, *found.authors, *found.chairs, found.published):
        if fact.span is not None:
            assert " ".join(fact.span.of(read.text).split()) == fact.value


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Child K", True), ("Mr C", True), ("Baby P1", True), ("Young Person F", True),
        ("Child 12", True), ("Child XBZ", True), ("Adults A, B and C", True), ("BB", True),
        ("Mr and Mrs D", True), ("BDS12", True), ("2014/C4999", True), ("Adult One", True),
        ("CHILD SAM", False), ("CHILD JO", False), ("Baby Wilfred", False), ("Wilfred", False),
        ("Child A and Sam", False), ("Family Quill", False), ("Mr Quill", False), ("", False),
        ("Child IAN", False), ("MARL", False), ("Child A and Child IAN", False),
    ],
)  # fmt: skip
def test_only_labels_may_leave_the_vault(text: str, label: bool) -> None:
    assert is_label(text) is label


@given(st.text(max_size=400))
def test_any_text_has_facts_or_none(text: str) -> None:
    clean = " ".join(text.split())
    found = facts.stated(document(clean or "x"))
    assert found.register_subject in {NOT_STATED, facts.NAMED} or is_label(found.register_subject)


def test_the_register_keeps_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    workspace = intake.init(tmp_path / "home")
    mother, father, _ = CANARIES
    cover = f"Zorbel Safeguarding Children Board\n\nSerious Case Review\n\n{mother}\n\n"
    text = f"{cover}Overview Report\n\nIndependent Author: {father}\n\nPanel Chair: Ann Quill\n"
    (tmp_path / "one.txt").write_text(text, encoding="utf-8")
    (tmp_path / "two.txt").write_text(text.replace(mother, "Child K"), encoding="utf-8")
    list(intake.ingest(workspace, [tmp_path / "one.txt", tmp_path / "two.txt"]))
    rows = list(year.register(workspace))
    assert {row["subject"] for row in rows} == {"named", "Child K"}
    assert {row["board"] for row in rows} == {"Zorbel Safeguarding Children Board"}
    assert {row["kind"] for row in rows} == {"serious case review"}
    for path in (tmp_path / "home").rglob("register*"):
        kept = path.read_bytes().lower()
        assert not [
            n for n in (*CANARIES, "Ann Quill") for w in n.split() if w.lower().encode() in kept
        ]
