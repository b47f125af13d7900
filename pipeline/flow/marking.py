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

from pipeline.safe import embed, segment, theme, theme_heads, theme_model
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


class Searchable:
    """The vectors that the index of search needs, kept beside the library as they come.

    A run that is killed loses a minute's work, and nothing that the last run may still need is
    dropped.
    """

    def __init__(self, home: Path, threads: int) -> None:
        self.home = home
        self.encode = embed.unkept(threads)
        self.known = set(Quantised.open(home).keys.tolist())
        self.new: dict[int, Matrix] = {}

    def add(self, found: Iterable[Passage]) -> None:
        """Make the vectors of passages that have none yet."""
        keyed = ((passages_index.vector_key(one), one) for one in found)
        texts = {key: embed.spoken(one.text) for key, one in keyed if key}
        missing = sorted(texts.keys() - self.known - self.new.keys())
        for at in range(0, len(missing), SOME):
            some = missing[at : at + SOME]
            self.new.update(zip(some, self.encode([texts[key] for key in some]), strict=True))
        if len(self.new) >= max(SAVE_AFTER, len(self.known) // _SHARE):
            self.keep()

    def keep(self) -> None:
        """Put what is new into the file."""
        if self.new:
            passage_vectors.add(self.home, self.new)
        self.known.update(self.new)
        self.new = {}


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
        return cls(heads, Known.open(home / CHANCES, heads), theme_heads.vectors(threads))

    def told(self, texts: Sequence[str]) -> Matrix:
        """What the heads say of texts, a row each."""
        return self.known.logits(texts, self.heads, self.encode)


def themed(
    asked: Asked,
    found: Sequence[Passage],
    themes: Sequence[Theme],
    of_adults: frozenset[str],
    progress: Progress,
    searchable: Searchable | None = None,
) -> tuple[Passage, ...]:
    """The passages with themes by meaning too; made ready for search while their texts are known.

    A review at a time: what the encoder has read of a passage for its themes is remembered long
    enough to be put into the index too.
    """
    made = list(found)
    by_review: dict[str, list[int]] = {}
    for place, passage in enumerate(found):
        by_review.setdefault(passage.review, []).append(place)
    for done, places in enumerate(by_review.values(), start=1):
        own = [found[place] for place in places]
        told = theme_model.propose(
            own, themes, asked.encode, asked.heads, of_adults=of_adults, known=asked.known
        )
        for place, passage in zip(places, told, strict=True):
            made[place] = passage
        if searchable is not None:
            searchable.add(own)
        if done % 25 == 0:
            progress(done, len(by_review))
    return tuple(made)
