"""Text that knows what stands where in it, and edits that do not lose it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.span import Kind


@dataclass(frozen=True, slots=True)
class Mark:
    """What a stretch of text mentions, and what the profile `public` does with it."""

    kind: Kind
    identity: str | None
    action: str

    def __post_init__(self) -> None:
        if self.action not in {"hide", "generalise", "keep"}:
            raise ValueError("an action is hide, generalise or keep")


@dataclass(frozen=True, slots=True)
class Passage:
    """The role of a paragraph, the themes planted in it, and the lesson that it states.

    `note` is a name by which the gold points at the passage (a drift, a sum).
    """

    role: str
    themes: tuple[str, ...] = ()
    lesson: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark or a passage and where it stands, in code points, the end not included."""

    start: int
    end: int
    what: Mark | Passage


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `start:end` by `new`; where `splits` is set, a mark round it becomes two."""

    start: int
    end: int
    new: str
    splits: bool = False


@dataclass(frozen=True, slots=True)
class Rich:
    """A text and what stands in it.

    >>> (Rich.of("a ") + Rich.of("b", Mark(Kind.PERSON, "p", "hide"))).placed[0].start
    2
    """

    text: str = ""
    placed: tuple[Placed, ...] = ()

    @staticmethod
    def of(text: str, what: Mark | Passage | None = None) -> Rich:
        """A text, all of which is `what` where that is given and the text is not empty."""
        if what is None or not text:
            return Rich(text)
        return Rich(text, (Placed(0, len(text), what),))

    def __add__(self, other: Rich) -> Rich:
        return join([self, other])

    def upper(self) -> Rich:
        """The same in capitals, where that does not change the length."""
        text = "".join(c.upper() if len(c.upper()) == 1 else c for c in self.text)
        return Rich(text, self.placed)

    def capitalised(self) -> Rich:
        """The same with a capital at the start and after each full stop within."""
        chars = list(self.text)
        due = True
        for index, char in enumerate(chars):
            if due and char.isalnum():
                chars[index] = char.upper() if len(char.upper()) == 1 else char
                due = False
            elif char in ".?!" and self.text[index + 1 : index + 2] == " ":
                due = not _abbreviated(self.text, index)
        return Rich("".join(chars), self.placed)


_SHORT = ("Dr", "Mr", "Mrs", "Ms", "St", "No", "al", "i.e", "e.g", "p", "pp", "para", "Rev", "Prof")


def _abbreviated(text: str, stop: int) -> bool:
    word = text[:stop].rsplit(" ", 1)[-1].lstrip("(")
    return word in _SHORT or (len(word) == 1 and word.isupper())


def join(parts: Iterable[Rich], between: str = "") -> Rich:
    """The parts one after the other, `between` them a plain text."""
    texts: list[str] = []
    placed: list[Placed] = []
    at = 0
    for index, part in enumerate(parts):
        if index and between:
            texts.append(between)
            at += len(between)
        texts.append(part.text)
        placed.extend(replace(p, start=p.start + at, end=p.end + at) for p in part.placed)
        at += len(part.text)
    return Rich("".join(texts), tuple(placed))


class _Moves:
    """Where the code points of a text go when edits are applied to it."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits = edits
        self.starts = [e.start for e in edits]
        self.shifts = [0]
        for e in edits:
            self.shifts.append(self.shifts[-1] + len(e.new) - (e.end - e.start))

    def first(self, at: int) -> int:
        """The new place of the code point at `at`; of a replaced one, where its text begins."""
        index = bisect_right(self.starts, at)
        edit = self.edits[index - 1] if index else None
        if edit is not None and edit.start <= at < edit.end:
            return edit.start + self.shifts[index - 1]
        return at + self.shifts[index]

    def last(self, at: int) -> int:
        """The end of the new place of the code point at `at`."""
        index = bisect_right(self.starts, at)
        edit = self.edits[index - 1] if index else None
        if edit is not None and edit.start <= at < edit.end:
            return edit.start + self.shifts[index - 1] + len(edit.new)
        return at + self.shifts[index] + 1


def edited(rich: Rich, edits: Iterable[Edit]) -> Rich:
    """The text after the edits, which must not overlap; what stands in it moves along.

    >>> r = Rich.of("office", Mark(Kind.PLACE, None, "hide"))
    >>> edited(r, [Edit(1, 4, "X"), Edit(0, 0, ">")]).placed[0]
    Placed(start=1, end=5, what=Mark(kind=<Kind.PLACE: 'PLACE'>, identity=None, action='hide'))
    """
    ordered = sorted(edits, key=lambda e: (e.start, e.end))
    moves = _Moves(ordered)
    pieces: list[str] = []
    at = 0
    for e in ordered:
        if e.start < at:
            raise ValueError("edits do not overlap")
        pieces += [rich.text[at : e.start], e.new]
        at = e.end
    text = "".join([*pieces, rich.text[at:]])
    cuts = [e for e in ordered if e.splits]
    placed: list[Placed] = []
    for p in rich.placed:
        for part in _cut(p, cuts):
            moved = replace(part, start=moves.first(part.start), end=moves.last(part.end - 1))
            trimmed = _trimmed(moved, text)
            if trimmed is not None:
                placed.append(trimmed)
    return Rich(text, tuple(placed))


def _cut(placed: Placed, cuts: Sequence[Edit]) -> list[Placed]:
    """A mark in the parts that the cuts leave of it; a passage stays whole."""
    if isinstance(placed.what, Passage):
        return [placed]
    parts = [placed]
    for cut in cuts:
        last = parts[-1]
        if last.start < cut.end and cut.start < last.end:
            parts.pop()
            if last.start < cut.start:
                parts.append(replace(last, end=cut.start))
            if cut.end < last.end:
                parts.append(replace(last, start=cut.end))
            if not parts:
                return parts
    return parts


def _trimmed(placed: Placed, text: str) -> Placed | None:
    """The same without white space at its ends; None where nothing is left."""
    start, end = placed.start, placed.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return replace(placed, start=start, end=end) if start < end else None


def with_inserted(rich: Rich, insertions: Sequence[tuple[int, Rich]]) -> Rich:
    """The text with others put in at the offsets (in order); marks that they cut become two."""
    edits = [Edit(at, at, put.text, splits=True) for at, put in insertions]
    text = edited(rich, edits)
    placed = list(text.placed)
    shift = 0
    for at, put in insertions:
        moved = (replace(p, start=p.start + at + shift, end=p.end + at + shift) for p in put.placed)
        placed.extend(moved)
        shift += len(put.text)
    return Rich(text.text, tuple(placed))
