"""The commands of coders and researchers, on a real workspace, as they are typed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from coding_parts import REPORTS, coder, learned_workspace, passage
from learning_parts import SHARING
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.cli.coding import Polarity as offered  # noqa: N813
from pipeline.errors import SomeFailedError, UsageError
from pipeline.flow import learned
from pipeline.safe.lesson import Polarity
from pipeline.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = learned_workspace(tmp_path, monkeypatch)
    monkeypatch.setenv("CANDOUR_HOME", str(made.home))
    monkeypatch.chdir(tmp_path)
    return made


def run(*words: str) -> list[dict[str, object]]:
    """The rows that a command prints; the error that it ends with, as it is."""
    listed = [] if {"export"} & set(words[:2]) else ["--format", "jsonl"]
    outcome = CliRunner().invoke(app, [*words, *listed])
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    assert outcome.exit_code == 0, outcome.output
    return [json.loads(line) for line in outcome.stdout.splitlines() if line[:1] == "{"]


def test_steps_and_undo_are_typed_and_listed(workspace: Workspace) -> None:
    found = passage(workspace, "r-one", SHARING[0][:20])
    theme = found.themes[0].code
    place = (found.review, found.id)
    run("code", "confirm", *place, theme, "--as", "kim", "--reason", "it says so")
    run("code", "add", *place, "B2", "--as", "kim", "--polarity", "praise")
    run("code", "reject", *place, theme, "--as", "kim")
    rows = run("passages", found.review)
    shown = next(row for row in rows if row["passage"] == found.id)
    assert [(m["code"], m["polarity"], m["by"]) for m in shown["themes"]] == [  # type: ignore[attr-defined]
        ("B2", "praise", "person")
    ]
    assert run("code", "undo", "--as", "kim")[0]["undoes"] == 3
    trail = run("code", "trail")
    assert [(row["act"], row["holds"]) for row in trail] == [
        ("confirm", True), ("add", True), ("reject", False), ("undo", True),
    ]  # fmt: skip
    assert {row["coder"] for row in trail} == {coder(workspace).id}
    assert "reason" not in trail[0]
    assert run("code", "trail", "--reasons", "--as", "kim")[0]["reason"] == "it says so"
    with pytest.raises(UsageError, match="--as NAME"):
        run("code", "trail", "--reasons")


def test_the_codebook_and_lessons_are_changed_as_typed(workspace: Workspace) -> None:
    run("code", "add-theme", "Z1", "Self-neglect", "--definition", "of an adult", "--as", "kim")
    run("code", "add-theme", "Z2", "Discharge", "--as", "kim")
    run("code", "rename-theme", "Z1", "Care of oneself", "--as", "kim")
    run("code", "merge-themes", "B3", "Z1", "--as", "kim")
    run("code", "split-theme", "B4", "Z1", "Z2", "--as", "kim")
    rows = {row["code"]: row for row in run("code", "themes")}
    assert (rows["Z1"]["title"], rows["Z1"]["state"]) == ("Care of oneself", "open")
    assert (rows["B3"]["state"], rows["B3"]["into"]) == ("merged", ["Z1"])
    assert (rows["B4"]["state"], rows["B4"]["into"]) == ("split", ["Z1", "Z2"])
    assert {row["state"] for row in run("code", "themes", "--at", "3")} == {"open"}
    first, second = learned.lessons(workspace.library)[:2]
    run("code", "rename-lesson", first.id, "Nobody told anyone", "--as", "kim")
    run("code", "confirm-lesson", first.id, "--as", "kim")
    run("code", "drop-passage", first.id, ":".join(first.passages[-1]), "--as", "kim")
    run("code", "merge-lessons", second.id, first.id, "--as", "kim")
    now = run("lessons")[0]
    assert (now["id"], now["title"], now["confirmed"]) == (first.id, "Nobody told anyone", True)
    assert len(now["passages"]) == len(first.passages) - 1 + len(second.passages)  # type: ignore[arg-type]
    run("code", "split-lesson", first.id, *(p for _, p in second.passages), "--as", "kim")
    assert len(run("lessons")[0]["passages"]) == len(first.passages) - 1  # type: ignore[arg-type]


def test_a_sheet_goes_out_and_comes_in_and_two_coders_are_compared(workspace: Workspace) -> None:
    run("code", "export", "--blind", "--out", "blind.csv")
    sheet = Path("blind.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet, newline="")))
    assert len(rows) == len(workspace.library.passages())
    for name, themes in (("kim", ["B2", "none"]), ("sam", ["B2", "B2"])):
        with Path(f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows({**r, "themes": themes[i % 2]} for i, r in enumerate(rows))
        assert len(run("code", "import", f"{name}.csv", "--as", name, "--dry-run")) == len(rows)
        assert {r["outcome"] for r in run("code", "import", f"{name}.csv", "--as", name)} == {
            "done"
        }
    half = len(rows) // 2
    assert run("agreement", "kim", "sam")[0] | {"title": ""} == {
        "theme": "B2", "title": "", "n": len(rows), "both": half, "only_first": 0,
        "only_second": half, "neither": 0, "agreed": 0.5, "kappa": 0.0, "alpha": -0.25,
    }  # fmt: skip
    assert len(run("agreement", "kim", "sam", "--disagreements")) == half
    assert run("agreement", "kim", "sam", "--at", "0")[0]["n"] == 0
    nothing = CliRunner().invoke(app, ["agreement", "kim", "sam", "--at", "0"])
    assert "no passage that both have coded" in nothing.output and "0.0" not in nothing.output


def test_a_refused_row_ends_with_the_code_of_some_failed(workspace: Workspace) -> None:
    Path("bad.csv").write_text("review,passage,theme,decision\nr-one,p0,B2,add\n", encoding="utf-8")
    with pytest.raises(SomeFailedError, match="refused"):
        run("code", "import", "bad.csv", "--as", "kim")


def test_the_command_line_offers_every_polarity() -> None:
    assert [p.value for p in offered] == [p.value for p in Polarity]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl", "qdc", "qdpx", "ris"])
def test_an_export_is_written_where_it_was_asked_for(workspace: Workspace, kind: str) -> None:
    assert run("export", "--format", kind, "--out", f"out.{kind}") == []
    assert Path(f"out.{kind}").stat().st_size > 300
    assert len(REPORTS) == len(workspace.library.reviews())
