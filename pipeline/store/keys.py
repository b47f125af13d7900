"""The keys of a workspace: where they lie, how they are made, and a warning where they lie badly.

The master key wraps the data key of each review; the signing key signs manifests. Both lie
outside the workspace, so that a copy or a backup of the workspace alone opens nothing.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from platformdirs import user_config_path

from pipeline.errors import StoreError

KEY_BYTES = 32
INSIDE_WARNING = (
    "The key of this workspace lies inside the workspace: whoever copies the folder can read "
    "every report in it. Move the key elsewhere and set CANDOUR_KEY_FILE."
)
_MISSING = (
    "The key of this workspace was not found. No report was opened. Bring the key file back from "
    "where it is kept, or name it in CANDOUR_KEY_FILE."
)
_UNREADABLE = (
    "The key file of this workspace cannot be read or is not a key. No report was opened. Check "
    "who owns it, or bring it back from where it is kept."
)
_NOT_MADE = (
    "The key of the workspace could not be written. The workspace was not made. Check the folder "
    "for keys, or name another file in CANDOUR_KEY_FILE."
)


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """Where the two keys of one workspace lie."""

    master: Path
    signing: Path

    @property
    def taken_back(self) -> Path:
        """The list of what was withdrawn and purged: beside the keys, where no backup reaches."""
        return self.master.with_name(f"{self.master.stem}.taken-back.jsonl")

    def inside(self, home: Path) -> bool:
        """Whether a key lies in the workspace itself, where a copy of it takes the key along."""
        return self.master.resolve().is_relative_to(home.resolve())

    def make(self) -> None:
        """Write both keys, readable by their owner only; a key that is there is kept."""
        signing = Ed25519PrivateKey.generate().private_bytes_raw()
        try:
            self.master.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path, key in ((self.master, os.urandom(KEY_BYTES)), (self.signing, signing)):
                if not path.exists():
                    _write(path, key)
        except OSError as error:
            raise StoreError(_NOT_MADE) from error

    def master_key(self) -> bytes:
        """The 32 bytes that wrap the data keys."""
        return _read(self.master)

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs this workspace's manifests."""
        return Ed25519PrivateKey.from_private_bytes(_read(self.signing))


def files(workspace: str) -> KeyFiles:
    """Where the keys of the workspace with this id lie: CANDOUR_KEY_FILE, or the user's folder."""
    named = os.environ.get("CANDOUR_KEY_FILE")
    if named:
        master = Path(named)
    else:
        master = user_config_path("candour", appauthor=False) / "keys" / f"{workspace}.key"
    return KeyFiles(master, master.with_name(f"{master.stem}.signing.key"))


def _write(path: Path, key: bytes) -> None:
    """Write the key beside its place first, so that a key file is whole or absent."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(base64.b64encode(key) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def _read(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except FileNotFoundError as error:
        raise StoreError(_MISSING) from error
    except (OSError, binascii.Error) as error:
        raise StoreError(_UNREADABLE) from error
    if len(key) != KEY_BYTES:
        raise StoreError(_UNREADABLE)
    return key
