"""Commands that serve pages to a browser: serve desk, serve explore."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import say
from pipeline.cli.workspace import Home, home_of
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.web.security import Guard

_DESK_NETWORK = (
    "Other computers can reach this desk. Whoever reaches it can try to sign in, and what is "
    "shown there holds names. Keep it behind a firewall, in a network that you control."
)
_EXPLORE_NETWORK = (
    "Other computers can reach the reading room. Whoever reaches it can try to sign in. Keep it "
    "behind a firewall, in a network that you control."
)
_NO_TLS = (
    "There is no certificate: passwords and reports cross the network so that others on it can "
    "read them. Add --certificate and --certificate-key, or put a server with TLS before it."
)
serve_app = typer.Typer(help="Pages for a browser on this computer.", no_args_is_help=True)


@serve_app.callback()
def serve() -> None:
    """Pages for a browser on this computer."""


Host = Annotated[str, typer.Option("--host", help="The address to listen at.")]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")]
Network = Annotated[bool, typer.Option("--allow-network", help="Let other computers reach it.")]
Names = Annotated[
    list[str] | None,
    typer.Option("--name", help="A name under which browsers reach it, as desk.example:8440."),
]
Certificate = Annotated[
    Path | None, typer.Option("--certificate", help="A certificate for TLS (PEM).")
]
CertificateKey = Annotated[
    Path | None, typer.Option("--certificate-key", help="Its private key (PEM).")
]
Port = typer.Option("--port", min=0, max=65535, help="0 takes one that is free.")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where pages are to be served, as it was asked for."""

    host: str
    port: int
    names: tuple[str, ...]
    certificate: Path | None
    key: Path | None
    open_it: bool
    allow_network: bool


@serve_app.command("desk")
def desk(
    home: Home = None,
    host: Host = "127.0.0.1",
    port: Annotated[int, Port] = 8440,
    open_it: Open = False,
    allow_network: Network = False,
    name: Names = None,
    certificate: Certificate = None,
    certificate_key: CertificateKey = None,
) -> None:
    """Serve the review desk: sign in, take reviews in, settle, approve. Ctrl+C ends it.

    Example: candour serve desk --home reviews
    """
    names = tuple(name or ())
    place = _Place(host, port, names, certificate, certificate_key, open_it, allow_network)
    _require(place)
    from pipeline.web.desk import app

    _serve(app.make, "desk", _DESK_NETWORK, home, place)


@serve_app.command("explore")
def explore(
    home: Home = None,
    host: Host = "127.0.0.1",
    port: Annotated[int, Port] = 8450,
    open_it: Open = False,
    allow_network: Network = False,
    name: Names = None,
    certificate: Certificate = None,
    certificate_key: CertificateKey = None,
) -> None:
    """Serve the reading room for researchers: lessons, trends, search. It needs no key.

    Example: candour serve explore --home reviews
    """
    names = tuple(name or ())
    place = _Place(host, port, names, certificate, certificate_key, open_it, allow_network)
    _require(place)
    from pipeline.web.explore import app

    _serve(app.make, "reading room", _EXPLORE_NETWORK, home, place)


def _require(place: _Place) -> None:
    """UsageError where that is not how pages are served."""
    if not _is_local(place.host) and not place.allow_network:
        raise UsageError(
            "That address can be reached from other computers. Nothing was started. Leave --host "
            "out, or add --allow-network if that is meant."
        )
    if (place.certificate is None) != (place.key is None):
        raise UsageError(
            "A certificate and its key go together. Nothing was started. Name both, or neither."
        )


def _serve(
    make: Callable[..., Guard], what: str, network: str, home: Path | None, place: _Place
) -> None:
    """Serve a site until Ctrl+C, once it was said where it is."""
    from pipeline.web import serving

    listening = _listening(place.host, place.port)
    hosts = [*_names(place.host, listening.getsockname()[1]), *place.names]
    secure = place.certificate is not None
    made = make(home_of(home), hosts=hosts, secure=secure)
    ready = serving.server(made, place.certificate, place.key)
    if not _is_local(place.host):
        say(network)
        if not secure:
            say(_NO_TLS)
    if not serving.somebody_may_sign_in(made):
        say(
            "Nobody can sign in yet: no account has a password. Add one with `candour user add "
            "NAME --duty administrator`."
        )
    address = f"{'https' if secure else 'http'}://{hosts[0]}/"
    say(f"The {what} is at {address} until you press Ctrl+C.")
    if place.open_it:
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
    """The names under which a site answers; an address of no one place is no name.

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
            "Nothing can listen at that address and port: it is in use, or not one of this "
            "computer. Nothing was started. Name another --port or --host."
        ) from None
    return made


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(serve_app, name="serve")
