"""The same report as PDF and as Word: whether the text is the same but for white space."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.config import Settings
from pipeline.raw.document import Document
from pipeline.raw.readers import reading
from pipeline.span import BlockKind
from pipeline.training import flaws, render_word
from pipeline.training.flaws import Flaws
from pipeline.training.report import Report

_LEADERS = re.compile(r"(?:\.\s?){4,}")
_STEPS = (
    "the same but for white space",
    "and but for leaders",
    "and but for where notes and boxes stand",
    "and but for repeated rows of headers",
)
Draw = Callable[[str, int, float], tuple[Report, Flaws]]


def tight(text: str) -> str:
    """A text without white space."""
    return re.sub(r"\s+", "", text)


def units(document: Document) -> list[str]:
    """Blocks and rows of tables, without white space and leaders."""
    made = []
    for block in document.blocks:
        if block.kind is BlockKind.FURNITURE:
            continue
        lines = block.text.split("\n") if block.kind is BlockKind.TABLE else [block.text]
        made += [tight(_LEADERS.sub("", line)) for line in lines]
    return [unit for unit in made if unit]


def step(first: Document, second: Document) -> int:
    """How much has to be passed over until two texts are the same; 4 for more than all."""
    if tight(first.text) == tight(second.text):
        return 0
    one, two = units(first), units(second)
    if "".join(one) == "".join(two):
        return 1
    if Counter(one) == Counter(two):
        return 2
    return 3 if set(one) == set(two) else 4


def difference(first: Document, second: Document) -> tuple[int, str, str]:
    """Where two texts differ first: the block of the first, and both texts from there."""
    one, two = tight(_LEADERS.sub("", first.text)), tight(_LEADERS.sub("", second.text))
    differing = (k for k, (a, b) in enumerate(zip(one, two, strict=False)) if a != b)
    at = next(differing, min(len(one), len(two)))
    seen, index = 0, -1
    for number, block in enumerate(first.blocks):
        if block.span is not None and seen <= at:
            index = number
            seen += len(tight(_LEADERS.sub("", block.text)))
    return index, one[max(0, at - 40) : at + 60], two[max(0, at - 40) : at + 60]


def files(given: argparse.Namespace, draw: Draw, folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """The two files of each report."""
    from pipeline.training import render_pages

    for number in range(1, given.reviews + 1):
        report, drawn = draw(given.seed, number, given.size)
        if given.clean:
            habits = drawn.names & frozenset(flaws.WORD)
            drawn = replace(flaws.NONE, names=flaws.NONE.names | habits)
        word, pdf = folder / f"pair-{number:04d}.docx", folder / f"pair-{number:04d}.pdf"
        word.write_bytes(render_word.rendered(report, drawn)[0])
        if given.office:
            _converted(word, folder)
        else:
            pdf.write_bytes(render_pages.rendered(report, drawn).data)
        yield f"pair-{number:04d}", pdf, word


def _converted(word: Path, folder: Path) -> None:
    """A PDF of the Word file, by LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        raise SystemExit("LibreOffice is not installed: leave out --office")
    line = [program, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(word)]
    subprocess.run(line, check=True, capture_output=True, timeout=180)  # noqa: S603


def measure(given: argparse.Namespace, draw: Draw) -> bool:
    """Prints how many pairs give the same text; whether all do."""
    steps: Counter[int] = Counter()
    units_right = units_all = 0
    with tempfile.TemporaryDirectory() as name:
        for stem, pdf, word in files(given, draw, Path(name)):
            first, second = (reading.read(path, Settings()) for path in (pdf, word))
            passed = step(first, second)
            steps[passed] += 1
            one, two = Counter(units(first)), Counter(units(second))
            units_right += sum((one & two).values())
            units_all += max(sum(one.values()), sum(two.values()))
            if passed and given.show:
                block, seen, other = difference(first, second)
                print(f"  {stem} differs first in block {block}\n    PDF  {seen}\n    Word {other}")
    for number, said in enumerate(_STEPS):
        good = sum(steps[n] for n in range(number + 1))
        print(f"{said:44} {good:4} of {given.reviews:4}")
    print(f"{'blocks and rows that both have':44} {units_right:4} of {units_all:4}")
    met: bool = steps[0] == given.reviews
    print(f"bar: all of them the same but for white space  {'met' if met else 'MISSED'}")
    return met
