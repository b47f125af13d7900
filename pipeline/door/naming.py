"""Which identities of a document a profile hides, how they are written, what labels they get."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.door import labels, lists
from pipeline.door.policy import ASKED, REVIEWER, Group, Policy, group
from pipeline.match import Names, fold, is_ordinary
from pipeline.raw.document import Document, Finding, Identity, Settlement
from pipeline.span import Kind, Span

NAMED = frozenset({Kind.PERSON, Kind.PLACE, Kind.ORGANISATION})
_POSSESSIVE = re.compile(r"['’ʼ‛](?:[sS])?$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHARED = "shared"
ROAD = "road"  # "A40" is written as the labels of reports are, and is none
SHARED_NAME = "[family name]"


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding with the identity that it mentions; one is made where linking gave none."""

    finding: Finding
    identity: Identity
    span: Span


@dataclass(frozen=True, slots=True)
class Naming:
    """The identities that are hidden: their mentions, their labels, and all they are called.

    `forms` are (key, surface form); `shown` the mentions of identities that the profile shows;
    `counted` the labels whose number we gave.
    """

    mentions: tuple[Mention, ...]
    labels: dict[str, str]
    kinds: dict[str, Kind]
    forms: tuple[tuple[str, str], ...] = field(repr=False)
    shown: tuple[Mention, ...] = ()
    counted: frozenset[str] = frozenset()


def without_possessive(text: str, span: Span) -> Span:
    """The span without a possessive at its end: the label takes the possessive over.

    >>> without_possessive("Kayden's room", Span(0, 8))
    Span(start=0, end=6)
    """
    found = _POSSESSIVE.search(span.of(text))
    if not found or found.start() == 0:
        return span
    return Span(span.start, span.start + found.start())


def mentions(document: Document, found: Iterable[Finding], settled: Settlement) -> list[Mention]:
    """Every finding with an identity; unlinked names that are written alike share one."""
    known = {identity.id: identity for identity in settled.identities}
    made: dict[tuple[Kind, str], Identity] = {}
    out = []
    for finding in found:
        span = without_possessive(document.text, finding.span)
        identity = known.get(finding.identity or "")
        if identity is None:
            key = (finding.kind, fold(span.of(document.text)))
            name = span.of(document.text)
            new = Identity(f"unlinked-{len(made) + 1}", finding.kind, (name,))
            identity = made.setdefault(key, new)
        out.append(Mention(finding, identity, span))
    return out


def _own(settled: Settlement) -> dict[str, str]:
    return dict(settled.labels)


def _is_hidden(one: Sequence[Mention], text: str, policy: Policy, own: dict[str, str]) -> bool:
    """Whether the profile hides the identity of these mentions."""
    identity, first = one[0].identity, one[0].finding
    decided = identity.id in own or any(m.finding.by == REVIEWER for m in one)
    if identity.kind in ASKED or identity.kind not in NAMED:
        return decided and policy.hides(Group.PEOPLE)
    if not policy.hides(group(identity, first.subkind)):
        return False
    return decided or first.subkind == ROAD or not _stays(identity, one, text)


def _is_shown(one: Sequence[Mention], policy: Policy) -> bool:
    """Whether the profile shows this group of names: the board that publishes, the author."""
    identity, first = one[0].identity, one[0].finding
    return identity.kind in NAMED and not policy.hides(group(identity, first.subkind))


def _stays(identity: Identity, one: Sequence[Mention], text: str) -> bool:
    """Whether nothing that the identity is called is a name of the case."""
    written = [m.span.of(text) for m in one]
    names = [*_names(identity), *written]
    if all(_says_nothing(name, identity.kind) for name in names):
        return True
    if all(lists.is_cited(text, m.span) for m in one):
        return True
    return identity.kind is not Kind.PERSON and all(
        lists.is_allowed(name) or lists.is_generic(name) for name in names
    )


def _says_nothing(name: str, kind: Kind) -> bool:
    """Whether what is written is a role or a generic word, and no name."""
    return lists.is_role(name) if kind is Kind.PERSON else lists.is_generic(name)


def _is_name(mention: Mention, text: str) -> bool:
    """Whether a mention of a hidden identity names it; "the Council" and "Child K" do not."""
    written = mention.span.of(text)
    if fold(written) == fold(mention.identity.reported_label or ""):
        return False
    if mention.finding.by == REVIEWER or mention.finding.subkind == ROAD:
        return True
    if mention.identity.kind is Kind.PERSON and _is_surname(written, mention.identity):
        return True
    return not _says_nothing(written, mention.identity.kind)


def _is_surname(written: str, identity: Identity) -> bool:
    """Whether a word for a role is here the surname of somebody who is called by it: PC Bishop."""
    bare = _POSSESSIVE.sub("", written)
    return bare[:1].isupper() and any(
        name.endswith(f" {bare}") and not lists.is_role(name) for name in _names(identity)
    )


def _names(identity: Identity) -> list[str]:
    return [name for name in identity.names if name != identity.reported_label]


def _tells(form: str) -> bool:
    """Whether a form can be known again elsewhere: by a letter, or as a number that is no year.

    >>> [_tells(form) for form in ("Bo", "84", "1-3", "7b", "B", "4471", "2014")]
    [True, False, False, True, False, True, False]
    """
    signs = [sign for sign in form if sign.isalnum()]
    if any(map(str.isalpha, signs)):
        return len(signs) > 1
    return len(signs) > 3 and not _YEAR.fullmatch(form)


def _sought(identity: Identity, one: Sequence[Mention], text: str) -> list[str]:
    """The surface forms to look for everywhere: no generic word, no label, no plain word.

    The "84" of an address that two cells share hides no other 84, unless a person asked.
    """
    forms = [_POSSESSIVE.sub("", name).strip() for name in _names(identity)]
    forms += [m.span.of(text).strip() for m in one]
    asked = {m.span.of(text).strip() for m in one if m.finding.by == REVIEWER}
    label = fold(identity.reported_label or "")
    return [
        form
        for form in dict.fromkeys(forms)
        if (_tells(form) or (form in asked and sum(c.isalnum() for c in form) > 1))
        and fold(form) != label
        and not _says_nothing(form, identity.kind)
        and not (form.islower() and is_ordinary(form))
    ]


def named(
    document: Document, found: Sequence[Finding], settled: Settlement, policy: Policy
) -> Naming:
    """What is hidden of the people, places and organisations, and what each is called.

    `found` are the findings that count. LeakError where a reviewer's label holds a hidden name.
    """
    text = document.text
    own = _own(settled)
    groups: dict[str, list[Mention]] = {}
    for mention in mentions(document, found, settled):
        if mention.identity.kind in NAMED or mention.identity.id in own:
            groups.setdefault(mention.identity.id, []).append(mention)
    hidden = [one for one in groups.values() if _is_hidden(one, text, policy, own)]
    forms = _forms(hidden, text)
    wanted = [
        labels.Wanted(one[0].identity, one[0].finding.subkind, own.get(one[0].identity.id))
        for one in hidden
    ]
    given = labels.assign(wanted, text, Names(forms))
    return Naming(
        mentions=tuple(m for one in hidden for m in one if _is_name(m, text)),
        labels=given.labels | {_SHARED: SHARED_NAME},
        kinds={one[0].identity.id: one[0].identity.kind for one in hidden} | {_SHARED: Kind.PERSON},
        forms=forms,
        shown=tuple(m for one in groups.values() if _is_shown(one, policy) for m in one),
        counted=given.counted,
    )


def _forms(hidden: Sequence[Sequence[Mention]], text: str) -> tuple[tuple[str, str], ...]:
    """Every surface form with the key of its identity; one that several people share is shared."""
    owners: dict[str, list[tuple[Identity, str]]] = {}
    for one in hidden:
        for form in _sought(one[0].identity, one, text):
            owners.setdefault(fold(form), []).append((one[0].identity, form))
    entries = []
    for writings in owners.values():
        holders = {identity.id: identity for identity, _ in writings}
        people = all(identity.kind is Kind.PERSON for identity in holders.values())
        for identity, form in writings:
            entries.append((_SHARED if len(holders) > 1 and people else identity.id, form))
    return tuple(dict.fromkeys(entries))
