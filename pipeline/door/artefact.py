"""What a published file says, read back from its bytes, and whatever in it has no place there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from pipeline.safe import frame

STRUCTURE = "not on the allow-list"
UNREADABLE = "cannot be read"

Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file taken apart: the report's text, the lines around it, and what may not be there.

    `text` is the report's own text as the file has it; `around` every other string that a
    reader or a program can meet; `headings` the lines of the contents; `problems` are (where,
    form), never content.
    """

    text: str
    around: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


_PAGE_PLACES = ("header", "nav", "main", "footer", "title", "style")
_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li div table thead tbody tr th td blockquote br header nav main"
    " footer".split()
)
_VOID = frozenset(("meta", "br"))
# Every tag that an export may have, and for each attribute the only values that it may take.
_ALLOWED: dict[str, dict[str, str]] = {
    "html": {"lang": "en-GB"},
    "head": {},
    "meta": {
        "charset": "utf-8",
        "name": "viewport|robots",
        "content": r"width=device-width, initial-scale=1|noindex"
        r"|default-src 'none'; style-src 'unsafe-inline'",
        "http-equiv": "Content-Security-Policy",
    },
    "title": {},
    "style": {},
    "body": {},
    "a": {"class": "skip", "href": r"#(?:report|h\d{1,5})"},
    "div": {
        "id": r"p\d{1,5}",
        "class": "page|table",
        "role": "region",
        "aria-label": r"Table \d{1,4}",
        "tabindex": "0",
    },
    "header": {},
    "nav": {"aria-labelledby": "contents"},
    "main": {"id": "report", "tabindex": "-1"},
    "footer": {},
    "p": {"class": "draft|note|footnote", "role": "note", "id": r"p\d{1,5}"},
    "span": {"class": "swap|number|mark", "aria-hidden": "true"},
    "ol": {},
    "ul": {},
    "li": {"class": "deeper|plain|deeper plain", "id": r"p\d{1,5}"},
    "blockquote": {"id": r"p\d{1,5}"},
    "table": {},
    "thead": {},
    "tbody": {},
    "tr": {},
    "td": {},
    "th": {"scope": "col|row"},
    "br": {},
    **{f"h{n}": {"id": r"h\d{1,5}|contents"} for n in range(1, 7)},
}


class Strict(HTMLParser):
    """Reads markup strictly: what is not allowed, or not closed, is a problem.

    `allowed` has every tag that there may be, and for each attribute the only values of it.
    """

    def __init__(self, allowed: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed = allowed
        self.open: list[str] = []
        self.problems: list[Problem] = []

    def handle_endtag(self, tag: str) -> None:
        """An end must be that of the last tag that is open."""
        if not self.open or self.open.pop() != tag:
            self.refuse()

    def handle_comment(self, data: str) -> None:
        """No comment has a place."""
        self.refuse()

    def handle_decl(self, decl: str) -> None:
        """One declaration, at the very start."""
        if decl != "DOCTYPE html" or self.getpos() != (1, 0):
            self.refuse()

    def handle_pi(self, data: str) -> None:
        """No instruction has a place."""
        self.refuse()

    def unknown_decl(self, data: str) -> None:
        """No other declaration has a place."""
        self.refuse()

    def refuse(self) -> None:
        """What stands here has no place."""
        line, column = self.getpos()
        self.problems.append((f"line {line}, column {column}", STRUCTURE))

    def check(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        """Refuse a tag that is not allowed, or that has an attribute twice or of another value.

        Whether its attributes were looked at.
        """
        allowed = self.allowed.get(tag)
        if allowed is None or len({name for name, _ in attrs}) != len(attrs):
            self.refuse()
            return False
        for name, value in attrs:
            if not re.fullmatch(allowed.get(name, "(?!)"), value or ""):
                self.refuse()
        return True

    def end(self) -> tuple[Problem, ...]:
        """The problems of the whole, once it is read to its end."""
        self.close()
        unclosed = bool(self.open or self.rawdata)
        return (*self.problems, *((("end of file", STRUCTURE),) if unclosed else ()))


class _Page(Strict):
    """A report's page: its text by the part of the page in which it stands."""

    def __init__(self) -> None:
        super().__init__(_ALLOWED)
        self.place = ""
        self.texts: dict[str, list[str]] = {place: [] for place in (*_PAGE_PLACES, "")}
        self.entries: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.check(tag, attrs)
        if tag in _BLOCKS:
            self.texts[self.place].append("\n")
        if tag not in _VOID:
            self.open.append(tag)
        if tag in _PAGE_PLACES:
            self.place = tag
        if tag == "a" and self.place == "nav":
            self.entries.append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.refuse()

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag in _BLOCKS:
            self.texts[self.place].append("\n")
        if tag in _PAGE_PLACES:
            self.place = ""

    def handle_data(self, data: str) -> None:
        if self.place == "nav" and self.open and self.open[-1] == "a":
            self.entries[-1].append(data)
        else:
            self.texts[self.place].append(data)


def _lines(parts: Iterable[str]) -> tuple[str, ...]:
    lines = "".join(parts).split("\n")
    return tuple(line.strip() for line in lines if line.strip())


def of_html(data: bytes, *, draft: bool) -> Reading:
    """An HTML page taken apart; its style must be ours to the letter."""
    page = _Page()
    page.feed(data.decode("utf-8"))
    problems = list(page.end())
    if "".join(page.texts["style"]) != frame.style(draft=draft):
        problems.append(("style", STRUCTURE))
    if page.texts["nav"] and _lines(page.texts["nav"]) != (frame.CONTENTS,):
        problems.append(("contents", STRUCTURE))
    around = [
        line for place in ("title", "header", "footer", "") for line in _lines(page.texts[place])
    ]
    return Reading(
        text="".join(page.texts["main"]),
        around=tuple(around),
        headings=tuple("".join(entry) for entry in page.entries),
        problems=tuple(problems),
    )


def of_lines(data: bytes, top: int) -> Reading:
    """A text or Markdown file: `top` paragraphs of the frame, then the report."""
    parts = data.decode("utf-8").split("\n\n", top)
    if len(parts) != top + 1:
        return Reading("", problems=(("top", STRUCTURE),))
    return Reading(parts[-1], around=tuple(parts[:-1]))


class _RepeatedError(ValueError):
    """A JSON object has one key twice, so that programs may read different values."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise _RepeatedError
    return dict(pairs)


@dataclass(slots=True)
class _Strings:
    """The keys and strings of a JSON value."""

    keys: set[str] = field(default_factory=set)
    values: list[str] = field(default_factory=list)

    def take(self, value: object) -> None:
        """Collect from a value and everything inside it."""
        if isinstance(value, str):
            self.values.append(value)
        elif isinstance(value, dict):
            self.keys.update(value)
            for inner in value.values():
                self.take(inner)
        elif isinstance(value, list):
            for inner in value:
                self.take(inner)


def of_json(data: bytes, keys: frozenset[str]) -> tuple[object, Reading]:
    """A JSON file: its value, and a reading whose `around` are its keys and strings.

    A key that is not among `keys` is a problem, and so is a key given twice.
    """
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None, Reading("", problems=(("file", UNREADABLE),))
    strings = _Strings()
    strings.take(value)
    unknown = sorted(strings.keys - keys)
    problems = tuple(("key", STRUCTURE) for _ in unknown)
    return value, Reading("", around=(*strings.values, *unknown), problems=problems)
