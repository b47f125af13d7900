"""A digest counts with denominators, quotes exactly, marks drafts, and repeats byte for byte."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from learning_parts import ALONE, SHARING, THEMES, VISITS, bag, marked, report, years

from pipeline.errors import UsageError
from pipeline.exporters import to_digest, to_pdf
from pipeline.safe import recur
from pipeline.safe.digest import Digest, Period, digest
from pipeline.safe.lesson import SafeDocument, SafeFacts
from pipeline.safe.trends_share import Share

LIBRARY = (
    report("R1", SHARING[0], year="2011"),
    report("R2", SHARING[1], ALONE, year="2014"),
    report("R3", VISITS[0], year="2014"),
    report("R4", VISITS[1], year="2015"),
    report("R5", "The nurse was commended for good practice.", heading="Good practice",
           year="2015"),
    report("R6", SHARING[2], year="not stated"),
)  # fmt: skip


def made(since: str, until: str, *documents: SafeDocument) -> Digest:
    passages = marked(*documents)
    lessons = recur.lessons(passages, years(*documents), THEMES, vectors=bag).lessons
    dates = {r: None if y == "not stated" else y for r, y in years(*documents).items()}
    return digest(Period(since, until), dates, passages, lessons, THEMES)


def test_recurring_new_and_single_lessons_are_told_apart_and_counted() -> None:
    found = made("2014", "2015", *LIBRARY)
    assert (found.reviews, found.of, found.undated) == (("R2", "R3", "R4", "R5"), 6, 1)
    assert [(t.now, t.of_now, t.ever, t.of_ever) for t in found.recurring] == [(1, 4, 3, 6)]
    assert [(t.now, t.of_now, t.ever) for t in found.new] == [(2, 4, 2)]
    assert [t.now for t in found.alone] == [1] * found.alone_in_all
    assert {row.code: (row.share.part, row.share.of) for row in found.themes}["D1"] == (1, 4)


def test_quotations_stand_in_their_reviews_and_say_where() -> None:
    texts = {one.review: one.text.value for one in LIBRARY}
    found = made("2011", "2015", *LIBRARY)
    quotes = [q for t in (*found.recurring, *found.new, *found.alone) for q in t.quotes]
    assert quotes
    for quote in (*quotes, *found.good):
        assert quote.text in texts[quote.review]
        assert quote.page == 2
        assert re.fullmatch(r"4\.\d", quote.paragraph or "")
    assert [q.review for q in found.good] == ["R5"]


def test_the_page_has_the_same_bytes_whatever_the_order_of_reviews() -> None:
    once = to_digest.render(made("2011", "2015", *LIBRARY))
    assert once == to_digest.render(made("2011", "2015", *reversed(LIBRARY)))


class Page(HTMLParser):
    """What a test needs to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))
        self.ids += [str(named["id"])] if "id" in named else []
        self.links += [str(named["href"])] if "href" in named else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_has_one_title_and_needs_nothing_from_elsewhere() -> None:
    html = to_digest.render(made("2014", "2015", *LIBRARY)).decode()
    page = Page(html)
    assert page.open == []
    assert page.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert not re.search(r"https?:|<script|src=|@import|url\(", html)
    assert '<html lang="en-GB">' in html
    assert "DRAFT" not in html


def test_words_of_a_review_are_text_and_no_markup() -> None:
    nasty = "There was no plan for <b onclick=x> & the “school”, and no policy on it."
    html = to_digest.render(made("2015", "2015", report("R1", nasty))).decode()
    assert "<b onclick" not in html
    assert "&lt;b onclick=x&gt; &amp; the" in html


def test_a_digest_with_a_draft_says_so_on_top_in_the_title_and_at_each_quotation() -> None:
    html = to_digest.render(made("2015", "2015", report("R1", SHARING[0], draft=True))).decode()
    assert "<title>DRAFT, NOT REVIEWED: " in html
    assert html.count('class="draft"') == 2
    assert html.count('<strong class="tag">draft</strong>') >= 2


def test_the_reviews_of_the_period_are_listed_with_where_they_are_published() -> None:
    facts = {"R2": SafeFacts(kind="serious case review", year="2014"), "R9": SafeFacts()}
    found = digest(
        Period("2014", "2014"),
        {"R3": "2014", "R2": "2014", "R1": "2011"},
        (),
        (),
        THEMES,
        facts=facts,
        published={"R2": "cr-2abcdefg", "R1": "cr-1abcdefg"},
    )
    assert [(one.review, one.published, one.year, one.kind) for one in found.listed] == [
        ("R2", "cr-2abcdefg", "2014", "serious case review"),
        ("R3", "", "not stated", "not stated"),
    ]
    html = to_digest.render(found).decode()
    assert re.search(r"R2</th><td>cr-2abcdefg</td><td>2014</td><td>serious case review<", html)
    assert "R3</th><td>not published here</td>" in html
    assert "cr-1abcdefg" not in html
    assert "Published as" not in to_digest.render(made("2014", "2015", *LIBRARY)).decode()


@pytest.mark.parametrize(
    ("review", "public"), [("R1", "demonstration-2abc"), ("demonstration-2abc", "")]
)
def test_a_digest_of_a_demonstration_says_so(review: str, public: str) -> None:
    says = "A demonstration, reviewed by nobody"
    for ids, told in (({review: public}, True), ({review: "cr-2abcdefg"}, review != "R1")):
        found = digest(Period("2014", "2014"), {review: "2014"}, (), (), THEMES, published=ids)
        assert (says in to_digest.render(found).decode()) is told


def test_nothing_is_told_as_a_number_of_none() -> None:
    html = to_digest.render(made("2010", "2030", *LIBRARY)).decode()
    assert "No lesson of this period came back, and" in html
    assert "There is nothing to compare: 1989 to 2009 has no review, this period 5 reviews." in html


def test_headings_of_agencies_begin_with_a_capital() -> None:
    asked = report("R1", "Health visitors should ask at each visit.", heading="Recommendations")
    html = to_digest.render(made("2015", "2015", asked)).decode()
    assert "<h3>Health visitors" in html
    assert not re.search(r"<h3>[a-z]", html)


def test_a_period_without_reviews_is_told_and_not_an_error() -> None:
    found = made("1999", "2001", *LIBRARY)
    assert (found.reviews, found.recurring, found.themes) == ((), (), ())
    assert b"0 of the 6 reviews" in to_digest.render(found)


@pytest.mark.parametrize(
    ("since", "until"),
    [("2015", "2014"), ("2014", "2014-06"), ("14", "15"), ("2014-13", "2014-14"), ("x", "y"),
     ("2014-1", "2014-2"), ("", "")],
)  # fmt: skip
def test_a_period_that_is_none_is_refused(since: str, until: str) -> None:
    with pytest.raises(UsageError, match="No digest was made"):
        Period(since, until)


def test_months_hold_days_and_years_hold_months() -> None:
    assert Period("2014-04", "2014-06").holds("2014-06-30")
    assert not Period("2014-04", "2014-06").holds("2014-07-01")
    assert Period("2014", "2014").holds("2014-07-01")


def large(of: int) -> list[SafeDocument]:
    """So many reviews over ten years: fewer with the theme every year."""
    return [
        report(
            f"R{n:03}",
            SHARING[n % 3] if n % 10 >= (n // 10) % 10 else ALONE,
            VISITS[n % 2],
            year=str(2006 + n % 10),
        )
        for n in range(of)
    ]


def test_every_number_of_a_digest_recounts_from_its_quotations() -> None:
    documents = large(40)
    texts = {one.review: one.text.value for one in documents}
    found = made("2011", "2015", *documents)
    assert len(found.reviews) == len(found.before) == 20
    for row in found.themes:
        assert row.share == Share(len({q.review for q in row.quotes}), len(found.reviews))
    for one in found.compared:
        assert one.now.part == len({q.review for q in one.quotes})
    for trend in found.years:
        for year in trend.years:
            assert year.share.part == len({q.review for q in year.quotes})
            assert all(q.span.of(texts[q.review]) == q.text for q in year.quotes)
    html = to_digest.render(found).decode()
    for row in found.themes:
        cell = f'<a href="#made-{row.code}">{row.share.part} of {row.share.of}</a>'
        assert cell in html


def test_charts_are_text_and_each_says_in_words_what_it_shows() -> None:
    html = to_digest.render(made("2011", "2015", *large(40))).decode()
    charts = re.findall(r"<svg .*?</svg>", html, re.DOTALL)
    assert len(charts) >= 3
    for chart in charts:
        said = re.search(r'<title id="([\w-]+)">([^<]+)</title>', chart)
        assert said is not None
        assert f'aria-labelledby="{said[1]}"' in chart
        assert re.search(r"\d+ of \d+", said[2])
    assert "style=" not in html


@pytest.mark.parametrize(
    "documents",
    [(), (report("R1", SHARING[0], year="2012"),), tuple(large(200))],
    ids=["none", "one", "200"],
)
def test_a_digest_of_no_of_one_and_of_many_reviews(documents: tuple[SafeDocument, ...]) -> None:
    page = Page(to_digest.render(made("2011", "2015", *documents)).decode())
    assert page.open == []
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    assert Period("2014", "2014").before == Period("2013", "2013")
    assert Period("2014-01", "2014-06").before == Period("2013-07", "2013-12")
    assert Period("0000", "2030").before == Period("0000", "0000")


def test_the_pdf_is_the_page_with_page_numbers_and_the_same_bytes_each_time() -> None:
    import io

    import pikepdf

    found = made("2011", "2015", *large(12))
    once = to_digest.render_pdf(found)
    assert once == to_digest.render_pdf(found)
    with pikepdf.open(io.BytesIO(once)) as file:
        assert file.Root.Lang == "en-GB"
        parts = [one for one in file.objects if isinstance(one, pikepdf.Dictionary)]
        figures = [one for one in parts if one.get("/S") == "/Figure"]
        assert figures
        assert all(re.search(r"\d of \d", str(one.Alt)) for one in figures)
        boxes = [[float(side) for side in one.A.BBox] for one in figures]
        page = [float(side) for side in file.pages[0].MediaBox]
        assert all(page[0] < box[0] < box[2] < page[2] for box in boxes), boxes
        assert all(page[1] < box[1] < box[3] < page[3] for box in boxes), boxes
        # A chart by year is 720 wide and 160 high.
        shapes = {round((b[2] - b[0]) / (b[3] - b[1]), 1) for b in boxes}
        assert 4.5 in shapes


@pytest.mark.parametrize("above", [632, 668])
def test_a_caption_stands_on_the_page_of_its_table(above: int) -> None:
    import io

    import pikepdf

    style = to_digest._style(draft=False)
    rows = "".join(f"<tr><th scope='row'>{n}</th><td>{n}</td></tr>" for n in range(30))
    table = (
        "<table><caption>Said</caption><thead><tr><th scope='col'>A</th><th scope='col'>B</th>"
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )
    page = (
        f'<html lang="en-GB"><head><title>x</title><style>{style}</style></head><body><main>'
        f'<div style="height: {above}pt">Above.</div><div class="table">{table}</div>'
        "</main></body></html>"
    )
    with pikepdf.open(io.BytesIO(to_pdf.set_page(page))) as file:
        parts = [one for one in file.objects if isinstance(one, pikepdf.Dictionary)]
        tables = [one for one in parts if one.get("/S") == "/Table"]
        kinds = [[str(kid.S) for kid in one.K] for one in tables]
    assert kinds[0][:2] == ["/Caption", "/THead"]
