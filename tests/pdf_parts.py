"""PDFs written object by object, so that a test can put in what no program would write."""

from __future__ import annotations

WORDS = b"BT /F 11 Tf 72 700 Td (This page has words enough for a reader.) Tj ET"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, part in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    start, size = len(made), len(objects) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % size
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size, trailer)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def page_of(
    content: bytes = b"",
    *,
    catalogue: bytes = b"",
    page: bytes = b"",
    resources: bytes = b"",
    objects: tuple[bytes, ...] = (),
    trailer: bytes = b"",
    content_entries: bytes | None = None,
) -> bytes:
    """A PDF of one page with a sentence on it; `objects` are numbered from 6 on.

    With `content_entries`, `content` is the whole of the page's content stream, filtered so.
    """
    drawn = stream(WORDS + b" " + content)
    if content_entries is not None:
        drawn = stream(content, content_entries)
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F 5 0 R >> " + resources + b" >> " + page + b" >>",
            drawn,
            FONT,
            *objects,
        ],
        trailer,
    )


def pages_of(number: int) -> bytes:
    """A PDF of many pages that share one content stream."""
    kids = b" ".join(b"%d 0 R" % (5 + i) for i in range(number))
    leaf = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R "
        b"/Resources << /Font << /F 4 0 R >> >> >>"
    )
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % number,
            stream(WORDS),
            FONT,
            *[leaf] * number,
        ]
    )
