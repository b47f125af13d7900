"""The index on disk: it answers as a scan does, holds no draft and no withdrawn word, is quick."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning_parts import ALONE, SHARING, VISITS, bag, report
from numpy.typing import NDArray
from test_search import QUERIES, TEXTS, WORDS, passage, scan

from pipeline.errors import StoreError, UsageError
from pipeline.flow import learning, searching
from pipeline.safe import claim_vectors, embed
from pipeline.safe.lesson import Passage
from pipeline.safe.postings import answering
from pipeline.safe.query import is_plain, parse
from pipeline.store import passage_vectors
from pipeline.store.database import Database
from pipeline.store.library import Library, Run
from pipeline.store.library_tables import META
from pipeline.store.workspace import Workspace

APPROVED = (
    report("r-one", SHARING[0], VISITS[0], year="2011"),
    report("r-two", SHARING[1], ALONE, year="2014"),
    report("r-two-b", "Zebras grazed by the motorway for the whole of the summer.", year="2014"),
)
DRAFT = report("r-six", f"{SHARING[2]} Quokkas were seen.", year="2019", draft=True)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(embed, "_model", lambda threads, **_: bag)
    made = Workspace.create(tmp_path / "home")
    for document in (*APPROVED, DRAFT):
        made.library.put_document(document)
    return made


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("index")
    for name in ("register", "library"):
        (folder / f"{name}.db").touch()
    names = ("register", "library")
    database = Database.attached({name: folder / f"{name}.db" for name in names})
    with database.writing() as connection:
        META.create_all(connection)
    return Library(database)


def two_reviews(texts: Sequence[str]) -> tuple[Passage, ...]:
    each = (passage(text, number) for number, text in enumerate(texts))
    return tuple(
        replace(one, review="one" if number < 3 else "two", draft=False)
        for number, one in enumerate(each)
    )


@settings(max_examples=60, deadline=None)
@given(TEXTS, QUERIES)
def test_the_index_on_disk_answers_what_an_exact_scan_answers(
    library: Library, texts: list[str], query: str
) -> None:
    query = f"({query})" if is_plain(query) else query
    library.put_run(Run(two_reviews(texts), ()))
    index = library.index()
    assert index is not None
    tree = parse(query)
    mask = answering(tree, index).tolist()
    assert mask == [scan(tree, text) for text in texts]


@settings(max_examples=15, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(WORDS))
def test_an_index_that_was_changed_is_one_that_was_made_anew(
    library: Library, before: list[str], after: list[str], word: str
) -> None:
    library.put_run(Run(two_reviews(before), ()))
    library.put_run(Run(two_reviews(after), ()))
    changed = told(library, word)
    library.put_run(Run((), ()))
    assert told(library, word) == ([], [])
    library.put_run(Run(two_reviews(after), ()))
    assert changed == told(library, word)


def told(library: Library, word: str) -> tuple[list[str], list[int]]:
    index = library.index()
    assert index is not None
    return [one.sha256 for one in index.told], index.places(word.lower()).tolist()


def test_a_review_that_did_not_change_stays_in_the_index_as_it_is(workspace: Workspace) -> None:
    learning.learn(workspace)
    before = dict(segments(workspace))
    workspace.library.put_document(report("r-two", SHARING[1], VISITS[1], year="2014"))
    learning.learn(workspace)
    after = dict(segments(workspace))
    assert before["r-one"] == after["r-one"]
    assert before["r-two"] != after["r-two"]


def segments(workspace: Workspace) -> list[tuple[str, int]]:
    with sqlite3.connect(workspace.home / "library.db") as connection:
        return connection.execute("SELECT review, segment FROM index_reviews").fetchall()


def test_drafts_are_in_the_index_only_where_they_were_learned_and_asked_for(
    workspace: Workspace,
) -> None:
    learning.learn(workspace)
    assert b"quokkas" not in (workspace.home / "library.db").read_bytes()
    assert searching.search(workspace, "quokkas", include_drafts=True) == ()
    plain = searching.search(workspace, "information sharing school")
    learning.learn(workspace, include_drafts=True)
    assert searching.search(workspace, "quokkas") == ()
    assert [r["review"] for r in searching.search(workspace, "quokk*", include_drafts=True)] == [
        "r-six"
    ]
    assert searching.search(workspace, "information sharing school") == plain
    learning.learn(workspace)
    assert b"quokkas" not in (workspace.home / "library.db").read_bytes()


def test_what_is_dropped_leaves_no_word_and_no_vector(workspace: Workspace) -> None:
    learning.learn(workspace)
    path = workspace.home / "library.db"
    vectors = len(passage_vectors.Quantised.open(workspace.home).rows)
    assert b"zebras" in path.read_bytes()
    searcher = searching.build_index(workspace)
    workspace.library.drop("r-two-b")
    learning.forget_vectors(workspace)
    assert b"zebras" not in path.read_bytes().lower()
    assert len(passage_vectors.Quantised.open(workspace.home).rows) < vectors
    assert searching.search(workspace, "zebras") == ()
    assert searcher.find("zebras") == ()  # an index that was open shows nothing of it either


def test_vectors_whose_encoder_is_gone_are_all_forgotten(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    learning.learn(workspace)
    kept = workspace.home / learning.CLAIMS
    assert kept.is_file()

    def gone() -> str:
        raise StoreError("The encoder of claims is missing.")

    monkeypatch.setattr(claim_vectors, "stamp", gone)
    workspace.library.drop("r-two-b")
    learning.forget_vectors(workspace)
    assert not kept.exists()


def test_vectors_are_made_once_and_in_a_library_without_them_words_decide(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[str] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        met.extend(texts)
        return bag(texts)

    monkeypatch.setattr(embed, "_model", lambda threads, **_: encode)
    passage = embed.masked(APPROVED[2].text.value.split("\n\n")[1])
    learning.learn(workspace)
    before = (workspace.home / passage_vectors.NAME).read_bytes()
    assert passage in met
    met.clear()
    learning.learn(workspace)
    assert passage not in met
    assert (workspace.home / passage_vectors.NAME).read_bytes() == before
    (workspace.home / passage_vectors.NAME).write_bytes(b"not a file of vectors")
    searcher = searching.build_index(workspace)
    assert searcher.model == ""
    assert searcher.find("school information shared")


def test_every_quotation_is_an_exact_part_of_the_text(workspace: Workspace) -> None:
    learning.learn(workspace)
    texts = {d.review: d.text.value for d in workspace.library.documents()}
    for query in ("information sharing school", "missed*", '"health visitor"', "NOT school"):
        for row in searching.search(workspace, query):
            start, end = int(str(row["start"])), int(str(row["end"]))
            assert texts[str(row["review"])][start:end] == row["quote"]


HOSTILE = [
    ("x" * 10_000, "answered"), ("the and of to in", "answered"), ("🙂 🙃", "no word"),
    ('"', "not closed"), ("NEAR(", "lacks"), ("col:school", "answered"), ("^school", "answered"),
    ("school'; DROP TABLE passages;--", "answered"), ("school* -visitor", "answered"),
    ("(" * 5000, "inside each other"), ("NOT " * 2400 + "a", "inside each other"),
    ("a" * 20_001, "longer"), ("information " * 800, "answered"), ("*a" * 3000, "answered"),
    ("the NEAR/999 the NEAR/999 the NEAR/999 the", "answered"), ("{school} + a:b", "answered"),
    ("\x00school", "answered"), (" ".join(f"w{n}" for n in range(1500)), "answered"),
]  # fmt: skip


def test_no_query_breaks_the_search(workspace: Workspace) -> None:
    learning.learn(workspace)
    for query, outcome in HOSTILE:
        try:
            searching.search(workspace, query)
        except UsageError as error:
            assert outcome in str(error)
        else:
            assert outcome == "answered", query[:40]
    assert searching.search(workspace, "school")


def test_a_star_that_fits_too_much_is_refused(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    learning.learn(workspace)
    monkeypatch.setattr("pipeline.safe.postings.MOST_PLACES", 5)
    for query in ("*e*", "(*e* NEAR/900 *e*) NEAR/900 *e*"):
        with pytest.raises(UsageError, match="fits too many places"):
            searching.search(workspace, query)


def test_more_like_this_finds_what_other_reviews_say(workspace: Workspace) -> None:
    learning.learn(workspace)
    (asker,) = [p for p in workspace.library.passages() if p.text == SHARING[0]]
    rows = searching.like(workspace, asker.review, asker.id)
    assert rows[0]["review"] == "r-two"
    assert all(row["review"] != "r-one" for row in rows)
    with pytest.raises(UsageError, match="no such passage"):
        searching.like(workspace, "r-one", "nothing")
