"""Ages in every wording: the number with its unit, without "aged".

The subkind is the unit: `years`, `months`, `weeks`, `days`, `decade` ("in his forties"). A length
of time ("for two years", "six weeks later") is no age, nor is a range of a service ("0-19").
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import demographics, places, wording
from pipeline.raw.recognisers.row import PATTERN_SECONDS, Family, Row, pattern
from pipeline.span import Kind, Span

_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORD = rf"(?i:\b(?:(?:{_TENS})(?:[ -](?:{_UNITS}))?|{_TEENS}|{_UNITS}))"
_N = rf"(?:(?<![\d.,£/-])\d{{1,3}}(?:\.\d|½)?(?![\d,]\d|%)|{_WORD}\b)"
# How a number opens: a look at one sign first makes a pattern three times as fast.
_OPENS_N = r"(?=\d|\b[OTFSENotfsen\u017f])"
_UNIT = r"(?i:years?|yrs?|months?|mths?|weeks?|wks?|days?)"
_G = r"[\s\u00a0]?-?[\s\u00a0]?"
# "4 years and 3 months", "2½ years", "eighteen months", "two and a half years", "3y 2m"
_AMOUNT = rf"""(?:{_N}{_G}{_UNIT}\b(?:,?[ ](?:and[ ])?(?:{_N}[ ]{_UNIT}\b|a[ ]half\b))*
  |{_N}[ ]and[ ]a[ ](?:half|quarter)(?:[ ]|-){_UNIT}\b
  |\d{{1,2}}[ ]?y(?:rs?)?[ ,]{{0,2}}\d{{1,2}}[ ]?m(?:ths?)?\b|\d{{1,2}}\+\d{{1,2}}\b)"""
_NUMBERS = rf"{_N}(?:(?:,[ ]|[ ]?(?:to|and|or|-|–|/|&)[ ]?|,?[ ]and[ ]){_N}){{0,5}}"
_NOT_UNIT = (
    r"(?![\w%£]|[.,]\d|[ ](?:minutes?|hours?|times|occasions|per|percent|of[ ]the|people"
    r"|children|visits?|different|other|out|from[ ]the)\b)"
)
_WHO = r"(?:(?i:he|she|they|who|child|baby|boy|girl|mother|father|sibling)|\p{Lu}[\p{Ll}’'-]*\d?)"


_MEMBER = r"""(?:Subject|(?:Maternal[ ]|Paternal[ ]|Step-?|Half-?[ ]?)?(?:Mother|Father
  |Grandmother|Grandfather|
  Sibling|Brother|Sister|Aunt|Uncle|Son|Daughter)(?:['’]s[ ]partner)?|MGM|MGF|PGM|PGF|Child|Baby
  |Adult|Partner)
  (?:[ ](?:\d|[A-Z]{1,2}))?"""

# How the next cell of such a table begins.
_ORIGIN = rf"(?i:white|black|asian|mixed|other|gypsy|roma|{demographics.PEOPLES})\b"


def _age(subkind: str, text: str, score: float, **rest: object) -> Row:
    return Row(Kind.AGE, subkind, pattern(text), score, **rest)  # type: ignore[arg-type]


ROWS = (
    _age(
        "years",
        rf"{_OPENS_N}{_N}(?:[ ]?(?:to|or|-|–|and)[ ]?{_N})?{_G}(?i:years?|yrs?|y\.?)(?:,?[ ]"
            rf"(?:and[ ])?{_N}[ ](?i:months?|mths?|weeks?|days?)){{0,2}}{_G}(?:(?i:old)\b"
            r"(?!s|[ ]age)|(?i:o\b))",
        0.95,
        examples=("4-year-old", "4 years old", "14yo", "14 yo", "fourteen year old",
            "fourteen-year-old", "15 years old", "4 years and 3 months old",
                  "2 years 6 months and 18 days old", "two-year-old",
                  "twenty-three year old", "17 year-old", "16 or 17 year old",
                      "5yr old"),
        lookalikes=("for two years", "16 to 18 year olds", "two years older", "an old school",
            "three years ago", "18-year-olds"),
    ),
    _age(
        "months",
        rf"{_OPENS_N}{_N}(?:[ ]?(?:to|or|-|–|and)[ ]?{_N}|[ ]and[ ]a[ ]half)?{_G}(?i:months?|mths?)"
            rf"(?:,?[ ](?:and[ ])?{_N}[ ](?i:weeks?|days?))?{_G}(?i:old)\b(?!s)",
        0.95,
        examples=("18-month-old", "three months old", "11 months old", "4 month old",
            "two-month-old", "3 to 4 months old"),
        lookalikes=("for 18 months", "six months later", "month-old milk"),
    ),
    _age(
        "weeks",
        rf"{_OPENS_N}{_N}(?:[ ]?(?:to|or|-|–|and)[ ]?{_N})?{_G}(?i:weeks?|wks?)(?:,?[ ]"
            rf"(?:and[ ])?{_N}[ ](?i:days?))?{_G}(?i:old)\b(?!s)",
        0.95,
        examples=("6-week-old", "seven weeks old", "10 wks old", "13 week old"),
        lookalikes=("for six weeks", "a six week course", "28 weeks pregnant"),
    ),
    _age(
        "days",
        rf"{_OPENS_N}{_N}{_G}(?i:days?){_G}(?i:old)\b(?!s)",
        0.95,
        examples=("9 days old", "ten-day-old", "10 day old"),
        lookalikes=("after ten days", "ten days later"),
    ),
    _age(
        "years",
        r"(?i:\baged?)(?:[ ](?i:of|only|just|about|around|approximately|nearly|almost"
            rf"|between|from|then|now|is|was|at))*[ ]?[:=]?[\s]?(?P<it>{_AMOUNT}(?:[ ](?:to|and"
            rf"|or|,)[ ]{_AMOUNT})?|{_NUMBERS}(?:[ ]?{_UNIT}\b)?){_NOT_UNIT}",
        0.93,
        examples=("aged «4 years and 3 months»", "aged «14»", "at the age of «14»", "aged «six»",
            "aged «2, 5 and 7»", "aged between «2 and 5»", "Age: «15»",
                  "aged «eighteen months»", "(aged «3½»)", "aged «11 weeks»",
                      "aged only «7 weeks»", "aged «two and a half years»", "age «16»",
                      "aged «3y 2m»", "Aged «23»"),
        lookalikes=("aged under 5", "aged over 65", "age 2012", "damaged 4", "aged care",
            "the age of criminal", "aged 30%", "managed 14", "ages and stages"),
    ),
    _age(
        "years",
        rf"{_OPENS_N}(?P<it>{_AMOUNT})(?=[\s](?i:of[ ]age)\b)",
        0.95,
        examples=("«18 months» of age", "«14 years» of age", "«six weeks» of age",
            "«four years and two months» of age"),
        lookalikes=("two years of abuse", "years of age"),
    ),
    _age(
        "years",
        rf"\b{_WHO}[ ](?i:was|is|were|had[ ](?:just[ ])?(?:turned|reached)|turned|turns"
            r"|became|would[ ]be|would[ ]have[ ]been)[ ](?:(?i:only|just|then|now|about|almost"
            rf"|nearly|aged|already|still)[ ])*(?P<it>{_N})(?=[.,;:)]|$|[ ](?i:when"
            r"|at[ ]the[ ]time|and[ ](?:he|she|his|her|was|the|a|had)|years?[ ]of|but|he|she"
            r"|in[ ](?:19|20)\d\d|next|tomorrow)\b)",
        0.7,
        examples=("when he was «14».", "she was «15» when", "he had turned «18»,",
            "she was just «fifteen» at the time", "Quill was «six» when"),
        lookalikes=("he was 15 minutes late", "there was 1.", "it was 30% of", "this was one.",
            "he was one of four", "score was 12."),
        narrow=lambda text: None if text.lower() in {"one", "1"} else (0, len(text)),
    ),
    _age(
        "years",
        r"\b(?i:when|while|until|before|after|since|by[ ]the[ ]time)[ ](?:(?i:he|she|they"
            r"|\p{Lu}[\p{Ll}’'-]*)[ ])(?i:was|were|is|reached|turned)[ ](?:(?i:only|just"
            rf"|about)[ ])?(?P<it>{_AMOUNT}|{_N}(?!{_G}{_UNIT})){_NOT_UNIT}",
        0.85,
        examples=("when she was «4 years»", "until he was «11 months», the",
            "when they were «nine»", "before she turned «16»"),
        lookalikes=("when he was seen", "when there were 3 visits", "before she was 10 minutes"),
        narrow=lambda text: None if text.lower() in {"one", "1"} else (0, len(text)),
    ),
    _age(
        "years",
        rf"\b(?i:had|has|having)[ ](?:(?i:therefore|just|only|now|already|recently)[ ])?"
            rf"(?i:reached|turned|attained)[ ](?P<it>{_AMOUNT}|{_N}(?!{_G}{_UNIT})){_NOT_UNIT}",
        0.85,
        examples=("had just reached «61 years» that", "had just turned «16».",
            "has now reached «eleven»"),
        lookalikes=("had reached 60 people", "had turned 3 visits", "had reached one of them"),
        narrow=lambda text: None if text.lower() in {"one", "1"} else (0, len(text)),
    ),
    _age(
        "years",
        r"(?<![\d/.])\d{1,2}[ ]?(?:yrs?|y/o|y\.o\.?|yo)\b(?![ ](?:ago|later|earlier"
            r"|previously|before|after|prior))",
        0.85,
        examples=("«14 y/o»", "a «15 yo» boy", "«4 yrs»"),
        lookalikes=("4 yrs ago", "yo", "2012 yrs"),
    ),
    _age(
        "years",
        r"(?<=\b\p{Lu}[\p{Ll}’'-]{1,20},[ ])(?P<it>\d{1,2})(?=,[ ](?:who|a|an|was|had|died"
            r"|from|of|is|lived|and[ ]his|and[ ]her)\b)",
        0.8,
        examples=("Quill, «14», who", "Zorah, «3», was"),
        lookalikes=("June 3, 2012", "Table 4, and", "Section, 4, and"),
    ),
    _age(
        "years",
        rf"(?<=,[ ](?:now|then|currently|by[ ]then)[ ](?:aged[ ])?)(?P<it>{_AMOUNT}"
        rf"|{_N})(?=[.,;)])",
        0.75,
        examples=("Mother, now «29».", "Zorah, then «six», was", "Father, currently «41»,"),
        lookalikes=("and now 29 people", ", now 3 months later", ", then, 4"),
    ),
    _age(
        "years",
        rf"\((?:then|now)[ ](?P<it>{_AMOUNT}|{_N})(?=[),;])",
        0.8,
        examples=("Zorah (then «8»)", "his twin (now «eleven»)"),
        lookalikes=("(then 8 people)", "(now one of four)"),
    ),
    _age(
        "years",
        rf"(?i:\b(?:was|were|is|had[ ]been))[ ](?:then|now|by[ ]then|still[ ]only)[ ]"
        rf"(?P<it>{_AMOUNT}|{_N})"
        r"(?=[.,;)](?!\d)|[ ](?:and|years?[ ]of)\b)",
        0.75,
        examples=("His mother, Zorah, was then «19».", "who is now «thirty-one», and",
            "The child, who was then «6 months»."),
        lookalikes=("there were then 4 visits", "it is now 10.30", "was then one of"),
        narrow=lambda text: None if text.lower() in {"one", "1"} else (0, len(text)),
    ),
    _age(
        "years",
        # Of somebody's place in the family, in brackets: "Zorah Quill (mother, 31)".
        rf"\((?i:(?:(?:half|step)[ -]?)?(?:mother|father|mum|dad|brother|sister|sibling|son"
        rf"|daughter)|uncle|aunt"
        rf"|grand(?:mother|father|son|daughter)|partner|cousin|niece|nephew|husband|wife),[ ]"
        rf"(?P<it>{_AMOUNT}|\d{{1,3}})(?=[),;])",
        0.85,
        examples=("Zorah Quill (mother, «31»)", "Marl (half-brother, «6 months»)"),
        lookalikes=("(mother, 2012)", "(brother, 3 visits)"),
    ),
    _age(
        "years",
        # A family told in a line each: "Zorah – mother – 19".
        rf"^[^\n.]{{2,60}}?[ ][–—-][ ][^\n.]{{0,40}}?(?i:\b(?:subject|child|baby|mother|father"
        rf"|partner|husband|wife"
        rf"|sibling|brother|sister|son|daughter|aunt|uncle|cousin|grand\w+|MGM|MGF|PGM|PGF|neighbour|friend)\b)"
        rf"[^\n.]{{0,40}}?[ ][–—-][ ](?P<it>{_AMOUNT}|\d{{1,3}})[ ]*$",
        0.8,
        examples=("Zorah – mother – «19»", "Quillan – subject – «13 months»",
            "Marla – maternal grandmother (“Mo”) – «47»"),
        lookalikes=("Mother – see section – 4.1", "Page 3 – the mother", "Review – part – 12"),
    ),
    _age(
        "years",
        # Behind brackets: "Mother (White British) was nineteen at the time".
        rf"\),?[ ](?:was|is)[ ](?:(?i:only|just|now|then|about)[ ])?(?P<it>{_N})(?=[.,;]|[ ](?:when"
        rf"|at[ ]the[ ]time)\b)",
        0.75,
        examples=("Mother (b. 1970) is «54».", "MGM (Marla) was «nineteen» at the time of"),
        lookalikes=("(see above) was 12 pages", "the score (BDI) was", "(a) is one of"),
        narrow=lambda text: None if text.lower() in {"one", "1"} else (0, len(text)),
    ),
    _age(
        "years",
        r"(?i:\b(?:gave[ ]birth|pregnant|married|left[ ](?:home|school|care)|first[ ]"
        r"(?:child|baby)|became[ ]a[ ](?:mother|father|parent)|ran[ ]away|was[ ]adopted))"
        rf"[^.;\n]{{0,40}}?[ ]at[ ](?P<it>{_N})(?=[.,;)](?!\d)|[ ](?:and|but|by|to)\b)",
        0.8,
        examples=("gave birth to Quill at «16».", "became a mother at «fifteen» and",
            "left home at «17», then"),
        lookalikes=("gave birth at 3.15", "pregnant at booking", "left school at 3pm",
            "left home at 10 weeks"),
    ),
    _age(
        "weeks",
        r"(?<![\w/.])(?P<it>\d{1,2}/(?:52|12))(?=[ ]?(?:old|of[ ]age)\b)"
        r"|(?i:\baged?[ ])(?P<it>\d{1,2}/(?:52|12))(?![\w/])",
        0.9,
        examples=("«9/52» old", "aged «11/12»"),
        lookalikes=("9/10 old", "36/40 gestation", "9/12/2010"),
    ),
    _age(
        "years",
        rf"\b(?i:who|he|she)[ ](?:was|is)[ ](?P<it>{_AMOUNT})(?=[.,;)]|[ ](?:when"
        rf"|at[ ]the[ ]time)\b)",
        0.8,
        examples=("who was «5 years».", "she was «eleven months» when"),
        lookalikes=("it was two years.", "who was two years older", "she was 3 months pregnant"),
    ),
    _age(
        "years",
        # A row of a table of the family: its cells are split by tabs.
        rf"^(?=[^\n]*\b(?:Mother|Father|Sibling|Brother|Sister|Child|Baby|Subject|Partner|Son"
        rf"|Daughter"
        rf"|Grandmother|Grandfather|Aunt|Uncle|Stepfather|MGM|PGM|MGF|PGF)\b)[^\n]{{0,160}}?\t[ ]?"
        rf"(?P<it>{_AMOUNT}|\d{{1,2}}|{_WORD})(?=[ ]?(?:\t|$)|[ ]{{1,3}}{_ORIGIN})",
        0.7,
        examples=("Mother\tF\t«29»\tWhite British", "Child K\t«6 months»\tSubject",
            "Zorah\tSibling 1\t«7»", "Adult DD\tSubject\t«43» mixed White and Asian"),
        lookalikes=("Recommendation\t4\tBoard", "Mother was seen 3 times", "Page\t12"),
    ),
    _age(
        "years",
        # The same table where every cell became a line, or all of them one line.
        rf"(?:^|[ ]){_MEMBER}(?:\n\n?(?:[A-Za-z][^\n]{{0,24}}\n\n?){{0,2}}"
        rf"(?P<it>{_AMOUNT}|\d{{1,2}}|{_WORD})(?=$|[ ]{{1,3}}{_ORIGIN})"
        rf"|[ ]{{1,3}}(?P<it>{_AMOUNT}|\d{{1,2}}|{_WORD})"
        rf"(?=\s{{1,3}}(?:M|F|Male|Female|{_ORIGIN})\b))",
        0.65,
        examples=("Mother\n«41»\nF", "Sibling 1\nF\n«four»", "Zorah Quill Subject «2» F White",
            "Child GG\nSubject\n«6 months»", "Sibling 2\n\nSibling 2\n\n«five»",
            "Sibling 1 «four»\n\nPakistani",
            "Mother\n\n«37» mixed White and Asian", "Sibling 2 «five»\n\nWhite British"),
        lookalikes=("Mother was seen 3 times", "The mother\n12 people", "Chapter\n12",
            "Father 2 was seen"),
    ),
    _age(
        "years",
        rf"(?i:\b(?:some(?:body|one)|man|woman|child|boy|girl|person|adult|baby)[ ]of[ ])"
        rf"(?:just[ ]|only[ ]|about[ ])?(?P<it>{_AMOUNT}|{_WORD}\b(?=[ ](?:is|was|who|had|to"
        rf"|at|and|in|with)\b|[.,;)])"
        rf"|\d{{1,2}}(?=[ ](?:is|was|who|had)\b|[.,;)](?!\d)))",
        0.75,
        examples=("a boy of «fifteen» is", "a man of «52», who",
            "somebody of «74 years» who", "a girl of only «eleven months»",
            "a man of «30 years»"),
        lookalikes=("a review of 74 years", "a woman of the same age",
            "one child of four children"),
        narrow=lambda text: None if text.lower() in {"one", "1"} else (0, len(text)),
    ),
    _age(
        "decade",
        r"(?i:\b(?:in|into|of)[ ](?:his|her|their)[ ])(?P<it>(?i:(?:early|mid|late)[ -]?)?"
            r"(?:(?i:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties"
            r"|nineties)|\d0['’]?s))\b",
        0.8,
        examples=("in his «forties»", "in her «mid-twenties»", "in their «early 30s»",
            "in her «late teens»"),
        lookalikes=("the 1990s", "in the eighties"),
    ),
    _age(
        "years",
        r"(?i:\b(?:his|her|their|the|'s|’s)[ ])(?P<it>(?:\d{1,3}(?:st|nd|rd|th)|"
            r"(?i:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
            r"|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|twenty-first)))"
            r"(?=[ ](?i:birthday)\b)",
        0.85,
        examples=("his «16th» birthday", "her «first» birthday", "their «eighteenth» birthday"),
        lookalikes=("the first visit", "his second review"),
    ),
)  # fmt: skip

_BESIDE = regex.compile(r"[ ]\((?P<it>\d{1,2})\)|,[ ](?P<it>\d{1,2})(?=[,);]|\.(?:\s|$))")
_NAMES = regex.compile(r"(?<![\p{L}\d])\p{Lu}[\p{L}’'-]+(?:[ ]\p{Lu}[\p{L}’'-]+)?$")


def _beside_names(text: str, _found: tuple[Finding, ...]) -> Iterator[Finding]:
    """A number in brackets or between commas behind a first name: "Zorah Quill (32)"."""
    for match in _BESIDE.finditer(text, timeout=PATTERN_SECONDS):
        lead = _ASIDE.sub("", text[max(0, match.start() - 60) : match.start()])
        before = _NAMES.search(lead)
        names = before.group().split() if before else []
        brackets = match.group().endswith(")")
        # Two words that are no words of English name a person as a first name does.
        unknown = len(names) > 1 and all(_can_be_surname(name) for name in names)
        given = any(wording.is_given(name) or (brackets and not _plain(name)) for name in names)
        given = given or unknown or (bool(names) and _KIN.search(lead) is not None)
        if given and not any(wording.is_generic(name) for name in names):
            yield Finding(Span(*match.span("it")), Kind.AGE, "years", 0.75, "ages")


# A nickname between a name and its age, and a word for a relative before the name.
_ASIDE = regex.compile(r",?[ ][(\"“‘][^()\n\"”]{1,24}[)\"”’]\)?$")
_KIN = regex.compile(
    r"(?i:\b(?:mother|father|mum|dad|brother|sister|son|daughter|gran|granny|nan|aunt|uncle|cousin|niece|nephew"
    r"|partner|husband|wife|twin))[,:]?[ ]\p{Lu}[\p{L}’'-]+(?:[ ]\p{Lu}[\p{L}’'-]+){0,2}$"
)


def _can_be_surname(word: str) -> bool:
    return not _plain(word) and word not in places.names_of_places()


# The title of a column of ages, and a cell that holds one and nothing else.
_AGE_TITLE = regex.compile(r"(?i:age\b[^\t\n]{0,30})")
_AGE_CELL = regex.compile(
    r"\d{1,3}(?:[ ]?(?:years?|yrs?|months?|mths?|weeks?|wks?|days?|y/o|y|m))?(?:[ ](?:old"
    r"|and[ ]\d.*))?"
)
_LINE = regex.compile(r"[^\n]+")


def _in_columns(text: str, _found: tuple[Finding, ...]) -> Iterator[Finding]:
    """The cells below the title of a column of ages, in a table whose cells are split by tabs."""
    column, wide = -1, 0
    for line in _LINE.finditer(text, timeout=PATTERN_SECONDS):
        cells = line.group().split("\t")
        titles = [at for at, cell in enumerate(cells) if _AGE_TITLE.fullmatch(cell.strip())]
        if len(cells) != wide or titles:
            column, wide = (titles[0], len(cells)) if titles and len(cells) > 1 else (-1, 0)
            continue
        cell = cells[column]
        if column >= 0 and _AGE_CELL.fullmatch(cell.strip()):
            start = line.start() + sum(len(c) + 1 for c in cells[:column])
            start += len(cell) - len(cell.lstrip())
            yield Finding(Span(start, start + len(cell.strip())), Kind.AGE, "years", 0.9, "ages")


def _more(text: str, found: tuple[Finding, ...]) -> Iterator[Finding]:
    yield from _beside_names(text, found)
    yield from _in_columns(text, found)


def _plain(word: str) -> bool:
    return wording.is_ordinary(word) or wording.is_acronym(word) or wording.is_label(word)


FAMILY = Family("ages", ROWS, more=_more)
