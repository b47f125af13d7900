"""Nouns of what is served: a site, a visit to it, and a refusal."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Environment
from starlette.datastructures import FormData
from starlette.requests import Request

from pipeline.errors import UsageError
from pipeline.flow.refusing import NOBODY, Refusals
from pipeline.store.accounts import Account, Actor, Duty
from pipeline.store.sessions import Session
from pipeline.store.workspace import Workspace

TOKEN_FIELD, TOKEN_HEADER = "form-token", "x-csrf-token"
_NOT_UNDERSTOOD = "What was sent is not as this page needs it. Nothing was done. Try again."


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages of one site share: those of the desk, or those for researchers.

    `name` is what people call it, `key` what its cookies are called after, `done` what a page
    says after a step, by the code in its address; `secure` says that it is reached over TLS.
    """

    name: str
    key: str
    workspace: Workspace
    refusals: Refusals
    templates: Environment
    done: Mapping[str, str]
    secure: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for what. `form` and `sent` (of JSON) hold what came with a POST, checked."""

    request: Request
    site: Site
    token: str
    session: Session | None = None
    account: Account | None = None
    actor: Actor | None = None
    must_choose: bool = False
    form: FormData = field(default_factory=FormData)
    sent: Mapping[str, object] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        """The workspace of the site."""
        return self.site.workspace

    @property
    def who(self) -> Actor:
        """Who acts. Only pages behind `needs` may ask."""
        if self.actor is None:
            raise RuntimeError("nobody is signed in on this page")
        return self.actor

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The duties of whoever is signed in."""
        return () if self.account is None else self.account.duties

    @property
    def client(self) -> str:
        """The address that the request came from."""
        return self.request.client.host if self.request.client else ""

    @property
    def form_token(self) -> str:
        """What each form of this session carries; no other site can know it."""
        return form_token(self.token)

    def said(self, name: str, most: int = 1000) -> str:
        """The text of a field of the form, empty where there is none; UsageError where too long."""
        value = self.form.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            raise UsageError(_NOT_UNDERSTOOD)
        return value

    def asked(self, name: str) -> str:
        """A value of the address' query, empty where there is none. Never put a name there."""
        return self.request.query_params.get(name, "")[:200]


class RefusedError(Exception):
    """What was asked is refused: the ledger gets the code, the person the text."""

    def __init__(
        self, code: str, text: str, status: int = 403, *, review: str | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.text, self.status, self.review = code, text, status, review
        self.actor = NOBODY
        self.account: str | None = None
        self.why: str | None = None
        self.untold = False
        self.replayed: Session | None = None  # told once a session


def form_token(token: str) -> str:
    """The token of the forms of a session, or of a visitor who is not signed in."""
    return hmac.new(token.encode(), b"candour form", hashlib.sha256).hexdigest()
