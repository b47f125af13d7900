"""Joining lines: which hyphen at a line's end belongs to the word, and which only broke it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.match import is_ordinary
from pipeline.raw.readers.assemble import Stretch

# U+FFFE and U+0002 are what pdfium writes for a hyphen at a line's end.
BROKEN = "-\u2010\u00ad\ufffe\x02"
_PAIRS = re.compile(r"(?=\b(\w+)[-\u2010\u2011](\w+))")
_HYPHEN = re.compile(r"[-\u2010\u2011]")
_BEFORE = re.compile(r"(\w+)$")
# "33-year-" goes on with "old", whatever else the document has.
_SPAN_OF_TIME = re.compile(r"\d-(?:year|month|week|day|hour|minute)$")
_VOWEL = re.compile(r"[aeiouy]")
_LETTERS = re.compile(r"[^\W\d_]+")
_AFTER = re.compile(r"(\w+)")
_MOST = 40


class Forms:
    """The hyphenated forms that a document has in the middle of its lines."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)
        self._pairs = {
            (found.group(1).casefold(), found.group(2).casefold())
            for text in self._texts
            # Where there is none, the pattern looks for one behind every letter.
            if _HYPHEN.search(text) is not None
            for found in _PAIRS.finditer(text)
        }
        self._words: frozenset[str] | None = None

    def keep(self, before: str, after: str, sign: str) -> bool:
        """Whether the hyphen between a line's end (without it) and the next line stays.

        >>> forms = Forms(["a multi-agency plan"])
        >>> forms.keep("the multi", "agency meeting", "-"), forms.keep("safe", "guarding", "-")
        (True, False)
        >>> forms.keep("Llew", "Pryce", "-"), forms.keep("2008", "09", "-")
        (True, True)
        """
        first, second = _BEFORE.search(before[-_MOST:]), _AFTER.match(after[:_MOST])
        if first is None or second is None:
            return True
        left, right = first.group(1), second.group(1)
        if (left.casefold(), right.casefold()) in self._pairs:
            return True
        if left[-1].isdecimal() or right[0].isdecimal() or _SPAN_OF_TIME.search(before[-12:]):
            return True
        # No word is broken before a capital: "Llew-Pryce" is a name, unless all is capitals.
        return right[0].isupper() and not left.isupper()

    def splits(self, before: str, after: str) -> bool:
        """Whether a narrow cell broke a word without a hyphen between two of its lines.

        >>> forms = Forms(["Overdue", "Overdu", "e"])
        >>> forms.splits("Overdu", "e"), forms.splits("seen by", "the nurse")
        (True, False)
        """
        first, second = _BEFORE.search(before[-_MOST:]), _AFTER.match(after[:_MOST])
        if first is None or second is None or not second.group(1)[0].islower():
            return False
        left, right = first.group(1), second.group(1)
        whole = (left + right).casefold()
        # Lists of words hold "nt" and the like.
        words = [is_ordinary(left), is_ordinary(right) and bool(_VOWEL.search(right))]
        if not whole.isalpha() or all(words):
            return False
        if len(right) <= 3 and not any(words):
            return True
        if self._words is None:
            found = (w.casefold() for text in self._texts for w in _LETTERS.findall(text))
            self._words = frozenset(found)
        return whole in self._words or is_ordinary(whole)


def ends_broken(text: str) -> bool:
    """Whether a line ends inside a word, by a hyphen that may be one of the line break's.

    >>> ends_broken("the safe-"), ends_broken("published -"), ends_broken("an end")
    (True, False, False)
    """
    return len(text) > 1 and text[-1] in BROKEN and text[-2].isalnum()


def joined(lines: Iterable[Stretch], forms: Forms, *, narrow: bool = False) -> tuple[Stretch, ...]:
    """The lines as one text: a space between two of them, or the hyphen rule.

    In a `narrow` cell a word may be broken without a hyphen.

    >>> "".join(p.text for p in joined([Stretch("safe-"), Stretch("guarding")], Forms([])))
    'safeguarding'
    """
    made: list[Stretch] = []
    for line in lines:
        if not line.text:
            continue
        if made and ends_broken(made[-1].text) and line.text[0].isalnum():
            _mend(made, line, forms)
        elif made and not _glued(made[-1].text, line.text):
            split = narrow and forms.splits(made[-1].text, line.text)
            made += [] if split else [Stretch(" ")]
        made.append(line)
    return tuple(made)


def _mend(made: list[Stretch], line: Stretch, forms: Forms) -> None:
    last = made[-1]
    sign, stem = last.text[-1], last.part(0, len(last.text) - 1)
    if not forms.keep(stem.text, line.text, sign):
        made[-1] = stem
    elif sign not in "-\u2010":
        made[-1] = stem
        made.append(last.part(len(last.text) - 1).saying("-"))


def _glued(before: str, after: str) -> bool:
    """Whether two lines join without a space: after a dash of a range, a slash or a web address."""
    if not before or not after:
        return False
    address = before.rsplit(None, 1)[-1]
    if before[-1] == "/" and (after[0].islower() or after[0].isdecimal()):
        return True
    if before[-1] == "–" and before[-2:-1].isdecimal() and after[0].isdecimal():
        return True
    return before[-1] == "-" and not before[-2:-1].isspace() and "/" in address
