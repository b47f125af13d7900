"""Lessons: the same thing said in several reviews, deterministic, counted and quoted exactly."""

from __future__ import annotations

import itertools
import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning_parts import ALONE, SHARING, THEMES, VISITS, bag, marked, report, years

from pipeline.safe import learning_point, recur
from pipeline.safe.claim import claim, unopened, wordings
from pipeline.safe.embed import masked
from pipeline.safe.lesson import Lesson, Role, SafeDocument, Theme
from pipeline.safe.recur import Learned
from pipeline.safe.tell import UNTHEMED
from pipeline.safe.title import candidates, fallback, usage

LIBRARY = (
    report("R1", SHARING[0], VISITS[0], year="2011"),
    report("R2", SHARING[1], ALONE, year="2014"),
    report("R3", SHARING[2], VISITS[1], year="2019"),
    report("R4", "The report was read by the panel.", heading="Methodology", year="2020"),
)


def learn(
    *documents: SafeDocument, previous: tuple[Lesson, ...] = (), fresh: bool = False
) -> Learned:
    return recur.lessons(
        marked(*documents), years(*documents), THEMES, previous, vectors=bag, fresh=fresh
    )


def test_what_several_reviews_say_is_one_lesson_counted_by_reviews() -> None:
    first, second, *rest = learn(*LIBRARY).lessons
    assert (first.reviews, first.of, first.first, first.last) == (
        ("R1", "R2", "R3"), 4, "2011", "2019",
    )  # fmt: skip
    assert (first.theme, first.known, first.stance) == ("D1", True, "none")
    assert second.reviews == ("R1", "R3")
    assert [one.reviews for one in rest] == [("R2",)]
    assert not rest[0].known


def test_the_quotation_is_an_exact_part_of_the_passage_it_names() -> None:
    texts = {(p.review, p.id): p.text for p in marked(*LIBRARY)}
    for lesson in learn(*LIBRARY).lessons:
        assert lesson.quote in texts[lesson.quote_from]
        assert lesson.quote_from in lesson.passages
        assert set(lesson.passages) <= set(texts)


def test_every_learning_point_is_in_exactly_one_lesson() -> None:
    points = [(p.review, p.id) for p in marked(*LIBRARY) if learning_point.is_point(p)]
    told = [pair for lesson in learn(*LIBRARY).lessons for pair in lesson.passages]
    assert sorted(told) == sorted(points)


def test_a_point_without_a_theme_that_one_review_makes_is_listed_as_unassigned() -> None:
    found = learn(*LIBRARY)
    alone = next(one for one in found.lessons if one.reviews == ("R2",))
    assert alone.theme == UNTHEMED
    assert found.unassigned == alone.passages


def test_the_answer_does_not_depend_on_the_order_of_reviews_or_passages() -> None:
    expected = learn(*LIBRARY)
    for order in itertools.permutations(LIBRARY):
        assert learn(*order) == expected
    passages = list(marked(*LIBRARY))
    random.Random(4).shuffle(passages)
    assert recur.lessons(passages, years(*LIBRARY), THEMES, vectors=bag) == expected


POINTS = st.lists(
    st.sampled_from([*SHARING, *VISITS, ALONE, "Staff should ask who lives in the home at night."]),
    max_size=4,
)


@settings(max_examples=30, deadline=None)
@given(st.lists(POINTS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_identical_points_stay_together_and_fresh_runs_agree(
    points: list[list[str]], chance: random.Random
) -> None:
    documents = [report(f"R{n}", *own) for n, own in enumerate(points)]
    found = learn(*documents)
    where = {pair: one.id for one in found.lessons for pair in one.passages}
    texts: dict[str, set[str]] = {}
    for passage in marked(*documents):
        if (passage.review, passage.id) in where:
            texts.setdefault(passage.text, set()).add(where[passage.review, passage.id])
    assert all(len(ids) == 1 for ids in texts.values())
    assert len({one.id for one in found.lessons}) == len(found.lessons)
    assert len({one.title for one in found.lessons}) == len(found.lessons)
    chance.shuffle(documents)
    again = learn(*documents, previous=found.lessons, fresh=True)
    assert again.lessons == found.lessons
    assert again.renamed == ()


def test_labels_and_dates_do_not_part_what_is_the_same() -> None:
    one = report("R1", "There was no system on 3 May 2014 for asking [mother] about debt.")
    two = report("R2", "There was no system on 9 June 2017 for asking [father 2] about debt.")
    assert learn(one, two).lessons[0].reviews == ("R1", "R2")


def test_for_and_against_are_kept_apart() -> None:
    agreed = "The full overview report should be published in full by the board."
    against = "The full overview report should not be published in full by the board."
    found = learn(report("R1", agreed), report("R2", agreed), report("R3", against))
    assert [(one.stance, one.reviews) for one in found.lessons] == [
        ("for", ("R1", "R2")),
        ("against", ("R3",)),
    ]


def test_praise_and_criticism_of_the_same_thing_are_kept_apart() -> None:
    words = "Information sharing between the school and the health visitor"
    praise = report("R1", f"{words} was good.", heading="Good practice")
    found = learn(praise, report("R2", f"{words} was lacking."))
    assert [len(one.reviews) for one in found.lessons] == [1, 1]


def test_learning_again_keeps_every_id_title_and_quotation() -> None:
    before = learn(*LIBRARY[:2]).lessons
    after = learn(*LIBRARY, previous=before)
    kept = {one.id: one for one in after.lessons}
    for lesson in before:
        now = kept[lesson.id]
        assert (now.title, now.quote, now.quote_from) == (
            lesson.title, lesson.quote, lesson.quote_from,
        )  # fmt: skip
        assert set(lesson.passages) <= set(now.passages)
    assert after.renamed == ()
    assert after.lessons == learn(*LIBRARY, previous=after.lessons).lessons


def test_a_new_review_joins_the_lesson_that_stands() -> None:
    before = learn(*LIBRARY[:2]).lessons
    after = learn(*LIBRARY[:3], previous=before).lessons
    joined = next(one for one in after if one.id == before[0].id)
    assert joined.reviews == ("R1", "R2", "R3")


def test_a_lesson_whose_review_is_gone_is_told_as_gone_and_another_heals() -> None:
    before = learn(*LIBRARY).lessons
    after = learn(LIBRARY[0], LIBRARY[2], previous=before)
    gone = next(one.id for one in before if one.reviews == ("R2",))
    assert (gone, "") in after.renamed
    for lesson in after.lessons:
        assert lesson.quote
        assert lesson.title
        assert "R2" not in lesson.reviews


def test_a_fresh_run_tells_where_the_old_lessons_went() -> None:
    old = tuple(
        Lesson(**{**{f: getattr(one, f) for f in one.__slots__}, "id": f"L{n}"})
        for n, one in enumerate(learn(*LIBRARY).lessons)
    )
    again = learn(*LIBRARY, previous=old, fresh=True)
    assert [name for name, _ in again.renamed] == [one.id for one in old]
    assert {new for _, new in again.renamed} == {one.id for one in again.lessons}


def test_a_title_of_a_forgotten_text_is_made_anew() -> None:
    before = learn(*LIBRARY).lessons
    forgotten = tuple(
        Lesson(**{**{f: getattr(one, f) for f in one.__slots__}, "title": "", "quote": ""})
        for one in before
    )
    after = learn(*LIBRARY, previous=forgotten).lessons
    assert [one.id for one in after] == [one.id for one in before]
    assert all(one.title and one.quote for one in after)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 50])
def test_few_reviews_and_many_are_learned_from(count: int) -> None:
    documents = [
        report(f"R{n:02}", SHARING[n % 3], VISITS[n % 2], f"The plan for garden {n} was lost.")
        for n in range(count)
    ]
    found = learn(*documents).lessons
    assert all(1 <= len(one.reviews) <= one.of == count for one in found)
    assert all(0 <= one.stability <= 1 for one in found)
    if count > 1:
        assert len(found[0].reviews) == count


def test_drafts_are_said_to_be_drafts_and_do_not_speak_for_approved_texts() -> None:
    draft = report("R0", SHARING[0], draft=True)
    found = learn(draft, *LIBRARY[1:3])
    lesson = found.lessons[0]
    assert lesson.draft
    assert lesson.quote_from[0] != "R0"
    kept = recur.approved(found.lessons, marked(*LIBRARY[1:3]), years(*LIBRARY[1:3]))
    assert (kept[0].reviews, kept[0].of, kept[0].draft) == (("R2", "R3"), 2, False)


TITLES = [
    ("I am concerned that there was a lack of supervision of new staff.",
     "Lack of supervision of new staff"),
    ("The importance of asking children about life at home.",
     "Asking children about life at home"),
    ("The inquest heard evidence that risk assessments were not updated after leave.",
     "Risk assessments not updated after leave"),
    ("(3) There is no policy on visits by new staff.", "No policy on visits by new staff"),
    ("b. act on referrals of children without delay", "Act on referrals of children without delay"),
    ("(iv) Act on referrals of children without delay.",
     "Act on referrals of children without delay"),
    ("I heard that whilst there was new training for the ward, no tools were bought for nurses.",
     "No tools were bought for nurses"),
    ("What a child says in an interview has to be heard by others.",
     "What a child says in an interview has to be heard by others"),
    ("That [police force] review how officers are shown the history of a house.",
     "Review how officers are shown the history of a house"),
    ("That the housing service trains its staff in money matters of abuse.",
     "Housing service trains staff in money matters of abuse"),
    ("A nurse in [town] has walked the same round every evening for years.",
     "Nurse has walked the same round every evening for years"),
    ("Families were involved or good reasons were given.",
     "Families were involved or good reasons were given"),
    ("A woman who does not want to speak is not a woman who is not at risk.",
     "Woman who does not want to speak is not a woman who is not at risk"),
    ("I am concerned that the ward policy, while moved by a real concern, may not suit the wards.",
     "Ward policy may not suit the wards"),
    ("The doctor failed to ensure that the nursing (and so the support) staff were told of it.",
     "Doctor failed to ensure that the nursing staff were told"),
    ("Staff should make time, each week and in a quiet room, to hear what children of [town] say.",
     "Staff should make time, each week and in a quiet room"),
    ("A drill of how news moves at night between the wards, the porters and [hospital] to be held.",
     "Drill of how news moves at night"),
    ("Courses in asking twice and in looking again to be rolled out across [town], ward 9 first.",
     "Courses in asking twice and in looking again to be rolled out"),
    ("A short list of questions about sleep that every visitor to [town] can ask.",
     "Short list of questions about sleep"),
]  # fmt: skip


def test_a_title_does_not_run_over_the_end_of_a_sentence() -> None:
    text = "Trust is needed and has to be earned. second pair of eyes should look at each plan."
    found = candidates([text], usage([text, text.lower()]))
    assert found
    assert not [title for title in found if "." in title]


@pytest.mark.parametrize(("text", "title"), TITLES, ids=range(len(TITLES)))
def test_a_title_is_a_clause_of_the_text_without_its_opening(text: str, title: str) -> None:
    assert candidates([text], usage([text, text.lower()]))[0] == title


@pytest.mark.parametrize(
    "text", ["The adult has been seen.", "It was said that there were issues.", "Things were done."]
)
def test_a_clause_that_says_nothing_is_no_title(text: str) -> None:
    assert candidates([text], usage([text, text.lower()])) == ()


def test_the_end_of_an_enumeration_is_no_title() -> None:
    text = "An account which does not match the injury, the room or the record is a reason to dig."
    assert not [t for t in candidates([text], usage([text])) if t.startswith("Room")]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Recommendations for the Board 17", False),
        ("Lessons about sharing information . . . . . . 23", False),
        ("Agencies should share information before day 10.", True),
        ("All staff to complete the training of module 3", True),
        ("REGULATION 28 REPORT TO PREVENT FUTURE DEATHS", False),
        ("A Regulation 28 report should be answered by the board within 56 days.", True),
    ],
)
def test_a_line_of_the_contents_is_no_learning_point(text: str, is_one: bool) -> None:
    (passage, *_) = marked(report("R1", text))
    asked = replace(passage, text=text, role=Role.RECOMMENDATION)
    assert learning_point.is_point(asked) is is_one


TURNED = [
    ("There is no way that an agent, nurse or team leader can properly weigh [child]'s risk.",
     ("Nurse", "Team", "Leader")),
    ("Unless it is written down who minds the doors of a building, each will think it is another.",
     ("Written", "Minds")),
    ("He did not meet the criteria for admission to a hospital.", ("Meet",)),
    ("A policy, while clearly moved by a real concern to promote health, may not suit the wards.",
     ("While", "Moved", "Clearly")),
    ("How will the board know that nobody is sent home too soon?", ("How", "Will")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "begins"), TURNED, ids=range(len(TURNED)))
def test_no_title_is_a_part_whose_meaning_the_rest_turns_round(
    text: str, begins: tuple[str, ...]
) -> None:
    used = usage([text.lower()] * 2)
    found = (*candidates([text], used), fallback("", [text], used))
    assert not [title for title in found if title.startswith(begins)]


def test_a_denial_before_the_run_that_makes_a_title_stays() -> None:
    text = "She has not been able to arrange as many visits to [town]."
    title = fallback("Visits", [text], usage([text.lower()]))
    assert title == "Not able to arrange as many visits"


def test_the_first_word_of_a_sentence_is_no_name_where_a_small_library_has_it_once() -> None:
    text = "Supervision helps people to see a home. Tamsin helps people to see a home."
    found = candidates([text], usage([text]))
    assert "Supervision helps people to see a home" in found
    assert not [title for title in found if "amsin" in title]


def test_where_no_run_can_be_a_title_the_theme_and_its_words_are() -> None:
    text = "His mother's concerns were heard by them."
    assert fallback("Parents", [text], usage([text.lower()])) == "Parents: heard"


NAMES = [
    "Fernleigh did not see the need for a plan.",
    "[mother] did not know about the plan.",
    "He was not told about the plan.",
    "There was no plan for Tamsin at the school.",
    "The XYZT did not share its plan.",
    "On 4 May 2014 the plan was lost.",
]


@pytest.mark.parametrize("text", NAMES, ids=range(len(NAMES)))
def test_no_title_holds_a_name_a_label_a_pronoun_or_a_date(text: str) -> None:
    used = usage([text, "the plan was lost at the school, and the need for it was not seen"])
    banned = wordings().banned
    for title in candidates([text], used):
        assert not re.search(r"\[|\d|Fernleigh|Tamsin|XYZT|fernleigh|tamsin|xyzt", title)
        assert not banned & set(title.lower().split())


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.code)
def test_no_title_of_a_theme_holds_a_pronoun_since_lessons_without_words_take_it(
    theme: Theme,
) -> None:
    words = {w.strip(",.;:") for w in theme.title.partition(" (")[0].split()} - {"IT"}
    assert not wordings().banned & {word.lower() for word in words}
    assert not re.search(r"\d|\[", theme.title.partition(" (")[0])


OPENINGS = [
    ("The review found that staff were not trained.", "staff were not trained."),
    ("It was clear that no plan had been made.", "no plan had been made."),
    ("Lesson 4: records must move with the child.", "records must move with the child."),
    ("Consideration should be given to training for new staff.", "training for new staff."),
    ("Staff share records.", "Staff share records."),
]


@pytest.mark.parametrize(("text", "rest"), OPENINGS, ids=range(len(OPENINGS)))
def test_openings_say_nothing_and_are_taken_away(text: str, rest: str) -> None:
    assert unopened(text) == rest


def test_a_claim_leaves_the_story_and_the_forms_of_words_behind() -> None:
    text = (
        "On 3 May 2014 he attended the clinic and was sent home. There was no system for calling "
        "families back. There is a risk that future deaths will occur unless action is taken."
    )
    assert claim(text) == "no system for calling families back."
    assert masked(claim(text)) == claim(text)
