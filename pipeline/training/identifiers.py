"""Numbers and contacts in their UK forms, from ranges that are never given to anybody."""

from __future__ import annotations

import random

# Ofcom keeps these ranges free for drama.
_DRAMA = ("01632 960", "0113 496 0", "0121 496 0", "0151 496 0", "0161 496 0", "020 7946 0")


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def nhs_number(rng: random.Random) -> str:
    """An NHS number with a good check digit from the test range 999, in one of three spacings."""
    while True:
        first = "999" + _digits(rng, 6)
        check = (11 - sum(int(d) * (10 - i) for i, d in enumerate(first)) % 11) % 11
        if check < 10:
            number = f"{first}{check}"
            break
    form = rng.choice(("{a} {b} {c}", "{a}{b}{c}", "{a}-{b}-{c}", "{a} {b} {c}"))
    return form.format(a=number[:3], b=number[3:6], c=number[6:])


def phone(rng: random.Random) -> str:
    """A telephone number out of the ranges kept for drama."""
    if rng.random() < 0.3:
        return f"07700 900{_digits(rng, 3)}" if rng.random() < 0.7 else f"07700900{_digits(rng, 3)}"
    number = rng.choice(_DRAMA) + _digits(rng, 3)
    bracketed = f"({number.split(' ', 1)[0]}) {number.split(' ', 1)[1]}"
    international = f"+44 (0){number[1:]}"
    return rng.choice((number, number, bracketed, international, number.replace(" ", "")))


def postcode(rng: random.Random, area: str) -> str:
    """A postcode of the area; with an invented area one that does not exist."""
    inward = f"{rng.randint(1, 9)}{rng.choice('ABDEFGHJLN')}{rng.choice('ABDEFGHJLNPQRSTUWXYZ')}"
    return f"{area}{rng.randint(1, 28)} {inward}"


def crime_reference(rng: random.Random, year: int) -> str:
    """A crime or incident number in one of the forms that forces use."""
    return rng.choice(
        (
            f"{rng.randint(10, 99)}{_digits(rng, 1)}/{_digits(rng, 5)}/{year % 100:02d}",
            f"CR/{_digits(rng, 6)}/{year % 100:02d}",
            f"{_digits(rng, 2)}00{_digits(rng, 6)}",
            f"{rng.choice('ABCDEFG')}{rng.choice('ABCDEFG')}/{_digits(rng, 5)}/{year % 100:02d}",
        )
    )


def case_number(rng: random.Random, year: int) -> str:
    """The number of a case in a council's or a board's system."""
    return rng.choice(
        (
            f"SCR/{year}/{rng.randint(1, 9):02d}",
            _digits(rng, 7),
            f"LCS{_digits(rng, 6)}",
            f"P{_digits(rng, 8)}",
            f"{rng.choice('CFW')}-{_digits(rng, 5)}",
            f"CSC/{_digits(rng, 4)}/{year % 100:02d}",
        )
    )


def court_number(rng: random.Random, year: int) -> str:
    """The number of a case in a family court."""
    return f"{rng.choice('ABCDEHKLMNS')}{rng.choice('ABCDEX')}{year % 100:02d}C{_digits(rng, 5)}"


def pupil_number(rng: random.Random) -> str:
    """A unique pupil number: a letter and twelve digits."""
    return rng.choice("ABCDEFGHJKLMNPQRTUVWXYZ") + "999" + _digits(rng, 9)


def insurance_number(rng: random.Random) -> str:
    """A National Insurance number with the prefix that is kept for examples."""
    pairs = " ".join(_digits(rng, 2) for _ in range(3))
    number = f"QQ {pairs} {rng.choice('ABCD')}"
    return number if rng.random() < 0.5 else number.replace(" ", "")


def vehicle(rng: random.Random) -> str:
    """A number plate with an issuing area that is not in use."""
    letters = "".join(rng.choice(row) for row in ("BCDF", "GHJK", "LMNP"))
    return f"{rng.choice(('QX', 'ZQ', 'IZ'))}{rng.randint(51, 70)} {letters}"
