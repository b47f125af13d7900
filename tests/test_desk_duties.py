"""What each duty does at the desk in a browser: lines cleared, a text approved, a file received."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from desk_parts import PASSWORD
from flow_parts import CANARIES
from playwright.sync_api import Page
from test_desk_browser import CHROMIUM, sign_in
from test_desk_keys import Sitting, chromium, sitting  # noqa: F401 - fixtures

from pipeline.flow import settling
from pipeline.store.register import State

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
WELSH = (
    "Roedd y plentyn yn byw gyda'i fam mewn tŷ bach yn y pentref, ac nid oedd neb wedi gofyn iddo "
    "sut yr oedd yn teimlo am yr hyn a ddigwyddodd yn ystod y gaeaf hwnnw."
)


def other_person(sitting: Sitting, name: str) -> Page:  # noqa: F811
    """The browser of somebody else."""
    sitting.page.context.clear_cookies()
    sign_in(sitting.page, name)
    return sitting.page


def settled_by_hand(sitting: Sitting) -> None:  # noqa: F811
    """Everything accepted on the command line's way, to be quick."""
    who = sitting.workspace.accounts.sign_in("Rhee Vale", PASSWORD)
    content = settling.export(sitting.workspace, sitting.review, as_name=who)
    for part in ("identities", "findings", "left", "unread"):
        for row in content[part]:  # type: ignore[attr-defined]
            row["verdict"] = "accept"
            if "codes" in row:
                row["cleared_as"] = next(iter(row["codes"]))
    settling.decide(sitting.workspace, sitting.review, content, as_name=who)


@pytest.mark.parametrize("sitting", [WELSH], indirect=True)
def test_a_line_of_what_was_not_read_is_cleared_with_its_number(
    sitting: Sitting,  # noqa: F811
) -> None:
    while sitting.page.get_attribute("#what", "data-what") == "card":
        sitting.press("a")
    assert sitting.title().startswith("Not read")
    assert "tŷ bach" in sitting.page.inner_text("#contexts")
    sitting.press("1")
    assert not sitting.title().startswith("Not read")
    assert "not read 1 of 1" in sitting.page.inner_text("#counts")


def test_an_approver_reads_answers_approves_and_publishes_by_keyboard(
    sitting: Sitting,  # noqa: F811
) -> None:
    settled_by_hand(sitting)
    page = other_person(sitting, "Ada Marsh")
    page.goto(f"/reviews/{sitting.review}/approve")
    text = page.inner_text(".reading")
    assert "[mother]" in text
    assert not any(name in text for name in CANARIES)
    page.get_by_role("button", name="Approve").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("/approve")  # the browser asks for what is missing
    for box in page.locator("form[method=post] input[type=checkbox]").all():
        box.focus()
        page.keyboard.press("Space")
    for circle in ("#family-told", "#names-none"):
        page.locator(circle).focus()
        page.keyboard.press("Space")
    page.locator("#signatory").focus()
    page.keyboard.type("The chair, 3 November")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=approved*", timeout=60_000)
    assert sitting.workspace.register.row(sitting.review).state is State.APPROVED
    page.goto(f"/reviews/{sitting.review}/publish")
    page.fill("#recipients", "The Repository\nThe Panel")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Publish").press("Enter")
    assert download.value.suggested_filename.startswith("cr-")
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as files:
        endings = {name.partition(".")[2] for name in files.namelist()}
    assert endings == {"html", "pdf", "docx", "txt", "md", "json", "manifest.json"}
    assert sitting.workspace.register.row(sitting.review).state is State.PUBLISHED
    page.goto(f"/reviews/{sitting.review}/withdraw")
    assert "The Panel" in page.inner_text("main")
    assert sitting.said == []


def test_the_editor_who_may_approve_is_told_to_ask_somebody_else(
    sitting: Sitting,  # noqa: F811
) -> None:
    page = other_person(sitting, "Bo Tarn")
    page.goto(f"/reviews/{sitting.review}/desk")
    while page.locator("#what").count():
        sitting.press("a")
    page.goto(f"/reviews/{sitting.review}/approve")
    assert "somebody else must approve it" in page.inner_text("main")
    assert page.get_by_role("button", name="Approve").count() == 0
