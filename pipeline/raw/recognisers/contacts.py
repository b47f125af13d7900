"""Ways to reach a person or a place: telephone, e-mail, web, account names, postcodes."""

from __future__ import annotations

import regex

from pipeline.raw.recognisers.row import Family, Row, pattern
from pipeline.span import Kind

_OUT = r"(?:[A-PR-UWYZ](?:[A-HK-Y]?\d[0-9A-HJKPSTUWMNPRVXY]?))"
_NATIONAL = regex.compile(r"(?i)(?:(?:https?://)?www\.)?gov\.(?:uk|wales|scot)/?")
_TOP = (
    r"(?:gov\.uk|nhs\.uk|nhs\.net|org\.uk|police\.uk|sch\.uk|ac\.uk|co\.uk|ltd\.uk|me\.uk|mod\.uk|"
    r"plc\.uk|gov\.wales|gov\.scot|cjsm\.net|gsi\.gov\.uk|com|org|net|info|biz|eu|ie|wales|cymru|"
    r"scot|london|online|site|app|io|tv|uk)"
)


def _telephone(text: str) -> tuple[int, int] | None:
    """The number without a trailing bracket; None where it has too few or too many digits."""
    text = text.rstrip(" .-(")
    digits = regex.sub(r"\D", "", regex.sub(r"\(0\)", "", text))
    national = regex.sub(r"^(?:00)?44", "", digits) if text.startswith(("+", "00")) else digits[1:]
    return (0, len(text)) if len(national) in (9, 10) else None


def _link(text: str) -> tuple[int, int] | None:
    """The link without the punctuation of its sentence; None for the government's own bare site."""
    bare = text.rstrip(".,;:!?'\"’”»)>]")
    if bare.count("(") > bare.count(")"):
        bare += ")" if text[len(bare) : len(bare) + 1] == ")" else ""
    return None if _NATIONAL.fullmatch(bare) else (0, len(bare))


def _is_handle(text: str) -> bool:
    return regex.search(r"[\d_.]", text) is not None or text[0].islower()


def _contact(subkind: str, text: str, score: float, **rest: object) -> Row:
    return Row(Kind.CONTACT, subkind, pattern(text), score, **rest)  # type: ignore[arg-type]


ROWS = (
    _contact(
        "phone",
        r"""(?<![\w./-])(?!\d{1,2}[./-]\d{1,2}[./-](?:\d{2}){1,2}\b)
        (?:(?:\+|00)44[ .\u00a0-]?(?:\(0\)[ ]?)?
        |\(?0)(?:[ .\u00a0-]{0,1}\)?[ .()\u00a0-]{0,2}\d){8,10}\)?(?![\d/])""",
        0.9,
        examples=("01632 960123", "(01632) 960 123", "020 7946 0123", "07700 900 123",
            "07700900123",
                  "+44 (0)1632 960123", "+44 7700 900123", "0113-496-0123", "0044 20 7946 0123",
                      "01632.960.123", "0800 1111 222"),
        lookalikes=("0.5", "01.02.2013", "01/02/2013 10:15", "03-04-2012", "2007-2008",
            "0-19 service", "0123"),
        narrow=_telephone,
        context=("tel", "telephone", "phone", "fax", "mobile", "call", "contact"),
    ),
    _contact(
        "phone",
        r"""(?i:\b(?:tel(?:ephone)?|phone|fax|mob(?:ile)?|ext(?:ension)?|switchboard|minicom
        |helpline|t|m)\b)
        (?:[ ]?(?i:number|no)\b)?[ ]?[.:]{0,2}[ ]?(?P<it>\d[\d ]{2,11}\d)(?![\d%/])""",
        0.85,
        examples=("Tel: «960123»", "ext. «4021»", "fax no: «01632 96012»", "extension «2314»"),
        lookalikes=("phone calls in 2012", "telephone on 3 June", "by mobile", "M 3"),
        narrow=lambda text: None if regex.fullmatch(r"(?:19|20)\d\d", text) else (0, len(text)),
    ),
    _contact(
        "phone",
        r"(?<![\d£])\b0(?:800|808|845|300|330|870|844)[ ]?\d{2,4}[ ]?\d{0,4}(?!\d)",
        0.8,
        examples=("0800 1111", "0845 46 47"),
        lookalikes=("0800 hours", "08001", "1800 200"),
    ),
    _contact(
        "email",
        # What stands before the sign is read once, then looked at whether it is a name.
        r"""(?<![\w.@+'’-])(?=[\p{L}\p{N}_.+'’-]{1,64}+[ ]?(?:@|[\[(]at[\])]|[ ]at[ ]))
        [\p{L}\p{N}_](?:[\p{L}\p{N}_.+'’-]{0,62}[\p{L}\p{N}_])?[ ]?
        (?:@|\[at\]|\(at\)|[ ]at[ ](?=[\w-]+[ ]dot[ ]))[ ]?[\p{L}\p{N}-]{1,62}
        (?:(?:\.|[ ]?\[dot\][ ]?|[ ]?\(dot\)[ ]?|[ ]dot[ ])[\p{L}\p{N}-]{2,62}){1,5}""",
        0.98,
        examples=("jane.quirke@example.org", "j.o'quirke@zbarset.gov.uk", "scb@zbarset.gov.uk",
            "jane [at] example [dot] org",
                  "jane at example dot org", "Enquiries: «safeguarding_board@barset.example»",
                      "jane.quirke @ example.org"),
        lookalikes=("[email protected]", "met at school", "@quirke", "a@b",
            "seen at 10.30 at home"),
    ),
    _contact(
        "account",
        r"(?i:\b(?:account|handle|user[ ]?name|screen[ ]?name|gamer[ ]?tag|profile|nickname|login))"
        r"(?i:[ ](?:name|called|named|was|is|of|under|as))?,?[ ][\"“'‘]"
        r"(?P<it>[\p{L}\d_.-]{3,40})[\"”'’]",
        0.9,
        examples=("the account \"«zor.quill»\" was", "under the username “«quill_09»”"),
        lookalikes=("his account \"of events\"", "a profile 'in two parts'"),
        narrow=lambda text: (0, len(text)) if _is_handle(text) else None,
    ),
    _contact(
        "url",
        r"(?i:\b(?:https?|ftp)://[^\s<>\"”»]{3,}|\bwww\.[^\s<>\"”»]{3,})",
        0.97,
        examples=("https://www.barset.example/scr?id=4", "http://bit.ly/x1",
            "www.zbarset.gov.uk", "(«www.zbarset.gov.uk/lscb»)."),
        lookalikes=("www", "http", "the web", "https://www.gov.uk", "www.gov.uk"),
        narrow=_link,
    ),
    _contact(
        "web_domain",
        r"(?<![\w@.-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}" + _TOP +
            r"(?![\w@-]|\.\w)(?:/[^\s<>\"”»]*)?",
        0.92,
        examples=("zbarset.gov.uk", "zbarsetlscb.org.uk/reviews", "scb.zbarset.nhs.uk",
            "zbarset-children.co.uk", "quirke.com"),
        lookalikes=("gov.uk", "e.g.", "i.e. the", "home.The child", "p.12", "records.In 2012",
            "U.K."),
        narrow=_link,
    ),
    _contact(
        "social_handle",
        r"(?<![\w@.])@[A-Za-z_]\w{2,29}(?!\.?\w|@)",
        0.85,
        examples=("@zquirke99", "follow «@barset_board»."),
        lookalikes=("a @ b", "x@example.org", "@ home"),
    ),
    _contact(
        "social_handle",
        r"""(?i:\b(?:user[ ]?name|screen[ ]name|gamer[ ]?tag|handle|snapchat|instagram|facebook
        |twitter|tiktok|whatsapp|skype|kik)\b)
        (?i:[ ](?:name|account|user|id|profile|of|as|was|is
        |called))*[ ]?[:=]?[ ]?["“'‘]?(?P<it>(?=\w*[\d_.])[A-Za-z][\w.]{3,29}(?<![.]))""",
        0.85,
        examples=("username «zq_1999»", "Snapchat: «quirke.z99»", "Instagram account «z_quirke»"),
        lookalikes=("Facebook messages", "Instagram and Snapchat", "username unknown",
            "Facebook page"),
    ),
    _contact(
        "social_handle",
        r"(?<![\w&#/])\#(?=\w*\p{L})\w{4,60}",
        0.8,
        examples=("#JusticeForZorah", "tagged «#zquirke99» and"),
        lookalikes=("#3", "a # b", "C#", "&#8217;"),
    ),
    _contact(
        "postcode",
        r"(?<![\w£])(?:GIR[ ]?0AA|" + _OUT + r"[ \u00a0\n]{0,2}\d[ABD-HJLNP-UW-Z]{2})(?![\w])",
        0.95,
        examples=("ZE1 9ZZ", "ZE19ZZ", "SW1A 9ZZ", "B21 9QQ", "EC1A 9ZZ", "M1 9XX", "ZE1\n9ZZ"),
        lookalikes=("SW4", "S47 enquiry", "HV1 and", "A12 road", "E12 months", "ISO 9001"),
    ),
    _contact(
        "postcode",
        r"""(?i:\b(?:post[ ]?codes?|post[ ]?code[ ](?:area|district|sector))(?:[ ](?:of|is|was
        |area|district|starting|beginning|with|for))*[ ]?:?[ ]?)
        (?P<it>""" + _OUT + r")(?!\w)",
        0.9,
        examples=("postcode «ZE1»", "post code area «SW1A»"),
        lookalikes=("postcode lottery", "postcode of the area"),
    ),
    _contact(
        "postcode",
        r"\b(?P<it>[A-Z]{1,2}\d{1,2}[A-Z]?)(?=[ ](?:post[ ]?code|area|district|neighbourhood)\b)",
        0.75,
        examples=("the «ZE1» area", "«B21» postcode"),
        lookalikes=("area 1", "S47 enquiries", "SW4 visited"),
    ),
    _contact(
        "postcode",
        r"\bLondon,?[ ](?P<it>(?:EC|WC|[NESW]|NW|SE|SW)\d{1,2}[A-Z]?)(?!\w)",
        0.9,
        examples=("London «N99»", "London, «SW1A»"),
        lookalikes=("London 2012", "London Borough"),
    ),
)  # fmt: skip

FAMILY = Family("contacts", ROWS, calms=False)
