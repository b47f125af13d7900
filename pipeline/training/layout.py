"""Numbers for headings and paragraphs, and the list of contents."""

from __future__ import annotations

import random
from dataclasses import replace

from pipeline.training.report import Item
from pipeline.training.rich import Rich

_BODY = {"paragraph"}


class _Counter:
    """Section, subsection and paragraph numbers in one scheme."""

    def __init__(self, rng: random.Random, scheme: str) -> None:
        self.rng = rng
        self.scheme = scheme
        self.section = self.sub = self.para = self.running = 0

    def heading(self, level: int) -> str:
        if level == 1:
            self.section += 1
            # A skipped number is one of the slips that real reports show.
            self.section += self.rng.random() < 0.02
            self.sub = self.para = 0
            return "" if self.scheme == "none" else str(self.section)
        self.sub += 1
        if self.scheme == "1.1.1":
            self.para = 0
            return f"{self.section}.{self.sub}"
        return ""

    def paragraph(self) -> str:
        self.para += 1
        self.running += 1
        if self.section == 0:
            return ""
        numbers = {
            "1.1": f"{self.section}.{self.para}",
            "1.1.1": f"{self.section}.{self.sub}.{self.para}"
            if self.sub
            else f"{self.section}.{self.para}",
            "running": str(self.running),
            "4-12": f"{self.section}-{self.para}",
        }
        number = numbers.get(self.scheme, "")
        return f"{number} {number}" if number and self.rng.random() < 0.004 else number


def numbered(rng: random.Random, items: list[Item], scheme: str) -> list[Item]:
    """The items with their numbers; bullets, tables and footnotes are not counted."""
    counter = _Counter(rng, scheme)
    done: list[Item] = []
    for item in items:
        if item.kind == "heading":
            done.append(replace(item, number=counter.heading(item.level)))
        elif item.kind in _BODY:
            done.append(replace(item, number=counter.paragraph()))
        else:
            done.append(item)
    return done


def contents(rng: random.Random, items: list[Item]) -> list[Item]:
    """The items with the place for contents filled: a line a heading, and a page number."""
    page = 3
    lines: list[Item] = []
    for item in items:
        if item.kind == "heading" and item.level == 1:
            lead = f"{item.number} " if item.number else ""
            lines.append(Item("contents", Rich.of(lead) + item.text, number=str(page)))
            page += rng.randint(0, 3)
    if rng.random() < 0.3:
        lines = []
    filled: list[Item] = []
    for item in items:
        if item.kind != "contents":
            filled.append(item)
        elif lines:
            filled += [Item("title", Rich.of("Contents")), *lines, Item("break")]
    return filled
