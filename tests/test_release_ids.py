"""The ids of a release are drawn as it is made: what did not go out has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from flow_parts import CANARIES
from release_parts import QUARTER, Batch, opened, pattern

from pipeline.door import provenance
from pipeline.errors import LeakError, NotSettledError
from pipeline.exporters import to_html, to_site
from pipeline.flow import publishing, release_folder, releasing
from pipeline.safe import release as nouns
from pipeline.safe.lesson import SafeDocument
from pipeline.store import approval as approvals
from pipeline.store import register

__all__ = ["pattern"]


@pytest.fixture
def five(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    return opened(pattern, tmp_path, monkeypatch)


def ids_of(five: Batch) -> list[str]:
    return [five.public_id(number) for number in range(5)]


def test_the_texts_of_a_release_are_but_for_their_ids_those_that_were_approved(five: Batch) -> None:
    assert ids_of(five) == [""] * 5
    releasing.dry_run(five.workspace, QUARTER, "public", as_name="Ada")
    assert ids_of(five) == [""] * 5
    five.release()
    inside = release_folder.contents(five.folder())
    for number, review in enumerate(five.reviews):
        public_id = five.public_id(number)
        record = five.workspace.register.approval(review, "public")
        bound = dict(approvals.from_json(str(record)).bound.outputs)
        for ending in ("html", "txt", "md", "json"):
            data = inside[f"texts/{public_id}.{ending}"].replace(public_id.encode(), b"cr-unissued")
            assert provenance.sha256(data) == bound[f"cr-unissued.{ending}"]
        manifest = five.folder() / "texts" / f"{public_id}.manifest.json"
        assert all(row["holds"] for row in publishing.verify(manifest, home=five.workspace.home))


def test_a_release_that_is_stopped_keeps_no_id(
    five: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = to_site.render

    def leaking(release: nouns.Release) -> dict[str, bytes]:
        pages = render(release)
        name = CANARIES[0].encode()
        return {**pages, "feed.xml": pages["feed.xml"].replace(b"Case reviews", name, 1)}

    monkeypatch.setattr(to_site, "render", leaking)
    with pytest.raises(LeakError):
        five.release()
    assert ids_of(five) == [""] * 5


def test_a_release_that_was_cut_short_once_it_was_written_down_has_the_same_ids_again(
    five: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(folder: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(release_folder, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            five.release()
    before = ids_of(five)
    assert "" not in before
    five.release()
    assert ids_of(five) == before
    names = {path.name.partition(".")[0] for path in (five.folder() / "texts").iterdir()}
    assert names == set(before)


def test_where_the_program_makes_other_pages_by_now_a_dry_run_says_so(
    five: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = to_html.render

    def other(document: SafeDocument, *, public_id: str, anchors: bool = True) -> bytes:
        return render(document, public_id=public_id, anchors=anchors) + b"\n"

    monkeypatch.setattr(to_html, "render", other)
    rows = releasing.dry_run(five.workspace, QUARTER, "public", as_name="Ada")
    assert {row["why"] for row in rows} == {releasing.VOID}
    with pytest.raises(NotSettledError, match="min_batch"):
        five.release()
    assert not five.out.exists()


def test_no_two_reviews_of_one_run_have_one_id(
    five: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, drawn = iter(("bcdfghjk",) * 3 + tuple(f"bcdfghj{sign}" for sign in "mnpqr")), []

    def draw(prefix: str, count: int) -> str:
        drawn.append(prefix + next(told))
        return drawn[-1]

    monkeypatch.setattr(register, "draw", draw)
    five.release()
    ids = {five.public_id(number) for number in range(5)}
    assert len(ids) == 5
    assert len(drawn) == 7
