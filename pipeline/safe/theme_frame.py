"""A researcher's own frame of themes: a table (CSV) or a REFI-QDA codebook (.qdc), with checks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.safe.lesson import Theme

if TYPE_CHECKING:
    from lxml.etree import _Element

CODEBOOK = "urn:QDA-XML:codebook:1.0"
LARGEST = 4_000_000  # bytes of a file
MOST = 500  # themes of a frame
LONGEST = 4000  # signs of a cell
OWN_GROUP = "frame"
COLUMNS = ("code", "name", "definition", "group", "cues", "exclude", "examples")
_NEEDED = ("code", "name")
_LISTS = ("cues", "exclude", "examples")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,23}")
_LEADING = re.compile(r"([A-Z]{1,3}\d{1,3})\s*[:.–-]?\s+(?=\S)")
_REST = " No theme was set. "
_NOT_READ = (
    "The frame of themes cannot be read: it is no table (CSV) in UTF-8 and no REFI-QDA codebook "
    "(.qdc)." + _REST + "Save it as one of the two and try again."
)
_TOO_LARGE = (
    "The frame of themes is too large: at most 500 themes, 4,000 signs a cell and 4 MB." + _REST
) + "Take out what is no theme and try again."
_COLUMNS_WRONG = (
    "The first line of the frame must name its columns: code and name, and if you like "
    "definition, group, cues, exclude and examples." + _REST + "Mend the first line and try again."
)
_NO_THEMES = "The frame holds no theme." + _REST + "Add a line or a code for each and try again."
_DOCTYPE = (
    "The codebook declares a document type, which a codebook has no use for." + _REST
) + "Export it again from the program that made it."


def _line(number: int, what: str) -> UsageError:
    return UsageError(f"Line {number} of the frame {what}{_REST}Mend that line and try again.")


def read(path: Path) -> tuple[Theme, ...]:
    """The themes of a frame in the order in which it lists them.

    In a table, cues, exclude and examples are phrases with semicolons between them; a star at
    the end of a word stands for any ending. UsageError says which line is wrong, and why.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(_NOT_READ) from error
    if len(data) > LARGEST:
        raise UsageError(_TOO_LARGE)
    if path.suffix.lower() == ".qdc" or data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return from_qdc(data)
    return from_csv(data)


def from_csv(data: bytes) -> tuple[Theme, ...]:
    r"""The themes of a table.

    >>> from_csv(b"code,name,cues\nX1,Sharing,told nobody; kept back*\n")[0].cues
    ('\\btold nobody\\b', '\\bkept back\\w*')
    """
    try:
        text = data.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(_NOT_READ) from error
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    if len(set(head)) != len(head) or not set(_NEEDED) <= set(head) or set(head) - set(COLUMNS):
        raise UsageError(_COLUMNS_WRONG)
    made: list[Theme] = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            raise _line(number, "has another number of cells than the first line.")
        made.append(_theme(number, dict(zip(head, (c.strip() for c in cells), strict=True))))
    return _checked(made)


def _theme(number: int, row: dict[str, str]) -> Theme:
    if any(len(cell) > LONGEST for cell in row.values()):
        raise UsageError(_TOO_LARGE)
    if not _CODE.fullmatch(row["code"]):
        raise _line(
            number,
            "has no code that can be used: a letter, then letters, digits, dots, hyphens or "
            "underscores, 24 at most.",
        )
    if not row["name"]:
        raise _line(number, "has no name.")
    lists = {name: tuple(_phrases(row.get(name, ""))) for name in _LISTS}
    if any(len(phrase) < 3 for phrase in (*lists["cues"], *lists["exclude"])):
        raise _line(number, "has a cue of fewer than three signs, which would match everywhere.")
    return Theme(
        code=row["code"],
        name=_name(row["name"]),
        title=row["name"],
        group=row.get("group") or OWN_GROUP,
        definition=row.get("definition", ""),
        cues=tuple(_pattern(phrase) for phrase in lists["cues"]),
        exclude=tuple(_pattern(phrase) for phrase in lists["exclude"]),
        examples=lists["examples"],
    )


def _phrases(cell: str) -> Iterator[str]:
    for phrase in cell.split(";"):
        if phrase.strip(" *"):
            yield " ".join(phrase.split())


def _pattern(phrase: str) -> str:
    """A phrase as a pattern: whole words, in any case; a star stands for any ending."""
    words = [
        re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word)
        for word in phrase.split()
    ]
    first = r"\b" if phrase[0].isalnum() else ""
    last = r"\b" if phrase[-1].isalnum() else ""
    return first + " ".join(words) + last


def _name(title: str) -> str:
    return re.sub(r"\W+", "_", title.lower()).strip("_")[:60] or "theme"


def from_qdc(data: bytes) -> tuple[Theme, ...]:
    """The themes of a REFI-QDA codebook (urn:QDA-XML:codebook:1.0), nested codes too.

    A code that cannot be used for coding is a group. A name may begin with a short code ("B1
    Neglect"); without one, codes are counted Q1, Q2 and so on.
    """
    from lxml import etree

    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UsageError(_DOCTYPE)
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UsageError(_NOT_READ) from error
    if root is None or root.tag != f"{{{CODEBOOK}}}CodeBook":
        raise UsageError(_NOT_READ)
    made: list[Theme] = []
    for codes in root.findall(f"{{{CODEBOOK}}}Codes"):
        for code in codes.findall(f"{{{CODEBOOK}}}Code"):
            _walk(code, OWN_GROUP, made)
    return _checked(made)


def _walk(code: _Element, group: str, made: list[Theme]) -> None:
    """The themes of a code and of those below it, without recursion that a file could deepen."""
    waiting = [(code, group)]
    while waiting:
        one, above = waiting.pop(0)
        title = " ".join(one.get("name", "").split())
        if not title:
            raise UsageError(_NOT_READ)
        said = one.find(f"{{{CODEBOOK}}}Description")
        definition = " ".join((said.text or "").split()) if said is not None else ""
        if max(len(title), len(definition)) > LONGEST or len(made) >= MOST:
            raise UsageError(_TOO_LARGE)
        leading = _LEADING.match(title)
        bare = title[leading.end() :] if leading else title
        if one.get("isCodable", "true") not in ("false", "0"):
            name = leading[1] if leading else f"Q{len(made) + 1}"
            made.append(Theme(name, _name(bare), bare, above, definition, ()))
        waiting = [(below, bare) for below in one.findall(f"{{{CODEBOOK}}}Code")] + waiting


def _checked(made: list[Theme]) -> tuple[Theme, ...]:
    if not made:
        raise UsageError(_NO_THEMES)
    if len(made) > MOST:
        raise UsageError(_TOO_LARGE)
    if len({theme.code for theme in made}) != len(made):
        raise UsageError(
            "Two themes of the frame have the same code." + _REST + "Give each a code of its own."
        )
    return tuple(made)
