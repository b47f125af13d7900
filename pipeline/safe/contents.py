"""Lines of the title and of the table of contents: they name what follows and say nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.safe.lesson import SafeBlock, SafeDocument
from pipeline.span import BlockKind

LEAST = 3  # lines in a row with a page number, where no heading says that they are contents
LONGEST = 16  # words of such a line
TITLE = 10  # words of a line of a title
_OPENS = re.compile(r"\W*(?:table of )?contents(?: page)?\W*|\W*in this (?:report|review)\W*", re.I)
_PAGE = re.compile(r"(?P<name>.*[^\W\d].*?)(?P<page>\b\d{1,3})", re.DOTALL)
# Digits that stand for something else than a page.
_COUNTED = re.compile(
    r"\b(?:recommendation|lesson|finding|point|action|theme|section|part|year|child|adult|number|no"
    r"|for|of|to|in|the|is|was|at|than)\W*$",
    re.I,
)
_NUMBER = re.compile(r"^\W*(?:\d{1,2}(?:\.\d{1,2})*[.):]?|[a-z][.)]|[ivx]+[.)])\s+", re.I)


def contents(document: SafeDocument) -> frozenset[int]:
    """Where the blocks begin that are lines of a table of contents, or the line that opens it.

    Lines that end in a page number, and the numbers never fall; three of them in a row do, and
    below a line such as "Contents" one does. Below such a line, a line counts as well if the text
    has it again as a line of its own.
    """
    text = document.text.value
    blocks = [one for one in document.blocks if one.kind is not BlockKind.FURNITURE]
    told = [_names(block, text) for block in blocks]
    found: set[int] = set()
    at = 0
    while at < len(blocks):
        opened = _OPENS.fullmatch(blocks[at].span.of(text)) is not None
        run = list(_run(blocks, told, at + opened, text, opened=opened))
        if len(run) >= (1 if opened else LEAST):
            found |= {blocks[n].span.start for n in (range(at, run[-1] + 1) if opened else run)}
        at = max([at, *run]) + 1
    return frozenset(found)


def title(document: SafeDocument) -> frozenset[int]:
    """Where the short lines begin that stand above the first heading or statement of a report."""
    text = document.text.value
    found: list[int] = []
    for block in (one for one in document.blocks if one.kind is not BlockKind.FURNITURE):
        line = block.span.of(text).strip()
        short = len(line.split()) <= TITLE and not line.endswith((".", ":", ";", "!", "?"))
        if block.kind is not BlockKind.PARAGRAPH or block.number or not short:
            return frozenset(found)
        if _NUMBER.match(line):
            return frozenset(found)
        found.append(block.span.start)
    return frozenset()


def _run(
    blocks: Sequence[SafeBlock], told: Sequence[str], at: int, text: str, *, opened: bool
) -> Iterator[int]:
    """The places of the lines of one table of contents that begins at `at`, in order."""
    last = 0
    for place in range(at, len(blocks)):
        match = _paged(blocks[place], text)
        if match is not None and int(match["page"]) >= last:
            last = int(match["page"])
        elif not (opened and told[place] and told[place] in told[place + 1 :]):
            return
        yield place


def _paged(block: SafeBlock, text: str) -> re.Match[str] | None:
    line = block.span.of(text).strip()
    if block.rows or block.kind is BlockKind.FOOTNOTE or len(line.split()) > LONGEST:
        return None
    match = _PAGE.fullmatch(line)
    if match is None or re.search(r"[!?;:,]\s*$", match["name"]) or _COUNTED.search(match["name"]):
        return None
    return match


def _names(block: SafeBlock, text: str) -> str:
    """What a line of contents, or a heading, names: in small letters, without number and page."""
    line = " ".join(block.span.of(text).split())
    if block.rows or len(line.split()) > LONGEST or line.endswith((".", ":", ";", ",", "?")):
        return ""
    return _NUMBER.sub("", line).strip(" .…").lower()
