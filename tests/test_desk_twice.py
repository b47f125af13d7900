"""Duplicates, joining, actions and what the report says, at the desk."""

from __future__ import annotations

import html
import re

import pytest
from desk_parts import Browser, add_reviews, served, signed_in, workspace
from register_desk_parts import AUTHOR, BOARD, expected, shown, uma

from pipeline.flow import actions, joining, register_twice, registering, suggesting
from pipeline.store.register import State
from pipeline.store.workspace import Workspace
from pipeline.web.security import Guard

__all__ = ["served", "workspace"]


def hidden(officer: Browser, address: str) -> dict[str, str]:
    found = re.findall(
        r'name="(seen|seen-into|into|was-[a-z_]+)" value="([^"]*)"', officer.get(address).text
    )
    return {name: html.unescape(held) for name, held in found}


def test_the_page_does_not_say_of_texts_that_wait_that_they_differ(
    served: Guard, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_twice, "not_compared", lambda *_, **__: 43)
    said = signed_in(served, "Uma Field").get("/register/duplicates").text
    assert "No two of those that were compared look the same." in said
    assert "No two reviews look the same" not in said


def test_a_pair_is_compared_and_kept_apart_until_something_surer_speaks(
    served: Guard, workspace: Workspace
) -> None:
    one = expected(workspace, subject="Child A", judged="2026-04-01")
    other = expected(workspace, completed="2025-01-01", judged="2026-04-01")
    officer = signed_in(served, "Uma Field")
    first, second = sorted((one, other))
    address = f"/register/duplicates/{first}/{second}"
    assert f'href="{address}"' in officer.get("/register/duplicates").text
    side = shown(officer.get(address).text)
    assert "one board, one date" in side and "1 April 2026 1 April 2026 Agree" in side
    assert officer.send(f"{address}/apart").headers["location"].endswith("?done=apart")
    listed = officer.get("/register/duplicates").text
    assert "No two reviews look the same" in listed and "1 pair said not to be the same" in listed
    told = next(e for e in workspace.ledger.rows() if e.action == "register-apart")
    assert (told.review, "same_day" in told.detail) == (first, True)
    registering.change(workspace, other, {"subject": "Child A"}, as_name=uma(workspace))
    assert "Said not to be the same on" in shown(officer.get("/register/duplicates").text)
    assert officer.send(f"{address}/apart").status_code == 303  # for the surer reason, too
    assert register_twice.duplicates(workspace, as_name=uma(workspace)) == ()
    assert officer.send(f"{address}/apart", {"again": "yes"}).status_code == 303
    (row,) = register_twice.duplicates(workspace, as_name=uma(workspace))
    assert (row["why"], row["apart"]) == ("same_case", "")
    assert officer.send(f"{address}/apart", {"again": "yes"}).status_code == 400
    assert officer.get(f"/register/duplicates/{first}/{first}").status_code == 404


def test_a_join_is_shown_first_done_and_taken_back(served: Guard, workspace: Workspace) -> None:
    waiting = expected(workspace, author=AUTHOR, judgement="good", subject="Child A")
    action = actions.add(workspace, waiting, {"board": BOARD}, as_name=uma(workspace))
    review = add_reviews(workspace)[State.PROPOSED]
    registering.change(workspace, review, {"judgement": "adequate"}, as_name=uma(workspace))
    officer = signed_in(served, "Uma Field")
    address = f"/register/every/{waiting}/join?into={review}"
    said = shown(officer.get(address).text)
    assert "Judgement good adequate adequate" in said and f"Author {AUTHOR} Not recorded" in said
    assert "1 action moves" in said and "In 2 fields they differ" in said  # the board, too
    form = hidden(officer, address)
    registering.change(workspace, waiting, {"note": "rang"}, as_name=uma(workspace))
    late = officer.send(f"/register/every/{waiting}/join", form)
    assert late.status_code == 400 and "Somebody else changed" in late.text
    answer = officer.send(f"/register/every/{waiting}/join", hidden(officer, address))
    assert answer.headers["location"] == f"/register/every/{review}?done=joined"
    registering.change(workspace, review, {"note": "rang twice"}, as_name=uma(workspace))
    back = officer.send(f"/register/every/{review}/unjoin")
    assert back.headers["location"] == f"/register/every/{waiting}?done=unjoined-but"
    held, _ = registering.seen(workspace, waiting, as_name=uma(workspace))
    assert dict(held.record.values) == {
        "author": AUTHOR, "board": BOARD, "judgement": "good", "note": "rang", "subject": "Child A",
    }  # fmt: skip
    held, _ = registering.seen(workspace, review, as_name=uma(workspace))
    assert dict(held.record.values) == {"judgement": "adequate", "note": "rang twice"}
    assert actions.seen(workspace, action, as_name=uma(workspace)).held.id == waiting
    assert officer.send(f"/register/every/{review}/unjoin").status_code == 400


def test_two_entries_of_one_review_are_joined_and_then_with_its_file(workspace: Workspace) -> None:
    who = uma(workspace)
    one = expected(workspace, author=AUTHOR)
    other = expected(workspace, chair="B. Chair")
    review = add_reviews(workspace)[State.PROPOSED]
    joining.join(workspace, one, other, as_name=who)
    joining.join(workspace, other, review, as_name=who)
    held, _ = registering.seen(workspace, one, as_name=who)
    assert (held.id, held.record.get("author")) == (review, AUTHOR)
    assert joining.unjoin(workspace, one, as_name=who) == (other, ())
    assert joining.unjoin(workspace, other, as_name=who) == (one, ())
    states = [registering.seen(workspace, id_, as_name=who)[0] for id_ in (one, other)]
    assert [held.record.get("author") for held in states] == [AUTHOR, ""]


def test_an_entry_that_will_not_come_is_taken_out(served: Guard, workspace: Workspace) -> None:
    other, officer = expected(workspace), signed_in(served, "Uma Field")
    assert officer.send(f"/register/every/{other}/remove").status_code == 400
    gone = officer.send(f"/register/every/{other}/remove", {"sure": "yes"})
    assert gone.headers["location"] == "/register/every?done=removed"
    assert officer.get(f"/register/every/{other}").status_code == 404
    wrong = officer.get(f"/register/every/{expected(workspace)}/join?into=r-nobody")
    assert wrong.status_code == 400 and "no review of that id" in wrong.text


def test_an_action_is_added_changed_and_taken_out(served: Guard, workspace: Workspace) -> None:
    review, officer = expected(workspace), signed_in(served, "Uma Field")
    own = f"/register/every/{review}/actions"
    bad = officer.send(f"{own}/add", {"owner": AUTHOR, "due": "soon"})
    assert bad.status_code == 400 and html.escape(AUTHOR) in bad.text
    given = {"owner": AUTHOR, "due": "1/3/2009", "task": "Review it"}
    address = officer.send(f"{own}/add", given).headers["location"].partition("?")[0]
    assert "days late" in officer.get(own).text and "days late" in officer.get(address).text
    form = hidden(officer, address)
    kept = {**given, "due": "2009-03-01"}
    changed = {**kept, "status": "done", "evidence": "minutes\r\nof May", **form}
    assert officer.send(address, changed).headers["location"] == f"{address}?done=recorded"
    late = officer.send(address, {**kept, "owner": "head of service", **form})
    assert late.status_code == 409 and "Evidence Not recorded minutes of May" in shown(late.text)
    assert officer.send(f"{address}/remove").status_code == 400
    sure = {"sure": "yes", "seen": hidden(officer, address)["seen"]}
    assert officer.send(f"{address}/remove", sure).headers["location"].startswith(own)
    assert officer.get(address).status_code == 404
    assert signed_in(served, "Ray Holt").get(own).status_code == 403


def test_what_the_report_says_is_taken_over_only_as_it_was_shown(
    served: Guard, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = add_reviews(workspace)[State.PROPOSED]
    said = {"author": (AUTHOR, 3), "completed": ("2009-03", None), "chair": ("B. Chair", None)}
    monkeypatch.setattr(suggesting, "_of_report", lambda *_: said)
    given = {"author": "C. Writer", "completed": "2009-03-31"}
    registering.change(workspace, review, given, as_name=uma(workspace))
    officer, address = signed_in(served, "Uma Field"), f"/register/every/{review}"
    text = shown(officer.get(address).text)
    assert "1 difference, 1 field that nobody has recorded" in text and "page 3" in text
    form = {"seen": hidden(officer, address)["seen"], "fields": "author"}
    other = officer.send(f"{address}/report", {**form, "says-author": "D. Writer"})
    assert other.status_code == 400 and "does not say that" in other.text
    taken = officer.send(f"{address}/report", {**form, "says-author": AUTHOR})
    assert taken.headers["location"] == f"{address}?done=taken-over"
    text = shown(officer.get(address).text)
    assert f"taken over from the report Author C. Writer {AUTHOR}" in text
    assert officer.send(f"{address}/report", {**form, "says-author": AUTHOR}).status_code == 400
