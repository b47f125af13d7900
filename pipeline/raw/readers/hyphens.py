"""Joining lines: which hyphen at a line's end belongs to the word, and which only broke it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

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
# What is put before whole words, and what words end in; lists of words hold these too.
_PREFIXES = frozenset(
    "anti auto co counter cross de ex extra inter intra mid mini multi neo non out over post pre"
    " pro pseudo re self semi sub super trans un under".split()
)
_ENDINGS = frozenset(
    "able al ally ance ant ary ate ated ation cation ed ely ence ent er ers es est ful ible ic ies"
    " ily ing ings ion ions ish ism ist ity ive ize ly ment ments ness nt ous sion sions tion"
    " tional tions tive ty".split()
)
# Hyphenated text breaks a word in every twentieth line or so: with so many full lines and hardly
# one word broken, no program broke any, and the hyphens at line ends are the words' own.
_FULL_LINE = 40
_ENOUGH_LINES = 120
_ENOUGH_OWN = 3
_LINES_A_BREAK = 400


class Forms:
    """The hyphenated forms that a document has in the middle of its lines.

    `running` are its lines of text in order: from their ends it is seen whether the program that
    set them broke words at all. Without them, any hyphen at a line's end may be a break.
    """

    def __init__(self, texts: Iterable[str], running: Sequence[str] = ()) -> None:
        self._texts = tuple(texts)
        self._pairs = {
            (found.group(1).casefold(), found.group(2).casefold())
            for text in self._texts
            # Where there is none, the pattern looks for one behind every letter.
            if _HYPHEN.search(text) is not None
            for found in _PAIRS.finditer(text)
        }
        self._breaks, self._set = self._evidence(running) if running else (1, False)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(w.casefold() for text in self._texts for w in _LETTERS.findall(text))

    @cached_property
    def _inside(self) -> frozenset[str]:
        """The words that stand before another on a line, so that no line's end made them."""
        lines = (_LETTERS.findall(text)[:-1] for text in self._texts)
        return frozenset(word.casefold() for words in lines for word in words)

    def _evidence(self, running: Sequence[str]) -> tuple[int, bool]:
        """How many words were surely broken at line ends, and whether so few mean none was."""
        broken = own = 0
        for line, after in pairwise(running):
            if not ends_broken(line) or not after[:1].islower():
                continue
            left, right = _halves(line[:-1], after)
            if line[-1] == "\u00ad" or self._surely_broken(left, right):
                broken += 1
            elif (left, right) in self._pairs or _compounds(left, right):
                own += 1
        full = sum(len(line) > _FULL_LINE for line in running)
        if not broken:
            return 0, full >= _ENOUGH_LINES or own >= _ENOUGH_OWN
        return broken, broken * _LINES_A_BREAK < full and broken < own

    def _surely_broken(self, left: str, right: str) -> bool:
        """Whether two halves are one word, and hardly two with a hyphen between them."""
        if (left, right) in self._pairs or _compounds(left, right):
            return False
        return left + right in self._words or is_ordinary(left + right)

    def _own(self, left: str, right: str) -> bool:
        """Whether a hyphen at a line's end is the word's own, in a file that breaks no words.

        Two halves that are no words are a name that somebody broke, and so may a capital's be.
        """
        if not self._set or (left[:1].isupper() and self._breaks):
            return False
        left, right = left.casefold(), right.casefold()
        return _compounds(left, right) and left + right not in self._words

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
        return (right[0].isupper() and not left.isupper()) or self._own(left, right)

    def splits(self, before: str, after: str, *, full: bool | None = None) -> bool:
        """Whether a narrow cell broke a word without a hyphen between two of its lines.

        `full` says whether the first line is one word that takes all the room that there is, as
        the first part of such a word does; None where that is not known.

        >>> forms = Forms(["Overdue", "Overdu", "e"])
        >>> forms.splits("Overdu", "e"), forms.splits("seen by", "the nurse")
        (True, False)
        >>> [forms.splits("Kowal", "czyk", full=full) for full in (None, True, False)]
        [False, True, False]
        """
        left, right = _halves(before, after)
        whole = left + right
        if full is False or not right[:1].islower() or not after[:1].islower():
            return False
        if not left or not whole.isalpha():
            return False
        # Lists of words hold "nt" and the like.
        words = [is_ordinary(left), is_ordinary(right) and bool(_VOWEL.search(right))]
        known = whole in self._words or is_ordinary(whole)
        if all(words):
            return full is True and known and right in _ENDINGS
        if known or any(words) or len(right) <= 3:
            return known or not any(words)
        return full is True and left not in self._inside


def _halves(before: str, after: str) -> tuple[str, str]:
    """The word that a line ends in and the word that the next starts with, in small letters."""
    first, second = _BEFORE.search(before[-_MOST:]), _AFTER.match(after[:_MOST])
    ends = (found.group(1).casefold() if found else "" for found in (first, second))
    return next(ends), next(ends)


def _compounds(left: str, right: str) -> bool:
    """Whether two halves are words of their own, as those of "front-line" and "re-referral" are.

    >>> _compounds("front", "line"), _compounds("re", "referral"), _compounds("assess", "ment")
    (True, True, False)
    """
    if right in _ENDINGS or not is_ordinary(right):
        return False
    return left in _PREFIXES or (len(left) > 1 and len(right) > 1 and is_ordinary(left))


def ends_broken(text: str) -> bool:
    """Whether a line ends inside a word, by a hyphen that may be one of the line break's.

    >>> ends_broken("the safe-"), ends_broken("published -"), ends_broken("an end")
    (True, False, False)
    """
    return len(text) > 1 and text[-1] in BROKEN and text[-2].isalnum()


def joined(
    lines: Iterable[Stretch], forms: Forms, *, narrow: bool = False, room: float = 0.0
) -> tuple[Stretch, ...]:
    """The lines as one text: a space between two of them, or the hyphen rule.

    In a `narrow` cell a word may be broken without a hyphen; `room` is the width that lines have
    in it, 0 where it is not known.

    >>> "".join(p.text for p in joined([Stretch("safe-"), Stretch("guarding")], Forms([])))
    'safeguarding'
    """
    made: list[Stretch] = []
    given = [line for line in lines if line.text]
    for at, line in enumerate(given):
        if made and ends_broken(made[-1].text) and line.text[0].isalnum():
            _mend(made, line, forms)
        elif made and not _glued(made[-1].text, line.text):
            full = _fills(made[-1], room)
            split = narrow and forms.splits(_tail(made), _head(given[at:]), full=full)
            made += [] if split else [Stretch(" ")]
        made.append(line)
    return tuple(made)


def _tail(made: Sequence[Stretch]) -> str:
    """The end of a text so far: a word may have been broken more than once."""
    text = ""
    for part in reversed(made):
        text = part.text + text
        if len(text) > _MOST or any(sign.isspace() for sign in part.text):
            break
    return text


def _head(lines: Sequence[Stretch]) -> str:
    """The start of what follows, put together where it is broken by hyphens."""
    text = ""
    for line in lines:
        text += line.text
        if not ends_broken(text):
            break
        text = text[:-1]
    return text


def _fills(line: Stretch, room: float) -> bool | None:
    """Whether a line is one word that leaves no room for a letter more; None: not known."""
    if line.spot is None or not room:
        return None
    width = line.spot.right - line.spot.left
    letter = width / len(line.text)
    return not any(sign.isspace() for sign in line.text) and width + 1.5 * letter > room


def _mend(made: list[Stretch], line: Stretch, forms: Forms) -> None:
    last = made[-1]
    sign, stem = last.text[-1], last.part(0, len(last.text) - 1)
    if not forms.keep(_tail([*made[:-1], stem]), line.text, sign):
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
