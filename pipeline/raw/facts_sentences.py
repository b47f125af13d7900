"""The sentences of a report's body, each with its section, and whether it asserts anything.

Letters of a sentence's text lead back to the canonical text: white space is made single there,
and what cannot be seen is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

import regex

from pipeline.raw import facts_names as names
from pipeline.raw.document import Block, Document
from pipeline.span import BlockKind, Span

_IN_CONTENTS = regex.compile(r"\.{4,}|^\d+(?:\.\d+)*\.?\s+[^\n]*\s\d{1,3}$")
_ENTITY = regex.compile(r"&(?:rsquo|apos|#39|#8217);")
_LONG = 1500
_LIKE_HEADING = regex.compile(r"(?:\d+(?:\.\d+)*\.?\s+)?\p{Lu}[^.!?:;\n]{3,60}")
_PARAGRAPH = 80
_HALF = 60  # letters of a line that goes on in the next, where the reader did not join them
_CLOSED = regex.compile(r"[.!?:;”’\"')\]]\s*$")
_NEAR = 16  # letters before a full stop that say whether it ends a sentence
SUBJECT = "\ue000"  # a letter that no report has
_ONE = 1
# What is left out or written otherwise there, and a run of what is not white space.
_ODD = re.compile(rf"[\u00ad\u200b-\u200d\u2060\ufeff&‛‟´`{SUBJECT}]")
_RUN = re.compile(r"\S+")
_END = regex.compile(r"[.!?][)\]\"”’']{0,2}[ ](?=[\p{Lu}\d“\"‘(\[])")
_SHORT = regex.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|St|No|Nos|Messrs|Cllr|Sgt|vs?|al|cf|para|pp?|[ap]\.m|e\.g"
    r"|i\.e|approx|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|\b\p{Lu}|^[\d.()\[\]]+)\.$"
)
# What a report weighs, asks for or rules out in advance, and does not tell.
_NOT_TOLD = regex.compile(
    r"\b(?:[Ss]hould|[Mm]ust|may|[Mm]ight|[Cc]ould|[Ww]ould|[Ii]f|[Ww]hether|will|[Ss]hall"
    r"|[Oo]ught|[Uu]nless|[Hh]ad[ ](?=\w+[ ]been)(?=.{0,60},[ ]\w+[ ]would)|[Hh]ypothe\w+"
    r"|[Ss]uppos\w+|[Ee]xpect(?:s|ed|ation|ations)?|[Rr]equires?|[Rr]equirements?|[Rr]ecommend\w*"
    r"|[Aa]lleg\w+|[Ff]ear(?:s|ed)?|(?:is|are|was|were|has|have)[ ]to[ ]be|[Nn]eeds?[ ]to[ ]be)\b"
)
# Rules and other people's words: what stands there is of no particular case.
_OF_RULES = regex.compile(
    r"Working Together|\b(?:[Gg]uidance|[Pp]rocedures?|[Pp]rotocols?|[Pp]olic(?:y|ies)(?! custody)"
    r"|[Ss]tatut\w+|[Ll]egislation|[Rr]egulations?|[Ss]ection \d+|[Cc]are Act|[Cc]hildren Act"
    r"|[Dd]efin(?:es|ed|ition)|[Pp]rinciples?|[Rr]esearch|[Ss]tud(?:y|ies)|[Nn]ational(?:ly)?)\b"
)
_OTHER_SECTIONS = regex.compile(
    r"recommendation|terms of reference|lines of enquir|key questions|glossary|abbreviation"
    r"|references|bibliograph|legal|legislat|guidance|action plan|learning|lesson|research|what"
    r" needs to|next steps",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `section` is the headings above it, `before` the sentence before it there.

    `number` counts sentences; `places` and `ends` lead from where a letter starts and ends to the
    canonical text. In a sentence about the subject, SUBJECT stands in the place of their name.
    """

    text: str
    places: tuple[int, ...]
    ends: tuple[int, ...]
    section: str
    before: str
    number: int

    def span(self, start: int, end: int) -> Span:
        """Where a stretch of the sentence stands in the canonical text."""
        return Span(self.places[start], self.ends[end - 1])

    @property
    def whole(self) -> Span:
        """Where the sentence stands."""
        return self.span(0, len(self.text))

    def tells(self, upto: int | None = None) -> bool:
        """Whether the sentence, up to a place, asserts what it says, and asks or wishes nothing."""
        if self.text.rstrip(" ”\"'").endswith("?") or _OTHER_SECTIONS.search(self.section):
            return False
        return _NOT_TOLD.search(self.text, 0, len(self.text) if upto is None else upto) is None

    @property
    def of_rules(self) -> bool:
        """Whether the sentence speaks of guidance, law or research, and of no one case."""
        return _OF_RULES.search(self.text) is not None


# "The mother of Child K died": there the subject of the report is not that of the sentence.
_NOT_OF = r"(?<!\b(?:of|with|to|for|by|from|about|than|like|between|against|near|on) )"
_FREE = rf"(?:{_NOT_OF}{SUBJECT}|{SUBJECT}(?=['’]s))"


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> regex.Pattern[str]:
    """A mark that the pattern itself puts behind a word stands anywhere, another only freely."""
    return regex.compile(regex.sub("(?<! )§", lambda _: _FREE, pattern).replace("§", SUBJECT))


def matches(pattern: str, one: Sentence) -> Iterator[regex.Match[str]]:
    """Where a pattern stands in a sentence; "§" in the pattern is the subject of the report."""
    if "§" in pattern and SUBJECT not in one.text:
        return iter(())
    return _compiled(pattern).finditer(one.text)


def squeezed(text: str, start: int) -> tuple[str, tuple[int, ...]]:
    """A text with single spaces and nothing unseen; where each letter stands, from `start` on."""
    if not _ODD.search(text):
        return _words_apart(text, start)
    letters: list[str] = []
    places: list[int] = []
    entities = {m.start(): m.end() for m in _ENTITY.finditer(text)}
    after = 0  # where an apostrophe that was left as an entity ends
    for at in names.visible_places(text):
        if at < after:
            continue
        after = entities.get(at, 0)
        letter = " " if text[at].isspace() or text[at] == SUBJECT else text[at]
        letter = "’" if after or letter in "‛‟´`" else letter
        if letter == " " and (not letters or letters[-1] == " "):
            continue
        letters.append(letter)
        places.append(start + at)
    while letters and letters[-1] == " ":
        letters.pop()
        places.pop()
    return "".join(letters), tuple(places)


def _words_apart(text: str, start: int) -> tuple[str, tuple[int, ...]]:
    """As `squeezed`, for a text in which nothing but white space is to be changed."""
    places: list[int] = []
    words: list[str] = []
    end = 0
    for word in _RUN.finditer(text):
        if words:
            places.append(start + end)
        words.append(word.group())
        end = word.end()
        places.extend(range(start + word.start(), start + end))
    return " ".join(words), tuple(places)


def sentences(document: Document) -> Iterator[Sentence]:
    """The sentences of paragraphs and bullets; not of headings, quotations, notes and tables."""
    above: dict[int, str] = {}
    number, hanging = 0, False
    inside = [block for block in document.blocks if block.span is not None]
    for block, after in zip_longest(inside, inside[1:]):
        if _heads(block, after):
            level = block.level or 1
            above = {k: v for k, v in above.items() if k < level}
            above[level] = " ".join(block.text.split())
        if block.span is None or block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET):
            continue
        before, broken = "", hanging
        hanging = len(block.text) > _HALF and not _CLOSED.search(block.text)
        for text, places in _cut(block, block.span.start):
            # Neither a table that was read as a line nor the second half of a sentence tells.
            if len(text) > _LONG or broken:
                before, broken = "", False
                continue
            ends = tuple(map(_ONE.__add__, places))
            yield Sentence(text, places, ends, " / ".join(above.values()), before, number)
            before = text
            number += 1


def _heads(block: Block, after: Block | None) -> bool:
    """Whether a block is a heading, or a short line that stands above a paragraph like one."""
    if block.kind is BlockKind.HEADING:
        return _IN_CONTENTS.search(block.text) is None
    short = block.kind is BlockKind.PARAGRAPH and _LIKE_HEADING.fullmatch(block.text)
    return bool(short) and after is not None and len(after.text) > _PARAGRAPH


def _cut(block: Block, start: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    text, places = squeezed(block.text, start)
    at = 0
    for end in _END.finditer(text):
        last = text[max(at, end.start() - _NEAR) : end.start() + 1]
        if _SHORT.search(last):
            continue
        yield text[at : end.end() - 1], places[at : end.end() - 1]
        at = end.end()
    if at < len(text):
        yield text[at:], places[at:]
