"""Where in a block stands what a person has to look at: the words of a comment, of a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.raw.document import Document, Unread, UnreadKind
from pipeline.raw.readers.docx_text import Mark
from pipeline.span import BlockKind, Span


@dataclass(frozen=True, slots=True)
class Anchor:
    """The words that a mark is about, and the text of its paragraph from them on."""

    words: str
    rest: str


def anchor(text: str, mark: Mark) -> Anchor:
    """The anchor of a mark in a paragraph's text, white space evened out.

    >>> anchor("The  nurse called.", Mark(UnreadKind.COMMENT, "", 5, 10))
    Anchor(words='nurse', rest='nurse called.')
    """
    words = " ".join(text[mark.start : mark.end].split())
    return Anchor(words, " ".join(text[mark.start :].split()))


def narrowed(document: Document, anchors: Sequence[Anchor]) -> Document:
    """The document with its marks at their own words, where these are found, not at the block.

    `anchors` are those of the marks, in the order of the list. Lines about the text itself come
    after them and have their own words already. Where the two do not pair, as with a paragraph
    that came to nothing, every mark stays at its block: too wide, and never at another's words.
    """
    placed = [line for line in document.unread if _is_mark(line)]
    loose = tuple(line for line in document.unread if line.span is None)
    own = tuple(line for line in document.unread if line.span and not _is_mark(line))
    if len(placed) != len(anchors):
        return document
    kinds = {block.span: block.kind for block in document.blocks}
    pairs = list(zip(placed, anchors, strict=True))
    alike: dict[object, list[int]] = {}
    for at, (line, one) in enumerate(pairs):
        alike.setdefault((line.what, line.span, one.words), []).append(at)
    made = []
    for at, (line, one) in enumerate(pairs):
        beside = alike[line.what, line.span, one.words]
        merged = kinds.get(line.span) in (BlockKind.TABLE, BlockKind.FOOTNOTE)
        nth = (beside.index(at), len(beside)) if merged else None
        made.append(_narrowed(document.text, line, one, nth))
    return replace(document, unread=(*loose, *made, *own))


def _is_mark(line: Unread) -> bool:
    return line.span is not None and line.what is not UnreadKind.LANGUAGE


def _narrowed(text: str, line: Unread, one: Anchor, nth: tuple[int, int] | None) -> Unread:
    if line.span is None or not one.words:
        return line
    block = line.span.of(text)
    if nth is None:
        start = len(block) - len(one.rest)
        found = block.endswith(one.rest) and one.rest.startswith(one.words)
    else:
        # Several paragraphs as one block: certain only where every such place has its mark.
        places = _places(block, one.words)
        found = len(places) == nth[1]
        start = places[nth[0]] if found else 0
    if not found:
        return line
    begin = line.span.start + start
    return replace(line, span=Span(begin, begin + len(one.words)))


def _places(block: str, words: str) -> list[int]:
    out, at = [], block.find(words)
    while at >= 0:
        out.append(at)
        at = block.find(words, at + len(words))
    return out
