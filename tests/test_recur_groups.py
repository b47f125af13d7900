"""Groups of many texts: the same whatever the order, and no slower than the texts are many."""

from __future__ import annotations

import numpy as np
import pytest
from learning_parts import ALONE, SHARING, THEMES, VISITS, bag, marked, report, years

from pipeline.safe import group, like, recur, shelf
from pipeline.safe.group import Cells, groups
from pipeline.safe.tell import UNTHEMED, Claim

NONE: frozenset[str] = frozenset()


def clumps(count: int, size: int, *, seed: int = 5) -> group.Matrix:
    """Unit vectors in clumps of one size that lie far from each other."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(count, 64))
    rows = np.repeat(middles, size, axis=0) + rng.normal(scale=0.15, size=(count * size, 64))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("largest", [5000, 60])
def test_clumps_are_found_also_where_texts_are_shared_out_among_cells(
    monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(group, "LARGEST", largest)
    monkeypatch.setattr(group, "CELL", 30)
    vectors = clumps(40, 5)
    found = groups(vectors, [NONE] * 200, least=0.55, weight=0.25)
    assert found == tuple(tuple(range(at, at + 5)) for at in range(0, 200, 5))


def test_many_texts_that_nothing_tells_apart_are_one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "LARGEST", 20)
    monkeypatch.setattr(group, "CELL", 10)
    same = np.tile(clumps(1, 1), (90, 1))
    assert groups(same, [NONE] * 90, least=0.55, weight=0.25) == (tuple(range(90)),)


def test_cells_depend_on_the_texts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "LARGEST", 60)
    monkeypatch.setattr(group, "CELL", 30)
    vectors = clumps(40, 5)
    assert Cells.of(vectors) == Cells.of(vectors.copy())
    assert len(set(Cells.of(vectors).own)) > 1


def test_themes_bring_texts_nearer_and_put_them_apart() -> None:
    two = np.asarray([[1.0, 0.0], [0.45, np.sqrt(1 - 0.45**2)]], dtype=np.float32)
    one, other = frozenset({"D1"}), frozenset({"C1"})
    rows = [((NONE, NONE), 2), ((one, one), 1), ((one, other), 2), ((one, NONE), 2)]
    for themes, count in rows:
        assert len(groups(two, themes, least=0.55, weight=0.25)) == count


def loose(pairwise: float, count: int) -> group.Matrix:
    """Unit vectors each as near to every other: one topic, as many claims."""
    rows = np.eye(count, count + 1) * np.sqrt(1 - pairwise)
    rows[:, count] = np.sqrt(pairwise)
    return np.asarray(rows, dtype=np.float32)


@pytest.mark.parametrize(
    ("pairwise", "mean", "sizes"),
    [
        (0.4, -1.0, [8]),  # a shared theme alone holds them together
        (0.4, 0.46, [1] * 8),
        (0.5, 0.46, [8]),
        (0.45, 0.44, [8]),
    ],
)
def test_texts_that_share_a_theme_and_little_else_are_no_group(
    pairwise: float, mean: float, sizes: list[int]
) -> None:
    theme = frozenset({"B5"})
    found = groups(loose(pairwise, 8), [theme] * 8, least=0.56, weight=0.2, mean=mean)
    assert [len(one) for one in found] == sizes


def test_of_a_loose_group_what_is_near_stays_together() -> None:
    same = loose(0.4, 8)
    rows = np.concatenate([same, same[:1], same[:1]])
    found = groups(rows, [frozenset({"B5"})] * 10, least=0.56, weight=0.2, mean=0.46)
    assert found[0] == (0, 8, 9)
    assert {len(one) for one in found[1:]} == {1}


@pytest.mark.parametrize("largest", [4000, 60])
@pytest.mark.parametrize("seed", range(5))
def test_no_group_of_three_is_looser_than_it_may_be(
    monkeypatch: pytest.MonkeyPatch, seed: int, largest: int
) -> None:
    monkeypatch.setattr(group, "LARGEST", largest)
    monkeypatch.setattr(group, "CELL", 30)
    rng = np.random.default_rng(seed)
    drawn = rng.normal(size=(150, 12)) + 0.9
    rows: group.Matrix = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    themes = [frozenset({"B5"} if rng.random() < 0.7 else {"D1"}) for _ in rows]
    before = groups(rows, themes, least=0.56, weight=0.2)
    assert any(len(one) > 2 and group.mean_near(rows[list(one)]) < 0.6 for one in before)
    found = groups(rows, themes, least=0.56, weight=0.2, mean=0.6)
    assert sorted(row for one in found for row in one) == list(range(150))
    assert all(len(one) < 3 or group.mean_near(rows[list(one)]) >= 0.6 for one in found)


@pytest.mark.parametrize(
    ("size", "within", "to", "joins"),
    [
        (3, 0.5, 0.38, False),  # with it the lesson's mean is .44
        (3, 0.5, 0.45, True),
        (3, 0.38, 0.38, True),  # one that was as loose before stays as it is
        (3, 0.38, 0.37, False),
        (3, 0.9, 0.2, False),  # no theme brings it near enough
        (1, 0.0, 0.38, True),  # two may be a lesson
    ],
)
def test_a_new_claim_does_not_make_a_lesson_loose(
    size: int, within: float, to: float, joins: bool
) -> None:
    like = np.full((size + 1, size + 1), within)
    like[size, :], like[:, size] = to, to
    np.fill_diagonal(like, 1)
    rows = np.asarray(np.linalg.cholesky(like), dtype=np.float32)
    claims = [Claim(str(n), "rest", (), frozenset({"B5"})) for n in range(size + 1)]
    lesson = {"L1": list(range(size))}
    left = recur._Side(claims, rows).joined(lesson, [size])
    assert (left, size in lesson["L1"]) == (([], True) if joins else ([size], False))


def test_joining_looks_at_lessons_of_a_large_last_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recur, "SLICE", 2)
    first = [report(f"R{n}", SHARING[n % 3], VISITS[n % 2]) for n in range(3)]
    before = recur.lessons(marked(*first), years(*first), THEMES, vectors=bag).lessons
    more = [*first, report("R8", SHARING[1], VISITS[0], ALONE)]
    after = recur.lessons(marked(*more), years(*more), THEMES, before, vectors=bag).lessons
    told = {one.id: one.reviews for one in after}
    assert all("R8" in told[one.id] for one in before)
    assert len(after) == len(before) + 1


def test_more_like_this_finds_the_same_words_first_and_never_itself() -> None:
    library = marked(report("R1", *SHARING), report("R2", SHARING[0], *VISITS, ALONE))
    asked = library[0]
    found = like.nearest(asked, library, bag, 4)
    assert all(one.score == round(one.score, 4) for one in found)
    assert (found[0].passage.review, found[0].passage.text) == ("R2", asked.text)
    assert found[0].score == pytest.approx(1, abs=1e-3)
    assert asked.id not in {one.passage.id for one in found if one.passage.review == "R1"}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert like.nearest(asked, [asked], bag) == ()


def test_what_recurs_without_a_theme_is_emergent_and_what_is_said_once_comes_last() -> None:
    dogs = "Nobody asked who had weighed the dogs in the yard when the tenancy was renewed."
    library = [
        report("R1", ALONE, SHARING[0]),
        report("R2", ALONE, SHARING[1]),
        report("R3", "The lift ought to be painted in one of the brighter colours next spring."),
        report("R4", dogs),
    ]
    found = recur.lessons(marked(*library), years(*library), THEMES, vectors=bag)
    made = shelf.shelves(found.lessons, THEMES)
    assert [one.code for one in made][-2:] == [shelf.EMERGENT, UNTHEMED]
    assert made[0].code == "D1"
    assert (made[0].reviews, made[0].of) == (("R1", "R2"), 4)
    assert sum(len(one.lessons) for one in made) == len(found.lessons)


@pytest.mark.parametrize("count", [1, 2, 50])
def test_identical_reviews_make_lessons_of_all_of_them(count: int) -> None:
    library = [report(f"R{n:02}", SHARING[0], VISITS[0]) for n in range(count)]
    found = recur.lessons(marked(*library), years(*library), THEMES, vectors=bag).lessons
    assert [len(one.reviews) for one in found] == [count, count]
    assert [one.stability for one in found] == [1.0, 1.0]


def test_reviews_without_a_learning_point_give_no_lesson_and_are_counted() -> None:
    empty = report("R1", "He was seen at home.", heading="Chronology")
    assert recur.lessons(marked(empty), years(empty), THEMES, vectors=bag).lessons == ()
    library = (empty, report("R2", SHARING[0]))
    found = recur.lessons(marked(*library), years(*library), THEMES, vectors=bag)
    assert [(one.reviews, one.of) for one in found.lessons] == [(("R2",), 2)]
