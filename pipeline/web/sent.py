"""What is sent to a site: it must come from a page of that site, and it stays in memory."""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from pipeline.errors import UsageError
from pipeline.web.security import MOST_UPLOAD
from pipeline.web.visit import TOKEN_FIELD, TOKEN_HEADER, RefusedError, Visit

MOST_FILES = 40
_FORGED = (
    "This form did not come from a page of this site that is open now. Nothing was done. Go "
    "back, load the page again and repeat the step."
)
_BUSY = (
    "Others are sending files just now. Nothing of yours was taken in. Wait a minute, then send "
    "them again."
)
# What is sent is held in memory until it is read: no more than this many at once.
_PARSING = threading.BoundedSemaphore(3)


def require_own_site(request: Request) -> None:
    """Refuse what a browser says another site sent. Some say nothing: then the token decides."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    own = urlsplit(str(request.url)).netloc
    if site not in ("same-origin", "none") or (origin != "null" and urlsplit(origin).netloc != own):
        raise RefusedError("forged-form", _FORGED)


async def with_sent(visit: Visit, files: bool) -> Visit:
    """The visit with what was sent, once its token fits: that of a script comes in a header."""
    kind = visit.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    header = visit.request.headers.get(TOKEN_HEADER)
    if header is not None:
        _require_token(visit, header)
    if kind == "application/json":
        _require_token(visit, header)
        return replace(visit, sent=_json(await visit.request.body()))
    if kind == "application/x-www-form-urlencoded":
        form = await visit.request.form(max_fields=2000)
    elif kind == "multipart/form-data" and files:
        form = await _with_files(visit.request)
    else:
        raise HTTPException(400)
    if header is None:
        _require_token(visit, form.get(TOKEN_FIELD))
    return replace(visit, form=form)


class _InMemory(MultiPartParser):
    """Files that were sent stay in memory: they hold names, and a temporary file outlives much."""

    spool_max_size = MOST_UPLOAD + 1


async def _with_files(request: Request) -> FormData:
    if not _PARSING.acquire(blocking=False):
        raise UsageError(_BUSY)
    try:
        parser = _InMemory(request.headers, request.stream(), max_files=MOST_FILES, max_fields=20)
        return await parser.parse()
    except MultiPartException:
        raise HTTPException(400) from None
    finally:
        _PARSING.release()


def file_content(sent: UploadFile) -> bytes:
    """The bytes of a file that was sent."""
    return sent.file.read()


def plain_name(sent: UploadFile) -> str:
    """A file's name without its own words, which may name somebody: only its ending stays."""
    ending = (sent.filename or "").rpartition(".")[2]
    return f"file.{ending}" if ending.isalnum() and len(ending) < 8 else "file"


def _require_token(visit: Visit, given: object) -> None:
    fits = isinstance(given, str) and hmac.compare_digest(given.encode(), visit.form_token.encode())
    if not fits:
        raise RefusedError("forged-form", _FORGED)


def _json(body: bytes) -> Mapping[str, object]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(content, dict):
        raise HTTPException(400)
    return content
