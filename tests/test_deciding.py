"""The desk's work: each step, what it makes of the text, and that every step can be taken back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flow_parts import CANARIES, propose, write_reports

from pipeline.config import Settings
from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.flow import deciding, intake, proposing, settling
from pipeline.flow.desks import Desk, Readings
from pipeline.flow.steps import (
    Add,
    Bound,
    Clear,
    Except,
    Judge,
    Merge,
    Name,
    Pass,
    Split,
    Step,
)
from pipeline.raw.document import ClearanceCode, Document, Finding, Proposal, Verdict
from pipeline.span import Kind, Span
from pipeline.store.register import State
from pipeline.store.workspace import Workspace

MOTHER, FATHER, SCHOOL = CANARIES


@dataclass
class Sitting:
    """One review on the desk of a reviewer."""

    workspace: Workspace
    review: str
    who: str = "Jo"

    def look(self) -> Desk:
        return deciding.opened(self.workspace, self.review, who=self.who)

    def act(self, step: Step) -> Desk:
        edition = self.workspace.register.row(self.review).edition
        return deciding.act(self.workspace, self.review, step, edition=edition, who=self.who)

    def undo(self) -> Desk:
        edition = self.workspace.register.row(self.review).edition
        return deciding.undo(self.workspace, self.review, edition=edition, who=self.who)

    def redo(self) -> Desk:
        edition = self.workspace.register.row(self.review).edition
        return deciding.redo(self.workspace, self.review, edition=edition, who=self.who)

    def text(self) -> str:
        desk = self.look()
        return deciding.preview(self.workspace, desk, "public").document.text.value

    def settle(self) -> Desk:
        desk = self.look()
        while desk.open_cards:
            card = desk.open_cards[0]
            desk = self.act(Judge(card.id, Verdict.ACCEPT, card.seen))
        return self.act(Pass(tuple(group.key for group in desk.groups)))


@pytest.fixture
def sitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sitting:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    workspace = intake.init(tmp_path / "home")
    for name, duty in (("Jo", "reviewer"), ("Sam", "approver"), ("Ruth", "researcher")):
        intake.add_user(workspace, name, duty)
    (path,) = write_reports(tmp_path / "in", 1)
    review = str(next(intake.ingest(workspace, [path]))["review"])
    return Sitting(workspace, review)


def card_of(desk: Desk, name: str) -> str:
    return next(c.id for c in desk.cards if c.identity and name in c.identity.names)


def accept(desk: Desk, name: str) -> Judge:
    card = next(c for c in desk.cards if c.id == card_of(desk, name))
    return Judge(card.id, Verdict.ACCEPT, card.seen)


def place(desk: Desk, words: str) -> tuple[int, int]:
    at = desk.reading.document.text.index(words)
    return at, at + len(words)


def test_one_decision_holds_for_every_mention(sitting: Sitting) -> None:
    desk = sitting.act(accept(sitting.look(), MOTHER))
    card = next(c for c in desk.cards if c.id == card_of(desk, MOTHER))
    assert (card.verdict, len(card.findings), len(card.contexts)) == ("accept", 4, 3)
    assert len(desk.open_cards) == 2


def test_a_card_whose_mentions_were_not_shown_is_not_accepted(sitting: Sitting) -> None:
    desk = sitting.look()
    for seen in ("", "0" * 16):
        with pytest.raises(UsageError, match="not accepted"):
            sitting.act(Judge(card_of(desk, MOTHER), Verdict.ACCEPT, seen))
    assert sitting.look().row.edition == 0


def test_a_step_from_an_old_page_is_refused(sitting: Sitting) -> None:
    desk = sitting.look()
    sitting.act(accept(desk, MOTHER))
    with pytest.raises(StoreError, match="same time"):
        deciding.act(sitting.workspace, sitting.review, accept(desk, FATHER), edition=0, who="Jo")


@pytest.mark.parametrize("who", ["Ruth", "Sam"])
def test_only_a_reviewer_decides_and_a_researcher_sees_nothing(sitting: Sitting, who: str) -> None:
    desk = sitting.look()
    with pytest.raises(NotSettledError):
        replace(sitting, who=who).act(accept(desk, MOTHER))
    if who == "Ruth":
        with pytest.raises(NotSettledError):
            replace(sitting, who=who).look()
    last = list(sitting.workspace.ledger.rows(sitting.review))[-1]
    assert (last.action, last.actor) == ("refused", sitting.workspace.accounts.named(who).id)


def test_that_raw_text_was_seen_is_in_the_ledger(sitting: Sitting) -> None:
    sitting.look()
    last = list(sitting.workspace.ledger.rows(sitting.review))[-1]
    assert last.action == "view-raw"
    assert json.loads(last.detail) == {"edition": 0, "what": "desk"}


def test_a_rejected_name_stays_and_an_exception_beats_its_card(sitting: Sitting) -> None:
    desk = sitting.act(Judge(card_of(sitting.look(), SCHOOL), Verdict.REJECT))
    assert SCHOOL in sitting.text()
    card = next(c for c in desk.cards if c.id == card_of(desk, SCHOOL))
    desk = sitting.act(Except(card.findings[0], Verdict.ACCEPT))
    card = next(c for c in desk.cards if c.id == card.id)
    assert (card.verdict, card.exceptions) == ("mixed", 1)
    sitting.act(Except(card.findings[0], Verdict.UNDECIDED))
    assert next(c for c in sitting.look().cards if c.id == card.id).verdict == "reject"


def test_a_card_gets_a_label_or_a_position(sitting: Sitting) -> None:
    desk = sitting.look()
    card = next(c for c in desk.cards if c.id == card_of(desk, MOTHER))
    sitting.act(Name(card.id, label="[foster carer]", seen=card.seen))
    assert "[foster carer]" in sitting.text()
    desk = sitting.look()
    card = next(c for c in desk.cards if c.id == card.id)
    sitting.act(Name(card.id, position="aunt", seen=card.seen))
    assert "[aunt]" in sitting.text()
    assert "[foster carer]" not in sitting.text()


@pytest.mark.parametrize("words", [FATHER, f"aunt of {FATHER}", FATHER.upper()])
def test_a_label_holds_no_name_of_the_case(sitting: Sitting, words: str) -> None:
    card = sitting.look().cards[0]
    with pytest.raises(UsageError, match="label holds a name"):
        sitting.act(Name(card.id, label=words, seen=card.seen))
    assert sitting.look().row.edition == 0


def test_the_preview_is_what_will_be_published(
    sitting: Sitting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asking(document: Document, settings: Settings) -> Proposal:
        made, at = propose(document, settings), document.text.index("sister")
        asked = Finding(Span(at, at + 6), Kind.DEMOGRAPHIC, "family", 0.04, "stand-in")
        return replace(made, findings=tuple(sorted((*made.findings, asked), key=lambda f: f.span)))

    monkeypatch.setattr(proposing, "propose", asking)
    (path,) = write_reports(tmp_path / "asked", 1, paragraphs=4)
    sitting.review = str(next(intake.ingest(sitting.workspace, [path]))["review"])
    assert "sister" in sitting.text()
    desk = sitting.settle()
    shown = deciding.preview(sitting.workspace, desk, "public").document.text.value
    assert "sister" not in shown
    settling.approve(sitting.workspace, sitting.review, "public", as_name="Sam")
    approved = sitting.workspace.library.document(sitting.review, "public")
    assert approved is not None
    assert approved.text.value == shown


def test_what_was_missed_is_hidden_wherever_it_stands(sitting: Sitting) -> None:
    desk = sitting.look()
    start, end = place(desk, "health visitor")
    desk = sitting.act(Add(start, end, Kind.PERSON, position="nurse"))
    assert "health visitor" not in sitting.text()
    assert sitting.text().count("[nurse]") == 3
    card = next(c for c in desk.cards if ("health visitor", 3) in c.forms)
    assert card.verdict == "accept"
    sitting.act(Judge(card.id, Verdict.REJECT))
    assert "health visitor" in sitting.text()


def test_what_was_missed_can_be_a_name_of_somebody_known(sitting: Sitting) -> None:
    desk = sitting.look()
    start, end = place(desk, "her sister")
    desk = sitting.act(Add(start, end, Kind.PERSON, card=card_of(desk, MOTHER)))
    card = next(c for c in desk.cards if c.id == card_of(desk, MOTHER))
    assert len(card.findings) == 5
    assert "sister" not in sitting.text()


def test_bounds_move_wherever_a_name_is_written_so(sitting: Sitting) -> None:
    desk = sitting.look()
    start, end = place(desk, f"saw {MOTHER}")
    finding = next(f for f in desk.proposal.findings if f.span.start == start + 4)
    desk = sitting.act(Bound(finding.id, start, end))
    card = next(c for c in desk.cards if c.identity and f"saw {MOTHER}" in c.identity.names)
    assert dict(card.forms) == {f"saw {MOTHER}": 3, MOTHER: 1}
    assert "visitor [mother]" in sitting.text()
    given = MOTHER.split()[0]
    finding = next(f for f in desk.proposal.findings if f.span.end == end)
    sitting.act(Bound(finding.id, start + 4, start + 4 + len(given)))
    text = sitting.look().proposal
    assert sum(f.span.of(desk.reading.document.text) == given for f in text.findings) == 3


def test_bounds_stay_inside_their_paragraph(sitting: Sitting) -> None:
    desk = sitting.look()
    finding = desk.proposal.findings[0]
    for start, end in ((0, finding.span.end), (finding.span.start, 10**6), (3, 3)):
        with pytest.raises(UsageError):
            sitting.act(Bound(finding.id, start, end))


def test_two_cards_become_one_and_one_two(sitting: Sitting) -> None:
    desk = sitting.look()
    mother, father = card_of(desk, MOTHER), card_of(desk, FATHER)
    desk = sitting.act(Merge(mother, father))
    card = next(c for c in desk.cards if c.id == father)
    assert dict(card.forms) == {MOTHER: 4, FATHER: 3}
    assert "mother" not in sitting.text()
    text = desk.reading.document.text
    own = [f.id for f in desk.proposal.findings if f.span.of(text) == MOTHER]
    desk = sitting.act(Split(father, tuple(own)))
    assert sorted(dict(c.forms).get(MOTHER, 0) for c in desk.cards) == [0, 0, 4]
    with pytest.raises(UsageError, match="Every mention"):
        sitting.act(Split(father, next(c for c in desk.cards if c.id == father).findings))
    with pytest.raises(UsageError):
        sitting.act(Merge(father, father))


def test_every_step_is_taken_back_and_done_again(sitting: Sitting) -> None:
    desk = sitting.look()
    mother, father = card_of(desk, MOTHER), card_of(desk, FATHER)
    start, end = place(desk, "health visitor")
    missed = place(desk, f"saw {MOTHER}")
    steps: list[Step | Callable[[], Desk]] = [
        accept(desk, MOTHER),
        Add(start, end, Kind.PERSON),
        Judge(card_of(desk, SCHOOL), Verdict.REJECT),
        Bound(desk.proposal.findings[0].id, *missed),
        Merge(mother, father),
        Pass(tuple(group.key for group in desk.groups[:1])),
    ]
    states = [desk]
    for step in steps:
        assert not callable(step)
        states.append(sitting.act(step))

    def same(one: Desk, other: Desk) -> bool:
        return (one.settlement, one.cards, one.groups) == (
            other.settlement,
            other.cards,
            other.groups,
        )

    for before in reversed(states[:-1]):
        assert same(sitting.undo(), before)
    with pytest.raises(UsageError, match="take back"):
        sitting.undo()
    for after in states[1:]:
        assert same(sitting.redo(), after)
    with pytest.raises(UsageError, match="again"):
        sitting.redo()
    sitting.undo()
    sitting.act(accept(sitting.look(), FATHER))
    with pytest.raises(UsageError, match="again"):
        sitting.redo()
    assert sitting.workspace.ledger.verify() is None


def test_nothing_is_settled_before_cards_lines_and_what_is_left_were_looked_at(
    sitting: Sitting,
) -> None:
    desk = sitting.look()
    while desk.open_cards:
        card = desk.open_cards[0]
        desk = sitting.act(Judge(card.id, Verdict.ACCEPT, card.seen))
    assert desk.open_groups
    assert desk.row.state is State.PROPOSED
    with pytest.raises(NotSettledError):
        settling.approve(sitting.workspace, sitting.review, "public", as_name="Sam")
    desk = sitting.act(Pass(tuple(group.key for group in desk.groups)))
    assert desk.is_settled
    assert desk.row.state is State.SETTLED
    settling.approve(sitting.workspace, sitting.review, "public", as_name="Sam")


def test_a_step_voids_the_approval_and_takes_the_draft_out_of_the_library(
    sitting: Sitting,
) -> None:
    sitting.settle()
    settling.approve(sitting.workspace, sitting.review, "public", as_name="Sam")
    desk = sitting.look()
    desk = sitting.act(Judge(card_of(desk, SCHOOL), Verdict.REJECT))
    assert sitting.workspace.register.approval(sitting.review, "public") is None
    assert list(sitting.workspace.library.documents(include_drafts=True)) == []
    made = deciding.preview(sitting.workspace, desk, "public")
    assert deciding.keep_draft(sitting.workspace, desk, made)
    assert [d.draft for d in sitting.workspace.library.documents(include_drafts=True)] == [True]
    old = sitting.look()
    sitting.act(Judge(card_of(desk, SCHOOL), Verdict.UNDECIDED))
    assert not deciding.keep_draft(sitting.workspace, old, made)


def test_a_file_of_decisions_and_the_desk_speak_of_the_same(sitting: Sitting) -> None:
    desk = sitting.look()
    sitting.act(Merge(card_of(desk, MOTHER), card_of(desk, FATHER)))
    content = settling.export(sitting.workspace, sitting.review, as_name="Jo")
    for part in ("identities", "findings", "left"):
        for row in content[part]:  # type: ignore[attr-defined]
            row["verdict"] = "accept"
    state = settling.decide(sitting.workspace, sitting.review, content, as_name="Jo")
    assert state["state"] == "settled"
    assert sitting.undo().open_cards
    assert sitting.redo().is_settled


def test_a_line_that_there_is_not_cannot_be_cleared(sitting: Sitting) -> None:
    with pytest.raises(UsageError):
        sitting.act(Clear("picture-1-1", ClearanceCode.NOTHING_IN_IT))


@pytest.mark.parametrize(
    "step",
    [
        Judge("nobody", Verdict.REJECT),
        Except("PERSON-1-2", Verdict.REJECT),
        Merge("nobody", "i1"),
        Split("i1", ("PERSON-1-2",)),
        Name("i1", label="x" * 61, seen=""),
        Except("PERSON-0-8", Verdict.ACCEPT),
        Add(5, 5, Kind.PERSON),
        Add(0, 10**7, Kind.PERSON),
    ],
)
def test_what_speaks_of_nothing_that_is_there_is_refused(sitting: Sitting, step: Step) -> None:
    with pytest.raises(UsageError):
        sitting.act(step)
    assert sitting.workspace.register.row(sitting.review).edition == 0


def test_what_two_ask_for_at_once_is_worked_out_once(sitting: Sitting) -> None:
    readings, desk, begun, made = Readings(), sitting.look(), threading.Event(), []

    def slowly() -> Desk:
        begun.set()
        made.append("first")
        while len(waiting) == 0:
            pass
        return desk

    def again() -> Desk:
        made.append("second")
        return desk

    waiting: list[str] = []
    first = threading.Thread(target=readings.get, args=(("desk",), slowly))
    second = threading.Thread(target=readings.get, args=(("desk",), again))
    first.start()
    assert begun.wait(5)
    second.start()
    waiting.append("now")
    first.join(5)
    second.join(5)
    assert made == ["first"]


def test_what_could_not_be_worked_out_is_tried_again(sitting: Sitting) -> None:
    readings, desk = Readings(), sitting.look()

    def refused() -> Desk:
        raise StoreError("no")

    with pytest.raises(StoreError):
        readings.get(("desk",), refused)
    assert readings.get(("desk",), lambda: desk) is desk
