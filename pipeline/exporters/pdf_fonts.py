"""The fonts of the PDF: those that ship with the program and no others, whatever a machine has."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.installed import shipped

if TYPE_CHECKING:
    from types import ModuleType

    from weasyprint.pdf.fonts import Font
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

_SCHEME = "candour-font:"


@dataclass(frozen=True, slots=True)
class Face:
    """A font: the family that it belongs to, its weight and its file."""

    family: str
    weight: int
    file: str


_FIRST = (
    Face("Candour Sans", 400, "SourceSans3-Regular"),
    Face("Candour Sans", 700, "SourceSans3-Bold"),
)
# Signs and scripts that the first family has not.
_SECOND = (Face("Candour Signs", 400, "DejaVuSans"),)
NO_PANGO = (
    "The libraries that set PDF files are missing. Nothing was published or approved. Install "
    "Pango: on Debian and Ubuntu the packages libpango-1.0-0, libpangoft2-1.0-0 and "
    "libharfbuzz-subset0; on Windows and macOS as WeasyPrint's documentation says under "
    '"Installation". Then try again.'
)


def faces_for(text: str) -> tuple[Face, ...]:
    """The fonts that a text needs: the second family only where the first lacks a letter."""
    known = frozenset(_glyphs(_file(_FIRST[0].file)).letters.values())
    lacking = {c for c in text if c not in known and c.isprintable() and not c.isspace()}
    return _FIRST + (_SECOND if lacking else ())


def families(faces: tuple[Face, ...]) -> str:
    """The names of the families, as a stylesheet lists them."""
    return ", ".join(f'"{name}"' for name in dict.fromkeys(face.family for face in faces))


def rules(faces: tuple[Face, ...]) -> str:
    """The rules of a stylesheet that name the fonts."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f'src: url("{_SCHEME}{face.file}"); }}\n'
        for face in faces
    )


@lru_cache(maxsize=4)
def _file(name: str) -> bytes:
    """A font as TrueType, unpacked once in a process."""
    from fontTools.ttLib import woff2

    out = io.BytesIO()
    with (shipped("configs/fonts") / f"{name}.woff2").open("rb") as packed:
        woff2.decompress(packed, out)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """What a font says of its glyphs: which letter leads to each alone, and which are marks."""

    letters: dict[int, str]
    marks: frozenset[int]

    def meaning(self, glyph: int, cluster: str) -> str:
        """What a glyph means that was drawn, perhaps with others, for a cluster of letters.

        A letter with marks may be drawn as several glyphs. Each means itself, and not the whole:
        on the next letter a mark would be read as the letter that it stood on first.
        """
        if glyph in self.letters:
            return self.letters[glyph]
        if glyph in self.marks:
            apart = unicodedata.normalize("NFD", cluster)
            return "".join(c for c in apart if unicodedata.combining(c)) or cluster
        return cluster


@lru_cache(maxsize=8)
def _glyphs(font: bytes) -> _Glyphs:
    from fontTools.ttLib import TTFont

    read = TTFont(io.BytesIO(font), lazy=True)
    letters: dict[int, str] = {}
    for code, name in sorted(read.getBestCmap().items()):
        letters.setdefault(read.getGlyphID(name), chr(code))
    classes = read["GDEF"].table.GlyphClassDef if "GDEF" in read else None
    of = classes.classDefs if classes is not None else {}
    return _Glyphs(letters, frozenset(read.getGlyphID(name) for name in of if of[name] == 3))


class _Meanings(dict[int, str]):
    """What each glyph of a font means, wherever it stands."""

    def __init__(self, glyphs: _Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, self._glyphs.meaning(glyph, text))


class Fonts(dict[object, "Font"]):
    """The fonts of one document, each with meanings that hold wherever a glyph stands."""

    def __setitem__(self, key: object, font: Font) -> None:
        font.to_unicode = _Meanings(_glyphs(font.file_content))
        super().__setitem__(key, font)


@dataclass(frozen=True, slots=True)
class Setter:
    """What sets pages: the program's classes, and a maker of its configuration of fonts."""

    html: Any
    css: Any
    fonts: Any


@lru_cache(maxsize=1)
def setter() -> Setter:
    """The library that sets pages; UsageError where Pango and its kin are missing."""
    import contextlib
    import logging
    import warnings

    # It says on standard output what it misses, and logs letters of the text.
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import weasyprint
            from weasyprint.text import ffi, fonts
    except (ImportError, OSError):
        raise UsageError(NO_PANGO) from None
    if ffi.harfbuzz_subset is None:
        raise UsageError(NO_PANGO)
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return Setter(weasyprint.HTML, weasyprint.CSS, _configuration(ffi, fonts))


def versions() -> str:
    """What the bytes of a PDF depend on beside the text: the libraries that set it."""
    setter()
    from weasyprint import __version__
    from weasyprint.text import ffi

    parts = divmod(int(ffi.pango.pango_version()), 10_000)
    return f"weasyprint {__version__}, pango {parts[0]}.{parts[1] // 100}.{parts[1] % 100}"


def _configuration(ffi: ModuleType, fonts: ModuleType) -> type[FontConfiguration]:
    """A configuration that begins empty: no font of the machine can get into a file."""
    ffi.ffi.cdef("FcConfig *FcConfigCreate(void);", override=True)

    class Configuration(fonts.FontConfiguration):  # type: ignore[misc, name-defined]
        """Only the fonts that a stylesheet brings."""

        def __init__(self) -> None:
            self._config = ffi.fontconfig.FcConfigCreate()
            self.font_map = ffi.ffi.gc(
                ffi.pangoft2.pango_ft2_font_map_new(), ffi.gobject.g_object_unref
            )
            ffi.pangoft2.pango_fc_font_map_set_config(
                ffi.ffi.cast("PangoFcFontMap *", self.font_map), self._config
            )
            ffi.fontconfig.FcConfigDestroy(self._config)
            self._folder = None
            self.strut_layouts: dict[Any, Any] = {}
            self.font_features: dict[Any, Any] = {}

    return Configuration


def fetcher() -> URLFetcher:
    """What the page may fetch: the fonts that ship with the program, nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Refuses every address but those of the fonts."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            known = {f"{_SCHEME}{face.file}": face.file for face in (*_FIRST, *_SECOND)}
            if url not in known:
                raise ValueError("nothing is fetched")
            return URLFetcherResponse(url, body=_file(known[url]))

    return Fetcher()
