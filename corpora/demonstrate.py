"""The main job on the sample reviews, with the commands that anybody would type.

    python corpora/demonstrate.py --out demo-out

Two accounts made for the demonstration settle and approve: the first accepts what is proposed,
without a person looking. Everything published this way says that it is a demonstration.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).resolve().parent / "sample"
MARK = "made-by-candour-demonstration"
QUERY = "information was not shared between agencies"
FORMATS = {".pdf", ".docx", ".txt"}
# What no profile has a rule for: a reviewer is asked. The demonstration lets it stay.
STAY = {"DEMOGRAPHIC", "QUANTITY", "OTHER"}
REVIEWER, APPROVER = "demonstration-reviewer", "demonstration-approver"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the demonstration's things lie."""

    out: Path

    @property
    def home(self) -> Path:
        """The workspace."""
        return self.out / "workspace"

    @property
    def published(self) -> Path:
        """The full texts."""
        return self.out / "published"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the commands: this workspace, and its key beside it."""
        key = self.out / "keys" / "master.key"
        mine = {"CANDOUR_HOME": str(self.home), "CANDOUR_KEY_FILE": str(key)}
        return {**os.environ, **mine}


def say(message: str) -> None:
    """Tell the person something."""
    sys.stdout.write(message + "\n")
    sys.stdout.flush()


def typed(words: Sequence[str]) -> str:
    """A command as somebody would type it: of many reviews or files, the first stands for all.

    >>> typed(["search", "not shared"]), typed(["publish", "r-1", "r-2", "r-3", "--out", "x"])
    ('candour search "not shared"', 'candour publish r-1 … (3 in all) --out x')
    """
    many = [w for w in words if w.startswith("r-") or Path(w).parent == SAMPLE]
    rest = [w for w in words if w not in many[1:]] if len(many) > 1 else list(words)
    told = [Path(w).name if Path(w).parent == SAMPLE else w for w in rest]
    quoted = [f'"{w}"' if " " in w else w for w in told]
    if len(many) > 1:
        quoted.insert(rest.index(many[0]) + 1, f"… ({len(many)} in all)")
    return " ".join(["candour", *quoted])


def candour(place: Place, *words: str, shown: bool = True) -> str:
    """Run one command, show it, and give its data; stop where it fails."""
    if shown:
        say(f"$ {typed(words)}")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        env=place.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if shown else subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stderr or "")
        sys.exit(done.returncode)
    return done.stdout


def rows(output: str) -> Iterator[dict[str, Any]]:
    """The rows of a listing in JSON lines."""
    return (json.loads(line) for line in output.splitlines())


def prepare(out: Path) -> Place:
    """An empty folder for the demonstration; only one that it made itself is cleared."""
    if out.exists() and any(out.iterdir()):
        if not (out / MARK).exists():
            sys.exit(f"{out} holds other things. Name a new folder with --out.")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).write_text("Invented reviews; approved by accounts made for the purpose.\n")
    return Place(out)


def settle(place: Place, review: str, shown: bool) -> None:
    """One review: its proposals are accepted by one account and approved by another."""
    folder = place.out / "decisions"
    folder.mkdir(exist_ok=True)
    file = folder / f"{review}.json"
    candour(place, "review", review, "--export", str(file), "--as", REVIEWER, shown=shown)
    content = json.loads(file.read_text(encoding="utf-8"))
    for part in ("identities", "findings", "unread", "left"):
        for row in content[part]:
            row["verdict"] = "reject" if row.get("kind") in STAY else "accept"
    for row in content["unread"]:
        row["cleared_as"] = next(iter(row["codes"]))
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    candour(place, "review", review, "--decisions", str(file), "--as", REVIEWER, shown=shown)
    candour(place, "approve", review, "--profile", "public", "--as", APPROVER, shown=shown)


def publish(place: Place) -> list[str]:
    """Take the sample in, settle, approve and publish it; the ids of the reviews."""
    files = sorted(str(path) for path in SAMPLE.iterdir() if path.suffix in FORMATS)
    candour(place, "init")
    for name, duty in ((REVIEWER, "uploader"), (REVIEWER, "reviewer"), (APPROVER, "approver")):
        candour(place, "user", "add", name, "--duty", duty, "--demonstration")
    taken = rows(candour(place, "ingest", *files, "--format", "jsonl", "--as", REVIEWER))
    reviews = [str(row["review"]) for row in taken]
    for number, review in enumerate(reviews, start=1):
        settle(place, review, shown=number == 1)
        say(f"  {number} of {len(reviews)} reviews settled and approved")
    say(
        "  Now each is set as web page, PDF, Word, text, Markdown and JSON, and the gate reads all."
    )
    candour(place, "publish", *reviews, "--profile", "public", "--out", str(place.published))
    return reviews


def verify(place: Place) -> int:
    """Check every publication against its manifest; how many hold."""
    manifests = sorted(place.published.rglob("*.manifest.json"))
    for number, manifest in enumerate(manifests, start=1):
        candour(place, "verify", str(manifest), shown=number == 1)
        say(f"  {number} of {len(manifests)} manifests hold")
    return len(manifests)


def learn(place: Place) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Learn from the publications: the lessons, and what a search finds."""
    say("  Now passages, themes and lessons are looked for: about half a minute.")
    candour(place, "learn")
    lessons = list(rows(candour(place, "lessons", "--format", "jsonl")))
    hits = list(rows(candour(place, "search", QUERY, "--format", "jsonl")))
    page = str(place.out / "digest.html")
    candour(place, "digest", "--from", "2000", "--to", "2030", "--out", page)
    return lessons, hits


def short(quote: str, most: int = 120) -> str:
    """The beginning of a quotation, ending with a whole word.

    >>> short("nobody asked the child", 15)
    'nobody asked …'
    """
    if len(quote) <= most:
        return quote
    return quote[: most + 1].rsplit(" ", 1)[0] + " …"


def report(place: Place, reviews: list[str], verified: int, start: float) -> None:
    """Ten lines: what came out, and where it lies."""
    lessons, hits = learn(place)
    seconds = time.monotonic() - start
    shared = [lesson for lesson in lessons if lesson["reviews"] > 1]
    first = shared[0] if shared else lessons[0]
    best = hits[0]
    share = f"{first['reviews']} of {first['of']} reviews"
    pages = len(list(place.published.rglob("*.html")))
    for line in (
        "",
        f"1. {len(reviews)} invented reviews were taken in, settled, approved and published.",
        f"2. {pages} full texts, as web page, PDF, Word, text and data: {place.published}",
        f"3. {verified} signed manifests were checked: every file is what was approved.",
        f"4. {len(lessons)} lessons were found; {len(shared)} of them in more than one review.",
        f"5. The most recurrent, in {share}: {first['title']}",
        f"6. A search for “{QUERY}” has {len(hits)} hits.",
        f"7. The first, review {best['review']} page {best['page']}: “{short(best['quote'])}”",
        f"8. A digest for practitioners: {place.out / 'digest.html'}",
        f"9. The workspace, with the vault that only its key opens: {place.home}",
        f"10. This took {seconds:.0f} seconds. Nobody reviewed these texts: it is a demonstration.",
    ):
        say(line)


def main() -> None:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("demo-out"))
    place = prepare(parser.parse_args().out)
    start = time.monotonic()
    reviews = publish(place)
    verified = verify(place)
    report(place, reviews, verified, start)


if __name__ == "__main__":
    main()
