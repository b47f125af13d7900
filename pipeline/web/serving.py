"""Serving a site: no log of addresses, no mark of the server, nothing trusted of a proxy."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

import uvicorn

from pipeline.errors import UsageError
from pipeline.web.security import Guard

_NO_CERTIFICATE = (
    "The certificate or its key could not be used. Nothing was started. Check that both files are "
    "PEM and belong together."
)


def somebody_may_sign_in(site: Guard) -> bool:
    """Whether any account of the workspace has a password."""
    return any(one.has_password and one.duties for one in site.workspace.accounts.all())


def server(site: Guard, certificate: Path | None, key: Path | None) -> uvicorn.Server:
    """A site, ready to be served; UsageError where the certificate is none."""
    settings = uvicorn.Config(
        site,
        http="h11",
        ws="none",
        lifespan="off",
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="critical",
        proxy_headers=False,
        limit_concurrency=200,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=32 * 1024,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    try:
        settings.load()
    except OSError:  # ssl.SSLError is one; it may name the file
        raise UsageError(_NO_CERTIFICATE) from None
    return uvicorn.Server(settings)


def run(ready: uvicorn.Server, listening: socket.socket) -> None:
    """Serve until Ctrl+C."""
    with suppress(KeyboardInterrupt):
        ready.run(sockets=[listening])
