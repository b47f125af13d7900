"""Themes of the codebook: loading them, and marking the passages that speak of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.safe import encoder, literal
from pipeline.safe.claim import claim, strongest
from pipeline.safe.encoder import Vectors
from pipeline.safe.lesson import BY_CUE, Passage, Polarity, Role, Theme, ThemeMark
from pipeline.safe.polarity import CONTESTED, boilerplate, polarity
from pipeline.span import Span

MOST = 3  # themes of one passage
NEAR = 0.45  # similarity to a theme's definition from which it is proposed by meaning
MARGIN = 0.05  # and by how much nearer than to any other
_GENERAL = frozenset({Role.LEARNING, Role.RECOMMENDATION})
_SILENT = frozenset({Role.FURNITURE})


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: str
    title: str
    group: str
    definition: str
    cues: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    paraphrases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Compiled:
    theme: Theme
    any: re.Pattern[str]
    cues: tuple[re.Pattern[str], ...]
    exclude: tuple[re.Pattern[str], ...]
    needs: re.Pattern[str] | None
    runs: frozenset[str] = frozenset()


def load(folder: Path | None = None) -> tuple[Theme, ...]:
    """The themes of a folder of TOML files (the shipped codebook), in the order of their codes.

    UsageError where a file cannot be read, a pattern does not compile or a code is there twice.
    """
    rows: list[_Row] = []
    try:
        for path in sorted((folder or shipped("configs/themes")).glob("*.toml")):
            blocks = tomllib.loads(path.read_text(encoding="utf-8")).get("theme", [])
            rows.extend(_Row.model_validate(block) for block in blocks)
        themes = tuple(Theme(**row.model_dump()) for row in rows)
        for theme in themes:
            _compiled(theme)
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError, re.error) as error:
        raise UsageError(
            "A file of themes cannot be read. No theme was set. Compare it with those that ship "
            "with Candour (configs/themes)."
        ) from error
    if len({theme.code for theme in themes}) != len(themes):
        raise UsageError(
            "Two themes have the same code. No theme was set. Give each block in configs/themes "
            "a code of its own."
        )
    return tuple(sorted(themes, key=lambda theme: _code_order(theme.code)))


def _code_order(code: str) -> tuple[str, int, str]:
    letters = code.rstrip("0123456789")
    digits = code[len(letters) :]
    return letters, int(digits or 0), code


@lru_cache(maxsize=1024)
def _compiled(theme: Theme) -> _Compiled:
    cues = tuple(re.compile(_spaced(cue), re.I) for cue in theme.cues)
    exclude = tuple(re.compile(_spaced(pattern), re.I) for pattern in theme.exclude)
    together = "|".join(f"(?:{_spaced(cue)})" for cue in theme.cues)
    needs = re.compile("|".join(theme.needs), re.I) if theme.needs else None
    each = [literal.needed(_spaced(cue)) for cue in theme.cues]
    runs: frozenset[str] = frozenset().union(*each) if all(each) else frozenset()
    return _Compiled(theme, re.compile(together or r"(?!)", re.I), cues, exclude, needs, runs)


def _spaced(pattern: str) -> str:
    """A pattern whose spaces stand for any white space; in a character class, for one of it."""
    parts = re.split(r"(\[(?:\\.|[^\]\\])*\])", pattern)
    return "".join(p.replace(" ", r"\s" if i % 2 else r"\s+") for i, p in enumerate(parts))


def evidence(theme: Theme, text: str) -> tuple[Span, ...]:
    """Where a text meets the theme's cues: merged, in order, without what is excluded.

    >>> theme = Theme("X1", "x", "X", "child", "", ("neglect",), ("abuse or neglect",))
    >>> evidence(theme, "Neglect, not abuse or neglect")
    (Span(start=0, end=7),)
    """
    return tuple(span for span, _ in _evidence(_compiled(theme), text, literal.folded(text)))


def _evidence(compiled: _Compiled, text: str, folded: str) -> list[tuple[Span, int]]:
    """The merged matches, each with the number of different cues in it."""
    if not literal.may_match(compiled.runs, folded) or not compiled.any.search(text):
        return []
    if compiled.needs is not None and not compiled.needs.search(text):
        return []
    barred = [Span(*m.span()) for p in compiled.exclude for m in p.finditer(text) if m.group()]
    found: list[tuple[Span, int]] = []
    for index, cue in enumerate(compiled.cues):
        for match in cue.finditer(text):
            if match.group().strip():
                span = Span(*match.span())
                if not any(span.overlaps(other) for other in barred):
                    found.append((span, index))
    return _merged(sorted(found))


def _merged(found: Sequence[tuple[Span, int]]) -> list[tuple[Span, int]]:
    merged: list[tuple[Span, set[int]]] = []
    for span, index in found:
        if merged and merged[-1][0].overlaps(span):
            last, kinds = merged.pop()
            merged.append((Span(last.start, max(last.end, span.end)), kinds | {index}))
        else:
            merged.append((span, {index}))
    return [(span, len(kinds)) for span, kinds in merged]


def mark(passages: Iterable[Passage], themes: Sequence[Theme]) -> tuple[Passage, ...]:
    """The passages with at most three themes each, the strongest first.

    A cue proposes a theme; its span, in the safe text, is the evidence.
    """
    compiled = [_compiled(theme) for theme in themes]
    return tuple(replace(p, themes=_marks(p, compiled)) for p in passages)


def _marks(passage: Passage, compiled: Sequence[_Compiled]) -> tuple[ThemeMark, ...]:
    if passage.role in _SILENT:
        return ()
    proposed: list[tuple[float, int, ThemeMark]] = []
    folded = literal.folded(passage.text)
    for order, one in enumerate(compiled):
        found = _evidence(one, passage.text, folded)
        void = boilerplate(passage.text) if found else ()
        found = [f for f in found if not any(f[0].overlaps(v) for v in void)]
        if found:
            made = _mark(one.theme, found, passage)
            proposed.append((-made.score, order, made))
    return tuple(made for _, _, made in sorted(proposed, key=lambda row: row[:2])[:MOST])


def _mark(theme: Theme, found: Sequence[tuple[Span, int]], passage: Passage) -> ThemeMark:
    """One mark a theme: the best mention that is not negated, else the best that is."""
    how_said = partial(
        polarity,
        contested=theme.code in CONTESTED,
        praised=passage.role is Role.GOOD_PRACTICE,
    )
    read = [(how_said(passage.text, span, theme.group), span, kinds) for span, kinds in found]
    live = [row for row in read if row[0] is not Polarity.NEGATED] or read
    how, span, _ = max(live, key=lambda row: (row[2], len(row[1]), -row[1].start))
    score = _score(sum(kinds for _, _, kinds in live), theme.group, how)
    return ThemeMark(theme.code, span.shift(passage.span.start), score, how, BY_CUE)


def _score(cues: int, group: str, how: Polarity) -> float:
    """More cues, more weight; a theme of the review itself and a negated one come later."""
    weight = 1 - 0.5 ** min(cues, 6)
    if group == "process":
        weight *= 0.9
    return round(weight * (0.5 if how is Polarity.NEGATED else 1.0), 3)


def suggest(
    passages: Sequence[Passage], themes: Sequence[Theme], vectors: Vectors
) -> tuple[Passage, ...]:
    """The passages with a theme by meaning where a learning point meets no cue.

    It abstains unless one theme's definition is near (NEAR) and nearer than any other
    (MARGIN). The evidence is the sentence that teaches; `by` names the model.
    """
    bare = [i for i, p in enumerate(passages) if not p.themes and p.role in _GENERAL]
    if not bare or not themes:
        return tuple(passages)
    kinds = vectors([f"{theme.title}. {theme.definition}" for theme in themes])
    near = (vectors([claim(passages[i].text) for i in bare]) @ kinds.T).round(4).tolist()
    made = list(passages)
    for place, row in zip(bare, near, strict=True):
        order = sorted(range(len(row)), key=lambda n: (-row[n], n))
        second = row[order[1]] if len(row) > 1 else 0.0
        if row[order[0]] >= NEAR and row[order[0]] - second >= MARGIN:
            made[place] = _suggested(passages[place], themes[order[0]], row[order[0]])
    return tuple(made)


def _suggested(passage: Passage, theme: Theme, score: float) -> Passage:
    found = strongest(passage.text)
    span = found[0] if found else Span(0, len(passage.text))
    how = polarity(passage.text, span, theme.group, contested=theme.code in CONTESTED)
    if how is Polarity.NEGATED:
        return passage
    mark = ThemeMark(
        theme.code, span.shift(passage.span.start), round(score, 3), how, encoder.name()
    )
    return replace(passage, themes=(mark,))
