"""The register by file at the desk: what a sheet would do, taking it in, and back."""

from __future__ import annotations

import re

import pytest
from desk_parts import Answer, Browser, served, signed_in, workspace
from register_desk_parts import BOARD, expected, shown, uma

from pipeline.flow import registering
from pipeline.store.workspace import Workspace
from pipeline.web.security import Guard

__all__ = ["served", "workspace"]


SHEET = f"board,subject,judgement\n{BOARD},Child A,good\n{BOARD},Child B,\n"


def send(officer: Browser, content: str, **how: str) -> Answer:
    files = {"file": ("reviews of Ottoline.csv", content.encode(), "text/csv")}
    return officer.send("/register/sheet", how, files=files)


def take(officer: Browser, looked: Answer, **how: str) -> Answer:
    key = re.search(r'name="sheet" value="([^"]+)"', looked.text)
    assert key is not None
    return officer.send("/register/sheet/take", {"sheet": key.group(1), **how})


def count(workspace: Workspace) -> int:
    return len(list(registering.listed(workspace, as_name=uma(workspace))))


def test_a_sheet_is_looked_at_taken_in_and_taken_back(served: Guard, workspace: Workspace) -> None:
    officer = signed_in(served, "Uma Field")
    looked = send(officer, SHEET)
    said = shown(looked.text)
    assert "2 reviews to add" in said and "Nothing was written" in said and count(workspace) == 0
    assert "Judgement: good" in said
    done = shown(take(officer, looked).text)
    assert "2 reviews added" in done and count(workspace) == 2
    assert "is not kept any more" in take(officer, looked).text  # it is taken in once
    written = officer.send("/register/sheet/register.csv")
    assert written.content.startswith(b"\xef\xbb\xbfreview,") and b"Child A" in written.content
    assert "by Uma Field" in shown(officer.get("/register/sheet").text)
    other = officer.send("/register/sheet/undo", {"batch": "b-another"})
    assert other.status_code == 400 and "Another sheet" in other.text and count(workspace) == 2
    undone = shown(officer.send("/register/sheet/undo").text)
    assert "2 reviews" in undone and count(workspace) == 0
    again = officer.send("/register/sheet/undo")
    assert again.status_code == 400 and "No sheet was taken in" in again.text


def test_rows_that_are_refused_say_why_and_the_others_go_in_alone(
    served: Guard, workspace: Workspace
) -> None:
    officer = signed_in(served, "Uma Field")
    looked = send(officer, SHEET.replace("good", "great") + f"{BOARD},=Child C,\n")
    said = shown(looked.text)
    assert "1 refused" in said and "outstanding, good" in said
    assert "begins like a formula: it is kept as text" in said
    assert "Nothing of the file was taken" in take(officer, looked).text
    assert count(workspace) == 0
    assert "2 reviews added" in shown(take(officer, looked, skip="yes").text)
    assert b",'=Child C," in officer.send("/register/sheet/register.csv").content


def test_what_would_be_done_is_shown_again_where_the_register_changed_meanwhile(
    served: Guard, workspace: Workspace
) -> None:
    officer = signed_in(served, "Uma Field")
    looked = send(officer, SHEET)
    review = expected(workspace, subject="Child A", judgement="good")
    other = take(officer, looked)
    assert other.status_code == 400 and "would do something else now" in shown(other.text)
    assert count(workspace) == 1 and "1 with nothing new" in shown(other.text)
    assert review in other.text
    assert "1 review added" in shown(take(officer, other).text) and count(workspace) == 2


def test_a_sheet_is_for_whoever_sent_it(served: Guard, workspace: Workspace) -> None:
    looked = send(signed_in(served, "Uma Field"), SHEET)
    answer = take(signed_in(served, "Bo Tarn"), looked)
    assert answer.status_code == 400 and "not kept any more" in answer.text
    assert count(workspace) == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [("name,when\na,b\n", "needs `board` or `review`"), ("PK\x03\x04", "a workbook")],
)
def test_what_is_no_sheet_is_said(served: Guard, content: str, says: str) -> None:
    officer = signed_in(served, "Uma Field")
    answer = send(officer, content)
    assert answer.status_code == 400 and says in answer.text and "Ottoline" not in answer.text
    assert "No file was chosen" in officer.send("/register/sheet").text
