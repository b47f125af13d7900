"""Subject access: what is held of one person, with everybody else hidden, for that person.

Whoever asks for it gives the person's names; they are kept nowhere. What comes out is a help for
an officer, who looks at every line before it is sent: a person can be meant without being named,
and somebody else can be known from what is said of them.
"""

from __future__ import annotations

import html
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import StoreError, UsageError
from pipeline.match import Names
from pipeline.raw import record, settle
from pipeline.raw.document import Block, Document, Finding, Identity, Proposal
from pipeline.span import Kind, Span
from pipeline.store import register
from pipeline.store.accounts import Duty, Who
from pipeline.store.casefile import CaseFile
from pipeline.store.entries import ACTIONS, ENTRY, JOINED, Entries, Expecting
from pipeline.store.ledger import Detail
from pipeline.store.register import Row
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

# Blobs in which staff write: notes, letters with a version, recipients, the register, actions,
# and what was recorded of two entries before they were made one.
_WRITTEN = ("note-", "version-", "handout-", ENTRY, ACTIONS, JOINED)
_NO_NAME = (
    "No name was given. Nothing was searched. Write the person's names one a line: the full name, "
    "names from before, and a surname alone if reports call the person by it."
)
_NOT_WRITTEN = (
    "The folder for the export could not be written. What was written of it is deleted. Check the "
    "folder, its owner and the room on its disk."
)
_WARNING = (
    "This holds personal data. Look at every line before it is sent: a person may be meant "
    "without being named, and others may be known from what is said of them. Send it only by a "
    "way that is safe, and delete it when done."
)
_SUBJECT = "subject"
_BIRTH = "birth"
_TITLES = frozenset("mr mrs ms miss mx dr prof professor rev sir dame lady lord".split())
# Of others these go, and days of birth; what a body, a day, an age or a number is stays, so that
# the text says something. An officer sees to the rest.
_HIDDEN = frozenset((Kind.PERSON, Kind.PLACE, Kind.CONTACT, Kind.CODE, Kind.OTHER))


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that speaks of the person, others hidden; `mentions` are places in it."""

    page: int
    paragraph: str | None
    text: str
    mentions: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A field of the register that names the person, or did: of which entry or action.

    `text` is what it says where that is the name alone; else somebody has to look at it, since
    others may be in it.
    """

    of: str
    field: str
    now: bool
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """What one review holds of the person.

    `unclear` counts places where a name stands within somebody else's. `earlier` counts earlier
    versions that name the person too, `notes` what staff wrote that does. `recorded` is what the
    register says of the person, also what it said before two entries were made one.
    """

    review: str
    state: str
    passages: tuple[Passage, ...]
    unclear: int
    earlier: int
    notes: int
    recorded: tuple[Recorded, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is held of a person in all; `purged` reviews hold no raw text any more."""

    id: str
    date: str
    searched: int
    purged: int
    held: tuple[Held, ...]

    @property
    def places(self) -> int:
        """How many paragraphs speak of the person."""
        return sum(len(one.passages) for one in self.held)


def search(
    workspace: Workspace,
    names: Sequence[str],
    *,
    as_name: Who,
    password: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Answer:
    """What is held of a person who bears any of these names, in every review.

    That somebody searched is in the ledger, with counts and without a name; each review that
    they then see of is there too.
    """
    wanted = Names((_SUBJECT, " ".join(name.split())) for name in names if name.strip())
    if not wanted.entries:
        raise UsageError(_NO_NAME)
    actor = workspace.accounts.act(as_name, Duty.APPROVER, Duty.ADMINISTRATOR, password=password)
    vault, held, purged = Vault.unlock(workspace), [], 0
    rows = workspace.register.rows()
    for done, row in enumerate(rows, start=1):
        if not CaseFile(vault, row.review).has_original:
            purged += 1
            continue
        found = _held(vault, row, wanted)
        if found.passages or found.unclear or found.earlier or found.notes:
            held.append(found)
        if progress is not None:
            progress(f"{done} of {len(rows)} reviews searched")
    held += _announced(workspace, vault, wanted)
    drawn, searched = register.draw("sa-", 8), len(rows) - purged
    answer = Answer(drawn, register.today(), searched, purged, tuple(held))
    editions = {row.review: row.edition for row in rows}
    with workspace.writing():
        told: Detail = {
            "searched": answer.searched,
            "found": len(held),
            "places": answer.places,
            "purged": purged,
            "export": answer.id,
        }
        workspace.ledger.append(actor.id, "subject-access", detail=told)
        for one in held:
            seen: Detail = {"what": "subject-access", "edition": editions.get(one.review, 0)}
            workspace.ledger.append(actor.id, "view-raw", one.review, seen)
    return answer


def _announced(workspace: Workspace, vault: Vault, wanted: Names) -> Iterator[Held]:
    """The reviews whose file has not come, where what is recorded of them names the person."""
    for one in Expecting(workspace.database).waiting():
        notes = sum(1 for text in _notes(CaseFile(vault, one.entry)) if wanted.find(text))
        if notes:
            recorded = tuple(_recorded(Entries(vault), one.entry, wanted))
            yield Held(one.entry, "expected", (), 0, 0, notes, recorded)


def _held(vault: Vault, row: Row, wanted: Names) -> Held:
    case, edition = CaseFile(vault, row.review), row.edition
    document = case.document(edition)
    proposal = _whole(case, document, edition)
    own = {one.id for one in proposal.identities if _is_meant(one, wanted)}
    mine, unclear = _mentions(document, proposal, wanted, own)
    passages = tuple(_passages(document, proposal, own, mine))
    earlier = sum(1 for one in case.readings(before=edition) if wanted.find(one.text))
    return Held(
        review=case.review,
        state=row.state.value,
        passages=passages,
        unclear=unclear,
        earlier=earlier,
        notes=sum(1 for text in _notes(case) if wanted.find(text)),
        recorded=tuple(_recorded(Entries(vault), case.review, wanted)),
    )


def _is_meant(identity: Identity, wanted: Names) -> bool:
    """Whether somebody of a report is the person: by a full name, or by the fullest they have.

    By a surname alone, everybody of the family would be.
    """
    full = [form for form in identity.names if len(_bare(form).split()) > 1]
    return any(_is_whole(form, wanted) for form in (*full, identity.names[0]))


def _is_whole(form: str, wanted: Names) -> bool:
    bare = _bare(form)
    return any(len(match.span) == len(bare) for match in wanted.find(bare))


def _bare(form: str) -> str:
    """A name without what people are called before it.

    >>> _bare("Dr. Ann Lee"), _bare("Mr Lee"), _bare("Lee")
    ('Ann Lee', 'Lee', 'Lee')
    """
    words = form.split()
    while len(words) > 1 and words[0].rstrip(".").casefold() in _TITLES:
        del words[0]
    return " ".join(words)


def _whole(case: CaseFile, document: Document, edition: int) -> Proposal:
    """What was proposed, as people corrected it and with what they added."""
    decided = case.decided(edition)
    corrected = settle.amended(document, case.proposal(edition), decided.amended)
    return settle.extended(document, corrected, decided.added)


def _notes(case: CaseFile) -> Iterator[str]:
    """What staff wrote of a review and recorded in the register, and to whom they sent it."""
    for name in case.blobs.names(case.review):
        if name.startswith(_WRITTEN):
            yield case.blobs.get(case.review, name).decode()


def _recorded(entries: Entries, review: str, wanted: Names) -> Iterator[Recorded]:
    """What fields of the register name the person in, each text of a field once."""
    seen = set[tuple[str, str]]()
    held = [(review, entries.one(review)), *entries.actions(review).items()]
    joined = [pair for one in entries.joined(review) for pair in one.records()]
    for at, (of, one) in enumerate((*held, *joined)):
        for name, text in record.ever(one):
            if wanted.find(text) and (name, text) not in seen:
                seen.add((name, text))
                now, told = at < len(held) and one.get(name) == text, _is_whole(text, wanted)
                yield Recorded(of or review, name, now, text if told else "")


def _mentions(
    document: Document, proposal: Proposal, wanted: Names, own: set[str]
) -> tuple[list[Span], int]:
    """Where the person is named, and how often a name stands within somebody else's."""
    found = [f.span for f in proposal.findings if f.identity in own]
    others = [f.span for f in proposal.findings if _is_anothers(f, own)]
    unclear = 0
    for match in wanted.find(document.text):
        if any(span.overlaps(match.span) for span in found):
            continue
        if any(span.overlaps(match.span) and span != match.span for span in others):
            unclear += 1
            continue
        found.append(match.span)
    return sorted(found), unclear


def _is_anothers(finding: Finding, own: set[str]) -> bool:
    hidden = finding.kind in _HIDDEN or finding.subkind == _BIRTH
    return hidden and finding.identity not in own


def _passages(
    document: Document, proposal: Proposal, own: set[str], mine: Sequence[Span]
) -> Iterator[Passage]:
    """The paragraphs that name the person, with everybody else hidden in them."""
    theirs = [f for f in proposal.findings if _is_anothers(f, own)]
    other_people = [
        (one.kind.value, form)
        for one in proposal.identities
        if one.kind is Kind.PERSON and one.id not in own
        for form in one.names
    ]
    left = Names(other_people)
    for block in document.blocks:
        for stretch in _stretches(block, mine):
            here = [span for span in mine if span.overlaps(stretch)]
            if here:
                text, mentions = _hidden(document.text, stretch, here, theirs, left)
                yield Passage(block.page, block.number, text, mentions)


def _stretches(block: Block, mine: Sequence[Span]) -> Iterator[Span]:
    """What belongs together: a block, or a row of a table, since other rows are other people's."""
    if block.span is None:
        return
    rows = [[cell for cell in row if cell is not None] for row in block.rows]
    spans = [Span(min(row).start, max(cell.end for cell in row)) for row in rows if row]
    named = [span for span in mine if span.overlaps(block.span)]
    whole = all(any(row.contains(span) for row in spans) for span in named)
    yield from spans if spans and whole else [block.span]


def _hidden(
    text: str, stretch: Span, mine: Sequence[Span], theirs: Sequence[Finding], left: Names
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A stretch with everybody else hidden, and where the person stands in it."""
    found = [f for f in theirs if f.span.overlaps(stretch)]
    found = [f for f in found if not any(f.span.overlaps(own) for own in mine)]
    cuts = [
        (f.span, f.kind.value) for f in found if f.subkind != _BIRTH or not _own(f, mine, found)
    ]
    known = [cut for cut, _ in cuts] + list(mine)
    for match in left.find(stretch.of(text)):  # a name that linking missed
        there = match.span.shift(stretch.start)
        if not any(there.overlaps(one) for one in known):
            cuts.append((there, match.key))
    out, at = "", stretch.start
    mentions: list[tuple[int, int]] = []
    marks = [(cut, f"[{kind.lower()}]") for cut, kind in cuts] + [(own, "") for own in mine]
    for place, label in sorted(marks):
        start, end = max(place.start, at), min(place.end, stretch.end)
        if start >= end:
            continue
        out += text[at:start]
        words = label or text[start:end]
        if not label:
            mentions.append((len(out), len(out) + len(words)))
        out, at = out + words, end
    return out + text[at : stretch.end], tuple(mentions)


def _own(birth: Finding, mine: Sequence[Span], found: Sequence[Finding]) -> bool:
    """Whether a date of birth is the person's: nobody else is named between the two."""
    before = max((span.end for span in mine if span.end <= birth.span.start), default=-1)
    others = [f.span.end for f in found if f.kind is Kind.PERSON and f.span.end <= birth.span.start]
    return before > max(others, default=-1)


# -- the export ----------------------------------------------------------------------------


def write(answer: Answer, out: Path) -> Path:
    """Write an answer into a new folder in a folder, as a page and as JSON; that folder.

    Its name is drawn at random. It is not encrypted: whoever made it keeps and sends it safely.
    """
    folder = out / answer.id
    files = {"export.json": _json(answer), "export.html": _page(answer)}
    try:
        folder.mkdir(mode=0o700)
    except OSError:
        # Not chained: the error holds a path.
        raise StoreError(_NOT_WRITTEN) from None
    try:
        for name, text in files.items():
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(folder / name, flags, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise StoreError(_NOT_WRITTEN) from None
    return folder


def _json(answer: Answer) -> str:
    return json.dumps({"warning": _WARNING, **asdict(answer)}, ensure_ascii=False, indent=1) + "\n"


def _page(answer: Answer) -> str:
    parts = [
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">',
        f"<title>Subject access {answer.id}</title></head><body>",
        f"<h1>Subject access {answer.id}</h1><p><strong>{html.escape(_WARNING)}</strong></p>",
        f"<p>Made on {answer.date}. Reviews searched: {answer.searched}. Reviews whose raw text "
        f"was purged, and that were not searched: {answer.purged}.</p>",
    ]
    for one in answer.held:
        parts.append(f"<h2>Review {html.escape(one.review)} ({html.escape(one.state)})</h2>")
        more = (
            (one.unclear, "places where the name stands within somebody else's"),
            (one.earlier, "earlier versions that name the person too"),
            (one.notes, "notes of staff that name the person"),
        )
        parts += [f"<p>To look at in the workspace: {n} {what}.</p>" for n, what in more if n]
        parts += [f"<p>{html.escape(_as_recorded(field))}</p>" for field in one.recorded]
        for passage in one.passages:
            where = f"Page {passage.page}"
            where += f", paragraph {html.escape(passage.paragraph)}" if passage.paragraph else ""
            parts.append(f"<h3>{where}</h3><p>{_marked(passage)}</p>")
    return "\n".join([*parts, "</body></html>", ""])


def _as_recorded(one: Recorded) -> str:
    when = "stands" if one.now else "stood"
    what = one.text or "a longer text that names the person, to look at in the workspace"
    return f"In the register {when} of {one.of}, {one.field.replace('_', ' ')}: {what}"


def _marked(passage: Passage) -> str:
    out, at = "", 0
    for start, end in passage.mentions:
        out += html.escape(passage.text[at:start])
        out += f"<mark>{html.escape(passage.text[start:end])}</mark>"
        at = end
    return out + html.escape(passage.text[at:])
