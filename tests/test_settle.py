"""Settling: a decision covers an identity, an exception wins, what nobody decided stays hidden."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.raw import settle
from pipeline.raw.document import (
    Block,
    Clearance,
    ClearanceCode,
    Decision,
    Document,
    Finding,
    Identity,
    Proposal,
    Settlement,
    Unread,
    UnreadKind,
    Verdict,
)
from pipeline.span import BlockKind, Kind, Span

TEXT = "Tamsin Quill met Owen. Tamsin and Lottie left on 3 May 2019. Lottie's bed. Quill"
UNREAD = (
    Unread("picture-1", UnreadKind.PICTURE, 1, "A picture was not read."),
    Unread("comment-1", UnreadKind.COMMENT, None, "A comment was not read."),
)
DOCUMENT = Document(
    "0" * 64,
    "text/plain",
    "test",
    1,
    TEXT,
    (Block(BlockKind.PARAGRAPH, TEXT, 1, Span(0, len(TEXT))),),
    UNREAD,
)


def finding(
    words: str, kind: Kind, identity: str | None, nth: int = 0, score: float = 0.9
) -> Finding:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(words, at + 1)
    return Finding(Span(at, at + len(words)), kind, "test", score, "test", identity)


FULL = finding("Tamsin Quill", Kind.PERSON, "person-1")
OWEN = finding("Owen", Kind.PERSON, "person-2", score=0.3)
FIRST = finding("Tamsin", Kind.PERSON, "person-1", 1)
DATE = finding("3 May 2019", Kind.DATE, None)
SURNAME = finding("Quill", Kind.PERSON, "person-1", 1)
PROPOSAL = Proposal(
    DOCUMENT.text_sha256,
    (FULL, OWEN, FIRST, DATE, SURNAME),
    (
        Identity(
            "person-1", Kind.PERSON, ("Tamsin Quill", "Tamsin", "Quill"), "mother", (FULL.span,)
        ),
        Identity("person-2", Kind.PERSON, ("Owen",)),
    ),
)
ACCEPT, REJECT, UNDECIDED = Verdict.ACCEPT, Verdict.REJECT, Verdict.UNDECIDED


def settled(
    *decisions: Decision, added: tuple[Finding, ...] = (), cleared: tuple[str, ...] = ()
) -> Settlement:
    lines = tuple(Clearance(line, ClearanceCode.LEFT_OUT) for line in cleared)
    return settle.settled(DOCUMENT, PROPOSAL, decisions, added, lines)


def hidden(settlement: Settlement) -> list[str]:
    return [f.span.of(TEXT) for f in settlement.findings]


def kept(settlement: Settlement) -> list[str]:
    return [span.of(TEXT) for span in settlement.kept]


ALL = ["Tamsin Quill", "Owen", "Tamsin", "3 May 2019", "Quill"]


def without(word: str) -> list[str]:
    return [one for one in ALL if one != word]


@pytest.mark.parametrize(
    ("decisions", "still_hidden", "kept_words", "undecided"),
    [
        ((), ALL, [], 3),
        ((Decision("person-1", ACCEPT),), ALL, [], 2),
        ((Decision("person-1", ACCEPT), Decision("person-1", UNDECIDED)), ALL, [], 3),
        (
            (Decision("person-1", REJECT),),
            ["Owen", "3 May 2019"],
            ["Tamsin Quill", "Tamsin", "Quill"],
            2,
        ),
        (
            (Decision("person-1", ACCEPT), Decision(FIRST.id, REJECT)),
            ["Tamsin Quill", "Owen", "3 May 2019", "Quill"],
            ["Tamsin"],
            2,
        ),
        (
            (Decision(FIRST.id, ACCEPT), Decision("person-1", REJECT)),
            ["Owen", "Tamsin", "3 May 2019"],
            ["Tamsin Quill", "Quill"],
            2,
        ),
        (
            (Decision(DATE.id, REJECT),),
            ["Tamsin Quill", "Owen", "Tamsin", "Quill"],
            ["3 May 2019"],
            2,
        ),
        (
            (Decision("person-1", ACCEPT), Decision("person-2", ACCEPT), Decision(DATE.id, ACCEPT)),
            ALL,
            [],
            0,
        ),
        (
            (Decision(FIRST.id, REJECT),),
            ["Tamsin Quill", "Owen", "3 May 2019", "Quill"],
            ["Tamsin"],
            3,
        ),
        ((Decision(OWEN.id, ACCEPT),), ALL, [], 2),
    ],
)
def test_verdicts_cover_identities_and_exceptions_win(
    decisions: tuple[Decision, ...], still_hidden: list[str], kept_words: list[str], undecided: int
) -> None:
    settlement = settled(*decisions)
    assert hidden(settlement) == still_hidden
    assert kept(settlement) == kept_words
    assert settlement.undecided == undecided


def test_an_identity_without_mentions_left_is_gone() -> None:
    assert [i.id for i in settled(Decision("person-1", REJECT)).identities] == ["person-2"]


def test_positions_and_labels_of_reviewers_replace_what_was_proposed() -> None:
    settlement = settled(
        Decision("person-1", ACCEPT, position="aunt"),
        Decision("person-2", ACCEPT, label="Pal"),
    )
    assert {i.id: i.position for i in settlement.identities} == {
        "person-1": "aunt",
        "person-2": None,
    }
    assert settlement.labels == (("person-2", "Pal"),)


def test_a_label_on_one_finding_is_for_that_place_only() -> None:
    settlement = settled(
        Decision("person-1", ACCEPT),
        Decision(SURNAME.id, ACCEPT, "father", "family"),
    )
    (own,) = [i for i in settlement.identities if i.id not in ("person-1", "person-2")]
    assert (own.names, own.position) == (("Quill",), "father")
    assert settlement.labels == ((own.id, "family"),)
    assert [f.span.of(TEXT) for f in settlement.findings if f.identity == own.id] == ["Quill"]


def test_what_a_reviewer_adds_is_hidden_everywhere() -> None:
    added = finding("Lottie", Kind.PERSON, None)
    settlement = settled(added=(added,))
    assert hidden(settlement) == [
        "Tamsin Quill", "Owen", "Tamsin", "Lottie", "3 May 2019", "Lottie", "Quill",
    ]  # fmt: skip
    assert {f.identity for f in settlement.findings if f.by == "reviewer"} == {"added-1"}
    assert settlement.undecided == 3


@pytest.mark.parametrize(
    ("added", "identity"),
    [
        (finding("Lottie", Kind.PERSON, "person-2"), "person-2"),
        (finding("Tamsin", Kind.PERSON, None, 1), "person-1"),
    ],
)
def test_an_added_name_joins_the_identity_that_is_meant_or_called_so(
    added: Finding, identity: str
) -> None:
    settlement = settled(added=(added,))
    reviewed = [f for f in settlement.findings if f.by == "reviewer"]
    assert {f.identity for f in reviewed} == {identity}
    (found,) = [i for i in settlement.identities if i.id == identity]
    assert added.span.of(TEXT) in found.names


def test_an_added_name_may_be_given_a_position() -> None:
    added = finding("Lottie", Kind.PERSON, None)
    settlement = settled(Decision(added.id, ACCEPT, "friend", "Friend"), added=(added,))
    (identity,) = [i for i in settlement.identities if "Lottie" in i.names]
    assert identity.position == "friend"
    assert settlement.labels == ((identity.id, "Friend"),)
    assert {f.identity for f in settlement.findings if f.by == "reviewer"} == {identity.id}


def test_what_was_not_read_is_counted_until_it_is_cleared() -> None:
    assert settled().uncleared == 2
    assert settled(cleared=("picture-1",)).uncleared == 1
    assert settled(cleared=("picture-1", "comment-1")).uncleared == 0


def test_a_draft_hides_everything_and_counts_all_of_it_as_undecided() -> None:
    draft = settle.accept_all(PROPOSAL)
    assert draft.findings == PROPOSAL.findings
    assert draft.identities == PROPOSAL.identities
    assert (draft.kept, draft.undecided) == ((), 3)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: settled(Decision("person-9", ACCEPT)),
        lambda: settled(Decision("PERSON-1-2", REJECT)),
        lambda: settled(cleared=("nothing-1",)),
        lambda: settled(added=(Finding(Span(0, 999), Kind.PERSON, "x", 1.0, "reviewer"),)),
        lambda: settled(added=(finding("Lottie", Kind.PERSON, "person-9"),)),
        lambda: settle.settled(DOCUMENT, Proposal("1" * 64, (), ()), (), (), ()),
    ],
)
def test_what_the_review_does_not_have_is_refused(wrong: Callable[[], Settlement]) -> None:
    with pytest.raises(UsageError) as caught:
        wrong()
    assert not any(word in str(caught.value) for word in ("Tamsin", "Lottie", "person-9"))


def exported() -> dict[str, Any]:
    """A file of decisions as it comes back from a disk."""
    rows: dict[str, Any] = json.loads(json.dumps(settle.export_rows(DOCUMENT, PROPOSAL)))
    return rows


def test_an_exported_file_shows_what_is_to_be_decided_and_decides_nothing() -> None:
    rows = exported()
    assert [(i["id"], i["why"], i["count"]) for i in rows["identities"]] == [
        ("person-2", "low score", 1),
        ("person-1", "rest", 3),
    ]
    mother = rows["identities"][1]
    assert mother["names"] == ["Tamsin Quill", "Tamsin", "Quill"]
    assert mother["position"] == "mother"
    assert len(mother["contexts"]) == 3
    assert all("«" in context for context in mother["contexts"])
    assert [f["text"] for f in rows["findings"]] == ["3 May 2019"]
    assert [u["id"] for u in rows["unread"]] == ["picture-1", "comment-1"]
    decided = [r["verdict"] for key in ("identities", "findings", "unread") for r in rows[key]]
    assert set(decided) == {"undecided"}
    decisions, added, cleared = settle.parse_rows(rows, DOCUMENT, PROPOSAL)
    assert {d.verdict for d in decisions} == {UNDECIDED}
    assert (added, cleared) == ((), ())
    assert all(d.position is None and d.label is None for d in decisions)


def test_a_file_comes_back_as_decisions_and_is_shown_so_again() -> None:
    rows = exported()
    rows["identities"][1].update(verdict="accept", position="aunt", label="Aunt", reason="sure")
    rows["identities"][0].update(verdict="reject")
    rows["findings"][0].update(verdict="reject")
    rows["exceptions"] = [{"id": SURNAME.id, "verdict": "reject"}]
    rows["unread"][0].update(verdict="accept", cleared_as="left-out")
    rows["added"] = [{"text": "Lottie", "kind": "PERSON", "position": "friend"}]
    decisions, added, cleared = settle.parse_rows(rows, DOCUMENT, PROPOSAL)
    settlement = settle.settled(DOCUMENT, PROPOSAL, decisions, added, cleared)
    assert hidden(settlement) == ["Tamsin Quill", "Tamsin", "Lottie", "Lottie"]
    assert kept(settlement) == ["Owen", "3 May 2019", "Quill"]
    assert (settlement.undecided, settlement.uncleared) == (0, 1)
    assert settlement.labels == (("person-1", "Aunt"),)
    assert sorted(i.position or "" for i in settlement.identities) == ["aunt", "friend"]
    again = settle.export_rows(DOCUMENT, PROPOSAL, decisions, added, cleared)
    assert settle.parse_rows(again, DOCUMENT, PROPOSAL) == (decisions, added, cleared)


def test_all_of_a_kind_can_be_accepted_at_once() -> None:
    rows = exported() | {"accept_kinds": ["DATE", "PERSON"]}
    rows["identities"][0]["verdict"] = "reject"
    decisions, added, cleared = settle.parse_rows(rows, DOCUMENT, PROPOSAL)
    settlement = settle.settled(DOCUMENT, PROPOSAL, decisions, added, cleared)
    assert settlement.undecided == 0
    assert kept(settlement) == ["Owen"]


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"format": 2},
        {"text_sha256": "1" * 64},
        {"identities": [{"id": "person-9", "verdict": "accept"}]},
        {"identities": [{"id": "person-1", "verdict": "perhaps"}]},
        {"identities": [{"id": "person-1", "verdict": "accept", "secret": "Tamsin"}]},
        {"identities": [{"id": "person-1", "label": ""}]},
        {"identities": [{"id": "person-1", "reason": "Tamsin said so"}]},
        {"findings": [{"id": "DATE-1-2", "verdict": "accept"}]},
        {"unread": [{"id": "picture-9", "verdict": "accept"}]},
        {"added": [{"text": "Nobody Here"}]},
        {"added": [{"text": "Lottie", "start": 0, "end": 6}]},
        {"added": [{"start": 5, "end": 9999}]},
        {"added": [{"text": "Lottie", "identity": "person-9"}]},
        {"added": [{}]},
        {"identities": "all"},
    ],
)
def test_a_file_that_is_not_one_for_this_review_is_refused_without_a_word_of_it(
    change: dict[str, object],
) -> None:
    with pytest.raises(UsageError) as caught:
        settle.parse_rows(exported() | change, DOCUMENT, PROPOSAL)
    assert caught.value.__cause__ is None
    assert not any(word in str(caught.value) for word in ("Tamsin", "Lottie", "Nobody"))


@pytest.mark.parametrize(
    ("identities", "expected"),
    [
        (
            (
                Identity("person-1", Kind.PERSON, ("Quill", "Tamsin Quill"), "mother"),
                Identity("person-2", Kind.PERSON, ("Owen",), "mother"),
            ),
            ["conflict", "conflict"],
        ),
        (
            (
                Identity("person-1", Kind.PERSON, ("Quill",), "family name"),
                Identity("person-2", Kind.PERSON, ("Owen",)),
            ),
            ["low score", "ambiguous"],
        ),
    ],
)
def test_doubtful_identities_come_first(
    identities: tuple[Identity, ...], expected: list[str]
) -> None:
    proposal = Proposal(DOCUMENT.text_sha256, PROPOSAL.findings, identities)
    rows: Any = settle.export_rows(DOCUMENT, proposal)
    assert [row["why"] for row in rows["identities"]] == expected
