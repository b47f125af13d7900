"""A review as a text file, with the flaws that text extracted from reports has."""

from __future__ import annotations

import random
import re

from pipeline.training import artefacts
from pipeline.training.artefacts import Artefacts
from pipeline.training.report import Item, Report
from pipeline.training.rich import Edit, Passage, Placed, Rich, edited, join, with_inserted


def _cells(item: Item, flaws: Artefacts) -> Rich:
    """A table as extraction leaves it: a line a cell, or a line a row."""
    between = {"line": "\n", "tab": "\t", "spaces": "   "}[flaws.cells]
    rows = []
    for row in item.rows:
        cells = [c for c in row if c.text] if flaws.cells == "line" else list(row)
        rows.append(join(cells, between))
    return join(rows, "\n")


def _contents_line(item: Item, flaws: Artefacts) -> Rich:
    dots = "." * max(12, 70 - len(item.text.text)) if flaws.leaders else "   "
    return item.text + Rich.of(f"{dots}{item.number}")


def _one(rng: random.Random, item: Item, flaws: Artefacts) -> Rich:
    """The text of one item, its number or bullet before it."""
    if item.kind == "table":
        text = _cells(item, flaws)
    elif item.kind == "contents":
        text = _contents_line(item, flaws)
    elif item.kind == "bullet":
        text = Rich.of(flaws.bullet) + item.text
    elif item.kind == "footnote":
        form = {"fused": "{}{}", "bracket": "[{}] {}", "plain": "{} {}"}[flaws.footnote]
        text = Rich.of(form.format(item.number, "")) + item.text
    elif item.number:
        between = rng.choice((" ", "  ", "\t", " ")) if item.kind == "heading" else " "
        text = Rich.of(item.number + between) + item.text
    else:
        text = item.text
    if item.passage is not None and text.text:
        text = Rich(text.text, (*text.placed, Placed(0, len(text.text), item.passage)))
    return text


def plain(rng: random.Random, report: Report, flaws: Artefacts) -> Rich:
    """The review in order, a blank line between its pieces, lines not yet broken."""
    parts: list[Rich] = []
    for index, item in enumerate(report.items):
        if item.kind == "break":
            continue
        tight = item.kind in {"contents", "bullet", "cover"}
        before = report.items[index - 1].kind if index else ""
        between = "\n" if tight and before == item.kind else "\n\n"
        parts += [Rich.of(between if index else ""), _one(rng, item, flaws)]
    return join([*parts, Rich.of("\n")])


def _shortened(text: Rich, length: int) -> Rich:
    """A title as document-sharing sites cut it off, in the middle of a name if it falls so."""
    if len(text.text) <= length:
        return text
    return edited(text, [Edit(length, len(text.text), "…", splits=True)])


def _furniture(report: Report, flaws: Artefacts, page: int, pages: int) -> Rich:
    """The foot of one page and the head of the next."""
    parts = [Rich.of("\n")]
    if report.footer.text and flaws.header:
        parts += [report.footer, Rich.of("\n")]
    if flaws.page_mark:
        parts.append(Rich.of(flaws.page_mark.format(n=page, of=pages) + "\n"))
    if flaws.watermark:
        parts.append(Rich.of("D\nR\nA\nF\nT\n"))
    if random.Random(f"blank/{report.id}/{page}").random() < flaws.blank_page:
        parts.append(Rich.of("This page is intentionally left blank\n"))
    if flaws.site:
        parts += [Rich.of(f"\nPage {page + 1}: "), _shortened(report.header, 38), Rich.of("\n")]
    if flaws.header:
        parts += [Rich.of("\n"), report.header, Rich.of("\n")]
    text = join([*parts, Rich.of("\n")])
    start, end = len(text.text) - len(text.text.lstrip()), len(text.text.rstrip())
    if start >= end:
        return text
    return Rich(text.text, (*text.placed, Placed(start, end, Passage("furniture"))))


def _paged(report: Report, rich: Rich, flaws: Artefacts) -> Rich:
    """The text with furniture between its pages, in the middle of sentences as it falls."""
    if not (flaws.header or flaws.page_mark or flaws.watermark or flaws.site):
        return rich
    ends = [m.end() for m in re.finditer("\n", rich.text)]
    per_page = flaws.page_lines if flaws.width else max(8, flaws.page_lines // 3)
    cuts = ends[per_page - 1 : -3 : per_page]
    pages = len(cuts) + 1
    return with_inserted(
        rich, [(at, _furniture(report, flaws, n, pages)) for n, at in enumerate(cuts, start=1)]
    )


def _line_ends(rich: Rich, flaws: Artefacts) -> Rich:
    """The text with a blank line after each line, or with the line ends of another system."""
    new = "\n\n" if flaws.spaced else "\n"
    new = new.replace("\n", flaws.newline)
    if new == "\n":
        return rich
    return edited(rich, [Edit(m.start(), m.end(), new) for m in re.finditer("\n", rich.text)])


def rendered(rng: random.Random, report: Report, flaws: Artefacts) -> Rich:
    """The text of the file, code point by code point, with all that stands in it."""
    text = artefacts.characters(rng, plain(rng, report, flaws), flaws)
    text = artefacts.wrapped(rng, text, flaws)
    return _line_ends(_paged(report, text, flaws), flaws)
