"""Staff: who signs in, and what administrators do with accounts. All of it is in the ledger."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from pipeline.errors import NotSettledError, UsageError
from pipeline.flow.refusing import Refusals
from pipeline.store.accounts import Account, Actor, Duty, require_strong
from pipeline.store.ledger import Detail
from pipeline.store.sessions import End, Session, Try
from pipeline.store.workspace import Workspace

_TRIES_OF_NAME, _TRIES_OF_CLIENT = 5, 20
_TOO_SOON = (
    "There were too many tries that did not fit. Nothing was done. Wait as long as is said here, "
    "then try again."
)
_NAME_TAKEN = (
    "There is an account of that name already. Nothing was changed. Open it in the list, or give "
    "another name."
)
_NO_DUTY_NAMED = "An account needs one duty at least. Nothing was changed. Choose one."
_NO_SUCH_DUTY = "There is no such duty. Nothing was changed. Choose one that is listed."
_OWN_ACCOUNT = (
    "Administrators do not do this to their own account. Nothing was changed. Ask another "
    "administrator, or change your own password on the page of your account."
)
_LAST_ADMINISTRATOR = (
    "This is the last administrator who can sign in. Nothing was changed. Make another first."
)
# Checking a password takes much memory on purpose: no more than two are checked at once.
_CHECKING = threading.BoundedSemaphore(2)


class TooSoonError(NotSettledError):
    """A password was tried too often; `seconds` says when it may be tried again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(_TOO_SOON)
        self.seconds = max(1, round(seconds))


def sign_in(workspace: Workspace, refusals: Refusals, name: str, password: str, client: str) -> str:
    """The token of a new session; NotSettledError with the same words whatever does not fit.

    TooSoonError after too many tries for a name, whether or not it is that of an account, or
    from a client.
    """
    counted = _counted(name, client)
    known = next((one.id for one in workspace.accounts.all() if one.name == name.strip()), None)
    with _CHECKING:
        wait = workspace.sessions.must_wait(counted)
        if wait:
            refusals.tell("too-many-tries", account=known)
            raise TooSoonError(wait)
        try:
            actor = workspace.accounts.sign_in(name, password)
        except NotSettledError:
            refusals.tell("sign-in-failed", account=known)
            raise
    with workspace.writing():
        workspace.sessions.succeeded(counted)
        token = workspace.sessions.begin(actor.id)
        workspace.ledger.append(actor.id, "sign-in")
    return token


def actor_of(workspace: Workspace, session: Session) -> tuple[Account, Actor]:
    """The account of a live session, and that account as the one who acts now."""
    account = workspace.accounts.with_id(session.account)
    return account, Actor(account.id, proven=True, demonstration=account.demonstration)


def sign_out(workspace: Workspace, actor: Actor, token: str) -> None:
    """End one session."""
    with workspace.writing():
        workspace.sessions.end(token, End.SIGNED_OUT)
        workspace.ledger.append(actor.id, "sign-out")


def sign_out_everywhere(workspace: Workspace, actor: Actor) -> int:
    """End every session of an account; how many ended."""
    with workspace.writing():
        ended = workspace.sessions.end_all(actor.id, End.EVERYWHERE)
        workspace.ledger.append(actor.id, "sign-out-everywhere", detail={"sessions": ended})
    return ended


def change_password(
    workspace: Workspace, refusals: Refusals, actor: Actor, old: str, new: str, client: str
) -> str:
    """Give the own account another password; every session ends, and a new one begins: its token.

    NotSettledError where the old password is wrong, UsageError where the new one is weak.
    """
    account = workspace.accounts.with_id(actor.id)
    require_strong(account.name, new)
    counted = _counted(account.name, client)
    with _CHECKING:
        wait = workspace.sessions.must_wait(counted)
        if wait:
            refusals.tell("too-many-tries", actor=actor.id)
            raise TooSoonError(wait)
        try:
            workspace.accounts.prove(actor.id, old)
        except NotSettledError:
            refusals.tell("wrong-password", actor=actor.id)
            raise
    with workspace.writing():
        workspace.sessions.succeeded(counted)
        workspace.accounts.set_password(actor.id, new)
        workspace.sessions.choose(actor.id, by_another=False)
        ended = workspace.sessions.end_all(actor.id, End.PASSWORD)
        workspace.ledger.append(actor.id, "password-change", detail={"sessions": ended})
        return workspace.sessions.begin(actor.id)


def add_account(
    workspace: Workspace, name: str, duties: Sequence[str], password: str, *, who: Actor
) -> Account:
    """Add an account with duties and a first password, which its owner must change."""
    actor = workspace.accounts.act(who, Duty.ADMINISTRATOR)
    wanted = [_duty(one) for one in dict.fromkeys(duties)]
    if not wanted:
        raise UsageError(_NO_DUTY_NAMED)
    require_strong(name, password)
    with workspace.writing():
        taken = {one.name.casefold() for one in workspace.accounts.all()}
        if name.strip().casefold() in taken:
            raise UsageError(_NAME_TAKEN)
        account = workspace.accounts.add(name, wanted[0], password)
        for duty in wanted[1:]:
            account = workspace.accounts.add(name, duty)
        workspace.sessions.choose(account.id, by_another=True)
        for duty in wanted:
            detail: Detail = {"account": account.id, "duty": duty.value, "password": True}
            workspace.ledger.append(actor.id, "user-add", detail=detail)
    return account


def reset_password(workspace: Workspace, account: str, password: str, *, who: Actor) -> None:
    """Give another account a password, which its owner must change; its sessions end."""
    actor = _over(workspace, account, who)
    with workspace.writing():
        workspace.accounts.set_password(account, password)
        workspace.sessions.choose(account, by_another=True)
        ended = workspace.sessions.end_all(account, End.PASSWORD)
        detail: Detail = {"account": account, "sessions": ended}
        workspace.ledger.append(actor.id, "password-reset", detail=detail)


def add_duty(workspace: Workspace, account: str, duty: str, *, who: Actor) -> None:
    """Give an account one more duty."""
    actor = workspace.accounts.act(who, Duty.ADMINISTRATOR)
    wanted = _duty(duty)
    with workspace.writing():
        known = workspace.accounts.with_id(account)
        workspace.accounts.add(known.name, wanted)
        has = known.has_password
        detail: Detail = {"account": account, "duty": wanted.value, "password": has}
        workspace.ledger.append(actor.id, "user-add", detail=detail)


def remove_duty(workspace: Workspace, account: str, duty: str, *, who: Actor) -> None:
    """Take a duty from an account; the last administrator keeps theirs."""
    actor = workspace.accounts.act(who, Duty.ADMINISTRATOR)
    unwanted = _duty(duty)
    with workspace.writing():
        if unwanted is Duty.ADMINISTRATOR:
            _require_another(workspace, account)
        workspace.accounts.remove_duty(account, unwanted)
        detail: Detail = {"account": account, "duty": unwanted.value}
        workspace.ledger.append(actor.id, "duty-removed", detail=detail)


def disable(workspace: Workspace, account: str, *, who: Actor) -> None:
    """Take every duty and the password from another account; its sessions end."""
    actor = _over(workspace, account, who)
    with workspace.writing():
        _require_another(workspace, account)
        workspace.accounts.disable(account)
        workspace.sessions.end_all(account, End.DISABLED)
        workspace.ledger.append(actor.id, "account-disabled", detail={"account": account})


def _counted(name: str, client: str) -> tuple[Try, Try]:
    by_name = Try("name", name.strip().casefold(), _TRIES_OF_NAME)
    return by_name, Try("client", client, _TRIES_OF_CLIENT)


def _duty(duty: str) -> Duty:
    if duty not in set(Duty):
        raise UsageError(_NO_SUCH_DUTY)
    return Duty(duty)


def _over(workspace: Workspace, account: str, who: Actor) -> Actor:
    """An administrator who does something to an account that is not their own."""
    actor = workspace.accounts.act(who, Duty.ADMINISTRATOR)
    if workspace.accounts.with_id(account).id == actor.id:
        raise UsageError(_OWN_ACCOUNT)
    return actor


def _require_another(workspace: Workspace, account: str) -> None:
    others = (one for one in workspace.accounts.all() if one.id != account and one.has_password)
    if not any(Duty.ADMINISTRATOR in one.duties for one in others):
        raise UsageError(_LAST_ADMINISTRATOR)
