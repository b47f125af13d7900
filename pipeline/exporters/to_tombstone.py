"""What stands where a publication stood: one accessible page that says that it was withdrawn."""

from __future__ import annotations

from calendar import month_name

from pipeline.safe import frame

_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div class="page">
<header><h1>{title}</h1></header>
<main><p>{says}</p></main>
</div>
</body>
</html>
"""


def says(month: str) -> str:
    """The one sentence of the page, for a month written as YYYY-MM.

    >>> says("2026-11")
    'This publication was withdrawn in November 2026.'
    """
    year, number = month.split("-")
    return f"This publication was withdrawn in {month_name[int(number)]} {year}."


def render(public_id: str, month: str) -> bytes:
    """The page in UTF-8: no reason, nothing of the review; the same input gives the same bytes."""
    page = _PAGE.format(
        title=frame.title(public_id), style=frame.style(draft=False), says=says(month)
    )
    return page.encode()
