"""Figures of lists and tables: totals, how many there are, numbers left out of a numbering."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.raw.document import Block, Document
from pipeline.raw.figures_numbers import LONGEST, Part, counts, digits
from pipeline.raw.figures_rows import Figure, figure
from pipeline.span import BlockKind

TABLE = "A total of a table and the cells that it adds up."
BULLETS = "A total and the counts of the list below it."
LISTED = "How many there are said to be, and how many are named."
APPENDED = "How many there are said to be, and how many the list of them has."
NUMBERING = "A numbering and a number that it leaves out."

_TOTAL = re.compile(r"^\W*(?:grand |sub-?)?total", re.I)
_NAMED = re.compile(
    r"\b(\d{1,2})\s+(?:[a-z’'-]+\s+){0,4}?[a-z-]+s\b[^.:;\d]{0,60}?(?::|,? namely,?|"
    r",? which (?:were|are)|"
    r",? as follows:?)\s+([^.:;]+)[.]?$", re.I)  # fmt: skip
_PAGE_MARK = re.compile(r"(?:\w+ )?(?:page|final|p)?\W*\d{1,3}(?: of \d{1,3})?", re.I)
_LONGEST_ITEM = 6  # words of a named thing; a longer one is a clause
_LEAST_RUN = 4
MOST_LISTS = 40  # lists that are looked for in the prose: each is sought in all of it
_WORDS = re.compile(r"[a-z]{4,}")


def check(read: Sequence[Part], documents: Sequence[Document]) -> Iterator[Figure]:
    """The rows of lists in prose, of bullets, of lists in an appendix and of tables."""
    for at, part in enumerate(read):
        for sentence in part.sentences:
            yield from _named(part, sentence.text)
        yield from _bullets(read, at)
    yield from _appended(read)
    yield from _lined(read)
    yield from _numbering(read)
    for file, document in enumerate(documents, start=1):
        for block in document.blocks:
            if block.rows:
                yield from _table(document, block, file)


def _named(part: Part, text: str) -> Iterator[Figure]:
    found = _NAMED.search(text)
    if found is None or counts(found[2]):
        return
    pieces = [p.strip() for p in found[2].split(",") if p.strip()]
    last = pieces[-1]
    oxford = re.match(r"and\b", last)
    ends = re.split(r"\s+and\s+", last) if not oxford else [last]
    items = [*pieces[:-1], *ends]
    if len(items) < 2 or any(len(i.split()) > _LONGEST_ITEM for i in items):
        return
    if len(pieces) < 2 and len(ends) < 2:
        return
    most = len(items) + sum(len(re.findall(r"\band\b", p)) for p in pieces[:-1]) + len(ends) - 2
    least = len(items) - (0 if oxford or len(pieces) > 1 else 1)
    number = int(found[1])
    if number < 2:
        return
    holds = least <= number <= max(most, len(items))
    yield figure(holds, (part,), (number, len(items)), LISTED)


def _bullets(read: Sequence[Part], at: int) -> Iterator[Figure]:
    """A total before a list each of whose bullets has one count."""
    lead = read[at]
    if lead.kind is BlockKind.BULLET or not lead.text.rstrip().endswith(":") or not lead.sentences:
        return
    whole = counts(lead.sentences[-1].text)
    found: list[int] = []
    for part in read[at + 1 :]:
        if _PAGE_MARK.fullmatch(part.text):
            continue
        if part.kind is not BlockKind.BULLET or part.file != lead.file:
            break
        own = [n for s in part.sentences for n in counts(s.text)]
        if len(own) != 1:
            return
        found += own
    if len(found) >= 2 and len(whole) == 1:
        yield figure(sum(found) == whole[0], (lead,), (whole[0], *found), BULLETS)


def _stems(text: str) -> set[str]:
    return {w[:5] for w in _WORDS.findall(text.lower())}


def _appended(read: Sequence[Part]) -> Iterator[Figure]:
    """A list of short lines under a caption, and a count of the same things elsewhere."""
    at = lists = 0
    while at < len(read) and lists < MOST_LISTS:
        run = at
        while run < len(read) and _short(read[run]):
            run += 1
        if run - at >= _LEAST_RUN and at:
            lists += 1
            yield from _captioned(read, read[at - 1], run - at)
        at = max(run, at + 1)


def _short(part: Part) -> bool:
    plain = part.kind in (BlockKind.PARAGRAPH, BlockKind.BULLET)
    words = part.text.split()
    short = len(words) <= 4 and not re.search(r"[\d.:;]", part.text)
    return plain and short and part.text[:1].isupper()


def _captioned(read: Sequence[Part], caption: Part, size: int) -> Iterator[Figure]:
    own = _stems(caption.text)
    if len(own) < 3 or caption.text.endswith((".", ":")):
        return
    for part in read:
        if part is caption or part.file != caption.file:
            continue
        for sentence in part.sentences:
            if len(own & _stems(sentence.text)) < max(3, len(own) - 2):
                continue
            for m in re.finditer(
                r"\b(\d{1,3})\s+(?:of the\s+)?((?:[A-Za-z]+\s*){1,5})", sentence.text
            ):
                if own & _stems(m[2]) and abs(int(m[1]) - size) <= max(3, size // 2):
                    number = int(m[1])
                    # The first line may be the head of the list's one column.
                    holds = number in (size, size - 1)
                    yield figure(holds, (part, caption), (number, size - 1), APPENDED)


def _numbering(read: Sequence[Part]) -> Iterator[Figure]:
    """A list of ten or more numbers, each a line of its own, that leaves one out."""
    run: list[tuple[int, Part]] = []
    for part in read:
        alone = re.fullmatch(r"(\d{1,3})\.", part.text)
        if alone is None:
            continue
        value = int(alone[1])
        if run and (part.file != run[-1][1].file or value <= run[-1][0]):
            yield from _left_out(run)
            run = []
        run.append((value, part))
    yield from _left_out(run)


def _left_out(run: Sequence[tuple[int, Part]]) -> Iterator[Figure]:
    if len(run) < 10:
        return
    for (before, _), (after, part) in pairwise(run):
        if after == before + 2:
            yield figure(False, (part,), (before + 1, len(run), run[-1][0]), NUMBERING)


def _lined(read: Sequence[Part]) -> Iterator[Figure]:
    """Tables that were read as lines: a label and its numbers, the last label a total."""
    rows: list[tuple[str, list[int]]] = []
    head = ""
    first: Part | None = None
    for part, text in _lines(read):
        found = _rows_of(text)
        if not found or (rows and first is not None and part.file != first.file):
            if not _label(text):
                rows, head, first = [], "", None
            elif not rows:
                head = f"{head} {text}"
            continue
        first = first or part
        for label, numbers in found:
            if all(1900 <= n < 2100 for n in numbers):
                head = f"{head} {label}"
                rows = []
                continue
            if re.fullmatch(r"\W*(?:grand |sub-?)?totals?\W*", label, re.I):
                yield from _summed(first or part, rows, numbers, head)
                rows, head, first = [], "", None
                continue
            if label.lower().startswith("total "):
                head = f"{head} total"
            rows.append((label, numbers))


def _lines(read: Sequence[Part]) -> Iterator[tuple[Part, str]]:
    """The parts with the numbers put behind their label where each cell is a line."""
    at = 0
    while at < len(read):
        end = at + 1
        while end < len(read) and re.fullmatch(r"\d{1,6}", read[end].text):
            end += 1
        yield read[at], " ".join(p.text for p in read[at:end])
        at = end


def _label(text: str) -> bool:
    return len(text.split()) <= 8 and not text.rstrip().endswith((".", ":", ";"))


def _rows_of(text: str) -> list[tuple[str, list[int]]]:
    """The labels of a line and the two or more numbers after each; none where it is prose."""
    if len(text) > LONGEST or text.rstrip().endswith((".", ":", ";")):
        return []
    found = [
        (m[1].strip(), [int(n) for n in m[2].split()])
        for m in re.finditer(r"([^\d]+?)((?:\s+\d{1,6}){2,})(?=\s|$)", digits(text))
    ]
    return found if all(len(label.split()) <= 7 for label, _ in found) else []


def _summed(
    part: Part, rows: Sequence[tuple[str, list[int]]], totals: list[int], head: str
) -> Iterator[Figure]:
    same = [numbers for _, numbers in rows if len(numbers) == len(totals)]
    if len(same) < 2 or len(same) < len(rows):
        return
    for c, total in enumerate(totals):
        column = [row[c] for row in same]
        yield figure(sum(column) == total, (part,), (total, *column), TABLE)
    across = [*same, totals]
    if "total" in head.lower() or sum(sum(r[:-1]) == r[-1] for r in across) * 3 >= 2 * len(across):
        for row in across:
            yield figure(sum(row[:-1]) == row[-1], (part,), (row[-1], *row[:-1]), TABLE)


def _table(document: Document, block: Block, file: int) -> Iterator[Figure]:
    """The sums of a table that says which row or column is a total."""
    cells = [["" if c is None else c.of(document.text).strip() for c in row] for row in block.rows]
    part = Part(file, block.page, "", block.kind, "", "", ())
    width = max(map(len, cells), default=0)
    grid = [[_value(c) for c in row] + [None] * (width - len(row)) for row in cells]
    last = next((r for r in range(len(cells) - 1, 0, -1) if _TOTAL.match(cells[r][0])), None)
    column = next(
        (c for c in range(width - 1, 0, -1) if c < len(cells[0]) and _TOTAL.match(cells[0][c])),
        None,
    )
    if last is not None:
        for c in range(1, width):
            above = [
                grid[r][c] for r in range(last) if grid[r][c] is not None and not _head(cells, r, c)
            ]
            yield from _total(part, grid[last][c], above)
    if column is not None:
        for r in range(1, len(grid)):
            yield from _total(part, grid[r][column], [grid[r][c] for c in range(1, column)])


def _head(cells: Sequence[Sequence[str]], r: int, c: int) -> bool:
    """Whether a cell is a year that heads its column."""
    return r == 0 and bool(re.fullmatch(r"(?:19|20)\d\d", cells[r][c] if c < len(cells[r]) else ""))


def _value(cell: str) -> int | None:
    told = digits(cell)
    return int(told) if re.fullmatch(r"\d{1,7}", told) else None


def _total(part: Part, total: int | None, found: Sequence[int | None]) -> Iterator[Figure]:
    known = [n for n in found if n is not None]
    if total is not None and len(known) >= 1 and len(known) == len(found):
        yield figure(sum(known) == total, (part,), (total, *known), TABLE)
