"""Circulation: each recipient gets the release of its profile, and what is new for its agency.

What goes out is a copy of what was released, checked against its manifest; a digest speaks only of
texts that were released under the same profile, by their public ids.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.door import audiences, provenance
from pipeline.errors import StoreError, UsageError
from pipeline.exporters import to_digest
from pipeline.flow import editions, learned, release_folder, shaping
from pipeline.safe import agencies, recur, release_words
from pipeline.safe import release as nouns
from pipeline.safe.digest import Period
from pipeline.safe.digest import digest as make_digest
from pipeline.safe.lesson import NOT_STATED, Lesson, Passage
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.casefile import CaseFile, Handout
from pipeline.store.ledger import Detail
from pipeline.store.recipients import Recipient, Recipients
from pipeline.store.register import today
from pipeline.store.releases import Released, Releases, last_of
from pipeline.store.vault import Vault

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Row = dict[str, object]
DIGEST = "digest.html"
_NOBODY = (
    "There is no recipient in this workspace. Nothing was sent. Add one with `candour circulate "
    "add`."
)
_NO_SUCH = "There is no recipient of that name. Nothing was changed. See `candour circulate`."
_NOT_RELEASED = (
    "A recipient gets a profile under which this quarter was not released. Nothing was sent. "
    "Release it first, with `candour release`, or remove the recipient."
)
_NOT_THERE = (
    "The folder of a release is no longer where it was made, or is not as it was released. Nothing "
    "was sent. Put it back, or make a new edition with `candour release --again`."
)
_STANDS = (
    "The folder for a recipient stands there already. Nothing was sent. Name a new folder with "
    "--out."
)
_NOT_WRITTEN = (
    "The folder for the recipients could not be written. Nothing was sent. Check the folder, its "
    "owner and the room on the disk."
)


def matrix() -> tuple[Row, ...]:
    """Which profiles may go to which kind of recipient, a row a kind."""
    return tuple(
        {"kind": one.kind, "profiles": list(one.profiles), "means": one.means}
        for one in audiences.audiences()
    )


def recipients(workspace: Workspace) -> tuple[Row, ...]:
    """Every recipient with its kind, its profile and the agency whose digest it gets."""
    return tuple(asdict(one) for one in Recipients(workspace.database).all())


def add(workspace: Workspace, one: Recipient, *, as_name: Who, password: str | None = None) -> None:
    """Add a recipient, or change it; UsageError where its kind may not have the profile."""
    actor = _actor(workspace, as_name, password)
    audiences.require_allowed(one.kind, one.profile)
    agency = agencies.named(one.agency).name if one.agency else ""
    with workspace.writing():
        kept = replace(one, name=editions.one_line(one.name), agency=agency)
        Recipients(workspace.database).add(kept)
        detail = {"kind": one.kind, "profile": one.profile}
        workspace.ledger.append(actor.id, "recipient", detail=detail)


def remove(workspace: Workspace, name: str, *, as_name: Who, password: str | None = None) -> None:
    """Remove a recipient: nothing more goes to it. What it has stays in the lists of who has it."""
    actor = _actor(workspace, as_name, password)
    with workspace.writing():
        if not Recipients(workspace.database).remove(" ".join(name.split())):
            raise UsageError(_NO_SUCH)
        workspace.ledger.append(actor.id, "recipient-removed")


def _actor(workspace: Workspace, who: Who, password: str | None) -> Actor:
    return workspace.accounts.act(who, Duty.APPROVER, Duty.ADMINISTRATOR, password=password)


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What one recipient gets: a release's files, and the page of its digest."""

    recipient: Recipient
    released: Released
    files: Mapping[str, bytes]
    digest: bytes

    @property
    def folder(self) -> str:
        """The name of its folder: the recipient's, in letters and digits."""
        plain = re.sub(r"[^a-z0-9]+", "-", self.recipient.name.lower()).strip("-")
        return plain or "recipient"

    @property
    def release(self) -> str:
        """The name of the release's folder in it."""
        return nouns.name(self.released.quarter, self.released.profile, self.released.edition)


def send(
    workspace: Workspace,
    quarter: str,
    out: Path,
    *,
    as_name: Who,
    password: str | None = None,
) -> tuple[Row, ...]:
    """Write a folder for each recipient, with its release and its digest; a row a recipient.

    All or none: UsageError where one may not have its profile, or its release was not made.
    """
    actor = _actor(workspace, as_name, password)
    quarter = nouns.quarter(quarter)
    everyone = Recipients(workspace.database).all()
    if not everyone:
        raise UsageError(_NOBODY)
    for one in everyone:
        audiences.require_allowed(one.kind, one.profile)
    vault = Vault.unlock(workspace)
    made = {
        profile: _released(workspace, vault, quarter, profile)
        for profile in sorted({one.profile for one in everyone})
    }
    parcels = [
        _Parcel(one, *made[one.profile], _digest(workspace, quarter, one.profile, one.agency))
        for one in everyone
    ]
    try:
        _write(workspace, vault, actor, parcels, out)
    except OSError:
        # Not chained: the error holds a path.
        raise StoreError(_NOT_WRITTEN) from None
    return tuple(
        {
            "recipient": one.recipient.name,
            "kind": one.recipient.kind,
            "profile": one.recipient.profile,
            "agency": one.recipient.agency,
            "reviews": len(one.released.reviews),
            "folder": str(out / one.folder),
        }
        for one in parcels
    )


def _released(
    workspace: Workspace, vault: Vault, quarter: str, profile: str
) -> tuple[Released, Mapping[str, bytes]]:
    """The last edition of a quarter, with its files as they were released."""
    released = last_of(Releases(workspace.database).all(profile=profile), quarter)
    if released is None:
        raise UsageError(_NOT_RELEASED)
    name = nouns.name(released.quarter, released.profile, released.edition)
    cases = (CaseFile(vault, review) for review, _ in released.reviews)
    key = workspace.keys.signing_key().public_key()
    for folder in release_folder.known(cases, name, copies=False):
        if release_folder.found(folder):
            files = release_folder.contents(folder)
            statement = provenance.verify(files[nouns.MANIFEST], key)
            named = {*provenance.subjects(statement), nouns.MANIFEST}
            own = {one: files[one] for one in named if one in files}
            others = {one: data for one, data in own.items() if one != nouns.MANIFEST}
            if all(check.holds for check in provenance.files_hold(statement, others)):
                return released, own
    raise StoreError(_NOT_THERE)


def _write(
    workspace: Workspace, vault: Vault, actor: Actor, parcels: Sequence[_Parcel], out: Path
) -> None:
    """Write every folder beside its place, write down who gets what, and put them there."""
    out.mkdir(parents=True, exist_ok=True)
    release_folder.clear(out)
    if len({one.folder for one in parcels}) < len(parcels) or any(
        (out / one.folder).exists() for one in parcels
    ):
        raise UsageError(_STANDS)
    beside = Path(tempfile.mkdtemp(prefix=release_folder.QUARANTINE, dir=out))
    try:
        for one in parcels:
            _write_one(one, beside / one.folder)
        with workspace.writing():
            for one in parcels:
                _hand_out(workspace, vault, actor, one, out / one.folder / one.release)
        for one in parcels:
            (beside / one.folder).rename(out / one.folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write_one(one: _Parcel, folder: Path) -> None:
    made = release_folder.written(one.files, _new(folder), one.released.quarter)
    release_folder.put(made, folder / one.release)
    (folder / DIGEST).write_bytes(one.digest)


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _hand_out(workspace: Workspace, vault: Vault, actor: Actor, one: _Parcel, folder: Path) -> None:
    """Keep, for each text of the release, that this recipient has it: a withdrawal tells them."""
    for review, public_id in one.released.reviews:
        start = f"{nouns.TEXTS}/{public_id}."
        files = tuple(sorted(name for name in one.files if name.startswith(start)))
        handout = Handout(
            profile=one.released.profile,
            public_id=public_id,
            date=today(),
            files=files,
            folder=str(folder.resolve()),
            recipients=(one.recipient.name,),
        )
        CaseFile(vault, review).hand_out(handout)
        detail: Detail = {
            "recipients": 1,
            "profile": one.released.profile,
            "public_id": public_id,
            "manifest": provenance.sha256(one.files[nouns.MANIFEST]),
        }
        workspace.ledger.append(actor.id, "publish", review, detail)


# -- what is new for an agency -------------------------------------------------------------


def _digest(workspace: Workspace, quarter: str, profile: str, agency: str) -> bytes:
    """What a quarter's release says that is new for an agency, over what was released before."""
    every = Releases(workspace.database).all(profile=profile)
    standing = shaping.standing_past(workspace, [one for one in every if one.done])
    known = [one for one in standing if one.quarter <= quarter]
    ids = {review: drawn for one in known for review, drawn in one.reviews}
    quarters = {drawn: one.quarter for one in known for _, drawn in one.reviews}
    passages = _passages(workspace, profile, ids)
    facts = workspace.library.facts(prefer=profile)
    years = {drawn: facts[review].year for review, drawn in ids.items() if review in facts}
    themes = learned.codebook(workspace.library).all
    titles = {theme.code: theme.title for theme in themes}
    lessons = _lessons(workspace, passages, ids, years, titles)
    first = int(nouns.last_day(quarter)[5:7]) - 2
    made = make_digest(
        Period(f"{quarter[:4]}-{first:02d}", nouns.last_day(quarter)[:7]),
        {drawn: nouns.last_day(quarters[drawn]) for drawn in ids.values()},
        passages,
        lessons,
        themes,
        facts={drawn: facts[review] for review, drawn in ids.items() if review in facts},
        agency=agency or None,
    )
    return to_digest.render(made)


def _passages(workspace: Workspace, profile: str, ids: Mapping[str, str]) -> tuple[Passage, ...]:
    """The passages that stand word for word in texts released under the profile, by public id."""
    found = []
    texts: dict[str, str] = {}
    for passage in workspace.library.passages(include_drafts=False):
        review = passage.review
        if review not in ids:
            continue
        if review not in texts:
            document = workspace.library.document(review, profile)
            usable = document is not None and not document.draft
            texts[review] = document.text.value if usable and document is not None else ""
        if passage.text in texts[review]:
            found.append(replace(passage, review=ids[review]))
    return tuple(found)


def _lessons(
    workspace: Workspace,
    passages: Sequence[Passage],
    ids: Mapping[str, str],
    years: Mapping[str, str],
    titles: Mapping[str, str],
) -> tuple[Lesson, ...]:
    """The lessons counted again over those passages, with titles that one of them vouches for."""
    if workspace.library.last_run(include_drafts=False) is None:
        return ()
    there = {(p.review, p.id): p.text for p in passages}
    made = []
    for lesson in learned.lessons(workspace.library, prefer=workspace.settings.profile):
        pairs = tuple((ids[r], own) for r, own in lesson.passages if r in ids)
        review, quoted = lesson.quote_from
        at = (ids.get(review, ""), quoted)
        kept = [pair for pair in pairs if pair in there]
        if kept and at not in there:
            at = kept[0]
        if not kept:
            continue
        quote = lesson.quote if lesson.quote in there[at] else there[at]
        plain = nouns.plain(lesson.title)
        vouched = any(plain in nouns.plain(there[pair]) for pair in kept)
        title = lesson.title if vouched else titles.get(lesson.theme, release_words.NO_TITLE)
        made.append(
            replace(lesson, title=title, passages=pairs, quote=quote, quote_from=at, draft=False)
        )
    known = {one.review: years.get(one.review, NOT_STATED) for one in passages}
    return recur.approved(made, passages, {**years, **known})
