"""Passages with their themes, and one vector for each text, whoever asks for it.

Reading a text takes a second and is done by whoever is handed in; vectors are made here, by
threads. The heads of themes and the index of search read a passage in the same words, so that
its vector is made once; what the index needs of it is kept as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.safe import embed, segment, theme, theme_heads, theme_model
from pipeline.safe.lesson import Passage, SafeDocument, Theme
from pipeline.store import passage_vectors, passages_index
from pipeline.store.passage_vectors import Quantised

if TYPE_CHECKING:
    from pipeline.safe.embed import Matrix

CHANCES = "chances.npz"
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


@dataclass(slots=True)
class Vectors:
    """Makes vectors, and keeps those that the index of search wants beside the library."""

    home: Path
    wanted: frozenset[int]
    encode: embed.Vectors
    known: set[int] = field(default_factory=set)
    new: dict[int, Matrix] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Path, texts: Iterable[Passage], threads: int) -> Vectors:
        """What makes the vectors of a run over these passages."""
        wanted = frozenset(passages_index.vector_key(one) for one in texts) - {0}
        known = set(Quantised.open(home).keys.tolist())
        return cls(home, wanted, lambda some: embed.vectors(threads)(some), known)

    def __call__(self, texts: Sequence[str]) -> Matrix:
        """Texts to unit vectors, a row each."""
        made = self.encode(texts)
        for text, row in zip(texts, made, strict=True):
            key = passages_index.text_key(text)
            if key in self.wanted and key not in self.known:
                self.new[key] = row
        if len(self.new) >= max(SAVE_AFTER, len(self.known) // _SHARE):
            self.keep()
        return made

    def keep(self) -> None:
        """Keep what was made; nothing of it is dropped that the last run may still need."""
        if self.new:
            passage_vectors.add(self.home, self.new)
            self.known.update(self.new)
            self.new.clear()

    def rest(self, found: Iterable[Passage], progress: Progress) -> None:
        """Make the vectors of passages that nobody has asked for."""
        self.keep()
        keyed = ((passages_index.vector_key(one), one) for one in found)
        texts = {key: embed.spoken(one.text) for key, one in keyed if key and key not in self.known}
        missing = sorted(texts)
        for at in range(0, len(missing), SAVE_AFTER):
            some = missing[at : at + SAVE_AFTER]
            self([texts[key] for key in some])
            progress(at + len(some), len(missing))
        self.keep()


def themed(
    home: Path,
    found: Sequence[Passage],
    themes: Sequence[Theme],
    of_adults: frozenset[str],
    encode: embed.Vectors,
    progress: Progress,
) -> tuple[Passage, ...]:
    """The passages with themes by meaning too; what the heads said of a text is kept."""
    heads = theme_heads.load()
    known = theme_heads.Known.open(home / CHANCES, heads)
    made = theme_model.propose(
        found, themes, encode, heads, of_adults=of_adults, known=known, progress=progress
    )
    known.keep()
    return made
