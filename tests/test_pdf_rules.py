"""The cells between ruling lines: the same that pdfplumber finds by parsing the page itself."""

from __future__ import annotations

import io
from collections.abc import Callable

import pdfplumber
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from pipeline.raw.readers import pdf_rules

_Draw = Callable[[Canvas], None]


def _page(draw: _Draw, turn: int = 0) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(600, 800), pageCompression=0)
    canvas.setPageRotation(turn)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def _ours(data: bytes) -> list[list[list[tuple[float, ...] | None]]]:
    file = pdfium.PdfDocument(data)
    try:
        return [
            [[cell and tuple(round(x, 1) for x in cell) for cell in row] for row in table]
            for table in pdf_rules.tables(file[0])
        ]
    finally:
        file.close()


def _theirs(data: bytes) -> list[list[list[tuple[float, ...] | None]]]:
    with pdfplumber.open(io.BytesIO(data)) as file:
        return [
            [[cell and tuple(round(x, 1) for x in cell) for cell in row.cells] for row in t.rows]
            for t in file.pages[0].find_tables()
        ]


def _grid(canvas: Canvas) -> None:
    canvas.grid([60, 160, 300, 520], [400, 440, 500, 530])


def _merged(canvas: Canvas) -> None:
    canvas.rect(60, 400, 460, 130)
    canvas.line(60, 440, 520, 440)
    canvas.line(300, 440, 300, 530)


def _boxes(canvas: Canvas) -> None:
    for row in range(3):
        for column in range(4):
            canvas.rect(60 + 100 * column, 400 + 30 * row, 100, 30, stroke=0, fill=1)


def _in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("table")
    _grid(canvas)
    canvas.endForm()
    canvas.translate(20, -100)
    canvas.scale(0.9, 0.8)
    canvas.doForm("table")


def _two(canvas: Canvas) -> None:
    _grid(canvas)
    canvas.grid([60, 200, 340], [100, 150, 200])


def _bows(canvas: Canvas) -> None:
    _grid(canvas)
    canvas.roundRect(60, 100, 200, 80, 8)
    canvas.circle(400, 150, 40)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("draw", [_grid, _merged, _boxes, _in_a_form, _two, _bows])
def test_cells_are_those_that_pdfplumber_finds(draw: _Draw, turn: int) -> None:
    data = _page(draw, turn)
    found = _ours(data)
    assert found == _theirs(data)
    assert found


_STEPS = st.lists(st.integers(8, 90), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(_STEPS, _STEPS, st.lists(st.tuples(*[st.integers(0, 5)] * 3, st.booleans()), max_size=4))
def test_cells_of_grids_with_some_lines_more_are_the_same(
    across: list[int], up: list[int], more: list[tuple[int, int, int, bool]]
) -> None:
    xs = [60 + sum(across[:k]) for k in range(len(across) + 1)]
    ys = [300 + sum(up[:k]) for k in range(len(up) + 1)]

    def draw(canvas: Canvas) -> None:
        canvas.rect(xs[0], ys[0], xs[-1] - xs[0], ys[-1] - ys[0])
        for at, low, high, stands in more:
            along, over = (ys, xs) if stands else (xs, ys)
            a, b = along[low % len(along)], along[high % len(along)]
            where = over[at % len(over)]
            canvas.line(*((where, a, where, b) if stands else (a, where, b, where)))

    data = _page(draw)
    assert _ours(data) == _theirs(data)


def test_a_page_without_lines_has_no_table() -> None:
    assert _ours(_page(lambda canvas: canvas.drawString(60, 500, "A visit was made."))) == []
