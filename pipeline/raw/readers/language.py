"""Which blocks are not in English: the recognisers cannot vouch for them, so a person looks.

Three sieves, each for what the one before it let through: words of grammar that only English
has, the share of ordinary English words, and a library that knows 139 languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.raw.document import Block, UnreadKind
from pipeline.raw.recognisers import lists
from pipeline.span import Span

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

Named = tuple[tuple[UnreadKind, int | None, str], Span]

_REASON = (
    "Text that is not in English, or not all of it. Names in it may not have been found: have it "
    "read by someone who knows the language."
)
# Words of English grammar that no other language which is met here has.
_GRAMMAR = frozenset(
    "the and were with that this which from have has been it its their they them she he his not "
    "who what when where would could should did but if than then about after before any other "
    "our out into such only some these those you your because during between there him himself "
    "herself while being does how why both each through until without within".split()
)
_SHORT = frozenset(
    "a i an am at as be by do go he if in is it me my no of on or so to up us we".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*|['’][^\W\d_]+)*")
_PLAIN_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
# Letters beyond Latin's, without Greek (a few letters of it are signs of science).
_LATIN = (
    r"\u0000-\u02ff\u1d00-\u1dbf\u1e00-\u1eff\u2071-\u209c\u2100-\u218f\u2c60-\u2c7f"
    r"\ua720-\ua7ff\uab30-\uab6f\ufb00-\ufb06\uff21-\uff5a\U0001d400-\U0001d7ff"
)
_GREEK = r"\u0370-\u03ff\u1f00-\u1fff"
_OTHER = rf"[^\W\d_{_LATIN}{_GREEK}]"
_SCRIPT = re.compile(rf"{_OTHER}(?:.*?{_OTHER}){{2}}|[{_GREEK}]{{4}}", re.DOTALL)
_BEYOND = re.compile(rf"{_OTHER}|[{_GREEK}]{{4}}")
# A letter of another script inside a Latin word: it looks right and no recogniser knows it.
_WITHIN = re.compile(rf"[A-Za-z]{_OTHER}|{_OTHER}[A-Za-z]")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n|\t")
_LEAST = 7
_LEAST_SMALL = 5
_TOGETHER = 12
_ENGLISH = 0.6
# How far another language must lead, in all and by word; less where hardly a word is English.
_LEAD, _LEAD_A_WORD = 40.0, 4.2
_STRANGE, _FEW, _LEAST_LEAD, _LEAST_LEAD_A_WORD = 0.25, 5, 15.0, 1.2
_LIST = 0.4
_BRIDGED, _MOST = 3, 20
# What the library calls no language, and the English of West Africa.
_NO_OTHER = frozenset(["en", "pcm", "zxx"])


def found(blocks: Sequence[Block], text: str) -> tuple[Named, ...]:
    """The runs of blocks that are not in English, each with the stretch of the text it covers.

    A few blocks between them that say nothing of a language do not part a run, and there are 20
    runs at most, so that a report in two languages ends in a few lines.
    """
    shown = [block for block in blocks if block.span is not None]
    said = [_words(block.text.lower()) for block in shown]
    quiet = [_GRAMMAR.isdisjoint(words) for words in said]
    foreign = [_is_foreign(text, block, words) for block, words in zip(shown, said, strict=True)]
    short = [still and len(words) < _LEAST for still, words in zip(quiet, said, strict=True)]
    for start, end in _stretches(short):
        together = "\n".join(block.text for block in shown[start:end])
        words = _words(together)
        if len(words) >= _TOGETHER and not any(foreign[start:end]) and _doubtful(words, together):
            foreign[start:end] = [True] * (end - start)
    runs = _limited(_bridged(foreign, quiet))
    return tuple(
        ((UnreadKind.LANGUAGE, shown[a].page, _REASON), _cover(shown[a], shown[b])) for a, b in runs
    )


def _cover(first: Block, last: Block) -> Span:
    if first.span is None or last.span is None:
        raise ValueError("furniture has no language")
    return Span(first.span.start, last.span.end)


def _is_foreign(text: str, block: Block, words: Sequence[str]) -> bool:
    """Whether a block, a cell or a sentence of it is in another language."""
    said = block.text
    beyond = not said.isascii() and _BEYOND.search(said)
    if beyond and (_SCRIPT.search(said) or _WITHIN.search(said)):
        return True
    if not _has_run(words):
        return False
    if block.rows:
        cells = [cell.of(text) for row in block.rows for cell in row if cell is not None]
        return any(_has_foreign(cell) for cell in cells)
    return _has_foreign(block.text)


def _words(text: str) -> list[str]:
    # The same words, twice as fast, where there are no letters with accents.
    return (_PLAIN_WORD if text.isascii() else _WORD).findall(text)


def _has_foreign(text: str) -> bool:
    """Whether a stretch of the text without words of English grammar is in another language."""
    for run in _runs(text):
        whole = text[run[0].start() : run[-1].end()]
        if _doubtful([word.group() for word in run], whole):
            return True
        for sentence in _SENTENCE.split(whole):
            words = _words(sentence)
            if _LEAST <= len(words) < len(run) and _doubtful(words, sentence):
                return True
    return False


def _has_run(words: Sequence[str]) -> bool:
    """Whether so many words in a row are no words of English grammar: seldom in English."""
    length = 0
    for word in words:
        length = 0 if word in _GRAMMAR else length + 1
        if length >= _LEAST:
            return True
    return False


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Runs of words between words of English grammar, long enough to tell a language by."""
    run: list[re.Match[str]] = []
    for word in (_PLAIN_WORD if text.isascii() else _WORD).finditer(text):
        if word.group().lower() not in _GRAMMAR:
            run.append(word)
            continue
        if len(run) >= _LEAST:
            yield run
        run = []
    if len(run) >= _LEAST:
        yield run


def _doubtful(words: Sequence[str], whole: str) -> bool:
    """Whether words are of another language: by ordinary English words, then by the library.

    Names say nothing of a language: only words in small letters count, or all where all are
    capitals.
    """
    small = [word for word in words if word[0].islower()]
    if sum(word.isupper() for word in words) > 0.7 * len(words):
        small = [word.lower() for word in words if len(word) > 1]
    if len(small) < _LEAST_SMALL or len(small) < 0.3 * len(words):
        return False
    share = sum(map(_is_english, small)) / len(small)
    if share >= _ENGLISH:
        return False
    parted = sum(map(whole.count, ",;|"))
    if parted >= _LIST * len(words):
        # Single words between commas are a list (of medicines, say), which is no language.
        return _lead(small) >= 2 * max(_LEAD, _LEAD_A_WORD * len(small))
    if share <= _STRANGE and len({word.lower() for word in small}) >= 0.7 * len(small) >= _FEW:
        return _lead(small) >= max(_LEAST_LEAD, _LEAST_LEAD_A_WORD * len(small))
    return _lead(small) >= max(_LEAD, _LEAD_A_WORD * len(small))


def _is_english(word: str) -> bool:
    bare = word.replace("’", "'").partition("'")[0]
    return bare in _SHORT or (len(bare) > 2 and bare in lists.ordinary())


def _lead(words: Sequence[str]) -> float:
    """How much likelier than English the library holds its best other language (a logarithm)."""
    scores = _identifier().rank(" ".join(words))
    english = max(score for language, score in scores if language == "en")
    return float(max(score for language, score in scores if language not in _NO_OTHER) - english)


@cache
def _identifier() -> LanguageIdentifier:
    """The library's model, loaded where a text needs it and not before."""
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)


def _stretches(marked: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of marks."""
    start = 0
    for index, mark in enumerate([*marked, False]):
        if not mark:
            if index > start:
                yield start, index
            start = index + 1


def _bridged(foreign: Sequence[bool], quiet: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last of each run; a few blocks between two of them that say nothing part none."""
    runs: list[tuple[int, int]] = []
    for start, end in _stretches(foreign):
        last = runs[-1][1] if runs else None
        if last is not None and start - last <= _BRIDGED + 1 and all(quiet[last + 1 : start]):
            runs[-1] = (runs[-1][0], end - 1)
        else:
            runs.append((start, end - 1))
    return runs


def _limited(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """At most so many runs: the nearest ones become one, with what stands between them."""
    while len(runs) > _MOST:
        gaps = [after[0] - before[1] for before, after in pairwise(runs)]
        at = gaps.index(min(gaps))
        runs[at : at + 2] = [(runs[at][0], runs[at + 1][1])]
    return runs
