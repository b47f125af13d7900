"""Every command explains itself: an example, a word on each option, each in its panel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup
from typer.testing import CliRunner

from pipeline.cli.app import PANELS, app
from pipeline.errors import UsageError

PROGRAM = typer.main.get_command(app)


def commands(
    group: TyperGroup, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Every command that can be typed, also one that has others below it."""
    for name, one in group.commands.items():
        if isinstance(one, TyperGroup):
            if one.invoke_without_command:
                yield " ".join((*path, name)), one
            yield from commands(one, (*path, name))
        elif isinstance(one, TyperCommand):
            yield " ".join((*path, name)), one


assert isinstance(PROGRAM, TyperGroup)
COMMANDS = dict(commands(PROGRAM))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_of_that_command(name: str) -> None:
    one = COMMANDS[name]
    examples = re.findall(r"Example: candour (.+)", f"{one.help}\n{one.epilog}")
    assert [e for e in examples if e.startswith(name)], one.help


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_each_option_is(name: str) -> None:
    assert [p.name for p in COMMANDS[name].params if not getattr(p, "help", None)] == []


def test_the_list_of_commands_is_in_panels() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}).output
    assert [panel for panel in PANELS if panel not in shown] == []
    assert "─ Commands ─" not in shown


def test_a_missing_checklist_says_what_it_should_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    home = ["--home", str(tmp_path / "home")]
    CliRunner().invoke(app, ["init", *home])
    CliRunner().invoke(app, ["user", "add", "sam", "--duty", "approver", *home])
    words = ["approve", "r-none", "--as", "sam", "--checklist", str(tmp_path / "none.json")]
    outcome = CliRunner().invoke(app, [*words, *home])
    assert isinstance(outcome.exception, UsageError)
    assert "rights" in str(outcome.exception) and "decisions" not in str(outcome.exception)


def test_a_hold_without_a_basis_says_which_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    home = ["--home", str(tmp_path / "home")]
    CliRunner().invoke(app, ["init", *home])
    outcome = CliRunner().invoke(app, ["hold", "r-7f3k2m", "--as", "ada", *home])
    assert isinstance(outcome.exception, UsageError)
    assert "court-order" in str(outcome.exception)
