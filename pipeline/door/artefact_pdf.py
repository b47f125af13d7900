"""A PDF taken apart: every object, stream and word of it, and whatever has no place there."""

from __future__ import annotations

import io
import re
import struct
import time
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pipeline.door import artefact_pdf_objects as objects
from pipeline.door import artefact_pdf_text as texts
from pipeline.door.artefact import STRUCTURE, UNREADABLE, Problem, Reading
from pipeline.door.artefact_pdf_text import Stretch, Words
from pipeline.safe import frame

if TYPE_CHECKING:
    import pikepdf

TIMED_OUT = "takes too long to read"
_MOST_BYTES = 64 * 1024 * 1024
_MOST_SECONDS = 600.0
_XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n<rdf:RDF xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'pdfuaid:part="1" /><rdf:Description rdf:about="" pdf:Producer="Candour" /><rdf:Description '
    'rdf:about=""><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt>'
    "</dc:title></rdf:Description></rdf:RDF>\n</x:xmpmeta>\n"
    '<?xpacket end="r"?>'
)
_PAGE = re.compile(r"\d{1,5}")
# Signs that look alike and are one glyph in the fonts.
_ALIKE = str.maketrans("‐‑∆˭", "--Δ⁼")
_RTL = ("R", "AL", "AN")


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF as it is judged: a reading, its stretches of text, its streams, its fonts' tables."""

    reading: Reading
    stretches: tuple[Stretch, ...] = ()
    streams: tuple[bytes, ...] = ()
    fonts: tuple[bytes, ...] = ()


def of_pdf(data: bytes, *, draft: bool) -> Pdf:
    """A PDF taken apart; it must be as a file is that was written once, byte for byte."""
    import pikepdf
    from fontTools.ttLib import TTLibError

    if len(data) > _MOST_BYTES:
        return Pdf(Reading("", problems=(("file", UNREADABLE),)))
    try:
        return _opened(data, draft=draft)
    except TimeoutError:
        return Pdf(Reading("", problems=(("file", TIMED_OUT),)))
    except (*_BROKEN, pikepdf.PdfError, pikepdf.ForeignObjectError, TTLibError):
        return Pdf(Reading("", problems=(("file", UNREADABLE),)))


# Whatever reading a damaged file can end in; what is not listed ends the whole command.
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, ImportError, LookupError,
    MemoryError, NotImplementedError, OSError, RecursionError, RuntimeError, TypeError, ValueError,
    struct.error, zlib.error,
)  # fmt: skip


@lru_cache(maxsize=32)
def _opened(data: bytes, *, draft: bool) -> Pdf:
    """One that was taken apart a moment ago is not again.

    Whoever compares a PDF with the approved one and whoever judges it ask about the same bytes:
    half a second each time for 40 pages.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as file:
        return _taken(data, file, draft=draft)


def _taken(data: bytes, file: pikepdf.Pdf, *, draft: bool) -> Pdf:
    ends = time.monotonic() + _MOST_SECONDS
    problems: list[Problem] = []
    if not _written_once(data, file):
        problems.append(("the file as a whole", STRUCTURE))
    held = objects.taken(file)
    if held.problems:
        return Pdf(Reading("", problems=(*problems, *_few(held.problems))), streams=_content(held))
    _in_time(ends)
    out = texts.words(file)
    stretches = tuple(texts.reading(file, out))
    _in_time(ends)
    problems += _few(out.problems)
    problems += _as_drawn(data, out)
    problems += _margins(out, len(file.pages), draft=draft)
    around = [" ".join(s.text for s in group).strip() for group in _outside(stretches)]
    entries = list(_links(stretches))
    title = held.titles[0] if held.titles else ""
    problems += _properties(held, title)
    reading = Reading(
        "".join(s.text for s in stretches if s.inside),
        around=tuple(filter(None, (*around, title))),
        headings=(*entries, *held.told),
        problems=tuple(problems),
    )
    return Pdf(reading, stretches, _content(held), tuple(out.fonts))


def _in_time(ends: float) -> None:
    if time.monotonic() > ends:
        raise TimeoutError


def _few(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _content(held: objects.Objects) -> tuple[bytes, ...]:
    return tuple(content for kind, content in held.streams if kind != "/FontFile2")


def _written_once(data: bytes, file: pikepdf.Pdf) -> bool:
    """Whether nothing stands in the file but what leads somewhere: written anew, it is the same.

    So there is one version, no object that nothing leads to, and nothing before, between and
    after the objects.
    """
    import pikepdf

    out = io.BytesIO()
    file.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        fix_metadata_version=False,
    )
    first, second = file.trailer.ID
    return out.getvalue() == data and bytes(first) == bytes(second)


def _properties(held: objects.Objects, title: str) -> Iterator[Problem]:
    told = [content for kind, content in held.streams if kind == "/Metadata"]
    if told != [_XMP.format(title=escape(title)).encode()]:
        yield "metadata", STRUCTURE


def _margins(out: Words, pages: int, *, draft: bool) -> Iterator[Problem]:
    """On the margin of each page stand its number and, in a draft, the warning."""
    for number in range(pages):
        expected = Counter([f"Page {number + 1} of {pages}", *([frame.DRAFT] if draft else [])])
        if Counter(out.margins.get(number, [])) != expected:
            yield "the margin of a page", STRUCTURE
            return


def _outside(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """The lines around the report: title, notes, the heading of the contents, the end."""
    outside = [s for s in stretches if not s.inside and not s.element.startswith("/Link")]
    for _, group in groupby(outside, key=lambda s: s.element):
        yield list(group)


def _links(stretches: Sequence[Stretch]) -> Iterator[str]:
    """The lines of the contents, without dots and page."""
    links = [s for s in stretches if s.element.startswith("/Link")]
    for _, group in groupby(links, key=lambda s: s.element):
        yield "".join(s.text for s in group)


def entry_of(line: str, headings: frozenset[str]) -> bool:
    """Whether a line of the contents is a heading (bare), perhaps with its page behind it.

    >>> entry_of("1. Facts 12", frozenset(("1.Facts",))), entry_of("Facts", frozenset())
    (True, False)
    """
    told = bare(line)
    if _turned(told):
        return _numberless(told) in map(_numberless, headings)
    return told in headings or any(
        told.startswith(one) and _PAGE.fullmatch(told[len(one) :]) for one in headings
    )


def bare(text: str) -> str:
    r"""A text as it is compared: letters and signs only, each in one writing, no bullets.

    >>> bare("Two words,\u00ad ﬁne •")
    'Twowords,fine'
    """
    kept = (
        c
        for c in unicodedata.normalize("NFKC", text).translate(_ALIKE)
        if not c.isspace() and c != "•" and unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return unicodedata.normalize("NFKC", "".join(kept))


def _turned(text: str) -> bool:
    """Whether some of a text runs from right to left: pages show that in another order."""
    return any(unicodedata.bidirectional(c) in _RTL for c in text)


def same_text(stretches: Sequence[Stretch], expected: str) -> bool:
    """Whether the report's text is the expected one; the head of a table may come again."""
    target = bare(expected)
    inside = [s for s in stretches if s.inside]
    groups = [
        (head, bare("".join(s.text for s in group)))
        for head, group in groupby(inside, key=lambda s: s.head)
    ]
    if _turned(target):
        return _ordered(_once(groups)) == _ordered(target)
    places = {0}
    heads: set[str] = set()
    for head, text in groups:
        after = {at + len(text) for at in places if target.startswith(text, at)}
        if head and text in heads:
            after |= places
        heads |= {text} if head else set()
        places = after
    return len(target) in places


def _numberless(text: str) -> tuple[str, Counter[str]]:
    return _ordered("".join(c for c in text if not c.isdigit()))


def _once(groups: Sequence[tuple[str, str]]) -> str:
    """The text without the heads that come again."""
    heads: set[str] = set()
    out = []
    for head, text in groups:
        if not (head and text in heads):
            out.append(text)
        heads |= {text} if head else set()
    return "".join(out)


def _ordered(text: str) -> tuple[str, Counter[str]]:
    """What runs from left to right in its order, and all other signs counted."""
    straight = [c for c in text if unicodedata.bidirectional(c) == "L"]
    return "".join(straight), Counter(text)


def _as_drawn(data: bytes, out: Words) -> Iterator[Problem]:
    """Another program must read the same letters on each page."""
    import pypdfium2 as pdfium

    file = pdfium.PdfDocument(data)
    try:
        for number in range(len(file)):
            page = file[number]
            text = page.get_textpage()
            seen = _letters(text.get_text_range())
            text.close()
            page.close()
            ours = [words for (at, _), words in out.shown.items() if at == number]
            if seen != _letters("".join((*ours, *out.margins.get(number, [])))):
                yield "the letters of a page", STRUCTURE
                return
    finally:
        file.close()


def _letters(text: str) -> Counter[str]:
    # The other program has signs of its own for a hyphen at the end of a line.
    return Counter(c for c in bare(text) if c.isalnum())
