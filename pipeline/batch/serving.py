"""A machine that reads files for a Dask scheduler: its workers, set up as Candour wants them."""

from __future__ import annotations

import os
import subprocess
import sys

from pipeline.batch.local import environment, workers
from pipeline.errors import UsageError

_NOT_INSTALLED = (
    "Dask is not installed. No worker was started. Install Candour with its cluster part (pip "
    'install "candour[cluster]").'
)
_ENDED = (
    "The Dask workers have ended by themselves. Nothing is read here any more. Check the address "
    "of the scheduler, and that it runs."
)


# Dask looks at each thread a hundred times a second, to draw where its time goes. Nobody looks at
# the drawing here, and where all cores read it costs them time.
_UNWATCHED = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false"}


def command(address: str, processes: int) -> list[str]:
    """How workers are started: one thread each, since a model has the interpreter to itself.

    They have no pages of their own, and a nanny that starts a worker anew that has died.
    """
    return [
        sys.executable, "-m", "distributed.cli.dask_worker", address,
        "--nworkers", str(processes), "--nthreads", "1", "--no-dashboard",
    ]  # fmt: skip


def run(address: str, processes: int | None = None) -> int:
    """Workers until somebody stops them; how many there were. UsageError where they end alone."""
    import importlib.util

    if importlib.util.find_spec("distributed") is None:
        raise UsageError(_NOT_INSTALLED)
    number = processes or workers()
    with environment(1):
        started = subprocess.Popen(command(address, number), env=os.environ | _UNWATCHED)  # noqa: S603
    try:
        code = started.wait()
    except KeyboardInterrupt:
        started.terminate()  # it ends in order, whether or not it heard of Ctrl-C itself
        started.wait()
        return number
    if code:
        raise UsageError(_ENDED)
    return number
