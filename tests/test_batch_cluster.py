"""Dask workers: the same bytes as without them, a worker that dies, and nothing that is told."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from batch_parts import DEADLY, act, made, new, whole
from flow_parts import CANARIES, report, write_reports

from pipeline.batch import cluster, ingesting, sealed
from pipeline.batch.cluster import Cluster
from pipeline.batch.ingesting import Here
from pipeline.errors import ReadError, UsageError
from pipeline.flow import taking
from pipeline.store.workspace import Workspace

if TYPE_CHECKING:
    from distributed import LocalCluster


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    """A scheduler and two workers, each a process of one thread, which find the stand-ins."""
    import dask.config
    from distributed import LocalCluster

    here = str(Path(__file__).parent)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (here, before)))
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}):
        made = LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        )
        yield made
        made.close()
    if before is None:
        os.environ.pop("PYTHONPATH")
    else:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))


def test_dask_workers_and_this_process_make_the_same_bytes(
    tmp_path: Path, dask: LocalCluster
) -> None:
    write_reports(tmp_path / "in", 6, paragraphs=8)
    (tmp_path / "in" / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    homes = [new(tmp_path, "here"), new(tmp_path, "dask")]
    hands = Cluster(dask.scheduler_address, act=act)
    assert hands.most == 4
    told = []
    everybody: tuple[ingesting.Hands, ...] = (Here(act), hands)
    for home, who in zip(homes, everybody, strict=True):
        rows = ingesting.ingest(Workspace.open(home), [tmp_path / "in"], who)
        told.append(sorted((row["path"], row["sha256"], row["why"], row["code"]) for row in rows))
    hands.close()
    assert told[0] == told[1]
    assert made(homes[0]) == made(homes[1])
    assert len(whole(homes[1])) == 6


def test_a_worker_that_dies_takes_its_own_file_alone_and_nothing_is_told(
    tmp_path: Path,
    dask: LocalCluster,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(0)
    home = new(tmp_path, "home")
    write_reports(tmp_path / "in", 5)
    text = f"{report(50)}\n{DEADLY}\n"
    (tmp_path / "in" / "always.txt").write_text(text, encoding="utf-8")
    hands = Cluster(dask.scheduler_address, act=act)
    rows = list(ingesting.ingest(Workspace.open(home), [tmp_path / "in"], hands))
    hands.close()
    failed = [row for row in rows if row["code"]]
    assert [(row["why"], row["code"]) for row in failed] == [(taking.DIED, ReadError.exit_code)]
    assert str(failed[0]["path"]).endswith("always.txt")
    assert len(whole(home)) == 5
    shown = capfd.readouterr()
    for name in CANARIES:
        assert name not in caplog.text + shown.out + shown.err
        assert name not in str(dask.get_logs())


def test_what_dask_holds_says_nothing_without_the_key() -> None:
    order = taking.Order("r-aaaaaa", CANARIES[0], CANARIES[1].encode(), None)  # type: ignore[arg-type]
    key, other = b"k" * 32, b"o" * 32
    held = sealed.seal(key, "run", order)
    assert not [part for name in CANARIES for part in name.split() if part.encode() in held]
    assert sealed.opened(key, "run", held) == order
    for wrong in ((other, "run"), (key, "another run")):
        with pytest.raises(ValueError, match="another key"):
            sealed.opened(*wrong, held)
    assert sealed.worked("run", held) == b""
    assert "k" * 8 not in repr(sealed.Key("run", key))


def test_no_scheduler_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ANSWERS", 0.5)
    for address in ("tcp://127.0.0.1:9", "nonsense://x", "tcp://"):
        with pytest.raises(UsageError, match="No Dask scheduler answers"):
            Cluster(address)


def test_no_worker_and_another_program_are_told_in_plain_words(
    dask: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "program", lambda: "another")
    with pytest.raises(UsageError, match="not the same one"):
        Cluster(dask.scheduler_address)
    monkeypatch.setattr(Cluster, "_threads", lambda _: 0)
    with pytest.raises(UsageError, match="has no worker"):
        Cluster(dask.scheduler_address, alone=0.1)


def test_without_dask_everything_else_works() -> None:
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "from pipeline.batch import cluster, ingesting, local, serving\n"
        "try:\n    cluster.Cluster('tcp://127.0.0.1:1')\n"
        "except Exception as error:\n    print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("UsageError Dask is not installed")
