"""A digest as one accessible page, HTML or PDF: the same digest gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.exporters import charts, to_pdf
from pipeline.safe import frame
from pipeline.safe.digest import Digest, Period
from pipeline.safe.evidence import Quote, once
from pipeline.safe.trends import PROCESS, Change, Compared, Trend
from pipeline.safe.trends_pairs import Pair

if TYPE_CHECKING:
    from jinja2 import Template

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
MOST_BARS = 15
MOST_LINES = 6
LEAST_DRAWN = 3  # reviews that meet a theme, below which it is not drawn by year
MOST_COMPARED = 15
MOST_NEEDS = 12  # of one theme
MOST_ASKED = 3  # recommendations of one agency
_STYLE = """
.lesson { border-bottom: 1px solid #b1b4b6; margin-bottom: 1.5rem; padding-bottom: .5rem; }
.counts, .source { color: #484d50; font-size: 1rem; }
.counts { margin-bottom: .75rem; break-after: avoid; }
blockquote .source { margin: .375rem 0 0; }
li .source { display: block; }
caption { text-align: left; font-weight: 700; padding: 0 0 .5rem; break-after: avoid; }
.tag { color: #942514; border: 1px solid #942514; padding: 0 .375rem; font-size: .875rem; }
.glance { border: 1px solid #b1b4b6; border-left: .5rem solid #1d5b79; padding: .25rem 1.25rem; }
.glance h2 { margin: .75rem 0 .5rem; font-size: 1.25rem; }
.glance ul { list-style: none; margin: 0 0 .75rem; padding: 0; }
.glance li { position: relative; margin: 0 0 .375rem; padding-left: 1.25rem; }
.glance li::before { content: "•"; position: absolute; left: .125rem; }
.chart svg { display: block; width: 100%; height: auto; min-width: 34rem; }
.narrow table { font-size: .9375rem; }
.narrow th, .narrow td { padding-right: .5rem; }
.made { font-size: 1rem; }
h3, blockquote, li, .whole { break-inside: avoid; }
@media print {
  .chart { break-inside: avoid; } .chart svg { min-width: 0; }
  .counts, .source, .made, .narrow table { font-size: 11pt; }
  .glance { break-inside: avoid; }
}
"""


def render(digest: Digest) -> bytes:
    """The digest as an HTML page in UTF-8 that needs nothing from anywhere else."""
    return _page(digest).encode()


def render_pdf(digest: Digest) -> bytes:
    """The digest as an accessible PDF (declared as PDF/UA-1), set from the same page.

    UsageError where the libraries that set pages are missing.
    """
    return to_pdf.set_page(_page(digest))


def _page(digest: Digest) -> str:
    practice = [row for row in digest.themes if row.group != PROCESS]
    shown = _by_year(digest)
    html = _template().render(
        digest=digest,
        title=_title(digest),
        draft=frame.DRAFT,
        warning=f"{frame.DRAFT}. {frame.DRAFT_MEANS}",
        style=_style(draft=digest.draft),
        glance=glance(digest),
        practice=practice,
        process=[row for row in digest.themes if row.group == PROCESS],
        bars=charts.bars([(row.title, row.share) for row in practice[:MOST_BARS]]),
        lines=[(trend, charts.line(trend)) for trend in shown],
        by_year=[(trend, charts.last_years(trend)) for trend in shown],
        year_heads=[year.year for year in charts.last_years(shown[0])] if shown else [],
        demonstration=_demonstration(digest),
        compared=_most_compared(digest.compared),
        before_name=_capital(_when(digest.period.before)),
        period_name=_when(digest.period),
        dated=_dated(digest.period),
        capital=_capital,
        counts=charts.counts,
        percent=charts.percent,
        places=_places,
        together=_together,
        once=once,
        most_needs=MOST_NEEDS,
        most_asked=MOST_NEEDS if digest.agency else MOST_ASKED,
    )
    return html.rstrip("\n") + "\n"


def _demonstration(digest: Digest) -> bool:
    """Whether a review of the period was approved for a demonstration: its public id says so."""
    ids = (name for one in digest.listed for name in (one.review, one.published))
    return any(name.startswith(frame.DEMONSTRATION) for name in ids)


def _title(digest: Digest) -> str:
    whom = f" for {digest.agency}" if digest.agency else ""
    return f"Lessons from case reviews{whom}, {_when(digest.period)}"


def glance(digest: Digest) -> tuple[str, ...]:
    """What a reader in a hurry should take away, each as a sentence that counts."""
    if not digest.reviews:
        return ()
    said = [_first_said(digest)]
    practice = [row for row in digest.themes if row.group != PROCESS][:3]
    if practice:
        met = "; ".join(f"{row.title} ({charts.counts(row.share)})" for row in practice)
        said.append(f"The themes that most reviews meet: {met}.")
    said.append(_moves(digest))
    if digest.training:
        asks = digest.training_reviews
        said.append(f"{charts.counts(asks)} reviews find training wanting or ask for it.")
    named = [row for row in digest.asked if row.agency != "not said"][:3]
    if named:
        asked = "; ".join(f"{row.agency} ({row.recommendations})" for row in named)
        said.append(f"Recommendations ask these most often: {asked}.")
    return tuple(said)


def _first_said(digest: Digest) -> str:
    again, new = digest.recurring_in_all, digest.new_in_all
    told = (
        f"{again or 'No'} {_plural('lesson', again or 1)} of this period came back, and "
        f"{new or 'no'} new {'ones are' if new > 1 else 'one is'} shared by several reviews."
    )
    first = (*digest.recurring, *digest.new)[:1]
    most = "".join(
        f" The first of them, made by {one.ever} of {one.of_ever} reviews in all: {one.title}."
        for one in first
    )
    return told + most


def _moves(digest: Digest) -> str:
    """Which themes change over the years, or that none is clear, or that there is too little."""
    by_change: dict[Change, list[str]] = {change: [] for change in Change}
    for trend in digest.years:
        by_change[trend.change].append(trend.title)
    clear = [
        f"{change.value}: {', '.join(by_change[change])}"
        for change in (Change.RISES, Change.FALLS)
        if by_change[change]
    ]
    if clear:
        return f"Over the years the share of reviews {'; '.join(clear)}."
    if by_change[Change.NOT_CLEAR]:
        return "No theme changes clearly over the years."
    return "There are too few dated reviews to say whether any theme changes over the years."


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _by_year(digest: Digest) -> tuple[Trend, ...]:
    """The themes that are drawn by year: those that change first, then the most met."""
    moved = (Change.RISES, Change.FALLS)
    met = [t for t in digest.years if t.all.part >= LEAST_DRAWN and charts.last_years(t)]
    ordered = sorted(met, key=lambda trend: trend.change not in moved)
    return tuple(ordered[:MOST_LINES])


def _most_compared(rows: Sequence[Compared]) -> tuple[Compared, ...]:
    """Those that are met most, and every one that changes clearly."""
    moved = (Change.RISES, Change.FALLS)
    return tuple(row for n, row in enumerate(rows) if n < MOST_COMPARED or row.change in moved)


def _together(pair: Pair) -> str:
    if pair.chance is None:
        return Change.TOO_FEW.value
    if not pair.clear:
        return "not clearly"
    return "more often" if pair.lift > 1 else "less often"


def _places(quotes: Sequence[Quote]) -> str:
    """The first place of each review that quotations come from.

    >>> _places([])
    ''
    """
    first: dict[str, Quote] = {}
    for quote in quotes:
        first.setdefault(quote.review, quote)
    return "; ".join(
        f"{quote.review} p. {quote.page}"
        + (f" ({quote.paragraph})" if quote.paragraph else "")
        + (" draft" if quote.draft else "")
        for quote in first.values()
    )


def _dated(period: Period) -> str:
    if period.by_month:
        return (
            "A review belongs to the month in which it was published or, where it was not yet, "
            "received."
        )
    return "A review belongs to the year that it states."


def _when(period: Period) -> str:
    """The period in words.

    >>> _when(Period("2009", "2009")), _when(Period("2024-04", "2024-06"))
    ('2009', 'April 2024 to June 2024')
    """
    since, until = _named(period.since), _named(period.until)
    return since if since == until else f"{since} to {until}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(date: str) -> str:
    year, _, month = date.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month else year


def _style(*, draft: bool) -> object:
    from markupsafe import Markup

    return Markup(frame.style(draft=draft) + _STYLE)  # noqa: S704  # a constant of our own


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = files("pipeline.exporters").joinpath("templates")
    page = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
    )
    return page.get_template("digest.html")
