"""A release: what goes out together, in an order that tells nothing. Nouns, and how they are made.

Everything that a release shows is made from what goes out with it: the texts as JSON, and one
file that says the rest. So a text can be taken out of a release later without the workspace's key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from pipeline.errors import StoreError, UsageError
from pipeline.safe import frame
from pipeline.safe.lesson import NOT_STATED, Lesson, Passage
from pipeline.safe.tell import UNTHEMED, quotation, span_of_years
from pipeline.span import BlockKind, Span

FORMAT = "candour-release/1"
DATA = "release.json"
MANIFEST = "release.manifest.json"
TEXTS = "texts"
MOST_QUOTED = 5  # reviews of one lesson that are quoted
MOST_ALONE = 60  # lessons that one review makes, of a whole release
_QUARTER = re.compile(r"((?:19[89]|20\d)\d)Q([1-4])")
_NAME = re.compile(rf"candour-{_QUARTER.pattern}-[a-z]+(?:-[a-z]+)*(?:-edition-\d+)?")
_ENDS = {"1": "03-31", "2": "06-30", "3": "09-30", "4": "12-31"}
_MONTHS = {
    "1": "January to March",
    "2": "April to June",
    "3": "July to September",
    "4": "October to December",
}
_BAD_QUARTER = (
    "A quarter is written as 2009Q1: a year, and 1, 2, 3 or 4. Nothing was released. Write it so."
)
_DAMAGED = (
    "The data of a release are damaged or were written by another version of Candour. Nothing was "
    "changed. Restore the folder from a copy."
)


def quarter(written: str) -> str:
    """A quarter as it is written everywhere; UsageError where it is none.

    >>> quarter("2009q1")
    '2009Q1'
    """
    if not _QUARTER.fullmatch(written.upper()):
        raise UsageError(_BAD_QUARTER)
    return written.upper()


def last_day(of: str) -> str:
    """The last day of a quarter: the one date that every file of its release bears.

    >>> last_day("2009Q1")
    '2009-03-31'
    """
    return f"{of[:4]}-{_ENDS[of[-1]]}"


def in_words(of: str) -> str:
    """A quarter for readers.

    >>> in_words("2009Q1")
    'January to March 2009'
    """
    return f"{_MONTHS[of[-1]]} {of[:4]}"


def name(of: str, profile: str, edition: int) -> str:
    """The name of a release's folder.

    >>> name("2009Q1", "public", 2)
    'candour-2009Q1-public-edition-2'
    """
    return f"candour-{of}-{profile}" + (f"-edition-{edition}" if edition > 1 else "")


def is_name(folder: str) -> bool:
    """Whether a folder's name is that of a release.

    >>> is_name("candour-2009Q1-public-edition-2"), is_name("published")
    (True, False)
    """
    return _NAME.fullmatch(folder) is not None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of a text: where a link leads to it, on which page it stood, and its words."""

    anchor: str
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """One text of a release. `themes` are the codes that its passages meet."""

    id: str
    kind: str
    year: str
    themes: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def pages(self) -> int:
        """How many pages the report had."""
        return max((one.page for one in self.paragraphs), default=0)


@dataclass(frozen=True, slots=True)
class Quotation:
    """An exact stretch of a paragraph of one text."""

    id: str
    anchor: str
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A lesson as a release tells it. `said_by` are texts of this and of earlier releases."""

    title: str
    theme: str
    said_by: tuple[str, ...]
    first: str
    last: str
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """A text that was withdrawn, and in which month (YYYY-MM)."""

    id: str
    month: str


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier release under the same profile, and how many texts it had."""

    quarter: str
    reviews: int


@dataclass(frozen=True, slots=True)
class Release:
    """What goes out together. `counted` are the texts that lessons are counted over, with years.

    Its texts stand in the order of their ids, which were drawn at random. `themes` are (code,
    title) pairs of the codebook, those that are met.
    """

    quarter: str
    profile: str
    edition: int
    reports: tuple[Report, ...]
    lessons: tuple[Told, ...] = ()
    counted: tuple[tuple[str, str], ...] = ()
    themes: tuple[tuple[str, str], ...] = ()
    gone: tuple[Gone, ...] = ()
    past: tuple[Past, ...] = ()

    @property
    def of(self) -> int:
        """How many texts the lessons are counted over."""
        return len(self.counted)

    @property
    def name(self) -> str:
        """The name of its folder."""
        return name(self.quarter, self.profile, self.edition)

    @property
    def archive(self) -> str:
        """The name of the file that holds all the others."""
        return f"{self.name}.zip"


# -- made from what goes out ---------------------------------------------------------------


def report(content: bytes, themes: Sequence[str] = ()) -> Report:
    """A text as its JSON file tells it (candour-report/1); StoreError where it is none."""
    try:
        told = json.loads(content)
        text = str(told["text"])
        facts = told["facts"]
        headings = 0
        made = []
        for number, block in enumerate(told["blocks"], start=1):
            heading = block["kind"] == BlockKind.HEADING.value
            headings += heading
            place = f"h{headings}" if heading else frame.anchor(number)
            words = Span(block["start"], block["end"]).of(text)
            made.append(Paragraph(place, int(block["page"]), words))
        return Report(
            str(told["id"]), str(facts["kind"]), str(facts["year"]), tuple(themes), tuple(made)
        )
    except (ValueError, KeyError, TypeError):
        raise StoreError(_DAMAGED) from None


def themes_of(passages: Iterable[Passage]) -> dict[str, tuple[str, ...]]:
    """The codes that the passages of each review meet, in their order."""
    found: dict[str, set[str]] = {}
    for passage in passages:
        found.setdefault(passage.review, set()).update(mark.code for mark in passage.themes)
    return {review: tuple(sorted(codes)) for review, codes in found.items()}


def told(
    lessons: Sequence[Lesson],
    passages: Iterable[Passage],
    ids: Mapping[str, str],
    reports: Sequence[Report],
    years: Mapping[str, str],
    titles: Mapping[str, str],
) -> tuple[Told, ...]:
    """The lessons that a release tells: only those that one of its own texts makes.

    `ids` leads from each review that was released, now or before, to its public id, `years` from
    there to its year. Only what
    stands in a text of this release is quoted, and a title that no such text has in these words
    gives way to that of the theme (`titles`): it may come from a text that is not released.
    """
    by_pair = {(p.review, p.id): p for p in passages}
    own = {one.id: one for one in reports}
    made = []
    for lesson in lessons:
        said_by = tuple(sorted({ids[r] for r, _ in lesson.passages if r in ids}))
        quotes = tuple(_quotations(lesson, by_pair, ids, own))
        if not quotes:
            continue
        theme = "" if lesson.theme == UNTHEMED else lesson.theme
        one = Told(lesson.title, theme, said_by, *span_of_years(said_by, years), quotes)
        made.append(titled(one, own.values(), titles))
    return _few(_ordered(made))


def _few(lessons: Sequence[Told]) -> tuple[Told, ...]:
    again = [one for one in lessons if len(one.said_by) > 1]
    alone = [one for one in lessons if len(one.said_by) == 1]
    return (*again, *alone[:MOST_ALONE])


def _ordered(lessons: Iterable[Told]) -> tuple[Told, ...]:
    def place(one: Told) -> tuple[object, ...]:
        first = one.quotations[0]
        return -len(one.said_by), not one.theme, one.theme, one.title, first.id, first.text

    return tuple(sorted(lessons, key=place))


def _quotations(
    lesson: Lesson,
    by_pair: Mapping[tuple[str, str], Passage],
    ids: Mapping[str, str],
    own: Mapping[str, Report],
) -> Iterator[Quotation]:
    """One quotation for each text of the release that makes the lesson, in the order of ids."""
    found: dict[str, Quotation] = {}
    for pair in lesson.passages:
        passage, public_id = by_pair.get(pair), ids.get(pair[0], "")
        if passage is None or public_id not in own or public_id in found:
            continue
        words = quotation(passage.text, lesson.title)
        place = next((p for p in own[public_id].paragraphs if words in p.text), None)
        if place is not None:
            found[public_id] = Quotation(public_id, place.anchor, place.page, words)
    yield from (found[one] for one in sorted(found)[:MOST_QUOTED])


def titled(lesson: Told, reports: Iterable[Report], titles: Mapping[str, str]) -> Told:
    """The lesson under a title that its own texts vouch for, else under its theme's, else none."""
    said = {one.id for one in lesson.quotations}
    texts = (p.text for one in reports if one.id in said for p in one.paragraphs)
    wanted = plain(lesson.title)
    if wanted and any(wanted in plain(text) for text in texts):
        return lesson
    return replace(lesson, title=titles.get(lesson.theme, ""))


def plain(text: str) -> str:
    """Words as they are compared: small, without marks, one blank between.

    >>> plain("The records, were NOT shared.")
    ' the records were not shared '
    """
    return " " + " ".join(re.findall(r"\w+", text.lower())) + " "


def without(release: Release, public_id: str, month: str, titles: Mapping[str, str]) -> Release:
    """The release once a text was withdrawn: not quoted, not counted, and told as gone if here."""
    stays = tuple(one for one in release.reports if one.id != public_id)
    was_here = len(stays) < len(release.reports)
    counted = tuple(pair for pair in release.counted if pair[0] != public_id)
    lessons = []
    for one in release.lessons:
        quotes = tuple(q for q in one.quotations if q.id != public_id)
        said_by = tuple(i for i in one.said_by if i != public_id)
        first, last = span_of_years(said_by, dict(counted))
        left = replace(one, said_by=said_by, quotations=quotes, first=first, last=last)
        if quotes:
            lessons.append(one if said_by == one.said_by else titled(left, stays, titles))
    met = {code for one in stays for code in one.themes} | {one.theme for one in lessons}
    gone = {one.id: one for one in release.gone}
    if was_here:
        gone[public_id] = Gone(public_id, month)
    return replace(
        release,
        reports=stays,
        lessons=_ordered(lessons),
        counted=counted,
        themes=tuple(pair for pair in release.themes if pair[0] in met),
        gone=tuple(gone[one] for one in sorted(gone)),
    )


# -- the data of a release -----------------------------------------------------------------


def to_data(release: Release) -> bytes:
    """What a release says besides its texts, as JSON: the same release gives the same bytes."""
    told = asdict(release)
    for one in told["reports"]:
        one["pages"] = max((p["page"] for p in one.pop("paragraphs")), default=0)
    data = {"format": FORMAT, **told}
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def from_data(content: bytes, texts: Mapping[str, bytes]) -> Release:
    """The release that data and texts (by public id, as JSON) tell; StoreError where none."""
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            raise StoreError(_DAMAGED)
        return Release(
            quarter=quarter(told["quarter"]),
            profile=str(told["profile"]),
            edition=int(told["edition"]),
            reports=tuple(report(texts[r["id"]], r["themes"]) for r in told["reports"]),
            lessons=tuple(_told(one) for one in told["lessons"]),
            counted=tuple((str(one), str(year)) for one, year in told["counted"]),
            themes=tuple((str(code), str(title)) for code, title in told["themes"]),
            gone=tuple(Gone(**one) for one in told["gone"]),
            past=tuple(Past(**one) for one in told["past"]),
        )
    except (ValueError, KeyError, TypeError, UsageError):
        raise StoreError(_DAMAGED) from None


def _told(one: Mapping[str, object]) -> Told:
    quotes = one["quotations"]
    said_by = one["said_by"]
    if not isinstance(quotes, list) or not isinstance(said_by, list):
        raise StoreError(_DAMAGED)
    return Told(
        title=str(one["title"]),
        theme=str(one["theme"]),
        said_by=tuple(map(str, said_by)),
        first=str(one.get("first", NOT_STATED)),
        last=str(one.get("last", NOT_STATED)),
        quotations=tuple(Quotation(**quote) for quote in quotes),
    )
