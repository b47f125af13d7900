"""What a person's name is made of, what is only a label or a role, and when two names are one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from pipeline.installed import shipped
from pipeline.match import fold, is_ordinary
from pipeline.raw.recognisers import lists

MALE = frozenset(("mr", "sir", "lord", "master", "father"))
FEMALE = frozenset(("mrs", "ms", "miss", "lady", "dame"))
CIVIL = MALE | FEMALE | {"mx"}
TITLES = CIVIL | frozenset(
    "dr doctor prof professor rev reverend fr judge justice hhj cllr councillor imam rabbi pc dc ds"
    " di dci ps sgt sergeant insp inspector detective constable superintendent pcso wpc nurse"
    " sister baroness the hm hon rt".split()
)
# Titles that go into a mention's span: the label says what the person is.
SPOKEN = r"(?:Mr|Mrs|Ms|Miss|Mx|Master|Dr|Prof|Professor|Sir|Dame|Lady|Lord|Rev|Reverend)"
BEFORE = re.compile(rf"\b({SPOKEN}|{SPOKEN.upper()})\.?[^\S\n]+(?:(?:and|&) )?$")
PARTICLES = frozenset(
    "ni nic nig ui ab ferch van von de del della di da dos du la le al el bin binti ibn ter ten st"
    " mac mc o ap abu".split()
)
_AFTER = frozenset(
    "ba bsc ma msc phd dphil llb llm cqsw dipsw rn rgn rmn mbe obe cbe qc kc jr snr jnr sr mrcpsych"
    " frcpch frcp mrcgp rscn dl jp qpm".split()
)
_NICKNAME = re.compile(r"(?<=\s)[(\[\"“‘]+([^\W\d_][^()\"“”‘’\[\]]*)[)\]\"”’]+")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")

_LABEL_WORDS = (
    "child|children|baby|infant|toddler|young person|young adult|adult|sibling|sib|half[- ]?sibling"
    "|step[- ]?sibling|brother|sister|twin|mother|father|parent|step[- ]?father|step[- ]?mother"
    "|grandmother|grandfather|grandparent|aunt|uncle|cousin|partner|boyfriend|girlfriend|friend"
    "|perpetrator|victim|subject|person|family|case|male|female|man|woman|boy|girl|carer"
    "|foster carer|relative|witness|neighbour|hospital|school|nursery|college|address|area|town"
    "|city|local authority|council|borough|agency|trust|care home|home|placement|surgery|practice"
    "|gp|doctor|nurse|midwife|health visitor|social worker|teacher|head teacher|officer"
    "|police officer|worker|professional|manager|team manager|ward|street|flat|house|pc|dc|ds|dr"
    "|mr|mrs|ms|miss|mx|master|student|pupil|patient|resident|client|service user"
)
_ID = r"(?:[A-Z]{1,2}\d{0,2}|[A-Z]\d[a-z]|\d{1,2}[A-Za-z]?|[IVX]{1,4}|one|two|three|four|five|six)"
# "Child K", "Mr C", "Half Sibling 2", "SW4", "[J1]", "MGM", "Child XX".
# "DSAB" is no sergeant AB: after two letters a lettered id stands apart.
_APART = r"(?<![A-Za-z][A-Za-z])|(?<=[A-Za-z]{3})|(?=[\d \u00a0–-])"
_LABEL = re.compile(rf"\[?(?:the )?(?i:{_LABEL_WORDS})s?(?:{_APART})[ \u00a0]*(?:[-–]\s?)?{_ID}\]?")
_CODED = re.compile(r"\[?[A-Z]{1,4}\d{1,3}\]?|(?:[MP]G[MFP]|MGP|PGP|M?GGM|HB|HS|MP|FP|MU|MA|PU|PA)")
_DOUBLED = re.compile(r"([A-Z])\1|[A-Z]")


@cache
def generic_words(*sections: str) -> frozenset[str]:
    """The words of these sections of the list of generic words, folded."""
    path = shipped("configs/lists/generic-words.txt")
    out: set[str] = set()
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            inside = line.strip("# ").lower() in sections
        elif inside:
            out.update(fold(line).split())
    return frozenset(out)


@cache
def role_words() -> frozenset[str]:
    """Words of roles, relatives, bodies and headings: never a part of a name that stands alone."""
    sections = ("bodies", "roles and relations", "words of headings and of report prose")
    return generic_words(*sections) | lists.words("function-words.txt") | TITLES


def words(name: str) -> tuple[str, ...]:
    """The folded words of a name: "O'Brien" and "Smith-Jones" are one word each.

    >>> words("Zoë  O’Brien-Finch")
    ('zoe', "o'brien-finch")
    """
    return tuple(_WORD.findall(fold(name)))


def is_label(name: str) -> bool:
    """Whether this is a label that reports use instead of a name.

    >>> [is_label(n) for n in ("Child K", "SW4", "Mr C", "Baby P", "Mr Chen", "Baby Grace")]
    [True, True, True, True, False, False]
    """
    bare = name.strip(" \t\n.,;:'’\"()").removesuffix("'s").removesuffix("’s")
    bare = " ".join(bare.split())
    return any(p.fullmatch(bare) is not None for p in (_LABEL, _CODED, _DOUBLED))


def is_role(name: str) -> bool:
    """Whether this is made of words for roles, relatives and pronouns only.

    >>> is_role("the Social Worker"), is_role("Mother"), is_role("Mrs Ward"), is_role("Ward")
    (True, True, False, False)
    """
    found = words(name)
    if any(word in CIVIL or word == "dr" for word in found[:1]) and len(found) > 1:
        return False
    if len(found) == 1 and (found[0] in SURNAMES or (name[:1].isupper() and _is_given(found[0]))):
        return False
    known = role_words()
    return all(word in known or word.removesuffix("'s") in known for word in found)


def _is_given(word: str) -> bool:
    """Whether a word is a first name as well: "Will", "Christian", "Dean"."""
    return word in lists.words("given-names.txt") | lists.words("given-names-ambiguous.txt")


# Words for roles, bodies and headings that are surnames too.
SURNAMES = frozenset(
    "bishop best child church constable cook day english french friend good grant home hope house"
    " houses judge justice lane law little long may page parish park power price sergeant short"
    " steward street town ward wards welsh young".split()
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts, folded; `alone` is one word that may be either part."""

    title: str = ""
    given: str = ""
    middle: tuple[str, ...] = ()
    surname: str = ""
    alone: str = ""
    nick: tuple[str, ...] = ()

    @property
    def full(self) -> bool:
        """Whether the name has a whole first name and a surname."""
        return len(self.given) > 1 and bool(self.surname)

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part, longest writing first."""
        found = (self.given, *self.middle, self.surname, self.alone)
        return tuple(part for part in found if part)


# "NO Smith": the bearer's initials, written together.
_INITIALS = re.compile(r"([A-Z]{2,3}) (?=[A-Z]['’]?[^\W\d_A-Z])")


def parse(name: str) -> PersonName:
    """A name in parts: "Dr Karen A. Finch", "FINCH, Karen", "Mr Finch", "Karen".

    >>> parse("Mr. J. van Houten")
    PersonName(title='mr', given='j', middle=(), surname='van houten', alone='', nick=())
    >>> parse("FINCH, Karen").given
    'karen'
    """
    letters = _INITIALS.match(name)
    if letters and (letters[1] == "HM" or letters[1].lower() not in TITLES):
        return parse(f"{' '.join(letters[1])}{name[letters.end(1) :]}")
    if nick := _NICKNAME.search(name):
        plain = parse(name[: nick.start()] + " " + name[nick.end() :])
        short = tuple(word for word in words(nick[1]) if word not in plain.parts)
        return replace(plain, middle=(*plain.middle, *short), nick=short) if plain.parts else plain
    surname, comma, given = name.partition(",")
    if comma and given.strip() and not set(words(given)) & _AFTER:
        return parse(f"{given} {surname}") if len(words(surname)) < 3 else parse(surname)
    found = [word for word in words(surname) if word not in _AFTER]
    title = ""
    # The last word of "Dr Master" is a name.
    while found and found[0] in TITLES and (len(found) > 1 or (found[0] in CIVIL and not title)):
        title = found.pop(0)
    if not found:
        return PersonName(title=title)
    if len(found) == 2 and not title and _is_byname(*found):
        return PersonName(alone=found[1])
    at = len(found) - 1
    while at > 1 and found[at - 1] in PARTICLES:
        at -= 1
    if at == 0 or (len(found) == 2 and found[0] in PARTICLES):
        whole = " ".join(found)
        return PersonName(title=title, surname=whole) if title else PersonName(alone=whole)
    return PersonName(title, found[0], tuple(found[1:at]), " ".join(found[at:]))


def _is_byname(first: str, second: str) -> bool:
    """Whether the first of two words says what the bearer of a first name is like."""
    known = lists.words("given-names.txt") | lists.words("given-names-ambiguous.txt")
    like = is_ordinary(first) and first not in known and first not in _word_surnames()
    return like and second in lists.words("given-names.txt") - lists.words("surnames-ambiguous.txt")


@cache
def _word_surnames() -> frozenset[str]:
    return lists.words("surnames-ambiguous.txt") | SURNAMES


_NICKNAMES = tuple(
    frozenset(row.split())
    for row in (
        "elizabeth liz lizzie lizzy beth betty eliza libby elisabeth",
        "catherine katherine kathryn kate katie kathy cathy kath cath kat",
        "margaret maggie meg peggy marge margie",
        "michael mike mick mickey mikey",
        "william will bill billy willie liam",
        "robert rob bob bobby robbie",
        "richard rich rick ricky dick richie",
        "james jim jimmy jamie",
        "john johnny jack jon",
        "jonathan jon jonny jonathon johnathan",
        "joseph joe joey",
        "thomas tom tommy",
        "anthony tony antony ant",
        "andrew andy drew",
        "david dave davey",
        "daniel dan danny",
        "christopher chris kit",
        "christine chris chrissie tina christina",
        "stephen steve steven stevie",
        "matthew matt matty",
        "nicholas nick nicky nicolas",
        "nicola nicky nikki nic",
        "alexander alex sandy alec al",
        "alexandra alex sandra lexi",
        "samuel sam sammy",
        "samantha sam sammy",
        "benjamin ben benny",
        "edward ed eddie ted teddy ned",
        "charles charlie chas chuck",
        "charlotte charlie lottie",
        "patricia pat patsy trish tricia",
        "patrick pat paddy",
        "rebecca becky becca bex",
        "jennifer jen jenny jenn",
        "jessica jess jessie",
        "deborah debbie deb debra",
        "susan sue susie suzie",
        "joanna joanne jo",
        "jacqueline jackie jacqui jacky",
        "victoria vicky vicki vikki tori",
        "natalie nat",
        "natasha tasha",
        "abigail abi abbie abby",
        "isabella isabel isobel bella izzy",
        "amanda mandy",
        "pamela pam",
        "theresa teresa terry tess",
        "timothy tim timmy",
        "philip phil phillip pip",
        "peter pete",
        "gregory greg",
        "geoffrey geoff jeffrey jeff",
        "gerald gerry jerry gerard",
        "kenneth ken kenny",
        "ronald ron ronnie",
        "raymond ray",
        "leonard len lenny leo",
        "lawrence larry laurence laurie",
        "frederick fred freddie freddy",
        "albert bert al bertie",
        "harold harry",
        "henry harry hal",
        "francis frank frankie",
        "frances fran francesca frankie",
        "dorothy dot dottie",
        "gillian gill jill",
        "barbara barb babs",
        "valerie val",
        "kimberley kim kimberly",
        "kelly kel",
        "tracey trace tracy",
        "madeleine maddie maddy madeline",
        "olivia liv livvy",
        "oliver ollie",
        "zachary zac zach zak",
        "joshua josh",
        "jacob jake",
        "mohammed mohammad muhammad mohamed mo muhammed",
        "nathaniel nathan nat nate",
        "cameron cam",
        "emily em emmy",
        "eleanor ellie nell nora",
        "amelia millie",
        "stephanie steph",
        "louise lou",
        "lewis lew louis",
        "douglas doug",
        "donald don donnie",
        "stanley stan",
        "vincent vince vinny",
        "maxwell max",
        "toby tobias",
        "simon si",
        "graham graeme",
        "neil neal",
        "marc mark",
        "sean shaun shawn",
        "stuart stewart stu",
        "ann anne annie",
        "sara sarah",
    )
)


@cache
def _rows(given: str) -> frozenset[int]:
    return frozenset(at for at, row in enumerate(_NICKNAMES) if given in row)


def same_given(one: str, other: str) -> bool:
    """Whether two first names may be one person's: equal, or a name and its short form.

    >>> same_given("liz", "elizabeth"), same_given("sam", "tom")
    (True, False)
    """
    return one == other or bool(_rows(one) & _rows(other))


def short_forms(given: str) -> frozenset[str]:
    """A first name and every name with which it may be one person's.

    >>> sorted(short_forms("marc")), sorted(short_forms("zorah"))
    (['marc', 'mark'], ['zorah'])
    """
    return frozenset({given}.union(*(_NICKNAMES[at] for at in _rows(given))))


def near(one: str, other: str) -> bool:
    """Whether one letter was written wrong, left out, put in or swapped: five letters or more.

    >>> near("okafor", "okofor"), near("okafor", "okaofr"), near("anne", "anna")
    (True, True, False)
    """
    if one == other or min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1:
        return False
    if one[0] != other[0]:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) == len(other):
        swapped = one[at : at + 2][::-1] == other[at : at + 2]
        return one[at + 1 :] == other[at + 1 :] or (swapped and one[at + 2 :] == other[at + 2 :])
    longer, shorter = sorted((one, other), key=len, reverse=True)
    pairs = enumerate(zip(longer, shorter, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), len(shorter))
    return longer[at + 1 :] == shorter[at:]


def share_half(one: set[str], other: set[str]) -> bool:
    """Whether two surnames have a half in common; one of a double name may be a slip of it."""
    if one & other:
        return True
    return len(one) + len(other) > 2 and any(near(a, b) for a in one for b in other)


class Slips:
    """Words, to be found by a slip of them: which of a thousand are `near` another one.

    >>> slips = Slips()
    >>> slips.add("okafor")
    >>> slips.near("okaofr"), slips.near("okafor")
    (['okafor'], [])
    """

    __slots__ = ("_index",)

    def __init__(self) -> None:
        self._index: dict[str, list[str]] = {}

    def add(self, word: str) -> None:
        """One more word, once."""
        for key in _without_a_letter(word):
            self._index.setdefault(key, []).append(word)

    def near(self, word: str) -> list[str]:
        """The words that are near this one, in order."""
        found = {one for key in _without_a_letter(word) for one in self._index.get(key, ())}
        return sorted(one for one in found if near(one, word))


def _without_a_letter(word: str) -> set[str]:
    """The word, and the word without each letter but the first: two near ones share one."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}
