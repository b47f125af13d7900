"""Writes a corpus of synthetic reviews with gold: text, PDF and Word from one seed."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.training import artefacts, compose, gold, render_text, sample
from pipeline.training.compose import Order
from pipeline.training.report import Report
from pipeline.training.rich import Rich

FORMATS = ("txt", "pdf", "docx")


def text_of(report: Report, seed: str) -> tuple[Rich, str]:
    """The text of a review with its flaws, and the encoding of its file."""
    rng = random.Random(f"text/{seed}/{report.id}")
    flaws = artefacts.draw(rng)
    encoding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-8", "utf-8-sig"))
    return render_text.rendered(rng, report, flaws), encoding


def bytes_of(report: Report, form: str, text: Rich, encoding: str) -> bytes:
    """The file of a review in one format."""
    if form == "txt":
        return text.text.encode(encoding)
    if form == "pdf":
        from pipeline.training import render_pdf

        return render_pdf.rendered(report)
    from pipeline.training import render_docx

    return render_docx.rendered(report)


def orders(options: argparse.Namespace) -> Iterator[tuple[Order, tuple[str, ...]]]:
    """What each review of the corpus is to be, and in which formats it is written."""
    if options.sample:
        yield from ((order, (form,)) for order, form in sample.orders(options.seed))
        return
    formats = tuple(options.formats.split(","))
    for number in range(1, options.reviews + 1):
        order = Order(
            bank=options.bank,
            seed=f"{options.seed}/{number:04d}",
            invented=options.invented,
            size=options.size,
            # The standard fonts of a PDF write the letters of Western Europe.
            encoding="cp1252" if "pdf" in formats else "utf-8",
        )
        yield order, (formats[(number - 1) % len(formats)],) if options.spread else formats


def write(
    reviews: Iterable[tuple[Order, tuple[str, ...]]], out: Path, *, varied: bool = False
) -> int:
    """Write the files and gold.jsonl; the number of reviews comes back.

    `varied` lets each review avoid the wordings of those before it.
    """
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    taken: set[str] = set()
    with (out / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
        for order, formats in reviews:
            count += 1
            report = compose.review(order, taken if varied else ())
            taken |= report.frames
            text, encoding = text_of(report, order.seed)
            for form in formats:
                (out / f"{report.stem}.{form}").write_bytes(bytes_of(report, form, text, encoding))
            row = gold.row(
                report, text, file=f"{report.stem}.{formats[0]}", exact=formats[0] == "txt"
            )
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipeline.training corpus", description=__doc__)
    parser.add_argument("--bank", type=int, choices=(1, 2), default=2)
    parser.add_argument("--reviews", type=int, default=12)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--formats", default="txt", help="of txt,pdf,docx, commas between them")
    parser.add_argument("--spread", action="store_true", help="one format a review, in turn")
    parser.add_argument(
        "--invented", action="store_true", help="invented places and own names only"
    )
    parser.add_argument("--size", type=float, default=1.0, help="scales the number of events")
    parser.add_argument(
        "--sample", action="store_true", help="the twelve reviews of corpora/sample"
    )
    return parser


def main(argv: list[str]) -> int:
    """The subcommand `corpus`."""
    options = _parser().parse_args(argv)
    if not set(options.formats.split(",")) <= set(FORMATS):
        sys.stderr.write("formats are txt, pdf and docx\n")
        return 2
    count = write(orders(options), options.out, varied=options.sample)
    sys.stderr.write(f"{count} reviews and gold.jsonl are in {options.out}\n")
    return 0
