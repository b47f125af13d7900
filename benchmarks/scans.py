"""How much of a scanned review is read, how fast, and how many names can still be found.

    python -m pipeline.training corpus --bank 2 --reviews 2 --seed 31 --formats pdf --out DIR
    python benchmarks/scans.py DIR

Each PDF is rendered and comes back as a PDF of pictures: clean, coarse, grainy, askew. What is
read from it is held against the text of the PDF that it was made from; the names are those of the
corpus, found as they are, and found also where they were misread. `--show` prints the misread
ones and what was taken for a name and is none (all of it is invented text).
"""

from __future__ import annotations

import argparse
import io
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pipeline import near
from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.match import Names
from pipeline.raw.document import Document
from pipeline.raw.readers import pdf

WORD = re.compile(r"\w+")
Grey = NDArray[np.uint8]


def _plain(picture: Image.Image) -> Image.Image:
    return picture


def _grainy(picture: Image.Image) -> Image.Image:
    noise = np.random.default_rng(31)
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.1)), dtype=np.float64)
    rough = soft * 0.75 + 40 + noise.normal(0, 18, soft.shape)
    return Image.fromarray(np.clip(rough, 0, 255).astype(np.uint8))


def _askew(picture: Image.Image) -> Image.Image:
    return picture.rotate(1.2, resample=Image.Resampling.BICUBIC, fillcolor=255)


def _faxed(picture: Image.Image) -> Image.Image:
    noise = np.random.default_rng(32)
    dots = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.8))) > 150
    dots = dots ^ (noise.random(dots.shape) < 0.004)
    return Image.fromarray(np.where(dots, 255, 0).astype(np.uint8))


def _turned(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.ROTATE_90)


WAYS: dict[str, tuple[int, Callable[[Image.Image], Image.Image]]] = {
    "clean, 300 dpi": (300, _plain),
    "clean, 150 dpi": (150, _plain),
    "grainy, 200 dpi": (200, _grainy),
    "askew by 1.2 degrees, 300 dpi": (300, _askew),
    "as a fax, 200 dpi": (200, _faxed),
    "on its side, 200 dpi": (200, _turned),
    "grainy, 100 dpi": (100, _grainy),
}


def scanned(data: bytes, dpi: int, spoiled: Callable[[Image.Image], Image.Image]) -> bytes:
    """The PDF as a PDF of pictures."""
    file = pdfium.PdfDocument(data)
    pictures = [
        spoiled(page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")) for page in file
    ]
    made = io.BytesIO()
    pictures[0].save(made, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi)
    return made.getvalue()


def words(text: str) -> Counter[str]:
    """The words of a text, counted."""
    return Counter(WORD.findall(text.lower()))


def held_against(truth: Document, found: Document) -> dict[str, object]:
    """What came back of a document's words and blocks."""
    wanted, got = words(truth.text), words(found.text)
    kinds = [Counter(b.kind.value for b in d.blocks if b.span) for d in (truth, found)]
    return {
        "words": wanted.total(),
        "recall": round((wanted & got).total() / wanted.total(), 4),
        "extra": round((got - wanted).total() / max(1, got.total()), 4),
        "blocks": {kind: (count, kinds[1][kind]) for kind, count in sorted(kinds[0].items())},
        "unread": dict(Counter(one.reason[:40] for one in found.unread)),
    }


def names_found(
    truth: Document, found: Document, names: list[str]
) -> tuple[dict[str, object], list[str]]:
    """How many mentions of names come back exactly and with misread ones; and these, to look at."""
    entries = Names((name, name) for name in names)
    wanted = Counter(match.name for match in entries.find(truth.text))
    exact = Counter(match.name for match in entries.find(found.text))
    all_ = near.found(entries, found.text, found.uncertain)
    both = Counter(match.name for match in all_)
    misread = [match for match in all_ if match.near]
    misread_ones = Counter(match.name for match in misread)
    counts: dict[str, object] = {
        "mentions": wanted.total(),
        "exact": (wanted & exact).total(),
        "with_misread": (wanted & both).total(),
        "misread": len(misread),
        "taken_for_one": (misread_ones - (wanted - exact)).total(),
    }
    return counts, [f"{match.span.of(found.text)} = {match.name}" for match in misread]


def measured(
    data: bytes, ways: list[str], names: list[str], *, show: bool
) -> Iterator[dict[str, object]]:
    """A row for each way to spoil the file."""
    truth = pdf.read(data, Settings())
    for way in ways:
        picture = scanned(data, *WAYS[way])
        start = time.perf_counter()
        try:
            found = pdf.read(picture, Settings())
        except ReadError as error:
            yield {"way": way, "refused": str(error)}
            continue
        seconds = (time.perf_counter() - start) / found.pages
        row = {"way": way, "pages": found.pages, "seconds_a_page": round(seconds, 1)}
        counts, misread = names_found(truth, found, names)
        shown = {"shown": misread} if show else {}
        yield row | held_against(truth, found) | counts | shown


def main() -> None:
    """Print a row for each file and way."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--keep", type=Path, help="a folder to write the scans to")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    for line in (given.corpus / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        names = [name for own in gold["identities"].values() for name in own]
        data = (given.corpus / gold["file"]).read_bytes()
        if given.keep is not None:
            given.keep.mkdir(parents=True, exist_ok=True)
            for at, way in enumerate(given.ways):
                made = scanned(data, *WAYS[way])
                (given.keep / f"{gold['id']}-{at}.pdf").write_bytes(made)
        for row in measured(data, given.ways, names, show=given.show):
            print(json.dumps({"file": gold["file"], **row}), flush=True)


if __name__ == "__main__":
    main()
