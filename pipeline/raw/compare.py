"""Two versions of a report, paragraph by paragraph: what is the same, changed, new, gone, moved.

Paragraphs are compared without the number that they bear: one that is put in gives all that
follow another number, and they are the same for all that. The numbers stand beside.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from pipeline.raw.document import Block

# Two paragraphs are one that was changed where they share this part of their words.
_ALIKE = 0.5
# A shorter paragraph that is gone here and new there was not moved: it says too little.
_MOVED_WORDS = 5
# Beyond so many pairs, those that stand near each other are tried alone.
_PAIRS = 4_000
_NEAR = 24
_WORDS = 4_000_000
_TOKEN = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
_SMALL = re.compile(r"\W*(?:\w{1,3}\W*){0,2}")
_LINE = re.compile(r"[^\n]*\n?")


class Change(StrEnum):
    """What became of a paragraph in the later version."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


_IN_ORDER = (Change.SAME, Change.CHANGED)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words in a paragraph: the same in both versions, added, or removed."""

    how: Change
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the comparison: its places in the two lists of blocks, and its words.

    `pieces` are the words of what was changed, added or removed; what is the same or was only
    moved has none. `number` is the number that it bears now (that it bore, where it is gone).
    """

    change: Change
    before: int | None
    after: int | None
    number: str = ""
    pieces: tuple[Piece, ...] = ()


def number_of(block: Block) -> str:
    """The number with which a block begins; "" where it has none."""
    return block.number if block.number and block.text.startswith(block.number) else ""


def body(block: Block) -> str:
    """A block's text without its number."""
    return block.text[len(number_of(block)) :]


def compared(before: Sequence[Block], after: Sequence[Block]) -> tuple[Paragraph, ...]:
    """The paragraphs in the order of the later version; what is gone stands where it stood.

    Furniture is no part of a text and must not be among the blocks.
    """
    old, new = [body(block) for block in before], [body(block) for block in after]
    same = dict(unchanged(before, after))
    paired = {new_at: old_at for old_at, new_at in same.items()}
    moved = _moved(old, new, same, paired)
    taken = set(moved.values())
    for left, right in _gaps(same, len(old), len(new)):
        pairs = _alike(
            [(at, old[at]) for at in left if at not in taken],
            [(at, new[at]) for at in right if at not in moved],
        )
        paired.update({new_at: old_at for old_at, new_at in pairs})
    gone = [at for at in range(len(old)) if at not in taken | set(paired.values())]
    rows = [_row(at, paired, moved, after, old, new) for at in range(len(new))]
    return tuple(_with_gone(rows, gone, before, old))


def unchanged(before: Sequence[Block], after: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """The places of paragraphs that are the same in both lists and stand in the same order.

    Of several with the same words, those that also bear the same number go together.
    """
    bodies = [body(block) for block in before], [body(block) for block in after]
    whole = [block.text for block in before], [block.text for block in after]
    return tuple(_in_order((bodies, whole), range(len(before)), range(len(after))))


_Texts = tuple[Sequence[str], Sequence[str]]


def _in_order(keys: tuple[_Texts, ...], left: range, right: range) -> list[tuple[int, int]]:
    """What both ends share, then texts that stand once in each, then what is between those."""
    before, after = keys[0]
    out = []
    start = 0
    while start < min(len(left), len(right)) and before[left[start]] == after[right[start]]:
        out.append((left[start], right[start]))
        start += 1
    left, right = left[start:], right[start:]
    end = 0
    while end < min(len(left), len(right)) and before[left[-1 - end]] == after[right[-1 - end]]:
        end += 1
    tail = list(zip(left[len(left) - end :], right[len(right) - end :], strict=True))
    left, right = left[: len(left) - end], right[: len(right) - end]
    if left and right:
        anchors = _anchors(before, after, left, right)
        if anchors:
            out += _between(anchors, left, right, keys)
        elif keys[1:]:
            out += _between(_in_order(keys[1:], left, right), left, right, keys[:1])
        elif len(left) * len(right) <= _WORDS:
            out += _repeated(before, after, left, right)
    return [*out, *tail]


def _between(
    anchors: Sequence[tuple[int, int]], left: range, right: range, keys: tuple[_Texts, ...]
) -> Iterator[tuple[int, int]]:
    """The anchors, and what is the same in the stretches between them."""
    low, high = left.start, right.start
    for at, to in anchors:
        yield from _in_order(keys, range(low, at), range(high, to))
        yield at, to
        low, high = at + 1, to + 1
    yield from _in_order(keys, range(low, left.stop), range(high, right.stop))


def _anchors(
    before: Sequence[str], after: Sequence[str], left: range, right: range
) -> list[tuple[int, int]]:
    """The longest row of texts that stand once on either side, in the order of both."""
    once = Counter(before[at] for at in left)
    there = Counter(after[at] for at in right)
    to = {after[at]: at for at in right if there[after[at]] == 1}
    pairs = [(at, to[before[at]]) for at in left if once[before[at]] == 1 and before[at] in to]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, sorted by their first, in which the second rises too.

    >>> _rising([(0, 3), (1, 0), (2, 1), (3, 2)])
    [(1, 0), (2, 1), (3, 2)]
    """
    ends: list[int] = []
    best: list[int] = []
    previous: list[int] = []
    for at, (_, second) in enumerate(pairs):
        place = bisect_left(ends, second)
        previous.append(best[place - 1] if place else -1)
        ends[place : place + 1] = [second]
        best[place : place + 1] = [at]
    out = []
    at = best[-1] if best else -1
    while at >= 0:
        out.append(pairs[at])
        at = previous[at]
    return out[::-1]


def _repeated(
    before: Sequence[str], after: Sequence[str], left: range, right: range
) -> Iterator[tuple[int, int]]:
    """Texts that stand several times, as far as they keep their order."""
    match = SequenceMatcher(
        None, [before[at] for at in left], [after[at] for at in right], autojunk=False
    )
    for at, to, size in match.get_matching_blocks():
        for step in range(size):
            yield left[at + step], right[to + step]


def _moved(
    old: Sequence[str], new: Sequence[str], same: dict[int, int], paired: dict[int, int]
) -> dict[int, int]:
    """What stands once among the rest of either side: by its place now, its place before."""
    gone = [at for at in range(len(old)) if at not in same]
    come = [at for at in range(len(new)) if at not in paired]
    once, there = Counter(old[at] for at in gone), Counter(new[at] for at in come)
    was = {old[at]: at for at in gone if once[old[at]] == 1}
    return {
        at: was[new[at]]
        for at in come
        if there[new[at]] == 1 and new[at] in was and len(new[at].split()) >= _MOVED_WORDS
    }


def _gaps(same: dict[int, int], old: int, new: int) -> Iterator[tuple[range, range]]:
    """The stretches between what is the same in both."""
    low, high = 0, 0
    for at, to in [*sorted(same.items()), (old, new)]:
        if at > low and to > high:
            yield range(low, at), range(high, to)
        low, high = at + 1, to + 1


_Placed = tuple[int, str]


def _alike(left: Sequence[_Placed], right: Sequence[_Placed]) -> list[tuple[int, int]]:
    """Paragraphs of a gap that are one that was changed: in order, the most alike together."""
    if not left or not right:
        return []
    ours = [Counter(_words(text)) for _, text in left]
    theirs = [Counter(_words(text)) for _, text in right]
    few = len(left) * len(right) <= _PAIRS
    chosen = _best(ours, theirs) if few else _nearest(ours, theirs)
    return [(left[at][0], right[to][0]) for at, to in chosen]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _share(one: Counter[str], other: Counter[str]) -> float:
    """The part of their words that two paragraphs share.

    >>> _share(Counter("abcd"), Counter("abxy"))
    0.5
    """
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _best(ours: Sequence[Counter[str]], theirs: Sequence[Counter[str]]) -> list[tuple[int, int]]:
    """The pairs, none across another, that have most in common together."""
    shares = [[_share(one, other) for other in theirs] for one in ours]
    total = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for at in range(len(ours) - 1, -1, -1):
        for to in range(len(theirs) - 1, -1, -1):
            share = shares[at][to]
            both = total[at + 1][to + 1] + share if share >= _ALIKE else 0.0
            total[at][to] = max(both, total[at + 1][to], total[at][to + 1])
    out, at, to = [], 0, 0
    while at < len(ours) and to < len(theirs):
        if total[at][to] == total[at + 1][to]:
            at += 1
        elif total[at][to] == total[at][to + 1]:
            to += 1
        else:
            out.append((at, to))
            at, to = at + 1, to + 1
    return out


def _nearest(ours: Sequence[Counter[str]], theirs: Sequence[Counter[str]]) -> list[tuple[int, int]]:
    """The same for long stretches: for each, the most alike of the next few."""
    out, low = [], 0
    for at, words in enumerate(ours):
        near = range(low, min(len(theirs), low + _NEAR))
        best = max(near, key=lambda to: _share(words, theirs[to]), default=None)
        if best is not None and _share(words, theirs[best]) >= _ALIKE:
            out.append((at, best))
            low = best + 1
    return out


def _row(
    at: int,
    paired: dict[int, int],
    moved: dict[int, int],
    after: Sequence[Block],
    old: Sequence[str],
    new: Sequence[str],
) -> Paragraph:
    number = number_of(after[at])
    if at in moved:
        return Paragraph(Change.MOVED, moved[at], at, number)
    if at not in paired:
        return Paragraph(Change.ADDED, None, at, number, (Piece(Change.ADDED, new[at]),))
    before = paired[at]
    if old[before] == new[at]:
        return Paragraph(Change.SAME, before, at, number)
    return Paragraph(Change.CHANGED, before, at, number, differences(old[before], new[at]))


def _with_gone(
    rows: Sequence[Paragraph], gone: Sequence[int], before: Sequence[Block], old: Sequence[str]
) -> Iterator[Paragraph]:
    """The rows with what is gone, each behind the paragraph that it followed."""
    stays = [row.before for row in rows if row.before is not None and row.change in _IN_ORDER]
    waiting, following = list(gone), iter([*stays[1:], len(old)])
    while waiting and waiting[0] < (stays[0] if stays else len(old)):
        yield _gone(waiting.pop(0), before, old)
    for row in rows:
        yield row
        if row.change in _IN_ORDER:
            limit = next(following)
            while waiting and waiting[0] < limit:
                yield _gone(waiting.pop(0), before, old)


def _gone(at: int, before: Sequence[Block], old: Sequence[str]) -> Paragraph:
    pieces = (Piece(Change.REMOVED, old[at]),)
    return Paragraph(Change.REMOVED, at, None, number_of(before[at]), pieces)


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """What was changed in a paragraph, word by word; what is not removed makes the later one.

    >>> [(p.how.value, p.text) for p in differences("She saw him twice.", "She saw her twice.")]
    [('same', 'She saw'), ('removed', ' him'), ('added', ' her'), ('same', ' twice.')]
    """
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(one) * len(other) > _WORDS:
        one, other = _LINE.findall(before), _LINE.findall(after)
    out: list[Piece] = []
    for gone, come in _runs(one, other):
        if gone == come:
            out.append(Piece(Change.SAME, gone))
        else:
            both = (Piece(Change.REMOVED, gone), Piece(Change.ADDED, come))
            out += [piece for piece in both if piece.text]
    return tuple(out)


def _runs(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    """What stands in either, run by run: runs that are equal, and runs that differ between them.

    A small word that happens to stand in the middle of two changes joins them: nobody can read
    a sentence that was written anew in splinters.
    """
    runs: list[tuple[str, str]] = []
    codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    for at, (how, start, end, to, until) in enumerate(codes):
        run = ("".join(one[start:end]), "".join(other[to:until]))
        inside = 0 < at < len(codes) - 1
        small = how == "equal" and inside and _SMALL.fullmatch(run[0])
        differs = runs and runs[-1][0] != runs[-1][1]
        if differs and (small or how != "equal"):
            runs[-1] = (runs[-1][0] + run[0], runs[-1][1] + run[1])
        else:
            runs.append(run)
    return runs
