"""Rows of the library's tables to the nouns of the safe wing, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import RowMapping

from pipeline.errors import StoreError
from pipeline.safe.lesson import (
    Lesson,
    Passage,
    Role,
    SafeBlock,
    SafeDocument,
    SafeFacts,
    SafeText,
    Swap,
    Theme,
    ThemeMark,
)
from pipeline.span import Span

_NOT_THE_SAME = (
    "A text of the library is not what was put there. It was not used. Restore the whole "
    "workspace from one backup."
)
_OTHER_VERSION = (
    "What the library holds was written by another version of Candour. Nothing of it was used. "
    "Run `candour learn --fresh`; if that does not help, settle the reviews again."
)

BLOCKS = TypeAdapter(tuple[SafeBlock, ...])
SWAPS = TypeAdapter(tuple[Swap, ...])
FACTS = TypeAdapter(SafeFacts)
THEMES = TypeAdapter(tuple[ThemeMark, ...])
LESSON = TypeAdapter(Lesson)
RENAMED = TypeAdapter(tuple[tuple[str, str], ...])


@dataclass(frozen=True, slots=True)
class Detail:
    """What is kept of a run beside its passages and lessons; `frame` has no theme but its own."""

    renamed: tuple[tuple[str, str], ...]
    frame: tuple[Theme, ...]


# Where a run had no frame of its own, it is kept as it was before frames were: the pairs alone.
_DETAIL = TypeAdapter(Detail)
_T = TypeVar("_T")


def load(adapter: TypeAdapter[_T], content: str) -> _T:
    """What a column holds; StoreError where it is not what was put there."""
    try:
        return adapter.validate_json(content)
    except ValidationError:
        raise StoreError(_OTHER_VERSION) from None


def detail(renamed: tuple[tuple[str, str], ...], frame: tuple[Theme, ...]) -> str:
    """What is kept of a run beside its passages and lessons, as its column holds it."""
    if not frame:
        return RENAMED.dump_json(renamed).decode()
    return _DETAIL.dump_json(Detail(renamed, frame)).decode()


def run_detail(content: str) -> Detail:
    """What a run's column holds."""
    if content.startswith("["):
        return Detail(load(RENAMED, content), ())
    return load(_DETAIL, content)


def document(row: RowMapping) -> SafeDocument:
    """A kept text as it was put in; a text that changed since is refused."""
    text = SafeText(row["text"])
    if text.sha256 != row["sha256"]:
        raise StoreError(_NOT_THE_SAME, review=row["review"])
    return SafeDocument(
        review=row["review"],
        profile=row["profile"],
        text=text,
        blocks=load(BLOCKS, row["blocks"]),
        swaps=load(SWAPS, row["swaps"]),
        facts=load(FACTS, row["facts"]),
        draft=bool(row["draft"]),
    )


def passage_row(run: int, at: int, passage: Passage) -> dict[str, object]:
    """A passage as the row of a run."""
    return {
        "run": run,
        "at": at,
        "review": passage.review,
        "passage": passage.id,
        "page": passage.page,
        "paragraph": passage.paragraph,
        "heading": passage.heading,
        "start": passage.span.start,
        "end": passage.span.end,
        "role": passage.role.value,
        "draft": passage.draft,
        "themes": THEMES.dump_json(passage.themes).decode(),
        "text": passage.text,
    }


def passage(row: RowMapping) -> Passage:
    """The passage that a row holds."""
    return Passage(
        review=row["review"],
        id=row["passage"],
        page=row["page"],
        paragraph=row["paragraph"],
        heading=row["heading"],
        span=Span(row["start"], row["end"]),
        role=Role(row["role"]),
        text=row["text"],
        themes=load(THEMES, row["themes"]),
        draft=bool(row["draft"]),
    )


def lesson_row(run: int, at: int, lesson: Lesson) -> dict[str, object]:
    """A lesson as the row of a run."""
    return {
        "run": run,
        "at": at,
        "lesson": lesson.id,
        "theme": lesson.theme,
        "draft": lesson.draft,
        "stale": False,
        "body": LESSON.dump_json(lesson).decode(),
    }
