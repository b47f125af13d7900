"""Accounts, library and register: what comes back, what is forgotten, what is one change."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pipeline.errors import CandourError, NotSettledError, StoreError, UsageError
from pipeline.safe.lesson import (
    Lesson,
    Passage,
    Polarity,
    Role,
    SafeBlock,
    SafeDocument,
    SafeFacts,
    SafeText,
    Swap,
    ThemeMark,
)
from pipeline.span import BlockKind, Kind, Span
from pipeline.store import register
from pipeline.store.accounts import Duty
from pipeline.store.library import Library, Run
from pipeline.store.register import Row, State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

CANARY = "Quenby Thistlewaite"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return Workspace.create(tmp_path / "home")


def row(review: str = "r-bcdfgh", sha256: str = "ab" * 32) -> Row:
    return Row(
        review=review,
        state=State.PROPOSED,
        kind="serious case review",
        board=register.NOT_STATED,
        subject=register.NOT_STATED,
        received="2026-01-02",
        published=None,
        sha256=sha256,
        text_sha256="cd" * 32,
        media="text/plain",
    )


def safe(review: str = "r-bcdfgh", text: str = "[mother] was seen.", **more: bool) -> SafeDocument:
    return SafeDocument(
        review=review,
        profile="public",
        text=SafeText(text),
        blocks=(SafeBlock(BlockKind.PARAGRAPH, 1, Span(0, len(text)), number="1.1"),),
        swaps=(Swap(Span(0, 8), Kind.PERSON, "[mother]"),),
        facts=SafeFacts(kind="serious case review", year="2019"),
        draft=more.get("draft", True),
    )


def passage(document: SafeDocument) -> Passage:
    mark = ThemeMark("T01", Span(0, 8), 0.75, Polarity.FINDING, "cue")
    span = Span(0, len(document.text.value))
    return Passage(
        document.review, "p1", 1, "1.1", None, span, Role.ANALYSIS, document.text.value, (mark,),
        draft=document.draft,
    )  # fmt: skip


def lesson(document: SafeDocument) -> Lesson:
    return Lesson(
        "L-1", "Seeing the mother", "T01", (document.review,), 1, "2019", "2019", False, "none",
        1.0, ((document.review, "p1"),), "was seen", (document.review, "p1"), document.draft,
    )  # fmt: skip


def test_duties_add_up_and_are_asked_for(made: Workspace) -> None:
    made.accounts.add("Jo Bell", Duty.REVIEWER)
    both = made.accounts.add("Jo Bell", Duty.UPLOADER)
    assert both.duties == (Duty.REVIEWER, Duty.UPLOADER)
    assert made.accounts.act("Jo Bell", Duty.REVIEWER).id == both.id
    assert not made.accounts.act("Jo Bell", Duty.REVIEWER).proven
    with pytest.raises(NotSettledError):
        made.accounts.act("Jo Bell", Duty.APPROVER)
    with pytest.raises(UsageError):
        made.accounts.act("Nobody", Duty.APPROVER)
    with pytest.raises(UsageError):
        made.accounts.add("  ", Duty.APPROVER)


def test_a_password_proves_an_account(made: Workspace) -> None:
    made.accounts.add("Sam", Duty.APPROVER, "correct horse", demonstration=True)
    assert made.accounts.act("Sam", Duty.APPROVER, password="correct horse").proven
    assert made.accounts.act("Sam", Duty.APPROVER, password="correct horse").demonstration
    for wrong in (None, "", "wrong"):
        with pytest.raises(NotSettledError):
            made.accounts.act("Sam", Duty.APPROVER, password=wrong)
    with pytest.raises(NotSettledError):
        made.accounts.add("Sam", Duty.REVIEWER, "another")
    assert b"correct horse" not in (made.home / "register.db").read_bytes()


def test_safe_texts_come_back_as_they_were(made: Workspace) -> None:
    made.library.put_document(safe())
    made.library.put_document(safe("r-xyz234", draft=False))
    assert [d.review for d in made.library.documents()] == ["r-xyz234"]
    assert list(made.library.documents(include_drafts=True)) == [
        safe(),
        safe("r-xyz234", draft=False),
    ]
    assert made.library.document("r-bcdfgh", "public") == safe()
    assert made.library.document("r-bcdfgh", "board") is None


def test_an_approved_text_takes_the_place_of_the_draft(made: Workspace) -> None:
    made.library.put_document(safe())
    made.library.put_document(safe(draft=False))
    assert [d.draft for d in made.library.documents(include_drafts=True)] == [False]


def test_a_text_that_was_changed_in_the_library_is_refused(made: Workspace) -> None:
    made.library.put_document(safe())
    connection = sqlite3.connect(made.home / "library.db")
    connection.execute("UPDATE documents SET text = replace(text, 'seen', 'sent')")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError):
        made.library.document("r-bcdfgh", "public")


def test_a_run_of_learning_comes_back_and_takes_the_place_of_the_last(made: Workspace) -> None:
    text = safe(draft=False)
    made.library.put_run(Run((), (), drafts=True))
    number = made.library.put_run(Run((passage(text),), (lesson(text),), renamed=(("a", "b"),)))
    again = made.library.last_run()
    assert again == Run((passage(text),), (lesson(text),), renamed=(("a", "b"),), number=number)
    assert number == 2
    assert made.library.passages(reviews=["r-other"]) == ()


def test_what_was_learned_from_drafts_is_told_apart(made: Workspace) -> None:
    made.library.put_run(Run((passage(safe()),), (lesson(safe()),), drafts=True))
    assert made.library.passages(include_drafts=False) == ()
    assert made.library.lessons(include_drafts=False) == ()
    assert len(made.library.lessons()) == 1


def test_what_was_learned_from_a_text_that_changed_is_forgotten(made: Workspace) -> None:
    named = safe(text=f"[mother] met {CANARY}.")
    made.library.put_document(named)
    made.library.put_run(Run((passage(named),), (lesson(named),), drafts=True))
    made.library.put_document(safe())
    assert made.library.passages() == ()
    assert made.library.lessons() == ()
    run = made.library.last_run()
    assert run is not None
    assert [(one.id, one.quote) for one in run.lessons] == [("L-1", "")]
    assert CANARY.encode() not in (made.home / "library.db").read_bytes()


def test_the_library_opens_alone_and_read_only(made: Workspace, tmp_path: Path) -> None:
    made.library.put_document(safe())
    alone = tmp_path / "copy"
    alone.mkdir()
    (alone / "library.db").write_bytes((made.home / "library.db").read_bytes())
    library = Library.alone(alone)
    assert list(library.documents(include_drafts=True)) == [safe()]
    with pytest.raises(StoreError):
        library.put_document(safe("r-xyz234"))
    with pytest.raises(StoreError):
        Library.alone(tmp_path)


def test_the_register_keeps_rows_holds_and_approvals(made: Workspace) -> None:
    made.register.add(row())
    hold = register.Hold(register.Basis.INQUEST, "2027-01-01", "u-1", "2026-01-02")
    made.register.hold("r-bcdfgh", hold)
    made.register.approve("r-bcdfgh", "public", "{}")
    changed = made.register.change(made.register.row("r-bcdfgh"), edition=3)
    assert made.register.rows() == (made.register.with_file("ab" * 32),)
    assert made.register.row("r-bcdfgh").hold == hold == changed.hold
    assert made.register.row("r-bcdfgh").edition == 3
    assert made.register.approval("r-bcdfgh", "public") == "{}"
    made.register.void("r-bcdfgh", made.register.approved_profiles("r-bcdfgh"))
    made.register.hold("r-bcdfgh", None)
    assert made.register.approval("r-bcdfgh", "public") is None
    assert made.register.row("r-bcdfgh").hold is None
    with pytest.raises(UsageError):
        made.register.row("r-none22")


def test_ids_are_drawn_and_public_ids_stay(made: Workspace) -> None:
    made.register.add(row())
    assert made.register.public_id("r-bcdfgh", "public") is None
    public = made.register.new_public_id()
    assert public.startswith("cr-")
    assert made.register.new_public_id(demonstration=True).startswith("demonstration-")
    assert made.register.public_id("r-bcdfgh", "public") is None
    made.register.keep_public_id("r-bcdfgh", "public", public)
    assert made.register.public_id("r-bcdfgh", "public") == public
    assert made.register.of_public_id(public) == ("r-bcdfgh", "public")
    assert made.register.public_id("r-bcdfgh", "board") is None
    with pytest.raises(StoreError):
        made.register.keep_public_id("r-bcdfgh", "board", public)
    assert made.register.public_id("r-bcdfgh", "public") == public
    assert made.register.new_id() != made.register.new_id()


def test_a_file_is_registered_once(made: Workspace) -> None:
    made.register.add(row())
    with pytest.raises(StoreError):
        made.register.add(row("r-xyz234"))


def test_all_stores_are_one_transaction(made: Workspace) -> None:
    vault = Vault.unlock(made)

    def write() -> None:
        with made.writing():
            vault.put("r-bcdfgh", "a", b"one")
            made.library.put_document(safe())
            made.ledger.append("local", "ingest", "r-bcdfgh")
            made.register.add(row())
            made.register.add(row("r-xyz234"))

    with pytest.raises(CandourError):
        write()
    assert vault.reviews() == ()
    assert list(made.library.documents(include_drafts=True)) == []
    assert list(made.ledger.rows()) == []
    assert made.register.rows() == ()
