"""A clean publication in every format, ways to open it up, and ways to plant a name in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

import pikepdf
import pypdfium2
from door_parts import document, person, redacted

from pipeline.door.redact import Redaction
from pipeline.exporters import to_docx, to_html, to_json, to_markdown, to_pdf, to_text
from pipeline.safe.lesson import SafeDocument
from pipeline.span import BlockKind, Kind

NAME = "Torvinka"
RENDER: dict[str, Callable[[SafeDocument], bytes]] = {
    ".html": lambda of: to_html.render(of, public_id="CR-0001"),
    ".txt": lambda of: to_text.render(of, public_id="CR-0001"),
    ".md": lambda of: to_markdown.render(of, public_id="CR-0001"),
    ".json": lambda of: to_json.render(of, public_id="CR-0001"),
    ".docx": lambda of: to_docx.render(of, public_id="CR-0001"),
    ".pdf": lambda of: to_pdf.render(of, public_id="CR-0001"),
}
ENDINGS = sorted(RENDER)
PARTS: tuple[str | tuple[BlockKind, str], ...] = (
    (BlockKind.HEADING, f"1. About {NAME} & others"),
    (BlockKind.HEADING, "2. What happened <here>"),
    f"1.1 {NAME} was seen on 5 May 2010. *No* [one] asked_why | or \\ how.\n1. It was late.",
    (BlockKind.BULLET, "• first of all"),
    (BlockKind.BULLET, "(b) second"),
    (BlockKind.BULLET, "third"),
    (BlockKind.TABLE, f"Who\tRole\n{NAME}\tsubject\nothers\t"),
    (BlockKind.QUOTE, "“We did not ask. Took Vi risk.”"),
    (BlockKind.FOOTNOTE, "1 See the Act."),
    (BlockKind.HEADING, "3. Learning"),
    "- Ask #1 + ask again. ~Now~ `or` never. [mother]: a word. Dŵr, żółć, ẹ́ kọ́.",
)


@lru_cache(maxsize=16)
def made(*, draft: bool = False, version: int = 0, old: str = "", new: str = "") -> Redaction:
    """The report with its child hidden: all letters of the name stay; `old` becomes `new`."""
    child = person("p", f"{NAME} Quarmby", NAME, "Quarmby", position="child")
    parts = [_changed(part, old, new) for part in PARTS]
    of = redacted(document(*parts), [child], [("5 May 2010", Kind.DATE, "")], draft=draft)
    return replace(of, document=replace(of.document, version=version))


def _changed(part: str | tuple[BlockKind, str], old: str, new: str) -> str | tuple[BlockKind, str]:
    if isinstance(part, str):
        return part.replace(old, new) if old else part
    return part[0], part[1].replace(old, new) if old else part[1]


def opened(ending: str, data: bytes) -> Iterator[str]:
    """Everything that a program finds in a file: bytes, parts, unpacked streams, strings, text."""
    yield data.decode("latin-1")
    yield data.decode("utf-8", errors="replace")
    if ending == ".docx":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                yield name
                yield package.read(name).decode()
    if ending == ".pdf":
        yield from _pdf(data)


def _pdf(data: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(data)) as file:
        for one in file.objects:
            if isinstance(one, pikepdf.Stream):
                content = one.read_bytes()
                yield content.decode("latin-1")
                yield content.decode("utf-16-be", errors="replace")
            elif isinstance(one, pikepdf.Dictionary | pikepdf.Array | pikepdf.String):
                text = one.unparse().decode("latin-1")
                yield text
                for run in re.findall(r"<([0-9a-fA-F]{4,})>", text):
                    yield bytes.fromhex(run + "0" * (len(run) % 2)).decode("utf-16-be", "replace")
    shown = pypdfium2.PdfDocument(data)
    for number in range(len(shown)):
        yield shown[number].get_textpage().get_text_range()
    shown.close()


def holds(texts: Iterator[str], name: str) -> bool:
    """Whether a name stands in any of the texts: as it is, in UTF-16, or in hexadecimal."""
    wide = "".join(f"\0{c}" for c in name)
    wanted = (name, wide, name.encode().hex(), name.encode("utf-16-be").hex())
    folded = [one.casefold() for one in wanted]
    return any(one in text.casefold() for text in texts for one in folded)


def saved(file: pikepdf.Pdf) -> bytes:
    """A changed PDF written as the exporter writes: only what was planted differs."""
    out = io.BytesIO()
    file.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        fix_metadata_version=False,
    )
    return out.getvalue()
