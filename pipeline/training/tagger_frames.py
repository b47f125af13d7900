"""Invented paragraphs in the manner of UK reviews, filled with names drawn anew each time.

They teach what the open corpora lack: local bodies, addresses, labels that are no names, and
the capitals of roles, meetings and statutes. The frames are in tagger_frames.txt.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pipeline.training.tagger_data import ALL, Example, Mark
from pipeline.training.tagger_swap import Names, names

_SLOT = re.compile(r"\{(\w+)\}")

_TEAMS = (
    "Crisis Resolution and Home Treatment Team|Community Mental Health Team|Early Help|CAMHS|"
    "Psychiatric Liaison|Street Triage|Single Point of Access|Home Treatment Team|CMHT|CRHTT|HTT|"
    "Emergency Department|ED|Accident and Emergency|Adult Social Care|Children's Social Care|MASH|"
    "Multi-Agency Safeguarding Hub|Youth Offending Service|YOS|Early Intervention in Psychosis|"
    "Intensive Treatment Unit|Emergency Duty Team|EDT|the GP|GPs|Primary Care|Housing Options|"
    "Assessment Team|Duty and Referral Team|Talking Therapies|the Ambulance Service|the Police|"
    "Police Control Room|Education Welfare Service|Health Visiting Service|Safeguarding Unit|"
    "Family Support Team|Looked After Children Team|Probation|Leaving Care Team|Substance Misuse "
    "Service|Drug and Alcohol Service|Mental Health Liaison Team|Child Protection Unit|SPA|IAPT"
).split("|")
_GENERIC = (
    "Local Safeguarding Children Board|Local Safeguarding Children Boards|LSCB|LSCBs|the LSCB|"
    "Safeguarding Adults Boards|Primary Care Trust|PCTs|Clinical Commissioning Group|CCGs|ICB|"
    "Children's Trust|Children’s Trusts|Local Authority|local authorities|Government|Parliament|"
    "Director of Children's Services|Lead Member|Secretary of State|Coroner|Family Court|"
    "Care Home|Acute Trust|Mental Health Trust|Strategic Health Authority|Integrated Care Board|"
    "Community Safety Partnership|Health and Wellbeing Board|Housing Association|Fire Service|"
    "Police and Crime Commissioner|Board|Partnership|Panel|Executive|Trust|Council|Agency|Review"
).split("|")
_TERMS = (
    "Post Traumatic Stress Disorder|Emotionally Unstable Personality Disorder|EUPD|PTSD|ADHD|OCD|"
    "Learning Disability|Autism Spectrum Disorder|ASD|Dialectical Behaviour Therapy|DBT|CBT|EEG|"
    "Domestic Abuse|Suicidal Ideation|Serious Incident|Root Cause Analysis|RCA|Care Programme "
    "Approach|CPA|Mental Health Act|Ligature|Risk Assessment|Safety Plan|Graded Care Profile|SUDI|"
    "Child Sexual Exploitation|CSE|Was Not Brought|Non Accidental Injury|NAI|No Further Action|"
    "Neglect|Safeguarding|Rapid Review|Individual Management Review|IMR|Signs of Safety|DASH|RiO|"
    "SystmOne|Liquidlogic|Section 136|Child in Need|Pre-Birth Assessment|Key Practice Episode"
).split("|")
_ROLES = (
    "social worker|health visitor|midwife|team manager|consultant paediatrician|head teacher|"
    "designated safeguarding lead|probation officer|support worker|school nurse|GP|family worker|"
    "independent reviewing officer|housing officer|police officer|detective sergeant|care worker|"
    "community psychiatric nurse|safeguarding lead|practice manager|named nurse|duty worker|"
    "conference chair|youth worker|registered manager|district nurse|occupational therapist"
).split("|")
_CONDITIONS = (
    "asthma|eczema|autism|ADHD|epilepsy|type 1 diabetes|Down's syndrome|depression|psychosis|"
    "cerebral palsy|faltering growth|a personality disorder|Parkinson's disease|dementia|"
    "foetal alcohol syndrome|post-natal depression|PTSD|a learning disability|Crohn's disease|"
    "bipolar affective disorder|Lewy body dementia|pressure ulcers|sepsis|Asperger's"
).split("|")
_DRUGS = (
    "methadone|Diazepam|Sertraline|cannabis|heroin|Quetiapine|Ritalin|insulin|Zopiclone|"
    "Propranolol|spice|cocaine|Olanzapine|Melatonin|Pregabalin|Risperidone|Warfarin|"
    "Paracetamol|ibuprofen|aspirin|Venlafaxine|Fluoxetine|Citalopram|Mirtazapine|Clonazepam|"
    "Lorazepam|Clozapine|Aripiprazole|Haloperidol|Lithium|Lamotrigine|Valproate|Gabapentin|"
    "Codeine|Tramadol|Morphine|Fentanyl|Buprenorphine|Subutex|Naloxone|Ketamine|MDMA|Amitriptyline|"
    "Promethazine|Metformin|Ramipril|Amlodipine|Salbutamol|Prednisolone|Amoxicillin|Calpol|"
    "Flupentixol|Paliperidone|Concerta|Elvanse|Temazepam|Nitrazepam|Bisoprolol|Omeprazole"
).split("|")
_LABELS = (
    "Adult A|Adult B2|Perpetrator A|Family S|Family T|Child X1|Sibling 2|Half Sibling 1|Ms M|Mr SF|"
    "HV1|HV2|SW1|SW3|TM2|GP2|PC1|DS1|HT1|Hospital 2|School A|Social Worker 1|Head Teacher 1|MGF|"
    "Address 2|Nurse 3|Father 2|Partner 1|AA|Worker 4|Housing Officer 1|Consultant 2|CAMHS Worker 1"
).split("|")
_CAUSES = (
    "Hanging|Hypoxic ischaemic encephalopathy|Asphyxia|Multiple Injuries|Drowning|Sepsis|"
    "Bronchopneumonia|Head Injury|Subdural Haemorrhage|Aspiration Pneumonia|Malnutrition|"
    "Opiate Toxicity|Diabetic Ketoacidosis|Cardiac Arrest|Stab Wound to the Chest|Hypothermia|"
    "Smoke Inhalation|Pulmonary Embolism|Unascertained|Sudden Unexpected Death in Epilepsy"
).split("|")
_NATIONAL = (
    "Ofsted|the Care Quality Commission|Cafcass|the Home Office|the Department for Education|"
    "NHS England|HM Inspectorate of Probation|the NSPCC|the Crown Prosecution Service|Barnardo's|"
    "the Charity Commission|Public Health England|the College of Policing|HMICFRS|the CQC"
).split("|")
_GUIDANCE = (
    "Working Together 2013|Working Together to Safeguard Children (2018)|Making Safeguarding "
    "Personal|Keeping Children Safe in Education|No Secrets|the Care Act guidance|NICE guidance"
).split("|")
_ETHNIC = (
    "White British|Somali|Pakistani|Black African|Roma|Polish|Bangladeshi|Irish Traveller|"
    "Nigerian|Vietnamese|Kurdish|mixed White and Caribbean|Romanian|Chinese|Eritrean|Albanian"
).split("|")
_LANGUAGES = "Polish|Somali|Urdu|Romanian|Kurmanji|Tigrinya|Sylheti|Welsh|Punjabi".split("|")
# Words that open a sentence and are nobody: the capital is the sentence's.
_ABSTRACT = (
    "Silence|Habit|Distance|Timing|Fatigue|Reassurance|Familiarity|Kindness|Poverty|Isolation|"
    "Paperwork|Housing|Money|Sleep|Language|Fear|Shame|Pride|Loyalty|Curiosity|Repetition|Delay|"
    "Handovers|Minutes|Thresholds|Rotas|Vacancies|Absences|Bruises|Letters|Messages|Rumour|Weather|"
    "Transport|Debt|Alcohol|Cooking|Football|Gardening|Painting|Singing|Dancing|Reading|Swimming|"
    "Records|Referrals|Supervision|Training|Workloads|Assumptions|Explanations|Appointments|"
    "Optimism|Politeness|Caution|Urgency|Trust|Neighbours|Relatives|Strangers|Teachers|Doctors|"
    "Interpreters|Grief|Anger|Laughter|Illness|Weight|Growth|Feeding|Nappies|Stairs|Locks|Heating|"
    "Nothing|Nobody|Everyone|Anything|Somebody|Little|Much|Most|Several|Neither|Whatever|Perhaps"
).split("|")
_STEMS = (
    "Wex Dun Thorn Hol Ash Brack Ember Cor Lang Mel Pen Rav Sel Tarn Ull Wyn Car Fen Glen Hart "
    "Kel Lor Mar Nether Over Ox Pickl Quar Rush Stan Thir West East North South Great Little"
).split()
_ENDS = (
    "combe ton ley shire more bury ham field worth thorpe by wick ford bridge minster stead gate "
    "mouth pool hurst well don"
).split()
_STREETS = (
    "Road Street Close Avenue Lane Drive Crescent Gardens Court House Way Terrace Grove Rise "
    "Walk Place Mews Row Estate Green Park"
).split()
_SURGERY = ("Surgery", "Medical Centre", "Health Centre", "Medical Practice", "Group Practice")
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def _place(dice: random.Random, source: Names) -> str:
    """A town: every other one is invented, so that the model does not learn a gazetteer."""
    if dice.random() < 0.5:
        return source.place(dice)
    return (dice.choice(_STEMS) + dice.choice(_ENDS)).capitalize()


def _abbreviation(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"[A-Z]\w*", name))


def _bodies(dice: random.Random, place: Callable[[], str], saint: str) -> dict[str, str]:
    """The bodies of one area."""
    area = place()
    pick = dice.choice
    board = pick(
        (
            "Safeguarding Children Board", "Local Safeguarding Children Board",
            "Safeguarding Children Partnership", "Safeguarding Adults Board",
            "Safeguarding Partnership", "Community Safety Partnership",
        )
    )  # fmt: skip
    council = ("County Council", "City Council", "Borough Council", "Council", "Metropolitan "
               "Borough Council")  # fmt: skip
    trust = ("NHS Foundation Trust", "Healthcare NHS Trust", "University Hospitals NHS Trust",
             "Partnership NHS Trust", "Community Health Trust")  # fmt: skip
    school = ("Primary School", "Academy", "High School", "C of E Primary School", "Infants",
              "Community College", "Nursery", "Catholic Primary School")  # fmt: skip
    pair = pick((f"St {saint}'s", f"{place()}", f"{area} Royal", "Queen Anne's", f"St. {saint}’s"))
    return {
        "board": f"{area} {board}",
        "board2": f"{place()} {board}",
        "council": pick((f"{area} {pick(council)}", f"London Borough of {area}")),
        "council2": f"{place()} {pick(council)}",
        "trust": f"{pick((area, place()))} {pick(trust)}",
        "hospital": f"{pair} {pick(('Hospital', 'Infirmary', 'General Hospital', 'Hospice'))}",
        "surgery": f"{pick((place(), saint))} {pick(_SURGERY)}",
        "school": f"{pick((place(), f'St {saint}’s', f'{place()} Park'))} {pick(school)}",
        "police": f"{area} {pick(('Police', 'Constabulary'))}",
        "home": f"{pick((place(), 'The ' + pick(_STEMS) + 'bank'))} {pick(('House', 'Lodge'))}",
        "agency": f"{pick((place(), 'Bright' + pick(_ENDS).title(), 'Home First'))} "
        f"{pick(('Care Ltd', 'Housing Association', 'Homes', 'Care', 'Support Services'))}",
        "court": f"{place()} {pick(('Crown Court', 'Family Court', 'Coroner’s Court'))}",
        "prison": f"HMP {place()}",
        "church": pick((f"St {saint}'s Church", f"{place()} Central Mosque", f"{place()} Chapel")),
    }


@dataclass(frozen=True, slots=True)
class World:
    """One invented case: the text of each slot that stays the same, and the type it is of."""

    fixed: Mapping[str, tuple[str, str]]
    dice: random.Random
    labels: tuple[str, str, str] = field(default=("", "", ""))

    def fill(self, slot: str) -> tuple[str, str]:
        """What a slot says, and its type: "" for what is no name, "?" before an unsure one."""
        if slot.isupper() and len(slot) > 1:
            text, kind = self.fill(slot.lower())
            return text.upper(), kind
        return self.fixed.get(slot) or _loose(slot, self.dice)


def _person(dice: random.Random, source: Names) -> tuple[str, str]:
    return source.given(dice), source.family(dice)


def _people(dice: random.Random, source: Names, labelled: bool) -> dict[str, tuple[str, str]]:
    """The family of one case; where a report uses labels, they are no names."""
    out: dict[str, tuple[str, str]] = {}
    family = source.family(dice)
    for who in ("child", "mother", "father", "sib", "kin", "adult"):
        given = source.given(dice)
        own = family if dice.random() < 0.6 else source.family(dice)
        middle = f" {source.given(dice)}" if dice.random() < 0.3 else ""
        short = given
        if who in ("adult", "father", "mother") and dice.random() < 0.4:
            short = f"{'Ms' if who == 'mother' else 'Mr'} {own}"
        out[who] = (short, "PERSON")
        out[f"{who}full"] = (f"{given}{middle} {own}", "PERSON")
        out[f"{who}init"] = (given[0] + own[0], "PERSON")
    if labelled:
        letter = dice.choice("ABCDEFGHJKLMNPQRSTVWXY")
        child = dice.choice(("Child", "Baby", "Young Person", "Subject", "Infant"))
        out |= dict.fromkeys(("child", "childfull"), (f"{child} {letter}", ""))
        out |= dict.fromkeys(("adult", "adultfull"), (f"Adult {letter}", ""))
        out |= dict.fromkeys(("mother", "motherfull"), (dice.choice(("Mother", "mother")), ""))
        out |= dict.fromkeys(("father", "fatherfull"), (dice.choice(("Father", "Father 2")), ""))
        out["sib"] = (dice.choice(("Sibling 1", "Half Sibling 2", "Sibling A", "Sib 3")), "")
        out |= {f"{who}init": out[who] for who in ("child", "adult", "mother", "father")}
        out["kin"] = (dice.choice(("MGM", "PGF", "Maternal Aunt", "Paternal Grandmother")), "")
    return out


def _professionals(dice: random.Random, source: Names) -> dict[str, tuple[str, str]]:
    def titled() -> str:
        title = dice.choice(("Mr", "Mrs", "Ms", "Dr", "PC", "DC", "Professor", "Miss", "DS"))
        given, family = _person(dice, source)
        return f"{title} {given} {family}" if dice.random() < 0.3 else f"{title} {family}"

    def full() -> str:
        return " ".join(_person(dice, source))

    out = {"worker": titled() if dice.random() < 0.7 else source.given(dice)}
    out |= {slot: full() for slot in ("workerfull", "workerfull2", "author", "chair")}
    out |= {f"given{n}": source.given(dice) for n in (1, 2, 3)}
    out["family1"] = source.family(dice)
    names = out["workerfull"].split()
    out["workerinit"] = names[0][0] + names[-1][0]
    return {slot: (text, "PERSON") for slot, text in out.items()}


def world(dice: random.Random, source: Names) -> World:
    """One invented case."""
    saint = dice.choice("Brendan Agnes Oswald Hilda Cuthbert Bride Alban Edith Wilfrid".split())
    bodies = _bodies(dice, lambda: _place(dice, source), saint)
    fixed = {slot: (text, "ORG") for slot, text in bodies.items()}
    for slot in ("board", "council", "trust", "police"):
        fixed[f"{slot}abbr"] = (_abbreviation(bodies[slot]), "ORG")
    fixed |= _people(dice, source, labelled=dice.random() < 0.3)
    fixed |= _professionals(dice, source)
    street = f"{_place(dice, source)} {dice.choice(_STREETS)}"
    fixed |= {"street": (street, "LOC"), "address": (f"{dice.randint(1, 180)} {street}", "LOC")}
    fixed |= {slot: (_place(dice, source), "LOC") for slot in ("town", "town2", "district")}
    team = dice.choice([t for t in _TEAMS if t[0].isupper()])
    fixed["localteam"] = (f"{_place(dice, source)} {team}", "ORG")
    host = bodies["council"].lower().replace(" ", "")
    email = f"{source.given(dice)}.{source.family(dice)}@{host}.gov.uk".lower().replace(" ", "")
    fixed["email"] = (email, "CODE")
    letter = dice.choice("ABCDEFGHJKLMNPRSTWXYZ")
    child = f"{dice.choice(('Child', 'Baby', 'Sibling', 'Young Person', 'Mr', 'Adult'))} {letter}"
    parent = dice.choice(("Mother", "Father", "MGM", "PGM", "Step Father", "Adult 1", "Ms M"))
    worker = (
        f"{dice.choice(('SW', 'HV', 'TM', 'GP', 'PC', 'HT', 'MW', 'Nurse '))}{dice.randint(1, 9)}"
    )
    return World(fixed, dice, (child, parent, worker))


def _date(dice: random.Random) -> str:
    """A day in one of the manners that reports have."""
    day, month, year = dice.randint(1, 28), dice.randint(1, 12), dice.randint(2004, 2024)
    name = _MONTHS[month - 1]
    end = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    forms = (
        f"{day} {name} {year}", f"{day}{end} {name} {year}", f"{day}{end} {name}",
        f"{day} {end} {name} {year}", f"{name} {day}, {year}", f"{day} {name[:3]} {year}",
        f"{dice.choice(('Monday', 'Friday', 'Sunday'))} {day} {name}",
    )  # fmt: skip
    return dice.choice(forms)


def _short_date(dice: random.Random) -> str:
    day, month, year = dice.randint(1, 28), dice.randint(1, 12), dice.randint(2004, 2024)
    sign = dice.choice("/./-")
    return f"{day:02d}{sign}{month:02d}{sign}{dice.choice((str(year), f'{year % 100:02d}'))}"


def _code(dice: random.Random) -> str:
    number = dice.randint(1000, 99999)
    forms = (
        f"{dice.choice(('WX', 'CS', 'LC', 'ZE'))}{dice.randint(10, 24)}C{number:05d}",
        f"{dice.randint(1, 60)}/{number}/{dice.randint(10, 24)}", f"{number}{dice.randint(10, 99)}",
        f"URN {dice.randint(100000, 149999)}", f"CSE-{number}",
    )  # fmt: skip
    return dice.choice(forms)


def _postcode(dice: random.Random) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    area = "".join(dice.choice(letters) for _ in range(dice.choice((1, 2))))
    last = dice.choice(letters) + dice.choice(letters)
    return f"{area}{dice.randint(1, 29)} {dice.randint(1, 9)}{last}"


@cache
def _lists() -> Mapping[str, tuple[list[str], str]]:
    return {
        "role": (_ROLES, ""),
        "condition": (_CONDITIONS, "?DEM"),
        "drug": (_DRUGS, ""),
        "team": (_TEAMS, ""),
        "generic": (_GENERIC, ""),
        "term": (_TERMS, ""),
        "national": (_NATIONAL, "?ORG"),
        "any": (_LABELS, ""),
        "abstract": (_ABSTRACT, ""),
        "cause": (_CAUSES, ""),
        "guidance": (_GUIDANCE, ""),
        "eth": (_ETHNIC, "?DEM"),
        "lang": (_LANGUAGES, "?DEM"),
        "site": (["Hospital 1", "School 2", "Address 4", "the hospital", "Nursery A"], ""),
        "cite": (
            ["Brandon et al. (2009)", "Reder and Duncan (1999)", "Munro (2011)",
             "Sidebotham et al. (2016)", "Laming (2003)", "Ferguson, 2017"], ""),
    }  # fmt: skip


def _loose(slot: str, dice: random.Random) -> tuple[str, str]:
    """A slot that is drawn anew each time it is met."""
    if slot == "Role":
        return dice.choice(_ROLES).title().replace("Gp", "GP"), ""
    if slot in _lists():
        choices, kind = _lists()[slot]
        return dice.choice(choices), kind
    number = dice.randint(1, 28)
    unit = dice.choice(("days", "weeks", "months", "hours", "years", "working days"))
    drawn: Mapping[str, Callable[[], tuple[str, str]]] = {
        "n": lambda: (str(dice.choice((dice.randint(1, 9), dice.randint(10, 120)))), ""),
        "N": lambda: (dice.choice("ABCD1234"), ""),
        "date": lambda: (_date(dice), "DATETIME"),
        "shortdate": lambda: (_short_date(dice), "DATETIME"),
        "dob": lambda: (_short_date(dice), "DATETIME"),
        "month": lambda: (f"{dice.choice(_MONTHS)} {dice.randint(2004, 2024)}", "DATETIME"),
        "year": lambda: (str(dice.randint(1985, 2024)), "DATETIME"),
        "year2": lambda: (dice.choice(("1989", "2004")), ""),
        "age": lambda: (f"{number}{dice.choice(('', ' weeks', ' months', ' years'))}", "?DEM"),
        "duration": lambda: (f"{dice.choice((str(number), 'six', 'eighteen', 'two'))} {unit}", ""),
        "money": lambda: (f"£{dice.choice((str(number * 10), f'{number},000', '12.50'))}", ""),
        "code": lambda: (_code(dice), "CODE"),
        "nhs": lambda: (
            f"{dice.randint(400, 499)} {dice.randint(100, 999)} {dice.randint(1000, 9999)}",
            "CODE",
        ),
        "phone": lambda: (f"01632 {dice.randint(960000, 960999)}", "CODE"),
        "postcode": lambda: (_postcode(dice), "CODE"),
    }
    return drawn[slot]()


@cache
def frames() -> tuple[str, ...]:
    """All frames, in the file's order."""
    lines = (Path(__file__).parent / "tagger_frames.txt").read_text(encoding="utf-8").split("\n")
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


def filled(frame: str, case: World) -> tuple[str, list[Mark]]:
    """A frame with its slots filled, and the marks of what was filled in."""
    parts: list[str] = []
    marks: list[Mark] = []
    at = length = 0
    labels = dict(zip(("label", "label2", "label3"), case.labels, strict=True))
    for slot in _SLOT.finditer(frame):
        name = slot.group(1)
        text, kind = (labels[name], "") if name in labels else case.fill(name)
        parts += [frame[at : slot.start()], text]
        length += len(parts[-2])
        if kind:
            own = frozenset([kind.lstrip("?")])
            marks.append(Mark(length, length + len(text), own, sure=kind[0] != "?"))
        length += len(text)
        at = slot.end()
    return "".join([*parts, frame[at:]]), marks


def documents(count: int, dice: random.Random) -> list[Example]:
    """So many short reports: a case each, a dozen to thirty frames in random order."""
    source = names()
    found: list[Example] = []
    for _ in range(count):
        case = world(dice, source)
        text, marks = "", list[Mark]()
        for frame in dice.sample(frames(), dice.randint(12, 30)):
            shown = frame.removeprefix("= ")
            more, own = filled(shown, case)
            gap = dice.choice(("\n\n", "\n\n", "\n", " ")) if text else ""
            gap = "\n\n" if frame.startswith("=") and text else gap
            shift = len(text) + len(gap)
            text += gap + more
            marks += [Mark(m.start + shift, m.end + shift, m.types, m.sure) for m in own]
        found.append(Example(text, tuple(marks), ALL, "frames"))
    return found
