"""What stands before every page: which requests are heard at all, and with what headers all go out.

It is the outermost part of a site: what any other part lets through as an error ends here,
as a plain page of constant text.
"""

from __future__ import annotations

import re
import sys
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import CandourError
from pipeline.flow.refusing import Refusals

MOST_BYTES = 1024 * 1024
MOST_UPLOAD = 200 * 1024 * 1024
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), "
        "display-capture=(), browsing-topics=()"
    ),
    "X-Robots-Tag": "noindex, nofollow",
}
_KEPT_A_YEAR = "max-age=31536000"
# A step up, in whatever way it is written, or a second slash: no address of a site has one.
_OUTSIDE = re.compile(rb"(^|/)\.\.?(/|$)|//|\\|\x00|%00|%2f|%5c|%25", re.IGNORECASE)
_BURST, _A_SECOND = 300.0, 30.0
_MOST_CLIENTS = 4096

Texts = dict[int, str]
TEXTS: Texts = {
    400: "The request was not as this page needs it. Nothing was done.",
    404: "The address may be mistyped, or what it named is gone. Nothing was done.",
    413: "More was sent than is taken at once. Nothing was taken in.",
    421: "No pages are served under this name. Open it at the address that was printed.",
    429: "Too much was asked at once. Nothing was done. Wait a little, then try again.",
    500: (
        "Something went wrong in Candour itself. Nothing was released. If it happens again, "
        "report what the window of Candour says: it holds no word of a document."
    ),
}

_PAGE = """<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading} – Candour {name}</title>
<link rel="stylesheet" href="/static/site.css"></head>
<body><div class="wide body"><main><h1>{heading}</h1><p class="lead">{text}</p>
<p><a href="/">Go to the start page</a></p></main></div></body>
</html>
"""
HEADINGS = {
    400: "That did not work",
    401: "You are not signed in",
    403: "This is not allowed",
    404: "There is no such page",
    409: "That cannot be done now",
    413: "That is too large",
    421: "Nothing is here",
    422: "That could not be read",
    429: "Too much at once",
    500: "Something went wrong",
    503: "The workspace cannot be used now",
}


class TooLargeError(Exception):
    """More was sent than is taken at once."""


class Rate:
    """So many requests of a client: a burst, then some a second."""

    def __init__(self, burst: float = _BURST, a_second: float = _A_SECOND) -> None:
        self._burst, self._a_second = burst, a_second
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, client: str) -> bool:
        """Whether one more may come from this client now."""
        at = time.monotonic()
        left, last = self._left.pop(client, (self._burst, at))
        left = min(self._burst, left + (at - last) * self._a_second)
        self._left[client] = (max(0.0, left - 1.0), at)
        while len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)
        return left >= 1.0


class Guard:
    """A site behind its checks: name, address, rate, size; headers; errors."""

    def __init__(
        self,
        app: ASGIApp,
        refusals: Refusals,
        *,
        name: str,
        hosts: Sequence[str],
        secure: bool,
        large: Callable[[str], bool] = lambda _: False,
        rate: Rate | None = None,
    ) -> None:
        self._app = app
        self._name = name
        self._refusals = refusals
        self._hosts = frozenset(host.lower() for host in hosts)
        self._secure = secure
        self.workspace = refusals.workspace
        self._large = large
        self._rate = rate or Rate()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hear one request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        started = False

        async def sent(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add_headers(scope, message)
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            status, code = refused
            await to_thread.run_sync(self._tell, code)
            await _page(status, self._name)(scope, receive, sent)
            return
        try:
            await self._app(scope, _limited(receive, self._most(scope)), sent)
        except Exception as error:  # noqa: BLE001 - whatever it is, it may quote a document
            say_fault(error)
            if not started:
                await _page(500, self._name)(scope, receive, sent)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Status and code of what is not heard; None where it is."""
        headers = Headers(scope=scope)
        client = scope.get("client") or ("", 0)
        if headers.getlist("host") != [headers.get("host", "")] or (
            headers["host"].lower() not in self._hosts
        ):
            return 421, "wrong-host"
        if not self._rate.allows(client[0]):
            return 429, "too-many-requests"
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        if _OUTSIDE.search(raw) or _OUTSIDE.search(scope["path"].encode("utf-8", "replace")):
            return 404, "path-outside"
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return 400, "malformed-request"
        if int(length[:12]) > self._most(scope):
            return 413, "too-large"
        return None

    def _tell(self, code: str) -> None:
        try:
            self._refusals.tell(code)
        except CandourError as error:
            say_fault(error)  # the refusal stands, written down or not

    def _most(self, scope: Scope) -> int:
        return MOST_UPLOAD if self._large(scope["path"]) else MOST_BYTES

    def _add_headers(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in _HEADERS.items():
            headers[name] = value
        headers.setdefault("Cache-Control", "no-store")
        if self._secure:
            headers["Strict-Transport-Security"] = _KEPT_A_YEAR


def _page(status: int, name: str) -> HTMLResponse:
    """A page of constant text, which needs nothing of the site."""
    said = _PAGE.format(heading=HEADINGS[status], text=TEXTS[status], name=name)
    return HTMLResponse(said, status)


def _limited(receive: Receive, most: int) -> Receive:
    """What is received, until it is more than was allowed: a length may be untrue or missing."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLargeError
        return message

    return limited


def say_fault(error: BaseException) -> None:
    """Say on standard error where in our own code something went wrong: no value, no address."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "pipeline" in Path(frame.filename).parts]
    where = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "unknown place"
    sys.stderr.write(f"candour: a fault in its pages ({type(error).__name__} at {where}).\n")
