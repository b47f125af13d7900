"""Schools, health bodies, councils and boards that are named.

The finding covers the name and the type ("Oakfield Primary School"). A generic mention ("the
primary school", "the Trust", "Children's Social Care") is no finding.
"""

from __future__ import annotations

import regex

from pipeline.raw.recognisers import wording
from pipeline.raw.recognisers.naming import CAP, PLACE, body, prefixed, with_acronyms
from pipeline.raw.recognisers.row import Family, Row, pattern
from pipeline.span import Kind


def _nhs(text: str) -> tuple[int, int] | None:
    """None where "NHS" is followed by generic words or an acronym and by no name of a place."""
    rest = text[4:]
    none = wording.only_generic(rest) or wording.is_acronym(rest.split()[0])
    # A body of its own follows: "NHS Zorbel CCG and Quill County Council".
    next_one = regex.search(r"(?<=\s(?:CCG|ICB|PCT|Trust|Board|Group))\sand\s", text)
    return None if none else (0, next_one.start() if next_one else len(text))


EDUCATION = (
    body(
        "primary_school",
        r"(?i:(?:primary|infants?['’]?|junior|first|prep(?:aratory)?)(?:[ ](?:and|&)[ ]"
            r"(?:nursery|infants?|junior))?[ ](?:school|academy))",
        0.95,
        ("Oakfield Primary School", "St Zorah's CE Primary School",
            "Our Lady of Marlstone RC Junior School", "Zorbel primary school",
            "Great Zorbel Infant School"),
        ("the primary school", "The Primary School", "Church of England Primary School",
            "Local Primary School", "His primary school"),
    ),
    body(
        "secondary_school",
        r"(?i:(?:secondary|high|grammar|comprehensive|upper|middle|boys['’]|girls['’])"
            r"(?:[ ]modern)?[ ](?:school|academy))",
        0.95,
        ("Marlstone High School", "King Zorbel Grammar School", "Quillfeather Secondary Academy",
            "Zorbel high school"),
        ("the high school", "The Secondary School", "Transition to Secondary School",
            "Attending secondary school"),
    ),
    body(
        "school",
        r"(?i:(?:special[ ]|free[ ]|community[ ]|boarding[ ]|independent[ ])?schools?"
            r"|academy(?:[ ]trust)?|pupil[ ]referral[ ](?:unit|service)|PRU|learning[ ]trust"
            r"|education[ ]centre)",
        0.9,
        ("Oakfield School", "the «Zorbel Academy»", "Marlstone Pupil Referral Unit",
            "St Zorah's School", "Zorbel Learning Trust", "Oakfield school"),
        ("The School", "Special School", "Role of the School", "Primary School",
            "Quill's school", "After school", "The Academy", "Secondary Schools",
            "Missing school"),
    ),
    body(
        "nursery",
        r"(?i:(?:day[ ])?nursery(?:[ ]school)?|pre-?school|playgroup|play[ ]group"
            r"|children['’]?s[ ]centre|sure[ ]start(?:[ ]centre)?|family[ ]centre|creche"
            r"|kindergarten|childcare|child[ ]and[ ]family[ ]centre|after[ ]school[ ]club)",
        0.9,
        ("Acorn Nursery", "Little Zorbels Day Nursery", "Marlstone Children's Centre",
            "Zorbel Family Centre", "Ladybird Pre-School"),
        ("the Nursery", "Children's Centre", "Local Children's Centre", "Family Centre",
            "The Nursery School"),
    ),
    body(
        "college",
        r"(?:(?:Sixth[ ]Form|Further[ ]Education|Technical|Community|City)[ ])?(?:College"
            r"|University)|Sixth[ ]Form",
        0.85,
        ("Zorbel College", "Marlstone Sixth Form College", "Quillfeather University",
            "City of Zorbel College"),
        ("the College", "Royal College", "Sixth Form College", "Further Education College"),
    ),
    prefixed(
        "college",
        rf"\b(?:University|College)[ ]of[ ](?:the[ ])?{PLACE}",
        0.8,
        ("University of Zorbel", "College of North Zorbel"),
        ("University of the", "College of Policing", "College of Social Work",
            "University of life"),
        narrow=wording.named,
    ),
)  # fmt: skip

HEALTH = (
    body(
        "hospital",
        r"(?i:(?:(?:general|community|district|university|memorial|cottage|teaching"
            r"|children['’]?s|maternity|royal|psychiatric|mental[ ]health)[ ])*(?:hospitals?"
            r"|infirmary|hospice|maternity[ ]unit|birth(?:ing)?[ ]centre"
            r"|minor[ ]injuries[ ]unit|walk-in[ ]centre|urgent[ ]care[ ]centre|eye[ ]unit"
            r"|mother[ ]and[ ]baby[ ]unit))(?:[ ]Site)?",
        0.93,
        ("Zorbel General Hospital", "the «Royal Marlstone Infirmary»", "St Zorah’s Hospice",
            "Queen Zorah Hospital", "Zorbel hospital", "Zorbel Community Hospital"),
        ("the Hospital", "District General Hospital", "Acute Hospital", "The Community Hospital",
            "General Hospital", "Leaving hospital", "Children's Hospital"),
    ),
    body(
        "hospital",
        r"(?i:(?:psychiatric|rehabilitation|recovery|treatment|inpatient|medical|assessment"
            r"|mental[ ]health|specialist|adolescent|eating[ ]disorders?)[ ])?(?:[Uu]nit|Centre"
            r"|[Cc]linic)(?:s)?",
        0.75,
        ("Quillfeather Unit", "Quillfeather unit", "St Zorah Centre", "Zorbel Psychiatric Centre"),
        ("the Unit", "Assessment Unit", "Child Protection Unit", "Medical Centre",
            "Mother and Baby Unit", "Police Public Protection Unit", "Learning Centre",
            "Neonatal Unit", "Intensive Care Unit"),
        narrow=lambda text: wording.typed(text) and wording.strictly_named(text),
    ),
    prefixed(
        "hospital",
        r"\b(?:The[ ])?(?:Royal|University|Queen|King|Princess|Prince)[ ]"
            rf"(?:{CAP}[ ])?Hospitals?[ ](?:of[ ]|for[ ](?:Sick[ ]Children|Children)\b)?"
            rf"(?:{PLACE})?",
        0.85,
        ("University Hospital of North Zorbel", "Royal Hospital Zorbel",
            "University Hospitals Zorbel"),
        ("Royal Hospital", "University Hospital was"),
    ),
    body(
        "ward",
        r"[Ww]ard|Suite(?=[ ](?:at|in|of)\b)",
        0.75,
        ("Marlstone Ward", "Quillfeather ward", "St Zorah Ward"),
        ("Paediatric Ward", "the ward", "Postnatal Ward", "Labour Ward", "On the Ward",
            "Mental Health Ward", "Acute Admissions Ward", "Admission ward"),
    ),
    prefixed(
        "ward",
        r"\b[Ww]ard[ ](?:\d{1,3}[A-Z]?|[A-Z]\d{1,3}|[A-Z])(?![\w])",
        0.7,
        ("Ward 5", "Ward B12", "ward 14A"),
        ("ward round", "wards 3", "Ward Manager", "Reward 5"),
        narrow=lambda text: (0, len(text)),
    ),
    body(
        "surgery",
        r"(?:(?i:gp|doctors['’]?|family|village)[ ])?(?i:surgery|medical[ ](?:centre"
            r"|practice|group)|health[ ]centre|group[ ]practice|family[ ]practice|gp[ ]practice"
            r"|dental[ ](?:practice|surgery)|pharmacy|clinic|health[ ]clinic|wellbeing[ ]centre"
            r"|resource[ ]centre|primary[ ]care[ ]centre|sexual[ ]health[ ]clinic"
            r"|child[ ]development[ ]centre)",
        0.88,
        ("Elm Tree Surgery", "Marlstone Medical Centre", "Zorbel Health Centre",
            "Quillfeather GP Practice", "St Zorah’s Surgery", "Zorbel Pharmacy"),
        ("the Surgery", "GP Surgery", "Health Centre", "Local Medical Practice",
            "Antenatal Clinic", "Community Clinic", "The GP Practice", "Good surgery",
            "Outpatient Clinic"),
    ),
    body(
        "trust",
        r"(?:(?:NHS|Foundation|Partnership|University|Teaching|Acute|Community"
            r"|Mental[ ]Health|Social[ ]Care|Hospitals?|Healthcare|Health|Ambulance|Service"
            r"|Care|Primary[ ]Care|Children['’]?s|Integrated|and|&)[ ])*(?:Trusts?|NHSFT"
            r"|NHS[ ]FT|FT|Primary[ ]Care[ ]Trust|PCT)",
        0.93,
        ("Zorbel NHS Trust", "Marlstone Hospitals NHS Foundation Trust",
            "North Zorbel Partnership NHS Trust", "Zorbel and Marlstone Mental Health Trust",
            "Zorbel Primary Care Trust", "Zorbel PCT", "Marlstone Health and Social Care Trust"),
        ("the Trust", "NHS Trust", "NHS Foundation Trust", "Primary Care Trust",
            "Mental Health Trust", "The Acute Trust", "Ambulance Trust", "National Trust"),
    ),
    body(
        "health_body",
        r"(?:(?:NHS|University|Teaching|Local|Strategic|Area|District|Special)[ ])*"
            r"(?:Clinical[ ]Commissioning[ ]Groups?|CCGs?|Integrated[ ]Care[ ](?:Board|System"
            r"|Partnership)|ICBs?|Health[ ]Board|Health[ ]Authority|SHA|Ambulance[ ]Service"
            r"|Healthcare(?:[ ]CIC)?|Community[ ]Health(?:care)?[ ]Services|CAMHS"
            r"|Out[ ]of[ ]Hours(?:[ ]Service)?)",
        0.9,
        ("Zorbel Clinical Commissioning Group", "Zorbel CCG", "NHS Marlstone CCG",
            "Marlstone Integrated Care Board", "Zorbel University Health Board",
            "East Zorbel Ambulance Service", "Zorbel CAMHS"),
        ("the CCG", "Clinical Commissioning Group", "Local Health Board",
            "Integrated Care Board", "The Ambulance Service", "Private Healthcare",
            "Specialist CAMHS"),
        narrow=wording.strictly_named,
    ),
    prefixed(
        "health_body",
        r"\bNHS[ ](?!England|Wales|Scotland|Improvement|Digital|Direct|Resolution|Trust"
            r"|Foundation|Constitution|Long|Number|Plan|Choices|Act|Commissioning|Hospital"
            rf"|Services|Staff|Executive|Education|Litigation|Blood|Property|Continuing){PLACE}",
        0.8,
        ("NHS Zorbel", "NHS Zorbel and Marlstone",
            "«NHS Zorbel CCG» and Quill County Council"),
        ("NHS England", "NHS Trust", "NHS number", "NHS Foundation Trust", "NHS Safeguarding"),
        narrow=lambda text: _nhs(text),
    ),
)  # fmt: skip

COUNCILS = (
    body(
        "council",
        r"(?:(?:Metropolitan|County|City|Borough|District|Unitary|Town|Parish|Community"
            r"|London|Royal|Island|Islands)[ ])*(?:Council|Local[ ]Authority|MBC|MDC"
            r"|Corporation|Education[ ]Authority)(?:['’]s)?",
        0.93,
        ("Zorbel County Council", "Marlstone Metropolitan Borough Council", "Zorbel Council",
            "Zorbel and Marlstone City Council", "Zorbel MBC", "Marlstone Local Authority"),
        ("the Council", "Local Council", "The County Council", "Medical Council",
            "Local Authority", "Other Local Authority", "District Council"),
    ),
    prefixed(
        "council",
        r"\b(?:(?:London|Royal|Metropolitan)[ ]Borough|City|County|Borough|District"
            rf"|Council|Corporation|Municipality)[ ]of[ ](?:the[ ])?{PLACE}(?:[ ]Council)?",
        0.88,
        ("London Borough of Zorbel", "Royal Borough of Zorbel and Marlstone", "City of Zorbel",
            "County of Zorbel", "London Borough of Zorbel Council"),
        ("City of the", "Borough of residence", "District of Residence"),
        narrow=wording.strictly_named,
    ),
    body(
        "council_department",
        r"(?:(?:City|County|Borough|Metropolitan[ ]Borough)[ ])?(?:(?:Children|Adult"
            r"|Young[ ]People|Famil)(?:['’]?s|s['’]?|ies)?(?:[ ](?:and|&)[ ](?:Famil(?:y|ies)"
            r"|Young[ ]People|Adults?|Schools|Learning))?['’]?s?[ ](?:Social[ ](?:Care|Services"
            r"|Work)|Services|Specialist[ ]Services|Safeguarding)|Social[ ](?:Services|Care)"
            r"|Adult[ ](?:Social[ ]Care|Services)|CSC|Early[ ]Help(?:[ ]Hub|[ ]Service)?"
            r"|Youth[ ](?:Offending|Justice)[ ](?:Team|Service)|Yo[Tt]|YOS|MASH"
            r"|Multi-Agency[ ]Safeguarding[ ]Hub|Housing(?:[ ](?:Department|Services?"
            r"|Options))?|Education[ ](?:Department|Services?|Welfare[ ]Service)"
            r"|Emergency[ ]Duty[ ](?:Team|Service)|Drug[ ]and[ ]Alcohol[ ](?:Team|Service)"
            r"|Probation(?:[ ](?:Service|Trust))?|Legal[ ]Services|Leaving[ ]Care[ ](?:Team"
            r"|Service)|Fostering[ ]Service|Community[ ]Mental[ ]Health[ ]Team|CMHT"
            r"|Children['’]?s[ ]Trust)",
        0.85,
        ("Zorbel Children's Services", "Zorbel Social Services",
            "Marlstone Children’s Social Care", "Zorbel Adult Social Care",
            "Zorbel Youth Offending Team", "Zorbel MASH", "Marlstone Probation Service",
            "Zorbel CSC"),
        ("Children's Social Care", "Children's Services", "Local Authority Children's Services",
            "Involving Children's Services", "Director of Children's Services",
            "Adult Social Care", "Social Services", "The Youth Offending Team", "Social Housing",
            "Supported Housing", "NHS Social Care"),
        narrow=wording.strictly_named,
    ),
    body(
        "safeguarding_board",
        r"(?:(?:Local|Area|Multi-Agency|Joint|Regional)[ ])*(?:Safeguarding[ ](?:Children"
            r"|Adults?)(?:['’]?s)?(?:[ ](?:and|&)[ ](?:Adults?|Children)(?:['’]s)?)?[ ]Board"
            r"|Safeguarding[ ]Board|Children['’]?s[ ]Safeguarding[ ]Board"
            r"|Adults?['’]?[ ]Safeguarding[ ]Board|LSCB|LSAB|SCB|SAB"
            r"|Area[ ]Child[ ]Protection[ ]Committee|ACPC|Child[ ]Protection[ ]Committee"
            r"|Public[ ]Protection[ ]Committee|Health[ ]and[ ]Well-?being[ ]Board"
            r"|Children['’]?s[ ]Trust[ ]Board)",
        0.95,
        ("Zorbel Safeguarding Children Board",
            "Zorbel and Marlstone Local Safeguarding Children Board",
            "Zorbel Safeguarding Adults Board", "Marlstone LSCB", "Zorbel SAB",
            "Zorbel Area Child Protection Committee"),
        ("the Board", "Local Safeguarding Children Board", "Safeguarding Adults Board",
            "The Safeguarding Board", "Each LSCB", "Every Local Safeguarding Children Board",
            "Safeguarding Children Board"),
    ),
    body(
        "safeguarding_partnership",
        r"(?:(?:Local|Multi-Agency|Joint)[ ])*(?:(?:Multi-Agency[ ])?(?:Safeguarding[ ])?"
            r"(?:Children|Adults?)(?:['’]?s)?(?:[ ](?:and|&)[ ](?:Adults?|Children"
            r"|Young[ ]People)(?:['’]s)?)?[ ](?:Safeguarding[ ])?Partnership"
            r"|Safeguarding[ ]Partnership|LSCP|SCP|CSP|(?:Community[ ])?Safe(?:ty|r)"
            r"(?:[ ]\p{Lu}\p{Ll}+)?[ ]Partnership|Domestic[ ]Abuse[ ]Partnership"
            r"|Violence[ ]Reduction[ ]Unit)",
        0.95,
        ("Zorbel Safeguarding Children Partnership", "Zorbel Safeguarding Partnership",
            "Marlstone Community Safety Partnership", "Zorbel Children's Partnership",
            "Zorbel LSCP"),
        ("the Partnership", "Safeguarding Partnership", "Community Safety Partnership",
            "Local Safeguarding Children Partnership", "The Children's Partnership"),
    ),
    prefixed(
        "safeguarding_partnership",
        rf"\bSafer[ ]{PLACE}[ ](?:Partnership|Board)",
        0.9,
        ("Safer Zorbel Partnership",),
        ("Safer Communities Partnership", "Safer Sleep"),
        narrow=lambda text: None if "Communit" in text else wording.named(text),
    ),
    Row(
        Kind.ORGANISATION,
        "safeguarding_board",
        pattern(r"(?<![\w])(?!LSCB|LSAB|LSCP|MSCB|USAB)[A-Z]{1,4}(?:SCB|SCP|SAB|ACPC|SCMB)(?:s"
            r"|['’]s)?(?![\w])"),
        0.85,
        ("ZBSCB", "QSAB", "ZMSCP"),
        ("LSCB", "SAB", "LSCBs", "LSAB", "SCB", "LSCP"),
    ),
)  # fmt: skip

FAMILY = Family("organisations", EDUCATION + HEALTH + COUNCILS, more=with_acronyms, parts=True)
