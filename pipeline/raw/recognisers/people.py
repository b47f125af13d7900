"""People by what stands beside their names; the tagger does the rest.

A rank or a courtesy title belongs to the finding ("Mr Quill", "PC Quill"); a role in words does
not ("Social Worker «Ann Quill»"), because roles stay in the published text. The subkind says
what the cue tells: `author`, `chair`, `panel`, `practitioner`, `family`, `child` or `person`.
Labels that a report already uses ("Child A", "Mr C", "SW4") are no findings (see `wording`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import dates, lists, places, wording
from pipeline.raw.recognisers.row import PATTERN_SECONDS, Family, Row, pattern
from pipeline.span import Kind, Span

_S = r"(?:[ \u00a0]{1,2}|[ ]?\n)"
_PART = (
    r"(?:(?:Mc|Mac|O['’]|D['’]|De|Le|La|Fitz|Al-|El-)?\p{Lu}\p{Ll}{1,24}"
    r"(?:[-'’]\p{Lu}\p{Ll}{1,24}){0,3})"
)
_LINK = r"(?:van|von|der|den|de|la|le|el|al|bin|ibn|bint|ap|ab|ferch|Ní|Nic|Uí|ul|st\.?|St\.?)"
_INITIAL = r"(?:\p{Lu}\.(?:[ ]?\p{Lu}\.){0,4})"
_LOUD = r"(?:\p{Lu}{2,24}(?:[-'’]\p{Lu}{2,24}){0,3})"
NAME = (
    rf"(?:{_PART}|{_INITIAL})(?:{_S}(?:{_LINK}{_S}){{0,2}}(?:{_PART}|{_INITIAL}|\p{{Lu}}"
    rf"(?={_S}\p{{Lu}}\p{{Ll}}))){{0,3}}"
)
FULL = rf"(?:{_PART}|{_INITIAL})(?:{_S}(?:{_LINK}{_S}){{0,2}}(?:{_PART}|{_INITIAL})){{1,3}}"
_COURTESY = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Messrs|Master|Dr|Doctor|Prof|Professor|Sir|Dame|Lord|Lady|Baroness"
    r"|Baron|Rev|Revd|Reverend|Canon|Imam|Rabbi|Fr|Hon|HHJ|HH|Judge|Justice|District[ ]Judge"
    r"|Recorder|Cllr|Councillor)"
)
_RANK = (
    r"(?:W?PC|W?DC|W?PS|W?DS|DI|DCI|DSU|DCS|ACC|DCC|PCSO|CI|Insp|Inspector|Sgt|Sergeant"
    r"|Det\.?[ ](?:Con|Sgt|Insp)\.?|(?:Police|Detective)[ ](?:Constable|Sergeant|Inspector"
    r"|Chief[ ]Inspector|Superintendent|Chief[ ]Superintendent|Officer)|Superintendent|Supt"
    r"|Chief[ ](?:Inspector|Superintendent|Constable)|Commander|Nurse|Sister|Matron|Midwife|SW"
    r"|HV)"
)
_ROLE = (
    r"(?:[Ss]ocial[ ][Ww]orker|[Hh]ealth[ ][Vv]isitor|[Mm]idwife|[Tt]eam[ ][Mm]anager"
    r"|[Hh]ead[ ]?[Tt]eacher|[Tt]eacher|[Cc]onsultant(?:[ ][Pp]aediatrician"
    r"|[ ][Pp]sychiatrist)?|[Pp]aediatrician|[Pp]sychiatrist|[Pp]sychologist|[Ss]olicitor"
    r"|[Cc]oroner|[Kk]ey[ ]?[Ww]orker|[Ss]upport[ ][Ww]orker|[Cc]are[ ]?[Cc]oordinator"
    r"|[Pp]robation[ ][Oo]fficer|[Pp]olice[ ][Oo]fficer|[Ss]chool[ ][Nn]urse"
    r"|[Ff]amily[ ][Ss]upport[ ][Ww]orker|[Ff]oster[ ][Cc]arer|[Nn]urse|[Dd]octor|GP"
    r"|[Dd]irector|[Cc]hief[ ][Ee]xecutive|[Mm]anager|[Pp]ractitioner|[Tt]herapist"
    r"|[Cc]ounsellor)"
)
_KIN = (
    r"(?:mother|father|mum|dad|brother|sister|half-?[ ]?(?:brother|sister)|step-?[ ]?(?:brother"
    r"|sister|father|mother|son|daughter)|son|daughter|uncle|aunt|auntie|cousin|nephew|niece"
    r"|grandmother|grandfather|grandparents|nan|wife|husband|partner|ex-partner|boyfriend"
    r"|girlfriend|fianc[eé]e?|sibling|siblings|twin|baby|friend|neighbour|lodger|parents"
    r"|children|child)"
)
_TAIL = (
    r"(?:MBE|OBE|CBE|BEM|QC|KC|JP|PhD|MSc|BSc|MA|BA|CQSW|RN|RGN|RMN|RSCN|DipSW|MBA|LLB|FRCP"
    r"|FRCPCH|MRCPsych|MRCGP|FRSA|QPM|DProf|MSW|PGCE)"
)


def _can_be_named(word: str) -> bool:
    return len(word) == 1 or wording.is_name_word(word) or _loud_name(word)


def _trimmed(text: str) -> tuple[int, int] | None:
    """The words of a name, up to the first that cannot be in one; None for a label or a role."""
    start, end = -1, 0
    for token in regex.finditer(r"[\p{L}'’.-]+", text):
        bare = token.group().rstrip(".")
        if token.group().lower() in _SMALL:
            continue
        if _can_be_named(bare):
            start, end = (token.start() if start < 0 else start), token.end()
        elif start >= 0:
            break
    part = regex.sub(r"['’]s?$", "", text[max(start, 0) : end])
    if start < 0 or len(part.strip(".")) < 2 or wording.is_label(part):
        return None
    return start, start + len(part)


_SMALL = frozenset("van von der den de la le el al bin ibn bint ap ab ferch ul st".split())


def _loud_name(word: str) -> bool:
    return (
        word.isupper()
        and len(word) > 2
        and not wording.is_generic(word)
        and not wording.is_function(word)
    )


def _titled(text: str) -> tuple[int, int] | None:
    """As `_trimmed`, for the name behind a title; the title is kept with it."""
    title = regex.match(rf"(?:{_COURTESY}|{_RANK})\.?(?:[ ](?:and|&)[ ](?:Mrs|Ms|Dr)\.?)?\s+", text)
    head = title.end() if title else 0
    part = _trimmed(text[head:])
    if part is None or part[0] > 0:
        return None
    return 0, head + part[1]


def _known(text: str) -> tuple[int, int] | None:
    """As `_trimmed`, where one word at least is no ordinary word or is a first name."""
    part = _trimmed(text)
    if part is None:
        return None
    words = regex.findall(r"\p{L}[\p{L}'’-]+", text[part[0] : part[1]])
    return part if any(wording.is_given(w) or not wording.is_ordinary(w) for w in words) else None


def _before(name: str, between: str, cue: str) -> str:
    """A name in front of its cue; the cue is looked for first, which keeps the search linear."""
    return rf"(?={cue})(?<=(?<!\w)(?P<it>{name}){between})"


def _person(
    subkind: str,
    text: str,
    score: float,
    examples: tuple[str, ...],
    lookalikes: tuple[str, ...],
    narrow: object = _known,
) -> Row:
    return Row(Kind.PERSON, subkind, pattern(text), score, examples, lookalikes, narrow=narrow)  # type: ignore[arg-type]


ROWS = (
    _person(
        "person",
        rf"(?<!\w){_COURTESY}\.?(?:[ ](?:and|&)[ ](?:Mrs|Ms|Dr)\.?)?{_S}(?:{NAME}|{_LOUD}"
            rf"(?:[ ]{_LOUD})?)",
        0.95,
        ("Mr Quill", "Mrs Zorah Quill", "Dr. Quillfeather", "Dr O’Marlstone", "Ms Quill-Zorbel",
            "Mr and Mrs Quill", "Mrs QUILL", "Professor Zorah van Quill", "Judge Marlstone",
            "Miss J. Quill", "Cllr Quill"),
        ("Mr C", "Mrs AB", "Dr B", "Ms M", "Mr SF", "Mrs A's", "Dr in charge", "Justice Board",
            "Sir", "Master Plan", "Mr 1"),
        _titled,
    ),
    _person(
        "practitioner",
        rf"(?<!\w){_RANK}\.?[ ](?:\d{{2,5}}[ ])?(?!{dates.CAP_MONTH}[ ]\d{{4}})(?:{NAME}|{_LOUD})",
        0.9,
        ("PC Quill", "DS Zorah Quill", "Detective Constable Quill", "Nurse Quill",
            "DCI Marlstone", "Sister Quill", "SW Quill"),
        ("PC A", "DC 1", "Nurse Practitioner", "Police Officer One", "Sister and",
            "Midwife Manager", "Nurse Consultant", "Inspector General", "Chief Constable's",
            "SW Team", "HV Service", "Nurse May 2017", "Inspector Dec 2025"),
        _titled,
    ),
    _person(
        "practitioner",
        rf"(?<!\w){_ROLE},?[ ](?:called[ ]|named[ ])?(?P<it>{FULL})",
        0.8,
        ("Social Worker «Zorah Quill»", "health visitor «Ann Marlstone»",
            "Headteacher, «Joan Quill»", "consultant paediatrician «Zorah Quill»",
            "GP «Ann Quill»"),
        ("Social Worker Team Manager", "Health Visitor Practice Teacher",
            "Director Children's Services", "Manager Adult Safeguarding", "GP Practice Nurse"),
    ),
    _person(
        "author",
        r"(?i:\b(?:(?:independent|overview|report|lead|joint|co-?)[ -]*)*(?:overview[ ])?"
            r"(?:report[ ])?(?:authors?|reviewers?|writer)(?:[ ]of[ ]the[ ](?:overview[ ])?"
            r"(?:report|review))?(?:\(s\))?(?:[ ](?:is|was|are|were))?"
            rf"(?:[ ]by)?)[ ]{{0,2}}[:,–—-]?\s{{0,3}}(?P<it>(?:{_COURTESY}\.?[ ])?(?:{FULL}))",
        0.9,
        ("Author: «Zorah Quill»", "Independent Author «Zorah Quill»",
            "Overview Report Author: «Dr Zorah Quill»", "Lead Reviewer – «Ann Marlstone»",
            "Report author\n«Ann Quill»", "the independent reviewer was «Zorah Quill»"),
        ("Independent Author Overview Report", "Author: Independent Social Work Consultant",
            "the author was", "Lead Reviewer Serious Case Review"),
        lambda text: _after_title(text),
    ),
    _person(
        "author",
        r"(?i:\b(?:written|prepared|authored|compiled|produced|undertaken|completed"
            rf"|conducted)[ ](?:and[ ]\w+[ ])?by[ :])[ ]?(?P<it>(?:{_COURTESY}\.?[ ])?{FULL})",
        0.85,
        ("written by «Zorah Quill»", "Prepared by: «Dr Ann Quill»",
            "report authored by «Zorah Marlstone»"),
        ("written by the Board", "completed by Children's Services", "prepared by Social Care",
            "conducted by Independent Reviewers"),
        lambda text: _after_title(text),
    ),
    _person(
        "chair",
        r"(?i:\b(?:(?:independent|panel|board|lscb|scr|review|safeguarding|partnership"
            r"|vice)[ -]*)*(?:chair(?:man|woman|person)?|chaired)(?:[ ]of[ ]the[ ]"
            r"(?:\w+[ ]){0,5}(?:board|panel|review|partnership|group))?(?:[ ](?:is|was"
            rf"|by))?)[ ]{{0,2}}[:,–—-]?\s{{0,3}}(?P<it>(?:{_COURTESY}\.?[ ])?(?:{FULL}))",
        0.9,
        ("Chair: «Zorah Quill»", "chaired by «Zorah Quill»",
            "Independent Chair of the Safeguarding Board, «Ann Quill»",
            "Panel Chair – «Dr Zorah Quill»", "Chairman\n«Ann Marlstone»"),
        ("Independent Chair Serious Case Review", "chaired by the Director",
            "Chair of the Board", "Chair: Independent Consultant"),
        lambda text: _after_title(text),
    ),
    _person(
        "author",
        _before(FULL, r",?\s{1,3}",
            r"(?i:\(?(?:the[ ])?(?:independent|overview|lead|report)[ ](?:overview[ ]"
            r"|report[ ]|lead[ ])*(?:author|reviewer|writer|consultant))\b"),
        0.85,
        ("«Zorah Quill», Independent Author", "«Ann Marlstone»\nLead Reviewer",
            "«Zorah Quill» Independent Overview Writer"),
        ("Serious Case Review Independent Author", "Overview Report Lead Reviewer"),
    ),
    _person(
        "chair",
        _before(FULL, r",?\s{1,3}",
            r"\(?(?:[Tt]he[ ])?(?:Independent[ ]|Panel[ ]|Board[ ]|LSCB[ ]|SCR[ ])*Chair"),
        0.85,
        ("«Zorah Quill», Independent Chair", "«Ann Marlstone» Chair"),
        ("Serious Case Review Panel Chair", "Safeguarding Children Board Chair"),
    ),
    _person(
        "person",
        _before(FULL, r",?[ ]", rf"\(?{_TAIL}\b"),
        0.9,
        ("«Zorah Quill» MBE", "«Ann Marlstone», BA, MSc", "«J. Quill» CQSW"),
        ("Social Work MA", "Independent Consultant BA"),
    ),
    _person(
        "family",
        rf"\b{_KIN}(?:,|[ ]\(|[ ]called|[ ]named|,[ ]named)?[ ]?(?P<it>(?:{_PART})"
            rf"(?:{_S}{_PART}){{0,2}})(?!['’]s[ ](?:Services|Centre|Home|Social))",
        0.8,
        ("her mother, «Zorah»,", "his brother «Quillan»", "partner, «Zorah Quill»",
            "sister («Marla»)", "daughter named «Zorah»", "her son «Quillan»"),
        ("the mother Mother", "child Protection", "mother, Father and", "children In Need",
            "parents Evening", "his partner. Social", "child, This", "mother And"),
        lambda text: _known(text),
    ),
    _person(
        "person",
        r"(?i:\b(?:known[ ]as|known[ ]by[ ]the[ ]name(?:[ ]of)?|named|called|nicknamed"
            r"|whose[ ]name[ ](?:is|was)|(?:his|her|their|my|the[ ]child['’]s|real|full|first"
            r"|given)[ ]name[ ](?:is|was)|alias|aka|a\.k\.a\.|n[ée]e|formerly|pseudonym"
            rf"(?:[ ]of)?)[ ])[\"“'‘]?(?P<it>{NAME})",
        0.8,
        ("known as «Zorah»", "a man named «Zorah Quill»", "called “«Quillan»”",
            "his real name is «Zorah Quill»", "née «Quill»", "alias «Zorah»"),
        ("known as Child A", "known as the Board", "called Working Together", "known as Mother",
            "called Signs of Safety", "named GP", "known as CAMHS", "named Nurse",
            "called Adult B"),
    ),
    _person(
        "child",
        r"(?i:\b(?:death|case|murder|killing|care|life|lives|birth|abuse|welfare|removal"
            r"|inquest[ ]into[ ]the[ ]death|touching[ ]the[ ]death|in[ ]respect|concerning"
            rf"|regarding|subject)[ ](?:of[ ])?(?:baby[ ]|child[ ])?)(?P<it>(?:{FULL}))",
        0.75,
        ("the death of «Zorah Quill»", "in respect of «Zorah Ann Quill»",
            "the case of baby «Zorah Quill»"),
        ("the death of Child A", "the case of Serious Case Review",
            "in respect of Children's Services", "concerning Adult B", "welfare of Children Act"),
    ),
    _person(
        "person",
        _before(NAME, r"",
            r"(?:,?[ ]?\(?,?[ ]?(?:aged?|then[ ]aged)[ ](?:\d|(?:one|two|three|four|five|six"
            r"|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty)\b)|,[ ](?:d\.?o\.?b|DOB"
            r"|D\.O\.B|born)\b|[ ]\((?:DOB|d\.?o\.?b\.?|born)\b)"),
        0.85,
        ("«Zorah Quill», aged 14", "«Zorah» (aged 4)", "«Quillan» aged two", "«Zorah Quill» (DOB"),
        ("Mother, aged 23", "Child A (aged 4)", "Sibling 1, aged 7", "Children aged 4",
            "MGM, aged 60", "Those aged 16"),
    ),
    _person(
        "person",
        _before(_PART, r"",
            r"(?:[ ](?:was[ ](?:born|murdered|killed|seen|taken|admitted|discharged|placed"
            r"|found|known|referred|living|described|removed|stabbed)|died|lived|disclosed|denied"
            r"|(?:went|goes)[ ]missing|ran[ ](?:away|off|from)|absconded|screamed|cried|texted"
            r"|told|said|alleged|attended|presented|moved[ ]to|and[ ](?:his|her)[ ](?:mother"
            r"|father|brother|sister|siblings?|parents?|partner|family|children|baby|son"
            r"|daughter)|had[ ]been[ ](?:seen|living|placed)|['’]s[ ](?:mother|father|parents?"
            r"|death|birth))\b)"),
        0.6,
        ("«Zorah» was born", "«Quillan» died", "«Zorah» told the nurse", "«Marla» and her mother"),
        ("Mother was seen", "He died", "Baby was born", "Nobody told", "Staff said",
            "Ofsted said", "Police attended", "School said", "It was found", "Many died",
            "One was seen", "Evidence was found", "Paramedics attended"),
        lambda text: _known(text),
    ),
    _person(
        "person",
        rf"(?<![\w.]){_INITIAL}[ ]?(?:{_LINK}[ ])?{_PART}(?:-{_PART})?",
        0.75,
        ("J. Quill", "J.R. Quillfeather", "A. B. Marlstone"),
        ("e.g. The", "U.K. Government", "Child A. The", "p. Quill", "section B. Findings",
            "A. Introduction", "C. Conclusion"),
        lambda text: None if wording.is_ordinary(text.split(".")[-1].strip()) else _known(text),
    ),
)  # fmt: skip


def _after_title(text: str) -> tuple[int, int] | None:
    return _titled(text) if regex.match(rf"{_COURTESY}\b", text) else _known(text)


_NAMELIKE = regex.compile(rf"(?<![\p{{L}}\d'’-])(?:{_PART}|{_LOUD})(?![\p{{L}}\d])")
_SURNAME = regex.compile(
    rf"(?:[ \u00a0]\p{{Lu}}\.?(?=[ ]))?[ \u00a0]{{1,2}}(?:{_LINK}[ ]){{0,2}}(?P<last>{_PART}"
    rf"|{_LOUD})(?![\p{{L}}\d])"
)
_MONTHS, _DAY = ("april", "may", "june"), regex.compile(r"\d(?:st|nd|rd|th)?[ ](?:of[ ])?$")
_REVERSED = regex.compile(rf"(?<![\p{{L}}\d'’-])(?P<last>{_PART}|{_LOUD}),[ ]$")


@cache
def _sure_names() -> frozenset[str]:
    """First names that are no ordinary words and no names of places."""
    plain = lists.words("given-names.txt") - lists.words("given-names-ambiguous.txt")
    return plain - lists.ordinary()


def _by_first_name(text: str, found: tuple[Finding, ...]) -> Iterator[Finding]:
    """A first name with what follows it, where that can be a surname; a plain first name alone."""
    end = 0
    for match in _NAMELIKE.finditer(text, timeout=PATTERN_SECONDS):
        word = match.group()
        folded = word.lower()
        if match.start() < end or not wording.is_given(word):
            continue
        if folded in _MONTHS and _DAY.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        sure = folded in _sure_names() and len(word) > 2
        stop = _surname_end(text, match.end(), sure=sure)
        if stop == match.end() and not sure:
            continue
        start = match.start()
        before = _REVERSED.search(text[max(0, start - 30) : start])
        if before and sure and not wording.is_ordinary(before["last"]):
            start -= len(before.group())
        end = stop
        score = 0.8 if sure else 0.65
        yield Finding(Span(start, stop), Kind.PERSON, "person", score, "people")


_PAIR = regex.compile(rf"(?<![\p{{L}}\d'’-]){_PART}(?:[ \u00a0]{_PART}){{1,2}}(?![\p{{L}}\d])")


def _unknown_names(text: str) -> Iterator[Finding]:
    """Two or three capitalised words that are no words of English, no bodies and no places."""
    for match in _PAIR.finditer(text, timeout=PATTERN_SECONDS):
        words = match.group().split()
        if not any(wording.is_ordinary(w) or wording.is_label(w) or _is_place(w) for w in words):
            yield Finding(Span(*match.span()), Kind.PERSON, "person", 0.5, "people")


def _is_place(word: str) -> bool:
    return word in places.names_of_places()


def _more(text: str, found: tuple[Finding, ...]) -> Iterator[Finding]:
    yield from _by_first_name(text, found)
    yield from _unknown_names(text)


def _surname_end(text: str, at: int, *, sure: bool) -> int:
    """Where a surname after a first name ends; `at` where none follows.

    After a first name that is also a word ("Will", "Grace") a surname is no ordinary word.
    """
    stop = at
    for _ in range(3):
        match = _SURNAME.match(text, stop)
        if match is None or not _may_be_surname(match["last"]):
            break
        if not sure and wording.is_ordinary(match["last"]) and not wording.is_given(match["last"]):
            break
        stop = match.end()
    return stop


def _may_be_surname(word: str) -> bool:
    if wording.is_given(word) or word.lower() in lists.words("surnames-ambiguous.txt"):
        return True
    return not (
        wording.is_generic(word)
        or wording.is_function(word)
        or (word.isupper() and wording.is_acronym(word) and len(word) < 4)
    )


FAMILY = Family("people", ROWS, more=_more, parts=True)
