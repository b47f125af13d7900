"""What stands around a report's own words in every export: title, notes, style. Fixed words only.

The exporters write it and the gate knows it, so that whatever else stands outside the report's
text is refused.
"""

from __future__ import annotations

import re

from pipeline.errors import UsageError

DRAFT = "DRAFT, NOT REVIEWED"
DRAFT_MEANS = (
    "Nobody has checked this text. It may still name people or places. Do not share or publish it."
)
WARNING = f"{DRAFT}. {DRAFT_MEANS}"
CHANGED = (
    "Words in square brackets stand for names and details that were removed, and dates may have "
    "been made less exact. The layout is new. No other words were changed."
)
AS_PUBLISHED = "This text is as it was published. The layout is new. No words were changed."
CONTENTS = "Contents"
SKIP = "Skip to the report"
END = "End of report"
# How the public ids begin of what accounts made for a demonstration approved.
DEMONSTRATION = "demonstration-"
DEMONSTRATION_MEANS = ": a demonstration, reviewed by nobody"
AS_PUBLISHED_PROFILE = "as-published"

_PUBLIC_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
BAD_ID = (
    "A public id may have letters, digits, dots, hyphens and underscores only, 64 at most. "
    "Nothing was exported. Name the review by its id."
)


def title(public_id: str) -> str:
    """The title of an export; UsageError where the id could hold more than an id.

    >>> title("CR-0007")
    'Case review CR-0007'
    """
    if not _PUBLIC_ID.fullmatch(public_id):
        raise UsageError(BAD_ID)
    shown = DEMONSTRATION_MEANS if public_id.startswith(DEMONSTRATION) else ""
    return f"Case review {public_id}{shown}"


def anchor(number: int) -> str:
    """Where a link leads to a paragraph of a page; the first block of the text has the number 1.

    >>> anchor(12)
    'p12'
    """
    return f"p{number}"


def note(profile: str) -> str:
    """What was done to the text, in a sentence or two for its readers."""
    return AS_PUBLISHED if profile == AS_PUBLISHED_PROFILE else CHANGED


def made_from(version: int) -> str:
    """Which version of the author's report a publication is of; "" where that is not told.

    >>> made_from(2)
    'Made from version 2 of the report as its author submitted it.'
    """
    return f"Made from version {version} of the report as its author submitted it." * (version > 0)


def notes(profile: str, version: int = 0) -> tuple[str, ...]:
    """What is told of the text above it: of which version it is, and what was changed."""
    return tuple(filter(None, (made_from(version), note(profile))))


def top(public_id: str, profile: str, *, draft: bool, version: int = 0) -> tuple[str, ...]:
    """The lines above every export: title, a draft's warning, the version, what was changed."""
    warning = (WARNING,) if draft else ()
    return (title(public_id), *warning, *notes(profile, version))


STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { font-size: 100%; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; color: #0b0c0c; background: #fff; text-align: left;
  font: 1.1875rem/1.5 Arial, "Helvetica Neue", Helvetica, sans-serif;
}
.page { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem 4rem; }
.skip { position: absolute; left: -999rem; padding: .75rem 1.25rem; background: #fd0; }
.skip:focus { position: static; display: block; }
a { color: #1a65a6; text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 3px; }
a:focus, .table:focus, main:focus-visible { outline: 3px solid #fd0; color: #0b0c0c; }
header { border-top: .5rem solid #1d5b79; padding: 1.75rem 0 .5rem; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2.25rem 0 .75rem; break-after: avoid; }
h1 { font-size: 2.125rem; margin: 0 0 1rem; }
h2 { font-size: 1.5rem; }
h3 { font-size: 1.25rem; }
h4, h5, h6 { font-size: 1.1875rem; }
p { margin: 0 0 1.125rem; }
.note { color: #484d50; font-size: 1rem; max-width: 40rem; }
.draft { border: .25rem solid #942514; padding: .75rem 1rem; color: #942514; font-weight: 700; }
nav { border-bottom: 1px solid #b1b4b6; margin-bottom: 2.5rem; padding-bottom: 1rem; }
nav h2 { font-size: 1.1875rem; margin: 1.5rem 0 .5rem; }
nav ol { list-style: none; margin: 0; padding: 0; font-size: 1rem; }
nav li { margin: .375rem 0; }
nav .deeper { padding-left: 1.5rem; }
main h2:first-child { margin-top: 0; }
main ul { margin: 0 0 1.125rem; padding: 0; list-style: none; }
main li { position: relative; margin: 0 0 .5rem; padding-left: 2.25rem; }
main li.plain::before { content: "•"; position: absolute; left: .5rem; }
main li.deeper { margin-left: 2.25rem; }
main li .number { position: absolute; left: .125rem; min-width: 0; padding: 0; color: inherit; }
.number { display: inline-block; min-width: 2.75rem; padding-right: .5rem; color: #484d50; }
h2 .number, h3 .number, h4 .number, h5 .number, h6 .number { min-width: 0; color: inherit; }
.mark { position: absolute; left: .5rem; }
.swap { background: #eef3f5; border-bottom: 1px dotted #50707e; padding: 0 .1em; }
blockquote {
  margin: 0 0 1.125rem; padding: .25rem 0 .25rem 1.25rem; border-left: .375rem solid #b1b4b6;
}
blockquote p:last-child { margin-bottom: 0; }
main :target { background: #fff7c2; outline: .375rem solid #fff7c2; }
.footnote { font-size: 1rem; color: #484d50; border-top: 1px solid #dcdfe0; padding-top: .5rem; }
.table { overflow-x: auto; margin: 0 0 1.75rem; }
table { border-collapse: collapse; width: 100%; font-size: 1rem; }
th, td {
  text-align: left; vertical-align: top; padding: .5rem 1rem .5rem 0;
  border-bottom: 1px solid #b1b4b6;
}
thead th { border-bottom-width: 2px; }
footer {
  margin-top: 3rem; padding-top: 1rem; border-top: 1px solid #b1b4b6;
  color: #484d50; font-size: 1rem;
}
@media (max-width: 40rem) { body { font-size: 1rem; } h1 { font-size: 1.75rem; } }
@media print {
  @page { margin: 2.2cm 2cm; }
  body { font-size: 12pt; } .page { max-width: none; padding: 0; }
  .skip { display: none; } a { color: inherit; text-decoration: none; }
  .note, nav ol, table, .footnote, footer { font-size: 12pt; }
  nav { break-after: page; border: 0; } tr, .footnote { break-inside: avoid; }
  thead { display: table-header-group; } .table { overflow: visible; }
  .swap { background: none; }
}
"""
DRAFT_STYLE = f"""@media print {{
  @page {{ @top-center {{ content: "{DRAFT}"; font-weight: 700; }} }}
}}
"""


def style(*, draft: bool) -> str:
    """The one stylesheet of a page; that of a draft prints its warning on every page."""
    return STYLE + (DRAFT_STYLE if draft else "")
