"""A withdrawal reaches past releases: a notice in the text's place, and every page made again."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from release_parts import MARKS, QUARTER, Batch, opened, pattern, taken_in

from pipeline.door import provenance, verify_release
from pipeline.errors import LeakError, NotSettledError
from pipeline.flow import learning, publishing, release_folder, withdrawing
from pipeline.flow.release_folder import CHANGED, MADE_AGAIN, NOT_THERE, TAKEN_DOWN
from pipeline.safe import release as nouns

__all__ = ["pattern"]


@pytest.fixture
def out_there(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """Five reviews that were released."""
    five = opened(pattern, tmp_path, monkeypatch)
    five.release()
    return five


def withdraw(five: Batch, number: int = 2, out: Path | None = None) -> withdrawing.Withdrawn:
    review = five.reviews[number]
    return withdrawing.withdraw(five.workspace, review, "court-order", out=out, as_name="Sam")


def everything(folder: Path) -> bytes:
    """All that stands in a folder and in its archives."""
    found = []
    for name, data in release_folder.contents(folder).items():
        found += [name.encode(), data]
        if name.endswith(".zip"):
            with zipfile.ZipFile(BytesIO(data)) as packed:
                found += [packed.read(entry) for entry in packed.infolist()]
    return b"\n".join(found)


def test_nothing_of_the_text_is_left_but_a_notice(out_there: Batch) -> None:
    public_id, mark = out_there.public_id(2), MARKS[2].encode()
    folder = out_there.folder()
    assert mark in everything(folder)
    before = release_folder.contents(folder)
    (done,) = withdraw(out_there).releases
    assert (done.became, done.texts, done.left) == (MADE_AGAIN, 4, ())
    after = release_folder.contents(folder)
    assert mark not in everything(folder)
    beside = {name for name in after if public_id in name}
    assert beside == {f"texts/{public_id}.html"}
    assert b"withdrawn in" in after[f"texts/{public_id}.html"]
    page = after["index.html"].decode()
    assert f"Case review {public_id}, withdrawn in" in page
    assert f'<li id="{public_id}">' not in page
    assert public_id not in after["search-index.js"].decode()
    assert public_id not in after["lessons.html"].decode()
    data = json.loads(after[nouns.DATA])
    assert len(data["counted"]) == 4
    assert all(public_id not in one["said_by"] for one in data["lessons"])
    for name in before:
        if name.startswith("texts/") and public_id not in name:
            assert after[name] == before[name]
    assert len({path.stat().st_mtime for path in folder.rglob("*")}) == 1


def test_the_manifest_says_so_and_revokes_what_was(out_there: Batch) -> None:
    public_id, folder = out_there.public_id(2), out_there.folder()
    before = release_folder.contents(folder)
    withdraw(out_there)
    manifest = folder / nouns.MANIFEST
    told = provenance.verify(manifest.read_bytes())["predicate"]
    assert isinstance(told, dict)
    assert [one["id"] for one in told["withdrawn"]] == [public_id]
    old = [before[nouns.MANIFEST], before[f"texts/{public_id}.pdf"], before[f"{folder.name}.zip"]]
    assert {provenance.sha256(data) for data in old} <= set(told["revoked"])
    assert not set(told["revoked"]) & set(
        provenance.subjects(provenance.verify(manifest.read_bytes())).values()
    )
    home = out_there.workspace.home
    assert all(row["holds"] for row in publishing.verify(manifest, home=home))


def test_an_old_copy_is_told_from_the_one_that_counts(out_there: Batch, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(out_there.folder(), copy)
    withdraw(out_there)
    rows = publishing.verify(copy / nouns.MANIFEST, home=out_there.workspace.home)
    assert [row["check"] for row in rows if not row["holds"]] == [publishing.STANDS]


def test_the_release_made_again_passes_the_gate(out_there: Batch) -> None:
    withdraw(out_there)
    files = release_folder.contents(out_there.folder())
    texts = {n[6:-5]: d for n, d in files.items() if n.endswith(".json") and n.count(".") == 1}
    texts = {name.removeprefix("texts/"): data for name, data in texts.items()}
    verify_release.require_whole(files, nouns.from_data(files[nouns.DATA], texts))


def test_two_withdrawals_and_one_again(out_there: Batch) -> None:
    withdraw(out_there, 2)
    withdraw(out_there, 3)
    (again,) = withdraw(out_there, 3).releases
    assert again.became == release_folder.AS_IT_WAS
    told = provenance.verify((out_there.folder() / nouns.MANIFEST).read_bytes())["predicate"]
    assert isinstance(told, dict)
    gone = sorted(out_there.public_id(number) for number in (2, 3))
    assert [one["id"] for one in told["withdrawn"]] == gone


def test_a_later_release_counts_it_no_more(out_there: Batch, tmp_path: Path) -> None:
    taken_in(out_there.workspace, tmp_path / "late", range(5, 10))
    learning.learn(out_there.workspace)
    out_there.release(quarter="2009Q2")
    later = out_there.folder("2009Q2")
    public_id = out_there.public_id(2)
    assert public_id in (later / nouns.DATA).read_text(encoding="utf-8")
    done = withdraw(out_there)
    assert {one.name: one.became for one in done.releases} == {
        out_there.folder().name: MADE_AGAIN, later.name: MADE_AGAIN,
    }  # fmt: skip
    told = (later / nouns.DATA).read_text(encoding="utf-8")
    assert public_id not in told
    assert len(json.loads(told)["counted"]) == 9


def test_it_is_in_no_release_made_later(out_there: Batch) -> None:
    public_id = out_there.public_id(2)
    withdraw(out_there)
    with pytest.raises(NotSettledError, match="min_batch"):
        out_there.release(again=True)
    workspace = out_there.workspace
    settings = workspace.settings.model_copy(update={"min_batch": 4})
    object.__setattr__(workspace, "settings", settings)
    assert out_there.release(again=True)["reviews"] == 4
    second = release_folder.contents(out_there.folder(edition=2))
    assert {name for name in second if public_id in name} == {f"texts/{public_id}.html"}
    assert [one["id"] for one in json.loads(second[nouns.DATA])["gone"]] == [public_id]


def test_a_release_that_was_moved_is_reached_by_its_folder(
    out_there: Batch, tmp_path: Path
) -> None:
    moved = tmp_path / "web" / out_there.folder().name
    moved.parent.mkdir()
    out_there.folder().rename(moved)
    assert [one.became for one in withdraw(out_there).releases] == [NOT_THERE]
    done = withdraw(out_there, out=moved.parent)
    assert MADE_AGAIN in [one.became for one in done.releases]
    assert MARKS[2].encode() not in everything(moved)


def test_what_somebody_changed_is_not_built_upon(out_there: Batch) -> None:
    data = out_there.folder() / nouns.DATA
    data.write_bytes(data.read_bytes() + b" ")
    before = release_folder.contents(out_there.folder())
    assert [one.became for one in withdraw(out_there).releases] == [CHANGED]
    assert release_folder.contents(out_there.folder()) == before
    assert out_there.workspace.register.row(out_there.reviews[2]).state == "withdrawn"


def test_what_others_put_there_is_kept_and_named(out_there: Batch) -> None:
    (out_there.folder() / "robots.txt").write_text("User-agent: *", encoding="utf-8")
    (done,) = withdraw(out_there).releases
    assert done.left == ("robots.txt",)
    assert (out_there.folder() / "robots.txt").is_file()


def test_a_kill_while_folders_are_exchanged_is_made_good(
    out_there: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def killed(self: Path, target: Path) -> Path:
        if self.name == "release":
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            withdraw(out_there)
    assert not out_there.folder().exists()
    assert [one.became for one in withdraw(out_there).releases] == [MADE_AGAIN]
    assert MARKS[2].encode() not in everything(out_there.out)
    assert [path.name for path in out_there.out.iterdir()] == [out_there.folder().name]


def test_where_the_gate_stops_the_new_folder_the_text_is_gone_all_the_same(
    out_there: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(files: object, release: object) -> None:
        raise LeakError("a leak")

    monkeypatch.setattr(verify_release, "require_whole", stopped)
    assert [one.became for one in withdraw(out_there).releases] == [TAKEN_DOWN]
    assert MARKS[2].encode() not in everything(out_there.folder())
    assert QUARTER in out_there.folder().name
