"""The columns, boxes and narrow runs of a page: what each of its lines was broken for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pipeline.raw.document import PICTURE_SIGN
from pipeline.raw.readers.pdf_lines import PdfLine, Sheet, joined_up, of_one_type

Box = tuple[float, ...]
BOX, _COLUMN = 1000, 10
_LEAST = 4
_SLACK = 3.0
# Of the width that lines take up: no column of two reaches further.
_HALF = 0.62
# A page with more lines than this is no page of text.
_MOST_LINES = 1000


def placed(sheet: Sheet, frames: Sequence[Box], pictures: Sequence[Box]) -> Sheet:
    """The page's lines in reading order, each with its region; pictures stand where they are."""
    lines = _in_boxes(sheet, list(sheet.lines), frames)
    lines = _in_columns(sheet, _in_strips(lines))
    lines = list(joined_up(lines, _over_gap))
    lines = _around(_with_edges(lines), [*_held(lines), *pictures])
    for box in pictures:
        lines.insert(_place_of(lines, box), _picture(sheet.page, box))
    return replace(sheet, lines=tuple(lines))


def _picture(page: int, box: Box) -> PdfLine:
    left, top, right, bottom = box
    return PdfLine(PICTURE_SIGN, page, left, right, top, bottom, 11.0, picture=True)


def _place_of(lines: Sequence[PdfLine], box: Box) -> int:
    """After the last line that ends above a picture."""
    above = [i for i, line in enumerate(lines) if line.bottom <= box[1] + _SLACK]
    return above[-1] + 1 if above else 0


def flows(before: PdfLine, line: PdfLine) -> bool:
    """Whether the second line may go on from the first: in one region, or column to column."""
    return before.region == line.region or max(before.region, line.region) < BOX


def _inside(line: PdfLine, box: Box) -> bool:
    left, top, right, bottom = box
    x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    return (
        left - _SLACK <= line.left
        and line.right <= right + _SLACK
        and left <= x <= right
        and top - _SLACK <= y <= bottom + _SLACK
    )


def _in_boxes(sheet: Sheet, lines: list[PdfLine], frames: Sequence[Box]) -> list[PdfLine]:
    """Lines in a drawn box, marked with it: two at least, and not all lines of the page.

    One line on a coloured ground is a marked line of its paragraph and no box.
    """
    found = 0
    for box in sorted(set(frames), key=_area):
        held = [i for i, line in enumerate(lines) if not line.region and _inside(line, box)]
        if _area(box) > 0.6 * sheet.width * sheet.height or not 1 < len(held) < len(lines):
            continue
        found += 1
        for i in held:
            lines[i] = replace(lines[i], region=BOX + found, base=min(lines[k].left for k in held))
    return lines


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


# -- strips ---------------------------------------------------------------------------------------


def _in_strips(lines: list[PdfLine]) -> list[PdfLine]:
    """Lines that were drawn later than their place on the page says, put in that place.

    Programs draw in any order: browsers draw what is positioned after all else. Only a run of
    lines that has a strip of the page to itself is moved; what stands beside others stays.
    """
    upright = [line for line in lines if not line.turned]
    if len(upright) > _MOST_LINES or not any(_up(a, b) for a, b in pairwise(upright)):
        return lines
    least = min(line.bottom - line.top for line in upright)
    parted = [k for k, (a, b) in enumerate(pairwise(upright), 1) if _parted(a, b, upright, least)]
    for start, end in pairwise([*parted, len(upright)]):
        lines = _in_place(lines, upright[start:end])
    return lines


def _up(before: PdfLine, line: PdfLine) -> bool:
    return line.bottom < before.top + 1


def _parted(before: PdfLine, line: PdfLine, lines: Sequence[PdfLine], least: float) -> bool:
    """Whether a line goes up from the one before, or passes over others on its way down.

    Between most lines there is no place for the lowest line of the page: none is looked for.
    """
    if _up(before, line):
        return True
    low, high = before.bottom - 1, line.top + 1
    if high - low < 0.99 * least:
        return False
    return any(low <= one.top and one.bottom <= high for one in lines)


def _in_place(lines: list[PdfLine], run: Sequence[PdfLine]) -> list[PdfLine]:
    """The lines with a run of them moved up to follow what stands above it, if all of it does."""
    own = {id(line) for line in run}
    top, bottom = min(line.top for line in run), max(line.bottom for line in run)
    rest = [line for line in lines if id(line) not in own]
    others = [line for line in rest if not line.turned]
    beside = any(line.top < bottom - 1 and line.bottom > top + 1 for line in others)
    if beside or any(line.region for line in run):
        return lines
    above = [i for i, line in enumerate(rest) if not line.turned and line.bottom <= top + 1]
    at = above[-1] + 1 if above else 0
    # Where what is read before stands below as well, the page has an order of its own: columns.
    if any(line.top >= bottom - 1 for line in rest[:at] if not line.turned):
        return lines
    near = rest[max(0, at - 1) : at + 1]
    if not any(one.left < line.right and line.left < one.right for one in near for line in run):
        return lines
    return [*rest[:at], *run, *rest[at:]]


# -- columns --------------------------------------------------------------------------------------


def _in_columns(sheet: Sheet, lines: list[PdfLine]) -> list[PdfLine]:
    """The lines with each zone of two columns read down the left one and then the right one."""
    free = [i for i, line in enumerate(lines) if not (line.region or line.turned)]
    gutter = _gutter(sheet, [lines[i] for i in free])
    if gutter is None:
        return lines
    sides = {i: _side(lines[i], gutter) for i in free}
    across = sorted(lines[i].top for i, side in sides.items() if side == 0)
    limits = [-1.0, *across, sheet.height + 1]
    order: list[int] = []
    marks: dict[int, int] = {}
    for number, (top, bottom) in enumerate(pairwise(limits)):
        zone = [i for i, side in sides.items() if side and top <= lines[i].top < bottom]
        left, right = ([i for i in zone if sides[i] == s] for s in (-1, 1))
        if _are_columns([lines[i] for i in left], [lines[i] for i in right], sheet, gutter):
            marks |= dict.fromkeys(left, _COLUMN + 2 * number)
            marks |= dict.fromkeys(right, _COLUMN + 2 * number + 1)
            order += [*left, *right]
    if not order:
        return lines
    return _reordered(lines, order, marks)


def _reordered(lines: list[PdfLine], order: Sequence[int], marks: dict[int, int]) -> list[PdfLine]:
    """The lines of columns in their new order, in the places that they had together."""
    for region in set(marks.values()):
        base = min(lines[i].left for i, one in marks.items() if one == region)
        for i in (i for i, one in marks.items() if one == region):
            lines[i] = replace(lines[i], region=region, base=base, follows=False)
    places = sorted(order)
    moved = dict(zip(places, order, strict=True))
    return [lines[moved.get(i, i)] for i in range(len(lines))]


def _gutter(sheet: Sheet, lines: Sequence[PdfLine]) -> float | None:
    """The left edge of a right-hand column: where many lines start in the middle of the page."""
    low, high = 0.35 * sheet.width, 0.75 * sheet.width
    starts = Counter(round(line.left / 3) for line in lines if low < line.left < high)
    if not starts:
        return None
    best, count = starts.most_common(1)[0]
    return 3.0 * best - _SLACK if count >= _LEAST else None


def _side(line: PdfLine, gutter: float) -> int:
    """-1 left of the gutter, 1 right of it, 0 across it."""
    if line.left >= gutter - _SLACK:
        return 1
    return -1 if line.right <= gutter + _SLACK else 0


def _are_columns(
    left: Sequence[PdfLine], right: Sequence[PdfLine], sheet: Sheet, gutter: float
) -> bool:
    """Whether both sides are running text: wide lines, most of them filled."""
    if min(len(left), len(right)) < _LEAST:
        return False
    wide = 0.2 * sheet.width
    if min(median(line.right - line.left for line in side) for side in (left, right)) < wide:
        return False
    start = min(line.left for line in left)
    filled = sum(line.right - start > 0.75 * (gutter - start) for line in left)
    return filled >= 0.5 * len(left)


def _over_gap(before: PdfLine, line: PdfLine) -> bool:
    """Whether two lines stand at one height and in no columns, whatever gap lies between."""
    return line.follows and line.region == before.region and of_one_type(before, line)


# -- edges ----------------------------------------------------------------------------------------


def right_edge(lines: Sequence[PdfLine], least: int = 30) -> float:
    """How far to the right the full lines run."""
    rights = sorted(line.right for line in lines if len(line.text) > least)
    return rights[min(len(rights) - 1, round(0.9 * len(rights)))] if rights else 0.0


def left_edge(lines: Sequence[PdfLine]) -> float:
    """Where the leftmost tenth of the longer lines starts."""
    lefts = sorted(line.left for line in lines if len(line.text) > 20 and not line.turned)
    return lefts[len(lefts) // 10] if lefts else 0.0


def _with_edges(lines: list[PdfLine]) -> list[PdfLine]:
    """Each line with the base and the edge of its region."""
    open_lines = [line for line in lines if not line.region]
    base, edge = left_edge(open_lines), right_edge(open_lines)
    for region in {line.region for line in lines}:
        held = [i for i, line in enumerate(lines) if line.region == region]
        far = max(lines[i].right for i in held) if region else edge
        for i in held:
            lines[i] = lines[i].within(lines[i].base if region else base, far)
    for start, end in _runs(lines):
        far = max(line.right for line in lines[start:end])
        if far < 0.8 * edge and _wrapped(lines[start:end], far):
            for i in range(start, end):
                lines[i] = replace(lines[i], edge=far)
    return _half_pages(lines, edge)


def _half_pages(lines: list[PdfLine], edge: float) -> list[PdfLine]:
    """A column alone on its page, where a text of two columns ends: set for its own right end."""
    start = 0
    for i in range(1, len(lines) + 1):
        if i < len(lines) and _near(lines[i - 1], lines[i], _HALF * edge):
            continue
        run = lines[start:i]
        far = max(line.right for line in run)
        if len(run) >= 2 * _LEAST and far < _HALF * edge and _hang_filled(run, far):
            lines[start:i] = [replace(line, edge=far) for line in run]
        start = i
    return lines


def _near(before: PdfLine, line: PdfLine, far: float) -> bool:
    """Whether a line stands in half a page right under another, or a paragraph's gap lower."""
    free = not (before.region or line.region or before.turned or line.turned)
    step = line.bottom - before.bottom
    return free and line.size == before.size and 0 < step < 2.2 * line.size and line.right < far


def _hang_filled(run: Sequence[PdfLine], far: float) -> bool:
    """Whether hanging paragraphs broke each of their lines where the next word had no room."""
    start = min(line.left for line in run)
    pairs = [[a, b] for a, b in pairwise(run) if b.left > start + 0.5 * b.size]
    return len(pairs) >= _LEAST and all(_wrapped(pair, far) for pair in pairs)


def evened(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages, those with few long lines given the ends that pages of their width have."""
    made = list(sheets)
    for width in {round(sheet.width) for sheet in sheets}:
        alike = [k for k, sheet in enumerate(sheets) if round(sheet.width) == width]
        full = [k for k in alike if _long(sheets[k]) >= 6]
        edge = median([_page_ends(sheets[k])[1] for k in full]) if full else 0.0
        base = median([_page_ends(sheets[k])[0] for k in full]) if full else 0.0
        for k in (k for k in alike if _long(sheets[k]) < 6):
            left, right = _page_ends(sheets[k])
            if right < edge - _SLACK or left > base + _SLACK:
                lines = (
                    line
                    if line.region or line.edge != right
                    else replace(line, base=min(left, base), edge=max(right, edge))
                    for line in sheets[k].lines
                )
                made[k] = replace(sheets[k], lines=tuple(lines))
    return made


def _held(lines: Sequence[PdfLine]) -> list[Box]:
    """What the lines of each box take up."""
    made = []
    for region in {line.region for line in lines if line.region >= BOX}:
        held = [line for line in lines if line.region == region]
        sides = ("left", "top")
        ends = ("right", "bottom")
        made.append(
            (
                *(min(getattr(line, side) for line in held) for side in sides),
                *(max(getattr(line, end) for line in held) for end in ends),
            )
        )
    return made


def _around(lines: list[PdfLine], boxes: Sequence[Box]) -> list[PdfLine]:
    """Lines beside a box or a picture were broken for what it left of their width."""
    for left, top, right, bottom in boxes:
        for i, line in enumerate(lines):
            beside = line.bottom > top - line.size and line.top < bottom + line.size
            if line.region >= BOX or not beside:
                continue
            if line.right <= left + _SLACK and left < line.edge:
                lines[i] = replace(line, edge=left)
            elif line.left >= right - _SLACK and right > line.base:
                lines[i] = replace(line, base=min(line.left, right))
    return lines


def _long(sheet: Sheet) -> int:
    return sum(len(line.text) > 30 and not line.region for line in sheet.lines)


def _page_ends(sheet: Sheet) -> tuple[float, float]:
    """The left and the right end of the lines that stand in no column and no box."""
    free = [line for line in sheet.lines if not line.region]
    edge = max((line.edge for line in free), default=0.0)
    return next((line.base for line in free if line.edge == edge), 0.0), edge


def _runs(lines: Sequence[PdfLine]) -> Iterator[tuple[int, int]]:
    """Lines of no region one right under the other that start at one place: three or more."""
    start = 0
    for i in range(1, len(lines) + 1):
        if i < len(lines) and _under(lines[i - 1], lines[i]):
            continue
        if i - start >= 3:
            yield start, i
        start = i


def _under(before: PdfLine, line: PdfLine) -> bool:
    step = line.bottom - before.bottom
    return (
        not (before.region or line.region or line.turned)
        and abs(line.left - before.left) < 2
        and line.size == before.size
        and 0 < step < 1.6 * line.size
    )


def _wrapped(lines: Sequence[PdfLine], edge: float) -> bool:
    """Whether nearly every line is as long as its next word let it be."""
    full = 0
    for line, after in pairwise(lines):
        letter = (after.right - after.left) / max(1, len(after.text))
        full += line.right + len(after.text.split(None, 1)[0]) * letter + 0.5 * letter > edge
    return full >= 0.8 * (len(lines) - 1)
