"""From what people settled and what a profile wants to the plan: each place and its label."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from pipeline.door import ages, dates, easing, labels, pictures
from pipeline.door.coarser import coarser
from pipeline.door.naming import NAMED, Naming, named, without_possessive
from pipeline.door.plan import Replacement
from pipeline.door.policy import ASKED, REVIEWER, Policy
from pipeline.match import Names
from pipeline.near import Near
from pipeline.raw import facts, facts_calendar
from pipeline.raw.document import Document, Finding, Settlement
from pipeline.span import Kind, Span

_DAY_BEFORE = re.compile(r"\b(?:on|by|until|till|since|from|of|before|after)(?: the)? $", re.I)
_AGED_BEFORE = re.compile(r"\b(?:aged?|ages of|age of|age range(?: of)?)(?: between)? $", re.I)
_BORN = re.compile(
    r"(?:\bborn\b|\bd\.?o\.?b\b|\bdate of birth\b|\bbirth date\b)[\s.:()–-]*"
    r"(?:(?:on|in|is|was|as|the|around|about|prematurely|a|[A-Z][a-z]+day,?)\s+){0,4}$",
    re.IGNORECASE,
)
_BORN_INSIDE = re.compile(r"\b(?:d\.?o\.?b|date of birth|born)\b", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d")
# A numeric date is looked for elsewhere only with its full year: "5.3" is also a paragraph.
_SAYS_DAY = re.compile(r"[A-Za-z]{3}|(?:19|20)\d\d")


# How often the changed text is read again for names that only now read as such.
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """The changes to a text, and everything that they hide.

    `forms` are (key, surface form) of what is hidden; `kept` the spans of the canonical text
    that may show such a form: a person said so there, or the profile shows the name it is in.
    `shown` are the names that the profile shows; `counted` the labels whose number we gave.
    """

    replacements: tuple[Replacement, ...]
    forms: tuple[tuple[str, str], ...] = field(repr=False)
    kept: tuple[Span, ...]
    shown: tuple[str, ...] = field(default=(), repr=False)
    counted: frozenset[str] = frozenset()


def planned(document: Document, settled: Settlement, policy: Policy, *, draft: bool) -> Planned:
    """Every change that the profile makes to the canonical text, sorted, without overlap.

    Thresholds apply to drafts only: what a person has settled counts whatever its score.
    """
    removed = pictures.removed(document, settled)
    if not policy.changes:
        return Planned(tuple(removed), (), settled.kept)
    found = _counted(settled, policy, draft=draft)
    naming = named(document, found, settled, policy)
    changes = _names_changed(document.text, naming)
    hidden = {m.finding.id for m in naming.mentions}
    rest = [
        f
        for f in found
        if f.id not in hidden and f.kind not in NAMED and (f.kind not in ASKED or _asked(f, draft))
    ]
    others = _others_changed(document.text, rest, policy, _anchor(document, policy))
    forms = (*naming.forms, *_other_forms(document.text, others))
    forms = (*forms, *_misread(document, forms, naming, settled.kept))
    pictures.require_nameless(removed, Names(forms))
    known = naming.labels | {f"other-{n}": r.label for n, r in enumerate(others)}
    kinds = naming.kinds | {f"other-{n}": r.kind for n, r in enumerate(others)}
    changes += [*others, *removed]
    hunt = _Hunt(document, Names(forms), known, kinds, settled.kept)
    more = hunt.everywhere(changes)
    shown = _shown_parts(more, naming)
    split = _fitted(document, [*changes, *(c for c in more if c.span not in shown)])
    for _ in range(_ROUNDS):
        left = [c for c in hunt.still_there(split) if c.span not in shown]
        if not left:
            break
        split = _fitted(document, [*split, *left])
    names = tuple(dict.fromkeys(m.span.of(document.text) for m in naming.shown))
    return Planned(split, forms, (*settled.kept, *sorted(shown)), names, naming.counted)


def _fitted(document: Document, changes: Sequence[Replacement]) -> tuple[Replacement, ...]:
    """The changes sorted, without overlap, joined to names, eased into their sentences, and cut."""
    ordered = _apart(sorted(changes, key=lambda c: (c.span.start, -len(c.span))))
    return _split(document, easing.eased(document.text, _merged(document.text, ordered)))


def _counted(settled: Settlement, policy: Policy, *, draft: bool) -> list[Finding]:
    """The findings that are taken up: an identity counts as much as its surest mention."""
    if not draft:
        return list(settled.findings)
    best: dict[str, float] = {}
    for finding in settled.findings:
        if finding.identity:
            best[finding.identity] = max(best.get(finding.identity, 0.0), finding.score)
    return [
        f
        for f in settled.findings
        if f.by == REVIEWER or policy.counts(f.kind, max(f.score, best.get(f.identity or "", 0.0)))
    ]


def _asked(finding: Finding, draft: bool) -> bool:
    """Whether a person wants hidden what no rule hides: in a settled review, all that is left.

    What a person rejects is not among the findings, and nothing else is settled.
    """
    return finding.by == REVIEWER or not draft


def _names_changed(text: str, naming: Naming) -> list[Replacement]:
    return [
        Replacement(m.span, naming.labels[m.identity.id], m.finding.kind, m.identity.id)
        for m in naming.mentions
    ]


def _anchor(document: Document, policy: Policy) -> date | None:
    """The day, or the first of the month, from which a profile counts; None where none is told."""
    if policy.dates != "distance":
        return None
    told = facts_calendar.read(facts.stated(document).incident.value)
    return told.first if told else None


def _others_changed(
    text: str, found: Iterable[Finding], policy: Policy, anchor: date | None
) -> list[Replacement]:
    """What has no name of its own: dates, ages, codes, contacts, and what a reviewer hid.

    A date of birth is one wherever it stands, also where the words around it do not say so.
    """
    changes = []
    for finding in found:
        change = _other(text, finding, policy, anchor)
        if change is not None and change.span.of(text) != change.label:
            changes.append(change)
    born = {change.span.of(text) for change in changes if change.label == dates.BIRTH_LABEL}
    born = {written for written in born if not _YEAR_ALONE.fullmatch(written)}
    return [
        replace(change, label=dates.BIRTH_LABEL)
        if change.kind is Kind.DATE and change.span.of(text) in born
        else change
        for change in changes
    ]


def _other(text: str, finding: Finding, policy: Policy, anchor: date | None) -> Replacement | None:
    span = without_possessive(text, finding.span)
    new = span.of(text)
    if finding.kind is Kind.DATE:
        new = _date(text, finding, policy, anchor)
    elif finding.kind is Kind.AGE and policy.ages == "band":
        around = text[span.end : span.end + 60], text[max(0, span.start - 30) : span.start]
        new = ages.banded(new, *around)
        if not dates.is_no_time(new, finding.kind, finding.by == REVIEWER):
            return _tight(Replacement(span, new, finding.kind, finding.identity), text)
    elif finding.kind in ASKED or _is_labelled(finding.kind, policy):
        new = labels.bracketed(labels.of_kind(finding.kind, finding.subkind))
    if dates.is_no_time(new, finding.kind, finding.by == REVIEWER):
        new = labels.bracketed(labels.of_kind(finding.kind, ""))
    return Replacement(span, new, finding.kind, finding.identity)


def _is_labelled(kind: Kind, policy: Policy) -> bool:
    return (kind is Kind.CODE and policy.codes == "label") or (
        kind is Kind.CONTACT and policy.contacts == "label"
    )


def _date(text: str, finding: Finding, policy: Policy, anchor: date | None) -> str:
    old = finding.span.of(text)
    before = text[max(0, finding.span.start - 40) : finding.span.start]
    if (
        "birth" in finding.subkind.lower()
        or "dob" in finding.subkind.lower()
        or _BORN.search(before)
        or _BORN_INSIDE.search(old)
    ):
        return {"hide": dates.BIRTH_LABEL, "year": dates.year_of(old), "keep": old}[policy.births]
    if dates.is_bare_number(old) and not _DAY_BEFORE.search(before):
        return _number(text, finding, before, policy)
    return old if policy.dates == "keep" else coarser(old, policy.dates, anchor)


def _number(text: str, finding: Finding, before: str, policy: Policy) -> str:
    """A bare number that was taken for a date: an age after "aged", else no date at all."""
    old = finding.span.of(text)
    if policy.ages == "band" and _AGED_BEFORE.search(before):
        return ages.banded(old, text[finding.span.end : finding.span.end + 60], before)
    return old


def _misread(
    document: Document,
    forms: Sequence[tuple[str, str]],
    naming: Naming,
    kept: Sequence[Span],
) -> tuple[tuple[str, str], ...]:
    """How hidden names are written where a scan was misread: further forms that must not stay."""
    if not document.uncertain:
        return ()
    text = document.text
    apart = [*kept, *(m.span for m in naming.shown)]
    names = Near(forms, (m.span.of(text) for m in naming.shown))
    return tuple(
        (match.key, match.span.of(text))
        for match in names.find(text, document.uncertain)
        if not any(span.overlaps(match.span) for span in apart)
    )


def _tight(change: Replacement, text: str) -> Replacement:
    """The change without the words around its label that stay as they are."""
    old = change.span.of(text)
    opening, closing = change.label.find("["), change.label.rfind("]")
    if opening < 0 or not old.startswith(change.label[:opening]):
        return change
    tail = change.label[closing + 1 :]
    end = change.span.end - len(tail)
    if not old.endswith(tail) or end <= change.span.start + opening:
        return change
    span = Span(change.span.start + opening, end)
    return replace(change, span=span, label=change.label[opening : closing + 1])


def _other_forms(text: str, others: Sequence[Replacement]) -> tuple[tuple[str, str], ...]:
    """Codes, contacts and exact dates, as what must not be left anywhere."""
    forms = []
    for n, change in enumerate(others):
        written = change.span.of(text).strip()
        signs = sum(c.isalnum() for c in written)
        day = (
            change.kind is Kind.DATE
            and _SAYS_DAY.search(written)
            and (dates.coarse(written) != written or _is_month(written, change))
        )
        code = change.kind in (Kind.CODE, Kind.CONTACT) and signs >= 5
        telling = re.search(r"\d|@|\.", written) or (
            change.kind is Kind.CODE and not written.islower()
        )
        if (day or code) and telling:
            forms.append((f"other-{n}", written))
    return tuple(forms)


def _is_month(written: str, change: Replacement) -> bool:
    """Whether a month and a year were made coarser still: then they must not stay elsewhere."""
    return change.label != dates.BIRTH_LABEL and dates.starts_with_month(written)


@dataclass(frozen=True, slots=True)
class _Hunt:
    """Looks for further places where something hidden is written, but for those a person keeps.

    `known` and `kinds` give the label and the kind for the keys of `names`.
    """

    document: Document
    names: Names
    known: dict[str, str]
    kinds: dict[str, Kind]
    kept: tuple[Span, ...]

    def everywhere(self, changes: Sequence[Replacement]) -> list[Replacement]:
        """The places of the canonical text that no change covers yet."""
        covered = _Places(change.span for change in changes)
        text = self.document.text
        found = ((without_possessive(text, m.span), m.key) for m in self.names.find(text))
        return [self._change(span, key) for span, key in found if self._is_open(span, covered)]

    def still_there(self, changes: Sequence[Replacement]) -> list[Replacement]:
        """The places that are read as a name only once the text around them has changed."""
        parts, stretches, length, at = [], [], 0, 0
        for change in changes:
            unchanged = self.document.text[at : change.span.start]
            stretches.append((length, at, len(unchanged)))
            parts += [unchanged, change.label]
            length += len(unchanged) + len(change.label)
            at = change.span.end
        parts.append(self.document.text[at:])
        stretches.append((length, at, len(parts[-1])))
        out = []
        starts = [start for start, _, _ in stretches]
        for match in self.names.find("".join(parts)):
            # The stretches that the match touches, of thousands.
            first = max(0, bisect_right(starts, match.span.start) - 1)
            for start, source, size in stretches[first : bisect_left(starts, match.span.end)]:
                low = max(match.span.start, start)
                high = min(match.span.end, start + size)
                if low < high:
                    span = Span(low - start + source, high - start + source)
                    if span.of(self.document.text).strip() and self._is_open(span, _Places(())):
                        out.append(self._change(span, match.key))
        return out

    def _is_open(self, span: Span, covered: _Places) -> bool:
        return not covered.cover(span) and not any(kept.overlaps(span) for kept in self.kept)

    def _change(self, span: Span, key: str) -> Replacement:
        identity = None if key.startswith("other-") else key
        return Replacement(span, self.known[key], self.kinds[key], identity)


def _shown_parts(more: Sequence[Replacement], naming: Naming) -> frozenset[Span]:
    """The hidden forms that stand in a name that the profile shows, and are read there.

    The town in the name of the board that publishes, the surname of an author who has it too. A
    person's name in the name of a body is hidden all the same.
    """
    people = _Places(m.span for m in naming.shown if m.identity.kind is Kind.PERSON)
    bodies = _Places(m.span for m in naming.shown if m.identity.kind is not Kind.PERSON)
    return frozenset(
        change.span
        for change in more
        if (people if change.kind is Kind.PERSON else bodies).cover(change.span)
    )


class _Places:
    """Spans that may overlap, to be asked whether one of them covers another span."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans, key=lambda s: (s.start, -s.end))
        self._starts = [span.start for span in self._spans]
        self._longest = max((len(span) for span in self._spans), default=0)

    def cover(self, span: Span) -> bool:
        """Whether one of the places contains the whole span."""
        low = bisect_left(self._starts, span.start - self._longest)
        high = bisect_right(self._starts, span.start)
        return any(place.contains(span) for place in self._spans[low:high])


def _apart(changes: Sequence[Replacement]) -> list[Replacement]:
    """The changes without overlap: where two overlap, one change covers both.

    It takes the label of the longer; a name inside a longer name goes with it.
    """
    out: list[Replacement] = []
    for change in changes:
        if out and out[-1].span.overlaps(change.span):
            last = out[-1]
            keep = last if len(last.span) >= len(change.span) else change
            both = Span(last.span.start, max(last.span.end, change.span.end))
            out[-1] = replace(keep, span=both)
        else:
            out.append(change)
    return out


def _merged(text: str, changes: Sequence[Replacement]) -> list[Replacement]:
    """The parts of one name, side by side, as one change."""
    out: list[Replacement] = []
    for change in changes:
        last = out[-1] if out else None
        same = last is not None and change.identity is not None and change.identity == last.identity
        if last is not None and same and text[last.span.end : change.span.start] in (" ", ""):
            out[-1] = replace(last, span=Span(last.span.start, change.span.end))
        else:
            out.append(change)
    return out


def _split(document: Document, changes: Sequence[Replacement]) -> tuple[Replacement, ...]:
    """The changes cut at the ends of blocks and cells, so that the structure stays."""
    edges = sorted(
        {
            edge
            for block in document.blocks
            for span in (block.span, *(cell for row in block.rows for cell in row))
            if span is not None
            for edge in (span.start, span.end)
        }
    )
    out = []
    for change in changes:
        inner = edges[bisect_right(edges, change.span.start) : bisect_left(edges, change.span.end)]
        cuts = [change.span.start, *inner, change.span.end]
        for start, end in pairwise(cuts):
            piece = document.text[start:end]
            bare = piece.strip()
            if bare:
                at = start + piece.index(bare)
                out.append(replace(change, span=Span(at, at + len(bare))))
    return tuple(out)
