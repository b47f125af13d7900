"""Style sheets and scripts. They are held in memory: no address leads to a folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SHARED = Path(__file__).with_name("static")


class Files:
    """The files of one site, by name: those that every site has, and those of its own folder."""

    def __init__(self, own: Path) -> None:
        self._files: dict[str, tuple[bytes, str, str]] = {}
        for path in (*SHARED.iterdir(), *own.iterdir()):
            if path.suffix in _TYPES:
                content = path.read_bytes()
                mark = hashlib.sha256(content).hexdigest()[:12]
                self._files[path.name] = (content, f"{_TYPES[path.suffix]}; charset=utf-8", mark)
        self.routes = (Route("/static/{name}", self._file),)

    def address(self, name: str) -> str:
        """The address of a file; it changes with its content, so that browsers may keep it."""
        return f"/static/{name}?v={self._files[name][2]}"

    async def _file(self, request: Request) -> Response:
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        content, media, mark = found
        known = request.query_params.get("v") == mark
        kept = "private, max-age=31536000, immutable" if known else "no-store"
        return Response(content, headers={"Content-Type": media, "Cache-Control": kept})
