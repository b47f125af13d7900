"""Lessons as people changed them, purely: whatever is done, what is told can be recounted."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from learning_parts import ALONE, SHARING, VISITS, marked, report, years

from pipeline.safe.coding import Act, Event
from pipeline.safe.coding_lessons import amended, name_of_split
from pipeline.safe.lesson import Lesson, Passage
from pipeline.safe.tell import span_of_years

DOCUMENTS = (
    report("r-a", SHARING[0], VISITS[0], year="2011"),
    report("r-b", SHARING[1], VISITS[1], ALONE, year="2014"),
    report("r-c", SHARING[2], year="not stated", draft=True),
)
PASSAGES = marked(*DOCUMENTS)
YEARS = years(*DOCUMENTS)
TEXTS = {(p.review, p.id): p for p in PASSAGES}


def lesson(name: str, *passages: Passage) -> Lesson:
    pairs = tuple((p.review, p.id) for p in passages)
    theme = passages[0].themes[0].code if passages[0].themes else "none"
    reviews = tuple(sorted({p.review for p in passages}))
    first, last = span_of_years(reviews, YEARS)
    return Lesson(
        name, f"Title {name}", theme, reviews, 3, first, last, len(reviews) > 1, "none", 1.0,
        pairs, passages[0].text[:20], pairs[0], any(p.draft for p in passages),
    )  # fmt: skip


LESSONS = (
    lesson("L1", PASSAGES[0], PASSAGES[2], PASSAGES[5]),
    lesson("L2", PASSAGES[1], PASSAGES[3]),
    lesson("L3", PASSAGES[4]),
)
PAIRS = tuple(pair for one in LESSONS for pair in one.passages)


def step(number: int, act: Act, one: Lesson, **more: object) -> Event:
    event = Event(number, "", "u-a", act, lesson=one.id, pairs=one.passages)
    return replace(event, **more)  # type: ignore[arg-type]


ACTS = st.sampled_from(
    [Act.CONFIRM_LESSON, Act.RENAME_LESSON, Act.DROP_PASSAGE, Act.MERGE_LESSONS,
     Act.SPLIT_LESSON, Act.UNDO]
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn, undo: bool = True) -> list[Event]:
    """Steps as people take them: each on a lesson as it stands then."""
    made: list[Event] = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        there = amended(LESSONS, PASSAGES, YEARS, made)
        if not there:
            break
        one, act = draw(st.sampled_from(there)), draw(ACTS)
        more: dict[str, object] = {"title": draw(st.sampled_from(["", "Another title"]))}
        if act is Act.UNDO:
            if not undo:
                continue
            more["undoes"] = draw(st.integers(0, number - 1))
        elif act is Act.DROP_PASSAGE:
            more["review"], more["passage"] = draw(st.sampled_from(one.passages))
        elif act is Act.MERGE_LESSONS:
            other = draw(st.sampled_from(there))
            more |= {"into": (other.id,), "onto": other.passages}
        elif act is Act.SPLIT_LESSON:
            own = tuple(sorted(draw(st.sets(st.sampled_from(one.passages), min_size=1))))
            more |= {"pairs": own, "into": (name_of_split(own),)}
        made.append(step(number, act, one, **more))
    return made


@settings(max_examples=50, deadline=None)
@given(histories())
def test_whatever_people_do_every_count_and_quotation_still_holds(events: list[Event]) -> None:
    found = amended(LESSONS, PASSAGES, YEARS, events)
    held = [pair for one in found for pair in one.passages]
    assert len(held) == len(set(held))
    assert set(held) <= set(PAIRS)
    assert len({one.id for one in found}) == len(found)
    for one in found:
        assert one.passages
        assert one.reviews == tuple(sorted({review for review, _ in one.passages}))
        assert one.known == (len(one.reviews) > 1)
        assert one.quote_from in one.passages
        assert one.quote in TEXTS[one.quote_from].text
        assert one.draft == any(TEXTS[pair].draft for pair in one.passages)
        stated = [YEARS[r] for r in one.reviews if YEARS[r] != "not stated"]
        assert (one.first, one.last) == (
            (min(stated), max(stated)) if stated else ("not stated", "not stated")
        )
    turned = amended(LESSONS[::-1], PASSAGES[::-1], YEARS, events)
    assert sorted(turned, key=lambda o: o.id) == sorted(found, key=lambda o: o.id)


@settings(max_examples=50, deadline=None)
@given(histories(undo=False))
def test_decisions_find_their_lessons_although_every_id_is_another(events: list[Event]) -> None:
    fresh = [replace(one, id=f"{one.id}x") for one in LESSONS]
    before, after = (amended(each, PASSAGES, YEARS, events) for each in (LESSONS, fresh))
    assert sorted(one.passages for one in before) == sorted(one.passages for one in after)
    assert sorted((one.title, one.confirmed) for one in before) == sorted(
        (one.title, one.confirmed) for one in after
    )


def test_a_lesson_without_any_decision_is_left_as_it_is() -> None:
    assert amended(LESSONS, PASSAGES, YEARS, []) == LESSONS


def test_lessons_that_learning_brought_together_by_itself_are_not_merged_again() -> None:
    whole = lesson("L7", *(TEXTS[pair] for pair in (*LESSONS[0].passages, *LESSONS[1].passages)))
    event = step(1, Act.MERGE_LESSONS, LESSONS[1], into=("L1",), onto=LESSONS[0].passages)
    assert amended([whole], PASSAGES, YEARS, [event]) == (whole,)


def test_a_dropped_passage_changes_the_quotation_if_it_was_its_source() -> None:
    gone = LESSONS[1].passages[0]
    event = step(1, Act.DROP_PASSAGE, LESSONS[1], review=gone[0], passage=gone[1])
    now = next(o for o in amended(LESSONS, PASSAGES, YEARS, [event]) if o.id == "L2")
    assert (now.quote_from, now.reviews, now.known) == (LESSONS[1].passages[1], ("r-b",), False)
