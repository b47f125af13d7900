"""The numbers of a text: what is counted, and what only looks like a count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.raw.document import Document
from pipeline.span import BlockKind

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {w: n for n, w in enumerate(_UNITS) if n} | {w: 20 + 10 * n for n, w in enumerate(_TENS)}
_WORDS = re.compile(
    rf"\b(?:(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_UNITS[1:10])})|{'|'.join(reversed(_UNITS[1:]))}|"
    rf"{'|'.join(_TENS)})\b",
    re.I,
)
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# Numbers that count nothing: they become a sign without digits, so that no rule meets them.
_NO_COUNT = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{MONTH}(?:,?\s+\d{{4}})?|"
    rf"\b{MONTH},?\s+\d{{4}}|\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}\b|"
    r"\b(?:19|20)\d\d(?:\s*[–/-]\s*\d{2,4})?\b|[£$€]\s*\d[\d,.]*|\b\d+\.\d+(?:\.\d+)*(?!\s*%)\b|"
    r"\b(?:section|chapter|table|figure|paragraph|para|appendix|page|part|volume|article|"
    r"regulation|"
    r"year|key stage|stage|step|recommendation|lesson|finding|objective|priority|level|grade|band|"
    r"standard|category|class|version|phase|form|child|sibling|adult|person|worker|nurse|no)\.?\s+"
    r"\d+(?:\s*(?:and|to|,|–|-)\s*\d+)*\b|"
    r"\b(?:aged?|ages)\s+between\s+\d+\s+and\s+\d+|"
    r"\b(?:aged?|ages)\s+(?:under\s+|over\s+|from\s+|about\s+)?\d+"
    r"(?:\s*(?:to|–|-)\s*\d+)*(?:\s+(?:and|or)\s+(?:over|under|above|below))?(?:\s+(?:years?|"
    r"months?|weeks?))?(?:\s+old)?|"
    r"\bunder\s+(?:one|\d+)(?:\s+year)?(?:\s+old)?\b|"
    r"\b\d+(?:\s*(?:to|and|–|-)\s*\d+)?\s+(?:years?|months?|weeks?|days?)\s+old\b|"
    r"\b(?:between\s+)\d+\s+and\s+\d+\s+(?:years?|months?|weeks?|days?)\b|"
    r"\b\d+(?:\s*(?:to|–|-)\s*\d+)?\s+(?:hours?|minutes?|days?|weeks?|months?|years?|times?|"
    r"miles?|pages?)\b|"
    r"\b\d+[a-z]+\d*\b|\b[A-Za-z]+\d+\b",
    re.I,
)
_OWN_NUMBER = re.compile(r"^\s*\(?\d+(?:[.-]\d+)*[.)]?\s+(?=\S)")
LONGEST = 3000  # characters of a sentence; what is longer is no sentence, and is not read on
_STOP = re.compile(r"(?<=[a-z)\]”’\d%])[.!?]\d{0,2}[”’)]?\s+(?=[A-Z“‘(\d])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its numbers in digits, and without those that count nothing.

    `whole` still has dates and periods of time.
    """

    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, bullet or heading: its file, page, number and sentences."""

    file: int
    page: int
    number: str
    kind: BlockKind
    heading: str
    text: str
    sentences: tuple[Sentence, ...]

    @property
    def place(self) -> str:
        """What the part is called in a row: its number, or else its page."""
        return self.number or f"p. {self.page}"


def digits(text: str) -> str:
    """A text with its numbers in digits.

    >>> digits("Twenty-one of the ninety six boards, 1,204 in all")
    '21 of the 96 boards, 1204 in all'
    """

    def value(match: re.Match[str]) -> str:
        words = re.split(r"[- ]", match[0].lower())
        return str(sum(_SMALL[w] for w in words))

    return _WORDS.sub(value, re.sub(r"(?<=\d),(?=\d{3}\b)", "", text))


def counts(text: str) -> list[int]:
    """The counts in a sentence whose numbers are digits, percentages not among them.

    >>> counts("Of the 27 children 16 were at home (59%)")
    [27, 16]
    """
    return [
        int(m[1])
        for m in re.finditer(r"(?<![\d.])(\d{1,6})(?![\d.]*\s*(?:%|per cent))(?!\d)", text)
    ]


def parts(documents: Sequence[Document]) -> tuple[Part, ...]:
    """The blocks of the documents that have words, tables and furniture left out."""
    found: list[Part] = []
    for file, document in enumerate(documents, start=1):
        heading, number = "", ""
        for block in document.blocks:
            if block.span is None or block.rows:
                continue
            text = " ".join(block.text.split())
            if block.kind is BlockKind.HEADING:
                heading, number = text, ""
            elif block.kind is BlockKind.PARAGRAPH or block.kind is BlockKind.FOOTNOTE:
                number = (block.number or "").strip(".") or ("" if len(text) > 60 else number)
            own = number if block.kind is not BlockKind.HEADING else ""
            found.append(
                Part(
                    file, block.page, own, block.kind, heading, text, _sentences(text, block.number)
                )
            )
    return tuple(found)


def _sentences(text: str, number: str | None) -> tuple[Sentence, ...]:
    bare = _OWN_NUMBER.sub("", text) if number else text
    told = digits(bare)
    cuts = [0, *(m.end() for m in _STOP.finditer(told)), len(told)]
    made = []
    for start, end in pairwise(cuts):
        whole = told[start : min(end, start + LONGEST)].strip()
        if whole:
            made.append(Sentence(_NO_COUNT.sub("~", whole), whole))
    return tuple(made)
