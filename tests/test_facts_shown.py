"""How a person looks at what a report says of itself: `candour read FILE --facts`.

All names and places are invented.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from facts_bodies import CHILD

from pipeline import config
from pipeline.cli.app import main
from pipeline.flow import drafting, intake
from pipeline.safe.lesson import NOT_STATED, SafeDocument, SafeFacts, SafeText

REPORT = f"{CHILD}\n\nAuthor: Ann Quill\n\n1 Introduction\n\nChild K, aged 3, died on 3 May 2011.\n"
COLUMNS = ["fact", "value", "source", "page", "start", "end", "crosses"]


def written(folder: Path) -> Path:
    path = folder / "one.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def run(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    monkeypatch.setattr("sys.argv", ["candour", *map(str, words)])
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


def test_facts_are_rows_with_their_places_and_gaps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path)
    assert run(monkeypatch, "read", path, "--facts", "--format", "jsonl") == 0
    rows = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert all(list(row) == COLUMNS for row in rows)
    by_name = {row["fact"]: row for row in rows}
    incident = by_name["incident"]
    assert (incident["value"], incident["source"], incident["page"]) == ("3 May 2011", "body", 1)
    assert REPORT[incident["start"] : incident["end"]] == "3 May 2011"
    assert by_name["age"]["crosses"] == "3 to 5"
    assert by_name["authors"]["crosses"] == ""
    assert by_name["judgement"]["value"] == NOT_STATED
    assert by_name["judgement"]["start"] is None


def test_facts_are_a_table_for_people_and_name_the_file_of_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path)
    assert run(monkeypatch, "read", path, "--facts") == 0
    shown = capfd.readouterr().out
    assert "serious case review" in shown
    assert "not stated" in shown
    heading = shown.splitlines()[1]
    assert "crosses" in heading and "start" not in heading, "places are for programs"
    assert run(monkeypatch, "read", path, path, "--facts", "--format", "jsonl") == 0
    rows = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert all(row["path"] == str(path) for row in rows)


def test_a_page_is_that_of_the_line() -> None:
    sample = Path(__file__).parent.parent / "corpora" / "sample" / "01-scr-grace.pdf"
    rows = drafting.facts_rows(sample, config.load())
    pages = {row["fact"]: row["page"] for row in rows}
    assert (pages["kind"], pages["panel"]) == (1, 4)


def test_facts_that_the_first_release_kept_can_still_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    workspace = intake.init(tmp_path / "home")
    workspace.library.put_document(SafeDocument("r-1", "public", SafeText("Seen."), ()))
    old = json.dumps({"kind": "serious case review", "year": "2019", "age_band": "3 to 5"})
    connection = sqlite3.connect(tmp_path / "home" / "library.db")
    with connection:
        connection.execute("UPDATE documents SET facts = ?", (old,))
    connection.close()
    kept = workspace.library.document("r-1", "public")
    assert kept is not None
    assert kept.facts == SafeFacts("serious case review", "2019", "3 to 5")
