"""Every row of every family finds its examples whole and leaves its look-alikes alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.raw import detect
from pipeline.raw.recognisers import lists, wording
from pipeline.raw.recognisers.row import Family, Row
from pipeline.span import Kind, Span

FAMILIES = [family for family in detect.FAMILIES if isinstance(family, Family)]


def rows() -> Iterator[object]:
    for family in FAMILIES:
        for number, row in enumerate(family.rows):
            yield pytest.param(row, id=f"{family.name}-{number}-{row.subkind}")


def marked(example: str) -> tuple[str, Span]:
    """The text of an example and what must be found in it: what «marks» enclose, or all of it."""
    match = regex.search(r"(?s)«(.*?)»", example)
    text = example.replace("«", "").replace("»", "")
    return text, Span(match.start(), match.start() + len(match[1])) if match else Span(0, len(text))


@pytest.mark.parametrize("row", [*rows()])
def test_each_example_is_found_whole(row: Row) -> None:
    assert row.examples
    for number, example in enumerate(row.examples):
        text, wanted = marked(example)
        assert wanted in [span for span, _ in row.spans(text)], f"example {number}"


@pytest.mark.parametrize("row", [*rows()])
def test_no_lookalike_is_found(row: Row) -> None:
    assert row.lookalikes
    for number, lookalike in enumerate(row.lookalikes):
        assert not list(row.spans(lookalike)), f"look-alike {number}"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_names_itself_and_gives_probabilities(family: Family) -> None:
    found = [
        f
        for row in family.rows
        for example in row.examples
        for f in family.find(marked(example)[0])
    ]
    assert found and all(f.by == family.name and 0 < f.score < 1 and f.subkind for f in found)


JUNK = {
    "empty": "",
    "spaces": " \t\n\u00a0" * 50,
    "emoji": "👩‍👧‍👦 🏠📞 💔" * 40,
    "right to left": "\u202eשלום 12/03/2009 مرحبا 07700 900123\u202c " * 20,
    "combining": "Z\u0301o\u0308e\u0301 " * 50,
    "controls": "\x00\x01\ufffe\ufeff\u200b\u00ad" * 50,
    "lone marks": "@ # / - . , : ; ( ) [ ] ' ’ \" & " * 50,
}
LONG = {
    "words": "Child A was seen at the Oakfield Primary School on 3 June 2012 by Dr Quill. "
    * 13_400,
    "capitalised words": "Oakfield Green " * 67_000,
    "capitals": "OAKFIELD GREEN " * 67_000,
    "capitals and joints": "Oakfield and Quill of the Marlstone, " * 28_000,
    "small words": "and of the " * 91_000,
    "one long word": "a" * 1_000_000,
    "one long word in capitals": "A" * 1_000_000,
    "alternating case": "Aa" * 500_000,
    "one long number": "1" * 1_000_000,
    "numbers": "1234567890 " * 91_000,
    "single digits": "0 " * 500_000,
    "dots": "1.2." * 250_000,
    "hyphens": "a-b." * 250_000,
    "spaces": " " * 1_000_000,
    "brackets": "(" * 1_000_000,
    "at signs": "a@" * 500_000,
}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("name", JUNK)
def test_junk_yields_findings_inside_the_text_or_none(family: Family, name: str) -> None:
    text = JUNK[name]
    assert all(f.span.end <= len(text) for f in family.find(text))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_no_long_line_makes_a_pattern_run_away(family: Family) -> None:
    """A pattern that is quadratic takes minutes on one of these; the linear ones a fraction."""
    for name, text in LONG.items():
        began = time.process_time()
        family.find(text[:40_000])
        assert time.process_time() - began < 3, name


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_line_of_a_megabyte_takes_seconds(family: Family) -> None:
    text = "".join(part[: 1_000_000 // len(LONG)] for part in LONG.values())
    began = time.process_time()
    family.find(text)
    assert len(text) > 900_000 and time.process_time() - began < 12


def examples(family: Family) -> st.SearchStrategy[str]:
    """Texts put together from what the rows of a family must find and must leave."""
    parts = [marked(text)[0] for row in family.rows for text in (*row.examples, *row.lookalikes)]
    glue = st.sampled_from([" ", "\n", "  ", " of ", ", ", " and the ", "-", ""])
    pieces = st.lists(st.tuples(st.sampled_from(parts), glue), max_size=12)
    return pieces.map(lambda found: "".join(part + gap for part, gap in found))


OPENING = [family for family in FAMILIES if any(row.opens for row in family.rows)]


@pytest.mark.parametrize("family", OPENING, ids=lambda family: family.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_row_misses_nothing_where_a_family_says_where_it_may_match(
    family: Family, data: st.DataObject
) -> None:
    text = data.draw(examples(family))
    places = family.places(text)
    for row in family.rows:
        if row.opens is not None:
            assert [*row.spans(text, places=places[row.opens[0]])] == [*row.spans(text)]


def test_a_checksum_raises_the_score_and_hides_nothing_less() -> None:
    row = next(f for f in FAMILIES if f.name == "identifiers").rows[0]
    ((_, good),) = row.spans("943 476 5919")
    ((_, bad),) = row.spans("943 476 5918")
    assert good > bad > 0.5


GENERIC = """The Board met. Children's Social Care and the Trust wrote to the primary school, the
police, the hospital and the Local Authority. Serious Case Review. Individual Management
Review. Working Together. The Local Safeguarding Children Board asked the Health
Visitor, the Team Manager, the Headteacher, Mother, Father, MGM, Sibling 1, Child A,
Baby P, SW4, HV1, Mr C and Hospital 1. See section 3.10.12 and paragraph 1.2 and 4.11.
Section 47 enquiries. Strategy Discussion. Initial Child Protection Conference. Core
Group. Attention Deficit Hyperactivity Disorder. Tier 4. For two years and six months
she was supported. £240 was paid. It took 12 weeks, 30% of cases, in 24 hours. Named
Nurse, Designated Doctor, Independent Reviewing Officer, Director of Children's
Services, Youth Offending Team, Community Mental Health Team, Probation Service, Crown
Prosecution Service, Child in Need plan."""


def test_generic_words_and_labels_are_no_findings() -> None:
    found = detect.in_text(GENERIC, detect.FAMILIES, seconds=60)
    assert [f.span.of(GENERIC) for f in found] == []


STAYS = """The Children Act 1989 and the Care Act 2014; the Mental Capacity Act 2005. Ofsted, NHS
England, the Care Quality Commission, the Department for Education, CAFCASS and the
NSPCC. Brandon et al. (2009) and (Reder and Duncan, 1999). The Victoria Climbié Inquiry,
Lord Laming and the Munro Review. Working Together to Safeguard Children (2015). The
Royal College of Paediatrics and Child Health. Down's syndrome. The Edinburgh Postnatal
Depression Scale. The Home Office and the Secretary of State."""


def test_national_bodies_statutes_guidance_and_citations_stay() -> None:
    found = detect.in_text(STAYS, detect.FAMILIES, seconds=60)
    assert [f.span.of(STAYS) for f in found] == []


CAPITALS = (
    "ZORBEL SAFEGUARDING CHILDREN BOARD\nSERIOUS CASE REVIEW\nCHILD K\nJANE QUILL\nJUNE 2012\n"
)


def test_a_cover_in_capitals_is_read() -> None:
    found = detect.in_text(CAPITALS, detect.FAMILIES, seconds=60)
    assert [(f.kind, f.span.of(CAPITALS)) for f in found] == [
        (Kind.ORGANISATION, "ZORBEL SAFEGUARDING CHILDREN BOARD"),
        (Kind.PERSON, "JANE QUILL"),
        (Kind.DATE, "JUNE 2012"),
    ]


def test_an_acronym_that_the_text_defines_is_found_wherever_it_stands() -> None:
    text = "Zorbel Mental Health Trust (ZMHT) was told. Later ZMHT wrote. The LSCB (the Board) met."
    found = [f.span.of(text) for f in detect.in_text(text, detect.FAMILIES, seconds=60)]
    assert found == ["Zorbel Mental Health Trust", "ZMHT", "ZMHT"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("They lived in Reading.", "Reading"),
        ("He was Reading a book.", None),
        ("They went to Bath, then home.", "Bath"),
        ("Sale of the house; Rugby was played.", None),
        ("In March she moved.", None),
        ("Mr Preston wrote.", None),
        ("He lived in Leeds.", "Leeds"),
        ("England and Wales", None),
    ],
)
def test_a_town_that_is_also_a_word_needs_a_cue(text: str, place: str | None) -> None:
    found = detect.in_text(text, detect.FAMILIES, seconds=60)
    assert [f.span.of(text) for f in found if f.kind is Kind.PLACE] == ([place] if place else [])


LABELS = (
    "Child A|Baby P|SW4|HV1|Mother|MGM|Mr C|Sibling 2|AA|Mr SF|Hospital 1|Half Sibling 2|Child XX|"
    "Young Person X|Mother’s"
)


@pytest.mark.parametrize("label", LABELS.split("|"))
def test_labels_of_reports_are_known(label: str) -> None:
    assert wording.is_label(label)


@pytest.mark.parametrize("name", "Mr Quill|Zorah|Grace|Will|Child Grace|Mother Teresa".split("|"))
def test_names_are_no_labels(name: str) -> None:
    assert not wording.is_label(name)


ALLOW = (
    "allow-national-bodies.txt",
    "allow-statutes.txt",
    "allow-guidance.txt",
    "allow-inquiries.txt",
)


@pytest.mark.parametrize("name", [*ALLOW, "deny-organisations.txt", "places-areas.txt"])
def test_every_entry_of_a_list_states_its_source(name: str) -> None:
    from pipeline.installed import shipped

    text = (shipped("configs/lists") / name).read_text(encoding="utf-8")
    entries = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert entries and all("  # " in line for line in entries)
    assert lists.forms(name) and all(form == form.strip() for form in lists.forms(name))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_yields_sorted_findings_that_do_not_overlap(text: str) -> None:
    raw = [finding for family in FAMILIES for finding in family.find(text)]
    found = detect.without_overlap(text, raw)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert all(f.span.end <= len(text) for f in found)
