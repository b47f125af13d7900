"""Where the text of a web page ends, and what the page puts below it begins.

Other posts, comments and adverts below an article are about other matters and may speak of other
people: nothing of them is the report's.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.installed import shipped
from pipeline.safe.lesson import SafeBlock, SafeDocument
from pipeline.span import BlockKind

LEAST = 2  # how many such lines a page has; one alone may be a heading of a report
SHORT = 16  # words of such a line
BODY = 25  # words of a paragraph that belongs to an article


def page_end(document: SafeDocument) -> int:
    """The offset at which the text ends: the end of the document where no page goes on below it.

    The first line below a paragraph that only web pages have ends the text, if there are LEAST of
    them and no numbered paragraph, note or table follows. A heading right above it goes with it.
    """
    text = document.text.value
    found = [place for place, block in enumerate(document.blocks) if _is_page(block, text)]
    last = max((p for p, block in enumerate(document.blocks) if _is_report(block)), default=-1)
    first = next((p for p, b in enumerate(document.blocks) if _is_body(b, text)), None)
    below = [place for place in found if first is not None and place > max(first, last)]
    if len(found) < LEAST or not below:
        return len(text)
    start = below[0]
    while start > 0 and document.blocks[start - 1].kind is BlockKind.HEADING:
        start -= 1
    return document.blocks[start].span.start


def _is_report(block: SafeBlock) -> bool:
    return block.number is not None or block.kind in (BlockKind.FOOTNOTE, BlockKind.TABLE)


def _is_body(block: SafeBlock, text: str) -> bool:
    return block.kind is BlockKind.PARAGRAPH and len(block.span.of(text).split()) >= BODY


def is_line(words: str) -> bool:
    """Whether a line is one that only web pages and leaflets put around a text.

    >>> is_line("Related articles"), is_line("Related problems were missed.")
    (True, False)
    """
    flat = " ".join(words.split())
    short = len(flat.split()) <= SHORT
    return short and _pattern().fullmatch(flat.strip(" .:|•–-»«›‹")) is not None


def _is_page(block: SafeBlock, text: str) -> bool:
    return block.number is None and is_line(block.span.of(text))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    lines = shipped("configs/lists/page_furniture.txt").read_text(encoding="utf-8").splitlines()
    return re.compile("|".join(f"(?:{x})" for x in lines if x and not x.startswith("#")), re.I)
