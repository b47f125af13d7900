"""A review's items made ready for the page: what is put in, moved or set in an odd way.

PDF and Word are made of the same pieces, so one truth holds for both.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pipeline.training import piece_tables
from pipeline.training.flaws import Flaws
from pipeline.training.report import Item, Report
from pipeline.training.rich import Edit, Passage, Rich, edited
from pipeline.training.truth import Known, known, single

_AFTER_YEAR = "mark of a note after a year"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?=[ ,;])")


@dataclass(frozen=True, slots=True)
class Piece:
    """An item and how it stands on the page.

    `how` is "box" (beside the text or between), "columns", "landscape", "rotated", "narrow", "cut"
    or "borderless"; `note` is the mark of the footnote that follows and `at` where it stands.
    """

    item: Item
    artefact: str = ""
    how: str = ""
    note: str = ""
    at: int = -1

    @property
    def block(self) -> Known | None:
        """The block that the piece should be read as; None where nothing stands there."""
        if self.item.kind in ("break", "blank"):
            return None
        block = known(self.item, artefact=self.artefact, free=self.how == "box")
        if not self.note:
            return block
        at = len(block.text) - len(single(self.item.text.text)) + self.at
        text = block.text
        said = f"{text} {self.note}" if self.at < 0 else f"{text[:at]} {self.note}{text[at:]}"
        return replace(block, text=said)


_Change = Callable[[random.Random, Report, list[Piece]], list[Piece]]


def _noted(items: Iterable[Item]) -> list[Piece]:
    """The items as pieces; a footnote's mark is on the piece before it."""
    made: list[Piece] = []
    for item in items:
        if item.kind == "footnote" and made:
            made[-1] = replace(made[-1], note=item.number)
        made.append(Piece(item))
    return made


def _body(made: list[Piece], kind: str = "paragraph") -> list[int]:
    """Where the pieces of a kind stand, after the first heading and in no odd place."""
    first = next((n for n, p in enumerate(made) if p.item.kind == "heading"), len(made))
    return [n for n in range(first, len(made)) if made[n].item.kind == kind and not made[n].how]


def _between(made: list[Piece]) -> list[int]:
    """Where something may be put in: before a paragraph, and no footnote is cut off."""
    return [n for n in _body(made) if made[n - 1].item.kind == "paragraph" and not made[n - 1].note]


def _put(rng: random.Random, made: list[Piece], put: list[Piece]) -> list[Piece]:
    places = _between(made) or [len(made)]
    at = rng.choice(places)
    return [*made[:at], *put, *made[at:]]


def _repository(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    """The first page that a repository of reviews puts before its copies, and an empty one."""
    del rng
    name = "repository page"
    lines = [
        Item("cover", Rich.of("Title: ") + report.header),
        Item("cover", Rich.of(f"LSCB: {report.world.orgs['board'].full}")),
        Item("cover", Rich.of(f"Author: {report.world.people['author'].full}")),
        Item("cover", Rich.of(f"Date of publication: {report.world.year}")),
        Item("cover", Rich.of("This copy is held by the repository for the use of members.")),
    ]
    put = [Piece(item, name) for item in lines]
    return [*put, Piece(Item("break")), Piece(Item("blank"), name), Piece(Item("break")), *made]


def _long_headings(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    del report
    tails = (
        ", and what the agencies knew and did in the two years before the events of this review",
        ": what was asked of each of the services, and what they were able to say in their answers",
    )
    for n in _body(made, "heading"):
        text = made[n].item.text
        if made[n].item.level == 1 and len(text.text) < 60 and rng.random() < 0.5:
            item = replace(made[n].item, text=text + Rich.of(rng.choice(tails)))
            made[n] = replace(made[n], item=item, artefact="two-line headings")
    return made


def _numbered(made: list[Piece]) -> list[int]:
    return [n for n in _body(made) if re.fullmatch(r"[\d.-]+", made[n].item.number)]


def _doubled(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    del report
    for n in rng.sample(_numbered(made), min(2, len(_numbered(made)))):
        number = made[n].item.number
        item = replace(made[n].item, number=f"{number} {number}")
        made[n] = replace(made[n], item=item, artefact="doubled number")
    return made


def _skipped(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    """From one paragraph to the end of its section the last part of the number is one too high."""
    del report
    places = _numbered(made)
    if not places:
        return made
    first = rng.choice(places)
    stem = re.sub(r"\d+$", "", made[first].item.number)
    for n in places:
        number = made[n].item.number
        if n >= first and re.sub(r"\d+$", "", number) == stem:
            last = int(number.removeprefix(stem)) + 1
            item = replace(made[n].item, number=f"{stem}{last}")
            made[n] = replace(made[n], item=item, artefact="skipped number")
    return made


def _after_year(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    """Notes whose mark stands in the middle of a sentence, right after a year."""
    del rng, report
    years = [n for n in _body(made) if _YEAR.search(made[n].item.text.text)]
    for n in [n for n, p in enumerate(made) if p.item.kind == "footnote"]:
        place = next((y for y in years if y > n), None)
        if place is None or made[n - 1].note == "" or made[place].note:
            continue
        found = _YEAR.search(made[place].item.text.text)
        following = [p for p in made[n + 1 : place] if p.item.kind == "footnote"]
        if found is None or following:
            continue
        marked = replace(
            made[place], note=made[n].item.number, at=found.end(), artefact=_AFTER_YEAR
        )
        note = made[n]
        made[n - 1] = replace(made[n - 1], note="", at=-1)
        made = [*made[:n], *made[n + 1 : place], marked, note, *made[place + 1 :]]
        years = [y for y in years if y > place]
    return made


def _long_notes(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    """Notes that take several lines at the foot of their page."""
    del rng, report
    more = (
        " The document was seen by the reviewer in its final form; an earlier form, which differs"
        " in two places from the one that staff were working from at the time, was not kept."
    )
    for n, piece in enumerate(made):
        if piece.item.kind == "footnote":
            item = replace(piece.item, text=piece.item.text + Rich.of(more))
            made[n] = replace(piece, item=item, artefact="long notes")
    return made


def _box(name: str) -> Item:
    said = (
        "Learning point: an account that is taken from one adult only is half of an account."
        if name == "box beside"
        else "Ask yourself: whose voice is missing from the record, and who might give it? What "
        "would have to be true for the child to be safe tonight?"
    )
    return Item("paragraph", Rich.of(said), passage=Passage("learning"))


def _boxes(name: str) -> _Change:
    def change(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
        del report
        long = [n for n in _between(made) if len(made[n].item.text.text) > 240]
        if name == "box beside" and long:
            at = rng.choice(long)
            made[at] = replace(made[at], artefact=name, how="beside")
            return [*made[:at], Piece(_box(name), name, "box"), *made[at:]]
        return _put(rng, made, [Piece(_box(name), name, "box")])

    return change


def _columns(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    """A section of the report in two columns."""
    del rng, report
    heads = [n for n in _body(made, "heading") if made[n].item.level == 1]
    for first, after in zip(heads, [*heads[1:], len(made)], strict=True):
        part = made[first + 1 : after]
        kinds = {p.item.kind for p in part}
        if len(part) >= 4 and kinds <= {"paragraph", "bullet"} and not any(p.note for p in part):
            for n in range(first + 1, after):
                made[n] = replace(made[n], artefact=made[n].artefact or "columns", how="columns")
            return made
    return made


def _tables(name: str) -> _Change:
    def change(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
        item = piece_tables.table(rng, report, name)
        how = {"landscape page": "landscape", "rotated page": "rotated"}.get(name, "")
        how = {"narrow cells": "narrow", "words cut in cells": "cut"}.get(name, how)
        how = {"borderless table": "borderless"}.get(name, how)
        return _put(rng, made, [Piece(item, name, how)])

    return change


def _blank(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    del report
    end = Piece(Item("break"))
    words = Item("blank", Rich.of("This page is intentionally left blank"))
    return _put(rng, made, [end, Piece(words, "blank page"), end])


def _contact(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    """A last page that says where the board is to be found."""
    del rng
    world, name = report.world, "contact page"
    lines = (
        world.orgs["board"].full,
        "Civic Centre, 2 Market Square",
        "Telephone: 01632 960123",
        "Email: board@example.org",
        "www.example.org/safeguarding",
    )
    put = [Piece(Item("cover", Rich.of(line)), name) for line in lines]
    return [*made, Piece(Item("break")), *put]


def _mojibake(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    """Some apostrophes as they look where a file was read in another encoding."""
    del report
    for n in _body(made):
        text = made[n].item.text
        if "’" in text.text and made[n].at < 0 and rng.random() < 0.4:
            edits = [Edit(m.start(), m.end(), "â€™") for m in re.finditer("’", text.text)]
            item = replace(made[n].item, text=edited(text, edits))
            made[n] = replace(made[n], item=item, artefact="mojibake")
    return made


def _wide(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
    """Double and treble spaces in the text."""
    del report
    for n in _body(made):
        text = made[n].item.text
        if made[n].at >= 0:
            continue
        places = [m for m in re.finditer(r"(?<=\w) (?=\w)", text.text) if rng.random() < 0.1]
        edits = [Edit(m.start(), m.end(), rng.choice(("  ", "   "))) for m in places]
        if edits:
            item = replace(made[n].item, text=edited(text, edits))
            made[n] = replace(made[n], item=item, artefact=made[n].artefact or "wide spaces")
    return made


def _as(name: str, kind: str) -> _Change:
    """Says of all pieces of a kind that they are set in an odd way."""

    def change(rng: random.Random, report: Report, made: list[Piece]) -> list[Piece]:
        del rng, report
        return [replace(p, artefact=p.artefact or name) if p.item.kind == kind else p for p in made]

    return change


_CHANGES: tuple[tuple[str, _Change], ...] = (
    ("two-line headings", _long_headings),
    ("doubled number", _doubled),
    ("skipped number", _skipped),
    ("long notes", _long_notes),
    (_AFTER_YEAR, _after_year),
    ("mojibake", _mojibake),
    ("wide spaces", _wide),
    ("columns", _columns),
    ("box beside", _boxes("box beside")),
    ("box between", _boxes("box between")),
    ("table over pages", _tables("table over pages")),
    ("merged cells", _tables("merged cells")),
    ("empty cells", _tables("empty cells")),
    ("narrow cells", _tables("narrow cells")),
    ("words cut in cells", _tables("words cut in cells")),
    ("borderless table", _tables("borderless table")),
    ("landscape page", _tables("landscape page")),
    ("rotated page", _tables("rotated page")),
    ("blank page", _blank),
    ("contents in columns", _as("contents in columns", "contents")),
    ("cover scrambled", _as("cover scrambled", "title")),
    ("bullets in a symbol font", _as("bullets in a symbol font", "bullet")),
    ("bullets of private use", _as("bullets of private use", "bullet")),
    ("bullets without a meaning", _as("bullets without a meaning", "bullet")),
    ("repository page", _repository),
    ("contact page", _contact),
)


def pieces(report: Report, flaws: Flaws) -> tuple[Piece, ...]:
    """The pieces of a review in order, with what the flaws ask for."""
    rng = random.Random(f"pieces/{report.id}/{report.stem}")
    made = _noted(report.items)
    for name, change in _CHANGES:
        if name in flaws:
            made = change(rng, report, made)
    return tuple(made)
