"""A release as a folder: written whole and exchanged in one step, read back by its manifest.

What lies in it is enough to make it again without one of its texts: a withdrawal needs no key of
a review and no text of the library.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline import __version__
from pipeline.door import provenance, verify_release
from pipeline.door.provenance import Statement
from pipeline.errors import LeakError, StoreError
from pipeline.exporters import to_site
from pipeline.installed import shipped
from pipeline.safe import release as nouns
from pipeline.safe.release import Release
from pipeline.store.casefile import CaseFile

QUARANTINE = ".quarantine-"
_REPLACED = ".replaced-"
_JSON = ".json"
MADE_AGAIN, NOT_THERE, AS_IT_WAS = "made again", "not there", "as it was"
CHANGED, TAKEN_DOWN = "changed", "taken down"
_NOT_AS_RELEASED = (
    "A folder of a release is not as it was released, so it could not be made again without the "
    "text that was withdrawn. Take the whole folder down, and release the quarter with --again."
)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name from there; what is no plain file is left out."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def public_ids(manifest: Statement) -> tuple[str, ...]:
    """The texts that a release's manifest vouches for, by their public ids."""
    start = f"{nouns.TEXTS}/"
    named = (n for n in provenance.subjects(manifest) if n.startswith(start) and n.endswith(_JSON))
    ids = (name[len(start) : -len(_JSON)] for name in named)
    return tuple(one for one in ids if not one.endswith(".manifest"))


def versions() -> dict[str, str]:
    """What makes a release: the program, and each model that it ships."""
    models = tomllib.loads(shipped("models/manifest.toml").read_text(encoding="utf-8"))
    told = {name: str(one["version"]) for name, one in models.items() if "version" in one}
    return {"program": f"candour {__version__}", **told}


def made(release: Release, texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every file of a release but its manifest: the texts, the pages, and all in one."""
    files = {**texts, **to_site.render(release)}
    return {**files, release.archive: to_site.archive(release, files)}


def signed(
    release: Release,
    files: Mapping[str, bytes],
    key: Ed25519PrivateKey,
    ledger_head: str,
    revoked: tuple[str, ...] = (),
) -> dict[str, bytes]:
    """The files with the manifest that vouches for them."""
    statement = provenance.release(
        quarter=release.quarter,
        profile=release.profile,
        edition=release.edition,
        outputs=files,
        versions=versions(),
        ledger_head=ledger_head,
        withdrawn=[(one.id, one.month) for one in release.gone],
        revoked=revoked,
    )
    return {**files, nouns.MANIFEST: provenance.signed(statement, key)}


def clear(out: Path) -> None:
    """Remove what runs that were killed left behind: nobody checked it."""
    for left in out.glob(f"{QUARANTINE}*"):
        shutil.rmtree(left)


def written(files: Mapping[str, bytes], out: Path, quarter: str) -> Path:
    """The files in a new folder beside the others, all with the last day of the quarter as date."""
    folder = Path(tempfile.mkdtemp(prefix=QUARANTINE, dir=out)) / "release"
    for name in sorted(files):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            stream.write(files[name])
            stream.flush()
            os.fsync(stream.fileno())
    _date(folder, quarter)
    return folder


def _date(folder: Path, quarter: str) -> None:
    """Give a folder and all in it the date of the quarter's end."""
    day = datetime.fromisoformat(nouns.last_day(quarter)).replace(tzinfo=UTC).timestamp()
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, (day, day))
    os.utime(folder, (day, day))


def put(folder: Path, target: Path) -> None:
    """Let a folder stand at its place, in the place of the one that stands there.

    A kill in between leaves nothing there; what stood there is found again by `found`.
    """
    old = target.with_name(f"{_REPLACED}{target.name}")
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    folder.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(folder.parent, ignore_errors=True)


def found(target: Path) -> bool:
    """Whether a release stands in a folder; one that was being exchanged is put back first."""
    old = target.with_name(f"{_REPLACED}{target.name}")
    if old.is_dir():
        if target.exists():
            shutil.rmtree(old)
        else:
            old.rename(target)
    return (target / nouns.MANIFEST).is_file()


def known(cases: Iterable[CaseFile], name: str, *, copies: bool = True) -> tuple[Path, ...]:
    """Where a release of that name was put, by what its reviews' case files say; copies too."""
    told = {
        Path(handout.folder)
        for case in cases
        for handout in case.handouts()
        if Path(handout.folder).name == name and (copies or not handout.recipients)
    }
    return tuple(sorted(told))


# -- without a text that was withdrawn -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remade:
    """What became of one folder of a release, in one of the words below.

    `left` are the files in it that nobody vouches for, `texts` how many it still has.
    """

    name: str
    folder: str
    became: str = ""
    left: tuple[str, ...] = ()
    texts: int = 0


def without(
    target: Path,
    public_id: str,
    month: str,
    *,
    key: Ed25519PrivateKey,
    titles: Mapping[str, str],
    ledger_head: str,
) -> Remade:
    """Make a release again without a text: a notice in its place, and every page and file anew.

    The manifest says that it was withdrawn, and which files of before are revoked.
    """
    if not found(target):
        return Remade(target.name, str(target), NOT_THERE)
    clear(target.parent)
    before = contents(target)
    try:
        statement = provenance.verify(before[nouns.MANIFEST], key.public_key())
        release = _read(statement, before)
    except StoreError:
        return Remade(target.name, str(target), CHANGED)
    after = nouns.without(release, public_id, month, titles)
    if after == release:
        return Remade(target.name, str(target), AS_IT_WAS, texts=len(after.reports))
    stays = {f"{nouns.TEXTS}/{one.id}." for one in after.reports}
    named = provenance.subjects(statement)
    texts = {n: before[n] for n in named if any(n.startswith(one) for one in stays) and n in before}
    files = made(after, texts)
    revoked = {*_revoked(statement), *named.values(), provenance.sha256(before[nouns.MANIFEST])}
    revoked -= {provenance.sha256(content) for content in files.values()}
    everything = signed(after, files, key, ledger_head, tuple(revoked))
    try:
        verify_release.require_whole(everything, after)
    except LeakError:
        _least(target, public_id, release)
        return Remade(target.name, str(target), TAKEN_DOWN)
    left = {name: before[name] for name in set(before) - set(named) - {nouns.MANIFEST}}
    put(written({**left, **everything}, target.parent, after.quarter), target)
    return Remade(target.name, str(target), MADE_AGAIN, tuple(sorted(left)), len(after.reports))


def _read(statement: Statement, files: Mapping[str, bytes]) -> Release:
    """The release that a folder holds; StoreError where its data are not what was signed."""
    if statement["predicateType"] != provenance.RELEASE:
        raise StoreError(_NOT_AS_RELEASED)
    named = provenance.subjects(statement)
    texts = {}
    for public_id in public_ids(statement):
        name = f"{nouns.TEXTS}/{public_id}{_JSON}"
        texts[public_id] = _vouched(name, named, files)
    return nouns.from_data(_vouched(nouns.DATA, named, files), texts)


def _vouched(name: str, named: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
    content = files.get(name, b"")
    if provenance.sha256(content) != named.get(name):
        raise StoreError(_NOT_AS_RELEASED)
    return content


def _revoked(statement: Statement) -> Iterator[str]:
    told = statement["predicate"]
    listed = told.get("revoked") if isinstance(told, dict) else None
    yield from (str(one) for one in listed) if isinstance(listed, list) else ()


def _least(target: Path, public_id: str, release: Release) -> None:
    """Take down whatever speaks of a text, where the folder could not be made again."""
    pages = (release.archive, to_site.INDEX, nouns.DATA, "lessons.html", "index.html")
    for path in (*target.glob(f"{nouns.TEXTS}/{public_id}.*"), *(target / one for one in pages)):
        path.unlink(missing_ok=True)
