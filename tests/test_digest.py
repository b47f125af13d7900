"""A digest counts with denominators, quotes exactly, marks drafts, and repeats byte for byte."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from learning_parts import ALONE, SHARING, THEMES, VISITS, bag, marked, report, years

from pipeline.errors import UsageError
from pipeline.exporters import to_digest
from pipeline.safe import recur
from pipeline.safe.digest import Digest, Period, digest
from pipeline.safe.lesson import SafeDocument

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
