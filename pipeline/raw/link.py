"""Findings become identities, and every mention of every identity becomes a finding."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.match import Names, fold, is_ordinary
from pipeline.raw import link_positions as positions
from pipeline.raw.document import Document, Finding, Identity, Proposal
from pipeline.raw.link_alias import also_called, born
from pipeline.raw.link_bodies import Body, bodies, is_generic
from pipeline.raw.link_clean import NAMED, cleaned, initials_before, unified
from pipeline.raw.link_forms import (
    Casing,
    initials,
    nicknames,
    of_person,
    reported_label,
    slips,
    titled,
    with_middle,
)
from pipeline.raw.link_misread import corrected
from pipeline.raw.link_names import BEFORE, is_label, is_role
from pipeline.raw.link_people import Occurrence, Person, letters_of, people
from pipeline.raw.mention import apart, mentions
from pipeline.span import Kind, Span

BY = "link"
_REPEATED = frozenset({Kind.CODE, Kind.CONTACT})
_UNSURE = 0.6
_MISREAD = 0.45
_MIDDLE = re.compile(r"[^\S\n]+[^\W\d_a-z][\w’'-]+[^\S\n]+")


@dataclass(slots=True)
class _Known:
    """An identity while it is put together: its forms, where it was found, how sure."""

    kind: Kind
    forms: tuple[str, ...]
    spans: list[Span]
    score: float
    person: Person | None = None
    position: str | None = None
    evidence: tuple[Span, ...] = ()
    subkinds: Counter[str] = field(default_factory=Counter)


def link(
    document: Document, found: Sequence[Finding], margin: Sequence[tuple[str, Finding]] = ()
) -> Proposal:
    """What is proposed for a document: identities with positions, and every mention of each.

    `margin` are findings in texts beside the canonical one (running headers, properties, the
    file's name), each with its text: their names are names of the case as well. The findings of
    the proposal stand on whole words, do not cross a block or a cell, and do not overlap.
    """
    text = document.text
    whole = unified(text, cleaned(document, found))
    named = [f for f in whole if f.kind in NAMED]
    rest = [f for f in whole if f.kind not in NAMED]
    beside = _beside(margin)
    called = [*_occurrences(text, named, Kind.PERSON), *_of(beside, Kind.PERSON)]
    said: positions.Said = {}
    persons = _people(text, called, document.uncertain, said)
    words = frozenset(w for person in persons for w in person.words())
    groups = bodies(text, _all_bodies(document, named, beside), words)
    known = [*_known_people(text, persons, said), *_known_bodies(text, groups)]
    subkinds = {(f.kind, f.span): f.subkind for f in named}
    for one in known:
        here = (subkinds.get((one.kind, span)) for span in one.spans)
        one.subkinds.update(subkind for subkind in here if subkind is not None)
    direct = list(_found(named, known))
    taken = {(f.kind, f.span) for f in direct}
    more = (f for f in _mentioned(document, known) if (f.kind, f.span) not in taken)
    made = [*direct, *more, *_repeats(document, rest), *rest]
    return _proposal(document, apart(text, _together(text, apart(text, made), known)), known)


def _occurrences(text: str, named: Iterable[Finding], kind: Kind) -> list[Occurrence]:
    """The findings of a kind by how they are written, each writing once."""
    seen: dict[str, tuple[str, list[Span], float]] = {}
    for finding in (f for f in named if f.kind is kind):
        written = " ".join(finding.span.of(text).split())
        first, spans, score = seen.get(fold(written), (written, [], 0.0))
        spans.append(finding.span)
        first = written if first.isupper() and not written.isupper() else first
        seen[fold(written)] = (first, spans, max(score, finding.score))
    return [Occurrence(name, tuple(spans), score) for name, spans, score in seen.values()]


def _beside(margin: Sequence[tuple[str, Finding]]) -> list[tuple[Kind, Occurrence]]:
    """Names that stand in margins and furniture, as occurrences without a place."""
    out: dict[tuple[Kind, str], Occurrence] = {}
    for text, finding in margin:
        name = " ".join(re.sub(r"[_.]+", " ", finding.span.of(text)).split()).strip(" ,-")
        empty = not any(c.isalpha() for c in name) or finding.kind not in NAMED
        if (
            empty
            or is_label(name)
            or (is_role if finding.kind is Kind.PERSON else is_generic)(name)
        ):
            continue
        written = name.title() if name.islower() or (name.isupper() and " " in name) else name
        out.setdefault((finding.kind, fold(name)), Occurrence(written, (), finding.score))
    return [(kind, occurrence) for (kind, _), occurrence in out.items()]


def _of(beside: Iterable[tuple[Kind, Occurrence]], kind: Kind) -> list[Occurrence]:
    return [occurrence for k, occurrence in beside if k is kind]


def _all_bodies(
    document: Document, named: Sequence[Finding], beside: Sequence[tuple[Kind, Occurrence]]
) -> list[tuple[Kind, Occurrence]]:
    kinds = (Kind.ORGANISATION, Kind.PLACE)
    found = [
        (kind, occurrence)
        for kind in kinds
        for occurrence in corrected(
            document.text, _occurrences(document.text, named, kind), document.uncertain
        )
    ]
    return found + [(kind, o) for kind, o in beside if kind in kinds]


def _people(
    text: str, found: list[Occurrence], uncertain: Sequence[Span], said: positions.Said
) -> list[Person]:
    """People, also from titles before their surnames wherever those stand."""
    surnames = {o.name.surname or o.name.alone for o in found} - {""}
    pairs = ((o.name.given, o.name.surname) for o in found if o.name.full)
    known = {fold(o.text): at for at, o in enumerate(found)}
    for name, spans in {**titled(text, surnames), **with_middle(text, pairs)}.items():
        at = known.get(fold(name))
        if at is None:
            found.append(Occurrence(name, spans, _UNSURE))
        else:
            found[at] = replace(found[at], spans=tuple(sorted({*found[at].spans, *spans})))

    def sex(person: Person) -> str:
        position, _ = positions.chosen(positions.said(text, person.spans, said))
        return positions.sex_of(position) or positions.pronouns(text, person.spans)

    told = corrected(text, found, uncertain)
    here = [span for occurrence in told for span in occurrence.spans]
    return people(told, sex, tuple(also_called(text, here)), tuple(born(text, here)))


def _known_people(text: str, persons: Sequence[Person], said: positions.Said) -> list[_Known]:
    casing = Casing(f.text for person in persons for f in person.found)
    shared = {word for person in persons if person.shared for word in person.alone}
    owners: dict[str, list[Person]] = {}
    for person in persons:
        for word in person.words():
            owners.setdefault(word, []).append(person)
    slipped: dict[int, list[str]] = {}
    short = nicknames(text, {g for p in persons for g in p.given | p.alone}, owners)
    for slip, part in {**short, **slips(text, owners)}.items():
        holder = next((p for p in owners[part] if p.shared), owners[part][0])
        slipped.setdefault(id(holder), []).append(slip)
    forms = [
        tuple(
            dict.fromkeys(
                of_person(
                    person,
                    casing,
                    text,
                    set() if person.shared else shared,
                    slipped.get(id(person), ()),
                )
            )
        )
        for person in persons
    ]
    for at, letters in initials(text, persons).items():
        forms[at] = tuple(dict.fromkeys((*forms[at], *letters)))
    claims = Counter(name for own in forms for name in {fold(form) for form in own})
    out = []
    for person, own in zip(persons, forms, strict=True):
        sole = tuple(form for form in own if claims[fold(form)] == 1 or person.shared)
        score = max((f.score for f in person.found), default=_UNSURE)
        one = _Known(Kind.PERSON, sole or own[:1], person.spans, score, person)
        out.append(one)
        _place_person(text, one, person, said)
    _relatives(text, out)
    return out


def _place_person(text: str, one: _Known, person: Person, said: positions.Said) -> None:
    evidence = positions.said(text, person.spans, said)
    one.position, one.evidence = positions.chosen(evidence)
    if person.shared:
        one.position, one.evidence = person.position, ()
    elif one.position is None:
        one.position = positions.by_title(person.titles)
        one.evidence = tuple(one.spans[:1]) if one.position is not None else ()
    if one.position is None:
        one.position, one.evidence = positions.subject(text, person.spans)


def _relatives(text: str, known: Sequence[_Known]) -> None:
    """Make the mother of the mother a grandmother, and drop "mother" of anyone but the child."""
    grand = {"mother": "maternal", "father": "paternal"}
    names = Names((str(at), form) for at, one in enumerate(known) for form in one.forms)
    before = {at: one.position for at, one in enumerate(known)}
    for one in known:
        if one.position not in grand:
            continue
        for wording in one.evidence:
            owner = positions.owner_before(text, wording.start)
            whose = names.find(owner) if owner else ()
            position = before[int(whose[0].key)] or "unsaid" if whose else "child"
            if position in grand:
                one.position = f"{grand[position]} grand{one.position}"
                break
            if position not in ("child", "sibling"):
                one.position, one.evidence = None, ()
                break


def _known_bodies(text: str, groups: Sequence[Body]) -> list[_Known]:
    out = []
    for body in groups:
        names = tuple(sorted(body.names.values(), key=lambda name: (-len(name), name)))
        score = max((f.score for f in body.found), default=_UNSURE)
        position = positions.of_body(body.kind, names) or body.position
        evidence = tuple(body.spans[:1]) if position else ()
        out.append(_Known(body.kind, names, body.spans, score, None, position, evidence))
    return out


def _found(named: Iterable[Finding], known: Sequence[_Known]) -> Iterator[Finding]:
    """What was found, with the identity that it mentions."""
    at = {(one.kind, span): str(n) for n, one in enumerate(known) for span in one.spans}
    for finding in named:
        yield replace(finding, identity=at.get((finding.kind, finding.span)))


def _mentioned(document: Document, known: Sequence[_Known]) -> Iterator[Finding]:
    """Every mention of every identity: a title before a person's name is a part of it."""
    text = document.text
    ordered = sorted(range(len(known)), key=lambda at: (known[at].kind is Kind.PERSON, at))
    letters: dict[str, set[str]] = {}
    for person in (one.person for one in known if one.person is not None):
        for surname in person.surname:
            letters.setdefault(surname, set()).update(letters_of(person))
    entries = [(str(at), form) for at in ordered for form in known[at].forms]
    for match in mentions(document, Names(entries)):
        one = known[int(match.key)]
        span = match.span
        title = BEFORE.search(text, max(0, span.start - 24), span.start)
        if one.kind is Kind.PERSON and title and "and" not in title.group().lower():
            span = Span(title.start(1), span.end)
        elif one.kind is Kind.PERSON:
            span = Span(
                initials_before(text, span.start, letters.get(fold(match.name), set())), span.end
            )
        sure = not is_ordinary(match.name) or " " in match.name
        score = one.score if sure else min(one.score, _UNSURE)
        score = min(score, _MISREAD) if match.near else score
        subkind = one.subkinds.most_common(1)[0][0] if one.subkinds else "name"
        yield Finding(span, one.kind, subkind, score, BY, match.key)


def _repeats(document: Document, rest: Sequence[Finding]) -> Iterator[Finding]:
    """The same code or contact elsewhere in the text."""
    text = document.text
    first: dict[str, Finding] = {}
    for finding in rest:
        written = finding.span.of(text).strip()
        telling = sum(c.isalnum() for c in written) > 4 and any(not c.isalpha() for c in written)
        if finding.kind in _REPEATED and telling:
            first.setdefault(written, finding)
    here = {finding.span for finding in rest}
    for match in mentions(document, Names((written, written) for written in first)):
        if match.span not in here:
            yield replace(first[match.key], span=match.span, by=BY)


def _together(text: str, findings: Sequence[Finding], known: Sequence[_Known]) -> Iterator[Finding]:
    """A first name, a surname and what is between them as one mention: "Karen Louise Brown"."""
    held: Finding | None = None
    for finding in findings:
        if held is not None and _one_name(text, held, finding, known):
            held = replace(held, span=Span(held.span.start, finding.span.end))
            continue
        if held is not None:
            yield held
        held = finding
    if held is not None:
        yield held


def _one_name(text: str, one: Finding, other: Finding, known: Sequence[_Known]) -> bool:
    if not (one.kind is other.kind is Kind.PERSON) or None in (one.identity, other.identity):
        return False
    gap = text[one.span.end : other.span.start]
    if gap not in (" ", "\u00a0") and not _MIDDLE.fullmatch(gap):
        return False
    if gap.strip() and is_ordinary(gap.strip()):
        return False
    first, last = (known[int(f.identity or 0)].person for f in (one, other))
    if first is None or last is None:
        return False
    word, surname = fold(one.span.of(text)), fold(other.span.of(text))
    given = first.given | (first.alone if not first.surname else set())
    return word in given and " " not in surname and surname in (last.surname | last.alone)


def _proposal(document: Document, findings: Sequence[Finding], known: Sequence[_Known]) -> Proposal:
    """The proposal; identities are numbered by kind in the order of their first mention."""
    text = document.text
    mentioned: dict[int, list[Span]] = {}
    for finding in findings:
        if finding.identity is not None:
            mentioned.setdefault(int(finding.identity), []).append(finding.span)
    counts: Counter[Kind] = Counter()
    ids: dict[str, str] = {}
    identities = []
    for at, spans in mentioned.items():
        one = known[at]
        counts[one.kind] += 1
        ids[str(at)] = f"{one.kind.value.lower()}-{counts[one.kind]}"
        names = {fold(name): name for name in one.forms}
        label = reported_label(text, spans) if one.kind is Kind.PERSON else None
        identities.append(
            Identity(
                id=ids[str(at)],
                kind=one.kind,
                names=tuple(sorted(names.values(), key=lambda name: (-len(name), name))),
                position=one.position,
                evidence=one.evidence,
                reported_label=label,
            )
        )
    linked = tuple(
        f if f.identity is None else replace(f, identity=ids[f.identity]) for f in findings
    )
    return Proposal(document.text_sha256, linked, tuple(identities))
