"""The tables of the library."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Integer, MetaData, String, Table, Text

NAME = "library"
META = MetaData(schema=NAME)

documents = Table(
    "documents",
    META,
    Column("review", String, primary_key=True),
    Column("profile", String, primary_key=True),
    Column("draft", Boolean, nullable=False),
    Column("sha256", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("blocks", Text, nullable=False),
    Column("swaps", Text, nullable=False),
    Column("facts", Text, nullable=False),
)
runs = Table(
    "runs",
    META,
    Column("run", Integer, primary_key=True, autoincrement=True),
    Column("drafts", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)
passages = Table(
    "passages",
    META,
    Column("run", Integer, primary_key=True),
    Column("at", Integer, primary_key=True),
    Column("review", String, nullable=False, index=True),
    Column("passage", String, nullable=False),
    Column("page", Integer, nullable=False),
    Column("paragraph", String),
    Column("heading", Text),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("role", String, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("themes", Text, nullable=False),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(["run"], [f"{NAME}.runs.run"], ondelete="CASCADE"),
)
lessons = Table(
    "lessons",
    META,
    Column("run", Integer, primary_key=True),
    Column("at", Integer, primary_key=True),
    Column("lesson", String, nullable=False),
    Column("theme", String, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    ForeignKeyConstraint(["run"], [f"{NAME}.runs.run"], ondelete="CASCADE"),
)
