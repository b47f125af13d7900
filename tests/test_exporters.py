"""Exports: the same bytes each time, accessible, escaped, and only what the safe text says."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from door_parts import document, person, redacted

from pipeline.errors import UsageError
from pipeline.exporters import to_html, to_json, to_markdown, to_text
from pipeline.safe import frame
from pipeline.safe.lesson import SafeBlock, SafeDocument, SafeText, Swap
from pipeline.span import BlockKind, Kind, Span

CHILD = person("p", "Torvinka", position="child")
OF = document(
    (BlockKind.HEADING, "1. Introduction"),
    '1.1 Torvinka & <b>others</b> "ran" home.\nIt was late.',
    (BlockKind.HEADING, "2. Events"),
    (BlockKind.BULLET, "• first"),
    (BlockKind.BULLET, "(b) second"),
    (BlockKind.BULLET, "third"),
    (BlockKind.TABLE, "Who\tRole\nTorvinka\tsubject\nothers\t"),
    (BlockKind.QUOTE, "“Nobody asked.”"),
    (BlockKind.FOOTNOTE, "1 A note."),
    (BlockKind.HEADING, "3. Learning"),
)


def made(*, draft: bool = False) -> SafeDocument:
    return redacted(OF, [CHILD], draft=draft).document


def html(*, draft: bool = False) -> str:
    return to_html.render(made(draft=draft), public_id="CR-0001").decode()


@pytest.mark.parametrize("module", [to_html, to_text, to_markdown, to_json])
@pytest.mark.parametrize("draft", [True, False])
def test_the_same_document_gives_the_same_bytes_and_a_draft_says_so_on_top(
    module: object, draft: bool
) -> None:
    render = module.render  # type: ignore[attr-defined]
    first: bytes = render(made(draft=draft), public_id="CR-0001")
    assert first == render(made(draft=draft), public_id="CR-0001")
    assert (frame.DRAFT.encode() in first) is draft
    assert b"CR-0001" in first
    assert b"r-test" not in first
    assert first.endswith(b"\n")
    assert not first.endswith(b"\n\n")


@pytest.mark.parametrize("module", [to_html, to_text, to_markdown, to_json])
@pytest.mark.parametrize("public_id", ["", "a b", "<x>", "x" * 65, "-x", "x/y", "é"])
def test_an_id_that_could_hold_more_than_an_id_is_refused(module: object, public_id: str) -> None:
    with pytest.raises(UsageError):
        module.render(made(), public_id=public_id)  # type: ignore[attr-defined]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page)
    assert not parser.open
    return parser.tags


def test_the_page_is_accessible() -> None:
    found = tags(html())
    names = [name for name, _ in found]
    assert ("html", {"lang": "en-GB"}) in found
    assert names.count("h1") == names.count("main") == names.count("title") == 1
    assert ("th", {"scope": "col"}) in found
    targets = {attrs["href"] for name, attrs in found if name == "a"}
    ids = {f"#{attrs['id']}" for _, attrs in found if attrs.get("id")}
    assert targets <= ids
    assert len(ids) == len([1 for _, attrs in found if attrs.get("id")])
    assert not {"script", "img", "link", "iframe", "b", "i", "font"} & set(names)


def test_headings_never_skip_a_level() -> None:
    levels = [1, 3, 5, 2, 6]
    words = [f"Heading {n}" for n in range(len(levels))]
    text = "\n\n".join(words)
    blocks, at = [], 0
    for word, level in zip(words, levels, strict=True):
        blocks.append(SafeBlock(BlockKind.HEADING, 1, Span(at, at + len(word)), level=level))
        at += len(word) + 2
    document = SafeDocument("r", "public", SafeText(text), tuple(blocks), draft=False)
    page = to_html.render(document, public_id="x").decode()
    got = [int(n) for n in re.findall(r"<h(\d) id=\"h\d", page)]
    assert got == [2, 3, 4, 3, 4]


def test_everything_in_the_text_is_escaped() -> None:
    page = html()
    assert "&amp; &lt;b&gt;others&lt;/b&gt; &#34;ran&#34; home.<br>It was late." in page
    assert "<b>" not in page


def test_labels_are_marked_and_stay_words() -> None:
    assert '<span class="swap">[child]</span>' in html()


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("1. Introduction", "1", '<span class="number">1.</span> Introduction'),
        ("a) The mother", "a", '<span class="number">a)</span> The mother'),
        ("1.1 The mother", "1.1", '<span class="number">1.1</span> The mother'),
        ("4.5mg was given", "4", '<span class="number">4</span>.5mg was given'),
    ],
)
def test_the_point_behind_a_number_stays_with_it(text: str, number: str, shown: str) -> None:
    block = SafeBlock(BlockKind.PARAGRAPH, 1, Span(0, len(text)), number=number)
    document = SafeDocument("r", "public", SafeText(text), (block,), draft=False)
    assert shown in to_html.render(document, public_id="x").decode()


def test_marks_numbers_and_plain_items_of_a_list() -> None:
    page = html()
    assert '<li id="p4"><span class="mark" aria-hidden="true">•</span> first</li>' in page
    assert '<li id="p5"><span class="number">(b)</span> second</li>' in page
    assert '<li id="p6" class="plain">third</li>' in page


def test_a_table_without_a_full_first_row_has_headings_of_rows() -> None:
    of = redacted(document((BlockKind.TABLE, "Age\t\nRole\tsubject"))).document
    page = to_html.render(of, public_id="x").decode()
    assert '<tr><th scope="row">Age</th><td></td></tr>' in page
    assert "<thead>" not in page


def test_a_short_report_has_no_contents() -> None:
    of = redacted(document((BlockKind.HEADING, "One"), "Text.")).document
    assert "<nav" not in to_html.render(of, public_id="x").decode()
    assert "<nav" in html()


def test_text_is_the_safe_text_under_the_frame() -> None:
    text = to_text.render(made(draft=True), public_id="CR-0001").decode()
    lines = text.split("\n\n")
    assert lines[1] == "Case review CR-0001"
    assert lines[0].startswith(frame.DRAFT)
    assert text.endswith("\n\n" + made().text.value + "\n")


def test_the_first_line_of_a_draft_is_its_warning() -> None:
    content = to_text.render(made(draft=True), public_id="CR-0001")
    assert content.decode().splitlines()[0] == f"{frame.DRAFT}. {frame.DRAFT_MEANS}"


def test_json_offsets_count_in_its_text() -> None:
    value = json.loads(to_json.render(made(), public_id="CR-0001"))
    for swap in value["swaps"]:
        assert value["text"][swap["start"] : swap["end"]] == swap["label"] == "[child]"
    kinds = [block["kind"] for block in value["blocks"]]
    assert kinds == [block.kind.value for block in made().blocks]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a*b_c`d", r"a\*b\_c\`d"),
        ("# no heading", r"\# no heading"),
        ("1. no list", r"1\. no list"),
        ("1.1 stays", "1.1 stays"),
        ("- no list", r"\- no list"),
        ("[mother]: said", r"\[mother]: said"),
        ("see [town](37)", r"see [town]\(37)"),
        ("a | b", r"a \| b"),
        ("<script>", r"\<script\>"),
        ("&amp;", r"\&amp;"),
    ],
)
def test_markdown_takes_no_text_for_markup(text: str, markdown: str) -> None:
    assert to_markdown.escaped(text) == markdown


def test_a_label_that_starts_a_block_is_one_run() -> None:
    text = "[mother] rang."
    swap = Swap(Span(0, 8), Kind.PERSON, "[mother]")
    block = SafeBlock(BlockKind.PARAGRAPH, 1, Span(0, len(text)), number="[mother]")
    of = SafeDocument("r", "public", SafeText(text), (block,), (swap,), draft=False)
    assert (
        '<p id="p1"><span class="swap">[mother]</span> rang.</p>'
        in to_html.render(of, public_id="x").decode()
    )
