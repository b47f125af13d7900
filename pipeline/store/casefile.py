"""What the vault keeps of one review: the file, the document, what was proposed and decided.

Every set of decisions is an edition of its own and is kept; the register says which counts. A
later version of the report starts an edition too, and the versions before it are kept.
The vault comes in as an argument: who may open it is decided elsewhere.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol, TypeVar

from pydantic import BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from pipeline.errors import ReadError, StoreError
from pipeline.raw.document import (
    Amendment,
    Clearance,
    ClearanceCode,
    Decision,
    Document,
    Finding,
    Proposal,
    Verdict,
)

ORIGINAL = "original"
_T = TypeVar("_T")
_NOT_KEPT = (
    "The text of this file holds characters that cannot be kept. Nothing of it was taken in. "
    "Save the file again in its program, as PDF or Word, and take that in."
)
_OTHER_VERSION = (
    "What the vault holds of this review was written by another version of Candour. Nothing was "
    "done. Take the review in again, or use the version that it was taken in with."
)


class Blobs(Protocol):
    """Named blobs by review, as the vault keeps them."""

    def put(self, review: str, name: str, content: bytes) -> None:
        """Keep a blob."""
        ...

    def get(self, review: str, name: str) -> bytes:
        """Give a blob back."""
        ...

    def names(self, review: str) -> tuple[str, ...]:
        """The names of a review's blobs."""
        ...


def _with_code(written: object) -> object:
    """A cleared line as the first release kept it, its id alone, with the code that says so."""
    if isinstance(written, str):
        return {"id": written, "code": ClearanceCode.BEFORE_CODES.value}
    return written


@dataclass(frozen=True, slots=True)
class Decided:
    """All that was decided on a review up to one edition.

    `cleared` is what a person looked at because it could not be read, each line with its code;
    `amended` how the proposal was corrected before anything else counts, `passed` the groups of
    the residual list that somebody looked at. `undo` and `redo` are the editions to which one
    can go back and forward again, the nearest last.
    """

    decisions: tuple[Decision, ...] = ()
    added: tuple[Finding, ...] = ()
    cleared: tuple[Annotated[Clearance, BeforeValidator(_with_code)], ...] = ()
    amended: tuple[Amendment, ...] = ()
    passed: tuple[str, ...] = ()
    undo: tuple[int, ...] = ()
    redo: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many things a person decided: verdicts, names added, lines cleared."""
        verdicts = sum(one.verdict is not Verdict.UNDECIDED for one in self.decisions)
        more = (self.added, self.cleared, self.amended, self.passed)
        return verdicts + sum(map(len, more))


@dataclass(frozen=True, slots=True)
class Publication:
    """The private side of one publication: what a verifier with the original needs.

    `manifest` is the signed private manifest, `plan` the plan as bytes (both JSON), `salt`
    what commits the public manifest to the private one, in hex.
    """

    edition: int
    salt: str
    manifest: str
    plan: str


@dataclass(frozen=True, slots=True)
class Version:
    """A report as its author submitted it. `edition` is the first that is about it.

    `sender` is who sent it, in the words of whoever took it in (free text); `by` that account's
    id, `made_by` the codes of what read it and proposed.
    """

    number: int
    edition: int
    sha256: str
    received: str
    by: str
    sender: str = ""
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Handout:
    """One publication as it was handed out: when, to whom, and where its files were written.

    `recipients` and `folder` are free text and a path: they are told to nobody but the staff.
    """

    profile: str
    public_id: str
    date: str
    files: tuple[str, ...]
    folder: str
    recipients: tuple[str, ...] = ()


_DOCUMENT = TypeAdapter(Document)
_PROPOSAL = TypeAdapter(Proposal)
_DECIDED = TypeAdapter(Decided)
_PUBLICATION = TypeAdapter(Publication)
_VERSION = TypeAdapter(Version)
_HANDOUT = TypeAdapter(Handout)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One review as the vault keeps it."""

    blobs: Blobs
    review: str

    def keep(self, original: bytes, document: Document, proposal: Proposal) -> None:
        """Keep a review as it was taken in."""
        self.blobs.put(self.review, ORIGINAL, original)
        self.blobs.put(self.review, "document", _dump(_DOCUMENT, document))
        self.blobs.put(self.review, "proposal", _dump(_PROPOSAL, proposal))

    @property
    def has_original(self) -> bool:
        """Whether its file is there: not once it was purged."""
        return ORIGINAL in self.blobs.names(self.review)

    def original(self, edition: int | None = None) -> bytes:
        """The file that counts at an edition or at the last, byte for byte."""
        return self.blobs.get(self.review, self._at(ORIGINAL, edition))

    def keep_version(self, version: Version, original: bytes | None = None) -> None:
        """Keep what is known of a version; a later one comes with its file."""
        if original is not None:
            self.blobs.put(self.review, f"{ORIGINAL}-{version.edition:06d}", original)
        name = f"version-{version.edition:06d}"
        self.blobs.put(self.review, name, _dump(_VERSION, version))

    def versions(self) -> tuple[Version, ...]:
        """The versions in their order; none of a review that an older Candour took in."""
        names = [n for n in self.blobs.names(self.review) if n.startswith("version-")]
        return tuple(self._load(_VERSION, name) for name in sorted(names))

    def version(self, edition: int | None = None) -> int:
        """The number of the version that counts at an edition or at the last: the first is 1."""
        return 1 + len(self._made(ORIGINAL, edition))

    def began(self, edition: int) -> int:
        """The edition with which the version began that counts at an edition."""
        made = self._made(ORIGINAL, edition)
        return int(made[-1].rpartition("-")[2]) if made else 0

    def read_again(self, edition: int, document: Document, proposal: Proposal) -> None:
        """Keep another reading of the original, which counts from an edition on."""
        self.blobs.put(self.review, f"document-{edition:06d}", _dump(_DOCUMENT, document))
        self.blobs.put(self.review, f"proposal-{edition:06d}", _dump(_PROPOSAL, proposal))

    def document(self, edition: int | None = None) -> Document:
        """The document as it was read, at an edition or at the last."""
        return self._load(_DOCUMENT, self._at("document", edition))

    def readings(self, *, before: int) -> tuple[Document, ...]:
        """The documents that counted before an edition and count no more, the oldest first."""
        made = sorted(n for n in self.blobs.names(self.review) if n.startswith("document"))
        now = self._at("document", before)
        return tuple(self._load(_DOCUMENT, name) for name in made if name < now)

    def proposal(self, edition: int | None = None) -> Proposal:
        """What the program proposed, at an edition or at the last."""
        return self._load(_PROPOSAL, self._at("proposal", edition))

    def _at(self, stem: str, edition: int | None) -> str:
        """The name of the reading that counts at an edition: the last one made up to it."""
        return max(self._made(stem, edition), default=stem)

    def _made(self, stem: str, edition: int | None) -> list[str]:
        """The names of what was made up to an edition, after what was taken in first."""
        made = [name for name in self.blobs.names(self.review) if name.startswith(f"{stem}-")]
        if edition is not None:
            made = [name for name in made if name <= f"{stem}-{edition:06d}"]
        return sorted(made)

    def decided(self, edition: int) -> Decided:
        """What was decided up to an edition; nothing for edition 0."""
        return Decided() if edition == 0 else self._load(_DECIDED, _edition(edition))

    def decide(self, edition: int, decided: Decided) -> None:
        """Keep what was decided as an edition."""
        self.blobs.put(self.review, _edition(edition), _dump(_DECIDED, decided))

    def keep_note(self, name: str, text: str) -> None:
        """Keep free text that somebody wrote about a review; it is purged with it."""
        self.blobs.put(self.review, f"note-{name}", text.encode())

    def note(self, name: str) -> str | None:
        """What was written under a name, None where nothing was."""
        there = f"note-{name}" in self.blobs.names(self.review)
        return self.blobs.get(self.review, f"note-{name}").decode() if there else None

    def keep_approved(self, profile: str, files: Mapping[str, bytes]) -> None:
        """Keep the very files that were approved, in the place of those approved before."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(files):
                archive.writestr(zipfile.ZipInfo(name), files[name])
        self.blobs.put(self.review, f"approved-{profile}", packed.getvalue())

    def approved(self, profile: str) -> dict[str, bytes]:
        """The files that were approved last; none of what an older Candour approved."""
        name = f"approved-{profile}"
        if name not in self.blobs.names(self.review):
            return {}
        with zipfile.ZipFile(io.BytesIO(self.blobs.get(self.review, name))) as archive:
            return {one: archive.read(one) for one in archive.namelist()}

    def publication(self, profile: str) -> Publication | None:
        """The last publication under a profile, None where there was none."""
        name = f"publication-{profile}"
        there = name in self.blobs.names(self.review)
        return self._load(_PUBLICATION, name) if there else None

    def publish(self, profile: str, publication: Publication) -> None:
        """Keep the private side of a publication, after those before it."""
        before = self.publication(profile)
        if before is not None and before != publication:
            earlier = f"earlier-{profile}-{len(self.publications(profile)):06d}"
            self.blobs.put(self.review, earlier, _dump(_PUBLICATION, before))
        self.blobs.put(self.review, f"publication-{profile}", _dump(_PUBLICATION, publication))

    def publications(self, profile: str) -> tuple[Publication, ...]:
        """Every publication under a profile, the last one last: copies of each are about."""
        names = self.blobs.names(self.review)
        made = sorted(n for n in names if n.startswith(f"earlier-{profile}-"))
        made += [n for n in names if n == f"publication-{profile}"]
        return tuple(self._load(_PUBLICATION, name) for name in made)

    def published(self) -> tuple[str, ...]:
        """The profiles under which it was published."""
        names = self.blobs.names(self.review)
        return tuple(n.partition("-")[2] for n in names if n.startswith("publication-"))

    def hand_out(self, handout: Handout) -> None:
        """Keep to whom a publication went, after those before it."""
        number = len([n for n in self.blobs.names(self.review) if n.startswith("handout-")]) + 1
        self.blobs.put(self.review, f"handout-{number:06d}", _dump(_HANDOUT, handout))

    def handouts(self) -> tuple[Handout, ...]:
        """Every publication that was handed out, in its order."""
        names = [n for n in self.blobs.names(self.review) if n.startswith("handout-")]
        return tuple(self._load(_HANDOUT, name) for name in sorted(names))

    def proofs(self) -> tuple[str, ...]:
        """The names of what stays where the raw text is purged and its publication is not.

        Who received it, and what a publication is verified with: hashes, labels and places.
        """
        stems = ("publication-", "earlier-", "handout-")
        return tuple(name for name in self.blobs.names(self.review) if name.startswith(stems))

    def _load(self, adapter: TypeAdapter[_T], name: str) -> _T:
        content = self.blobs.get(self.review, name)
        try:
            return adapter.validate_json(content)
        except ValidationError:
            # Not chained: the error quotes what it could not read.
            raise StoreError(_OTHER_VERSION, review=self.review) from None


def _edition(number: int) -> str:
    return f"decided-{number:06d}"


def _dump(adapter: TypeAdapter[_T], value: _T) -> bytes:
    try:
        return adapter.dump_json(value)
    except (PydanticSerializationError, UnicodeEncodeError):
        raise ReadError(_NOT_KEPT) from None


def merged(before: Decided, now: Decided, *, named: Collection[str], added: bool) -> Decided:
    """What was decided before, with what is decided now in its place where both speak of it.

    `named` are the targets, lines and groups that a file of decisions speaks of: what it leaves
    open is open again. `added` says that it lists what is added: then it lists all of it.
    """
    stand = [one for one in before.decisions if one.target not in named]
    decisions = {one.target: one for one in (*stand, *now.decisions)}
    cleared = [line for line in before.cleared if line.id not in named]
    lines = {line.id: line for line in (*cleared, *now.cleared)}
    passed = {*now.passed, *(key for key in before.passed if key not in named)}
    return Decided(
        decisions=tuple(decisions[target] for target in sorted(decisions)),
        added=unique(now.added if added else before.added),
        cleared=tuple(lines[line] for line in sorted(lines)),
        amended=before.amended,
        passed=tuple(sorted(passed)),
    )


def unique(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Added findings, each once, by their place."""
    found = {finding.id: finding for finding in findings}
    return tuple(sorted(found.values(), key=lambda finding: (finding.span, finding.kind)))


def changes(before: Decided, after: Decided) -> dict[str, int | list[str]]:
    """What a set of decisions changed, by the ids of findings and identities, and by codes."""
    was, now = _verdicts(before), _verdicts(after)
    added = {finding.id for finding in before.added} ^ {finding.id for finding in after.added}
    codes = Counter(one.code.value for one in after.cleared)
    return {
        "accepted": _turned(was, now, Verdict.ACCEPT),
        "rejected": _turned(was, now, Verdict.REJECT),
        "reopened": sorted(set(was) - set(now)),
        "added": sorted(added),
        "amended": len(after.amended),
        "passed": len(after.passed),
        "cleared": len(after.cleared),
        "cleared_as": [f"{code}:{codes[code]}" for code in sorted(codes)],
    }


def _verdicts(decided: Decided) -> dict[str, Verdict]:
    decided_on = (one for one in decided.decisions if one.verdict is not Verdict.UNDECIDED)
    return {one.target: one.verdict for one in decided_on}


def _turned(was: Mapping[str, Verdict], now: Mapping[str, Verdict], to: Verdict) -> list[str]:
    """The targets that were not decided so before and are now."""
    return sorted(target for target, verdict in now.items() if verdict is to != was.get(target))
