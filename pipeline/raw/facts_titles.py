"""The titles of a cover: the kind of review, the part of it, and the board whose report it is.

A title stands alone on its line, or beside other titles, labels and dates; what a sentence
mentions in passing is no title. Every function takes a text and gives spans of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.raw.facts_names import LABEL, Said, is_label, is_name, starts_with_label
from pipeline.raw.recognisers import wording
from pipeline.span import Span

_GAP = "\x00"  # stands for what was understood already, so that nothing else reaches over it
_I, _X = regex.IGNORECASE, regex.VERBOSE | regex.IGNORECASE


PFD = "report to prevent future deaths"  # a coroner's, of no board
# The more particular stand before the more general: the longest at a place wins.
_KINDS = tuple(
    (value, regex.compile(rf"\b(?:(?i:{words})(?!s|['’]s|\p{{L}})|(?:{short})\b(?!['’]s))"))
    for value, words, short in (
        ("child safeguarding practice review",
         r"child(?:ren)?(?:['’]s)?\s+safeguarding\s+practice\s+review", "LCSPR|CSPR"),
        ("child practice review", r"child(?:ren['’]?s)?\s+practice\s+review", "CPR"),
        ("adult practice review", r"adults?\s+practice\s+review", "APR"),
        ("serious case review", r"serious\s+case\s+review", "SCR"),
        ("safeguarding adults review", r"safeguarding\s+adults?['’]?s?\s+review", "SAR"),
        ("domestic homicide review", r"domestic\s+homicide\s+review", "DHR"),
        ("domestic abuse related death review",
         r"domestic\s+abuse[\s-]+related\s+death\s+review", "DARDR"),
        ("significant case review", r"significant\s+case\s+review", "(?!)"),
        ("case management review", r"case\s+management\s+review", "CMR"),
        ("part 8 review", r"part\s+(?:8|eight|VIII)\s+(?:case\s+)?review", "(?!)"),
        ("chapter 8 review", r"chapter\s+(?:8|eight|VIII)\s+(?:case\s+)?review", "(?!)"),
        ("single unified safeguarding review",
         r"single\s+unified\s+safeguarding\s+review", "SUSR"),
        (PFD, r"(?:regulation\s+28\W+)?(?:report\s+to\s+)?prevent(?:ion\s+of)?\s+future\s+deaths?"
         r"(?:\s+report)?", "(?!)"),
        ("mental health homicide review", r"mental\s+health\s+homicide\s+review", "(?!)"),
        ("learning review", r"learning\s+review", "(?!)"),
        ("rapid review", r"rapid\s+review", "(?!)"),
    )
)  # fmt: skip
KINDS = tuple(value for value, _ in _KINDS)
# Kinds that are held of nothing but deaths.
OF_DEATHS = ("domestic homicide review", "domestic abuse related death review")
_PARTS = tuple(
    (value, regex.compile(rf"\b(?:{words})\b(?![ ]+(?:author|writer|by\b|panel))", _I))
    for value, words in (
        ("executive summary", r"(?:executive\s+summary|summary\s+report)"),
        ("overview report", r"overview\s+report"),
        ("briefing", r"(?:(?:practitioner|learning|practice)s?['’]?\s+)?briefing(?:\s+note)?"),
    )
)
_LEAD = frozenset(
    """the a an of from into on to title report overview executive summary final independent local
    joint thematic concise extended draft confidential redacted anonymised published full composite
    combined for in multi-agency multi agency official sensitive discretionary statutory copyright
    version lscb ©""".split()
)
_FOLLOWS = regex.compile(
    rf"""\s*(?:$|[{_GAP}:;.,–—|()\[\]/“"\d-]|(?:overview|executive|summary|final|report|full
    |in|into|concerning|regarding|re|relating|on|of|for|about|following|under|commissioned
    |undertaken|conducted|pursuant|and|panel|published|chaired|author|independent|learning)\b)""",
    _X,
)
_SELF = regex.compile(
    r"\bThis\s+(?:(?:is|was|report|overview|executive|summary|document|independent|statutory|final"
    r"|full|review|version|local|joint|concise|extended|thematic|an?|the|of|presents|sets|out)\s+)"
    r"{0,8}(?:(?:findings|results|outcomes?|learning|lessons)\s+(?:of|from)\s+(?:an?|the)\s+)?$",
    _I,
)

_CAP = r"\p{Lu}[\p{L}'’-]*\.?"
_JOIN = r"(?:and|&|with|upon|on|in|of|the|le|under)"
_PLACE = rf"{_CAP}(?:,?[ \u00a0]+(?:{_JOIN}[ \u00a0]+){{0,2}}{_CAP}){{0,6}}"
_WHOM = (
    r"(?:vulnerable\s+)?(?:child(?:ren)?|adult)(?:['’]?s['’]?)?"
    r"(?:\s+(?:and|&)\s+(?:adults?|child(?:ren)?|young\s+people|families)(?:['’]?s['’]?)?)?"
)
_BODY = r"(?:boards?|partnerships?|executive|partners|committees?|arrangements)"
_CORE = rf"""(?i:(?:local\s+|joint\s+|regional\s+|multi[ -]agency\s+)*(?:
    safeguarding\s+(?:{_WHOM}\s+)?{_BODY} | {_WHOM}\s+safeguarding\s+{_BODY}
    | (?:community|public)\s+safety\s+(?:partnerships?|board|group)
    | safer\s+(?:communities|neighbourhoods)\s+(?:partnership|board|executive)
    | (?:area\s+)?(?:child|adult|public)\s+(?:support\s+and\s+)?protection\s+committee
    )(?![\p{{L}}])) | \b(?:L?SC[BP]|L?SAB|CSP|ACPC)\b(?!\s*[:\t])"""
_BOARD = regex.compile(
    rf"(?P<place>(?<![\p{{L}}’'-]){_PLACE}\s{{1,3}})?(?P<core>{_CORE})"
    rf"(?P<of>\s(?:for|of|in)\s(?:the\s)?{_PLACE})?"
    rf"|(?P<safer>(?i:safer)\s{_PLACE}\s(?i:partnership|board)(?!\p{{L}}))",
    regex.VERBOSE,
)
# What stands before a board without being a part of its name.
_STOPS = frozenset(
    """chair chairs copyright property by for commissioned report review overview independent
    manager unit office published produced prepared author confidential final draft version
    contents copies title lscb board behalf serious case summary executive this the that each every
    all their our your a an new national any both its business page to from
    independently of and & in on with former director member members adviser""".split()
)
_OF_HEADS = frozenset("city borough county isle isles vale forest council royal district".split())
_SPEAKS = regex.compile(
    r"(?:©|copyright(?:\s+of)?|property\s+of|on\s+behalf\s+of|copies:?|business\s+unit"
    r"|report\s+(?:of"
    r"|to|for)|(?:commissioned|undertaken|carried\s+out|conducted|published|initiated|established"
    r"|agreed|produced|prepared)\s+(?:by|for)|chair\s+of)\s*(?:the\s+)?$",
    _I,
)
_FIELD = regex.compile(
    r"^[^\S\n]*(?:L?SC[BP]|L?SAB|CSP|safeguarding\s+board)\s*[:\t]\s*(?P<it>[^\n\t]{3,90})",
    _I | regex.MULTILINE,
)
_UNNAMED = regex.compile(r"\W*(?:un-?named|anonym\w+|not\s+(?:named|stated|known)|n/?a)\b", _I)


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text, as long as before, with a mark in the place of each letter of the spans."""
    for span in spans:
        text = text[: span.start] + _GAP * len(span) + text[span.end :]
    return text


def plain(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(text.split())


def _lines(text: str, span: Span) -> tuple[str, str]:
    """What stands before and after a span on the lines that it begins and ends on."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    return text[start : span.start], text[span.end : len(text) if end < 0 else end]


def _said(found: regex.Match[str], value: str = "") -> Said:
    return Said(value or plain(found.group()), Span(*found.span()))


def mentioned_kinds(text: str) -> tuple[Said, ...]:
    """Every mention of a kind of review in the singular, the longer where two overlap."""
    found = [_said(m, value) for value, words in _KINDS for m in words.finditer(text)]
    kept: list[Said] = []
    for one in sorted(found, key=lambda said: (-len(said.span), said.span)):
        if not any(one.span.overlaps(other.span) for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda said: said.span))


def kinds(text: str) -> tuple[Said, ...]:
    """The kinds of review that stand as titles: "Serious Case Review: Child K"."""
    rest = masked(text, [said.span for said in (*boards(text), *parts(text))])
    return tuple(said for said in mentioned_kinds(text) if _is_title(rest, said.span))


def _is_title(text: str, span: Span) -> bool:
    """Whether all that stands before is of a title, and what follows may go on with one."""
    before, after = _lines(text, span)
    goes_on = _FOLLOWS.match(after) or is_name(after) or starts_with_label(after.lstrip())
    pieces = regex.split(rf"[:;,|–—{_GAP}]|[ ]-[ ]", before)
    return bool(goes_on) and all(_is_of_title(piece.strip()) for piece in pieces)


def _is_of_title(piece: str) -> bool:
    words = regex.findall(r"[\p{L}\d©-]+", piece)
    return all(word.lower() in _LEAD for word in words) or is_name(piece) or is_label(piece)


def own_kind(text: str) -> Said | None:
    """The kind that a sentence gives to its own report: "This is the overview report of a ..."."""
    for said in mentioned_kinds(text):
        if _SELF.search(text, max(0, said.span.start - 160), said.span.start):
            return said
    return None


def parts(text: str) -> tuple[Said, ...]:
    """Where a title says which part of a review it is; contents and sentences do not."""
    found = (_said(m, value) for value, words in _PARTS for m in words.finditer(text))
    rest = masked(text, [said.span for said in (*mentioned_kinds(text), *boards(text))])
    titles = (said for said in found if _is_title(rest, said.span))
    return tuple(sorted(titles, key=lambda said: said.span))


def boards(text: str) -> tuple[Said, ...]:
    """The boards and partnerships that are named, places and all; not "the Board"."""
    taken = [said.span for said in mentioned_kinds(text)]
    taken += [Span(*m.span()) for words in (LABEL, *(w for _, w in _PARTS)) for m in
              words.finditer(text)]  # fmt: skip
    return tuple(_boards(text, masked(text, taken)))


def _boards(text: str, rest: str) -> Iterator[Said]:
    for match in _BOARD.finditer(rest):
        start = match.start()
        if match["place"]:
            start += _after_stops(match["place"])
        elif match["core"] and not match["of"]:
            continue
        if match["core"] and not match["of"] and _says_no_place(text[start : match.start("core")]):
            continue
        start = min(start, match.start("core")) if match["core"] else start
        if "\n" in text[start : match.start("core")] and _other_line(text, start):
            continue
        yield Said(plain(text[start : match.end()]), Span(start, match.end()))


def _says_no_place(text: str) -> bool:
    return all(word.lower() in {"local", "regional", "joint", "the"} for word in text.split())


def _other_line(text: str, start: int) -> bool:
    """Whether the line above a board is rather a person's than the first half of the board."""
    line = text[start : text.find("\n", start)]
    return text[start - 1 : start] not in ("", "\n") or wording.is_given(line.split()[0])


def _after_stops(place: str) -> int:
    """Where a board's place starts, behind "Chair of the", "Copyright" and the like."""
    start, words = 0, list(regex.finditer(r"[^\s,]+,?|,", place))
    for number, word in enumerate(words):
        bare = word.group().lower().strip(".,’'")
        kept = bare in {"of", "and", "&", "on", "in"} and number and start < word.start()
        if kept and bare == "of":
            kept = words[number - 1].group().lower() in _OF_HEADS
        if bare in _STOPS and not kept:
            start = word.end() + 1
        if word.group().endswith(",") and bare in _STOPS:
            start = word.end() + 1
    return min(start, len(place))


def is_board_title(text: str, said: Said) -> bool:
    """Whether a board stands as a title, and not in a sentence."""
    others = [*mentioned_kinds(text), *parts(text), *boards(text)]
    rest = masked(text, [one.span for one in others])
    before, after = _lines(rest, said.span)
    words = regex.findall(r"[\p{L}©-]+", f"{before} {after}")
    odd = [word for word in words if word.lower() not in _LEAD | _STOPS]
    whole = _lines(text, said.span)
    beside_kind = bool(mentioned_kinds(f"{whole[0]}\n{whole[1]}"))
    return not odd or (beside_kind and len(odd) <= 5)


def speaks(text: str, said: Said) -> bool:
    """Whether a notice or a sentence says that the report is this board's."""
    return _SPEAKS.search(text, max(0, said.span.start - 60), said.span.start) is not None


def board_field(text: str) -> Said | None:
    """What a repository's first page gives as the board: "LSCB: Northmarch"."""
    match = _FIELD.search(text)
    if match is None or _UNNAMED.match(match["it"]) or wording.is_given(match["it"].split()[0]):
        return None
    value = match["it"].strip(" .")
    start = match.start("it")
    return Said(plain(value), Span(start, start + len(match["it"].rstrip(" ."))))


def has_gap(text: str) -> bool:
    """Whether a masked text has something that was understood in it."""
    return _GAP in text


def is_plain_title(text: str) -> bool:
    """Whether a line says no more than "Report" or "Final report"."""
    words = regex.findall(r"[\p{L}\d©-]+", text)
    return any(w.lower() == "report" for w in words) and all(w.lower() in _LEAD for w in words)
