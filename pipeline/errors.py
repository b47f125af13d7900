"""What can go wrong, as the exit code that other programs read.

Texts are constants: what happened, what it means for the document, what to do next. They
never carry a word of a document; ids, offsets, counts and codes travel as attributes.
"""

from __future__ import annotations

from typing import ClassVar


class CandourError(Exception):
    """Something went wrong that the user can act on.

    `review` is a review's id where there is one; it is safe to show.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, review: str | None = None) -> None:
        super().__init__(message)
        self.review = review


class UsageError(CandourError):
    """The command, a setting or a file of decisions is not as it should be."""

    exit_code = 2


class ReadError(CandourError):
    """A file could not be read; nothing of it was taken in."""

    exit_code = 3


class RecogniserError(CandourError):
    """A recogniser failed or ran out of time; nothing is released."""

    exit_code = 4


class LeakError(CandourError):
    """Something that was hidden is still there; nothing is released."""

    exit_code = 5


class NotSettledError(CandourError):
    """A review is not settled, not approved, or on hold."""

    exit_code = 6


class StoreError(CandourError):
    """The workspace could not be opened, or does not fit together."""

    exit_code = 7


class SomeFailedError(CandourError):
    """Some of several inputs failed; each was listed with its own code."""

    exit_code = 8
