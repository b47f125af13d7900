"""The ways in which published files are known to leak: each is closed in every format.

1 to 25 are the hiding places of an original PDF; 26 to 38 are of what a program writes. Those
that concern a finished PDF or Word file are planted in `test_gate_leaks_pdf` and
`test_gate_leaks_docx`.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import publication
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from door_parts import document, person, redacted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from leak_parts import ENDINGS, NAME, RENDER, holds, made, opened
from test_readers_gauntlet import _MARK, KINDS, MORE, Hidden

from pipeline.config import Settings
from pipeline.door import policy, provenance
from pipeline.door.redact import Redaction, redact
from pipeline.door.verify import leftovers
from pipeline.errors import UsageError
from pipeline.exporters import pdf_fonts, to_docx, to_pdf
from pipeline.raw.document import Document, Finding, Identity, Settlement
from pipeline.raw.readers import pdf
from pipeline.span import BlockKind, Kind, Span


def redacted_original(of: Document, mark: str) -> Redaction:
    """An original whose marker is the name of a person of the case, wherever it stood."""
    places, at = [], of.text.find(mark)
    while at >= 0:
        places.append(Span(at, at + len(mark)))
        at = of.text.find(mark, at + 1)
    found = tuple(Finding(span, Kind.PERSON, "name", 0.9, "test", "p") for span in places)
    who = (Identity("p", Kind.PERSON, (mark,), "child"),)
    wishes = Settlement(of.text_sha256, found, who, (), (), 0, 0)
    made_of = redact(of, wishes, policy.load("public"), review="r-test", draft=False)
    return replace(made_of, hidden=tuple({*made_of.hidden, mark}))


@pytest.mark.parametrize(
    ("number", "hidden"), list(enumerate([*KINDS, *MORE], 1)),
    ids=[f"{number} {one.name}" for number, one in enumerate([*KINDS, *MORE], 1)],
)  # fmt: skip
def test_what_an_original_hides_is_in_no_format(number: int, hidden: Hidden) -> None:
    mark = f"ZQNAME{number:02d}"
    data = hidden.made().replace(_MARK, mark.encode())
    data = data.replace(_MARK[-2:].hex().encode(), mark[-2:].encode().hex().encode())
    name = f"{mark} final" if hidden.name == "file name" else ""
    of = redacted_original(pdf.read(data, Settings(), name=name), mark)
    for ending in ENDINGS:
        file = RENDER[ending](of.document)
        assert leftovers({f"CR-0001{ending}": file}, of) == ()
        assert not holds(opened(ending, file), mark)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_opener_of_these_tests_finds_what_is_there(ending: str) -> None:
    assert holds(opened(ending, RENDER[ending](made().document)), "happened")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize("version", [0, 1, 12])
def test_a_clean_file_passes_in_every_format(ending: str, draft: bool, version: int) -> None:
    of = made(draft=draft, version=version)
    file = RENDER[ending](of.document)
    assert leftovers({f"CR-0001{ending}": file}, of) == ()
    assert file == RENDER[ending](of.document)
    line = f'"version": {version}' if ending == ".json" else f"version {version} of the report"
    assert holds(opened(ending, file), line) is (version > 0)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_tells_another_version_is_stopped(ending: str) -> None:
    file = RENDER[ending](made(version=1).document)
    assert leftovers({f"CR-0001{ending}": file}, made(version=2))
    assert leftovers({f"CR-0001{ending}": file}, made())


@pytest.mark.parametrize("ending", ENDINGS)
def test_25_a_name_of_a_file_is_stopped(ending: str) -> None:
    file = RENDER[ending](made().document)
    for name in (f"{NAME} final{ending}", f"{NAME.lower()}{ending}", f"CR_{NAME}{ending}"):
        assert "file name" in {one.where for one in leftovers({name: file}, made())}


@pytest.mark.parametrize("ending", ENDINGS)
def test_26_the_gap_of_a_name_tells_nothing(ending: str) -> None:
    """The whole list of 228 is in `benchmarks/publication.py gap`; here are the ends of it."""
    names = publication.candidates()
    assert len(names) == len(set(names)) == 228
    chosen = [*sorted(names, key=len)[:2], *sorted(names, key=len)[-2:]]
    assert len({RENDER[ending](publication.with_name(name).document) for name in chosen}) == 1


@pytest.mark.parametrize("ending", [".html", ".txt", ".md", ".docx", ".pdf"])
def test_29_pages_and_line_ends_of_the_original_are_not_kept(ending: str) -> None:
    """JSON tells the page of each block, for those who have the original."""
    of = made().document
    moved = replace(of, blocks=tuple(replace(b, page=7) for b in of.blocks))
    assert RENDER[ending](of) == RENDER[ending](moved)


def test_32_a_label_says_nothing_of_another_report() -> None:
    first = redacted(document("Torvinka came."), [person("p", "Torvinka", position="child")])
    redacted(
        document("Ann and Bob came."), [person("a", "Ann", position="child"), person("b", "Bob")]
    )
    again = redacted(document("Ann came."), [person("z", "Ann", position="child")])
    assert first.document.text == again.document.text


@pytest.mark.parametrize(
    "name", ["CR-0001.png", "thumbs.db", "CR-0001.html.bak", "CR-0001.xml", "index", ".DS_Store"]
)
def test_33_a_file_that_is_no_export_is_stopped(name: str) -> None:
    assert "kind of file not known" in {one.form for one in leftovers({name: b"x"}, made())}


@pytest.mark.parametrize("kind", ["sha256", "sha1", "md5"])
@pytest.mark.parametrize("form", [NAME, NAME.lower(), "Quarmby"])
def test_38_a_hash_without_salt_is_stopped(kind: str, form: str) -> None:
    """Whoever has a list of names finds the one with this hash."""
    digest = hashlib.new(kind, form.encode()).hexdigest()
    of = made()
    private = provenance.private_manifest(
        of, public_id="CR-0001", original_sha256="0" * 64, outputs={}, versions={}, ledger_head="h"
    )
    public = provenance.public_manifest(private, outputs={}, salt=b"s" * 32, program="1.0")
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    good = provenance.signed(public, key)
    assert leftovers({"CR-0001.manifest.json": good}, of) == ()
    told = dict(public["predicate"])  # type: ignore[call-overload]
    bad = provenance.signed({**public, "predicate": {**told, "commitment": digest}}, key)
    assert leftovers({"CR-0001.manifest.json": bad}, of)


@pytest.mark.parametrize("name", ["Statement", "Public", "Candour", "Predicate"])
def test_the_fixed_words_of_a_manifest_are_no_leak(name: str) -> None:
    """Whoever is called so could not be published: each manifest has the word."""
    of = redacted(document(f"{name} came."), [person("a", name, position="child")])
    private = provenance.private_manifest(
        of, public_id="CR-0001", original_sha256="0" * 64, outputs={}, versions={}, ledger_head="h"
    )
    public = provenance.public_manifest(
        private, outputs={"CR-0001.txt": b"x"}, salt=b"s" * 32, program="0.6.0"
    )
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    assert leftovers({"CR-0001.manifest.json": provenance.signed(public, key)}, of) == ()
    told = dict(public["predicate"])  # type: ignore[call-overload]
    bad = provenance.signed({**public, "predicate": {**told, "id": name}}, key)
    assert leftovers({"CR-0001.manifest.json": bad}, of)


@pytest.mark.parametrize("where", ["CR-0001.txt", "CR-0001.md", "CR-0001.html", "CR-0001.json"])
def test_a_planted_canary_is_caught_in_the_plain_formats(where: str) -> None:
    ending = Path(where).suffix
    data = RENDER[ending](made().document).decode()
    for plant in (NAME, NAME.upper(), NAME[::-1], NAME.encode().hex()):
        told = json.dumps(plant)[1:-1] if ending == ".json" else plant
        assert leftovers({where: data.replace("subject", f"subject {told}").encode()}, made())


def test_reviews_with_short_and_common_names_are_not_stopped() -> None:
    """200 of them are in `benchmarks/publication.py clean`; here are two."""
    assert publication.clean(2, "tests", 1)


LETTERS = st.sampled_from("abcdefg ŵẹłé—-’“.,;:!?()[]<>&*_#|~`12•\n")
WORDS = st.text(LETTERS, min_size=1, max_size=40).filter(lambda t: bool(t.strip("•-*—. \n")))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(
    st.lists(st.tuples(st.sampled_from(list(BlockKind)[:5]), WORDS), min_size=1, max_size=5),
    st.sampled_from(["Torvinka", "Ann", "May", "Will", "O'Neill", "Zoë", "Jo-Ann Quarmby"]),
)
def test_what_was_replaced_is_found_nowhere(parts: list[tuple[BlockKind, str]], name: str) -> None:
    told = [(kind, f"Then {name} came. {words.strip()} x") for kind, words in parts]
    of = redacted(document(*told), [person("p", name, position="child")])
    files = {f"CR-0001{ending}": RENDER[ending](of.document) for ending in ENDINGS}
    assert leftovers(files, of) == ()
    for ending in ENDINGS:
        assert not holds(opened(ending, files[f"CR-0001{ending}"]), f"Then {name}")


_TWICE = """
import hashlib, sys
sys.path[:0] = sys.argv[1:]
from leak_parts import ENDINGS, RENDER, made
print(*[hashlib.sha256(RENDER[ending](made().document)).hexdigest() for ending in ENDINGS])
"""


def test_two_processes_make_the_same_bytes() -> None:
    here = Path(__file__).resolve().parent
    told = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"Etc/GMT+{seed}"}
        done = subprocess.run(
            [sys.executable, "-c", _TWICE, str(here), str(here.parent)],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        told.add(done.stdout)
    assert len(told) == 1


def test_without_pango_nothing_is_set_and_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pdf_fonts.setter.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(UsageError, match="libpango") as caught:
        to_pdf.render(made().document, public_id="CR-0001")
    assert caught.value.exit_code == 2
    monkeypatch.undo()
    pdf_fonts.setter.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        "Ẹ́ kọ́ ṣe Ọ̀rọ̀ àṣẹ, ẹ̀ and ọ̀", "Dŵr ŷ ẃ Ŵy", "Zażółć gęślą jaźń", "ﬁne ﬂow office",
        "مرحبا بكم here 123", "שלום (לא) and more", "汉字 in text", "☐ ✓ ➢ → ½ № \uf0b7",
        "zero\u200bwidth soft\u00adhyphen non\u2011breaking", "A\u0308 Z\u0335", "x\x0cy \x1c z",
        "x" * 300, "नमस्ते दुनिया",
    ],
)  # fmt: skip
def test_whatever_is_written_comes_out_as_it_was(text: str) -> None:
    parts = ("Start.", (BlockKind.HEADING, text), (BlockKind.HEADING, "B"), text)
    table = (BlockKind.HEADING, "C"), (BlockKind.TABLE, f"A\t{text}\n{text[:9]}\tz")
    of = redacted(document(*parts, *table))
    files = {f"CR-0001{ending}": RENDER[ending](of.document) for ending in ENDINGS}
    assert leftovers(files, of) == ()


@pytest.mark.parametrize("ending", [".docx", ".pdf"])
def test_a_damaged_file_is_a_finding_and_never_a_crash(ending: str) -> None:
    clean, of = RENDER[ending](made().document), made()
    chance = random.Random(7)
    for _ in range(60):
        data = bytearray(clean)
        at, length = chance.randrange(len(data)), chance.choice((1, 1, 1, 8, 200))
        data[at : at + length] = chance.randbytes(chance.choice((length, 0, length + 3)))
        if bytes(data) != clean:
            assert leftovers({f"CR-0001{ending}": bytes(data)}, of)


@pytest.mark.parametrize("ending", [".docx", ".pdf"])
def test_what_a_demonstration_approved_says_so(ending: str) -> None:
    render = {".docx": to_docx.render, ".pdf": to_pdf.render}[ending]
    file = render(made().document, public_id="demonstration-x2")
    assert leftovers({f"demonstration-x2{ending}": file}, made()) == ()
    assert holds(opened(ending, file), "a demonstration, reviewed by nobody")
