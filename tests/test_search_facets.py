"""Facets sum to what was found, filters keep what they name, and kept searches tell of change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from learning_parts import ALONE, SHARING, VISITS, bag, report
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import UsageError
from pipeline.flow import learning, searching
from pipeline.safe import embed
from pipeline.safe.facets import NAMES, asked
from pipeline.safe.lesson import NOT_STATED, SafeDocument
from pipeline.store.workspace import Workspace

SECRET = "Quibbleworth"


def told(document: SafeDocument, *harm: str) -> SafeDocument:
    return replace(document, facts=replace(document.facts, harm=harm))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(embed, "_model", lambda threads, **_: bag)
    made = Workspace.create(tmp_path / "home")
    made.library.put_document(
        told(report("r-one", SHARING[0], VISITS[0], year="2011"), "neglect", "suicide")
    )
    made.library.put_document(told(report("r-two", SHARING[1], ALONE, year="2014"), "neglect"))
    made.library.put_document(report("r-three", SHARING[2], year=NOT_STATED))
    learning.learn(made)
    return made


@pytest.mark.parametrize("query", ["information sharing", "NOT school", "the*", '"no such phrase"'])
def test_every_facet_sums_to_what_was_found(workspace: Workspace, query: str) -> None:
    sums: dict[str, int] = defaultdict(int)
    rows = searching.counts(workspace, query)
    for row in rows:
        sums[str(row["facet"])] += int(str(row["once"]))
    found = len(searching.search(workspace, query, 1000))
    assert set(sums.items()) == ({(name, found) for name in NAMES} if found else set())


def test_a_facet_counts_what_its_filter_finds(workspace: Workspace) -> None:
    rows = searching.counts(workspace, "the*")
    assert {(r["value"], r["passages"]) for r in rows if r["facet"] == "harm"} >= {("suicide", 2)}
    for row in rows:
        where = (f"{row['facet']}={row['value']}",)
        found = searching.search(workspace, "the*", 1000, where=where)
        assert len(found) == row["passages"]
        assert len({hit["review"] for hit in found}) == row["reviews"]


def test_what_is_not_stated_is_counted_and_can_be_asked_for(workspace: Workspace) -> None:
    hits = searching.search(workspace, "school", where=(f"year={NOT_STATED}",))
    assert {hit["review"] for hit in hits} == {"r-three"}
    both = searching.search(workspace, "school", where=("year=2011|2014,harm=suicide",))
    assert {hit["review"] for hit in both} == {"r-one"}


@pytest.mark.parametrize("where", ["colour=red", "year", "year=", "=2011", "year=|", ""])
def test_a_filter_that_cannot_be_read_is_refused(where: str) -> None:
    with pytest.raises(UsageError, match="Nothing was searched"):
        asked([where])


@pytest.mark.parametrize(
    ("where", "told"), [("role=moon", "good_practice"), ("published=maybe", "published=no")]
)
def test_a_value_that_a_closed_facet_lacks_is_refused_with_those_it_has(
    where: str, told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        asked([where])


def test_a_kept_search_has_the_same_answer_until_the_library_changes(workspace: Workspace) -> None:
    searching.save(workspace, "sharing", "information sharing", where=("year=2011|2014",))
    (row,) = searching.saved(workspace)
    assert (row["library_changed"], row["model_changed"]) == (False, False)
    learning.learn(workspace)
    kept, first = searching.again(workspace, "sharing")
    assert (kept["library_changed"], kept["same_answer"]) == (False, True)
    assert {hit["review"] for hit in first} == {"r-one", "r-two"}
    workspace.library.put_document(report("r-four", SHARING[0], year="2011"))
    learning.learn(workspace)
    kept, second = searching.again(workspace, "sharing")
    assert (kept["library_changed"], kept["same_answer"]) == (True, False)
    assert len(second) > len(first)


def test_a_kept_search_that_is_forgotten_leaves_no_word(workspace: Workspace) -> None:
    searching.save(workspace, "mine", SECRET)
    holding = [p.name for p in workspace.home.iterdir() if SECRET.encode() in p.read_bytes()]
    assert holding == ["register.db"]
    searching.forget(workspace, "mine")
    assert not any(SECRET.encode() in p.read_bytes() for p in workspace.home.iterdir())
    for ask in (searching.forget, searching.again):
        with pytest.raises(UsageError, match="No search is kept"):
            ask(workspace, "mine")


@pytest.mark.parametrize("name", ["", " a", "../x", "a" * 61, "a/b", "a\nb"])
def test_a_kept_search_has_a_plain_name(workspace: Workspace, name: str) -> None:
    with pytest.raises(UsageError, match="Nothing was kept"):
        searching.save(workspace, name, "school")


def test_the_command_line_filters_counts_keeps_and_asks_again(workspace: Workspace) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--home", str(workspace.home), "--format", "csv"])
        assert done.exit_code == 0, done.exception
        return done.output

    assert "r-two" in run("search", "sharing", "--where", "year=2014", "--save", "one")
    assert "harm,suicide" in run("search", "sharing", "--facets")
    assert "one,sharing" in run("searches")
    assert "the answer is the same" in run("searches", "one")
    passage = next(p for p in workspace.library.passages() if p.text == SHARING[0])
    assert "r-two" in run("search", "--like", f"{passage.review}:{passage.id}")
    assert "forgotten" in run("searches", "--forget", "one")
    refused = CliRunner().invoke(app, ["search", "--home", str(workspace.home)])
    assert isinstance(refused.exception, UsageError)
