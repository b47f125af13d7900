"""Figures inside one paragraph: parts of a whole, shares, percentages, periods, more than all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.raw.figures_numbers import MONTH, Part, Sentence, counts
from pipeline.raw.figures_rows import Figure, figure
from pipeline.span import BlockKind

PARTS = "The parts and the whole that they divide."
SHARE = "A percentage and the two counts that it is of."
MORE = "A part and the whole that it is taken from."
HUNDRED = "Percentages that divide a whole."
PERIOD = "A length of time and the two dates that it lies between."
REST = "The counts of a paragraph that goes through a whole; some of it is not accounted for."
FURTHER = "A count, and the two counts that it is made up of."
SPLIT = "A count in all, and the same counted group by group."

NEAR = 0.12  # parts that come so near to a whole were meant to make it up
LEAST = 0.6  # parts of a plain division make up at least this share of the whole
_LEAD = re.compile(
    r"^(?:of|out of)\s+(?:the|these|all|those|a total of)?\s*(?:~\s+)?(?:\w+[’']s\s+)?(\d+)\b", re.I
)
_DIVIDES = re.compile(
    r"(?::|;|\bcompris\w+|\bconsist\w+|\bmade up of|\bin (?:all|total)\b|\bof (?:these|them|"
    r"whom|which)\b|"
    r"\bnamely\b|\bdivided?\b|\bas follows\b)",
    re.I,
)
_NEXT = re.compile(
    r"^(?:these (?:compris|consist|were|are)|of (?:these|them|those|whom)|\d+ of (?:these|them|"
    r"those))\b",
    re.I,
)
_NESTED = re.compile(
    r"\b\d+ of (?:whom|which)\b|\bincluding\b[^,;.]*|\bsome of (?:whom|which)\b", re.I
)
_OF = re.compile(
    r"\b(\d+)\s+(?:out\s+)?of\s+(?:the\s+|these\s+|those\s+|all\s+|its\s+)?(\d+)\b(?!\s*%)", re.I
)
_PERCENT = r"(\d+(?:\.\d+)?)\s*(?:%|per cent\b|percent\b)"
_ABOUT = r"((?:about|almost|nearly|around|approximately|roughly|over|under|just \w+)\s+)?"


def check(read: Sequence[Part]) -> Iterator[Figure]:
    """The rows of each paragraph by itself."""
    for part in read:
        if part.kind is BlockKind.HEADING:
            continue
        for sentence in part.sentences:
            yield from _shares(part, sentence)
            yield from _more(part, sentence)
            yield from _hundred(part, sentence)
            yield from _period(part, sentence)
        yield from _divisions(part)
        yield from _further(part)


def _shares(part: Part, sentence: Sentence) -> Iterator[Figure]:
    text = sentence.text
    given = []
    for m in re.finditer(rf"\b(\d+)\s*[(,]\s*(?:or\s+)?{_ABOUT}{_PERCENT}", text, re.I):
        before = re.findall(
            r"\bof\s+(?:the\s+|these\s+|all\s+)?(?:~\s+)?(\d+)\b", text[: m.start()], re.I
        )
        if before:
            given.append((int(m[1]), int(before[-1]), float(m[3]), bool(m[2])))
    for m in re.finditer(
        rf"{_OF.pattern}[^.;%()\d]{{0,60}}[(,]\s*(?:or\s+)?{_ABOUT}{_PERCENT}", text, re.I
    ):
        given.append((int(m[1]), int(m[2]), float(m[4]), bool(m[3])))
    pattern = (
        rf"\b(\d+)\s*[(,]\s*(?:or\s+)?{_ABOUT}{_PERCENT}\)?\s+of\s+(?:the\s+|these\s+|"
        r"all\s+)?(\d+)\b"
    )
    for m in re.finditer(pattern, text, re.I):
        given.append((int(m[1]), int(m[4]), float(m[3]), bool(m[2])))
    for a, whole, percent, about in dict.fromkeys(given):
        if whole >= a > 0:
            holds = abs(100 * a / whole - percent) <= (1.6 if about else 0.6)
            yield figure(holds, (part,), (a, whole, round(percent)), SHARE)


def _more(part: Part, sentence: Sentence) -> Iterator[Figure]:
    for m in _OF.finditer(sentence.text):
        a, whole = int(m[1]), int(m[2])
        if whole > 1:
            yield figure(a <= whole, (part,), (a, whole), MORE)


def _hundred(part: Part, sentence: Sentence) -> Iterator[Figure]:
    text = sentence.text
    found = [float(m[1]) for m in re.finditer(_PERCENT, text)]
    if len(found) < 3 or not re.search(rf"\band\s+{_ABOUT}{_PERCENT}[^%]*$", text):
        return
    total = sum(found)
    divides = re.search(
        r"^by \w+,|\b(?:divid\w+|split|broken? down|breakdown|as follows|compris\w+|made up|"
        r"the rest|"
        r"remain\w+|respectively|proportions?)\b", text, re.I)  # fmt: skip
    if abs(total - 100) <= 1.5:
        yield figure(True, (part,), tuple(map(round, found)), HUNDRED)
    elif divides and 70 <= total <= 135:
        yield figure(False, (part,), tuple(map(round, found)), HUNDRED)


_MONTHS = "January February March April May June July August September October November December"
_DATE = rf"({MONTH})\s+((?:19|20)\d\d)"
_SPAN = re.compile(
    rf"\b(\d+)[- ](months?|years?)\b[^.]{{0,30}}?\b(?:from|"
    rf"between)\s+(?:\d+\s+)?{_DATE}\s+(?:to|and|until)\s+"
    rf"(?:\d+\s+)?{_DATE}", re.I)  # fmt: skip
_SPAN_AFTER = re.compile(
    rf"\b(?:from|between)\s+(?:\d+\s+)?{_DATE}\s+(?:to|and|until)\s+(?:\d+\s+)?{_DATE},?\s*\(?"
    r"(?:a (?:period|total) of |which is |that is |some |or )(\d+)[- ](months?|"
    r"years?)\b", re.I)  # fmt: skip


def _period(part: Part, sentence: Sentence) -> Iterator[Figure]:
    months = [m.lower() for m in _MONTHS.split()]
    found = [m.groups() for m in _SPAN.finditer(sentence.whole)]
    found += [(m[5], m[6], m[1], m[2], m[3], m[4]) for m in _SPAN_AFTER.finditer(sentence.whole)]
    for said, unit, m1, y1, m2, y2 in found:
        length = 12 * (int(y2) - int(y1)) + months.index(m2.lower()) - months.index(m1.lower())
        told = int(said) * (12 if unit.lower().startswith("year") else 1)
        slack = 6 if unit.lower().startswith("year") else 0
        holds = length - slack <= told <= length + 1 + slack
        yield figure(holds, (part,), (int(said), length), PERIOD)


def _divisions(part: Part) -> Iterator[Figure]:
    """The wholes of a paragraph, and the counts after each that make it up or should."""
    told = [_plain(s.text) for s in part.sentences]
    settled: dict[int, tuple[int, ...]] = {}
    for at, text in enumerate(told):
        for whole in counts(text)[:2]:
            if whole < 4 or whole in settled or any(whole in p for p in settled.values()):
                continue
            rest = _after(text, whole), *told[at + 1 :]
            made = _made_up(whole, [counts(r) for r in rest])
            if made:
                settled[whole] = made
    wrong = [w for at, text in enumerate(told) if (w := _wrong(text, told[at + 1 :]))]
    for whole, *listed in wrong:
        made = settled.get(whole, ())
        inner = any(whole in p for p in settled.values())
        if not inner and (not made or (len(made) < len(listed) and set(made) <= set(listed))):
            settled.pop(whole, None)
            yield figure(False, (part,), (whole, *listed), PARTS)
            settled[-whole] = ()
    for whole, made in settled.items():
        if whole > 0:
            yield figure(True, (part,), (whole, *made), PARTS)
    going = _goes_through(told)
    if going is not None and going[0] not in settled and -going[0] not in settled:
        yield figure(False, (part,), going, REST)


def _plain(text: str) -> str:
    return _NESTED.sub(" ", text)


def _after(text: str, whole: int) -> str:
    found = (m.end() for m in re.finditer(r"\d+", text) if m[0] == str(whole))
    return text[next(found, len(text)) :]


def _made_up(whole: int, rest: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The first run of counts, in the sentence and those after it, that sums to the whole."""
    flat = [n for row in rest[:5] for n in row]
    for start in range(min(3, len(flat))):
        total = 0
        for end in range(start, min(len(flat), start + 14)):
            total += flat[end]
            if total == whole and end > start:
                return tuple(flat[start : end + 1])
            if total > whole:
                break
    return ()


def _listed(text: str) -> list[int]:
    """The counts of a list that ends a sentence: a …, b … and c …; none where it is no list."""
    found = counts(text)
    if len(found) < 2 or not re.search(
        r"(?:,|;)?\s+and\s+(?:the\s+)?(?:in\s+|by\s+)?\d+\b[^\d]*$", text
    ):
        return []
    return found


def _wrong(text: str, following: Sequence[str]) -> tuple[int, ...] | None:
    """A whole and the list that should make it up, where a sentence divides it so."""
    lead = _LEAD.match(text)
    if lead is not None:
        whole, rest, least = int(lead[1]), text[lead.end() :], 3
    else:
        found = counts(text)
        first = re.search(r"\d", text)
        # "In total, 34 letters were found; 12 …": the words before the first count divide nothing.
        cut = _DIVIDES.search(text, first.start()) if first else None
        if found and cut and first and cut.start() > first.start() and counts(text[: cut.start()]):
            whole, rest, least = counts(text[: cut.start()])[-1], text[cut.end() :], 2
        elif found and len(found) == 1 and following and _NEXT.match(following[0]):
            whole, rest, least = found[0], following[0], 2
            following = following[1:]
        else:
            return None
    if re.match(r"\s*,?\s*(?:~|\d+)?\s*%", rest) or _OF.search(rest):
        return None
    parts = _listed(rest)
    if len(parts) < least or whole < 4 or whole in parts:
        return None
    total = sum(parts)
    extra = counts(following[0]) if following else []
    if total < whole and extra and total + extra[0] == whole:
        return None
    if total == whole or total < LEAST * whole or total > 1.8 * whole:
        return None
    return (whole, *parts)


_STARTS = re.compile(r"^(\d+)\s+(?!of\b)(?:\w+\s+){0,2}?(\w+)\b")


def _goes_through(told: Sequence[str]) -> tuple[int, ...] | None:
    """Counts that open sentence after sentence and almost make up the whole of the first."""
    if not told:
        return None
    opening = re.search(r"\b(\d+) of the (\d+)\b", told[0])
    if opening is None:
        return None
    whole, found = int(opening[2]), [int(opening[1])]
    for text in told[1:]:
        start = _STARTS.match(text)
        if start is None:
            continue
        found.append(int(start[1]))
        found += [
            int(m[1]) for m in re.finditer(r"\band (\d+) \w+ (?:was|were|had|did|died)\b", text)
        ]
    short = whole - sum(found)
    if len(found) >= 3 and 0 < short <= NEAR * whole:
        return (whole, *found)
    return None


def _further(part: Part) -> Iterator[Figure]:
    """A count in all, then so many and so many further."""
    told = [_plain(s.text) for s in part.sentences]
    for before, text in pairwise(told):
        found = re.search(
            r"\b(\d+)\b[^.;]*?\b(?:a |an )?(?:further|another|other|additional) (\d+)\b", text
        )
        whole = _OF.search(before)
        if found is None or whole is None:
            continue
        total, parts = int(whole[1]), (int(found[1]), int(found[2]))
        if abs(sum(parts) - total) <= max(1, NEAR * total):
            yield figure(sum(parts) == total, (part,), (total, *parts), FURTHER)
