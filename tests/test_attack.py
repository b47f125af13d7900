"""An intruder's reading: invented excerpts in the manner of reviews, what must go and what stays.

`attack.txt` marks in each excerpt «what must be hidden» and ‹what must stay› under the public
profile. The rows below are one wording each, read by the patterns alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.door import policy, redact
from pipeline.flow import proposing
from pipeline.raw import detect, settle
from pipeline.raw.document import Recogniser
from pipeline.raw.readers import text as texts

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[«»‹›]")
# Another tagger may miss a word of a name; more than this is a fault. With the shipped one the
# most is 3 of 31 words: single initials of people whose names are known.
_MOST_LEFT = 0.1


def excerpts() -> Iterator[object]:
    whole = (Path(__file__).parent / "attack.txt").read_text(encoding="utf-8")
    for part in whole.split("\n=== ")[1:]:
        name, _, marked = part.partition("\n")
        yield pytest.param(marked.strip(), id=name)


def draft(raw: str, using: tuple[Recogniser, ...]) -> tuple[str, list[str | None]]:
    """The draft of a text under the public profile, and the label over each of its characters."""
    document = texts.from_string(raw)
    proposal = proposing.propose(document, Settings(), using)
    done = redact.redact(
        document, settle.accept_all(proposal), policy.load("public"), review="draft"
    )
    over: list[str | None] = [None] * len(raw)
    for change in done.plan.replacements:
        span = document.to_source(change.span)
        over[span.start : span.end] = [change.label] * len(span)
    return done.document.text.value, over


def marked_words(marked: str, opening: str, closing: str) -> Iterator[int]:
    """The offsets, in the text without marks, of the words between these marks."""
    for part in re.finditer(f"(?s){opening}([^{closing}]*){closing}", marked):
        start = len(_MARKS.sub("", marked[: part.start()]))
        for word in _WORD.finditer(_MARKS.sub("", part[1])):
            yield start + word.start()


@pytest.mark.skipif(not detect.tagger_present(), reason="the tagger is not installed")
@pytest.mark.parametrize("marked", [*excerpts()])
def test_nothing_of_the_family_is_left_in_an_excerpt(marked: str) -> None:
    _, over = draft(_MARKS.sub("", marked), detect.recognisers(Settings()))
    must_go = list(marked_words(marked, "«", "»"))
    left = [at for at in must_go if over[at] is None]
    assert len(left) <= max(1, _MOST_LEFT * len(must_go))


@pytest.mark.skipif(not detect.tagger_present(), reason="the tagger is not installed")
@pytest.mark.parametrize("marked", [*excerpts()])
def test_roles_national_bodies_conditions_and_analysis_stay_in_an_excerpt(marked: str) -> None:
    _, over = draft(_MARKS.sub("", marked), detect.recognisers(Settings()))
    assert [over[at] for at in marked_words(marked, "‹", "›") if over[at] is not None] == []


HIDDEN = [
    ("He went to Queen Zorah's Hospital and to NHS Zorbel CCG and Quill County Council.", "Quill"),
    ("Name\tRole\tAgency\nZorah Quill\tNamed Nurse\tZorbel Trust\n", "Zorbel"),
    (
        "Name   Role   Agency\nAnn Quill   Chair   Zorbel Trust\nBo Quill   Nurse   Marl Homes\n",
        "Marl",
    ),
    ("Abbreviation\tMeaning\nQCSP\tQuillon Community Safety Partnership\n\nQCSP met.", "QCSP"),
    ("Name\n\nAge\n\nEthnicity\n\nSibling 1\n\nSibling 1 four\n\nPakistani\n", "four"),
    ("She went to Fountain of Grace Church.", "Fountain"),
    ("They met at the Fox and Barrel on Fridays.", "Barrel"),
    ("Mr Day left. The lodger was Mark Day. Day denied it.", "Day"),
    ("Her brother Will came. The nurse will act. Will was seen.", "Will"),
    ("Christian went missing. She had Christian values.", "Christian went"),
    ("He told PC Bishop. Bishop recorded this.", "Bishop"),
    ("They lived at 7 Institute Terrace then.", "Institute"),
    ("He died at Down Lane in the autumn.", "Down"),
    ("West Midlands Police were called that night.", "Midlands"),
    ("He was taken to Northern General Hospital by car.", "Northern"),
    ("They lived at 14 The Larches, with an aunt.", "Larches"),
    ("He was found off the A999 between two towns.", "A999"),
    ("They met at the Fox and Hounds on Fridays.", "Hounds"),
    ("The River Quill was searched.", "Quill"),
    ("A post said #JusticeForZorah that night.", "Zorah"),
    ("In Re Q-Z (Children) the judge said so.", "Q-Z"),
    ("See [2017] EWFC B44 for more.", "B44"),
    ("She loved her cat Quibble.", "Quibble"),
    ("Known to friends as 'Zorb' or 'Mad Fox', he ran.", "Mad Fox"),
    ('He wrote "dont tell kayleigh im here" that night.', "kayleigh"),
    ("He was seen by DrQuillan then.", "Quillan"),
    ("Chair: Gillian Zorbel. GZ welcomed members.", "GZ"),
    ("Gillian Zorbel (32) came.", "32"),
    ("She gave birth to a son at 16.", "at 16."),
    ("The baby was 9/52 old.", "9/52"),
    ("He was 2 years 6 months and 18 days old.", "2 years 6"),
    ("Mother (White British) was nineteen at the time.", "nineteen"),
    ("He was born on the sixth of June two thousand and eleven.", "two thousand"),
    ("The uncle (b. 1958) came.", "1958"),
    ("Name Relationship DOB Sex\n\nZorah Quill Sibling 12.3.14 F\n", "12.3.14"),
    ("Name\tDOB\tRelationship\nZorah Quill\t1990\tMother\n", "1990"),
    ("Unfortunately Nicolette died. Nicolette Braun had left.", "Nicolette"),
    ("On 4 May Nicolette came. Nicolette Braun left.", "Nicolette"),
    ("His twin, D.O.B. 06-06-11, survived.", "June 2011"),
    ("Mr Carl Mossby left. The midwife looked to CM first.", "CM"),
    ("Mr Tunde Okoro left. 11.2 TO was bailed the next day.", "TO was"),
    ("Mr Carl Mossby and Mrs Cora Meers left. CM came back.", "CM"),
    ("Bank cards in the name of NO Quillon. Nora Quillon left.", "NO "),
    ("Leo Mac an tSaorquill left. Leo Mac an tSaorquill came.", "Saorquill"),
    ("Zorbel Vale Homes wrote. The matter was graded by ZVH that day.", "ZVH"),
    ("The GP of Canal Road Surgery wrote to him.", "Canal"),
    ("He went to Kindness Care and Living Limited then.", "Kindness"),
    ("Our Lady of the Fells ran a holiday club.", "Fells"),
    ("Zorbel Children's Social Care closed the case.", "Zorbel"),
    ("She came on 23.01.18 and Tuesday 20 February 2018.", "23"),
    ("It was 26 July 2019 and\n2019-08-17 again.", "-08-"),
    ("The meeting took place at March Town Council that day.", "March"),
    ("MARCH SAFEGUARDING ADULTS BOARD\n\nThe March Safeguarding Adults Board met.", "March"),
    ("Mr Ng recorded it. Mr Ng saw nothing.", "Ng"),
    ("Ms Vũ would not let the matter rest.", "Vũ"),
    ("The care worker Charity Quillon went back.", "Charity"),
    ("They lived in South Marlstone. Marlstone Council said the South was poor.", "Marlstone"),
    ("He had just reached 61 years that spring.", "61"),
    ("Zorah Quillon came. They saw Z.o.r.a.h. there.", "Z.o.r.a.h"),
    ("Zorah Quillon came. They saw Qu1llon there.", "Q"),
    ("Zorah Quillon came. They saw Quil**lon** there.", "lon"),
]
STAYS = [
    "Lead\tDue\tStatus\nNamed Nurse\tMay 2017\tOverdue\nDetective Inspector\tMay 2017\tOverdue",
    "It was given to the Named Nurse June 2017 and to the Detective Inspector Dec 2025.",
    "Year\tHealth\tPolice\tTotal\n2021\t5\t34\t39\n2022\t19\t3\t22",
    "Abbreviation\tMeaning\nBSL\tBritish Sign Language\nPPN\tPolice protection notice",
    "The cause of death was: Ia Hanging. Ib Hypoxia.",
    "She saw her G.P. and then the E.D. team.",
    "Ehlers-Danlos, Osteogenesis Imperfecta and Quilling-Zorb disease were considered.",
    "She was given Tramadol, Nitrazepam and PRN Lorazepam.",
    "Actions are rated Red/Amber/Green.",
    "A Merton compliant assessment and Gillick competence were discussed.",
    "The Dog Unit came and the White Child category was ticked.",
    "He was a man born in hardship\nand the review of 2012 said so",
    "The rule in Re B (Children) [2008] UKHL 35 applies.",
    "Young people may be seen on the day.",
    "PSI 64/2011 and NICE guideline CG16 say so.",
    "Adolescent Mental Health Services and the Eating Disorder Unit were told.",
    "The Crisis Home Treatment Team (CRHTT) and the Home-Based Support Team (HBST) met. HBST left.",
    "Episode 6 – April 2017 to August 2017",
    "The March meeting of the Board was put off. In March the council was told.",
    "He is Christian. She is Roman Catholic and he was Muslim.",
    "The letter went to Safer Custody under the Mental Health Crisis Care Concordat.",
    "A sample of 5 HA was read, and the answer went TO them.",
]


@pytest.mark.parametrize(("raw", "gone"), HIDDEN, ids=range(len(HIDDEN)))
def test_the_patterns_hide_it(raw: str, gone: str) -> None:
    assert gone not in draft(raw, detect.FAMILIES)[0]


@pytest.mark.parametrize("raw", STAYS, ids=range(len(STAYS)))
def test_the_patterns_leave_it(raw: str) -> None:
    assert [label for label in draft(raw, detect.FAMILIES)[1] if label is not None] == []


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Zorbel Children's Social Care closed the case.", "Children's Social Care closed"),
        ("The referral to Suffolk CAMHS was late.", "CAMHS was"),
        ("He went to Preston police station that night.", "police station that"),
        ("She rang the Zorbel Drug and Alcohol Service.", "Drug and Alcohol Service"),
        ("Zorbel Crisis Team and Marlstone Youth Justice Service met.", "Youth Justice Service"),
    ],
)
def test_of_a_local_service_what_it_is_stays(raw: str, kept: str) -> None:
    assert kept in draft(raw, detect.FAMILIES)[0]


def test_an_episode_is_no_day_of_the_month() -> None:
    raw = "Episode 6 – April 2017 to May 2018. On 6 April 2017 he was seen."
    text = "Episode 6 – April 2017 to May 2018. In April 2017 he was seen."
    assert draft(raw, detect.FAMILIES)[0] == text


def test_a_name_behind_other_words_is_the_same_person() -> None:
    raw = "Nicolette Braun left. Unfortunately Nicolette died on 3 May. On 4 May Nicolette lay ill."
    _, over = draft(raw, detect.FAMILIES)
    names = [m.start() for m in re.finditer("Nicolette", raw)]
    assert {over[at] for at in names} == {"[person]"}


LEFT = [
    ("Zorah Quill was hurt. Z told the nurse.", "Z told", "one letter is a label as often"),
    ('He wrote "tell shaz im here" that night.', "shaz", "a short form in lower case, met once"),
    ('He wrote "outside morrisons in ashby" then.', "morrisons", "a firm in lower case"),
    ("They lived at number 9 in the Close.", "number 9", "a street called by its kind alone"),
    ("They met at Four Lane Ends.", "Ends", "a place made of plain words, without cue"),
    (
        'Teddy Quill wrote "i miss teddy" then.',
        "miss teddy",
        "a name that is a word, in lower case",
    ),
    ("Action for Comfort A. by then.", "Comfort", "a word as a first name beside an initial"),
    ("He died two days before his third birthday.", "third", "a day told by its distance only"),
    ("He was in Year 4 at school.", "Year 4", "a school year is no age to the recognisers"),
    ("Zorah Quillon came. They saw Quil 12 lon there.", "lon there", "a note's sign inside a name"),
    (
        "Zorah Quillon came. They saw \u202enolliuQ\u202c there.",
        "nolliuQ",
        "a name written backwards",
    ),
    ("The family came from Poland in 2006.", "Poland", "countries stay until a reviewer asks"),
]


@pytest.mark.parametrize(
    ("raw", "gone"),
    [
        pytest.param(raw, gone, marks=pytest.mark.xfail(strict=True, reason=reason), id=reason)
        for raw, gone, reason in LEFT
    ],
)
def test_what_is_still_left(raw: str, gone: str) -> None:
    assert gone not in draft(raw, detect.FAMILIES)[0]
