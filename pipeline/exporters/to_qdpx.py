"""A study as a REFI-QDA project (.qdpx): texts, codebook, codings, coders, lessons as notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline.exporters import refi
from pipeline.exporters.refi import SourceText, add, guid
from pipeline.safe.frame import WARNING
from pipeline.safe.lesson import NOT_STATED, Lesson, SafeDocument
from pipeline.safe.study import TAG, Coded, Study

if TYPE_CHECKING:
    from lxml.etree import _Element

    from pipeline.safe.lesson import Passage

PROGRAM = "Candour"
_OPENED = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file knows


def render(study: Study) -> bytes:
    """The project as one file; the same study gives the same bytes."""
    files = [("project.qde", _project(study))]
    for document in study.documents:
        text = SourceText.of(document.text.value).value
        files.append((f"sources/{_source(document.review)}.txt", text.encode()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _OPENED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            package.writestr(entry, content)
    return stream.getvalue()


def _source(review: str) -> str:
    return guid("source", review)


def _project(study: Study) -> bytes:
    """The elements in the order that the schema wants."""
    name = f"{TAG}{PROGRAM}" if study.draft else PROGRAM
    project = refi.root(
        "Project", refi.PROJECT, name=name, origin=refi.origin(study),
        creatingUserGUID=guid("user", ""),
    )  # fmt: skip
    users = add(project, "Users")
    for coder in sorted({"", *(one.coder for one in study.codings)}):
        add(users, "User", guid=guid("user", coder), name=coder or PROGRAM, id=coder or "program")
    refi.codes(add(project, "CodeBook"), study.book.all)
    if study.documents:
        _variables(project)
        _sources(project, study)
    notes = add(project, "Notes")
    about = add(notes, "Note", guid=guid("note", "about"), name="What this project rests on")
    add(about, "PlainTextContent", _about(study))
    for lesson in _told(study):
        note = add(
            notes, "Note", guid=guid("lesson", lesson.id),
            name=f"{TAG if lesson.draft else ''}{lesson.id} {lesson.title}",
        )  # fmt: skip
        add(note, "PlainTextContent", _lesson(lesson))
    add(project, "Description", WARNING if study.draft else refi.origin(study))
    add(project, "NoteRef", targetGUID=guid("note", "about"))
    return refi.written(project)


def _about(study: Study) -> str:
    lines = [*([WARNING] if study.draft else []), refi.origin(study)]
    return "\n".join([*lines, f"{len(study.documents)} reviews, {len(study.codings)} codings"])


def _lesson(lesson: Lesson) -> str:
    return "\n".join(
        (
            f"{len(lesson.reviews)} of {lesson.of} reviews, {lesson.first} to {lesson.last}",
            f"Theme: {lesson.theme}. Stance: {lesson.stance}.",
            f"“{lesson.quote}” ({': '.join(lesson.quote_from)})",
        )
    )


_TYPES = {"draft": "Boolean", "year": "Integer"}


def _values(document: SafeDocument) -> dict[str, str]:
    """What a review says of itself, each as the text of a variable."""
    facts = {
        name: "; ".join(value) if isinstance(value, tuple) else str(value)
        for name, value in asdict(document.facts).items()
    }
    return {"draft": str(document.draft).lower(), "profile": document.profile, **facts}


def _variables(project: _Element) -> None:
    from pipeline.safe.lesson import SafeFacts

    names = ["draft", "profile", *SafeFacts.__slots__]
    holder = add(project, "Variables")
    for name in names:
        kind = _TYPES.get(name, "Text")
        add(holder, "Variable", guid=guid("variable", name), name=name, typeOfVariable=kind)


def _sources(project: _Element, study: Study) -> None:
    sources = add(project, "Sources")
    passages = {(p.review, p.id): p for p in study.passages}
    codings: dict[str, list[Coded]] = {}
    for coded in study.codings:
        codings.setdefault(coded.review, []).append(coded)
    mentions = _mentions(_told(study), passages)
    for document in study.documents:
        name = f"{TAG if document.draft else ''}{document.review}"
        here = _source(document.review)
        source = add(
            sources, "TextSource", guid=here, name=name, plainTextPath=f"internal://{here}.txt",
            creatingUser=guid("user", ""),
        )  # fmt: skip
        text = SourceText.of(document.text.value)
        for coded in codings.get(document.review, ()):
            _selection(source, text, coded)
        for lesson, passage in mentions.get(document.review, ()):
            _mention(source, text, lesson, passage)
        for variable, value in _values(document).items():
            _value(source, variable, value)


def _selection(source: _Element, text: SourceText, coded: Coded) -> None:
    """One coding: where it stands, which code, who set it, and how."""
    key = (coded.review, coded.passage, coded.theme, coded.coder, coded.alone)
    span = text.span(coded.span)
    user = guid("user", coded.coder)
    selection = add(
        source, "PlainTextSelection", guid=guid("selection", *key), name=coded.passage,
        startPosition=str(span.start), endPosition=str(span.end), creatingUser=user,
    )  # fmt: skip
    how = f"{coded.polarity.value}; {coded.by}; {coded.score}; {coded.passage}"
    add(selection, "Description", how + ("; alone" if coded.alone else ""))
    coding = add(selection, "Coding", guid=guid("coding", *key), creatingUser=user)
    if coded.time:
        coding.set("creationDateTime", coded.time)
    add(coding, "CodeRef", targetGUID=guid("code", coded.theme))


def _told(study: Study) -> list[Lesson]:
    """The lessons that are told as notes: what recurs, and what a person confirmed."""
    return [one for one in study.lessons if len(one.reviews) > 1 or one.confirmed]


def _mentions(
    lessons: Iterable[Lesson], passages: Mapping[tuple[str, str], Passage]
) -> dict[str, list[tuple[Lesson, Passage]]]:
    """For each review, the lessons that it has and the passages that say them."""
    found: dict[str, list[tuple[Lesson, Passage]]] = {}
    for lesson in lessons:
        for pair in lesson.passages:
            if pair in passages:
                found.setdefault(pair[0], []).append((lesson, passages[pair]))
    return found


def _mention(source: _Element, text: SourceText, lesson: Lesson, passage: Passage) -> None:
    """A passage of a lesson, with a reference to the lesson's note."""
    span = text.span(passage.span)
    selection = add(
        source, "PlainTextSelection", guid=guid("mention", lesson.id, passage.review, passage.id),
        name=lesson.id, startPosition=str(span.start), endPosition=str(span.end),
        creatingUser=guid("user", ""),
    )  # fmt: skip
    add(selection, "NoteRef", targetGUID=guid("lesson", lesson.id))


def _value(source: _Element, variable: str, value: str) -> None:
    """A value under its variable; a year that is not stated has no value."""
    kind = _TYPES.get(variable, "Text")
    if kind == "Integer" and (value == NOT_STATED or not value.isdecimal()):
        return
    holder = add(source, "VariableValue")
    add(holder, "VariableRef", targetGUID=guid("variable", variable))
    add(holder, f"{kind}Value", value)
