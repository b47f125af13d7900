"""The style sheet and the scripts. They are held in memory: no address leads to a folder."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def _files() -> dict[str, tuple[bytes, str, str]]:
    """Content, media type and the mark of its version of every file, by name."""
    found = {}
    for path in Path(__file__).with_name("static").iterdir():
        if path.suffix in _TYPES:
            content = path.read_bytes()
            mark = hashlib.sha256(content).hexdigest()[:12]
            found[path.name] = (content, f"{_TYPES[path.suffix]}; charset=utf-8", mark)
    return found


def address(name: str) -> str:
    """The address of a file; it changes with its content, so that browsers may keep it."""
    return f"/static/{name}?v={_files()[name][2]}"


async def _file(request: Request) -> Response:
    found = _files().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    content, media, mark = found
    known = request.query_params.get("v") == mark
    kept = "private, max-age=31536000, immutable" if known else "no-store"
    return Response(content, headers={"Content-Type": media, "Cache-Control": kept})


ROUTES = (Route("/static/{name}", _file),)
