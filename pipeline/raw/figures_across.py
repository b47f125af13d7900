"""Figures that several paragraphs, or several files, tell of the same thing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pipeline.raw.document import Document
from pipeline.raw.figures_numbers import Part, counts
from pipeline.raw.figures_prose import SPLIT
from pipeline.raw.figures_rows import Figure, figure
from pipeline.span import BlockKind

TWICE = "One count, told in two places."
BANDS = "Counts by bands of time, and the whole that they divide."
BODIES = "How many bodies there are said to be, and how many the table names."
BOUND = "A bound told from below in one place and from above in another."
THINGS = "One number, told of two kinds of thing."

MOST_TOLD = 200  # mentions of one thing that are compared with each other
OFTEN = 3  # a whole is told again and again
NEAR = 0.85  # the share of a whole that bands which follow on each other must reach
_COUNTED = re.compile(
    r"\b(the |these |those |none of the |all (?:of )?the |no |when the |"
    r"to the )?(?<![\d.~])(\d{1,5}) "
    r"((?:[a-z][a-z’'-]*[- ]){0,3}?[a-z-]{3,}s)\b(?!’)", re.I)  # fmt: skip
_GROUP = re.compile(r"\b(\d+) of the (\d+)\b")
_STOPS = frozenset(
    "of in at on by for with from to and or was were is are has had that which who this these "
    "as not".split()
)
_BAND = re.compile(
    r"\b(within|in (?:less|under) than|less than|under|between|more than|over|"
    r"from)\s+(?:a period of\s+)?"
    r"(?:between\s+)?(\d+)?(?:\s*(days?|weeks?|months?|years?))?(?:\s+(?:and|"
    r"to)\s+(\d+)\s+(days?|weeks?|months?|years?))?",
    re.I)  # fmt: skip
_UNIT = {"day": 1, "week": 7, "mont": 30, "year": 360}
_LOWER = r"(?:more than|over|longer than|at least|in excess of|upwards of)"
_UPPER = r"(?:up to|at most|no more than|not more than|less than|fewer than|under|within)"
_BODIES = re.compile(
    r"\b(\d{2,4}) (?:[A-Z]?[a-z]+ ){0,4}(?:boards?|authorit\w+|councils?|trusts?|agenc\w+|"
    r"areas?|forces?|"
    r"partnerships?|schools?|organisations?|providers?)\b", re.I)  # fmt: skip


def check(read: Sequence[Part], documents: Sequence[Document]) -> Iterator[Figure]:
    """The rows that need more than one paragraph."""
    prose = [p for p in read if p.kind is not BlockKind.HEADING]
    yield from _twice(prose)
    yield from _by_group(prose)
    yield from _by_band(prose)
    yield from _bounds(prose)
    yield from _things(prose)
    for file, document in enumerate(documents, start=1):
        yield from _named(prose, document, file)


def _twice(prose: Sequence[Part]) -> Iterator[Figure]:
    """A thing that is counted in two places only, the second time as something known."""
    met: dict[tuple[int, str], list[tuple[int, bool, Part]]] = defaultdict(list)
    for part in prose:
        for sentence in part.sentences:
            for m in _COUNTED.finditer(sentence.text):
                words = m[3].lower().split()
                if _STOPS & set(words) or re.match(
                    r"\d+ (?:out )?of\b", sentence.text[m.start(2) :]
                ):
                    continue
                before = sentence.text[: m.start()].lower()
                known = bool(m[1]) and not before.endswith(("of ", "out of "))
                known = known or bool(re.search(r"\b(?:none|all|each|most) of $", before))
                met[part.file, " ".join(words)].append((int(m[2]), known, part))
    for every in met.values():
        rows = every[:MOST_TOLD]
        values = list(dict.fromkeys(v for v, _, _ in rows))
        for at, (value, known, part) in enumerate(rows):
            if not known or at == 0:
                continue
            earlier = [r for r in rows[:at] if r[2] is not part]
            same = [r for r in earlier if r[0] == value]
            if same:
                yield figure(True, (same[0][2], part), (value, value), TWICE)
            elif len(values) == 2 and earlier and abs(earlier[0][0] - value) <= max(6, value // 5):
                yield figure(False, (earlier[0][2], part), (earlier[0][0], value), TWICE)


def _by_group(prose: Sequence[Part]) -> Iterator[Figure]:
    """So many of a whole, and then so many of each of the groups that divide it."""
    for at, part in enumerate(prose):
        groups = [(int(m[1]), int(m[2])) for s in part.sentences for m in _GROUP.finditer(s.text)]
        if len(groups) < 2:
            continue
        whole = sum(n for _, n in groups)
        for other in prose[max(0, at - 3) : at + 2]:
            if other.file != part.file:
                continue
            for sentence in other.sentences:
                found = re.match(r"of the (\d+) [^,]{3,60}, (\d+)\b", sentence.text, re.I)
                said = re.search(r"\b(\d+) of the (\d+)\b", sentence.text)
                pair = (int(found[2]), int(found[1])) if found else None
                if pair is None and said is not None:
                    pair = int(said[1]), int(said[2])
                if pair is None or pair[1] != whole or pair in groups:
                    continue
                holds = sum(n for n, _ in groups) == pair[0]
                yield figure(holds, (other, part), (*pair, *(n for n, _ in groups)), SPLIT)


def _by_band(prose: Sequence[Part]) -> Iterator[Figure]:
    """Counts by bands of time that follow on each other, and the whole of what is counted."""
    run: list[tuple[int, float, float, Part]] = []
    told = _told(prose)
    for part in prose:
        for at, sentence in enumerate(part.sentences):
            band = _band(sentence.whole)
            if band is None:
                continue
            found = counts(sentence.text)[:1]
            if not found:
                following = part.sentences[at + 1].text if at + 1 < len(part.sentences) else ""
                later = re.match(r"of the (\d+) \w+", following, re.I)
                found = [int(later[1])] if later else []
            if not found:
                continue
            if run and not (band[0] == run[-1][2] and run[-1][3].file == part.file):
                run = []
            run.append((found[0], band[0], band[1], part))
            yield from _banded(run, told)


def _banded(
    run: Sequence[tuple[int, float, float, Part]], told: dict[int, Counter[int]]
) -> Iterator[Figure]:
    """The run as a row, where a number that the file gives often is a little more than its sum."""
    if len(run) < 4 or run[0][1] != 0:
        return
    total = sum(n for n, _, _, _ in run)
    often = told.get(run[0][3].file, Counter())
    wholes = [(c, n) for n, c in often.items() if c >= OFTEN and total <= n <= total / NEAR]
    if wholes and total not in {n for _, n in wholes}:
        whole = max(wholes)[1]
        yield figure(False, tuple(p for *_, p in run), (whole, *(n for n, *_ in run)), BANDS)


def _band(text: str) -> tuple[float, float] | None:
    """The bounds of a band of time in days, from 0 where only the upper one is told."""
    for m in _BAND.finditer(text):
        first, second, unit = m[2], m[4], (m[5] or m[3] or "")[:4].lower()
        if not unit:
            continue
        size = _UNIT.get(unit, _UNIT.get(unit.rstrip("s"), 0))
        own = _UNIT.get((m[3] or m[5] or "")[:4].lower().rstrip("s"), 0) or size
        size, own = size or 1, own or size
        if m[1].lower() in ("between", "from") and first and second:
            return int(first) * own, int(second) * size
        if m[1].lower() == "within" and first and not second:
            return 0, int(first) * own
        if m[1].lower() == "within" and first and second:
            return int(first) * own, int(second) * size
    return None


def _told(prose: Sequence[Part]) -> dict[int, Counter[int]]:
    """How often each file gives each count of two digits or more."""
    met: dict[int, Counter[int]] = defaultdict(Counter)
    for part in prose:
        for sentence in part.sentences:
            met[part.file].update(n for n in counts(sentence.text) if n > 9)
    return met


def _bounds(prose: Sequence[Part]) -> Iterator[Figure]:
    """More than so much here, up to so much there, of what seems to be the same."""
    unit = r"(\d+) (days?|weeks?|months?|years?)"
    sides: dict[str, list[tuple[str, set[str], Part]]] = {_LOWER: [], _UPPER: []}
    for part in prose:
        for sentence in part.sentences:
            for side, rows in sides.items():
                for m in re.finditer(rf"\b{side} {unit}\b", sentence.whole, re.I):
                    near = sentence.whole[max(0, m.start() - 70) : m.end() + 40].lower()
                    stems = {w[:6] for w in re.findall(r"[a-z]{5,}", near)} - {m[2][:6].lower()}
                    rows.append((f"{m[1]} {m[2].lower().rstrip('s')}", stems, part))
    for said, stems, part in sides[_LOWER][:MOST_TOLD]:
        for other, theirs, there in sides[_UPPER][:MOST_TOLD]:
            if said == other and stems & theirs and there.file != part.file:
                yield figure(False, (part, there), (int(said.split()[0]),) * 2, BOUND)


def _things(prose: Sequence[Part]) -> Iterator[Figure]:
    """So many of one thing, and then "of the" same number of another thing."""
    for part in prose:
        seen: dict[int, str] = {}
        for sentence in part.sentences:
            back = re.match(r"of the (\d{2,4}) (\w+)", sentence.text, re.I)
            if back is not None and int(back[1]) in seen:
                before, now = seen[int(back[1])], back[2].lower()
                if _head(now) not in before and now.endswith(("s", "n")):
                    yield figure(False, (part,), (int(back[1]),) * 2, THINGS)
            for m in re.finditer(
                r"\b(\d{2,4}) ((?:[a-z-]+ ){0,4}?[a-z-]{3,}(?:s|children|people))\b",
                sentence.text,
                re.I,
            ):
                words = m[2].lower()
                if not back or int(m[1]) != int(back[1]):
                    seen.setdefault(int(m[1]), words)


def _head(word: str) -> str:
    return word.rstrip("s")[:6]


def _named(prose: Sequence[Part], document: Document, file: int) -> Iterator[Figure]:
    """The bodies in the first column of a long table, and how many the prose says there are."""
    for block in document.blocks:
        if len(block.rows) < 20:
            continue
        first = [row[0].of(document.text).strip() for row in block.rows if row and row[0]]
        different = len({name.lower() for name in first})
        if different == len(first) or any(re.search(r"\d", name) for name in first):
            continue
        for part in prose:
            if part.file != file:
                continue
            for sentence in part.sentences:
                for m in _BODIES.finditer(sentence.text):
                    if abs(int(m[1]) - different) <= 2:
                        yield figure(
                            int(m[1]) == different, (part,), (int(m[1]), different), BODIES
                        )
