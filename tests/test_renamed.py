"""Files made again under another id: whatever else changed in any of them is seen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from door_parts import document, person, proposal, settled
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.door import policy, renamed, verify
from pipeline.door.redact import Redaction, redact
from pipeline.flow import rendering
from pipeline.store.register import _LETTERS, PUBLIC_LETTERS, draw, public_prefix

NAME = "Zelda Quarmere"
PARAGRAPHS = ("They met in spring.", f"Then {NAME} came, and left at noon.", "Nobody asked why.")
ENDINGS = (".html", ".txt", ".json", ".md", ".docx", ".pdf")
Files = Mapping[str, bytes]


def redaction(*paragraphs: str, hidden: tuple[str, ...] = ()) -> Redaction:
    of = document(*(paragraphs or PARAGRAPHS))
    wishes = settled(proposal(of, [person("p1", NAME)]))
    made = redact(of, wishes, policy.load("public"), review="r-test", draft=False)
    return replace(made, hidden=(*made.hidden, *hidden))


def undrawn(demonstration: bool = False) -> str:
    return rendering.undrawn(demonstration=demonstration)


@pytest.fixture(scope="module")
def approved() -> Files:
    return rendering.artefacts(redaction(), undrawn())


def differing(approved: Files, out: Files, drawn: str) -> tuple[str, ...]:
    text = redaction().document.text.value
    return renamed.differing(approved, out, text, undrawn=undrawn(), drawn=drawn)


@pytest.mark.parametrize("demonstration", [False, True])
def test_what_stands_for_an_id_is_as_long_as_one_and_is_never_drawn(demonstration: bool) -> None:
    prefix = public_prefix(demonstration=demonstration)
    stands = undrawn(demonstration)
    assert len(stands) == len(draw(prefix, PUBLIC_LETTERS))
    assert stands.startswith(prefix)
    assert set(stands.removeprefix(prefix)) - set(_LETTERS)
    assert not any(sign.isdigit() for sign in stands)


@pytest.mark.parametrize("letters", ["23456789", "wwwwwwww", "fjfjfjtr"])
@pytest.mark.parametrize("demonstration", [False, True])
def test_the_same_files_under_an_id_do_not_differ(letters: str, demonstration: bool) -> None:
    before, after = undrawn(demonstration), public_prefix(demonstration=demonstration) + letters
    of = redaction()
    made = rendering.artefacts(of, before), rendering.artefacts(of, after)
    assert renamed.differing(*made, of.document.text.value, undrawn=before, drawn=after) == ()
    assert not any(before.encode() in data for data in made[1].values())


DRAWN = "cr-2k9wxm4b"


@pytest.fixture(scope="module")
def out() -> Files:
    return rendering.artefacts(redaction(), DRAWN)


@pytest.fixture(scope="module")
def other_word() -> Files:
    return rendering.artefacts(redaction(PARAGRAPHS[0], PARAGRAPHS[1], "Nobody asked how."), DRAWN)


@pytest.fixture(scope="module")
def other_id() -> Files:
    made = rendering.artefacts(redaction(), "cr-2k9wxm4c")
    return {name.replace("4c.", "4b."): data for name, data in made.items()}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("changed", ["other_word", "other_id"])
def test_another_word_or_another_id_in_a_file_is_seen(
    approved: Files, out: Files, changed: str, ending: str, request: pytest.FixtureRequest
) -> None:
    name = f"{DRAWN}{ending}"
    other: Files = request.getfixturevalue(changed)
    assert differing(approved, {**out, name: other[name]}, DRAWN) == (f"cr-unissued{ending}",)


def _cut(data: bytes) -> bytes:
    return data[:-10]


def _more(data: bytes) -> bytes:
    return data + b"\n"


def _nothing(data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("ending", [e for e in ENDINGS if e != ".docx"])
@pytest.mark.parametrize("change", [_cut, _more, _nothing])
def test_a_file_that_is_not_whole_is_seen(
    approved: Files, out: Files, change: Callable[[bytes], bytes], ending: str
) -> None:
    name = f"{DRAWN}{ending}"
    assert differing(approved, {**out, name: change(out[name])}, DRAWN) == (f"cr-unissued{ending}",)


def _repacked(data: bytes, change: Callable[[str, bytes], bytes], more: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(held, "w") as after:
        for entry in before.infolist():
            after.writestr(entry, change(entry.filename, before.read(entry)))
        if more:
            after.writestr(more, b"")
    return held.getvalue()


def _part(name: str, data: bytes) -> bytes:
    return data.replace(b"</w:styles>", b"<!-- -->\n</w:styles>")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: _repacked(data, _part),
        lambda data: _repacked(data, lambda name, part: part, more="word/note.xml"),
        lambda data: b"",
        lambda data: data[:200],
    ],
    ids=["a part", "one part more", "nothing", "the beginning"],
)
def test_a_word_file_is_compared_part_by_part(
    approved: Files, out: Files, change: Callable[[bytes], bytes]
) -> None:
    name = f"{DRAWN}.docx"
    same = _repacked(out[name], lambda name, part: part)
    assert differing(approved, {**out, name: same}, DRAWN) == ()
    assert change(out[name]) != same
    assert differing(approved, {**out, name: change(out[name])}, DRAWN) == ("cr-unissued.docx",)


def test_a_file_too_few_or_too_many_is_seen(approved: Files, out: Files) -> None:
    fewer = {name: data for name, data in out.items() if not name.endswith(".md")}
    assert differing(approved, fewer, DRAWN) == ("cr-unissued.md",)
    more = {**out, f"{DRAWN}.epub": b"x"}
    assert differing(approved, more, DRAWN) == ("cr-unissued.epub",)


def test_the_id_itself_is_no_excuse_in_the_text() -> None:
    """A report that holds the drawn id by chance would not be the one that was approved."""
    of = redaction(*PARAGRAPHS, f"Its number was {DRAWN}.")
    made = rendering.quick(of.document, undrawn()), rendering.quick(of.document, DRAWN)
    text = of.document.text.value
    assert renamed.differing(*made, text, undrawn=undrawn(), drawn=DRAWN) != ()


# -- whether an id fits --------------------------------------------------------------------


def objects(of: Redaction, public_id: str) -> bool:
    """Whether the gate objects to files under the id, the PDF left out."""
    return bool(verify.leftovers(rendering.quick(of.document, public_id), of))


@pytest.mark.parametrize(
    ("public_id", "hidden", "fits"),
    [
        ("cr-bc12dfgh", "12", False),
        ("cr-12bcdfgh", "12", False),
        ("cr-bcdfgh12", "12", False),
        ("cr-bcdfgh13", "12", True),
        ("cr-bc123fgh", "12", True),
        ("demonstration-bc12dfgh", "12", False),
        ("cr-unissued", "12", True),
        ("cr-bcdfghjk", "Bcdfghjk", False),
    ],
)
def test_an_id_fits_unless_something_hidden_stands_in_it(
    public_id: str, hidden: str, fits: bool
) -> None:
    of = redaction(hidden=(hidden,))
    assert verify.fits(public_id, of) is fits
    assert objects(of, public_id) is not fits


@given(st.text(alphabet=_LETTERS, min_size=8, max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_fits_is_what_the_gate_lets_pass(letters: str) -> None:
    of = redaction(hidden=("2", "37", "444"))
    assert verify.fits(f"cr-{letters}", of) is not objects(of, f"cr-{letters}")
