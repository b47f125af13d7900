"""The gate: a clean export passes, and a name planted anywhere, in any writing, is caught."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from door_parts import document, person, redacted

from pipeline.door import provenance
from pipeline.door.redact import Redaction
from pipeline.door.verify import leftovers, require_clean
from pipeline.errors import LeakError
from pipeline.exporters import to_html, to_json, to_markdown, to_text
from pipeline.safe.lesson import SafeText
from pipeline.span import BlockKind, Kind, Span

NAME = "Torvinka"
CHILD = person("p", f"{NAME} Quarmby", NAME, "Quarmby", position="child")
OF = document(
    (BlockKind.HEADING, f"1. About {NAME} & others"),
    (BlockKind.HEADING, "2. What happened <here>"),
    f"1.1 {NAME} was seen on 5 May 2010. *No* [one] asked_why | or \\ how.\n1. It was late.",
    (BlockKind.BULLET, "• first of all"),
    (BlockKind.BULLET, "(b) second"),
    (BlockKind.TABLE, f"Who\tRole\n{NAME}\tsubject\nothers\t"),
    (BlockKind.QUOTE, "“We did not ask.”"),
    (BlockKind.FOOTNOTE, "1 See the Act."),
    (BlockKind.HEADING, "3. Learning"),
    "- Ask #1 + ask again. ~Now~ `or` never. [mother]: a word.",
)
OTHERS = [("5 May 2010", Kind.DATE, "")]
RENDER = {
    ".html": to_html.render,
    ".txt": to_text.render,
    ".md": to_markdown.render,
    ".json": to_json.render,
}
ENDINGS = sorted(RENDER)


def made(*, draft: bool = False) -> Redaction:
    return redacted(OF, [CHILD], OTHERS, draft=draft)


def exported(ending: str, of: Redaction) -> bytes:
    return RENDER[ending](of.document, public_id="CR-0001")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("draft", [True, False])
def test_every_export_passes(ending: str, draft: bool) -> None:
    of = made(draft=draft)
    require_clean({f"CR-0001{ending}": exported(ending, of)}, of)


def _spelt(form: str) -> Callable[[str], str]:
    return {
        "plain": lambda n: n,
        "capitals": str.upper,
        "soft hyphen": lambda n: f"{n[:3]}\u00ad{n[3:]}",
        "zero width": lambda n: f"{n[:3]}\u200b{n[3:]}",
        "accents": lambda n: n.replace("o", "ó"),
        "percent": lambda n: "".join(f"%{ord(c):02X}" for c in n),
        "percent, in part": lambda n: f"{n[:2]}%{ord(n[2]):02x}{n[3:]}",
        "decimal entities": lambda n: "".join(f"&#{ord(c)};" for c in n),
        "hex entities": lambda n: "".join(f"&#x{ord(c):x};" for c in n),
        "entities twice": lambda n: "".join(f"&amp;#{ord(c)};" for c in n),
        "json escapes": lambda n: "".join(f"\\u{ord(c):04x}" for c in n),
        "c escapes": lambda n: "".join(f"\\x{ord(c):02x}" for c in n),
        "hex": lambda n: n.encode().hex(),
        "hex in capitals": lambda n: n.encode().hex().upper(),
        "hex, utf-16": lambda n: n.encode("utf-16-le").hex(),
        "hex, spaced": lambda n: n.encode().hex(" "),
        "base64": lambda n: base64.b64encode(n.encode()).decode(),
        "base64, shifted": lambda n: base64.b64encode(b"x" + n.encode() + b"yz").decode(),
        "base64, shifted more": lambda n: base64.b64encode(b"xy" + n.encode()).decode(),
        "base64 for urls": lambda n: base64.urlsafe_b64encode(b"??>" + n.encode()).decode(),
        "base64 of utf-16": lambda n: base64.b64encode(n.encode("utf-16-le")).decode(),
        "utf-16": lambda n: "\0".join(n) + "\0",
        "reversed": lambda n: n[::-1],
        "quoted printable": lambda n: "".join(f"={ord(c):02X}" for c in n),
    }[form]


FORMS = [
    "plain", "capitals", "soft hyphen", "zero width", "accents", "percent", "percent, in part",
    "decimal entities", "hex entities", "entities twice", "json escapes", "c escapes", "hex",
    "hex in capitals", "hex, utf-16", "hex, spaced", "base64", "base64, shifted",
    "base64, shifted more", "base64 for urls", "base64 of utf-16", "utf-16", "reversed",
    "quoted printable",
]  # fmt: skip


@pytest.mark.parametrize("form", [form for form in FORMS if form != "reversed"])
def test_a_canary_in_the_safe_text_itself_is_caught_in_every_writing(form: str) -> None:
    """The file equals the safe text, so only the sweep can catch it.

    Turned round it may stand in the text: a person has read it there.
    """
    of = made()
    value = f"{of.document.text.value} {_spelt(form)(NAME)} end."
    tail = replace(of.document.blocks[-1], span=_until(of, len(value)))
    leaky = replace(
        of,
        document=replace(
            of.document, text=SafeText(value), blocks=(*of.document.blocks[:-1], tail)
        ),
    )
    found = leftovers({"CR-0001.txt": exported(".txt", leaky)}, leaky)
    assert found
    with pytest.raises(LeakError):
        require_clean({"CR-0001.txt": exported(".txt", leaky)}, leaky)


def _until(of: Redaction, end: int) -> Span:
    return replace(of.document.blocks[-1].span, end=end)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_canary_planted_in_a_file_is_caught(ending: str, form: str) -> None:
    of = made()
    data = exported(ending, of).decode()
    canary = _spelt(form)(NAME)
    if ending == ".json":
        canary = json.dumps(canary)[1:-1]
    planted = data.replace("subject", f"subject {canary}", 1)
    assert planted != data
    assert leftovers({f"CR-0001{ending}": planted.encode()}, of)


@pytest.mark.parametrize(
    "form", ["percent", "hex entities", "json escapes", "hex", "base64", "utf-16", "reversed"]
)
def test_the_sweep_of_bytes_names_the_form(form: str) -> None:
    of = made()
    data = exported(".txt", of) + _spelt(form)(NAME).encode()
    forms = {one.form for one in leftovers({"CR-0001.txt": data}, of) if one.where == "bytes"}
    expected = {
        "percent": "percent encoding",
        "hex entities": "html entity",
        "json escapes": "escape",
    }
    assert expected.get(form, form) in forms


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<main", "<!-- Torvinka --><main"),
        ("<main", "<!-- nothing --><main"),
        ("<main", "<script>1</script><main"),
        ("<main", '<img src="https://example.org/x.png"><main'),
        ("<main", '<link rel="stylesheet" href="x.css"><main'),
        ("<main", "<p hidden>Torvinka</p><main"),
        ("<main", "<p>Something else</p><main"),
        ('<main id="report"', '<main id="report" data-name="Torvinka"'),
        ('<main id="report"', '<main id="report" title="Torvinka"'),
        ('<main id="report"', '<main id="torvinka"'),
        ('<main id="report"', '<main id="report" onload="x()"'),
        ('class="swap"', 'class="torvinka"'),
        ('class="swap"', 'class="swap" style="color:red"'),
        ('href="#h1"', 'href="https://torvinka.example"'),
        ('href="#h1"', 'href="javascript:x()"'),
        ('aria-label="Table 1"', 'aria-label="Torvinka"'),
        ('content="noindex"', 'content="Torvinka"'),
        ("</style>", "body::after{content:'x'}</style>"),
        ("</style>", "@import url(x.css);</style>"),
        ("<title>", "<title>Torvinka "),
        ("</body>", "</body><?php ?>"),
        ("<!DOCTYPE html>", "<!DOCTYPE html [<!ENTITY x 'y'>]>"),
        ("</main>", ""),
        ("1. About", "2. About"),
        ("was seen", "was not seen"),
        ("</html>", "</html>\nmore"),
        ("End of report", "End of the report"),
    ],
)
def test_what_has_no_place_in_a_page_is_refused(old: str, new: str) -> None:
    of = made(draft=True)
    page = exported(".html", of).decode()
    changed = page.replace(old, new)
    assert changed != page
    assert leftovers({"CR-0001.html": changed.encode()}, of)


@pytest.mark.parametrize("ending", ENDINGS)
def test_one_word_changed_left_out_or_added_is_caught(ending: str) -> None:
    of = made()
    data = exported(ending, of).decode()
    for old, new in (("was seen", "was heard"), ("was seen", "seen"), ("subject", "subject too")):
        assert old in data
        assert leftovers({f"CR-0001{ending}": data.replace(old, new).encode()}, of)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_draft_that_does_not_say_so_is_caught(ending: str) -> None:
    draft, final = made(draft=True), made()
    assert leftovers({f"CR-0001{ending}": exported(ending, final)}, draft)


@pytest.mark.parametrize(
    "change",
    [
        {"note": "Torvinka"},
        {"extra": "x"},
        {"Torvinka": 1},
        {"id": "Torvinka"},
        {"title": "Torvinka"},
        {"facts": {"kind": "x", "year": "y", "age_band": "z"}},
        {"blocks": []},
        {"swaps": []},
        {"draft": True},
    ],
)
def test_json_says_what_the_safe_document_says_and_no_more(change: dict[str, object]) -> None:
    of = made()
    value = {**json.loads(exported(".json", of)), **change}
    assert leftovers({"CR-0001.json": json.dumps(value).encode()}, of)


def test_a_key_given_twice_is_caught() -> None:
    of = made()
    data = exported(".json", of).decode().replace("{", '{"title": "Torvinka",', 1)
    assert leftovers({"CR-0001.json": data.encode()}, of)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("CR-0001.pdf", b"%PDF-1.7"),
        ("CR-0001", b""),
        ("CR-0001.txt", b""),
        ("CR-0001.txt", b"\xff\xfe\x00"),
        ("CR-0001.html", b""),
        ("CR-0001.html", b"\xff"),
        ("CR-0001.md", b""),
        ("CR-0001.json", b""),
        ("CR-0001.json", b"[" * 100_000),
        ("CR-0001.json", b"[]"),
        ("manifest.json", b"{}"),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, data: bytes) -> None:
    assert leftovers({name: data}, made())


@pytest.mark.parametrize(
    "name", ["Torvinka.txt", "review-torvinka.txt", "a_Torvinka_b.txt", "TorvinkaQuarmby.txt"]
)
def test_a_name_in_a_file_name_is_caught_and_not_repeated(name: str) -> None:
    of = made()
    found = leftovers({name: exported(".txt", of)}, of)
    assert [one.where for one in found] == ["file name"]
    assert "orvinka" not in repr(found)


def test_neither_the_error_nor_the_leftovers_repeat_the_name() -> None:
    of = made()
    data = exported(".txt", of) + NAME.encode()
    with pytest.raises(LeakError) as caught:
        require_clean({"CR-0001.txt": data}, of)
    told = repr(caught.value) + str(caught.value) + repr(getattr(caught.value, "__notes__", ""))
    assert "orvinka" not in told + repr(leftovers({"CR-0001.txt": data}, of))
    assert caught.value.review == "r-test"
    assert caught.value.exit_code == 5


def test_a_public_manifest_passes_and_a_private_one_does_not() -> None:
    of = made()
    files = {"CR-0001.txt": exported(".txt", of)}
    private = provenance.private_manifest(
        of,
        public_id="CR-0001",
        original_sha256="0" * 64,
        outputs=files,
        versions={},
        ledger_head="h",
    )
    public = provenance.public_manifest(private, outputs=files, salt=b"s" * 32, program="1.0")
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    good = {**files, "CR-0001.manifest.json": provenance.signed(public, key)}
    assert leftovers(good, of) == ()
    assert leftovers({"manifest.json": provenance.signed(private, key)}, of)
    named = {**public, "predicate": {"program": NAME}}
    assert leftovers({"manifest.json": provenance.signed(named, key)}, of)


def test_a_name_that_is_an_ordinary_word_does_not_stop_ordinary_words() -> None:
    rose = person("p", "Rose", position="aunt")
    of = redacted(document("Rose came. The risk rose, and a rose grew. May we ask?"), [rose])
    data = to_html.render(of.document, public_id="CR-0001")
    require_clean({"CR-0001.html": data}, of)


@pytest.mark.parametrize("name", ["Max", "Mark", "Page", "Main", "Style", "Arial", "Table", "Case"])
def test_a_child_called_as_markup_is_does_not_stop_an_export(name: str) -> None:
    of = redacted(
        document(f"{name} Quarmby came. Nobody asked."), [person("p", f"{name} Quarmby", name)]
    )
    for ending in ENDINGS:
        require_clean({f"CR-0001{ending}": exported(ending, of)}, of)


@pytest.mark.parametrize("ending", sorted(RENDER))
def test_what_a_demonstration_approved_says_so_and_passes_the_gate(ending: str) -> None:
    redaction = redacted(OF, [CHILD], OTHERS)
    content = RENDER[ending](redaction.document, public_id="demonstration-x2")
    assert b"a demonstration, reviewed by nobody" in content
    assert leftovers({f"demonstration-x2{ending}": content}, redaction) == ()
