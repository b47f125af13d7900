"""What the vault keeps of a review comes back as it was, and says nothing when it does not."""

from __future__ import annotations

import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import CandourError, ReadError, StoreError
from pipeline.raw.document import (
    Block,
    Clearance,
    ClearanceCode,
    Decision,
    Document,
    Finding,
    Identity,
    Proposal,
    Unread,
    UnreadKind,
    Verdict,
)
from pipeline.span import BlockKind, Kind, OffsetMap, Piece, Span
from pipeline.store.approval import Approval, Bound, from_json, to_json
from pipeline.store.casefile import CaseFile, Decided, merged
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

CANARY = "Quenby Thistlewaite"
TEXT = f"1 {CANARY} 😀 saw\tthe nurse."
DOCUMENT = Document(
    source_sha256="ab" * 32,
    media="text/plain",
    reader="text-1",
    pages=1,
    text=TEXT,
    blocks=(
        Block(BlockKind.FURNITURE, f"Report on {CANARY}", 1, None),
        Block(
            BlockKind.TABLE,
            TEXT,
            1,
            Span(0, len(TEXT)),
            number="1",
            rows=((Span(0, 5), None),),
        ),
    ),
    unread=(Unread("u1", UnreadKind.PICTURE, 1, "a picture"),),
    margins=(f"{CANARY}.txt",),
    source_text=f"x{TEXT}",
    origins=OffsetMap((Piece(0, 1, len(TEXT)),)),
)
FINDING = Finding(Span(2, 21), Kind.PERSON, "name", 0.987654321, "tagger", "i1")
PROPOSAL = Proposal(
    DOCUMENT.text_sha256, (FINDING,), (Identity("i1", Kind.PERSON, (CANARY,), "mother"),)
)

U1 = Clearance("u1", ClearanceCode.PICTURE_REMOVED, "family tree")
U2 = Clearance("u2", ClearanceCode.LEFT_OUT)
U3 = Clearance("u3", ClearanceCode.NAMES_ADDED)


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CaseFile:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "master.key"))
    return CaseFile(Vault.unlock(Workspace.create(tmp_path / "home")), "r-bcdfgh")


def test_a_review_comes_back_as_it_was_taken_in(case: CaseFile) -> None:
    case.keep(b"\x00file", DOCUMENT, PROPOSAL)
    assert case.original() == b"\x00file"
    assert case.document() == DOCUMENT
    assert case.proposal() == PROPOSAL
    assert case.decided(0) == Decided()


def test_editions_stand_beside_each_other(case: CaseFile) -> None:
    first = Decided((Decision("i1", Verdict.ACCEPT),), (FINDING,), (U1,))
    case.decide(1, first)
    case.decide(2, Decided())
    assert case.decided(1) == first
    assert case.decided(2) == Decided()


def test_lines_cleared_before_there_were_codes_stay_cleared(case: CaseFile) -> None:
    old = b'{"decisions":[],"added":[],"cleared":["comment-1-1","picture-2-1"]}'
    case.blobs.put("r-bcdfgh", "decided-000001", old)
    before = ClearanceCode.BEFORE_CODES
    lines = (Clearance("comment-1-1", before), Clearance("picture-2-1", before))
    assert case.decided(1).cleared == lines
    case.decide(2, case.decided(1))
    assert case.decided(2) == case.decided(1)


def test_another_reading_counts_from_its_edition_on(case: CaseFile) -> None:
    other = replace(DOCUMENT, margins=())
    again = replace(PROPOSAL, findings=())
    case.keep(b"file", DOCUMENT, PROPOSAL)
    case.read_again(2, other, again)
    case.read_again(10, DOCUMENT, PROPOSAL)
    readings = [case.document(edition) for edition in (0, 1, 2, 9, 10, None)]
    assert readings == [DOCUMENT, DOCUMENT, other, other, DOCUMENT, DOCUMENT]
    assert [case.proposal(edition) for edition in (1, 2, 9)] == [PROPOSAL, again, again]


BEFORE = Decided(
    (Decision("i1", Verdict.ACCEPT), Decision("i2", Verdict.REJECT)), (FINDING,), (U1, U2)
)
ADDED = replace(FINDING, by="reviewer", span=Span(0, 1))


@pytest.mark.parametrize(
    ("now", "named", "added", "expected"),
    [
        (Decided(), (), False, BEFORE),
        (Decided(), ("i1", "u1"), False, Decided(BEFORE.decisions[1:], (FINDING,), (U2,))),
        (Decided(), (), True, Decided(BEFORE.decisions, (), (U1, U2))),
        (
            Decided((Decision("i1", Verdict.REJECT),), (ADDED, ADDED), (U3,)),
            ("i1", "u2", "u3"),
            True,
            Decided((Decision("i1", Verdict.REJECT), BEFORE.decisions[1]), (ADDED,), (U1, U3)),
        ),
    ],
    ids=["says nothing", "opens again", "takes away what was added", "decides anew"],
)
def test_what_a_later_file_speaks_of_takes_the_place_of_what_was_decided(
    now: Decided, named: tuple[str, ...], added: bool, expected: Decided
) -> None:
    assert merged(BEFORE, now, named=named, added=added) == expected


@pytest.mark.parametrize(
    "content", [b"", b"{}", f'{{"text": "{CANARY}"}}'.encode(), f'["{CANARY}"]'.encode()]
)
def test_what_another_version_wrote_is_refused_without_a_word_of_it(
    case: CaseFile, content: bytes
) -> None:
    case.blobs.put("r-bcdfgh", "document", content)
    with pytest.raises(StoreError) as caught:
        case.document()
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_text_that_cannot_be_kept_is_refused_without_a_word_of_it(case: CaseFile) -> None:
    broken = Document("ab" * 32, "text/plain", "text-1", 1, f"{CANARY} \ud800", ())
    with pytest.raises(ReadError) as caught:
        case.keep(b"", broken, PROPOSAL)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_an_approval_comes_back_and_a_damaged_one_does_not() -> None:
    bound = Bound(1, "a", "b", "c", "d", "e", "text-1", (("cr-1.txt", "f"),))
    approval = Approval(
        "r-1", "public", "cr-1", "u-1", "u-2", True, False, "2026-01-02", "0" * 64, bound
    )
    assert from_json(to_json(approval)) == approval
    for record in ("", "{}", to_json(approval).replace("u-1", "u-2")):
        with pytest.raises(CandourError):
            from_json(record)
