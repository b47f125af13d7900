"""Ethnicity, origin, nationality, religion, first language: shown to a reviewer where rare."""

from __future__ import annotations

from pipeline.raw.recognisers.row import Family, Row, pattern
from pipeline.span import Kind

PEOPLES = """Afghan|African|Albanian|Algerian|American|Angolan|Arab|Argentinian|Armenian|Asian
  |Australian|Austrian|
  Bangladeshi|Barbadian|Belarusian|Belgian|Bengali|Bolivian|Bosnian|Brazilian|Bulgarian|Burmese
  |Cambodian|Cameroonian|
  Canadian|Caribbean|Chilean|Chinese|Colombian|Congolese|Croatian|Cuban|Cypriot|Czech|Danish
  |Dominican|Dutch|Ecuadorian|
  Egyptian|Eritrean|Estonian|Ethiopian|Filipino|Finnish|French|Gambian|Georgian|German|Ghanaian
  |Greek|Grenadian|Gujarati|
  Guyanese|Haitian|Hungarian|Icelandic|Indian|Indonesian|Iranian|Iraqi|Irish|Israeli|Italian
  |Ivorian|Jamaican|Japanese|
  Jordanian|Kashmiri|Kazakh|Kenyan|Korean|Kosovan|Kurdish|Kuwaiti|Latvian|Lebanese|Liberian
  |Libyan|Lithuanian|Macedonian|
  Malawian|Malaysian|Malian|Maltese|Mauritian|Mexican|Moldovan|Mongolian|Moroccan|Mozambican
  |Namibian|Nepalese|Nepali|
  Nigerian|Norwegian|Pakistani|Palestinian|Panamanian|Persian|Peruvian|Portuguese|Punjabi
  |Romanian|Russian|Rwandan|Saudi|
  Senegalese|Serbian|Singaporean|Slovak|Slovakian|Slovenian|Somali|Somalian|Spanish|Sudanese
  |Swedish|Swiss|Syrian|
  Taiwanese|Tamil|Tanzanian|Thai|Tibetan|Togolese|Trinidadian|Tunisian|Turkish|Ugandan|Ukrainian
  |Uzbek|Venezuelan|
  Vietnamese|Yemeni|Yoruba|Igbo|Zambian|Zimbabwean|Sylheti|Pashtun|Mirpuri|Vincentian
  |Montserratian"""
_NOT_THING = (
    r"(?![ ](?:Journal|Review|Association|Society|Studies|School|Street|Road|flu|measles|leave"
    r"|Open|ink|whispers))"
)
_BROAD = r"(?:White|Black|Asian|Mixed|Dual|Arab|Chinese|Other|Any[ ]other)"
_GROUP = (
    r"(?:British|Black|White|English|Welsh|Scottish|Irish|European|African|Caribbean|Asian"
    rf"|Other|{PEOPLES})"
)
_FAITHS = r"""Muslim|Sunni|Shia|Sikh|Hindu|Jewish|Orthodox[ ]Jewish|Haredi|Buddhist
  |Jehovah['’]?s[ ]Witness(?:es)?|Mormon|
  Rastafarian|Pentecostal(?:ist)?|Seventh[ ]Day[ ]Adventist|Roman[ ]Catholic|Quaker|Pagan|Islamic
  |Evangelical|Plymouth[ ]Brethren|Zoroastrian|Jain|Baha['’]i"""


def _demographic(subkind: str, text: str, score: float, **rest: object) -> Row:
    return Row(Kind.DEMOGRAPHIC, subkind, pattern(text), score, **rest)  # type: ignore[arg-type]


ROWS = (
    _demographic(
        "ethnicity",
        rf"\b{_BROAD}(?:[ ]?[/–-][ ]?|[ ](?:and[ ])?){_GROUP}(?:[ ](?:and[ ])?{_GROUP}"
            rf"|[ ]?/[ ]?{_GROUP})?\b(?:[ ](?:origin|heritage|descent|background|ethnicity|male"
            r"|female))?",
        0.85,
        examples=("White British", "Black African", "Asian/Pakistani",
            "White and Black Caribbean", "Black British", "White Irish", "White Welsh",
            "Asian British"),
        lookalikes=("Black Country", "White Paper", "White Lane", "black and white"),
    ),
    _demographic(
        "ethnicity",
        # Read backwards from the word that says what the others are.
        r"(?=[HhDdOoEePpXx])(?=(?i:heritage|descent|origins?|ethnicity|ethnic[ ](?:background"
            r"|origin)|parentage|extraction)\b)(?<=(?P<name>"
            r"(?i:\b(?:white|black|mixed|dual|south[ ]asian|asian|african|east[ ]european"
            r"|eastern[ ]european|middle[ ]eastern|afro-?caribbean|african[- ]caribbean"
            rf"|romany?|gypsy|traveller|irish[ ]traveller|{PEOPLES})(?:[ /-](?:and[ ])?"
            r"(?:white|black|mixed|asian|african|british|caribbean|race|irish|european"
            rf"|{PEOPLES}))*[ ])))(?i:heritage|descent|origins?|ethnicity|ethnic[ ](?:background"
            r"|origin)|parentage|extraction)\b",
        0.85,
        examples=("dual heritage", "Somali origin", "mixed White and Asian heritage",
            "Eastern European descent", "Traveller heritage", "Pakistani heritage",
            "mixed race parentage"),
        lookalikes=("heritage site", "mixed feelings", "of unknown origin"),
    ),
    _demographic(
        "ethnicity",
        r"\b(?i:mixed[- ]race|dual[- ]heritage|afro-?caribbean|african[- ]caribbean)\b|\b"
            r"(?:(?:Irish|Romany|English|New|Gypsy)[ /])?(?:Gypsy|Gypsies|Travellers?|Roma|Romany"
            r"|Romani)\b(?![ ](?:Liaison|Times))",
        0.7,
        examples=("mixed-race", "Irish Traveller", "Roma", "dual heritage", "Romany Gypsy",
            "Gypsy Roma"),
        lookalikes=("a traveller on the train", "Rome", "mixed messages"),
    ),
    _demographic(
        "nationality",
        rf"(?<![\w-])(?:{PEOPLES})(?:[- ](?:born|speaking|national|nationals|nationality"
            rf"|citizen|citizens))?(?![\w-]){_NOT_THING}",
        0.6,
        examples=("Romanian national", "Somali", "Lithuanian", "Nigerian", "Portuguese-speaking"),
        lookalikes=("Somalia", "Turkey", "polish", "American Journal of", "Germany"),
    ),
    _demographic(
        "nationality",
        r"(?<![\w-])Polish(?![\w-])(?:[- ](?:born|speaking|national|nationals"
            r"|nationality))?|(?i:\bBritish[ ](?:born|national|citizen|nationality)\b)",
        0.6,
        examples=("Polish", "Polish national", "British national"),
        lookalikes=("to polish", "British Journal", "British people"),
    ),
    _demographic(
        "immigration",
        r"(?i:\b(?:asylum[- ]seek(?:er|ing)s?|refugees?|undocumented|illegal[ ](?:immigrant"
            r"|entrant)|failed[ ]asylum|overstay(?:er|ed)|no[ ]recourse[ ]to[ ]public[ ]funds"
            r"|indefinite[ ]leave[ ]to[ ]remain|trafficked[ ](?:into|to)[ ]the[ ]UK))\b",
        0.4,
        examples=("asylum seeker", "refugee", "indefinite leave to remain"),
        lookalikes=("a women's refuge", "seeking help"),
    ),
    _demographic(
        "religion",
        rf"(?<![\w-])(?:{_FAITHS})\b(?![ ](?:Street|Road|Primary|School|Secondary|High"
            r"|Academy|Church|College))",
        0.6,
        examples=("Muslim", "Jehovah’s Witness", "Sikh", "Roman Catholic", "Orthodox Jewish"),
        lookalikes=("Jain Road", "catholic taste", "Islam Street",
            "Roman Catholic Primary School", "muslin"),
    ),
    _demographic(
        "religion",
        r"(?i:\b(?:a|an|practising|devout|committed|born[- ]again|lapsed|strict|raised"
            r"|brought[ ]up|was|is|were|as|her|his|their)[ ])(?P<it>Christian|Catholic"
            r"|Methodist|Baptist|Anglican|Protestant|Presbyterian|Spiritualist"
            r"|Church[ ]of[ ]England)\b(?![ ](?:name|Primary|School|Academy|Aid|Church"
            r"|Secondary|High|primary|school|church|Infant|Junior|voluntary))",
        0.6,
        examples=("practising «Christian»", "raised «Catholic»", "a «Methodist»"),
        lookalikes=("Christian said", "a Church of England primary school", "a Catholic school",
            "Christian Aid"),
    ),
    _demographic(
        "language",
        r"(?i:\b(?:speaks?|spoke|spoken|speaking|language|interpreter|fluent[ ]in"
            r"|translated[ ]into|in)[ ](?:was|is|were|being|only|little|some|limited|mainly"
            r"|fluent|good)?[ ]?)(?P<it>(?:Polish|Urdu|Punjabi|Panjabi|Arabic|Farsi|Dari"
            r"|Pashto|Tigrinya|Amharic|Lingala|Twi|Shona|Swahili|Tagalog|Cantonese|Mandarin"
            r"|Sorani|Sinhala|Hindi|Gujarati|Bengali|Sylheti|Hebrew|Yiddish|Romanes|BSL"
            rf"|{PEOPLES}))\b",
        0.6,
        examples=("spoke «Urdu»", "language was «Tigrinya»", "interpreter «Polish»"),
        lookalikes=("spoke English", "language delay", "in April"),
    ),
    _demographic(
        "sexuality_or_gender",
        r"(?i:\b(?:gay|lesbian|bisexual|transgender|non-binary|trans[ ](?:man|woman|boy"
            r"|girl)|gender[ ](?:dysphoria|reassignment)))\b",
        0.4,
        examples=("gay", "transgender", "gender dysphoria"),
        lookalikes=("gayer", "gender", "transport"),
    ),
    _demographic(
        "multiple_birth",
        r"(?i:\b(?:(?:identical|non-identical|fraternal|surviving|conjoined)[ ])?(?:twins?"
            r"|triplets?|quadruplets?))\b(?![ -]?(?:track|towers?|town|beds?|room)\b)",
        0.4,
        examples=("twin", "identical twins", "triplets"),
        lookalikes=("twin-track", "entwined", "twinned"),
    ),
)  # fmt: skip

FAMILY = Family("demographics", ROWS)
