"""What the documents say is so: commands exist, links lead somewhere, figures have a command."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.door import policy

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
COMMAND = re.compile(r"^    candour (.+?)(?:   .*)?$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)\)")
PLACE = re.compile(r"(?:/root|/home|/tmp|/work)/|https?://(?!www\.w3\.org)", re.IGNORECASE)


def commands() -> list[str]:
    found = [m for page in PAGES for m in COMMAND.findall(page.read_text(encoding="utf-8"))]
    return sorted({" ".join(shlex.split(line)) for line in found})


def test_the_readme_shows_commands() -> None:
    assert len(commands()) >= 10


@pytest.mark.parametrize("line", commands())
def test_a_command_in_the_documents_exists(line: str) -> None:
    words = shlex.split(line)
    group = words[0] in ("user", "check", "code", "register", "actions", "circulate")
    named = words[: 2 if group and words[1:2] and not words[1].startswith("-") else 1]
    options = {w for w in words if w.startswith("--")}
    shown = CliRunner().invoke(app, [*named, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert {option for option in options if option not in shown.output} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_no_page_names_a_path_of_a_machine_or_a_host(page: Path) -> None:
    assert PLACE.findall(page.read_text(encoding="utf-8")) == []


def test_the_readme_lists_every_profile() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in policy.names() if f"`{name}`" not in readme] == []


def test_the_readme_shows_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "    make demo\n" in readme
    assert "    make test\n" in readme
