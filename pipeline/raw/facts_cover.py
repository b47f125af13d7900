"""What the cover and the running headers say: kind, board, subject, people of the review, dates.

Only what is said, never a guess: the cover first, then running headers, then the sentence in
which a report says what it is. A text that no board or kind of review claims has no facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from pipeline.raw import facts_days as days
from pipeline.raw import facts_names as names
from pipeline.raw import facts_titles as titles
from pipeline.raw.document import Document
from pipeline.raw.facts_names import Said, is_label
from pipeline.raw.facts_nouns import NOTHING, Fact, Facts, Source
from pipeline.span import Span

_OPENING = 3000
_COVER = 2000

_RIGHTS = regex.compile(r"(?:©|copyright)[^\n]{0,90}?\b(?P<it>(?:19|20)\d\d)\b", regex.I)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# Where the cover is over: contents, a first section, or what opens a report.
_INSIDE = regex.compile(
    r"^(?:(?:table[ ]of[ ])?contents(?:[ ]page)?|foreword|preface|acknowledge?ments?"
    r"|glossary[^\n]{0,40}|introduction[^\n]{0,30}|background[^\n]{0,30}"
    r"|circumstances[ ]leading[^\n]{0,40}|(?:section|part|chapter)[ ](?:1|one)\b[^\n]{0,60}"
    rf"|1(?:[.-][01]?)*[ \t]+(?!(?i:{_MONTHS})\b)\p{{Lu}}[^\n]*|[^\n]*\.{{6,}}[^\n]*)[ ]*$",
    regex.IGNORECASE | regex.MULTILINE,
)
_LINE = regex.compile(r"[^\n]*\S[^\n]*")
INDEPENDENT = "independent"
_INDEPENDENT = regex.compile(
    r"\bindependent (?:(?:overview|lead|report|review|chair|and)[ &]+)*(?:author|reviewer"
    r"|writer)s?\b",
    regex.I,
)
_SENTENCE, _NEAR = 160, 300
_HEADERS = 20  # that differ by more than the number of the page


@dataclass(frozen=True, slots=True)
class _Front:
    """The places where a report says what it is; `cover` starts where the text starts."""

    cover: str
    opening: str
    furniture: tuple[str, ...]

    @property
    def texts(self) -> Iterator[tuple[str, bool]]:
        """The cover, then each text of furniture; with whether spans count in the document."""
        yield self.cover, True
        yield from ((text, False) for text in self.furniture)


def _front(document: Document) -> _Front:
    opening = names.visible(document.text[:_OPENING])
    inside = next((m for m in _INSIDE.finditer(opening) if m.start() > 0), None)
    wide = (b.span.start for b in document.blocks if b.span and any(len(r) > 2 for r in b.rows))
    end = min(_COVER, inside.start() if inside else _COVER, next(wide, _COVER))
    texts = (names.visible(text) for text in reversed(document.furniture))
    headers = {regex.sub(r"\d+\W*$", "", text): text for text in texts}
    return _Front(opening[:end], opening, tuple(reversed(headers.values()))[:_HEADERS])


def stated(document: Document) -> Facts:
    """What the front of the report says; nothing at all where no board and no kind claims it."""
    return _placed(_said(_front(document)), document.text)


def _placed(found: Facts, text: str) -> Facts:
    """The same facts, with spans that count what cannot be seen in the text as well."""
    places = names.visible_places(text[:_OPENING])
    if len(places) == min(len(text), _OPENING):
        return found

    def moved(fact: Fact) -> Fact:
        at = fact.span
        return (
            fact
            if at is None
            else replace(fact, span=Span(places[at.start], places[at.end - 1] + 1))
        )

    return Facts(
        kind=moved(found.kind),
        part=moved(found.part),
        board=moved(found.board),
        subject=moved(found.subject),
        authors=tuple(map(moved, found.authors)),
        chairs=tuple(map(moved, found.chairs)),
        completed=moved(found.completed),
        published=moved(found.published),
        year=moved(found.year),
        independence=moved(found.independence),
    )


def _said(front: _Front) -> Facts:
    kind, board = _kind(front), _board(front, firmly=True)
    if kind.value == titles.PFD:
        return Facts(kind=kind, year=_year(front, days.own(front.cover)))
    if not (kind.stated or board.stated):
        return Facts()
    authors, chairs = _people(front.cover)
    own = days.own(front.cover)
    return Facts(
        kind=kind,
        part=_part(front),
        board=board if board.stated else _board(front, firmly=False),
        subject=_subject(front),
        authors=tuple(_fact(said) for said in authors),
        chairs=tuple(_fact(said) for said in chairs),
        completed=_day(own, "completed"),
        published=_day(own, "published"),
        year=_year(front, own),
        independence=_independence(front),
    )


def _independence(front: _Front) -> Fact:
    """That a title calls the author independent ("Independent Overview Writer: ...")."""
    match = _INDEPENDENT.search(front.cover)
    return NOTHING if match is None else _fact(Said(INDEPENDENT, Span(*match.span())))


def _fact(said: Said, *, inside: bool = True) -> Fact:
    """A fact of the cover or, not `inside`, of a running header, which has no place in the text."""
    where = (said.span, Source.COVER) if inside else (None, Source.HEADER)
    return Fact(said.value, *where)


def _opening(said: Said) -> Fact:
    return Fact(said.value, said.span, Source.OPENING)


def _kind(front: _Front) -> Fact:
    for text, inside in front.texts:
        for said in titles.kinds(text):
            return _fact(said, inside=inside)
    own = titles.own_kind(front.opening)
    return NOTHING if own is None else _opening(own)


def _part(front: _Front) -> Fact:
    """The part that a title gives, up to the first sentence: later it may be a section's."""
    for text, inside in front.texts:
        long = next((m.start() for m in _LINE.finditer(text) if len(m.group()) > _SENTENCE), None)
        for said in titles.parts(text):
            if long is None or said.span.start < long:
                return _fact(said, inside=inside)
    return NOTHING


def _board(front: _Front, *, firmly: bool) -> Fact:
    """The board of a title or a repository's field; less firmly, of a notice or a sentence."""
    for text, inside in front.texts:
        found = titles.boards(text)
        for said in found:
            if firmly and titles.is_board_title(text, said):
                return _calm(said, front, inside=inside)
        field = titles.board_field(text) if firmly else None
        if field is not None:
            return _fact(field, inside=inside)
    if not firmly:
        for text, inside in ((front.opening, True), *((t, False) for t in front.furniture)):
            for said in titles.boards(text):
                if titles.speaks(text, said):
                    late = inside and said.span.start >= len(front.cover)
                    return _opening(said) if late else _fact(said, inside=inside)
    return NOTHING


def _calm(said: Said, front: _Front, *, inside: bool) -> Fact:
    """The same board where the report writes it without shouting, or without a name before it."""
    for text, within in ((front.opening, True), *((t, False) for t in front.furniture)):
        for other in titles.boards(text):
            more = said.value[: -len(other.value)].strip()
            same = said.value.casefold().endswith(other.value.casefold())
            quieter = not more and said.value.isupper() and not other.value.isupper()
            if same and (quieter or names.is_name(more)):
                late = within and other.span.start >= len(front.cover)
                return _opening(other) if late else _fact(other, inside=within)
    return _fact(said, inside=inside)


def _subject(front: _Front) -> Fact:
    """What the cover calls the subject, then a running header, then the first sentences.

    What stands further up counts, but a label close by before a name.
    """
    for text, inside in front.texts:
        found = [*_in_titles(text), *names.after_cue(text), *_alone(text)]
        if found:
            return _fact(_first(found), inside=inside)
    return next((_opening(said) for said in names.called(front.opening)), NOTHING)


def _people(text: str) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    return names.people(titles.masked(text, [span for span, _ in days.found(text)]))


def _first(found: Sequence[Said]) -> Said:
    top = min(said.span.start for said in found)
    near = (said for said in found if said.span.start - top < _NEAR)
    return min(near, key=lambda said: (not is_label(said.value), said.span.start))


def _in_titles(text: str) -> Iterator[Said]:
    """Labels on lines of their own, and what stands beside the titles on their lines."""
    known = [*titles.kinds(text), *titles.parts(text), *titles.boards(text)]
    rest = titles.masked(text, [said.span for said in known])
    rest = titles.masked(rest, [span for span, _ in days.found(text)])
    rest = titles.masked(rest, [said.span for group in _people(text) for said in group])
    for line in _LINE.finditer(rest):
        titled = titles.has_gap(line.group())
        for piece in regex.finditer(r"[^\x00:|\t–—]+?(?=$|[\x00:|\t–—]|[ ]-[ ])", line.group()):
            span = names.label_or_name(piece.group())
            if span is None and titled:
                span = names.leading_label(piece.group())
            if span is None:
                continue
            span = span.shift(line.start() + piece.start())
            if is_label(span.of(text)) or names.labels(span.of(text)) or titled:
                yield Said(titles.plain(span.of(text)), span)


def _alone(text: str) -> Iterator[Said]:
    """A name on a line of its own beside the title of the review.

    After the title, two words may be the author's: they count only where a part follows, or
    where the cover says who its author is.
    """
    rows = list(_LINE.finditer(text))
    what = _classes(text, rows)
    authors, chairs = _people(text)
    others = {said.span.start for said in (*authors, *chairs)}
    for at, row in enumerate(rows):
        span = names.label_or_name(row.group())
        if what[at] != "" or span is None or row.start() + span.start in others:
            continue
        before, after = what[at - 1] if at else "", what[at + 1] if at + 1 < len(rows) else ""
        sure = after in {"kind", "part"} or bool(authors) or " " not in row.group().strip()
        if after == "kind" or (before in {"kind", "part", "board"} and sure and after != "role"):
            yield Said(titles.plain(span.of(row.group())), span.shift(row.start()))


def _classes(text: str, rows: Sequence[regex.Match[str]]) -> list[str]:
    """What each line of a cover is: kind, board, part, role, day, or nothing known."""
    spans: list[tuple[str, Span]] = [
        *(("kind", said.span) for said in titles.kinds(text)),
        *(("board", said.span) for said in titles.boards(text)),
        *(("part", said.span) for said in titles.parts(text)),
        *(("role", span) for span in names.roles(text)),
        *(("day", span) for span, _ in days.found(text)),
    ]
    spans += [("part", Span(*row.span())) for row in rows if titles.is_plain_title(row.group())]
    lines = [Span(*row.span()) for row in rows]
    return [next((name for name, span in spans if span.overlaps(line)), "") for line in lines]


def _day(own: Iterable[tuple[str, Said]], wanted: str) -> Fact:
    return next((_fact(said) for name, said in own if name == wanted), NOTHING)


def _year(front: _Front, own: Sequence[tuple[str, Said]]) -> Fact:
    """Of publication; else of the rights notice; else the latest of the report's own dates."""
    known = [(name, Said(year, said.span)) for name, said in own if (year := days.year(said.value))]
    for name, said in known:
        if name == "published":
            return _fact(said)
    for text, inside in front.texts:
        match = _RIGHTS.search(text)
        if match:
            return _fact(Said(match["it"], Span(*match.span("it"))), inside=inside)
    if known:
        return _fact(max((said for _, said in known), key=lambda said: said.value))
    for text in front.furniture:
        for _, said in days.own(text):
            if year := days.year(said.value):
                return Fact(year, None, Source.HEADER)
    return NOTHING
