"""What was decided on one version and still counts for the next: what is sure, and no more."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from flow_parts import CANARIES, propose
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Settings
from pipeline.flow import carrying, editions
from pipeline.flow.carrying import Side
from pipeline.raw.document import (
    Block,
    Clearance,
    ClearanceCode,
    Decision,
    Document,
    Finding,
    Unread,
    UnreadKind,
    Verdict,
)
from pipeline.span import BlockKind, Kind, Span
from pipeline.store.casefile import Decided

MOTHER, FATHER, SCHOOL = CANARIES


def side(*paragraphs: str, unread: tuple[Unread, ...] = ()) -> Side:
    """A document of these paragraphs, one page each, with the canaries proposed."""
    blocks, at = [], 0
    for page, text in enumerate(paragraphs, start=1):
        blocks.append(Block(BlockKind.PARAGRAPH, text, page, Span(at, at + len(text))))
        at += len(text) + 2
    document = Document(
        hashlib.sha256("\n\n".join(paragraphs).encode()).hexdigest(),
        "text/plain",
        "stand-in",
        len(blocks),
        "\n\n".join(paragraphs),
        tuple(blocks),
        unread,
    )
    return Side(document, propose(document, Settings()))


ONE = f"The health visitor saw {MOTHER} at home in spring."
TWO = f"The nurse met {MOTHER} and {FATHER} at the clinic."
OTHER = f"Later {MOTHER} moved away with nobody knowing it."
PLAIN = "Nobody shared what was known about it."


def finding(of: Side, name: str, nth: int = 0) -> str:
    text = of.document.text
    return [f.id for f in of.proposal.findings if f.span.of(text) == name][nth]


@pytest.mark.parametrize(
    ("old", "new", "verdict", "stays"),
    [
        ((ONE, TWO), (ONE, TWO), Verdict.ACCEPT, True),
        ((ONE, TWO), (TWO, PLAIN), Verdict.ACCEPT, True),
        ((ONE, TWO), (ONE, TWO, OTHER), Verdict.ACCEPT, True),
        ((ONE, TWO), (ONE, TWO, PLAIN), Verdict.REJECT, True),
        ((ONE, TWO), (TWO,), Verdict.REJECT, True),
        # A name that was let stay is looked at again where it stands anew.
        ((ONE, TWO), (ONE, TWO, OTHER), Verdict.REJECT, False),
        ((ONE, TWO), (ONE.replace("spring", "May"), TWO), Verdict.REJECT, False),
        ((ONE,), (PLAIN,), Verdict.ACCEPT, False),
    ],
)
def test_a_verdict_on_an_identity(
    old: tuple[str, ...], new: tuple[str, ...], verdict: Verdict, stays: bool
) -> None:
    before = Decided(decisions=(Decision("i1", verdict),))
    made = carrying.carried(side(*old), side(*new), before)
    assert [one.verdict for one in made.decided.decisions] == [verdict] * stays
    assert (made.kept, made.opened) == (int(stays), int(not stays))


def test_a_position_that_the_report_gives_no_more_opens_the_identity() -> None:
    old, new = side(ONE, TWO), side(ONE, TWO)
    people = tuple(replace(one, position="aunt") for one in new.proposal.identities)
    now = Side(new.document, replace(new.proposal, identities=people))
    plain = Decided(decisions=(Decision("i1", Verdict.ACCEPT),))
    assert carrying.carried(old, now, plain).kept == 0
    own = Decided(decisions=(Decision("i1", Verdict.ACCEPT, label="foster carer"),))
    assert carrying.carried(old, now, own).decided.decisions == own.decisions


def test_an_exception_goes_with_its_paragraph() -> None:
    old = side(ONE, TWO)
    exception = Decision(finding(old, MOTHER, 1), Verdict.REJECT)
    before = Decided(decisions=(Decision("i1", Verdict.ACCEPT), exception))
    new = side(PLAIN, ONE, TWO)
    made = carrying.carried(old, new, before)
    assert {one.target for one in made.decided.decisions} == {"i1", finding(new, MOTHER, 1)}
    changed = side(ONE, TWO.replace("clinic", "surgery"))
    made = carrying.carried(old, changed, before)
    assert {one.target for one in made.decided.decisions} == {"i1"}


def test_what_was_added_is_hidden_wherever_it_stands_now() -> None:
    old = side(ONE, TWO)
    start = old.document.text.index("health visitor")
    added = propose_added(start, start + len("health visitor"))
    before = Decided(added=(added,), decisions=(Decision(added.id, Verdict.ACCEPT, "nurse"),))
    new = side(PLAIN, "She asked the health visitor again.", TWO)
    made = carrying.carried(old, new, before)
    (moved,) = made.decided.added
    assert moved.span.of(new.document.text) == "health visitor"
    assert [one.target for one in made.decided.decisions] == [moved.id]
    gone = carrying.carried(old, side(PLAIN, TWO), before)
    assert (gone.decided.added, gone.decided.decisions, gone.opened) == ((), (), 2)


def propose_added(start: int, end: int) -> Finding:
    return Finding(Span(start, end), Kind.PERSON, "added", 1.0, "reviewer")


LINE = Unread("picture-1-1", UnreadKind.PICTURE, 1, "A picture.")


@pytest.mark.parametrize(
    ("new", "stays"),
    [
        (side(ONE, TWO, unread=(LINE,)), True),
        (side(ONE, OTHER, unread=(LINE,)), True),
        (side(OTHER, TWO, unread=(LINE,)), False),
        (side(ONE, TWO, unread=(LINE, replace(LINE, id="picture-1-2"))), False),
        (side(ONE, TWO), False),
        (side(ONE, TWO, unread=(replace(LINE, reason="Another."),)), False),
    ],
)
def test_a_line_stays_cleared_where_its_page_is_as_it_was(new: Side, stays: bool) -> None:
    before = Decided(cleared=(Clearance(LINE.id, ClearanceCode.LEFT_OUT),))
    made = carrying.carried(side(ONE, TWO, unread=(LINE,)), new, before)
    assert made.decided.cleared == before.cleared * stays


def test_a_line_of_no_page_is_looked_at_again() -> None:
    line = replace(LINE, page=None)
    one = side(ONE, TWO, unread=(line,))
    before = Decided(cleared=(Clearance(line.id, ClearanceCode.LEFT_OUT),))
    assert carrying.carried(one, one, before).decided.cleared == ()


def test_a_group_that_was_passed_stays_passed_in_the_same_paragraphs() -> None:
    named = "Dr Zebulon Quist wrote about it in a letter to them."
    old = side(ONE, named)
    (group,) = [
        g for g in editions.left(old.document, old.proposal, Decided()) if "Quist" in g.title
    ]
    before = Decided(passed=(group.key,))
    assert carrying.carried(old, side(PLAIN, ONE, named), before).decided.passed == (group.key,)
    more = side(ONE, named, "Later Dr Zebulon Quist came.")
    assert carrying.carried(old, more, before).decided.passed == ()


@given(
    st.lists(st.sampled_from([ONE, TWO, OTHER, PLAIN, "Yes"]), min_size=1, max_size=6),
    st.lists(st.sampled_from([ONE, TWO, OTHER, PLAIN, "Yes"]), min_size=1, max_size=6),
    st.lists(st.sampled_from([Verdict.ACCEPT, Verdict.REJECT]), min_size=4, max_size=4),
    st.integers(0, 30),
)
@settings(max_examples=60, deadline=None)
def test_nothing_stays_in_a_paragraph_that_nobody_has_seen(
    old: list[str], new: list[str], verdicts: list[Verdict], at: int
) -> None:
    before_side, after_side = side(*old), side(*new)
    found = before_side.proposal.findings
    decisions = [
        Decision(one.id, verdict)
        for one, verdict in zip(before_side.proposal.identities, verdicts, strict=False)
    ]
    if found:
        decisions.append(Decision(found[at % len(found)].id, verdicts[-1]))
    before = Decided(decisions=tuple(sorted(decisions, key=lambda one: one.target)))
    made = carrying.carried(before_side, after_side, before)
    settled = editions.settled(after_side.document, after_side.proposal, made.decided)
    places = carrying.Places(before_side.document, after_side.document)
    assert all(places.unchanged(span) for span in settled.kept)
    assert made.kept + made.opened == before.size
    if old == new:
        assert made.decided == before
