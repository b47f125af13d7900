"""The role of a passage: a small model without names, its file checked, its neighbours heard."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_segment import B, H, P, Part, document

from pipeline.errors import StoreError, UsageError
from pipeline.installed import shipped
from pipeline.safe import chain, role_model
from pipeline.safe.chain import Link
from pipeline.safe.lesson import Role
from pipeline.safe.segment import passages
from pipeline.safe.traits import TABLE, places, plain, traits, words
from pipeline.training import roles_data, roles_fit
from pipeline.training.roles_data import Unit

NAMES = ("given-names", "given-names-ambiguous", "surnames-ambiguous", "places-ambiguous",
         "places-areas")  # fmt: skip


def listed(name: str) -> set[str]:
    text = shipped(f"configs/lists/{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return set(re.findall(r"[A-Z][a-zé’'-]+", " ".join(lines)))


def ordinary() -> set[str]:
    text = shipped("configs/lists/common_words.txt").read_text(encoding="utf-8")
    return {line for line in text.splitlines() if line.isalpha()}


@pytest.mark.parametrize("name", NAMES)
def test_no_listed_name_is_a_word_of_the_model_unless_it_is_a_word_of_english(name: str) -> None:
    names, common = listed(name), ordinary()
    assert names
    kept = {n for n in names if plain(f"It was said that {n} came late.").count(n.lower())}
    assert {n for n in kept if n.lower() not in common} == set()


def test_a_name_changes_nothing_of_what_the_model_is_told() -> None:
    told = "On 4 May 2016 {} told the nurse that {} had left."
    made = {traits(told.format(a, b)) for a, b in (("Zoltan", "Kwabena"), ("[mother]", "[child]"))}
    assert len({one.places for one in made}) == 1


def test_the_file_of_the_model_holds_numbers_and_nothing_else() -> None:
    data = (shipped("models/roles") / role_model.FILE).read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        kinds = {name: stored[name].dtype.kind for name in stored.files}
    assert kinds == {"own": "f", "inner": "f", "turn": "f"}
    assert len(data) < 1_500_000


@pytest.mark.parametrize("harm", ["missing", "cut", "other bytes", "no row", "not toml"])
def test_a_missing_or_damaged_model_is_refused_with_a_constant_text(
    harm: str, tmp_path: Path
) -> None:
    data = (shipped("models/roles") / role_model.FILE).read_bytes()
    listing = shipped("models/manifest.toml").read_text(encoding="utf-8")
    if harm != "missing":
        spoilt = {"cut": data[:-9], "other bytes": b"\0" + data[1:]}.get(harm, data)
        (tmp_path / role_model.FILE).write_bytes(spoilt)
    rows = {"no row": "[other]\n", "not toml": "[[["}.get(harm, listing)
    (tmp_path / "manifest.toml").write_text(rows, encoding="utf-8")
    with pytest.raises(StoreError, match=r"^The model of roles is missing .* make the model anew"):
        role_model.load(tmp_path, tmp_path / "manifest.toml")


def test_the_model_that_ships_fits_the_cues_that_ship() -> None:
    model = role_model.load()
    assert model.roles == tuple(Role(name) for name in roles_data.INNER)
    said = model.groups(traits("There was no system for following up missed appointments."))
    assert abs(sum(2.718281828**one for one in said) - 1) < 1e-3


def test_a_word_stands_in_the_table_however_often_it_is_said() -> None:
    assert places(words("late late")) == places(words("Late late late"))
    assert all(0 <= place < TABLE for place in places(words("It was late.")))


UNITS = [
    Unit(f"r{n}", block, role, text)
    for n in range(6)
    for block, (role, text) in enumerate([
        (Role.CONTEXT, f"The inquest was opened and heard {n} times."),
        (Role.CHRONOLOGY, f"He walked to the shop and came home after {n + 2} hours in rain."),
        (Role.LEARNING, f"There is a concern that no policy covers ward {chr(97 + n)} doors."),
    ])
]  # fmt: skip


def test_training_twice_gives_the_same_bytes_and_a_model_that_learnt() -> None:
    found = [traits(unit.text) for unit in UNITS]
    reports = {unit.report for unit in UNITS}
    one, two = (roles_fit.fit(UNITS, found, (), reports) for _ in range(2))
    assert roles_fit.written(one) == roles_fit.written(two)
    again = role_model.read(roles_fit.written(one), ())
    told = [max(range(3), key=again.groups(traits(u.text)).__getitem__) for u in UNITS]
    assert [role_model.GROUPS[n] for n in told] == [unit.role for unit in UNITS]


def test_sections_of_a_report_stand_in_no_order_that_could_be_learnt(tmp_path: Path) -> None:
    row = (
        '{{"id": "{}", "investigation": "One two three.", "circumstances": "Four five six.", '
        '"concerns": "Zed Young came by.", "deceased_name_parts": ["Young"]}}'
    )
    path = tmp_path / "r.jsonl"
    path.write_text("\n".join(row.format(n) for n in range(40)), encoding="utf-8")
    units = roles_data.reports([path])
    first = {unit.role for place, unit in enumerate(units) if place % 3 == 0}
    assert len(first) == 3
    assert not any("Young" in unit.text for unit in units)


def test_a_file_that_cannot_be_learnt_from_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("[1]\n", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        roles_data.reports([tmp_path / "bad.jsonl"])


NUMBERS = st.floats(-3, 3).map(lambda x: round(x, 2))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.tuples(NUMBERS, NUMBERS), NUMBERS, NUMBERS), min_size=1, max_size=7))
def test_no_other_choice_of_roles_has_a_greater_sum(
    rows: list[tuple[tuple[float, float], float, float]],
) -> None:
    links = [Link(own, ((stay, go), (go, stay))) for own, stay, go in rows]

    def total(path: tuple[int, ...]) -> float:
        moves = sum(x.moves[a][b] for x, a, b in zip(links[1:], path, path[1:], strict=False))
        return moves + sum(link.own[role] for link, role in zip(links, path, strict=True))

    every = [tuple(n >> i & 1 for i in range(len(links))) for n in range(2 ** len(links))]
    assert total(chain.best(links)) >= max(map(total, every)) - 1e-4


PLAIN: list[Part] = [
    (P, "This review was commissioned by the Board under statutory guidance."),
    (P, "In March 2016 [mother] moved to [town]. She was seen twice by the health visitor."),
    (P, "On 4 May 2016 he was taken to the ward with a broken arm and was kept in overnight."),
    (P, "It is not clear why the call was closed. It appears that nobody had read the history."),
    (P, "There was no system in place for following up missed appointments."),
    (P, "The Board should ask each agency for proof that missed appointments are followed up."),
]


def test_a_review_without_a_heading_still_has_its_parts() -> None:
    assert [p.role for p in passages(document(*PLAIN))] == [
        Role.CONTEXT, Role.CHRONOLOGY, Role.CHRONOLOGY, Role.ANALYSIS, Role.LEARNING,
        Role.RECOMMENDATION,
    ]  # fmt: skip


def test_roles_depend_on_the_document_alone() -> None:
    alone = passages(document(*PLAIN))
    others = [document((P, f"The nurse called {n} times."), review=f"x{n}") for n in range(3)]
    for other in random.Random(3).sample(others, 3):
        passages(other)
        assert passages(document(*PLAIN)) == alone


SMALL = [
    ((), []),
    (((P, "   "),), []),
    (((H, "Lessons"),), []),
    (((P, "There was no policy on visits at night."),), ["learning"]),
    (((P, "Yes."),), ["other"]),
]


@pytest.mark.parametrize(("parts", "expected"), SMALL, ids=range(len(SMALL)))
def test_an_empty_review_and_one_of_a_sentence_are_read(
    parts: tuple[Part, ...], expected: list[str]
) -> None:
    assert [p.role.value for p in passages(document(*parts))] == expected


def test_bullets_keep_what_announces_them_in_a_long_review() -> None:
    parts: list[Part] = [(H, "Lessons learned"), (P, "The following lessons were identified:")]
    parts += [(B, f"homes that {n} workers visited") for n in range(5)]
    assert {p.role for p in passages(document(*parts))} == {Role.LEARNING}
