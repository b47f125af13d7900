"""Real coroners' reports: what is left of names and areas in their drafts, and what is kept.

    python benchmarks/coroners.py texts  REPORTS.jsonl... --out TEXTS     one text a report
    candour draft TEXTS/*.txt --out DRAFTS --format jsonl > DRAFTS/rows.jsonl
    python benchmarks/coroners.py left   REPORTS.jsonl... --drafts DRAFTS
    python benchmarks/coroners.py marked REPORTS.jsonl... --marks benchmarks/marks/coroners.jsonl

The reports are public (Open Government Licence) and not part of the project. A part of a name, or
an area's name, counts as left where it stands in the draft as a whole capitalised word; some are
plain words, so look at the hits. A word counts as kept where it still stands in the draft. `marked`
compares with 30 reports that were marked by hand, without a look at what Candour makes of them:
the file holds offsets and kinds, no text. Only ids and counts are printed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.config import Settings
from pipeline.door import policy, redact
from pipeline.flow import measuring, proposing
from pipeline.raw.readers import text as text_reader
from pipeline.span import Span

FIELDS = ("investigation", "circumstances", "concerns")
WORD = re.compile(r"\w+")
# Words of an area's name that many areas share.
WIDE = frozenset(
    """and of the for city north south east west northern southern eastern western north-west
    north-east south-west south-east mid greater inner outer central county""".split()
)
# What is to be kept, by the marks of a person; month and year are listed apart.
LEARNED_FROM = ("ROLE", "AGENCY", "NATIONAL")


def reports(files: Sequence[Path]) -> Iterator[dict[str, object]]:
    """The reports of the files, in order."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def text_of(report: dict[str, object]) -> str:
    """One text of a report: investigation, circumstances, concerns."""
    parts = (str(report.get(field) or "").strip() for field in FIELDS)
    return "\n\n".join(part for part in parts if part) + "\n"


def _capitalised(draft: str) -> set[str]:
    """The capitalised words that stand in a draft outside its labels, in lower case."""
    return {w.lower() for w in WORD.findall(re.sub(r"\[[^\]\n]*\]", " ", draft)) if w[0].isupper()}


def name_parts_left(report: dict[str, object], draft: str) -> list[str]:
    """The parts of the dead person's name that stand in the draft, capitalised."""
    parts = report.get("deceased_name_parts") or []
    assert isinstance(parts, list)
    left = _capitalised(draft)
    return [part for part in parts if str(part).lower() in left]


def area_left(report: dict[str, object], draft: str) -> list[str]:
    """The words of the area's name that stand in the draft, capitalised."""
    left = _capitalised(draft)
    words = re.findall(r"[\w-]+", str(report.get("area") or "").lower())
    return [word for word in words if word not in WIDE and len(word) > 2 and word in left]


def write_texts(files: Sequence[Path], out: Path) -> None:
    """Write one text file a report, named by the report's public number."""
    out.mkdir(parents=True, exist_ok=True)
    for report in reports(files):
        (out / f"{report['id']}.txt").write_text(text_of(report), encoding="utf-8")


def count_left(files: Sequence[Path], drafts: Path) -> dict[str, object]:
    """Counts over all reports that have a draft."""
    rows = [json.loads(line) for line in (drafts / "rows.jsonl").read_text("utf-8").splitlines()]
    made = {Path(row["draft"]).name: row for row in rows if "draft" in row}
    by_id = {str(report["id"]): report for report in reports(files)}
    seen = {name.removesuffix(".draft.txt"): row for name, row in made.items()}
    texts = {
        number: (drafts / f"{number}.draft.txt").read_text("utf-8")
        for number in sorted(seen.keys() & by_id.keys())
    }
    named = [number for number, text in texts.items() if name_parts_left(by_id[number], text)]
    placed = [number for number, text in texts.items() if area_left(by_id[number], text)]
    words = sum(row["words"] for row in seen.values())
    return {
        "reports": len(by_id),
        "drafts": len(seen),
        "with_a_name_part_left": len(named),
        "share": round(len(named) / max(len(seen), 1), 4),
        "with_the_area_left": len(placed),
        "area_share": round(len(placed) / max(len(seen), 1), 4),
        "words": words,
        "words_kept": round(sum(row["words_kept"] for row in seen.values()) / max(words, 1), 4),
        "ids": named,
        "area_ids": placed,
    }


def _changed(text: str, profile: policy.Policy) -> bytearray:
    """For each character of a text whether the profile would change it."""
    document = text_reader.from_string(text)
    proposal = proposing.propose(document, Settings())
    mask = bytearray(len(text))
    for finding in redact.would_change(document, proposal, profile):
        span = document.to_source(finding.span)
        mask[span.start : span.end] = b"\1" * len(span)
    return mask


def _judged(row: Mapping[str, object], text: str, mask: bytearray) -> Iterator[tuple[str, bool]]:
    """(kind, whether it is as the person who marked it wants it) for each mark of a report."""
    spans: list[dict[str, object]] = row["spans"]  # type: ignore[assignment]
    for mark in spans:
        span = Span(int(str(mark["start"])), int(str(mark["end"])))
        words = measuring.content_words(text, span)
        if mark["action"] == "hide":
            yield f"hidden {mark['kind']}", all(all(mask[w.start : w.end]) for w in words)
        elif mark["action"] == "keep":
            yield f"kept {mark['kind']}", not any(any(mask[w.start : w.end]) for w in words)


def count_marked(files: Sequence[Path], marks: Path) -> Iterator[dict[str, object]]:
    """How many of the hand-marked spans are hidden or kept as they should be, by kind."""
    texts = {str(report["id"]): text_of(report) for report in reports(files)}
    public = policy.load("public")
    good, every = Counter[str](), Counter[str]()
    for line in marks.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = texts.get(row["id"], "")
        if hashlib.sha256(text.encode()).hexdigest() != row["text_sha256"]:
            sys.exit(f"The text of {row['id']} is not the one that was marked.")
        for kind, fits in _judged(row, text, _changed(text, public)):
            every[kind] += 1
            good[kind] += fits
    for kind in sorted(every):
        yield {"what": kind, "good": good[kind], "of": every[kind]}
    right = sum(good[f"kept {kind}"] for kind in LEARNED_FROM)
    total = sum(every[f"kept {kind}"] for kind in LEARNED_FROM)
    share = round(right / max(total, 1), 4)
    yield {
        "what": "kept, roles, agencies, national bodies",
        "good": right,
        "of": total,
        "share": share,
    }


def main() -> None:
    """Write the texts, count what is left in their drafts, or compare with the marks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["texts", "left", "marked"])
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("texts"))
    parser.add_argument("--drafts", type=Path, default=Path("drafts"))
    parser.add_argument(
        "--marks", type=Path, default=Path(__file__).parent / "marks/coroners.jsonl"
    )
    given = parser.parse_args()
    if given.what == "texts":
        write_texts(given.reports, given.out)
    elif given.what == "left":
        print(json.dumps(count_left(given.reports, given.drafts), indent=1))
    else:
        for row in count_marked(given.reports, given.marks):
            print(json.dumps(row))


if __name__ == "__main__":
    main()
