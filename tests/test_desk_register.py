"""The register at the desk: every review, its form, gaps, what is due, actions."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from desk_parts import Answer, Browser, add_reviews, desk, made, refusals, signed_in

from pipeline.flow import actions, registering
from pipeline.store.accounts import Actor
from pipeline.store.register import State
from pipeline.store.workspace import Workspace
from pipeline.web.security import Guard

BOARD, AUTHOR = "Marl Safeguarding Board", "Ottoline <Quibbrook>"
PAGES = (
    "/register/every", "/register/new", "/register/gaps", "/register/due", "/register/actions",
    "/register/sheet",
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return made(tmp_path)


@pytest.fixture
def served(workspace: Workspace) -> Guard:
    return desk(workspace.home)


def uma(workspace: Workspace) -> Actor:
    return Actor(workspace.accounts.named("Uma Field").id, proven=True)


def expected(workspace: Workspace, **given: str) -> str:
    return registering.add(workspace, {"board": BOARD} | given, as_name=uma(workspace))


def shown(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)))


def test_the_pages_are_for_staff_and_looking_is_in_the_ledger(
    served: Guard, workspace: Workspace
) -> None:
    review = expected(workspace)
    researcher, officer = signed_in(served, "Ray Holt"), signed_in(served, "Uma Field")
    for address in (*PAGES, f"/register/every/{review}"):
        assert researcher.get(address).status_code == 403
        assert officer.get(address).status_code == 200
    assert len([code for _, code in refusals(workspace) if code == "no-duty-for-raw"]) == 7
    looked = [e for e in workspace.ledger.rows() if e.action == "view-register"]
    assert len(looked) == 7  # gaps and an expected entry look twice, empty forms not at all


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
        address, {"author": AUTHOR, "judged": "1/4/2026", "judgement": "good", "steps": "0"}
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
    fields = {"board": BOARD, "judged": "soon", "author": "A. Writer", "steps": "1"}
    answer = officer.send(address, fields)
    assert answer.status_code == 400
    assert "judged: not a date" in answer.text and 'value="A. Writer"' in answer.text
    assert registering.seen(workspace, review, as_name=uma(workspace))[0].record.get("author") == ""


def test_a_form_that_was_open_meanwhile_undoes_nothing(served: Guard, workspace: Workspace) -> None:
    review = expected(workspace)
    registering.change(workspace, review, {"author": AUTHOR}, as_name=uma(workspace))
    officer, address = signed_in(served, "Uma Field"), f"/register/every/{review}"
    for steps in ("1", "", "-", "²"):
        answer = officer.send(address, {"board": BOARD, "chair": "B. Chair", "steps": steps})
        assert answer.status_code == 400 and "Somebody else changed" in answer.text
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


SHEET = f"board,subject,judgement\n{BOARD},Child A,good\n{BOARD},Child B,\n"


def send(officer: Browser, content: str, **how: str) -> Answer:
    files = {"file": ("reviews of Ottoline.csv", content.encode(), "text/csv")}
    return officer.send("/register/sheet", how, files=files)


def test_a_sheet_is_looked_at_taken_in_and_taken_back(served: Guard, workspace: Workspace) -> None:
    officer = signed_in(served, "Uma Field")

    def count() -> int:
        return len(list(registering.listed(workspace, as_name=uma(workspace))))

    said = shown(send(officer, SHEET, how="look").text)
    assert "2 reviews to add" in said and "Nothing was written" in said and count() == 0
    bad = shown(send(officer, SHEET.replace("good", "great"), how="take").text)
    assert "Nothing of the file was taken" in bad and "outstanding, good" in bad and count() == 0
    assert "2 reviews added" in shown(send(officer, SHEET, how="take").text)
    assert count() == 2
    written = officer.send("/register/sheet/register.csv")
    assert written.content.startswith(b"\xef\xbb\xbfreview,") and b"Child A" in written.content
    assert "2 reviews" in shown(officer.send("/register/sheet/undo").text) and count() == 0
    again = officer.send("/register/sheet/undo")
    assert again.status_code == 400 and "No sheet was taken in" in again.text


@pytest.mark.parametrize(
    ("content", "says"),
    [("name,when\na,b\n", "needs `board` or `review`"), ("PK\x03\x04", "a workbook")],
)
def test_what_is_no_sheet_is_said(served: Guard, content: str, says: str) -> None:
    officer = signed_in(served, "Uma Field")
    answer = send(officer, content, how="take")
    assert answer.status_code == 400 and says in answer.text and "Ottoline" not in answer.text
    assert "No file was chosen" in officer.send("/register/sheet", {"how": "take"}).text


def test_an_expected_review_is_joined_with_its_file_or_taken_out(
    served: Guard, workspace: Workspace
) -> None:
    waiting, other = expected(workspace, author=AUTHOR), expected(workspace)
    review = add_reviews(workspace)[State.PROPOSED]
    registering.change(workspace, review, {"board": BOARD}, as_name=uma(workspace))
    officer = signed_in(served, "Uma Field")
    assert f"{review} (board)" in shown(officer.get(f"/register/every/{waiting}").text).replace(
        "( ", "("
    )
    wrong = officer.send(f"/register/every/{waiting}/join", {"file": "r-nobody"})
    assert wrong.status_code == 400 and html.escape(AUTHOR) in wrong.text
    answer = officer.send(f"/register/every/{waiting}/join", {"file": review})
    assert answer.headers["location"] == f"/register/every/{review}?done=joined"
    assert waiting in officer.get(f"/register/every/{review}").text
    assert officer.send(f"/register/every/{other}/remove").status_code == 400
    gone = officer.send(f"/register/every/{other}/remove", {"sure": "yes"})
    assert gone.headers["location"] == "/register/every?done=removed"
    assert officer.get(f"/register/every/{other}").status_code == 404
