"""The tables of the vault: apart from it, so that making a workspace need not open it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, MetaData, String, Table, UniqueConstraint

NAME = "vault"
META = MetaData(schema=NAME)

# One row: something known, sealed with the master key, that tells whether a key fits.
lock = Table("lock", META, Column("sealed", LargeBinary, nullable=False))
data_keys = Table(
    "data_keys",
    META,
    Column("review", String, primary_key=True),
    Column("nonce", LargeBinary, nullable=False, unique=True),
    Column("wrapped", LargeBinary, nullable=False),
)
blobs = Table(
    "blobs",
    META,
    Column("review", String, ForeignKey(f"{NAME}.data_keys.review"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("nonce", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("review", "nonce"),
)
