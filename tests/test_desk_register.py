"""The register at the desk: every review, its form, gaps, what is due, actions."""

from __future__ import annotations

import html
import re

import pytest
from desk_parts import Browser, add_reviews, refusals, served, signed_in, workspace
from register_desk_parts import AUTHOR, BOARD, expected, shown, uma

from pipeline.flow import actions, registering
from pipeline.store.accounts import Actor
from pipeline.store.register import State
from pipeline.store.workspace import Workspace
from pipeline.web.security import Guard

__all__ = ["served", "workspace"]

PAGES = (
    "/register/every", "/register/new", "/register/gaps", "/register/due", "/register/actions",
    "/register/sheet", "/register/duplicates",
)  # fmt: skip


def test_the_pages_are_for_staff_and_looking_is_in_the_ledger(
    served: Guard, workspace: Workspace
) -> None:
    review = expected(workspace)
    researcher, officer = signed_in(served, "Ray Holt"), signed_in(served, "Uma Field")
    for address in (*PAGES, f"/register/every/{review}"):
        assert researcher.get(address).status_code == 403
        assert officer.get(address).status_code == 200
    assert len([code for _, code in refusals(workspace) if code == "no-duty-for-raw"]) == 8
    looked = [e for e in workspace.ledger.rows() if e.action == "view-register"]
    assert len(looked) == 9  # gaps, duplicates and an entry look twice, empty forms not at all


def test_every_review_is_listed_and_looked_through(served: Guard, workspace: Workspace) -> None:
    add_reviews(workspace)
    expected(workspace, author=AUTHOR, subject="Child A")
    officer = signed_in(served, "Uma Field")
    assert "8 reviews" in officer.get("/register/every").text
    for more, count in (
        ({"state": "expected"}, 1), ({"state": "published"}, 1), ({"state": "missing"}, 8),
        ({"words": "quibbrook"}, 1), ({"words": "nobody"}, 0), ({"state": "<b>"}, 8),
    ):  # fmt: skip
        text = officer.send("/register/every", more).text
        assert len(re.findall(r'<a class="id" href="/register/every/', text)) == count, more


def test_an_entry_is_recorded_and_its_history_shown(served: Guard, workspace: Workspace) -> None:
    review = add_reviews(workspace)[State.PROPOSED]
    officer, address = signed_in(served, "Uma Field"), f"/register/every/{review}"
    assert "The report says: Board of Wexcombe" in shown(officer.get(address).text)
    answer = officer.send(
        address,
        {"author": AUTHOR, "judged": "1/4/2026", "judgement": "good", **opened(officer, address)},
    )
    assert answer.headers["location"] == f"{address}?done=recorded"
    text = officer.get(address).text
    assert "<Quibbrook>" not in text
    assert f"Uma Field Author Not recorded {AUTHOR}" in shown(text)
    assert 'value="2026-04-01"' in text


def test_a_value_that_is_refused_is_said_and_what_was_written_stays_in_the_form(
    served: Guard, workspace: Workspace
) -> None:
    review = expected(workspace)
    officer = signed_in(served, "Uma Field")
    address = f"/register/every/{review}"
    fields = {"board": BOARD, "judged": "soon", "author": "A. Writer", **opened(officer, address)}
    answer = officer.send(address, fields)
    assert answer.status_code == 400
    assert "judged: not a date" in answer.text and 'value="A. Writer"' in answer.text
    assert registering.seen(workspace, review, as_name=uma(workspace))[0].record.get("author") == ""


def opened(officer: Browser, address: str) -> dict[str, str]:
    """What a form was opened with, as its browser sends it back."""
    hidden = re.findall(r'name="(seen|was-[a-z_]+)" value="([^"]*)"', officer.get(address).text)
    return {name: html.unescape(held) for name, held in hidden}


def test_of_two_who_change_one_entry_the_second_sees_what_the_first_did_and_loses_nothing(
    served: Guard, workspace: Workspace
) -> None:
    review = expected(workspace, author=AUTHOR, subject="Child A")
    officer, address = signed_in(served, "Uma Field"), f"/register/every/{review}"
    form = opened(officer, address)
    other = Actor(workspace.accounts.named("Bo Tarn").id, proven=True)
    theirs = {"author": "Tamsin Vexworth", "judged": "2026-04-01"}
    registering.change(workspace, review, theirs, as_name=other)
    mine = {"board": BOARD, "author": "B. Writer", "chair": "C. Chair", "subject": "Child A"}
    answer = officer.send(address, {**mine, **form})
    assert answer.status_code == 409 and "Somebody else changed this" in answer.text
    said = shown(answer.text)
    assert f"Author {AUTHOR} Tamsin Vexworth Bo Tarn," in said and "B. Writer" in said
    assert "1 April 2026 Bo Tarn," in said and "You left it alone" in said
    held, _ = registering.seen(workspace, review, as_name=uma(workspace))
    assert (held.record.get("author"), held.record.get("chair")) == ("Tamsin Vexworth", "")
    again = dict(re.findall(r'name="(seen|was-[a-z_]+)" value="([^"]*)"', answer.text))
    kept = {"board": BOARD, "author": "B. Writer", "chair": "C. Chair", "subject": "Child A",
            "judged": "2026-04-01"}  # fmt: skip
    assert officer.send(address, {**kept, **again}).status_code == 303
    held, _ = registering.seen(workspace, review, as_name=uma(workspace))
    assert held.record.get("judged") == "2026-04-01"
    assert (held.record.get("author"), held.record.get("chair")) == ("B. Writer", "C. Chair")


@pytest.mark.parametrize("seen", ["1", "", "²" * 16])
def test_a_form_without_the_mark_of_the_record_changes_nothing(
    served: Guard, workspace: Workspace, seen: str
) -> None:
    review = expected(workspace, author=AUTHOR)
    officer, address = signed_in(served, "Uma Field"), f"/register/every/{review}"
    assert officer.send(address, {"chair": "B. Chair", "seen": seen}).status_code == 409
    held, _ = registering.seen(workspace, review, as_name=uma(workspace))
    assert (held.record.get("author"), held.record.get("chair")) == (AUTHOR, "")


def test_a_review_that_is_expected_is_entered(served: Guard, workspace: Workspace) -> None:
    officer = signed_in(served, "Uma Field")
    assert officer.send("/register/new", {"author": AUTHOR}).status_code == 400
    where = officer.send("/register/new", {"board": BOARD, "kind": "serious case review"}).headers
    review = where["location"].rpartition("/")[2].partition("?")[0]
    assert review.startswith("e-")
    assert "Its file has not come" in shown(officer.get(f"/register/every/{review}").text)
    told = signed_in(served, "Ada Marsh").get("/ledger").text
    assert f'href="/register/every/{review}"' in told
    assert "Entered an expected review: board, kind." in told


@pytest.mark.parametrize("address", ["/register/every/r-nobody", "/register/every/e-nobody"])
def test_what_is_not_in_the_register_has_no_page(served: Guard, address: str) -> None:
    assert signed_in(served, "Uma Field").get(address).status_code == 404


def test_gaps_due_and_actions_are_shown(served: Guard, workspace: Workspace) -> None:
    review = expected(workspace, subject="Child A", expected_by="2009-01-31",
                      judgement="inadequate", judged="2008-11-30")  # fmt: skip
    expected(workspace, subject="Child B")
    expected(workspace, subject="Child D", completed="2009-05-01", judged="2009-04-01")
    given = {"owner": AUTHOR, "due": "2009-03-01", "task": "<b>Review</b> it", "board": BOARD}
    actions.add(workspace, review, given, as_name=uma(workspace))
    officer = signed_in(served, "Uma Field")
    gaps = shown(officer.get("/register/gaps").text)
    for said in ("Files that have not come: 3", "Child C", "Judged before completed",
                 "To look at: 1",
                 "Fields that nobody recorded: 3 reviews"):  # fmt: skip
        assert said in gaps
    due = shown(officer.get("/register/due").text)
    at = [due.index(words) for words in ("31 January 2009", "28 February 2009", "1 March 2009")]
    assert at == sorted(at) and "An action" in due
    text = officer.get("/register/actions?flag=overdue").text
    assert "&lt;b&gt;Review" in text and AUTHOR in shown(text)
    assert "No action fits" in officer.get("/register/actions?flag=ownerless").text
