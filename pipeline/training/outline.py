"""The families of outline: which sections a review has, in which order, and what is in them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.training import events, front, themed
from pipeline.training.plan import Event, Theme
from pipeline.training.report import Drift, Item, Sum
from pipeline.training.rich import Passage, Rich
from pipeline.training.writer import Writer


@dataclass(slots=True)
class Draft:
    """A review while it is written: what it may draw on and what has been planted so far."""

    rng: random.Random
    writer: Writer
    themes: tuple[Theme, ...]
    events: tuple[Event, ...]
    title: str
    recs: list[Item] = field(default_factory=list)
    drifts: tuple[Drift, ...] = ()
    sums: tuple[Sum, ...] = ()


# Plain sections: wordings of the heading, key of the bank, least, most, role, as bullets.
_PLAIN: dict[str, tuple[tuple[str, ...], str, int, int, str, bool]] = {
    "introduction": (
        ("Introduction", "Introduction and context", "Why this review was undertaken"),
        "intro",
        4,
        7,
        "context",
        False,
    ),
    "circumstances": (
        ("Circumstances leading to the review", "Brief facts", "Summary of the case"),
        "circumstances",
        2,
        4,
        "context",
        False,
    ),
    "method": (
        ("Methodology", "The process", "How the review was conducted"),
        "method",
        3,
        6,
        "context",
        False,
    ),
    "terms": (
        ("Terms of reference", "Key lines of enquiry", "Questions for the review"),
        "terms",
        3,
        7,
        "context",
        True,
    ),
    "family": (
        ("Family composition", "The family", "Who is who"),
        "family",
        3,
        6,
        "context",
        False,
    ),
    "background": (
        ("Background", "Background prior to the scoped period", "Relevant history"),
        "background",
        2,
        5,
        "context",
        False,
    ),
    "localarea": (("Local context", "The local area"), "localarea", 1, 3, "context", False),
    "familyview": (
        ("Family involvement", "Views of the family", "Family perspectives"),
        "familyview",
        2,
        4,
        "context",
        False,
    ),
    "diversity": (
        ("Diversity", "Race, language, religion and disability"),
        "diversity",
        1,
        3,
        "context",
        False,
    ),
    "parallel": (("Parallel processes", "Other proceedings"), "parallel", 1, 3, "context", False),
    "limits": (("Limitations", "Limitations of the review"), "limits", 1, 2, "context", False),
    "conclusion": (
        ("Conclusion", "Conclusions", "Concluding remarks"),
        "conclusion",
        2,
        4,
        "analysis",
        False,
    ),
    "actions": (
        ("Action already taken", "Developments since the scoped period"),
        "actions",
        2,
        4,
        "action",
        True,
    ),
    "anonymity": (("Anonymity", "Names used in this report"), "anonymity", 1, 1, "context", False),
    "about": (("About the reviewers", "The author and chair"), "about", 1, 2, "context", False),
    "praise": (
        ("Good practice", "Examples of good practice"),
        "praise.general",
        2,
        4,
        "good_practice",
        False,
    ),
}

FAMILIES: dict[str, str] = {
    "A": "details introduction anonymity terms panel method limits family_table background "
    "figures chronology agencies analysis praise diversity parallel lessons conclusion recs "
    "plan glossary references",
    "B": "introduction circumstances family_table terms method about chronology figures findings "
    "praise familyview actions recs glossary references",
    "C": "details introduction anonymity family_table terms method background chronology "
    "figures analysis familyview praise conclusion lessons recs about",
    "D": "circumstances introduction method family figures chronology findings praise familyview "
    "actions conclusion recs references",
    "E": "details introduction terms method panel family familyview background figures "
    "chronology analysis praise diversity parallel conclusion lessons recs plan glossary",
    "F": "circumstances family story lessons praise recs",
    # No author of a review writes so: what a newspaper tells of a case.
    "press": "circumstances family background story familyview parallel",
}
_OPTIONAL = {
    "anonymity",
    "limits",
    "about",
    "diversity",
    "parallel",
    "glossary",
    "references",
    "praise",
    "actions",
    "background",
    "plan",
    "details",
    "localarea",
    "panel",
}


def _heading(draft: Draft, wordings: tuple[str, ...]) -> Item:
    return Item("heading", Rich.of(draft.rng.choice(wordings)), 1)


def _plain(draft: Draft, name: str) -> list[Item]:
    wordings, key, low, high, role, bulleted = _PLAIN[name]
    write = draft.writer.bullets if bulleted else draft.writer.paragraphs
    body = write(key, low, high, role)
    if name == "familyview":
        body = [*body, *themed.quotes(draft.writer, 2)]
    return [_heading(draft, wordings), *body] if body else []


def _family_table(draft: Draft) -> list[Item]:
    head = _heading(draft, ("Family composition", "The family", "Household and family"))
    body = draft.writer.paragraphs("family", 2, 4, "context")
    return [head, *front.family_table(draft.rng, draft.writer), *body]


def _panel(draft: Draft) -> list[Item]:
    head = _heading(draft, ("The review panel", "Panel membership"))
    return [head, *front.panel(draft.rng, draft.writer)]


def _details(draft: Draft) -> list[Item]:
    head = _heading(draft, ("Case details", "Details of the subject and family"))
    return [head, *front.details(draft.rng, draft.writer)]


def _chronology(draft: Draft) -> list[Item]:
    wordings = {
        "A": ("Chronology", "Narrative chronology"),
        "B": ("Appraisal of practice", "What happened"),
        "C": ("Key practice episodes",),
    }.get(draft.writer.speaker.style.outline, ("Summary of events", "What happened", "The story"))
    told = events.told(draft.rng, draft.writer, draft.events, 2)
    return [_heading(draft, wordings), *told]


def _story(draft: Draft) -> list[Item]:
    body = events.prose(draft.rng, draft.writer, draft.events, 2)
    return [
        _heading(draft, ("What happened?", "The story")),
        *(i for i in body if i.kind != "heading"),
    ]


def _analysis(draft: Draft) -> list[Item]:
    items = [_heading(draft, ("Analysis", "Analysis by theme", "Analysis of practice"))]
    for theme in draft.themes:
        items.append(Item("heading", themed.heading(draft.writer, theme), 2))
        items += themed.analysis(draft.rng, draft.writer, theme)
    return [*items, *themed.quotes(draft.writer, 1)]


def _findings(draft: Draft) -> list[Item]:
    """Each theme with its own heading, analysis and learning point."""
    items = [_heading(draft, ("Findings", "Themes and learning", "What has been learned"))]
    numbering = themed.lesson_lead(draft.rng)
    for number, theme in enumerate(draft.themes, start=1):
        lead = draft.rng.choice(("", f"Finding {number}: ", f"Theme {number} – "))
        items.append(Item("heading", Rich.of(lead) + themed.heading(draft.writer, theme), 2))
        items += themed.analysis(draft.rng, draft.writer, theme)
        learned = themed.lesson(draft.writer, theme, number, numbering, bullet=False)
        items += [learned] if learned is not None else []
    return items


def _lessons(draft: Draft) -> list[Item]:
    head = _heading(draft, ("Lessons learned", "Learning points", "Key lessons"))
    lead = draft.writer.paragraphs("leadlessons", 1, 1, "other")
    return [head, *lead, *themed.lessons(draft.rng, draft.writer, draft.themes)]


def _recs(draft: Draft) -> list[Item]:
    head = _heading(draft, ("Recommendations", "Recommendations for the Board"))
    lead = draft.writer.paragraphs("leadrecs", 0, 1, "other")
    draft.recs = themed.recommendations(draft.rng, draft.writer, draft.themes)
    return [head, *lead, *draft.recs]


def _plan(draft: Draft) -> list[Item]:
    return [
        _heading(draft, ("Action plan", "Appendix: action plan")),
        *themed.action_plan(draft.rng, draft.writer, draft.recs),
    ]


def _figures(draft: Draft) -> list[Item]:
    verdict = draft.writer.speaker.style.planted_sum
    if verdict == "none":
        return []
    world = draft.writer.speaker.world
    years = list(range(world.start.year, world.incident.year + 1))[-4:]
    items, draft.sums = themed.figures(draft.rng, draft.writer, verdict, years)
    if draft.rng.random() < 0.5:
        more, sums = themed.split(draft.rng, draft.writer, draft.rng.choice(("holds", verdict)))
        items, draft.sums = [*items, *more], (*draft.sums, *sums)
    return [_heading(draft, ("Contact with agencies", "Agency contact in figures")), *items]


def _agencies(draft: Draft) -> list[Item]:
    head = _heading(draft, ("Agency by agency", "Analysis of individual management reviews"))
    return [head, *themed.agencies(draft.rng, draft.writer, draft.themes)]


def _glossary(draft: Draft) -> list[Item]:
    return [
        _heading(draft, ("Glossary", "Abbreviations")),
        *front.glossary(draft.rng, draft.writer),
    ]


def _references(draft: Draft) -> list[Item]:
    return [
        _heading(draft, ("References", "Bibliography")),
        *front.references(draft.rng, draft.writer),
    ]


SECTIONS: dict[str, Callable[[Draft], list[Item]]] = {
    "family_table": _family_table,
    "panel": _panel,
    "details": _details,
    "chronology": _chronology,
    "story": _story,
    "analysis": _analysis,
    "findings": _findings,
    "lessons": _lessons,
    "recs": _recs,
    "plan": _plan,
    "figures": _figures,
    "agencies": _agencies,
    "glossary": _glossary,
    "references": _references,
}


def _summary(draft: Draft, body: list[Item]) -> list[Item]:
    """The executive summary that stands first and is written last."""
    writer, style = draft.writer, draft.writer.speaker.style
    lead = writer.paragraphs("summaryhead", 1, 1, "other")
    facts = writer.paragraphs("circumstances", 1, 2, "context")
    points, draft.drifts = themed.summary(draft.rng, writer, body, style.drifts)
    return [_heading(draft, ("Executive summary", "Summary")), *lead, *facts, *points]


def written(draft: Draft) -> list[Item]:
    """The whole review in order: cover, summary, sections."""
    rng, style = draft.rng, draft.writer.speaker.style
    items = front.cover(rng, draft.writer, draft.title)
    items.append(Item("contents"))
    body: list[Item] = []
    for name in FAMILIES[style.outline].split():
        if name in _OPTIONAL and rng.random() < 0.35:
            continue
        body += SECTIONS[name](draft) if name in SECTIONS else _plain(draft, name)
    body = _with_footnotes(draft, body)
    summary = _summary(draft, body) if style.summary else []
    return [*items, *summary, *body]


def _with_footnotes(draft: Draft, body: list[Item]) -> list[Item]:
    """The body with up to four footnotes, each after the paragraph that it belongs to."""
    places = [n for n, item in enumerate(body) if item.kind == "paragraph"]
    notes = draft.writer.some("footnote", 0, 4)
    chosen = sorted(draft.rng.sample(places, min(len(notes), len(places))), reverse=True)
    for number, at in zip(range(len(chosen), 0, -1), chosen, strict=True):
        note = Item("footnote", notes[number - 1], number=str(number), passage=Passage("other"))
        body.insert(at + 1, note)
    return body
