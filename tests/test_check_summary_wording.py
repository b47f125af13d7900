"""Two wordings of one statement, and points split, merged, cut or moved: what is told of them."""

from __future__ import annotations

import pytest
from learning_parts import report

from pipeline.safe import changed, sentence_pairs, summary
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.points import rejoined
from pipeline.safe.segment import passages
from pipeline.span import Span


@pytest.mark.parametrize(
    ("full", "said"),
    [
        ("Nurses must read the chart and must sign it.", "Nurses must read the chart and sign it."),
        ("Staff should make sure that forms are signed.", "Staff should ensure forms are signed."),
        ("Health visiting and midwifery should meet.", "Health visitors and midwives should meet."),
        ("Where a child is ill, schools should ring.", "When a child is ill, schools should ring."),
        ("It was told as fact and not as a guess.", "It was told as fact rather than as a guess."),
        ("Every team should read its log each year.", "Each team should read its log annually."),
        ("[local authority] should fund a second post.", "The Council should fund a second post."),
        ("All organisations have a part in this.", "all organizations have a part in this"),
        ("Plans to be shared by [hospital] [hospital], the school.",
         "Plans to be shared by [hospital], the school."),
        ("D1. The Board should publish its log.", "The Board should publish its log."),
        ("Before a case closes, a manager should read it.",
         "A manager should read it before a case closes."),
        ("Cases run for two years before a panel.", "Cases run for [1 to 2] before a panel."),
        ("A landlord should do this within ten days of any warning.",
         "A landlord should do this within ten days of a warning."),
    ],
)  # fmt: skip
def test_a_harmless_rewording_is_no_change(full: str, said: str) -> None:
    assert changed.changes(full, said) == ()


@pytest.mark.parametrize(
    ("full", "said", "keys", "never"),
    [
        ("The plan was not understood by staff.", "The plan was not fully understood by staff.",
         {"narrower"}, {"polarity"}),
        ("Landlords can be a help to tenants.", "Landlords are a help to tenants.",
         {"stronger"}, {"described"}),
        ("The Trust and the Board should train their nurses.",
         "The Trust should train its nurses.", {"actor"}, {"polarity"}),
        ("Landlords help tenants who are not known to another service.", "Landlords help tenants.",
         {"dropped"}, {"polarity"}),
        ("No case should close without a talk.", "A case should close only after a talk.",
         {"twice"}, {"polarity"}),
        ("Wardens met in three bays between May and June.", "Wardens met in three bays.",
         {"dropped"}, {"stronger", "described"}),
        ("The Board should hold at least two audits from spring.",
         "The Board should hold audits from spring.", {"uncounted"}, {"number"}),
        ("The Board should hold audits from spring.",
         "The Board should hold two audits from spring.", {"number"}, {"uncounted"}),
        ("12 letters were read by the panel.", "14 letters were read by the panel.",
         {"number"}, set()),
        ("Closing is the same as helping.", "Closing is not the same as helping.",
         {"polarity"}, set()),
        ("Two failed visits are a sign, and a failed call is one.",
         "Two failed visits are a sign, and a call is one.", set(), {"polarity"}),
    ],
)  # fmt: skip
def test_a_change_is_told_as_what_it_is(
    full: str, said: str, keys: set[str], never: set[str]
) -> None:
    found = {c.key for c in changed.changes(full, said)}
    assert keys <= found
    assert not never & found


def test_every_change_has_its_words() -> None:
    assert {c.key for c in changed.changes("Staff may go.", "No staff must go to 3 homes.")} <= set(
        changed.WHY
    )


POINTS = (
    "Staff must read the earlier records before they visit a family at home.",
    "The voice of the child should be written down in every assessment.",
    "Fathers need to be named, met and assessed like everybody else.",
    "Managers should check each closing letter before it leaves the team.",
)


def rows(full: tuple[str, ...], short: tuple[str, ...]) -> list[tuple[str, str]]:
    found = summary.differences(passages(report("s", *short)), passages(report("f", *full)))
    sides = [(r.kind, r.summary or r.full) for r in found]
    return [(kind, side.text) for kind, side in sides if side is not None]


@pytest.mark.parametrize(
    "short",
    [
        (f"{POINTS[0]} {POINTS[1]}", *POINTS[2:]),
        (POINTS[3], POINTS[0], POINTS[2], POINTS[1]),
        (*POINTS[:3], POINTS[3][:-1] + ";"),
    ],
    ids=["two points in one", "another order", "another stop"],
)
def test_points_that_only_stand_otherwise_give_no_row(short: tuple[str, ...]) -> None:
    assert rows(POINTS, short) == []


def test_a_point_of_two_that_became_one_is_told_where_it_changed() -> None:
    both = f"{POINTS[0]} {POINTS[1].replace('should', 'could')}"
    found = summary.differences(
        passages(report("s", both, *POINTS[2:])), passages(report("f", *POINTS))
    )
    assert [(r.kind, r.full.text) for r in found if r.full] == [("drift", POINTS[1])]


def test_each_sentence_stands_beside_its_own() -> None:
    said = "Plans need dates. Wardens should ring the nurse."
    full = "Wardens should ring the nurse. Nobody did. All plans need dates."
    found = sentence_pairs.parts(said, full)
    assert [(a[0].of(said), b[0].of(full)) for a, b in found.pairs] == [
        ("Plans need dates.", "All plans need dates."),
        ("Wardens should ring the nurse.", "Wardens should ring the nurse."),
    ]
    assert [s.of(full) for s in found.left] == ["Nobody did."]


def passage(start: int, text: str, heading: str = "Lessons") -> Passage:
    span = Span(start, start + len(text))
    return Passage("r", "p", 1, None, heading, span, Role.LEARNING, text)


def laid(*pieces: tuple[str, str], gap: int = 2) -> list[Passage]:
    """Passages one behind the other: heading and text."""
    at, made = 0, []
    for heading, text in pieces:
        made.append(passage(at, text, heading))
        at += len(text) + gap
    return made


FIRST = "• The plan for each tenant to be shared by"


@pytest.mark.parametrize(
    ("pieces", "texts", "tails"),
    [
        ([("L", FIRST), ("L", "[hospital] and the school.")],
         [f"{FIRST}\n\n[hospital] and the school."], {}),
        ([("L", FIRST + " [hospital]"), ("L", "[hospital], the school.")],
         [f"{FIRST} [hospital]\n\n[hospital], the school."], {}),
        ([("L", FIRST), ("L", "4"), ("A review", "the school and the Board.")],
         [FIRST], {0: "the school and the Board."}),
        ([("L", "• Wardens ring late;"), ("L", "nurses ring first.")],
         ["• Wardens ring late;\n\nnurses ring first."], {}),
        ([("L", FIRST), ("L", "• Wardens to ring the nurse.")],
         [FIRST, "• Wardens to ring the nurse."], {}),
        ([("L", FIRST), ("L", "9.8 Lesson 3. Wardens ring the nurse.")],
         [FIRST, "9.8 Lesson 3. Wardens ring the nurse."], {}),
        ([("L", "The plan was shared."), ("L", "the school came.")],
         ["The plan was shared.", "the school came."], {}),
    ],
    ids=["behind a by", "in a name", "over a page's end", "behind a semicolon", "the next item",
         "the next number", "behind a stop"],
)  # fmt: skip
def test_what_a_line_or_a_page_cuts(
    pieces: list[tuple[str, str]], texts: list[str], tails: dict[int, str]
) -> None:
    found = rejoined(laid(*pieces))
    assert [p.text for p in found.passages] == texts
    assert dict(found.tails) == tails


def test_a_beginning_that_was_read_as_a_heading_comes_back() -> None:
    heading, text = "Recommendation 6. Wardens to tell the nurse before they", "close a case."
    one = passage(len(heading) + 2, text, heading)
    assert [p.text for p in rejoined([one]).passages] == [f"{heading}\n\n{text}"]
    assert rejoined([one]).passages[0].span.start == 0


def test_a_heading_that_may_end_the_point_before_it_is_compared_and_not_quoted() -> None:
    first, second = "• The log of the wardens to go to the Regional", "• Nurses to be told of it."
    heading = "Board each spring"
    told = [passage(0, first), passage(len(first) + len(heading) + 4, second, heading)]
    full = passages(report("f", f"{first[2:]} {heading}.", second[2:], *POINTS[:2]))
    found = summary.differences(told, full)
    assert [r.kind for r in found if r.summary] == []


STORY = (
    "The warden rang the surgery on three mornings, and the nurse at last came to the flat.",
    "Both neighbours had been shouting.",
)


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("The warden rang the surgery on three mornings.", []),
        ("The warden rang the surgery on five mornings.", ["drift"]),
        ("Both neighbours had been shouting heavily.", ["drift"]),
        ("Wardens like tea.", []),
    ],
    ids=["shorter", "another number", "a word put in", "another story"],
)
def test_a_story_may_be_shorter_and_not_otherwise(said: str, kinds: list[str]) -> None:
    def told(texts: tuple[str, ...], role: Role) -> list[Passage]:
        return [
            Passage(p.review, p.id, p.page, None, "History", p.span, role, p.text)
            for p in laid(*(("History", text) for text in texts))
        ]

    found = summary.differences(told((said,), Role.CHRONOLOGY), told(STORY, Role.CHRONOLOGY))
    assert [r.kind for r in found] == kinds


def test_a_judgement_that_the_report_does_not_make_is_an_addition() -> None:
    said = "• The tenant's pride was the main cause of the fire."
    point = Passage("s", "p", 1, None, "Findings", Span(0, len(said)), Role.ANALYSIS, said)
    full = passages(report("f", *POINTS))
    assert ("addition", said) in [
        (r.kind, r.summary.text) for r in summary.differences([point], full) if r.summary
    ]


def test_lessons_that_run_together_are_points_of_their_own() -> None:
    run = " ".join(f"Lesson {n}. {point}" for n, point in enumerate(POINTS, start=1))
    found = summary.differences(passages(report("s", *POINTS[:3])), passages(report("f", run)))
    assert [(r.kind, r.full.text) for r in found if r.full] == [
        ("omission", f"Lesson 4. {POINTS[3]}")
    ]


def test_a_point_that_was_read_as_a_heading_is_not_left_out() -> None:
    short = passages(report("s", *POINTS[1:], heading=POINTS[0].rstrip(".")))
    found = summary.differences(short, passages(report("f", *POINTS)))
    assert [r.kind for r in found] == []
