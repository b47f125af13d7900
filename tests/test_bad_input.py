"""Bad input: texts in capitals or without, misread, disguised, or of one endless line.

`bad_input.txt` marks in invented excerpts «what must be hidden» and ‹what must stay›; each is
changed as bad input is (see bad_input_parts), and its words are looked for in the draft. What is
still missed after a change is allowed only where the document is not let through unseen.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from random import Random

import pytest
from bad_input_parts import CHANGES, Outcome, covered, excerpts, outcome

from pipeline.config import Settings
from pipeline.errors import RecogniserError
from pipeline.raw import detect, recase
from pipeline.raw.document import Recogniser, UnreadKind
from pipeline.raw.readers import disguises, misread
from pipeline.raw.readers import text as texts

WITH_TAGGER = pytest.mark.skipif(not detect.tagger_present(), reason="the tagger is not installed")


@dataclass(frozen=True, slots=True)
class Bound:
    """The most of the words that may be left, the most that may be lost; whether it must block."""

    left: float
    lost: float
    blocks: bool = False


BOUNDS: dict[str, Bound] = {
    "as it is": Bound(0.02, 0.01),
    "capitals": Bound(0.02, 0.04),
    "lower case": Bound(0.03, 0.04),
    "no punctuation": Bound(0.02, 0.05),
    "lower case, no punctuation": Bound(0.04, 0.04),
    "misread 1 in 100": Bound(0.04, 0.04, blocks=True),
    "misread 3 in 100": Bound(0.08, 0.06, blocks=True),
    "zero width in names": Bound(0.02, 0.01),
    "zero width everywhere": Bound(0.02, 0.01),
    "a Cyrillic letter in names": Bound(0.02, 0.01, blocks=True),
    "all Cyrillic that looks alike": Bound(0.02, 0.01, blocks=True),
    "a Greek letter in names": Bound(0.02, 0.01, blocks=True),
    "all Greek that looks alike": Bound(0.02, 0.01, blocks=True),
    "decomposed": Bound(0.02, 0.01),
    "full width": Bound(0.02, 0.01),
    "spaced letters": Bound(0.06, 0.01),
    "marks of direction": Bound(0.02, 0.01, blocks=False),
    "one line": Bound(0.02, 0.01),
}


@cache
def using() -> tuple[Recogniser, ...]:
    return detect.recognisers(Settings())


@cache
def outcomes(change: str) -> tuple[Outcome, ...]:
    return tuple(
        outcome(CHANGES[change](given, Random(name)), using()) for name, given in excerpts()
    )


def test_every_change_has_its_bound() -> None:
    assert set(BOUNDS) == set(CHANGES)


@WITH_TAGGER
@pytest.mark.parametrize("change", [*BOUNDS])
def test_what_must_go_is_not_in_the_draft(change: str) -> None:
    made, bound = outcomes(change), BOUNDS[change]
    left = [word for one in made for word in one.left]
    assert len(left) <= bound.left * sum(one.must_go for one in made)
    assert not bound.blocks or all(one.blocked for one in made)


@WITH_TAGGER
@pytest.mark.parametrize("change", [*BOUNDS])
def test_what_may_stay_is_in_the_draft(change: str) -> None:
    made, bound = outcomes(change), BOUNDS[change]
    lost = [word for one in made for word in one.lost]
    assert len(lost) <= bound.lost * sum(one.may_stay for one in made)


TOLD = [
    ("capitals", recase.ONE_CASE),
    ("lower case", recase.ONE_CASE),
    ("misread 1 in 100", misread.REASON),
    ("a Cyrillic letter in names", disguises.ALIKE),
    ("a Greek letter in names", disguises.ALIKE),
]


@pytest.mark.parametrize(("change", "reason"), TOLD, ids=[change for change, _ in TOLD])
def test_a_person_is_told_to_look(change: str, reason: str) -> None:
    for name, given in excerpts():
        raw = "".join(p.text for p in CHANGES[change](given, Random(name)))
        assert reason in [line.reason for line in texts.from_string(raw).unread]
        plain = texts.from_string("".join(p.text for p in given))
        assert reason not in [line.reason for line in plain.unread]


def test_a_text_that_is_shown_backwards_blocks() -> None:
    document = texts.from_string("They saw \u202enolliuQ haroZ\u202c there.")
    assert [line.what for line in document.unread] == [UnreadKind.ENCODING]


SEEN = [
    ("Zo\u200brah", "Zorah"),
    ("Zor\u00adah \u202aQuill\u202c", "Zorah Quill"),
    ("Z\u043erah", "Zorah"),
    ("Qu\u03b9ll", "Quill"),
    ("Ade\u0301ba\u0301yo\u0323\u0300", "Adébáyọ\u0300"),
    ("Z o r a h Q u i l l came", "Zorah Quill came"),
    ("a Z o r a h", "a Zorah"),
    ("Z-o-r-a-h", "Zorah"),
    ("Z.o.r.a.h", "Zorah"),
    ("O V E R V I E W", "OVERVIEW"),
    ("Quil**lon**", "Quillon**"),
    ("D0rothy and Wi11iam", "Dorothy and William"),
    ("the chi1d", "the child"),
    # what is meant as it stands
    ("Children A B C D", "Children A B C D"),
    ("Y N N Y", "Y N N Y"),
    ("J. R. R. Quill", "J. R. R. Quill"),
    ("e.g. this, i.e. that, U.K. and a.m.", "e.g. this, i.e. that, U.K. and a.m."),
    ("5 \u03bcg of TGF\u03b2", "5 \u03bcg of TGF\u03b2"),
    ("\u041c\u0430\u0440\u0438\u044f", "\u041c\u0430\u0440\u0438\u044f"),
    ("page1of 2 and H1N1 and covid19", "page1of 2 and H1N1 and covid19"),
    ("zq1@example.org and sw1a", "zq1@example.org and sw1a"),
    ("https://example.org/a1b2c and user0ne@example.org", "https://example.org/a1b2c and "
     "user0ne@example.org"),
    ("1 2 3 4", "1 2 3 4"),
    ("\u0646\u06cc\u0645\u200c\u0631\u0627", "\u0646\u06cc\u0645\u200c\u0631\u0627"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "read"), SEEN, ids=range(len(SEEN)))
def test_a_word_is_read_as_people_see_it(raw: str, read: str) -> None:
    assert texts.from_string(raw).text == read


CASED = [
    ("the midwife told grace pemberthy that she will come in may. grace said no.",
     "The midwife told Grace Pemberthy that she will come in may. Grace said no."),
    ("he had the grace to say it. they moved to 17 sparrow lane on 3 march 2017 with her mother.",
     "He had the grace to say it. They moved to 17 Sparrow Lane on 3 March 2017 with her mother."),
    ("SHE WAS SEEN BY DR QUILLON AT ZORBEL HOSPITAL AND THE CHILD WAS SAFE THEN.",
     "She was seen by Dr Quillon at Zorbel Hospital and the child was safe then."),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "read"), CASED, ids=range(len(CASED)))
def test_capitals_are_put_where_names_may_be(raw: str, read: str) -> None:
    assert recase.recased(raw) == read


@pytest.mark.parametrize(
    "raw",
    ["Zorah was seen by the nurse and her mother and then by nobody else at all.", "too short", ""],
)
def test_a_text_of_both_cases_is_left(raw: str) -> None:
    assert recase.recased(raw) is None


LEFT = [
    ("the home was called the willows and dawn lived there with joy and two dogs until then.",
     "joy", "a name that is a word, in small letters, without a cue"),
    ("THE CHILD LIVED WITH HOPE AND WITH SUMMER AND NEITHER OF THEM WAS SEEN BY ANYBODY THEN.",
     "HOPE", "a name that is a word, in capitals, without a cue"),
    ("they met at the jolly ferryman in the evening and went on to the dog and duck after that.",
     "ferryman", "a house whose name is words, in small letters"),
    ("0luwaseun Quill was seen, and the nurse told nobody of it.", "0luwaseun",
     "a digit for the first letter of a name"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "gone"),
    [
        pytest.param(raw, gone, marks=pytest.mark.xfail(strict=True, reason=reason), id=reason)
        for raw, gone, reason in LEFT
    ],
)
def test_what_is_still_left(raw: str, gone: str) -> None:
    over = covered(texts.from_string(raw), len(raw), detect.FAMILIES)
    start = raw.index(gone)
    assert all(over[start : start + len(gone)])


# --------------------------------------------------------------------------------------
# One endless line
# --------------------------------------------------------------------------------------

_SIZE = 100_000
LINES = {
    "one letter": "x", "brackets": "([{", "digits": "4", "letters with points": "a.",
    "capitals": "A", "both cases": "Aa", "single letters": "A a ", "initials": "J. ",
    "hyphens": "a-", "apostrophes": "a'", "quotes": '"a ', "slashes": "1/", "at": "a@",
    "names": "Ann Quill, ", "names in capitals": "ABRAM QUILL ", "no width": "a\u200b",
    "look-alikes": "a\u043e", "marks": "a\u0301\u0323", "spaced": "Z o r a h ",
}  # fmt: skip


@pytest.mark.parametrize("unit", [*LINES.values()], ids=[*LINES])
def test_twice_the_line_takes_no_more_than_some_times_the_time(unit: str) -> None:
    def seconds(size: int) -> float:
        raw = (unit * (size // len(unit) + 1))[:size]
        began = time.process_time()
        recase.recased(texts.from_string(raw).text)
        for family in detect.FAMILIES:
            family.find(raw)
        return time.process_time() - began

    seconds(1000)
    # Quadratic time would be sixteen times as long.
    assert seconds(_SIZE // 2) < 10 * max(seconds(_SIZE // 8), 0.05)


def test_a_recogniser_that_gives_up_on_a_line_of_two_megabytes_is_a_refusal() -> None:
    raw = "".join("".join(p.text for p in given) for _, given in excerpts()).replace("\n", " ")
    raw = (raw * (2_000_000 // len(raw) + 1))[:2_000_000]
    began = time.monotonic()
    with pytest.raises(RecogniserError) as caught:
        covered(texts.from_string(raw), len(raw), (*detect.FAMILIES[:1], _Slow()))
    assert "slow" in str(caught.value)
    assert time.monotonic() - began < 120


class _Slow:
    """A recogniser that takes its time over a long text."""

    name = "slow"

    def find(self, text: str) -> tuple[()]:
        if len(text) > 1_000_000:
            raise TimeoutError(text[:20])
        return ()
