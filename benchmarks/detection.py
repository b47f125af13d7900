"""How well and how fast what must be hidden is found in invented reviews that nobody looked at.

    python -m pipeline.training corpus --bank 2 --reviews 24 --seed N --out DIR
    python benchmarks/detection.py reviews DIR/gold.jsonl      the bars under the profile public
    python benchmarks/detection.py speed DIR/gold.jsonl        25,000 words on two threads

`reviews` adds to `candour evaluate` what must be kept: spans that the gold keeps, and every mention
of a role or a generic agency outside what the gold hides. `speed` times the whole of detection and
linking, and the tagger's network against PyTorch with 32 bits, in turns: the same three layers, and
the whole encoder of six.
Exit code 1: a bar is missed. Only counts are printed.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.config import Settings
from pipeline.flow import measuring, proposing
from pipeline.flow.measuring import Found, GoldText
from pipeline.raw import detect
from pipeline.raw.readers import text as text_reader
from pipeline.span import Span

# (measure, kind): the bar; of "over-redaction" less is better.
BARS = {
    ("every-mention recall, 3 or more", "PERSON"): 0.995,
    ("recall", "ORGANISATION"): 0.985,
    ("recall", "PLACE"): 0.985,
    ("over-redaction", "ALL"): 0.015,
    ("kept", "ALL, and roles"): 0.99,
}
_SPEED = {"seconds": 6.0, "times": 2.0}
WORDS = 25_000
# Roles and generic agencies as reports name them; "Child A" and national bodies are in the gold.
_ROLES = re.compile(
    r"(?i)(?<![\w-])(?:social workers?|health visitors?|midwi(?:fe|ves)|school nurses?|GPs?"
    r"|consultants?|paediatricians?|head ?teachers?|teachers?|police officers?|support workers?"
    r"|team managers?|independent reviewing officers?|key ?workers?|probation officers?"
    r"|district nurses?|care workers?|housing officers?|designated (?:doctor|nurse)s?"
    r"|mother|father|grandmother|grandfather|aunt|uncle|children['’]s social care|adult social care"
    r"|social care|police|ambulance(?: service)?|CAMHS|MASH|MARAC|probation|the (?:Board|Trust"
    r"|Partnership|Council|Panel|hospital|school|surgery|nursery|ward)|early help|health visiting"
    r"|mental health (?:team|services?)|emergency department|A&E|housing|local authority)(?![\w-])"
)


def roles_kept(gold: GoldText, found: Found) -> tuple[int, int]:
    """Of the mentions of roles and agencies outside what the gold hides, those left as they are."""
    hidden = sorted(Span(g.start, g.end) for g in gold.spans if g.action != "keep")
    changed = sorted(span for span, _ in found.changed)
    every = [Span(*match.span()) for match in _ROLES.finditer(gold.text)]
    outside = [s for s in every if not any(s.overlaps(h) for h in hidden)]
    shown = [s for s in outside if any(s.overlaps(f) for f in found.shown)]
    return sum(not any(s.overlaps(c) for c in changed) for s in shown), len(shown)


def reviews(path: Path) -> bool:
    """Prints the measures that have a bar, and the rest below them; whether all bars are met."""
    settings, tallies, kept, of = Settings(), [], 0, 0
    for number, gold in enumerate(measuring.load(path), start=1):
        found = measuring.found_in(gold, "public", settings)
        tallies.append(measuring.tally(gold, found))
        good, every = roles_kept(gold, found)
        kept, of = kept + good, of + every
        print(f"{number} texts measured", file=sys.stderr)
    rows = {
        (s.measure, s.kind): (s.good, s.of, f"{s.low:.3f} to {s.high:.3f}")
        for s in measuring.scores(tallies)
    }
    good, every, _ = rows.get(("kept", "ALL"), (0, 0, ""))
    rows["kept", "roles and agencies"] = (kept, of, "")
    rows["kept", "ALL, and roles"] = (good + kept, every + of, "")
    met = True
    for key, (right, total, interval) in sorted(rows.items(), key=lambda r: (r[0] not in BARS, r)):
        share = right / max(total, 1)
        bar = BARS.get(key)
        ok = bar is None or (share <= bar if key[0] == "over-redaction" else share >= bar)
        met = met and ok
        said = "" if bar is None else f"bar {bar:g}  {'met' if ok else 'MISSED'}"
        name = " ".join(key)
        print(f"{name:48} {right:6} of {total:6}  {share:6.4f}  {interval:16} {said}")
    return met


def _text(path: Path) -> str:
    """The first words of a file's texts, WORDS of them."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    whole = "\n\n".join(str(row["text"]) for row in rows)
    starts = [match.start() for match in re.finditer(r"\S+", whole)]
    if len(starts) < WORDS:
        sys.exit(f"The texts have {len(starts)} words; {WORDS} are needed.")
    return whole[: starts[WORDS - 1]]


def _in_pytorch(text: str, layers: int) -> Callable[[], None]:
    """The same frames through the network in PyTorch: 32 bits, two threads.

    Three layers are the network that ships, before it was cut to 8 bits; six the whole encoder.
    Words are cut and frames are made beforehand, which the shipped tagger does in its own time.
    """
    import torch

    from pipeline.raw.recognisers import tagger_windows
    from pipeline.raw.recognisers.tagger_words import words
    from pipeline.training.tagger_model import fresh
    from pipeline.training.tagger_train import tokenizer

    torch.set_num_threads(2)
    network, stock, seen = fresh(layers).eval(), tokenizer(), words(text)
    own = tagger_windows.pieces([text[w.start : w.end] for w in seen], stock)
    views = tagger_windows.windows([len(ids) for ids in own])
    frames = sorted(
        (tagger_windows.frame(seen, own, view)[0] for view in views), key=lambda f: f.shape[1]
    )

    def run() -> None:
        with torch.inference_mode():
            for at in range(0, len(frames), 8):
                network(torch.from_numpy(tagger_windows.pad(frames[at : at + 8])))

    return run


def _shipped(text: str) -> Callable[[], None]:
    """The tagger as it ships, on two threads; each run reads the text anew."""
    from pipeline.installed import shipped
    from pipeline.raw.recognisers.tagger import Tagger
    from pipeline.raw.recognisers.tagger_words import words

    tagger = Tagger.load(shipped("models/tagger"), 2)

    def run() -> None:
        tagger.logits(text, words(text))

    return run


def _timed(runs: int, **parts: Callable[[], None]) -> Iterator[tuple[str, tuple[float, float]]]:
    """The median of each part by the clock and by the processor over runs in turns, after one."""
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for turn in range(runs + 1):
        for name, part in parts.items():
            began, worked = time.perf_counter(), time.process_time()
            part()
            if turn:
                took = time.perf_counter() - began, time.process_time() - worked
                times[name].append(took)
    for name, every in times.items():
        wall, work = zip(*every, strict=True)
        yield name, (statistics.median(wall), statistics.median(work))


def speed(path: Path, runs: int) -> bool:
    """Prints seconds of detection and linking, and of the network against PyTorch."""
    text = _text(path)
    settings = Settings(threads=2)
    document = text_reader.from_string(text)
    proposing.propose(text_reader.from_string("Nobody was seen."), settings)
    using = detect.recognisers(settings)

    def whole() -> None:
        # What the tagger remembers of the text that it read last is thrown away.
        detect.findings(text_reader.from_string("Nobody."), using, seconds=120)
        proposing.propose(document, settings, using)

    parts = {"shipped": _shipped(text), "torch": _in_pytorch(text, 6), "own": _in_pytorch(text, 3)}
    seen = dict(_timed(runs, whole=whole, **parts))
    ours, own, six = seen["shipped"], seen["own"], seen["torch"]
    met = seen["whole"][0] <= _SPEED["seconds"] and six[0] / ours[0] >= _SPEED["times"]
    said = "{:.2f} s by the clock, {:.2f} s of processor"
    print(f"{WORDS} words, found and linked, two threads: {said.format(*seen['whole'])}, bar 6")
    print(f"the network that ships: {said.format(*ours)}")
    for name, other in (("the same three layers", own), ("all six layers", six)):
        clock, work = other[0] / ours[0], other[1] / ours[1]
        print(f"{name} in PyTorch: {said.format(*other)}; times {clock:.2f}, {work:.2f}, bar 2")
    return met


def main() -> None:
    """Run one measure and say by the exit code whether its bars are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["reviews", "speed"])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    met = reviews(given.gold) if given.what == "reviews" else speed(given.gold, given.runs)
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
