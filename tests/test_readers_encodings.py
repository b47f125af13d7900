"""Encodings are told by where letters stand; what programs damaged on the way is mended."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.raw.document import UnreadKind
from pipeline.raw.readers import encodings, repair, text
from pipeline.raw.readers.assemble import Draft, Stretch, document
from pipeline.span import BlockKind, Span

_BRITISH = (
    "The mother’s café was closed – she said “no” to all of them. It cost £4,000; Zoë and André’s "
    "father were told that it was 12°C."
)
_OLD = "The mother's café was closed. It cost £4,000 and 3½ hours; Zoë and André's father left."
_TEXTS = {
    "british": _BRITISH,
    "old": _OLD,
    "short": "Zoë’s care cost £400 – no more.",
    "name": "The report names Siân Gruffydd and Renée O’Neill.",
    "pound": "It cost £40.",
    "hard space": "Mr\u00a0Pryce and the\u00a0child were seen at home.",
    "welsh": "Aeth y ferch i'r tŷ gyda'i mam; nid oedd dŵr poeth yno. Bu Siân yn byw yno.",
    "polish": "Paweł Wójcik i Małgorzata Łukasiewicz-Żak mieszkali z córką Agnieszką.",
    "polish names": "The father, Łukasz Wójcik, and his sister Małgorzata Śliwińska were seen.",
    "turkish": "The mother, Gülşah Yıldız, and Çağlar Şahin lived in Ellerwick.",
    "arabic": "قالت الأم إن الطفل لم يذهب إلى المدرسة منذ شهر مارس ولم يسأل أحد عن السبب.",
    "urdu": "The father, محمد علی, was seen.",
    "russian": "Мать сказала, что ребёнок не ходил в школу с марта, и никто не спросил почему.",
    "french": "L’enfant n’était pas à l’école; la mère a déclaré qu’il était malade.",
}


@pytest.mark.parametrize(
    ("name", "encoding", "sure"),
    [
        *[("british", e, True) for e in ("utf-8", "utf-8-sig", "utf-16", "utf-32")],
        *[("british", e, False) for e in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")],
        *[("british", e, False) for e in ("cp1252", "mac-roman", "utf-7")],
        *[("old", e, False) for e in ("cp1252", "iso8859-1", "cp850")],
        *[("short", e, False) for e in ("cp1252", "mac-roman")],
        *[("name", e, False) for e in ("cp1252", "mac-roman")],
        *[("pound", e, False) for e in ("cp1252", "iso8859-15", "cp850", "mac-roman")],
        *[("hard space", e, False) for e in ("cp1252", "iso8859-1", "mac-roman")],
        *[("welsh", e, False) for e in ("iso8859-14", "utf-16-le")],
        *[("polish", e, False) for e in ("cp1250", "iso8859-2", "utf-16-be")],
        *[("polish names", e, False) for e in ("cp1250", "iso8859-2", "mac-latin2")],
        *[("turkish", e, False) for e in ("cp1254", "iso8859-9")],
        *[("arabic", e, False) for e in ("cp1256", "iso8859-6", "utf-16-le", "utf-16-be")],
        *[("urdu", e, True) for e in ("utf-8", "utf-16", "utf-32")],
        *[("urdu", e, False) for e in ("utf-16-le", "utf-32-be")],
        *[("russian", e, False) for e in ("cp1251", "koi8-r", "iso8859-5", "utf-16-le")],
        *[("french", e, False) for e in ("cp1252", "mac-roman")],
    ],
)
def test_texts_come_back_from_their_encodings(name: str, encoding: str, sure: bool) -> None:
    assert text.decode(_TEXTS[name].encode(encoding)) == (_TEXTS[name], sure)


def test_what_was_guessed_is_listed() -> None:
    read = text.read(_BRITISH.encode("mac-roman"))
    assert UnreadKind.ENCODING in [thing.what for thing in read.unread]


@pytest.mark.parametrize("encoding", ["cp1252", "iso8859-2", "mac-roman"])
@pytest.mark.parametrize("times", [1, 40])
def test_a_piece_in_another_encoding_spoils_nothing_else(encoding: str, times: int) -> None:
    """UTF-8 with a pasted piece, and the other way round."""
    piece = "Then Zoë’s care." if encoding != "iso8859-2" else "Then Zoë and Łukasz."
    whole = f"{_BRITISH * times} ".encode() + piece.encode(encoding)
    assert text.decode(whole) == (f"{_BRITISH * times} {piece}", False)
    turned = f"{piece * times} ".encode(encoding) + _BRITISH.encode()
    assert text.decode(turned) == (f"{piece * times} {_BRITISH}", False)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 8,
        b"\x00\x01\x02\x03" * 100,
        b"\x7fELF\x02\x01\x01" + bytes(range(64)) * 9,
        b"\xff\xd9" + bytes(range(0x80, 0x100)) * 50 + b"\x01\x02\x03\x04" * 40,
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        text.read(data)


def test_lost_letters_are_listed() -> None:
    assert [u.what for u in text.read("Zo\ufffd was seen.".encode()).unread] == [
        UnreadKind.ENCODING
    ]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_become_text_or_none(data: bytes) -> None:
    made = encodings.guessed(data)
    assert made is None or isinstance(made, str)


def baked(said: str, encoding: str) -> str:
    """UTF-8 that was read in another encoding; bytes without a sign stay as they are."""
    return "".join(bytes([b]).decode(encoding, "ignore") or chr(b) for b in said.encode())


def mended(said: str) -> str:
    made, at = "", 0
    for start, end, new in repair.mends(said):
        made, at = made + said[at:start] + new, end
    return made + said[at:]


_GOOD = (
    "The mother’s café – “no” £4,000 Zoë Łukasz Wójcik Siân tŷ dŵr André’s Małgorzata Śliwińska "
    "Çağlar Şahin naïve señor • bullet … 5° ½ Müller"
)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("cp1252", _GOOD), ("latin-1", _GOOD), ("mac-roman", _GOOD),
        ("cp1252", _TEXTS["arabic"].split("،")[0]),
        ("cp1252", "‘quoted’ and Ștefan"),
    ],
)  # fmt: skip
def test_wrong_decodings_are_undone(encoding: str, said: str) -> None:
    assert mended(baked(said, encoding)) == said


def test_a_wrong_decoding_is_undone_twice() -> None:
    twice = baked(baked("Zoë’s “£4,000” café – André", "cp1252"), "cp1252")
    assert mended(twice) == "Zoë’s “£4,000” café – André"


@pytest.mark.parametrize("said", [*_TEXTS.values(), _GOOD])
def test_right_texts_are_left_alone(said: str) -> None:
    assert list(repair.mends(said)) == []


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("the child&rsquo;s &amp; &pound;5 &#8217;&#x2019;", "the child’s & £5 ’’"),
        ("AT&T; Q&A; &bogus; &rsquo", "AT&T; Q&A; &bogus; &rsquo"),
        ("[email&#160;protected]", "[email\u00a0protected]"),
        ("child‟s parents‟ ‟so‟", "child’s parents’ ‘so’"),
        ("multi-‐agency, self‐‐harm, co‐worker", "multi-agency, self-harm, co‐worker"),
        ("Ｊｏｈｎ 𝐉𝐨𝐡𝐧", "John John"),
        ("on 3Â May", "on 3 May"),
        ("â€œNoâ€ she said â€œgoâ€\x9d.", "“No” she said “go”."),
        ("â€œgoâ€\ufffd", "“go”"),
        *[(sound, sound) for sound in ("Å’s house", "CAFÉ… ÉCOLE»", "Â pwy", "São João", "Ã la")],
        ("soft\u00adhyphen", "soft\u00adhyphen"),
    ],
)  # fmt: skip
def test_other_damage(said: str, wanted: str) -> None:
    assert mended(said) == wanted


_PIECES = st.sampled_from(
    ["â€™", "Ã«", "&amp;", "-‐", "‟", "Â ", "&#8217;", "a", "b", " ", "é", "£", "Ⓐ", "ﬁ",
     "Ø§Ù„", "\u200b"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=20).map("".join))
def test_offsets_lead_back_to_what_stood_there(source: str) -> None:
    draft = Draft(BlockKind.PARAGRAPH, (Stretch(source, 0),))
    made = document([draft], sha256="0", media="text/plain", pages=1, source_text=source)
    for at in range(len(made.text)):
        place = made.to_source(Span(at, at + 1))
        assert 0 <= place.start < place.end <= len(source)
        if made.text[at] in "abé£":
            assert place.of(source) == made.text[at]


def test_a_whole_word_leads_back_to_all_of_its_damaged_letters() -> None:
    source = "ZoÃ« and Åšliwa, the childâ€™s"
    read = text.from_string(source)
    assert read.text == "Zoë and Śliwa, the child’s"
    for word, damaged in (("Zoë", "ZoÃ«"), ("Śliwa", "Åšliwa"), ("child’s", "childâ€™s")):
        at = read.text.index(word)
        assert read.to_source(Span(at, at + len(word))).of(source) == damaged


def test_a_sound_text_costs_next_to_nothing() -> None:
    sound = f"{_BRITISH} & more. " * 3000
    started = time.process_time()
    assert list(repair.mends(sound)) == []
    # 0.04 s for 400,000 characters on a quiet machine; a busy one is given more.
    assert time.process_time() - started < 0.25
