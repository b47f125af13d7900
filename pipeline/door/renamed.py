"""Files that go out under a late id: but for it, they are those that were approved."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from pipeline.door import artefact_pdf

_PAGE = re.compile(r"\d{1,5}$")
_Part = tuple[str, tuple[int, int, int, int, int, int], int, int, bytes]


def differing(
    approved: Mapping[str, bytes], out: Mapping[str, bytes], text: str, *, undrawn: str, drawn: str
) -> tuple[str, ...]:
    """The names of approved files that are not, but for the id, among those that go out.

    `text` is the safe text. With `undrawn` in the place of `drawn`, a file must be the approved
    one byte for byte, a Word file part by part; a PDF, whose fonts hold the signs that it shows
    and no others, line by line.
    """
    back = {name.replace(drawn, undrawn): data for name, data in out.items()}
    return tuple(
        name
        for name in sorted({*approved, *back})
        if name not in approved
        or name not in back
        or not _same(name, approved[name], back[name], text, (drawn, undrawn))
    )


def _same(name: str, before: bytes, after: bytes, text: str, ids: tuple[str, str]) -> bool:
    ending = PurePosixPath(name).suffix
    if ending == ".pdf":
        shown = _lines(after, text, ids)
        return shown is not None and shown == _lines(before, text, ids)
    if ending == ".docx":
        parts = _parts(after, ids)
        return parts is not None and parts == _parts(before, ids)
    return _back(after, ids) == before


def _back(data: bytes, ids: tuple[str, str]) -> bytes:
    drawn, undrawn = ids
    return data.replace(drawn.encode(), undrawn.encode())


def _parts(data: bytes, ids: tuple[str, str]) -> list[_Part] | None:
    """The parts of a package in their order, with all that is told of each; None of no package."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return [
                (e.filename, e.date_time, e.compress_type, e.external_attr,
                 _back(package.read(e), ids))
                for e in package.infolist()
            ]  # fmt: skip
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None


def _lines(data: bytes, text: str, ids: tuple[str, str]) -> list[str] | None:
    """The lines around a PDF's text and those of its contents; None where its text is another."""
    pdf = artefact_pdf.of_pdf(data, draft=False)
    if pdf.reading.problems or not artefact_pdf.same_text(pdf.stretches, text):
        return None
    around, told = pdf.reading.around, pdf.reading.headings
    # One id is a little wider than another, so that what is told of pages is not compared.
    return [
        *(artefact_pdf.bare(line).replace(*ids) for line in around),
        *(_PAGE.sub("", artefact_pdf.bare(line).replace(*ids)) for line in told),
    ]
