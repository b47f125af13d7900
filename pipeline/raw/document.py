"""The nouns of the raw wing: a document, what was found in it, whom it names, what was decided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pipeline.span import BlockKind, Kind, OffsetMap, Span, free_of_overlap


class UnreadKind(StrEnum):
    """What a reader met and could not read, or may not decide about by itself."""

    PICTURE = "picture"
    LITTLE_TEXT = "little_text"
    ANNOTATION = "annotation"
    ATTACHMENT = "attachment"
    FORM_FIELD = "form_field"
    HIDDEN_LAYER = "hidden_layer"
    HIDDEN_TEXT = "hidden_text"
    OUTSIDE_PAGE = "outside_page"
    COMMENT = "comment"
    TRACKED_CHANGE = "tracked_change"
    ENCODING = "encoding"
    LANGUAGE = "language"
    OTHER_PART = "other_part"
    SCAN = "scan"


@dataclass(frozen=True, slots=True)
class Unread:
    """One thing that blocks approval until a person has looked and cleared it.

    `id` is stable for the same file and reader; `reason` is constant text, never content.
    `span` is the stretch of the canonical text that it speaks of, None where there is none: a
    block in another language, or the words PICTURE_SIGN where a picture stands.
    """

    id: str
    what: UnreadKind
    page: int | None
    reason: str
    span: Span | None = None


class View(StrEnum):
    """Which state of a document with tracked changes is read."""

    ACCEPTED = "accepted"
    ORIGINAL = "original"


class ClearanceCode(StrEnum):
    """Why a person lets something that was not read stand in no one's way any more."""

    PICTURE_REMOVED = "picture-removed"
    NOTHING_IN_IT = "nothing-in-it"
    NOTHING_TO_ADD = "nothing-to-add"
    LEFT_OUT = "left-out"
    NAMES_ADDED = "names-added"
    VIEW_ACCEPTED = "view-accepted"
    VIEW_ORIGINAL = "view-original"
    ENCODING_CHECKED = "encoding-checked"
    LANGUAGE_CHECKED = "language-checked"
    SCAN_CHECKED = "scan-checked"
    BEFORE_CODES = "before-codes"


@dataclass(frozen=True, slots=True)
class Clearance:
    """One line of what was not read, cleared by a person who looked at it, and why.

    `description` says in the publication what a removed picture showed. It is free text: it
    stays in the vault until it passes the gate.
    """

    id: str
    code: ClearanceCode
    description: str | None = None


# What stands in the canonical text where a picture does, as a paragraph of its own.
PICTURE_SIGN = "[picture]"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of the canonical text stands on its page: one line of a PDF or a scan.

    Points from the left and the top edge of the page as it is shown; `length` code points from
    `start` on, spread evenly between `left` and `right`.
    """

    start: int
    length: int
    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a report's structure.

    `text` is the block as it stands in the canonical text, its number included. Furniture
    (running headers, page marks) is out of the canonical text: it has a text and no span.
    `rows` are the cells of a table as spans of the canonical text; an empty cell is None. `box`
    is where furniture stands on its page, as in Place; other blocks have places.
    """

    kind: BlockKind
    text: str
    page: int
    span: Span | None
    number: str | None = None
    level: int | None = None
    rows: tuple[tuple[Span | None, ...], ...] = ()
    box: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        if (self.span is None) != (self.kind is BlockKind.FURNITURE):
            raise ValueError("furniture, and only furniture, stands outside the canonical text")
        if self.span is not None and len(self.span) != len(self.text):
            raise ValueError("a block's span is as long as its text")
        if self.page < 1:
            raise ValueError("pages are counted from 1")


@dataclass(frozen=True, slots=True)
class Document:
    """A report as it was read: one canonical text, its structure, and what was not read.

    `text` is the canonical text: blocks in reading order, one blank line between them, the
    cells of a table's row split by tabs and its rows by line breaks. `margins` are texts that
    came with the file and are not published (properties, the file's name): names in them are
    names of the case. For a text file `source_text` is the decoded file, and `origins` leads
    from offsets of the canonical text back to it; for other formats both are None. `places` lead
    from the text to pages and boxes, in the order of the text, where the format has any.
    `uncertain` are stretches that were recognised from a picture: letters in them may be wrong.
    `view` is the state that was read of a document with tracked changes.
    """

    source_sha256: str
    media: str
    reader: str
    pages: int
    text: str
    blocks: tuple[Block, ...]
    unread: tuple[Unread, ...] = ()
    margins: tuple[str, ...] = ()
    source_text: str | None = None
    origins: OffsetMap | None = None
    places: tuple[Place, ...] = ()
    uncertain: tuple[Span, ...] = ()
    view: View = View.ACCEPTED

    def __post_init__(self) -> None:
        at = 0
        for block in self.blocks:
            if block.span is None:
                continue
            if block.span.start < at or block.span.of(self.text) != block.text:
                raise ValueError("blocks stand in the canonical text, in order")
            at = block.span.end

    @property
    def text_sha256(self) -> str:
        """The SHA-256 of the canonical text in UTF-8, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def furniture(self) -> tuple[str, ...]:
        """The running headers, footers and page marks, each text once."""
        texts = (b.text for b in self.blocks if b.kind is BlockKind.FURNITURE)
        return tuple(dict.fromkeys(texts))

    def to_source(self, span: Span) -> Span:
        """A span of the canonical text as a span of the text that users count in."""
        return span if self.origins is None else self.origins.to_source(span)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that may have to be hidden: coordinates, never content.

    `score` is a probability; `by` names the recogniser (or "link", "reviewer"); `identity`
    is the id of the Identity that the finding mentions, once linked.
    """

    span: Span
    kind: Kind
    subkind: str
    score: float
    by: str
    identity: str | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError("a score is a probability")

    @property
    def id(self) -> str:
        """The finding's name in a file of decisions: kind and place."""
        return f"{self.kind.value}-{self.span.start}-{self.span.end}"


class Recogniser(Protocol):
    """What finds one family of things in a text. It raises when it cannot vouch for the text."""

    @property
    def name(self) -> str:
        """The name that findings carry in `by`."""
        ...

    def find(self, text: str) -> Iterable[Finding]:
        """What is in the text, in any order; findings may overlap, none has an identity yet."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """One person, place or organisation of the case, however it is written.

    `names` are its surface forms, longest first. `position` is what the report says it is
    ("mother", "health visitor", "primary school"), None where nothing says so; `evidence`
    are the spans that say it. `reported_label` is a label that the report itself uses instead
    of a name ("Child K", "SW4"): such a label is no name.
    """

    id: str
    kind: Kind
    names: tuple[str, ...]
    position: str | None = None
    evidence: tuple[Span, ...] = ()
    reported_label: str | None = None

    def __post_init__(self) -> None:
        if not self.names or len(set(self.names)) != len(self.names):
            raise ValueError("an identity has at least one name, each once")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the program proposes for one document: every mention of every identity.

    Findings are sorted by start, do not overlap, and refer to identities of the proposal.
    """

    text_sha256: str
    findings: tuple[Finding, ...]
    identities: tuple[Identity, ...]

    def __post_init__(self) -> None:
        spans = [finding.span for finding in self.findings]
        if spans != sorted(spans) or not free_of_overlap(spans):
            raise ValueError("findings are sorted and do not overlap")
        known = {identity.id for identity in self.identities}
        if len(known) != len(self.identities):
            raise ValueError("identities have ids of their own")
        if any(f.identity is not None and f.identity not in known for f in self.findings):
            raise ValueError("a finding refers to an identity of its proposal")


class Verdict(StrEnum):
    """What a reviewer says of a finding or of an identity."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict of one person on a finding (an exception) or on a whole identity.

    `target` is the id of a finding or an identity. `position` and `label`, where given, replace
    what was proposed; `reason` is a code, free text stays in the vault.
    """

    target: str
    verdict: Verdict
    position: str | None = None
    label: str | None = None
    reason: str | None = None


class AmendmentKind(StrEnum):
    """How a reviewer corrects who is who, before anything is decided about it."""

    BOUNDS = "bounds"
    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One correction of a proposal: where a name starts and ends, or whose name it is.

    BOUNDS: the finding `target` stands at `span`, and so does every mention written like it.
    MERGE: the identity `target` is the same as `into`. SPLIT: the `findings` of the identity
    `target` are somebody else's, whose identity is `into`.
    """

    kind: AmendmentKind
    target: str
    into: str | None = None
    span: Span | None = None
    findings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        bounds, split = self.kind is AmendmentKind.BOUNDS, self.kind is AmendmentKind.SPLIT
        if (self.span is not None) != bounds or bool(self.findings) != split:
            raise ValueError("an amendment says what its kind needs, and nothing else")
        if (self.into is None) != bounds:
            raise ValueError("a merge and a split say into which identity")


@dataclass(frozen=True, slots=True)
class Settlement:
    """A proposal after people have decided: what is hidden, what is kept, what is still open.

    `kept` are spans that a person decided to keep although they were proposed. `labels` are
    the reviewer's own labels by identity id, `descriptions` what a person wrote of a removed
    picture, by the id of its line. `left` counts the groups of words and numbers that stay and
    that nobody has looked at.
    """

    text_sha256: str
    findings: tuple[Finding, ...]
    identities: tuple[Identity, ...]
    kept: tuple[Span, ...]
    labels: tuple[tuple[str, str], ...]
    undecided: int
    uncleared: int
    descriptions: tuple[tuple[str, str], ...] = ()
    left: int = 0
