"""A release as a folder of pages that works by itself: no server, nothing from anywhere else.

The texts go in as they were approved, byte for byte; what is made here are the pages around
them, the index of search, the feed and the archive. The same release gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pipeline.exporters import to_tombstone
from pipeline.safe import frame
from pipeline.safe import release as nouns
from pipeline.safe import release_words as words
from pipeline.safe.lesson import NOT_STATED
from pipeline.safe.release import Gone, Release, Told

if TYPE_CHECKING:
    from jinja2 import Template

STATIC = ("site.css", "site.js")
INDEX = "search-index.js"
BEFORE, AFTER = "window.candourRelease = ", ";\n"


def render(release: Release) -> dict[str, bytes]:
    """The pages of a release by name, without its texts, its archive and its manifest."""
    static = files("pipeline.exporters") / "static"
    return {
        "index.html": _page(release, "index"),
        "lessons.html": _page(release, "lessons"),
        "feed.xml": feed(release),
        INDEX: search_index(release),
        nouns.DATA: nouns.to_data(release),
        **{name: (static / name).read_bytes() for name in STATIC},
        **{
            f"{nouns.TEXTS}/{one.id}.html": to_tombstone.render(one.id, one.month)
            for one in release.gone
        },
    }


def _page(release: Release, page: str) -> bytes:
    start = words.TITLE if page == "index" else words.LESSONS_TITLE
    html = _template().render(
        page=page,
        title=f"{start}: {nouns.in_words(release.quarter)}",
        release=release,
        words=words,
        note=frame.note(release.profile),
        titles=dict(release.themes),
        groups=(
            (words.AGAIN, [one for one in release.lessons if len(one.said_by) > 1]),
            (words.ALONE, [one for one in release.lessons if len(one.said_by) == 1]),
        ),
        plural=words.plural,
        in_words=nouns.in_words,
        report_title=lambda public_id: f"Case review {public_id}",
        gone_title=_gone_title,
        years=_years,
        capital=lambda text: text[:1].upper() + text[1:],
    )
    return (html.rstrip("\n") + "\n").encode()


def _years(lesson: Told) -> str:
    """The years of a lesson, with the comma before them.

    >>> _years(Told("", "", ("a",), "2009", "2012", ()))
    ', 2009 to 2012'
    """
    if lesson.first == NOT_STATED:
        return ""
    return f", {lesson.first}" + (f" to {lesson.last}" if lesson.last != lesson.first else "")


def _gone_title(one: Gone) -> str:
    month = to_tombstone.says(one.month).partition(" was ")[2].rstrip(".")
    return f"Case review {one.id}, {month}"


def search_index(release: Release) -> bytes:
    """The texts as the search in the page reads them: a script that sets one value."""
    value = {
        "reports": [
            {
                "id": one.id,
                "year": one.year,
                "themes": [code for code in one.themes if code in dict(release.themes)],
                "paragraphs": [[p.anchor, p.page, p.text] for p in one.paragraphs],
            }
            for one in release.reports
        ],
        "themes": [list(pair) for pair in release.themes],
    }
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{BEFORE}{text}{AFTER}".encode()


def feed(release: Release) -> bytes:
    """An Atom feed with one entry a release; its only dates are ends of quarters and months."""
    here = '<link rel="alternate" href="index.html"/>'
    entries = [_entry(release.profile, release.quarter, len(release.reports), here, release.gone)]
    entries += [_entry(release.profile, past.quarter, past.reviews) for past in release.past]
    title = f"{words.TITLE}: {nouns.in_words(release.quarter)}"
    return "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">',
            f"<id>urn:candour:releases:{release.profile}</id>",
            f"<title>{escape(title)}</title>",
            f"<updated>{_updated(release.quarter, release.gone)}</updated>",
            "<author><name>Candour</name></author>",
            *entries,
            "</feed>\n",
        )
    ).encode()


def _entry(
    profile: str, quarter: str, reviews: int, link: str = "", gone: tuple[Gone, ...] = ()
) -> str:
    told = f"{words.plural(reviews, 'review')}" if reviews else "No review"
    told += f", {len(gone)} withdrawn" if gone else ""
    return (
        f"<entry><id>urn:candour:release:{quarter}:{profile}</id>"
        f"<title>{words.TITLE}: {nouns.in_words(quarter)}</title>"
        f"<updated>{_updated(quarter, gone)}</updated>{link}<summary>{told}.</summary></entry>"
    )


def _updated(quarter: str, gone: tuple[Gone, ...]) -> str:
    """The end of the quarter, or the month of the last withdrawal: never a day of a review."""
    days = [nouns.last_day(quarter), *(f"{one.month}-01" for one in gone)]
    return f"{max(days)}T00:00:00Z"


def archive(release: Release, contents: Mapping[str, bytes]) -> bytes:
    """The files in one: sorted, unpacked in size, all of one date, so that nothing is told."""
    day = date.fromisoformat(nouns.last_day(release.quarter))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(
                f"{release.name}/{name}", (day.year, day.month, day.day, 0, 0, 0)
            )
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, contents[name])
    return made.getvalue()


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    source = (files("pipeline.exporters") / "templates" / "release.html").read_text("utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
