"""Names of people: own lists by origin, and wider ones from Faker for training."""

from __future__ import annotations

import hashlib
import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LISTS = Path(__file__).parent / "lists"

# How often a family is drawn from an origin; the rest of the list shares what is left.
_COMMON = {"english": 46, "pakistani": 6, "polish": 6, "caribbean": 4, "irish": 4, "nigerian": 4}

# Salted digests of full names that the press connects with reviews: never drawn as a pair.
_REFUSED_FILE = LISTS / "refused.txt"

_FAKER_LOCALES = {
    "english": ("en_GB", "en_IE"),
    "polish": ("pl_PL",),
    "indian": ("en_IN",),
    "pakistani": ("en_PK",),
    "romanian": ("ro_RO",),
    "slovak": ("sk_SK", "cs_CZ"),
    "portuguese": ("pt_PT",),
    "turkish": ("tr_TR", "az_AZ"),
    "lithuanian": ("lt_LT",),
    "irish": ("ga_IE",),
    "nigerian": ("yo_NG", "ig_NG", "en_NG"),
    "kenyan": ("en_KE",),
    "vietnamese": ("vi_VN",),
    "french": ("fr_FR",),
    "spanish": ("es_ES",),
    "italian": ("it_IT",),
    "hungarian": ("hu_HU",),
    "german": ("de_DE",),
    "dutch": ("nl_NL",),
}


@dataclass(frozen=True, slots=True)
class Stock:
    """The names of one origin."""

    female: tuple[str, ...]
    male: tuple[str, ...]
    surnames: tuple[str, ...]

    def given(self, rng: random.Random, sex: str) -> str:
        """A given name for the sex, "f" or "m"."""
        return rng.choice(self.female if sex == "f" else self.male)


_PARTICLES = {"Mac", "Ní", "Bin", "Al", "da", "dos"}


def _words(line: str) -> tuple[str, ...]:
    """The names of a line; a particle belongs to the word after it."""
    names: list[str] = []
    held = ""
    for word in line.split():
        if word in _PARTICLES:
            held = f"{word} "
        else:
            names.append(held + word)
            held = ""
    return tuple(names)


@cache
def own() -> dict[str, Stock]:
    """The names of the lists that lie beside this file, by origin."""
    raw = tomllib.loads((LISTS / "names.toml").read_text(encoding="utf-8"))
    return {
        origin: Stock(_words(r["female"]), _words(r["male"]), _words(r["surnames"]))
        for origin, r in raw.items()
    }


def _latin(names: object) -> tuple[str, ...]:
    """The names that are written in Latin letters, sorted."""
    if not isinstance(names, (list, tuple, dict)):
        return ()
    found = {str(name).strip() for name in names}
    plain = (n for n in found if n and all(c < "ɐ" or c in "’'- " for c in n))
    return tuple(sorted(n for n in plain if " auch " not in f" {n} "))


@cache
def wide() -> dict[str, Stock]:
    """Own lists joined with the name lists of Faker, by origin. Depends on Faker's version."""
    from importlib import import_module

    stocks = dict(own())
    for origin, locales in _FAKER_LOCALES.items():
        for locale in locales:
            provider = import_module(f"faker.providers.person.{locale}").Provider
            more = Stock(
                _latin(getattr(provider, "first_names_female", ())),
                _latin(getattr(provider, "first_names_male", ())),
                _latin(getattr(provider, "last_names", ())),
            )
            had = stocks.get(origin, Stock((), (), ()))
            both = Stock(
                had.female + more.female, had.male + more.male, had.surnames + more.surnames
            )
            if both.female and both.male and both.surnames:
                stocks[origin] = both
    return stocks


@cache
def _refused() -> frozenset[str]:
    return frozenset(_REFUSED_FILE.read_text(encoding="utf-8").split())


def digest(given: str, surname: str) -> str:
    """The digest under which a full name stands in the list of those never drawn."""
    return hashlib.sha256(f"candour {given} {surname}".casefold().encode()).hexdigest()[:20]


def refused(given: str, surname: str) -> bool:
    """Whether the full name is one that the press connects with a review."""
    return digest(given, surname) in _refused()


def encodable(stocks: dict[str, Stock], encoding: str) -> dict[str, Stock]:
    """The stocks without the names that the encoding cannot write."""

    def able(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(n for n in names if _fits(n, encoding))

    kept = {o: Stock(able(s.female), able(s.male), able(s.surnames)) for o, s in stocks.items()}
    return {o: s for o, s in kept.items() if s.female and s.male and s.surnames}


def _fits(name: str, encoding: str) -> bool:
    try:
        name.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def origin(rng: random.Random, stocks: dict[str, Stock]) -> str:
    """An origin, the common ones more often."""
    if rng.random() < sum(_COMMON.values()) / 100:
        return rng.choices(list(_COMMON), weights=list(_COMMON.values()))[0]
    return rng.choice(sorted(stocks))


# Names by which one guesses an age; the years within which they are given here.
_YEARS = {
    **dict.fromkeys(
        (
            "Beverley Maureen Lorraine Rosemary Pauline Hilary Sandra Denise Carol Linda Margaret "
            "Jean Doreen Marjorie Edna Malcolm Kenneth Raymond Derek Norman Reginald Harold Gordon "
            "Barry Terence Nigel Trevor Clive Graham Nuala Bridie Myfanwy Senga Winston"
        ).split(),
        (1900, 1968),
    ),
    **dict.fromkeys(
        (
            "Kayleigh Chloe Courtney Paige Jayden Riley Kai Max Mason Reece Tyler-James Demi-Leigh "
            "Ella-Mae Lacey Summer Tilly Poppy Esme Alfie Archie Harvey Finley Max Bethany Jodie"
        ).split(),
        (1984, 2100),
    ),
}


def fits_year(given: str, year: int) -> bool:
    """Whether a given name is likely for a year of birth.

    >>> fits_year("Edna", 2015), fits_year("Edna", 1930), fits_year("Anna", 2015)
    (False, True, True)
    """
    first, last = _YEARS.get(given, (0, 9999))
    return first <= year <= last


def person(
    rng: random.Random,
    stock: Stock,
    sex: str,
    surname: str | None = None,
    born: int | None = None,
) -> tuple[str, str]:
    """A given name and a surname (that of the family, where it is given).

    `born` is the year of birth, which the given name should fit.
    """
    while True:
        drawn = stock.given(rng, sex), surname or rng.choice(stock.surnames)
        if not refused(*drawn) and (born is None or fits_year(drawn[0], born)):
            return drawn
