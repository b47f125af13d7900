"""A digest as one accessible page: the same digest gives the same bytes."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.safe import frame
from pipeline.safe.digest import Digest, Period

if TYPE_CHECKING:
    from jinja2 import Template

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_STYLE = """
.lesson { border-bottom: 1px solid #b1b4b6; margin-bottom: 1.5rem; padding-bottom: .5rem; }
.counts, .source { color: #484d50; font-size: 1rem; }
blockquote .source { margin: .375rem 0 0; }
caption { text-align: left; font-weight: 700; padding: 0 0 .5rem; }
.tag { color: #942514; border: 1px solid #942514; padding: 0 .375rem; font-size: .875rem; }
"""


def render(digest: Digest) -> bytes:
    """The digest as an HTML page in UTF-8 that needs nothing from anywhere else."""
    html = _template().render(
        digest=digest,
        title=f"Lessons from case reviews, {_when(digest.period)}",
        draft=frame.DRAFT,
        warning=f"{frame.DRAFT}. {frame.DRAFT_MEANS}",
        style=_style(draft=digest.draft),
        practice=[row for row in digest.themes if row.group != "process"],
        process=[row for row in digest.themes if row.group == "process"],
    )
    return (html.rstrip("\n") + "\n").encode()


def _when(period: Period) -> str:
    """The period in words.

    >>> _when(Period("2009", "2009")), _when(Period("2024-04", "2024-06"))
    ('2009', 'April 2024 to June 2024')
    """
    since, until = _named(period.since), _named(period.until)
    return since if since == until else f"{since} to {until}"


def _named(date: str) -> str:
    year, _, month = date.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month else year


def _style(*, draft: bool) -> object:
    from markupsafe import Markup

    return Markup(frame.style(draft=draft) + _STYLE)  # noqa: S704  # a constant of our own


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    text = files("pipeline.exporters").joinpath("templates/digest.html").read_text("utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return page.from_string(text)
