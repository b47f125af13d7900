"""Every place of a PDF that can hide a name gives the name, or a line for a person to clear.

The files are written here object by object, one hiding place each.
"""

from __future__ import annotations

import pytest

from pipeline.config import Settings
from pipeline.raw.document import UnreadKind
from pipeline.raw.readers import pdf

_NAME = "Xanthe Quirke"
_WORDS = "BT /F 11 Tf 72 700 Td (This page has words enough for a reader.) Tj ET"


def file_of(
    content: str = "", *, catalogue: str = "", page: str = "", objects: tuple[str, ...] = ()
) -> bytes:
    """A PDF of one page; `objects` are numbered from 6 on."""
    stream = f"{_WORDS} {content}"
    parts = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        f"/Resources << /Font << /F 5 0 R >> /Properties << /L 6 0 R >> >> {page} >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    ]
    made, places = "%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(parts) + 1
    made += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    end = made.index("xref\n0 ")
    made += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{end}\n%%EOF\n"
    return made.encode("latin-1")


def stream(text: str, entries: str = "") -> str:
    return f"<< {entries} /Length {len(text)} >>\nstream\n{text}\nendstream"


_SHOWN = f"BT /F 11 Tf 72 500 Td ({_NAME}) Tj ET"
_OFF = "<< /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>"
_XMP = f"<x><dc:creator><rdf:li>{_NAME}</rdf:li></dc:creator></x>"
_TREE = "<< /Type /StructTreeRoot /K 7 0 R /ParentTree << /Nums [0 [7 0 R]] >> >>"
_NODE = f"<< /S /P /P 6 0 R /Pg 3 0 R /K 0 /Alt ({_NAME}) >>"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(file_of(f"{_SHOWN} 0 g 70 490 200 30 re f"), id="under a box"),
        pytest.param(file_of(f"3 Tr {_SHOWN}"), id="invisible"),
        pytest.param(file_of(f"1 1 1 rg {_SHOWN}"), id="white on white"),
        pytest.param(file_of(catalogue="/Metadata 6 0 R",
                             objects=(stream(_XMP, "/Type /Metadata /Subtype /XML"),)), id="XMP"),
        pytest.param(file_of(page="/Annots [6 0 R]", objects=(
            f"<< /Type /Annot /Subtype /FreeText /Rect [0 0 9 9] /Contents ({_NAME}) >>",)),
            id="free text"),
        pytest.param(file_of(page="/Annots [6 0 R]", objects=(
            f"<< /Type /Annot /Subtype /Redact /Rect [0 0 9 9] /OverlayText ({_NAME}) >>",)),
            id="redaction not applied"),
        pytest.param(file_of(page="/Annots [6 0 R]", objects=(
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [0 0 9 9] /V ({_NAME}) >>",)),
            id="form value"),
        pytest.param(file_of(page="/Annots [6 0 R]", objects=(
            "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] "
            f"/A << /S /URI /URI (https://example.org/{_NAME}) >> >>",)), id="link"),
        pytest.param(file_of(catalogue="/Outlines 6 0 R", objects=(
            "<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
            f"<< /Title ({_NAME}) /Parent 6 0 R >>")), id="bookmark"),
        pytest.param(file_of(f"/OC /L BDC {_SHOWN} EMC", catalogue=f"/OCProperties {_OFF}",
                             objects=("<< /Type /OCG /Name (x) >>",)), id="hidden layer"),
        pytest.param(file_of(catalogue="/PieceInfo << /App << /Private (x) >> >>"),
                     id="private data"),
        pytest.param(file_of(catalogue=f"/Dests << /{_NAME.replace(' ', '#20')} [3 0 R /Fit] >>"),
                     id="named place"),
        pytest.param(file_of(catalogue=f"/PageLabels << /Nums [0 << /P ({_NAME}) >>] >>"),
                     id="page label"),
        pytest.param(file_of(catalogue="/Names << /JavaScript << /Names [(a) 6 0 R] >> >>",
                             objects=("<< /S /JavaScript /JS (x) >>",)), id="script"),
        pytest.param(file_of(page="/StructParents 0",
                             catalogue="/StructTreeRoot 6 0 R /MarkInfo << /Marked true >>",
                             objects=(_TREE, _NODE)), id="alternative text"),
        pytest.param(file_of("BT /F 11 Tf 720 500 Td (" + _NAME + ") Tj ET"), id="off the page"),
        pytest.param(file_of("/M Do", page="/Resources << /Font << /F 5 0 R >> "
                             "/XObject << /M 6 0 R >> >>", objects=(
            stream(_SHOWN, "/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
                           "/Resources << /Font << /F 5 0 R >> >>"),)), id="form object"),
    ],
)  # fmt: skip
def test_each_hiding_place_is_known(data: bytes) -> None:
    document = pdf.read(data, Settings())
    known = "\n".join((document.text, *document.margins))
    assert _NAME in known or document.unread


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (file_of(f"3 Tr {_SHOWN}"), UnreadKind.HIDDEN_TEXT),
        (file_of(f"1 1 1 rg {_SHOWN}"), UnreadKind.HIDDEN_TEXT),
        (file_of(catalogue=f"/OCProperties {_OFF}", objects=("<< /Type /OCG /Name (x) >>",)),
         UnreadKind.HIDDEN_LAYER),
        (file_of(catalogue="/PieceInfo << /App << /Private (x) >> >>"), UnreadKind.OTHER_PART),
    ],
)  # fmt: skip
def test_what_may_hide_something_is_listed(data: bytes, what: UnreadKind) -> None:
    assert [thing.what for thing in pdf.read(data, Settings()).unread] == [what]


def test_white_letters_on_a_dark_band_are_not_hidden() -> None:
    data = file_of(f"0 0 0.5 rg 60 490 300 30 re f 1 1 1 rg {_SHOWN}")
    assert pdf.read(data, Settings()).unread == ()


def test_a_plain_file_has_nothing_to_clear() -> None:
    assert pdf.read(file_of(), Settings()).unread == ()
