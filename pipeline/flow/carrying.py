"""What was decided on one version of a report, as far as it surely speaks of the next one too.

What hides is carried further than what lets stay: a name that was hidden is hidden wherever the
new version writes it, one that was let stay stays only in paragraphs that are as they were.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipeline.errors import UsageError
from pipeline.flow import editions
from pipeline.match import fold
from pipeline.raw import compare, settle
from pipeline.raw.document import (
    Amendment,
    AmendmentKind,
    Clearance,
    Decision,
    Document,
    Finding,
    Identity,
    Proposal,
    Verdict,
)
from pipeline.span import Span
from pipeline.store.casefile import Decided, unique

# A page with fewer words of its own cannot be told from another one by them.
_WORDS_OF_A_PAGE = 5


@dataclass(frozen=True, slots=True)
class Side:
    """One version as it was read, and what was proposed for it at first."""

    document: Document
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Carried:
    """What counts for the new version; how much of what was decided, and how much is open again."""

    decided: Decided
    kept: int
    opened: int


class Places:
    """Where a stretch of the old text stands in the new one, if its paragraph is as it was."""

    def __init__(self, old: Document, new: Document) -> None:
        before = [block for block in old.blocks if block.span]
        after = [block for block in new.blocks if block.span]
        self._old: list[Span] = []
        self._new: list[Span] = []
        for at, to in compare.unchanged(before, after):
            one, other, length = before[at].span, after[to].span, len(compare.body(before[at]))
            if one and other and length:
                self._old.append(Span(one.end - length, one.end))
                self._new.append(Span(other.end - length, other.end))

    def moved(self, span: Span) -> Span | None:
        """The stretch in the new text; None where its paragraph was changed."""
        at = _inside(self._old, span)
        if at is None:
            return None
        shift = self._new[at].start - self._old[at].start
        return Span(span.start + shift, span.end + shift)

    def unchanged(self, span: Span) -> bool:
        """Whether a stretch of the new text stands in a paragraph that was there before."""
        return _inside(self._new, span) is not None


def _inside(spans: list[Span], span: Span) -> int | None:
    at = bisect_right(spans, span.start, key=lambda one: one.start) - 1
    return at if at >= 0 and spans[at].contains(span) else None


@dataclass(slots=True)
class _Corrected:
    """Both proposals with the corrections that could be carried; who cannot be known again."""

    was: Proposal
    now: Proposal
    amended: list[Amendment] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    barred: set[str] = field(default_factory=set)

    def same(self) -> dict[str, str]:
        """Who is who: the ids of the old proposal, with those of the new one."""
        return _same(self.was, self.now, self.known, self.barred)


def carried(old: Side, new: Side, before: Decided) -> Carried:
    """What was decided, for the new version: only what surely speaks of the same thing."""
    places = Places(old.document, new.document)
    both = _corrected(old, new, before.amended, places)
    names, added = _added(old, new, before.added, both.same(), places)
    was = settle.extended(old.document, both.was, before.added)
    now = settle.extended(new.document, both.now, added)
    matching = _Matching(was, now, _same(was, now, both.known, both.barred), places)
    decisions = [matching.decision(one, names) for one in before.decisions]
    there = {f.id for f in (*now.findings, *both.now.findings)} | {i.id for i in now.identities}
    decided = Decided(
        decisions=_one_each(one for one in decisions if one and one.target in there),
        added=added,
        cleared=tuple(_cleared(old.document, new.document, before.cleared)),
        amended=tuple(both.amended),
    )
    decided = replace(decided, passed=_passed(new, decided, before.passed, places))
    return Carried(decided, decided.size, before.size - decided.size)


def _one_each(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    by_target = {one.target: one for one in decisions}
    return tuple(by_target[target] for target in sorted(by_target))


def _key(identity: Identity) -> tuple[str, frozenset[str]]:
    return identity.kind.value, frozenset(fold(name) for name in identity.names)


def _same(
    was: Proposal, now: Proposal, known: Mapping[str, str], barred: Collection[str]
) -> dict[str, str]:
    """Identities of one kind and with the very same names, where either side has one such."""
    ours, theirs = Counter(map(_key, was.identities)), Counter(map(_key, now.identities))
    by_key = {_key(one): one.id for one in now.identities}
    out = {
        one.id: by_key[_key(one)]
        for one in was.identities
        if ours[_key(one)] == theirs[_key(one)] == 1
    }
    there = {one.id for one in now.identities}
    out |= {one: other for one, other in known.items() if other in there}
    return {one: other for one, other in out.items() if one not in barred}


# -- corrections of who is who -------------------------------------------------------------


def _corrected(old: Side, new: Side, amendments: Iterable[Amendment], places: Places) -> _Corrected:
    both = _Corrected(old.proposal, new.proposal)
    for one in amendments:
        other = _translated(one, both, new.document, places)
        touched = {one.target, one.into or "", _owner(both.was, one.target)}
        both.was = settle.amended(old.document, both.was, (one,))
        if other is None:
            both.barred |= touched
            continue
        both.now = settle.amended(new.document, both.now, (other,))
        both.amended.append(other)
        if one.kind is AmendmentKind.SPLIT:
            both.known |= {one.target: other.target, one.into or "": other.into or ""}
    return both


def _owner(proposal: Proposal, finding: str) -> str:
    return next((f.identity or "" for f in proposal.findings if f.id == finding), "")


def _translated(
    one: Amendment, both: _Corrected, document: Document, places: Places
) -> Amendment | None:
    """The same correction of the new proposal; None where it is not sure that it is the same."""
    same = both.same()
    if one.kind is AmendmentKind.MERGE:
        target, into = same.get(one.target), same.get(one.into or "")
        other = Amendment(one.kind, target, into) if target and into else None
    elif one.kind is AmendmentKind.SPLIT:
        other = _split(one, both, same, places)
    else:
        other = _bounds(one, both, same, places)
    if other is None:
        return None
    try:
        after = settle.amended(document, both.now, (other,))
    except UsageError:
        return None
    changed = set(both.now.findings) - set(after.findings)
    if one.kind is AmendmentKind.BOUNDS and not all(places.unchanged(f.span) for f in changed):
        return None  # it would move bounds in paragraphs that nobody has seen
    return other


def _split(
    one: Amendment, both: _Corrected, same: Mapping[str, str], places: Places
) -> Amendment | None:
    """Only where every mention stands as it stood: a new one could belong to either."""
    target = same.get(one.target)
    found = _matched(both.was, both.now, same, places)
    ours = {found.get(f.id) for f in both.was.findings if f.identity == one.target}
    theirs = {f.id for f in both.now.findings if f.identity == target}
    leaving = [found.get(finding) for finding in one.findings]
    if target is None or ours != theirs:
        return None
    return Amendment(one.kind, target, one.into, findings=tuple(f for f in leaving if f))


def _bounds(
    one: Amendment, both: _Corrected, same: Mapping[str, str], places: Places
) -> Amendment | None:
    target = _matched(both.was, both.now, same, places).get(one.target)
    span = places.moved(one.span) if one.span else None
    return Amendment(one.kind, target, span=span) if target and span else None


def _matched(
    was: Proposal, now: Proposal, same: Mapping[str, str], places: Places
) -> dict[str, str]:
    """Single findings that stand where they stood, of the same thing: old ids and new ones."""
    there = {(f.kind, f.span): f for f in now.findings}
    out = {}
    for finding in was.findings:
        span = places.moved(finding.span)
        other = there.get((finding.kind, span)) if span else None
        if other is None or other.subkind != finding.subkind:
            continue
        owner = None if finding.identity is None else same.get(finding.identity, "")
        if owner == other.identity:
            out[finding.id] = other.id
    return out


# -- names added, verdicts, lines, groups --------------------------------------------------


def _added(
    old: Side, new: Side, added: Iterable[Finding], same: Mapping[str, str], places: Places
) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """What a reviewer added, wherever it stands now; what nobody writes any more is left out."""
    names: dict[str, str] = {}
    out = []
    for finding in added:
        written = finding.span.of(old.document.text)
        span = places.moved(finding.span) or _place(new.document.text, written)
        if span is None:
            continue
        moved = replace(finding, span=span, identity=same.get(finding.identity or ""))
        names[finding.id] = moved.id
        out.append(moved)
    return names, unique(out)


def _place(text: str, written: str) -> Span | None:
    words = r"\s+".join(map(re.escape, written.split()))
    found = re.search(rf"(?<!\w){words}(?!\w)", text)
    return Span(*found.span()) if found else None


class _Matching:
    """Two proposals, and who and what in them is the same."""

    def __init__(
        self, was: Proposal, now: Proposal, same: Mapping[str, str], places: Places
    ) -> None:
        self._was = {identity.id: identity for identity in was.identities}
        self._now = {identity.id: identity for identity in now.identities}
        self._same = same
        self._found = _matched(was, now, same, places)
        old = {self._found.get(finding.id) for finding in was.findings}
        # Who has a mention that did not stand there before.
        self._more = {finding.identity for finding in now.findings if finding.id not in old}

    def decision(self, one: Decision, added: Mapping[str, str]) -> Decision | None:
        """The same decision on the new version; None where that is not sure."""
        if one.target in self._was:
            return self._whole(one)
        target = self._found.get(one.target)
        if target is None and one.verdict is Verdict.ACCEPT:
            target = added.get(one.target)
        return replace(one, target=target) if target else None

    def _whole(self, one: Decision) -> Decision | None:
        target = self._same.get(one.target)
        if target is None:
            return None
        if one.verdict is Verdict.REJECT and target in self._more:
            return None
        said = one.position is not None or one.label is not None
        if not said and self._was[one.target].position != self._now[target].position:
            return None
        return replace(one, target=target)


def _cleared(old: Document, new: Document, cleared: Iterable[Clearance]) -> Iterator[Clearance]:
    """Lines of pages on which everything else that was read is as it was."""
    for one in cleared:
        page = next((line.page for line in old.unread if line.id == one.id), None)
        if page is not None and _page(old, page) == _page(new, page) is not None:
            yield one


def _page(document: Document, page: int) -> tuple[object, ...] | None:
    """What was read of a page and what was not; None where too little was read to know it by."""
    texts = [block.text for block in document.blocks if block.page == page and block.span]
    if sum(len(text.split()) for text in texts) < _WORDS_OF_A_PAGE:
        return None
    lines = [(line.id, line.what, line.reason) for line in document.unread if line.page == page]
    return (*texts, *lines)


def _passed(
    new: Side, decided: Decided, passed: Collection[str], places: Places
) -> tuple[str, ...]:
    """The groups with the same words as before, all in paragraphs that are as they were."""
    groups = editions.left(new.document, new.proposal, decided)
    stay = (g.key for g in groups if g.key in passed and all(map(places.unchanged, g.spans)))
    return tuple(sorted(stay))
