"""What plain words name, and what the tagger takes for a name although its place says not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from pipeline.raw import detect
from pipeline.raw.document import Finding
from pipeline.span import Kind, Span


@dataclass
class Finds:
    found: tuple[Finding, ...]
    name: str = "finds"

    def find(self, text: str) -> Iterable[Finding]:
        return self.found


STAYS = [
    ("Signed by I. Quillan of the Board", "I. Quillan"),
    ("He was in HMP Low Wood from then on", "HMP Low Wood"),
    ("R3 The Zorbel and Quill Health and Social Care Trust should",
     "Zorbel and Quill Health and Social Care Trust"),
    ("the Wolds & Coast Community NHS Foundation Trust wrote",
     "Wolds & Coast Community NHS Foundation Trust"),
    ("Y bwrdd: Dyddiad: 14 Chwefror 2021, and again on 3 Mai.", "14 Chwefror 2021"),
    ("(a) seen, and again on 3 Mai.", "3 Mai"),
    ("She lived in Quill-on-Sea.", "Quill-on-Sea"),
    ("Name\tWho\tAge then\nZo\tthe victim\t37", "37"),
    ("Zorwenna Quillan, 27, came home", "27"),
    ("Big brother: Quillan (“Quill”), 15.", "15"),
    ("His mother, Zo Quill (née Marl), is 20.", "20"),
    ("He came home on the eleventh and he slept.", "eleventh"),
    ("He was at the Railway Club until ten.", "Railway Club"),
    ("R4 Zorbel County Council should ask", "Zorbel County Council"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), STAYS, ids=range(len(STAYS)))
def test_what_plain_words_or_another_language_name_is_found(text: str, said: str) -> None:
    found = detect.in_text(text, detect.FAMILIES, seconds=20)
    assert said in [f.span.of(text) for f in found]


@pytest.mark.parametrize(
    "said",
    ["Cadeirydd y Panel", "Adolygydd", "Investigator", "the Depot", "Annexe", "Nain", "Estyn"],
)
def test_words_of_headings_and_posts_are_no_names(said: str) -> None:
    text = f"{said} came."
    wrong = Finding(Span(0, len(said)), Kind.PERSON, "tagger", 0.9, "tagger")
    assert detect.in_text(text, (Finds((wrong,)),), seconds=20) == ()


MISTAKEN = [
    ("Abbreviation\tMeaning\nPPN\tPolice protection notice", Kind.ORGANISATION, "PPN", None),
    ("Year\n2022\n32\n21", Kind.CODE, "2022", None),
    ("Sibling\tGypsy Roma\tfour", Kind.PERSON, "Gypsy Roma", None),
    ("No\t999 616 8204\nUPN\tZ1", Kind.CODE, "999 616 8204\nUPN", "999 616 8204"),
    ("Sibling\tGypsy Roma\nZorah\tAunt", Kind.PERSON, "Gypsy Roma\nZorah", None),
    ("PC Quill 2022 came", Kind.CODE, "2022", "2022"),
    ("QCSP\tQuillon Community Safety Partnership", Kind.ORGANISATION, "QCSP", "QCSP"),
    ("neighbours in Flat 3/2, 9 Zorbel Wynd", Kind.DATE, "3/2", None),
    ("She booked at 16/40 with a nurse.", Kind.DATE, "16/40", None),
    ("They met by video link on two days.", Kind.CODE, "video", None),
    ("Draft v0.7 of the report", Kind.CODE, "v0.7", None),
    ("PC 3391 was told of it", Kind.PLACE, "PC 3391", None),
    ("the Welsh and the Polish guidance", Kind.PLACE, "Polish", None),
    ("Seen 11.x.19 14:30 MARAC", Kind.DATE, "19 14:30 MARAC", None),
    ("Zorah Quill-Marl B. Zorbel", Kind.PERSON, "Zorah Quill-Marl B. Zorbel", "Zorah Quill-Marl"),
    ("Zorah Quill Dyddiad", Kind.PERSON, "Zorah Quill Dyddiad", "Zorah Quill"),
]


@pytest.mark.parametrize(("text", "kind", "said", "left"), MISTAKEN, ids=range(len(MISTAKEN)))
def test_a_cell_tells_what_the_tagger_mistakes(
    text: str, kind: Kind, said: str, left: str | None
) -> None:
    start = text.index(said)
    wrong = Finding(Span(start, start + len(said)), kind, "tagger", 0.9, "tagger")
    using = (*detect.FAMILIES, Finds((wrong,)))
    found = [f for f in detect.in_text(text, using, seconds=20) if f.kind is kind]
    kept = [f.span.of(text) for f in found if f.span.start == start]
    assert kept == ([] if left is None else [left])
