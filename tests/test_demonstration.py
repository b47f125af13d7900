"""The demonstration does the main job to the end, says so in ten lines, and marks what it made."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Twelve reviews from file to lesson, a process a command: nine minutes on one core.
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("demonstration") / "out"
    command = [sys.executable, str(ROOT / "corpora" / "demonstrate.py"), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return out, done.stdout


def test_ten_lines_say_what_came_out(demonstrated: tuple[Path, str]) -> None:
    _, said = demonstrated
    numbers = re.findall(r"^(\d+)\. ", said, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 11)]
    assert "12 invented reviews were taken in, settled, approved and published" in said
    assert "12 signed manifests were checked" in said


def test_whoever_waits_sees_how_far_it_is(demonstrated: tuple[Path, str]) -> None:
    _, said = demonstrated
    assert [n for n in range(1, 13) if f"{n} of 12 reviews settled and approved" not in said] == []
    assert [n for n in range(1, 13) if f"{n} of 12 manifests hold" not in said] == []
    # A command fits a screen, and names no folder of the machine that it runs on but the one asked.
    assert "$ candour ingest 01-scr-grace.pdf … (12 in all)" in said


def test_every_publication_says_that_it_is_a_demonstration(
    demonstrated: tuple[Path, str],
) -> None:
    out, _ = demonstrated
    pages = sorted((out / "published").glob("*.html"))
    assert len(pages) == 12
    assert all("a demonstration, reviewed by nobody" in p.read_text("utf-8") for p in pages)


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me", encoding="utf-8")
    command = [sys.executable, str(ROOT / "corpora" / "demonstrate.py"), "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "keep me"
