"""What a report says of the person it is about: birth, age at the incident, sex, ethnicity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.raw import facts_calendar as days
from pipeline.raw import facts_tables as tables
from pipeline.raw.document import Document
from pipeline.raw.facts_nouns import Fact, Source, agreed
from pipeline.raw.facts_sentences import Sentence, matches
from pipeline.raw.facts_who import Who
from pipeline.raw.recognisers import demographics

_ONES = "one two three four five six seven eight nine".split()
_TEENS = (
    """ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen""".split()
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {w: n for n, w in enumerate((*_ONES, *_TEENS), 1)} | {
    w: 20 + 10 * n for n, w in enumerate(_TENS)
}
_NUMBER = (
    rf"(?:\d{{1,3}}(?![\d.,]\d)|(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES)}))?"
    rf"|{'|'.join(_TEENS)}|{'|'.join(_ONES)})"
)
_UNIT = r"(?:years?|months?|weeks?|days?)"
# "4 months", "three-year", "2 years and 3 months"; after "aged", a bare number too.
_AMOUNT = rf"{_NUMBER}[ -]{_UNIT}(?:,?(?: and)? {_NUMBER} {_UNIT})?"
_ABOUT = r"(?:only |just |about |almost |nearly |then |approximately |around )?"
_AGED = (
    rf"(?:{_ABOUT}aged {_ABOUT}(?P<a>{_AMOUNT}|{_NUMBER}(?! ?(?:to|-|and|or)\b))|at the age"
    rf" of {_ABOUT}(?P<b>{_AMOUNT}|{_NUMBER})|{_ABOUT}(?P<c>{_AMOUNT})(?: old|[ -]old| of age))"
)
# What ends a life or begins the review; being "admitted" or "found" happens in any year.
_END = (
    r"(?:sadly |tragically |later )?(?:died|was (?:killed|murdered|stabbed|shot|fatally \w+"
    r"|pronounced dead|found (?:\w+ )?(?:dead|deceased|lifeless|unresponsive|hanging))|drowned"
    r"|took (?:his|her|their) own|ended (?:his|her|their)|passed away)"
)
_LIFELESS = r"(?=,? (?:\w+ ){0,4}?(?:unresponsive|dead|lifeless|not breathing|hanging|collapsed))"
_WHEN = (
    r"(?:when|on the (?:day|night|date)(?: that| when)?|at the (?:time|date)(?: that| when|"
    r" of)?)(?: of)? (?:(?:he|she|they|§) (?:sadly |tragically )?(?:died|was (?:killed|murdered"
    r"|injured|found|admitted|stabbed|assaulted|harmed)|took|suffered|sustained|collapsed)"
    r"|(?:his|her|their|the|§['’]s) (?:tragic |untimely |fatal )?(?:death|murder|killing"
    r"|injur\w+|incident|attack|assault|fire|collapse|homicide))"
)
_AGES = tuple(
    pattern
    for pattern in (
        rf"§,?(?: who)?(?: was)? {_AGED},? {_WHEN}",
        rf"§,? {_AGED},? (?:who )?{_END}",
        rf"(?:[Dd]eath|[Mm]urder|[Kk]illing|[Hh]omicide|[Ss]uicide|harm|injur(?:y|ies)) (?:of"
        rf"|to) §,? (?:who was )?{_AGED}",
        rf"§(?:,? who)? {_END}(?! (?:to|into))(?: [\w’']+){{0,6}},? {_AGED}(?=[ .,;)])",
        rf"[Ww]hen § (?:{_END}|was found [^.;]{{0,40}}?with|suffered|sustained)[^.;]{{0,100}}?,"
        rf" (?:he|she|they) (?:was|were) {_AGED}",
        rf"(?:found|discovered) §,? {_AGED}{_LIFELESS}",
        rf"(?:killed|murdered) §,? {_AGED}",
        rf"§ was (?:an? )?{_AGED} (?:\w+ ){{0,2}}?(?:boy|girl|baby|child|man|woman),? who {_END}",
        rf"{_AGED} § {_END}",
    )
)  # fmt: skip
# In the sentence after one that tells of the death or the harm.
_AGE_NEXT = rf"\A§ was {_AGED}(?=[.,;]| at the time| when)"
_HARMED = (
    r"(?:[Dd]eath|[Mm]urder|[Ss]erious harm|[Ss]erious injur\w+) (?:of|to) §|§[^.;]{0,40} died"
)
_OPENS = regex.compile(
    rf"\bthis (?:[\w-]+ ){{0,5}}?(?:review|report)\b[^.;]{{0,90}}\b(?:death|murder|homicide"
    rf"|suicide|serious injur\w+|serious harm|injuries|abuse|neglect|concerns|is about)\b(?:"
    rf" (?:of|to|suffered by|sustained by))? (?:an? |the )?(?P<c>{_AMOUNT})[ -]old (?:\w+"
    rf" ){{0,2}}?(?P<sex>boy|girl|man|woman|male|female"
    r"|child|baby|adult|lady|gentleman)\b",
    regex.IGNORECASE,
)
_FIRST = 40  # sentences in which a report still says what it is about


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    return sum(_NUMBERS[word] for word in regex.split(r"[ -]", words.lower()) if word)


def months_old(age: str) -> int | None:
    """An age in whole months, a bare number being years.

    >>> months_old("4 months"), months_old("three-year"), months_old("2 years and 3 months")
    (4, 36, 27)
    >>> months_old("twelve"), months_old("six weeks"), months_old("elderly")
    (144, 1, None)
    """
    found = regex.findall(rf"({_NUMBER})(?:[ -]({_UNIT}))?", age.lower())
    if not found:
        return None
    per = {"y": 12.0, "m": 1.0, "w": 12 * 7 / 365.25, "d": 12 / 365.25}
    return int(sum(_number(number) * per[(unit or "years")[0]] for number, unit in found))


def same_age(one: str, other: str) -> bool:
    """Whether two ages may be of one person on one day: "2 years" and "30 months" may.

    >>> same_age("2 years", "30 months"), same_age("2 years", "3 years")
    (True, False)
    """
    a, b = months_old(one), months_old(other)
    if a is None or b is None:
        return False
    coarse = any("month" not in age and "week" not in age and "day" not in age
                 for age in (one, other))  # fmt: skip
    return a // 12 == b // 12 if coarse else abs(a - b) <= 1


_BIRTHS = (
    rf"§(?:,? who)? (?:was born|came into the world)(?: (?!born)[^.;\d ]+){{0,9}} on"
    rf" (?P<it>{days.DATE})",
    rf"§,? (?:\((?:[^().\d]{{0,60}},? )?)?(?:born|date of birth|DOB|d\.o\.b\.):?(?: on)?"
    rf" (?P<it>{days.DATE})",
    rf"\A(?:[\d.()]+ )?Born [^.;\d]{{0,40}}?(?:on )?(?P<it>{days.DATE}), §",
)


def born(document: Document, sentences: Sequence[Sentence], who: Who) -> Fact:
    """The date of birth, where one field or one sentence gives it."""
    found: list[Fact] = []
    for label, cell in tables.fields(document):
        fits = regex.fullmatch(
            r"(?:date of birth|d\.?o\.?b\.?|born)(?: of (?:the )?(?:subject|child|deceased"
            r"|victim))?",
            label,
        )
        if fits and (day := regex.match(days.DATE, cell.text)):
            found.append(cell.fact(day.group()))
    for cell in tables.of_subject(document, who, r"d\.?o\.?b\.?|date of birth|born"):
        if day := regex.match(days.DATE, cell.text):
            found.insert(0, cell.fact(day.group()))
    for one in sentences:
        spoken = [m for p in _BIRTHS for m in matches(p, one)]
        found += [_fact(one, m, "it") for m in spoken if one.tells(m.end())]
    return agreed(found, same_day)


def same_day(one: str, other: str) -> bool:
    """Whether two written dates may be of one day."""
    a, b = days.read(one), days.read(other)
    return a is not None and b is not None and a.agrees(b)


def _fact(one: Sentence, found: regex.Match[str], group: str | int) -> Fact:
    return Fact(found[group], one.span(*found.span(group)), Source.BODY)


def _age(one: Sentence, found: regex.Match[str]) -> Fact:
    groups = found.groupdict()
    return _fact(one, found, next(g for g in ("a", "b", "c") if groups.get(g)))


def age(document: Document, sentences: Sequence[Sentence], who: Who, counted: str) -> Fact:
    """The age at the incident: counted from exact dates, else as told, else of a family's table.

    Where the report gives two ages that cannot both be, none is stated.
    """
    told: list[Fact] = []
    before: Sentence | None = None
    for one in sentences:
        found = [m for p in _AGES for m in matches(p, one)]
        if before is not None and one.before and any(matches(_HARMED, before)):
            found += matches(_AGE_NEXT, one)
        if one.number < _FIRST and who.pattern:
            found += _OPENS.finditer(one.text)
        told += [_age(one, m) for m in found if one.tells(m.end())]
        before = one
    told = [fact for fact in told if months_old(fact.value) is not None]
    if counted:
        told.insert(0, Fact(counted, None, Source.COUNTED))
    if told:
        return agreed(told, same_age)
    words = r"age(?: \(?(?:at|when)\b.*)?"
    cells = list(tables.of_subject(document, who, words))
    of_cells = [
        cell.fact()
        for cell in cells
        if regex.fullmatch(rf"{_AMOUNT}(?: old)?|{_NUMBER}", cell.text)
    ]
    return agreed(of_cells, same_age)


MALE, FEMALE = "male", "female"
SEXES = (MALE, FEMALE)
_MALE = frozenset(
    "boy man male gentleman son brother mr he his him himself m grandson nephew".split()
)
_FEMALE = frozenset(
    "girl woman female lady daughter sister mrs ms miss she her herself f granddaughter"
    " niece".split()
)
_NOUN = r"(?P<it>boy|girl|man|woman|male|female|lady|gentleman)"
_GAP = r"(?: (?!(?:of|with|to|by|for|from|whose|who|as|like|than)\b)[\w’'-]+,?){0,6}?"
_SEXED = (
    rf"§,?(?: (?:who )?(?:was|is)(?: described(?: [\w’']+){{0,3}} as)?)? (?:an?"
    rf"|the){_GAP} {_NOUN}\b",
    rf"§(?: was| is)?,? {_AGED}[^.;]{{0,3}}? (?:when|on the day (?:that )?) ?(?P<it>he|she)"
    rf" (?:died|was)\b",
    r"§ and (?P<it>his|her) (?:\w+ )?(?:mother|father|parents|mum|dad|siblings?|brothers?"
    r"|sisters?|twin|family|husband|wife|partner|children|baby)\b",
    r"§(?:['’]s)? (?:had )?(?:took|taken|ended|lost) (?P<it>his|her) (?:own )?life\b",
    r"§ (?:lived|moved|went|was living|lives) (?:[\w’']+ ){0,6}?with (?P<it>his|her) (?:\w+"
    r" )?(?:mother|father|parents|siblings?|brothers?|sisters?|twin|family|husband|wife|partner"
    r"|grandparents)\b",
    rf"[Ww]hen § (?:was|died|suffered)[^.;]{{0,140}}?, (?P<it>he|she) was {_AGED}",
    rf"§(?: was| is)?,? {_AGED},? (?:when|at the time of) (?P<it>his|her) (?:\w+ )?death",
)  # fmt: skip


def _sex(word: str) -> str:
    if word.lower().strip(".") in _MALE:
        return MALE
    return FEMALE if word.lower().strip(".") in _FEMALE else ""


def sex(document: Document, sentences: Sequence[Sentence], who: Who, subject: Fact) -> Fact:
    """Male or female, where all that the report says of its subject agrees."""
    found: list[Fact] = []
    title = regex.match(r"(Mr|Mrs|Ms|Miss|Boy|Girl)\b", subject.value, regex.IGNORECASE)
    if title and who.pattern and (said := _sex(title[1])):
        found.append(Fact(said, subject.span, subject.source))
    for cell in tables.of_subject(document, who, r"sex|gender|m/f|male/female"):
        if said := _sex(cell.text):
            found.append(cell.fact(said))
    for label, cell in tables.fields(document):
        if label in ("sex", "gender") and who.pattern and (said := _sex(cell.text)):
            found.append(cell.fact(said))
    for one in sentences:
        for match in (m for p in _SEXED for m in matches(p, one)):
            if one.tells(match.end()) and (said := _sex(match["it"])):
                found.append(Fact(said, one.span(*match.span("it")), Source.BODY))
        opens = _OPENS.search(one.text) if one.number < _FIRST and who.pattern else None
        if opens and one.tells(opens.end()) and (said := _sex(opens["sex"])):
            found.append(Fact(said, one.span(*opens.span("sex")), Source.BODY))
    return agreed(found, str.__eq__)


NOT_RECORDED = "not recorded"
_FAMILY = (
    r"(?<!\b(?:of|by|in|with|for|to) )\b[Tt]he (?:family|household)(?: (?:is|are|was|were)|"
    r" identif\w+ (?:itself|themselves) as| (?:describe[sd]?|sees?) (?:itself|themselves)"
    r" as)(?: (?:of|from|both|all))?(?: an?)? "
)
_WAS = (
    r"§,?(?: who)?(?: (?:was|is)(?: described as| recorded as| identified as)?| identified"
    r" as),?(?: (?:of|from))?(?: an?)?(?: \d+[ -]year[ -]old)? "
)
_UNRECORDED = (
    r"(?:(?:[Ee]thnicity|[Ee]thnic (?:origin|background)) of § (?:was|is) (?:not|never)"
    r" (?:recorded|known|noted)|§['’]s (?:ethnicity|ethnic (?:origin|background)) (?:was|is)"
    r" (?:not|never) (?:recorded|known|noted))"
)  # fmt: skip


def ethnicity(document: Document, sentences: Sequence[Sentence], who: Who) -> Fact:
    """The ethnicity as written, of the subject or of the family; or that it was not recorded."""
    words = r"ethnicity|ethnic (?:origin|background|group)"
    found = [cell.fact() for cell in tables.of_subject(document, who, words)]
    if not found and who.pattern:
        wanted = (cell for label, cell in tables.fields(document) if regex.fullmatch(words, label))
        found = [cell.fact() for cell in wanted]
    for one in sentences if not found else ():
        if one.tells():
            found += _told(one, who)
    unknown = r"not (?:known|stated|recorded)|unknown|n/?[ak]|none|-+"
    found = [
        Fact(NOT_RECORDED, f.span, f.source) if regex.fullmatch(unknown, f.value, regex.I) else f
        for f in found
    ]
    return agreed(found, lambda a, b: a.casefold() in b.casefold() or b.casefold() in a.casefold())


def _told(one: Sentence, who: Who) -> Iterator[Fact]:
    places = [m.end() for m in matches(_WAS, one)]
    if who.pattern:
        places += [m.end() for m in regex.finditer(_FAMILY, one.text)]
    if places:
        for finding in demographics.FAMILY.find(one.text):
            at = finding.span
            if finding.subkind in ("ethnicity", "nationality") and at.start in places:
                yield Fact(at.of(one.text), one.span(at.start, at.end), Source.BODY)
    for match in matches(_UNRECORDED, one):
        yield Fact(NOT_RECORDED, one.span(*match.span()), Source.BODY)
