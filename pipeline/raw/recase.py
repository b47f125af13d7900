"""A text without small letters, or without capitals, read as if it had both.

Names are told from words by their capitals, by the model as by the patterns. Where a whole text
or a long stretch of one has letters of one case only, a copy is read in which the words that may
be names have a capital. The copy is as long as the text, so that what is found stands there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import regex

from pipeline.raw.document import Document, Finding
from pipeline.raw.recognisers import lists, wording
from pipeline.span import Kind, Span

_NAMED = frozenset({Kind.PERSON, Kind.PLACE, Kind.ORGANISATION})
# A whole text of so many words; a stretch of a longer one.
_LEAST, _LEAST_STRETCH = 8, 40
_LEAST_ENDS, _LEAST_UNENDED = 2, 200
_ENDED = regex.compile(r"\p{Ll}{2}[.!?]['\"”’)]*[ ]+\p{Ll}{2}")
_LETTER = regex.compile(r"\p{Lu}|\p{Ll}")
ONE_CASE = (
    "Text without capitals, or in capitals throughout. Names in it that are also words (as Grace, "
    "Will, May) may not have been found: have it read by someone who looks for them."
)
_TOKEN = regex.compile(r"[\p{L}\p{M}\d]+(?:['’][\p{L}\p{M}]+)*")
_UPPER = regex.compile(r"\p{Lu}(?<![I])|(?<=\p{L})I|I(?=\p{L})")
_LOWER = regex.compile(r"\p{Ll}")
_ENDS = regex.compile(r"[.!?:]['\"”’)]*\s+$|\n\s*$|\t$|^\s*$")
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_SURE_MONTHS = _MONTHS - {"march", "may", "august"}
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_COURTESY = frozenset("mr mrs ms miss mx dr prof professor sir dame rev reverend judge".split())
_RANKS = frozenset("pc dc ds di dci pcso wpc".split())
_OFFICES = frozenset("sergeant constable inspector superintendent nurse sister councillor".split())
_KIN = frozenset(
    """mother father mum dad brother sister son daughter uncle aunt auntie cousin nephew niece
    grandmother grandfather nan wife husband partner boyfriend girlfriend twin baby friend
    neighbour called named stepfather stepmother child worker visitor teacher""".split()
)
_SMALL_PARTS = frozenset("ap ab van von der de la le el al bin ibn bint ul ferch".split())
# What a kind of body or place ends in; a capital only behind a word that has one.
_TYPES = frozenset(
    """hospital school surgery council board trust police house lane street road avenue close
    centre station ward nursery college academy church borough county primary infant infants
    junior community health district city terrace crescent grove mews drive court hall park
    practice medical children's university partnership constabulary services home farm gardens
    way square place hill green estate clinic infirmary prison bus railway secondary high""".split()
)
_STREETS = frozenset(
    """row tower wharf walk view rise lane street road avenue close terrace crescent
    grove mews drive court gardens way square place hill""".split()
)
_NOT_NAMED = frozenset(
    """the a an his her their its my our your this that these those no some any of in on at with
    by to for from and or as such good saving""".split()
)
# A verb that follows a name and no auxiliary: "will said", "may told".
_DID = frozenset(
    """said told was had went came asked saw rang wrote thought met took left knew felt heard gave
    made found did has is spoke got ran kept began who""".split()
)
_SAYS = frozenset("said told asked rang wrote denied admitted replied went came disclosed".split())
_PAST = regex.compile(r"\p{Ll}{3,}ed")
_NO_NAMES = _COURTESY | _RANKS | _OFFICES | _DAYS
_CODE = regex.compile(
    r"(?<![\p{L}\d])(?:[a-z]{1,2}\d[a-z\d]?[ ]?\d[a-z]{2}|[a-z]{2}\d{2}[ ]?[a-z]{3}"
    r"|(?=[a-z]*\d[a-z\d]*\d)[a-z]{1,3}\d{2,}[a-z]?)(?![\p{L}\d])"
)


def document(whole: Document, found: Iterable[Finding] = ()) -> Document | None:
    """The document with its stretches of one case as if they had two; None where it has none.

    What was found in the text as it is keeps its capitals: a word there may be a name.
    """
    text = recased(whole.text, [f.span for f in found if f.kind in _NAMED])
    if text is None:
        return None
    blocks = tuple(b if b.span is None else replace(b, text=b.span.of(text)) for b in whole.blocks)
    return replace(whole, text=text, blocks=blocks)


def recased(text: str, named: Iterable[Span] = ()) -> str | None:
    """A text of one case with the capitals it should have; None where it has both cases.

    >>> recased("zorah quillon told pc bishop that will quillon may come. will said so in may.")
    'Zorah Quillon told PC Bishop that Will Quillon may come. Will said so in may.'
    >>> recased("Zorah told the police that Will may come to see her.")
    """
    out = list(text)
    found = False
    for stretch in of_one_case(text):
        found = True
        out[stretch.start : stretch.end] = _cased(stretch.of(text))
    for span in named if found else ():
        for word in _TOKEN.finditer(text, span.start, span.end):
            if not wording.is_function(word.group()):
                out[word.start()] = _first_capital(out[word.start()])
    return "".join(out) if found else None


def of_one_case(text: str) -> tuple[Span, ...]:
    """The whole text if it is of one case, else the long stretches of it that are.

    A long sentence has no capital but its first: a stretch without one has ends of sentences.
    """
    found: list[Span] = []
    for other in (_LOWER, _UPPER):
        edges = [m.start() for m in other.finditer(text)]
        if not edges:
            enough = len(_TOKEN.findall(text)) >= _LEAST and _LETTER.search(text)
            return (Span(0, len(text)),) if enough else ()
        start = 0
        for edge in [*edges, len(text)]:
            if edge - start > 4 * _LEAST_STRETCH:
                found += _stretch(text, start, edge, small=other is _UPPER)
            start = edge + 1
    return tuple(sorted(found))


def _stretch(text: str, start: int, end: int, *, small: bool) -> Iterator[Span]:
    inside = [m for m in _TOKEN.finditer(text, start, end) if m.group()[0].isalpha()]
    # The words at the edges belong to what stands around.
    if len(inside) < _LEAST_STRETCH + 2:
        return
    if small and len(inside) < _LEAST_UNENDED:
        ends = sum(1 for _ in _ENDED.finditer(text, start, end))
        if ends < _LEAST_ENDS:
            return
    yield Span(inside[1].start(), inside[-2].end())


def _cased(text: str) -> str:
    low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    tokens = list(_TOKEN.finditer(low))
    words = [token.group() for token in tokens]
    capital = _capitals(low, tokens, words)
    out = list(low)
    for token, word, upper in zip(tokens, words, capital, strict=True):
        start = token.start()
        if _is_loud(word):
            out[start : token.end()] = word.upper()
        elif upper or word == "i" or _ENDS.search(low[max(0, start - 8) : start]):
            out[start] = _first_capital(out[start])
    for code in _CODE.finditer(low):
        out[code.start() : code.end()] = code.group().upper()
    return "".join(out)


def _first_capital(char: str) -> str:
    return char.upper() if len(char.upper()) == 1 else char


def _capitals(low: str, tokens: list[regex.Match[str]], words: list[str]) -> list[bool]:
    """Which words are given a capital: names by themselves, then by what stands beside them."""
    bare = [regex.sub(r"['’]s?$", "", word) for word in words]
    sure = [_may_be_name(word) for word in bare]
    gaps = [low[one.end() : other.start()] for one, other in pairwise(tokens)] + [""]
    for at, word in enumerate(bare):
        before = bare[at - 1] if at and gaps[at - 1] in (" ", ". ", "-") else ""
        after = bare[at + 1] if at + 1 < len(bare) and gaps[at] in (" ", "-") else ""
        if word in _COURTESY | _RANKS and after and not _is_plain(after):
            sure[at] = sure[at + 1] = True
        elif (word in _OFFICES and at + 1 < len(bare) and sure[at + 1]) or (
            word in _MONTHS and (word in _SURE_MONTHS or _is_number(before) or _is_number(after))
        ):
            sure[at] = True
        elif _given(word) and not sure[at]:
            named = at + 1 < len(bare) and gaps[at] == " " and sure[at + 1] and not _is_kind(after)
            sure[at] = named or before in _KIN
        elif word in _TYPES and before and sure[at - 1] and not _is_plain(before):
            sure[at] = True
        elif word in _STREETS and (first := _address(bare, gaps, at)) is not None:
            sure[first : at + 1] = [True] * (at + 1 - first)
    _again(bare, gaps, sure)
    return sure


def _again(bare: list[str], gaps: list[str], sure: list[bool]) -> None:
    """Names that are words: where a person does something, or has something if met before."""
    known = {
        word
        for at, word in enumerate(bare)
        if sure[at] and wording.is_ordinary(word) and not _is_kind(word) and word not in _NO_NAMES
    }
    for at, word in enumerate(bare):
        if sure[at] or not (word in known or _given(word)):
            continue
        before = bare[at - 1] if at and gaps[at - 1] == " " else ""
        after = bare[at + 1] if at + 1 < len(bare) and gaps[at] == " " else ""
        if before in _NOT_NAMED:
            continue
        does = after in _SAYS
        if word in known:
            possessive = bare[at : at + 1] and gaps[at][:1] in ("'", "’")
            does = does or after in _DID or bool(_PAST.fullmatch(after)) or bool(possessive)
        sure[at] = does


def _is_kind(word: str) -> bool:
    return word in _TYPES or word in _MONTHS


def _address(bare: list[str], gaps: list[str], at: int) -> int | None:
    """Where an address starts that ends in a kind of street here: "17 sparrow lane"."""
    for first in range(at - 1, max(-1, at - 4), -1):
        if gaps[first] != " " or (_is_plain(bare[first]) and not _is_number(bare[first])):
            return None
        if _is_number(bare[first]):
            return first + 1 if first + 1 < at else None
    return None


def _is_number(word: str) -> bool:
    return word[:1].isdigit()


def _is_plain(word: str) -> bool:
    return wording.is_function(word) or word in _NOT_NAMED or _is_number(word)


@cache
def _given(word: str) -> bool:
    return wording.is_given(word)


@cache
def _is_loud(word: str) -> bool:
    """Whether a word is an acronym or a rank: written in capitals."""
    if word in _RANKS:
        return True
    upper = word.upper()
    return upper in lists.exact_words("acronyms.txt") and not _is_english(word)


@cache
def _may_be_name(word: str) -> bool:
    """Whether a word alone is likely a name: no word of English, or a name and nothing else."""
    if not word[:1].isalpha() or len(word) < 2 or word in _SMALL_PARTS:
        return word == "ó"
    if word in _DAYS:
        return True
    if _is_english(word):
        return False
    return len(word) > 2 or not word.isascii()


@cache
def _is_english(word: str) -> bool:
    """Whether a word, or what it is made from, is a word of English."""
    if wording.is_ordinary(word) or word in _MONTHS or word in _small():
        return True
    return any(
        word.endswith(end)
        and len(word) - len(end) > 2
        and f"{word[: -len(end)]}{new}" in lists.ordinary()
        for end, new in _ENDINGS
    )


_ENDINGS = tuple(
    pair.split(">")
    for pair in """s> es> ed> ed>e ing> ing>e ly> er> er>e ers> ers>e est> ies>y ied>y ily>y ness>
    less> ful> n't> ment> able> able>e ation>e ation>ate ion> ion>e or>e or> ors> ors>e ic> ical>
    ity> ity>e al> ised>y ist> ism> 's> 're> 've> 'll> 'd> ’s> n’t>""".split()
)


@cache
def _small() -> frozenset[str]:
    found = "a i an am at as be by do go he if in is it me my no of on or so to up us we ok".split()
    # Its patterns take longer to make than most files to read, and few files come here.
    from pipeline.raw.recognisers import places

    names = {name.lower() for name in places.names_of_places()}
    return frozenset(found) - names
