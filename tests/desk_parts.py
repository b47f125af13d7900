"""A desk with a few accounts and a stand-in for the models; nothing here is a test."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pytest
from flow_parts import report
from starlette.testclient import TestClient

from pipeline.flow import intake
from pipeline.store.accounts import Duty
from pipeline.store.register import Row, State
from pipeline.store.workspace import Workspace
from pipeline.web.desk import app
from pipeline.web.security import Guard

HOST = "127.0.0.1:8440"
PASSWORD = "otter lantern quay"
STAFF = {
    "Uma Field": (Duty.UPLOADER,),
    "Rhee Vale": (Duty.REVIEWER,),
    "Ada Marsh": (Duty.APPROVER,),
    "Ray Holt": (Duty.RESEARCHER,),
    "Adil Penn": (Duty.ADMINISTRATOR,),
    "Bo Tarn": (Duty.UPLOADER, Duty.REVIEWER, Duty.APPROVER),
}
_TOKEN = re.compile(r'name="form-token" value="([0-9a-f]{64})"')


@cache
def _pattern() -> Path:
    """A workspace with its staff, and its key, made once: each password takes a while to hash."""
    folder = Path(tempfile.mkdtemp(prefix="candour-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    before = os.environ.get("CANDOUR_KEY_FILE")
    os.environ["CANDOUR_KEY_FILE"] = str(folder / "keys" / "master.key")
    workspace = intake.init(folder / "home")
    for name, duties in STAFF.items():
        for duty in duties:
            workspace.accounts.add(name, duty)
        workspace.accounts.set_password(workspace.accounts.named(name).id, PASSWORD)
    del os.environ["CANDOUR_KEY_FILE"]
    if before is not None:
        os.environ["CANDOUR_KEY_FILE"] = before
    return folder


def made(folder: Path) -> Workspace:
    """A workspace with its staff; CANDOUR_KEY_FILE must name keys/master.key in the folder."""
    shutil.copytree(_pattern(), folder, dirs_exist_ok=True)
    return Workspace.open(folder / "home")


def desk(home: Path) -> Guard:
    """The desk of a workspace."""
    return app.make(home, hosts=[HOST])


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return made(tmp_path)


@pytest.fixture
def served(workspace: Workspace) -> Guard:
    return desk(workspace.home)


def add_reviews(workspace: Workspace) -> dict[State, str]:
    """One review in each state that the register shows, without a text; their ids."""
    ids = {}
    editor = workspace.accounts.named("Rhee Vale").id
    for number, state in enumerate(State):
        row = Row(
            review=f"r-{'bcdfghk'[number] * 6}",
            state=state,
            kind="serious_case_review",
            board=f"Board of {'Harrowmere' if number % 2 else 'Wexcombe'}",
            subject="not stated",
            received=f"2026-0{number + 1}-11",
            published="2026-08-01" if state is State.PUBLISHED else None,
            sha256=f"{number}" * 64,
            text_sha256=f"{number}" * 64,
            media="application/pdf",
            edition=1,
            editor=editor,
        )
        workspace.register.add(row)
        ids[state] = row.review
    return ids


class Answer(Protocol):
    """What the desk answered; the test client's own type depends on what is installed."""

    status_code: int

    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def text(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    def json(self) -> Any: ...  # noqa: ANN401


@dataclass
class Browser:
    """Somebody's browser: it keeps cookies, and finds the token of the form that it sends."""

    desk: Guard
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = TestClient(
            self.desk, base_url=f"http://{HOST}", follow_redirects=False,
            raise_server_exceptions=False,
        )  # fmt: skip

    def get(self, address: str) -> Answer:
        return self.client.get(address)

    def token(self, address: str) -> str:
        found = _TOKEN.search(self.get(address).text)
        assert found is not None, address
        return found.group(1)

    def send(
        self, address: str, fields: Mapping[str, str | list[str]] | None = None, *,
        page: str = "/account", **more: object,
    ) -> Answer:  # fmt: skip
        """Send a form with the token of a page."""
        data = {"form-token": self.token(page), **(fields or {})}
        return self.client.post(address, data=data, **more)  # type: ignore[arg-type]

    def sign_in(self, name: str, password: str = PASSWORD) -> Answer:
        fields = {"name": name, "password": password}
        return self.send("/sign-in", fields, page="/sign-in")


def signed_in(desk: Guard, name: str) -> Browser:
    """The browser of somebody who has signed in."""
    browser = Browser(desk)
    assert browser.sign_in(name).headers["location"] == "/"
    return browser


def refusals(workspace: Workspace) -> list[tuple[str, str]]:
    """Actor and code of each refusal in the ledger."""
    rows = (row for row in workspace.ledger.rows() if row.action == "refused")
    return [(row.actor, json.loads(row.detail)["code"]) for row in rows]


def done(browser: Browser, answer: Answer) -> list[dict[str, str]]:
    """The rows of a job once all its files are done."""
    assert answer.status_code == 303, answer.text
    for _ in range(200):
        state = browser.get(f"{answer.headers['location']}/state").json()
        if state["over"]:
            rows: list[dict[str, str]] = state["rows"]
            return rows
        time.sleep(0.1)
    raise AssertionError("the files were not read")


def upload_file(number: int = 1) -> tuple[str, tuple[str, bytes, str]]:
    """One file of a form."""
    return ("files", (f"Quenby Thistlewaite {number}.txt", report(number).encode(), "text/plain"))
