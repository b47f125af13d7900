"""Clearing: a line of what was not read needs a code that fits it; some are cleared together."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.raw import settle, settle_codes
from pipeline.raw.document import (
    Block,
    Clearance,
    ClearanceCode,
    Document,
    Proposal,
    Settlement,
    Unread,
    UnreadKind,
    View,
)
from pipeline.span import BlockKind, Span

TEXT = "The family is shown below.\n\n[picture]\n\nThe nurse saw Tamsin Quill in March."
SIGN = Span(TEXT.index("[picture]"), TEXT.index("[picture]") + 9)
NURSE = Span(TEXT.index("nurse"), TEXT.index("nurse") + 5)


def line(what: UnreadKind, span: Span | None = None, number: int = 1) -> Unread:
    return Unread(f"{what.value}-1-{number}", what, 1, "It was not read.", span)


ALL = tuple(line(what) for what in UnreadKind)
PICTURES = (line(UnreadKind.PICTURE, SIGN), line(UnreadKind.PICTURE, None, 2))


def document(unread: Iterable[Unread], view: View = View.ACCEPTED) -> Document:
    spans = (Span(0, 26), SIGN, Span(SIGN.end + 2, len(TEXT)))
    blocks = tuple(Block(BlockKind.PARAGRAPH, s.of(TEXT), 1, s) for s in spans)
    return Document("0" * 64, "x", "test", 1, TEXT, blocks, tuple(unread), view=view)


def exported(of: Document, cleared: tuple[Clearance, ...] = ()) -> dict[str, Any]:
    proposal = Proposal(of.text_sha256, (), ())
    rows = settle.export_rows(of, proposal, (), (), cleared)
    loaded: dict[str, Any] = json.loads(json.dumps(rows))
    return loaded


def taken(
    of: Document, rows: dict[str, Any], before: tuple[Clearance, ...] = ()
) -> tuple[Clearance, ...]:
    return settle.parse_rows(rows, of, Proposal(of.text_sha256, (), ()), before)[2]


def settled(of: Document, cleared: tuple[Clearance, ...]) -> Settlement:
    return settle.settled(of, Proposal(of.text_sha256, (), ()), (), (), cleared)


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("what", list(UnreadKind))
def test_every_kind_can_be_cleared_and_only_as_what_fits_it(what: UnreadKind, view: View) -> None:
    of = document([line(what)], view)
    fitting = settle.fitting(line(what), view)
    assert fitting
    for code in ClearanceCode:
        one = (Clearance(f"{what.value}-1-1", code),)
        fits = code in fitting or code is ClearanceCode.BEFORE_CODES
        assert settled(of, one).uncleared == (0 if fits else 1)
    (row,) = exported(of)["unread"]
    assert list(row["codes"]) == [code.value for code in fitting]
    assert all(row["codes"].values())


@pytest.mark.parametrize(
    ("what", "wrong"),
    [
        (UnreadKind.PICTURE, "nothing-to-add"),
        (UnreadKind.LITTLE_TEXT, "picture-removed"),
        (UnreadKind.TRACKED_CHANGE, "view-original"),
        (UnreadKind.TRACKED_CHANGE, "left-out"),
        (UnreadKind.COMMENT, "view-accepted"),
        (UnreadKind.ENCODING, "nothing-in-it"),
        (UnreadKind.LANGUAGE, "left-out"),
        (UnreadKind.SCAN, "left-out"),
        (UnreadKind.SCAN, "before-codes"),
        (UnreadKind.ATTACHMENT, ""),
        (UnreadKind.ATTACHMENT, "Tamsin said so"),
        (UnreadKind.ATTACHMENT, None),
    ],
)
def test_a_line_without_a_code_that_fits_is_refused(what: UnreadKind, wrong: str | None) -> None:
    of = document([line(what)])
    rows = exported(of)
    rows["unread"][0].update(verdict="accept", cleared_as=wrong)
    with pytest.raises(UsageError) as caught:
        taken(of, rows)
    assert str(caught.value) == settle_codes.NO_CODE
    assert all(code in str(caught.value) for code in ("left-out", "scan-checked"))


def test_the_words_of_the_first_release_alone_clear_nothing() -> None:
    of = document(ALL)
    rows = exported(of)
    rows["unread"] = [{"id": ALL[0].id, "verdict": "accept"}]
    with pytest.raises(UsageError):
        taken(of, rows)


@pytest.mark.parametrize(
    "row",
    [
        {"verdict": "undecided", "cleared_as": "left-out"},
        {"verdict": "reject", "cleared_as": "left-out"},
        {"verdict": "undecided", "description": "family tree"},
        {"verdict": "accept", "cleared_as": "left-out", "description": "family tree"},
        {"verdict": "accept", "cleared_as": "picture-removed", "description": "two\nlines"},
        {"verdict": "accept", "cleared_as": "picture-removed", "description": "a [mother]"},
        {"verdict": "accept", "cleared_as": "picture-removed", "description": "x" * 301},
        {"verdict": "accept", "cleared_as": "picture-removed", "description": "zero\u200bwidth"},
        {"verdict": "accept", "cleared_as": "picture-removed", "description": "half \ud800"},
        {"verdict": "accept", "cleared_as": "picture-removed", "description": 7},
        {"verdict": "accept", "cleared_as": "picture-removed", "surprise": "x"},
    ],
)
def test_a_row_that_contradicts_itself_is_refused(row: dict[str, Any]) -> None:
    of = document(PICTURES)
    with pytest.raises(UsageError) as caught:
        taken(of, exported(of) | {"unread": [{"id": PICTURES[0].id, **row}]})
    assert "family tree" not in str(caught.value)


@pytest.mark.parametrize(
    ("one", "code"),
    [(line(UnreadKind.COMMENT, NURSE), "left-out"), (PICTURES[1], "picture-removed")],
    ids=["a comment", "a picture without a place"],
)
def test_a_description_is_for_what_will_show_it(one: Unread, code: str) -> None:
    of = document([one])
    row = {"id": one.id, "verdict": "accept", "cleared_as": code}
    assert "description" not in exported(of)["unread"][0]
    assert len(taken(of, exported(of) | {"unread": [row]})) == 1
    with pytest.raises(UsageError):
        taken(of, exported(of) | {"unread": [{**row, "description": "a remark"}]})


def test_a_cleared_line_is_shown_so_and_taken_back() -> None:
    of = document(PICTURES)
    rows = exported(of)
    rows["unread"][0].update(
        verdict="accept", cleared_as="picture-removed", description=" family  tree "
    )
    cleared = taken(of, rows)
    removed = ClearanceCode.PICTURE_REMOVED
    assert cleared == (Clearance(PICTURES[0].id, removed, "family tree"),)
    assert settled(of, cleared).descriptions == ((PICTURES[0].id, "family tree"),)
    again = exported(of, cleared)
    assert again["unread"][0]["cleared_as"] == "picture-removed"
    assert taken(of, again, cleared) == cleared
    again["unread"][0].update(verdict="undecided", cleared_as=None, description=None)
    assert taken(of, again, cleared) == ()


def test_a_line_shows_what_stands_around_it() -> None:
    rows = exported(document([*PICTURES, line(UnreadKind.COMMENT, NURSE)]))["unread"]
    first, second, third = (row["context"] for row in rows)
    assert first.startswith("The family is shown below. «[picture]» The nurse")
    assert second is None
    assert "The «nurse» saw Tamsin Quill" in third


def test_a_kind_is_cleared_at_once_but_for_what_is_cleared_or_refused_already() -> None:
    lines = [line(UnreadKind.COMMENT, None, number) for number in range(1, 5)]
    of = document([*lines, *PICTURES])
    before = (Clearance(lines[0].id, ClearanceCode.NAMES_ADDED),)
    rows = exported(of, before) | {"clear_kinds": {"comment": "left-out"}}
    rows["unread"][1].update(verdict="accept", cleared_as="nothing-to-add")
    rows["unread"][2].update(verdict="reject")
    codes = {one.id: one.code.value for one in taken(of, rows, before)}
    assert codes == {
        lines[0].id: "names-added",
        lines[1].id: "nothing-to-add",
        lines[3].id: "left-out",
    }
    short = {key: rows[key] for key in ("format", "text_sha256", "clear_kinds")}
    ids = [one.id for one in taken(of, short, before)]
    assert ids == [one.id for one in lines[1:]]


@pytest.mark.parametrize(
    "kinds",
    [
        {"little_text": "nothing-in-it"},
        {"scan": "scan-checked"},
        {"picture": "view-accepted"},
        {"tracked_change": "view-original"},
        {"comment": "before-codes"},
        {"comment": None},
        {"photograph": "left-out"},
        ["comment"],
    ],
)
def test_pages_are_looked_at_one_by_one_and_kinds_need_a_code_that_fits(kinds: object) -> None:
    of = document(ALL)
    with pytest.raises(UsageError):
        taken(of, exported(of) | {"clear_kinds": kinds})


def test_what_was_cleared_before_codes_stays_so_and_is_not_given_anew() -> None:
    of = document(PICTURES)
    before = (Clearance(PICTURES[0].id, ClearanceCode.BEFORE_CODES),)
    assert settled(of, before).uncleared == 1
    rows = exported(of, before)
    assert rows["unread"][0]["verdict"] == "accept"
    assert taken(of, rows, before) == before
    with pytest.raises(UsageError):
        taken(of, rows)


def test_a_change_is_cleared_for_the_view_that_was_read() -> None:
    change = line(UnreadKind.TRACKED_CHANGE)
    accepted = (Clearance(change.id, ClearanceCode.VIEW_ACCEPTED),)
    of = document([change])
    assert settled(of, accepted).uncleared == 0
    assert settled(replace(of, view=View.ORIGINAL), accepted).uncleared == 1
