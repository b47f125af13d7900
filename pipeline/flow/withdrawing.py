"""Withdrawing: a publication is taken back, with all that was made of it and learned from it.

In this order, so that whatever cuts it short leaves less in the world and never more: register,
approvals, library and ledger in one transaction; then the list beside the master key, by which a
restored backup knows of it; then the vectors; then the files; then the releases. Doing it again
goes on where it was cut.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.door import provenance
from pipeline.errors import StoreError, UsageError
from pipeline.exporters import to_tombstone
from pipeline.flow import editions, learned, learning, release_folder, taken_back
from pipeline.flow.release_folder import Remade
from pipeline.safe import release as nouns
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.casefile import CaseFile, Handout
from pipeline.store.ledger import Detail, Entry
from pipeline.store.register import State, today
from pipeline.store.releases import Released, Releases
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_NO_REASON = (
    "A withdrawal has one of these reasons: leak, court-order, family, error, superseded, other. "
    "Nothing was changed. Name one of them."
)
_OUT_MISSING = (
    "The folder with the published files is not there. Nothing was changed. Name the folder in "
    "which they lie, or leave it out and withdraw in the workspace alone."
)
_NOT_WRITTEN = (
    "The review is withdrawn in the workspace, but the folder with the published files could not "
    "be changed: they may still be read there. Check who owns the folder, and withdraw again."
)
_MANIFEST, _TOMBSTONE = ".manifest.json", ".withdrawn.json"


class Reason(StrEnum):
    """Why something was withdrawn: a code for the ledger, told to nobody outside."""

    LEAK = "leak"
    COURT_ORDER = "court-order"
    FAMILY = "family"
    ERROR = "error"
    SUPERSEDED = "superseded"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Files:
    """What became of the published files in a folder, by name.

    `left` could not be vouched for: nobody knows them, or somebody changed them. They are still
    there, and a person has to look at them.
    """

    removed: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A review that was withdrawn: since when (YYYY-MM), who had it, and what became of files.

    `listed` says that the list beside the master key tells of it.
    `releases` are the folders of releases that had or counted it.
    """

    review: str
    month: str
    public_ids: tuple[str, ...]
    handouts: tuple[Handout, ...]
    files: Files
    listed: bool = True
    releases: tuple[Remade, ...] = ()


def withdraw(
    workspace: Workspace,
    review: str,
    reason: str,
    *,
    out: Path | None = None,
    as_name: Who,
    password: str | None = None,
) -> Withdrawn:
    """Take a review back for good; in a folder, put a signed notice in the place of its files.

    It cannot be opened, decided, approved or published any more. A review that is withdrawn
    already can be withdrawn again: that finishes what was cut short, and reaches another folder.
    """
    if reason not in set(Reason):
        raise UsageError(_NO_REASON)
    if out is not None and not out.is_dir():
        raise UsageError(_OUT_MISSING)
    actor = _actor(workspace, review, as_name, password, "withdraw")
    month = _take_back(workspace, actor, review, Reason(reason))
    listed = _listed(workspace, review)
    learning.forget_vectors(workspace)
    public_ids = _public_ids(workspace, review)
    files = Files()
    if out is not None:
        try:
            files = _notices(workspace, out, public_ids, month)
        except OSError:
            # Not chained: the error holds a path.
            raise StoreError(_NOT_WRITTEN, review=review) from None
        told: Detail = {
            "removed": len(files.removed),
            "written": len(files.written),
            "left": len(files.left),
        }
        workspace.ledger.append(actor.id, "withdraw-files", review, told)
    try:
        releases = tuple(_releases(workspace, review, month, out))
    except OSError:
        raise StoreError(_NOT_WRITTEN, review=review) from None
    if releases:
        became = [one.became.replace(" ", "-") for one in releases]
        workspace.ledger.append(actor.id, "withdraw-releases", review, {"became": became})
    handouts = _handouts(workspace, review)
    return Withdrawn(review, month, public_ids, handouts, files, listed, releases)


def _listed(workspace: Workspace, review: str) -> bool:
    """Whether the list beside the master key tells of it now: without it, too, it is withdrawn."""
    try:
        if review not in {one.review for one in taken_back.listed(workspace)}:
            taken_back.add(workspace, taken_back.withdrawal(workspace, review, today()))
    except StoreError:
        return False
    return True


def _actor(workspace: Workspace, review: str, who: Who, password: str | None, step: str) -> Actor:
    may = (Duty.APPROVER, Duty.ADMINISTRATOR)
    return editions.allowed(workspace, who, *may, password=password, review=review, step=step)


def _take_back(workspace: Workspace, actor: Actor, review: str, reason: Reason) -> str:
    """Register, approvals, library and ledger, all or nothing; the month of the withdrawal."""
    with workspace.writing():
        row = workspace.register.row(review)
        voided = editions.void(workspace, review)
        workspace.library.drop(review)
        if row.state is not State.WITHDRAWN:
            workspace.register.change(row, state=State.WITHDRAWN)
            detail: Detail = {
                "reason": reason.value,
                "was": row.state.value,
                "voided": voided,
                "public_ids": list(_public_ids(workspace, review)),
            }
            workspace.ledger.append(actor.id, "withdraw", review, detail)
        entry = next(e for e in workspace.ledger.rows(review) if e.action == "withdraw")
    return entry.time[:7]


def _publishings(workspace: Workspace, review: str) -> Iterator[tuple[Entry, Mapping[str, str]]]:
    for entry in workspace.ledger.rows(review):
        if entry.action == "publish":
            yield entry, json.loads(entry.detail)


def _public_ids(workspace: Workspace, review: str) -> tuple[str, ...]:
    """Every id under which the review was ever published."""
    told = (detail for _, detail in _publishings(workspace, review))
    return tuple(dict.fromkeys(detail["public_id"] for detail in told))


# -- who has it ----------------------------------------------------------------------------


def recipients(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> tuple[dict[str, object], ...]:
    """To whom a review went: a row each time and recipient, so that they can be told."""
    _actor(workspace, review, as_name, password, "recipients")
    workspace.register.row(review)
    return recipient_rows(_handouts(workspace, review))


def recipient_rows(handouts: tuple[Handout, ...]) -> tuple[dict[str, object], ...]:
    """A row for each publication and recipient; nobody is "" where nobody was named.

    `release` names the release in which it went out; "" where it went out by itself.
    """
    return tuple(
        {
            "recipient": recipient,
            "public_id": one.public_id,
            "profile": one.profile,
            "published": one.date,
            "files": list(one.files),
            "folder": one.folder,
            "release": folder if nouns.is_name(folder := Path(one.folder).name) else "",
        }
        for one in handouts
        for recipient in one.recipients or ("",)
    )


def _handouts(workspace: Workspace, review: str) -> tuple[Handout, ...]:
    """What the vault knows of each publication; of older ones what the ledger tells."""
    kept = CaseFile(Vault.unlock(workspace), review).handouts()
    told = [
        Handout(detail["profile"], detail["public_id"], entry.time[:10], (), "")
        for entry, detail in _publishings(workspace, review)
    ]
    return (*told[: max(0, len(told) - len(kept))], *kept)


# -- the releases --------------------------------------------------------------------------


def _releases(workspace: Workspace, review: str, month: str, out: Path | None) -> Iterator[Remade]:
    """Make every release again that has the review or counts it in its lessons."""
    every = Releases(workspace.database).all()
    own = {one.profile: i for one in every for member, i in one.reviews if member == review}
    vault = Vault.unlock(workspace)
    titles = {theme.code: theme.title for theme in learned.codebook(workspace.library).all}
    for one in every:
        if one.profile not in own:
            continue
        for folder in _folders(vault, one, out):
            remade = release_folder.without(
                folder,
                own[one.profile],
                month,
                key=workspace.keys.signing_key(),
                titles=titles,
                ledger_head=workspace.ledger.head(),
            )
            had_it = any(member == review for member, _ in one.reviews)
            if had_it or remade.became not in (release_folder.AS_IT_WAS, release_folder.NOT_THERE):
                yield remade


def _folders(vault: Vault, one: Released, out: Path | None) -> tuple[Path, ...]:
    """Where a release and its copies were put, and where the caller says that it lies."""
    named = nouns.name(one.quarter, one.profile, one.edition)
    cases = (CaseFile(vault, review) for review, _ in one.reviews)
    told = set(release_folder.known(cases, named))
    if out is not None:
        near = {(path / named).resolve() for path in (out, out.parent)}
        told |= {path for path in near if release_folder.found(path)}
    return tuple(sorted(told))


# -- the files -----------------------------------------------------------------------------


def _notices(workspace: Workspace, out: Path, public_ids: tuple[str, ...], month: str) -> Files:
    """Replace the files of each id that a manifest of our own vouches for."""
    each = [_notice(workspace, out, public_id, month) for public_id in public_ids]
    return Files(
        removed=tuple(name for files in each for name in files.removed),
        written=tuple(name for files in each for name in files.written),
        left=tuple(name for files in each for name in files.left),
    )


def _notice(workspace: Workspace, out: Path, public_id: str, month: str) -> Files:
    """One publication gives way to its notice; the old manifest goes last, so that it can go on.

    The page takes the place of the old one, under the name by which people find it. What lies
    there and is not what was published stays, and the page then stands beside it.
    """
    page = to_tombstone.render(public_id, month)
    manifest, known = out / f"{public_id}{_MANIFEST}", _vouched(workspace, out, public_id)
    home, removed = f"{public_id}.html", []
    ours = {home: page, f"{public_id}.withdrawn.html": page}
    for name in sorted(set(known) - {home}):
        if _is(out / name, known[name]):
            (out / name).unlink()
            removed.append(name)
    stands = out / home
    free = not stands.exists() or _is(stands, known.get(home)) or stands.read_bytes() == page
    name = home if free else f"{public_id}.withdrawn.html"
    _write(out / name, page)
    key = workspace.keys.signing_key()
    statement = provenance.withdrawal(public_id, month, outputs={name: page})
    _write(out / f"{public_id}{_TOMBSTONE}", provenance.signed(statement, key))
    written = (name, f"{public_id}{_TOMBSTONE}")
    if known:
        manifest.unlink(missing_ok=True)
        removed.append(manifest.name)
    beside = [p for p in out.iterdir() if p.name.startswith(f"{public_id}.")]
    known_now = {p.name for p in beside if p.is_file() and p.read_bytes() == ours.get(p.name)}
    left = {p.name for p in beside} - known_now - set(written)
    return Files(tuple(removed), written, tuple(sorted(left)))


def _vouched(workspace: Workspace, out: Path, public_id: str) -> dict[str, str]:
    """The files that a manifest there names, with their hashes; none where it is not our own."""
    manifest = out / f"{public_id}{_MANIFEST}"
    if not manifest.is_file():
        return {}
    try:
        key = workspace.keys.signing_key().public_key()
        statement = provenance.verify(manifest.read_bytes(), key)
        named = provenance.subjects(statement)
    except StoreError:
        return {}
    told = statement["predicate"]
    fits = statement["predicateType"] == provenance.PUBLIC and isinstance(told, dict)
    if not fits or not isinstance(told, dict) or told.get("id") != public_id:
        return {}
    # A bare name of this very id: a manifest leads nowhere else.
    bare = (n for n in named if n.startswith(f"{public_id}.") and Path(n).name == n)
    return {name: named[name] for name in bare}


def _is(path: Path, sha256: str | None) -> bool:
    there = path.is_file() and not path.is_symlink()
    return there and provenance.sha256(path.read_bytes()) == sha256


def _write(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
