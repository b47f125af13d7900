"""Which passages are learning points, and the words that they are compared by."""

from __future__ import annotations

import re

from pipeline.safe.claim import asks, claim, general, teaches
from pipeline.safe.cues import NUMBER
from pipeline.safe.embed import masked
from pipeline.safe.lesson import Passage, Polarity, Role
from pipeline.safe.polarity import absent
from pipeline.safe.sentence import sentences
from pipeline.safe.title import LEAST_SAID, says

SHORTEST = 5  # words of a learning point

_TEACHING = frozenset({Role.LEARNING, Role.RECOMMENDATION, Role.GOOD_PRACTICE})

# A line of a table of contents: no sentence ends in it, and a page number does the line.
_CONTENTS = re.compile(
    r"(?!.*\b(?:should|must|needs?|to)\b)[^.!?\n]{3,80}?[^\W\d][.\s…]{1,80}\d{1,3}\s*$", re.I
)


# A sentence that judges what was said before it, as answers to a report do, and says no more.
_JUDGES = re.compile(
    r"\W*(?:this|that|these|those|it(?! (?:is|was|would be) \w+ (?:to|that|for)\b))(?:[’']s"
    r"| (?:is|was|are|were|has|would|will|may|might|could|seems?))\b"
    r"(?!.*\b(?:how|because|unless)\b)",
    re.I,
)
JUDGEMENT = 16  # words of such a sentence
_LABEL = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")


def _names(text: str) -> bool:
    """Whether a line names a thing, as headings do, and states nothing.

    >>> _names("Education and Special Needs Department"), _names("• Mental Capacity Act 2005")
    (True, True)
    >>> _names("Lack of Plans for Leave.")
    False
    """
    bare = NUMBER.sub("", " ".join(text.split()))
    words = [word for word in bare.split() if len(word) > 3 and not word[0].isdigit()]
    return (
        len(words) > 1
        and not bare.endswith((".", "?", "!", ";"))
        and all(word[0].isupper() for word in words)
    )


def _says_little(text: str) -> bool:
    """Whether a passage denies, names, or judges something said elsewhere, and claims nothing."""
    flat = " ".join(text.split())
    said = [one.of(flat) for one in sentences(flat)]
    judges = len(said) == 1 and len(flat.split()) <= JUDGEMENT and _JUDGES.match(flat)
    empty = says(_WORD.findall(_LABEL.sub(" ", flat))) < LEAST_SAID
    return bool(judges) or empty or _names(flat) or all(absent(one) for one in said)


def is_point(passage: Passage) -> bool:
    """Whether a passage teaches, recommends or takes a side, so that it can recur."""
    text = passage.text
    if text.rstrip(" -–").endswith(":") or len(text.split()) < SHORTEST or _CONTENTS.match(text):
        return False
    sides = {mark.polarity for mark in passage.themes} & {Polarity.FOR, Polarity.AGAINST}
    if sides and passage.role not in (Role.TABLE, Role.FURNITURE):
        return True
    themed = bool(passage.themes)
    if passage.role in _TEACHING:
        if _says_little(text):
            return False
        return teaches(text) or asks(text) or (themed and general(text, bare=True))
    if passage.role is not Role.ANALYSIS:
        return False
    return (len(sentences(text)) == 1 and asks(text)) or (themed and general(text))


def words(passage: Passage) -> str:
    """The words that a learning point is compared by: its claim, without labels and dates."""
    return masked(claim(passage.text))
