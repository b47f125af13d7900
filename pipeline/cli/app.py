"""The command `candour`: its commands, and how errors become exit codes."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import typer

from pipeline.cli import (
    actions,
    batch,
    checks,
    coding,
    documents,
    keeping,
    lessons,
    publications,
    register,
    releases,
    research,
    retention,
    reviews,
    roles,
    searching,
    serve,
    subjects,
    trends,
    workspace,
)
from pipeline.cli.output import say
from pipeline.errors import CandourError

app = typer.Typer(
    name="candour",
    help="Case reviews in; full texts without names, and lessons with their evidence, out.",
    epilog="Start with: candour draft REVIEW.pdf --out drafts",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# What `candour --help` lists together, in the order in which somebody meets it.
PANELS = {
    "For a first look, without a workspace": (documents,),
    "A workspace, and reviews into it": (workspace, batch, register, actions),
    "From a review to a publication": (reviews, publications, releases),
    "Lessons, recommendations, checks": (
        lessons,
        searching,
        trends,
        roles,
        checks,
        coding,
        research,
    ),
    "Keeping it": (keeping, retention, subjects),
    "In a browser": (serve,),
}
for panel, parts in PANELS.items():
    commands, groups = len(app.registered_commands), len(app.registered_groups)
    for part in parts:
        part.register_with(app)
    for command in app.registered_commands[commands:]:
        command.rich_help_panel = panel
    for group in app.registered_groups[groups:]:
        group.rich_help_panel = panel

UNEXPECTED = 1


def _where(error: BaseException) -> str:
    """The last place of our own code in a traceback: file and line, no values."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if "pipeline" in Path(f.filename).parts
    ]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"


def main() -> None:
    """Run the command line. No error shows a word of a document: only constant texts and places."""
    try:
        app()
    except CandourError as error:
        say(f"candour: {error}" + (f" (review {error.review})" if error.review else ""))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        say(
            f"candour: the system refused a file operation ({type(error).__name__} at "
            f"{_where(error)}, number {error.errno}). Nothing half-done is kept. Check that the "
            "folder exists, may be written to and has room, then run the command again."
        )
        sys.exit(7)
    except Exception as error:  # noqa: BLE001 - a message of any other error may quote a document
        say(
            f"candour: a fault in Candour itself ({type(error).__name__} at {_where(error)}). "
            "Nothing was released. Report the place named here; it holds no word of a document."
        )
        sys.exit(UNEXPECTED)
