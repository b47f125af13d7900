"""What people are called when they are not named: roles, codes, kinship, letters."""

from __future__ import annotations

import random

from pipeline.training.style import Style
from pipeline.training.world import World

ROLES = {
    "sw": "social worker",
    "sw2": "new social worker",
    "tm": "team manager",
    "gp": "GP",
    "paed": "consultant paediatrician",
    "pc": "police officer",
    "ds": "detective sergeant",
    "cpn": "community psychiatric nurse",
    "dw": "drugs worker",
    "fsw": "family support worker",
    "ho": "housing officer",
    "iro": "independent reviewing officer",
    "paramedic": "paramedic",
    "hv": "health visitor",
    "mw": "midwife",
    "nw": "nursery manager",
    "teacher": "class teacher",
    "head": "head teacher",
    "sn": "school nurse",
    "yw": "youth worker",
    "camhs": "CAMHS practitioner",
    "fc": "foster carer",
    "psych": "consultant psychiatrist",
    "dn": "district nurse",
    "cm": "care home manager",
    "cw": "care worker",
    "nurse": "ward nurse",
    "consultant": "hospital consultant",
    "ot": "occupational therapist",
    "advocate": "advocate",
    "idva": "IDVA",
    "author": "author",
    "author2": "second author",
    "chair": "chair",
}
CODES = {
    "sw": "SW1",
    "sw2": "SW2",
    "tm": "TM1",
    "gp": "GP1",
    "paed": "Paed 1",
    "pc": "PC1",
    "ds": "DS1",
    "cpn": "CPN1",
    "dw": "DW1",
    "fsw": "FSW1",
    "ho": "HO1",
    "iro": "IRO1",
    "paramedic": "PM1",
    "hv": "HV1",
    "mw": "MW2",
    "nw": "NM1",
    "teacher": "T1",
    "head": "HT1",
    "sn": "SN1",
    "yw": "YW1",
    "camhs": "CP1",
    "fc": "FC1",
    "psych": "Psych 1",
    "dn": "DN1",
    "cm": "CM1",
    "cw": "CW2",
    "nurse": "N1",
    "consultant": "Cons 1",
    "ot": "OT1",
    "advocate": "ADV1",
    "idva": "IDVA1",
}
KIN = {
    "mother": "Mother",
    "father": "Father",
    "partner": "Mother’s partner",
    "gran": "Maternal Grandmother",
    "aunt": "Maternal Aunt",
    "friend": "a family friend",
    "sib1": "Sibling 1",
    "sib2": "Sibling 2",
    "sib3": "Sibling 3",
    "son": "the son",
    "daughter": "the daughter",
    "sister": "the sister",
}


def kin(world: World, key: str) -> str:
    """What somebody is to the subject, where the report gives no name."""
    if world.about == "adult" and key == "partner":
        return "Partner"
    return KIN.get(key, "the subject")


def pet_name(rng: random.Random, given: str) -> str:
    """A shorter or longer form of a given name, or the name itself."""
    pairs = {
        "Katarzyna": "Kasia",
        "Margaret": "Maggie",
        "Tyler-James": "TJ",
        "Ellie": "Els",
        "Bethany": "Beth",
        "Abigail": "Abi",
        "Kenneth": "Ken",
        "Terence": "Terry",
    }
    if given in pairs:
        return pairs[given]
    if len(given) > 6 and given.isascii() and given.isalpha() and rng.random() < 0.6:
        return given[:4] if given[3] not in "aeiou" else given[:3]
    return rng.choice(_NICKNAMES)


_NICKNAMES = tuple("Titch Bobbie Sonny Bunny Pip Midge Duke Smiley Coco Tink Ziggy Moose".split())


def labels(rng: random.Random, world: World, style: Style) -> dict[str, str]:
    """The label of each person, by the author's scheme."""
    given: dict[str, str] = {}
    letter = rng.choice("ABCDEFGHJKLMNPRSTWXYZ")
    dead = rng.choice(("Child", "Child", "Baby" if world.stage == "infant" else "Child"))
    if world.stage == "teen":
        dead = rng.choice(("Young Person", "Child"))
    adult = rng.choice(("Adult", "Mr" if world.subject.sex == "m" else "Mrs"))
    tail = rng.choice((letter, letter, letter, letter * 2, f"{letter}1"))
    given["subject"] = f"{dead if world.about == 'child' else adult} {tail}"
    for person in world.people.values():
        if person.key in CODES:
            number = "2" if person.key.endswith("2") else "1"
            role = ROLES[person.key.rstrip("2")] if person.key != "sw2" else "social worker"
            role = (
                role.title().replace("Gp", "GP").replace("Idva", "IDVA").replace("Camhs", "CAMHS")
            )
            given[person.key] = CODES[person.key] if style.staff == "codes" else f"{role} {number}"
        elif person.side == "family" and person.key != "subject":
            given[person.key] = kin(world, person.key)
    scheme = rng.random()
    if style.family == "letters":
        order = iter("MFPGARNQHTV")
        for person in world.people.values():
            if person.side == "family" and person.key != "subject":
                given[person.key] = f"{person.title or 'Ms'} {next(order)}"
    elif scheme < 0.3 and "gran" in given:
        given["gran"] = "MGM"
    if scheme > 0.6 and "partner" in given and world.about == "child":
        given["partner"] = rng.choice(("Adult 1", "Male 1", "Partner 1"))
    return given
