"""What a report says happened to the person it is about: the day of it, and the kinds of harm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.raw import facts_calendar as days
from pipeline.raw import facts_tables as tables
from pipeline.raw import facts_titles as titles
from pipeline.raw.document import Document
from pipeline.raw.facts_nouns import NOTHING, Fact, Source, agreed
from pipeline.raw.facts_person import same_day
from pipeline.raw.facts_sentences import Sentence, matches
from pipeline.raw.facts_who import Who

DEATH, INJURY = "death", "serious injury"
HOMICIDE, SUICIDE = "homicide", "suicide"
PHYSICAL, SEXUAL, NEGLECT, SELF_NEGLECT = (
    "physical abuse", "sexual abuse", "neglect", "self-neglect",
)  # fmt: skip
HARMS = (DEATH, INJURY, HOMICIDE, SUICIDE, PHYSICAL, SEXUAL, NEGLECT, SELF_NEGLECT)

_ADVERB = r"(?:(?:sadly|tragically|later|subsequently|then|also|had|has) )*"
_DIED = (
    rf"{_ADVERB}(?:died|passed away|was"
    r" (?:(?!not\b|never\b)\w+ )?(?:killed|murdered|pronounced dead|found dead|found (?:\w+"
    r" )?deceased)|(?:took|ended) (?:his|her|their) (?:own )?life|drowned|lost (?:his|her"
    r"|their) life)"
)
_AN_AGE = r"(?:,? (?:aged|who was|at the age of|then) (?:(?!\b(?:born|birth)\b)[^.;,]){1,40})?"
_APPOSITION = r"(?:,? (?:aged|who was|then) [^.;,]{1,30},?)?"
_OF = (
    r"(?<![Aa]ttempted )(?<!attempts at )[Dd]eath of §(?!['’]s)|§['’]s (?:\w+ )?death\b(?! threat)"
)
_KILLED_OF = (
    r"(?<![Aa]ttempted )\b(?:[Mm]urder|[Mm]anslaughter|[Kk]illing|[Hh]omicide) of §(?!['’]s)"
)
_AGED_THEN = (
    r"§ was [^.;,]{1,40} old (?:when|on the day(?: that)?|at the time(?: that)?) (?:he|she"
    r"|they) (?:sadly |tragically )?died\b"
)
_DEATHS = (rf"§{_APPOSITION} {_DIED}\b", _AGED_THEN, _OF, _KILLED_OF, r"[Ss]uicide of §(?!['’]s)")
_STILL = regex.compile(
    r"\b(?:nearly|almost|not|never|had not|fear\w*|risk|threat\w*|attempt\w*|thought\w*|think"
    r"|said|believed?)\b[^.;,]{0,25}$"
)
# What may stand between a verb and its day without being another event.
_PLAIN = (
    r"(?: (?!(?:born|birth|was|were|is|opened|concluded|commenced|resumed|heard|held|adjourned"
    r"|following|after|from|sustained|inflicted|injur\w+|before|since|when|which|but|and|while"
    r"|who|that|because|until|having|days?|weeks?|months?|years?|aged?)\b)[^.;:\d ]+){0,9}?"
)
_ON = (
    rf"(?: on| in)(?: the)?(?: (?:morning|afternoon|evening|night|early hours|day) of)?"
    rf" (?P<it>{days.DATE})"
)
_DEATH_DAYS = (
    rf"§{_APPOSITION}(?:,? who)? {_DIED}{_AN_AGE},?{_PLAIN}{_ON}",
    rf"(?:[Dd]eath|[Mm]urder|[Kk]illing|[Hh]omicide|[Ss]uicide) of"
    rf" §(?!['’]s){_AN_AGE},?{_PLAIN}{_ON}",
    rf"§['’]s (?:\w+ )?death{_PLAIN}{_ON}",
    rf"\A(?:[\d.()]+ )?[Oo]n (?P<it>{days.DATE}),? (?:(?:at|in) [^.;,\d]{{1,40}},?"
    rf" )?§{_APPOSITION} {_DIED}\b",
)
_HURT = (
    r"fractur\w+|haemorrhag\w+|brain injur\w+|head injur\w+|burns|scalds|stab\w* wounds?"
    r"|non-accidental injur\w+|serious injur\w+|life[- ](?:threatening|changing)|multiple"
    r" injur\w+|(?:multiple|extensive) bruis\w+|severe malnutrition|cardiac arrest|unresponsive"
    r"|significant injur\w+|overdose|ligature|hypothermi\w+|severe pressure ulcers|untreated"
    r" pressure ulcers|grade 4 pressure"
)
_INJURY_DAYS = (
    rf"(?:[Ss]erious|[Ss]ignificant) (?:harm|injur\w+) (?:to|sustained by|suffered by)"
    rf" §{_AN_AGE},?{_PLAIN}{_ON}",
    rf"§{_APPOSITION} was {_ADVERB}(?:seriously|critically|fatally|severely) (?:injured|harmed"
    rf"|assaulted|hurt){_PLAIN}{_ON}",
    rf"§{_APPOSITION} (?:suffered|sustained) (?:[\w-]+ ){{0,6}}?(?:injur\w+|burns"
    rf"|fractures?){_PLAIN}{_ON}",
    rf"[Ww]hen § was found{_ON} with ",
)
_HURT_DAY = (
    rf"[Oo]n (?P<it>{days.DATE}),? §{_APPOSITION} (?:was|suffered"
    rf"|sustained)[^.;]{{0,80}}?\b(?:{_HURT})",
)
_INJURIES = (
    r"(?:[Ss]erious|[Ss]ignificant|[Ss]evere) (?:physical )?(?:harm|injur\w+) (?:to|sustained"
    r" by|suffered by|inflicted on) §(?!['’]s)",
    r"§ was (?:(?!not\b|never\b)\w+ )?(?:seriously|critically|severely) (?:injured|harmed|hurt)",
)
# These may be of any year: they count where a report still says what it is about.
_HURTS = (
    rf"§{_APPOSITION} (?:had )?(?:suffered|sustained|received)(?: [\w-]+){{0,5}}? (?:{_HURT})",
    rf"[Ww]hen § was found{_ON} with [^.;]{{0,20}}\b(?:{_HURT})",
    rf"§{_APPOSITION} was (?:admitted|taken|brought)[^.;]{{0,80}}?(?:with|where scans"
    rf" showed)(?: [\w-]+){{0,4}}? (?:{_HURT})",
    rf"took § to [^.;]{{0,70}}?(?:with|where scans showed)(?: [\w-]+){{0,4}}? (?:{_HURT})",
)
_KINDS = (
    (HOMICIDE, r"(?:convicted|guilty|found guilty) of (?:the )?(?:murder|manslaughter) of"
               r" §(?!['’]s)"),
    (HOMICIDE, r"(?:convicted|guilty) of (?:murdering|killing|unlawfully killing) §(?!['’]s)"),
    (HOMICIDE, rf"§{_APPOSITION} was (?:\w+ )?(?:murdered|unlawfully killed|stabbed to death"
               rf"|killed by)"),
    (HOMICIDE, r"(?<![Aa]ttempted )(?<!with the )(?<!of the )\b(?:[Mm]urder|[Hh]omicide) of"
               r" §(?!['’]s)"),
    (SUICIDE, r"§(?: had)? (?:took|ended|taken) (?:his|her|their) own life|§ (?:had )?died by"
              r" suicide"),
    (SUICIDE, r"[Ss]uicide of §(?!['’]s)|§['’]s (?:death by )?suicide(?! attempt| note| risk)"),
    (PHYSICAL, r"[Pp]hysical abuse of §(?!['’]s)|§ (?:had )?(?:suffered|sustained)(?: [\w-]+){0,3}?"
               r" (?:non-accidental injur\w+|physical abuse)"),
    (PHYSICAL, r"§ (?:was|had been) (?:(?:repeatedly|violently|physically|severely) )*"
               r"(?:shaken|physically abused)"),
    (SEXUAL, r"[Ss]exual (?:abuse|exploitation|assault) of §(?!['’]s)"),
    (SEXUAL, r"§ (?:(?:was|is) an? (?:[\w-]+ ){1,6}?who )?(?:was|had been)"
             r" (?:(?:repeatedly|the victim of) )*(?:sexual(?:ly)? (?:abused?|exploited"
             r"|exploitation|assaulted|assault)|raped)"),
    (SEXUAL, r"§ (?:had )?(?:suffered|experienced)(?: [\w-]+){0,3}? sexual (?:abuse|exploitation)"),
    (NEGLECT, r"(?<!self-)(?<!risk of )(?<!category of )\b[Nn]eglect of §(?!['’]s)"
              r"|§ (?:was|had been) (?:(?:severely|chronically|seriously|physically) )*neglected"),
    (NEGLECT, r"§ (?:had )?(?:suffered|experienced|died)(?: [\w-]+){0,4}? (?<!self-)(?<!risk of"
              r" )neglect\b"),
    (SELF_NEGLECT, r"§(?:['’]s)?(?: [\w’'-]+){0,8}? self-neglect"),
)  # fmt: skip
_KINDS_OF_DEATH = tuple(pair for pair in _KINDS if pair[0] in (HOMICIDE, SUICIDE))
# Said of nobody, but nobody survives it: then no mere injury is stated.
_LIFE_ENDED = regex.compile(
    r"(?:[Tt]reatment|[Ll]ife support|[Vv]entilation) was (?:withdrawn|switched off|turned off)"
)
_BESIDE = regex.compile(
    r"\b(?:unrelated|unconnected|road traffic|accident\w*|playground|playing|sports?)\b"
)
_FIRST = 40  # sentences in which a report says what it is about
_DOUBT = regex.compile(
    r"\b(?:not|never|no|without|denied|risk|suspect\w*|possibl\w+|potential\w*|concern\w*"
    r"|threat\w*|attempt\w*|charged|accus\w+|arrest\w*|suspicion|believed|disclos\w+|said|told"
    r"|claim\w*|question\w*|thought|likel\w+)\b"
)
_CALL = (
    r"(?:(?:an )?ambulance was called|(?:a )?(?:999|emergency) call was (?:made|received)"
    r"|(?:the )?(?:emergency services|paramedics|police and ambulance) were called|a call came in)"
)
_EMERGENCY = regex.compile(
    rf"\b{_CALL}\b[^.;]{{0,60}}? [Oo]n (?P<it>{days.DATE})|\b[Oo]n (?P<it>{days.DATE}),? (?:\w+"
    rf" ){{0,4}}?{_CALL}"
)
_CIRCUMSTANCES = regex.compile(
    r"circumstance|brief facts|what happened|summary of (?:the )?(?:case|events)|the incident"
    r"|introduction|critical|reason|why (?:this|the) (?:case|review)|events? (?:leading|that"
    r" led)",
    regex.IGNORECASE,
)


def _told(pattern: str, one: Sentence) -> Iterator[regex.Match[str]]:
    for match in matches(pattern, one):
        if one.tells(match.end()) and not _STILL.search(one.text, 0, match.start()):
            yield match


def _days(patterns: Sequence[str], sentences: Sequence[Sentence]) -> Iterator[Fact]:
    for one in sentences:
        if not regex.search(r"\d", one.text):
            continue
        for match in (m for p in patterns for m in _told(p, one)):
            yield Fact(match["it"], one.span(*match.span("it")), Source.BODY)


def _early(one: Sentence) -> bool:
    """Whether a sentence stands where the report says why it was written."""
    return one.number < _FIRST or _CIRCUMSTANCES.search(one.section) is not None


def _field_days(document: Document, words: str) -> Iterator[Fact]:
    for label, cell in tables.fields(document):
        if regex.fullmatch(words, label) and (day := regex.match(days.DATE, cell.text)):
            yield cell.fact(day.group())


def incident(document: Document, sentences: Sequence[Sentence], who: Who, *, coroner: bool) -> Fact:
    """The day of the death, else of the injury; nothing where the report gives two.

    Last comes the day of the emergency call in the account of what happened.
    """
    if not who.pattern:
        return NOTHING
    deaths = r"(?:date|day) of (?:the )?(?:death|fatal incident)|died|date of death of .*"
    events = (
        r"date of (?:the )?(?:significant |critical |index |serious )?(?:incident|injury|event)"
    )
    found = [*_field_days(document, deaths), *_days(_DEATH_DAYS, sentences)]
    found = found or [*_field_days(document, events), *_days(_INJURY_DAYS, sentences)]
    early = [one for one in sentences if _early(one)]
    found = found or list(_days(_HURT_DAY, early))
    if not found and not coroner:
        found = list(_called(sentences))
    return agreed(sorted(found, key=lambda fact: -_detail(fact.value)), same_day)


def _detail(written: str) -> int:
    day = days.read(written)
    return 0 if day is None else sum(map(bool, day))


def _called(sentences: Sequence[Sentence]) -> Iterator[Fact]:
    for one in sentences:
        match = _EMERGENCY.search(one.text) if _CIRCUMSTANCES.search(one.section) else None
        if match and one.tells(match.end()):
            yield Fact(match["it"], one.span(*match.span("it")), Source.BODY)


_CONCLUDED = (
    r"\b(?:conclusion|verdict)\b[^.;]{0,80}?\b(?:was|of|recorded|as):? (?:one of |that of |by"
    r" )?[‘'“\"]?[Ss]uicide"
)


def harm(sentences: Sequence[Sentence], kind: Fact) -> tuple[Fact, ...]:
    """The kinds of harm that the report says its subject came to, each once.

    A death by the title's own words: a homicide review and a coroner's report are of one. A
    serious injury counts where the subject is not said to have died of it.
    """
    found: dict[str, Fact] = {}
    if kind.value in (titles.PFD, *titles.OF_DEATHS):
        found[DEATH] = Fact(DEATH, kind.span, kind.source)
    for one in sentences:
        for pattern in _DEATHS:
            for match in _told(pattern, one):
                _add(found, DEATH, one, match)
        for name, pattern in _KINDS if kind.value != titles.PFD else _KINDS_OF_DEATH:
            for match in _told(pattern, one):
                near = one.text[max(0, match.start() - 60) : match.end()]
                if not _DOUBT.search(near):
                    _add(found, name, one, match)
        if kind.value == titles.PFD and SUICIDE not in found:
            for match in _told(_CONCLUDED, one):
                _add(found, SUICIDE, one, match)
    if DEATH not in found and not any(map(_LIFE_ENDED.search, (s.text for s in sentences))):
        for one in sentences:
            patterns = (*_INJURIES, *_HURTS) if _early(one) else _INJURIES
            for match in (m for p in patterns for m in _told(p, one)):
                if not _BESIDE.search(one.text):
                    _add(found, INJURY, one, match)
    return tuple(found[name] for name in HARMS if name in found)


def _add(found: dict[str, Fact], name: str, one: Sentence, match: regex.Match[str]) -> None:
    found.setdefault(name, Fact(name, one.span(*match.span()), Source.BODY))
