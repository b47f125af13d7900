"""What a report says of itself: what it is, who made it, what happened to whom, and when.

Only what is said, never a guess: of two statements that cannot both be true none is taken, and
what a report says of others, wishes for or quotes from guidance is no fact of its case. A text
that no board or kind of review claims has no facts. Values are facts of the raw wing;
`register_subject` is what may stand outside the vault, and the door lets coarse words pass.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.raw import (
    facts_calendar,
    facts_cover,
    facts_family,
    facts_harm,
    facts_person,
    facts_process,
    facts_services,
    facts_titles,
    facts_who,
)
from pipeline.raw.document import Document
from pipeline.raw.facts_nouns import NAMED as NAMED
from pipeline.raw.facts_nouns import NOT_STATED as NOT_STATED
from pipeline.raw.facts_nouns import NOTHING
from pipeline.raw.facts_nouns import Fact as Fact
from pipeline.raw.facts_nouns import Facts as Facts
from pipeline.raw.facts_nouns import Source as Source
from pipeline.raw.facts_sentences import Sentence, sentences


def stated(document: Document) -> Facts:
    """What the report says of itself; nothing at all where no board and no kind claims it."""
    front = facts_cover.stated(document)
    if front == Facts():
        return front
    body = tuple(sentences(document))
    if front.kind.value == facts_titles.PFD:
        subject = facts_who.of_coroner(body)
        return _of_case(replace(front, subject=subject), document, body)
    if not front.kind.stated:  # a board's paper of another sort: it may speak of many cases
        return front
    found = _of_case(_of_making(front, document, body), document, body)
    return replace(
        found,
        incident_to_completion=_counted(found.incident, found.completed),
        completion_to_publication=_counted(found.completed, found.published),
        period_length=_counted(found.period_start, found.period_end),
    )


def _of_making(front: Facts, document: Document, body: tuple[Sentence, ...]) -> Facts:
    """The same facts, with what the body says of how the review was made."""
    start, end = facts_process.period(document, body)
    panel = facts_process.panel(document)
    completed = front.completed if front.completed.stated else facts_process.completed(body)
    published = front.published if front.published.stated else facts_process.published(body)
    return replace(
        front,
        chairs=front.chairs or facts_process.chairs(document),
        panel=panel,
        begun=facts_process.begun(document, body),
        completed=completed,
        published=published,
        period_start=start,
        period_end=end,
        judgement=facts_process.judgement(body),
        independence=facts_process.independence(body, front.authors, front.independence),
        family=facts_family.involvement(body),
    )


def _of_case(found: Facts, document: Document, body: tuple[Sentence, ...]) -> Facts:
    """The same facts, with what the body says of the person and of what happened."""
    who = facts_who.of(found.subject.value, found.kind.value)
    body = tuple(who.marked(body))
    incident = facts_harm.incident(
        document, body, who, coroner=found.kind.value == facts_titles.PFD
    )
    born = facts_person.born(document, body, who)
    if incident.span is not None and incident.span == born.span:
        incident = NOTHING
    counted = facts_calendar.age(born.value, incident.value)
    if born.stated and not _likely(found.kind.value, born, incident, counted):
        born, counted = NOTHING, ""
    plan = facts_services.plan(body)
    return replace(
        found,
        incident=incident,
        born=born,
        age=facts_person.age(document, body, who, counted),
        sex=facts_person.sex(document, body, who, found.subject),
        ethnicity=facts_person.ethnicity(document, body, who),
        harm=facts_harm.harm(body, found.kind),
        known=facts_services.known(body, plan) if who.pattern else (),
        plan=plan,
    )


def _likely(kind: str, born: Fact, incident: Fact, counted: str) -> bool:
    """Whether a date of birth can be the subject's: it may be of somebody else in the report."""
    a, b = facts_calendar.read(born.value), facts_calendar.read(incident.value)
    if a and b and a.first and b.last and a.first > b.last:
        return False
    months = facts_person.months_old(counted) if counted else None
    return months is None or "child" not in kind or months < 12 * 20


def _counted(start: Fact, end: Fact) -> Fact:
    """The months between two dates, counted before anything makes them coarse."""
    months = facts_calendar.months_between(start.value, end.value)
    return Fact(months, None, Source.COUNTED) if months else NOTHING
