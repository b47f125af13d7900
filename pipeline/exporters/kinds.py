"""The formats of exports for researchers, and what is listed in them."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    QDC = "qdc"
    QDPX = "qdpx"
    RIS = "ris"


class What(StrEnum):
    """What is listed."""

    PASSAGES = "passages"
    LESSONS = "lessons"
    REVIEWS = "reviews"
    CODINGS = "codings"
