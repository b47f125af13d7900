"""The dates of a cover: which is the report's own, and what it is the date of.

Every function takes a text and gives spans of it.
"""

from __future__ import annotations

import regex

from pipeline.raw.facts_names import Said
from pipeline.raw.recognisers import dates
from pipeline.span import Span

_PUBLISHED = regex.compile(r"publish|publication|released", regex.I)
_COMPLETED = regex.compile(
    r"complet|finali[sz]ed|signed\s+off|submitted|date\s+of\s[\w\s]{0,40}report"
    r"|report\s+date|dated",
    regex.I,
)
_OTHER_DAY = regex.compile(
    r"endorsed|approved|agreed|accepted|version|updated|revised|presented|ratified|final|draft"
    r"|date\s*[:\t]|report|review|©|copyright",
    regex.I,
)
_NO_DAY = regex.compile(
    r"\bborn|birth|death|died|dob\b|incident|period|from|between|initiated|commenced|scope|inquest"
    r"|trial|timeframe|working\s+together|\bact\b",
    regex.I,
)


def found(text: str) -> tuple[tuple[Span, str], ...]:
    """Dates with their years, the longer where two overlap; none where that takes too long."""
    try:
        every = {f.span for f in dates.FAMILY.find(text) if not _in_code(text, f.span)}
    except TimeoutError:
        return ()
    kept: list[Span] = []
    for span in sorted(every, key=lambda one: (-len(one), one)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return tuple((span, span.of(text)) for span in sorted(kept))


def _in_code(text: str, span: Span) -> bool:
    """Whether a date is rather a part of a case's code ("2014/C4999", "NZ3/2016")."""
    before = text[: span.start]
    local = before[-1:].isalpha() or regex.search(r"\b[A-Z]{2,5} $", before)
    return text.startswith("/C", span.end) or bool(local and "/" in span.of(text))


def own(text: str) -> tuple[tuple[str, Said], ...]:
    """The dates of the report itself, each with what it is: published, completed or other."""
    kept = []
    for span, written in found(text):
        start = text.rfind("\n", 0, span.start) + 1
        label = text[start : span.start]
        end = text.find("\n", span.end)
        after = text[span.end : len(text) if end < 0 else end]
        if not label.strip():
            above = text[:start].rstrip().rsplit("\n", 1)[-1]
            label = above if len(above) <= 60 and not after.strip() else ""
        name = _what_day(label, alone=not (text[start : span.start] + after).strip(" .()"))
        if name and len(label) <= 90:
            kept.append((name, Said(" ".join(written.split()), span)))
    return tuple(kept)


def _what_day(label: str, *, alone: bool) -> str:
    tail = label[-60:]
    if _NO_DAY.search(tail):
        return ""
    for name, words in (("published", _PUBLISHED), ("completed", _COMPLETED)):
        if words.search(tail):
            return name
    return "other" if alone or _OTHER_DAY.search(tail) else ""


def year(written: str) -> str:
    """The year of a date as it is written; two digits above 40 are of the last century.

    >>> year("3 May 2014"), year("03/05/14"), year("May '09"), year("3 May")
    ('2014', '2014', '2009', '')
    """
    full = regex.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", written)
    if full:
        return str(full[-1])
    short = regex.search(r"(?:[/.-]|['’‘]|\p{L}\.?[ -])(\d\d)$", written)
    return f"{19 if int(short[1]) > 40 else 20}{short[1]}" if short else ""
