"""The pages around a release's texts, taken apart: what they say, and what has no place there.

Pages of search may run scripts; they are known by their hashes and no other is let through.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping

from pipeline.door.artefact import STRUCTURE, UNREADABLE, Problem, Strict

# The files that are the same in every release (pipeline/exporters/static), by SHA-256. Whoever
# changes one looks at it once more, and writes its new hash here.
LISTED: Mapping[str, str] = {
    "site.css": "23048cc69c52bb76e5c13d5811c4216f8508f620e31eb68f5dd62bc14acf5263",
    "site.js": "cfd1309485c9d3d7fd37c3c6fbd476058f7341432f3fbec8b7a9b6151e674ba6",
}
BEFORE, AFTER = "window.candourRelease = ", ";\n"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'"
)
_ID = r"(?:cr|demonstration)-[a-z0-9]{6,12}"
_TEXT = rf"texts/{_ID}\.(?:html|pdf|docx|txt|md|json)"
_ARCHIVE = r"candour-\d{4}Q[1-4]-[a-z-]+(?:-edition-\d+)?\.zip"
_OWN = "main|search|reviews|withdrawn|about|no-scripts|ask|words|hint|theme|year|mistake|found-by"
_CLASSES = (
    "skip|page|note|field|choices|hint|mistake|buttons|kind|counts|themes|formats|lesson|theme"
    "|quote|source"
)
_ANY: dict[str, str] = {"id": rf"{_OWN}|status|hits|more|list|{_ID}(?:-name)?", "class": _CLASSES}
_TAGS: dict[str, dict[str, str]] = {
    "html": {"lang": "en-GB"},
    "head": {},
    "meta": {
        "charset": "utf-8",
        "http-equiv": "Content-Security-Policy",
        "name": "viewport|referrer",
        "content": rf"width=device-width, initial-scale=1|no-referrer|{re.escape(_POLICY)}",
    },
    "title": {},
    "link": {
        "rel": "stylesheet|alternate",
        "href": r"site\.css|feed\.xml",
        "type": r"application/atom\+xml",
    },
    "script": {"src": r"search-index\.js|site\.js", "defer": ""},
    "a": {
        "href": rf"#(?:main|search|reviews|about)|index\.html|lessons\.html|release\.json|feed\.xml"
        rf"|{_ARCHIVE}|{_TEXT}(?:#[hp]\d{{1,5}})?",
        "aria-describedby": rf"{_ID}-name",
    },
    "nav": {"aria-label": "On this page|This release"},
    "main": {"tabindex": "-1"},
    "section": {"aria-labelledby": "search|reviews|withdrawn|about"},
    "form": {"role": "search", "hidden": ""},
    "label": {"for": "words|theme|year"},
    "input": {
        "type": "search",
        "autocomplete": "off",
        "spellcheck": "false",
        "aria-describedby": "hint found-by mistake",
    },
    "select": {},
    "button": {"type": "submit|reset|button", "hidden": ""},
    "p": {"role": "alert|status", "tabindex": "-1"},
    **{tag: {} for tag in "body div header footer h1 h2 h3 ul ol li blockquote".split()},
}
_PAGE = {tag: _ANY | attributes for tag, attributes in _TAGS.items()}
_FEED: dict[str, dict[str, str]] = {
    "feed": {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en-GB"},
    "link": {"rel": "alternate", "href": r"index\.html"},
    **{tag: {} for tag in "id title updated author name entry summary".split()},
}
_VOID = frozenset(("meta", "link", "input"))
_FEED_LINES = re.compile(
    r"urn:candour:release(?:s|:\d{4}Q[1-4]):[a-z-]+|\d{4}-\d\d-\d\dT00:00:00Z|Candour"
)


class _Markup(Strict):
    """The text of each element, and where links lead."""

    def __init__(self, allowed: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(allowed)
        self.lines: list[tuple[str, str]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.check(tag, attrs):
            self.links += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.lines.append((self.open[-1] if self.open else "", data.strip()))

    def handle_pi(self, data: str) -> None:
        if data != 'xml version="1.0" encoding="utf-8"?' or self.getpos() != (1, 0):
            self.refuse()


def of_page(data: bytes) -> tuple[tuple[str, ...], tuple[str, ...], list[Problem]]:
    """The lines of a page, where its links lead, and its problems."""
    return _read(data, _PAGE)


def of_feed(data: bytes) -> tuple[tuple[str, ...], tuple[str, ...], list[Problem]]:
    """The lines of a feed but its ids and dates, where its links lead, and its problems."""
    lines, links, problems = _read(data, _FEED)
    return tuple(line for line in lines if not _FEED_LINES.fullmatch(line)), links, problems


def _read(
    data: bytes, allowed: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[str, ...], tuple[str, ...], list[Problem]]:
    page = _Markup(allowed)
    page.feed(data.decode("utf-8"))
    problems = list(page.end())
    if any(tag in ("script", "style", "") for tag, _ in page.lines):
        problems.append(("a script", STRUCTURE))
    return tuple(line for _, line in page.lines), tuple(page.links), problems


def of_index(data: bytes) -> object:
    """The value that the index of search sets; None where the script does anything else."""
    text = data.decode("utf-8")
    if not text.startswith(BEFORE) or not text.endswith(AFTER):
        return None
    try:
        value: object = json.loads(text[len(BEFORE) : -len(AFTER)])
    except (ValueError, RecursionError):
        return None
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return value if f"{BEFORE}{written}{AFTER}" == text else None


def of_archive(data: bytes, day: tuple[int, int, int]) -> tuple[dict[str, bytes], list[Problem]]:
    """The files of an archive; a problem where a name, date or byte of it could tell more."""
    files: dict[str, bytes] = {}
    again = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(again, "w") as anew:
            for entry in packed.infolist():
                files[entry.filename] = packed.read(entry)
                plain = zipfile.ZipInfo(entry.filename, (*day, 0, 0, 0))
                plain.create_system, plain.external_attr = 3, 0o644 << 16
                anew.writestr(plain, files[entry.filename])
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return {}, [("file", UNREADABLE)]
    if again.getvalue() != data or list(files) != sorted(files):
        return files, [("file", STRUCTURE)]
    return files, []
