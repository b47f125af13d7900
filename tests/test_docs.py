"""What the documents say is so: commands exist, links lead somewhere, figures have a command."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from pipeline.cli.app import app
from pipeline.door import policy

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)\)")
PLACE = re.compile(r"(?:/root|/home|/tmp|/work)/|https?://(?!www\.w3\.org)", re.IGNORECASE)


# A line without its remark, which three spaces set off, or what the shell does with its output.
COMMAND = re.compile(r"^    candour (.+?)(?:   .*|\s+[>|] .*)?$", re.MULTILINE)
INLINE = re.compile(r"(?<!`)`candour ([a-z][^`\n]+)`(?!`)")
# Typer does not export what all its refusals of a line have in common.
USAGE_PROBLEM: type[Exception] = typer.BadParameter.__bases__[0]
PROGRAM = typer.main.get_command(app)


def lines(pattern: re.Pattern[str]) -> list[str]:
    return sorted({m for page in PAGES for m in pattern.findall(page.read_text(encoding="utf-8"))})


def refusal(line: str) -> str:
    """What the program's own parser says against a command; nothing is run."""
    command, words = PROGRAM, shlex.split(line)
    while isinstance(command, TyperGroup) and words[:1] and not words[0].startswith("-"):
        name = words.pop(0)
        if name not in command.commands:
            return f"no command {name}"
        command = command.commands[name]
    try:
        command.make_context("candour", words)
    except USAGE_PROBLEM as problem:
        return f"{type(problem).__name__}: {problem}"
    return ""


def test_the_documents_show_commands() -> None:
    assert len(lines(COMMAND)) >= 100
    assert len(lines(INLINE)) >= 20


@pytest.mark.parametrize("line", lines(COMMAND))
def test_a_command_in_the_documents_can_be_typed_as_it_stands(line: str) -> None:
    assert refusal(line) == ""


@pytest.mark.parametrize("line", lines(INLINE))
def test_a_command_named_in_a_sentence_exists(line: str) -> None:
    # A sentence may leave out what a command must have.
    assert refusal(line).startswith("MissingParameter") or refusal(line) == ""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("relase --quarter 2009Q1", "no command relase"),
        ("register gap --as jo", "no command gap"),
        ("register gaps --as jo --by-feild", "NoSuchOption"),
        ("register --as", "BadOptionUsage"),
        ("register import --as jo", "MissingParameter"),
        ("register gaps", "MissingParameter"),
        ("user add jo --duty boss", "BadParameter"),
        ("draft report.pdf --out drafts --profile", "BadOptionUsage"),
        ("learn everything", "UsageError"),
    ],
)
def test_a_command_that_does_not_exist_would_be_found(line: str, says: str) -> None:
    assert refusal(line).startswith(says)


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
