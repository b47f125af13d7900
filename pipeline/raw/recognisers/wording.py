"""Which words can be a name and which only say what something is.

A report's own labels ("Child A", "SW4", "Mother", "Mr C") are no names: recognisers return
nothing for them, and `detect` drops what any recogniser takes for a person, place or body and
is such a label. `link` may ask `is_label` to attach a label to an identity.
"""

from __future__ import annotations

from functools import cache

import regex

from pipeline.raw.recognisers import lists

_TOKEN = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}'’&.-]*|&")
_POSSESSIVE = regex.compile(r"['’]s?$")
_SAINT = regex.compile(r"(?:St\.?|Saint|SS|King|Queen|Prince|Our|Bishop|Archbishop)\b")
_JOINING = frozenset("of the and & upon on in with for by under le de cum at to".split())
_NUMBERS = frozenset(
    """eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty
    forty fifty sixty seventy eighty ninety hundred first second third fourth fifth""".split()
)
_CLOSED = frozenset("and or the a an of for in on at by with to from as".split())

_NUMBER = r"(?:\d{1,3}[A-Za-z]?|[A-Z]{1,3}\d{0,2}|One|Two|Three|Four|Five|Six|[IVX]{1,4})"
_NOUN = r"""(?:Child(?:ren)?|Baby|Infant|Adult|Young[ ](?:Person|Adult|Woman|Man)|YP|Subject|Person|
  Sibling|Half[ -]?Sibling|Half[ -]?Brother|Half[ -]?Sister|Brother|Sister|Twin|Sib\.?|Cousin|
  (?:Birth[ ]|Foster[ ]|Step[ -]?|Adoptive[ ])?(?:Mother|Father|Parents?|Carers?)|Mum|Dad|
  (?:Maternal[ ]|Paternal[ ]|Great[ -]?)*(?:Grand(?:mother|father|parents?)|Aunt|Uncle)|Partner|
  Ex-?Partner|Friend|Neighbour|Lodger|Perpetrator|Victim|Witness|Male|Female|Boy|Girl|Man|Woman|
  Case|Family|Patient|Resident|Client|School|Hospital|Nursery|Address|Agency|Trust|Ward|Home|GP|
  Surgery|Area|Town|Borough|County|City|Local[ ]Authority|LA|Council|Police[ ]Force|Placement|
  Social[ ]Worker|Health[ ]Visitor|Midwife|Nurse|Teacher|Doctor|Consultant|Paediatrician|Officer|
  Police[ ]Officer|Support[ ]Worker|Key[ ]?worker|Team[ ]Manager|Manager|Carer|Therapist|
  Practitioner|  Review(?:er)?|Report|Team|Service|Unit|Practice|College|Court|Prison)"""
_INITIALS = r"[A-Z]{1,6}(?:G[MPF])?"
_LABELS = regex.compile(
    rf"""(?:the[ ])?(?:
      {_NOUN}(?:[ -]{_NUMBER})?
    | (?i:mother|father|mum|dad|child|baby|sibling|adult)['’]?s?(?:[ ]{_NUMBER})?
    | (?:M|F|MF|FM|MGM|MGF|PGM|PGF|MGP|PGP|MGGM|MA|PA|MU|PU|HB|HS|
      SF|FF|SM|BF|BM|FM|YP|CYP|NR|OOH)\d?
    | (?:Mr|Mrs|Ms|Miss|Mx|Dr|PC|DC|Prof)\.?[ ](?:[A-Z]{{1,2}}|[A-Z]?\d{{1,2}})
    | [A-Z]{{1,4}}[ -]?\d{{1,2}}
    | ([A-Z])\1 | [A-Z]
    | \[[A-Z]\d?\]
    )(?:['’]s?)?""",
    regex.VERBOSE,
)
_PLAIN_ROLE = regex.compile(r"[\p{L}'’-]+")


def is_label(text: str) -> bool:
    """Whether a text is a label that a report uses instead of a name.

    >>> [is_label(t) for t in ("Child A", "SW4", "Mother", "Mr C", "MGM", "Hospital 1", "Mr Cole")]
    [True, True, True, True, True, True, False]
    """
    return _LABELS.fullmatch(text.strip()) is not None


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word.lower().strip(".-"))


def is_generic(word: str) -> bool:
    """Whether a word says only what something is ("School", "Manager", "Serious")."""
    if word in lists.exact_words("acronyms.txt"):
        return True
    generic = lists.words("generic-words.txt")
    bare = _bare(word)
    forms = {word.lower(), bare, bare.removesuffix("s")}
    return not generic.isdisjoint(forms) or word.lower() in _JOINING or bare in _NUMBERS


def is_function(word: str) -> bool:
    """Whether a word is one that opens sentences ("The", "Following", "However")."""
    return word.lower() in lists.words("function-words.txt")


def is_given(word: str) -> bool:
    """Whether a word is a first name met in Britain, an ambiguous one included."""
    first = _bare(word).split("-", 1)[0]
    return any(first in lists.words(n) for n in ("given-names.txt", "given-names-ambiguous.txt"))


def is_ordinary(word: str) -> bool:
    """Whether a word is one of ordinary English, or one that only says what something is."""
    bare = _bare(word)
    plain = {bare, bare.removesuffix("s"), bare.removesuffix("es")} & lists.ordinary()
    return bool(plain) or is_generic(word) or is_function(word)


def is_acronym(word: str) -> bool:
    """Whether a word is written as an acronym ("LSCB", "IMRs")."""
    return regex.fullmatch(r"[A-Z][A-Z&]{1,7}s?\d?", word) is not None


_BY_STREET = regex.compile(
    r"(?:[Tt]he )?(?!(?:The|High|Main|Side|Cross) )[A-Z][a-z]+\s(?:Street|Road|Avenue|Lane|Crescent"
    r"|Terrace|Mews|Grove|Hill)\s(?:Surgery|Medical|Health|Group|Family|Practice|Clinic|Pharmacy"
    r"|School|Primary|Infants?|Junior|Nursery|Academy|Hospital|Police|Care|Children['’]s)(?!\w).*",
    regex.DOTALL,
)


# "Rivers of Life Assembly", "the Railway Tavern": congregations and public houses of plain words.
_BY_SIGN = regex.compile(
    r"(?!(?:The |the )?(?:Church|General|School|Synod|Head|House)\b)(?:[Tt]he )?[A-Z][a-z]+\s(?:"
    r"(?:[A-Z][a-z]+\s)?(?:of|in|for)\s(?:the\s)?[A-Z][a-z]+\s(?:Assembly|Ministries|Fellowship"
    r"|Tabernacle|Church|Chapel|Temple)|(?:Tavern|Inn|Arms))"
)


# A town has the name of a month; its bodies are no meetings of that month.
_MARCH = regex.compile(
    r"(?:NHS\s)?(?:March|MARCH)\s(?i:(?:(?:town|city|borough|district|county)\s)?council"
    r"|(?:local\s)?safeguarding|(?:mental|community)\shealth|nhs|hospitals?|general|clinical|police"
    r"|primary|high\sschool|academy|health\scentre|icb|ccg|pct)(?!\w).*",
    regex.DOTALL,
)


# "Levels & Coast Community NHS Foundation Trust", "Moors Fire and Rescue Service": by their land.
_LANDS = (
    r"(?:Levels|Coast(?:al|s)?|Moors?|Moorlands?|Vales?|Valleys?|Dales|Wolds|Fens?|Downs|Hills|Marsh(?:es)?"
    r"|Lakes|Lakeland|Rivers|Peaks?|Glens?|Borders|Estuary|Weald|Heathlands?|Islands)"
)
_BY_LAND = regex.compile(
    rf"(?:[Tt]he )?(?:{_LANDS}(?:\s(?:and|&)\s(?:the\s)?[A-Z][a-z]+)?|[A-Z][a-z]+\s(?:and|&)\s"
    rf"(?:the\s)?{_LANDS})"
    r"\s(?:(?:Community|Mental|Health|University|Hospitals?|Healthcare|Integrated|Care)\s)*(?:and\s)?(?:NHS\s|"
    r"Police|Constabulary|Fire\s(?:and|&)\sRescue|Ambulance|Safeguarding|Council|Housing|Homes|Partnership|"
    r"(?:Health|Care|Foundation)\s(?:Board|Trust)).*",
    regex.DOTALL,
)


# "HMP Long Field": a prison of plain words, the last of which is a kind of land.
_HELD = regex.compile(
    r"(?:HMP(?:\s?(?:/|and|&)\s?YOI)?|HM\sPrison|HM\s?YOI)\s[A-Z][a-z]+\s(?:Hall|Field|Wood|Park|Lane|Hill|Down"
    r"|Green|Bridge|Ford|Road|Farm|Marsh|Moor|Bank|Wells|Vale|Grange|House|Heath|Common|Hey|Lea|Sands|Gate|Brook)"
)


# "the Railway Club": a club by a day, a trade or a game.
_CLUB = regex.compile(
    r"(?:[Tt]he )?(?:Railway|Liberal|Conservative|Labour|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|Bowls|Bowling|Allotment|Village|Miners|Sailing|Angling|Cricket|Tennis|Golf)\sClub"
)


def is_plain_name(text: str) -> bool:
    """Whether a body is named by plain words: by its street, by a sign, by what it believes.

    >>> is_plain_name("Canal Road Surgery"), is_plain_name("the Road Safety Group")
    (True, False)
    >>> is_plain_name("Rivers of Life Assembly"), is_plain_name("March Town Council")
    (True, True)
    >>> is_plain_name("Moors and Coast NHS Trust"), is_plain_name("Adult and Community NHS Trust")
    (True, False)
    """
    return any(
        form.fullmatch(text) for form in (_BY_STREET, _BY_SIGN, _MARCH, _BY_LAND, _HELD, _CLUB)
    )


_ADDRESS = regex.compile(
    r"\d{1,4}[A-Za-z]?,? [A-Z]\w* [A-Z].*|(?!(?:The|High|Main|Side|Cross) )[A-Z][a-z]+ "
    r"(?:Street|Road|Avenue|Lane|Crescent|Terrace|Mews|Grove|Close|Place|Gardens|Row|Walk|Drive|Way"
    r"|(?<!(?:Crown|County|Family|Youth|High|Supreme|Sheriff|Local|Criminal|Open|Probate) )Court)"
)


def is_plain_address(text: str) -> bool:
    """Whether plain words are an address, or a body's name of plain words.

    A number stands before them, or a kind of street after.

    >>> is_plain_address("7 Institute Terrace"), is_plain_address("Down Lane")
    (True, True)
    >>> is_plain_address("The Road"), is_plain_address("High Street")
    (False, False)
    """
    return _ADDRESS.fullmatch(text) is not None or is_plain_name(text)


def only_generic(text: str) -> bool:
    """Whether no word of a text can be a name.

    >>> only_generic("Serious Case Review"), only_generic("the Oakfield Review")
    (True, False)
    """
    if is_plain_name(text):
        return False
    found = _TOKEN.findall(text)
    return all(is_generic(w) or is_function(w) or w.isdigit() for w in found)


def named(text: str) -> tuple[int, int] | None:
    """The part of "The Oakfield Primary School" that is a name with its type; None without one.

    >>> named("The Oakfield Primary School"), named("The Primary School")
    ((4, 27), None)
    >>> named("Director of the Oakfield Hospital"), named("Zorbel Police and Oakfield Hospital")
    ((16, 33), (18, 35))
    """
    start = _first(text)
    start += _behind_post(text[start:])
    if _BY_LAND.fullmatch(text[start:]):
        return start, len(text)
    for join in _JOINT.finditer(text, start):
        left = _TOKEN.findall(text[start : join.start()])
        if not left or left[-1].title() in _HEADS:
            continue
        if left[-1] in _BODIES or left[0] in _TITLES or all(_names_nothing(w) for w in left):
            start = join.end()
    start += _first(text[start:])
    return None if only_generic(text[start:]) else (start, len(text))


# Words after which "of" belongs to the name, and words that end a name of their own before "and".
_HEADS = frozenset(
    """University College Church City Borough County Diocese Parish Council Lady Isle Hospital
    Hospitals Town""".split()
)
_BODIES = frozenset(
    """Police Trust Trusts FT Ward School Academy Council Constabulary Service Services Team Board
    Surgery Centre Unit Group CCG CCGs ICB ICBs PCT Homes Association Partnership
    Inspectorate Probation Court Prison""".split()
)
# Who works for a body stands before its name: "Named Nurse Zorbel Trust".
_POSTS = frozenset(
    """Nurse Doctor Manager Inspector Superintendent Sergeant Constable Officer Director Lead Head
    Professional Chair Coordinator Co-ordinator Adviser Advisor Midwife Visitor Worker Practitioner
    Teacher Headteacher Consultant Paediatrician Psychiatrist Psychologist Solicitor Author
    Reviewer Executive Matron Therapist Carer Safeguarding Governance""".split()
)
_TITLES = frozenset("Dr Doctor Mr Mrs Ms Miss PC DC DS DI DCI Sgt Nurse".split())
_NUMBERED = regex.compile(r"[A-Z]{1,4}\d{1,2}")


def _names_nothing(word: str) -> bool:
    numbered = _NUMBERED.fullmatch(word) is not None
    return numbered or is_generic(word) or is_function(word)


def _behind_post(text: str) -> int:
    """Where a name starts behind the last post that is followed by one."""
    for token in reversed(list(_TOKEN.finditer(text))):
        rest = text[token.end() :]
        if token.group() in _POSTS and not only_generic(rest):
            return len(text) - len(rest.lstrip())
    return 0


_JOINT = regex.compile(r"[ \n](?:of|in|on|and|&|under|with|by|at|for)(?:[ \n]the)?[ \n]+|,[ ]")


_RECOMMENDED = regex.compile(r"R\d{1,2}")


def _first(text: str) -> int:
    """Where a name starts once the words that open a sentence are cut off."""
    for token in _TOKEN.finditer(text):
        if text.startswith("Our Lady", token.start()):
            return token.start()
        # "R2 The Zorbel Trust": the number of a recommendation opens the line.
        if _RECOMMENDED.fullmatch(token.group()) and token.end() < len(text):
            continue
        if not is_function(token.group()) and token.group().lower() not in _CLOSED:
            return token.start()
    return len(text)


def strictly_named(text: str) -> tuple[int, int] | None:
    """As `named`, where one word at least is none of ordinary English or is a known place.

    >>> strictly_named("Involving Social Care"), strictly_named("Oakfield Social Care")
    (None, (0, 20))
    """
    part = named(text)
    if part is None:
        return None
    kept = [token.group() for token in _TOKEN.finditer(text[part[0] :])]
    return part if any(not is_ordinary(w) or is_area(w) for w in kept) else None


def is_area(word: str) -> bool:
    """Whether a word is the name of an area that the gazetteer has."""
    return word in _areas()


@cache
def _areas() -> frozenset[str]:
    return frozenset(lists.forms("places-areas.txt"))


def typed(text: str) -> tuple[int, int] | None:
    """As `named`; with a type in lower case ("Oakfield school") the word before it decides."""
    found = list(_TOKEN.finditer(text))
    last_name = next((t.group() for t in reversed(found) if t.group()[0].isupper()), "")
    if found and found[-1].group()[0].islower() and last_name:
        possessive = _POSSESSIVE.search(last_name) and not _SAINT.match(text[_first(text) :])
        if possessive or is_ordinary(last_name) or is_acronym(last_name):
            return None
    return named(text)


def is_name_word(word: str) -> bool:
    """Whether a capitalised word may be part of a person's name."""
    if is_given(word):
        return True
    return not (is_generic(word) or is_function(word) or is_acronym(word) or is_label(word))
