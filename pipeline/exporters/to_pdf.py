"""A report as an accessible PDF (declared as PDF/UA-1), set from the same page as the HTML."""

from __future__ import annotations

from threading import Lock

from pipeline.exporters import pdf_finish, pdf_fonts, to_html
from pipeline.safe.lesson import SafeDocument

_STYLE = """
@page {
  size: A4; margin: 2.2cm 2.2cm 2.4cm;
  @bottom-center {
    content: "Page " counter(page) " of " counter(pages);
    font-family: FONTS; font-size: 12pt; color: #484d50;
  }
}
html { font-size: 12pt; hyphens: manual; font-variant-ligatures: none; }
body { font: 12pt/1.5 FONTS; orphans: 2; widows: 2; }
h1 { font-size: 24pt; } h2 { font-size: 17pt; } h3 { font-size: 14pt; }
h4, h5, h6 { font-size: 12.5pt; }
.swap { border: 0; padding: 0; }
nav { break-after: auto; }
nav li { margin: 2pt 0; }
nav a { display: block; }
nav a::after { content: target-counter(attr(href), page); float: right; padding-left: 1em; }
"""
# What is not seen and would only confuse who copies the text: soft hyphens, breaks of no width.
_UNSEEN = dict.fromkeys(
    (*range(9), 0xB, 0xC, *range(0xE, 0x20), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF)
)
# The libraries below are used by one thread at a time: nothing says that they bear more.
_ONE_AT_A_TIME = Lock()


def render(document: SafeDocument, *, public_id: str) -> bytes:
    """The document as a PDF; the same input gives the same bytes, on one version of Pango.

    UsageError where the libraries that set pages are missing.
    """
    return set_page(to_html.render(document, public_id=public_id, anchors=False).decode())


def set_page(page: str) -> bytes:
    """A page of ours, in HTML, as a PDF; it brings nothing from anywhere but the fonts.

    UsageError where the libraries that set pages are missing.
    """
    with _ONE_AT_A_TIME:
        made = _set(page.translate(_UNSEEN))
    return pdf_finish.only_what_is_used(made)


def _set(page: str) -> bytes:
    use = pdf_fonts.setter()
    fonts = use.fonts()
    faces = pdf_fonts.faces_for(page)
    style = pdf_fonts.rules(faces) + _STYLE.replace("FONTS", pdf_fonts.families(faces))
    pages = use.html(
        string=page.replace("</head>", f"<style>{style}</style></head>", 1),
        url_fetcher=pdf_fonts.fetcher(),
        encoding="utf-8",
    ).render(font_config=fonts, pdf_variant="pdf/ua-1")
    pages.fonts = pdf_fonts.Fonts()
    made: bytes = pages.write_pdf(
        pdf_variant="pdf/ua-1", finisher=pdf_finish.Finisher(pdf_finish.headings(page))
    )
    return made
