"""Drafts of blocks in reading order become a Document with one canonical text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.raw import recase
from pipeline.raw.document import Block, Document, Place, Unread, UnreadKind
from pipeline.raw.readers import disguises, language, misread, repair
from pipeline.span import BlockKind, OffsetMap, Piece, Span

READER = "candour-reader-3"
_ALNUM = re.compile(r"[^\W_]")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# The dots of a list of contents, before a page's number or at a line's end.
_NUMBERED = r"(?=[ \u00a0]*(?:(?:\d{1,4}|[ivxl]{1,6})(?:\s|$)|$))"
_LEADERS = rf"[ \u00a0]*(?:(?:\.[ \u00a0]?){{5,}}|…{{2,}}){_NUMBERED}"
# White space that is not one plain space, ligatures, control characters (never text; they
# break XML and HTML), lone surrogates and non-characters (cannot be written as UTF-8 or XML).
_ODD = re.compile(
    rf"{_LEADERS}|\s{{2,}}|[^\S ]|[ﬀ-ﬆ]|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
    r"|[\ud800-\udfff\ufffe\uffff]"
)
# Plain signs with single spaces between, in which only leaders can be odd.
_SIGN = r"[!-~\xa1-\xac\xae-\u017f\u2010-\u2015\u2018-\u201e\u2022]"
_USUAL = re.compile(rf" ?{_SIGN}+(?: {_SIGN}+)* ?")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a line stands: its page and its box, in points from the page's left and top edge."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some text, and where its first code point stands in the decoded file.

    `source` is None for what was put in, and in formats that have no decoded text; `spot` is its
    place on the page, where the format has pages; `unsure` says that it was recognised from a
    picture.
    """

    text: str
    source: int | None = None
    spot: Spot | None = None
    unsure: bool = False

    def part(self, start: int, end: int | None = None) -> Stretch:
        """The stretch from one of its code points to another, its places moved along.

        >>> Stretch("12 Visit", 40).part(3)
        Stretch(text='Visit', source=43, spot=None, unsure=False)
        """
        size = len(self.text)
        end = size if end is None else end
        if start == 0 and end == size:
            return self
        where = None if self.source is None else self.source + start
        spot = self.spot
        if spot is not None and size:
            step = (spot.right - spot.left) / size
            left, right = spot.left + start * step, spot.left + end * step
            spot = Spot(spot.page, left, spot.top, right, spot.bottom)
        return Stretch(self.text[start:end], where, spot, self.unsure)

    def saying(self, text: str) -> Stretch:
        """Another text in the place of this one."""
        return Stretch(text, self.source, self.spot, self.unsure)


Seen = tuple[UnreadKind, int | None, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """One block before it has a place: `parts` are its text; a table has `rows` instead.

    Furniture keeps its text and gets no place in the canonical text. `seen` is what was not read
    of it: a picture that stands there, a language. `asides` stand right behind a cell, by its row
    and column, and are none of its value: the sign of a note.
    """

    kind: BlockKind
    parts: tuple[Stretch, ...]
    page: int = 1
    number: str | None = None
    level: int | None = None
    rows: tuple[tuple[tuple[Stretch, ...], ...], ...] = ()
    seen: tuple[Seen, ...] = ()
    asides: tuple[tuple[int, int, Stretch], ...] = ()

    @property
    def text(self) -> str:
        """The text of the draft, white space as it came."""
        return "".join(part.text for part in self.parts)


def unread_list(
    seen: Iterable[Seen], spans: Iterable[tuple[Seen, Span | None]] = ()
) -> tuple[Unread, ...]:
    """The list of what was not read, with ids that are the same for the same file.

    >>> [u.id for u in unread_list([(UnreadKind.PICTURE, 2, "A picture.")])]
    ['picture-2-1']
    """
    counts: dict[str, int] = {}
    made = []
    for (what, page, reason), span in [*((one, None) for one in seen), *spans]:
        stem = f"{what.value}-{page or 0}"
        counts[stem] = counts.get(stem, 0) + 1
        made.append(Unread(f"{stem}-{counts[stem]}", what, page, reason, span))
    return tuple(made)


def _clean(part: Stretch) -> Iterable[Stretch]:
    """The stretch as it is meant to read: damage mended, then evened out."""
    at = 0
    # Every second stretch is the space between two lines.
    if part.text == " ":
        yield part
        return
    for start, end, new in _mends(part.text):
        if start > at:
            yield from _even(part.part(at, start))
        for piece in _mended(
            part.part(start, end), new, inside=part.text[start - 1 : start].isalnum()
        ):
            yield from _even(piece)
        at = end
    yield from _even(part.part(at) if at else part)


def _mends(text: str) -> list[tuple[int, int, str]]:
    """What is damaged or disguised in a text; where both claim a place, damage has it."""
    damaged = list(repair.mends(text))
    disguised = list(disguises.mends(text))
    if not damaged or not disguised:
        return damaged or disguised
    starts = [start for start, _, _ in damaged]
    free = (
        one
        for one in disguised
        if all(
            end <= one[0] or start >= one[1]
            for start, end, _ in damaged[
                max(0, bisect_left(starts, one[0]) - 1) : bisect_left(starts, one[1])
            ]
        )
    )
    return sorted([*damaged, *free])


def _mended(old: Stretch, new: str, *, inside: bool) -> Iterable[Stretch]:
    """The mended text: its first sign leads to the first of the old ones, its last to the last.

    A single sign inside a word, where no span starts, leads to the last.
    """
    if not new:
        return
    last = old.part(len(old.text) - 1).saying(new[-1])
    if len(new) > 1:
        yield old.saying(new[0])
        yield replace(old.saying(new[1:-1]), source=None)
    yield last if len(new) > 1 or inside else old.saying(new)


def _even(part: Stretch) -> Iterable[Stretch]:
    """The stretch with single spaces, ligatures spelled out and control characters gone."""
    at = 0
    text = part.text
    # Nearly all lines: to see that nothing is odd takes a tenth of the time so.
    if _USUAL.fullmatch(text) is not None and ".." not in text and ". ." not in text:
        yield part
        return
    for odd in _ODD.finditer(text):
        if odd.start() > at:
            yield part.part(at, odd.start())
        found, here = odd.group(), part.part(odd.start(), odd.end())
        if found[0] in _LIGATURES:
            spelled = _LIGATURES[found[0]]
            # The first letter stands for the ligature, the others lean on it.
            yield here.saying(spelled[0])
            yield replace(here.saying(spelled[1:]), source=None)
        elif found.isspace() or found.lstrip()[0] in ".…":
            yield here.saying(" ")
        elif "\ud800" <= found <= "\udfff":
            yield here.saying("\ufffd")
        at = odd.end()
    if at < len(text):
        yield part.part(at)


class _Canvas:
    """The canonical text while it grows, with its pieces and places."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._pieces: list[Piece] = []
        self.places: list[Place] = []
        self.unsure: list[Span] = []
        self.length = 0

    def put(self, part: Stretch) -> None:
        """Adds a stretch at the end."""
        if not part.text:
            return
        if part.source is not None:
            self._add(Piece(self.length, part.source, len(part.text)))
        if part.spot is not None and part.text.strip():
            self._stand(part.spot, len(part.text))
        if part.unsure:
            last = self.unsure[-1] if self.unsure else None
            joins = last is not None and self.length - last.end <= 1
            start = self.unsure.pop().start if joins else self.length
            self.unsure.append(Span(start, self.length + len(part.text)))
        self._texts.append(part.text)
        self.length += len(part.text)

    def _stand(self, spot: Spot, length: int) -> None:
        """Notes where a stretch stands; with what stands before it on its line, as one."""
        start = self.length
        last = self.places[-1] if self.places else None
        same = (
            last is not None
            and start - last.start - last.length <= 1
            and (last.page, last.top, last.bottom) == (spot.page, spot.top, spot.bottom)
            # Cells of a row stand at one height, each in a place of its own.
            and self._texts[-1] not in ("\t", "\n")
        )
        if last is not None and same:
            self.places[-1] = replace(last, length=start + length - last.start, right=spot.right)
        else:
            box = (spot.left, spot.top, spot.right, spot.bottom)
            self.places.append(Place(start, length, spot.page, *box))

    def _add(self, new: Piece) -> None:
        last = self._pieces[-1] if self._pieces else None
        joins = (
            last is not None
            and last.start + last.length == new.start
            and last.source + last.length == new.source
        )
        if last is not None and joins:
            self._pieces[-1] = Piece(last.start, last.source, last.length + new.length)
        else:
            self._pieces.append(new)

    def write(self, parts: Iterable[Stretch]) -> Span | None:
        """Adds a block or a cell without white space at its ends; None where nothing is left."""
        start = self.length
        waiting: Stretch | None = None
        for part in (piece for raw in parts for piece in _clean(raw)):
            text = part.text
            lead = len(text) - len(text.lstrip(" "))
            if lead and waiting is None:
                waiting = part.part(0, 1)
            body = text.strip(" ")
            if not body:
                continue
            if waiting is not None and self.length > start:
                self.put(waiting)
            end = lead + len(body)
            self.put(part.part(lead, end))
            waiting = part.part(end, end + 1) if end < len(text) else None
        return Span(start, self.length) if self.length > start else None

    def finished(self) -> tuple[str, OffsetMap]:
        """The text and its map."""
        return "".join(self._texts), OffsetMap(tuple(self._pieces))


@dataclass(frozen=True, slots=True)
class _Placed:
    draft: Draft
    span: Span | None
    rows: tuple[tuple[Span | None, ...], ...] = ()


def _place_table(canvas: _Canvas, draft: Draft) -> _Placed:
    start = canvas.length
    asides = {(row, column): part for row, column, part in draft.asides}
    rows = []
    for index, row in enumerate(draft.rows):
        if index:
            canvas.put(Stretch("\n"))
        cells = []
        for column, cell in enumerate(row):
            if column:
                canvas.put(Stretch("\t"))
            cells.append(canvas.write(cell))
            if aside := asides.get((index, column)):
                canvas.put(Stretch(" "))
                canvas.put(aside)
        rows.append(tuple(cells))
    return _Placed(draft, Span(start, canvas.length), tuple(rows))


def _place(canvas: _Canvas, draft: Draft) -> _Placed | None:
    if draft.kind is BlockKind.FURNITURE:
        return _Placed(draft, None) if draft.text.strip() else None
    filled = any(s.text.strip() for row in draft.rows for cell in row for s in cell)
    if not filled and not any(_has_text(part.text) for part in draft.parts):
        return None
    if canvas.length:
        canvas.put(Stretch("\n\n"))
    if draft.rows:
        return _place_table(canvas, draft)
    return _Placed(draft, canvas.write(draft.parts))


def _has_text(text: str) -> bool:
    # Most blocks have letters: only what is left of signs alone has to be cleaned to be seen.
    return _ALNUM.search(text) is not None or any(
        part.text.strip() for part in _clean(Stretch(text))
    )


def _block(placed: _Placed, text: str) -> Block:
    draft, span = placed.draft, placed.span
    said = " ".join(draft.text.split()) if span is None else span.of(text)
    number, level = draft.number, draft.level
    spot = draft.parts[0].spot if span is None and draft.parts else None
    box = None if spot is None else (spot.left, spot.top, spot.right, spot.bottom)
    return Block(draft.kind, said, draft.page, span, number, level, placed.rows, box)


def document(
    drafts: Sequence[Draft],
    *,
    sha256: str,
    media: str,
    pages: int,
    reader: str = READER,
    seen: Sequence[Seen] = (),
    margins: Sequence[str] = (),
    source_text: str | None = None,
) -> Document:
    """Puts drafts, in reading order, together into a Document (invariants: raw/document.py)."""
    canvas = _Canvas()
    tried = [(draft, _place(canvas, draft)) for draft in drafts]
    placed = [p for _, p in tried if p is not None]
    lost = [one for draft, p in tried if p is None for one in draft.seen]
    if turned := [d.page for d in drafts if any(disguises.turns(p.text) for p in d.parts)]:
        lost.append((UnreadKind.ENCODING, turned[0], disguises.TURNED))
    text, origins = canvas.finished()
    if text and not canvas.unsure and misread.is_misread(text):
        canvas.unsure.append(Span(0, len(text)))
        lost.append((UnreadKind.SCAN, 1, misread.REASON))
    blocks = tuple(_block(p, text) for p in placed)
    stood = [(one, p.span) for p in placed for one in p.draft.seen]
    for stretch in recase.of_one_case(text)[:1]:
        stood.append(((UnreadKind.LANGUAGE, 1, recase.ONE_CASE), stretch))
    for one in [p for p in placed if disguises.mixes(p.draft.text)][:1]:
        stood.append(((UnreadKind.LANGUAGE, one.draft.page, disguises.ALIKE), one.span))
    return Document(
        source_sha256=sha256,
        media=media,
        reader=reader,
        pages=pages,
        text=text,
        blocks=blocks,
        unread=unread_list([*seen, *lost], [*stood, *language.found(blocks, text)]),
        margins=tuple(dict.fromkeys(m.strip() for m in margins if m.strip())),
        source_text=source_text,
        origins=None if source_text is None else origins,
        places=tuple(canvas.places),
        uncertain=tuple(canvas.unsure),
    )
