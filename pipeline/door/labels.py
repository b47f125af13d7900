"""One label for one identity: its role and, where several share it, a number; no initials."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import LeakError
from pipeline.match import Names
from pipeline.raw.document import Identity
from pipeline.span import Kind, Span

LABEL_HOLDS_NAME = (
    "A label that a reviewer wrote holds a name that is hidden. The document was not changed. "
    "Write a label that is a role and, if need be, a number."
)

# What stands for an identity of no known position; the second is for a report in which the
# first is somebody's name.
_NO_POSITION: Mapping[Kind, tuple[str, ...]] = {
    Kind.PERSON: ("person", "individual", "somebody"),
    Kind.PLACE: ("place", "locality", "somewhere"),
    Kind.ORGANISATION: ("organisation", "agency", "body"),
    Kind.DATE: ("date",),
    Kind.AGE: ("age",),
    Kind.CODE: ("case reference", "reference", "identifier"),
    Kind.CONTACT: ("contact details", "contact removed"),
    Kind.DEMOGRAPHIC: ("detail removed",),
    Kind.QUANTITY: ("figure removed",),
    Kind.OTHER: ("detail removed",),
}

# What a finding's subkind tells of its label; the first row whose words are in it counts.
_BY_SUBKIND: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    Kind.PERSON: (
        ("author", "author"),
        ("chair", "chair"),
        ("panel", "panel member"),
        ("family", "family member"),
        ("practitioner", "practitioner"),
    ),
    Kind.PLACE: (
        ("postcode", "postcode"),
        ("address", "address"),
        ("street", "street"),
        ("road", "street"),
        ("town", "town"),
        ("city", "town"),
        ("village", "village"),
        ("estate", "estate"),
        ("ward", "area"),
        ("area", "area"),
        ("county", "county"),
        ("gazetteer", "town"),
    ),
    Kind.ORGANISATION: (
        ("primary", "primary school"),
        ("secondary", "secondary school"),
        ("nursery", "nursery"),
        ("college", "college"),
        ("school", "school"),
        ("hospital", "hospital"),
        ("surgery", "GP surgery"),
        ("practice", "GP surgery"),
        ("trust", "health trust"),
        ("police", "police force"),
        ("partnership", "safeguarding partnership"),
        ("board", "safeguarding board"),
        ("council", "local authority"),
        ("local_authority", "local authority"),
        ("court", "court"),
        ("prison", "prison"),
        ("childrens_home", "children's home"),
        ("home", "care home"),
        ("ward", "hospital ward"),
        ("health", "health body"),
        ("company", "company"),
        ("housing", "housing association"),
        ("charity", "charity"),
        ("faith", "place of worship"),
        ("church", "place of worship"),
        ("mosque", "place of worship"),
    ),
    Kind.CODE: (
        ("nhs", "NHS number"),
        ("nino", "National Insurance number"),
        ("national_insurance", "National Insurance number"),
        ("passport", "passport number"),
        ("driving", "driving licence number"),
        ("vehicle", "vehicle registration"),
        ("plate", "vehicle registration"),
        ("registration", "registration number"),
        ("crime", "crime reference"),
        ("court", "court reference"),
        ("citation", "court reference"),
        ("ip_address", "IP address"),
        ("grid", "grid reference"),
        ("account", "account number"),
        ("school", "school number"),
        ("person_number", "personal number"),
        ("police", "police number"),
        ("upn", "pupil number"),
        ("operation", "police operation"),
        ("postcode", "postcode"),
    ),
    Kind.CONTACT: (
        ("email", "email address"),
        ("phone", "telephone number"),
        ("telephone", "telephone number"),
        ("fax", "telephone number"),
        ("url", "link removed"),
        ("link", "link removed"),
        ("web", "link removed"),
        ("domain", "link removed"),
        ("handle", "account name"),
        ("social", "account name"),
        ("postcode", "postcode"),
        ("address", "address"),
    ),
    Kind.DEMOGRAPHIC: (
        ("ethnic", "ethnicity"),
        ("national", "nationality"),
        ("immigration", "immigration status"),
        ("relig", "religion"),
        ("faith", "religion"),
        ("job", "occupation"),
        ("occupation", "occupation"),
        ("condition", "condition"),
        ("health", "condition"),
        ("language", "language"),
    ),
}

# A position is taken for a label as it stands if it looks like a role.
_ROLE = re.compile(r"[A-Za-z][A-Za-z'/ -]{0,40}")
_COUNTED = re.compile(r"\[[^\[\]]* (\d+)\]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An identity that needs a label: `subkind` is that of its first finding."""

    identity: Identity
    subkind: str
    own: str | None


def bracketed(words: str) -> str:
    """The words as a label.

    >>> bracketed("mother"), bracketed("[town]")
    ('[mother]', '[town]')
    """
    return f"[{words.strip().strip('[]').strip()}]"


def of_kind(kind: Kind, subkind: str) -> str:
    """The words that stand for a thing of which only its kind is known.

    >>> of_kind(Kind.CONTACT, "email"), of_kind(Kind.CODE, "case_reference")
    ('email address', 'case reference')
    """
    folded = subkind.lower()
    for part, words in _BY_SUBKIND.get(kind, ()):
        if part in folded:
            return words
    return _NO_POSITION[kind][0]


def _plain(position: str) -> str:
    """A position as a role's words: no brackets, no article, capitals only in acronyms."""
    words = re.sub(r"^(?:the|his|her|their|a|an)\s+", "", position.strip().strip("[]"), flags=re.I)
    return " ".join(w if w.isupper() and len(w) > 1 else w.lower() for w in words.split())


def _base(wanted: Wanted, hidden: Names) -> str:
    """The unnumbered words of a label; never a hidden name."""
    identity = wanted.identity
    choices: list[str] = []
    position = _plain(identity.position or "")
    if _ROLE.fullmatch(position) and not hidden.find(identity.position or ""):
        choices.append(position)
    choices += [of_kind(identity.kind, wanted.subkind), *_NO_POSITION[identity.kind]]
    for words in choices:
        if not hidden.find(bracketed(words)):
            return words
    raise LeakError(
        "A hidden name is the same as every word that could stand for it. The document was not "
        "changed. Give the identity a label of your own."
    )


def _reported(identity: Identity, hidden: Names) -> str | None:
    """The label that the report itself uses, where it is one and holds no hidden name."""
    label = (identity.reported_label or "").strip()
    return label if label and not hidden.find(label) else None


@dataclass(frozen=True, slots=True)
class Assigned:
    """A label for each identity, by id; `counted` are those with a number that we gave."""

    labels: dict[str, str]
    counted: frozenset[str]


def assign(wanted: Sequence[Wanted], text: str, hidden: Names) -> Assigned:
    """The labels of identities; `wanted` is in the order of first mention.

    A reviewer's own label comes first, then the report's, then the role. A label that the
    report uses for something else is never taken. LeakError where a reviewer's label holds a
    hidden name.

    A number counts how many have the role, and passes over no hidden one: whoever saw 12 and 14
    would know that 13 is hidden.
    """
    labels: dict[str, str] = {}
    by_role: list[tuple[str, str]] = []
    for one in wanted:
        if one.own is not None:
            if hidden.find(one.own):
                raise LeakError(LABEL_HOLDS_NAME)
            labels[one.identity.id] = bracketed(one.own)
        elif reported := _reported(one.identity, hidden):
            labels[one.identity.id] = bracketed(reported)
        else:
            by_role.append((one.identity.id, _base(one, hidden)))
    reported_all = {w.identity.reported_label or "" for w in wanted}
    taken = _Taken(text, {*labels.values(), *(bracketed(label) for label in reported_all)})
    given, counted = _numbered(by_role, taken)
    return Assigned(labels | given, counted)


def numbers(placed: Iterable[tuple[Span, str]], counted: Collection[str]) -> frozenset[Span]:
    """Where in a text the numbers stand that we counted, by its labels and their places.

    >>> numbers([(Span(0, 11), "[person 13]"), (Span(15, 24), "[flat 13]")], {"[person 13]"})
    frozenset({Span(start=8, end=10)})
    """
    found = ((span, _COUNTED.search(label)) for span, label in placed)
    return frozenset(
        Span(*number.span(1)).shift(span.start)
        for span, number in found
        if number and number.group() in counted
    )


class _Taken:
    """Which labels are spoken for: given to others, or used by the report itself."""

    def __init__(self, text: str, given: Iterable[str]) -> None:
        self._text = " ".join(text.casefold().split())
        self._given = {label.casefold() for label in given}

    def holds(self, label: str) -> bool:
        """Whether the label, or its words where it has a number, stands for something else."""
        folded = label.casefold()
        if folded in self._given or folded in self._text:
            return True
        words = folded.strip("[]")
        if not words[-1].isdigit() or words not in self._text:
            return False
        return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", self._text) is not None


def _numbered(
    by_role: Sequence[tuple[str, str]], taken: _Taken
) -> tuple[dict[str, str], frozenset[str]]:
    several = Counter(words for _, words in by_role)
    used: Counter[str] = Counter()
    labels: dict[str, str] = {}
    counted = set()
    for identity, words in by_role:
        label = bracketed(words)
        if several[words] > 1 or taken.holds(label):
            label = _next(words, used, taken)
            counted.add(label)
        labels[identity] = label
    return labels, frozenset(counted)


def _next(words: str, used: Counter[str], taken: _Taken) -> str:
    while True:
        used[words] += 1
        label = bracketed(f"{words} {used[words]}")
        if not taken.holds(label):
            return label
