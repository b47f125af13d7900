"""Web pages: what is shown becomes blocks, what is not shown is kept apart and listed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Settings
from pipeline.errors import ReadError
from pipeline.raw.document import PICTURE_SIGN, Document, UnreadKind
from pipeline.raw.readers import html, html_start, reading, showing
from pipeline.span import BlockKind

_NAME = "Xanthe Quirke"
P, B, H, F = "paragraph", "bullet", "heading", "furniture"


def page(body: str, head: str = "") -> Document:
    source = f"<!DOCTYPE html><html><head>{head}</head><body><p>A visit was made.</p>{body}</body>"
    return html.read(source.encode())


def blocks(body: str) -> list[tuple[str, str]]:
    return [(b.kind.value, b.text) for b in page(body).blocks[1:]]


def kinds(document: Document) -> list[UnreadKind]:
    return [thing.what for thing in document.unread]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<h2>What was <i>known</i></h2>", [(H, "What was known")]),
        ("<div role=heading aria-level=3>Known</div>", [(H, "Known")]),
        ("<p><b>What was known</b></p><p>Much.", [(H, "What was known"), (P, "Much.")]),
        ("loose <b>text</b> here<p>then", [(P, "loose text here"), (P, "then")]),
        ("<p>one&nbsp;two\n three</p>", [(P, "one two three")]),
        ("<p>1 High St<br>Ellerwick</p>", [(P, "1 High St Ellerwick")]),
        ("<p>One.<br><br>Two.</p>", [(P, "One."), (P, "Two.")]),
        ("<p>4.1 One.<br>4.2 Two.</p>", [(P, "4.1 One."), (P, "4.2 Two.")]),
        ("<p>One<sup>1</sup> is, two<sup><a href='#f'>[2]</a></sup></p>",
         [(P, "One 1 is, two [2]")]),
        ("<p>12 m<sup>2</sup>, the 1<sup>st</sup></p>", [(P, "12 m², the 1st")]),
        ("<ul><li>one<li>two<ul><li>three</ul></ul>",
         [(B, "• one"), (B, "• two"), (B, "• three")]),
        ("<ol><li>one<li value=5>two<li>three</ol>",
         [(P, "1. one"), (P, "5. two"), (P, "6. three")]),
        ("<ol type=a start=2><li>one<li>two</ol>", [(P, "b. one"), (P, "c. two")]),
        ("<ol type=i><li>one<li>two<li>x<li>y</ol>",
         [(P, "i. one"), (P, "ii. two"), (P, "iii. x"),
          (P, "iv. y")]),
        ("<ol reversed><li>one<li>two</ol>", [(P, "2. one"), (P, "1. two")]),
        ("<ul style='list-style:none'><li>one</ul>", [(P, "one")]),
        ("<ol><li><p>one</p><p>more</p></ol>", [(P, "1. one"), (P, "more")]),
        ("<blockquote><p>I was not asked.</blockquote>", [("quote", "I was not asked.")]),
        ("<dl><dt>HV<dd>health visitor</dl>", [(P, "HV"), (P, "health visitor")]),
        ("<pre>One line\nand one.\n\nTwo.</pre>",
         [(P, "One line and one."), (P, "Two.")]),
        ("<table><tr><td>one</table>", [(P, "one")]),
        ("<table role=presentation><tr><td>one<td>two</table>",
         [(P, "one"), (P, "two")]),
        ("<table><tr><td><h2>One</h2><td>two</table>", [(H, "One"), (P, "two")]),
        ("<table><td>one<td>two</table>", [(P, "one"), (P, "two")]),
        ("<nav><a>Home</a></nav>", [(F, "Home")]),
        ("<header>The Board</header>", [(F, "The Board")]),
        ("<header><h1>The report</h1></header>", [(H, "The report")]),
        ("<article><header>By the author</header></article>", [(P, "By the author")]),
        ("<footer>Cookies</footer>", [(F, "Cookies")]),
        ("<div title=footer><p>Final</div>", [(F, "Final")]),
        ("<p>Page 2 of 43</p>", [(F, "Page 2 of 43")]),
        ("<p>see&shy;n</p><x-mark>odd</x-mark>", [(P, "seen"), (P, "odd")]),
    ],
)  # fmt: skip
def test_what_a_browser_shows_becomes_blocks(body: str, wanted: list[tuple[str, str]]) -> None:
    assert blocks(body) == wanted


def test_tables_keep_their_columns() -> None:
    body = (
        "<table><caption>Dates</caption><thead><tr><th>Date<th colspan=2>What</thead>"
        "<tr><td rowspan=2>1 May<td>Visit<td>x<tr><td>Call<td>y</table>"
    )
    document = page(body)
    caption, table = document.blocks[1:]
    assert caption.text == "Dates"
    assert showing.cells(document, table) == [
        ["Date", "What", ""], ["1 May", "Visit", "x"], ["", "Call", "y"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "note",
    [
        "<div id=ftn1><p><a href='#r'>[1]</a> See the guidance.</p></div>",
        "<div id='sdfootnote1'><p><a>1</a>See the guidance.</p></div>",
        "<ol><li id='fn1'>See the guidance. <a href='#r'>↩</a></ol>",
        "<section role=doc-endnotes><ol><li>See the guidance.</ol></section>",
        "<aside role=doc-footnote id=fn-1>See the guidance.</aside>",
    ],
)
def test_footnotes_carry_their_number(note: str) -> None:
    block = page(note).blocks[-1]
    assert (block.kind, block.number, block.text) == (
        BlockKind.FOOTNOTE, "1", "1 See the guidance.",
    )  # fmt: skip


def test_a_note_that_starts_with_a_number_keeps_it() -> None:
    assert page("<ol start=3><li id=fn3>12 visits were made.</ol>").blocks[-1].text == (
        "3 12 visits were made."
    )


_HIDDEN = UnreadKind.HIDDEN_TEXT


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (f"<p hidden>{_NAME}</p>", _HIDDEN),
        (f"<div style='Display : none'><p>{_NAME}</div>", _HIDDEN),
        (f"<span style='visibility:hidden'>{_NAME}</span>", _HIDDEN),
        (f"<span style='font-size:0'>{_NAME}</span>", _HIDDEN),
        (f"<span style='color:#FFF'>{_NAME}</span>", _HIDDEN),
        (f"<span style='mso-hide:all'>{_NAME}</span>", _HIDDEN),
        (f"<style>.gone, p.x {{display:none}}</style><p class='a gone'>{_NAME}</p>", _HIDDEN),
        (f"<template><p>{_NAME}</template>", _HIDDEN),
        (f"<noscript>{_NAME}</noscript>", _HIDDEN),
        (f"<dialog>{_NAME}</dialog>", _HIDDEN),
        (f"<table><tr><td>a<td>b<tr hidden><td>{_NAME}<td>d</table>", _HIDDEN),
        (f"<!-- ask {_NAME} -->", UnreadKind.COMMENT),
        (f"<div style='mso-element:comment-list'><p>{_NAME}</div>", UnreadKind.COMMENT),
        (f"<input value='{_NAME}'>", UnreadKind.FORM_FIELD),
        (f"<textarea>{_NAME}</textarea>", UnreadKind.FORM_FIELD),
        (f"<select><option selected>{_NAME}</select>", UnreadKind.FORM_FIELD),
        (f"<iframe src='x.html' title='{_NAME}'></iframe>", UnreadKind.ATTACHMENT),
        (f"<object data='x.pdf'>{_NAME}</object>", UnreadKind.ATTACHMENT),
        (f"<svg width=300><text>{_NAME}</text></svg>", UnreadKind.OTHER_PART),
        (f"<style>p::after {{content: '{_NAME}'}}</style>", UnreadKind.OTHER_PART),
        (f"<p>was <del>{_NAME}</del> seen</p>", UnreadKind.TRACKED_CHANGE),
        (f"<img src='a.png' alt='{_NAME}'>", UnreadKind.PICTURE),
    ],
)
def test_what_is_not_shown_is_kept_apart_and_listed(body: str, what: UnreadKind) -> None:
    document = page(body)
    assert _NAME not in document.text
    assert any(_NAME in margin for margin in document.margins)
    assert what in kinds(document)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"<title>{_NAME}</title>", ""),
        (f"<meta name=author content='{_NAME}'>", ""),
        (f'<script type="application/ld+json">{{"a": [{{"name": "{_NAME}"}}]}}</script>', ""),
        ("", "<a href='mailto:Xanthe%20Quirke@example.org'>write</a>"),
        ("", f"<p title='{_NAME}'>x</p>"),
        ("", f"<p data-who='{_NAME}'>x</p>"),
        ("", "<p id='XantheQuirke'>x</p>"),
        ("", "<a name='Xanthe-Quirke'></a>"),
        ("", f"<p aria-label='{_NAME}'>x</p>"),
        ("", f"<button>{_NAME}</button>"),
    ],
)
def test_names_beside_the_text_are_known(head: str, body: str) -> None:
    document = page(body, head)
    assert _NAME not in document.text
    assert any(_NAME in margin for margin in document.margins)


@pytest.mark.parametrize(
    "body",
    [
        f"<p style='color:#fff;background:#003'>{_NAME}</p>",
        f"<div bgcolor=navy><font style='color:white'>{_NAME}</font></div>",
        f"<style>@media print {{ .x {{display:none}} }}</style><p class=x>{_NAME}</p>",
        f"<p class='visually-hidden'>{_NAME}</p>",
        f"<p aria-hidden=true>{_NAME}</p>",
        f"<details><summary>More</summary>{_NAME}</details>",
        f"<label>{_NAME}</label>",
        f"<table><tr>{_NAME}<td>a<td>b</table>",
    ],
)
def test_what_a_reader_can_see_stays_in_the_text(body: str) -> None:
    document = page(body)
    assert _NAME in document.text
    assert _HIDDEN not in kinds(document)


def test_scripts_are_not_run_and_listed_once() -> None:
    document = page("<script>document.write('x')</script><script src=a.js></script>")
    assert kinds(document) == [UnreadKind.OTHER_PART]
    assert document.text == "A visit was made."


def test_a_picture_stands_where_it_was_and_is_listed_there() -> None:
    document = page("<p>Before <img src=a.png> after.</p><p>End.</p><img src=b.gif width=1>")
    assert document.text.split("\n\n")[1:] == ["Before after.", PICTURE_SIGN, "End."]
    (thing,) = document.unread
    assert thing.span is not None
    assert thing.span.of(document.text) == PICTURE_SIGN


def test_a_picture_in_a_cell_is_listed_with_its_table() -> None:
    document = page("<table><tr><td>a<td><img src=a.png></table>")
    assert document.blocks[-1].text == f"a\t{PICTURE_SIGN}"
    assert kinds(document) == [UnreadKind.PICTURE]


@pytest.mark.parametrize(
    "data",
    [
        b"<html></html>",
        b"<html><nav>Home</nav></html>",
        b"<!doctype html><script>x</script>",
        b"<html>" + b"<div>" * 5000 + b"deep",
    ],
)
def test_a_page_without_text_of_its_own_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        html.read(data)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("<p>tŷ Siân".encode(), "tŷ Siân"),
        (b"<meta charset=utf-8><p>Zo\xeb\x92s", "Zoë’s"),
        (b"<meta charset='iso-8859-1'><p>Zo\xeb\x92s", "Zoë’s"),
        ("<meta charset=windows-1250><p>Łukasz".encode("cp1250"), "Łukasz"),
        (
            '<?xml version="1.0" encoding="iso-8859-2"?><html><p>Łukasz'.encode("iso8859-2"),
            "Łukasz",
        ),
        ("<html><p>tŷ Siân".encode("utf-16"), "tŷ Siân"),
        ("<meta charset=iso-8859-1><p>tŷ’s".encode(), "tŷ’s"),
        (b"<meta charset=nonsense><p>Zo\xeb\x92s", "Zoë’s"),
        (b"<p>A &amp; B &#8217; &eacute;\x00\x0c", "A & B ’ é"),
    ],
)
def test_encodings_of_pages(data: bytes, wanted: str) -> None:
    assert html.read(data).text == wanted


@pytest.mark.parametrize(
    ("data", "is_page"),
    [
        (b"<!DOCTYPE html>", True),
        (b"\n <!-- x --> <HTML>", True),
        (b"\xef\xbb\xbf<html>", True),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'>", True),
        (b"<p class=x>", True),
        (b"<?xml version='1.0'?><svg>", False),
        (b"<redacted> was seen", False),
        (b"<Person 1> and <h> and", False),
        (b"Text about <html>", False),
    ],
)
def test_pages_are_told_by_their_start(data: bytes, is_page: bool) -> None:
    assert html_start.starts(data) is is_page


def test_a_page_is_read_whatever_its_name_is(tmp_path: Path) -> None:
    path = tmp_path / "Review of Q.doc"
    path.write_bytes(b"<html><body><p>A visit was made.")
    read = reading.read(path, Settings())
    assert (read.media, read.text, read.source_text) == ("text/html", "A visit was made.", None)
    assert "Review of Q" in read.margins


_NAMES = "ash birch cedar elm fir hazel larch maple oak pine rowan yew".split()
_TREES = re.compile(rf"\b(?:{'|'.join(_NAMES)})\b")
_WORDS = st.sampled_from(_NAMES)
_TAGS = st.sampled_from(
    "p div span b h2 ul li ol table tr td th tbody blockquote section em sup a dl dd pre br hr "
    "article footer nav center font q code".split()
)
_PIECES = st.one_of(
    _WORDS.map(lambda word: f" {word} "),
    _TAGS.map(lambda tag: f"<{tag}>"),
    _TAGS.map(lambda tag: f"</{tag}>"),
    st.just("&nbsp;"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_no_word_of_a_page_is_lost_however_its_tags_stand(body: str) -> None:
    document = page(body)
    kept = " ".join(block.text for block in document.blocks)
    assert Counter(_TREES.findall(kept)) == Counter(_TREES.findall(body))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_behind_a_start_are_read_or_refused(data: bytes) -> None:
    try:
        document = html.read(b"<html><body>" + data)
    except ReadError:
        return
    document.text.encode()
