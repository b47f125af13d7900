"""The desk's pages of an author's versions, and of a withdrawal with its recipients."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from desk_parts import PASSWORD, Answer, Browser, desk, made, refusals, signed_in
from flow_parts import CANARIES, propose, report, write_reports

from pipeline.flow import intake, proposing, publishing, settling
from pipeline.store.accounts import Actor
from pipeline.store.casefile import CaseFile
from pipeline.store.register import State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

MOTHER = CANARIES[0]
AT = "/reviews/{}/versions"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    workspace = made(tmp_path)
    list(intake.ingest(workspace, write_reports(tmp_path / "in", 1), sender="Quill Marlstone"))
    return workspace


def review_of(workspace: Workspace) -> str:
    return workspace.register.rows()[0].review


def send(
    browser: Browser, review: str, text: str, sender: str = "the author", name: str = "later.txt"
) -> Answer:
    page = AT.format(review)
    files = {"file": (name, text.encode(), "text/plain")}
    return browser.send(page, {"sender": sender}, page=page, files=files)


def later() -> str:
    return report(0).replace("was not told", "was told late") + "\nA paragraph was put in.\n"


def test_a_later_version_is_sent_listed_and_compared(workspace: Workspace) -> None:
    review, served = review_of(workspace), desk(workspace.home)
    answer = send(signed_in(served, "Uma Field"), review, later())
    assert answer.status_code == 303, answer.text
    listed = signed_in(served, "Bo Tarn").get(AT.format(review)).text
    assert "Quill Marlstone" in listed
    assert "the author" in listed
    shown = signed_in(served, "Rhee Vale").get(f"/reviews/{review}/compare").text
    assert "told late" in shown.replace("</ins>", "").replace(
        '<ins><span class="unseen">New: </span>', ""
    )
    assert "A paragraph was put in." in shown
    assert "<td>The same</td>" not in shown
    rows = [entry.action for entry in workspace.ledger.rows(review)]
    assert "version" in rows
    assert rows[-1] == "view-raw"


def test_what_still_holds_for_a_later_version_is_confirmed_by_a_reviewer(
    workspace: Workspace,
) -> None:
    review, served = review_of(workspace), desk(workspace.home)
    content = settling.export(workspace, review, as_name=account(workspace, "Rhee Vale"))
    for part in ("identities", "findings", "left"):
        for row in content[part]:  # type: ignore[attr-defined]
            row["verdict"] = "accept"
    settling.decide(workspace, review, content, as_name=account(workspace, "Rhee Vale"))
    assert send(signed_in(served, "Uma Field"), review, report(0) + "\n").status_code == 303
    assert workspace.register.row(review).state is State.PROPOSED
    browser = signed_in(served, "Rhee Vale")
    page = browser.get(f"/reviews/{review}/desk").text
    assert "It holds" in page
    edition = str(workspace.register.row(review).edition)
    fields = {"do": "pass", "edition": edition}
    assert browser.send(f"/reviews/{review}/desk", fields).status_code == 303
    assert workspace.register.row(review).state is State.SETTLED


def account(workspace: Workspace, name: str) -> Actor:
    return workspace.accounts.sign_in(name, PASSWORD)


@pytest.mark.parametrize(
    ("text", "sender", "said"),
    [
        ("", "the author", "no text"),
        ("A report.", " ", "From whom did the file come"),
        (report(0), "the author", "very file already"),
    ],
)
def test_what_is_no_later_version_is_refused(
    workspace: Workspace, text: str, sender: str, said: str
) -> None:
    review = review_of(workspace)
    answer = send(signed_in(desk(workspace.home), "Uma Field"), review, text, sender)
    assert answer.status_code == 400
    assert said in answer.text or said == "no text"
    assert workspace.register.row(review).edition == 0


def test_versions_and_comparisons_are_not_for_researchers(workspace: Workspace) -> None:
    review, browser = review_of(workspace), signed_in(desk(workspace.home), "Ray Holt")
    for part in ("versions", "compare"):
        answer = browser.get(f"/reviews/{review}/{part}")
        assert answer.status_code == 403
        assert MOTHER not in answer.text
    assert "no-duty-for-raw" in {code for _, code in refusals(workspace)}


def test_a_withdrawal_lists_who_received_it_and_closes_the_desk(
    workspace: Workspace, tmp_path: Path
) -> None:
    review, served = review_of(workspace), desk(workspace.home)
    jo, sam = account(workspace, "Rhee Vale"), account(workspace, "Ada Marsh")
    content = settling.export(workspace, review, as_name=jo)
    for part in ("identities", "findings", "left"):
        for row in content[part]:  # type: ignore[attr-defined]
            row["verdict"] = "accept"
    settling.decide(workspace, review, content, as_name=jo)
    settling.approve(workspace, review, "public", as_name=sam)
    publishing.publish(
        workspace, [review], "public", tmp_path / "out", as_name=sam, recipients=["The Repository"]
    )
    case = CaseFile(Vault.unlock(workspace), review)
    (alone,) = case.handouts()
    for name in ("candour-2009Q1-public", "candour-2009Q1-public-edition-2"):
        case.hand_out(replace(alone, folder=str(tmp_path / name), recipients=()))
    browser, at = signed_in(served, "Ada Marsh"), f"/reviews/{review}/withdraw"
    shown = browser.get(at).text
    assert "The Repository" in shown
    # By itself, in a release, and in the edition that took that one's place.
    for told in ("by itself", "candour-2009Q1-public<", "candour-2009Q1-public-edition-2<"):
        assert shown.count(told) == 1
    assert browser.send(at, {"reason": "leak"}).status_code == 400
    assert workspace.register.row(review).state is State.PUBLISHED
    answer = browser.send(at, {"reason": "leak", "sure": "yes"})
    assert answer.status_code == 200
    assert "The Repository" in answer.text
    assert workspace.register.row(review).state is State.WITHDRAWN
    refused = signed_in(served, "Rhee Vale").get(f"/reviews/{review}/desk")
    assert refused.status_code == 409
    assert MOTHER not in refused.text
