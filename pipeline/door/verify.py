"""The gate: nothing that was hidden is in any file, and nothing but the safe text is."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pipeline.door import artefact as files
from pipeline.door import artefact_docx, artefact_pdf, labels, provenance
from pipeline.door.artefact import Reading
from pipeline.door.facts import strays
from pipeline.door.redact import Redaction
from pipeline.door.sweep import Sweep
from pipeline.errors import LeakError, StoreError, UsageError
from pipeline.safe import frame
from pipeline.safe.lesson import SafeBlock, SafeDocument, SafeFacts
from pipeline.span import BlockKind, Kind, Span

LEAK = (
    "Something that was hidden, or that has no place in an export, is in a file that was about "
    "to be released. Nothing was released. Look at the places listed, settle them and try again."
)
WORD = "whole word"
MISREAD = "misread word"
DIFFERS = "text differs from the safe text"
NOT_KNOWN = "kind of file not known"
NOT_LISTED = "a value of no closed list"

_REPORT_KEYS = frozenset(
    "format title id profile draft warning version note facts kind year age_band text blocks page"
    " start end number level rows swaps label sex ethnicity harm judgement independent_author"
    " family_involvement known_to_services child_protection_plan incident_to_completion"
    " completion_to_publication period_length".split()
)
_ENVELOPE_KEYS = frozenset("payloadType payload signatures keyid key sig".split())
_STATEMENT_KEYS = frozenset(
    "_type subject predicateType predicate name digest sha256 id profile draft program"
    " commitment statements".split()
)
# What Markdown adds or takes away: compared without it.
_MARKUP = re.compile(r"[\s\\|#>*•·▪◦‣○●■□➢✓\uf0b7\uf0a7–—-]+")


_TITLE_BEFORE = "Case review "


@dataclass(frozen=True, slots=True)
class Leftover:
    """A place where the gate stopped: which file, where in it, in what form. Never the name."""

    artefact: str
    where: str
    form: str


def leftovers(artefacts: Mapping[str, bytes], redaction: Redaction) -> tuple[Leftover, ...]:
    """Everything in the files that may not be released; empty where all is well.

    Files are told apart by their ending (.html .txt .md .json; *manifest.json). A name of a
    file that itself holds something hidden is given by its place in the list.
    """
    sweep = Sweep(redaction.hidden, redaction.shown)
    out = [Leftover("safe text", where, form) for where, form in _in_text(redaction, sweep)]
    out += [Leftover("facts", name, NOT_LISTED) for name in strays(redaction.document.facts)]
    for place, (name, data) in enumerate(artefacts.items(), start=1):
        clear = not _named(name, sweep)
        shown = name if clear else f"file {place}"
        if not clear:
            out.append(Leftover(shown, "file name", WORD))
        found = _file(name, data, redaction, sweep)
        out += [Leftover(shown, where, form) for where, form in found]
    return tuple(out)


def require_clean(artefacts: Mapping[str, bytes], redaction: Redaction) -> None:
    """LeakError unless every file may be released; what is wrong is in its `leftovers`."""
    found = leftovers(artefacts, redaction)
    if found:
        error = LeakError(LEAK, review=redaction.plan.review)
        error.add_note("\n".join(f"{one.artefact}: {one.where}: {one.form}" for one in found[:20]))
        raise error


def fits(public_id: str, redaction: Redaction) -> bool:
    """Whether nothing that is hidden stands in a public id, alone or in a title.

    A hidden house number may stand between two letters that were drawn.
    """
    sweep = Sweep(redaction.hidden, redaction.shown)
    told = frame.title(public_id).removeprefix(_TITLE_BEFORE)
    return not (_named(public_id, sweep) or _named(told, sweep))


def _named(name: str, sweep: Sweep) -> bool:
    spaced = re.sub(r"[_./\\-]+", " ", name)
    return bool(sweep.words(name) or sweep.words(spaced) or sweep.encoded(name.encode()))


def _in_text(redaction: Redaction, sweep: Sweep) -> Iterator[files.Problem]:
    """Hidden forms in the safe text itself, but where a person keeps them or a date has a month.

    A hidden number may also be, to the letter, the number that we counted in a label.
    """
    document = redaction.document
    dates = [s.span for s in document.swaps if s.kind in (Kind.DATE, Kind.AGE)]
    allowed = (*_joined(document.text.value, redaction.kept), *dates)
    placed = ((swap.span, swap.label) for swap in document.swaps)
    counted = labels.numbers(placed, redaction.counted)
    for span in sweep.words(document.text.value):
        if span not in counted and not any(place.contains(span) for place in allowed):
            yield f"text at {span.start}", WORD
    for span in sweep.misread(document.text.value, redaction.uncertain):
        if not any(place.overlaps(span) for place in redaction.kept):
            yield f"text at {span.start}", MISREAD


def _joined(text: str, kept: Sequence[Span]) -> list[Span]:
    """What a person keeps, as one where no letter and no digit stands between.

    A name whose parts stand in two cells, or over the end of a line, is kept in two pieces.
    """
    out: list[Span] = []
    for span in sorted(kept):
        if out and not any(map(str.isalnum, text[out[-1].end : span.start])):
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def _file(name: str, data: bytes, redaction: Redaction, sweep: Sweep) -> Iterator[files.Problem]:
    document = redaction.document
    ending = PurePosixPath(name).suffix.lower()
    try:
        if name.endswith("manifest.json"):
            reading = _manifest(data)
        elif ending == ".json":
            value, reading = files.of_json(data, _REPORT_KEYS)
            yield from _report_json(value, document, sweep)
        elif ending == ".html":
            reading = files.of_html(data, draft=document.draft)
            yield from _html(reading, document, sweep)
        elif ending in (".txt", ".md"):
            reading = files.of_lines(data, top=len(_top(document)))
            yield from _plain(reading, document, sweep, markdown=ending == ".md")
        elif ending == ".pdf":
            yield from _pdf(data, document, sweep)
            return
        elif ending == ".docx":
            yield from _docx(data, document, sweep)
            return
        else:
            yield "file", NOT_KNOWN
            return
    except UnicodeDecodeError:
        yield "file", files.UNREADABLE
        return
    yield from reading.problems
    if name.endswith("manifest.json"):
        yield from _told(reading, document, sweep)
        data = _unpacked(data)
    for form in sweep.encoded(data, plain=document.text.value):
        yield "bytes", form


def _manifest(data: bytes) -> Reading:
    """A public manifest taken apart, envelope and statement; a private one may not go out."""
    try:
        statement = provenance.verify(data)
    except StoreError:
        return Reading("", problems=(("file", files.UNREADABLE),))
    envelope = files.of_json(data, _ENVELOPE_KEYS)[1]
    inner = files.of_json(provenance.canonical(statement), _STATEMENT_KEYS)[1]
    private = statement["predicateType"] != provenance.PUBLIC
    problems = ((("statement", files.STRUCTURE),) if private else ()) + inner.problems
    return Reading("", around=inner.around, problems=(*problems, *envelope.problems))


def _top(document: SafeDocument) -> tuple[str, ...]:
    return frame.top("x", document.profile, draft=document.draft, version=document.version)


# What every manifest says of itself: it can tell nothing of a report, and may be a name ("Public").
_MADE_BY = re.compile(r"candour \d+\.\d+\.\d+")
# A digest is no text, though one in 28 has 12 between two letters, one in 171 "ada" between two
# digits: by that luck a publication was kept back.
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _told(reading: Reading, document: SafeDocument, sweep: Sweep) -> Iterator[files.Problem]:
    """The values of a manifest, which its file has packed."""
    fixed = {provenance.STATEMENT, provenance.PUBLIC, document.profile}
    told = [x for x in reading.around if x not in fixed and not _MADE_BY.fullmatch(x)]
    if any(sweep.words(line) for line in told if not _DIGEST.fullmatch(line)):
        yield "value", WORD
    for form in sweep.encoded("\n".join(told).encode()):
        yield "value", form


def _unpacked(data: bytes) -> bytes:
    """A manifest's envelope without its statement, whose values were looked at one by one.

    Packed as a whole, its fixed words would be a leak wherever somebody is called like one.
    """
    try:
        envelope = json.loads(data)
        packed = base64.b64decode(envelope["payload"], validate=True)
        if packed == provenance.canonical(json.loads(packed)):
            return json.dumps(envelope | {"payload": ""}).encode()
    except (ValueError, TypeError, KeyError):
        pass
    return data


_TITLE = re.compile(
    r"(?:# |.*?: )?Case review ([A-Za-z0-9._\\-]+)"
    rf"(?:{re.escape(frame.DEMONSTRATION_MEANS)})?"
)


def _title(public_id: str) -> str | None:
    try:
        return frame.title(public_id)
    except UsageError:
        return None


def _frame(reading: Reading, document: SafeDocument) -> frozenset[str]:
    """The lines that may stand around this document, for the public id that the file names."""
    known: set[str] = {frame.SKIP, *_top(document)[1:]}
    for line in reading.around:
        found = _TITLE.fullmatch(line)
        title = _title(found[1].replace("\\", "")) if found else None
        if title:
            known |= {title, f"# {title}", f"{frame.END}: {title}", f"{frame.DRAFT}: {title}"}
    return frozenset(known)


def _around(reading: Reading, document: SafeDocument, sweep: Sweep) -> Iterator[files.Problem]:
    """Every line around the text must be one of the frame, and its title must hide no name."""
    known = _frame(reading, document)
    ids = {
        found[1].replace("\\", "") for line in reading.around if (found := _TITLE.fullmatch(line))
    }
    if len(ids) > 1:
        yield "title", DIFFERS
    for line in reading.around:
        if line.replace("\\", "").strip("*") not in known:
            yield "outside the text", files.STRUCTURE
        if _TITLE_BEFORE in line and _named(line.rpartition(_TITLE_BEFORE)[2], sweep):
            yield "title", WORD
    warned = any(frame.DRAFT_MEANS in line for line in reading.around)
    if document.draft and not warned:
        yield "top", "a draft that does not say so"


def _same(a: str, b: str) -> bool:
    return a.split() == b.split()


def _html(reading: Reading, document: SafeDocument, sweep: Sweep) -> Iterator[files.Problem]:
    yield from _around(reading, document, sweep)
    if not _same(reading.text, document.text.value):
        yield "text", DIFFERS
    blocks = {" ".join(b.span.of(document.text.value).split()) for b in document.blocks}
    if any(" ".join(entry.split()) not in blocks for entry in reading.headings):
        yield "contents", DIFFERS


def _docx(data: bytes, document: SafeDocument, sweep: Sweep) -> Iterator[files.Problem]:
    word = artefact_docx.of_docx(data)
    yield from word.reading.problems
    for part in word.parts:
        for form in sweep.encoded(part, plain=document.text.value):
            yield "a part", form
    yield from _around(word.reading, document, sweep)
    if not artefact_docx.same_text(word.reading.text, document):
        yield "text", DIFFERS


def _pdf(data: bytes, document: SafeDocument, sweep: Sweep) -> Iterator[files.Problem]:
    pdf = artefact_pdf.of_pdf(data, draft=document.draft)
    yield from pdf.reading.problems
    for stream in pdf.streams:
        for form in sweep.encoded(stream, plain=document.text.value):
            yield "a stream", form
    if any(sweep.raw(table) for table in pdf.fonts):
        yield "a font", WORD
    lines = tuple(line for line in pdf.reading.around if line != frame.CONTENTS)
    yield from _around(replace(pdf.reading, around=lines), document, sweep)
    if not artefact_pdf.same_text(pdf.stretches, document.text.value):
        yield "text", DIFFERS
    headings = [b for b in document.blocks if b.kind is BlockKind.HEADING]
    known = [block.span.of(document.text.value) for block in headings]
    known += [*lines, frame.CONTENTS]
    blocks = frozenset(map(artefact_pdf.bare, known))
    if not all(artefact_pdf.entry_of(line, blocks) for line in pdf.reading.headings):
        yield "contents", DIFFERS


def _plain(
    reading: Reading, document: SafeDocument, sweep: Sweep, *, markdown: bool
) -> Iterator[files.Problem]:
    yield from _around(reading, document, sweep)
    text = document.text.value
    if markdown:
        same = _MARKUP.sub("", reading.text) == _MARKUP.sub("", text)
    else:
        same = reading.text == text.rstrip("\n") + "\n"
    if not same:
        yield "text", DIFFERS


def _report_json(value: object, document: SafeDocument, sweep: Sweep) -> Iterator[files.Problem]:
    """The value must be what the safe document says, field by field; the id is free."""
    public_id = value.get("id") if isinstance(value, dict) else None
    title = _title(public_id) if isinstance(public_id, str) else None
    if not isinstance(value, dict) or not isinstance(public_id, str) or title is None:
        yield "id", files.STRUCTURE
        return
    if _named(public_id, sweep):
        yield "id", WORD
    expected = _expected(document, public_id, title)
    for key in sorted({*expected, *value}):
        if key not in expected:
            yield "key", files.STRUCTURE
        elif value.get(key) != expected[key]:
            yield f"value of {key}", DIFFERS


def _expected(document: SafeDocument, public_id: str, title: str) -> dict[str, object]:
    warning = f"{frame.DRAFT}. {frame.DRAFT_MEANS}" if document.draft else None
    return {
        "format": "candour-report/1",
        "title": title,
        "id": public_id,
        "profile": document.profile,
        "draft": document.draft,
        "warning": warning,
        **({"version": document.version} if document.version else {}),
        "note": frame.note(document.profile),
        "facts": {**_expected_facts(document.facts), "harm": list(document.facts.harm)},
        "text": document.text.value,
        "blocks": [_expected_block(block) for block in document.blocks],
        "swaps": [
            {**_place(s.span), "kind": s.kind.value, "label": s.label} for s in document.swaps
        ],
    }


def _expected_facts(facts: SafeFacts) -> dict[str, str]:
    return {
        "kind": facts.kind,
        "year": facts.year,
        "age_band": facts.age_band,
        "sex": facts.sex,
        "ethnicity": facts.ethnicity,
        "judgement": facts.judgement,
        "independent_author": facts.independent_author,
        "family_involvement": facts.family_involvement,
        "known_to_services": facts.known_to_services,
        "child_protection_plan": facts.child_protection_plan,
        "incident_to_completion": facts.incident_to_completion,
        "completion_to_publication": facts.completion_to_publication,
        "period_length": facts.period_length,
    }


def _expected_block(block: SafeBlock) -> dict[str, object]:
    return {
        "kind": block.kind.value,
        "page": block.page,
        **_place(block.span),
        "number": block.number,
        "level": block.level,
        "rows": [[_place(cell) if cell else None for cell in row] for row in block.rows],
    }


def _place(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}
