"""How the name of a body is written: a name before its type, or after it; acronyms it defines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import glossary, lists, wording
from pipeline.raw.recognisers.row import PATTERN_SECONDS, Row, pattern
from pipeline.span import Kind, Span

Narrow = Callable[[str], tuple[int, int] | None]

# A table or a text that nobody joined breaks lines and doubles spaces inside a name.
_S = r"(?:[ \u00a0]{1,3}|[ ]?\n)"
CAP = r"(?:(?:St|Ss|SS|Dr)\.|\p{Lu}[\p{L}\d]{0,30}(?:[’'&-][\p{L}\d]{1,30}){0,3}['’]?|&)"
_JOIN = r"(?:of[ ]the|of|and|&|upon|on|the|with|under|by|le|in)"
# A comma inside a name: "Zorbel, Quill and Marlstone Council".
_LISTED = r",[ ](?=\p{Lu}[\p{L}]{1,30}[ ](?:and|&)[ ]\p{Lu})"
# Read backwards from the type: the words before it, as far as they look like one name.
NAME = rf"(?P<name>(?<![\p{{L}}\d’'-]){CAP}(?:(?:{_S}(?:{_JOIN}{_S})?|{_LISTED}){CAP}){{0,6}})"
# What is true wherever a type ends a name, and sooner told.
_BEHIND_CAP = rf"(?<=[ \n\u00a0])(?=\p{{L}})(?<={CAP}{_S})"
# A name after its type.
PLACE = rf"{CAP}(?:{_S}(?:(?:and|upon|on|of|with|&){_S}(?:the{_S})?)?{CAP}){{0,3}}"


def body(
    subkind: str,
    kinds: str,
    score: float,
    examples: tuple[str, ...],
    lookalikes: tuple[str, ...],
    narrow: Narrow = wording.typed,
) -> Row:
    """A row for bodies whose type ends the name."""
    before, types = rf"(?<={NAME}{_S})", kinds.replace("[ ]", _S)
    return Row(
        Kind.ORGANISATION,
        subkind,
        pattern(rf"{before}(?:{types})(?![\p{{L}}\d])"),
        score,
        examples,
        lookalikes,
        narrow=narrow,
        opens=(_BEHIND_CAP, types),
    )


def prefixed(
    subkind: str,
    text: str,
    score: float,
    examples: tuple[str, ...],
    lookalikes: tuple[str, ...],
    narrow: Narrow = wording.named,
) -> Row:
    """A row for bodies whose type opens the name."""
    return Row(
        Kind.ORGANISATION, subkind, pattern(text), score, examples, lookalikes, narrow=narrow
    )


_DEFINED = regex.compile(
    r"\s?[(\[](?:(?:the|hereafter|hereinafter|referred\sto\sas|known\sas|now|formerly|or"
    r"|abbreviated\sto|called)[\s,]+){0,4}"
    r"[\"“'‘]?(?P<it>[A-Z][A-Za-z&]{0,7}[A-Z]{1,3}[A-Za-z]?)[\"”'’]?[)\]]"
)


def with_acronyms(text: str, found: tuple[Finding, ...]) -> Iterator[Finding]:
    """Every mention of an acronym beside a named body, in brackets or in a list."""
    defined: dict[str, Finding] = {}
    for finding in found:
        match = _DEFINED.match(text, finding.span.end)
        if match and not wording.is_generic(match["it"]) and not _allowed(match["it"]):
            defined.setdefault(match["it"], finding)
        short = glossary.listed(text, finding)
        if short and not wording.is_generic(short) and not _allowed(short):
            defined.setdefault(short, finding)
    if defined:
        either = regex.compile(r"(?<![\p{L}\d])(?:\L<names>)(?![\p{L}\d])", names=sorted(defined))
        for match in either.finditer(text, timeout=PATTERN_SECONDS):
            source = defined[match.group()]
            yield Finding(Span(*match.span()), source.kind, source.subkind, 0.9, source.by)


def _allowed(acronym: str) -> bool:
    return acronym in lists.forms("allow-national-bodies.txt")


def of_deny_list(text: str, _found: Iterable[Finding] = ()) -> Iterator[Finding]:
    """Bodies of the deny list, whose names carry no word that says what they are."""
    names = regex.compile(
        r"(?<![\p{L}\d])(?:\L<names>)(?![\p{L}\d])",
        names=[
            n.replace("'", mark) for n in lists.forms("deny-organisations.txt") for mark in "'’"
        ],
    )
    for match in names.finditer(text, timeout=PATTERN_SECONDS):
        yield Finding(Span(*match.span()), Kind.ORGANISATION, "organisation", 0.8, "communities")
