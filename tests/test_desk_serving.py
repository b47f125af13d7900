"""The command that serves the desk: who is let in, what it says, and that it logs nothing."""

from __future__ import annotations

import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from desk_parts import (
    desk,
    made,
    signed_in,
)
from flow_parts import propose
from typer.testing import CliRunner

from pipeline.cli.app import app as command_line
from pipeline.errors import UsageError
from pipeline.flow import proposing
from pipeline.store import sessions
from pipeline.store.workspace import Workspace
from pipeline.web import serving
from pipeline.web.desk import app


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setattr(proposing, "propose", propose)
    return made(tmp_path)


def test_a_workspace_from_before_there_were_sessions_is_served(workspace: Workspace) -> None:
    with workspace.database.writing() as connection:
        sessions.META.drop_all(connection)
    signed_in(desk(workspace.home), "Rhee Vale")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "desk.example"])  # noqa: S104
def test_other_computers_are_let_in_only_where_that_is_meant(
    workspace: Workspace, host: str
) -> None:
    words = ["serve", "desk", "--home", str(workspace.home), "--host", host, "--port", "0"]
    outcome = CliRunner().invoke(command_line, words)
    assert isinstance(outcome.exception, UsageError)
    assert "--allow-network" in str(outcome.exception)


@pytest.fixture
def process(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    """The desk as a user starts it."""
    words = ["serve", "desk", "--home", str(workspace.home), "--port", "0"]
    started = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )  # fmt: skip
    yield started
    started.kill()
    started.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent in another way there")
def test_the_command_serves_says_where_and_logs_nothing(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    said = process.stderr.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert address is not None, said
    for _ in range(50):
        try:
            answer = urllib.request.urlopen(f"{address.group(0)}sign-in")  # noqa: S310
            break
        except urllib.error.URLError:
            time.sleep(0.1)
    assert "Sign in to the review desk" in answer.read().decode()
    assert answer.headers["server"] is None
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{address.group(0)}static/..%2fQuenby")  # noqa: S310
    process.send_signal(signal.SIGINT)
    out, more = process.communicate(timeout=20)
    assert (process.returncode, out, more) == (0, "", "")


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this computer that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC) - timedelta(days=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3))
        .sign(key, hashes.SHA256())
    )
    files = folder / "desk.pem", folder / "desk.key"
    files[0].write_bytes(signed.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def test_over_tls_the_session_is_bound_to_the_host(workspace: Workspace, tmp_path: Path) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    made_desk = app.make(workspace.home, hosts=[host], secure=True)
    ready = serving.server(made_desk, *certificate(tmp_path))
    threading.Thread(target=serving.run, args=(ready, listening), daemon=True).start()
    trusting = ssl._create_unverified_context()  # noqa: S323 - it signed itself
    answer = urllib.request.urlopen(f"https://{host}/sign-in", context=trusting)
    assert answer.headers["set-cookie"].startswith("__Host-candour-visitor=")
    assert answer.headers["strict-transport-security"]


def test_what_is_no_certificate_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("no certificate", encoding="utf-8")
    words = ["serve", "desk", "--home", str(workspace.home), "--port", "0"]
    both = ["--certificate", str(tmp_path / "a.pem"), "--certificate-key", str(tmp_path / "a.pem")]
    for more in (both, both[:2]):
        outcome = CliRunner().invoke(command_line, [*words, *more])
        assert isinstance(outcome.exception, UsageError)
        assert "Nothing was started" in str(outcome.exception)


def test_a_port_that_is_in_use_is_said(workspace: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ["serve", "desk", "--home", str(workspace.home), "--port", port]
        outcome = CliRunner().invoke(command_line, words)
    assert "it is in use" in str(outcome.exception)
