"""Lines in capitals, as covers and headings have them, read as if in title case."""

from __future__ import annotations

import regex

from pipeline.raw.recognisers import lists

_LINE = regex.compile(r"^[^\p{Ll}\n]*\p{Lu}{3,}[^\p{Ll}\n]*$", regex.MULTILINE)
_WORD = regex.compile(r"(?<![\p{L}\d'’./-])\p{Lu}{2,}(?:['’-]\p{Lu}+)*(?![\p{L}\d/])")
_SMALL = frozenset("of the and for on in at upon by with to".split())


def calmed(text: str) -> str:
    r"""The text with its lines in capitals in title case; acronyms stay; as long as before.

    >>> calmed("ZORBEL SAFEGUARDING CHILDREN BOARD\nThe LSCB met.")
    'Zorbel Safeguarding Children Board\nThe LSCB met.'
    """
    return _LINE.sub(lambda line: _WORD.sub(_title, line.group()), text)


def _title(match: regex.Match[str]) -> str:
    word = match.group()
    if word.lower() in _SMALL:
        return word.lower()
    if len(word) < 3 or word in _acronyms() or not regex.search(r"[AEIOUY]", word):
        return word
    calm = word[0] + regex.sub(
        r"(?<=['’-])\p{L}(?=\p{L}{2})", lambda m: m.group().upper(), word[1:].lower()
    )
    return calm if len(calm) == len(word) else word


def _acronyms() -> frozenset[str]:
    return lists.exact_words("acronyms.txt")
