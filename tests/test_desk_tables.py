"""Reviews listed in a report, at the desk: what its tables would do, taking them in, and back."""

from __future__ import annotations

import re

import pytest
from desk_parts import Answer, Browser, served, signed_in, workspace
from register_desk_parts import expected, shown, uma

from pipeline.flow import registering
from pipeline.store.workspace import Workspace
from pipeline.web.security import Guard

__all__ = ["served", "workspace"]

AT = "/register/tables"
ROWS = (("Marl", "Good", "01/06/2009"), ("Penn Vale", "Inadequate", "30/11/2011"))


def report(*rows: tuple[str, ...], above: str = "Reviews that were evaluated") -> bytes:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    lines = "".join(f"<tr>{line}</tr>" for line in cells)
    words = "<p>What was found between 1 April 2009 and 31 March 2010 is listed here.</p>"
    return f"<html><body><h2>{above}</h2>{words}<table>{lines}</table></body></html>".encode()


def send(officer: Browser, content: bytes, **how: str) -> Answer:
    files = {"file": ("inspection of Ottoline.html", content, "text/html")}
    return officer.send(AT, how, files=files)


def take(officer: Browser, looked: Answer, at: str = AT, **how: str) -> Answer:
    key = re.search(r'name="sheet" value="([^"]+)"', looked.text)
    assert key is not None
    return officer.send(f"{at}/take", {"sheet": key.group(1), **how})


def boards(workspace: Workspace) -> list[str]:
    return sorted(
        str(row["board"]) for row in registering.listed(workspace, as_name=uma(workspace))
    )


def test_the_tables_of_a_report_are_looked_at_taken_in_and_taken_back(
    served: Guard, workspace: Workspace
) -> None:
    officer = signed_in(served, "Uma Field")
    looked = send(officer, report(*ROWS), kind="serious case review")
    said = shown(looked.text)
    assert "2 reviews to add" in said and "Nothing was written" in said
    assert boards(workspace) == []
    assert "Table 1, row 2" in said and "Judgement: inadequate" in said
    assert "Kind: serious case review" in said
    done = shown(take(officer, looked).text)
    assert "2 reviews added" in done
    assert boards(workspace) == ["Marl", "Penn Vale"]
    assert "is not kept any more" in take(officer, looked).text  # it is taken in once
    assert "by Uma Field" in shown(officer.get(AT).text)
    undone = shown(officer.send(f"{AT}/undo").text)
    assert "2 reviews" in undone
    assert boards(workspace) == []


def test_rows_that_may_be_wrong_come_first_with_their_reason(served: Guard) -> None:
    officer = signed_in(served, "Uma Field")
    told = [*((f"Town {n}", "Good", f"0{n}/06/2009") for n in range(1, 9)), ROWS[1]]
    said = shown(send(officer, report(*told)).text)
    assert "1 row to look at" in said
    assert "a date outside the period that the report speaks of" in said
    assert said.index("Penn Vale") < said.index("Town 1")


@pytest.mark.parametrize(
    ("how", "fields"),
    [
        ({"columns": "board,judgement,completed"}, ["Judgement: good", "Date completed"]),
        ({"columns": "board,judgement,"}, ["Judgement: good"]),
        ({"table": "1"}, ["Judgement: good", "Date of the judgement"]),
        ({"first": "1/4/2009", "last": "31/3/2010"}, ["To look at: a date outside"]),
    ],
)
def test_what_the_columns_are_may_be_said(
    served: Guard, how: dict[str, str], fields: list[str]
) -> None:
    said = shown(send(signed_in(served, "Uma Field"), report(*ROWS), **how).text)
    assert "2 reviews to add" in said
    assert [field for field in fields if field in said] == fields
    assert ("Date of the judgement" in said) is ("columns" not in how)


@pytest.mark.parametrize(
    ("content", "how", "says"),
    [
        (report(("Under one", "86")), {}, "No table of this report has a column"),
        (report(*ROWS), {"columns": "judgement"}, "not fields of the register"),
        (report(*ROWS), {"kind": "novel"}, "no such kind of review"),
        (report(*ROWS), {"first": "1/4/2009"}, "A period is two days"),
        (report(*ROWS), {"table": "one"}, "named by its number"),
        (report(*ROWS), {"table": "0"}, "named by its number"),
        (b"", {}, "This file is empty"),
    ],
)
def test_what_cannot_be_meant_is_said_and_stays_in_the_form(
    served: Guard, workspace: Workspace, content: bytes, how: dict[str, str], says: str
) -> None:
    answer = send(signed_in(served, "Uma Field"), content, **how)
    assert (answer.status_code, says in shown(answer.text)) == (400, True)
    assert "Ottoline" not in answer.text
    assert all(f'value="{held}"' in answer.text for name, held in how.items() if name != "kind")
    assert boards(workspace) == []


def test_without_a_file_nothing_is_done(served: Guard) -> None:
    answer = signed_in(served, "Uma Field").send(AT)
    assert (answer.status_code, "No file was chosen" in answer.text) == (400, True)


def test_what_would_be_done_is_shown_again_where_the_register_changed_meanwhile(
    served: Guard, workspace: Workspace
) -> None:
    officer = signed_in(served, "Uma Field")
    looked = send(officer, report(*ROWS))
    expected(workspace, board="Marl", judgement="good", judged="2009-06-01")
    other = take(officer, looked)
    assert (other.status_code, "would do something else now" in shown(other.text)) == (400, True)
    assert boards(workspace) == ["Marl"]
    assert "1 review added" in shown(take(officer, other).text)
    assert boards(workspace) == ["Marl", "Penn Vale"]


@pytest.mark.parametrize("account", ["Bo Tarn", "Uma Field"])
def test_a_report_is_for_whoever_sent_it_and_no_sheet(
    served: Guard, workspace: Workspace, account: str
) -> None:
    looked = send(signed_in(served, "Uma Field"), report(*ROWS))
    at = "/register/sheet" if account == "Uma Field" else AT
    answer = take(signed_in(served, account), looked, at)
    assert (answer.status_code, "not kept any more" in answer.text) == (400, True)
    assert boards(workspace) == []


def test_a_sheet_is_no_report(served: Guard, workspace: Workspace) -> None:
    officer = signed_in(served, "Uma Field")
    files = {"file": ("a.csv", b"board,judgement\nMarl,good\n", "text/csv")}
    answer = take(officer, officer.send("/register/sheet", {}, files=files))
    assert (answer.status_code, "not kept any more" in answer.text) == (400, True)
    assert boards(workspace) == []


def test_researchers_do_not_see_it(served: Guard) -> None:
    assert signed_in(served, "Ray Holt").get(AT).status_code == 403
