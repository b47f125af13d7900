"""The command line as other programs meet it: exit codes, streams, forms of listings."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from docx_parts import deleted, inserted, p, package, picture, run

from pipeline.cli import output
from pipeline.cli.app import main

REPORT = "1.1 The health visitor wrote to {name} in June 2010.\n\n1.2 The school did not know.\n"


class Outcome:
    """What a command left: its exit code and its two streams."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def rows(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Candour:
    """Runs the command in this process, as a person would type it."""

    def __init__(self, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capfd, self._monkeypatch = capfd, monkeypatch

    def __call__(self, *words: str | Path) -> Outcome:
        self._capfd.readouterr()
        self._monkeypatch.setattr("sys.argv", ["candour", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        out, err = self._capfd.readouterr()
        return Outcome(code, out, err)


@pytest.fixture
def candour(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Candour:
    monkeypatch.setenv("CANDOUR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    return Candour(capfd, monkeypatch)


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["read", "not-there.txt"], 3, "candour:"),
        (["draft", "not-there.txt", "--out", "drafts"], 3, "candour:"),
        (["register"], 7, "candour:"),
        (["lessons"], 7, "candour:"),
        (["publish", "r-none", "--out", "out"], 7, "candour:"),
        (["no-such-command"], 2, "No such command"),
        (["review", "r-none", "--as", "jo"], 7, "candour:"),
        (["review", "r-none", "--export", "a", "--decisions", "b", "--as", "jo"], 2, "candour:"),
        (["review", "r-none", "--decisions", "b", "--view", "original", "--as", "jo"], 2, "one"),
    ],
)
def test_an_error_has_its_code_and_says_what_to_do(
    candour: Candour,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    code: int,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = candour(*words)
    assert outcome.code == code
    assert says in outcome.err
    assert outcome.out == ""


def test_an_unknown_profile_is_a_usage_error(candour: Candour, tmp_path: Path) -> None:
    report = written(tmp_path, "a.txt", REPORT.format(name="Orla Pennyfather"))
    assert candour("draft", report, "--out", tmp_path / "d", "--profile", "secret").code == 2


def test_one_bad_file_among_twenty_stops_nobody(candour: Candour, tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    for number in range(19):
        written(incoming, f"{number}.txt", f"{number}. " + REPORT.format(name="Orla Pennyfather"))
    (incoming / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert candour("init").code == 0
    outcome = candour("ingest", incoming, "--format", "jsonl")
    assert outcome.code == 8
    codes = sorted(str(row["code"]) for row in outcome.rows())
    assert codes == ["0"] * 19 + ["3"]
    again = candour("ingest", incoming / "0.txt", "--format", "jsonl")
    assert again.code == 0
    assert "taken in before" in str(again.rows()[0]["why"])
    assert len(candour("register", "--format", "jsonl").rows()) == 19


def test_nobody_publishes_what_nobody_approved(candour: Candour, tmp_path: Path) -> None:
    report = written(tmp_path, "a.txt", REPORT.format(name="Orla Pennyfather"))
    candour("init")
    review = str(candour("ingest", report, "--format", "jsonl").rows()[0]["review"])
    outcome = candour("publish", review, "--out", tmp_path / "published")
    assert outcome.code == 6
    assert not any((tmp_path / "published").glob("*"))


def test_several_duties_are_given_at_once(candour: Candour, tmp_path: Path) -> None:
    candour("init")
    added = candour("user", "add", "jo", "--duty", "uploader", "--duty", "reviewer")
    assert added.code == 0
    assert "jo is now uploader." in added.err
    assert "jo is now reviewer." in added.err
    report = written(tmp_path, "a.txt", REPORT.format(name="Orla Pennyfather"))
    taken = candour("ingest", report, "--as", "jo", "--format", "jsonl")
    assert taken.code == 0
    review = str(taken.rows()[0]["review"])
    assert candour("review", review, "--export", tmp_path / "d.json", "--as", "jo").code == 0
    assert candour("approve", review, "--as", "jo").code != 0


def test_one_person_cannot_settle_and_approve(candour: Candour, tmp_path: Path) -> None:
    report = written(tmp_path, "a.txt", REPORT.format(name="Orla Pennyfather"))
    candour("init")
    candour("user", "add", "jo", "--duty", "reviewer")
    candour("user", "add", "jo", "--duty", "approver")
    review = str(candour("ingest", report, "--format", "jsonl").rows()[0]["review"])
    decisions = tmp_path / "decisions.json"
    assert candour("review", review, "--export", decisions, "--as", "jo").code == 0
    content = json.loads(decisions.read_text(encoding="utf-8"))
    for row in [*content["identities"], *content["findings"]]:
        row["verdict"] = "accept"
    decisions.write_text(json.dumps(content), encoding="utf-8")
    settled = candour("review", review, "--decisions", decisions, "--as", "jo")
    assert settled.code == 0
    assert "settled" in settled.err
    assert candour("approve", review, "--as", "jo").code == 6


def test_a_review_lists_what_is_open_and_is_read_in_the_view_that_counts(
    candour: Candour, tmp_path: Path
) -> None:
    body = p("1.1 The health visitor wrote to Orla Pennyfather.", runs=picture())
    body += p("1.2 The school ", runs=deleted("knew.") + inserted(run("did not know.")))
    report = tmp_path / "a.docx"
    report.write_bytes(package(body))
    candour("init")
    for duty in ("uploader", "reviewer"):
        candour("user", "add", "jo", "--duty", duty)
    review = str(candour("ingest", report, "--format", "jsonl").rows()[0]["review"])
    listed = candour("review", review, "--as", "jo", "--format", "jsonl")
    assert listed.code == 0
    assert {(row["kind"], row["open"]) for row in listed.rows()} == {
        ("PERSON", 1),
        ("picture", 1),
        ("tracked_change", 2),
    }
    assert "Pennyfather" not in listed.out + listed.err
    again = candour("review", review, "--view", "original", "--as", "jo")
    assert again.code == 0
    assert "0 decisions were made on the other text" in again.err
    assert "State: proposed" in again.err
    assert candour("review", review, "--view", "original", "--as", "jo").code == 2


def test_findings_are_coordinates_in_the_file_as_decoded(candour: Candour, tmp_path: Path) -> None:
    text = (
        "\ufeffThe school had been told in the spring that the household was under strain, and\r\n"
        "the class teacher had been asked to keep an eye on how things went from week to\r\n"
        "week, which she did, and she wrote down what she saw in a notebook that was never\r\n"
        "asked for.  Nobody had written down what the aunt had said, and so when Orla Jane\r\n"
        "Pennyfather came in with a bruise in the afternoon it was thought of as the first\r\n"
        "of its kind, and the form that was filled in on that day says so.\r\n"
    )
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("utf-8"))
    row = candour("detect", path).rows()[0]
    assert isinstance(row["findings"], list)
    people = [f for f in row["findings"] if f["kind"] == "PERSON"]
    decoded = text.removeprefix("\ufeff")
    found = [decoded[f["start"] : f["end"]] for f in people]
    assert found == ["Orla Jane\r\nPennyfather"]


@pytest.mark.parametrize("form", list(output.Format))
def test_a_listing_comes_in_every_form(
    form: output.Format, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"review": "r-1", "page": 3, "text": "=HYPERLINK(1)", "draft": True, "none": None}]
    output.show(rows, form)
    shown = capsys.readouterr().out
    if form is output.Format.JSONL:
        assert json.loads(shown) == rows[0]
    elif form is output.Format.CSV:
        (row,) = csv.DictReader(io.StringIO(shown))
        assert row["text"] == "'=HYPERLINK(1)"
    else:
        assert "HYPERLINK" in shown


def test_a_table_is_for_people_and_shows_no_brackets_of_a_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output.show([{"hidden_by": [3, 14], "kept_by": []}], output.Format.TABLE)
    shown = capsys.readouterr().out
    assert "hidden by" in shown and "3, 14" in shown
    assert "[" not in shown and "_" not in shown
