"""Marked excerpts made worse: in capitals, misread, with signs that nobody sees inside names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from pipeline.config import Settings
from pipeline.door import policy, redact
from pipeline.flow import proposing
from pipeline.raw import settle
from pipeline.raw.document import Document, Recogniser
from pipeline.raw.readers import text as texts

_PIECE = re.compile(r"[«»‹›]|[\w\u0300-\u036f]+|[^\w«»‹›\u0300-\u036f]+")
# A title may go with its name or stay; "on" goes where a date loses its day.
_EITHER = frozenset("mr mrs ms dr pc ds sergeant on".split())
_OPENS = {"«": "hide", "‹": "stay", "»": "", "›": ""}


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or what stands between two; `mark` is hide, stay, either or nothing."""

    text: str
    mark: str

    @property
    def is_word(self) -> bool:
        return any(c.isalnum() for c in self.text)

    @property
    def is_name(self) -> bool:
        return self.mark == "hide" and any(c.isalpha() for c in self.text)


Pieces = list[Piece]


def pieces(marked: str) -> Pieces:
    """The words of a marked text and what stands between them."""
    found: Pieces = []
    mark = ""
    for part in _PIECE.findall(marked):
        if part in _OPENS:
            mark = _OPENS[part]
        else:
            found.append(Piece(part, "either" if part.lower() in _EITHER else mark))
    return found


def excerpts() -> Iterator[tuple[str, Pieces]]:
    """The excerpts of bad_input.txt, each with its name."""
    whole = (Path(__file__).parent / "bad_input.txt").read_text(encoding="utf-8")
    for part in whole.split("\n=== ")[1:]:
        name, _, marked = part.partition("\n")
        yield name, pieces(marked.strip())


# --------------------------------------------------------------------------------------
# What is done to them
# --------------------------------------------------------------------------------------

_MISREAD = (("rn", "m"), ("m", "rn"), ("d", "cl"), ("w", "vv"), ("l", "1"), ("I", "l"), ("l", "I"),
    ("o", "0"), ("O", "0"), ("h", "li"), ("e", "c"), ("B", "8"), ("S", "5"))  # fmt: skip
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_CYRILLIC = dict(zip("aeopcyxiABEKMHOPCTX", "аеорсухіАВЕКМНОРСТХ", strict=True))
_GREEK = dict(zip("oviABEZHIKMNOPTYX", "ονιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", strict=True))
_DIRECTIONS = ("\u202a\u202c", "\u202b\u202c", "\u202d\u202c", "\u2066\u2069", "\u2067\u2069",
    "\u2068\u2069", "\u200e\u200e", "\u200f\u200f")  # fmt: skip

Change = Callable[[Piece, Random], str]


def _each(change: Change, *, names: bool = False) -> Callable[[Pieces, Random], Pieces]:
    def made(given: Pieces, rng: Random) -> Pieces:
        return [replace(p, text=change(p, rng)) if p.is_name or not names else p for p in given]

    return made


def _misread(share: float) -> Change:
    def change(piece: Piece, rng: Random) -> str:
        out, at = "", 0
        while at < len(piece.text):
            fits = [(o, n) for o, n in _MISREAD if piece.text.startswith(o, at)]
            same = (piece.text[at], piece.text[at])
            old, new = rng.choice(fits) if fits and rng.random() < share else same
            out, at = out + new, at + len(old)
        return out

    return change


def _inside(signs: str) -> Change:
    def change(piece: Piece, rng: Random) -> str:
        at = rng.randrange(1, len(piece.text)) if len(piece.text) > 1 else 0
        return piece.text[:at] + rng.choice(signs) + piece.text[at:]

    return change


def _alike(letters: dict[str, str], *, all_of_them: bool) -> Change:
    def change(piece: Piece, rng: Random) -> str:
        at = [i for i, c in enumerate(piece.text) if c in letters]
        chosen = set(at) if all_of_them else set(rng.sample(at, min(1, len(at))))
        return "".join(letters[c] if i in chosen else c for i, c in enumerate(piece.text))

    return change


def _unpunctuated(piece: Piece, _: Random) -> str:
    if piece.is_word or piece.text == "'" or "\n" in piece.text:
        return piece.text
    return " " if re.search(r"[\s-]", piece.text) else ""


def _wide(piece: Piece, _: Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in piece.text)


def _around(piece: Piece, rng: Random) -> str:
    signs = rng.choice(_DIRECTIONS)
    return signs[:1] + piece.text + signs[1:]


def _one_line(given: Pieces, _: Random) -> Pieces:
    return [replace(p, text=p.text.replace("\n", " ")) for p in given]


CHANGES: dict[str, Callable[[Pieces, Random], Pieces]] = {
    "as it is": lambda given, _: given,
    "capitals": _each(lambda p, _: p.text.upper()),
    "lower case": _each(lambda p, _: p.text.lower()),
    "no punctuation": _each(_unpunctuated),
    "lower case, no punctuation": lambda given, rng: _each(_unpunctuated)(
        _each(lambda p, _: p.text.lower())(given, rng), rng
    ),
    "misread 1 in 100": _each(_misread(0.04)),
    "misread 3 in 100": _each(_misread(0.12)),
    "zero width in names": _each(_inside(ZERO_WIDTH), names=True),
    "zero width everywhere": _each(_inside(ZERO_WIDTH)),
    "a Cyrillic letter in names": _each(_alike(_CYRILLIC, all_of_them=False), names=True),
    "all Cyrillic that looks alike": _each(_alike(_CYRILLIC, all_of_them=True), names=True),
    "a Greek letter in names": _each(_alike(_GREEK, all_of_them=False), names=True),
    "all Greek that looks alike": _each(_alike(_GREEK, all_of_them=True), names=True),
    "decomposed": _each(lambda p, _: unicodedata.normalize("NFD", p.text)),
    "full width": _each(_wide, names=True),
    "spaced letters": _each(lambda p, _: " ".join(p.text), names=True),
    "marks of direction": _each(_around, names=True),
    "one line": _one_line,
}


# --------------------------------------------------------------------------------------
# What comes of it
# --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """Words that had to go and are still there, words that had to stay and are gone."""

    left: tuple[str, ...]
    must_go: int
    lost: tuple[str, ...]
    may_stay: int
    blocked: bool


def outcome(given: Sequence[Piece], using: tuple[Recogniser, ...]) -> Outcome:
    """What the draft of a text under the public profile does with its marked words."""
    raw = "".join(piece.text for piece in given)
    document = texts.from_string(raw)
    over = covered(document, len(raw), using)
    left, lost, at, must_go, may_stay = [], [], 0, 0, 0
    for piece in given:
        places = [i for i, c in enumerate(piece.text, start=at) if c.isalnum()]
        at += len(piece.text)
        if not places or piece.mark == "either":
            continue
        if piece.mark == "hide":
            must_go += 1
            left += [piece.text] if not all(over[i] for i in places) else []
        else:
            may_stay += 1
            lost += [piece.text] if any(over[i] for i in places) else []
    return Outcome(tuple(left), must_go, tuple(lost), may_stay, bool(document.unread))


def covered(document: Document, length: int, using: tuple[Recogniser, ...]) -> list[bool]:
    """Which characters of the source are not in the draft as they were."""
    proposal = proposing.propose(document, Settings(), using)
    done = redact.redact(
        document, settle.accept_all(proposal), policy.load("public"), review="draft"
    )
    over = [False] * length
    for change in done.plan.replacements:
        span = document.to_source(change.span)
        over[span.start : span.end] = [True] * len(span)
    return over
