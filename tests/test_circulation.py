"""Each recipient gets what its kind may have and no more; what is asked adds up by scope."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_parts import report
from release_parts import MARKS, QUARTER, Batch, opened, pattern

from pipeline.door import audiences
from pipeline.errors import CandourError, StoreError, UsageError
from pipeline.flow import checking, circulating, publishing, release_folder, scoping, withdrawing
from pipeline.safe import release as nouns
from pipeline.safe import scope
from pipeline.store.recipients import Recipient, Recipients

__all__ = ["pattern"]
LEAD = Recipient("Health visiting lead, Marlshire", "professional", "public", "Health visitors")
LIBRARY = Recipient("The library", "public", "public")


@pytest.fixture
def five(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    return opened(pattern, tmp_path, monkeypatch)


def add(five: Batch, *recipients: Recipient) -> None:
    for one in recipients:
        circulating.add(five.workspace, one, as_name="Sam")


def send(five: Batch, quarter: str = QUARTER) -> tuple[dict[str, object], ...]:
    return circulating.send(five.workspace, quarter, five.out / "to", as_name="Sam")


@pytest.mark.parametrize("one", audiences.audiences(), ids=lambda one: one.kind)
def test_no_kind_of_recipient_may_have_more_than_the_table_says(
    five: Batch, one: audiences.Audience
) -> None:
    for profile in ("public", "practitioner", "board", "inspectorate", "as-published"):
        wanted = Recipient("An office", one.kind, profile)
        if profile in one.profiles:
            add(five, wanted)
        else:
            with pytest.raises(UsageError, match="may not receive"):
                add(five, wanted)
        assert all(row["profile"] in one.profiles for row in circulating.recipients(five.workspace))


def test_a_recipient_that_slipped_in_above_the_table_stops_everything(five: Batch) -> None:
    five.release()
    add(five, LIBRARY)
    Recipients(five.workspace.database).add(replace(LIBRARY, name="Other", profile="inspectorate"))
    with pytest.raises(UsageError, match="may not receive"):
        send(five)
    assert not (five.out / "to").exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (replace(LEAD, kind="friend"), "no such kind"),
        (replace(LEAD, agency="weather service"), "No agency"),
        (replace(LEAD, name="  "), "one line"),
    ],
)
def test_a_recipient_that_makes_no_sense_is_refused(
    five: Batch, wrong: Recipient, says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        add(five, wrong)
    assert circulating.recipients(five.workspace) == ()


def test_each_gets_its_release_and_what_is_new_for_its_agency(five: Batch) -> None:
    five.release()
    add(five, LEAD, LIBRARY)
    rows = send(five)
    assert [(row["recipient"], row["reviews"]) for row in rows] == [
        (LEAD.name, 5),
        ("The library", 5),
    ]
    folder = five.out / "to" / "health-visiting-lead-marlshire"
    copy = folder / five.folder().name
    assert release_folder.contents(copy) == release_folder.contents(five.folder())
    assert all(row["holds"] for row in publishing.verify(copy / nouns.MANIFEST))
    page = (folder / "digest.html").read_text(encoding="utf-8")
    assert "for health visitors" in page
    assert "January 2009 to March 2009" in page
    assert "cr-" in page
    for secret in (*five.reviews, LEAD.name):
        assert secret not in page


def test_what_was_not_released_is_in_no_digest(five: Batch) -> None:
    five.hold(0)
    settings = five.workspace.settings.model_copy(update={"min_batch": 4})
    object.__setattr__(five.workspace, "settings", settings)
    five.release()
    add(five, LIBRARY)
    send(five)
    page = (five.out / "to" / "the-library" / "digest.html").read_text(encoding="utf-8")
    assert MARKS[0] not in page
    assert five.public_id(0) == ""


def test_a_withdrawal_reaches_the_copies_and_names_who_has_them(five: Batch) -> None:
    five.release()
    add(five, LEAD, LIBRARY)
    send(five)
    done = withdrawing.withdraw(five.workspace, five.reviews[1], "leak", as_name="Sam")
    assert {one for hand in done.handouts for one in hand.recipients} == {LEAD.name, LIBRARY.name}
    assert [one.became for one in done.releases] == [release_folder.MADE_AGAIN] * 3
    for path in (five.out / "to").rglob("*.html"):
        assert path.name == "digest.html" or MARKS[1] not in path.read_text(encoding="utf-8")


def _moved(five: Batch) -> None:
    five.folder().rename(five.out / "elsewhere")


def _changed(five: Batch) -> None:
    (five.folder() / "index.html").write_text("Hello", encoding="utf-8")


@pytest.mark.parametrize("change", [_moved, _changed])
def test_only_a_release_that_is_as_it_was_released_is_sent(five: Batch, change: object) -> None:
    five.release()
    add(five, LIBRARY)
    assert callable(change)
    change(five)
    with pytest.raises(StoreError, match="no longer"):
        send(five)
    assert not (five.out / "to").exists()


def test_without_a_release_or_a_recipient_nothing_is_sent(five: Batch) -> None:
    with pytest.raises(UsageError, match="no recipient"):
        send(five)
    add(five, LIBRARY)
    with pytest.raises(UsageError, match="not released"):
        send(five)
    five.release()
    send(five)
    with pytest.raises(CandourError, match="stands there"):
        send(five)
    circulating.remove(five.workspace, "The library", as_name="Sam")
    with pytest.raises(UsageError, match="no recipient"):
        circulating.remove(five.workspace, "The library", as_name="Sam")


# -- local, regional, national -------------------------------------------------------------


@pytest.mark.parametrize(
    ("addressee", "expected"),
    [
        ("The Secretary of State for Education", "national"),
        ("Ofsted", "national"),
        ("The Department for Education and the Home Office", "national"),
        ("The Royal College of Paediatrics and Child Health", "national"),
        ("All safeguarding partnerships in England", "national"),
        ("The national panel", "national"),
        ("The regional safeguarding network", "regional"),
        ("Government offices", "regional"),
        ("The integrated care board", "regional"),
        ("The safeguarding board", "local"),
        ("All agencies", "local"),
        ("The emergency department", "local"),
        ("The department of paediatrics", "local"),
        ("Health visitors", "local"),
        (None, "not-said"),
        ("", "not-said"),
    ],
)
def test_how_far_a_recommendation_reaches(addressee: str | None, expected: str) -> None:
    assert scope.scope(addressee).value == expected


@given(st.text(max_size=80) | st.none())
def test_every_addressee_has_one_scope(addressee: str | None) -> None:
    assert scope.scope(addressee) in scope.Scope


DEMANDS = (
    "1. The Department for Education should publish guidance on home visits.",
    "2. The safeguarding board should audit attendance at conferences.",
    "3. The regional network should share what boards learned.",
    "4. Ensure that the form is shorter.",
    "5. The police should tell the school within two days.",
)


def test_what_is_asked_adds_up_from_local_to_national(five: Batch) -> None:
    for number, review in enumerate(five.reviews[:3]):
        document = report(review, *DEMANDS[number:], heading="Recommendations")
        five.workspace.library.put_document(document)
    rows = {str(row["scope"]): row for row in scoping.rollup(five.workspace)}
    parts = [rows[one.value] for one in scope.Scope]
    for column in ("recommendations", "learning_points"):
        assert sum(int(str(row[column])) for row in parts) == rows["all"][column]
    listed = list(checking.list_recommendations(five.workspace))
    assert listed
    assert len(listed) == rows["all"]["recommendations"]
    for one in scope.Scope:
        own = list(checking.list_recommendations(five.workspace, wanted=one.value))
        assert len(own) == rows[one.value]["recommendations"]
        assert {row["scope"] for row in own} <= {one.value}
    national = list(checking.list_recommendations(five.workspace, wanted="national"))
    assert [re.sub(r"\W+", " ", str(row["addressee"])) for row in national] == [
        "The Department for Education"
    ]
    with pytest.raises(UsageError, match="scope"):
        list(checking.list_recommendations(five.workspace, wanted="global"))
