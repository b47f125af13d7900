"""Where a picture stood the safe text has a label, in every format, and it holds no name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from door_parts import document, person, proposal, settled

from pipeline.door import policy, verify
from pipeline.door.redact import Redaction, from_bytes, redact, replay, to_bytes
from pipeline.errors import LeakError
from pipeline.exporters import to_html, to_json, to_markdown, to_text
from pipeline.raw.document import PICTURE_SIGN, Document, Unread, UnreadKind
from pipeline.safe import segment
from pipeline.safe.lesson import Role
from pipeline.span import BlockKind, Kind, Span

MOTHER = person("p1", "Quenby Thistlewaite", "Thistlewaite", "Quenby", position="mother")
SAYS = "family tree of three generations; agencies should learn from it | a_b *c* <d> & e"


def with_pictures(of: Document, spans: Sequence[Span | None]) -> Document:
    lines = (
        Unread(f"picture-1-{n}", UnreadKind.PICTURE, 1, "A picture.", span)
        for n, span in enumerate(spans, start=1)
    )
    return replace(of, unread=tuple(lines))


REPORT = document(
    (BlockKind.HEADING, "Recommendations"),
    "1.1 Quenby Thistlewaite wrote [picture] in her letter. Agencies should do this:",
    PICTURE_SIGN,
    (BlockKind.BULLET, "• share what they know with each other"),
    (BlockKind.TABLE, f"Date\tWhat\nMay\tA visit. {PICTURE_SIGN}"),
)
_FIRST, _IN_CELL = REPORT.text.index("\n\n[pict") + 2, REPORT.text.rindex(PICTURE_SIGN)
SIGNS = tuple(Span(at, at + len(PICTURE_SIGN)) for at in (_FIRST, _IN_CELL))
PICTURED = with_pictures(REPORT, SIGNS)


def made(profile: str, *descriptions: tuple[str, str], draft: bool = False) -> Redaction:
    wishes = replace(settled(proposal(PICTURED, [MOTHER])), descriptions=descriptions)
    return redact(
        PICTURED, wishes, policy.load(profile), review="r-test", draft=draft,
        source="a library", published="2012",
    )  # fmt: skip


@pytest.mark.parametrize("profile", policy.names())
def test_a_picture_leaves_a_label_under_every_profile(profile: str) -> None:
    redaction = made(profile, ("picture-1-1", SAYS))
    text = redaction.document.text.value
    assert f"\n\n[picture removed: {SAYS}]\n\n" in text
    assert "A visit. [picture removed]" in text
    assert "wrote [picture] in her letter" in text
    assert [s.label for s in redaction.document.swaps if s.kind is Kind.OTHER] == [
        f"[picture removed: {SAYS}]",
        "[picture removed]",
    ]


def test_the_label_is_a_change_of_the_plan_like_any_other() -> None:
    redaction = made("public", ("picture-1-1", SAYS))
    plan = from_bytes(to_bytes(redaction.plan))
    assert plan == redaction.plan
    assert replay(PICTURED.text, plan) == redaction.document.text
    renders = {
        "a.html": to_html.render(redaction.document, public_id="cr-1"),
        "a.txt": to_text.render(redaction.document, public_id="cr-1"),
        "a.json": to_json.render(redaction.document, public_id="cr-1"),
        "a.md": to_markdown.render(redaction.document, public_id="cr-1"),
    }
    assert verify.leftovers(renders, redaction) == ()
    label = '<span class="swap">[picture removed: family tree of three generations; '
    assert label in renders["a.html"].decode()


def test_a_draft_shows_that_a_picture_is_missing() -> None:
    assert "[picture removed]" in made("public", draft=True).document.text.value


@pytest.mark.parametrize(
    "written", ["Quenby Thistlewaite and her sons", "THISTLEWAITE family", "Quenby\u2019s home"]
)
def test_a_hidden_name_in_a_description_is_a_leak(written: str) -> None:
    with pytest.raises(LeakError) as caught:
        made("public", ("picture-1-1", written))
    assert "Quenby" not in str(caught.value)


def test_the_gate_finds_a_hidden_name_in_a_label_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.door.pictures.require_nameless", lambda *_: None)
    redaction = made("public", ("picture-1-1", "Quenby Thistlewaite and her sons"))
    text = to_text.render(redaction.document, public_id="cr-1")
    with pytest.raises(LeakError):
        verify.require_clean({"a.txt": text}, redaction)


def test_only_signs_that_the_unread_list_points_at_are_pictures() -> None:
    wishes = settled(proposal(REPORT, [MOTHER]))
    plain = with_pictures(REPORT, [None, Span(0, 15)])
    for of in (REPORT, plain):
        safe = redact(of, wishes, policy.load("public"), review="r-test", draft=False)
        assert "picture removed" not in safe.document.text.value
        assert safe.document.text.value.count(PICTURE_SIGN) == 3


def test_two_lines_at_one_sign_make_one_label() -> None:
    of = with_pictures(REPORT, [SIGNS[0], SIGNS[0]])
    described = (("picture-1-1", "a tree"), ("picture-1-2", "a chart"))
    wishes = replace(settled(proposal(of, [MOTHER])), descriptions=described)
    text = redact(of, wishes, policy.load("public"), review="r-test", draft=False).document.text
    assert text.value.count("[picture removed: a tree; a chart]") == 1


def test_a_picture_teaches_nothing_and_a_list_goes_on_after_it() -> None:
    passages = segment.passages(made("public", ("picture-1-1", SAYS)).document)
    roles = {passage.text: passage.role for passage in passages}
    assert roles[f"[picture removed: {SAYS}]"] is Role.OTHER
    bullet = next(role for text, role in roles.items() if text.startswith("•"))
    without = document(
        (BlockKind.HEADING, "Recommendations"),
        "1.1 Quenby Thistlewaite wrote [picture] in her letter. Agencies should do this:",
        (BlockKind.BULLET, "• share what they know with each other"),
    )
    plain = redact(
        without, settled(proposal(without, [MOTHER])), policy.load("public"), review="r", draft=True
    )
    assert bullet is segment.passages(plain.document)[-1].role
