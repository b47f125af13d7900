"""Numbers and codes that belong to one person, one case or one vehicle.

A checksum that holds raises the score; one that fails hides nothing less, because a number with
a typing error still leads to its owner.
"""

from __future__ import annotations

import regex

from pipeline.raw.recognisers.row import Family, Row, pattern
from pipeline.span import Kind

# What follows "number:", "ref", "ID no."; the value has a digit and is no plain small number.
_CUE = (
    r"""(?i:[ ]?(?:ref(?:erence)?|registration|reg|number|num|no|nr|nos|id|identifier|pin"""
    r"""|code)\b\.?)"""
)
_SEP = r"""(?:[ ]?(?:[:=#-]|is|was|being|of)[ ]?|[ ]|[ ]?\()?"""
_VALUE = (
    r"""(?P<it>(?=[A-Z0-9/._-]{0,19}\d{2})[A-Z0-9](?:[A-Z0-9/_]|[.-](?=[A-Z0-9])){2,24})(?![\w])"""
)


def _nhs(text: str) -> bool:
    from stdnum.gb import nhs

    return bool(nhs.is_valid(text))


def _upn(text: str) -> bool:
    from stdnum.gb import upn

    return bool(upn.is_valid(text))


def _nino(text: str) -> bool:
    """Whether the prefix of a National Insurance number is one that is given out."""
    prefix = text[:2].upper()
    banned = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
    return prefix not in banned and not set(prefix) & set("DFIQUV") and prefix[1] != "O"


def _code(subkind: str, text: str, score: float, **rest: object) -> Row:
    return Row(Kind.CODE, subkind, pattern(text), score, **rest)  # type: ignore[arg-type]


PEOPLE = (
    _code(
        "nhs_number",
        r"(?<![\w+./-])[1-9]\d{2}(?P<s>[ -]?)\d{3}(?P=s)\d{4}(?![\w/]|[.-]\d)",
        0.75,
        examples=("999 123 4560", "9991234560", "999-123-4560", "NHS No: «401 023 2137»"),
        lookalikes=("999 123 456", "0113 496 0123", "1.999.123.4560", "paragraphs 100 to 4560"),
        context=("nhs", "number", "patient", "no"),
        valid=_nhs,
    ),
    _code(
        "nhs_number",
        r"(?i:\bNHS(?:[ ]?(?:number|num|no)\b\.?))" + _SEP + r"(?P<it>\d[\d -]{6,12}\d)(?!\d)",
        0.95,
        examples=("NHS number: «999 123 456»", "NHS no. «99912345601»"),
        lookalikes=("NHS number unknown", "NHS 111", "NHS No 2 plan"),
    ),
    _code(
        "national_insurance",
        r"(?<!\w)[A-Z]{2}[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D](?!\w)",
        0.9,
        examples=("QQ 12 34 56 C", "QQ123456C", "AB 123456 D"),
        lookalikes=("QQ 12 34 56", "SW12 345", "AB 12 34 56 X"),
        context=("insurance", "nino", "ni"),
        valid=_nino,
    ),
    _code(
        "upn",
        r"(?<!\w)[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z](?!\w)",
        0.9,
        examples=("T999123456789", "A99912345678B"),
        lookalikes=("T99912345678", "S999123456789", "T9991234567890"),
        context=("upn", "pupil"),
        valid=_upn,
    ),
    _code(
        "upn",
        r"(?i:\b(?:UPN|ULN|unique[ ](?:pupil|learner)[ ]number))" + _SEP + _VALUE,
        0.95,
        examples=("UPN: «T9991234567»", "unique learner number «9991234567»", "ULN «1234567890»"),
        lookalikes=("the UPN was not recorded", "ULN is used"),
    ),
    _code(
        "passport",
        r"(?i:\bpassport" + _CUE + r"?)" + _SEP + r"(?P<it>[A-Z]{0,2}\d{6,9})(?!\w)",
        0.95,
        examples=(
            "passport number «999123456»",
            "Passport No: «AB1234567»",
            "passport «999123456»",
        ),
        lookalikes=("passport in 2012", "a passport was found"),
    ),
    _code(
        "driving_licence",
        r"(?<!\w)[A-Z](?:[A-Z]{4}|[A-Z]{3}9|[A-Z]{2}99|[A-Z]999"
        r"|9999)[ ]?\d{6}[ ]?[A-Z][A-Z9][ ]?\w[A-Z]{2}(?:[ ]?\d{2})?(?!\w)",
        0.95,
        examples=("QUIRK901234Z99ZZ", "QUIR9 901234 ZA9ZZ"),
        lookalikes=("QUIRK 901234", "ALLEN 123456"),
        context=("driving", "licence"),
    ),
    _code(
        "person_number",
        r"(?<!\w)(?P<it>[A-Z]\d{4}[A-Z]{2})(?!\w)",
        0.8,
        examples=("A1234ZZ", "prison number «Z9999XX»"),
        lookalikes=("A123ZZ", "A12345Z", "SA1234ZZ"),
        context=("prison", "prisoner", "hmp"),
    ),
    _code(
        "police_number",
        r"(?<![\w/])\d{2,4}/\d{4,7}[A-Z](?!\w)|(?i:\b(?:PNC|CRO)(?:[ ]?ID)?)"
        + _CUE
        + "?"
        + _SEP
        + _VALUE,
        0.9,
        examples=("12/345678Z", "2012/1234567Q", "PNC ID «99/1234567A»", "CRO number «123456/12Z»"),
        lookalikes=("12/3456", "PNC checks were made", "a PNC record of 2012"),
    ),
    _code(
        "vehicle",
        r"(?<!\w)[A-Z]{2}[0-9]{2}[ ]?[A-Z]{3}(?!\w)",
        0.85,
        examples=("QX51 BCD", "ZQ09XYZ"),
        lookalikes=("SW19 2AB", "QX5 1BCD", "DC12 and"),
        context=("vehicle", "car", "registration", "van", "vrm", "plate"),
    ),
    _code(
        "vehicle",
        r"(?i:\b(?:(?:car|van|vehicle|plate|registration|index|VRM|reg)s?[ ,]?(?:number"
        r"|mark|no|plate)?s?\.?))"
        + _SEP
        + r"(?P<it>[A-Z]{1,3}[ ]?\d{1,4}(?:[ ]?[A-Z]{1,3})?|\d{1,4}[ ]?[A-Z]{1,3})(?![\w-])",
        0.8,
        examples=(
            "registration «Q123 ABC»",
            "car number «ABC 123D»",
            "VRM: «ZIZ 1234»",
            "van reg «Q1 XYZ»",
        ),
        lookalikes=("registration on 3 June", "a car was seen", "vehicle in 2012"),
    ),
)

REFERENCES = (
    _code(
        "crime_reference",
        r"(?i:\b(?:(?:crime|incident|log|custody|occurrence|police|CAD|CRIS|investigation"
        r"|intelligence|STORM|Niche|URN)s?))" + _CUE + "?" + _SEP + _VALUE,
        0.9,
        examples=(
            "crime reference «12AB/12345/13»",
            "CAD «4521»",
            "CRIS no. «1234567/12»",
            "log number «0456-030612»",
            "incident ref: «CR/123456/12»",
            "URN «01ZZ/1234/12»",
        ),
        lookalikes=(
            "police in 2012",
            "incident of 2013",
            "crime figures of 12 forces",
            "a log of 15 calls",
            "police 101",
        ),
        narrow=lambda text: (
            None if (text.isdigit() and len(text) < 4) or _is_year(text) else (0, len(text))
        ),
    ),
    _code(
        "crime_reference",
        r"(?<![\w/.])(?:\d{2}[A-Z]{1,3}\d?/\d{3,6}/\d{2}|[A-Z]{1,3}/\d{4,7}/\d{2}"
        r"|\d{2,3}/\d{4,7}/\d{2}|[A-Z]{2}\d{2}00\d{5,6}|\d{2}000\d{6})(?![\w/])",
        0.85,
        examples=("12AB/12345/13", "CR/123456/12", "123/45678/12", "12000123456"),
        lookalikes=("12/10/2012", "2012/13", "03/04/12", "1000000"),
    ),
    _code(
        "case_reference",
        r"(?i:\b(?:(?:case|file|client|person|patient|hospital|unit|record|pupil|tenancy"
        r"|account|rent|benefit|claim|social[ ]care|"
        r"carefirst|liquidlogic|mosaic|ICS|LCS|RiO|SystmOne|EMIS|PARIS|MRN|CRN"
        r"|home[ ]office|port|visa|our|your|application|"
        r"referral|complaint|ombudsman|inquest|coroner['’]?s?|datix|STEIS|StEIS|SIRI|SUI"
        r"|MASH|MARAC|prison|prisoner|probation|staff|"
        r"warrant|collar|badge|licence|policy)))" + _CUE + _SEP + _VALUE,
        0.85,
        examples=(
            "case reference «C-12345»",
            "hospital number: «X123456»",
            "Mosaic ID «1234567»",
            "our ref «AB/12/345»",
            "case no. «LCS123456»",
            "StEIS number «2013/12345»",
            "Home Office reference «A1234567»",
        ),
        lookalikes=(
            "case number 3",
            "file numbers",
            "case reference unknown",
            "referral number of 12 in 2012",
            "policy number one",
        ),
        narrow=lambda text: None if text.isdigit() and len(text) < 4 else (0, len(text)),
    ),
    _code(
        "case_reference",
        r"(?i:\b(?:ref(?:erence)?)\b\.?)(?:[ ]?(?:number|no\.?))?[ ]?[:#-]?[ ]?" + _VALUE,
        0.7,
        examples=("Ref: «AB/1234/12»", "reference no. «P12345678»"),
        lookalikes=("reference 4", "with reference to 2012", "ref 2012", "(reference 12)"),
        narrow=lambda text: None if text.isdigit() and len(text) < 5 else (0, len(text)),
    ),
    _code(
        "case_reference",
        r"(?<![\w/-])(?:LCS|ICS|MRN|CRN|CSC|CIN|SCR|CSPR|LCSPR|SAR|DHR|CPR|APR|SILP"
        r"|LLR)[ /-]?(?:[A-Z]{0,3}[/-]?)(?:\d{1,4}[/-]\d{1,4}|\d{4,9}|(?:19"
        r"|20)\d{2}[A-Z]\d?)(?![\w/]|-\d)",
        0.8,
        examples=("SCR/2012/03", "LCS123456", "CSPR-2019-03", "CSC/1234/12"),
        lookalikes=("SCR 2", "SCRs in 2012", "DHR process", "IMR 2012"),
        narrow=lambda text: None if text[-5:].strip().isdigit() and " " in text else (0, len(text)),
    ),
    _code(
        "board_reference",
        r"(?<![\w/-])(?:(?:19|20)\d{2}/C\d{3,5}|(?:[A-Z]{2,6}[/-]){1,3}(?:19"
        r"|20)?\d{2}[/-]\d{1,4}(?:[/-]\d{1,4})?)(?![\w/-])",
        0.85,
        examples=("2013/C4567", "ZSCB/SCR/2012/01", "QXSB-12-03"),
        lookalikes=("2012/13", "A-12", "ISO/2012", "COVID-19"),
    ),
    _code(
        "school_number",
        r"(?i:\b(?:URN|LAESTAB|DfE[ ](?:number|no\.?)|establishment[ ]number))"
        + _CUE
        + "?"
        + _SEP
        + r"(?P<it>\d{3}[/ ]?\d{3,4}|\d{5,7})(?!\d)",
        0.9,
        examples=("URN «999123»", "LAESTAB: «999/1234»", "DfE number «9991234»"),
        lookalikes=("URN unknown", "DfE 2013", "URN 12"),
    ),
)

COURTS = (
    _code(
        "court_case",
        r"(?=[A-Zc])(?<!\w)(?:[A-Z]{2}\d{2}[A-Z]\d{4,5}(?!\w)|[TSUAC](?:19|20)\d{6}(?!\w)|"
        r"(?i:case[ ](?:no|number)\.?[ :]{1,2})[A-Z]{1,3}\d[\w/]{4,12})",
        0.85,
        examples=("BQ12C00123", "T20127123", "ZE13P01234"),
        lookalikes=("T2012", "BQ12C001", "SW12345"),
        context=("court", "case", "indictment"),
    ),
    _code(
        "neutral_citation",
        r"\[(?:19|20)\d{2}\][ ]EW(?:HC|FC|COP|CC|CA|MC)(?:[ ](?:Civ|Crim))?[ ]B?\d{1,5}"
        r"(?:[ ]\((?:Fam|Admin|QB|KB|B|T\d)\))?",
        0.9,
        examples=("[2013] EWHC 1234 (Fam)", "[2019] EWFC 12", "[2019] EWFC B44"),
        lookalikes=("[2013] UKSC 33", "[2013]", "EWHC"),
    ),
    _code(
        "court_case",
        r"\b[Rr]e:?[ ](?P<it>[A-Z](?:-[A-Z]){1,3})(?=[,;)])",
        0.8,
        examples=("(Re «N-S-A», heard", "re «Q-Z»)"),
        lookalikes=("Re Q,", "Re-A-B,"),
    ),
    _code(
        "court_case",
        # A published judgment leads to the family; one of a supreme court is law that is cited.
        r"\bRe:?[ ](?P<it>[A-Z](?:[-&]?[A-Z]){0,3}(?:[ ]?,[ ][A-Z]){0,2}[ ]"
        r"\((?:A[ ])?(?i:child(?:ren)?|minors?|adult)\b[^()\n]{0,40}\))"
        r"(?![ ,]*\[(?:19|20)\d{2}\][ ](?:UK|AC|EWCA|\d))",
        0.8,
        examples=("Re «Q (A Child)»", "Re «Q-Z (Children)»", "Re «X (Children)» (No 2)"),
        lookalikes=("Re B (Children) [2008] UKHL 35", "Re: Child A", "Re Q"),
    ),
)

PROFESSIONALS = (
    _code(
        "professional_registration",
        r"(?i:\b(?:GMC|NMC|HCPC|HPC|SWE|GSCC|GDC|GPhC|BPS|NQSW|QTS|bar))"
        r"(?:"
        + _CUE
        + "|[ ](?i:registration))*"
        + _SEP
        + r"(?P<it>[A-Z]{0,4}\d{2}[A-Z0-9]{3,8})(?!\w)",
        0.95,
        examples=("GMC number «9991234»", "NMC PIN «99A1234Z»", "HCPC registration «SW999123»"),
        lookalikes=("GMC guidance 2013", "NMC code", "the HCPC in 2012"),
    ),
    _code(
        "professional_registration",
        # The number on a constable's shoulder: "PC 2217 Quill".
        r"\b(?:W?PC|W?DC|W?PS|DS|Sgt|Con|Constable|Sergeant|PCSO|Officer)\.?[ ](?P<it>\d{3,6})"
        r"(?![\w/,.-]\d|\w)",
        0.85,
        examples=("PC «2217» Quill", "Constable «40721»", "Sgt. «118» Marlstone"),
        lookalikes=("PC in 2012", "DC 12", "officer 12"),
        narrow=lambda text: None if _is_year(text) else (0, len(text)),
    ),
    _code(
        "professional_registration",
        r"(?<!\w)(?:\d{2}[A-J]\d{4}[A-Z]|(?:SW|OT|PH|PYL|RA|CH|DT|PA|BS|HAD|SL)\d{5,6})(?!\w)",
        0.85,
        examples=("99A1234Z", "SW99123", "PYL99123"),
        lookalikes=("SW4", "SW12", "PH1 1AA", "12345"),
    ),
)

OTHERS = (
    _code(
        "account_number",
        r"(?i:\b(?:sort[ ]code|account))" + _CUE + "?" + _SEP +
            r"(?P<it>\d{2}-\d{2}-\d{2}|\d{8})(?!\d)",
        0.95,
        examples=("sort code «99-88-77»", "account number: «99912345»"),
        lookalikes=("account of 12", "sort code unknown"),
    ),
    _code(
        "ip_address",
        r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)",
        0.6,
        examples=("192.0.2.17", "IP address «198.51.100.4»"),
        lookalikes=("3.10.12", "1.2.3.4.5", "section 4.1.2"),
        narrow=lambda text: (0, len(text)) if regex.search(r"\d\d", text) else None,
    ),
    _code(
        "operation",
        r"\bOp(?:eration|\.)?[ ](?P<it>[A-Z][a-z]{3,}|[A-Z]{4,})\b",
        0.85,
        examples=("Operation «Quillfeather»", "Op «MARLSTONE»"),
        lookalikes=("Operation Encompass", "an operation on", "Operation of the Board",
            "Operation Manager", "Operation Date"),
        narrow=lambda text: None if _is_plain_operation(text) else (0, len(text)),
    ),
    _code(
        "grid_reference",
        r"(?<!\w)(?:[HJNOST][A-HJ-Z][ ]\d{3}[ ]\d{3}"
            r"|-?\d{1,2}\.\d{4,},[ ]?-?\d{1,3}\.\d{4,})(?!\w)",
        0.8,
        examples=("TQ 123 456", "53.12345, -1.54321"),
        lookalikes=("3.1, 2.4", "TQ 12"),
    ),
)  # fmt: skip


def _is_year(text: str) -> bool:
    return text.isdigit() and len(text) == 4 and text[:2] in ("19", "20")


def _is_plain_operation(text: str) -> bool:
    from pipeline.raw.recognisers import wording

    return wording.is_generic(text) or text.lower() in {"encompass", "manager"}


FAMILY = Family("identifiers", PEOPLE + REFERENCES + COURTS + PROFESSIONALS + OTHERS, calms=False)
