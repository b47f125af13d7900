"""Welsh amid English: dates with Welsh months, and bodies whose kind opens the name.

Reports of Wales have their headings, names and signatures in both languages. The plain Welsh
words of such reports are in configs/lists/generic-words.txt: they name nobody.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.raw.recognisers import wording
from pipeline.raw.recognisers.row import Family, Row, pattern
from pipeline.span import Kind

# A month softens behind some words and ends in "fed" in none; "Mai" and "Mawrth" need a capital.
_MONTH = (
    r"(?:Ionawr|Chwefror|Mawrth|Ebrill|Mai|Fai|Mehefin|Fehefin|Gorffennaf|Orffennaf|Awst"
    r"|Medi|Fedi|Hydref|Tachwedd|Dachwedd|Rhagfyr)"
)
_WEEKDAY = r"(?:(?:Dydd|Nos|dydd|nos)[ ](?:Llun|Mawrth|Mercher|Iau|Gwener|Sadwrn|Sul)[ ,]{1,2})?"
_DAY = r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?:af|ail|ydd|fed|ed|eg|ain)?"
_WORD = r"\p{Lu}[\p{L}'’-]{1,24}"
# What may stand inside a Welsh name: "Llan-y-Coed", "Pont ar Daf", "Dyffryn a'r Glannau".
_JOIN = r"(?:[ ](?:y|yr|a['’]r|a|ac|ar|o|de|uwch|is)(?=[ ]\p{Lu}))"
_NAME = rf"{_WORD}(?:{_JOIN}?[ ]{_WORD}){{0,4}}"


def _named(text: str) -> tuple[int, int] | None:
    """None where nothing but words of kinds follows: "Ysgol Gynradd", "Cyngor Sir"."""
    return None if wording.only_generic(text) else (0, len(text))


def _body(
    subkind: str,
    kinds: str,
    score: float,
    examples: tuple[str, ...],
    lookalikes: tuple[str, ...],
    narrow: Callable[[str], tuple[int, int] | None] = _named,
) -> Row:
    text = pattern(rf"(?<![\p{{L}}\d'’-])(?:{kinds}){_JOIN}?[ ]{_NAME}")
    return Row(Kind.ORGANISATION, subkind, text, score, examples, lookalikes, narrow=narrow)


ROWS = (
    Row(
        Kind.DATE,
        "day",
        pattern(
            rf"{_WEEKDAY}{_DAY}(?:[ ](?:o[ ])?|[ ]?o[ ]){_MONTH}(?!\p{{L}})(?:[ ,]{{1,2}}(?:19"
            rf"|20)\d{{2}})?"
        ),
        0.95,
        ("12 Mawrth 2022", "14eg o Ionawr 2020", "Dydd Gwener 9 Gorffennaf 2021", "8 Ebrill",
            "3ydd o Fai 2019", "1af o Dachwedd"),
        ("Mawrth 2022", "Dydd Mawrth", "12 o blant", "4 Maine Road", "5 Medical"),
    ),
    Row(
        Kind.DATE,
        "month",
        pattern(rf"(?<!\p{{L}}){_MONTH}[ ](?:19|20)\d{{2}}(?!\d)"),
        0.8,
        ("Rhagfyr 2019", "ym «Mehefin 2020»"),
        ("Rhagfyr", "Mehefin 12", "ionawr 2020"),
        narrow=lambda text: (0, len(text)),
    ),
    _body(
        "school",
        r"Ysgol(?:[ ](?:Gynradd|Uwchradd|Gyfun|Feithrin|Babanod|Iau|Arbennig|Gymraeg))*",
        0.93,
        ("Ysgol Zorwen", "Ysgol Gynradd Bro Quillan", "Ysgol Uwchradd Syr Zorwyn",
            "Ysgol y Zorwen"),
        ("Ysgol Gynradd", "ysgol Zorwen", "Ysgol"),
    ),
    _body(
        "hospital",
        r"Ysbyty",
        0.93,
        ("Ysbyty Santes Quill", "Ysbyty Zorwen"),
        ("Ysbyty", "yr ysbyty"),
    ),
    _body(
        "surgery",
        r"Meddygfa|Canolfan[ ]Iechyd|Deintyddfa",
        0.9,
        ("Meddygfa Pont Zorwen", "Canolfan Iechyd Quillan"),
        ("Meddygfa", "Canolfan Iechyd"),
    ),
    _body(
        "council",
        r"Cyngor(?:[ ](?:Bwrdeistref|Sir|Dinas|Tref|Cymuned|Sirol))*",
        0.93,
        ("Cyngor Sir Dyffryn Zorwen", "Cyngor Bwrdeistref Sirol Quillan", "Cyngor Dinas Zorwen"),
        ("Cyngor Sir", "Cyngor", "y cyngor"),
    ),
    _body(
        "health_body",
        r"Bwrdd[ ]Iechyd(?:[ ](?:Prifysgol|Addysgu|Lleol))*|Ymddiriedolaeth(?:[ ]GIG)?",
        0.93,
        ("Bwrdd Iechyd Prifysgol Glannau Zorwen", "Bwrdd Iechyd Quillan"),
        ("Bwrdd Iechyd Prifysgol", "Bwrdd Iechyd"),
    ),
    _body(
        "police_force",
        r"Heddlu",
        0.93,
        ("Heddlu Dyffryn Zorwen", "Heddlu Zorwen a'r Quillan"),
        ("Heddlu", "yr heddlu"),
    ),
    _body(
        "safeguarding_board",
        r"(?i:Bwrdd[ ]Diogelu)(?:[ ](?i:Rhanbarthol|Plant|Oedolion|ac|a))*",
        0.93,
        ("Bwrdd Diogelu Rhanbarthol Dyffryn Zorwen", "Bwrdd Diogelu Plant Quillan"),
        ("Bwrdd Diogelu", "Bwrdd Diogelu Plant", "Bwrdd Diogelu Plant Rhanbarthol"),
    ),
    _body(
        "charity",
        r"Clwb(?:[ ](?:Rygbi|Pêl-droed|Ieuenctid|Bocsio))*|Capel|Eglwys|Neuadd|Canolfan|Menter"
        r"|Prosiect|Cymdeithas",
        0.8,
        ("Clwb Rygbi Zorwen", "Capel Quillan", "Canolfan Zorwen"),
        ("Capel", "Clwb Ieuenctid", "Canolfan Iechyd", "Eglwys"),
    ),
    Row(
        Kind.PLACE,
        "street",
        pattern(rf"(?<![\p{{L}}\d'’-])(?:Heol|Ffordd|Lôn|Stryd|Rhodfa|Maes"
                rf"|Clos){_JOIN}?[ ]{_NAME}"),
        0.85,
        ("Heol y Zorwen", "Ffordd Quillan", "Stryd Fawr Zorwen"),
        ("Heol", "y ffordd"),
        narrow=_named,
    ),
    Row(
        Kind.PLACE,
        "house",
        pattern(rf"(?<![\p{{L}}\d'’-])(?:Tŷ|Ty'n|Plas|Bryn|Cwm|Nant|Pen|Pont){_JOIN}?[ ]{_WORD}"),
        0.7,
        ("Tŷ Zorwen", "Cwm Quillan", "Plas y Zorwen"),
        ("Pen", "tŷ bach", "Pont"),
        narrow=_named,
    ),
)  # fmt: skip

FAMILY = Family("welsh", ROWS, calms=True, parts=True)
