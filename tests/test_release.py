"""A release goes out whole or not at all, and tells nothing of its reviews' order."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flow_parts import CANARIES
from learning_parts import report
from release_parts import QUARTER, Batch, opened, pattern, taken_in

from pipeline.door import artefact_site, provenance, verify_release
from pipeline.door.redact import Plan, Redaction
from pipeline.errors import CandourError, LeakError, NotSettledError, UsageError
from pipeline.exporters import to_site
from pipeline.flow import learned, publishing, release_folder, releasing, withdrawing
from pipeline.safe import release as nouns
from pipeline.safe.coding_themes import Codebook
from pipeline.store.library import Library
from pipeline.store.register import State
from pipeline.store.releases import Releases

__all__ = ["pattern"]


@pytest.fixture
def five(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    return opened(pattern, tmp_path, monkeypatch)


def files(folder: Path) -> dict[str, bytes]:
    return release_folder.contents(folder)


def test_a_release_holds_every_text_a_site_an_archive_and_a_manifest(five: Batch) -> None:
    done = five.release()
    inside = files(five.folder())
    assert done["reviews"] == 5
    for number in range(5):
        for ending in ("html", "txt", "json", "md", "docx", "pdf", "manifest.json"):
            assert f"texts/{five.public_id(number)}.{ending}" in inside
    for name in ("index.html", "lessons.html", "search-index.js", "site.js", "site.css"):
        assert inside[name]
    rows = list(publishing.verify(five.folder() / nouns.MANIFEST, home=five.workspace.home))
    assert all(row["holds"] for row in rows)
    assert {row["check"] for row in rows} >= {*inside} - {nouns.MANIFEST}
    assert all(five.workspace.register.row(r).state is State.PUBLISHED for r in five.reviews)


def test_nothing_in_it_tells_of_order_receipt_staff_or_the_register(five: Batch) -> None:
    five.release()
    inside = files(five.folder())
    ids = [one["id"] for one in json.loads(inside[nouns.DATA])["reports"]]
    assert ids == sorted(five.public_id(n) for n in range(5))
    page = inside["index.html"].decode()
    assert re.findall(r'<li id="(cr-\w+)">', page) == ids
    told = b"\n".join(
        base + data for name, data in inside.items() for base in (name.encode(),)
        if not name.endswith((".pdf", ".docx", ".zip"))
    )  # fmt: skip
    for secret in (*five.reviews, *CANARIES, "Jo", "Sam", "received", "approver"):
        assert not re.search(rb"\b" + re.escape(secret.encode()) + rb"\b", told), secret
    row = five.workspace.register.row(five.reviews[0])
    assert row.sha256.encode() not in told
    assert row.received.encode() not in told
    days = {path.stat().st_mtime for path in five.folder().rglob("*")}
    assert days == {1238457600.0}  # 31 March 2009
    with zipfile.ZipFile(BytesIO(inside[f"{five.folder().name}.zip"])) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(2009, 3, 31, 0, 0, 0)}
        assert packed.namelist() == sorted(packed.namelist())
        assert f"{five.folder().name}/index.html" in packed.namelist()


def test_the_feed_has_an_entry_a_release(five: Batch) -> None:
    five.release()
    root = ElementTree.fromstring(files(five.folder())["feed.xml"])  # noqa: S314
    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom}entry")
    assert [e.findtext(f"{atom}summary") for e in entries] == ["5 reviews."]
    assert entries[0].findtext(f"{atom}updated") == "2009-03-31T00:00:00Z"


def test_the_same_release_is_the_same_bytes(five: Batch) -> None:
    five.release()
    inside = files(five.folder())
    texts = {
        name: data for name, data in inside.items()
        if name.startswith("texts/") and data
    }  # fmt: skip
    by_id = {n[6:-5]: d for n, d in texts.items() if n.endswith(".json") and "manifest" not in n}
    again = nouns.from_data(inside[nouns.DATA], by_id)
    made = release_folder.made(again, texts)
    assert made == {name: data for name, data in inside.items() if name != nouns.MANIFEST}


def test_lessons_count_over_what_was_released_and_quote_what_stands_there(five: Batch) -> None:
    five.release()
    data = json.loads(files(five.folder())[nouns.DATA])
    assert any(len(one["said_by"]) > 1 for one in data["lessons"])
    assert len(data["counted"]) == 5
    for lesson in data["lessons"]:
        for quote in lesson["quotations"]:
            told = json.loads(files(five.folder())[f"texts/{quote['id']}.json"])
            assert quote["text"] in told["text"]
            page = files(five.folder())[f"texts/{quote['id']}.html"].decode()
            assert f'id="{quote["anchor"]}"' in page
    assert "of 5 reviews" in files(five.folder())["lessons.html"].decode()


# -- what does not go ----------------------------------------------------------------------


def _held(five: Batch) -> str:
    five.hold(0)
    return releasing.HELD


def _voided(five: Batch) -> str:
    workspace, review = five.workspace, five.reviews[0]
    record = str(workspace.register.approval(review, "public"))
    workspace.register.approve(review, "public", record.replace("false", "true"))
    return releasing.VOID


def _taken_back(five: Batch) -> str:
    five.workspace.register.void(five.reviews[0], ["public"])
    return releasing.NOT_APPROVED


def _withdrawn(five: Batch) -> str:
    withdrawing.withdraw(five.workspace, five.reviews[0], "court-order", as_name="Sam")
    return releasing.WITHDRAWN


@pytest.mark.parametrize("change", [_held, _voided, _taken_back, _withdrawn])
def test_a_review_that_may_not_go_is_left_out_with_its_reason(
    five: Batch, change: Callable[[Batch], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    why = change(five)
    before = five.workspace.ledger.head()
    with pytest.raises(NotSettledError, match="min_batch"):
        five.release()
    assert not five.out.exists()
    assert five.workspace.ledger.head() == before
    object.__setattr__(
        five.workspace, "settings", five.workspace.settings.model_copy(update={"min_batch": 4})
    )
    with pytest.raises(NotSettledError, match="named"):
        five.release(reviews=list(five.reviews))
    assert not five.out.exists()
    done = five.release()
    assert done["left_out"] == [{"review": five.reviews[0], "why": why}]
    assert len([name for name in files(five.folder()) if name.endswith(".pdf")]) == 4
    assert five.public_id(0) == ""


def test_a_dry_run_says_what_would_go_and_how_rare_it_is(five: Batch) -> None:
    five.hold(1)
    rows = releasing.dry_run(five.workspace, QUARTER, "public", as_name="Ada")
    with pytest.raises(NotSettledError, match="duty"):
        releasing.dry_run(five.workspace, QUARTER, "public", as_name="Jo")
    assert [(row["review"], row["goes"]) for row in rows if not row["goes"]] == [
        (five.reviews[1], False)
    ]
    assert {row["of"] for row in rows} == {5}
    assert all(row["hidden_by_others"] == [] for row in rows)
    assert not five.out.exists()
    assert Releases(five.workspace.database).all() == ()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"quarter": "2009-Q1"}, "quarter"),
        ({"quarter": "2009Q5"}, "quarter"),
        ({"profile": "as-published"}, "may never enter a release"),
        ({"profile": "nobody"}, "no profile"),
        ({"as_name": "Jo"}, "duty"),
        ({"again": True}, "no edition"),
        ({"reviews": ["r-nothing"]}, "no review"),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    five: Batch, given: dict[str, object], error: str
) -> None:
    with pytest.raises(CandourError, match=error):
        five.release(**given)
    assert not five.out.exists()


def test_a_quarter_is_released_once_and_then_in_editions(five: Batch, tmp_path: Path) -> None:
    five.release()
    with pytest.raises(UsageError, match="again"):
        five.release()
    with pytest.raises(NotSettledError):
        five.release(quarter="2009Q2")  # each went out already
    new = taken_in(five.workspace, tmp_path / "late", range(5, 7))
    done = five.release(again=True)
    assert done["edition"] == 2
    left = done["left_out"]
    assert isinstance(left, list)
    assert {one["review"]: one["why"] for one in left} == dict.fromkeys(new, releasing.WAITS)
    first, second = files(five.folder()), files(five.folder(edition=2))
    for name in first:
        if name.startswith("texts/"):
            assert first[name] == second[name]


def test_the_next_release_counts_and_names_the_one_before(five: Batch, tmp_path: Path) -> None:
    five.release()
    taken_in(five.workspace, tmp_path / "late", range(5, 10))
    done = five.release(quarter="2009Q2")
    assert done["reviews"] == 5
    data = json.loads(files(five.folder("2009Q2"))[nouns.DATA])
    assert data["past"] == [{"quarter": QUARTER, "reviews": 5}]
    assert len(data["counted"]) == 10
    ids = {one["id"] for one in data["reports"]}
    assert ids.isdisjoint(five.public_id(n) for n in range(5))


# -- the gate ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def released(
    pattern: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, bytes], nouns.Release]:
    """The files of a release, and what they say."""
    with pytest.MonkeyPatch.context() as patch:
        five = opened(pattern, tmp_path_factory.mktemp("released"), patch)
        five.release()
    inside = files(five.folder())
    texts = {
        n[6:-5]: d for n, d in inside.items()
        if n.startswith("texts/") and n.endswith(".json") and "manifest" not in n
    }  # fmt: skip
    return inside, nouns.from_data(inside[nouns.DATA], texts)


NAME = CANARIES[0].encode()


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("index.html", b'<h2 id="about">', b"<p>" + NAME + b'</p><h2 id="about">'),
        ("index.html", b"</body>", b"<script>alert(1)</script></body>"),
        ("index.html", b"</body>", b'<img src="https://example.org/x.png"></body>'),
        ("index.html", b"<main", b"<!-- " + NAME + b" --><main"),
        ("index.html", b'href="lessons.html"', b'href="https://example.org/"'),
        ("lessons.html", b'<p class="quote">', b'<p class="quote">' + NAME + b" "),
        ("lessons.html", b"</h1>", b"</h1><p title='" + NAME + b"'></p>"),
        ("feed.xml", b"</feed>", b"<summary>" + NAME + b"</summary></feed>"),
        ("search-index.js", b'"year":', b'"who":"' + NAME + b'","year":'),
        ("search-index.js", b";\n", b";alert(1);\n"),
        ("site.js", b'"use strict";', b'"use strict"; //'),
        ("site.css", b":root", b"/**/:root"),
        ("release.json", b'"counted"', b'"note": "' + NAME + b'", "counted"'),
    ],
)
def test_the_gate_stops_what_is_not_of_the_texts(
    released: tuple[dict[str, bytes], nouns.Release], name: str, before: bytes, after: bytes
) -> None:
    inside, release = released
    verify_release.require_whole(inside, release)
    assert before in inside[name]
    bad = {**inside, name: inside[name].replace(before, after, 1)}
    with pytest.raises(LeakError) as stopped:
        verify_release.require_whole(bad, release)
    assert f"{name}: " in str(stopped.value.__notes__)
    assert CANARIES[0] not in str(stopped.value.__notes__)


def _more(packed: zipfile.ZipFile) -> None:
    packed.writestr("note.txt", NAME)


def _dated(packed: zipfile.ZipFile) -> None:
    packed.comment = NAME


@pytest.mark.parametrize("change", [_more, _dated])
def test_the_gate_stops_what_an_archive_says_besides(
    released: tuple[dict[str, bytes], nouns.Release], change: Callable[[zipfile.ZipFile], None]
) -> None:
    inside, release = released
    packed = BytesIO(inside[release.archive])
    with zipfile.ZipFile(packed, "a") as archive:
        change(archive)
    with pytest.raises(LeakError):
        verify_release.require_whole({**inside, release.archive: packed.getvalue()}, release)
    extra = {**inside, f"texts/{release.reports[0].id}.note": NAME}
    with pytest.raises(LeakError):
        verify_release.require_whole(extra, release)


def test_a_leak_in_any_page_lets_nothing_out(five: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    render = to_site.render

    def leaking(release: nouns.Release) -> dict[str, bytes]:
        pages = render(release)
        return {**pages, "feed.xml": pages["feed.xml"].replace(b"Case reviews", NAME, 1)}

    monkeypatch.setattr(to_site, "render", leaking)
    with pytest.raises(LeakError):
        five.release()
    assert list(five.out.iterdir()) == []
    assert Releases(five.workspace.database).all() == ()
    assert "release" not in [entry.action for entry in five.workspace.ledger.rows()]


def test_a_run_that_is_killed_leaves_nothing_half(
    five: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = release_folder.put

    def killed(folder: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(release_folder, "put", killed)
    monkeypatch.setattr(shutil, "rmtree", lambda *given, **named: None)
    with pytest.raises(KeyboardInterrupt):
        five.release()
    assert not five.folder().exists()
    monkeypatch.undo()
    monkeypatch.setattr(release_folder, "put", put)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(five.out.parent / "keys" / "master.key"))
    assert five.release()["edition"] == 1
    assert [path.name for path in five.out.iterdir()] == [five.folder().name]


def test_a_run_that_is_killed_once_the_folder_stands_was_a_release(
    five: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(releasing, "_published", killed)
        with pytest.raises(KeyboardInterrupt):
            five.release()
    with pytest.raises(UsageError, match="again"):
        five.release()
    assert [one.done for one in Releases(five.workspace.database).all()] == [True]


def test_a_theme_that_somebody_named_after_a_person_lets_nothing_out(
    five: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    codebook = learned.codebook

    def renamed(library: Library) -> Codebook:
        book = codebook(library)
        return replace(book, themes=tuple(replace(t, title=CANARIES[0]) for t in book.themes))

    monkeypatch.setattr(learned, "codebook", renamed)
    with pytest.raises(LeakError) as stopped:
        five.release()
    assert "title of a theme" in str(stopped.value.__notes__)
    assert list(five.out.iterdir()) == []


def test_the_script_and_the_style_are_those_that_the_gate_lists() -> None:
    static = Path(to_site.__file__).parent / "static"
    listed = artefact_site.LISTED
    assert {n: provenance.sha256((static / n).read_bytes()) for n in listed} == dict(listed)
    assert set(listed) == {path.name for path in static.iterdir()}


def text_of(words: str, *hidden: str) -> Redaction:
    """A text that shows some words and says that it hides some names."""
    safe = report("r-1", words)
    return Redaction(safe, Plan("r-1", "public", "", safe.text.sha256, ()), hidden)


def test_a_name_that_one_text_hides_and_another_shows_is_pointed_at() -> None:
    shown = text_of("Perpetua Vexley came by on Rose Street.")
    hiding = text_of("[friend] came.", "Perpetua Vexley", "Vexley", "Rose", "the lodger")
    found = verify_release.hidden_by_others({"a": shown, "b": hiding})
    assert found == {"a": (shown.document.text.value.index("Perpetua"),), "b": ()}
