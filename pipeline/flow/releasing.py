"""Releasing: a quarter's approved reviews go out together, so that none can be tied to its case.

No board, no day, no order of receipt: a batch of several, by ids drawn at random, every file with
one date. The folder is made beside its place, judged by the gate, and only then put there.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.door import policy as policies
from pipeline.door import provenance, verify_release
from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.flow import approved, release_folder, shaping
from pipeline.flow.approved import Going, Ready
from pipeline.safe import release as nouns
from pipeline.safe import risk as rarity
from pipeline.safe.lesson import NOT_STATED
from pipeline.safe.release import Gone, Release
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.casefile import CaseFile
from pipeline.store.ledger import Detail
from pipeline.store.register import Row, State, today
from pipeline.store.releases import Released, Releases, last_of
from pipeline.store.vault import Vault

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Progress = Callable[[str], None]

WITHDRAWN = "It was withdrawn, and goes out no more."
HELD = "A hold stands on it."
NOT_APPROVED = "It is not approved under this profile."
VOID = "It was changed since it was approved: approve it again."
RELEASED = "It went out with another quarter's release."
WAITS = "There are too few new ones for a batch: it waits for the next release."
_NAMED = (
    "A review that was named cannot be released: it was withdrawn, is on hold, is not approved "
    "under this profile, or went out before. Nothing was released. See which and why with "
    "--dry-run."
)
_TOO_FEW = (
    "There are fewer reviews to release than the workspace's smallest batch (min_batch in its "
    "settings): who knows of one case could tell which text is its own. Nothing was released. "
    "Wait for more, or release them with the next quarter."
)
_DONE = (
    "This quarter was released under this profile already. Nothing was released. Make a new "
    "edition, with the same ids, by --again; what is new goes out with the next quarter."
)
_NEVER = (
    "This quarter was not released under this profile yet, so there is no edition to follow. "
    "Nothing was released. Leave --again out."
)
_STANDS = (
    "A folder of that release's name stands there already. Nothing was released. Move it, or name "
    "another folder with --out."
)
_LEDGER_BROKEN = (
    "The ledger of this workspace was changed: its chain does not hold. Nothing was released. "
    "Restore the whole workspace from one backup."
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A review that could be released: whether it goes, else why not."""

    review: str
    why: str = ""
    ready: Ready | None = field(default=None, repr=False)

    @property
    def goes(self) -> bool:
        """Whether it goes out."""
        return not self.why


@dataclass(frozen=True, slots=True)
class _Order:
    """What is asked for: which quarter, profile and edition, and what was released before."""

    quarter: str
    profile: str
    edition: int
    before: tuple[Released, ...]
    last: Released | None


def candidates(
    workspace: Workspace,
    quarter: str,
    profile: str,
    *,
    reviews: Sequence[str] = (),
    again: bool = False,
    progress: Progress | None = None,
) -> tuple[Candidate, ...]:
    """Every review that could go out, or those named, each with why it does not where it does not.

    What is listed is judged as it would go out: decisions, profile and files are compared with
    what was approved. Only the gate over the finished folder is left out.
    """
    order = _ordered(workspace, quarter, profile, again)
    rows = [workspace.register.row(one) for one in dict.fromkeys(reviews)]
    vault, tell, found = Vault.unlock(workspace), progress or (lambda _: None), []
    wanted = rows or list(workspace.register.rows())
    for done, row in enumerate(wanted, start=1):
        why = _standing(workspace, row, order)
        if why:
            found.append(Candidate(row.review, why))
            continue
        case = CaseFile(vault, row.review)
        try:
            ready = approved.ready(workspace, case, profile, as_kept=True)
            found.append(Candidate(row.review, ready=ready))
            tell(f"{done} of {len(wanted)} reviews looked at.")
        except NotSettledError:
            found.append(Candidate(row.review, VOID))
    return _batch(found, order, workspace.settings.min_batch)


def _ordered(workspace: Workspace, quarter: str, profile: str, again: bool) -> _Order:
    policies.load(profile).require_release()
    quarter = nouns.quarter(quarter)
    before = Releases(workspace.database).all(profile=profile)
    last = last_of(before, quarter)
    if last is not None and not again:
        raise UsageError(_DONE)
    if last is None and again:
        raise UsageError(_NEVER)
    others = tuple(one for one in before if one.done and one.quarter != quarter)
    return _Order(quarter, profile, last.edition + 1 if last else 1, others, last)


def _standing(workspace: Workspace, row: Row, order: _Order) -> str:
    """Why a review may not go out, as far as the register tells; "" where it may."""
    if row.state is State.WITHDRAWN:
        return WITHDRAWN
    if workspace.register.approval(row.review, order.profile) is None:
        return NOT_APPROVED
    if row.hold is not None:
        return HELD
    if any(row.review == one for release in order.before for one, _ in release.reviews):
        return RELEASED
    return ""


def _batch(found: Sequence[Candidate], order: _Order, least: int) -> tuple[Candidate, ...]:
    """A new edition takes in what is new only where that is a batch by itself."""
    if order.last is None:
        return tuple(found)
    own = {review for review, _ in order.last.reviews}
    new = [one for one in found if one.goes and one.review not in own]
    if len(new) >= least:
        return tuple(found)
    late = {one.review for one in new}
    return tuple(Candidate(one.review, WAITS) if one.review in late else one for one in found)


def dry_run(
    workspace: Workspace,
    quarter: str,
    profile: str,
    *,
    as_name: Who,
    password: str | None = None,
    reviews: Sequence[str] = (),
    again: bool = False,
    progress: Progress | None = None,
) -> tuple[dict[str, object], ...]:
    """A row for each candidate: whether it goes and why not, and how rare its facts are."""
    _actor(workspace, as_name, password)
    found = candidates(workspace, quarter, profile, reviews=reviews, again=again, progress=progress)
    people = rarity.people(workspace.library.documents(include_drafts=True))
    going = {one.review: one.ready.redaction for one in found if one.ready and one.goes}
    elsewhere = verify_release.hidden_by_others(going)
    rows = []
    for one in found:
        judged = people.judged(one.review)
        rows.append(
            {
                "review": one.review,
                "goes": one.goes,
                "why": one.why,
                "rarity": judged.verdict if judged else NOT_STATED,
                "k": judged.k if judged else None,
                "of": len(people.facts),
                "rare_by": judged.rare_by if judged else "",
                "hidden_by_others": list(elsewhere.get(one.review, ())),
            }
        )
    return tuple(rows)


def release(
    workspace: Workspace,
    quarter: str,
    profile: str,
    out: Path,
    *,
    as_name: Who,
    password: str | None = None,
    reviews: Sequence[str] = (),
    again: bool = False,
    progress: Progress | None = None,
) -> dict[str, object]:
    """Release a quarter's approved reviews into a folder below `out`; what went and what did not.

    NotSettledError where there are fewer than the smallest batch, or one that was named may not
    go; UsageError where the quarter was released before and this is not a new edition; LeakError
    where the gate finds something in any file. In each case nothing is released.
    """
    actor = _actor(workspace, as_name, password)
    if workspace.ledger.verify() is not None:
        raise StoreError(_LEDGER_BROKEN)
    _finished(workspace)
    order = _ordered(workspace, quarter, profile, again)
    found = candidates(workspace, quarter, profile, reviews=reviews, again=again, progress=progress)
    ready = [one.ready for one in found if one.ready is not None and one.goes]
    tell = progress or (lambda _: None)
    _tell(found, tell, workspace.settings.min_batch)
    if reviews and len(ready) < len(found):
        raise NotSettledError(_NAMED)
    if len(ready) < workspace.settings.min_batch:
        raise NotSettledError(_TOO_FEW)
    going = _going(workspace, ready, tell)
    made = shaping.shaped(
        workspace, order.quarter, going, order.edition, order.before, _gone(workspace, order)
    )
    target = out / made.name
    files = _files(workspace, made, going)
    try:
        _out(workspace, actor, made, going, files, target)
    except OSError:
        # Not chained: the error holds a path.
        raise StoreError(approved.NOT_WRITTEN) from None
    return {
        "quarter": made.quarter,
        "profile": made.profile,
        "edition": made.edition,
        "reviews": len(made.reports),
        "lessons": len(made.lessons),
        "files": len(files),
        "folder": str(target),
        "manifest": str(target / nouns.MANIFEST),
        "left_out": [{"review": one.review, "why": one.why} for one in found if not one.goes],
    }


def _going(workspace: Workspace, ready: Sequence[Ready], tell: Progress) -> list[Going]:
    """The reviews under the ids by which they go out, which is when those are drawn."""
    vault = Vault.unlock(workspace)
    taken, made = set[str](), list[Going]()
    for one in ready:
        case = CaseFile(vault, one.row.review)
        made.append(approved.going(workspace, case, one, taken, judged_later=True))
        tell(f"{len(made)} of {len(ready)} reviews set with their ids.")
    return made


def _finished(workspace: Workspace) -> None:
    """Write down what went out although the run was cut short right after."""
    vault, kept = Vault.unlock(workspace), Releases(workspace.database)
    for one in kept.all():
        name = nouns.name(*one.key)
        cases = (CaseFile(vault, review) for review, _ in one.reviews)
        if not one.done and any(map(release_folder.found, release_folder.known(cases, name))):
            kept.finish(one)


def _tell(found: Sequence[Candidate], tell: Progress, least: int) -> None:
    """Each review that is left out with its reason; those that nobody approved yet as a count."""
    for one in found:
        if one.why not in ("", NOT_APPROVED):
            tell(f"Left out: {one.review}. {one.why}")
    waiting = sum(one.why == NOT_APPROVED for one in found)
    if waiting:
        tell(f"Left out: {waiting} that are not approved under this profile.")
    tell(f"{sum(one.goes for one in found)} may go. The smallest batch is {least}.")


def _actor(workspace: Workspace, who: Who, password: str | None) -> Actor:
    return workspace.accounts.act(who, Duty.APPROVER, Duty.ADMINISTRATOR, password=password)


def _gone(workspace: Workspace, order: _Order) -> tuple[Gone, ...]:
    """What earlier editions of this quarter had and was withdrawn since: told again, as gone."""
    if order.last is None:
        return ()
    own = [
        one
        for one in Releases(workspace.database).all(profile=order.profile)
        if one.quarter == order.quarter
    ]
    gone = {}
    for review, public_id in (pair for one in own for pair in one.reviews):
        for entry in workspace.ledger.rows(review):
            if entry.action == "withdraw":
                gone[public_id] = Gone(public_id, entry.time[:7])
    return tuple(gone[one] for one in sorted(gone))


def _files(workspace: Workspace, made: Release, going: Sequence[Going]) -> dict[str, bytes]:
    """Every file of the release, with the manifest that vouches for them."""
    texts = {f"{nouns.TEXTS}/{name}": data for one in going for name, data in one.files.items()}
    files = release_folder.made(made, texts)
    key = workspace.keys.signing_key()
    return release_folder.signed(made, files, key, workspace.ledger.head())


def _out(
    workspace: Workspace,
    actor: Actor,
    made: Release,
    going: Sequence[Going],
    files: dict[str, bytes],
    target: Path,
) -> None:
    """Write, judge, write down that it goes, and only then let it stand at its place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    release_folder.clear(target.parent)
    if target.exists():
        raise UsageError(_STANDS)
    folder = release_folder.written(files, target.parent, made.quarter)
    try:
        on_disk = release_folder.contents(folder)
        redactions = {one.public_id: one.redaction for one in going}
        verify_release.require_clean(on_disk, made, redactions)
        if on_disk != files:
            raise StoreError(approved.NOT_WRITTEN)
        one = _write_down(workspace, actor, made, going, files, target)
        release_folder.put(folder, target)
    finally:
        shutil.rmtree(folder.parent, ignore_errors=True)
    _published(workspace, one, made, target)


def _write_down(
    workspace: Workspace,
    actor: Actor,
    made: Release,
    going: Sequence[Going],
    files: dict[str, bytes],
    target: Path,
) -> Released:
    """Register and ledger say that the release goes out, before any of it does."""
    vault = Vault.unlock(workspace)
    pairs = tuple((one.row.review, one.public_id) for one in going)
    released = Released(made.quarter, made.profile, made.edition, today(), pairs, done=False)
    with workspace.writing():
        for one in going:
            approved.keep(workspace, CaseFile(vault, one.row.review), one, target)
            own = f"{one.public_id}{approved.MANIFEST}"
            detail: Detail = {
                "recipients": 0,
                "profile": one.approval.profile,
                "public_id": one.public_id,
                "manifest": provenance.sha256(one.files[own]),
                "release": made.quarter.lower(),
                "edition": made.edition,
            }
            workspace.ledger.append(actor.id, "publish", one.row.review, detail)
        Releases(workspace.database).add(released)
        whole: Detail = {
            "quarter": made.quarter.lower(),
            "profile": made.profile,
            "edition": made.edition,
            "reviews": len(going),
            "manifest": provenance.sha256(files[nouns.MANIFEST]),
        }
        workspace.ledger.append(actor.id, "release", detail=whole)
    return released


def _published(workspace: Workspace, one: Released, made: Release, target: Path) -> None:
    """The reviews are published; what was withdrawn while the files went out is taken out again."""
    gone = []
    with workspace.writing():
        Releases(workspace.database).finish(one)
        for review, public_id in one.reviews:
            row = workspace.register.row(review)
            if row.state is State.WITHDRAWN:
                gone.append(public_id)
            elif workspace.register.approval(review, one.profile) is not None:
                workspace.register.change(row, state=State.PUBLISHED, published=today())
    for public_id in gone:
        release_folder.without(
            target,
            public_id,
            today()[:7],
            key=workspace.keys.signing_key(),
            titles=dict(made.themes),
            ledger_head=workspace.ledger.head(),
        )
