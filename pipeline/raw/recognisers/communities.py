"""Police, courts, prisons, homes, housing, charities, faith bodies and firms that are named."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import wording
from pipeline.raw.recognisers.naming import CAP, PLACE, body, of_deny_list, prefixed, with_acronyms
from pipeline.raw.recognisers.row import Family

_PRISON = regex.compile(r"^(?:HMP|HMYOI|HM|YOI|STC|IRC|SCH|Prison|[/& ]|and)+")
_CHARITY = regex.compile(r"^\w+[ -](?:UK|Concern|[Ss]tart|in|Advice|Start|of|Support)?[ ]?")


def _behind(opening: regex.Pattern[str], text: str) -> tuple[int, int] | None:
    """None where nothing that can be a name follows the words that open it."""
    return None if wording.only_generic(opening.sub("", text)) else (0, len(text))


def _prison(text: str) -> tuple[int, int] | None:
    """A prison: a word that can be a name, or plain words of a land behind "HMP"."""
    return (0, len(text)) if wording.is_plain_name(text) else _behind(_PRISON, text)


JUSTICE = (
    body(
        "police_force",
        r"(?i:(?:police(?:[ ](?:service|force|constabulary|station|headquarters|college"
            r"|and[ ]crime[ ]commissioner))?|constabulary))",
        0.92,
        ("Zorbel Police", "West Marlstone Constabulary", "Zorbel and Marlstone Police",
            "Quillfeather Police Station", "Zorbel police"),
        ("the Police", "The police", "Local Police", "Police Station", "Neighbourhood Police",
            "Inform police", "When Police", "Child Abuse Police", "Military Police"),
        narrow=wording.typed,
    ),
    body(
        "fire_service",
        r"Fire[ ](?:and|&)[ ]Rescue(?:[ ](?:Service|Authority))?|Fire[ ](?:Service|Brigade)",
        0.9,
        ("Zorbel Fire and Rescue Service", "Moors Fire & Rescue Service", "Marlstone Fire Brigade"),
        ("the Fire and Rescue Service", "Local Fire Service", "Fire and Rescue Authority"),
    ),
    body(
        "court",
        r"(?:(?:Crown|County|Family|Magistrates['’]?|Youth|Sheriff|Combined|Justice)[ ])"
            r"(?:Courts?|Centre)(?:[ ]Centre)?|Coroner['’]?s[ ](?:Court|Office)"
            r"|Magistrates['’]?|Law[ ]Courts?|Tribunal(?:[ ]Centre)?|Registry[ ]Office"
            r"|Register[ ]Office",
        0.9,
        ("Zorbel Crown Court", "Marlstone Magistrates’ Court",
            "Zorbel and Marlstone Family Court", "Zorbel Coroner's Court",
            "Quillfeather County Court"),
        ("the Crown Court", "Family Court", "The Magistrates' Court", "High Court",
            "County Court", "Local Family Court", "Mental Health Tribunal"),
        narrow=wording.strictly_named,
    ),
    prefixed(
        "prison",
        r"\b(?:HMP(?:[ ]?(?:/|&|and)[ ]?(?:HM)?YOI)?|HM[ ]?YOI|YOI|HMYOI|HM[ ]Prison|STC"
            rf"|IRC|SCH)[ ](?:and[ ]YOI[ ])?{PLACE}",
        0.95,
        ("HMP Zorbel", "HMYOI Marlstone", "HMP/YOI Great Zorbel", "HM Prison Zorbel",
            "HMP Long Field", "HMP High Down"),
        ("HMP", "HMP Service", "YOI provision", "HM Prison Service",
            "HM Prison and Probation Service",
            "HMP Healthcare Team"),
        narrow=lambda text: _prison(text),
    ),
    body(
        "prison",
        r"Prison|Young[ ]Offenders?['’]?[ ]Institution|YOI|Secure[ ](?:Training[ ]Centre"
            r"|Children['’]?s[ ]Home|Unit)|Immigration[ ]Removal[ ]Centre|Approved[ ]Premises"
            r"|Detention[ ]Centre",
        0.9,
        ("Zorbel Prison", "Marlstone Young Offender Institution",
            "Zorbel Secure Children's Home", "Quillfeather Approved Premises"),
        ("the Prison", "Young Offender Institution", "Secure Children's Home", "Open Prison",
            "In Prison"),
    ),
)  # fmt: skip

HOMES = (
    body(
        "childrens_home",
        r"(?i:(?:children['’]?s|care|nursing|residential(?:[ ]care)?|rest)[ ]home"
            r"|residential[ ](?:unit|school|centre)|assessment[ ]centre|supported[ ](?:living"
            r"|lodgings|accommodation)|sheltered[ ]housing)",
        0.9,
        ("Marlstone Children's Home", "Zorbel House Care Home", "Elms Nursing Home",
            "Quillfeather Residential Unit"),
        ("the Children's Home", "Care Home", "Residential Unit", "Private Nursing Home",
            "Local care home", "Supported Living", "Secure Children's Home"),
    ),
    body(
        "care_home",
        r"Hostel|Refuge|Women['’]?s[ ](?:Refuge|Centre)|Foyer|Night[ ]Shelter"
            r"|Young[ ]People['’]?s[ ](?:Centre|Service)|Contact[ ]Centre|Respite[ ](?:Centre"
            r"|Unit)|Day[ ]Centre",
        0.85,
        ("Marlstone Hostel", "Zorbel Women's Refuge", "Quillfeather Foyer",
            "Zorbel Contact Centre", "Marlstone Day Centre"),
        ("the Hostel", "Women's Refuge", "Contact Centre", "The Refuge", "Homeless Hostel"),
    ),
    prefixed(
        "care_home",
        r"(?i:\b(?:placed|lived|lives|living|resident|residents|stayed|staying|moved"
            r"|admitted|residing|transferred|staff|manager|carers?|placement)[ ](?:in|at|to|of"
            rf"|from)[ ])(?:The[ ])?(?P<it>{CAP}(?:[ ]{CAP}){{0,2}}[ ](?:House|Lodge|Court"
            r"|Grange|Manor|Hall|View|Towers|Gables|Elms|Croft|Villa|Cottage))(?![ ]"
            r"(?:Hospital|School|Surgery|of))",
        0.8,
        ("placed at «Marlstone House»", "lived in «Zorbel Lodge»",
            "moved to «Great Quill Grange»", "staff at «Zorbel Elms»"),
        ("moved to the House", "staff of County Court", "admitted to Nursing Home"),
    ),
    body(
        "housing",
        r"(?:(?:Community|Rural|Churches)[ ])?(?:Housing[ ](?:Association|Group|Trust"
            r"|Partnership|Society|Co-operative|Company)|Homes(?:[ ](?:Limited|Ltd|Group))?)",
        0.88,
        ("Zorbel Housing Association", "Marlstone Homes", "Zorbel and Marlstone Housing Trust",
            "Quillfeather Community Housing Association"),
        ("the Housing Association", "Children's Homes", "Care Homes",
            "Local Housing Association", "Nursing Homes", "Registered Housing Association",
            "Residential Homes"),
    ),
)  # fmt: skip

CHARITIES = (
    prefixed(
        "charity",
        # A club that is named by plain words: by a day, a trade, a game.
        r"\b[Tt]he[ ](?P<it>(?:Railway|Liberal|Conservative|Labour|Monday|Tuesday|Wednesday"
        r"|Thursday|Friday"
        r"|Saturday|Sunday|Bowls|Bowling|Allotment|Village|Miners|Sailing|Angling|Cricket"
        r"|Tennis|Golf)[ ]Club)\b",
        0.75,
        ("the «Railway Club»", "the «Thursday Club»"),
        ("the Youth Club", "a Breakfast Club", "the railway club"),
    ),
    body(
        "charity",
        r"(?:Women['’]?s[ ]Aid|Rape[ ]Crisis(?:[ ]Centre)?|Mind|Carers?(?:['’])?[ ]"
            r"(?:Centre|Trust)|Citizens[ ]Advice(?:[ ]Bureau)?|CAB|Food[ ]?[Bb]ank|Youth[ ]"
            r"(?:Club|Centre|Project|Hub|Service)|Community[ ](?:Centre|Association|Project"
            r"|Trust|Hub)|Advocacy(?:[ ]Service)?|Project|Domestic[ ](?:Abuse"
            r"|Violence)[ ](?:Service"
            r"|Project|Forum)|Recovery[ ](?:Service|Centre|Hub)|Boxing[ ]Club|Football[ ]Club"
            r"|Rugby[ ]Club|FC|Scouts?[ ]Group|Scouts|Brownies|Cadets"
            r"|Family[ ]Support[ ]Project|Young[ ]Carers|Charity|Foundation|Drop-?[Ii]n)",
        0.8,
        ("Zorbel Women's Aid", "Marlstone Citizens Advice Bureau", "Zorbel Youth Club",
            "Quillfeather Community Centre", "Zorbel Mind", "Zorbel Rape Crisis",
            "Marlstone Food Bank"),
        ("Women's Aid", "Youth Club", "Pilot Project", "The Community Centre", "Citizens Advice",
            "National Charity", "Local Youth Service", "Foundation", "NHS Foundation"),
        narrow=wording.named,
    ),
    prefixed(
        "charity",
        r"\b(?:Age[ ](?:UK|Concern)|Home-?[Ss]tart|Mind[ ]in|Healthwatch|Citizens[ ]Advice"
            r"|Relate|Sure[ ]Start|MENCAP|Mencap|YMCA|Samaritans[ ]of|Victim[ ]Support"
            rf"|Shelter)[ ](?!Bureau|Children|Centre|Local|Service){PLACE}",
        0.8,
        ("Age UK Zorbel", "Home-Start Marlstone", "Mind in Zorbel", "Healthwatch Zorbel",
            "Citizens Advice Zorbel and Marlstone", "YMCA Zorbel"),
        ("Age UK", "Sure Start Children's Centre", "Healthwatch England",
            "Citizens Advice Bureau", "Home-Start Service", "Victim Support Service"),
        narrow=lambda text: _behind(_CHARITY, text),
    ),
)  # fmt: skip

FAITH = (
    body(
        "church",
        r"(?:(?:Parish|Baptist|Methodist|Catholic|Pentecostal|Evangelical|United[ ]Reformed"
            r"|Free|Community|Christian|RC|Gospel|Central|Jamia|Islamic|Sikh|Hindu)[ ])*"
            r"(?:Church|Mosque|Masjid|Temple|Gurdwara|Synagogue|Cathedral|Chapel|Abbey|Mandir"
            r"|Islamic[ ](?:Centre|Society)|Kingdom[ ]Hall|Tabernacle|Madrassah?|Convent|Priory"
            r"|Diocese|Archdiocese)",
        0.85,
        ("St Zorah's Church", "Zorbel Central Mosque", "Marlstone Baptist Church",
            "Guru Zorah Gurdwara", "Zorbel Cathedral", "Marlstone Islamic Centre"),
        ("the Church", "Catholic Church", "The Mosque", "Methodist Church", "Local Church",
            "Pentecostal Church"),
    ),
    prefixed(
        "church",
        rf"\bOur[ ]Lady(?:[ ](?:of|and|&)[ ](?:the[ ])?{PLACE}|['’]s)",
        0.85,
        ("Our Lady of the Fells", "Our Lady and St Zorah"),
        ("our lady of the house", "Our Lady was"),
        narrow=lambda text: (0, len(text)),
    ),
    prefixed(
        "church",
        rf"\b(?:Arch)?[Dd]iocese[ ]of[ ]{PLACE}|\b[Pp]arish[ ]of[ ]{PLACE}|\bChurch[ ]of[ ]"
            rf"(?!England|Scotland|Wales|Ireland|Jesus|God|Christ)(?:St\.?|Our|the)[ ]{PLACE}",
        0.85,
        ("Diocese of Zorbel", "parish of Great Zorbel", "Church of St Zorah"),
        ("Church of England", "diocese of the", "parish of residence"),
    ),
    prefixed(
        "church",
        # Of plain words: a congregation that none of them tells.
        r"\b(?!(?:Church|General|School|Synod|Head|House)\b)\p{Lu}\p{Ll}{2,}(?:[ ]\p{Lu}\p{Ll}+)?"
            r"[ ](?:of|in|for)[ ](?:the[ ])?\p{Lu}\p{Ll}{2,}[ ](?:Assembly|Ministries"
            r"|Fellowship|Tabernacle|Church|Chapel|Temple)\b",
        0.75,
        ("Rivers of Life Assembly", "Fountain of Grace Church",
            "Winners of Zorbel Ministries"),
        ("Church of Scotland Assembly", "the Assembly", "General Assembly"),
        narrow=lambda text: (0, len(text)),
    ),
)  # fmt: skip


def _firm(text: str) -> tuple[int, int] | None:
    """A firm by its legal form: three words, or one that is no word of ordinary English."""
    part = wording.named(text)
    if part is None or len(text[part[0] :].split()) > 2:
        return part
    return wording.strictly_named(text)


FIRMS = (
    body(
        "company",
        r"Limited|Ltd\.?|PLC|plc|LLP|CIC|C\.I\.C\.",
        0.9,
        ("Kindness Care and Living Limited", "Bright Futures Homes Ltd", "Zorbel Ltd",
            "Quill and Marlstone LLP"),
        ("Time Limited", "Private Limited", "Company Limited", "the Limited"),
        narrow=_firm,
    ),
    body(
        "company",
        r"(?:Limited|Ltd\.?|PLC|plc|LLP|CIC|C\.I\.C\.|Inc\.?|Consultancy|Consulting"
            r"|Consultants|Solicitors|Associates(?:[ ](?:Ltd|Limited))?|Recruitment|Homecare"
            r"|Home[ ]Care|Care[ ](?:Agency|Services|Group)|Fostering(?:[ ](?:Agency"
            r"|Services))?|Foster[ ]Care(?:[ ]Agency)?|Training[ ](?:and|&)[ ]Consultancy"
            r"|Nightclub|Supermarket|Taxis|Hotel|Inn|Arms|Restaurant|Takeaway)",
        0.8,
        ("Zorbel Care Limited", "Quillfeather Consultancy", "Marlstone Fostering Agency",
            "Zorbel & Quill Solicitors", "Quill Safeguarding Associates", "Marlstone Homecare",
            "Zorbel Hotel", "Quillfeather Arms"),
        ("Independent Consultancy", "Independent Fostering Agency", "Private Limited",
            "Time Limited", "Legal Solicitors", "Foster Care", "Safeguarding Consultants"),
        narrow=wording.strictly_named,
    ),
)  # fmt: skip


def _more(text: str, found: tuple[Finding, ...]) -> Iterator[Finding]:
    yield from with_acronyms(text, found)
    yield from of_deny_list(text)


FAMILY = Family("communities", JUSTICE + HOMES + CHARITIES + FAITH + FIRMS, more=_more, parts=True)
