"""The nouns of what a report says of itself: one fact, where it was said, and all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

import regex

from pipeline.raw.facts_names import is_label
from pipeline.span import Span

NOT_STATED = "not stated"
NAMED = "named"


class Source(StrEnum):
    """Where a report says a fact, the surest first; what is counted is said nowhere."""

    COVER = "cover"
    HEADER = "header"
    OPENING = "opening"
    TABLE = "table"
    BODY = "body"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a report says, and where.

    `span` counts in the canonical text; furniture and what was counted have none.
    """

    value: str = NOT_STATED
    span: Span | None = None
    source: Source | None = None

    @property
    def stated(self) -> bool:
        """Whether the report says it."""
        return self.value != NOT_STATED


NOTHING = Fact()


def agreed(found: Iterable[Fact], same: Callable[[str, str], bool]) -> Fact:
    """The first of several facts where all agree; nothing where the report contradicts itself.

    >>> agreed([Fact("male"), Fact("male")], str.__eq__).value
    'male'
    >>> agreed([Fact("male"), Fact("female")], str.__eq__).value
    'not stated'
    """
    facts = list(found)
    if not facts or not all(same(facts[0].value, one.value) for one in facts):
        return NOTHING
    return facts[0]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report says of itself.

    Of closed lists are `kind`, `part`, `judgement`, `independence`, `family`, `sex`, `harm`,
    `known` and `plan`; `year` is four digits; durations are whole months ("14 months", and
    "13 to 14 months" where a date has no day). The others are as written, white space made
    single, soft hyphens left out. An empty tuple: none is stated.
    """

    kind: Fact = NOTHING
    part: Fact = NOTHING
    board: Fact = NOTHING
    subject: Fact = NOTHING
    authors: tuple[Fact, ...] = ()
    chairs: tuple[Fact, ...] = ()
    panel: tuple[Fact, ...] = ()
    incident: Fact = NOTHING
    begun: Fact = NOTHING
    completed: Fact = NOTHING
    published: Fact = NOTHING
    year: Fact = NOTHING
    period_start: Fact = NOTHING
    period_end: Fact = NOTHING
    judgement: Fact = NOTHING
    independence: Fact = NOTHING
    family: Fact = NOTHING
    born: Fact = NOTHING
    age: Fact = NOTHING
    sex: Fact = NOTHING
    ethnicity: Fact = NOTHING
    harm: tuple[Fact, ...] = ()
    known: tuple[Fact, ...] = ()
    plan: Fact = NOTHING
    incident_to_completion: Fact = NOTHING
    completion_to_publication: Fact = NOTHING
    period_length: Fact = NOTHING

    def each(self) -> Iterator[tuple[str, Fact]]:
        """Every fact with its name; what may be said several times and is not is there once."""
        for field in fields(self):
            held = getattr(self, field.name)
            for fact in (held or (NOTHING,)) if isinstance(held, tuple) else (held,):
                yield field.name, fact

    @property
    def register_subject(self) -> str:
        """The subject as an unencrypted register may keep it: a label, "named", "not stated".

        >>> Facts(subject=Fact("Child K")).register_subject
        'Child K'
        >>> Facts(subject=Fact("Tamsin Quill")).register_subject
        'named'
        """
        value = self.subject.value
        return value if not self.subject.stated or is_label(value) else NAMED

    def register_board(self, people: Iterable[str]) -> str:
        """The board as an unencrypted register may keep it: not where a person's name ran into it.

        `people` are the names of the case. A place that is also somebody's surname stays.

        >>> Facts(board=Fact("ANN QUILL MARL SAFEGUARDING BOARD")).register_board(["Ann Quill"])
        'not stated'
        >>> Facts(board=Fact("Marl Safeguarding Children Board")).register_board(["Marl"])
        'Marl Safeguarding Children Board'
        """
        board = f" {self.board.value.casefold()} "
        place = regex.split(r"safeguarding|local|regional|commun|child|adult|safer", board)[0]
        for name in people:
            wanted = f" {' '.join(name.casefold().split())} "
            opens = place.startswith(wanted) and place.strip() != wanted.strip()
            if (" " in wanted.strip() and wanted in board) or opens:
                return NOT_STATED
        return self.board.value
