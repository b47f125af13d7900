"""The checks of summaries, figures and recommendations, each figure beside its bar.

    python benchmarks/checks.py --pairs 20 --sums 60 --seed fresh

The seeds are public texts that are no part of the project: where they are absent, their part is
left out and said to be.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import checks_pairs

from pipeline.config import Settings
from pipeline.flow import checking, proposing
from pipeline.raw.document import Block, Document
from pipeline.safe import align, recommendations, segment
from pipeline.safe.lesson import SafeBlock, SafeDocument, SafeText
from pipeline.safe.sentence import sentences
from pipeline.span import BlockKind

SEEDS = Path(__file__).parent.parent.parent / "shared/seeds"
OFSTED, PRESS, LAMING = (
    "ofsted_learning-lessons-year-2.txt",
    "community-care_laming-ofsted-urge-changes.txt",
    "hemming_laming-report-2.txt",
)
# Lines of the national report: its summary of lessons, and where its body begins.
SUMMARY, BODY = (196, 299), 300
# For each point of the summary the place of its counterpart among the 21 of the body, and the
# numbered paragraphs that it rests on, as two readers found them.
COUNTERPARTS = (*range(13), *range(14, 21))
RESTS = (
    "1:45; 3:50,52; 4:47,48,51; 5:46; 6:49,50; 7:59,60; 8:61,62,63,66; 9:65,67,68; 10:59,65,67; "
    "11:65; 12:60,68,69; 13:22,23,71,78; 14:71,73,76; 15:94,95,99; 16:94,96,97; 17:108; "
    "18:114,117; 19:120,124,126,127; 20:130,131"
)
DRIFTS = (7, 11, 12, 14, 16, 17, 19)
IDENTICAL = (1, 3, 4, 5, 6, 9, 13)
FAILING = ("107", "90", "32", "16", "43", "18", "9", "1/50", "22")
MERGED = {("2.9", "21"), ("2.10", "8"), ("39", "41"), ("26.1", "26.3")}
CUT = {"7", "8", "15", "19", "25", "26", "27", "39", "41", "46", "47", "53"}


def line(name: str, value: object, bar: str) -> None:
    """One figure beside its bar."""
    print(f"{name:62} {value!s:>14}   bar {bar}")


def _safe(document: Document) -> SafeDocument:
    """A public text as it is."""
    blocks = tuple(
        SafeBlock(b.kind, b.page, b.span, b.number, b.level, b.rows)
        for b in document.blocks
        if b.span is not None
    )
    return SafeDocument("seed", "as-published", SafeText(document.text), blocks)


def _bare(text: str) -> str:
    return re.sub(r"^[^\w\[]+", "", " ".join(text.split()))


def national(folder: Path, settings: Settings) -> None:
    """The national report: pairs, evidence, drifts."""
    lines = (SEEDS / OFSTED).read_text(encoding="utf-8").split("\n")
    short, long = folder / "summary.txt", folder / "full.txt"
    short.write_text("\n".join(lines[SUMMARY[0] : SUMMARY[1]]), encoding="utf-8")
    long.write_text("\n".join(lines[BODY:]), encoding="utf-8")
    documents = [proposing.read(path, settings) for path in (short, long)]
    both, count = checking.read_as_one(documents[0], documents[1], settings)
    blocks = [b for b in both.blocks if b.span is not None]
    points = [_bare(b.text) for b in blocks[:count] if b.kind is BlockKind.BULLET]
    heads = {n: b.text for n, b in enumerate(blocks) if b.kind is BlockKind.HEADING}
    above = [heads[max((h for h in heads if h <= n), default=0)] for n in range(len(blocks))]
    listed = [
        n
        for n in range(count, len(blocks))
        if blocks[n].kind is BlockKind.BULLET and above[n].lower().startswith("emerging")
    ]
    stated = [
        (n, _bare(s.of(blocks[n].text)))
        for n in range(count, len(blocks))
        if blocks[n].kind in (BlockKind.PARAGRAPH, BlockKind.BULLET)
        for s in sentences(blocks[n].text)
    ]
    taught = [n in set(listed) for n, _ in stated]
    found = align.counterparts(points, [text for _, text in stated], taught)
    right = sum(
        m is not None and stated[m.place][0] == listed[c]
        for m, c in zip(found, COUNTERPARTS, strict=True)
    )
    among = align.counterparts(points, [_bare(blocks[n].text) for n in listed], [True] * 21)
    pairs = sum(m is not None and m.place == c for m, c in zip(among, COUNTERPARTS, strict=True))
    line("summary point -> body point (M1)", f"{pairs} of 20", "20")
    line(f"the same among {len(stated)} sentences", f"{right} of 20", "20")
    _rests(blocks, count, points, [listed[m.place] if m else 0 for m in among])
    compared = checking.check_summary(short, long, "public", settings)
    quoted = [_bare(str(r["summary"].get("quote", ""))) for r in compared.rows]  # type: ignore[attr-defined]
    flagged = {n for n, p in enumerate(points, start=1) if p in quoted}
    line("drifts flagged (M3)", f"{len(flagged & set(DRIFTS))} of 7", ">= 6")
    line("false flags on the seven identical points", len(flagged & set(IDENTICAL)), "0")
    left_out = [r for r in compared.rows if r["kind"] == "omission"]
    quotes = [_bare(str(r["full"].get("quote", ""))) for r in left_out]  # type: ignore[attr-defined]
    missing = any(checks_pairs.covers(q, blocks[listed[13]].text) for q in quotes)
    line("the omission is found", missing, "True")
    line("other omissions that are told", len(left_out) - 1, "-")


def _rests(blocks: Sequence[Block], count: int, points: list[str], own: list[int]) -> None:
    told = list(blocks)
    numbered: list[int] = []
    for n in range(count, len(told)):
        if told[n].kind is BlockKind.PARAGRAPH and told[n].number == str(len(numbered) + 1):
            numbered.append(n)
    chapter, chapters, closing = 0, [], False
    for block in told:
        if block.kind is BlockKind.HEADING:
            now = block.text.lower().startswith("emerging")
            chapter += closing and not now
            closing = now
        chapters.append(chapter)
    near = [[chapters[p] == chapters[o] for p in numbered] for o in own]
    texts = [re.sub(r"^\d+\.\s*", "", told[p].text) for p in numbered]
    found = align.evidence(points, texts, near)
    first = five = 0
    rows = [r.split(":") for r in RESTS.split("; ")]
    for point, places in rows:
        want = {int(p) for p in places.split(",")}
        got = [p + 1 for p in found[int(point) - 1][:5]]
        first += got[0] in want
        five += bool(want & set(got))
    line("summary point -> numbered paragraph (M2), R@1", f"{first / len(rows):.3f}", ">= .90")
    line("the same, R@5", f"{five / len(rows):.3f}", "1.00")


def figures(settings: Settings) -> None:
    """The figures of the national report and of the press on it."""
    rows = checking.check_figures([SEEDS / PRESS, SEEDS / OFSTED], settings)
    failing = [r for r in rows if r["verdict"] == "fails"]

    def names(row: checking.Row) -> set[str]:
        places, files, numbers = row["paragraphs"], row["files"], row["numbers"]
        assert isinstance(places, list) and isinstance(files, list) and isinstance(numbers, list)
        return {*places} | {f"{files[0]}/{numbers[0]}"}

    hit = [name for name in FAILING if any(name in names(r) for r in failing)]
    wrong = [r for r in failing if not names(r) & {*FAILING, "82"}]
    line("failing figures flagged (M4)", f"{len(hit)} of 9", "9")
    line("others flagged", len(wrong), "0")
    line("figures that hold and are listed", len(rows) - len(failing), "-")


def laming(settings: Settings) -> None:
    """The recommendations with their comments."""
    document = _safe(proposing.read(SEEDS / LAMING, settings))
    found = recommendations.recommendations(document, segment.passages(document))
    merged = {
        (r.duplicate_of, r.repeats) for r in found if r.duplicate_of is not None and r.repeats
    }
    answered = sum(r.response is not None for r in found)
    line("recommendations / comments (M7)", f"{len(found)} / {answered}", "58 / 55")
    line("merges proposed", f"{len(merged & MERGED)} of 4", "4")
    line("other merges proposed", len(merged - MERGED), "0")
    nobody = sorted(r.name for r in found if recommendations.NOBODY in r.flags)
    line("addressed to nobody", ", ".join(nobody), "2, 56")
    cut = {r.name for r in found if recommendations.CUT in r.flags}
    line("cut off, found / falsely", f"{len(cut & CUT)} / {len(cut - CUT)}", "12 / 0")


def planted(seed: str, pairs: int, sums: int, folder: Path) -> None:
    """The generator's second bank: drifts of ten kinds and sums of ten shapes."""
    tally = checks_pairs.summaries(seed, 2, pairs, folder / "pairs")
    changed = [k for k in tally.planted if k not in ("omission", "addition")]
    hits, all_of = (sum(c[k] for k in changed) for c in (tally.found, tally.planted))
    line(f"planted drifts of {len(changed)} kinds found", f"{hits} of {all_of}", ">= .85")
    for kind in sorted(tally.planted):
        line(f"  {kind}", f"{tally.found[kind]} of {tally.planted[kind]}", "-")
    line("points left alone that are flagged", f"{tally.false} of {tally.alike}", "<= 5 %")
    line("rows about nothing that was planted", f"{tally.strange} of {tally.rows}", "-")
    tally = checks_pairs.sums(seed, 2, sums, folder / "sums")
    line(
        "planted sums that fail, found", f"{tally.found.total()} of {tally.planted.total()}", ".85"
    )
    for kind in sorted(tally.planted):
        line(f"  {kind}", f"{tally.found[kind]} of {tally.planted[kind]}", "-")
    line("sums that hold and are flagged", f"{tally.false} of {tally.alike}", "<= 5 %")
    line("rows about nothing that was planted", f"{tally.strange} of {tally.rows}", "-")


def main() -> None:
    """Every figure beside its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="fresh")
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--sums", type=int, default=60)
    options = parser.parse_args()
    settings = Settings()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if (SEEDS / OFSTED).exists():
            national(folder, settings)
            figures(settings)
            laming(settings)
        else:
            print("The seed texts are not here: their figures are left out.", file=sys.stderr)
        planted(options.seed, options.pairs, options.sums, folder)


if __name__ == "__main__":
    main()
