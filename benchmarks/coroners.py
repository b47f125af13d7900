"""How many coroners' reports keep a part of the dead person's name, and how many words are kept.

    python benchmarks/coroners.py texts  REPORTS.jsonl... --out TEXTS     one text a report
    candour draft TEXTS/*.txt --out DRAFTS --format jsonl > DRAFTS/rows.jsonl
    python benchmarks/coroners.py left   REPORTS.jsonl... --drafts DRAFTS

The reports are public (Open Government Licence) and not part of the project. A name part counts
as left where it stands in the draft as a whole capitalised word; some parts are plain words, so
look at the hits. A word counts as kept where no replacement touched it. Only ids and counts are
printed.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

FIELDS = ("investigation", "circumstances", "concerns")
WORD = re.compile(r"\w+")


def reports(files: Sequence[Path]) -> Iterator[dict[str, object]]:
    """The reports of the files, in order."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def text_of(report: dict[str, object]) -> str:
    """One text of a report: investigation, circumstances, concerns."""
    parts = (str(report.get(field) or "").strip() for field in FIELDS)
    return "\n\n".join(part for part in parts if part) + "\n"


def name_parts_left(report: dict[str, object], draft: str) -> list[str]:
    """The parts of the dead person's name that stand in the draft, capitalised."""
    parts = report.get("deceased_name_parts") or []
    assert isinstance(parts, list)
    capitalised = {word for word in WORD.findall(draft) if word[0].isupper()}
    left = {word.lower() for word in capitalised}
    return [part for part in parts if str(part).lower() in left]


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
    ids = [
        number
        for number in sorted(seen.keys() & by_id.keys())
        if name_parts_left(by_id[number], (drafts / f"{number}.draft.txt").read_text("utf-8"))
    ]
    words = sum(row["words"] for row in seen.values())
    return {
        "reports": len(by_id),
        "drafts": len(seen),
        "with_a_name_part_left": len(ids),
        "share": round(len(ids) / max(len(seen), 1), 4),
        "words": words,
        "words_kept": round(sum(row["words_kept"] for row in seen.values()) / max(words, 1), 4),
        "ids": ids,
    }


def main() -> None:
    """Write the texts, or count what is left in their drafts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["texts", "left"])
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("texts"))
    parser.add_argument("--drafts", type=Path, default=Path("drafts"))
    given = parser.parse_args()
    if given.what == "texts":
        write_texts(given.reports, given.out)
    else:
        print(json.dumps(count_left(given.reports, given.drafts), indent=1))


if __name__ == "__main__":
    main()
