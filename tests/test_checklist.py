"""The checklist of an approval: every answer, who signed, and where they are kept."""

from __future__ import annotations

import json

import pytest
from test_deciding import Sitting, sitting  # noqa: F401 - a fixture
from typer.testing import CliRunner

from pipeline.cli import reviews
from pipeline.cli.app import app
from pipeline.errors import NotSettledError
from pipeline.flow import settling
from pipeline.store.casefile import CaseFile
from pipeline.store.vault import Vault

ANSWERS = {
    "holds": "yes",
    "family": "told",
    "names": "none",
    "rights": "yes",
    "read": "yes",
    "signed": "yes",
}


@pytest.mark.parametrize(
    ("answers", "signatory"),
    [
        ({}, "A. Chair"),
        (ANSWERS, "  "),
        (ANSWERS | {"family": "perhaps"}, "A. Chair"),
        (ANSWERS | {"more": "yes"}, "A. Chair"),
        ({k: v for k, v in ANSWERS.items() if k != "rights"}, "A. Chair"),
    ],
)
def test_an_approval_needs_every_answer_of_its_checklist(
    sitting: Sitting,  # noqa: F811
    answers: dict[str, str],
    signatory: str,
) -> None:
    sitting.settle()
    with pytest.raises(NotSettledError, match="checklist"):
        settling.approve(
            sitting.workspace,
            sitting.review,
            "public",
            as_name="Sam",
            checklist=answers,
            signatory=signatory,
        )
    assert sitting.workspace.register.approval(sitting.review, "public") is None


def test_the_answers_stand_in_the_ledger_and_who_signed_in_the_vault(
    sitting: Sitting,  # noqa: F811
) -> None:
    sitting.settle()
    approval = settling.approve(
        sitting.workspace,
        sitting.review,
        "public",
        as_name="Sam",
        checklist=ANSWERS,
        signatory="Quill Marlstone, 3 May",
    )
    assert dict(approval.checklist) == ANSWERS
    last = list(sitting.workspace.ledger.rows(sitting.review))[-1]
    assert "family:told" in json.loads(last.detail)["checklist"]
    case = CaseFile(Vault.unlock(sitting.workspace), sitting.review)
    assert case.note("profile-signed-public") == "Quill Marlstone, 3 May"
    held = [path.read_bytes() for path in sitting.workspace.home.rglob("*") if path.is_file()]
    assert not any(b"Marlstone" in content for content in held)


def test_who_cannot_approve_is_told_before_the_questions(
    sitting: Sitting,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def asked() -> dict[str, object]:
        raise AssertionError("somebody was asked six questions for nothing")

    monkeypatch.setattr(reviews, "_asked", asked)
    words = ["approve", sitting.review, "--as", "Sam", "--home", str(sitting.workspace.home)]
    outcome = CliRunner().invoke(app, words)
    assert isinstance(outcome.exception, NotSettledError)
    sitting.settle()
    assert isinstance(CliRunner().invoke(app, words).exception, AssertionError)
