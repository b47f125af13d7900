"""Exports for researchers: listings as CSV, JSON lines and Excel, RIS, and frames."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from coding_parts import DRAFT, REPORTS, coder, learned_workspace, passage
from learning_parts import SHARING, report

import pipeline
from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.exporters import to_csv, to_xlsx
from pipeline.exporters.kinds import Kind, What
from pipeline.flow import coding, exporting, frames, learning
from pipeline.safe.coding import Act
from pipeline.safe.frame import DRAFT as DRAFT_WORDS
from pipeline.store.workspace import Workspace

STAMP = ("library", "codebook", "coding", "program")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return learned_workspace(tmp_path, monkeypatch)


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def lines(content: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in content.decode().splitlines()]


@pytest.mark.parametrize("what", list(What))
def test_csv_jsonl_and_excel_tell_the_same_rows(workspace: Workspace, what: What) -> None:
    from openpyxl import load_workbook

    told = lines(exporting.export(workspace, Kind.JSONL, what))
    written = table(exporting.export(workspace, Kind.CSV, what))
    book = load_workbook(io.BytesIO(exporting.export(workspace, Kind.XLSX, what)))
    head, *rows = book[what.value].iter_rows(values_only=True)
    assert told
    assert list(told[0]) == list(written[0]) == list(head)
    flat = [{k: to_csv.flat(v) for k, v in row.items()} for row in told]
    assert [{k: to_csv.safe(v) for k, v in row.items()} for row in flat] == written
    assert [
        {k: "" if v is None else v for k, v in zip(head, row, strict=True)} for row in rows
    ] == flat


@pytest.mark.parametrize("kind", list(Kind))
def test_the_same_library_gives_the_same_bytes_whatever_came_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    first = learned_workspace(tmp_path / "a", monkeypatch)
    second = learned_workspace(tmp_path / "b", monkeypatch, *reversed(REPORTS))
    assert exporting.export(first, kind) == exporting.export(second, kind)
    before = exporting.export(first, kind)
    coding.change_theme(first, coder(first), Act.RENAME_THEME, "A1", title="Otherwise")
    assert exporting.export(first, kind) != before


@pytest.mark.parametrize("kind", list(Kind))
def test_every_export_says_what_it_rests_on(workspace: Workspace, kind: Kind) -> None:
    coding.change_theme(workspace, coder(workspace), Act.RENAME_THEME, "A1", title="Otherwise")
    stamp = frames.stamp(workspace.home)
    assert (stamp["program"], stamp["coding"]) == (pipeline.__version__, 1)
    content = exporting.export(workspace, kind)
    if kind in (Kind.XLSX, Kind.QDPX):
        import zipfile

        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"".join(package.read(name) for name in package.namelist())
    text = content.decode()
    assert [str(stamp[key]) in text for key in ("library", "codebook", "program")] == [True] * 3


def test_the_hash_of_the_library_changes_with_a_text_and_not_with_learning(
    workspace: Workspace,
) -> None:
    before = frames.stamp(workspace.home)["library"]
    learning.learn(workspace, fresh=True)
    assert frames.stamp(workspace.home)["library"] == before
    workspace.library.put_document(report("r-new", SHARING[0]))
    assert frames.stamp(workspace.home)["library"] != before


def test_no_cell_is_a_formula(workspace: Workspace) -> None:
    from openpyxl import load_workbook

    content = exporting.export(workspace, Kind.XLSX)
    cells = [
        cell
        for sheet in load_workbook(io.BytesIO(content))
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert any(str(cell.value).startswith("=SUM") for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith("="))
    read = table(exporting.export(workspace, Kind.CSV))
    starts = {row[column][:1] for row in read for column in row if row[column]}
    assert not starts & {"=", "+", "@", "\t", "\r"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_starts_as_a_formula_does_is_text(start: str) -> None:
    text = f"{start}1+cmd|' /C calc'!A0"
    row = table(to_csv.render([{"text": text, "n": -1}]))[0]
    assert (row["text"], row["n"]) == (f"'{text}", "-1")


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    from pipeline.exporters.to_xlsx import CUT, FULL, _fits

    assert _fits("x" * FULL) == "x" * FULL
    assert len(_fits("x" * (FULL + 1))) == FULL
    assert _fits("x" * (FULL + 1)).endswith(CUT)
    assert to_xlsx.FULL == 32_767


def test_drafts_are_in_no_export_unless_asked_for_and_then_every_row_says_so(
    workspace: Workspace,
) -> None:
    workspace.library.put_document(DRAFT)
    learning.learn(workspace, include_drafts=True)
    for kind in Kind:
        assert DRAFT.review.encode() not in exporting.export(workspace, kind)
    for what in What:
        with_them = lines(exporting.export(workspace, Kind.JSONL, what, include_drafts=True))
        mine = [row for row in with_them if DRAFT.review in json.dumps(row)]
        assert mine
        assert all(row["draft"] for row in mine)
        without = lines(exporting.export(workspace, Kind.JSONL, what))
        assert not any(row["draft"] for row in without)
    ris = exporting.export(workspace, Kind.RIS, include_drafts=True).decode()
    record = next(r for r in ris.split("\r\n\r\n") if DRAFT.review in r)
    assert f"TI  - {DRAFT_WORDS}: Case review {DRAFT.review}" in record
    assert ris.count(DRAFT_WORDS) == 2  # its title and its note


def test_codings_say_who_set_them(workspace: Workspace) -> None:
    found = passage(workspace, "r-one", SHARING[0][:20])
    kim = coder(workspace)
    theme = found.themes[0].code
    coding.decide(workspace, kim, Act.CONFIRM, found.review, found.id, theme)
    rows = lines(exporting.export(workspace, Kind.JSONL, What.CODINGS))
    own = [row for row in rows if row["by"] == "person"]
    assert [(row["theme"], row["coder"], row["passage"]) for row in own] == [
        (theme, kim.id, found.id)
    ]
    texts = {(p.review, p.id): p.text for p in workspace.library.passages()}
    assert all(str(r["quote"]) in texts[str(r["review"]), str(r["passage"])] for r in rows)
    # By cues, and where the model agrees or finds more, with its name.
    of_program = {str(row["by"]) for row in rows if not row["coder"]}
    assert any(by.startswith("cue") for by in of_program)
    assert not any("person" in by for by in of_program)


def test_ris_has_a_record_a_review_and_names_nobody(workspace: Workspace) -> None:
    records = exporting.export(workspace, Kind.RIS).decode().split("ER  - \r\n")
    assert records.pop() == ""
    assert len(records) == len(REPORTS)
    for record in records:
        fields = [line.split("  - ", 1) for line in record.strip().split("\r\n")]
        assert fields[0] == ["TY", "RPRT"]
        assert all(len(field) == 2 and field[1] for field in fields)
        assert "AU" not in {tag for tag, _ in fields}
    assert "PY  - 2011" in "".join(records)


def test_what_goes_with_no_format_is_refused_and_before_learning_the_answer_says_so(
    tmp_path: Path, workspace: Workspace
) -> None:
    with pytest.raises(UsageError, match="--what"):
        exporting.export(workspace, Kind.QDPX, What.LESSONS)
    with pytest.raises(UsageError, match="Nothing was learned"):
        exporting.export(Workspace.create(tmp_path / "new"), Kind.CSV)


def test_an_export_without_a_row_is_refused_and_not_an_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = learned_workspace(tmp_path, monkeypatch, report("r-one", SHARING[0]))
    made.library.put_document(report("r-one", SHARING[0], draft=True))
    for kind in Kind:
        if kind is not Kind.QDC:
            with pytest.raises(UsageError, match="Nothing was written"):
                exporting.export(made, kind)


FRAMES = {
    "passages": (frames.passages, ["review", "passage", "page", "paragraph", "heading"], 8),
    "codings": (frames.codings, ["review", "passage", "page", "paragraph", "role"], None),
    "lessons": (frames.lessons, ["id", "title", "theme", "reviews", "of"], None),
    "reviews": (frames.reviews, ["review", "profile", "kind", "year", "age_band"], 3),
    "themes": (frames.themes, ["code", "title", "group", "definition", "reviews"], None),
    "trends": (frames.trends, ["theme", "title", "year", "reviews", "of"], None),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_has_the_columns_of_the_contract_and_needs_no_key(
    workspace: Workspace, name: str
) -> None:
    workspace.key_path.unlink(missing_ok=True)
    make, columns, length = FRAMES[name]
    frame = make(workspace.home)
    assert list(frame.columns)[:5] == columns
    assert length is None or len(frame) == length
    assert len(frame) > 0


def test_trends_sum_to_all_reviews_and_the_interval_holds_the_share(workspace: Workspace) -> None:
    trend = frames.trends(workspace.home)
    assert (trend.groupby("theme")["of"].sum() == len(REPORTS)).all()
    assert ((trend["low"] <= trend["share"]) & (trend["share"] <= trend["high"])).all()
    themes = frames.themes(workspace.home).set_index("code")["reviews"]
    assert trend.groupby("theme")["reviews"].sum().to_dict() == themes.to_dict()
    assert themes.max() == len(REPORTS)


def test_frames_show_drafts_only_to_who_may_see_them(workspace: Workspace) -> None:
    workspace.library.put_document(DRAFT)
    learning.learn(workspace, include_drafts=True)
    assert not frames.passages(workspace.home)["draft"].any()
    assert frames.passages(workspace.home, include_drafts=True, as_name="sam")["draft"].any()
    with pytest.raises(NotSettledError):
        frames.passages(workspace.home, include_drafts=True, as_name="kim")
    with pytest.raises(UsageError):
        frames.passages(workspace.home, include_drafts=True)


def test_without_pandas_the_answer_says_how_to_install_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match=r"candour\[research\]"):
        frames.lessons(workspace.home)


def test_a_folder_that_is_no_workspace_gives_no_frame(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        frames.lessons(tmp_path)
