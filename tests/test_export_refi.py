"""REFI-QDA: valid against the schema, the same bytes, and nothing lost there and back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from coding_parts import ACCENTED, DRAFT, coder, learned_workspace, passage
from hypothesis import given, settings
from hypothesis import strategies as st
from learning_parts import SHARING, report
from lxml import etree

from pipeline.exporters import refi, to_qdc, to_qdpx
from pipeline.exporters.kinds import Kind
from pipeline.exporters.refi import SourceText
from pipeline.flow import coding, exporting, learned, learning, sheets
from pipeline.safe.coding import Act
from pipeline.safe.coding_themes import Codebook
from pipeline.safe.lesson import Passage, Polarity, Role, SafeDocument, Theme
from pipeline.safe.study import Coded, Stamp, Study
from pipeline.span import Span
from pipeline.store.workspace import Workspace

SCHEMA = Path(__file__).resolve().parents[2] / "shared" / "data" / "refi" / "project.xsd"
SPACE = {"q": refi.PROJECT}
# A coding as it is read back: review, the words, code, coder, "polarity; by; score; passage".
Read = tuple[str, str, str, str, str]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Approved texts with CRLF line ends, accents and an emoji, coded by two people."""
    crlf = report("r-crlf", SHARING[0] + "\r\nMore of it.\r\n\r\nAnd\rmore 🙂 of it.", ACCENTED)
    made = learned_workspace(tmp_path, monkeypatch, crlf, report("r-two", SHARING[1], year="2014"))
    found = passage(made, "r-crlf", ACCENTED[:6])
    kim = coder(made)
    coding.decide(made, kim, Act.ADD, found.review, found.id, "B2", quote="café said 🙂 that")
    coding.decide(
        made, kim, Act.ADD, found.review, found.id, "B3", polarity=Polarity.PRAISE, quote="Zoë’s"
    )
    coding.change_theme(
        made, kim, Act.ADD_THEME, "Z1", title='A "theme" <& more>', definition="x\x00y"
    )
    sheet = [{**row, "themes": "Z1"} for row in sheets.sheet(made, blind=True, sample=1)]
    from pipeline.exporters import to_csv

    sheets.read_in(made, coder(made, "sam"), to_csv.render(sheet))
    return made


def get(element: etree._Element | None, name: str) -> str:
    """An attribute that must be there."""
    assert element is not None
    value = element.get(name)
    assert value is not None
    return value


def unpacked(content: bytes) -> tuple[etree._Element, dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    return etree.fromstring(files.pop("project.qde")), files


def read_back(content: bytes) -> set[Read]:
    """The codings of a project, read as another program would: by GUID, on the packed text."""
    project, files = unpacked(content)
    names = {get(one, "guid"): get(one, "name") for one in project.iter(f"{{{refi.PROJECT}}}Code")}
    users = {
        get(one, "guid"): get(one, "name") for one in project.iterfind("q:Users/q:User", SPACE)
    }
    found = set()
    for source in project.iterfind("q:Sources/q:TextSource", SPACE):
        text = files[get(source, "plainTextPath").replace("internal://", "sources/")].decode()
        for selection in source.iterfind("q:PlainTextSelection", SPACE):
            words = text[int(get(selection, "startPosition")) : int(get(selection, "endPosition"))]
            for one in selection.iterfind("q:Coding", SPACE):
                code = names[get(one.find("q:CodeRef", SPACE), "targetGUID")]
                user = users[get(one, "creatingUser")]
                how = selection.findtext("q:Description", "", SPACE)
                found.add((get(source, "name"), words, code.split(" ")[0], user, how))
    return found


def told(study: Study) -> set[Read]:
    """The codings as the study has them, in the terms in which they are read back."""
    texts = {one.review: one.text.value for one in study.documents}
    return {
        (
            one.review,
            one.span.of(texts[one.review]).replace("\r\n", "\n").replace("\r", "\n"),
            one.theme,
            one.coder or "Candour",
            f"{one.polarity.value}; {one.by}; {one.score}; {one.passage}"
            + ("; alone" if one.alone else ""),
        )
        for one in study.codings
    }


def test_every_coding_comes_back_on_the_words_it_was_set_on(workspace: Workspace) -> None:
    study = learned.everything(workspace.library)
    found = read_back(exporting.export(workspace, Kind.QDPX))
    assert found == told(study)
    assert len(found) == len(study.codings) >= 5
    assert {"café said 🙂 that", "Zoë’s"} <= {words for _, words, _, _, _ in found}
    assert any(how.endswith("; alone") for _, _, _, _, how in found)


def test_a_project_is_valid_against_the_schema(workspace: Workspace) -> None:
    if not SCHEMA.is_file():
        pytest.skip("the REFI-QDA schema is not part of the project and is not here")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    workspace.library.put_document(DRAFT)
    learning.learn(workspace, include_drafts=True)
    for drafts in (False, True):
        content = exporting.export(workspace, Kind.QDPX, include_drafts=drafts)
        schema.assertValid(unpacked(content)[0])
    book = exporting.export(workspace, Kind.QDC).replace(
        refi.CODEBOOK.encode(), refi.PROJECT.encode()
    )
    codes = etree.fromstring(book)
    project = etree.Element(f"{{{refi.PROJECT}}}Project", name="x")
    codes.attrib.pop("origin")  # the codebook's own schema has it; that of a project has not
    project.append(codes)
    schema.assertValid(project)


def test_the_elements_stand_in_the_order_of_the_standard(workspace: Workspace) -> None:
    project, _ = unpacked(exporting.export(workspace, Kind.QDPX))
    assert [etree.QName(child).localname for child in project] == [
        "Users", "CodeBook", "Variables", "Sources", "Notes", "Description", "NoteRef",
    ]  # fmt: skip
    assert project.nsmap == {None: "urn:QDA-XML:project:1.0"}
    kinds = {v.get("typeOfVariable") for v in project.iterfind("q:Variables/q:Variable", SPACE)}
    assert kinds <= {"Text", "Integer", "Date", "Boolean"}
    guids = [one.get("guid") for one in project.iter() if one.get("guid")]
    assert len(guids) == len(set(guids))
    aims = {one.get("targetGUID") for one in project.iter() if one.get("targetGUID")}
    assert aims <= set(guids)


def test_sources_are_utf8_without_a_mark_with_lf_only_and_one_a_review(
    workspace: Workspace,
) -> None:
    project, files = unpacked(exporting.export(workspace, Kind.QDPX))
    sources = project.findall("q:Sources/q:TextSource", SPACE)
    assert [one.get("name") for one in sources] == ["r-crlf", "r-two"]
    assert sorted(files) == sorted(f"sources/{one.get('guid')}.txt" for one in sources)
    for content in files.values():
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
    year = next(
        value.findtext("q:IntegerValue", "", SPACE)
        for value in sources[1].iterfind("q:VariableValue", SPACE)
        if value.find("q:IntegerValue", SPACE) is not None
    )
    assert year == "2014"


def test_lessons_are_notes_that_their_passages_refer_to(workspace: Workspace) -> None:
    study = learned.everything(workspace.library)
    project, _ = unpacked(exporting.export(workspace, Kind.QDPX))
    recurring = [one for one in study.lessons if len(one.reviews) > 1]
    assert recurring
    for lesson in recurring:
        aim = refi.guid("lesson", lesson.id)
        note = project.find(f"q:Notes/q:Note[@guid='{aim}']", SPACE)
        assert note is not None
        assert lesson.title in get(note, "name")
        assert lesson.quote.replace("\r\n", "\n") in note.findtext(
            "q:PlainTextContent", "", SPACE
        ).replace("\r\n", "\n")
        refs = [
            one
            for one in project.iter(f"{{{refi.PROJECT}}}NoteRef")
            if one.get("targetGUID") == aim
        ]
        assert len(refs) == len(lesson.passages)


def test_a_draft_says_so_in_every_name(workspace: Workspace) -> None:
    workspace.library.put_document(DRAFT)
    learning.learn(workspace, include_drafts=True)
    project, _ = unpacked(exporting.export(workspace, Kind.QDPX, include_drafts=True))
    names = [get(one, "name") for one in project.iterfind("q:Sources/q:TextSource", SPACE)]
    assert [name for name in names if DRAFT.review in name] == [
        f"DRAFT, NOT REVIEWED: {DRAFT.review}"
    ]
    assert get(project, "name").startswith("DRAFT, NOT REVIEWED")
    assert project.findtext("q:Description", "", SPACE).startswith("DRAFT, NOT REVIEWED")


def test_a_codebook_has_every_theme_in_a_group_that_cannot_be_used(workspace: Workspace) -> None:
    study = learned.everything(workspace.library)
    book = etree.fromstring(to_qdc.render(study))
    space = {"c": refi.CODEBOOK}
    groups = book.findall("c:Codes/c:Code", space)
    assert {one.get("isCodable") for one in groups} == {"false"}
    codes = book.findall("c:Codes/c:Code/c:Code", space)
    assert {one.get("isCodable") for one in codes} == {"true"}
    assert {one.get("name"): one.findtext("c:Description", "", space) for one in codes} == {
        f"{theme.code} {theme.title}": refi.plain(theme.definition) for theme in study.book.all
    }


TEXTS = st.text(st.sampled_from("ab é🙂\r\n\ufeff\u2028<&\t"), min_size=1, max_size=40)


@given(TEXTS, st.data())
def test_a_span_covers_the_same_words_on_the_packed_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    source = SourceText.of(text)
    assert "\r" not in source.value
    assert not source.value.startswith("\ufeff")
    assert source.value == source.value.encode().decode("utf-8-sig")
    words = Span(start, end).of(text)
    if source.value and words.strip("\ufeff\r\n"):
        span = source.span(Span(start, end))
        lead = text[: start + 1].lstrip("\ufeff")
        kept = words if lead else words.lstrip("\ufeff")
        halves = text[start - 1 : start + 1] == "\r\n" or text[end - 1 : end + 1] == "\r\n"
        if not halves:
            assert span.of(source.value) == kept.replace("\r\n", "\n").replace("\r", "\n")


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """A study of one text, coded anywhere."""
    body = draw(st.text(st.sampled_from("ab é🙂\r\n<&"), min_size=2, max_size=60))
    document = report("r-x", "x" + body + "x")
    start = len(document.text.value) - len(body) - 2
    whole = Span(start, len(document.text.value))
    made = []
    for number in range(draw(st.integers(1, 4))):
        at = draw(st.integers(whole.start, whole.end - 1))
        to = draw(st.integers(at + 1, whole.end))
        while document.text.value[at - 1 : at + 1] == "\r\n":
            at -= 1
        if document.text.value[to - 1 : to + 1] == "\r\n":
            to += 1
        coder_id = draw(st.sampled_from(["", "u-a"]))
        polarity = draw(st.sampled_from(list(Polarity)))
        made.append(Coded("r-x", "p1", Span(at, to), f"A{number}", polarity, 0.5, "cue", coder_id))
    themes = tuple(Theme(f"A{n}", f"a{n}", "Title & <more>", "own", "", ()) for n in range(4))
    passages = (_passage(document, whole),)
    book = Codebook(themes, (), "0+0")
    return Study(Stamp("00", "0+0", 0, "0"), book, (document,), passages, (), tuple(made))


def _passage(document: SafeDocument, span: Span) -> Passage:
    return Passage(
        document.review, "p1", 1, None, None, span, Role.LEARNING, span.of(document.text.value),
        draft=document.draft,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(studies())
def test_any_coding_comes_back_lossless_and_the_bytes_are_the_same(study: Study) -> None:
    content = to_qdpx.render(study)
    assert read_back(content) == told(study)
    assert to_qdpx.render(study) == content
