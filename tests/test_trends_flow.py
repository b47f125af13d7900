"""`candour trends` and the digest on a real workspace: rows, formats, drafts, who may ask."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from learning_parts import ALONE, SHARING, THEMES, VISITS, bag, marked, report, years
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import UsageError
from pipeline.flow import counting, digesting, exploring, frames, trending, trends_shown
from pipeline.safe import recur
from pipeline.store.accounts import Duty
from pipeline.store.library import Run
from pipeline.store.workspace import Workspace

REVIEWS = (
    report("r-one", SHARING[0], VISITS[0], year="2011"),
    report("r-two", SHARING[1], VISITS[1], year="2014"),
    report("r-six", SHARING[2], VISITS[0], year="2014"),
    report("r-ten", ALONE, year="not stated"),
)
DRAFT = report("r-new", SHARING[2], year="2019", draft=True)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CANDOUR_HOME", str(tmp_path / "home"))
    made = Workspace.create(tmp_path / "home")
    for document in (*REVIEWS, DRAFT):
        made.library.put_document(document)
    passages = marked(*REVIEWS, DRAFT)
    found = recur.lessons(passages, years(*REVIEWS, DRAFT), THEMES, vectors=bag)
    made.library.put_run(Run(passages, found.lessons, drafts=True))
    return made


def listed(*words: str) -> list[dict[str, Any]]:
    outcome = CliRunner().invoke(app, ["trends", *words, "--format", "jsonl"])
    assert outcome.exit_code == 0, outcome.output
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def test_a_row_a_theme_and_year_with_its_passages(workspace: Workspace) -> None:
    rows = [row for row in listed() if row["key"] == "D1"]
    assert [(r["year"], r["reviews"], r["of"]) for r in rows] == [
        ("2011", 1, 1), ("2012", 0, 0), ("2013", 0, 0), ("2014", 2, 2), ("not stated", 0, 1),
    ]  # fmt: skip
    assert rows[3]["in_all"] == 3
    assert rows[0]["change"] == "too few to say"
    (passage,) = rows[0]["passages"]
    assert (passage["review"], passage["page"], passage["paragraph"]) == ("r-one", 2, "4.1")
    assert SHARING[0].startswith(passage["quote"])
    assert not any(row["draft"] for row in rows)


def test_drafts_are_added_when_asked_for_and_their_rows_say_so(workspace: Workspace) -> None:
    rows = [row for row in listed("--include-drafts") if row["key"] == "D1"]
    assert [(r["year"], r["draft"]) for r in rows if r["reviews"]] == [
        ("2011", False), ("2014", False), ("2019", True),
    ]  # fmt: skip
    cells = listed("--table", "year-kind", "--include-drafts")
    assert {c["row"] for c in cells if c["draft"]} == {"2019", ""}


def test_lessons_by_year_and_pairs(workspace: Workspace) -> None:
    by_lesson = listed("--by", "lesson")
    assert {row["by"] for row in by_lesson} == {"lesson"}
    (pair,) = [r for r in listed("--by", "pair") if {r["first"], r["second"]} == {"C10", "D1"}]
    assert (pair["reviews"], pair["of"], pair["chance"]) == (3, 4, None)
    assert pair["in_reviews"] == ["r-one", "r-six", "r-two"]


def test_tables_add_up_and_list_their_reviews(workspace: Workspace) -> None:
    rows = listed("--table", "judgement-duration")
    (total,) = [row for row in rows if row["part"] == "total"]
    cells = [row for row in rows if row["part"] == "cell"]
    assert total["reviews"] == sum(row["reviews"] for row in cells) == 4
    assert total["in_reviews"] == ["r-one", "r-six", "r-ten", "r-two"]
    stated = {row["fact"]: row["reviews"] for row in listed("--table", "completeness")}
    assert (stated["year"], stated["judgement"]) == (3, 0)


def test_the_formats_tell_the_same(workspace: Workspace) -> None:
    outcome = CliRunner().invoke(app, ["trends", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(outcome.stdout)))
    assert [row["key"] for row in rows] == [row["key"] for row in listed()]
    shown = CliRunner().invoke(app, ["trends"])
    assert "2014" in shown.stdout
    wide = {row["key"]: row for row in trends_shown.for_people(trending.rows(workspace))}
    assert (wide["D1"]["2014"], wide["D1"]["reviews"]) == ("2/2", "3 of 4")


@pytest.mark.parametrize("words", [("--by", "moon"), ("--table", "moon")])
def test_what_cannot_be_listed_is_refused(workspace: Workspace, words: tuple[str, str]) -> None:
    assert CliRunner().invoke(app, ["trends", *words]).exception.__class__ is UsageError


def test_researchers_see_no_drafts(workspace: Workspace) -> None:
    workspace.accounts.add("Rhee", Duty.RESEARCHER)
    outcome = CliRunner().invoke(app, ["trends", "--include-drafts"])
    assert isinstance(outcome.exception, UsageError)


def test_the_values_that_pages_use(workspace: Workspace) -> None:
    assert [one.key for one in trending.timeline(workspace)] == ["D1", "C10"]
    assert [(p.first, p.second) for p in trending.co_occurrence(workspace, least=3)]
    assert [table.of for table in trending.tables(workspace)] == [4] * 6
    assert trending.completeness(workspace)[0].stated.of == 4


def test_pages_and_frames_count_what_the_command_counts(workspace: Workspace) -> None:
    home = workspace.home
    told = {
        (one.key, year.year): (year.share.part, year.share.of, year.share.interval)
        for one in trending.timeline(workspace, process=True)
        for year in one.years
    }
    shelf = exploring.Shelves(workspace).now()
    paged = {
        (one.key, year.year): (year.share.part, year.share.of, year.share.interval)
        for one in counting.themes_over_years(shelf.facts, shelf.met, shelf.themes)
        for year in one.years
    }
    assert paged == told
    framed = {
        (row.theme, row.year): (row.reviews, row.of, (row.low, row.high))
        for row in frames.trends(home).itertuples()
        if row.theme in {key for key, _ in told}
    }
    assert framed == {key: row for key, row in told.items() if row[1]}


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_the_ending_of_the_file_says_what_the_digest_is(
    workspace: Workspace, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"d.{ending}"
    words = ["digest", "--from", "2011", "--to", "2014", "--out", str(out)]
    outcome = CliRunner().invoke(app, words)
    assert outcome.exit_code == 0, outcome.output
    assert out.read_bytes().startswith({"html": b"<!DOCTYPE", "pdf": b"%PDF-"}[ending])
    assert "the digest is empty" not in outcome.output
    for since, says in (("1990", "the year that it states"), ("1990-04", "give years")):
        empty = [*words[:2], since, "--to", since, *words[5:]]
        assert says in CliRunner().invoke(app, empty).output


def test_an_agency_that_is_none_is_refused_before_a_file_is_written(
    workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="No agency"):
        digesting.digest(workspace, "2011", "2014", agency="wizards")
    page = digesting.digest(workspace, "2011", "2014", agency="health visitors")
    assert b"for health visitors, 2011 to 2014" in page


def test_a_digest_has_an_ending_that_there_is(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "d.docx"
    outcome = CliRunner().invoke(
        app, ["digest", "--from", "2011", "--to", "2014", "--out", str(out)]
    )
    assert isinstance(outcome.exception, UsageError)
    assert not out.exists()
