"""Whom a cover names: the label or name of its subject, its authors, its chairs.

Every function takes a text and gives spans of it. What is a label is safe to keep outside the
vault; what merely looks like one ("Child Sam", "CHILD JO") is not.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from pipeline.raw.recognisers import lists, wording
from pipeline.span import Span

_I = regex.IGNORECASE


class Said(NamedTuple):
    """Something that a text says, and where."""

    value: str
    span: Span


_NOUN = r"""(?i:child(?:ren)?|bab(?:y|ies)|infant|young\s(?:person|people|adult|woman|man)|yp
    |adults?|family|case|siblings|person|subject|victim|mr\.?(?:\sand\smrs\.?)?|mrs\.?|ms\.?|miss|mx|patient
    |resident|client|boy|girl|twins?|service\suser|woman|man|learner|perpetrator)"""
_CODE = r"""(?!(?:IN|AT|OF|AS|IS|BY|OR|TO|ON|AN|IT|NO|WE|AND|WHO|THE|WAS|FOR|WITH|FROM|HER|HIS)\b)
    (?:[A-Z]{1,4}\d{0,4}|\d{4}[/-]C?\d{1,5}|\d{1,4}[A-Z]?|(?i:one|two|three|four|five|six))
    (?![\p{L}\p{N}’'-])"""
_MORE = rf"(?:\s?(?:,|,?\s?(?:and|&|AND)|/)\s?(?:{_NOUN}\s)?{_CODE})*"
LABEL = regex.compile(rf"(?<![\p{{L}}\d])(?:{_NOUN})\s{_CODE}{_MORE}", regex.VERBOSE)
_BARE = regex.compile(
    r"(?:[A-Z]{1,3}|[B-DF-HJ-NP-TV-XZ]{4,5})\s?\d{1,4}(?:/\d{4})?|\d{4}/C?\d{2,5}|([A-Z])\1\d?"
)
_SAFE_CODE = regex.compile(
    r"[A-Z]{1,2}|[B-DF-HJ-NP-TV-XZ]{3,4}|(?:[A-Z]{0,3}|[B-DF-HJ-NP-TV-XZ]{4})\d[\dA-Z/-]*"
    r"|(?i:one|two|three|four|five|six)"
)
_SHORT_NAMES = frozenset("AL BO CY DI ED HO JO KI LI LU MO OZ PA SY TY VI XI YI YU".split())
_NOUNED = regex.compile(rf"(?:{_NOUN})\s(?P<it>\p{{Lu}}[\p{{L}}’'-]+)", regex.VERBOSE)
_ABOUT = regex.compile(
    r"\b(?:in\s+respect\s+of|concerning|regarding|relating\s+to|about|subject:|in\s+relation\s+to"
    r"|(?:death|murder|homicide|case|care|circumstances)s?\s+of|re:?|on|into|for|name\s*[:\t])"
    r"\s+(?:the\s+)?(?:(?:death|murder|homicide|case|care)s?\s+of\s+)?",
    _I,
)
_REPORT = regex.compile(r"review|report|summary|\b(?:SCR|SAR|DHR|L?CSPR)\b", _I)
_CALLED = regex.compile(
    r"\b(?:review\s+(?:concerns|relates\s+to|is\s+about|considers)|referred\s+to\s+(?:\w+\s+){0,5}"
    r"as|known\s+(?:\w+\s+){0,5}as|called)\s+(?:a\s+child,\s+)?[\"“‘']?",
    _I,
)
# What a first name may stand before without being followed by a surname.
_TITLE_WORDS = frozenset(
    """report review summary overview board partnership final draft confidential case version trust
    council centre house ward school street road hospital project inquiry child adult""".split()
)
_LINKS = frozenset("van von der den de la le el al bin ibn bint ul ó o and &".split())

_PRE = (
    r"(?:(?:independent|overview|lead|report|joint|review|panel|scr|sar|dhr|csp|lscb|co|summary"
    r"|and|the)[ -])*"
)
_AUTHOR = rf"{_PRE}(?:author|writer|reviewer)(?:\(?s\)?)?(?:\s+of\s+(?:the\s+)?[\p{{L}} ]{{1,40}})?"
_BY = r"(?:(?:report[ ]+)?(?:written|prepared|compiled|authored|produced)[ ]+by|(?:report[ ]+)?by)"
_CHAIR = (
    rf"{_PRE}chair(?:person|man|woman)?(?:\(?s\)?)?"
    r"(?:\s+(?:of|,)\s*(?:the\s+)?[\p{L}' ’]{1,60})?|chaired\s+by"
)
_BOTH = (
    rf"(?:{_PRE}chair(?:person)?\s+(?:and|&|/)\s+{_AUTHOR}|{_AUTHOR}\s+(?:and|&|/)\s+{_PRE}chair)"
)
_ROLE = regex.compile(
    rf"(?<![\p{{L}}-])(?:(?P<both>{_BOTH})|(?P<author>{_AUTHOR})|(?P<chair>{_CHAIR})|(?P<by>{_BY}))"
    r"(?P<mark>\s*[:\t–—-]|(?=\s|$|[,.)]))",
    _I,
)
_TAILS = frozenset(
    """MBE OBE CBE BEM QC KC JP PHD MSC BSC MA BA CQSW RN RGN RMN RHV RSCN DIPSW MBA LLB LLM FRCP
    FRCPCH MRCPSYCH FRSA QPM DPROF MSW PGCE HONS MED BED CERTED DIP CSS MPHIL RM FRCN""".split()
)
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|MR|MRS|MS|DR|Prof|Professor|Sir|Dame|Rev|Cllr)\.?[ ]"
_UNSEEN = regex.compile(r"[\u00ad\u200b-\u200d\u2060\ufeff]")
_LINE = regex.compile(r"[^\n]*\S[^\n]*")
_AND = regex.compile(r"\s*(?:(?:and|AND|&|[–—-])\s+)?")
_PIECE = regex.compile(r"(?:(?![ ](?:and|AND|&|[–—-])[ ])[^,;/()\n\t\x00])+")
_NAME = regex.compile(
    rf"(?:{_TITLE})?"
    r"\p{Lu}(?:[\p{L}'’-]+|\.)?(?:[ ](?:(?:van|von|der|den|de|la|le|el|al|bin|ó)[ ]){0,2}"
    r"\p{Lu}(?:[\p{L}'’-]+|\.)?){0,4}"
)


def visible(text: str) -> str:
    """The text without soft hyphens and what else has no width."""
    return _UNSEEN.sub("", text)


def visible_places(text: str) -> tuple[int, ...]:
    """Where each letter of the visible text stands in the text."""
    return tuple(at for at, letter in enumerate(text) if not _UNSEEN.match(letter))


def is_label(text: str) -> bool:
    """Whether a subject is called by a label that is no name, in whole.

    >>> [is_label(t) for t in ("Child K", "Mr C", "BABY P1", "Adults A, B and C", "AA", "W4")]
    [True, True, True, True, True, True]
    >>> [is_label(t) for t in ("Child Sam", "CHILD SAM", "CHILD JO", "Tamsin", "Mr Quill")]
    [False, False, False, False, False]
    """
    if _BARE.fullmatch(text):
        return True
    if not LABEL.fullmatch(text):
        return False
    rest = regex.sub(rf"(?<![\p{{L}}\d])(?:{_NOUN})(?=\s)", " ", text, flags=regex.VERBOSE)
    codes = [word for word in regex.split(r"[\s,&]+|/(?!C?\d)", rest) if word.lower() != "and"]
    return all(_SAFE_CODE.fullmatch(code) and code not in _SHORT_NAMES for code in codes if code)


def starts_with_label(text: str) -> bool:
    """Whether a text opens with a label or a code of a case."""
    return LABEL.match(text) is not None or is_label(text.split(" ", 1)[0].strip(".:;,"))


def is_name(text: str) -> bool:
    """Whether a short text can only be a person's name.

    >>> [is_name(t) for t in ("Tamsin Quill", "TAMSIN", "Final Report", "Confidential", "Child")]
    [True, True, False, False, False]
    """
    words = regex.sub(r"[\"“”‘()]|\((?:not|a)?[^)]*\)", " ", text).split()
    if (
        not 1 <= len(words) <= 4
        or max(map(len, words)) < 3
        or not regex.fullmatch(r"[\p{L}\s.'’-]+", " ".join(words))
    ):
        return False
    if wording.is_given(words[0]) and not any(_is_title_word(word) for word in words):
        return all(word[0].isupper() or word.lower() in _LINKS for word in words)
    sure = any(wording.is_given(word) or not wording.is_ordinary(word) for word in words)
    return not {w.lower() for w in words} <= _LINKS and all(_in_name(word, sure) for word in words)


def _is_title_word(word: str) -> bool:
    return wording.is_function(word) or word.lower().rstrip("s") in _TITLE_WORDS


def _in_name(word: str, beside_one: bool) -> bool:
    if word.lower() in _LINKS or regex.fullmatch(r"\p{Lu}\.?", word):
        return True
    if wording.is_generic(word) and not wording.is_given(word):
        return False
    calm = word.title() if word.isupper() and len(word) > 1 else word
    if not calm[0].isupper() or calm in lists.forms("places-areas.txt"):
        return False
    if wording.is_given(calm):
        return True
    if wording.is_generic(calm) or wording.is_function(calm) or calm.upper() in _TAILS:
        return False
    return beside_one or not wording.is_ordinary(calm)


def labels(text: str) -> tuple[Said, ...]:
    """Labels in the text ("Child K", "Adults A and B"), and nouns with names ("Baby Sam")."""
    found = [Span(*match.span()) for match in LABEL.finditer(text)]
    for match in _NOUNED.finditer(text):
        span = Span(*match.span())
        if is_name(match["it"]) and not any(span.overlaps(other) for other in found):
            found.append(span)
    return tuple(Said(" ".join(span.of(text).split()), span) for span in sorted(found))


def label_or_name(text: str) -> Span | None:
    """The stretch of a whole line or field that calls the subject something, if it only does so."""
    stretch = regex.search(r"[^\s:;.,–—|()\"“”‘’'\[\]-](?:.*[^\s:;.,–—|()\"“”‘’'\[\]-])?", text)
    if stretch is None:
        return None
    it, span = stretch.group(), Span(*stretch.span())
    bare = _BARE.fullmatch(it) or [said for said in labels(it) if len(said.span) == len(it)]
    untitled = regex.sub(r"^(?i:mr|mrs|ms|miss)\.?[ ]", "", it)
    return span if bare or is_name(untitled) else None


def leading_label(text: str) -> Span | None:
    """The label that a stretch beside a title opens with ("Child K Overview Report")."""
    match = LABEL.match(text, len(text) - len(text.lstrip()))
    return Span(*match.span()) if match else None


def after_cue(text: str) -> tuple[Said, ...]:
    """Labels and names that stand right behind "in respect of", "the death of", "Re:"."""
    found = []
    for cue in _ABOUT.finditer(text):
        head = text[text.rfind("\n", 0, cue.start()) + 1 : cue.start()]
        if head.strip() and not _REPORT.search(head):
            continue
        line = text[cue.end() :].split("\n", 1)[0]
        words = regex.match(r"(?:\p{Lu}[\p{L}'’-]*\.?(?:[ ]|$|(?=[^\p{L}])))+", line)
        near = [said for said in labels(line) if said.span.start == 0]
        if near:
            found.append(Said(near[0].value, near[0].span.shift(cue.end())))
        elif words and is_name(words.group()):
            it = words.group().rstrip()
            found.append(Said(it, Span(cue.end(), cue.end() + len(it))))
    return tuple(found)


def called(text: str) -> tuple[Said, ...]:
    """Labels that a sentence gives to the subject: "This review concerns Child K"."""
    found = []
    for cue in _CALLED.finditer(text):
        match = LABEL.match(text, cue.end())
        if match:
            found.append(Said(" ".join(match.group().split()), Span(*match.span())))
    return tuple(found)


def people(text: str) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """The authors and the chairs that lines of a cover name, each once, in their order."""
    authors: dict[str, Said] = {}
    chairs: dict[str, Said] = {}
    taken: set[int] = set()
    for role in _ROLE.finditer(text):
        for said in _holders(text, role, taken):
            taken.add(said.span.start)
            if role["chair"] is None:
                authors.setdefault(said.value.casefold(), said)
            if role["chair"] is not None or role["both"] is not None:
                chairs.setdefault(said.value.casefold(), said)
    return tuple(authors.values()), tuple(chairs.values())


def roles(text: str) -> tuple[Span, ...]:
    """Where roles of authors and chairs stand."""
    return tuple(Span(*role.span()) for role in _ROLE.finditer(text))


def _holders(text: str, role: regex.Match[str], taken: set[int]) -> tuple[Said, ...]:
    """Who holds a role: named behind its mark, before it on its line, or on a line beside it."""
    start = text.rfind("\n", 0, role.start()) + 1
    end = _line_end(text, role.end())
    before = text[start : role.start()].strip()
    if role["mark"].strip() or role["mark"] == "\t":
        after = _until_role(text, role.end(), end)
        return _names(text, role.end(), after) or (_beside(text, role, taken) if not
               text[role.end() : end].strip() else ())  # fmt: skip
    if role["by"]:
        return () if before else _names(text, role.end(), end)
    if before and regex.search(r"[,(–—-]$", before):
        found = _names(text, start, role.start())
        return found if not any(said.span.start in taken for said in found) else ()
    return () if before or text[role.end() : end].strip(" .,)") else _beside(text, role, taken)


def _beside(text: str, role: regex.Match[str], taken: set[int]) -> tuple[Said, ...]:
    """The name above a role that has a line of its own, or below it.

    Where both lines are names, what follows tells which way the cover goes.
    """
    top = text.rfind("\n", 0, role.start())
    above = _full_line(text, list(_LINE.finditer(text, 0, max(top, 0)))[-1:], taken)
    below_lines = list(_LINE.finditer(text, _line_end(text, role.end())))[:2]
    below = _full_line(text, below_lines[:1], taken)
    if role["mark"].strip() or not above:
        return below
    goes_up = bool(below_lines[1:] and _ROLE.match(below_lines[1].group().strip()))
    return below if below and not goes_up else above


def _full_line(text: str, line: list[regex.Match[str]], taken: set[int]) -> tuple[Said, ...]:
    found = _names(text, line[0].start(), line[0].end()) if line else ()
    known = [said for said in found if is_name(said.value) or regex.match(_TITLE, said.value)]
    first = known[0].value if known else ""
    whole = " " in first and not is_label(first) and known[0].span.start not in taken
    return tuple(known) if whole else ()


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _until_role(text: str, start: int, end: int) -> int:
    """The end of a line, or the place where the next role starts on it."""
    following = (m for m in _ROLE.finditer(text, start, end) if m["mark"].strip() and not m["by"])
    return next((m.start() for m in following), end)


def _names(text: str, start: int, end: int) -> tuple[Said, ...]:
    """The names of people in a stretch: no letters behind them, no firms, no boards."""
    found: list[Said] = []
    for piece in _PIECE.finditer(text, start, end):
        span = _without_tails(text, piece)
        if span is None:
            continue
        if not _person(span.of(text), first=not found):
            break
        found.append(Said(" ".join(span.of(text).split()), span))
    return tuple(found)


def _without_tails(text: str, piece: regex.Match[str]) -> Span | None:
    start = end = piece.start() + _opening(piece.group())
    for word in regex.finditer(r"\S+", text[start : piece.end()]):
        if word.group().strip("().").upper().replace(".", "") in _TAILS:
            break
        end = start + word.end()
    return Span(start, end) if start < end else None


def _opening(piece: str) -> int:
    """How much of a piece joins it to the one before."""
    join = _AND.match(piece)
    return join.end() if join else 0


def _person(text: str, *, first: bool) -> bool:
    words = text.split()
    if not _NAME.fullmatch(text) or len(words) < 2:
        return False
    bare = words[1:] if regex.match(_TITLE, text) else words
    known = any(wording.is_given(word) for word in bare)
    odd = [w for w in bare if wording.is_generic(w) and not wording.is_given(w)]
    return not odd or (first and known and len(odd) == 1)
