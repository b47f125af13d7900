"""The places of five public texts that say the same, and what the program makes of them.

The texts are not part of the project; here stand only the places: lines (LO, BP, AB, and `l.` of
OF and HE), numbered paragraphs (OF), recommendations (`r`, `r2.9` is a bullet) and comments on
them (`c`) of HE. One annotator read them; the groups are recurrences, not themes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from pipeline.config import Settings
from pipeline.flow import marking
from pipeline.raw.readers import reading
from pipeline.safe import claim_vectors, recur, theme, theme_heads, theme_model
from pipeline.safe.embed import Vectors
from pipeline.safe.lesson import Lesson, Passage, Polarity, Role
from pipeline.span import BlockKind, Span

FILES = {
    "LO": "community-care_laming-ofsted-urge-changes.txt",
    "BP": "community-care_blueprint-for-scrs.txt",
    "AB": "children-first_government-to-abolish-scrs.txt",
    "OF": "ofsted_learning-lessons-year-2.txt",
    "HE": "hemming_laming-report-2.txt",
}
_ROWS = """
R1 LO 14; BP 6-8,83; AB 19; OF 102-118; HE r44
R2 LO 16; BP 49,62; OF 99-101; HE r43
R3 BP 8,28-44,60; OF 7,97; HE r42
R4 LO 9; BP 19; OF 9,82,88-91
R5 LO 7; OF 6,36,45,61; HE r29
R6 LO 9; OF 29,49,68-70; HE r13,r23,r30
R7 LO 9; BP 20; OF 6,52,65-67; HE r8,r29,r30,r34-36,r45
R8 BP 10-20,56; AB 12,21; OF 5; HE r2.8,r47-49
R9 LO 18-20; BP 22-24,51-56; AB 12,24-26; OF 85,99-101; HE r43,c47
R10 BP 24,32,58-60; AB 8; HE l.11
R11 OF 27-28,38,40; HE r2.9,r20,r21
R12 OF 36,45,53,119-132; HE r13,r19
R13 BP 65-81; OF 104
R14 AB 22; OF 12,97,99; HE r2.8,r41,r42,r47
R15 OF 29,60,69-70,117; HE r20,r22
R16 BP 28; OF 39; HE c34,c49
"""
# Places on the two sides of what is argued about.
SIDES = {
    "R9": (("LO 18", "LO 20"), ("BP 22", "BP 24", "BP 51", "BP 53", "BP 56", "AB 12", "AB 26")),
    "R10": (("BP 32", "BP 58", "BP 60", "AB 8"), ("HE l.11",)),
}


def groups() -> dict[str, tuple[str, ...]]:
    """The places of each group, such as "BP 8" or "HE r2.9"."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _ROWS.strip().splitlines():
        name, rest = line.split(" ", 1)
        places: list[str] = []
        for part in rest.split("; "):
            seed, numbers = part.split(" ", 1)
            for one in numbers.split(","):
                places.extend(f"{seed} {place}" for place in _run(one))
        found[name] = tuple(places)
    return found


def _run(place: str) -> Iterator[str]:
    """The three places of "34-36"; a letter before the number stays."""
    match = re.fullmatch(r"(r?)(\d+)-(\d+)", place)
    if match is None:
        yield place
        return
    for number in range(int(match[2]), int(match[3]) + 1):
        yield f"{match[1]}{number}"


def texts(folder: Path) -> dict[str, str]:
    """What stands at each place of the five texts."""
    found: dict[str, str] = {}
    for seed in ("LO", "BP", "AB", "HE"):
        lines = (folder / FILES[seed]).read_text("utf-8").splitlines()
        mark = "l." if seed == "HE" else ""
        found |= {f"{seed} {mark}{n}": one for n, one in enumerate(lines, 1) if one.strip()}
    found |= dict(_recommendations((folder / FILES["HE"]).read_text("utf-8")))
    return found | dict(_paragraphs(folder / FILES["OF"]))


def _recommendations(text: str) -> Iterator[tuple[str, str]]:
    starts: list[int] = []
    at = 0
    while match := re.compile(rf"^{len(starts) + 1}\. ", re.M).search(text, at):
        starts.append(match.start())
        at = match.end()
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True), 1):
        said, _, comment = text[start:end].partition("\n\n")
        yield f"HE r{number}", said
        yield f"HE c{number}", comment.split("\n\n")[0]
        for bullet, part in enumerate(re.split(r"●● ?", said)[1:], 1):
            yield f"HE r{number}.{bullet}", part


def _paragraphs(path: Path) -> Iterator[tuple[str, str]]:
    count, document = 0, reading.read(path, Settings())
    for block in document.blocks:
        if block.kind is BlockKind.PARAGRAPH and block.span and block.number == str(count + 1):
            count += 1
            yield f"OF {count}", block.span.of(document.text)


def passages(places: Mapping[str, str]) -> tuple[Passage, ...]:
    """The places of the groups as learning points of five reviews."""
    wanted = sorted({one for own in groups().values() for one in own if one in places})
    made = [
        Passage(
            place.split()[0], place, 1, None, None, Span(0, len(text)), Role.LEARNING, text, (),
            draft=False,
        )
        for place in wanted
        for text in [" ".join(places[place].split())]
    ]  # fmt: skip
    return tuple(made)


def by_a_person(codebook: Path, places: Mapping[str, str]) -> dict[str, set[str]]:
    """The themes that a person gave each place: the anchors of the codebook."""
    found: dict[str, set[str]] = {}
    for theme_of in json.loads(codebook.read_text("utf-8"))["themes"]:
        for anchor in theme_of["anchors"]:
            bare = re.sub(r"^(LO|BP|AB) l\.", r"\1 ", anchor.replace("§", ""))
            place = bare.replace("HE rec ", "HE r").replace("HE comment ", "HE c")
            if place in places:
                found.setdefault(place, set()).add(theme_of["code"])
    return found


def pairwise(said: Mapping[str, set[str]], gold: Mapping[str, set[str]]) -> tuple[float, ...]:
    """Precision, recall and F1 over pairs of places: together where they share any group."""
    right = told = true = 0
    for one, other in combinations(sorted(gold), 2):
        ours = bool(said.get(one, set()) & said.get(other, set()))
        theirs = bool(gold[one] & gold[other])
        right += ours and theirs
        told += ours
        true += theirs
    precision, recall = right / max(told, 1), right / max(true, 1)
    return precision, recall, 2 * right / max(told + true, 1)


def measure(folder: Path, encode: Vectors) -> Iterator[tuple[str, float | str, str]]:
    """(what, figure, bar) of the five texts."""
    found = texts(folder)
    gold: dict[str, set[str]] = {}
    for name, places in groups().items():
        for place in places:
            if place in found:
                gold.setdefault(place, set()).add(name)
    themes = theme.load()
    asked = marking.Asked(theme_heads.load(), theme_heads.Known(), theme_heads.vectors())
    marked = theme.mark(passages(found), themes)
    marked = marking.themed(asked, marked, themes, frozenset(), lambda done, of: None)
    marked = theme.suggest(marked, theme_model.unknown(themes, asked.heads), encode)
    years = dict.fromkeys(FILES, "2009")
    learned = recur.lessons(marked, years, themes, vectors=encode, claimed=claim_vectors.vectors())
    by_place = {p.id: p for p in marked}
    yield "seeds: places read", len(gold), ""
    yield "seeds: with a theme", sum(bool(p.themes) for p in marked) / len(marked), ""
    shares: Sequence[tuple[str, dict[str, set[str]]]] = (
        ("by lesson", {name: {one.id} for one in learned.lessons for _, name in one.passages}),
        ("by theme of the lesson", _by_theme(learned.lessons)),
        ("by any theme", {p.id: {m.code for m in p.themes} for p in marked}),
        ("by any theme of a person", by_a_person(folder.parent / "codebook.json", found)),
    )
    for how, said in shares:
        precision, recall, f1 = pairwise(said, gold)
        bar = ".75" if how == "by theme of the lesson" else ""
        yield f"seeds: pairwise F1 {how} (P {precision:.2f}, R {recall:.2f})", f1, bar
    apart = sum(_apart(learned.lessons, by_place, *SIDES[name]) for name in SIDES)
    yield "seeds: R9 and R10 show both sides, apart", apart, "2"


def _by_theme(lessons: Sequence[Lesson]) -> dict[str, set[str]]:
    return {
        name: {one.id if one.theme == "none" else f"{one.theme}"}
        for one in lessons
        for _, name in one.passages
    }


def _apart(
    lessons: Sequence[Lesson],
    passages: Mapping[str, Passage],
    one: Sequence[str],
    other: Sequence[str],
) -> bool:
    """Whether the two sides are told as such and no lesson holds places of both."""
    where = {name: lesson for lesson in lessons for _, name in lesson.passages}
    sides = [
        {m.polarity for name in names if name in where for m in passages[name].themes}
        for names in (one, other)
    ]
    seen = Polarity.AGAINST in sides[0] and Polarity.FOR in sides[1]
    held = [{where[name].id for name in names if name in where} for names in (one, other)]
    return seen and not held[0] & held[1]
