"""Word's own numbers for the numbers of a review: lists that count, and where they start anew."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.training import docx_parts as parts

# Abstract lists: headings and the paragraphs under them; the same with hyphens; paragraphs that
# are counted through the report; bullets of two kinds.
_DOTS, _HYPHENS, _THROUGH, _BULLETS, _SYMBOLS = 1, 2, 3, 4, 5


def _level(number: int, form: str, text: str, look: str = "") -> str:
    left = 560 + 280 * number
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="560"/></w:pPr>{look}</w:lvl>'
    )


def _abstract(number: int, levels: str) -> str:
    kind = '<w:multiLevelType w:val="multilevel"/>'
    return f'<w:abstractNum w:abstractNumId="{number}">{kind}{levels}</w:abstractNum>'


_SYMBOL_FONT = '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol" w:hint="default"/></w:rPr>'
_ABSTRACT = (
    _abstract(
        _DOTS,
        _level(0, "decimal", "%1")
        + _level(1, "decimal", "%1.%2")
        + _level(2, "decimal", "%1.%2.%3"),
    )
    + _abstract(_HYPHENS, _level(0, "decimal", "%1") + _level(1, "decimal", "%1-%2"))
    + _abstract(_THROUGH, _level(0, "decimal", "%1"))
    + _abstract(_BULLETS, _level(0, "bullet", "•"))
    + _abstract(_SYMBOLS, _level(0, "bullet", "\uf0b7", _SYMBOL_FONT))
)


@dataclass(slots=True)
class _List:
    """A list that counts: what its levels stand at, and the instance that is in use."""

    abstract: int
    instance: int
    counts: list[int] = field(default_factory=lambda: [0, 0, 0])


@dataclass(slots=True)
class Numbers:
    """Gives paragraphs their automatic numbers; a number that does not follow starts anew."""

    instances: list[str] = field(default_factory=list)
    _lists: dict[int, _List] = field(default_factory=dict)

    def bullet(self, *, symbol: bool) -> str:
        """The mark of a bullet's paragraph."""
        return _mark(self._list(_SYMBOLS if symbol else _BULLETS).instance, 0)

    def number(self, said: str, *, through: bool, hyphens: bool) -> str:
        """The mark of a paragraph with this number; "" where Word cannot count so."""
        if not re.fullmatch(r"\d+(?:[.-]\d+){0,2}", said):
            return ""
        values = [int(part) for part in re.split("[.-]", said)]
        made = self._list(_THROUGH if through else _HYPHENS if hyphens else _DOTS)
        level = len(values) - 1
        if made.counts[:level] != values[:level]:
            return ""
        if made.counts[level] + 1 != values[level]:
            made.instance = self._instance(made.abstract, level, values[level])
        made.counts = [*values, *[0] * (2 - level)]
        return _mark(made.instance, level)

    def part(self) -> str:
        """The part of the file that says how the lists count."""
        head = f"{parts.HEAD}<w:numbering {parts.SPACES}>"
        return f"{head}{_ABSTRACT}{''.join(self.instances)}</w:numbering>"

    def _list(self, abstract: int) -> _List:
        if abstract not in self._lists:
            self._lists[abstract] = _List(abstract, self._instance(abstract))
        return self._lists[abstract]

    def _instance(self, abstract: int, level: int = 0, start: int = 0) -> int:
        number = len(self.instances) + 1
        anew = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        self.instances.append(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>'
            f"{anew if start else ''}</w:num>"
        )
        return number


def _mark(instance: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{instance}"/></w:numPr>'
