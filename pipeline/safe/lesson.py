"""The nouns of the safe wing. None of them can hold a name unless the door let one through."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.span import BlockKind, Kind, Span

NOT_STATED = "not stated"
BY_CUE = "cue"
# What stands in a safe text where a picture stood.
PICTURE_LABEL = "[picture removed]"


def picture_label(description: str) -> str:
    """The label of a removed picture, with what it showed where somebody wrote that down.

    >>> picture_label(""), picture_label("family tree")
    ('[picture removed]', '[picture removed: family tree]')
    """
    return f"{PICTURE_LABEL[:-1]}: {description}]" if description else PICTURE_LABEL


def is_picture(text: str) -> bool:
    """Whether a text is no more than the label of a removed picture.

    >>> is_picture("[picture removed: family tree]"), is_picture("A [picture removed] here")
    (True, False)
    """
    opened = text == PICTURE_LABEL or text.startswith(f"{PICTURE_LABEL[:-1]}: ")
    return opened and text.find("]") == len(text) - 1


class Role(StrEnum):
    """What a passage does in a report (contracts: passage roles)."""

    CONTEXT = "context"
    CHRONOLOGY = "chronology"
    ANALYSIS = "analysis"
    LEARNING = "learning"
    RECOMMENDATION = "recommendation"
    GOOD_PRACTICE = "good_practice"
    ACTION = "action"
    QUOTE = "quote"
    TABLE = "table"
    FURNITURE = "furniture"
    OTHER = "other"


class Polarity(StrEnum):
    """How a passage speaks of its theme."""

    FINDING = "finding"
    PRAISE = "praise"
    ADVICE = "advice"
    NEGATED = "negated"
    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class SafeText:
    """Text that came through the door. Made by `door.redact` and `store.library`, nowhere else."""

    value: str

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8, in hex."""
        return hashlib.sha256(self.value.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Swap:
    """A place of the safe text where a label stands for something that was hidden."""

    span: Span
    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class SafeBlock:
    """One piece of structure of a safe text; `rows` are the cells of a table, None if empty."""

    kind: BlockKind
    page: int
    span: Span
    number: str | None = None
    level: int | None = None
    rows: tuple[tuple[Span | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SafeFacts:
    """What a report says of itself, as far as it may cross the door: coarse, or "not stated".

    Every value is a word of a closed list that the door keeps. The three lengths were counted
    from dates before those were made coarse.
    """

    kind: str = NOT_STATED
    year: str = NOT_STATED
    age_band: str = NOT_STATED
    sex: str = NOT_STATED
    ethnicity: str = NOT_STATED
    harm: tuple[str, ...] = ()
    judgement: str = NOT_STATED
    independent_author: str = NOT_STATED
    family_involvement: str = NOT_STATED
    known_to_services: str = NOT_STATED
    child_protection_plan: str = NOT_STATED
    incident_to_completion: str = NOT_STATED
    completion_to_publication: str = NOT_STATED
    period_length: str = NOT_STATED


@dataclass(frozen=True, slots=True)
class SafeDocument:
    """A report as it may be published, mined and quoted, once it is approved.

    `draft` is true until then, and everything made from a draft says so. `version` says which
    of the reports that its author submitted it was made from; 0 where that is not told.
    """

    review: str
    profile: str
    text: SafeText
    blocks: tuple[SafeBlock, ...]
    swaps: tuple[Swap, ...] = ()
    facts: SafeFacts = field(default_factory=SafeFacts)
    draft: bool = True
    version: int = 0

    def __post_init__(self) -> None:
        if self.version < 0:
            raise ValueError("versions are counted from 1; 0 is not told")
        at = 0
        for block in self.blocks:
            if block.span.start < at or block.span.end > len(self.text.value):
                raise ValueError("blocks stand in the safe text, in order")
            at = block.span.end
        if any(swap.span.of(self.text.value) != swap.label for swap in self.swaps):
            raise ValueError("a label stands where its swap says")


@dataclass(frozen=True, slots=True)
class ThemeMark:
    """A theme met in a passage: `span`, in the safe text, is the evidence; `by` who set it."""

    code: str
    span: Span
    score: float
    polarity: Polarity
    by: str

    @property
    def reason(self) -> str:
        """Why the mark stands here, in words: never a word of the text.

        >>> ThemeMark("B1", Span(0, 7), 0.8, Polarity.FINDING, "cue").reason
        'A cue of the theme stands here.'
        """
        cued, _, model = self.by.partition(", ")
        if model:
            return "A cue of the theme stands here, and the passage is close to it in meaning."
        if cued == BY_CUE:
            return "A cue of the theme stands here."
        return "The sentence is close to the theme in meaning."


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one safe text with one role; `span` and the marks count in that text.

    `id` is unique in its review and the same for the same safe text; `paragraph` is the number
    the report gives it; `heading` the heading above it.
    """

    review: str
    id: str
    page: int
    paragraph: str | None
    heading: str | None
    span: Span
    role: Role
    text: str
    themes: tuple[ThemeMark, ...] = ()
    draft: bool = True

    def __post_init__(self) -> None:
        if len(self.span) != len(self.text):
            raise ValueError("a passage is as long as its span")
        if len(self.themes) > 3 or not all(self.span.contains(m.span) for m in self.themes):
            raise ValueError("a passage has at most three themes, each with evidence inside it")


@dataclass(frozen=True, slots=True)
class Theme:
    """A code of the codebook: what it means, and the patterns that propose it.

    Where there are `needs`, one of them must stand in a passage before a cue counts.
    """

    code: str
    name: str
    title: str
    group: str
    definition: str
    cues: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    paraphrases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """The same thing said in several reviews (or once, so far).

    `passages` are (review, passage id) pairs; `reviews` the reviews that say it, `of` how many
    reviews there are; `stance` is "for", "against", "both" or "none"; `known` says that an
    earlier review had it before the last one. `quote` is an exact substring of the passage
    `quote_from`. `confirmed` says that a person did.
    """

    id: str
    title: str
    theme: str
    reviews: tuple[str, ...]
    of: int
    first: str
    last: str
    known: bool
    stance: str
    stability: float
    passages: tuple[tuple[str, str], ...]
    quote: str
    quote_from: tuple[str, str]
    draft: bool = True
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that answers a query; `quote` is an exact substring, `span` where it stands."""

    rank: int
    review: str
    passage: str
    page: int
    paragraph: str | None
    quote: str
    span: Span
    score: float
    draft: bool = True
