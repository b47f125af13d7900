"""Passages with their themes, and the vectors by which search finds them.

Reading a text takes a second and is done by whoever is handed in; vectors are made here, by
threads: those of the heads of themes, of which only what the heads say is kept, and those of the
index of search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.safe import embed, segment, theme, theme_encoder, theme_heads, theme_model
from pipeline.safe.lesson import Passage, SafeDocument, Theme
from pipeline.safe.theme_heads import Heads, Known
from pipeline.store import passage_vectors, passages_index
from pipeline.store.passage_vectors import Quantised

if TYPE_CHECKING:
    from pipeline.safe.embed import Matrix

CHANCES = "chances.npz"
SOME = 1000  # texts that are looked at together
SAVE_AFTER = 1000  # new vectors, after which those that are made are kept: a minute's work
_SHARE = 4  # and after a quarter as many as there are: else a file that grows is written too often

Progress = Callable[[int, int], None]
Reader = Callable[[Iterable[SafeDocument], Sequence[Theme]], Iterator[tuple[Passage, ...]]]
"""Texts to the passages of each, in their order, with roles and themes by cue."""


def passages(document: SafeDocument, themes: Sequence[Theme]) -> tuple[Passage, ...]:
    """The passages of one text with their roles, and with themes by cue."""
    return theme.mark(segment.passages(document), themes)


def here(
    documents: Iterable[SafeDocument], themes: Sequence[Theme]
) -> Iterator[tuple[Passage, ...]]:
    """Texts read by this very process, one after the other."""
    return (passages(document, themes) for document in documents)


def searchable(home: Path, found: Iterable[Passage], threads: int, progress: Progress) -> None:
    """Make the vectors that the index of search still lacks, and keep them beside the library.

    They are kept as they come: a run that is killed loses a minute's work.
    """
    encode = embed.vectors(threads)
    known = set(Quantised.open(home).keys.tolist())
    keyed = ((passages_index.vector_key(one), one) for one in found)
    texts = {key: embed.spoken(one.text) for key, one in keyed if key and key not in known}
    missing = sorted(texts)
    new: dict[int, Matrix] = {}
    for at in range(0, len(missing), SOME):
        some = missing[at : at + SOME]
        new.update(zip(some, encode([texts[key] for key in some]), strict=True))
        if len(new) >= max(SAVE_AFTER, len(known) // _SHARE):
            known.update(_kept(home, new))
        progress(at + len(some), len(missing))
    _kept(home, new)


def _kept(home: Path, new: dict[int, Matrix]) -> set[int]:
    """Put new vectors into the file; nothing that the last run may still need is dropped."""
    names = set(new)
    if new:
        passage_vectors.add(home, new)
        new.clear()
    return names


@dataclass(frozen=True, slots=True)
class Asked:
    """The heads of themes, what they said before, and the vectors that they read."""

    heads: Heads
    known: Known
    encode: embed.Vectors

    @classmethod
    def of(cls, home: Path, threads: int) -> Asked:
        """The heads that ship, with what a home knows of their answers."""
        heads = theme_heads.load()
        return cls(heads, Known.open(home / CHANCES, heads), theme_encoder.vectors(threads))

    def told(self, texts: Sequence[str]) -> Matrix:
        """What the heads say of texts, a row each."""
        return self.known.logits(texts, self.heads, self.encode)


def themed(
    asked: Asked,
    found: Sequence[Passage],
    themes: Sequence[Theme],
    of_adults: frozenset[str],
    progress: Progress,
) -> tuple[Passage, ...]:
    """The passages with themes by meaning too."""
    return theme_model.propose(
        found,
        themes,
        asked.encode,
        asked.heads,
        of_adults=of_adults,
        known=asked.known,
        progress=progress,
    )
