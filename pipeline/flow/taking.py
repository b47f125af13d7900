"""Taking in without a workspace: from a file's bytes to what is proposed, and a draft.

What is heavy is done here, in whatever process: it needs neither the vault's key nor the
workspace. Keeping what came of it is for intake alone.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pipeline import __version__, installed
from pipeline.config import Settings
from pipeline.door import policy as policies
from pipeline.door import redact
from pipeline.errors import CandourError, LeakError, ReadError, RecogniserError
from pipeline.flow import proposing, rendering
from pipeline.raw import facts, settle
from pipeline.raw.document import Document, Proposal
from pipeline.safe.lesson import SafeDocument

_NOT_UNDERSTOOD = (
    "The file has a shape that Candour does not understand. Nothing of it was taken in. Save it "
    "again in its program, as PDF or Word, and report it if that does not help."
)
_NOT_PROPOSED = (
    "What should be hidden in this file could not be worked out. Nothing of it was taken in. "
    "Report it: no draft of it is safe."
)
_NO_ROOM = (
    "The system refused this file the memory, or the room for what is put aside while it is "
    "read. Nothing of it was taken in. Make room, and take it in again."
)
DIED = (
    "The process that read this file ended twice before it was done, perhaps for want of memory. "
    "Nothing of it was taken in. Try it alone; save it again in its program if that does not help."
)
FAULT = 1  # the exit code of a fault in Candour itself


@dataclass(frozen=True, slots=True)
class Order:
    """One file that is to be read and proposed on. Nothing of it is in what is printed of this."""

    review: str
    name: str = field(repr=False)
    content: bytes = field(repr=False)
    settings: Settings = field(repr=False)

    def on(self, threads: int) -> Order:
        """The same order, for models that may use so many threads."""
        return replace(self, settings=self.settings.model_copy(update={"threads": threads}))


@dataclass(frozen=True, slots=True)
class Taken:
    """One file, read and proposed on, not yet kept.

    `listed` is what the register says of it. `leak` is why there is no draft of it.
    """

    document: Document = field(repr=False)
    proposal: Proposal = field(repr=False)
    listed: dict[str, str] = field(repr=False)
    draft: SafeDocument | None = field(repr=False)
    leak: LeakError | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing came of a file: a constant text and its exit code."""

    why: str
    code: int


Answer = Taken | Refused
Act = Callable[[Order], Answer]


@cache
def program() -> str:
    """What takes files in: the program's version, and a hash of its models."""
    manifest = installed.shipped("models") / "manifest.toml"
    return f"{__version__} {hashlib.sha256(manifest.read_bytes()).hexdigest()}"


def answer(order: Order) -> Answer:
    """What becomes of a file: no error leaves this, whatever the file does.

    Whoever waits for the answer may be another process, whose library would log an error with
    everything that was handed over.
    """
    try:
        return take(order)
    except CandourError as error:
        return Refused(str(error), error.exit_code)
    except (OSError, MemoryError):
        return Refused(_NO_ROOM, ReadError.exit_code)
    except Exception as error:  # noqa: BLE001 - a message of any other error may quote a document
        return Refused(_fault(error), FAULT)


def _fault(error: Exception) -> str:
    """A fault in the program, by its type and its place in our own code."""
    own = [f for f in traceback.extract_tb(error.__traceback__) if "pipeline" in f.filename]
    place = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "unknown place"
    return (
        f"A fault in Candour itself ({type(error).__name__} at {place}). Nothing of this file was "
        "taken in. Report the place named here; it holds no word of a document."
    )


def take(order: Order) -> Taken:
    """Read, propose and draft. An error where the file cannot be read or proposed on."""
    settings = order.settings
    with _refused_as(ReadError(_NOT_UNDERSTOOD)):
        # The very bytes that are kept, whatever becomes of the file meanwhile.
        document = proposing.read_bytes(order.content, order.name, settings)
    with _refused_as(RecogniserError(_NOT_PROPOSED)):
        proposal = proposing.propose(document, settings)
    said = facts.stated(document)  # a second of work, and asked for twice
    listed = proposing.registered(document, proposal, settings, said)
    policy = policies.load(settings.profile)
    accepted = settle.accept_all(proposal)
    try:
        with _refused_as(RecogniserError(_NOT_PROPOSED)):
            draft = redact.redact(document, accepted, policy, review=order.review, said=said)
            rendering.require_clean_text(draft)
    except LeakError as leak:
        return Taken(document, proposal, listed, None, leak)
    return Taken(document, proposal, listed, draft.document)


@contextmanager
def _refused_as(error: CandourError) -> Iterator[None]:
    """Turn a noun's refusal of what does not fit together into an error of this one file.

    It is not chained: such an error may quote what it refused.
    """
    try:
        yield
    except (ValueError, LookupError, RecursionError):
        raise error from None
