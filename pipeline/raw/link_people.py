"""Which names of people belong to one person, and which person a bare name means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from pipeline.match import is_ordinary
from pipeline.raw.link_bearers import Bearers
from pipeline.raw.link_names import (
    FEMALE,
    MALE,
    PersonName,
    near,
    parse,
    same_given,
    share_half,
    short_forms,
)
from pipeline.raw.recognisers import lists
from pipeline.span import Span

FAMILY_NAME = "family name"
_SHORTEST = 3
# "Zorah Q.", "Zorah Q-Z": a surname by its letters.
_LETTER = re.compile(r"\w(?:-\w)*")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name as it is written, and where; no span where it stood in a margin or in furniture."""

    text: str
    spans: tuple[Span, ...]
    score: float

    @property
    def name(self) -> PersonName:
        """The name in parts."""
        return parse(self.text)


@dataclass(slots=True)
class Person:
    """What is known of one person while names are put together; parts are folded.

    `position` is set from the start for a name that several people share.
    """

    given: set[str] = field(default_factory=set)
    middle: set[str] = field(default_factory=set)
    nick: set[str] = field(default_factory=set)
    surname: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    found: list[Occurrence] = field(default_factory=list)
    sex: str = ""
    shared: bool = False
    position: str | None = None

    def take(self, occurrence: Occurrence) -> None:
        """Make an occurrence and the parts of its name this person's."""
        name = occurrence.name
        self.found.append(occurrence)
        for part, where in ((name.given, self.given), (name.surname, self.surname)):
            if part and not (name.title and not name.given and part in self.given):
                where.add(part)
        self.middle.update(name.middle)
        self.nick.update(name.nick)
        if name.alone:
            self.alone.add(name.alone)
        if name.title:
            self.titles.add(name.title)
            self.sex = self.sex or sex_of(name.title)

    @property
    def spans(self) -> list[Span]:
        """Where in the text the person was found."""
        return sorted(span for found in self.found for span in found.spans)

    def words(self) -> set[str]:
        """Every part that may stand alone for the person, halves of a double surname too."""
        whole = self.given | self.middle | self.surname | self.alone
        halves = {half for name in self.surname | self.given for half in name.split("-")}
        halves |= {name.split("-")[0] for name in self.alone}
        return {word for word in whole | halves if len(word) > 1}


def sex_of(title: str) -> str:
    """What a title says: "m", "f", or nothing."""
    return "m" if title in MALE else "f" if title in FEMALE else ""


def letters_of(person: Person) -> set[str]:
    """The initials of a person's names, folded: of Ann Lee-Marsh "al", "am" and "alm"."""
    out: set[str] = set()
    for given, surname in product(person.given, person.surname):
        last = [part[0] for part in re.split(r"[\s-]", surname) if part]
        if last:
            out |= {given[0] + end for end in ("".join(last), last[-1], last[0])}
    return out


class _Grouping:
    """People as they are put together, from the surest names to the barest."""

    def __init__(self, occurrences: Sequence[Occurrence], sex: Callable[[Person], str]) -> None:
        self.people: list[Person] = []
        self.sex = sex
        self.counts: Counter[str] = Counter()
        self.surnames, self.halves, self.given, self.parts = (Bearers() for _ in range(4))
        self.numbers: dict[int, int] = {}
        self.of_several: dict[str, Person] = {}
        for occurrence in occurrences:
            for part in occurrence.name.parts:
                self.counts[part] += len(occurrence.spans) or 1

    def _near(self, one: str, other: str) -> bool:
        """Whether one is a slip of the other: near it, and the rarer of the two is rare."""
        few, many = sorted((self.counts[one], self.counts[other]))
        return near(one, other) and few <= 2 and few < many

    def _alike(self, one: str, other: str) -> bool:
        """Whether two surnames are one: siblings may differ by a letter, surnames seldom do."""
        few = min(self.counts[one], self.counts[other])
        return one == other or (near(one, other) and few <= 2)

    def _surname(self, person: Person, surname: str) -> bool:
        halves = set(surname.split("-"))
        return any(
            self._alike(own, surname) or share_half(halves, set(own.split("-")))
            for own in person.surname
        )

    def _surnamed(self, surname: str) -> set[int]:
        """The numbers of all of whom `_surname` may be true."""
        alike = self.surnames.of(surname, *self.surnames.near(surname))
        halves = surname.split("-")
        return alike | self.halves.of(*halves, *(n for h in halves for n in self.halves.near(h)))

    def _those(self, numbers: Iterable[int]) -> list[Person]:
        return [self.people[number] for number in sorted(numbers)]

    def _add(self, person: Person) -> None:
        self.numbers[id(person)] = len(self.people)
        self.people.append(person)

    def _take(self, person: Person, occurrence: Occurrence) -> None:
        person.take(occurrence)
        number = self.numbers[id(person)]
        for surname in person.surname:
            self.surnames.add(surname, number)
            for half in surname.split("-"):
                self.halves.add(half, number)
        for given in person.given:
            self.given.add(given, number)
        for word in person.words():
            self.parts.add(word, number)

    def _given(self, person: Person, given: str) -> bool:
        return any(same_given(own, given) or self._near(own, given) for own in person.given)

    def _sexes_fit(self, person: Person, title: str) -> bool:
        return not (sex_of(title) and person.sex and person.sex != sex_of(title))

    def full(self, occurrence: Occurrence) -> None:
        """A first name and a surname: the same person where both fit and nothing speaks against."""
        name = occurrence.name
        fits = [
            person
            for person in self._those(self._surnamed(name.surname))
            if self._surname(person, name.surname)
            and (
                self._given(person, name.given)
                or name.given in person.nick
                or (name.title and name.given in person.middle)
            )
            and self._sexes_fit(person, name.title)
            and not (
                _whole(name.middle)
                and _whole(person.middle) - _whole(name.middle)
                and _whole(name.middle) - _whole(person.middle)
            )
        ]
        exact = [person for person in fits if name.given in person.given]
        self._give(occurrence, exact if len(exact) == 1 else fits)

    def initial(self, occurrence: Occurrence) -> None:
        """An initial and a surname: "J Smith"."""
        name = occurrence.name
        fits = [
            person
            for person in self._those(self._surnamed(name.surname))
            if self._surname(person, name.surname)
            and any(given[0] == name.given for given in person.given)
            and self._sexes_fit(person, name.title)
        ]
        self._give(occurrence, fits)

    def titled(self, occurrence: Occurrence) -> None:
        """A title and a surname: who has the surname, and the title's sex if several have it."""
        name = occurrence.name
        may_be = self._surnamed(name.surname) | self.given.of(name.surname)
        bearers = [
            person
            for person in self._those(may_be)
            if not person.shared
            and (self._surname(person, name.surname) or name.surname in person.given)
            and self._sexes_fit(person, name.title)
            and not _different_title(person, name.title)
        ]
        surnamed = [person for person in bearers if name.surname in person.surname]
        surnamed = surnamed or [p for p in bearers if self._surname(p, name.surname)]
        bearers = surnamed or bearers
        if len(bearers) > 1:
            wanted = sex_of(name.title)
            sure = [p for p in bearers if name.title in p.titles]
            sure = sure or [p for p in bearers if wanted and p.sex == wanted]
            bearers = sure or bearers
        self._give(occurrence, bearers, several=name.surname)

    def bare(self, occurrence: Occurrence) -> None:
        """One word: the one person who has it as a part, or a name that several share."""
        word = occurrence.name.alone or " ".join(occurrence.name.parts)
        if occurrence.text.isupper() and len(word) in (2, 3):
            fits = [p for p in self.people if not p.shared and word in letters_of(p)]
            if len(fits) == 1:
                self._take(fits[0], occurrence)
                return
        fits = self._those(
            self.parts.of(word)
            or self.parts.of(*short_forms(word))
            or self.parts.of(*(p for p in self.parts.near(word) if self._near(p, word)))
            or self._begun(word)
        )
        self._give(occurrence, fits, several=word)

    def lettered(self, occurrence: Occurrence) -> None:
        """A first name and the letter of a surname: "Zorah Q."."""
        name = occurrence.name
        fits = [
            person
            for person in self._those(self.given.of(name.given) | self.parts.of(name.given))
            if not person.shared
            and name.given in person.given | person.alone
            and (not person.surname or any(own[0] == name.surname[0] for own in person.surname))
        ]
        surnamed = [person for person in fits if person.surname]
        self._give(occurrence, surnamed or fits)

    def _begun(self, word: str) -> set[int]:
        """The one whose first name is longer by its end: "Zor" for Zorabella, if no name itself."""
        if len(word) < _SHORTEST or word in lists.words("given-names.txt") or is_ordinary(word):
            return set()
        fits = {
            number
            for number, person in enumerate(self.people)
            if not person.shared
            and any(own.startswith(word) for own in person.given | person.alone)
        }
        return fits if len(fits) == 1 else set()

    def _give(
        self, occurrence: Occurrence, fits: Sequence[Person], several: str | None = None
    ) -> None:
        """To the one who fits; to somebody new where nobody does; shared where several do."""
        if len(fits) == 1:
            self._take(fits[0], occurrence)
            return
        if fits and several is not None:
            self.shared(several, fits).found.append(occurrence)
            return
        person = Person()
        self._add(person)
        self._take(person, occurrence)
        person.sex = person.sex or self.sex(person)

    def unite(self, same: Sequence[tuple[Span, Span]]) -> None:
        """Make one person of two where the report tells the one name beside the other.

        Only where the second name is first met there: else it is somebody's of his own.
        """
        for known, other in same:
            one, two = self._at(known), self._at(other)
            if one is None or two is None or one is two or one.shared or two.shared:
                continue
            if two.spans[0] != other:
                continue
            for occurrence in two.found:
                self._take(one, occurrence)
            self.people.remove(two)
            self.numbers = {id(person): at for at, person in enumerate(self.people)}

    def born(self, occurrence: Occurrence, pairs: Sequence[tuple[Span, Span]]) -> None:
        """A surname of birth: its bearer's, and a name that several bear where others have it."""
        word = occurrence.name.alone
        bearers = [p for p in self._those(self.parts.of(word)) if not p.shared]
        own = next((k for k, other in pairs if other in occurrence.spans), None)
        person = self._at(own) if own is not None else None
        if person is None or person.shared or word in self.of_several:
            self._give(occurrence, bearers, several=word)
            return
        others = [one for one in bearers if one is not person]
        if others:
            self.shared(word, [person, *others]).found.append(occurrence)
        else:
            self._take(person, occurrence)

    def _at(self, span: Span) -> Person | None:
        return next((person for person in self.people if span in person.spans), None)

    def shared(self, word: str, owners: Sequence[Person]) -> Person:
        """A name that several people bear: hidden under an identity of its own."""
        if word in self.of_several:
            return self.of_several[word]
        family = any(
            word in {*owner.surname, *(h for s in owner.surname for h in s.split("-"))}
            for owner in owners
        )
        person = Person(alone={word}, shared=True, position=FAMILY_NAME if family else None)
        self.of_several[word] = person
        self._add(person)
        return person


def _whole(names: Iterable[str]) -> set[str]:
    return {name for name in names if len(name) > 1}


def _different_title(person: Person, title: str) -> bool:
    """Whether "Miss" is asked for and the person is "Mrs" only, or the other way round."""
    return {title, *person.titles} >= {"mrs", "miss"} and title not in person.titles


def _parted(
    occurrences: Sequence[Occurrence], maiden: set[Span]
) -> tuple[list[Occurrence], list[Occurrence]]:
    """The occurrences without the spans at which a bare name is a surname of birth; and these."""
    rest: list[Occurrence] = []
    apart: list[Occurrence] = []
    for one in occurrences:
        own = tuple(span for span in one.spans if span in maiden) if one.name.alone else ()
        if own:
            apart.append(replace(one, spans=own))
        left = tuple(span for span in one.spans if span not in own)
        if left or not own:
            rest.append(replace(one, spans=left))
    return rest, apart


def people(
    occurrences: Sequence[Occurrence],
    sex: Callable[[Person], str],
    same: Sequence[tuple[Span, Span]] = (),
    born: Sequence[tuple[Span, Span]] = (),
) -> list[Person]:
    """The people that the occurrences name; `sex` says what the report shows of one.

    `same` are pairs of a name and another name that the report gives for its bearer, `born` of a
    name and a surname of birth. Names that several people bear come back as people of their own,
    marked as shared.
    """
    occurrences, apart = _parted(occurrences, {other for _, other in born})
    grouping = _Grouping(occurrences, sex)
    ordered = sorted(occurrences, key=lambda o: (-len(o.spans), o.spans, o.text))
    lettered = [o for o in ordered if o.name.full and _LETTER.fullmatch(o.name.surname)]
    full = [o for o in ordered if o.name.full and not _LETTER.fullmatch(o.name.surname)]
    rest = [o for o in ordered if not o.name.full]
    for occurrence in sorted(full, key=lambda o: -len(o.name.middle)):
        grouping.full(occurrence)
    for person in grouping.people:
        person.sex = person.sex or sex(person)
    for occurrence in (o for o in rest if o.name.given):
        grouping.initial(occurrence)
    for occurrence in (o for o in rest if o.name.title and not o.name.given):
        grouping.titled(occurrence)
    # "Zorah-May" before "Zorah": who is called by half of a name is known by the whole.
    for occurrence in sorted(
        (o for o in rest if o.name.alone), key=lambda o: "-" not in o.name.alone
    ):
        grouping.bare(occurrence)
    for occurrence in lettered:
        grouping.lettered(occurrence)
    grouping.unite(same)
    for occurrence in apart:
        grouping.born(occurrence, born)
    bearers: dict[str, list[Person]] = {}
    for person in (one for one in grouping.people if not one.shared):
        for word in person.words():
            bearers.setdefault(word, []).append(person)
    for word, owners in sorted(bearers.items()):
        if len(owners) > 1:
            grouping.shared(word, owners)
    return grouping.people
