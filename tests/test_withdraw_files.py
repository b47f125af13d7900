"""The published files of what was withdrawn: a notice in their place, and what is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from life_parts import MARK, Life, holds, published, with_lessons, withdraw

from pipeline.door import provenance
from pipeline.errors import StoreError, UsageError
from pipeline.exporters import to_tombstone
from pipeline.flow import (
    intake,
    learning,
    publishing,
    withdrawing,
)


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    return with_lessons(tmp_path, monkeypatch)


def test_a_notice_stands_in_the_place_of_the_files(life: Life) -> None:
    public_id = published(life)
    (life.out / "another.html").write_text("stays", encoding="utf-8")
    done = withdraw(life, life.out)
    names = sorted(path.name for path in life.out.iterdir())
    assert names == ["another.html", f"{public_id}.html", f"{public_id}.withdrawn.json"]
    assert done.files.left == ()
    page = (life.out / f"{public_id}.html").read_text(encoding="utf-8")
    assert to_tombstone.says(done.month) in page
    notice = (life.out / f"{public_id}.withdrawn.json").read_bytes()
    told = provenance.verify(notice, life.workspace.keys.signing_key().public_key())
    assert told["predicate"] == {"id": public_id, "withdrawn": done.month}
    for content in (page.encode(), notice, provenance.canonical(told)):
        assert life.review.encode() not in content
        assert b"leak" not in content
    assert life.actions()[-2:] == ["withdraw", "withdraw-files"]


def test_verify_says_that_it_was_withdrawn(life: Life) -> None:
    public_id = published(life)
    manifest = life.out / f"{public_id}.manifest.json"
    copy = life.original.parent / "copy"
    copy.mkdir()
    for path in life.out.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    withdraw(life, life.out)
    assert not manifest.exists()
    notice = life.out / f"{public_id}.withdrawn.json"
    rows = list(publishing.verify(notice, home=life.workspace.home))
    assert {row["check"] for row in rows} >= {"withdrawn", f"{public_id}.html"}
    assert all(row["holds"] for row in rows)
    (life.out / f"{public_id}.html").write_text("It is back.", encoding="utf-8")
    assert not all(row["holds"] for row in publishing.verify(notice))
    # An old copy still agrees with its own manifest; who asks the workspace is told.
    old = copy / manifest.name
    assert all(row["holds"] for row in publishing.verify(old))
    failed = {
        r["check"] for r in publishing.verify(old, home=life.workspace.home) if not r["holds"]
    }
    assert failed == {publishing.STANDS}


def test_what_somebody_changed_is_left_and_named(life: Life) -> None:
    public_id = published(life)
    for ending in (".txt", ".html"):
        with (life.out / f"{public_id}{ending}").open("ab") as stream:
            stream.write(b"<!-- by the web team -->")
    (life.out / f"{public_id}.epub").write_text("made by somebody", encoding="utf-8")
    done = withdraw(life, life.out)
    assert done.files.left == tuple(f"{public_id}{end}" for end in (".epub", ".html", ".txt"))
    assert f"{public_id}.withdrawn.html" in done.files.written
    assert not (life.out / f"{public_id}.json").exists()
    assert withdraw(life, life.out).files.left == done.files.left


def test_without_a_manifest_of_our_own_nothing_is_removed(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = published(life)
    manifest = life.out / f"{public_id}.manifest.json"
    before = {path.name for path in life.out.iterdir()}
    told = provenance.verify(manifest.read_bytes())
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "other" / "master.key"))
    stranger = intake.init(tmp_path / "stranger").keys.signing_key()
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    manifest.write_bytes(provenance.signed(told, stranger))
    done = withdraw(life, life.out)
    assert done.files.removed == ()
    assert set(done.files.left) == before
    assert before <= {path.name for path in life.out.iterdir()}


def test_a_manifest_leads_out_of_no_folder(life: Life) -> None:
    public_id = published(life)
    victim, other = life.original.parent / "victim.txt", life.out / "other.txt"
    for path in (victim, other):
        path.write_text("not a publication", encoding="utf-8")
    manifest = life.out / f"{public_id}.manifest.json"
    told = provenance.verify(manifest.read_bytes())
    subject = told["subject"]
    assert isinstance(subject, list)
    digest = {"sha256": provenance.sha256(victim.read_bytes())}
    for name in (f"{public_id}./../../in/victim.txt", "../in/victim.txt", "other.txt", str(victim)):
        subject.append({"name": name, "digest": digest})
    manifest.write_bytes(provenance.signed(told, life.workspace.keys.signing_key()))
    withdraw(life, life.out)
    assert victim.exists()
    assert other.exists()


def test_every_profile_and_every_folder_is_reached(life: Life, tmp_path: Path) -> None:
    published(life)
    life.approve("board")
    life.publish("board", tmp_path / "board")
    done = withdraw(life, life.out)
    assert len(done.public_ids) == 2
    withdraw(life, tmp_path / "board")
    for folder in (life.out, tmp_path / "board"):
        assert not list(folder.glob("*.txt"))
        assert len(list(folder.glob("*.withdrawn.json"))) == 2
    assert [one.profile for one in done.handouts] == ["public", "board"]


class CutError(Exception):
    """The machine stops."""


@pytest.mark.parametrize("at", range(9))
def test_what_was_cut_short_is_finished_by_doing_it_again(
    life: Life, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    public_id = published(life)
    learning.learn(life.workspace)
    steps = 0

    def counted(one: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object, **named: object) -> object:
            nonlocal steps
            steps += 1
            if steps == at + 1:
                raise CutError
            return one(*given, **named)

        return step

    with monkeypatch.context() as patched:
        patched.setattr(learning, "forget_vectors", counted(learning.forget_vectors))
        patched.setattr(Path, "unlink", counted(Path.unlink))
        patched.setattr(Path, "replace", counted(Path.replace))
        try:
            withdraw(life, life.out)
        except CutError:
            assert steps == at + 1
    # Whatever was cut, the first step is done: nothing of it can be published or found.
    assert life.row.state == "withdrawn"
    assert life.review not in life.workspace.library.reviews()
    withdraw(life, life.out)
    names = {path.name for path in life.out.iterdir() if not path.name.startswith(".")}
    assert names == {f"{public_id}.html", f"{public_id}.withdrawn.json"}
    assert holds(life, MARK) == []


def test_a_folder_that_cannot_be_changed_is_told(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(life)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, str(path))

    monkeypatch.setattr(withdrawing, "_write", full)
    with pytest.raises(StoreError, match="may still be read") as raised:
        withdraw(life, life.out)
    assert raised.value.__cause__ is None
    assert life.row.state == "withdrawn"
    with pytest.raises(UsageError, match="not there"):
        withdraw(life, life.out / "nowhere")
