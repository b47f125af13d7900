"""The end of a title: where a sentence is cut so that what is left reads as a whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.safe.claim import Wordings

_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "not", "never", "get", "got"})
_FUSED = frozenset({"of", "for", "to", "in", "with", "by", "from", "at", "on", "and", "or", "into"})
PARTICIPLE = re.compile(
    r"(?!(?:continued|limited|delayed|missed|increased|improved|reduced|detailed|shared|mixed|need|"
    r"combined|repeated|prolonged|failed|unresolved|untrained|fragmented|isolated)$)\w+ed$",
    re.I,
)
# What opens a clause of its own, and how many words it has before it says something.
_OPENS = frozenset(
    {"which", "that", "who", "whom", "whose", "what", "how", "where", "when", "whether", "because"}
)
_CLAUSE = 3
_PARTICLES = frozenset({"out", "up", "off", "down", "back", "away", "over"})


def shortened(words: list[str], longest: int) -> list[str]:
    """At most so many words, ending before a word that joins two parts."""
    if len(words) <= longest:
        return words
    joints = [i for i in range(4, longest + 1) if words[i].lower() in _FUSED]
    return words[: joints[-1]] if joints else []


def ended(words: list[str], lists: Wordings, *, cut: bool) -> list[str]:
    """The words without those at the end that want another word behind them.

    Of a sentence that was cut, a clause or a list goes too that has only begun; of any, "between
    the police", whose other side is lost.
    """
    while words:
        least = min(_left_open(words) if cut else len(words), _between(words))
        if least == len(words) and not _wants(words, lists, cut=cut):
            break
        words, cut = words[: min(least, len(words) - 1)], True
    return words


def _left_open(words: Sequence[str]) -> int:
    """Where a clause or a list begins that the end of a cut sentence leaves open.

    >>> [_left_open(said.split()) for said in (
    ...     "time to hear what children", "a form, a clock", "a plan that holds in practice")]
    [3, 2, 6]
    """
    low = [word.lower().strip(",;:.") for word in words]
    for at in range(len(words) - 1, 0, -1):
        behind = len(words) - 1 - at
        if behind < _CLAUSE and low[at] in _OPENS:
            return at
        if words[at].endswith(",") and 0 < behind < _CLAUSE:
            return at + 1
    return len(words)


def _between(words: Sequence[str]) -> int:
    """Where "between" stands with less than two things behind it, at the end of a title."""
    for at in range(max(1, len(words) - _CLAUSE), len(words)):
        if words[at].lower() == "between" and "and" not in words[at:]:
            return at
    return len(words)


def _wants(words: Sequence[str], lists: Wordings, *, cut: bool) -> bool:
    """Whether the last word of a title wants another one behind it.

    >>> from pipeline.safe.claim import wordings
    >>> lists = wordings()
    >>> _wants("reasons were given".split(), lists, cut=False)
    False
    >>> _wants("that risk by failing to implement".split(), lists, cut=True)
    True
    """
    last = words[-1].lower()
    before = words[-2].lower() if len(words) > 1 else ""
    if before in _BE and not cut and last not in _BE and re.search(r"(?:ed|en|made|put)$", last):
        return False
    if last in _PARTICLES and re.search(r"(?:ed|en)$", before):
        return False  # "is to be rolled out"
    if last in lists.weak_ends:
        return True
    if not cut:
        return False
    verb = before in {"to", "not"} or (before in _FUSED and last.endswith("ing"))
    loose = before not in _BE and PARTICIPLE.match(last) is not None
    return verb or loose
