"""The pages for researchers: every number recounts from its list, and no draft is in any."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from desk_parts import Browser
from explore_parts import APPROVED, DRAFT, DRAFT_WORD, learned, many, reader, room

from pipeline.flow import learning
from pipeline.flow.exploring import Shelf, Shelves
from pipeline.store.workspace import Workspace
from pipeline.web.explore import app, lists
from pipeline.web.security import Guard

LISTS = ("/lessons", "/themes", "/timeline", "/timeline?by=lesson", "/together?size=all",
         "/tables", "/tables?rows=year&columns=judgement", "/reviews")  # fmt: skip


@pytest.fixture(scope="module")
def patch() -> object:
    with pytest.MonkeyPatch.context() as made:
        yield made


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch) -> Workspace:
    return learned(tmp_path_factory.mktemp("room"), patch, *many(30), drafts=True)


@pytest.fixture(scope="module")
def served(workspace: Workspace) -> Guard:
    return room(workspace)


@pytest.fixture(scope="module")
def browser(served: Guard) -> Browser:
    return reader(served)


@pytest.fixture(scope="module")
def shelf(workspace: Workspace) -> Shelf:
    return Shelves(workspace).now()


def links(text: str, start: str = "/") -> list[tuple[str, str]]:
    """Address and words (or label) of each link that begins so."""
    found = re.findall(r"<a ([^>]*)>(.*?)</a>", text, re.S)
    out = []
    for attributes, inside in found:
        address = re.search(r'href="([^"]*)"', attributes)
        label = re.search(r'aria-label="([^"]*)"', attributes)
        assert address is not None
        words = label.group(1) if label else re.sub(r"<[^>]+>", "", inside)
        if address.group(1).startswith(start):
            out.append((unescape(address.group(1)).partition("#")[0], unescape(words)))
    return out


def first_number(words: str) -> int:
    found = re.search(r"\d+", words)
    assert found is not None, words
    return int(found.group())


def passages_listed(browser: Browser, address: str) -> list[str]:
    """The review of every passage of a list, over all of its pages."""
    found: list[str] = []
    for number in range(1, 40):
        text = browser.get(lists.address(*split(address), page=number)).text
        shown = text.rpartition('<ul class="quotations">')[2]
        found += re.findall(r"Review (r-\w+), page \d+: read it", shown)
        if 'rel="next"' not in shown:
            return found
    raise AssertionError("the list does not end")


def split(address: str) -> tuple[str, dict[str, str]]:
    path, _, query = address.partition("?")
    return path, dict(parse_qsl(query))


def test_the_start_page_counts_reviews_lessons_and_years(browser: Browser, shelf: Shelf) -> None:
    text = browser.get("/").text
    assert f"{len(shelf.facts)} reviews</a> of 2005 to 2014" in text
    assert f"{len(shelf.lessons)} lessons</a>" in text
    assert shelf.lessons[0].title in unescape(text)


def test_every_number_of_a_theme_recounts_from_its_quotations(browser: Browser) -> None:
    asked = 0
    for page in ("/themes", "/timeline", "/together?size=all"):
        for address, words in links(browser.get(page).text, "/quotations?"):
            reviews = passages_listed(browser, address)
            assert (address, len(set(reviews))) == (address, first_number(words))
            asked += 1
    assert asked > 30


def test_every_number_of_a_lesson_recounts_from_its_passages(
    browser: Browser, shelf: Shelf
) -> None:
    for lesson in shelf.lessons:
        address = f"/lessons/{lesson.id}"
        text = browser.get(address).text
        assert f"{len(lesson.reviews)} of {len(shelf.facts)} reviews</strong>" in text
        assert set(passages_listed(browser, address)) == set(lesson.reviews)
        for year, words in links(text, f"{address}?year="):
            assert len(set(passages_listed(browser, year))) == first_number(words)


def test_every_number_of_a_table_recounts_from_its_reviews(browser: Browser) -> None:
    for page in ("/tables", "/tables?rows=year&columns=judgement"):
        for address, words in links(browser.get(page).text, "/reviews"):
            if words.startswith(("Reviews", "Show")):
                continue
            said = re.search(r'role="status">(\d+) review', browser.get(address).text)
            assert said is not None, address
            assert (address, int(said.group(1))) == (address, first_number(words))


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("least=3", lambda one: len(one.reviews) >= 3),
        ("known=new", lambda one: not one.known),
        ("known=known", lambda one: one.known),
        ("stance=none", lambda one: one.stance == "none"),
        ("stance=for", lambda one: one.stance == "for"),
        ("first=2014", lambda one: one.first == "2014"),
        ("theme=none", lambda one: one.theme == "none"),
        ("least=99999999999999999999", lambda one: True),
        ("known=%27%20OR%201=1&stance=x&sort=y", lambda one: True),
    ],
)
def test_lessons_are_narrowed(browser: Browser, shelf: Shelf, asked: str, fits: object) -> None:
    rows = [json.loads(line) for line in browser.get(f"/lessons.jsonl?{asked}").text.splitlines()]
    wanted = [one.id for one in shelf.lessons if fits(one)]  # type: ignore[operator]
    assert [row["id"] for row in rows] == wanted


@pytest.mark.parametrize("sort", lists.SORTS)
def test_lessons_are_put_in_order_and_none_is_lost(
    browser: Browser, shelf: Shelf, sort: str
) -> None:
    rows = [json.loads(r) for r in browser.get(f"/lessons.jsonl?sort={sort}").text.splitlines()]
    assert sorted(row["id"] for row in rows) == sorted(shelf.by_id)
    keys = {"reviews": [-r["reviews"] for r in rows],
            "title": [r["title"].casefold() for r in rows],
            "stability": [-r["stability"] for r in rows], "first": [r["first"] for r in rows],
            "last": [-int(r["last"]) for r in rows if r["last"].isdigit()]}  # fmt: skip
    assert keys[sort] == sorted(keys[sort])


def test_a_passage_stands_in_its_place(browser: Browser, shelf: Shelf) -> None:
    passages = shelf.of_review("r-bcdfgh")
    for at, one in enumerate(passages):
        text = browser.get(f"/passages/r-bcdfgh/{one.id}").text
        marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", text, re.S))
        assert unescape(marked) == one.text
        assert f"page {one.page}" in text
        assert f"Passage {at + 1} of {len(passages)}" in text
        assert ('rel="prev" href="/passages' in text) == (at > 0)
    assert "Lessons</li>" in text  # the heading above


def test_lists_are_taken_along_as_they_are_on_the_screen(browser: Browser, shelf: Shelf) -> None:
    for address in ("/lessons.csv", "/reviews.csv", "/quotations.csv?theme=D1"):
        answer = browser.get(address)
        assert answer.headers["content-disposition"].startswith('attachment; filename="candour-')
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows, address
    assert browser.get("/lessons.exe").status_code == 404


def test_rows_have_the_columns_of_the_command_line(browser: Browser, workspace: Workspace) -> None:
    rows = [json.loads(line) for line in browser.get("/lessons.jsonl").text.splitlines()]
    assert rows == json.loads(json.dumps(list(learning.lessons(workspace))))


def test_the_id_that_a_lesson_had_before_leads_to_it(
    tmp_path: Path, patch: pytest.MonkeyPatch
) -> None:
    workspace = learned(tmp_path, patch)
    run = workspace.library.last_run()
    assert run is not None
    now = run.lessons[0].id
    workspace.library.put_run(replace(run, renamed=(("Lbefore", now), ("Lgone", ""))))
    browser = reader(room(workspace))
    assert browser.get("/lessons/Lbefore").headers["location"] == f"/lessons/{now}"
    assert browser.get("/lessons/Lgone").status_code == 404


# Drafts and withdrawals


def every_address(browser: Browser) -> set[str]:
    """Every address that the pages lead to, found by following them."""
    known, new = set(), {"/", *LISTS}
    while new:
        address = new.pop()
        known.add(address)
        text = browser.get(address).text
        assert DRAFT_WORD not in text.lower(), address
        assert DRAFT.review not in text, address
        for found, _ in links(text):
            if found not in known and not found.startswith(("/static", "/sign-in")):
                new.add(found)
        if len(known) > 120:
            break
    return known


def test_nothing_of_a_draft_is_on_any_page_or_in_any_file(browser: Browser) -> None:
    known = every_address(browser)
    assert len(known) > 100
    for address in (f"/reviews/{DRAFT.review}", f"/reviews/{DRAFT.review}/text/2",
                    f"/passages/{DRAFT.review}/p0000000000"):  # fmt: skip
        assert browser.get(address).status_code == 404


def test_a_search_for_the_words_of_a_draft_finds_nothing(browser: Browser) -> None:
    for words in (DRAFT_WORD, f"{DRAFT_WORD}*", f"{DRAFT_WORD} OR {DRAFT_WORD[:6]}*"):
        place = browser.send("/search", {"words": words}, page="/search").headers["location"]
        listed = browser.get(f"{place}/hits.jsonl").text
        assert DRAFT_WORD not in listed
        assert DRAFT.review not in listed


@pytest.mark.parametrize(("deep", "status"), [(60, 303), (61, 400)])
def test_a_query_has_the_limits_of_the_command(browser: Browser, deep: int, status: int) -> None:
    words = "(" * deep + "information" + ")" * deep
    assert browser.send("/search", {"words": words}, page="/search").status_code == status
    flat = " OR ".join(["(visit* home)"] * 25)
    place = browser.send("/search", {"words": flat}, page="/search").headers["location"]
    assert browser.get(place).status_code == 200


def test_a_withdrawn_review_is_gone_at_once(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    workspace = learned(tmp_path, patch)
    browser = reader(room(workspace))
    gone = APPROVED[1].review
    assert browser.get(f"/reviews/{gone}").status_code == 200
    place = browser.send("/search", {"words": "information sharing"}, page="/search")
    hits = place.headers["location"]
    assert gone in browser.get(hits).text
    workspace.library.drop(gone)
    assert browser.get(f"/reviews/{gone}").status_code == 404
    for address in (hits, "/", "/reviews", "/lessons", "/timeline", f"{hits}/hits.csv"):
        assert (address, gone in browser.get(address).text) == (address, False)
    start = browser.get("/").text
    assert "3 reviews</a>" in start
    assert "left out until somebody runs" in start
    learning.learn(workspace)
    assert "left out until" not in browser.get("/").text


def test_a_review_whose_approval_is_taken_back_is_gone_at_once(
    tmp_path: Path, patch: pytest.MonkeyPatch
) -> None:
    workspace = learned(tmp_path, patch)
    browser = reader(room(workspace))
    one = APPROVED[0]
    assert browser.get(f"/reviews/{one.review}/text/2").status_code == 200
    workspace.library.put_document(replace(one, draft=True))
    assert browser.get(f"/reviews/{one.review}/text/2").status_code == 404
    assert one.review not in browser.get("/reviews").text


def test_what_was_approved_since_is_said_and_not_counted(
    tmp_path: Path, patch: pytest.MonkeyPatch
) -> None:
    workspace = learned(tmp_path, patch)
    browser = reader(room(workspace))
    workspace.library.put_document(many(1)[0])
    text = browser.get("/").text
    assert "4 reviews</a>" in text
    assert "1 review was approved since" in text


def test_before_anything_is_learned_the_pages_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk_parts import made

    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    browser = reader(room(made(tmp_path)))
    assert "candour learn" in browser.get("/").text
    answer = browser.get("/lessons")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_the_room_is_served_without_the_key_and_without_the_vault(workspace: Workspace) -> None:
    assert not (workspace.home / "vault.db").exists()
    assert not workspace.key_path.exists()
    assert reader(app.make(workspace.home, hosts=["127.0.0.1:8440"])).get("/").status_code == 200
