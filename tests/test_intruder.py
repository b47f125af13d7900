"""The intruder of the benchmark: it links what is told, and nothing where nothing is left."""

from __future__ import annotations

import doctest
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bm25s", reason="the benchmarks' own libraries are not installed")
pytest.importorskip("faker", reason="the generator's own libraries are not installed")

import intruder
import intruder_link
from intruder import Case, Cut, Released

from pipeline.config import Settings
from pipeline.raw import detect
from pipeline.span import Kind, Span
from pipeline.training import compose
from pipeline.training.compose import Order

# One report for all: without what is marked they are the same, so that nothing tells them apart.
REPORT = (
    "Mrs «{name}» rang the surgery on «{day}». The nurse wrote down that «{name}» lived at "
    "«{house} {street}», «{postcode}», and that no one from the school had called."
)
PRESS = "Neighbours of {name}, found on {number} in {street}, {postcode}, spoke of a quiet home."
PEOPLE = [
    ("Quillan Zorbel", "3 May 2016", "03/05/2016", "14", "Larch Street", "ZE1 4QX"),
    ("Ottoline Brask", "9 June 2016", "09/06/2016", "22", "Furrow Lane", "ZE2 7PW"),
    ("Ismay Tarrock", "21 March 2016", "21/03/2016", "8", "Copper Road", "ZE3 1LN"),
    ("Perpetua Voss", "2 April 2016", "02/04/2016", "31", "Tanner Avenue", "ZE4 6HB"),
    ("Zebedee Crane", "12 July 2016", "12/07/2016", "5", "Mill Close", "ZE5 2TD"),
]
CHANCE = 1 / len(PEOPLE)


def cases() -> Iterator[Case]:
    fields = ("name", "day", "number", "house", "street", "postcode")
    for number, person in enumerate(PEOPLE):
        said = dict(zip(fields, person, strict=True))
        text, marked = "", []
        for number_of, part in enumerate(re.split("[«»]", REPORT.format(**said))):
            if number_of % 2:
                marked.append((Span(len(text), len(text) + len(part)), Kind.PERSON))
            text += part
        yield Case(f"case-{number}", text, tuple(marked), PRESS.format(**said))


def by_patterns(case: Case) -> Released:
    return intruder.release(case, "public", Settings(), detect.FAMILIES)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    made = list(cases())
    return intruder.run(made, [by_patterns(case) for case in made], "1", why=True)


def top(rows: list[dict[str, object]], version: str) -> dict[str, object]:
    return {str(row["ranker"]): row["top-1"] for row in rows if row["version"] == version}


# What is linked -------------------------------------------------------------------------------


def test_every_ranker_links_every_original(rows: list[dict[str, object]]) -> None:
    assert set(top(rows, "original").values()) == {1.0}
    assert len(top(rows, "original")) == len(intruder_link.RANKERS) + 1


def test_where_all_that_differs_is_masked_no_ranker_beats_chance(
    rows: list[dict[str, object]],
) -> None:
    assert all(float(str(share)) <= CHANCE for share in top(rows, "gold").values())


def test_candours_text_links_by_its_months_alone(rows: list[dict[str, object]]) -> None:
    for ranker, share in top(rows, "candour").items():
        assert (share == 1.0) is ("months" in ranker)
    for share in top(rows, "candour, years for months").values():
        assert float(str(share)) <= CHANCE


def test_the_row_to_quote_is_the_one_of_the_ranker_that_links_most(
    rows: list[dict[str, object]],
) -> None:
    for version in {str(row["version"]) for row in rows}:
        shares = top(rows, version)
        (quoted,) = (share for name, share in shares.items() if name.startswith("strongest"))
        assert quoted == max(float(str(share)) for share in shares.values())


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        (np.eye(4), [1, 1, 1, 1]),
        (np.zeros((3, 3)), [2, 2, 2]),
        (np.array([[1.0, 2.0], [1.0, 2.0]]), [2, 1]),
        (np.array([[1.0, 1.0, 0.0], [9.0, 9.0, 9.0], [0.0, 0.0, 5.0]]), [2, 2, 1]),
    ],
    ids=["given the answer", "knows nothing", "one for all", "ties are not wins"],
)
def test_ranks_of_the_right_background(scores: intruder_link.Scores, expected: list[int]) -> None:
    assert intruder_link.ranks(scores).tolist() == expected


@pytest.mark.parametrize("ranker", intruder_link.RANKERS)
def test_a_text_that_is_its_own_background_is_ranked_first(ranker: str) -> None:
    told = [case.text for case in cases()]
    assert set(intruder_link.ranks(intruder_link.RANKERS[ranker](told, told))) == {1}


@pytest.mark.parametrize("ranker", intruder_link.RANKERS)
def test_a_text_of_which_nothing_is_left_links_to_nothing(ranker: str) -> None:
    scores = intruder_link.RANKERS[ranker](["", " "], [case.background for case in cases()][:2])
    assert intruder_link.ranks(scores).tolist() == [2, 2]


def test_shares_and_intervals_are_those_of_the_ranks() -> None:
    first, five, reciprocal = intruder_link.linked(np.array([1, 1, 2, 10]))
    assert (first.value, five.value) == (0.5, 0.75)
    assert reciprocal.value == pytest.approx((1 + 1 + 0.5 + 0.1) / 4)
    assert first.low < 0.5 < first.high


# What the versions are ------------------------------------------------------------------------


def test_labels_in_brackets_are_out_and_months_that_stand_for_days_stay() -> None:
    case = next(cases())
    text = intruder.versions(case, by_patterns(case), "1", why=False)["candour"]
    assert "[" not in text
    assert "May 2016" in text
    assert "3 May" not in text
    assert "ZE1" not in text


def test_versions_that_tell_why_take_out_days_months_years_in_turn() -> None:
    case = next(cases())
    made = intruder.versions(case, by_patterns(case), "1", why=True)
    left = {name: intruder_link.words(text) for name, text in made.items()}
    assert "May" not in left["candour, days out"]
    assert "May" not in left["candour, years for months"]
    assert "2016" in left["candour, years for months"]
    assert "2016" not in left["candour, months and years out"]
    assert "2016" in left["candour, gold's names out too"]
    assert "Quillan" not in left["candour, gold's names out too"]


def test_the_control_hides_as_many_words_as_candour_and_others() -> None:
    case = next(cases())
    out = by_patterns(case)
    made = intruder.versions(case, out, "1", why=False)
    count = {name: len(intruder_link.words(text)) for name, text in made.items()}
    assert count["random"] == count["candour"] < count["original"]
    assert made["random"] != made["candour"]
    assert made == intruder.versions(case, out, "1", why=False)
    assert made["random"] != intruder.versions(case, out, "2", why=False)["random"]


def test_what_a_draft_does_not_show_is_in_no_version() -> None:
    shown = (Span(0, 3), Span(11, 14))
    assert intruder.left("one PAGE 2 two", shown, ()) == "one two"
    assert intruder.left("one PAGE 2 two", shown, [Cut(Span(0, 3), Kind.OTHER)]).split() == ["two"]


def test_the_middle_half_of_a_judgment_is_the_text_and_the_rest_its_background(
    tmp_path: Path,
) -> None:
    lines = ["Ann Quill applied.", "Ben Zorbel paid 3 pounds.", "Ben Zorbel left.", "Ann won."]
    text = "\n".join(lines)
    at = text.index("Zorbel")
    entity = {"start": at, "end": at + 6, "type": "PERSON", "identifier": "DIRECT"}
    kept = {"start": at + 12, "end": at + 13, "type": "QUANTITY", "identifier": "NO_MASK"}
    outside = {"start": 0, "end": 9, "type": "PERSON", "identifier": "DIRECT"}
    row = {"doc_id": "1", "split": "dev", "text": text, "entities": [entity, kept, outside]}
    file = tmp_path / "tab.jsonl"
    file.write_text(json.dumps(row) + "\n" + json.dumps({**row, "split": "train"}), "utf-8")
    (case,) = intruder.judgments(file, "dev")
    assert case.text == "Ben Zorbel paid 3 pounds.\nBen Zorbel left.\n"
    assert [(span.of(case.text), kind) for span, kind in case.marked] == [("Zorbel", Kind.PERSON)]
    assert "Ann Quill" in case.background
    assert "Zorbel" not in case.background
    assert len(list(intruder.judgments(file, None))) == 2


# What comes out -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["table", "jsonl"])
def test_only_counts_and_ids_are_printed(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    released = [by_patterns(case) for case in cases()]
    monkeypatch.setattr(intruder, "reviews", lambda *of: cases())
    monkeypatch.setattr(intruder, "release", lambda *of: released.pop())
    assert intruder.main(["reviews", "--format", form], lambda line: None) == 0
    out = capsys.readouterr().out
    assert "0.200" in out if form == "table" else json.loads(out.splitlines()[0])["cases"] == 5
    for person in PEOPLE:
        assert not any(part in out for part in (*person[0].split(), *person[4:]))


def test_one_case_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert intruder.main(["reviews", "--cases", "1"], lambda line: None) == 2
    assert capsys.readouterr().out == ""


def test_the_examples_in_the_files_hold() -> None:
    for module in (intruder, intruder_link):
        tried = doctest.testmod(module)
        assert tried.attempted > 0
        assert tried.failed == 0


# Two texts of one world -----------------------------------------------------------------------

ORDER = Order(bank=2, seed="intruder/0001", kind="SCR", year=2015, invented=True, area="a")


def test_a_second_text_is_of_the_same_world_in_other_words() -> None:
    first, again = compose.review(ORDER), compose.retold(ORDER, 1, 0.6)
    assert again.world == first.world
    assert again == compose.retold(ORDER, 1, 0.6)
    assert again.frames
    assert not again.frames & first.frames


def test_a_second_text_tells_days_and_themes_of_the_first_alone() -> None:
    precise = replace(ORDER, habits=(("precision", 1.0), ("date", "iso"), ("events", "prose")))
    for number in range(6):
        order = replace(precise, seed=f"intruder/{number:04d}")
        first, again = compose.review(order), compose.retold(order, 1, 1.0)
        assert {code for code, _ in again.planted} <= {code for code, _ in first.planted}
        told = [
            {d for item in report.items for d in re.findall(r"\d{4}-\d\d-\d\d", item.text.text)}
            for report in (first, again)
        ]
        assert len(told[0] & told[1]) >= 2


def test_cases_of_one_area_share_its_public_bodies_and_nothing_of_the_family() -> None:
    one, other = (
        compose.review(replace(ORDER, seed=f"intruder/{n}", year=2014 + n)).world for n in (1, 2)
    )
    elsewhere = compose.review(replace(ORDER, seed="intruder/1", year=2015, area="b")).world
    assert (one.places.area, one.places.town) == (other.places.area, other.places.town)
    for key in ("board", "council", "police", "hospital", "trust"):
        assert one.orgs[key] == other.orgs[key]
    assert one.orgs["police"] != elsewhere.orgs["police"] or one.places.area != (
        elsewhere.places.area
    )
    assert one.places.postcode != other.places.postcode
    assert one.subject.full != other.subject.full
    assert one.people == elsewhere.people


def test_without_an_area_a_review_is_what_it_was() -> None:
    alone = compose.review(replace(ORDER, area=None))
    assert alone.world.people == compose.review(ORDER).world.people
    assert alone.world.places != compose.review(ORDER).world.places
