"""A researcher's own frame: what is read from a table and from a REFI-QDA codebook, and errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.safe import theme, theme_frame

TABLE = (
    "code,name,definition,group,cues,exclude,examples\n"
    'S1,Shared facts,"Facts, passed on",talk,told nobody; kept back*,kept back row,Nobody.\n'
    "S2,Gardens,,,,,\n"
)
CODEBOOK = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="test"><Codes>
<Code guid="0a" name="Practice" isCodable="false">
<Code guid="0b" name="B1 Neglect" isCodable="true"><Description>needs not met</Description>
<Code guid="0c" name="Caf\u00e9 visits" isCodable="true"/></Code></Code>
</Codes><Sets/></CodeBook>"""


def written(folder: Path, text: str, name: str = "frame.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_gives_its_themes_in_order_with_phrases_as_cues(tmp_path: Path) -> None:
    one, two = theme_frame.read(written(tmp_path, "\ufeff" + TABLE))
    assert (one.code, one.title, one.group, one.definition) == (
        "S1", "Shared facts", "talk", "Facts, passed on",
    )  # fmt: skip
    assert (two.code, two.group, two.cues) == ("S2", "frame", ())
    assert theme.evidence(one, "Staff TOLD\nnobody.")
    assert theme.evidence(one, "The letter was kept backwards.")
    assert not theme.evidence(one, "They sat in the kept back row.")
    assert not theme.evidence(two, "A garden.")


def test_a_codebook_gives_nested_codes_and_groups(tmp_path: Path) -> None:
    found = theme_frame.read(written(tmp_path, CODEBOOK, "frame.qdc"))
    assert [(t.code, t.title, t.group, t.definition) for t in found] == [
        ("B1", "Neglect", "Practice", "needs not met"),
        ("Q2", "Caf\u00e9 visits", "Neglect", ""),
    ]


BAD = [
    ("code,title\nS1,x\n", "first line"),
    ("code,name,code\nS1,x,S1\n", "first line"),
    ("", "first line"),
    ("code,name\n", "no theme"),
    ("code,name\nS1\n", "Line 2"),
    ("code,name\n1S,x\n", "Line 2"),
    ("code,name\nS1,\n", "Line 2"),
    ("code,name,cues\nS1,x,a\n", "Line 2"),
    ("code,name\nS1,x\nS1,y\n", "same code"),
    ("code,name\n" + "".join(f"S{n},x\n" for n in range(501)), "too large"),
    ("code,name\nS1," + "x" * 5000 + "\n", "too large"),
    ('code,name\nS1,"x\n', "cannot be read"),
    ("<CodeBook/>", "cannot be read"),
    ("<CodeBook", "cannot be read"),
    ("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "document type"),
]


@pytest.mark.parametrize(("text", "why"), BAD, ids=range(len(BAD)))
def test_a_frame_that_cannot_be_used_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as told:
        theme_frame.read(written(tmp_path, text))
    assert "No theme was set" in str(told.value)


def test_a_frame_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        theme_frame.read(tmp_path / "none.csv")
    (tmp_path / "frame.csv").write_bytes(b"code,name\nS1,\xff\xfe\n")
    with pytest.raises(UsageError, match="cannot be read"):
        theme_frame.read(tmp_path / "frame.csv")


@given(st.binary(max_size=200))
def test_whatever_a_file_holds_it_gives_themes_or_a_plain_error(data: bytes) -> None:
    for read in (theme_frame.from_csv, theme_frame.from_qdc):
        try:
            assert read(data)
        except UsageError as error:
            assert "No theme was set" in str(error)
