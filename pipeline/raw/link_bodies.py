"""Which names of bodies and places belong together: full, shortened, by its letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from pipeline.match import fold, is_ordinary
from pipeline.raw.link_names import is_label, role_words
from pipeline.raw.link_people import Occurrence
from pipeline.raw.recognisers import acronyms, lists, wording
from pipeline.span import Kind, Span

_SMALL = frozenset("of and the for in at on upon by to & a an".split())
# What is only the name of a kind of body, in letters.
_ACRONYMS = frozenset(
    "lscb lscp lscps lscbs sab sabs csp mash camhs amhs cmht cpn scr scrs sar dhr cspr lcspr imr"
    " nhs nhsft cqc iro icb ccg ccgs pct gp gps a&e ed hmp yot yos lado cin cp cps marac"
    " mappa".split()
)
# What does not name a body by itself, though it may be all that tells two bodies apart.
_WIDE = frozenset(
    "united british england english scotland scottish wales welsh irish ireland uk europe european"
    " london north south east west northern southern eastern western midlands central greater"
    " national royal new old great city county borough metropolitan street road lane avenue close"
    " drive way estate house court flat st saint".split()
)
# Bodies that are named for the place they serve: the first part of such a name is that place.
_FOR_PLACE = re.compile(
    r"\b(?:council|borough|board|partnership|police|constabulary|court|trust|authority|service"
    r"|services|news|infirmary|clinical|social care|probation|prison|hmp)\b"
)
_WORD = re.compile(r"[^\W_][\w'’&.-]*")
_LETTERS = re.compile(r"\s*\(\s*(?:the\s+)?[\"'“‘]?([A-Z][A-Za-z&]{1,8})[\"'”’]?\s*\)")
_ALSO = re.compile(
    r"\s*\(\s*(?:(?:hereafter|hereinafter|known as|referred to as|now|formerly)\s+)?(?:the\s+)?"
    r"[\"'“‘]?([A-Z][\w'’&-]*(?:\s+[A-Z][\w'’&-]*){0,3})[\"'”’]?\s*\)"
)
_CAPITALS = re.compile(r"(?<![\w&/-])[A-Z]{3,7}(?![\w&/-])")
_NUMBER = re.compile(r"^(?:(?:flat|no\.?|number|unit) ?)?\d+[a-z]?,? (?:\d+[a-z]?,? )?", re.I)


@cache
def _generic() -> frozenset[str]:
    return _ACRONYMS | role_words() | lists.words("generic-words.txt")


@dataclass(slots=True)
class Body:
    """What is known of one body or one place while its names are put together."""

    kind: Kind
    names: dict[str, str] = field(default_factory=dict)
    found: list[Occurrence] = field(default_factory=list)
    position: str | None = None

    def call(self, name: str) -> None:
        """Add a name, kept under its folded form."""
        self.names.setdefault(plain(name), name)

    @property
    def spans(self) -> list[Span]:
        """Where in the text it was found."""
        return sorted(span for found in self.found for span in found.spans)

    @property
    def longest(self) -> str:
        """Its longest name, folded."""
        return max(self.names, key=lambda name: (len(name), name))


def plain(name: str) -> str:
    """A body's name folded, without an article.

    >>> plain("The  Willow Tree")
    'willow tree'
    """
    return re.sub(r"^(?:the|an?) ", "", fold(name))


def _words(name: str) -> list[str]:
    return [word.strip(".") for word in _WORD.findall(plain(name))]


def is_generic(name: str) -> bool:
    """Whether no word of this is a name: "the Board", "Children's Services", "Hospital 1", "1-3".

    >>> is_generic("Children's Social Care"), is_generic("Westmoor Council"), is_generic("1-3")
    (True, False, True)
    """
    if wording.is_plain_address(name):
        return False
    # The number of a paragraph before a body was taken for a house's: a name has a letter.
    if not any(sign.isalpha() for sign in name):
        return True
    words = [word.removesuffix("'s").removesuffix("'") for word in _words(name)]
    known = _generic() | _SMALL
    return is_label(name) or all(w in known or w + "'s" in known or w.isdigit() for w in words)


def letters_of(name: str) -> str:
    """The first letters of a name's words, small words left out.

    >>> letters_of("Westmoor Safeguarding Children Board")
    'wscb'
    """
    return "".join(word[0] for word in _words(name) if word not in _SMALL)


def _abbreviates(letters: str, name: str) -> bool:
    """Whether the letters are taken from the starts of the words, in order."""
    starts = letters_of(name)
    found = letters.lower().replace("&", "").removesuffix("s")
    if len(found) < 2 or starts[:1] != found[:1]:
        return False
    at = 0
    for letter in found:
        at = starts.find(letter, at) + 1
        if not at:
            return False
    return True


def head(name: str) -> str:
    """What comes before the first word that is no name: "Willow Tree" of a primary school.

    >>> head("Willow Tree Primary School"), head("The Royal Infirmary")
    ('Willow Tree', '')
    """
    out = []
    for word in _WORD.findall(re.sub(r"^(?:[Tt]he|THE)\s+", "", name)):
        folded = fold(word).strip(".")
        if folded in role_words() and folded not in _SMALL | {"st", "saint"}:
            break
        out.append(word)
    while out and fold(out[-1]) in _SMALL | {"st", "saint"}:
        out.pop()
    return " ".join(out)


class _Grouping:
    """Bodies as they are put together, known by their names and by what may shorten these."""

    def __init__(self) -> None:
        self.bodies: list[Body] = []
        self._named: dict[str, dict[int, Body]] = {}
        # By kind: by the first word of a name, of one without its number, and by its letters.
        self._starts: dict[tuple[Kind, str], dict[int, Body]] = {}
        self._letters: dict[tuple[Kind, str], dict[int, Body]] = {}

    def _call(self, body: Body, name: str) -> None:
        body.call(name)
        folded = plain(name)
        self._named.setdefault(folded, {})[id(body)] = body
        self._letters.setdefault((body.kind, letters_of(folded)), {})[id(body)] = body
        for written in (folded, _NUMBER.sub("", folded, count=1)):
            first = written.partition(" ")[0]
            self._starts.setdefault((body.kind, first), {})[id(body)] = body

    def _shortened(self, kind: Kind, name: str) -> list[Body]:
        """The bodies with a name that this one shortens."""
        may_be = self._starts.get((kind, name.partition(" ")[0]), {}).values()
        return [body for body in may_be if any(_shortens(name, full) for full in body.names)]

    def add(self, kind: Kind, occurrence: Occurrence) -> None:
        """Put an occurrence with the body of that name, or the one body that it shortens."""
        name = plain(occurrence.text)
        fits = list(self._named.get(name, {}).values())
        if not fits:
            fits = self._shortened(kind, name)
            if not fits and occurrence.text.isupper() and " " not in name:
                fits = list(self._letters.get((kind, name), {}).values())
        if len(fits) != 1:
            fits = [Body(kind)]
            self.bodies += fits
        self._call(fits[0], occurrence.text)
        street = _NUMBER.sub("", occurrence.text, count=1)
        if kind is Kind.PLACE and street != occurrence.text and not is_generic(street):
            self._call(fits[0], street)
        fits[0].found.append(occurrence)


def _shortens(short: str, full: str) -> bool:
    """Whether a name is the start of a longer one, or an address without its number."""
    # "South" is no short form of South Hayling: whatever is in the south would have its name.
    wide = all(word in _WIDE for word in short.split())
    if full.startswith(short + " ") and not wide and not is_generic(short):
        return True
    return _NUMBER.sub("", full, count=1) == short and full != short


def _also_called(text: str, body: Body) -> Iterable[str]:
    """Names given in brackets right after a mention, letters before all."""
    for span in body.spans:
        letters = _LETTERS.match(text, span.end)
        if letters and _abbreviates(letters[1], span.of(text)):
            yield letters[1]
        other = _ALSO.match(text, span.end)
        if other and fold(other[1]) in plain(span.of(text)):
            yield other[1]
        before = re.search(r"\b([A-Z][A-Za-z&]{1,8})\s*\(\s*(?:the\s+)?$", text[: span.start][-24:])
        if before and _abbreviates(before[1], span.of(text)):
            yield before[1]


def bodies(
    text: str, found: Sequence[tuple[Kind, Occurrence]], people: frozenset[str]
) -> list[Body]:
    """The bodies and places of a text; `people` are the words that are parts of people's names.

    Besides the names found: letters defined in brackets, letters that are one body's initials,
    the first part of a body's name, and the place that such a first part is.
    """
    grouping = _Grouping()
    longest = sorted(found, key=lambda f: (-len(f[1].text), f[1].spans, f[1].text))
    for kind, occurrence in longest:
        grouping.add(kind, occurrence)
    known = {name for body in grouping.bodies for name in body.names}
    for body in grouping.bodies:
        for name in tuple(_also_called(text, body)):
            if not is_generic(name) and plain(name) not in known:
                body.call(name)
    for body, letters in _by_letters(text, grouping.bodies):
        body.call(letters)
    return grouping.bodies + _heads(grouping.bodies, known | people)


def _by_letters(text: str, found: Sequence[Body]) -> list[tuple[Body, str]]:
    """Words of three to seven capitals that are the initials of one body's full name.

    Nobody may have said so in brackets: "TVH" is Trident Vale Homes to whoever wrote it. What
    every report has, what the text explains by other words, or what stands for two bodies, is
    left.
    """
    owners: dict[str, list[Body]] = {}
    for body in (body for body in found if body.kind is Kind.ORGANISATION):
        for letters in {letters_of(name) for name in body.names}:
            owners.setdefault(letters, []).append(body)
    plainly = acronyms.spelled_out(text)
    out: dict[str, Body] = {}
    for word in _CAPITALS.findall(text):
        holders = owners.get(word.lower(), [])
        known = word in plainly or word.lower() in _ACRONYMS or is_ordinary(word.lower())
        if len(holders) == 1 and not known and not wording.is_generic(word) and not is_label(word):
            out[word] = holders[0]
    return [(body, word) for word, body in out.items()]


def _heads(found: Sequence[Body], known: Iterable[str]) -> list[Body]:
    """Give bodies their first part as a name; where it is a place, make it one."""
    taken = set(known)
    owners: dict[str, list[tuple[Body, str]]] = {}
    for body in (body for body in found if body.kind is Kind.ORGANISATION):
        for name in tuple(body.names.values()):
            first = head(name)
            if first and plain(first) not in taken and _may_stand_alone(first):
                owners.setdefault(plain(first), []).append((body, first))
    places = []
    for first, holders in sorted(owners.items()):
        several = len({id(body) for body, _ in holders}) > 1
        if several or any(_FOR_PLACE.search(body.longest) for body, _ in holders):
            place = Body(Kind.PLACE, position="area")
            place.call(holders[0][1])
            places.append(place)
        else:
            holders[0][0].names.setdefault(first, holders[0][1])
    return places


def _may_stand_alone(first: str) -> bool:
    words = first.split()
    if all(fold(word) in _generic() | _WIDE for word in words):
        return False
    if first.isupper() and len(words) == 1 and len(first) < 6:
        return len(first) > 2
    return len(words) > 1 or (len(first) > 3 and not is_ordinary(first))


def kind_of(found: Iterable[tuple[Kind, str]]) -> dict[str, Kind]:
    """The kind of each name by its folded form: the one under which it was found most often."""
    counts: dict[str, Counter[Kind]] = {}
    for kind, name in found:
        counts.setdefault(plain(name), Counter())[kind] += 1
    order = list(Kind)
    return {
        name: max(kinds, key=lambda kind: (kinds[kind], -order.index(kind)))
        for name, kinds in counts.items()
    }
