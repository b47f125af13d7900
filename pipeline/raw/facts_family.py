"""Whether the family was sought, invited and heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.raw.facts_nouns import NOTHING, Fact, Source
from pipeline.raw.facts_sentences import Sentence, matches

TOOK_PART, DECLINED, INVITED, NOT_INVITED = (
    "took part", "invited, declined", "invited", "not invited",
)  # fmt: skip
FAMILY = (TOOK_PART, DECLINED, INVITED, NOT_INVITED)

_KIN = (
    r"(?:(?:the|his|her|their|both|all|other|Child|Baby|Adult|Young Person|YP|Mr|Mrs|Ms|Miss"
    r"|[\p{L}\d’']+['’]s|[Tt]he|[Hh]is|[Hh]er|[Bb]oth|members of the|[Mm]embers of the"
    r"|of)[ ])*(?:(?:birth|wider|extended|immediate|maternal|paternal|adult|older|elder"
    r"|bereaved|close|foster|step|half|ex-?|former|two|three|[Mm]aternal"
    r"|[Pp]aternal)[ -]?)*(?:[Ff]amily(?: members?)?|[Pp]arents?|[Mm]others?|[Ff]athers?|[Mm]um"
    r"|[Dd]ad|[Rr]elatives?|[Gg]randmothers?|[Gg]randfathers?|[Gg]randparents?|[Ss]isters?"
    r"|[Bb]rothers?|[Ss]iblings?|[Aa]unts?|[Uu]ncles?|[Ss]ons?|[Dd]aughters?|[Pp]artner|[Ww]ife"
    r"|[Hh]usband|[Ww]idow|[Ww]idower|[Cc]ousins?)(?: of (?:Child|Baby|Adult) [A-Z]\d?)?"
)
_KIN_ALL = (
    rf"(?P<kin>{_KIN}(?:(?:,| and|, and| or| as well as) {_KIN}){{0,3}})(?:, who"
    rf" [^.;,]{{1,50}},)?(?!['’]s?)(?! (?:support|court"
    r"|centre|liaison|solicitor|worker|group|home|nurse|doctor|therap\w+|law)\b)"
)
# A clause that starts here has the family for its subject.
_START = (
    r"(?:\A(?:[\d.()]+ )?|[,;:] (?:and |but |although )?|\b(?:and|but|that|although|while|as"
    r"|because|since|though) )(?:[Hh]owever, |[Uu]nfortunately, |[Ss]adly, |[Dd]uring the"
    r" review,? |[Ff]or this review,? )?"
)
_ADV = (
    r"(?: (?:also|each|all|both|kindly|generously|later|subsequently|jointly|then|not only"
    r"|separately|again))*"
)
_AUTHOR = (
    r"(?:(?:the )?(?:(?:lead|independent|overview|report|review)[ -])*(?:author|reviewer|chair"
    r"|writer|review team|panel)s?(?: (?:and|or) (?:the )?(?:(?:lead|independent|overview"
    r"|review|panel)[ -])*(?:author|reviewer|chair|panel)s?)?(?: of (?:the|this) review)?)"
)
_HEARD = (
    rf"{_START}{_KIN_ALL}{_ADV} (?:met(?: with)?|spoke (?:to|with)|wrote to|talked to|were"
    rf" visited by|was visited by|were interviewed by|was interviewed by|were seen by|was seen"
    rf" by|shared (?:\w+ ){{1,5}}with) {_AUTHOR}",
    rf"{_START}{_KIN_ALL}{_ADV} (?:contributed to|took part in|participated in|were involved in"
    rf"|was involved in"
    r"|engaged with|engaged in|assisted|helped with) (?:the|this) (?:\w+ )?review",
    rf"{_START}{_KIN_ALL}(?: (?:have|has|had))?{_ADV} (?:(?:agreed|accepted|chose"
    rf"|wished)[^.;,]{{0,40}} and )?"
    r"(?:contributed|participated|provided (?:a )?(?:written )?(?:contribution|statement)s?)"
    r" (?:to|in) (?:the|this) (?:\w+ )?review",
    rf"(?:[Tt]he )?{_AUTHOR}{_ADV} (?:met(?: with)?|spoke (?:to|with)|visited|interviewed"
    rf"|talked (?:to|with)|had (?:\w+ ){{0,3}}(?:conversations?|meetings?|discussions?) with"
    rf"|held (?:\w+ ){{0,3}}(?:conversations?|meetings?) with) {_KIN_ALL}",
    rf"(?:[Cc]onversations?|[Mm]eetings?|[Ii]nterviews?) (?:with {_KIN_ALL} )?(?:was|were)"
    rf" (?:held|carried out|conducted|undertaken)(?: (?:by {_AUTHOR} )?with {_KIN_ALL})(?!"
    rf" (?:and|or) (?:staff|practitioners))",
    rf"used these words[^.;]{{0,40}}? when (?:the )?{_AUTHOR} visited (?:him|her|them)",
)  # fmt: skip
_INVITE = (
    r"(?:invited|approached|asked|offered|contacted|given (?:an|the) opportunity"
    r"|encouraged)(?=[^.;]{0,60}?\b(?:contribut\w+|take part|participat\w+|meet\w*|review"
    r"|views?|involved|engage|opportunit\w+|share|talk|speak|interview\w*)\b)"
)
_BEEN = r" (?:was|were|has been|have been|had been)"
_INVITED = (
    rf"{_START}{_KIN_ALL}{_BEEN}{_ADV} {_INVITE}",
    rf"(?:[Tt]he )?{_AUTHOR}{_ADV} (?:wrote to|invited|contacted"
    rf"|approached) {_KIN_ALL}(?=[^.;]{{0,80}}?\b"
    r"(?:contribut\w+|take part|participat\w+|meet|invit\w+|review|views)\b)",
    rf"\b[Ll]etters? (?:was|were) (?:sent|written) to {_KIN_ALL}",
    rf"\b(?:[Tt]he [Bb]oard|[Tt]he [Pp]anel|[Tt]he [Pp]artnership) (?:wrote to"
    rf"|invited) {_KIN_ALL}(?=[^.;]{{0,80}}?\b"
    r"(?:contribut\w+|take part|participat\w+|meet|invit\w+|views)\b)",
)
_DECLINED = (
    rf"{_START}{_KIN_ALL}{_BEEN}{_ADV} {_INVITE}[^.;]*?\b(?:but|and|however|yet"
    rf"|although)\b[^.;]*?\b(?:declined|refused"
    r"|chose not|did not (?:wish|want)|decided not|felt unable)\b",
    rf"{_START}{_KIN_ALL}{_ADV} (?:declined|refused|chose not|did not (?:wish|want)|decided not"
    rf"|felt unable)"
    r"(?: (?:the|an|any))?(?: (?:offer|invitation|opportunity))? to (?:contribute|take part"
    r"|participate|meet|be (?:involved|interviewed)|engage|speak|be part)",
    rf"{_START}{_KIN_ALL}{_ADV} declined (?:the |an |this )?(?:invitation|offer"
    rf"|opportunity)(?=[^.;]{{0,60}}?\b"
    r"(?:contribut\w+|review|take part|participat\w+|meet|author|reviewer)\b|[.;])",
)
_NOT_INVITED = (
    rf"{_START}{_KIN_ALL} (?:was|were|has been|have been|had been) not {_INVITE}",
    rf"{_START}{_KIN_ALL} (?:was|were) not (?:involved|interviewed|consulted|spoken to)(?:"
    rf" (?:in|for|as part of|by)(?: (?:the|this) (?:\w+ )?review| (?:the )?{_AUTHOR}))",
    rf"(?:decided|agreed|decision (?:was )?(?:made|taken)) not to (?:contact|approach|involve"
    rf"|interview|invite|seek the views of) {_KIN_ALL}",
)
_SECTION = regex.compile(
    r"\b(?:family|parent\w*|relatives?)['’]?s? (?:involve|contribut|view|perspective"
    r"|participation|engage|account|say|voice)|(?:involve\w+|views?|voices?|contributions?"
    r"|perspectives?|engagement|participation) (?:of|by|from|with) (?:the )?(?:family|parent"
    r"|relative|mother|father)|what (?:the )?(?:family|relatives|parents) (?:said|told)",
    regex.IGNORECASE,
)
# In a section on the family's part, anybody who is no practitioner is of the family.
_STAFF = regex.compile(
    r"\b(?:[Pp]ractitioners?|[Ss]taff|[Pp]rofessionals?|[Ww]orkers?|[Nn]urses?|[Oo]fficers?"
    r"|[Mm]anagers?|[Tt]eachers?|[Dd]octors?|Dr|[Aa]genc\w+|[Pp]anel|[Bb]oard|[Gg]roup"
    r"|[Aa]uthors?|[Rr]eviewers?|[Tt]eam)\b"
)
_NAMED = (
    r"(?:(?:[Tt]he )?(?:\p{Lu}[\p{L}’'.-]*|mother|father|sister|brother|aunt|uncle|son|daughter"
    r"|grandmother)(?: and )?[ ]?){1,6}(?<! )"
)
_SECTION_HEARD = (
    rf"\A(?:[\d.()]+ )?(?P<kin>{_NAMED}){_ADV} (?:met(?: with)?|spoke (?:to|with)|wrote to)"
    rf" (?:the )?{_AUTHOR}",
    rf"\A(?:[\d.()]+ )?[Mm]eetings with (?P<kin>{_NAMED}) were held",
    rf"\A(?:[\d.()]+ )?(?P<kin>{_NAMED}), seen at ",
)
_SECTION_INVITED = (rf"\A(?:[\d.()]+ )?Letters were sent to (?P<kin>{_NAMED}) (?:on|in) ",)
# The review at hand, not the assessment or the service of which it speaks.
_OTHER_MEETING = regex.compile(
    r"\b(?:conference|core group|strategy|assessment|child protection|social worker|school"
    r"|clinic|parenting|care plan|practice review panel|police interview|will be|ward round"
    r"|discharge)\b"
)


def involvement(sentences: Sequence[Sentence]) -> Fact:
    """What the report says of the family's part in it, the fullest part counting.

    Guidance ("families should be invited") and what is still to be done count for nothing.
    """
    found: dict[str, Fact] = {}
    for one in sentences:
        if one.of_rules and not _SECTION.search(one.section):
            continue
        for value in _said(one):
            if one.tells() and not _OTHER_MEETING.search(one.text):
                found.setdefault(value, Fact(value, one.whole, Source.BODY))
    return next((found[value] for value in FAMILY if value in found), NOTHING)


def _said(one: Sentence) -> Iterator[str]:
    """What a sentence says of the family's part."""
    tables = [(NOT_INVITED, _NOT_INVITED), (DECLINED, _DECLINED), (TOOK_PART, _HEARD)]
    for value, patterns in (*tables, (INVITED, _INVITED)):
        if any(True for p in patterns for _ in matches(p, one)):
            yield value
    if _SECTION.search(one.section):
        for value, patterns in ((TOOK_PART, _SECTION_HEARD), (INVITED, _SECTION_INVITED)):
            found = (m for p in patterns for m in matches(p, one))
            if any(not _STAFF.search(match["kin"]) for match in found):
                yield value
