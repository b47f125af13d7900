"""The commands of the central body's quarter, as they are typed: rows, messages, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from release_parts import MARKS, QUARTER, Batch, opened, pattern

from pipeline.cli import app
from pipeline.flow import releasing

__all__ = ["pattern"]


class Typed:
    """The command line in a workspace."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = patch, capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """The exit code, what went to standard output, and what was said."""
        self._patch.setattr("sys.argv", ["candour", *words])
        code = 0
        try:
            app.main()
        except SystemExit as end:
            code = int(end.code or 0)
        heard = self._capsys.readouterr()
        return code, heard.out, heard.err

    def rows(self, *words: str) -> list[dict[str, object]]:
        """The rows of a command that ends well."""
        code, out, said = self(*words, "--format", "jsonl")
        assert code == 0, said
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def five(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    made = opened(pattern, tmp_path, monkeypatch)
    monkeypatch.setenv("CANDOUR_HOME", str(made.workspace.home))
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    return Typed(monkeypatch, capsys)


RELEASE = ("release", "--quarter", QUARTER, "--out", "out", "--as", "Sam")


def test_a_withdrawal_tells_two_editions_apart(
    five: Batch, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert "takes the place" not in typed(*RELEASE)[2]
    assert "takes the place of the one before" in typed(*RELEASE, "--again")[2]
    withdrawn = ["withdraw", five.reviews[0], "--reason", "leak", "--as", "Sam"]
    named = [five.folder(edition=edition).name for edition in (1, 2)]
    code, out, said = typed(*withdrawn, "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, [row["release"] for row in rows]) == (0, named)
    assert all(f"Made again without it: {name} in {five.out}." in said for name in named)
    _, out, _ = typed(*withdrawn)
    told = [line for line in out.splitlines() if rows[0]["public_id"] in line]
    assert [name in line for name, line in zip(named, told, strict=True)] == [True, True]


def test_from_the_dry_run_to_the_withdrawal(five: Batch, typed: Typed) -> None:
    rows = typed.rows(*RELEASE, "--dry-run")
    assert [row["goes"] for row in rows] == [True] * 5
    assert not (five.out).exists()
    (row,) = typed.rows(*RELEASE)
    assert (row["reviews"], row["edition"], "left_out" in row) == (5, 1, False)
    checks = typed.rows("verify", str(row["manifest"]))
    assert len(checks) > 40
    assert all(check["holds"] for check in checks)
    code, _, said = typed("withdraw", five.reviews[0], "--reason", "leak", "--as", "Sam")
    assert code == 0
    assert (
        f"Made again without it: {five.folder().name} in {five.out}. It still has 4 texts" in said
    )
    checks = typed.rows("verify", str(row["manifest"]))
    assert all(check["holds"] for check in checks)
    assert MARKS[0] not in (five.folder() / "search-index.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--quarter", "2009"), 2, "2009Q1"),
        (("--profile", "as-published"), 2, "never enter a release"),
        (("--as", "Jo"), 6, "duty"),
        (("--again",), 2, "no edition"),
    ],
)
def test_what_is_typed_wrongly_ends_with_its_code(
    five: Batch, typed: Typed, words: tuple[str, ...], code: int, said: str
) -> None:
    ended, out, heard = typed(*RELEASE, *words)
    assert (ended, out) == (code, "")
    assert said in heard
    assert not five.out.exists()


def test_a_release_below_its_minimum_says_who_is_left_out_and_why(
    five: Batch, typed: Typed
) -> None:
    five.hold(3)
    code, out, said = typed(*RELEASE)
    assert (code, out) == (6, "")
    assert "min_batch" in said
    assert f"Left out: {five.reviews[3]}. {releasing.HELD}" in said
    assert not five.out.exists()


def test_risk_circulation_and_what_is_asked(five: Batch, typed: Typed) -> None:
    first = typed.rows("risk", five.reviews[0])[0]
    assert (first["what"], first["of"]) == ("combination", 5)
    code, out, said = typed("risk", five.reviews[0], "--format", "csv")
    assert code == 0
    assert out.splitlines()[0] == "review,what,fact,value,k,k_at_most,of,says,draft"
    assert "anonymous" not in (out + said).lower()
    kinds = typed.rows("circulate", "--matrix")
    assert {row["kind"] for row in kinds} >= {"public", "board", "government"}
    add = ("circulate", "add", "Library", "--kind", "public", "--as", "Sam")
    assert typed(*add)[0] == 0
    assert typed(*add, "--profile", "inspectorate")[0] == 2
    assert [row["profile"] for row in typed.rows("circulate")] == ["public"]
    typed.rows(*RELEASE)
    (sent,) = typed.rows("circulate", "send", "--quarter", QUARTER, "--out", "to", "--as", "Sam")
    assert (Path(str(sent["folder"])) / "digest.html").is_file()
    assert typed("circulate", "remove", "Library", "--as", "Sam")[0] == 0
    total = {str(row["scope"]): row for row in typed.rows("rollup")}
    parts = [row for name, row in total.items() if name != "all"]
    asked = sum(int(str(row["learning_points"])) for row in parts)
    assert asked == total["all"]["learning_points"]
    assert typed("recommendations", "--scope", "cosmic")[0] == 2
    assert typed("recommendations", "--scope", "national", "--points")[0] == 0
