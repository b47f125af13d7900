"""The generator's command and the sample that it made: same seed, same bytes, mixed and small."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline.training.__main__ import main
from pipeline.training.world import KINDS

pytest.importorskip("faker", reason="the generator's own libraries are not installed")
pytest.importorskip("reportlab", reason="the generator's own libraries are not installed")

SAMPLE = Path(__file__).parent.parent / "corpora" / "sample"
SAMPLE_SEED = "candour"

# The command ----------------------------------------------------------------------------------


def run(out: Path, *more: str) -> dict[str, bytes]:
    assert main(["corpus", "--out", str(out), *more]) == 0
    return {p.name: p.read_bytes() for p in sorted(out.iterdir())}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    options = ("--bank", "2", "--reviews", "4", "--formats", "txt,pdf,docx", "--size", "0.4")
    first = run(tmp_path / "a", *options, "--seed", "5")
    assert first == run(tmp_path / "b", *options, "--seed", "5")
    assert first["gold.jsonl"] != run(tmp_path / "c", *options, "--seed", "6")["gold.jsonl"]
    assert Counter(Path(n).suffix for n in first) == {".txt": 4, ".pdf": 4, ".docx": 4, ".jsonl": 1}


def test_gold_of_text_files_counts_in_the_decoded_file(tmp_path: Path) -> None:
    files = run(tmp_path, "--bank", "1", "--reviews", "12", "--seed", "9")
    rows = [json.loads(line) for line in files["gold.jsonl"].decode().splitlines()]
    assert len(rows) == 12
    for row in rows:
        assert row["text_is_file"]
        assert files[row["file"]].decode("utf-8-sig") == row["text"]
        assert {"id", "text", "spans", "passages"} <= row.keys()


@pytest.mark.parametrize("line", [[], ["nothing"], ["corpus", "--out", "x", "--formats", "odt"]])
def test_a_wrong_command_is_refused(line: list[str]) -> None:
    assert main(line) == 2


# The committed sample -------------------------------------------------------------------------


def test_the_sample_is_what_the_command_makes(tmp_path: Path) -> None:
    made = run(tmp_path, "--sample", "--seed", SAMPLE_SEED)
    kept = {p.name: p.read_bytes() for p in SAMPLE.iterdir() if p.name != "README.md"}
    assert made.keys() == kept.keys()
    for name in made:
        # A PDF library of another version may write other bytes for the same page.
        if not name.endswith(".pdf"):
            assert made[name] == kept[name]


def test_the_sample_is_small_mixed_and_recurrent() -> None:
    files = list(SAMPLE.iterdir())
    assert sum(p.stat().st_size for p in files) < 5_000_000
    assert Counter(p.suffix for p in files) == {
        ".pdf": 4, ".docx": 4, ".txt": 4, ".jsonl": 1, ".md": 1,
    }  # fmt: skip
    rows = [json.loads(line) for line in (SAMPLE / "gold.jsonl").read_text("utf-8").splitlines()]
    assert {r["kind"] for r in rows} == set(KINDS)
    assert len({r["year"] for r in rows}) >= 8
    lessons = Counter(lesson["lesson"] for r in rows for lesson in r["lessons"])
    assert sum(n >= 3 for n in lessons.values()) >= 8
    assert {f["verdict"] for r in rows for f in r["figures"]} == {"holds", "fails"}
    assert sum(len(r["drifts"]) for r in rows) >= 5
