"""One consistent world a review: a family, its services, their names, the days it all happened."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from pipeline.training import identifiers, names
from pipeline.training.places import Org, Places, orgs, places

# Kind of review: who it is about, the first and the last year in which it was in use.
KINDS = {
    "SCR": ("child", 2008, 2018),
    "CSPR": ("child", 2019, 2024),
    "CPR": ("child", 2013, 2024),
    "SAR": ("adult", 2015, 2024),
    "DHR": ("adult", 2011, 2024),
}

STAGES = {"infant": (1, 11), "toddler": (13, 50), "primary": (62, 130), "teen": (140, 214)}

CHILD_STAFF = (
    "sw sw2 tm gp paed pc ds cpn dw fsw ho iro paramedic hv mw nw teacher head sn yw camhs fc"
)
ADULT_STAFF = "sw sw2 tm gp pc ds cpn psych ho dn cm cw nurse consultant ot paramedic advocate idva"
_BY_STAGE = {
    "infant": {"hv", "mw"},
    "toddler": {"hv", "nw"},
    "primary": {"teacher", "head", "sn"},
    "teen": {"teacher", "head", "sn", "yw", "camhs", "fc"},
}
_STAGED = set().union(*_BY_STAGE.values())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the case or of the review: true name, what they are, what the report says."""

    key: str
    given: str
    surname: str
    sex: str
    title: str
    label: str = ""
    born: date | None = None
    letters: str = ""
    side: str = "family"

    @property
    def full(self) -> str:
        """Given name and surname."""
        return f"{self.given} {self.surname}"


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a review may speak of; it does not change while it is written."""

    kind: str
    about: str
    year: int
    stage: str
    tags: frozenset[str]
    people: dict[str, Person]
    orgs: dict[str, Org]
    places: Places
    start: date
    incident: date
    published: date
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> Person:
        """The child or the adult whom the review is about."""
        return self.people["subject"]


def _months(rng: random.Random, stage: str) -> int:
    low, high = STAGES.get(stage, (240, 1000))
    return rng.randint(low, high)


def _distinct(
    rng: random.Random, stock: names.Stock, people: dict[str, Person]
) -> dict[str, Person]:
    """The people with given names that no other of them has."""
    done: dict[str, Person] = {}
    for key, person in people.items():
        had = {p.given for p in done.values()}
        drawn, tries = person, 0
        while drawn.given in had and tries < 40:
            tries += 1
            year = person.born.year if person.born else None
            given = names.person(rng, stock, person.sex, person.surname, year)[0]
            drawn = replace(person, given=given)
        done[key] = drawn
    return done


def _relative(
    rng: random.Random,
    stocks: dict[str, names.Stock],
    key: str,
    sex: str,
    origin: str,
    surname: str | None,
    born: date,
) -> Person:
    given, family = names.person(rng, stocks[origin], sex, surname, born.year)
    title = "Mr" if sex == "m" else rng.choice(("Ms", "Ms", "Mrs", "Miss"))
    return Person(key, given, family, sex, title, born=born)


def _years_before(day: date, years: int, rng: random.Random) -> date:
    return day - timedelta(days=years * 365 + rng.randint(0, 364))


def _child_family(
    rng: random.Random, stocks: dict[str, names.Stock], origin: str, incident: date, stage: str
) -> dict[str, Person]:
    """Subject, mother, father or mother's partner, sisters and brothers, grandmother, others."""
    other = origin if rng.random() < 0.7 else names.origin(rng, stocks)
    born = incident - timedelta(days=int(_months(rng, stage) * 30.44) + rng.randint(0, 25))
    surname = rng.choice(stocks[origin].surnames)
    father_surname = surname if rng.random() < 0.3 else rng.choice(stocks[other].surnames)
    child_surname = surname if rng.random() < 0.6 else father_surname
    siblings = rng.choice((0, 1, 1, 2, 2, 3))
    mother_age = rng.randint(17 + 3 * siblings, 39)

    def of(key: str, sex: str, name: str | None, day: date, source: str = origin) -> Person:
        return _relative(rng, stocks, key, sex, source, name, day)

    people = {
        "subject": of("subject", rng.choice("fm"), child_surname, born),
        "mother": of("mother", "f", surname, _years_before(born, mother_age, rng)),
    }
    father_born = _years_before(born, mother_age + rng.randint(0, 9), rng)
    people["father"] = of("father", "m", father_surname, father_born, other)
    if rng.random() < 0.6:
        partner = names.origin(rng, stocks)
        people["partner"] = of("partner", "m", None, _years_before(born, mother_age, rng), partner)
    for number in range(1, siblings + 1):
        older = _years_before(born, number * 2, rng)
        people[f"sib{number}"] = of(f"sib{number}", rng.choice("fm"), child_surname, older)
    people["gran"] = of("gran", "f", surname, _years_before(born, mother_age + 22, rng))
    if rng.random() < 0.5:
        people["aunt"] = of("aunt", "f", None, _years_before(born, mother_age + 2, rng))
    people["friend"] = of("friend", rng.choice("fm"), None, _years_before(born, 30, rng), other)
    people["subject"] = replace(people["subject"], title="")
    return people


def _adult_family(
    rng: random.Random, stocks: dict[str, names.Stock], origin: str, incident: date, kind: str
) -> dict[str, Person]:
    """Subject, partner, son and daughter, a sister, a neighbour."""
    surname = rng.choice(stocks[origin].surnames)
    age = rng.randint(22, 58) if kind == "DHR" else rng.randint(24, 91)
    sex = rng.choice("ffm") if kind == "DHR" else rng.choice("fm")
    born = _years_before(incident, age, rng)
    opposite = "m" if sex == "f" else "f"

    def of(key: str, sex_of: str, name: str | None, years: int) -> Person:
        return _relative(
            rng, stocks, key, sex_of, origin, name, _years_before(incident, years, rng)
        )

    people = {"subject": replace(of("subject", sex, surname, age), born=born)}
    people["partner"] = of(
        "partner", opposite, rng.choice((surname, None)), age + rng.randint(-4, 6)
    )
    if age > 38:
        people["son"] = of("son", "m", surname, age - rng.randint(21, 30))
        people["daughter"] = of("daughter", "f", None, age - rng.randint(20, 32))
    people["sister"] = of("sister", "f", None, max(19, age - rng.randint(-5, 7)))
    people["friend"] = of("friend", rng.choice("fm"), None, max(20, age - 5))
    return people


def _staff(
    rng: random.Random, stocks: dict[str, names.Stock], keys: list[str], stage: str
) -> dict[str, Person]:
    people = {}
    for key in keys:
        if key in _STAGED and key not in _BY_STAGE.get(stage, set()):
            continue
        sex = "m" if rng.random() < 0.3 else "f"
        given, surname = names.person(rng, stocks[names.origin(rng, stocks)], sex, born=1972)
        title = "Mr" if sex == "m" else rng.choice(("Ms", "Mrs", "Miss", "Ms"))
        if key in {"gp", "paed", "psych", "consultant"}:
            title = "Dr"
        people[key] = Person(key, given, surname, sex, title, side="staff")
    return people


_LETTERS = ("BA, MSc, CQSW", "RN, RHV, MSc", "CQSW", "PhD", "LLB", "MA, DipSW", "OBE", "BSc (Hons)")


def _reviewers(rng: random.Random, stocks: dict[str, names.Stock]) -> dict[str, Person]:
    keys = ["author", "chair", *(["author2"] if rng.random() < 0.25 else [])]
    people = {}
    for key in [*keys, *(f"panel{n}" for n in range(1, rng.randint(6, 9)))]:
        sex = rng.choice("fm")
        given, surname = names.person(rng, stocks[names.origin(rng, stocks)], sex, born=1972)
        title = rng.choice(("Mr", "Dr")) if sex == "m" else rng.choice(("Ms", "Mrs", "Dr"))
        letters = rng.choice(_LETTERS) if not key.startswith("panel") else ""
        people[key] = Person(key, given, surname, sex, title, letters=letters, side="review")
    return people


def _tags(
    rng: random.Random, kind: str, about: str, stage: str, people: dict[str, Person]
) -> set[str]:
    tags = {about, stage, "dead" if rng.random() < 0.6 or kind == "DHR" else "harmed"}
    subject = people["subject"]
    tags.add("girl" if subject.sex == "f" else "boy")
    return tags


def build(
    rng: random.Random,
    kind: str,
    *,
    invented: bool,
    year: int | None = None,
    encoding: str = "utf-8",
    stage: str | None = None,
) -> World:
    """A world for one review; with `invented` from own lists alone, with no real town in it.

    `encoding` narrows the names to those that it can write (the fonts of a PDF).
    """
    about, first, last = KINDS[kind]
    stocks = names.encodable(names.own() if invented else names.wide(), encoding)
    year = year or rng.randint(first, last)
    published = date(year, rng.randint(1, 12), rng.randint(1, 28))
    incident = published - timedelta(days=rng.randint(240, 900))
    origin = names.origin(rng, stocks)
    drawn_stage = stage or rng.choice(sorted(STAGES))
    stage = drawn_stage if about == "child" else "grown"
    family = (
        _child_family(rng, stocks, origin, incident, stage)
        if about == "child"
        else _adult_family(rng, stocks, origin, incident, kind)
    )
    family = _distinct(rng, stocks[origin], family)
    keys = (CHILD_STAFF if about == "child" else ADULT_STAFF).split()
    people = {**family, **_staff(rng, stocks, keys, stage), **_reviewers(rng, stocks)}
    where = places(rng, invented=invented, welsh=kind == "CPR")
    born = people["subject"].born or incident
    reach = timedelta(days=rng.randint(400, 1100))
    start = max(incident - reach, born) if about == "child" else incident - reach
    tags = _tags(rng, kind, about, stage, people) | {kind.lower()}
    if _HERITAGE[origin][2] and rng.random() < 0.7:
        tags.add("abroad")
    org = orgs(rng, where, kind, year, _HERITAGE[origin][1])
    facts = _facts(rng, kind, about, year, origin, stage)
    return World(
        kind,
        about,
        year,
        stage,
        frozenset(tags),
        people,
        org,
        where,
        start,
        incident,
        published,
        facts,
    )


# What all cases of an area have to do with; schools, surgeries and homes are a case's own.
PUBLIC = "board council police hospital trust mhtrust ccg ambulance probation court".split()


def moved(world: World, area: str, *, invented: bool) -> World:
    """The world in an area that other worlds share: its towns, its board, its public bodies.

    Worlds of one kind and of nearby years get the same ones; the street stays the family's own.
    """
    rng, religion = random.Random(f"area/{area}"), world.facts["religion"]
    there = places(rng, invented=invented, welsh=world.kind == "CPR")
    shared = orgs(rng, there, world.kind, world.year, religion)
    where = replace(
        world.places, area=there.area, town=there.town, county=there.county, domain=there.domain
    )
    own = random.Random(f"own/{area}/{where.house}/{where.street}/{where.postcode}")
    bodies = orgs(own, where, world.kind, world.year, religion)
    return replace(world, places=where, orgs=bodies | {key: shared[key] for key in PUBLIC})


# By the origin of a family's names: ethnicity, religion, first language, country.
_HERITAGE = {
    "english": ("White British", "Christian", "", ""),
    "scottish": ("White Scottish", "Christian", "", ""),
    "welsh": ("White Welsh", "Christian", "", ""),
    "irish": ("White Irish", "Roman Catholic", "", ""),
    "polish": ("White Polish", "Roman Catholic", "Polish", "Poland"),
    "lithuanian": ("White Lithuanian", "Roman Catholic", "Lithuanian", "Lithuania"),
    "pakistani": ("Pakistani", "Muslim", "Urdu", "Pakistan"),
    "bangladeshi": ("Bangladeshi", "Muslim", "Sylheti", "Bangladesh"),
    "indian": ("Indian", "Sikh", "Punjabi", "India"),
    "nigerian": ("Black African", "Pentecostal", "Yoruba", "Nigeria"),
    "ghanaian": ("Black African", "Pentecostal", "Twi", "Ghana"),
    "kenyan": ("Black African", "Christian", "Swahili", "Kenya"),
    "somali": ("Black Somali", "Muslim", "Somali", "Somalia"),
    "arabic": ("Arab", "Muslim", "Arabic", "Iraq"),
    "chinese": ("Chinese", "Buddhist", "Cantonese", "China"),
    "vietnamese": ("Vietnamese", "Buddhist", "Vietnamese", "Vietnam"),
    "romanian": ("Gypsy Roma", "Pentecostal", "Romanian", "Romania"),
    "slovak": ("Gypsy Roma", "Roman Catholic", "Slovak", "Slovakia"),
    "caribbean": ("Black British Caribbean", "Christian", "", ""),
    "portuguese": ("White Portuguese", "Roman Catholic", "Portuguese", "Portugal"),
    "turkish": ("Kurdish", "Muslim", "Turkish", "Turkey"),
    "eritrean": ("Black African", "Orthodox Christian", "Tigrinya", "Eritrea"),
    "hungarian": ("White Hungarian", "Roman Catholic", "Hungarian", "Hungary"),
    "spanish": ("White Spanish", "Roman Catholic", "Spanish", "Colombia"),
    "italian": ("White Italian", "Roman Catholic", "Italian", "Italy"),
    "french": ("Black African", "Roman Catholic", "French", "Congo"),
    "german": ("White Other", "Christian", "German", "Germany"),
    "dutch": ("White Other", "Christian", "Dutch", "the Netherlands"),
}
_MIXED = ("mixed White and Asian", "mixed White and Black Caribbean", "White and Irish Traveller")


def _facts(
    rng: random.Random, kind: str, about: str, year: int, origin: str, stage: str
) -> dict[str, str]:
    """What is said of the family beyond names, each drawn once so that it stays the same."""
    ethnicity, religion, language, country = _HERITAGE[origin]
    injuries = [
        "a subdural haemorrhage and bruising of different ages",
        "burns to the legs and buttocks",
        "severe malnutrition and an untreated chest infection",
        "multiple bruises and a fractured femur",
    ]
    if stage == "infant":
        injuries += ["a fractured skull and older rib fractures", "retinal haemorrhages"]
    if stage == "teen":
        injuries = [
            "stab wounds to the leg",
            "an overdose of prescribed medication",
            "head injuries",
        ]
    adult = (
        "hypothermia and untreated pressure ulcers",
        "smoke inhalation following a fire at home",
        "sepsis following a long period of self-neglect",
        "dehydration and infected wounds",
        "an overdose of prescribed medication",
    )
    homicide = ("stab wounds to the chest", "head injuries", "compression of the neck")
    causes: Sequence[str] = homicide if kind == "DHR" else adult
    if about == "child":
        causes = injuries
    return {
        "injury": rng.choice(causes),
        "ethnicity": rng.choice(_MIXED) if rng.random() < 0.1 else ethnicity,
        "religion": religion,
        "language": language,
        "country": country,
        "operation": rng.choice(
            ("Linnet", "Granite", "Sextant", "Marigold", "Tamarisk", "Halyard")
        ),
        "nhs": identifiers.nhs_number(rng),
        "upn": identifiers.pupil_number(rng),
        "case": identifiers.case_number(rng, year - 1),
    }
