"""A withdrawal: nothing of the text is left, a notice stands in its place, who had it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flow_parts import propose, write_reports
from learning_parts import ALONE, SHARING, bag
from life_parts import RECIPIENT, Life, made

from pipeline.door import provenance
from pipeline.errors import CandourError, NotSettledError, StoreError, UsageError
from pipeline.exporters import to_tombstone
from pipeline.flow import (
    deciding,
    intake,
    learning,
    proposing,
    publishing,
    settling,
    versions,
    withdrawing,
    year,
)
from pipeline.safe import embed, recur
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

# Words of the safe text: they stand in the library in clear until it is withdrawn.
MARK = "Tangerine umbrellas were handed to nobody"


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setattr(embed, "_model", lambda threads: lambda text: bag([text])[0])
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    one = made(tmp_path)
    text = one.original.read_text(encoding="utf-8")
    path = one.original.parent / "lessons.txt"
    path.write_text(f"{text}\nLessons\n\n{SHARING[0]}\n\n{MARK}. {ALONE}\n", encoding="utf-8")
    review = str(next(intake.ingest(one.workspace, [path]))["review"])
    return replace(one, review=review, original=path)


def published(life: Life) -> str:
    life.decide()
    life.approve()
    return life.publish()


def withdraw(life: Life, out: Path | None = None, who: str = "Sam") -> withdrawing.Withdrawn:
    return withdrawing.withdraw(life.workspace, life.review, "leak", out=out, as_name=who)


def holds(life: Life, words: str) -> list[str]:
    """The files of the workspace in which words stand."""
    files = [path for path in life.workspace.home.rglob("*") if path.is_file()]
    return [path.name for path in files if words.encode() in path.read_bytes()]


def test_nothing_of_the_text_is_left_but_in_the_vault(life: Life) -> None:
    published(life)
    learning.learn(life.workspace)
    assert holds(life, MARK) == ["library.db"]
    assert list(learning.search(life.workspace, "umbrellas"))
    points = [recur.words(p) for p in life.workspace.library.passages() if recur.is_point(p)]
    assert points
    before = embed.Cache.open(life.workspace.home / learning.VECTORS)
    assert before.find(points)[0]
    withdraw(life)
    assert holds(life, MARK) == []
    assert holds(life, SHARING[0][:30]) == []
    after = embed.Cache.open(life.workspace.home / learning.VECTORS)
    assert after.find(points)[0] == ()
    assert list(learning.search(life.workspace, "umbrellas")) == []
    assert life.review not in life.workspace.library.reviews()
    assert MARK in life.case.document().text


def test_what_others_taught_stays(life: Life) -> None:
    published(life)
    (path,) = write_reports(life.original.parent / "more", 1, paragraphs=5)
    words = path.read_text(encoding="utf-8") + f"\nLessons\n\n{SHARING[1]}\n"
    path.write_text(words, encoding="utf-8")
    other = replace(life, review=str(next(intake.ingest(life.workspace, [path]))["review"]))
    published(other)
    learning.learn(life.workspace)
    withdraw(life)
    assert {p.review for p in life.workspace.library.passages()} == {other.review}
    points = [recur.words(p) for p in life.workspace.library.passages() if recur.is_point(p)]
    known = embed.Cache.open(life.workspace.home / learning.VECTORS).find(points)[0]
    assert len(known) == len(points) > 0


@pytest.mark.parametrize(
    "step",
    [
        lambda life: settling.still_open(life.workspace, life.review, as_name="Jo"),
        lambda life: settling.export(life.workspace, life.review, as_name="Jo"),
        lambda life: settling.decide(life.workspace, life.review, {}, as_name="Jo"),
        lambda life: deciding.opened(life.workspace, life.review, who="Jo"),
        lambda life: life.approve(),
        lambda life: life.publish(),
        lambda life: life.later("Another text."),
        lambda life: versions.listed(life.workspace, life.review, as_name="Jo"),
        lambda life: versions.compared(life.workspace, life.review, as_name="Jo"),
    ],
    ids="look export decide desk approve publish version versions compare".split(),
)
def test_what_was_withdrawn_is_worked_on_no_more(
    life: Life, step: Callable[[Life], object]
) -> None:
    published(life)
    withdraw(life)
    with pytest.raises(NotSettledError, match="withdrawn"):
        step(life)
    assert life.row.state == "withdrawn"
    assert life.workspace.register.approved_profiles(life.review) == ()


def test_a_draft_that_was_on_its_way_is_not_kept(life: Life) -> None:
    desk = deciding.opened(life.workspace, life.review, who="Jo")
    made = deciding.preview(life.workspace, desk, "public")
    withdraw(life)
    assert not deciding.keep_draft(life.workspace, desk, made)
    assert holds(life, MARK) == []


def test_a_run_of_learning_that_was_on_its_way_keeps_nothing_of_it(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(life)
    lessons = recur.lessons

    def slow(*given: object, **named: object) -> recur.Learned:
        withdraw(life)
        return lessons(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(recur, "lessons", slow)
    learning.learn(life.workspace)
    assert holds(life, MARK) == []
    assert embed.Cache.open(life.workspace.home / learning.VECTORS).rows == {}


def test_files_that_were_on_their_way_out_are_taken_back(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.decide()
    life.approve()
    move = Path.replace

    def slow(path: Path, target: Path) -> Path:
        if life.row.state != "withdrawn":
            withdraw(life)
        return move(path, target)

    monkeypatch.setattr(Path, "replace", slow)
    with pytest.raises(NotSettledError, match="withdrawn"):
        life.publish()
    assert list(life.out.iterdir()) == []
    assert life.row.state == "withdrawn"


def test_the_same_file_is_not_taken_in_again(life: Life) -> None:
    first = life.original.read_bytes()
    life.later(life.original.read_text(encoding="utf-8") + "\nOne line more.\n")
    withdraw(life)
    life.original.write_bytes(first)
    for path in (life.original, life.original.parent / "final.txt"):
        row = next(intake.ingest(life.workspace, [path]))
        assert (row["review"], row["state"], row["code"]) == (life.review, "withdrawn", 0)
        assert row["why"] == intake.WITHDRAWN


@pytest.mark.parametrize("who", ["Jo", "Una", "Ruth"])
def test_only_approvers_and_administrators_withdraw(life: Life, who: str) -> None:
    with pytest.raises(NotSettledError):
        withdraw(life, who=who)
    assert life.row.state == "proposed"
    assert life.actions()[-1] == "refused"
    withdraw(life, who="Ada")
    assert life.row.state == "withdrawn"


def test_a_reason_is_one_of_a_list_and_stays_in_the_ledger(life: Life) -> None:
    with pytest.raises(UsageError):
        withdrawing.withdraw(life.workspace, life.review, "the mother asked", as_name="Sam")
    public_id = published(life)
    withdraw(life)
    withdraw(life)
    (entry,) = [e for e in life.workspace.ledger.rows(life.review) if e.action == "withdraw"]
    detail = json.loads(entry.detail)
    assert (detail["reason"], detail["public_ids"]) == ("leak", [public_id])
    assert life.workspace.ledger.verify() is None


# -- the published files -------------------------------------------------------------------


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


# -- who had it, and the key ---------------------------------------------------------------


def test_who_received_it_is_listed_and_nowhere_in_clear(life: Life) -> None:
    public_id = published(life)
    rows = withdrawing.recipients(life.workspace, life.review, as_name="Sam")
    assert [(r["recipient"], r["public_id"], r["profile"]) for r in rows] == [
        (RECIPIENT, public_id, "public")
    ]
    assert rows[0]["folder"] == str(life.out.resolve())
    assert f"{public_id}.html" in rows[0]["files"]  # type: ignore[operator]
    assert holds(life, "Vexley") == []
    assert holds(life, str(life.out.resolve())) == []
    entry = next(e for e in life.workspace.ledger.rows(life.review) if e.action == "publish")
    assert json.loads(entry.detail)["recipients"] == 1
    assert withdrawing.recipient_rows(withdraw(life).handouts) == rows
    with pytest.raises(NotSettledError):
        withdrawing.recipients(life.workspace, life.review, as_name="Ruth")


def test_who_receives_it_is_a_line_of_text(life: Life) -> None:
    life.decide()
    life.approve()
    with pytest.raises(UsageError, match="one line"):
        publishing.publish(life.workspace, [life.review], "public", life.out, recipients=["", "x"])
    assert not life.out.exists()


def test_a_purge_destroys_what_the_vault_holds(life: Life) -> None:
    public_id = published(life)
    with pytest.raises(NotSettledError, match="Withdraw it first"):
        withdrawing.purge(life.workspace, life.review, as_name="Sam")
    withdraw(life)
    withdrawing.purge(life.workspace, life.review, as_name="Sam")
    vault = Vault.unlock(life.workspace)
    assert life.review not in vault.reviews()
    assert vault.names(life.review) == ()
    assert life.actions()[-1] == "purge"
    assert life.row.state == "withdrawn"
    assert next(intake.ingest(life.workspace, [life.original], sender="Me"))["state"] == "withdrawn"
    assert life.review not in vault.reviews()
    done = withdraw(life, life.out)
    assert (done.public_ids, done.handouts[0].recipients) == ((public_id,), ())
    assert [path.name for path in sorted(life.out.iterdir())] == [
        f"{public_id}.html",
        f"{public_id}.withdrawn.json",
    ]


def test_without_its_key_a_review_is_taken_back_all_the_same(life: Life) -> None:
    published(life)
    life.workspace.keys.master.unlink()
    with pytest.raises(CandourError):
        withdraw(Life(Workspace.open(life.workspace.home), life.review, life.original, life.out))
    assert life.row.state == "withdrawn"
    assert holds(life, MARK) == []


def test_the_register_lists_what_was_withdrawn(life: Life) -> None:
    published(life)
    withdraw(life)
    row = next(r for r in year.register(life.workspace) if r["review"] == life.review)
    assert row["state"] == "withdrawn"
