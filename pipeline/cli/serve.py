"""Commands that serve pages to a browser: serve desk."""

from __future__ import annotations

import socket
import threading
import webbrowser
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import say
from pipeline.cli.workspace import Home, home_of
from pipeline.errors import UsageError

_NETWORK = (
    "Other computers can reach this desk. Whoever reaches it can try to sign in, and what is "
    "shown there holds names. Keep it behind a firewall, in a network that you control."
)
_NO_TLS = (
    "There is no certificate: passwords and reports cross the network so that others on it can "
    "read them. Add --certificate and --certificate-key, or put a server with TLS before it."
)
serve_app = typer.Typer(help="Pages for a browser on this computer.", no_args_is_help=True)


@serve_app.callback()
def serve() -> None:
    """Pages for a browser on this computer."""


@serve_app.command("desk")
def desk(
    home: Home = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 takes one that is free.")
    ] = 8440,
    open_it: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it in the browser.")
    ] = False,
    allow_network: Annotated[
        bool, typer.Option("--allow-network", help="Let other computers reach it.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A name under which browsers reach it, as desk.example:8440."),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="A certificate for TLS (PEM).")
    ] = None,
    certificate_key: Annotated[
        Path | None, typer.Option("--certificate-key", help="Its private key (PEM).")
    ] = None,
) -> None:
    """Serve the review desk: sign in, take reviews in, settle, approve. Ctrl+C ends it.

    Example: candour serve desk --home reviews
    """
    local = _is_local(host)
    if not local and not allow_network:
        raise UsageError(
            "That address can be reached from other computers. Nothing was started. Leave --host "
            "out, or add --allow-network if that is meant."
        )
    if (certificate is None) != (certificate_key is None):
        raise UsageError(
            "A certificate and its key go together. Nothing was started. Name both, or neither."
        )
    from pipeline.web.desk import app, serving

    listening = _listening(host, port)
    at = listening.getsockname()[1]
    hosts = [*_names(host, at), *(name or [])]
    secure = certificate is not None
    made = app.make(home_of(home), hosts=hosts, secure=secure)
    ready = serving.server(made, certificate, certificate_key)
    if not local:
        say(_NETWORK)
        if not secure:
            say(_NO_TLS)
    if not serving.somebody_may_sign_in(made):
        say(
            "Nobody can sign in yet: no account has a password. Add one with `candour user add "
            "NAME --duty administrator`."
        )
    address = f"{'https' if secure else 'http'}://{hosts[0]}/"
    say(f"The desk is at {address} until you press Ctrl+C.")
    if open_it:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    serving.run(ready, listening)


def _is_local(host: str) -> bool:
    """Whether only this computer can reach an address.

    >>> [_is_local(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "desk.example")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _names(host: str, port: int) -> list[str]:
    """The names under which the desk answers; an address of no one place is no name.

    >>> _names("127.0.0.1", 8440)
    ['127.0.0.1:8440', 'localhost:8440', '[::1]:8440']
    >>> _names("desk.example", 443)
    ['desk.example:443', 'desk.example']
    """
    if _is_local(host):
        own = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        names = [own, f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"]
    else:
        own = f"[{host}]" if ":" in host else host
        names = [f"{own}:{port}"]
        names += [own] if port in (80, 443) else []
    return list(dict.fromkeys(names))


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; UsageError where that may not be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: nobody else listens there as well
        made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise UsageError(
            "The desk cannot listen at that address and port: it is in use, or not one of this "
            "computer. Nothing was started. Name another --port or --host."
        ) from None
    return made


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(serve_app, name="serve")
