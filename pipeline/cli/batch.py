"""Commands that take files in: ingest, by this machine or by others; worker."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import Format, Row, say, show
from pipeline.cli.workspace import Form, Home, opened, password
from pipeline.errors import CandourError, SomeFailedError, UsageError

if TYPE_CHECKING:
    from pipeline.batch.ingesting import Hands, State, Tell

_FEW = 4  # files that this process reads itself: others would take longer to start
_EVERY = 20.0  # seconds between two lines of progress, where nobody watches a terminal
_BOTH = (
    "Files are read by this machine or by Dask workers. Give --workers or --scheduler, not both."
)
_OPEN = (
    "The scheduler is reached over a network without encryption: who can read it can read the "
    "reports. Use tls:// between machines, as docs/batch.md says."
)


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.")],
    as_name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="The account that takes them in.")
    ] = None,
    sender: Annotated[
        str | None, typer.Option("--from", metavar="WHO", help="Who sent them; for the vault.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=256, help="Processes that read; one a core."),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask workers read.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: take in what is put there, until Ctrl-C.")
    ] = False,
    every: Annotated[
        float, typer.Option("--every", min=1.0, help="Seconds between two looks at the folder.")
    ] = 60.0,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take reviews in: read, propose what to hide, keep everything encrypted.

    A file that was taken in already is said, not repeated; a bad file does not stop the others.
    A run that was cut short goes on where it was, when the same command is given again.

    Example: candour ingest incoming/ --from "the author, by email" --as jo

    Example: candour ingest incoming/ --workers 8

    Example: candour ingest incoming/ --watch --every 300 --format jsonl
    """
    from pipeline.batch import ingesting

    if workers is not None and scheduler is not None:
        raise UsageError(_BOTH)
    workspace = opened(home, as_name)
    secret = password() if as_name else None

    def take(some: Sequence[Path]) -> Iterator[Row]:
        with _hands(some, workspace.home, workers, scheduler) as hands, _progress() as tell:
            yield from ingesting.ingest(
                workspace, some, hands, as_name=as_name, password=secret, sender=sender, tell=tell
            )

    if watch:
        _watch(paths, workspace.home, take, every)
    else:
        _listed(take(paths), form)


def _listed(rows: Iterator[Row], form: Format) -> None:
    """Show the rows, those too that come before an error, and say how many files failed."""
    codes: list[int] = []
    ended: list[CandourError] = []

    def counted() -> Iterator[Row]:
        try:
            for row in rows:
                codes.append(int(str(row.get("code") or 0)))
                yield row
        except CandourError as error:
            if not codes:
                raise
            ended.append(error)

    # A hash is for programs: for people it makes the table too wide to read.
    shown = ({k: v for k, v in row.items() if k != "sha256"} for row in counted())
    show(shown if form is Format.TABLE else counted(), form)
    if ended:
        raise ended[0]
    failed = [code for code in codes if code]
    if len(codes) == 1 and failed:
        sys.exit(failed[0])
    if failed:
        raise SomeFailedError(
            f"{len(failed)} of {len(codes)} files were not taken in; each is listed."
        )


def _watch(
    paths: Sequence[Path], home: Path, take: Callable[[Sequence[Path]], Iterator[Row]], every: float
) -> None:
    """Rows as JSON lines, whatever the form: there is no end at which a table could be set."""
    from pipeline.batch import watching

    say(f"Watching; a look every {every:g} seconds. Stop with Ctrl-C: what is taken in stays.")
    try:
        show(watching.watch(paths, home, take, every=every), Format.JSONL)
    except KeyboardInterrupt:
        say("No longer watching.")


@contextmanager
def _hands(
    paths: Sequence[Path], home: Path, workers: int | None, scheduler: str | None
) -> Iterator[Hands]:
    """Who reads: Dask workers, processes of this machine, or this process where files are few."""
    from pipeline.batch import ingesting, local
    from pipeline.flow import intake

    hands: Hands
    if scheduler is not None:
        from pipeline.batch import cluster

        if not scheduler.startswith(("tls://", "tcp://127.", "tcp://localhost", "tcp://[::1]")):
            say(_OPEN)
        hands = cluster.Cluster(scheduler)
    else:
        few = workers is None and len(intake.files(paths, home)) <= _FEW
        number = 1 if few else workers or local.workers()
        hands = ingesting.Here() if few else local.Local(number)
    try:
        yield hands
    finally:
        hands.close()


@contextmanager
def _progress() -> Iterator[Tell]:
    """What is told while files are taken in: counts and the time that is left, no names."""
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    with Progress(
        BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"),
        console=Console(stderr=True), transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=None)

        def tell(state: State) -> None:
            bar.update(task, total=state.of, completed=state.done, description=_told(state))

        yield tell


class _Lines:
    """A line now and then, for a file that is read later."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def tell(self, state: State) -> None:
        now = time.monotonic()
        if state.done == state.of or now >= self._last + _EVERY:
            self._last = now
            more = _told(state)
            say(f"{state.done} of {state.of} files done" + (f", {more}" if more else ""))


def _told(state: State) -> str:
    """How many failed or were known already, and about how long the rest will take."""
    parts = []
    if state.failed:
        parts.append(f"{state.failed} failed")
    if state.known:
        parts.append(f"{state.known} known already")
    if state.left and state.done < state.of:
        parts.append(f"about {lasting(state.left)} left")
    return ", ".join(parts)


def lasting(seconds: float) -> str:
    """A stretch of time as people say it.

    >>> lasting(40), lasting(600), lasting(9000)
    ('1 minute', '10 minutes', '2 h 30 min')
    """
    minutes = max(1, round(seconds / 60))
    if minutes >= 120:
        return f"{minutes // 60} h {minutes % 60} min"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def worker(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Of the Dask scheduler.")],
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, max=256, help="How many; one a core.")
    ] = None,
) -> None:
    """Read files for a Dask scheduler, until Ctrl-C. No key and no workspace are needed here.

    Example: candour worker tcp://127.0.0.1:8786 --processes 2
    """
    from pipeline.batch import serving

    number = serving.run(address, processes)
    say(f"{number} processes have ended.")


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for command in (ingest, worker):
        app.command()(command)
