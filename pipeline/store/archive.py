r"""A backup's file: the files of a workspace in one sealed stream, with a manifest behind it.

    candour backup 1\n | length of the body (8 bytes) | body | manifest | SHA-256 of all before

The body is the files one after the other, sealed in pieces with AES-256-GCM. Its key comes from
the master key and a salt (HKDF), so that a backup opens nothing without the master key. Each
piece is bound to its number and to whether it is the last one: none can be left out, added or
moved. Of the manifest this file knows nothing but that it is there: who signs it is decided
elsewhere.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipeline.errors import StoreError

MAGIC = b"candour backup 1\n"
SALT_BYTES = 32
_PIECE = 1 << 20
_TAG = 16
_LENGTH = 8
_HASH = 32
_LARGEST_MANIFEST = 64 << 20
NO_BACKUP = (
    "That file is no backup of Candour, or not all of it is there. Nothing was restored. Name "
    "another backup."
)
DAMAGED = (
    "The backup is damaged or was changed since it was made. Nothing was restored. Use another "
    "backup."
)
OTHER_KEY = (
    "The backup does not open with this key. Nothing was restored. Bring back the key of the "
    "workspace that the backup was made of, or name it in CANDOUR_KEY_FILE."
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of a backup's file lie, and its manifest."""

    start: int
    size: int
    manifest: bytes


def key(master: bytes, salt: bytes, workspace: str) -> AESGCM:
    """The key of one backup: nothing else is ever sealed with it."""
    info = MAGIC + workspace.encode()
    return AESGCM(HKDF(SHA256(), 32, salt, info).derive(master))


def sealed_size(size: int) -> int:
    """How long so many bytes are once they are sealed.

    >>> sealed_size(0), sealed_size(1), sealed_size(1 << 20), sealed_size((1 << 20) + 1)
    (16, 17, 1048592, 1048609)
    """
    return size + _TAG * max(1, -(-size // _PIECE))


def write_body(out: BinaryIO, parts: Iterable[bytes], size: int, secret: AESGCM) -> str:
    """Write a backup up to the end of its body, whose plain size is known; the body's SHA-256.

    Less or more than that size: StoreError.
    """
    out.write(MAGIC + sealed_size(size).to_bytes(_LENGTH, "big"))
    hashed, number, held, left = hashlib.sha256(), 0, b"", size
    for part in parts:
        held += part
        while len(held) >= _PIECE and left > _PIECE:
            sealed = _sealed(secret, number, held[:_PIECE], last=False)
            held, left, number = held[_PIECE:], left - _PIECE, number + 1
            hashed.update(sealed)
            out.write(sealed)
    if len(held) != left:
        raise StoreError(DAMAGED)
    sealed = _sealed(secret, number, held, last=True)
    hashed.update(sealed)
    out.write(sealed)
    return hashed.hexdigest()


def write_end(path: Path, manifest: bytes) -> str:
    """Add the manifest and the hash of all to a backup, and make the disk keep it; that hash."""
    with path.open("r+b") as stream:
        hashed = hashlib.sha256()
        while piece := stream.read(_PIECE):
            hashed.update(piece)
        hashed.update(manifest)
        stream.write(manifest + hashed.digest())
        stream.flush()
        os.fsync(stream.fileno())
    return hashed.hexdigest()


def read(path: Path) -> Parts:
    """The parts of a backup whose bytes are as they were written; StoreError otherwise."""
    try:
        with path.open("rb") as stream:
            return _parts(stream, path.stat().st_size)
    except OSError:
        # Not chained: the error holds a path.
        raise StoreError(NO_BACKUP) from None


def _parts(stream: BinaryIO, size: int) -> Parts:
    start = len(MAGIC) + _LENGTH
    head = stream.read(start)
    if len(head) != start or not head.startswith(MAGIC):
        raise StoreError(NO_BACKUP)
    body = int.from_bytes(head[len(MAGIC) :], "big")
    said = size - start - body - _HASH
    if not 0 < said <= _LARGEST_MANIFEST:
        raise StoreError(NO_BACKUP)
    hashed, left = hashlib.sha256(head), body + said
    manifest = b""
    while left:
        piece = stream.read(min(_PIECE, left - said if left > said else left))
        if not piece:
            raise StoreError(NO_BACKUP)
        hashed.update(piece)
        manifest = manifest + piece if left <= said else b""
        left -= len(piece)
    if stream.read() != hashed.digest():
        raise StoreError(DAMAGED)
    return Parts(start, body, manifest)


def body_sha256(path: Path, parts: Parts) -> str:
    """The SHA-256 of a backup's body as it lies there."""
    hashed = hashlib.sha256()
    for piece in _pieces(path, parts, _PIECE):
        hashed.update(piece)
    return hashed.hexdigest()


def opened(path: Path, parts: Parts, secret: AESGCM) -> Iterator[bytes]:
    """The plain bytes of a backup's body, piece by piece; StoreError where one does not open."""
    left = parts.size
    for number, piece in enumerate(_pieces(path, parts, _PIECE + _TAG)):
        left -= len(piece)
        try:
            yield secret.decrypt(_nonce(number), piece, _bound(last=left == 0))
        except InvalidTag as error:
            raise StoreError(OTHER_KEY if number == 0 else DAMAGED) from error


def _pieces(path: Path, parts: Parts, most: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(parts.start)
        left = parts.size
        while left:
            piece = stream.read(min(most, left))
            if not piece:
                raise StoreError(NO_BACKUP)
            left -= len(piece)
            yield piece


def _sealed(secret: AESGCM, number: int, content: bytes, *, last: bool) -> bytes:
    return secret.encrypt(_nonce(number), content, _bound(last=last))


def _nonce(number: int) -> bytes:
    """Each piece of a backup has its own number under its own key, so that no nonce comes twice."""
    return number.to_bytes(12, "big")


def _bound(*, last: bool) -> bytes:
    return MAGIC + (b"last" if last else b"more")
