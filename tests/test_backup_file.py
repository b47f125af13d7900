"""The file of a backup: pieces of any length come back; none is moved, left out or added."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import StoreError
from pipeline.store import archive

PIECE = 1 << 20
SEALED = PIECE + 16
MASTER, SALT, WORKSPACE = b"m" * 32, b"s" * 32, "0123456789abcdef"
SECRET = archive.key(MASTER, SALT, WORKSPACE)


def cut(content: bytes, sizes: list[int]) -> list[bytes]:
    parts, at = [], 0
    for size in sizes:
        parts.append(content[at : at + size])
        at += size
    return [*parts, content[at:]]


def write(path: Path, content: bytes, parts: list[bytes] | None = None) -> str:
    with path.open("wb") as out:
        body = archive.write_body(out, parts or [content], len(content), SECRET)
    archive.write_end(path, b"a manifest")
    return body


def plain(path: Path) -> bytes:
    return b"".join(archive.opened(path, archive.read(path), SECRET))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 5])
def test_what_went_in_comes_out(tmp_path: Path, size: int) -> None:
    content, path = bytes(at % 251 for at in range(size)), tmp_path / "b"
    body = write(path, content)
    parts = archive.read(path)
    assert (parts.size, parts.manifest) == (archive.sealed_size(size), b"a manifest")
    assert plain(path) == content
    assert archive.body_sha256(path, parts) == body
    assert content == b"" or size < 50 or content[:50] not in path.read_bytes()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(sizes=st.lists(st.integers(0, PIECE), max_size=5))
def test_it_is_the_same_however_the_bytes_arrive(tmp_path: Path, sizes: list[int]) -> None:
    content = bytes(at % 239 for at in range(sum(sizes) + 7))
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    assert write(whole, content) == write(pieces, content, cut(content, sizes))
    assert whole.read_bytes() == pieces.read_bytes()


@pytest.mark.parametrize("parts", [[b"abc"], [b"abcde"], []])
def test_a_file_that_changed_while_it_was_copied_makes_no_backup(
    tmp_path: Path, parts: list[bytes]
) -> None:
    with (tmp_path / "b").open("wb") as out, pytest.raises(StoreError):
        archive.write_body(out, parts, 4, SECRET)


def _swapped(body: bytes) -> bytes:
    return body[SEALED : 2 * SEALED] + body[:SEALED] + body[2 * SEALED :]


def _first_gone(body: bytes) -> bytes:
    return body[SEALED:]


def _last_gone(body: bytes) -> bytes:
    return body[: 2 * SEALED]


def _twice(body: bytes) -> bytes:
    return body[:SEALED] + body


@pytest.mark.parametrize("change", [_swapped, _first_gone, _last_gone, _twice])
def test_pieces_stand_in_their_order_and_all_of_them(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    """By somebody who makes the length and the hash at the end fit again."""
    path = tmp_path / "b"
    write(path, bytes(2 * PIECE + 100))
    parts, content = archive.read(path), path.read_bytes()
    body = change(content[parts.start : parts.start + parts.size])
    whole = archive.MAGIC + len(body).to_bytes(8, "big") + body + parts.manifest
    path.write_bytes(whole + hashlib.sha256(whole).digest())
    assert archive.read(path).manifest == parts.manifest
    with pytest.raises(StoreError):
        plain(path)


@pytest.mark.parametrize(
    ("master", "salt", "workspace"),
    [(b"n" * 32, SALT, WORKSPACE), (MASTER, b"t" * 32, WORKSPACE), (MASTER, SALT, "f" * 16)],
)
def test_each_backup_has_a_key_of_its_own(
    tmp_path: Path, master: bytes, salt: bytes, workspace: str
) -> None:
    path = tmp_path / "b"
    write(path, b"content")
    other = archive.key(master, salt, workspace)
    with pytest.raises(StoreError, match="does not open with this key"):
        list(archive.opened(path, archive.read(path), other))


@pytest.mark.parametrize("length", [0, 10, 25, 1 << 62])
def test_a_length_that_cannot_be_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "b"
    write(path, b"content")
    content = bytearray(path.read_bytes())
    at = len(archive.MAGIC)
    content[at : at + 8] = length.to_bytes(8, "big")
    path.write_bytes(content)
    with pytest.raises(StoreError):
        archive.read(path)
