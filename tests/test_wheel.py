"""What is shipped is enough: the wheel in a clean environment, outside the repository, works."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REPORT = """Serious Case Review: Child Q

1.1 Tabitha Wrenfield was born on 4 March 2011 and lived at 12 Quarry Bank, Harrowmere.

1.2 The health visitor did not share information with the school.
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the wheel; dependencies are lent by this one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    home = folder / "env"
    venv.create(home, with_pip=True)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    asking = [str(python), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    site = subprocess.run(asking, check=True, capture_output=True, text=True).stdout.strip()
    # A plain path line lends the dependencies without this environment's own editable install.
    (Path(site) / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return python


def run(python: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "CANDOUR_HOME")}
    command = [str(python), "-m", "pipeline", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_runs_from_its_own_files(installed: Path, tmp_path: Path) -> None:
    where = "import pipeline, pathlib; print(pathlib.Path(pipeline.__file__).parent)"
    command = [str(installed), "-c", where]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert not Path(found.stdout.strip()).is_relative_to(ROOT)


def test_a_draft_is_made_by_the_installed_wheel(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "review.txt").write_text(REPORT, encoding="utf-8")
    outcome = run(installed, tmp_path, "draft", "review.txt", "--out", "drafts")
    assert outcome.returncode == 0, outcome.stderr
    draft = (tmp_path / "drafts" / "review.draft.txt").read_text(encoding="utf-8")
    assert draft.startswith("DRAFT, NOT REVIEWED")
    assert "Wrenfield" not in draft
    assert "did not share information with the school" in draft


def test_the_pages_of_the_desk_are_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    made = (
        "from pipeline.web.desk import app; "
        "from pipeline.web.explore import app as room; "
        "room._templates().get_template('hits.html'); "
        "app._templates().get_template('sign_in.html'); print(app.FILES.address('site.css'))"
    )
    command = [str(installed), "-c", made]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert found.stdout.startswith("/static/site.css?v=")
