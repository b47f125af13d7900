"""What vouches for a publication: signed manifests, and the replay that nothing was rewritten.

Two manifests are made of each publication. The private one names everything by its plain hash
and stays with the workspace. The public one goes out with the files: it has their hashes and a
salted commitment to the private one, but no hash of the original, no board and no place in the
ledger, so that nobody can test a guess against it. Both are in-toto statements in a DSSE
envelope, signed with Ed25519.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipeline.door.plan import Plan, to_bytes
from pipeline.door.redact import Redaction, replay
from pipeline.errors import StoreError
from pipeline.raw.document import Document

STATEMENT = "https://in-toto.io/Statement/v1"
PAYLOAD = "application/vnd.in-toto+json"
PRIVATE = "urn:candour:publication:private:v1"
PUBLIC = "urn:candour:publication:public:v1"
WITHDRAWAL = "urn:candour:withdrawal:v1"
BACKUP = "urn:candour:backup:v1"
TAKEN_BACK = "urn:candour:taken-back:v1"
PURGE = "urn:candour:purge:v1"
RELEASE = "urn:candour:release:v1"
SALT_BYTES = 32
_KEYS = frozenset(("_type", "subject", "predicateType", "predicate"))
_PREDICATES = (PRIVATE, PUBLIC, WITHDRAWAL, BACKUP, TAKEN_BACK, PURGE, RELEASE)

DAMAGED = (
    "A manifest is damaged or was changed since it was signed. Do not use what it vouches for. "
    "Publish the review again, or restore the manifest from a backup."
)
OTHER_KEY = (
    "A manifest was signed with another key than the one given. Do not use what it vouches for "
    "until you know whose key it is."
)
BAD_KEY = (
    "The file of a signing key could not be read or written. Nothing was signed. Check the path "
    "and who may read it."
)

Statement = dict[str, object]


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: the same value gives the same bytes.

    >>> canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    True
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


# -- keys ----------------------------------------------------------------------------------


def make_key(path: Path) -> Ed25519PrivateKey:
    """A new signing key, written to a path where nothing stands yet; StoreError otherwise."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
    except OSError:
        raise StoreError(BAD_KEY) from None
    return key


def load_key(path: Path) -> Ed25519PrivateKey:
    """The signing key at a path; StoreError where there is none."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        raise StoreError(BAD_KEY) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreError(BAD_KEY)
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key: the SHA-256 of its 32 bytes, in hex."""
    return sha256(key.public_bytes_raw())


# -- manifests -----------------------------------------------------------------------------


def new_salt() -> bytes:
    """A salt for one publication; it stays on the private side."""
    return os.urandom(SALT_BYTES)


def private_manifest(
    redaction: Redaction,
    *,
    public_id: str,
    original_sha256: str,
    outputs: Mapping[str, bytes],
    versions: Mapping[str, str],
    ledger_head: str,
    approval: str = "",
    version: tuple[int, int] = (1, 1),
) -> Statement:
    """Everything a publication rests on, by plain hashes; `versions` by name (reader, model …).

    `approval` is the hash of its record, checklist and all; `version` says which of the reports
    that the author submitted it was made from, and how many there were by then.
    """
    return _statement(
        PRIVATE,
        outputs,
        {
            "review": redaction.plan.review,
            "public_id": public_id,
            "profile": redaction.plan.profile,
            "draft": redaction.document.draft,
            "original": original_sha256,
            "text": redaction.plan.text_sha256,
            "plan": sha256(to_bytes(redaction.plan)),
            "policy": redaction.plan.policy_sha256,
            "safe_text": redaction.document.text.sha256,
            "versions": dict(versions),
            "ledger_head": ledger_head,
            "approval": approval,
            "version": version[0],
            "of_versions": version[1],
        },
    )


def public_manifest(
    private: Statement,
    *,
    outputs: Mapping[str, bytes],
    salt: bytes,
    program: str,
    statements: int = 0,
) -> Statement:
    """What may be told of a publication: its files, its profile, and a commitment to the rest.

    `statements` is how many statements of people whom the report speaks of are kept with it:
    that there are some is told, and never what they say.
    """
    said = told(private)
    noted: Statement = {"statements": statements} if statements else {}
    return _statement(
        PUBLIC,
        outputs,
        {
            "id": said.get("public_id"),
            "profile": said.get("profile"),
            "draft": said.get("draft"),
            "program": program,
            "commitment": commitment(private, salt),
            **noted,
        },
    )


def withdrawal(public_id: str, month: str, *, outputs: Mapping[str, bytes]) -> Statement:
    """That a publication was withdrawn, and in which month (YYYY-MM): no reason, no review."""
    return _statement(WITHDRAWAL, outputs, {"id": public_id, "withdrawn": month})


def kept(kind: str, digests: Mapping[str, str], told: Statement) -> Statement:
    """What keeping a workspace says of itself: a backup, a review taken back, a key destroyed."""
    subject = [{"name": name, "digest": {"sha256": digests[name]}} for name in sorted(digests)]
    return {"_type": STATEMENT, "subject": subject, "predicateType": kind, "predicate": told}


def told(statement: Statement) -> Statement:
    """What a statement tells beside the files that it names."""
    return _mapping(statement.get("predicate"))


def release(
    *,
    quarter: str,
    profile: str,
    edition: int,
    outputs: Mapping[str, bytes],
    versions: Mapping[str, str],
    ledger_head: str,
    withdrawn: Sequence[tuple[str, str]] = (),
    revoked: Sequence[str] = (),
) -> Statement:
    """What vouches for a release: every file, what made it, and at which state of the ledger.

    `withdrawn` has (public id, month) pairs, `revoked` the hashes of files that stood in it once
    and must not be used any more. No review's own id, board or date is told.
    """
    told: Statement = {
        "quarter": quarter,
        "profile": profile,
        "edition": edition,
        "versions": dict(versions),
        "ledger_head": ledger_head,
        "withdrawn": [{"id": public_id, "month": month} for public_id, month in withdrawn],
        "revoked": sorted(revoked),
    }
    return _statement(RELEASE, outputs, told)


def commitment(private: Statement, salt: bytes) -> str:
    """The salted hash (HMAC-SHA256, hex) by which a private manifest can be proved later."""
    return hmac.new(salt, canonical(private), hashlib.sha256).hexdigest()


def _statement(kind: str, outputs: Mapping[str, bytes], predicate: Statement) -> Statement:
    return kept(kind, {name: sha256(data) for name, data in outputs.items()}, predicate)


def _mapping(value: object) -> Statement:
    return value if isinstance(value, dict) else {}


# -- signatures ----------------------------------------------------------------------------


def _signed_bytes(payload: bytes) -> bytes:
    """The pre-authentication encoding of DSSE, version 1."""
    kind = PAYLOAD.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def signed(statement: Statement, key: Ed25519PrivateKey) -> bytes:
    """A manifest: the statement in its envelope; the same statement and key, the same bytes."""
    payload = canonical(statement)
    public = key.public_key()
    envelope = {
        "payloadType": PAYLOAD,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [
            {
                "keyid": key_id(public),
                "key": base64.b64encode(public.public_bytes_raw()).decode(),
                "sig": base64.b64encode(key.sign(_signed_bytes(payload))).decode(),
            }
        ],
    }
    return json.dumps(envelope, indent=1, sort_keys=True).encode() + b"\n"


def verify(manifest: bytes, trusted: Ed25519PublicKey | None = None) -> Statement:
    """The statement of a manifest whose signature holds; StoreError where it does not.

    Without a trusted key, the key in the manifest is used: that shows that nothing was changed,
    not who signed.
    """
    try:
        envelope = json.loads(manifest)
        payload = base64.b64decode(envelope["payload"], validate=True)
        (signature,) = envelope["signatures"]
        own = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature["key"], validate=True))
        given = base64.b64decode(signature["sig"], validate=True)
        known = envelope["payloadType"] == PAYLOAD and signature["keyid"] == key_id(own)
        if trusted is not None and key_id(own) != key_id(trusted):
            raise StoreError(OTHER_KEY)
        own.verify(given, _signed_bytes(payload))
        statement = json.loads(payload)
    except (ValueError, TypeError, KeyError, binascii.Error, InvalidSignature):
        raise StoreError(DAMAGED) from None
    if not known or not isinstance(statement, dict) or set(statement) != _KEYS:
        raise StoreError(DAMAGED)
    if statement["_type"] != STATEMENT or statement["predicateType"] not in _PREDICATES:
        raise StoreError(DAMAGED)
    return statement


# -- checks --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a manifest says, and whether it holds."""

    what: str
    holds: bool


def files_hold(statement: Statement, files: Mapping[str, bytes]) -> tuple[Check, ...]:
    """Whether each file that the manifest names is there, byte for byte, and none besides."""
    named = subjects(statement)
    checks = [
        Check(name, name in files and sha256(files[name]) == digest)
        for name, digest in sorted(named.items())
    ]
    return (*checks, *(Check(name, False) for name in sorted(set(files) - set(named))))


def subjects(statement: Statement) -> dict[str, str]:
    """The names of the files that a manifest vouches for, with their hashes."""
    subject = statement["subject"]
    try:
        listed = subject if isinstance(subject, list) else []
        return {str(one["name"]): str(one["digest"]["sha256"]) for one in listed}
    except (TypeError, KeyError):
        raise StoreError(DAMAGED) from None


def replay_holds(private: Statement, document: Document, plan: Plan) -> tuple[Check, ...]:
    """Whether original, canonical text, plan and safe text are those of the private manifest.

    The last check is the proof that nobody rewrote the report: the plan, played again on the
    canonical text, gives the very safe text that was published.
    """
    said = told(private)
    same_text = document.text_sha256 == plan.text_sha256 == said.get("text")
    return (
        Check("original", document.source_sha256 == said.get("original")),
        Check("canonical text", same_text),
        Check("plan", sha256(to_bytes(plan)) == said.get("plan")),
        Check("profile", plan.policy_sha256 == said.get("policy")),
        Check(
            "safe text",
            same_text and replay(document.text, plan).sha256 == said.get("safe_text"),
        ),
    )


def commitment_holds(public: Statement, private: Statement, salt: bytes) -> Check:
    """Whether a public manifest was made from this private one."""
    said = str(told(public).get("commitment"))
    return Check("commitment", hmac.compare_digest(said, commitment(private, salt)))
