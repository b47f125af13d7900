"""What a report says of its own making: who sat on the panel, its author, its period, its grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.raw import facts_calendar as days
from pipeline.raw import facts_tables as tables
from pipeline.raw.document import Document
from pipeline.raw.facts_cover import INDEPENDENT
from pipeline.raw.facts_nouns import NOTHING, Fact, Source, agreed
from pipeline.raw.facts_person import same_day
from pipeline.raw.facts_sentences import Sentence
from pipeline.span import Span

NOT_INDEPENDENT = "not independent"
INDEPENDENCE = (INDEPENDENT, NOT_INDEPENDENT)
JUDGEMENTS = ("outstanding", "good", "adequate", "requires improvement", "inadequate")

_ROLE = (
    r"(?:(?:[Oo]verview|[Ll]ead|[Rr]eport|[Ii]ndependent|[Rr]eview|SCR|SAR|DHR)[ -])*"
    r"(?:[Aa]uthor|[Rr]eviewer|[Ww]riter)(?: of (?:this|the) (?:overview )?(?:report|review))?"
)
_BODIES = regex.compile(
    r"\b(?:agenc\w+|organisations?|services|case|family|board|partnership|council|authorit\w+"
    r"|bodies|area|county|borough|trusts?|partners|professionals|events|those|practitioners"
    r"|employ\w+|local)\b",
    regex.IGNORECASE,
)
_FREE = (
    r"(?:(?:is|was|remains?)(?: (?:entirely|completely|wholly|fully|also|therefore))?"
    r" independent (?:of|from)\b|(?:has|have|had) (?:had )?(?:no|not had any|never had any)(?:"
    r" (?:previous|prior|direct|personal|professional|other|current|line|management))*(?: (?:or"
    r"|and) \w+)? (?:involvement|connections?|links?|responsibility)\b|(?:has|have|had) (?:not"
    r"|never)(?: (?:previously|ever|directly))? (?:worked|been employed)\b|(?:does|did) not"
    r" (?:work|have any (?:links?|connections?|involvement))\b)"
)
_BOUND = (
    r"(?:(?:is|was) not(?: (?:entirely|completely|wholly|fully))? independent\b|(?:is|was)"
    r" (?:an employee of|employed by) (?:the|one of)\b|(?:is|was) (?:the|a) (?:business"
    r"|safeguarding|service) manager (?:of|for|in) the\b)"
)
_OTHERS_WORK = regex.compile(
    r"\b(?:IMR|management review|single agency|individual) (?:authors?|writers?)", regex.I
)


def independence(sentences: Sequence[Sentence], authors: Sequence[Fact], cover: Fact) -> Fact:
    """Whether the author stands apart from the services: as a sentence says, else a title.

    The sentence is the fact's place. Where sentence and title contradict each other, nothing.
    """
    names = [regex.escape(fact.value) for fact in authors]
    names += [rf"(?:Mr|Mrs|Ms|Miss|Dr|Professor|Prof)\.? {n.split()[-1]}" for n in names]
    named = "|".join(names) or "(?!)"
    who = rf"(?<![\w’'-])(?:[Tt]he {_ROLE}(?:,? (?:{named}),?)?|{named})"
    work = r",? (?:is|was)(?: an?)? (?:\w+-)?\w+(?: \w+){0,3} and"
    lead = rf"{who}(?:{work}|,[^.;,]{{0,80}},)?(?: who)? ?"
    pattern = regex.compile(rf"{lead}(?:(?P<free>{_FREE})|(?P<bound>{_BOUND}))")
    found: list[Fact] = []
    for one in sentences:
        told = pattern.search(one.text)
        if told is None or not one.tells() or _OTHERS_WORK.search(one.text):
            continue
        if told["free"] and not _BODIES.search(one.text, told.end(), told.end() + 120):
            continue
        value = INDEPENDENT if told["free"] else NOT_INDEPENDENT
        found.append(Fact(value, one.whole, Source.BODY))
    return agreed([*found, *([cover] if cover.stated else [])], str.__eq__)


_REVIEW = (
    r"(?:(?:[Tt]his|[Tt]he) (?:overview report|[Ss]erious [Cc]ase [Rr]eview|SCR|review)(?:"
    r" (?:report|process|overview report))?)"
)
_GRADE = rf"(?P<it>{'|'.join(JUDGEMENTS)})"
_JUDGED = (
    rf"{_REVIEW} (?:has been|was|is) (?:evaluated|judged|graded|rated|assessed)[^.;]{{0,30}}?"
    rf" by Ofsted(?: (?:as|to be|and (?:judged|graded|rated)(?: as| to be)?))? (?:overall"
    rf" )?[‘'“\"]?{_GRADE}\b",
    rf"{_REVIEW} (?:has been|was|is) (?:evaluated|judged|graded|rated|assessed)(?: as| to be)?"
    rf" [‘'“\"]?{_GRADE}\b"
    r"[’'”\"]?(?: overall)? by Ofsted",
    rf"Ofsted(?: has| have)? (?:evaluated|judged|graded|rated|assessed) {_REVIEW[:-1]})(?: as|"
    rf" to be)? [‘'“\"]?{_GRADE}\b",
    rf"Ofsted(?:['’]s)? (?:evaluation|judgement|grade|grading) (?:of|for) {_REVIEW[:-1]})"
    rf" (?:was|is)(?: that it was)? [‘'“\"]?{_GRADE}\b",
)  # fmt: skip


def judgement(sentences: Sequence[Sentence]) -> Fact:
    """The grade that Ofsted gave to this very review, as far as the report states it."""
    found = [
        Fact(match["it"], one.span(*match.span("it")), Source.BODY)
        for one in sentences
        if "Ofsted" in one.text and one.tells()
        for pattern in _JUDGED
        for match in regex.finditer(pattern, one.text)
    ]
    return agreed(found, str.__eq__)


_DIGIT = regex.compile(r"\d")
_UNDER = r"(?:time ?frame|period|scope|time ?scale|time ?span|span of time)"
_BETWEEN = (
    rf"(?P<a>{days.DATE}),? ?(?:to|until|till|and|through to|up to|–|—|-) (?:the )?(?:(?:end"
    rf"|beginning|start) of )?(?P<b>{days.DATE})"
)
_PERIODS = (
    rf"\b(?:[Rr]eview(?:ed)?|[Rr]eport|SCR|SAR|DHR|[Pp]anel)\b[^.;]{{0,40}}? (?:covers?|covered"
    rf"|considers?|considered|examines?|examined|looks? at|looked at|focus(?:es|ed)? on"
    rf"|reviewed)[^.;]{{0,40}}? {_UNDER}[^.;\d]{{0,30}}? (?:from|between|of|is|was):? (?:the"
    rf" )?{_BETWEEN}",
    rf"\b[Tt]he (?:\w+ )?{_UNDER}(?: (?:of|for|under|covered by|considered by|in)(?: (?:the"
    rf"|this))? (?:\w+ )?(?:review|report))?(?: (?:looked at|agreed|set|chosen|covered)(?: in"
    rf" detail)?)?[^.;\d]{{0,40}}? (?:from|between|is|was|as|runs from|ran from):? (?:the"
    rf" )?{_BETWEEN}",
)  # fmt: skip
_PERIOD_LABEL = (
    r"(?:period|time ?frame|time ?scale|scope)(?: (?:under|of|for|covered by) (?:the"
    r" )?review)?(?: period)?"
)


def _with_digits(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences that may hold a date: every date has a digit, and most sentences have none."""
    return (one for one in sentences if _DIGIT.search(one.text))


def period(document: Document, sentences: Sequence[Sentence]) -> tuple[Fact, Fact]:
    """The first and the last day that the review looked at."""
    starts: list[Fact] = []
    ends: list[Fact] = []
    for label, cell in tables.fields(document):
        fits = regex.fullmatch(_PERIOD_LABEL, label)
        if fits and (match := regex.search(_BETWEEN, cell.text)):
            starts.append(cell.fact(match["a"]))
            ends.append(cell.fact(match["b"]))
    for one in _with_digits(sentences):
        for match in (m for p in _PERIODS for m in regex.finditer(p, one.text)):
            if one.tells(match.end()):
                starts.append(Fact(match["a"], one.span(*match.span("a")), Source.BODY))
                ends.append(Fact(match["b"], one.span(*match.span("b")), Source.BODY))
    start, end = agreed(starts, same_day), agreed(ends, same_day)
    return (start, end) if start.stated and end.stated else (NOTHING, NOTHING)


_BEGUN = (
    rf"\b(?:[Tt]he|[Tt]his) (?:\w+ ){{0,3}}?[Rr]eview (?:was (?:formally )?(?:commissioned"
    rf"|initiated|commenced|started|begun|launched)|began|commenced|started)(?:"
    rf" [^.;\d]{{0,50}}?)? (?:on|in) (?P<it>{days.DATE})",
    rf"\bdecision to (?:conduct|hold|undertake|commission|carry out) (?:\w+ ){{1,4}}?review"
    rf" (?:was (?:made|taken) )?on (?P<it>{days.DATE})",
    rf"(?:agreed|decided|took the decision) on (?P<it>{days.DATE}) (?:that|to) (?:[^.;]{{0,60}}"
    rf" )?(?:review|SCR|SAR)\b",
)  # fmt: skip
_DONE = (
    rf"\b(?:[Tt]his|[Tt]he) (?:overview )?(?:report|review) was (?:completed|finalised|signed"
    rf" off)(?: [^.;\d]{{0,30}}?)? (?:on|in) (?P<it>{days.DATE})"
)
_OUT = (
    rf"\b(?:[Tt]his|[Tt]he) (?:overview )?(?:report|review) (?:was|is being) published(?:"
    rf" [^.;\d]{{0,30}}?)? (?:on|in) (?P<it>{days.DATE})"
)


def _dated(patterns: Sequence[str], sentences: Sequence[Sentence]) -> Fact:
    found = [
        Fact(match["it"], one.span(*match.span("it")), Source.BODY)
        for one in _with_digits(sentences)
        for pattern in patterns
        for match in regex.finditer(pattern, one.text)
        if one.tells(match.end())
    ]
    return agreed(found, same_day)


def begun(document: Document, sentences: Sequence[Sentence]) -> Fact:
    """The day on which the review was begun or decided on."""
    label = r"(?:date )?(?:review )?(?:commissioned|initiated|commenced|started|begun)(?: on)?"
    for name, cell in tables.fields(document):
        if regex.fullmatch(label, name) and (day := regex.match(days.DATE, cell.text)):
            return cell.fact(day.group())
    return _dated(_BEGUN, sentences)


def completed(sentences: Sequence[Sentence]) -> Fact:
    """The day on which a sentence says that the report was completed."""
    return _dated((_DONE,), sentences)


def published(sentences: Sequence[Sentence]) -> Fact:
    """The day on which a sentence says that the report was published."""
    return _dated((_OUT,), sentences)


_ROLES = r"(?:role|job title|position|designation|title)(?: .*)?"


def _of_panel(document: Document) -> tables.Grid | None:
    """The table of the panel: one with roles and agencies, where "panel" stands above it."""
    for grid in tables.grids(document):
        agency = tables.column(grid, r"(?:agency|organisation|service)(?: .*)?")
        headed = "panel" in grid.above.casefold() or any("panel" in head for head in grid.head)
        if headed and agency is not None and tables.column(grid, _ROLES) is not None:
            return grid
    return None


def panel(document: Document) -> tuple[Fact, ...]:
    """The members of the panel as its table lists them: name, role and agency of each row."""
    grid = _of_panel(document)
    return () if grid is None else tuple(_members(grid))


def chairs(document: Document) -> tuple[Fact, ...]:
    """Whom the table of the panel gives as its chair, by name."""
    grid = _of_panel(document)
    role = None if grid is None else tables.column(grid, _ROLES)
    name = None if grid is None else tables.column(grid, r"(?:panel )?(?:member|name)s?(?: .*)?")
    if grid is None or role is None or name is None:
        return ()
    known = (row for row in grid.rows if len(row) > max(role, name) and row[name].text)
    fits = r"(?i:(?:independent )?(?:panel )?chair(?:person)?(?: of (?:the )?(?:review )?panel)?)"
    return tuple(row[name].fact() for row in known if regex.fullmatch(fits, row[role].text))


def _members(grid: tables.Grid) -> Iterator[Fact]:
    for row in grid.rows:
        cells = [cell for cell in row if cell.text and cell.span is not None]
        spans = [cell.span for cell in cells if cell.span is not None]
        if spans:
            span = Span(spans[0].start, spans[-1].end)
            yield Fact(", ".join(cell.text for cell in cells), span, Source.TABLE)
