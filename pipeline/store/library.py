"""The library: safe texts, and what was learned from them. It opens without the vault's key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as put

from pipeline.errors import StoreError
from pipeline.safe.coding import applied
from pipeline.safe.lesson import (
    Lesson,
    Passage,
    SafeDocument,
    SafeFacts,
    Theme,
)
from pipeline.store import library_rows, passages_index
from pipeline.store.coding import Coding
from pipeline.store.database import Database
from pipeline.store.library_tables import NAME, documents, lessons, passages, runs
from pipeline.store.passages_index import Stored

# Those of its tables that it can read: what later ones added is not missed here.
VERSIONS = (1, 2)
_AT_ONCE = 5000  # passages that are written together: a row takes more memory than its passage
_NO_LIBRARY = (
    "No library that this version of Candour can read lies there. Nothing was opened. Name the "
    "folder of a workspace."
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of learning gave. `renamed` leads from lesson ids of the run before it.

    `frame` has the themes that were looked for where they were not those that ship. `drafts` says
    that drafts were learned from; each passage and lesson says so for itself.
    """

    passages: tuple[Passage, ...]
    lessons: tuple[Lesson, ...]
    drafts: bool = False
    renamed: tuple[tuple[str, str], ...] = ()
    frame: tuple[Theme, ...] = ()
    number: int | None = None


class Library:
    """The safe texts of a workspace, the last run of learning, and what people coded."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.coding = Coding(database)

    @classmethod
    def alone(cls, home: Path) -> Library:
        """The library of a workspace's folder, to read only: needs no key and no other file."""
        path = home / f"{NAME}.db"
        if not path.is_file():
            raise StoreError(_NO_LIBRARY)
        database = Database.attached({NAME: path}, read_only=True)
        with database.reading() as connection:
            version = connection.exec_driver_sql(f"PRAGMA {NAME}.user_version").scalar_one()
            if version not in VERSIONS:
                raise StoreError(_NO_LIBRARY)
        return cls(database)

    def put_document(self, document: SafeDocument) -> None:
        """Keep a text; it takes the place of the review's text under the same profile.

        Where that changes the text, or takes an approval back, what was learned from the text
        before is forgotten: it may hold what is hidden now. The next run learns it again.
        """
        row = {
            "review": document.review,
            "profile": document.profile,
            "draft": document.draft,
            "sha256": document.text.sha256,
            "text": document.text.value,
            "blocks": library_rows.BLOCKS.dump_json(document.blocks).decode(),
            "swaps": library_rows.SWAPS.dump_json(document.swaps).decode(),
            "facts": library_rows.FACTS.dump_json(document.facts).decode(),
        }
        with self._database.writing() as connection:
            before = _state(connection, document.review, document.profile)
            if before is not None and _takes_back(before, (document.text.sha256, document.draft)):
                self._forget(connection, document.review)
            connection.execute(
                put(documents).values(row).on_conflict_do_update(["review", "profile"], set_=row)
            )

    def drop(self, review: str, *, profile: str | None = None) -> None:
        """Remove a review's texts (or that of one profile) and what was learned from them."""
        which = [documents.c.review == review]
        if profile is not None:
            which.append(documents.c.profile == profile)
        with self._database.writing() as connection:
            gone = connection.execute(delete(documents).where(*which)).rowcount
            if gone or profile is None:
                self._forget(connection, review)

    def _forget(self, connection: Connection, review: str) -> None:
        _forget(connection, review)
        self.coding.blank(review)

    def reviews(self) -> frozenset[str]:
        """The reviews of which there is a text, draft or approved."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(documents.c.review)))

    def state(self) -> str:
        """A hash that changes when an approved text, its facts, or what was learned do."""
        approved = select(
            documents.c.review, documents.c.profile, documents.c.sha256, documents.c.facts
        ).where(documents.c.draft.is_(False))
        with self._database.reading() as connection:
            run = connection.scalar(select(func.max(runs.c.run)))
            rows = connection.execute(approved.order_by(*approved.selected_columns)).all()
        return hashlib.sha256(repr((run, [tuple(row) for row in rows])).encode()).hexdigest()

    def states(self) -> dict[tuple[str, str], tuple[str, bool]]:
        """For each review and profile: the hash of the text, and whether it is a draft."""
        query = select(
            documents.c.review, documents.c.profile, documents.c.sha256, documents.c.draft
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {(str(r.review), str(r.profile)): (str(r.sha256), bool(r.draft)) for r in rows}

    def document(self, review: str, profile: str) -> SafeDocument | None:
        """One text, draft or approved; None where there is none."""
        query = select(documents).where(
            documents.c.review == review, documents.c.profile == profile
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else library_rows.document(row)

    def documents(
        self, *, include_drafts: bool = False, prefer: str = "public"
    ) -> Iterator[SafeDocument]:
        """One text a review, in the order of their ids, read one at a time.

        Approved texts only, unless drafts are asked for; an approved text goes before a draft,
        and the profile `prefer` before others.
        """
        for review, profile, *_ in self.texts(include_drafts=include_drafts, prefer=prefer):
            document = self.document(review, profile)
            if document is not None and (include_drafts or not document.draft):
                yield document

    def texts(
        self, *, include_drafts: bool = False, prefer: str = "public"
    ) -> tuple[tuple[str, str, str, bool], ...]:
        """Of each text of `documents`: review, profile, hash, and whether it is a draft."""
        columns = (documents.c.review, documents.c.profile, documents.c.sha256, documents.c.draft)
        with self._database.reading() as connection:
            found = [
                row for row in connection.execute(select(*columns)) if include_drafts >= row[3]
            ]
        best = sorted(found, key=lambda row: (row[0], row[3], row[1] != prefer, row[1]))
        return tuple(tuple(next(rows)) for _, rows in groupby(best, key=lambda row: row[0]))

    def facts(
        self, *, include_drafts: bool = False, prefer: str = "public"
    ) -> dict[str, SafeFacts]:
        """What may be told of each review, from the text that `documents` gives."""
        query = select(
            documents.c.review, documents.c.draft, documents.c.profile, documents.c.facts
        )
        if not include_drafts:
            query = query.where(documents.c.draft.is_(False))
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        worst_first = sorted(
            found, key=lambda row: (row.draft, row.profile != prefer, row.profile), reverse=True
        )
        return {row.review: library_rows.load(library_rows.FACTS, row.facts) for row in worst_first}

    def put_run(self, run: Run) -> int:
        """Keep a run of learning in the place of the one before; its number."""
        with self._database.writing() as connection:
            added = connection.execute(
                insert(runs).values(
                    drafts=run.drafts, detail=library_rows.detail(run.renamed, run.frame)
                )
            )
            number = int(added.inserted_primary_key[0]) if added.inserted_primary_key else 0
            connection.execute(delete(runs).where(runs.c.run != number))
            for first in range(0, len(run.passages), _AT_ONCE):
                some = run.passages[first : first + _AT_ONCE]
                rows = [
                    library_rows.passage_row(number, at, item)
                    for at, item in enumerate(some, start=first)
                ]
                connection.execute(insert(passages), rows)
            told = [
                library_rows.lesson_row(number, at, item) for at, item in enumerate(run.lessons)
            ]
            if told:
                connection.execute(insert(lessons), told)
            passages_index.write(connection, run.passages, _hashes(connection))
        return number

    def index(self, *, include_drafts: bool = False) -> Stored | None:
        """The index of the last run's passages; None before the first run that made one."""
        return Stored.open(self._database, include_drafts=include_drafts)

    def stamp(self) -> tuple[int, ...]:
        """Numbers that change whenever the passages or their index do."""
        with self._database.reading() as connection:
            return passages_index.stamp(connection)

    def passages_at(
        self, places: Sequence[int], *, include_drafts: bool = False
    ) -> list[Passage | None]:
        """The passages at some places of the last run, in that order; None where one is gone."""
        query = select(passages).where(passages.c.at.in_(list(places)))
        if not include_drafts:
            query = query.where(passages.c.draft.is_(False))
        with self._database.reading() as connection:
            found = {
                row["at"]: library_rows.passage(row) for row in connection.execute(query).mappings()
            }
        return [found.get(place) for place in places]

    def last_run(self, *, include_drafts: bool = True) -> Run | None:
        """The last run of learning, without what came from drafts unless they are wanted.

        With drafts it also holds lessons whose quote was forgotten: they keep their ids.
        """
        with self._database.reading() as connection:
            head = connection.execute(select(runs).order_by(runs.c.run.desc())).mappings().first()
        if head is None:
            return None
        kept = library_rows.run_detail(head["detail"])
        return Run(
            passages=self.passages(include_drafts=include_drafts),
            lessons=self._lessons(drafts=include_drafts, stale=include_drafts),
            drafts=bool(head["drafts"]),
            renamed=kept.renamed,
            frame=kept.frame,
            number=int(head["run"]),
        )

    def frame(self) -> tuple[Theme, ...]:
        """The themes that the last run looked for; none where they were those that ship."""
        with self._database.reading() as connection:
            kept = connection.scalar(select(runs.c.detail).order_by(runs.c.run.desc()))
        return () if kept is None else library_rows.run_detail(kept).frame

    def passages(
        self, *, include_drafts: bool = True, reviews: Sequence[str] | None = None
    ) -> tuple[Passage, ...]:
        """The passages of the last run, of all reviews or of those named, as people coded them."""
        found = self.suggested(include_drafts=include_drafts, reviews=reviews)
        return applied(found, self.coding.events())

    def suggested(
        self, *, include_drafts: bool = True, reviews: Sequence[str] | None = None
    ) -> tuple[Passage, ...]:
        """The passages of the last run with the themes that the program suggested alone."""
        query = select(passages).order_by(passages.c.run, passages.c.at)
        if not include_drafts:
            query = query.where(passages.c.draft.is_(False))
        if reviews is not None:
            query = query.where(passages.c.review.in_(list(reviews)))
        with self._database.reading() as connection:
            return tuple(library_rows.passage(row) for row in connection.execute(query).mappings())

    def lessons(self, *, include_drafts: bool = True) -> tuple[Lesson, ...]:
        """The lessons of the last run, in its order; none whose quote was forgotten."""
        return self._lessons(drafts=include_drafts, stale=False)

    def tally(self) -> tuple[dict[str, int], int]:
        """How many passages of each role the last run gave, and how many lessons are listed."""
        roles = select(passages.c.role, func.count()).group_by(passages.c.role)
        told = select(func.count()).select_from(lessons).where(lessons.c.stale.is_(False))
        with self._database.reading() as connection:
            by_role = {str(role): int(count) for role, count in connection.execute(roles)}
            return by_role, int(connection.scalar(told) or 0)

    def left_out(self) -> int:
        """How many lessons of the last run are listed no more: a review of theirs changed."""
        query = select(func.count()).select_from(lessons).where(lessons.c.stale.is_(True))
        with self._database.reading() as connection:
            return int(connection.scalar(query) or 0)

    def _lessons(self, *, drafts: bool, stale: bool) -> tuple[Lesson, ...]:
        query = select(lessons.c.body).order_by(lessons.c.run, lessons.c.at)
        if not stale:
            query = query.where(lessons.c.stale.is_(False))
        if not drafts:
            query = query.where(lessons.c.draft.is_(False))
        with self._database.reading() as connection:
            return tuple(
                library_rows.load(library_rows.LESSON, body) for body in connection.scalars(query)
            )


def _state(connection: Connection, review: str, profile: str) -> tuple[str, bool] | None:
    """The hash of the text that is kept now, and whether it is a draft."""
    query = select(documents.c.sha256, documents.c.draft).where(
        documents.c.review == review, documents.c.profile == profile
    )
    row = connection.execute(query).first()
    return None if row is None else (str(row.sha256), bool(row.draft))


def _hashes(connection: Connection) -> dict[str, str]:
    """The hashes of the approved texts of each review."""
    query = select(documents.c.review, documents.c.sha256).where(documents.c.draft.is_(False))
    found: dict[str, str] = {}
    for review, sha256 in connection.execute(query.order_by(documents.c.sha256)):
        found[review] = found.get(review, "") + sha256
    return found


def _takes_back(before: tuple[str, bool], now: tuple[str, bool]) -> bool:
    """Whether the text changed, or is approved no longer."""
    return before[0] != now[0] or (now[1] and not before[1])


def _forget(connection: Connection, review: str) -> None:
    """Remove a review's passages and its index, and the words of lessons that rest on them."""
    passages_index.forget(connection, review)
    connection.execute(delete(passages).where(passages.c.review == review))
    query = select(lessons.c.run, lessons.c.at, lessons.c.body)
    for run, at, body in connection.execute(query).all():
        lesson = library_rows.load(library_rows.LESSON, body)
        if review not in lesson.reviews:
            continue
        bare = replace(lesson, title="", quote="", draft=True)
        connection.execute(
            update(lessons)
            .where(lessons.c.run == run, lessons.c.at == at)
            .values(body=library_rows.LESSON.dump_json(bare).decode(), draft=True, stale=True)
        )
