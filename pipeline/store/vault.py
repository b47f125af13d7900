"""The vault: raw texts, each review under a key of its own, wrapped by the master key.

AES-256-GCM throughout. What a seal is bound to (workspace, review, name) is authenticated
with it, so that a blob that was moved to another place does not open. Nonces are 96 random
bits, drawn anew for each seal; the tables refuse one that comes twice under a key.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.sqlite import insert as put

from pipeline.errors import StoreError
from pipeline.store.database import Database
from pipeline.store.vault_tables import blobs, data_keys, lock
from pipeline.store.workspace import Workspace

NONCE_BYTES = 12
# What stands in the place of a raw text that was purged while its publication stays.
PURGED = "purged"
_KNOWN = b"candour vault 1"
_WRONG_KEY = (
    "The key does not fit this workspace. No report was opened. Bring back the key that was "
    "made with it, or name it in CANDOUR_KEY_FILE."
)
_DOES_NOT_OPEN = (
    "What the vault holds of this review cannot be opened: it was changed or is damaged. "
    "Nothing of it was used. Restore the whole workspace from one backup."
)
_PURGED = (
    "The raw text of this review was purged: its key is destroyed, and nobody can open it. Nothing "
    "was done. What was published of it stays, and so does the safe text."
)
_NOT_THERE = (
    "The vault does not hold that part of this review. Nothing was done. Take the review in "
    "again, or restore the whole workspace from one backup."
)


class Vault:
    """Named blobs by review, open for whoever has the master key."""

    def __init__(self, database: Database, workspace: str, master: AESGCM) -> None:
        self._database = database
        self._workspace = workspace
        self._master = master

    @classmethod
    def unlock(cls, workspace: Workspace) -> Vault:
        """The vault of a workspace; StoreError where the key is missing or not its own."""
        master = AESGCM(workspace.keys.master_key())
        vault = cls(workspace.database, workspace.id, master)
        vault._try_key()
        return vault

    def put(self, review: str, name: str, content: bytes) -> None:
        """Keep a blob in the place of an older one of that name."""
        with self._database.writing() as connection:
            key = self._key(review) or self._new_key(review)
            nonce = os.urandom(NONCE_BYTES)
            sealed = key.encrypt(nonce, content, self._bound(review, name))
            row = {"review": review, "name": name, "nonce": nonce, "sealed": sealed}
            connection.execute(
                put(blobs).values(row).on_conflict_do_update(["review", "name"], set_=row)
            )

    def get(self, review: str, name: str) -> bytes:
        """A blob as it was put in; StoreError where it is not there or was changed."""
        query = select(blobs.c.nonce, blobs.c.sealed).where(
            blobs.c.review == review, blobs.c.name == name
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        key = self._key(review)
        if row is None or key is None:
            why = _PURGED if self.is_purged(review) else _NOT_THERE
            raise StoreError(why, review=review)
        try:
            return key.decrypt(row.nonce, row.sealed, self._bound(review, name))
        except InvalidTag as error:
            raise StoreError(_DOES_NOT_OPEN, review=review) from error

    def names(self, review: str) -> tuple[str, ...]:
        """The names of a review's blobs."""
        query = select(blobs.c.name).where(blobs.c.review == review).order_by(blobs.c.name)
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    def each(self, name: str) -> Iterator[tuple[str, bytes]]:
        """The blobs of one name, of every review that has one, in the order of the reviews' ids.

        One query for all: a register of thousands of reviews is listed without opening any.
        """
        query = (
            select(blobs.c.review, blobs.c.nonce, blobs.c.sealed, data_keys.c.nonce.label("of_key"),
                   data_keys.c.wrapped)
            .join(data_keys, data_keys.c.review == blobs.c.review)
            .where(blobs.c.name == name)
            .order_by(blobs.c.review)
        )  # fmt: skip
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            try:
                key = self._master.decrypt(row.of_key, row.wrapped, self._bound(row.review))
                bound = self._bound(row.review, name)
                yield row.review, AESGCM(key).decrypt(row.nonce, row.sealed, bound)
            except InvalidTag as error:
                raise StoreError(_DOES_NOT_OPEN, review=row.review) from error

    def reviews(self) -> tuple[str, ...]:
        """The reviews that the vault has a key for."""
        with self._database.reading() as connection:
            return tuple(
                connection.scalars(select(data_keys.c.review).order_by(data_keys.c.review))
            )

    def is_purged(self, review: str) -> bool:
        """Whether its raw text was purged, and only what belongs to its publications is kept."""
        return PURGED in self.names(review)

    def fingerprint(self, review: str, salt: bytes) -> str:
        """A salted hash of a review's wrapped key, "" where it has none.

        By it a key in a backup can be told to be the one that was destroyed.
        """
        query = select(data_keys.c.nonce, data_keys.c.wrapped).where(data_keys.c.review == review)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return "" if row is None else hmac.digest(salt, row.nonce + row.wrapped, "sha256").hex()

    def purge(self, review: str, keep: Sequence[str] = ()) -> None:
        """Destroy a review's key, then its blobs; what they took up is overwritten.

        What is named to be kept is sealed anew under another key, with a mark that the rest is
        gone. An older copy of the workspace still holds the wrapped key: see `flow.taken_back`.
        """
        with self._database.writing() as connection:
            kept = {name: self.get(review, name) for name in keep}
            # The key goes although blobs still refer to it: the check waits for the end.
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            connection.execute(delete(data_keys).where(data_keys.c.review == review))
            connection.execute(delete(blobs).where(blobs.c.review == review))
            if keep:
                for name, content in (*kept.items(), (PURGED, b"")):
                    self.put(review, name, content)

    def _bound(self, *place: str) -> bytes:
        """What a seal is bound to."""
        return json.dumps([self._workspace, *place]).encode()

    def _key(self, review: str) -> AESGCM | None:
        query = select(data_keys.c.nonce, data_keys.c.wrapped).where(data_keys.c.review == review)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        try:
            return AESGCM(self._master.decrypt(row.nonce, row.wrapped, self._bound(review)))
        except InvalidTag as error:
            raise StoreError(_DOES_NOT_OPEN, review=review) from error

    def _new_key(self, review: str) -> AESGCM:
        key, nonce = AESGCM.generate_key(bit_length=256), os.urandom(NONCE_BYTES)
        wrapped = self._master.encrypt(nonce, key, self._bound(review))
        with self._database.writing() as connection:
            row = {"review": review, "nonce": nonce, "wrapped": wrapped}
            connection.execute(insert(data_keys).values(row))
        return AESGCM(key)

    def _try_key(self) -> None:
        """Open what is known to open; the first key that comes makes the lock."""
        with self._database.reading() as connection:
            sealed = connection.execute(select(lock.c.sealed)).scalar()
        if sealed is None:
            nonce = os.urandom(NONCE_BYTES)
            sealed = nonce + self._master.encrypt(nonce, _KNOWN, self._bound())
            with self._database.writing() as connection:
                connection.execute(insert(lock).values(sealed=sealed))
        try:
            known = self._master.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound())
        except InvalidTag as error:
            raise StoreError(_WRONG_KEY) from error
        if known != _KNOWN:
            raise StoreError(_WRONG_KEY)
