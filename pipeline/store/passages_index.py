"""The index of search in the library: which word stands where, and what each passage is.

A row holds the places of one word in one review. A review that is withdrawn or changed goes
with all of its rows, in the transaction that takes its passages, and SQLite overwrites what it
deletes (`secure_delete`). SQLite's own full-text index cannot promise that before its version
3.42 (sqlite.org/fts5, "secure-delete"), knows stars at the end of a word only, and counts drafts
into the weights of approved texts.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    inspect,
    select,
    update,
)

from pipeline.safe import embed
from pipeline.safe.lesson import Passage, Role
from pipeline.safe.postings import GAP, MOST_AT_ONCE, fits, words_of
from pipeline.safe.query import Phrase
from pipeline.store.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Keys = NDArray[np.uint64]

META = MetaData(schema="library")
VERSION = "2"  # of how words are told apart and kept, and vectors named; another makes it anew
BATCH = 64  # reviews whose words are put in together, in the order of the table
MOST_KEPT = 16_000_000  # places that one open index keeps in memory
LEAST_WORDS = 4  # of a passage that has a vector

reviews = Table(
    "index_reviews",
    META,
    Column("segment", Integer, primary_key=True, autoincrement=True),
    Column("review", String, nullable=False, unique=True),
    Column("draft", Boolean, nullable=False),
    Column("sha256", String, nullable=False),
    Column("text", String, nullable=False),
    Column("at", LargeBinary, nullable=False),
    Column("lengths", LargeBinary, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    Column("marks", Text, nullable=False),
    sqlite_autoincrement=True,
)
words = Table(
    "index_words",
    META,
    Column("word", Text, primary_key=True),
    Column("segment", Integer, primary_key=True),
    Column("places", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
_PLACES = "SELECT word, segment, places FROM library.index_words WHERE word IN"
# One word after another is sought from the last one, so that no row is read twice.
_KNOWN = """
WITH RECURSIVE known(word) AS (
  SELECT min(word) FROM library.index_words WHERE word >= ?1
  UNION ALL
  SELECT (SELECT min(word) FROM library.index_words WHERE word > known.word)
  FROM known WHERE substr(known.word, 1, length(?1)) = ?1
)
SELECT word FROM known WHERE substr(word, 1, length(?1)) = ?1
"""


def write(connection: Connection, passages: Sequence[Passage], texts: Mapping[str, str]) -> None:
    """Bring the index to these passages; a review that did not change stays as it is.

    `texts` are the hashes of the texts from which the passages were taken.
    """
    import numpy as np

    META.create_all(connection)
    numbered = sorted(enumerate(passages), key=lambda pair: (pair[1].review, pair[0]))
    found = {
        review: list(rows) for review, rows in groupby(numbered, key=lambda pair: pair[1].review)
    }
    hashes = {review: _hash([p for _, p in rows]) for review, rows in found.items()}
    known = {row.review: row for row in connection.execute(select(reviews))}
    _drop(connection, [row.segment for r, row in known.items() if row.sha256 != hashes.get(r)])
    for review, rows in found.items():
        at = np.array([number for number, _ in rows], dtype="<u4").tobytes()
        if review in known and known[review].sha256 == hashes[review]:
            connection.execute(
                update(reviews)
                .where(reviews.c.review == review)
                .values(at=at, text=texts.get(review, ""))
            )
    new = [r for r in found if r not in known or known[r].sha256 != hashes[r]]
    for first in range(0, len(new), BATCH):
        _put(connection, {r: found[r] for r in new[first : first + BATCH]}, hashes, texts)


def _hash(passages: Sequence[Passage]) -> str:
    """What says whether a review's part of the index is still right."""
    told = [
        [p.id, p.text, p.role.value, p.draft, [mark.code for mark in p.themes]] for p in passages
    ]
    return hashlib.sha256(json.dumps([VERSION, told]).encode()).hexdigest()


def _put(
    connection: Connection,
    found: Mapping[str, Sequence[tuple[int, Passage]]],
    hashes: Mapping[str, str],
    texts: Mapping[str, str],
) -> None:
    import numpy as np

    rows: list[tuple[str, int, bytes]] = []
    for review, numbered in found.items():
        passages = [passage for _, passage in numbered]
        each = [words_of(passage.text) for passage in passages]
        keys = [vector_key(passage) for passage in passages]
        added = connection.execute(
            reviews.insert().values(
                review=review,
                draft=any(passage.draft for passage in passages),
                sha256=hashes[review],
                text=texts.get(review, ""),
                at=np.array([number for number, _ in numbered], dtype="<u4").tobytes(),
                lengths=np.array([len(w) for w in each], dtype="<u4").tobytes(),
                vectors=np.array(keys, dtype="<u8").tobytes(),
                marks=json.dumps([[p.role.value, *(m.code for m in p.themes)] for p in passages]),
            )
        )
        segment = int(added.inserted_primary_key[0]) if added.inserted_primary_key else 0
        places = _places(each)
        rows += [(w, segment, np.array(at, dtype="<u4").tobytes()) for w, at in places.items()]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO library.index_words (word, segment, places) VALUES (?, ?, ?)", sorted(rows)
        )


def _places(texts: Iterable[Sequence[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    at = 0
    for text in texts:
        for place, word in enumerate(text, start=at):
            found[word].append(place)
        at += len(text) + GAP
    return found


def vector_key(passage: Passage) -> int:
    """The name of a passage's vector: from its masked text, which cannot be read from it.

    0 where it has none: what frames the pages or is too short has no meaning to be near to.
    """
    if passage.role is Role.FURNITURE or len(words_of(passage.text)) < LEAST_WORDS:
        return 0
    return text_key(embed.spoken(passage.text))


def text_key(text: str) -> int:
    """The name of the vector of a text as it is read, labels spoken."""
    return int(embed.key(embed.masked(text))[:16], 16)


def forget(connection: Connection, review: str) -> None:
    """Remove all that the index holds of a review."""
    if is_there(connection):
        _drop(
            connection,
            list(connection.scalars(select(reviews.c.segment).where(reviews.c.review == review))),
        )


def is_there(connection: Connection) -> bool:
    """Whether the library has an index; one of an older Candour has none before it learns."""
    return inspect(connection).has_table(reviews.name, schema=META.schema)


def _drop(connection: Connection, segments: Sequence[int]) -> None:
    """The words go by a scan of all of them: nothing needs to be known of the text for that."""
    for at in range(0, len(segments), 500):
        some = segments[at : at + 500]
        connection.execute(delete(words).where(words.c.segment.in_(some)))
        connection.execute(delete(reviews).where(reviews.c.segment.in_(some)))


@dataclass(frozen=True, slots=True)
class Told:
    """What the index knows of the passages of one review, in their order."""

    review: str
    text: str
    sha256: str
    passages: int
    marks: str


@dataclass(frozen=True, slots=True)
class Stored:
    """The postings of a library as they were when it was opened; words are read when asked for.

    `told` are the reviews; `at` says where in the run each passage is, `vectors` which vector it
    has (0: none).
    """

    database: Database
    told: tuple[Told, ...]
    starts: Numbers
    lengths: Numbers
    at: Numbers
    vectors: Keys
    bases: Mapping[int, int]
    kept: dict[str, Numbers] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    counted: dict[Phrase, tuple[Numbers, Numbers]] = field(default_factory=dict)

    @classmethod
    def open(cls, database: Database, *, include_drafts: bool = False) -> Stored | None:
        """The index of the approved texts, or of all; None where there is none yet."""
        import numpy as np

        query = select(reviews).order_by(reviews.c.review)
        if not include_drafts:
            query = query.where(reviews.c.draft.is_(False))
        with database.reading() as connection:
            if not is_there(connection):
                return None
            rows = connection.execute(query).all()
        told, bases, base = [], {}, 0
        starts = [np.zeros(0, dtype=np.int64)]
        lengths = [np.zeros(0, dtype=np.int64)]
        for row in rows:
            size = np.frombuffer(row.lengths, dtype="<u4").astype(np.int64)
            ends = np.cumsum(size + GAP)
            starts.append(base + ends - size - GAP)
            lengths.append(size)
            bases[row.segment] = base
            base += int(ends[-1]) if len(ends) else 0
            told.append(Told(row.review, row.text, row.sha256, len(size), row.marks))
        return cls(
            database,
            tuple(told),
            np.concatenate(starts),
            np.concatenate(lengths),
            np.frombuffer(b"".join(row.at for row in rows), dtype="<u4").astype(np.int64),
            np.frombuffer(b"".join(row.vectors for row in rows), dtype="<u8"),
            bases,
        )

    def others(self, review: str) -> NDArray[np.bool_]:
        """The passages of all reviews but one."""
        import numpy as np

        each = np.array([one.review != review for one in self.told], dtype=np.bool_)
        return np.repeat(each, [one.passages for one in self.told])

    def number(
        self,
        review: str,
        passage: str,
        fetch: Callable[[Sequence[int]], Sequence[Passage | None]],
    ) -> int | None:
        """The number of a passage; None where there is none of that name."""
        import numpy as np

        numbers = np.flatnonzero(~self.others(review)).tolist()
        found = zip(numbers, fetch(numbers), strict=True)
        return next((n for n, one in found if one is not None and one.id == passage), None)

    def places(self, word: str) -> Numbers:
        """The positions at which a word stands, ascending."""
        found = self.kept.get(word)
        if found is None:
            found = self.kept[word] = self._read((word,))[word]
        return found

    def load(self, wanted: Iterable[str]) -> None:
        """Read some words in one go, and keep them while there is room."""
        missing = [word for word in wanted if word not in self.kept]
        if not missing:
            return
        if sum(map(len, tuple(self.kept.values()))) > MOST_KEPT:
            self.kept.clear()  # others may be reading: they read again what they miss
        self.kept.update(self._read(missing))

    def _read(self, missing: Sequence[str]) -> dict[str, Numbers]:
        rows: dict[str, list[tuple[int, bytes]]] = {word: [] for word in missing}
        with self.database.reading() as connection:
            # Read as memory: a common word lies on a thousand pages, each a call to the system.
            connection.exec_driver_sql("PRAGMA library.mmap_size = 2000000000")
            for at in range(0, len(missing), MOST_AT_ONCE):
                some = missing[at : at + MOST_AT_ONCE]
                marks = ", ".join("?" * len(some))
                found = connection.exec_driver_sql(f"{_PLACES} ({marks})", tuple(some))
                for word, segment, places in found:
                    rows[word].append((segment, places))
        return {word: self._placed(held) for word, held in rows.items()}

    def _placed(self, rows: Sequence[tuple[int, bytes]]) -> Numbers:
        """The places of a word in all reviews, from those in each."""
        import numpy as np

        ours = [(self.bases[s], places) for s, places in rows if s in self.bases]
        ours.sort(key=lambda row: row[0])
        found = np.frombuffer(b"".join(places for _, places in ours), dtype="<u4")
        sizes = [len(places) // 4 for _, places in ours]
        return found + np.repeat(np.array([b for b, _ in ours], dtype=np.int64), sizes)

    def fitting(self, pattern: str) -> Iterable[str]:
        """The known words that a word with stars stands for."""
        prefix = pattern.split("*", 1)[0]
        if not prefix and self.known:
            return [word for word in self.known if fits(word, pattern)]
        with self.database.reading() as connection:
            known = connection.exec_driver_sql(_KNOWN, (prefix,)).scalars().all()
        if not prefix:
            self.known.extend(known)
        return [word for word in known if fits(word, pattern)]


def stamp(connection: Connection) -> tuple[int, int, int]:
    """Numbers that change whenever the run or the index does; zeros where there is no index.

    A review that is put in gets a number higher than all before it; otherwise reviews only go.
    """
    if not is_there(connection):
        return 0, 0, 0
    query = select(func.coalesce(func.max(reviews.c.segment), 0), func.count())
    last, count = connection.execute(query).one()
    run = connection.exec_driver_sql("SELECT max(run) FROM library.runs").scalar()
    return int(run or 0), int(last), int(count)
