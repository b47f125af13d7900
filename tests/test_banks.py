"""The two banks of wordings: wide, whole, and without a sentence frame in common."""

from __future__ import annotations

import random
import re
import tomllib

import pytest

from pipeline.training import bank, names, plan
from pipeline.training.speaker import Speaker
from pipeline.training.style import draw
from pipeline.training.world import KINDS, build

pytest.importorskip("faker", reason="the generator's own libraries are not installed")

STOCK = tomllib.loads((names.LISTS / "national.toml").read_text(encoding="utf-8"))
# Names of laws and titles that no wording can do without.
FIXED = re.compile(
    "|".join([*STOCK["organisations"], *STOCK["works"]])
    + r"|Working Together to Safeguard Children|Social Services and Well-being|[Ss]ection \d+ of"
)


def words(frame: bank.Frame) -> list[str]:
    """The words of a frame; slots, figures, brackets and fixed titles end a run of them."""
    text = FIXED.sub(" | ", frame.text)
    text = re.sub(r"\{[^}]*\}|[\[\]|]|\d+", " | ", text.lower())
    return re.findall(r"[a-zé’-]+|\|", text)


def runs(frame: bank.Frame, length: int) -> set[tuple[str, ...]]:
    found = words(frame)
    grams = (tuple(found[i : i + length]) for i in range(len(found) - length + 1))
    return {g for g in grams if "|" not in g}


def test_the_banks_share_no_sentence_frame() -> None:
    banks = [[f for fs in bank.load(n).values() for f in fs] for n in (1, 2)]
    seen = {gram for frame in banks[0] for gram in runs(frame, 5)}
    shared = {gram for frame in banks[1] for gram in runs(frame, 5) & seen}
    assert not shared
    assert not {f.text for f in banks[0]} & {f.text for f in banks[1]}


@pytest.mark.parametrize("number", [1, 2])
def test_a_bank_is_wide_and_each_theme_has_all_parts(number: int) -> None:
    frames = bank.load(number)
    assert sum(map(len, frames.values())) >= 700
    for code in plan.PRACTICE:
        for part, least in (("event", 2), ("analysis", 2), ("lesson.a", 2), ("lesson.b", 2),
                            ("rec", 2), ("near", 1), ("head", 1)):  # fmt: skip
            assert len(frames[f"{code}.{part}"]) >= least
    for code in plan.OF_REVIEWS:
        assert all(frames[f"{code}.{p}"] for p in ("analysis", "lesson.a", "rec", "near", "head"))


@pytest.mark.parametrize("number", [1, 2])
def test_every_frame_can_be_said_in_some_world(number: int) -> None:
    unsaid = {f.text for k, fs in bank.load(number).items() for f in fs if "|" not in k}
    for n in range(40):
        rng = random.Random(n)
        kind = sorted(KINDS)[n % len(KINDS)]
        world = build(rng, kind, invented=True)
        speaker = Speaker(rng, world, draw(rng, kind, world.year, 1.0))
        for key, frames in bank.load(number).items():
            if key.startswith(("figures", "glossary")):
                unsaid -= {f.text for f in frames}
                continue
            for frame in frames:
                if speaker.can_say(frame):
                    said = speaker.say(frame.text).text
                    assert not set(said) & set("{}[]@") or "@" in said
                    unsaid.discard(frame.text)
    assert not unsaid


def test_a_frame_whose_brackets_do_not_close_is_refused() -> None:
    with pytest.raises(ValueError, match="close"):
        bank.Frame.parse("one [two|three")
