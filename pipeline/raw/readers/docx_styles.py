"""Word's styles and automatic numbers: what a paragraph is, and the number that Word shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.raw.readers.docx_package import attribute, child, local, value
from pipeline.raw.readers.numbering import BULLET

_HEADING = re.compile(r"heading\s*(\d)", re.IGNORECASE)
_PLACE = re.compile(r"%(\d)")
_OFF = {"0", "false", "off", "none"}
_DEPTH = 12
_Element = etree._Element


def switched(element: _Element | None, name: str) -> bool | None:
    """Whether a toggle such as bold is on, off, or not said."""
    said = value(element, name)
    return None if said is None else said.lower() not in _OFF


class Styles:
    """The styles of a file, each with what it takes from the style it is based on."""

    def __init__(self, root: _Element | None) -> None:
        self._styles: dict[str, _Element] = {}
        self._usual: str | None = None
        for element in [] if root is None else root:
            if local(element) == "style" and (key := attribute(element, "styleId")):
                self._styles[key] = element
                usual = attribute(element, "default") in ("1", "true")
                if usual and attribute(element, "type") == "paragraph":
                    self._usual = key

    def chain(self, key: str | None) -> Iterator[_Element]:
        """A style and those it is based on; the default paragraph style where none is named."""
        key = key or self._usual
        for _ in range(_DEPTH):
            style = self._styles.get(key or "")
            if style is None:
                return
            yield style
            key = value(style, "basedOn")

    def name(self, key: str | None) -> str:
        """The style's name in small letters."""
        return next((value(s, "name") or "" for s in self.chain(key)), "").lower()

    def level(self, paragraph: _Element | None, key: str | None) -> int | None:
        """A heading's level, 1 to 9, from its outline level or its style; None for body text."""
        if self.name(key).startswith("toc"):
            return None
        for holder in (paragraph, *(child(style, "pPr") for style in self.chain(key))):
            if (said := value(holder, "outlineLvl")) and said.isdecimal():
                return int(said) + 1 if int(said) < 9 else None
        for style in self.chain(key):
            name = (value(style, "name") or "").lower()
            if found := _HEADING.fullmatch(name):
                return int(found.group(1))
            if name in ("title", "subtitle"):
                return 1 if name == "title" else 2
        return None

    def toggled(self, run: _Element | None, style: str | None, name: str) -> bool:
        """Whether a run is bold, hidden and so on, by itself, its style or its paragraph's."""
        own = child(run, "rPr")
        if (said := switched(own, name)) is not None:
            return said
        for key in (value(own, "rStyle"), style):
            for holder in self.chain(key) if key else ():
                if (said := switched(child(holder, "rPr"), name)) is not None:
                    return said
        return False

    def numbered(self, paragraph: _Element | None, key: str | None) -> tuple[str, int] | None:
        """The list and the level of a paragraph, its own or its style's."""
        list_id: str | None = None
        level: str | None = None
        for holder in (paragraph, *(child(style, "pPr") for style in self.chain(key))):
            list_id = list_id if list_id is not None else value(holder, "numPr", "numId")
            level = level if level is not None else value(holder, "numPr", "ilvl")
        if not list_id or list_id == "0":
            return None
        return list_id, int(level) if level and level.isdecimal() else -1


@dataclass(slots=True)
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    style: str | None = None
    plain: bool = False


@dataclass(slots=True)
class _List:
    """A list as it is defined: its levels, and the counters it shares with its like."""

    levels: dict[int, _Level]
    counters: dict[int, int]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbers:
    """The automatic numbers of a file; ask for each paragraph in order."""

    def __init__(self, root: _Element | None) -> None:
        self._lists: dict[str, _List] = {}
        kinds: dict[str, tuple[dict[int, _Level], dict[int, int]]] = {}
        for element in [] if root is None else root:
            if local(element) == "abstractNum":
                kinds[attribute(element, "abstractNumId") or ""] = (_levels(element), {})
        for element in [] if root is None else root:
            kind = kinds.get(value(element, "abstractNumId") or "")
            if local(element) == "num" and kind is not None:
                self._lists[attribute(element, "numId") or ""] = _list(element, *kind)

    def sign(self, list_id: str, level: int, style: str | None) -> tuple[str, bool] | None:
        """What stands before the next paragraph of a list, and whether it is a bullet."""
        made = self._lists.get(list_id)
        if made is None:
            return None
        if level < 0:
            level = next((k for k, one in made.levels.items() if style and one.style == style), 0)
        rule = made.levels.get(level)
        if rule is None or rule.format == "none":
            return None
        self._count(made, level, rule)
        if rule.format == "bullet":
            return _bullet(rule.text), True
        return _PLACE.sub(lambda found: _shown(made, found, plain=rule.plain), rule.text), False

    def _count(self, made: _List, level: int, rule: _Level) -> None:
        counters = made.counters
        if level in made.restarts:
            counters[level] = made.restarts.pop(level)
        else:
            counters[level] = counters.get(level, rule.start - 1) + 1
        for above in range(level):
            counters.setdefault(above, made.levels[above].start if above in made.levels else 1)
        for deeper in [k for k in counters if k > level]:
            one = made.levels.get(deeper)
            if one is None or one.restart is None or (one.restart > 0 and level < one.restart):
                del counters[deeper]


def _levels(element: _Element) -> dict[int, _Level]:
    found = {}
    for one in element:
        if local(one) == "lvl" and (attribute(one, "ilvl") or "").isdecimal():
            found[int(attribute(one, "ilvl") or 0)] = _level(one)
    return found


def _level(one: _Element) -> _Level:
    start, restart = value(one, "start"), value(one, "lvlRestart")
    return _Level(
        format=value(one, "numFmt") or "decimal",
        text=value(one, "lvlText") or "",
        start=_number(start, 1),
        restart=None if restart is None else _number(restart, 0),
        style=value(one, "pStyle"),
        plain=switched(one, "isLgl") is True,
    )


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isdecimal() else otherwise


def _list(element: _Element, levels: dict[int, _Level], counters: dict[int, int]) -> _List:
    made = _List(levels, counters)
    for change in element:
        if local(change) != "lvlOverride":
            continue
        at = _number(attribute(change, "ilvl"), 0)
        if (one := child(change, "lvl")) is not None:
            made.levels = {**made.levels, at: _level(one)}
        if (start := value(change, "startOverride")) is not None:
            made.restarts[at] = _number(start, 1)
    return made


def _bullet(sign: str) -> str:
    """A bullet's sign; those of symbol fonts and of private use become one plain bullet."""
    plain = sign.strip()
    if not plain or any("\ue000" <= c <= "\uf8ff" for c in plain):
        return BULLET
    return plain


def _shown(made: _List, found: re.Match[str], *, plain: bool) -> str:
    level = int(found.group(1)) - 1
    number = made.counters.get(level, 1)
    rule = made.levels.get(level)
    return written(number, "decimal" if plain or rule is None else rule.format)


def written(number: int, how: str) -> str:
    """A number as a list writes it.

    >>> [written(4, how) for how in ("decimal", "lowerLetter", "upperRoman", "decimalZero")]
    ['4', 'd', 'IV', '04']
    """
    if how in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(97 + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letter.upper() if how == "upperLetter" else letter
    if how in ("lowerRoman", "upperRoman"):
        sign = _roman(number)
        return sign if how == "upperRoman" else sign.lower()
    if how == "decimalZero":
        return f"{number:02d}"
    if how == "ordinal":
        return f"{number}{_ordinal(number)}"
    return str(number)


def _ordinal(number: int) -> str:
    if 10 < number % 100 < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _roman(number: int) -> str:
    signs: Iterable[tuple[int, str]] = (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    )
    made = ""
    for worth, sign in signs:
        while number >= worth:
            made, number = made + sign, number - worth
    return made
