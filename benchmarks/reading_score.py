"""What a reader got right of a file whose truth is known: furniture, paragraphs, names, cells."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pipeline.match import Names
from pipeline.raw.document import Document
from pipeline.span import BlockKind
from pipeline.training.truth import BULLET, Known, Truth, single

_LEADERS = re.compile(r"\s*(?:\.\s?){4,}\s*|\s*…{2,}\s*")
_MARK = re.compile(r"((?:[^\W\d]|[)’”\"%])[.,;:!?]|[)’”\"])\s?(\d{1,2})$")
_BORDERLESS = "borderless table"
_PAGE = re.compile(r" \d+$")
_WORDS_ONLY = ("cover", "contents")
_SIGNS = (BULLET, "-", "–", "o", "*")


@dataclass(slots=True)
class Tally:
    """Right and all, by measure and artefact."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)

    def add(self, artefact: str, good: int, of: int = 1) -> None:
        """Counts so many right ones of so many."""
        self.right[artefact] += good
        self.all[artefact] += of

    @property
    def share(self) -> float:
        """The share that is right; 1 where there is nothing to get right."""
        every = sum(self.all.values())
        return sum(self.right.values()) / every if every else 1.0


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that went wrong: the measure, where, and what was expected and seen."""

    measure: str
    file: str
    page: int
    block: int
    artefact: str
    expected: str
    seen: str
    how: str = ""


@dataclass(slots=True)
class Score:
    """The tallies of many files, and what went wrong in them."""

    tallies: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misses: list[Miss] = field(default_factory=list)


def score(total: Score, file: str, truth: Truth, document: Document) -> None:
    """Adds what one file gives to the total."""
    _furniture(total, file, truth, document)
    _blocks(total, file, truth, document)
    _cells(total, file, truth, document)
    _names(total, file, truth, document)


# Furniture -------------------------------------------------------------------------------------


def _furniture(total: Score, file: str, truth: Truth, document: Document) -> None:
    """Each line of the edges must be furniture of its page, and nothing else may be."""
    pool: dict[int, Counter[str]] = defaultdict(Counter)
    paged = document.media == "application/pdf"
    for block in document.blocks:
        if block.kind is BlockKind.FURNITURE:
            pool[block.page if paged else 1].update(block.text.split())
    margins = {single(m) for m in document.margins}
    body = _by_page(document)
    # Letters of a watermark that stand in the text cannot be told apart by page: they are counted.
    marked = _watermarks(truth.text, document.text)
    for edge in sorted(truth.edges, key=lambda e: -len(e.text)):
        words = Counter(edge.text.split())
        out = words <= pool[edge.page]
        if out:
            pool[edge.page] -= words
        elif edge.artefact.startswith("watermark"):
            out = edge.page > marked
        elif edge.text in margins and f" {edge.text} " not in body[edge.page]:
            out = True
        total.tallies["furniture out"].add(edge.artefact, int(out))
        if not out:
            miss = Miss("furniture out", file, edge.page, -1, edge.artefact, edge.text, "")
            total.misses.append(miss)
    _thrown_out(total, file, truth, document, pool)


def _watermarks(wanted: str, read: str) -> int:
    """On how many pages letters of a watermark stand in the text, at least."""
    extra = Counter(read.split()) - Counter(wanted.split())
    return extra["DRAFT"] + max(extra[letter] for letter in "DRFT")


def _by_page(document: Document) -> dict[int, str]:
    pages: dict[int, str] = defaultdict(lambda: " ")
    for block in document.blocks:
        if block.span is not None:
            pages[block.page] += single(block.text) + " "
    return pages


def _thrown_out(
    total: Score, file: str, truth: Truth, document: Document, left: dict[int, Counter[str]]
) -> None:
    """Furniture of the reader with words that no edge of the page has is body thrown out."""
    lost = 0
    for index, block in enumerate(document.blocks):
        if block.kind is not BlockKind.FURNITURE:
            continue
        page = block.page if document.media == "application/pdf" else 1
        extra = [w for w in block.text.split() if left[page][w] > 0]
        if not any(c.isalnum() for word in extra for c in word):
            continue
        left[page] -= Counter(extra)
        lost += 1
        miss = Miss("body thrown out", file, block.page, index, "", "", block.text)
        total.misses.append(miss)
    total.tallies["body kept"].add("", len(truth.blocks) - lost, len(truth.blocks))


# Blocks ----------------------------------------------------------------------------------------

_Key = tuple[str, str | None, str]


def comparable(text: str) -> str:
    """A block's text for comparing.

    White space is single, any bullet's sign the same one, a note's mark apart from the full
    stop before it (whether white space stands there or not), leaders are gone, and an apostrophe
    that was read in another encoding may be mended or not.
    """
    said = single(_LEADERS.sub(" ", text).replace("â€™", "’"))
    head, _, rest = said.partition(" ")
    said = f"{BULLET} {rest}" if head in _SIGNS else said
    return _MARK.sub(r"\1 \2", said)


def _key(block: Known) -> _Key:
    return block.kind, block.number, comparable(block.text)


def _blocks(total: Score, file: str, truth: Truth, document: Document) -> None:
    read: list[_Key] = []
    pages: list[int] = []
    for block in document.blocks:
        if block.span is not None and block.kind is not BlockKind.TABLE:
            read.append((block.kind.value, block.number, comparable(block.text)))
            pages.append(block.page)
    known = [b for b in truth.blocks if b.kind != "table"]
    fixed = [b for b in known if not b.free and b.kind not in _WORDS_ONLY]
    found = _in_order([_key(b) for b in fixed], read)
    loose = Counter(read)
    whole = f" {' '.join(text for _, _, text in read)} "
    at = 0
    for one in known:
        key = _key(one)
        if one.kind in _WORDS_ONLY:
            said = _PAGE.sub("", key[2]) if one.kind == "contents" else key[2]
            good = f" {said} " in whole
        elif one.free:
            good = loose[key] > 0
        else:
            good = at in found
            at += 1
        numbered = one.kind == "paragraph" and one.number is not None
        measure = "numbered paragraphs" if numbered else f"{one.kind} blocks"
        total.tallies[measure].add(one.artefact, int(good))
        if not good:
            place, seen = _nearest(key, read)
            page = pages[place] if place >= 0 else 0
            how = _how(key, read[place] if place >= 0 else None)
            miss = Miss(measure, file, page, place, one.artefact, _shown(key), seen, how)
            total.misses.append(miss)


def _in_order(fixed: Sequence[_Key], read: Sequence[_Key]) -> set[int]:
    """Which of the blocks are among those read, in order."""
    matcher = SequenceMatcher(None, fixed, read, autojunk=False)
    return {a + k for a, _, size in matcher.get_matching_blocks() for k in range(size)}


def _shown(key: _Key) -> str:
    return f"{key[0]} {key[1]} | {key[2]}"


def _how(wanted: _Key, seen: _Key | None) -> str:
    """What went wrong with a block, in a word or two."""
    if seen is None:
        return "not there"
    if wanted[2] == seen[2]:
        if wanted == seen:
            return "in another order"
        return f"read as {seen[0]}" if wanted[0] != seen[0] else "number lost or another"
    if wanted[2] in seen[2]:
        return "run together with other text"
    if seen[2] in wanted[2]:
        return "cut"
    return "other words"


def _nearest(key: _Key, read: Sequence[_Key]) -> tuple[int, str]:
    """The block read that shares most words with the one that is missing."""
    words = set(key[2].split())
    best, place = (False, 0, 0), -1
    for index, other in enumerate(read):
        shared = len(words & set(other[2].split()))
        rank = (other[2] == key[2], shared, -abs(len(other[2]) - len(key[2])))
        if shared and rank > best:
            best, place = rank, index
    return place, _shown(read[place]) if place >= 0 else ""


# Tables ----------------------------------------------------------------------------------------


def _cells(total: Score, file: str, truth: Truth, document: Document) -> None:
    """Every cell with words must be a cell, whole, and in order."""
    for part in ("fixed", "free"):
        known = [b for b in truth.blocks if b.kind == "table" and b.free == (part == "free")]
        known = [b for b in known if b.artefact != _BORDERLESS]
        wanted = [(cell, b.artefact) for b in known for row in b.rows for cell in row if cell]
        read = list(_cells_read(document))
        matcher = SequenceMatcher(None, [c for c, _ in wanted], read, autojunk=False)
        found = {a + k for a, _, size in matcher.get_matching_blocks() for k in range(size)}
        for index, (cell, artefact) in enumerate(wanted):
            total.tallies["cells"].add(artefact, int(index in found))
            if index not in found:
                total.misses.append(Miss("cells", file, 0, index, artefact, cell, ""))
    for block in truth.blocks:
        if block.artefact == _BORDERLESS:
            _laid_out(total, file, block, document)
    _rows(total, file, truth, document)


def _laid_out(total: Score, file: str, table: Known, document: Document) -> None:
    """The cells of a table without rules need not be cells, but whole and in order."""
    whole, at = single(document.text), 0
    for row in table.rows:
        for cell in row:
            found = whole.find(cell, at)
            total.tallies["cells"].add(table.artefact, int(found >= 0))
            if found < 0:
                total.misses.append(Miss("cells", file, 0, -1, table.artefact, cell, ""))
            else:
                at = found + len(cell)


def _cells_read(document: Document) -> Iterator[str]:
    for block in document.blocks:
        for row in block.rows:
            for cell in row:
                if cell is not None and (said := single(cell.of(document.text))):
                    yield said


def _rows(total: Score, file: str, truth: Truth, document: Document) -> None:
    """A row is right where its cells, the empty ones too, are those of a row that was read."""
    read = Counter(
        tuple("" if c is None else single(c.of(document.text)) for c in row)
        for block in document.blocks
        for row in block.rows
    )
    for block in truth.blocks:
        for row in block.rows if block.artefact != _BORDERLESS else ():
            good = read[row] > 0
            read[row] -= good
            total.tallies["rows"].add(block.artefact, int(good))
            if not good:
                miss = Miss("rows", file, 0, -1, block.artefact, " | ".join(row), "")
                total.misses.append(miss)


# Names -----------------------------------------------------------------------------------------


def _names(total: Score, file: str, truth: Truth, document: Document) -> None:
    """A mention counts where the matcher of names finds it as often as the truth has it."""
    mentions: dict[str, list[str]] = defaultdict(list)
    for block in truth.blocks:
        for name in block.names:
            mentions[name].append(block.artefact)
    # The reader mends these letters: the name is looked for as it is meant to be written.
    ideal = truth.text.replace("â€™", "’")
    for written, artefacts in mentions.items():
        name = written.replace("â€™", "’")
        matcher = Names([(name, name)])
        wanted = len(matcher.find(ideal))
        if not wanted:
            total.tallies["names that no text gives"].add("", 0, len(artefacts))
            continue
        lost = min(len(artefacts), max(0, wanted - len(matcher.find(document.text))))
        for index, artefact in enumerate(sorted(artefacts)):
            # The hard places come last in the order, so that a loss is counted to them.
            total.tallies["names"].add(artefact, int(index < len(artefacts) - lost))
        if lost:
            total.misses.append(Miss("names", file, 0, lost, "", name, ""))
