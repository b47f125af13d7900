"""Footnotes of a PDF: which lines they are, and behind which block each belongs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.raw.readers import hyphens
from pipeline.raw.readers.assemble import Draft, Stretch
from pipeline.raw.readers.pdf_lines import PdfLine, Sheet
from pipeline.raw.readers.pdf_type import Type
from pipeline.span import BlockKind

_START = re.compile(r"(?:\d{1,3}|[*†‡])(?=\D|$)")
_NUMBER = r"(?P<number>\d{1,3}(?:[.-]\d{1,3}){1,4}\.?)"
_BEFORE_NUMBER = re.compile(rf"(?P<sign>\d{{1,3}})\s+{_NUMBER}\s+")
_BEHIND_NUMBER = re.compile(rf"{_NUMBER}\s+(?P<sign>\d{{1,3}})\s+(?=\D)")
_LOWEST = 0.3
# In sizes of the type: what lies between the body and the notes below it.
_APART = 0.6


@dataclass(frozen=True, slots=True)
class Noted:
    """A draft, and the signs of notes that stand in it: the page and the number of each.

    A note's own draft has its page and its number.
    """

    draft: Draft
    cites: tuple[tuple[int, str], ...] = ()


def without_sign(line: PdfLine) -> tuple[PdfLine, Stretch | None]:
    """A line without a sign of a note before or right behind its number, and that sign.

    Some programs draw the sign that ends a paragraph there.
    """
    sign = line.signs[0] if line.signs else ""
    found = _BEFORE_NUMBER.match(line.text) if line.raised else _BEHIND_NUMBER.match(line.text)
    if found is None or found.group("sign") != sign or line.text.split().count(sign) != 1:
        return line, None
    text = f"{found.group('number')} {line.text[found.end() :]}"
    start = found.start("sign")
    part = line.stretch.part(start, start + len(sign))
    return replace(line, text=text, raised=False), part


def note_lines(
    sheet: Sheet, gone: set[int], held: set[int], body: Type, before: frozenset[str] = frozenset()
) -> frozenset[int]:
    """The indexes of the lines that are footnotes: small, at the foot, the first one numbered.

    Where notes are as large as the body, the number that starts them and stands raised in the
    text above them tells: raised too, or right before a letter, or below an empty stretch.
    `gone` are the lines of furniture, `held` those of tables, `before` the signs of earlier
    pages whose notes did not stand there.
    """
    standing = sorted(
        (i for i in range(len(sheet.lines)) if i not in gone and not sheet.lines[i].picture),
        key=lambda i: (sheet.lines[i].bottom, i),
    )
    found: list[int] = []
    for i in reversed(standing):
        line = sheet.lines[i]
        if i in held or not body.small(line) or line.turned or line.top < _LOWEST * sheet.height:
            break
        found.append(i)
    found.reverse()
    while found and not _START.match(sheet.lines[found[0]].text):
        found.pop(0)
    found = found or _raised(sheet, standing, held, before)
    return frozenset(found) if len(found) < len(standing) else frozenset()


def _raised(
    sheet: Sheet, standing: Sequence[int], held: set[int], before: frozenset[str]
) -> list[int]:
    """The lines from the first that starts with a raised number which the lines above cite."""
    cited = set(before)
    for place, i in enumerate(standing):
        line = sheet.lines[i]
        low = line.top >= _LOWEST * sheet.height and i not in held
        sign = line.signs[0] if line.raised else _glued(line.text)
        above = sheet.lines[standing[place - 1]] if place else line
        if not sign and line.top - above.bottom > _APART * line.size:
            sign = _spaced(line.text)
        if low and sign in cited:
            rest = standing[place:]
            return [] if held & set(rest) else list(rest)
        cited |= set(line.signs)
    return []


def _glued(text: str) -> str:
    """The number that a line starts with, with a letter right behind it."""
    sign = _START.match(text)
    return sign.group() if sign and text[sign.end() : sign.end() + 1].isalpha() else ""


def _spaced(text: str) -> str:
    """The number that a line starts with, with a capital after a space."""
    sign = _START.match(text)
    rest = text[sign.end() :] if sign else ""
    return sign.group() if sign and rest[:1] == " " and rest[1:2].isupper() else ""


def notes(sheet: Sheet, at: Sequence[int], forms: hyphens.Forms) -> list[Noted]:
    """The footnotes of a page, one draft each."""
    groups: list[list[PdfLine]] = []
    last = 0
    for line in (sheet.lines[k] for k in at):
        sign = _START.match(line.text)
        number = int(sign.group()) if sign and sign.group().isdecimal() else 0
        if not groups or (sign and (number == last + 1 or (not last and number) or not number)):
            groups.append([line])
            last = number
        else:
            groups[-1].append(line)
    return [_note(lines, forms) for lines in groups]


def _note(lines: Sequence[PdfLine], forms: hyphens.Forms) -> Noted:
    page, first = lines[0].page, lines[0].text
    sign = _START.match(first)
    number = sign.group() if sign else None
    parts = [line.stretch for line in lines]
    if number and first[len(number) : len(number) + 1].isalpha():
        start = parts[0]
        parts[:1] = [
            replace(start.part(0, len(number)), text=f"{number} "),
            start.part(len(number)),
        ]
        joined = (parts[0], *hyphens.joined(parts[1:], forms))
    else:
        joined = hyphens.joined(parts, forms)
    draft = Draft(BlockKind.FOOTNOTE, joined, page, number)
    return Noted(draft, ((page, number),) if number else ())


def woven(drafts: Sequence[Noted], found: Sequence[Noted]) -> tuple[Draft, ...]:
    """All drafts in order, each note behind the block that cites it, else at its page's end.

    A note that had no room at the foot of its page stands on the next.
    """
    made: list[Draft] = []
    cited = {cite for one in drafts for cite in one.cites}
    own = {cite for note in found for cite in note.cites}
    waiting = [_moved_on(note, cited - own) for note in found]
    for one in drafts:
        page = one.draft.page
        loose = [n for n in waiting if n.draft.page < page and not set(n.cites) & cited]
        made += _taken(waiting, loose)
        made.append(one.draft)
        for cite in one.cites:
            made += _taken(waiting, [n for n in waiting if cite in n.cites][:1])
    return (*made, *(note.draft for note in waiting))


def _moved_on(note: Noted, open_: set[tuple[int, str]]) -> Noted:
    """The note with the page that cites it, where that is the one before and had no such note."""
    cites = tuple((page - 1, sign) for page, sign in note.cites)
    return replace(note, cites=cites) if cites and set(cites) <= open_ else note


def _taken(waiting: list[Noted], notes_: Sequence[Noted]) -> list[Draft]:
    for note in notes_:
        waiting.remove(note)
    return [note.draft for note in notes_]
