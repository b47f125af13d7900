"""The review pages of the desk: what they show, what they refuse, and what the ledger has of it."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from desk_parts import Answer, Browser, desk, made, refusals, signed_in
from flow_parts import CANARIES, propose, write_reports

from pipeline.flow import intake, proposing
from pipeline.store.register import State
from pipeline.store.workspace import Workspace
from pipeline.web.desk import sittings
from pipeline.web.security import Guard

MOTHER = CANARIES[0]
ANSWERS = {
    "holds": "yes",
    "family": "told",
    "names": "none",
    "rights": "yes",
    "read": "yes",
    "signed": "yes",
    "signatory": "Quill Marlstone, 3 May",
}


@dataclass
class Sat:
    """One review, and the people around it."""

    workspace: Workspace
    served: Guard
    review: str

    @property
    def at(self) -> str:
        return f"/reviews/{self.review}/desk"

    def of(self, name: str) -> Browser:
        return signed_in(self.served, name)

    def script(self, browser: Browser, part: str, content: dict[str, Any]) -> Answer:
        """What the page's script sends: with the page's ticket and the session's token."""
        page = browser.get(self.at).text
        (ticket,) = re.findall(r'data-ticket="([0-9a-f]{64})"', page)
        (token,) = re.findall(r'data-token="([0-9a-f]{64})"', page)
        headers = {"X-CSRF-Token": token}
        body = {"ticket": ticket, **content}
        answer: Answer = browser.client.post(f"{self.at}/{part}", json=body, headers=headers)
        return answer

    def edition(self) -> int:
        return self.workspace.register.row(self.review).edition

    def settle(self, name: str = "Rhee Vale") -> None:
        """Everything accepted with the page's own forms, one after the other."""
        browser = self.of(name)
        for _ in range(60):
            page = browser.get(self.at).text
            if "Nothing is open" in page:
                return
            form = page[page.index('class="step"') :]
            fields = dict(
                re.findall(r'name="([a-z]+)" value="([^"]*)"', form.partition("</form>")[0])
            )
            fields.pop("form-token", None)
            fields = {k: v for k, v in fields.items() if k != "verdict"}
            if fields["do"] == "judge":
                fields["verdict"] = "accept"
            answer = browser.send(self.at, fields, page=self.at)
            assert answer.status_code == 303, answer.text
        raise AssertionError("it does not end")

    def approve(self, name: str, **changes: str) -> Answer:
        browser = self.of(name)
        fields = {**ANSWERS, "profile": "public", "edition": str(self.edition())}
        page = f"/reviews/{self.review}/approve"
        shown = changes.get("edition") or fields["edition"]
        said = (self.review, fields["profile"], int(shown) if shown.isascii() else 0)
        fields["shown"] = sittings.read_ticket(browser.token(page), *said)
        return browser.send(page, {**fields, **changes}, page=page)


@pytest.fixture
def sat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sat:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    workspace = made(tmp_path)
    (path,) = write_reports(tmp_path / "in", 1)
    review = str(next(intake.ingest(workspace, [path]))["review"])
    return Sat(workspace, desk(workspace.home), review)


def test_a_report_is_settled_approved_and_published_without_a_script(sat: Sat) -> None:
    sat.settle()
    assert sat.workspace.register.row(sat.review).state is State.SETTLED
    answer = sat.approve("Ada Marsh")
    assert answer.status_code == 303, answer.text
    assert sat.workspace.register.row(sat.review).state is State.APPROVED
    browser = sat.of("Ada Marsh")
    packed = browser.send(f"/reviews/{sat.review}/publish", {"profile": "public"})
    assert packed.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
        endings = {name.partition(".")[2] for name in files.namelist()}
        assert endings >= {"html", "txt", "json", "md", "manifest.json"}
        assert not any(MOTHER.encode() in files.read(name) for name in files.namelist())
        assert {info.date_time for info in files.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert sat.workspace.register.row(sat.review).state is State.PUBLISHED


@pytest.mark.parametrize(
    ("name", "known"), [("Rhee Vale", True), ("Ada Marsh", False), ("Uma Field", False)]
)
def test_what_a_list_shows_is_worked_out_for_whoever_settles_it(
    sat: Sat, name: str, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(sittings.Sittings, "ahead", lambda _, reviews: asked.append(list(reviews)))
    assert sat.of(name).get("/register").status_code == 200
    assert asked == [[sat.review] if known else []]


def test_what_is_worked_out_ahead_is_nobodys_view(sat: Sat) -> None:
    before = list(sat.workspace.ledger.rows())
    seen = sittings.Sittings(sat.workspace)
    seen.ahead([sat.review])
    while seen._preparing:
        time.sleep(0.01)
    assert any(sat.review in key for key in seen.readings._kept)
    assert list(sat.workspace.ledger.rows()) == before


def test_every_view_of_the_desk_is_in_the_ledger(sat: Sat) -> None:
    browser = sat.of("Rhee Vale")
    page = browser.get(sat.at)
    assert MOTHER in page.text
    last = list(sat.workspace.ledger.rows(sat.review))[-1]
    assert (last.action, json.loads(last.detail)["what"]) == ("view-raw", "desk")
    assert last.actor == sat.workspace.accounts.named("Rhee Vale").id


def test_a_part_of_the_page_is_not_shown_without_the_page(sat: Sat) -> None:
    browser = sat.of("Rhee Vale")
    for ticket in ("", "0" * 64):
        answer = sat.script(browser, "item", {"place": 0, "ticket": ticket})
        assert answer.status_code == 400
        assert MOTHER not in answer.text


@pytest.mark.parametrize("part", ["", "/approve"])
@pytest.mark.parametrize("name", ["Ray Holt", "Uma Field", "Adil Penn"])
def test_whoever_has_no_duty_for_raw_text_sees_none(sat: Sat, name: str, part: str) -> None:
    where = f"/reviews/{sat.review}{part}" if part else sat.at
    answer = sat.of(name).get(where)
    assert answer.status_code == 403
    assert MOTHER not in answer.text
    actor = sat.workspace.accounts.named(name).id
    assert (actor, "no-duty-for-raw") in refusals(sat.workspace)


def test_an_approver_looks_and_does_not_decide(sat: Sat) -> None:
    browser = sat.of("Ada Marsh")
    page = browser.get(sat.at)
    assert page.status_code == 200
    assert 'data-may="no"' in page.text
    step = {"do": "judge", "card": "i1", "verdict": "reject", "edition": 0}
    assert sat.script(browser, "step", step).status_code == 403
    sent = browser.send(sat.at, {k: str(v) for k, v in step.items()}, page=sat.at)
    assert sent.status_code in (400, 403, 409)
    assert sat.edition() == 0
    assert [code for _, code in refusals(sat.workspace)]


def test_the_last_editor_cannot_approve_and_it_is_in_the_ledger(sat: Sat) -> None:
    sat.settle("Bo Tarn")
    answer = sat.approve("Bo Tarn")
    assert answer.status_code == 400
    assert "account that decided last cannot approve" in answer.text
    actor = sat.workspace.accounts.named("Bo Tarn").id
    assert (actor, "approval-by-editor") in refusals(sat.workspace)
    assert sat.workspace.register.row(sat.review).state is State.SETTLED
    assert sat.approve("Ada Marsh").status_code == 303


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rights": ""}, "checklist"),
        ({"signatory": " "}, "checklist"),
        ({"family": "perhaps"}, "checklist"),
        ({"edition": "1"}, "same time"),
        ({"edition": ""}, "on your screen"),
    ],
)
def test_what_was_not_read_or_not_answered_is_not_approved(
    sat: Sat, changes: dict[str, str], said: str
) -> None:
    sat.settle()
    answer = sat.approve("Ada Marsh", **changes)
    assert answer.status_code == 400
    assert said in answer.text
    assert sat.workspace.register.approval(sat.review, "public") is None


@pytest.mark.parametrize(
    "changes", [{"profile": "practitioner"}, {"shown": "0" * 64}, {"edition": "²"}]
)
def test_only_what_was_on_the_screen_is_approved(sat: Sat, changes: dict[str, str]) -> None:
    sat.settle()
    answer = sat.approve("Ada Marsh", **changes)
    assert answer.status_code == 400
    assert "was not on your screen" in answer.text
    assert sat.workspace.register.row(sat.review).state is State.SETTLED


@pytest.mark.parametrize("address", ["desk?at=²", "desk?at=" + "9" * 5000, "compare?a=²&b=1"])
def test_an_odd_number_in_an_address_breaks_nothing(sat: Sat, address: str) -> None:
    assert sat.of("Rhee Vale").get(f"/reviews/{sat.review}/{address}").status_code < 500


def test_a_forged_step_is_refused_and_in_the_ledger(sat: Sat) -> None:
    browser = sat.of("Rhee Vale")
    body = {"do": "judge", "card": "i1", "verdict": "reject", "edition": 0}
    for headers in ({}, {"X-CSRF-Token": "0" * 64}, {"Origin": "http://elsewhere.example"}):
        answer = browser.client.post(f"{sat.at}/step", json=body, headers=headers)
        assert answer.status_code == 403
    answer = browser.client.post(f"/reviews/{sat.review}/approve", data=ANSWERS)
    assert answer.status_code == 403
    assert sat.edition() == 0
    actor = sat.workspace.accounts.named("Rhee Vale").id
    assert (actor, "forged-form") in refusals(sat.workspace)


@pytest.mark.parametrize(
    "step",
    [
        {"do": "judge", "card": "nobody", "verdict": "reject"},
        {"do": "judge", "card": "i1", "verdict": "accept", "seen": "0" * 16},
        {"do": "destroy"},
        {"do": "judge", "card": "i1", "verdict": "reject", "more": 1},
        {"do": "add", "words": "nowhere to be found"},
        {"do": "bound", "finding": "PERSON-1-2", "start": 0, "end": 5},
        {"do": "undo"},
    ],
)
def test_a_step_that_makes_no_sense_changes_nothing(sat: Sat, step: dict[str, Any]) -> None:
    answer = sat.script(sat.of("Rhee Vale"), "step", {"edition": 0, **step})
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert sat.edition() == 0


def test_a_step_from_an_old_page_is_refused(sat: Sat) -> None:
    browser = sat.of("Rhee Vale")
    step = {"do": "judge", "card": "i1", "verdict": "reject", "edition": 0}
    assert sat.script(browser, "step", step).status_code == 200
    again = sat.script(browser, "step", step)
    assert again.status_code == 503
    assert "same time" in again.json()["error"]


def test_only_rows_that_changed_are_sent_again(sat: Sat) -> None:
    browser = sat.of("Rhee Vale")
    first = sat.script(browser, "rows", {"pane": "published", "since": -1}).json()
    assert len(first["rows"]) > 3
    step = {"do": "judge", "card": "i3", "verdict": "reject", "edition": 0}
    assert sat.script(browser, "step", step).status_code == 200
    changed = sat.script(browser, "rows", {"pane": "published", "since": 0}).json()
    assert 0 < len(changed["rows"]) < len(first["rows"])
    assert all(CANARIES[2] in row for row in changed["rows"].values())


def test_what_a_report_says_is_never_markup(tmp_path: Path, sat: Sat) -> None:
    path = tmp_path / "in" / "more.txt"
    path.write_text(f"Review\n\n<script>alert(1)</script> and {MOTHER} & <b>more</b>.\n")
    review = str(next(intake.ingest(sat.workspace, [path]))["review"])
    other = Sat(sat.workspace, sat.served, review)
    browser = other.of("Rhee Vale")
    rows = other.script(browser, "rows", {"pane": "published", "since": -1}).text
    page = browser.get(other.at).text
    for shown in (page, json.loads(json.dumps(rows))):
        assert "<script>alert" not in shown
        assert "<b>more" not in shown
    assert "&lt;script&gt;alert(1)" in page


def test_no_address_of_the_desk_holds_a_word_of_a_report(sat: Sat) -> None:
    page = sat.of("Rhee Vale").get(sat.at).text
    for address in re.findall(r'(?:href|action|src)="([^"]*)"', page):
        assert not any(part in address for name in CANARIES for part in name.split())
