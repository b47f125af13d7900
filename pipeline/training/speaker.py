"""Who says what how: mentions of people, services and places in one author's habits."""

from __future__ import annotations

import random
import re
import tomllib
from collections import defaultdict
from datetime import date, timedelta
from functools import cache

from pipeline.span import Kind
from pipeline.training import bank, days, identifiers, names
from pipeline.training.cast import PLACE_SLOTS, available, resolved
from pipeline.training.labels import CODES, ROLES, kin, labels, pet_name
from pipeline.training.rich import Edit, Mark, Placed, Rich, edited, join
from pipeline.training.style import Style
from pipeline.training.world import Person, World

# What is said of a child's review and of an adult's.
_WHO = {
    "kid": ("the child", "the adult"),
    "kids": ("children", "adults"),
    "social": ("children’s social care", "adult social care"),
    "parents": ("parents", "carers"),
    "family": ("the family", "the family"),
    "safeguarding": ("child protection", "adult safeguarding"),
}
_NTH = "no first second third fourth fifth sixth seventh eighth ninth tenth eleventh".split()
_PRONOUNS = {"he": ("he", "she"), "him": ("him", "her"), "his": ("his", "her")}


@cache
def _national() -> tuple[tuple[Mark, re.Pattern[str]], ...]:
    raw = tomllib.loads((names.LISTS / "national.toml").read_text(encoding="utf-8"))
    rows = ((Kind.ORGANISATION, raw["organisations"]), (Kind.OTHER, raw["works"]))
    return tuple((Mark(k, None, "keep"), re.compile("|".join(terms))) for k, terms in rows)


def with_national(rich: Rich) -> Rich:
    """The same text with national bodies, statutes and published work marked to be kept."""
    placed = list(rich.placed)
    for mark, pattern in reversed(_national()):
        for found in pattern.finditer(rich.text):
            start = found.start() + (4 if found[0].startswith("the ") else 0)
            if all(p.end <= start or found.end() <= p.start for p in placed):
                placed.append(Placed(start, found.end(), mark))
    return Rich(rich.text, tuple(sorted(placed, key=lambda p: (p.start, p.end))))


class Speaker:
    """Writes mentions for one review and remembers each form that it used.

    `forms` are the surface forms by identity; `day` is the day that is being told of.
    """

    def __init__(self, rng: random.Random, world: World, style: Style) -> None:
        self.rng = rng
        self.world = world
        self.style = style
        self.known = available(world)
        self.tags = world.tags | {style.family}
        self.day: date = world.incident
        self.age_day: date = world.incident
        self.forms: dict[str, set[str]] = defaultdict(set)
        self.labels = labels(rng, world, style)
        self._seen: set[str] = set()
        self._short = {p.key: pet_name(rng, p.given) for p in world.people.values()}

    # People ---------------------------------------------------------------------------------

    def _name(self, person: Person, form: str) -> Rich:
        mark = Mark(Kind.PERSON, person.key, "hide")
        self.forms[person.key].add(form)
        return Rich.of(form, mark)

    def _titled(self, person: Person) -> Rich:
        return Rich.of(f"{person.title} ") + self._name(person, person.surname)

    def _label(self, person: Person) -> Rich:
        label = self.labels[person.key]
        if not re.search(r"(?:\b[A-Z]{1,3}\d?|\d)$", label):
            return Rich.of(label)
        self.forms[person.key].add(label)
        return Rich.of(label, Mark(Kind.PERSON, person.key, "keep"))

    def _named_family(self, person: Person) -> Rich:
        if person.key not in self._seen:
            self._seen.add(person.key)
            return self._name(person, person.full)
        draw = self.rng.random()
        young = (person.key == "subject" and self.world.about == "child") or person.key.startswith(
            "sib"
        )
        if young:
            if draw < 0.86:
                return self._name(person, person.given)
            short = self._short[person.key]
            known = draw >= 0.96 and short[0] == person.given[0]
            return self._name(person, short if known else person.full)
        if draw < 0.4 and person.title:
            return self._titled(person)
        if draw < 0.62:
            return self._name(person, person.given)
        if draw < 0.78 or person.key == "subject":
            return self._name(person, person.full)
        if draw < 0.81:
            return self._name(person, f"{person.given[0]}{person.surname[0]}")
        return Rich.of(kin(self.world, person.key))

    def _family(self, person: Person) -> Rich:
        style = self.style.family
        if style == "named" or self.rng.random() < self.style.leak:
            return self._named_family(person)
        if style == "first":
            return self._name(person, person.given)
        return self._label(person)

    def _member(self, person: Person) -> Rich:
        role = ROLES[person.key]
        style = self.style.staff
        if style != "named" and self.rng.random() >= self.style.leak:
            if style == "codes" or (style == "numbered" and self.rng.random() < 0.7):
                return self._label(person)
            return Rich.of(f"the {role}")
        first = person.key not in self._seen
        self._seen.add(person.key)
        draw = self.rng.random()
        if first:
            return Rich.of(
                f"the {role} " if draw < 0.6 else f"{role.title()} ".replace("Gp", "GP")
            ) + (self._name(person, person.full))
        if draw < 0.4:
            return self._titled(person)
        if draw < 0.6:
            return self._name(person, person.full)
        if draw < 0.68:
            return self._name(person, person.given)
        if draw < 0.74:
            return Rich.of(f"{CODES[person.key].rstrip(' 12')} ") + self._name(
                person, person.surname
            )
        return Rich.of(f"the {role}")

    def person(self, key: str, form: str = "") -> Rich:
        """A mention of somebody; `form` asks for one form instead of the author's habit."""
        person = self.world.people[key]
        if form in _PRONOUNS:
            return Rich.of(_PRONOUNS[form][person.sex == "f"])
        if form == "name":
            return self._name(person, person.full)
        if form == "given":
            return self._name(person, person.given)
        if form == "title":
            return self._titled(person)
        if form == "surname":
            return self._name(person, person.surname)
        if form == "pet":
            return self._name(person, self._short[key])
        if form == "married":
            return self._name(person, f"{person.given} {self.world.people['father'].surname}")
        if form == "upper":
            return self._name(person, person.full.upper())
        if form == "initials":
            return self._name(person, f"{person.given[0]}{person.surname[0]}".upper())
        if form == "list":
            return self._name(person, f"{person.surname}, {person.given}")
        if form == "role":
            return Rich.of(ROLES.get(key) or kin(self.world, key))
        if form == "a":
            role = ROLES[key]
            return Rich.of(f"{'an' if role[0] in 'aeioI' else 'a'} {role}")
        if person.side == "review":
            return (
                self._name(person, person.full) if self.rng.random() < 0.6 else self._titled(person)
            )
        return self._family(person) if person.side == "family" else self._member(person)

    # Services and places --------------------------------------------------------------------

    def org(self, key: str, form: str = "") -> Rich:
        """A mention of a local service."""
        org = self.world.orgs[key]
        mark = Mark(Kind.ORGANISATION, f"org:{key}", "hide")
        text = org.full
        if form != "full":
            draw = self.rng.random()
            if form == "acronym":
                text = org.acronym
            elif form == "plain" or draw > max(self.style.org, self.style.leak):
                return Rich.of(org.plain)
            elif draw < 0.12 and f"org:{key}" in self._seen and len(org.acronym) > 2:
                text = org.acronym
            elif draw < 0.4 and f"org:{key}" in self._seen:
                text = org.short
        self._seen.add(f"org:{key}")
        self.forms[f"org:{key}"].add(text)
        return Rich.of(text, mark)

    def place(self, key: str) -> Rich:
        """A mention of a town, street or address."""
        where = self.world.places
        if key == "address":
            return self._address(where.house, where.street, where.town, where.postcode)
        if key == "oldaddress":
            return self._address(
                where.house + 3, where.old_street, where.old_area, where.old_postcode
            )
        if key == "home":
            plain = self.rng.choice(("the family home", "the home", "the property", "the flat"))
            if self.world.about == "adult":
                plain = self.rng.choice(("the flat", "the property", "the bungalow", "the address"))
            if self.rng.random() > self.style.org * 0.35:
                return Rich.of(plain)
            return self._place(f"{where.house} {where.street}", "street")
        field = {"oldarea": "old_area", "oldstreet": "old_street"}.get(key, key)
        return self._place(str(getattr(where, field)), field)

    def _place(self, text: str, field: str) -> Rich:
        self.forms[f"place:{field}"].add(text)
        return Rich.of(text, Mark(Kind.PLACE, f"place:{field}", "hide"))

    def _address(self, house: int, street: str, town: str, postcode: str) -> Rich:
        field = "street" if street == self.world.places.street else "old_street"
        town_field = next(f for f in ("town", "old_area") if getattr(self.world.places, f) == town)
        parts = [self._place(f"{house} {street}", field), self._place(town, town_field)]
        address = join(parts, ", ")
        if self.rng.random() < 0.5:
            address += Rich.of(" ") + Rich.of(postcode, Mark(Kind.CONTACT, None, "hide"))
        return address

    def _operation(self) -> Rich:
        name = self.world.facts["operation"]
        self.forms["operation"].add(name)
        return Rich.of(name, Mark(Kind.OTHER, "operation", "hide"))

    # Frames ---------------------------------------------------------------------------------

    def code(self, key: str) -> Rich | None:
        """An identifier or a contact; None where the slot is none of them."""
        rng, facts, day = self.rng, self.world.facts, self.day
        where = self.world.places
        domain = f"{where.domain}safeguarding.org.uk"
        person = self.world.people.get("chair", self.world.subject)
        local = "".join(c for c in f"{person.given[0]}.{person.surname}".lower() if c.isascii())
        codes = {
            "nhs": lambda: facts["nhs"],
            "upn": lambda: facts["upn"],
            "caseref": lambda: facts["case"],
            "crimeref": lambda: identifiers.crime_reference(rng, day.year),
            "courtref": lambda: identifiers.court_number(rng, day.year),
            "collar": lambda: str(rng.randint(1020, 9860)),
            "nino": lambda: identifiers.insurance_number(rng),
            "plate": lambda: identifiers.vehicle(rng),
        }
        contacts = {
            "phone": lambda: identifiers.phone(rng),
            "postcode": lambda: where.postcode,
            "email": lambda: rng.choice(
                (f"{local.replace(' ', '')}@{where.domain}.gov.uk", f"business.unit@{domain}")
            ),
            "url": lambda: rng.choice((f"www.{domain}", f"https://www.{domain}/reviews")),
        }
        if key in codes:
            return Rich.of(codes[key](), Mark(Kind.CODE, None, "hide"))
        if key in contacts:
            return Rich.of(contacts[key](), Mark(Kind.CONTACT, None, "hide"))
        return None

    def _time(self, key: str, form: str) -> Rich | None:
        rng, day, world = self.rng, self.day, self.world
        whose = world.people.get(form, world.subject)
        born = whose.born or world.incident
        timed = {
            "when": lambda: days.when(rng, day, self.style.date, self.style.precision),
            "date": lambda: days.fine(rng, day, self.style.date),
            "month": lambda: days.month(rng, day),
            "season": lambda: days.season(day),
            "year": lambda: days.year(day),
            "later": lambda: days.fine(
                rng, day + timedelta(days=rng.randint(6, 45)), self.style.date
            ),
            "born": lambda: days.fine(rng, born, self.style.date),
            "incident": lambda: days.fine(rng, world.incident, self.style.date),
            "published": lambda: days.month(rng, world.published),
            "start": lambda: days.month(rng, world.start),
            "end": lambda: days.month(rng, world.incident),
            "age": lambda: days.age(rng, born, self.age_day),
            "ageold": lambda: days.age_before(rng, born, self.age_day),
            "ageyears": lambda: days.age_number(rng, born, self.age_day),
        }
        return timed[key]() if key in timed else None

    def _loose(self, key: str, form: str) -> Rich | None:
        """Numbers, durations and what is said of the family."""
        rng, facts = self.rng, self.world.facts
        if key == "n":
            low, high = (int(x) for x in form.split("-"))
            number = rng.randint(low, high)
            return Rich.of(days.NUMBER[number] if number < len(days.NUMBER) else str(number))
        if key == "nth":
            low, high = (int(x) for x in form.split("-"))
            return Rich.of(_NTH[rng.randint(low, high)])
        if key == "woman_or_man":
            return Rich.of("woman" if self.world.subject.sex == "f" else "man")
        if key == "past":
            low, high = (int(x) for x in form.split("-"))
            return Rich.of(str(rng.randint(low, high)), days.COARSE)
        if key == "num":
            low, high = (int(x) for x in form.split("-"))
            return Rich.of(str(rng.randint(low, high)))
        if key == "dur":
            unit = rng.choice(("days", "weeks", "weeks", "months", "months"))
            return Rich.of(f"{days.NUMBER[rng.randint(2, 11)]} {unit}")
        if key in {"ethnicity", "religion", "language"}:
            return Rich.of(facts[key], Mark(Kind.DEMOGRAPHIC, None, "keep"))
        if key == "country":
            return Rich.of(facts["country"], Mark(Kind.DEMOGRAPHIC, None, "keep"))
        if key in _WHO:
            return Rich.of(_WHO[key][self.world.about == "adult"])
        if key == "injury":
            return Rich.of(facts["injury"])
        if key == "operation":
            return Rich.of("Operation ") + self._operation()
        return None

    def slot(self, key: str, form: str) -> Rich:
        """What stands in a slot; KeyError where the world has nothing for it."""
        alias = resolved(self.world, self.known, key)
        if alias in self.world.people:
            return self.person(alias, form)
        if alias in self.world.orgs:
            return self.org(alias, form)
        if alias in PLACE_SLOTS:
            return self.place(alias)
        for found in (self.code(alias), self._time(alias, form), self._loose(alias, form)):
            if found is not None:
                return found
        raise KeyError("the slot is not known")

    def can_say(self, frame: bank.Frame) -> bool:
        """Whether the world has everybody and everything that the frame asks for."""
        known = self.known
        return frame.fits(self.tags) and all(
            s in known or any(part in known for part in s.split("_or_")) for s in frame.slots
        )

    def say(self, text: str) -> Rich:
        """A frame's text written out, its first letter a capital, national bodies marked."""
        parts: list[Rich] = []
        for plain, slot, form in bank.slots(bank.chosen(self.rng, text)):
            parts.append(Rich.of(plain))
            if slot:
                parts.append(self.slot(slot, form))
        return with_national(_articled(join(parts)).capitalised())


_BARE_A = re.compile(r"\b[Aa](?= (?:8\d?|11|18|eight|eleven|eighteen)\b)")


def _articled(rich: Rich) -> Rich:
    """The text with "an" where a number calls for it."""
    return edited(rich, [Edit(m.end(), m.end(), "n") for m in _BARE_A.finditer(rich.text)])
