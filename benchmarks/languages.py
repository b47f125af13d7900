"""How many texts in English are held for another language, and how many others are not told.

    python benchmarks/languages.py english REPORTS.jsonl... TEXT.txt... REPORT.docx...
    python benchmarks/languages.py others  SENTENCES.tsv

`english` reads files that are in English throughout: each entry is a false alarm (a .jsonl has
the fields of benchmarks/coroners.py). `others` takes a table of language and sentence: each
sentence is read alone, inside a paragraph of English, and as a block of a report. Only counts,
ids and times are printed.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.config import Settings
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import language, reading, text

FIELDS = ("investigation", "circumstances", "concerns")
BEFORE = "The panel met in May and asked what had been known to the agencies at that time. "
AFTER = " It was agreed that the school would write to the family about the meeting."


def documents(files: Sequence[Path]) -> Iterator[tuple[str, Document]]:
    """The documents of the files, with the name each is told by."""
    for file in files:
        if file.suffix != ".jsonl":
            yield file.name, reading.read(file, Settings())
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            report = json.loads(line)
            parts = (str(report.get(field) or "").strip() for field in FIELDS)
            yield str(report["id"]), text.from_string("\n\n".join(part for part in parts if part))


def entries(document: Document) -> int:
    """How many stretches are listed as another language."""
    return sum(thing.what is UnreadKind.LANGUAGE for thing in document.unread)


def english(files: Sequence[Path]) -> dict[str, object]:
    """False alarms in texts that are in English."""
    total, false, seconds, signs = 0, [], 0.0, 0
    for name, document in documents(files):
        total += 1
        signs += len(document.text)
        started = time.perf_counter()
        language.found(document.blocks, document.text)
        seconds += time.perf_counter() - started
        if count := entries(document):
            false.append(f"{name}: {count}")
    return {
        "documents": total,
        "with_a_false_entry": len(false),
        "false": false,
        "characters": signs,
        "seconds": round(seconds, 2),
        "library_loaded": language._identifier.cache_info().currsize > 0,
    }


def others(table: Path) -> dict[str, object]:
    """Sentences that were not told to be in another language, by where they stood."""
    rows = [line.split("\t", 1) for line in table.read_text(encoding="utf-8").splitlines()]
    missed: dict[str, list[str]] = {"alone": [], "inside": [], "block": []}
    for number, (name, said) in enumerate(rows, 1):
        ways = {
            "alone": said,
            "inside": f"{BEFORE}{said}{AFTER}",
            "block": f"{BEFORE}\n\n{said}\n\n{AFTER}",
        }
        for way, source in ways.items():
            if not entries(text.from_string(source)):
                missed[way].append(f"{name} line {number}")
    return {
        "sentences": len(rows),
        **{f"missed_{way}": len(lines) for way, lines in missed.items()},
        "missed": missed,
    }


def main() -> None:
    """Print the counts as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["english", "others"])
    parser.add_argument("files", nargs="+", type=Path)
    asked = parser.parse_args()
    made = english(asked.files) if asked.what == "english" else others(asked.files[0])
    print(json.dumps(made, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
