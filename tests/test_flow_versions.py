"""Later versions of a report: kept as they came, decided anew where they differ, compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flow_parts import CANARIES, propose, write_reports
from life_parts import SENDER, Life, made

from pipeline.door import provenance
from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.flow import carrying, deciding, intake, proposing, publishing, versions, withdrawing
from pipeline.flow.carrying import Side
from pipeline.flow.desks import Desk
from pipeline.flow.steps import Add, Bound, Except, Judge, Merge, Pass, Split, Step
from pipeline.raw.document import (
    Verdict,
)
from pipeline.span import Kind
from pipeline.store.casefile import Decided

MOTHER, FATHER, SCHOOL = CANARIES


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return made(tmp_path)


def edited(life: Life) -> str:
    """The report with its second paragraph changed and a new one before the last."""
    text = life.original.read_text(encoding="utf-8")
    text = text.replace("2.1 In spring the", "2.1 In late spring the")
    return text.replace(f"{MOTHER} was", f"Nobody asked {FATHER} why.\n\n{MOTHER} was")


def test_a_later_version_is_a_new_edition_and_the_first_is_kept(life: Life) -> None:
    first = life.original.read_bytes()
    life.decide()
    told = life.later(edited(life))
    assert (told["version"], told["state"], life.row.state) == (2, "proposed", "proposed")
    assert life.row.sha256 == told["sha256"]
    assert life.row.edition == 2
    assert life.case.original(1) == first
    assert life.case.original().decode() == edited(life)
    assert MOTHER in life.case.document(1).text
    assert life.case.decided(1).size > 0
    assert [life.case.version(edition) for edition in range(4)] == [1, 1, 2, 2]
    entry = list(life.workspace.ledger.rows(life.review))[-1]
    detail = json.loads(entry.detail)
    assert entry.action == "version"
    assert (detail["version"], detail["file"], detail["edition"]) == (2, told["sha256"], 2)
    assert (detail["carried"], detail["opened"]) == (told["carried"], told["opened"])
    assert life.workspace.ledger.verify() is None


def test_who_sent_each_version_is_in_the_vault_alone(life: Life) -> None:
    life.later(edited(life), who="Una")
    rows = versions.listed(life.workspace, life.review, as_name="Jo")
    assert [(row["version"], row["from"], row["by"]) for row in rows] == [
        (1, SENDER, "local"),
        (2, SENDER, "Una"),
    ]
    first = hashlib.sha256(life.original.read_bytes()).hexdigest()
    assert (rows[0]["sha256"], rows[0]["edition"]) == (first, 0)
    held = [path.read_bytes() for path in life.workspace.home.rglob("*") if path.is_file()]
    assert not any(b"Marlstone" in content for content in held)
    with pytest.raises(NotSettledError):
        versions.listed(life.workspace, life.review, as_name="Ruth")


def test_who_sent_a_first_version_can_be_said_later(life: Life) -> None:
    (path,) = write_reports(life.original.parent / "more", 1, paragraphs=5)
    review = str(next(intake.ingest(life.workspace, [path]))["review"])
    for sender in (SENDER, "Somebody else"):
        row = next(intake.ingest(life.workspace, [path], sender=sender))
        assert row["why"] == intake.KNOWN
    rows = versions.listed(life.workspace, review, as_name="Jo")
    assert [row["from"] for row in rows] == [SENDER]


@pytest.mark.parametrize("sender", ["", "  \n ", "x" * 201])
def test_who_sent_it_is_a_line_of_text(life: Life, sender: str) -> None:
    with pytest.raises(UsageError, match="one line"):
        next(intake.ingest(life.workspace, [life.original], sender=sender))


def test_the_way_back_from_a_later_version_that_was_taken_in_as_a_review(life: Life) -> None:
    """Whoever drops it into the folder of what comes in is told how it becomes a version."""
    path = life.original.parent / "corrected.txt"
    path.write_text(edited(life), encoding="utf-8")
    other = str(next(intake.ingest(life.workspace, [path]))["review"])
    assert other != life.review
    with pytest.raises(UsageError, match="withdraw that review") as told:
        life.later(edited(life))
    assert told.value.review == other
    withdrawing.withdraw(life.workspace, other, "error", as_name="Sam")
    with pytest.raises(UsageError, match="an empty line at its end"):
        life.later(edited(life))
    row = life.later(edited(life) + "\n")
    assert (row["review"], row["version"]) == (life.review, 2)


def test_a_file_that_was_taken_in_before_is_no_version(life: Life) -> None:
    (path,) = write_reports(life.original.parent / "more", 1, paragraphs=5)
    next(intake.ingest(life.workspace, [path]))
    same = life.original.read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="that very file"):
        life.later(same)
    with pytest.raises(UsageError, match="another review"):
        life.later(path.read_text(encoding="utf-8"))
    life.later(edited(life))
    with pytest.raises(UsageError, match="that very file"):
        life.later(same, "again.txt")
    again = next(intake.ingest(life.workspace, [life.original]))
    assert (again["review"], again["why"]) == (life.review, intake.EARLIER)
    assert life.row.edition == 1


@pytest.mark.parametrize("who", ["Sam", "Ada", "Ruth"])
def test_only_uploaders_and_reviewers_take_a_version_in(life: Life, who: str) -> None:
    with pytest.raises(NotSettledError):
        life.later(edited(life), who=who)
    last = list(life.workspace.ledger.rows(life.review))[-1]
    assert (last.action, json.loads(last.detail)["step"]) == ("refused", "version")


def test_a_version_voids_approvals_and_takes_the_text_out_of_the_library(life: Life) -> None:
    life.decide()
    life.approve()
    life.later(edited(life))
    assert life.workspace.register.approved_profiles(life.review) == ()
    assert list(life.workspace.library.documents()) == []
    (draft,) = life.workspace.library.documents(include_drafts=True)
    assert "Nobody asked [father] why." in draft.text.value
    with pytest.raises(NotSettledError):
        publishing.publish(life.workspace, [life.review], "public", life.out)


def test_a_reviewer_must_look_although_nothing_is_open(life: Life) -> None:
    life.decide()
    told = life.later(life.original.read_text(encoding="utf-8") + "\n")
    assert (told["undecided"], told["uncleared"], told["left"]) == (0, 0, 0)
    assert told["same_text"] is True
    with pytest.raises(NotSettledError):
        life.approve()
    desk = deciding.opened(life.workspace, life.review, who="Jo")
    desk = deciding.act(life.workspace, life.review, Pass(()), edition=desk.row.edition, who="Jo")
    assert desk.row.state == "settled"
    life.approve()


def test_nothing_can_be_undone_past_a_version(life: Life) -> None:
    life.decide()
    life.later(edited(life))
    with pytest.raises(UsageError, match="take back"):
        deciding.undo(life.workspace, life.review, edition=life.row.edition, who="Jo")


def test_what_somebody_decided_meanwhile_is_not_lost(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = carrying.carried

    def slow(old: Side, new: Side, before: Decided) -> carrying.Carried:
        life.decide()
        return carried(old, new, before)

    monkeypatch.setattr(carrying, "carried", slow)
    with pytest.raises(StoreError, match="same time"):
        life.later(edited(life))
    assert (life.row.edition, life.case.version()) == (1, 1)
    assert life.row.sha256 == hashlib.sha256(life.original.read_bytes()).hexdigest()


def test_the_private_manifest_says_which_version_it_is_of(life: Life) -> None:
    life.decide()
    life.approve()
    public_id = life.publish()
    manifest = life.out / f"{public_id}.manifest.json"
    old = manifest.read_bytes()
    life.later(edited(life))
    life.decide()
    life.approve()
    life.publish()
    said = []
    for publication in life.case.publications("public"):
        told = provenance.verify(publication.manifest.encode())["predicate"]
        assert isinstance(told, dict)
        said.append((told["version"], told["of_versions"]))
    assert said == [(1, 1), (2, 2)]
    assert all(
        row["holds"]
        for row in publishing.verify(
            manifest,
            original=life.original.parent / "final.txt",
            home=life.workspace.home,
        )
    )
    rows = versions.listed(life.workspace, life.review, as_name="Sam")
    assert [row["published"] for row in rows] == [[], ["public"]]
    manifest.write_bytes(old)
    failed = {
        row["check"]
        for row in publishing.verify(manifest, home=life.workspace.home)
        if not row["holds"] and not str(row["check"]).startswith(public_id)
    }
    assert failed == {publishing.LATEST}


def test_two_versions_are_shown_paragraph_by_paragraph(life: Life) -> None:
    life.later(edited(life))
    made = versions.compared(life.workspace, life.review, as_name="Sam")
    assert made.versions == (1, 2)
    assert made.counts == {"same": 4, "changed": 1, "added": 1, "removed": 0, "moved": 0}
    changed, added = versions.rows(made)
    assert changed["change"] == "changed"
    assert [p for p in changed["pieces"] if p["how"] == "added"] == [  # type: ignore[attr-defined]
        {"how": "added", "text": " late"}
    ]
    assert (added["before"], added["after"]) == (None, f"Nobody asked {FATHER} why.")
    assert len(versions.rows(made, every=True)) == 6
    last = list(life.workspace.ledger.rows(life.review))[-1]
    assert (last.action, json.loads(last.detail)["what"]) == ("view-raw", "compare")
    back = versions.compared(life.workspace, life.review, as_name="Jo", versions=(2, 1))
    assert back.counts["removed"] == 1


def test_a_comparison_needs_two_versions_and_a_duty(life: Life) -> None:
    with pytest.raises(UsageError, match="one version"):
        versions.compared(life.workspace, life.review, as_name="Jo")
    life.later(edited(life))
    for numbers in ((1, 1), (0, 2), (1, 3)):
        with pytest.raises(UsageError, match="no version"):
            versions.compared(life.workspace, life.review, as_name="Jo", versions=numbers)
    for who in ("Una", "Ruth"):
        with pytest.raises(NotSettledError):
            versions.compared(life.workspace, life.review, as_name=who)
    assert "view-raw" not in life.actions()


def taken(life: Life, step: Step) -> Desk:
    return deciding.act(life.workspace, life.review, step, edition=life.row.edition, who="Jo")


def _merge(life: Life, desk: Desk) -> Step:
    return Merge("i1", "i2")


def _split(life: Life, desk: Desk) -> Step:
    own = [f.id for f in desk.proposal.findings if f.identity == "i1"]
    return Split("i1", (own[0],))


def _bound(life: Life, desk: Desk) -> Step:
    first = next(f for f in desk.proposal.findings if f.identity == "i1")
    return Bound(first.id, first.span.start, first.span.start + len("Quenby"))


@pytest.mark.parametrize("step", [_merge, _split, _bound])
def test_a_correction_is_made_again_where_it_is_sure(
    life: Life, step: Callable[[Life, Desk], Step]
) -> None:
    desk = taken(life, step(life, deciding.opened(life.workspace, life.review, who="Jo")))
    while desk.open_cards:
        card = desk.open_cards[0]
        desk = taken(life, Judge(card.id, Verdict.ACCEPT, card.seen))
    text = life.original.read_text(encoding="utf-8")
    told = life.later(text.replace("Overview report 0", "Overview report, final"))
    assert told["undecided"] == 0
    assert len(life.case.decided(life.row.edition).amended) == 1
    told = life.later(edited(life), "third.txt")
    # A mention that nobody has seen could be either's: then nothing of it is sure.
    if step is _split:
        assert int(str(told["undecided"])) > 0
        assert life.case.decided(life.row.edition).amended == ()


def test_exceptions_and_additions_of_the_desk_are_carried(life: Life) -> None:
    desk = deciding.opened(life.workspace, life.review, who="Jo")
    text = desk.reading.document.text
    start = text.index("health visitor")
    desk = taken(life, Add(start, start + len("health visitor"), Kind.PERSON, position="nurse"))
    school = [f.id for f in desk.proposal.findings if f.span.of(text) == SCHOOL]
    desk = taken(life, Except(school[0], Verdict.REJECT))
    life.later(edited(life))
    desk = deciding.opened(life.workspace, life.review, who="Jo")
    shown = deciding.preview(life.workspace, desk, "public").document.text.value
    assert shown.count("[nurse]") == 3
    assert shown.count(SCHOOL) == 1
