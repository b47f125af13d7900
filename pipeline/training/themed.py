"""Analysis, learning points, recommendations, the summary of them, and figures."""

from __future__ import annotations

import random
from collections.abc import Iterable

from pipeline.training import days
from pipeline.training.plan import PRACTICE, Theme
from pipeline.training.report import Drift, Item, Sum
from pipeline.training.rich import Edit, Passage, Rich, edited, join
from pipeline.training.writer import Writer, paragraph


def analysis(rng: random.Random, writer: Writer, theme: Theme, most: int = 2) -> list[Item]:
    """What the author makes of a theme, with a general remark beside it."""
    said = writer.some(f"{theme.code}.analysis", 1, most)
    items = [paragraph([s], "analysis", (theme.code,)) for s in said]
    if rng.random() < 0.6:
        items += [paragraph([s], "analysis") for s in writer.some("analysis.general", 1, 1)]
    if rng.random() < 0.3:
        praise = writer.some(f"praise.{theme.code}", 1, 1)
        items += [paragraph([s], "good_practice", (theme.code,)) for s in praise]
    rng.shuffle(items)
    return items


def heading(writer: Writer, theme: Theme) -> Rich:
    """The sentence that a theme's section has for a heading."""
    return writer.say(f"{theme.code}.head") or Rich.of("Further learning")


def lesson_lead(rng: random.Random) -> str:
    """How one author numbers learning points, if at all."""
    return rng.choice(("", "", "Learning point {}: ", "Lesson {}. "))


def lesson(writer: Writer, theme: Theme, number: int, lead: str, *, bullet: bool) -> Item | None:
    """A learning point, its number before it as the lead has it."""
    said = writer.say(f"{theme.code}.lesson.{theme.point}")
    if said is None:
        return None
    passage = Passage("learning", (theme.code,), theme.lesson, f"L{number}")
    return Item(
        "bullet" if bullet else "paragraph", Rich.of(lead.format(number)) + said, passage=passage
    )


def lessons(rng: random.Random, writer: Writer, planted: Iterable[Theme]) -> list[Item]:
    """All learning points as bullets."""
    lead = lesson_lead(rng)
    made = (
        lesson(writer, theme, number, lead, bullet=True)
        for number, theme in enumerate(planted, start=1)
    )
    return [item for item in made if item is not None]


def recommendations(rng: random.Random, writer: Writer, planted: Iterable[Theme]) -> list[Item]:
    """One recommendation a theme, sometimes two."""
    lead = rng.choice(("Recommendation {}: ", "Recommendation {}. ", "R{}. ", ""))
    items: list[Item] = []
    for theme in planted:
        for said in writer.some(f"{theme.code}.rec", 1, 2 if rng.random() < 0.25 else 1):
            text = Rich.of(lead.format(len(items) + 1)) + said
            passage = Passage("recommendation", (theme.code,))
            items.append(Item("paragraph" if lead else "bullet", text, passage=passage))
    return items


# What a careless summary does to a statement: the first that applies is done.
_WEAKER = (
    (" should ", " may wish to "),
    (" must ", " could "),
    (" needs to ", " might "),
    (" need to ", " might "),
    (" has to ", " can "),
    (" have to ", " can "),
    (" ought to ", " might "),
    (" cannot ", " may not "),
    (" is ", " may be "),
    (" are ", " may be "),
    (" was ", " may have been "),
    (" were ", " may have been "),
)
_NARROWER = (
    (" all ", " some "),
    (" every ", " most "),
    (" each ", " many "),
    (" always ", " often "),
)


def _changed(text: Rich, swaps: tuple[tuple[str, str], ...]) -> Rich | None:
    for old, new in swaps:
        at = text.text.find(old)
        if at >= 0:
            return edited(text, [Edit(at, at + len(old), new)])
    return None


def _drifted(rng: random.Random, text: Rich) -> tuple[str, Rich] | None:
    """A changed copy of a statement and what kind of change it is."""
    choices = []
    if (weak := _changed(text, _WEAKER)) is not None:
        choices.append(("drift", weak))
    if (narrow := _changed(text, _NARROWER)) is not None:
        choices.append(("drift", narrow))
    if (turned := _changed(text, ((" not ", " "),))) is not None:
        choices.append(("polarity", turned))
    return rng.choice(choices) if choices else None


def _bare(item: Item) -> Rich:
    """A learning point without its number."""
    text = item.text.text
    for mark in (": ", ". "):
        head, found, _ = text.partition(mark)
        if found and head.split(" ")[0] in {"Learning", "Lesson"} and len(head) < 20:
            return edited(item.text, [Edit(0, len(head) + len(mark), "")])
    return item.text


def summary(
    rng: random.Random, writer: Writer, body: list[Item], count: int
) -> tuple[list[Item], tuple[Drift, ...]]:
    """The learning points again for the summary, `count` of them changed, left out or added."""
    stated = [i for i in body if i.passage is not None and i.passage.role == "learning"]
    targets = {id(i) for i in rng.sample(stated, min(count, max(0, len(stated) - 1)))}
    items: list[Item] = []
    drifts: list[Drift] = []
    for item in stated:
        if item.passage is None or item.passage.note is None:
            continue
        note, passage = item.passage.note, item.passage
        text = _bare(item)
        if id(item) in targets:
            changed = _drifted(rng, text)
            if changed is None or rng.random() < 0.3:
                drifts.append(Drift("omission", None, note))
                continue
            drifts.append(Drift(changed[0], f"S{note}", note))
            text = changed[1]
        placed = Passage("learning", passage.themes, passage.lesson, f"S{note}")
        items.append(Item("bullet", text, passage=placed))
    return items, tuple(drifts)


def _filled(text: str, values: dict[str, int]) -> str:
    for key, value in values.items():
        text = text.replace("{" + key + "}", str(value))
    return text


def figures(
    rng: random.Random, writer: Writer, verdict: str, years: list[int]
) -> tuple[list[Item], tuple[Sum, ...]]:
    """A table of contacts by year and agency, and a paragraph that adds them up, well or not."""
    rows = [[rng.randint(2, 38) for _ in range(4)] for _ in years]
    columns = [sum(row[c] for row in rows) for c in range(4)]
    total = sum(columns)
    said_total = total if verdict == "holds" else total + rng.choice((-9, -4, -2, 2, 3, 10))
    values = dict(zip(("fa", "fb", "fc", "fd"), columns, strict=True)) | {"ft": said_total}
    values["fp"] = round(100 * columns[0] / said_total)
    items: list[Item] = []
    for key in ("figures.count", "figures.share"):
        text = _filled(rng.choice(writer.frames[key]).text, values)
        note = "F1" if key.endswith("count") else "F2"
        items.append(paragraph([writer.speaker.say(text)], "context", note=note))
    head = tuple(Rich.of(t) for t in ("Year", "Health", "Police", "Social care", "Others", "Total"))
    body = [
        (Rich.of(str(y), days.COARSE), *(Rich.of(str(n)) for n in row), Rich.of(str(sum(row))))
        for y, row in zip(years, rows, strict=True)
    ]
    last = ("Total", *map(str, columns), str(total))
    table = (head, *body, tuple(Rich.of(t) for t in last))
    items.append(Item("table", rows=table, passage=Passage("table", note="T1")))
    return items, (Sum(verdict, ("F1", "T1"), (said_total, *columns)),)


def split(rng: random.Random, writer: Writer, verdict: str) -> tuple[list[Item], tuple[Sum, ...]]:
    """A sentence that divides a number into three parts, well or not."""
    parts = [rng.randint(3, 29) for _ in range(3)]
    total = sum(parts) if verdict == "holds" else sum(parts) + rng.choice((-3, -2, 2, 4, 10))
    values = dict(zip(("fa", "fb", "fc", "ft"), (*parts, total), strict=True))
    text = _filled(rng.choice(writer.frames["figures.split"]).text, values)
    item = paragraph([writer.speaker.say(text)], "context", note="F3")
    return [item], (Sum(verdict, ("F3",), (total, *parts)),)


def quotes(writer: Writer, most: int) -> list[Item]:
    """Words of relatives and staff that stand by themselves."""
    return [Item("quote", s, passage=Passage("quote")) for s in writer.some("quote", 0, most)]


def action_plan(rng: random.Random, writer: Writer, recs: list[Item]) -> list[Item]:
    """The recommendations again as a table with owner and date."""
    leads = ("Head of Service", "Named Nurse", "Business Manager", "Detective Inspector")
    rows = [tuple(Rich.of(t) for t in ("No.", "Recommendation", "Lead", "Due", "Status"))]
    for number, rec in enumerate(recs, start=1):
        day = writer.speaker.world.published
        due = days.month(rng, day.replace(year=day.year + 1))
        status = rng.choice(("Complete", "In progress", "Not started", "Overdue"))
        cells = (Rich.of(str(number)), rec.text, Rich.of(rng.choice(leads)), due, Rich.of(status))
        rows.append(cells)
    return [Item("table", rows=tuple(rows), passage=Passage("table"))]


def agencies(rng: random.Random, writer: Writer, planted: Iterable[Theme]) -> list[Item]:
    """Agency by agency: a paragraph each on what the service did."""
    items: list[Item] = []
    themes = [t for t in planted if t.code in PRACTICE]
    for key in rng.sample(("police", "hospital", "council", "surgery", "housing", "mhtrust"), 4):
        items.append(Item("heading", writer.speaker.org(key, "full"), 2))
        said = writer.some("analysis.general", 1, 2)
        if said:
            items.append(Item("paragraph", join(said, " "), passage=Passage("analysis")))
        if themes and rng.random() < 0.5:
            items += analysis(rng, writer, themes.pop(), most=1)
    return items
