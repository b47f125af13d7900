"""Dates in every wording of reports.

The subkind says how fine a date is: `day`; `day_range` (a range between days); `month`; `range`
(a range between months, seasons or years); `season` (a season, a term, or a part of a year);
`year`. A clock time and a length of time are no dates; nor are section numbers ("3.10.12").
"""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import births
from pipeline.raw.recognisers.row import Family, Row, pattern
from pipeline.span import Kind

_LONG = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?"
# In lower case only where nothing else reads so ("may", "march", "mar" and "sep" need a capital).
_LOW = "january|february|april|june|july|august|september|october|november|december"
_MONTH = (
    rf"(?:{_LONG}|{_LONG.upper()}|{_SHORT}|(?:JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT|SEP|OCT|NOV"
    rf"|DEC)\b\.?|{_LOW})"
)
CAP_MONTH = rf"(?:{_LONG}|{_LONG.upper()}|{_SHORT})"
_S = r"[\s\u00a0]{1,3}"
_O = r"[\s\u00a0]{0,3}"
_TH = rf"(?:{_O}(?:st|nd|rd|th|ST|ND|RD|TH)(?![\p{{Ll}}]))?"
_DD = r"(?<![\d£$€#])(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_DAY = _DD + _TH
# A footnote mark may be fused to a year ("20131"): it is no part of the date.
# Nor is the year of "2019-08-17" a year by itself.
_YYYY = r"(?:19|20)\d{2}(?=\d?(?!\d))(?![-/.]\d{1,2}[-/.]\d)"
_YEAR = (
    rf"(?:{_YYYY}|['’‘`]{_O}?\d{{2}}(?!\d)|\d{{2}}(?![\d%:]|[.]\d|{_O}(?:years|year|months"
    r"|weeks|days|hours|am|pm|minutes|children|people|per)\b))"
)
_DASH = r"[-–—‐−]"
_TO = (
    rf"(?:{_O}{_DASH}{_O}|{_S}(?:to|and|until|till|or|through|&){_S}(?:the{_S})?|{_O}/{_O}"
    rf"|,{_O}(?:and{_S})?)"
)
_WEEKDAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tues?|Weds?|Thurs?|Fri|Sat|Sun)\b\.?,?"
    r"(?:[ ]the)?" + _S
)
_W = rf"(?:(?i:{_WEEKDAY}))?"
# What may stand before a date belongs to it, and is read backwards from the figure or the month:
# a look at one sign first makes a pattern ten times as fast.
_BEHIND_W = rf"(?<=(?P<name>{_W}))"
_BEFORE_DAY = rf"(?=\d){_BEHIND_W}"
_OF = rf"(?:,?{_O}(?:(?:day{_S})?of{_S})?)"
_COMMA = r"[\s\u00a0,.]{0,3}(?:of[ ]|in[ ])?"
_ORDINAL = r"""(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth
  |ninth|tenth|eleventh|twelfth|
  thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth
  |thirtieth)"""
_TEN_TO_99 = r"""(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two
  |three|four|five|six|seven|eight|nine))?|ten|eleven|twelve|\w{3,5}teen)"""
_YEAR_WORDS = rf"""(?i:two[ ]thousand(?:[ ]and[ ](?:{_TEN_TO_99}|one|two|three|four|five|six|seven
  |eight|nine))?\b|nineteen[ -]{_TEN_TO_99}\b|twenty[ -]{_TEN_TO_99}\b)"""
_PART = rf"""(?i:(?:towards?[ ])?(?:the[ ])?(?:(?:very[ ])?(?:early|mid|middle|late|later|latter
  |end|beginning|start)(?:[ ](?:part|half|weeks?|days?|months?))?
  |(?:first|second|third|final|last)[ ](?:part|half|quarter|week|few[ ]weeks|weeks|days
  |months))(?:[ ](?:of|in))?(?:[ ]the)?{_DASH}?[ ]?)"""
_SEASON = (
    r"(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|Easter|Christmas|Michaelmas|Lent|Ramadan|Eid"
    r"|Diwali|Whitsun|[Hh]alf[ -]term|SPRING|SUMMER|AUTUMN|WINTER)"
)
_BEHIND_PART = rf"(?<=(?P<name>(?:{_PART})?))"
_SPAN_YEAR = rf"{_YYYY}(?:{_O}[-–—/]{_O}(?:{_YYYY}|\d{{2}}(?!\d)))?"


def _possible(text: str) -> tuple[int, int] | None:
    """None for three numbers that cannot be a day, a month and a year."""
    numbers = [int(n) for n in regex.findall(r"\d+", text)[:3]]
    if len(numbers) < 2:
        return None
    day, month = sorted(numbers[:2], reverse=True) if numbers[0] <= 12 else numbers[:2]
    return (0, len(text)) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _misread(text: str) -> tuple[int, int] | None:
    """None for what is written as it should be, which other rows read, and for no date at all."""
    plain = regex.sub(r"[OoIl](?=[\dOoIl/]|$|(?:st|nd|rd|th))|(?<=[\d/])[OoIl]", "1", text)
    told = regex.search(r"\d(?:tn|lh|tb|sl)|[OoIl](?:\d|st|nd|rd|th)|[\d/][OoIl]", text)
    return (0, len(text)) if told and regex.search(r"\d", plain) else None


def _date(subkind: str, text: str, score: float, **rest: object) -> Row:
    return Row(Kind.DATE, subkind, pattern(text), score, **rest)  # type: ignore[arg-type]


DAYS = (
    _date(
        "day_range",
        rf"{_BEFORE_DAY}(?<!\d[./-]){_DAY}(?:{_TO}{_W}{_DAY}){{1,4}}{_OF}{_MONTH}(?![\p{{Ll}}])"
            rf"(?:{_COMMA}{_YEAR})?",
        0.95,
        examples=("3-5 June 2012", "3rd and 4th June 2012", "3, 4 and 7 March",
            "3rd to the 5th of June 2012", "Monday 3 to Friday 7 May 2010", "23/24 March 2011"),
        lookalikes=("between 3 and 5 children", "2 and 3 may be", "sections 3 and 4",
            "23.01.18 and Tuesday 20 February 2018"),
    ),
    _date(
        "day_range",
        rf"{_BEFORE_DAY}{_DAY}{_OF}{_MONTH}(?:{_COMMA}{_YYYY})?(?:{_O}{_DASH}{_O}|{_S}(?:to|until"
            rf"|till){_S}(?:the{_S})?){_W}{_DAY}{_OF}{_MONTH}(?![\p{{Ll}}])(?:{_COMMA}{_YEAR})?",
        0.95,
        examples=("3 June 2012 to 4 July 2012", "3 June - 5 July 2012",
            "3rd June until the 5th of July"),
        lookalikes=("from 3 to 5", "3 June"),
    ),
    _date(
        "day",
        rf"{_BEFORE_DAY}{_DAY}{_OF}{_MONTH}(?![\p{{Ll}}]{{1,2}}\b)(?:{_COMMA}{_YEAR})?",
        0.96,
        examples=("21st February 2013", "3 rd June", "3 June 2012", "03 Jun 12", "Monday 3 June",
            "Mon. 3rd June 2012", "3rd of June", "the «3rd day of June 2012»",
                  "21st Feb '13", "1 MAY 2009", "3June 2012", "on «3rd\nJune 2012»",
                      "14 Sept. 2009", "3 june 2012", "3 June, 2012", "«3 June 2012»1",
                      "31st Dec 2010", "9th of May"),
        lookalikes=("Section 3 may apply", "32 June", "3 marches", "12 may be seen", "5 mark",
            "3 decisions", "June 2012", "13 junior", "4 octagons", "7 marched"),
    ),
    _date(
        "day",
        rf"(?=[JFMASOND])(?<!\w)(?={CAP_MONTH}){_BEHIND_W}{CAP_MONTH}{_S}(?:the{_S})?(?:{_DD}{_TH}(?:,{_O}|{_S}){_YYYY}"
            rf"|{_DD}{_O}(?:st|nd|rd|th)(?![\p{{Ll}}]))",
        0.95,
        examples=("June 3, 2012", "February 21st 2013", "Monday June 3rd", "March the 3rd",
            "Sept 3 2010"),
        lookalikes=("June 2012", "March 20 miles", "May 15 children", "March 2012 2012"),
    ),
    _date(
        "day",
        rf"(?=[TFSENtfsen\u017f])\b(?=(?i:{_ORDINAL})){_BEHIND_W}(?i:{_ORDINAL}){_S}(?:(?:day{_S})?of{_S})?(?:{_LONG})"
            rf"(?:{_COMMA}(?:{_YYYY}|{_YEAR_WORDS}))?",
        0.95,
        examples=("third of June 2012", "sixth of June two thousand and eleven",
            "third of May, nineteen ninety-nine", "first of June twenty seventeen",
            "twenty-first of February", "the «first of May 2010»",
            "Second June 2011"),
        lookalikes=("third May", "first of the", "second of two reports"),
        narrow=lambda text: None if text.endswith("May") and " of " not in text else (0, len(text)),
    ),
    _date(
        "day",
        rf"{_BEFORE_DAY}(?<![\d./£$-])(?:0?[1-9]|[12]\d|3[01])[ ]?(?P<sep>[/-])[ ]?"
            r"(?:0?[1-9]|[12]\d|3[01])[ ]?(?P=sep)[ ]?(?:(?:19|20)\d{2}|\d{2})(?![\d/]|-\d)",
        0.95,
        examples=("23/3/10", "16/07/06", "03-04-2012", "3/4/2012", "23 / 3 / 10", "Mon 16/07/06",
            "12/25/2010"),
        lookalikes=("1/2", "123/45/10", "32/14/10", "2012/13", "45/13/12", "020-7946-0123"),
        narrow=_possible,
    ),
    _date(
        "day",
        rf"{_BEFORE_DAY}(?<![\d./£$-])(?:0?[1-9]|[12]\d|3[01])\.[ ]?(?:0?[1-9]|1[0-2])\.[ ]?(?:19"
            r"|20)\d{2}(?=\d?(?!\d))(?!\.\d)",
        0.95,
        examples=("30.05.2017", "3.4.2012", "01. 02. 2013"),
        lookalikes=("3.10.12", "3.4.2012.1", "1.2.2013.4", "33.10.2012"),
    ),
    _date(
        "day",
        r"(?<![\d./£$-])(?:0[1-9]\.(?:0[1-9]|1[0-2])|[12]\d\.(?:0[1-9]|1[0-2])|3[01]\."
            r"(?:0[1-9]|1[0-2])|0[1-9]\.(?:[1-9]))\.\d{2}(?![\d/]|\.\d)"
            r"(?!\.?[ ]\p{Lu}\p{Ll}+[ ](?:and|of|for)\b)",
        0.85,
        examples=("30.05.17", "03.10.12", "seen on «30.05.17»"),
        lookalikes=("3.10.12", "12.1.3", "1.2", "3.10.12 The review", "30.5.17", "0.5.17"),
    ),
    _date(
        "day",
        r"""(?i:\b(?:on|dated?|since|until|till|from|to|by|born|d\.?o\.?b\.?|birth|died|between
        |and|before|after|of|w/c|commencing|ending|[bdm](?=\.))\b)
        [ :.]{1,3}(?:the[ ])?(?P<it>(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.\d{2})(?![\d/]
        |\.\d)""",
        0.85,
        examples=("on «3.10.12»", "DOB: «3.4.05»", "dated «13.1.11»", "(d. «3.8.19»)"),
        lookalikes=("paragraph 3.10.12", "3.10.12", "see 3.10.12", "section 4.1.12"),
    ),
    _date(
        "day",
        r"(?:^[ ]*|\t[ ]?)(?P<it>(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.\d{2})(?=[ ]?\t)"
            r"|\t[ ]?(?P<it>(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.\d{2})(?=[ ]?$)",
        0.8,
        examples=("«3.10.12»\tHealth visitor", "«13.1.11»\tSeen", "Zorah\t«3.10.12»\tF",
            "Zorah\t«3.10.12»"),
        lookalikes=("3.10.12 The review", "3.10.12"),
    ),
    _date(
        "day",
        r"(?<![\d/.-])(?:19|20)\d{2}(?P<sep>[-/.])(?:0[1-9]|1[0-2])(?P=sep)(?:0[1-9]|[12]\d"
            r"|3[01])(?![\d/]|[-.]\d)(?:[T ]\d{2}:\d{2}(?::\d{2})?Z?)?",
        0.97,
        examples=("2013-02-21", "2013/02/21", "2012-06-03T10:15"),
        lookalikes=("2013-14", "2012-2013", "2012/13"),
    ),
    _date(
        "day",
        r"(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])(?P<sep>[./-])(?i:i{1,3}|iv|vi{0,3}|ix|xi{0,2})(?P=sep)"
            r"(?:(?:19|20)\d{2}|\d{2})(?![\w/]|[.-]\d)",
        0.9,
        examples=("10.x.21", "29.ii.2016", "3/XII/19"),
        lookalikes=("4.i.a", "12.i.3", "1.v.2.3"),
    ),
    _date(
        "day",
        rf"(?i:{_WEEKDAY})(?:(?:0[1-9]|1[3-9]|2\d|3[01])[./](?:0?[1-9]|1[0-2])|(?:[1-9]"
        rf"|1[0-2])[./](?:0?[1-9]|1[0-2])(?![ ]?(?:am|pm|hrs|%)))(?![\d/]|[.]\d)",
        0.85,
        examples=("Fri 05.02", "Mon 23/3", "Thursday 4.11", "«Fri 05.02» pm"),
        lookalikes=("Fri 10.30 am", "Monday 14.30", "on 5.2"),
    ),
    _date(
        "day",
        # Read from a picture: "17tn of May 2010", "3O/11/lO".
        rf"(?<![\w./-])[0-3OoIl]?[\dOoIl](?:st|nd|rd|th|tn|lh|tb|sl){_O}(?:of{_S})?{_MONTH}(?:{_COMMA}{_YEAR})?"
            r"|(?<![\w./-])(?=[\dOoIl/]*\d)[0-3OoIl]?[\dOoIl]/[01OoIl]?[\dOoIl]/(?:[12Il][90Oo])?[\dOoIl]{2}(?![\w/])",
        0.85,
        examples=("17tn of May 2010", "3O/11/lO", "14/O2/2008", "l4th April 2010"),
        lookalikes=("24/7", "2012/13", "Ill/Of/II", "10th floor"),
        narrow=lambda text: _misread(text),
    ),
    _date(
        "day",
        r"(?i:\b(?:the[ ])?(?:day|night|(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend|eve)[ ]"
            r"(?:before|after|of|following))[ ](?:Easter|Christmas|Whitsun|Eid|Diwali|Ramadan"
            rf"|Pentecost)(?:{_COMMA}{_YYYY})?(?!['’]s)",
        0.85,
        examples=("the Tuesday before Easter 2017", "the day after Christmas", "night of Eid 2019"),
        lookalikes=("the week before Easter", "Easter 2017", "the day before"),
    ),
    _date(
        "day",
        r"(?i:\b(?:on|dated|of|by|since|until|from|before|after)[ ](?:the[ ])?)(?P<it>"
            r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2]))(?![\d/]|[ ]?(?:of|hours|years"
            r"|weeks)\b)",
        0.8,
        examples=("on «23/3»", "dated «03/04»", "since «1/9»"),
        lookalikes=("24/7", "1/2 of", "score of 7/10 of", "50/50", "aged 1/2"),
    ),
    _date(
        "day",
        rf"(?i:\b(?:on|by|until|since|from)[ ]the[ ])(?P<it>{_DD}{_O}(?:st|nd|rd|th))"
            r"(?=[.,;:)]|$|[ ](?:and|he|she|they|it|a|an|to|at|when|but|which|was|were|had"
            r"|there|because|after|by|for|with|following|I|[A-Z][a-z]+)\b)",
        0.6,
        examples=("on the «14th» he was seen", "by the «3rd».", "on the «21st», she"),
        lookalikes=("on the 3rd visit", "on the 14th floor", "from the 19th century",
            "in the 90th centile"),
    ),
    _date(
        "day",
        r"(?i:\b(?:on|from|until|by|since)[ ]the[ ])(?P<it>(?i:(?:(?:twenty|thirty)[ -])?"
        r"(?:fourth|fifth|sixth|seventh"
        r"|eighth|ninth|tenth"
            r"|eleventh|twelfth|\w{3,6}teenth|twentieth|thirtieth)))(?=[.,;]|[ ](?:and[ ])?"
            r"(?:he|she|they|I|we)\b)",
        0.6,
        examples=("on the «tenth» and he died", "on the «twenty-fourth».", "on the «sixth» she"),
        lookalikes=("on the tenth floor", "on the fourth occasion he"),
    ),
    _date(
        "day",
        r"\b(?:Christmas[ ](?:Eve|Day)|Boxing[ ]Day|New[ ]Year['’]?s[ ](?:Eve|Day)|"
            r"(?:St\.?[ ])?Valentine['’]?s[ ]Day|Hallowe['’]?en|Bonfire[ ]Night"
            r"|Guy[ ]Fawkes[ ]Night|Good[ ]Friday|Easter[ ](?:Sunday|Monday|Day)"
            r"|Mother['’]?s[ ]Day|Mothering[ ]Sunday|Father['’]?s[ ]Day|Remembrance[ ]Sunday"
            r"|Pancake[ ]Day|Shrove[ ]Tuesday|St\.?[ ](?:Patrick|George|David"
            rf"|Andrew)['’]?s[ ]Day)(?:{_COMMA}{_YYYY})?",
        0.85,
        examples=("Christmas Day 2012", "Boxing Day", "New Year’s Eve 2011", "Bonfire Night",
            "Easter Sunday, 2011"),
        lookalikes=("Christmas", "New Year", "Father visited"),
    ),
)  # fmt: skip

MONTHS = (
    _date(
        "range",
        rf"(?={_MONTH}(?:{_COMMA}{_YEAR})?{_TO})(?<=(?P<name>(?<!\w)(?:{_PART})?)){_MONTH}(?:{_COMMA}{_YEAR})?{_TO}(?:{_PART})?{_MONTH}"
            rf"(?![\p{{Ll}}]){_COMMA}{_YYYY}",
        0.9,
        examples=("April - June 2013", "March to May 2012", "between «April and June 2013»",
            "June 2012 to July 2013", "Sept 2011–Jan 2012"),
        lookalikes=("April and others", "May to be"),
    ),
    _date(
        "month",
        rf"(?<!\w)(?={_MONTH}(?:{_COMMA}|{_O}{_DASH}{_O}){_YYYY}){_BEHIND_PART}{_MONTH}(?:{_COMMA}|{_O}{_DASH}{_O}){_YYYY}",
        0.9,
        examples=("Sept 2020", "September 2011", "end of March 2012", "mid-June 2010",
            "early May 2009", "June, 2012", "JUNE 2012", "«September 2013»1", "june 2012",
            "the beginning of March 2011"),
        lookalikes=("may 2012", "summer 2012", "June", "the march 2012"),
        narrow=lambda text: None if regex.match(r"(?:may|march|mar)\b", text) else (0, len(text)),
    ),
    _date(
        "month",
        rf"(?<!\w){CAP_MONTH}{_O}['’‘`]\d{{2}}(?!\d)|(?<![\w-]){CAP_MONTH}[ -](?:0\d|1\d"
            rf"|2[0-9])(?![\d:.%]|{_TH}\p{{L}}|[ ](?:years?|months?|weeks?|days?|children"
            r"|people|per|of|the|and|to|or|other|different)\b|st|nd|rd|th|,[ ]\d)",
        0.8,
        examples=("Feb '13", "Sept-12", "March ’09", "Feb 13"),
        lookalikes=("May 15 children", "March 20th", "June 2012", "May 18 of"),
    ),
    _date(
        "month",
        r"(?<![\d/.-])(?:0?[1-9]|1[0-2])[/](?:19|20)\d{2}(?![\d/])",
        0.85,
        examples=("02/2013", "9/2012"),
        lookalikes=("2012/13", "14/2012", "01/02/2013"),
    ),
    _date(
        "month",
        r"(?i:\b(?:in|during|since|until|till|by|from|of|last|this|that|next|following"
            r"|early|mid|late|throughout|to|before|after|end[ ]of|start[ ]of|beginning[ ]of)"
            rf"(?:[ ]|-)(?:early[ ]|mid[ -]|late[ ]|the[ ]end[ ]of[ ]|the[ ])?)(?P<it>{_LONG})"
            rf"(?![\p{{L}}]|['’]s\b|{_S}(?:\d|['’]\d|[A-Z][a-z]+)|[ ](?:be|have|not|also|well"
            r"|only|need|lead|include|indicate)\b)",
        0.6,
        examples=("in «March»", "since last «June»", "during «August»", "by mid-«September»",
            "until «May»."),
        lookalikes=("this May be", "in May Street", "of April Smith", "that May have",
            "in June 2012", "on March"),
    ),
)  # fmt: skip

COARSE = (
    _date(
        "season",
        rf"(?={_SEASON})\b{_BEHIND_PART}{_SEASON}(?:[ ](?:[Tt]erm|[Hh]olidays?"
            rf"|[Hh]alf[ -]term|[Bb]reak|[Tt]ime|[Pp]eriod))?(?:[ ]of)?(?:[ ]the[ ]year)?"
            rf"[ ,]{{1,2}}{_SPAN_YEAR}",
        0.85,
        examples=("summer of 2018", "Summer 2018", "winter of 2012/13", "autumn term 2012",
            "Christmas 2012", "late spring 2011", "Easter holidays 2010",
            "end of the summer 2018"),
        lookalikes=("in the summer", "spring forward", "summer holidays", "Christmas"),
    ),
    _date(
        "season",
        rf"(?=[12Q])(?:(?<![\p{{L}}\d])(?={_YYYY})(?<=(?P<name>{_PART})){_YYYY}"
            rf"(?![/\d]|{_O}[-–]{_O}\d)|(?<=(?P<name>(?i:\b(?:first|second|third|fourth|last"
            rf"|final)[ ](?:half|quarter|part|months)[ ]of[ ]))){_YYYY}"
            rf"|\bQ[1-4][ ,]{{1,2}}{_YYYY})",
        0.8,
        examples=("towards the end of 2018", "mid 2010", "mid-2010", "early 2012", "late 2012",
            "first half of 2013", "Q3 2015", "the beginning of 2011", "the latter part of 2009"),
        lookalikes=("in 2012", "early years", "end of the review", "by 2012"),
    ),
    _date(
        "range",
        rf"(?<![\w£$€,./-]){_YYYY}{_O}(?:{_DASH}|/){_O}(?:(?:19|20)\d{{2}}(?!\d)|\d{{2}}"
            rf"(?![\d/-]))|(?<![\w£]){_YYYY}[ ](?:to|and|until)[ ]{_YYYY}",
        0.75,
        examples=("2012/13", "2012-13", "2007–08", "2011 - 2014", "2009-2010",
            "between «2010 and 2012»", "2003 to 2012"),
        lookalikes=("2013-02-21", "£2012-13", "3-2012", "12-13"),
    ),
    _date(
        "year",
        r"(?<![\w£$€,./:-]|\d[ ])(?:19[2-9]\d|20[0-4]\d)(?=\d?(?![\d]))(?![%,]\d|[-/.]\d"
            r"|[ ]?(?:hours|hrs|children|people|reviews|pounds|words|per)\b)",
        0.5,
        examples=("in «2012»", "born in «1987».", "«2013»1"),
        lookalikes=("£2012", "12,012", "2012 children", "2012 hours", "1850", "v.2012",
            "20123456", "2012-13"),
    ),
    _date(
        "year",
        r"(?i:\b(?:early|mid|late)[ -])?(?<![\w£])(?:19|20)\d0['’]?s\b|(?i:\b(?:early|mid"
            r"|late)[ -])(?:nineties|eighties|noughties)\b",
        0.5,
        examples=("1990s", "mid-1990s", "early 2000s", "the «late nineties»"),
        lookalikes=("in her 30s", "her forties"),
    ),
)  # fmt: skip


def _more(text: str, _found: tuple[Finding, ...]) -> Iterable[Finding]:
    return births.found(text)


FAMILY = Family("dates", DAYS + MONTHS + COARSE, more=_more)
