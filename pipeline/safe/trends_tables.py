"""Tables of what reviews say of themselves: one fact by another, with what is not stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.safe.lesson import NOT_STATED, SafeFacts
from pipeline.safe.trends_share import Share

SEVERAL = "more than one"
# By the name that a table is asked for: the fact's field, what it is called, its words in order.
_AGES = (
    "under 6 months", "6 to 11 months", "1 to 2", "3 to 5", "6 to 9", "10 to 12", "13 to 15",
    "16 to 17", "18 to 24", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 to 74", "75 to 84",
    "85 or over",
)  # fmt: skip
_LENGTHS = ("under 6 months", "6 to 12 months", "1 to 2 years", "over 2 years")
_YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that tables are made of: its field in the safe facts, its title, its words in order.

    Words that are not in the list stand behind it, in the order of their letters.
    """

    field: str
    title: str
    words: tuple[str, ...] = ()


FACTS: Mapping[str, Fact] = {
    "kind": Fact("kind", "Kind of review"),
    "year": Fact("year", "Year of the review"),
    "age": Fact("age_band", "Age", _AGES),
    "sex": Fact("sex", "Sex", ("female", "male")),
    "ethnicity": Fact("ethnicity", "Ethnicity recorded", ("recorded", "not recorded")),
    "harm": Fact(
        "harm",
        "Harm",
        ("death", "serious injury", "homicide", "suicide", "physical abuse", "sexual abuse",
         "neglect", "self-neglect"),
    ),
    "judgement": Fact(
        "judgement",
        "Judgement",
        ("outstanding", "good", "adequate", "requires improvement", "inadequate"),
    ),
    "independence": Fact("independent_author", "Independent author", _YES_NO),
    "family": Fact(
        "family_involvement",
        "Family in the review",
        ("took part", "invited, declined", "invited", "not invited"),
    ),
    "known": Fact("known_to_services", "Known to services", _YES_NO),
    "plan": Fact("child_protection_plan", "Child protection plan", _YES_NO),
    "duration": Fact("incident_to_completion", "Incident to completion", _LENGTHS),
    "publication": Fact("completion_to_publication", "Completion to publication", _LENGTHS),
    "period": Fact("period_length", "Period under review", _LENGTHS),
}  # fmt: skip
STANDARD = (
    "judgement-duration", "judgement-independence", "judgement-family", "age-harm",
    "ethnicity-year", "known-plan",
)  # fmt: skip
NO_TABLE = (
    "No such table. Nothing was listed. Name two facts with a hyphen between them, as in "
    "judgement-duration; the facts are kind, year, age, sex, ethnicity, harm, judgement, "
    "independence, family, known, plan, duration, publication and period. The table of what is "
    "stated at all is called completeness."
)


@dataclass(frozen=True, slots=True)
class Cell:
    """The reviews of one row and column; "" in `row` or `column` stands for all of them."""

    row: str
    column: str
    reviews: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Reviews by two facts. Every review stands in one cell, so that rows and columns add up.

    The words of rows and columns are those that some review states, in the facts' order, then
    "not stated" where a review states none. A review of several kinds of harm stands under "more
    than one"; `beside` has each kind alone or with others, which does not add up. `stated` are
    the reviews that state both facts.
    """

    name: str
    title: str
    row_title: str
    column_title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    row_totals: tuple[Cell, ...]
    column_totals: tuple[Cell, ...]
    of: int
    stated: int
    beside: tuple[Cell, ...]

    def cell(self, row: str, column: str) -> Cell:
        """The cell of a row and a column."""
        return next(c for c in self.cells if (c.row, c.column) == (row, column))


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many reviews state a fact, and which do not."""

    fact: str
    title: str
    stated: Share
    missing: tuple[str, ...]


def table(name: str, facts: Mapping[str, SafeFacts]) -> Table:
    """A table of two facts by name, as "judgement-duration"; `facts` are those of every review.

    UsageError where there is no such table.

    >>> made = table("judgement-duration", {"R1": SafeFacts(judgement="good"), "R2": SafeFacts()})
    >>> made.rows, made.columns, [c.reviews for c in made.cells]
    (('good', 'not stated'), ('not stated',), [('R1',), ('R2',)])
    """
    first, _, second = name.partition("-")
    if first not in FACTS or second not in FACTS or first == second:
        raise UsageError(NO_TABLE)
    down, across = FACTS[first], FACTS[second]
    at = {review: (_word(down, one), _word(across, one)) for review, one in sorted(facts.items())}
    rows = _ordered(down, [row for row, _ in at.values()])
    columns = _ordered(across, [column for _, column in at.values()])
    return Table(
        name=name,
        title=f"{down.title} by {across.title[0].lower()}{across.title[1:]}",
        row_title=down.title,
        column_title=across.title,
        rows=rows,
        columns=columns,
        cells=tuple(
            Cell(row, column, tuple(r for r, words in at.items() if words == (row, column)))
            for row in rows
            for column in columns
        ),
        row_totals=tuple(
            Cell(row, "", tuple(r for r, words in at.items() if words[0] == row)) for row in rows
        ),
        column_totals=tuple(
            Cell("", column, tuple(r for r, words in at.items() if words[1] == column))
            for column in columns
        ),
        of=len(facts),
        stated=sum(NOT_STATED not in words for words in at.values()),
        beside=_beside(down, across, facts),
    )


def _word(fact: Fact, facts: SafeFacts) -> str:
    held = getattr(facts, fact.field)
    if isinstance(held, str):
        return held
    return SEVERAL if len(held) > 1 else held[0] if held else NOT_STATED


def _ordered(fact: Fact, words: Sequence[str]) -> tuple[str, ...]:
    order = {word: place for place, word in enumerate((*fact.words, SEVERAL))}
    last = len(order) + 1
    known = sorted(set(words) - {NOT_STATED}, key=lambda word: (order.get(word, last), word))
    return (*known, *([NOT_STATED] if NOT_STATED in words else []))


def _beside(down: Fact, across: Fact, facts: Mapping[str, SafeFacts]) -> tuple[Cell, ...]:
    """Each word of a fact that a review may have several of: the reviews that have it."""
    made = []
    for fact, side in ((down, "row"), (across, "column")):
        held = {review: getattr(one, fact.field) for review, one in sorted(facts.items())}
        if any(isinstance(words, tuple) and len(words) > 1 for words in held.values()):
            for word in _ordered(fact, [word for words in held.values() for word in words]):
                own = tuple(review for review, words in held.items() if word in words)
                made.append(Cell(word if side == "row" else "", word * (side == "column"), own))
    return tuple(made)


def completeness(facts: Mapping[str, SafeFacts]) -> tuple[Completeness, ...]:
    """For each fact: how many reviews state it, and which do not."""
    made = []
    for name, fact in FACTS.items():
        missing = tuple(r for r, one in sorted(facts.items()) if _word(fact, one) == NOT_STATED)
        stated = Share(len(facts) - len(missing), len(facts))
        made.append(Completeness(name, fact.title, stated, missing))
    return tuple(made)
