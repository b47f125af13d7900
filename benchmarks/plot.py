"""Draw the figures of docs/performance.md from the rows that benchmarks left.

    python benchmarks/plot.py                       benchmarks/figures/*.jsonl to docs/images
    python benchmarks/plot.py --growth FILE         growth rows of whole.py --out FILE instead

claims.jsonl has a row a claim: claim, command, measured, alternative, beside, unit, better ("more"
or "less"), bar (in the same unit; null where none was set), load, date. The first
picture shows each as a ratio on a scale of powers of two, with its bar; the second how processor
time, clock and memory grow. Both are drawn as SVG, set by WeasyPrint and kept as PNG.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIGURES, IMAGES = ROOT / "benchmarks" / "figures", ROOT / "docs" / "images"
WIDTH, LEFT, RIGHT, STEP = 1040, 380, 740, 48
INK, GREY, BLUE, PALE, RED = "#0b0c0c", "#484d50", "#1d5b79", "#a9c1cc", "#a12d2f"
Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    """The rows of a file; none where it is not there."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def ratio(row: Row, what: str = "measured") -> float:
    """How many times as good as the alternative what was measured, or the bar, is.

    >>> ratio({"measured": 2.0, "beside": 6.0, "better": "less"})
    3.0
    """
    up, down = row[what], row["beside"]
    return float(down / up if row["better"] == "less" else up / down)


def words(
    x: float, y: float, said: str, *, anchor: str = "start", fill: str = INK, size: int = 16
) -> str:
    """A line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" '
        f'font-size="{size}">{escape(said)}</text>'
    )


def stroke(path: str, colour: str, width: float = 1.0, dashes: str = "") -> str:
    """A line that is not filled."""
    more = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{path}" stroke="{colour}" stroke-width="{width}" fill="none"{more}/>'


def ratios(claims: Sequence[Row]) -> tuple[str, int]:
    """Bars of ratios: what was measured against the alternative, with what was promised."""
    every = [ratio(row) for row in claims] + [ratio(r, "bar") for r in claims if r["bar"]]
    low = min(-1, math.floor(math.log2(min(every))))
    high = max(1, math.ceil(math.log2(max(every))))
    height = 96 + STEP * len(claims) + 50

    def at(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * (math.log2(value) - low) / (high - low)

    bottom = 96 + STEP * len(claims)
    made = [
        words(16, 32, "How many times as good as the alternative, in the same run", size=22),
        words(
            16, 58, "Right of 1 is better than the alternative. A red mark is the bar.", fill=GREY
        ),
    ]
    for power in range(low, high + 1):
        x = at(2.0**power)
        made.append(stroke(f"M{x:.1f} 80V{bottom}", INK if power == 0 else "#b1b4b6"))
        said = f"{2**power:g}" if power >= 0 else f"1/{2**-power}"
        made.append(words(x, bottom + 22, said, anchor="middle", fill=GREY))
    for number, row in enumerate(claims):
        middle, value = 96 + STEP * number + STEP / 2 - 10, ratio(row)
        start, end = sorted((at(1.0), at(value)))
        made.append(words(16, middle - 3, row["claim"]))
        made.append(words(16, middle + 15, f"against {row['alternative']}", fill=GREY, size=13))
        made.append(
            f'<rect x="{start:.1f}" y="{middle - 11}" width="{max(end - start, 1.5):.1f}" '
            f'height="22" fill="{PALE}" stroke="{BLUE}"/>'
        )
        if row["bar"]:
            x = at(ratio(row, "bar"))
            made.append(stroke(f"M{x:.1f} {middle - 16}V{middle + 16}", RED, 3))
        told = f"{row['measured']:g} and {row['beside']:g} {row['unit']}"
        told += f", bar {row['bar']:g}" if row["bar"] else ""
        made.append(
            words(RIGHT + 24, middle - 2, f"× {value:.1f}" if value > 2 else f"× {value:.2f}")
        )
        made.append(words(RIGHT + 24, middle + 15, told, fill=GREY, size=13))
    return "".join(made), height


def panel(
    top: int,
    title: str,
    marks: Sequence[Row],
    lines: Sequence[tuple[str, str, str]],
    bar: float | None,
) -> str:
    """One graph over the number of reviews; a line a field, and what was promised."""
    left, right, high = 90, 820, 200
    most = max([row[field] for row in marks for field, _, _ in lines] + ([bar] if bar else []))
    widest = max(row["reviews"] for row in marks)
    unit = 10.0 ** math.floor(math.log10(most / 4))
    most = 4 * next(s * unit for s in (1, 2, 2.5, 5, 10) if 4 * s * unit >= most)

    def x(reviews: float) -> float:
        return left + (right - left) * reviews / float(widest)

    def y(value: float) -> float:
        return top + 30 + high * (1 - value / float(most))

    made = [words(16, top + 14, title, size=18)]
    for part in range(5):
        value = most * part / 4
        made.append(stroke(f"M{left} {y(value):.1f}H{right}", "#b1b4b6"))
        made.append(words(left - 8, y(value) + 5, f"{value:g}", anchor="end", fill=GREY, size=14))
    for row in marks:
        place = x(row["reviews"])
        made.append(
            words(place, top + 50 + high, f"{row['reviews']}", anchor="middle", fill=GREY, size=14)
        )
    if bar:
        made.append(stroke(f"M{left} {y(bar):.1f}H{right}", RED, 2, "7 4"))
        made.append(words(right + 10, y(bar) + 5, f"bar {bar:g}", fill=RED, size=14))
    for field, name, colour in lines:
        points = [(x(row["reviews"]), y(row[field])) for row in marks]
        made.append(stroke("M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points), colour, 2.5))
        made.extend(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{colour}"/>' for a, b in points)
        last = f"{name}: {marks[-1][field]:g}"
        made.append(words(right + 10, points[-1][1] + 5, last, fill=colour, size=14))
    return "".join(made)


def grown(marks: Sequence[Row]) -> tuple[str, int]:
    """Minutes in all, seconds a review and memory, over the number of reviews."""
    # 1,400 reviews in four hours are 10.3 seconds a review by the clock, 20.6 of two processors.
    told = [
        row | {"minutes": round(row["wall"] / 60, 1), "work": round(row["cpu"] / 60, 1)}
        for row in marks
    ]
    load = max(row["load"] for row in marks)
    shape = f"processes by threads {marks[0]['shape']}, load of the machine up to {load:g}"
    made = words(16, 32, "From files to lessons, as reviews are added to one home", size=22)
    made += words(16, 56, f"Reviews of 20,000 words; {shape}", fill=GREY)
    both = [("minutes", "clock", BLUE), ("work", "processor", "#7a4a00")]
    made += panel(80, "Minutes in all", told, both, None)
    each = [("wall_a_review", "clock", BLUE), ("cpu_a_review", "processor", "#7a4a00")]
    made += panel(370, "Seconds a review, so far", told, each, round(4 * 3600 / 1400, 1))
    held = [("ingest_gb", "take in", BLUE), ("learn_gb", "learn", "#7a4a00")]
    made += panel(660, "Memory at most, GB", told, held, 3.0)
    return made + words(455, 945, "reviews", anchor="middle", fill=GREY), 960


def draw(picture: tuple[str, int], path: Path) -> None:
    """Set a picture and keep it as PNG."""
    import pypdfium2
    import weasyprint

    inside, height = picture
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}px" '
        f'height="{height}px" font-family="DejaVu Sans, Arial, sans-serif">{inside}</svg>'
    )
    style = f"@page {{ size: {WIDTH}px {height}px; margin: 0 }} svg {{ display: block }}"
    page = weasyprint.HTML(string=f"<style>{style}</style>{svg}").write_pdf()
    pypdfium2.PdfDocument(page)[0].render(scale=2.0).to_pil().save(path, optimize=True)
    print(path)


def main() -> None:
    """Draw what there are rows for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=Path, default=FIGURES / "claims.jsonl")
    parser.add_argument("--growth", type=Path, default=FIGURES / "growth.jsonl")
    parser.add_argument("--out", type=Path, default=IMAGES)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if claims := rows(given.claims):
        draw(ratios(claims), given.out / "performance-ratios.png")
    if marks := [row for row in rows(given.growth) if row["claim"] == "growth"]:
        draw(grown(marks), given.out / "performance-growth.png")


if __name__ == "__main__":
    main()
