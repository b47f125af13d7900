"""Cover, notices, people of the review, tables of people, glossary and references."""

from __future__ import annotations

import random
from datetime import timedelta

from pipeline.span import Kind
from pipeline.training import days
from pipeline.training.labels import kin
from pipeline.training.report import Item
from pipeline.training.rich import Mark, Passage, Rich, join
from pipeline.training.speaker import with_national
from pipeline.training.world import World
from pipeline.training.writer import Writer

TITLES = {
    "SCR": ("Serious Case Review", "Serious Case Review"),
    "CSPR": ("Local Child Safeguarding Practice Review", "Child Safeguarding Practice Review"),
    "CPR": ("Concise Child Practice Review", "Extended Child Practice Review"),
    "SAR": ("Safeguarding Adults Review", "Safeguarding Adult Review"),
    "DHR": ("Domestic Homicide Review", "Domestic Homicide Review"),
}
_PARTS = ("Overview Report", "Overview Report", "Final Report", "Report")
_AUTHOR = ("Independent Author", "Overview Writer", "Lead Reviewer", "Independent Reviewer")


def _cell(text: str) -> Rich:
    return Rich.of(text)


def _line(kind: str, *parts: Rich) -> Item:
    return Item(kind, join(parts))


def review_title(rng: random.Random, world: World) -> str:
    """What the cover calls a review of this kind."""
    return rng.choice(TITLES[world.kind])


def cover(rng: random.Random, writer: Writer, title: str) -> list[Item]:
    """The cover: board, title, subject, part, author, chair, dates, a notice."""
    speaker, world = writer.speaker, writer.speaker.world
    board = speaker.org("board", "full")
    subject = speaker.person("subject")
    lines = [board, Rich.of(title), subject, Rich.of(rng.choice(_PARTS))]
    if rng.random() < 0.35:
        lines = [line.upper() for line in lines]
    if rng.random() < 0.2:
        lines[0], lines[2] = lines[2], lines[0]
    items = [Item("title", line) for line in lines]
    items += _people(rng, writer)
    labels = ("Version 4", "Completed", "Endorsed by the Board", "Published")
    chosen = [label for label in labels if rng.random() < 0.5] or ["Completed"]
    for number, label in enumerate(chosen):
        day = world.published - timedelta(days=30 * (len(chosen) - number) - rng.randint(0, 20))
        items.append(_line("cover", Rich.of(f"{label}: "), days.fine(rng, day, speaker.style.date)))
    for key in ("notice", "contact"):
        if rng.random() < 0.7 and (said := writer.say(key)) is not None:
            items.append(Item("paragraph", said, passage=Passage("other")))
    items.append(Item("break"))
    return items


def _people(rng: random.Random, writer: Writer) -> list[Item]:
    """The lines that name author and chair."""
    speaker, world = writer.speaker, writer.speaker.world
    items = []
    if rng.random() < 0.75:
        names = [speaker.person("author", "name")]
        if "author2" in world.people:
            names += [Rich.of(" and "), speaker.person("author2", "name")]
        letters = Rich.of(f", {world.people['author'].letters}" if rng.random() < 0.6 else "")
        firm = Rich()
        if rng.random() < 0.35:
            firm = Rich.of(", ") + speaker.org("consultancy", "full")
        items.append(_line("cover", Rich.of(f"{rng.choice(_AUTHOR)}: "), *names, letters, firm))
    if rng.random() < 0.5:
        role = rng.choice(("Independent Chair", "Chair of the Panel", "Panel Chair"))
        name = speaker.person("chair", "title" if rng.random() < 0.3 else "name")
        items.append(_line("cover", Rich.of(f"{role}: "), name))
    return items


_MEMBERS = (
    ("Head of Safeguarding", "council"),
    ("Detective Inspector", "police"),
    ("Named Nurse", "trust"),
    ("Designated Doctor", "ccg"),
    ("Service Manager", "housing"),
    ("Named Professional", "mhtrust"),
    ("Education Safeguarding Lead", "council"),
    ("Team Manager", "probation"),
    ("Business Manager", "board"),
)


def panel(rng: random.Random, writer: Writer) -> list[Item]:
    """The panel as a ruled table: role, agency, and names three times in four."""
    speaker, world = writer.speaker, writer.speaker.world
    members = [key for key in world.people if key.startswith("panel")]
    named = rng.random() < 0.75
    head = (
        (_cell("Name"), _cell("Role"), _cell("Agency"))
        if named
        else (_cell("Role"), _cell("Agency"))
    )
    rows = [head]
    for key, (role, org) in zip(
        ["chair", *members], (("Independent Chair", ""), *_MEMBERS), strict=False
    ):
        agency = speaker.org(org, "full") if org else _cell("Independent")
        cells = (_cell(role), agency)
        rows.append((speaker.person(key, "name"), *cells) if named else cells)
    return [Item("table", rows=tuple(rows), passage=Passage("table"))]


def family_table(rng: random.Random, writer: Writer) -> list[Item]:
    """The household: name or label, relation, age, ethnicity."""
    speaker, world = writer.speaker, writer.speaker.world
    speaker.day = world.incident
    rows = [tuple(_cell(t) for t in ("Name", "Relationship", "Age", "Ethnicity"))]
    for person in world.people.values():
        if person.side != "family" or person.key == "friend":
            continue
        form = ""
        if speaker.style.family == "named":
            form = "list" if rng.random() < 0.3 else "name"
        name = speaker.person(person.key, form)
        relation = (
            "Subject" if person.key == "subject" else kin(world, person.key).removeprefix("the ")
        )
        age = days.age_number(rng, person.born or world.start, world.incident)
        if person.key == "subject" and world.stage == "infant":
            age = days.age(rng, person.born or world.start, world.incident)
        ethnic = Rich.of(world.facts["ethnicity"], Mark(Kind.DEMOGRAPHIC, None, "keep"))
        rows.append((name, _cell(relation[0].upper() + relation[1:]), age, ethnic))
    return [Item("table", rows=tuple(rows), passage=Passage("table"))]


def details(rng: random.Random, writer: Writer) -> list[Item]:
    """What an unpublished report opens with: names, dates of birth, numbers, addresses."""
    speaker, world = writer.speaker, writer.speaker.world
    rows: list[tuple[Rich, Rich]] = [
        (_cell("Subject of the review"), speaker.person("subject", "name"))
    ]
    born = world.subject.born or world.start
    rows.append(
        (_cell(rng.choice(("Date of birth", "DOB"))), days.fine(rng, born, speaker.style.date))
    )
    if "dead" in world.tags:
        rows.append((_cell("Date of death"), days.fine(rng, world.incident, speaker.style.date)))
    rows.append((_cell("Address"), speaker.place("address")))
    for label, key in (("NHS number", "nhs"), ("Case reference", "caseref"), ("UPN", "upn")):
        if (key != "upn" or world.stage in {"primary", "teen"}) and rng.random() < 0.7:
            rows.append((_cell(label), speaker.slot(key, "")))
    for key in ("mother", "father", "partner"):
        if key in world.people and rng.random() < 0.7:
            person = world.people[key]
            relation = kin(world, key)
            day = days.fine(rng, person.born or world.start, speaker.style.date)
            rows.append(
                (_cell(relation), join([speaker.person(key, "name"), Rich.of(", DOB "), day]))
            )
    rows.append(
        (
            _cell("GP"),
            join([speaker.person("gp", "name"), Rich.of(", "), speaker.org("surgery", "full")]),
        )
    )
    head = (_cell("Details"), _cell("As known to the panel"))
    return [Item("table", rows=(head, *rows), passage=Passage("table"))]


def glossary(rng: random.Random, writer: Writer) -> list[Item]:
    """Two columns of short forms and what they stand for, the board's own among them."""
    frames = list(writer.frames["glossary.rows"])
    chosen = rng.sample(frames, min(len(frames), rng.randint(7, 13)))
    pairs = [tuple(_cell(t) for t in f.text.split("|")) for f in chosen]
    speaker = writer.speaker
    for key in ("board", "trust"):
        if rng.random() < 0.5 and len(speaker.world.orgs[key].acronym) > 2:
            pairs.append((_acronym(writer, key), speaker.org(key, "full")))
    pairs.sort(key=lambda pair: pair[0].text)
    head = (_cell("Abbreviation"), _cell("Meaning"))
    return [Item("table", rows=(head, *pairs), passage=Passage("table"))]


def _acronym(writer: Writer, key: str) -> Rich:
    speaker = writer.speaker
    text = speaker.world.orgs[key].acronym
    speaker.forms[f"org:{key}"].add(text)
    return Rich.of(text, Mark(Kind.ORGANISATION, f"org:{key}", "hide"))


_WORKS = (
    "HM Government, Working Together to Safeguard Children (2015)",
    "Brandon et al. (2012) New learning from serious case reviews",
    "Sidebotham et al. (2016) Pathways to Harm, Pathways to Protection",
    "Munro (2011) The Munro Review: a child-centred system",
    "Laming (2003) The Climbié Inquiry",
    "Reder and Duncan (1999) Lost innocents: a follow-up study of fatal child abuse",
    "Preston-Shoot (2017) On self-neglect and safeguarding adult reviews",
    "Braye et al. (2014) Self-neglect policy and practice",
    "Care Act 2014",
    "Mental Capacity Act 2005",
    "Children Act 1989",
)


def references(rng: random.Random, writer: Writer) -> list[Item]:
    """Published work that the review cites; none of it is hidden."""
    del writer
    chosen = sorted(rng.sample(_WORKS, rng.randint(4, 7)))
    return [Item("bullet", with_national(Rich.of(w)), passage=Passage("other")) for w in chosen]
