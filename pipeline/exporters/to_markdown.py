"""A report as Markdown (CommonMark, with pipe tables), for tools that take plain files."""

from __future__ import annotations

import re

from pipeline.exporters.tree import whole_rows
from pipeline.safe import frame
from pipeline.safe.lesson import SafeBlock, SafeDocument
from pipeline.span import BlockKind, Span

_SPECIAL = re.compile(r"[\\`*_<>|~&]")
_NUMBERED = re.compile(r"(?m)^(\s*\d+)([.)])(?=\s)")
_GLYPH = re.compile(r"^(?:[•·▪◦‣○●■□➢✓\uf0b7\uf0a7*–—-])\s+")


def render(document: SafeDocument, *, public_id: str) -> bytes:
    """The document as Markdown in UTF-8; the same input gives the same bytes."""
    first, *rest = frame.top(
        public_id, document.profile, draft=document.draft, version=document.version
    )
    parts = [f"# {escaped(first)}"]
    parts += [
        f"**{escaped(line)}**" if line.startswith(frame.DRAFT) else escaped(line) for line in rest
    ]
    after_bullet = False
    for block in document.blocks:
        is_bullet = block.kind is BlockKind.BULLET
        text = _block(document, block)
        if is_bullet and after_bullet:
            parts[-1] += f"\n{text}"
        else:
            parts.append(text)
        after_bullet = is_bullet
    return ("\n\n".join(parts) + "\n").encode()


def escaped(text: str) -> str:
    r"""The text with whatever Markdown would read as markup made plain.

    >>> print(escaped("1. a*b [x](y)"))
    1\. a\*b [x]\(y)
    """
    text = _SPECIAL.sub(lambda m: "\\" + m.group(), text)
    text = _NUMBERED.sub(r"\1\\\2", text)
    text = re.sub(r"(?m)^(\s*)([#+=\[-])", r"\1\\\2", text)
    return re.sub(r"\](?=[(\[])", r"]\\", text)


def _block(document: SafeDocument, block: SafeBlock) -> str:
    text = block.span.of(document.text.value)
    if block.kind is BlockKind.TABLE and block.rows:
        return _table(document, block)
    if block.kind is BlockKind.HEADING:
        level = min(6, 1 + max(1, block.level or 1))
        return "#" * level + " " + escaped(" ".join(text.split()))
    if block.kind is BlockKind.BULLET:
        indent = "  " * (max(1, block.level or 1) - 1)
        return f"{indent}- " + escaped(_GLYPH.sub("", text)).replace("\n", f"\n{indent}  ")
    lines = escaped(text).split("\n")
    if block.kind is BlockKind.QUOTE:
        return "\n".join(f"> {line}" for line in lines)
    return "\\\n".join(line.strip() for line in lines if line.strip())


def _table(document: SafeDocument, block: SafeBlock) -> str:
    width = max(len(row) for row in block.rows)
    lines = []
    for n, row in enumerate(whole_rows(block, document.text.value)):
        cells = [_cell(document, cell) for cell in (*row, *(None,) * (width - len(row)))]
        lines.append("| " + " | ".join(cells) + " |")
        if n == 0:
            lines.append("|" + " --- |" * width)
    return "\n".join(lines)


def _cell(document: SafeDocument, cell: Span | None) -> str:
    return "" if cell is None else escaped(" ".join(cell.of(document.text.value).split()))
