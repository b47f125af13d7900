"""Web pages (HTML): read as text without a network, without scripts, nothing hidden let through."""

from __future__ import annotations

import codecs
import hashlib
import re

from lxml import etree

from pipeline.errors import ReadError
from pipeline.raw.document import Document
from pipeline.raw.readers import assemble, refusals, text
from pipeline.raw.readers.html_outside import Beside, Hidden, gather
from pipeline.raw.readers.html_walk import Walk
from pipeline.span import BlockKind

_MOST = 64 * 1024 * 1024
_DEEPEST = 200
_SAYS = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_SAYS = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096
# What browsers take under these names.
_TAKEN = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
_LOST = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def read(data: bytes, *, name: str = "") -> Document:
    """A web page's bytes as a Document; ReadError where it has no text."""
    source, sure = decode(data)
    root = _parsed(source)
    beside = Beside()
    drafts = Walk(beside, Hidden(root)).drafts(root)
    gather(root, beside)
    if not any(d.kind is not BlockKind.FURNITURE for d in drafts):
        raise ReadError(refusals.HTML_NO_TEXT)
    return assemble.document(
        drafts,
        sha256=hashlib.sha256(data).hexdigest(),
        media="text/html",
        pages=1,
        seen=[*text.doubts(source, sure=sure), *beside.seen],
        margins=[name, *beside.margins],
    )


def decode(data: bytes) -> tuple[str, bool]:
    r"""The text of a page, by its byte-order mark, UTF-8, what it says itself, or as it looks.

    >>> decode(b'<meta charset="iso-8859-2"><p>Ko\xb6ci')[0][-5:]
    'Kości'
    """
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return text.decode(data)
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        pass
    says = _SAYS.search(data[:_HEAD]) or _XML_SAYS.search(data[:_HEAD])
    if says is not None:
        try:
            codec = codecs.lookup(says.group(1).decode("ascii")).name
            if not codec.startswith(("utf", "idna", "punycode", "unicode", "raw")):
                return data.decode(_TAKEN.get(codec, codec)), True
        except (LookupError, UnicodeDecodeError):
            pass
    return text.decode(data)


def _parsed(source: str) -> etree._Element:
    if len(source) > _MOST:
        raise ReadError(refusals.HTML_DEEP)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    clean = _LOST.sub("", source)
    try:
        root = etree.fromstring(clean.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ReadError(refusals.HTML_NO_TEXT) from None
    if root is None:
        raise ReadError(refusals.HTML_NO_TEXT)
    _measure(root)
    return root


def _measure(root: etree._Element) -> None:
    """Refuses a page that is nested too deep to be walked."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise ReadError(refusals.HTML_DEEP)
