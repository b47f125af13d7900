"""The gate of a release: every file of it, also the pages, the index of search and the archive.

A line of a page is a fixed one, the title of a theme, or a stretch of a text that goes out with
it and passed the gate by itself; nothing else passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import PurePosixPath

from pipeline.door import artefact_site as site
from pipeline.door import facts, provenance, verify
from pipeline.door.artefact import STRUCTURE, UNREADABLE, Problem, of_json
from pipeline.door.redact import Redaction
from pipeline.door.sweep import Sweep
from pipeline.door.verify import DIFFERS, LEAK, NOT_KNOWN, WORD, Leftover
from pipeline.errors import LeakError, StoreError
from pipeline.match import Names
from pipeline.safe import release as nouns
from pipeline.safe import release_words as words
from pipeline.safe import theme
from pipeline.safe.lesson import NOT_STATED
from pipeline.safe.release import Gone, Past, Quotation, Release, Report, Told

_DATA_KEYS = frozenset(
    {"format", "pages"}
    | {
        field.name
        for noun in (Release, Report, Told, Quotation, Gone, Past)
        for field in fields(noun)
    }
) - {"paragraphs"}
_TOLD_KEYS = frozenset(
    "quarter profile edition versions ledger_head withdrawn revoked id month".split()
)
_ENVELOPE_KEYS = frozenset("payloadType payload signatures keyid key sig".split())
_FULL_NAME = re.compile(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+")
_HASHES = re.compile(r"[0-9a-f]{64}(?:\n[0-9a-f]{64})*")
_VERSION = re.compile(r"program candour [0-9a-z.+]{1,30}|(?!program )[a-z_-]{1,30} [0-9.]{1,20}")
_TOMBSTONE = re.compile(r"<p>This publication was withdrawn in [A-Z][a-z]+ \d{4}\.</p>")


def require_clean(
    files: Mapping[str, bytes], release: Release, redactions: Mapping[str, Redaction]
) -> None:
    """LeakError unless every file of a new release may go out.

    `redactions` are those of its texts, by their public ids: each text is judged by its own, and
    all that is around them by all of them.
    """
    found = [*_texts(files, redactions), *_whole(files, release), *_swept(files, redactions)]
    _require([*found, *_named_themes(release, redactions)])


def require_whole(files: Mapping[str, bytes], release: Release) -> None:
    """LeakError unless a release that was made again says nothing but what its texts say."""
    _require(list(_whole(files, release)))


def hidden_by_others(redactions: Mapping[str, Redaction]) -> dict[str, tuple[int, ...]]:
    """By each text: where in it a name of two words or more stands that another text hides.

    Somebody has to look: a social worker whom one review hides may stand in the next one. It stops
    nothing by itself, since the words may mean another, or be nobody's.
    """
    full = {
        key: {form for form in one.hidden if _FULL_NAME.fullmatch(form)}
        for key, one in redactions.items()
    }
    found = {}
    for key, one in redactions.items():
        own = set(one.hidden)
        others = {form for other, forms in full.items() if other != key for form in forms} - own
        names = Names([("hidden", form) for form in sorted(others)])
        places = (match.span.start for match in names.find(one.document.text.value))
        found[key] = tuple(places) if others else ()
    return found


def _require(found: list[Leftover]) -> None:
    if found:
        error = LeakError(LEAK)
        error.add_note("\n".join(f"{one.artefact}: {one.where}: {one.form}" for one in found[:20]))
        raise error


def _texts(files: Mapping[str, bytes], redactions: Mapping[str, Redaction]) -> Iterator[Leftover]:
    """What is wrong in the texts, each judged as if it went out alone."""
    for public_id, redaction in redactions.items():
        start = f"{nouns.TEXTS}/{public_id}."
        own = {
            PurePosixPath(name).name: data for name, data in files.items() if name.startswith(start)
        }
        yield from verify.leftovers(own, redaction)


def _swept(files: Mapping[str, bytes], redactions: Mapping[str, Redaction]) -> Iterator[Leftover]:
    """Whether a form that any text hides is packed or turned round in a page around them."""
    hidden = [form for one in redactions.values() for form in one.hidden]
    sweep = Sweep(dict.fromkeys(hidden))
    plain = "\n".join(one.document.text.value for one in redactions.values())
    for name, data in sorted(files.items()):
        own = name in site.LISTED or name.endswith((".zip", nouns.MANIFEST))
        if own or name.startswith(f"{nouns.TEXTS}/"):
            continue  # judged by its hash, file by file, value by value, or by itself
        found = sweep.encoded(data, plain=plain)
        yield from (Leftover(name, "bytes", form) for form in found)


def _named_themes(release: Release, redactions: Mapping[str, Redaction]) -> Iterator[Leftover]:
    """Whether the title of a theme that people wrote has a name that any of the texts hides."""
    shipped = {one.title for one in theme.load()}
    written = [title for _, title in release.themes if title not in shipped]
    sweep = Sweep(form for one in redactions.values() for form in one.hidden)
    if any(sweep.words(title) for title in written):
        yield Leftover("the release", "title of a theme", WORD)


def _whole(files: Mapping[str, bytes], release: Release) -> Iterator[Leftover]:
    """What is in a file of a release that is neither fixed nor of its texts."""
    said = _Said(release)
    if set(files) != {*_expected(release, files)}:
        yield Leftover("the release", "names of files", STRUCTURE)
    for name in sorted(files):
        if name.startswith(f"{nouns.TEXTS}/"):
            problems = _tombstone(name, files[name], release)
        else:
            problems = _file(name, files, release, said)
        yield from (Leftover(name, where, form) for where, form in problems)


def _expected(release: Release, files: Mapping[str, bytes]) -> Iterator[str]:
    yield from ("index.html", "lessons.html", "feed.xml", "search-index.js", nouns.DATA)
    yield from (nouns.MANIFEST, release.archive, *site.LISTED)
    for one in release.reports:
        for ending in (*words.FORMATS, "manifest.json"):
            yield f"{nouns.TEXTS}/{one.id}.{ending}"
    yield from (f"{nouns.TEXTS}/{one.id}.html" for one in release.gone)


class _Said:
    """What the texts of a release say, and what a page may say besides."""

    def __init__(self, release: Release) -> None:
        self.paragraphs = {
            (one.id, p.anchor): p.text for one in release.reports for p in one.paragraphs
        }
        self.everything = [nouns.plain(text) for text in self.paragraphs.values()]
        self.quotes = {quote.text.strip() for told in release.lessons for quote in told.quotations}
        self.titles = {title for _, title in release.themes}
        self.kinds = {kind[:1].upper() + kind[1:] for kind in facts.CLOSED["kind"] | {NOT_STATED}}

    def has(self, line: str) -> bool:
        """Whether a line may stand on a page."""
        return (
            words.known(line)
            or line in self.titles
            or line in self.kinds
            or line in self.quotes
            or any(nouns.plain(line) in text for text in self.everything)
        )


def _file(
    name: str, files: Mapping[str, bytes], release: Release, said: _Said
) -> Iterator[Problem]:
    data = files[name]
    try:
        if name in site.LISTED:
            if provenance.sha256(data) != site.LISTED[name]:
                yield "file", STRUCTURE
        elif name in ("index.html", "lessons.html", "feed.xml"):
            lines, _, problems = (site.of_feed if name == "feed.xml" else site.of_page)(data)
            yield from problems
            yield from (("a line", STRUCTURE) for line in lines if not said.has(line))
        elif name == "search-index.js":
            yield from _index(data, release)
        elif name == nouns.DATA:
            yield from _data(data, release, said)
        elif name == nouns.MANIFEST:
            yield from _manifest(data, files, release)
        elif name == release.archive:
            yield from _archive(data, files, release)
        else:
            yield "file", NOT_KNOWN
    except UnicodeDecodeError:
        yield "file", UNREADABLE


def _tombstone(name: str, data: bytes, release: Release) -> Iterator[Problem]:
    """A notice in the place of a text holds nothing of it; the texts are judged elsewhere."""
    if name in {f"{nouns.TEXTS}/{one.id}.html" for one in release.gone}:
        body = data.decode("utf-8").partition("<main>")[2].partition("</main>")[0]
        if not _TOMBSTONE.fullmatch(body):
            yield "text", DIFFERS


def _index(data: bytes, release: Release) -> Iterator[Problem]:
    """The index of search says what the texts say, paragraph by paragraph."""
    titles = dict(release.themes)
    expected = {
        "reports": [
            {
                "id": one.id,
                "year": one.year,
                "themes": [code for code in one.themes if code in titles],
                "paragraphs": [[p.anchor, p.page, p.text] for p in one.paragraphs],
            }
            for one in release.reports
        ],
        "themes": [list(pair) for pair in release.themes],
    }
    if site.of_index(data) != expected:
        yield "value", DIFFERS


def _data(data: bytes, release: Release, said: _Said) -> Iterator[Problem]:
    """The data of a release: every quotation stands in its text, every title in some text."""
    yield from of_json(data, _DATA_KEYS)[1].problems
    if data != nouns.to_data(release):
        yield "file", DIFFERS
    for told in release.lessons:
        if told.title and not said.has(told.title):
            yield "title", DIFFERS
        for quote in told.quotations:
            if quote.text not in said.paragraphs.get((quote.id, quote.anchor), ""):
                yield "quotation", DIFFERS
    years = facts.CLOSED["year"] | {NOT_STATED}
    shown = {one.year for one in release.reports} | {year for _, year in release.counted}
    if not shown <= years:
        yield "year", verify.NOT_LISTED


def _manifest(data: bytes, files: Mapping[str, bytes], release: Release) -> Iterator[Problem]:
    """The manifest vouches for every other file and tells nothing that leads to a review."""
    try:
        statement = provenance.verify(data)
    except StoreError:
        yield "file", UNREADABLE
        return
    yield from of_json(data, _ENVELOPE_KEYS)[1].problems
    told = statement["predicate"]
    if statement["predicateType"] != provenance.RELEASE or not isinstance(told, dict):
        yield "statement", STRUCTURE
        return
    if set(told) != _TOLD_KEYS - {"id", "month"}:
        yield "key", STRUCTURE
        return
    known = {
        "quarter": release.quarter,
        "profile": release.profile,
        "edition": release.edition,
        "withdrawn": [{"id": one.id, "month": one.month} for one in release.gone],
    }
    hashes = "\n".join(map(str, [told["ledger_head"], *told["revoked"]]))
    made = [f"{name} {value}" for name, value in told["versions"].items()]
    if any(told[key] != value for key, value in known.items()):
        yield "value", DIFFERS
    right = "program" in told["versions"] and all(map(_VERSION.fullmatch, made))
    if not _HASHES.fullmatch(hashes) or not right:
        yield "value", STRUCTURE
    others = {name: content for name, content in files.items() if name != nouns.MANIFEST}
    if not all(check.holds for check in provenance.files_hold(statement, others)):
        yield "hashes", DIFFERS


def _archive(data: bytes, files: Mapping[str, bytes], release: Release) -> Iterator[Problem]:
    """The archive holds the very files that stand beside it, and nothing else."""
    year, month, day = map(int, nouns.last_day(release.quarter).split("-"))
    packed, problems = site.of_archive(data, (year, month, day))
    yield from problems
    beside = {
        f"{release.name}/{name}": content
        for name, content in files.items()
        if name not in (nouns.MANIFEST, release.archive)
    }
    if packed != beside:
        yield "files", DIFFERS
