"""The fixed words of a release's pages: the exporter writes them and the gate knows them.

Whatever else stands on a page must be a stretch of a text that goes out with it, the title of a
theme, or fit one of the patterns.
"""

from __future__ import annotations

import re

from pipeline.safe import frame

TITLE = "Case reviews"
LESSONS_TITLE = "Lessons from case reviews"
SKIP = "Skip to the reviews"
SKIP_LESSONS = "Skip to the lessons"
TOGETHER = (
    "These reviews were released together, as those of one quarter, in an order that was drawn by "
    "lot."
)
NOT_ANONYMOUS = (
    "Two people checked each text before it was released. That does not rule out that somebody "
    "could be recognised: please do not try to find out who a person is."
)
SEARCH = "Search"
WORDS = "Words to look for"
HINT = 'Words, a "phrase in quotation marks", AND, OR, NOT, brackets, or a beginning: neglect*'
FOUND = "Each paragraph is searched by itself. Nothing that you type leaves this computer."
NO_SCRIPTS = "To search, allow scripts in your browser. All else on these pages works without."
THEME = "Theme"
YEAR = "Year"
CLEAR = "Clear"
MORE = "Show more"
REVIEWS = "The reviews"
REVIEWS_EMPTY = "No review is left in this release."
LESSONS = "Lessons"
ABOUT = "About this release"
WITHDRAWN = "Withdrawn"
WITHDRAWN_MEANS = (
    "These texts were taken back after the release. Please delete every copy that you have."
)
EARLIER = "Earlier releases"
ARCHIVE = "All files in one (ZIP)"
DATA = "What these pages say, as data (JSON)"
FEED = "A feed of the releases (Atom)"
SIGNED = (
    "The file release.manifest.json lists every file of this release with its SHA-256 hash, and is "
    "signed. Whoever has Candour checks a copy with: candour verify release.manifest.json"
)
BACK = "All reviews of this release"
AGAIN = "Said in more than one review"
ALONE = "Said in one review so far"
NO_LESSONS = "No lesson was found in these reviews."
COUNTED = (
    "A lesson is counted over the reviews of this release and of those before it that still stand. "
    "Only reviews of this release are quoted. The program groups what reviews say, and people may "
    "have corrected it; read a quotation in its place before you rely on it."
)
NO_TITLE = "A lesson without a title"
NO_YEAR = "Year not stated"
NO_KIND = "Kind of review not stated"
END = "End of page"
FORMATS = {
    "html": "Web page",
    "pdf": "PDF",
    "docx": "Word",
    "txt": "Text",
    "md": "Markdown",
    "json": "Data",
}

_QUARTER = r"(?:January to March|April to June|July to September|October to December) \d{4}"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December) "
    r"\d{4}"
)
_ID = r"(?:cr|demonstration)-[a-z0-9]{6,12}"
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{TITLE}|{LESSONS_TITLE}): {_QUARTER}",
        rf"{_QUARTER}: (?:1 review|\d+ reviews)",
        r"(?:1 case review|\d+ case reviews)",
        rf"Case review {_ID}",
        rf"{_ID}, page \d+",
        rf"Case review {_ID}, withdrawn in {_MONTH}",
        r"(?:\d{4}|Year not stated)\. (?:1 page|\d+ pages)\.",
        r"\d+ of (?:1 review|\d+ reviews)(?:, \d{4}(?: to \d{4})?)?",
        r"(?:[1-9]\d*|No) (?:review|reviews)(?:, \d+ withdrawn)?\.",
        r"The lessons of (?:1 review|\d+ reviews)",
    )
)


def plural(count: int, word: str) -> str:
    """A count with its word.

    >>> plural(1, "review"), plural(12, "review")
    ('1 review', '12 reviews')
    """
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def constants() -> frozenset[str]:
    """Every fixed line."""
    own = {value for name, value in globals().items() if name.isupper() and isinstance(value, str)}
    return frozenset(own | set(FORMATS.values()) | {frame.CHANGED})


def known(line: str) -> bool:
    """Whether a line is one of these, or fits a pattern.

    >>> known("Search"), known("cr-bcdfghjk, page 3"), known("Tamsin Quill")
    (True, True, False)
    """
    return line in constants() or any(pattern.fullmatch(line) for pattern in PATTERNS)
