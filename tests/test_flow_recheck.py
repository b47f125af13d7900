"""A recheck: what today's program finds in what was approved or published before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flow_parts import CANARIES, propose
from life_parts import RECIPIENT, SENDER, Life, made, published

from pipeline.cli.app import main
from pipeline.config import Settings
from pipeline.door.plan import from_bytes, to_bytes
from pipeline.door.policy import REVIEWER
from pipeline.errors import NotSettledError, RecogniserError
from pipeline.flow import intake, proposing, rechecking, settling, withdrawing
from pipeline.raw.document import Document, Finding, Identity, Proposal
from pipeline.span import Kind, Span

# Words that open a sentence and may be names: no list of what is left holds them.
MORE = (
    "\nKettle was told about it.\n\nKettle did not ask. Ladder was there.\n\nZebulon Quist left.\n"
)
Propose = Callable[[Document, Settings], Proposal]


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    monkeypatch.setattr(proposing, "propose", propose)
    monkeypatch.setenv("CANDOUR_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setenv("CANDOUR_HOME", str(tmp_path / "home"))
    one = made(tmp_path)
    path = one.original.parent / "more.txt"
    path.write_text(one.original.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    taken = intake.ingest(one.workspace, [path], sender=SENDER)
    return replace(one, review=str(next(taken)["review"]), original=path)


def finding_more(words: str, *, of: str | None = None) -> Propose:
    """A program that also finds some words: somebody new, or a name of a known identity."""

    def better(document: Document, settings: Settings) -> Proposal:
        before = propose(document, settings)
        found = list(re.finditer(words, document.text))
        if of is not None and of not in {one.id for one in before.identities}:
            return before
        more = [
            Finding(Span(*m.span()), Kind.PERSON, "name", 0.9, "today", of or "new") for m in found
        ]
        own = () if of or not found else (Identity("new", Kind.PERSON, (words,), "nurse"),)
        findings = sorted((*before.findings, *more), key=lambda one: one.span)
        return replace(before, findings=tuple(findings), identities=(*before.identities, *own))

    return better


def rechecked(life: Life, *, every: bool = False) -> tuple[rechecking.Row, list[rechecking.Row]]:
    first, *rest = rechecking.recheck(life.workspace, [life.review], every=every)
    return first, rest


def placed(text: str, row: rechecking.Row) -> str:
    return text[int(str(row["start"])) : int(str(row["end"]))]


def test_nothing_new_is_a_row_of_noughts(life: Life) -> None:
    public_id = published(life)
    row, mentions = rechecked(life)
    assert mentions == []
    assert row["public_id"] == public_id
    assert (row["new"], row["known"], row["seen"], row["code"]) == (0, 0, 0, 0)
    assert row["then"] == row["now"] == life.row.versions
    assert row["profile_changed"] is False
    entry = list(life.workspace.ledger.rows(life.review))[-1]
    detail = json.loads(entry.detail)
    assert entry.action == "recheck"
    assert (detail["profile"], detail["new"], detail["edition"]) == ("public", 0, 1)


def test_what_a_better_program_finds_is_told_by_its_place(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(life)
    monkeypatch.setattr(proposing, "propose", finding_more("Kettle"))
    row, mentions = rechecked(life)
    assert (row["new"], row["known"]) == (2, 0)
    text = life.case.document().text
    told = [(one["part"], placed(text, one)) for one in mentions]
    assert told == [("report", "Kettle")] * 2
    assert {one["kind"] for one in mentions} == {"PERSON"}
    listed = json.dumps([row, *mentions])
    for word in ("Kettle", *" ".join(CANARIES).split(), SENDER, RECIPIENT):
        assert word not in listed


def test_an_unknown_name_of_somebody_who_is_hidden_is_told_apart(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(life)
    monkeypatch.setattr(proposing, "propose", finding_more("Ladder", of="i1"))
    row, mentions = rechecked(life)
    assert (row["new"], row["known"]) == (1, 1)
    assert [one["known"] for one in mentions] == [True]


@pytest.mark.parametrize("part", ["identities", "left"])
def test_what_a_person_let_stay_was_seen_before(
    life: Life, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    content = settling.export(life.workspace, life.review, as_name="Jo")
    rows = content[part]
    assert isinstance(rows, list)
    if part == "identities":
        rows[0]["verdict"] = "reject"
        count = rows[0]["count"]
    else:
        words = next(row for row in rows if "Zebulon" in str(row["forms"]))
        words["verdict"] = "accept"
        count = words["count"]
    life.decide(**{part: rows})
    life.approve()
    life.publish()
    if part == "left":
        monkeypatch.setattr(proposing, "propose", finding_more("Zebulon Quist"))
    row, mentions = rechecked(life)
    assert (row["new"], row["seen"], mentions) == (0, count, [])
    _, mentions = rechecked(life, every=True)
    assert [one["seen"] for one in mentions] == [True] * int(str(count))


def test_what_only_the_published_text_gives_away_is_told(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = published(life)
    better = finding_more("Ladder")

    def of_labels(document: Document, settings: Settings) -> Proposal:
        return (better if "[mother]" in document.text else propose)(document, settings)

    monkeypatch.setattr(proposing, "propose", of_labels)
    row, (mention,) = rechecked(life)
    assert (row["new"], mention["part"], mention["page"]) == (1, "published text", 1)
    text = json.loads((life.out / f"{public_id}.json").read_bytes())["text"]
    assert placed(text, mention) == "Ladder"
    assert life.case.document().text.index("Ladder") != mention["start"]


def test_a_label_is_nothing_that_was_found(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    published(life)
    monkeypatch.setattr(proposing, "propose", finding_more("mother|primary school"))
    assert rechecked(life)[0]["new"] == 0


def test_what_is_approved_and_not_yet_out_is_looked_at_too(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(life)
    life.later(life.original.read_text(encoding="utf-8") + "\nBucket was seen.\n")
    life.decide()
    life.approve()
    monkeypatch.setattr(proposing, "propose", finding_more("Bucket"))
    rows = list(rechecking.recheck(life.workspace))
    states = [(row["state"], row["new"]) for row in rows if row["type"] == "review"]
    assert states == [("published", 0), ("approved", 1)]


def test_what_cannot_be_checked_is_told_and_stops_no_other(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(life)

    def fails(document: Document, settings: Settings) -> Proposal:
        raise RecogniserError("A recogniser failed.")

    monkeypatch.setattr(proposing, "propose", fails)
    row, mentions = rechecked(life)
    assert (row["code"], row["why"], mentions) == (4, "A recogniser failed.", [])
    assert "new" not in row
    assert life.actions()[-1] == "publish"


def test_a_hidden_word_that_stands_in_the_published_text_is_a_leak(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(life)
    publication = life.case.publication("public")
    assert publication is not None
    plan = from_bytes(publication.plan.encode())
    first = next(change for change in plan.replacements if change.kind is Kind.PERSON)
    less = tuple(change for change in plan.replacements if change is not first)
    bytes_of = to_bytes(replace(plan, replacements=less)).decode()
    life.case.publish("public", replace(publication, plan=bytes_of))

    def blind(document: Document, settings: Settings) -> Proposal:
        return Proposal(document.text_sha256, (), ())

    for today in (propose, blind):
        monkeypatch.setattr(proposing, "propose", today)
        row, (mention,) = rechecked(life)
        assert (row["new"], row["known"]) == (1, 1)
        assert (mention["part"], mention["known"]) == (
            ("report", True) if today is propose else ("published text", True)
        )


def with_many(document: Document, settings: Settings) -> Proposal:
    """A dozen people of no position, and a house of which a reviewer hid the number."""
    before = propose(document, settings)
    found, people = list(before.findings), list(before.identities)
    for number, match in enumerate(re.finditer(r"Zelt\w+ Quar\w+", document.text), start=1):
        people.append(Identity(f"z{number}", Kind.PERSON, (match.group(),), None))
        found.append(Finding(Span(*match.span()), Kind.PERSON, "name", 0.9, "z", f"z{number}"))
    for match in re.finditer("number 12", document.text):
        people.append(Identity("house", Kind.PLACE, ("12",), None))
        span = Span(match.end() - 2, match.end())
        found.append(Finding(span, Kind.PLACE, "address", 1.0, REVIEWER, "house"))
    found.sort(key=lambda one: one.span)
    return replace(before, findings=tuple(found), identities=tuple(people))


def test_the_number_that_we_counted_in_a_label_is_no_leak(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "propose", with_many)
    names = (f"Zelt{letter}vin Quar{letter}mere" for letter in "bcdefghijklm")
    told = " ".join(f"Then {name} came." for name in names)
    life.later(f"{life.original.read_text(encoding='utf-8')}\nThey met at number 12.\n\n{told}\n")
    published(life)
    text = (life.out / f"{life.workspace.register.public_id(life.review, 'public')}.txt").read_text(
        encoding="utf-8"
    )
    assert "They met at number 12" not in text
    assert "[person 12] came" in text
    row, mentions = rechecked(life)
    assert (row["known"], [m for m in mentions if m["known"]]) == (0, [])


def test_what_is_withdrawn_or_not_out_is_not_looked_at(life: Life) -> None:
    assert list(rechecking.recheck(life.workspace)) == []
    published(life)
    withdrawing.withdraw(life.workspace, life.review, "error", as_name="Sam")
    assert list(rechecking.recheck(life.workspace)) == []
    with pytest.raises(NotSettledError, match="withdrawn"):
        list(rechecking.recheck(life.workspace, [life.review]))
    with pytest.raises(NotSettledError):
        list(rechecking.recheck(life.workspace, as_name="Ruth"))


# -- the command line ----------------------------------------------------------------------


def ran(
    words: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    capfd.readouterr()
    monkeypatch.setattr("sys.argv", ["candour", *words])
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    return code, *capfd.readouterr()


@pytest.mark.parametrize(
    ("more", "of", "code"),
    [("nothing like it", None, 0), ("Kettle", None, 0), ("Ladder", "i1", 5)],
)
def test_the_command_ends_with_5_only_for_what_is_known_to_be_hidden(
    life: Life,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    more: str,
    of: str | None,
    code: int,
) -> None:
    published(life)
    monkeypatch.setattr(proposing, "propose", finding_more(more, of=of))
    for form in ("jsonl", "table", "csv"):
        ended, out, err = ran(["recheck", "--format", form], capfd, monkeypatch)
        assert ended == code
        assert life.review in out
        assert "2 of 2 reviews looked at" in err
        assert not [part for name in CANARIES for part in name.split()[:1] if part in out + err]


def test_a_report_goes_its_whole_way_on_the_command_line(
    life: Life, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    life.decide()
    later = life.original.parent / "final.txt"
    later.write_text(
        life.original.read_text(encoding="utf-8").replace("sister", "aunt"), encoding="utf-8"
    )
    version = ["version", life.review, str(later), "--as", "Jo"]
    assert ran(version, capfd, monkeypatch)[0] == 2
    code, out, err = ran([*version, "--from", SENDER, "--format", "jsonl"], capfd, monkeypatch)
    assert (code, json.loads(out)["version"]) == (0, 2)
    assert "Version 2 is the one that counts now." in err
    code, out, _ = ran(
        ["version", life.review, "--as", "Jo", "--format", "jsonl"], capfd, monkeypatch
    )
    assert [json.loads(line)["from"] for line in out.splitlines()] == [SENDER, SENDER]
    code, out, err = ran(
        ["compare", life.review, "--as", "Jo", "--versions", "1", "2"], capfd, monkeypatch
    )
    assert (code, "[- sister-]{+ aunt+}" in out, "hold names" in err) == (0, True, True)
    err = ran(["review", life.review, "--as", "Jo"], capfd, monkeypatch)[2]
    assert "no reviewer has looked at it" in err
    life.decide()
    life.approve()
    where = ["--out", str(life.out)]
    publish = ["publish", life.review, *where, "--to", RECIPIENT, "--to", "B", "--format", "jsonl"]
    assert ran(publish, capfd, monkeypatch)[0] == 0
    taken = ["withdraw", life.review, "--reason", "family", "--as", "Sam", "--format", "jsonl"]
    code, _, err = ran([*taken, "--purge"], capfd, monkeypatch)
    assert (code, "backup" in err, life.row.state) == (2, True, "published")
    code, out, err = ran([*taken, *where, "--purge", "--yes"], capfd, monkeypatch)
    assert code == 0
    assert [json.loads(line)["recipient"] for line in out.splitlines()] == [RECIPIENT, "B"]
    assert "a second person" in err
    assert life.case.blobs.names(life.review)
    code, _, err = ran(["purge", life.review, "--confirm", "--as", "Ada"], capfd, monkeypatch)
    assert (code, "destroyed" in err) == (0, True)
    assert life.case.blobs.names(life.review) == ()
    (notice,) = life.out.glob("*.withdrawn.json")
    code, _, err = ran(["verify", str(notice)], capfd, monkeypatch)
    assert (code, "was withdrawn" in err) == (6, True)
