"""Manifests: signed, checked, told apart; a changed byte and another key are noticed."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from door_parts import document, person, redacted

from pipeline.door import provenance
from pipeline.door.redact import Plan, Redaction, Replacement
from pipeline.errors import StoreError
from pipeline.exporters import to_text
from pipeline.raw.document import Document
from pipeline.span import Kind, Span

KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"2" * 32)
SALT = b"s" * 32


def parts() -> tuple[Document, Redaction, dict[str, bytes], provenance.Statement]:
    of = document("Torvinka ran home to Fellmoor.")
    made = redacted(of, [person("p", "Torvinka", position="child")])
    files = {"CR-1.txt": to_text.render(made.document, public_id="CR-1")}
    private = provenance.private_manifest(
        made,
        public_id="CR-1",
        original_sha256=of.source_sha256,
        outputs=files,
        versions={"reader": "1", "model": "2"},
        ledger_head="feed",
    )
    return of, made, files, private


def test_a_manifest_comes_back_as_it_was_signed_and_is_the_same_bytes_again() -> None:
    *_, private = parts()
    manifest = provenance.signed(private, KEY)
    assert provenance.verify(manifest, KEY.public_key()) == private
    assert provenance.verify(manifest) == private
    assert provenance.signed(private, KEY) == manifest


def test_another_key_is_refused() -> None:
    *_, private = parts()
    with pytest.raises(StoreError):
        provenance.verify(provenance.signed(private, OTHER), KEY.public_key())


def test_every_changed_byte_is_noticed() -> None:
    *_, private = parts()
    manifest = provenance.signed(private, KEY)
    envelope = json.loads(manifest)
    payload = base64.b64decode(envelope["payload"])
    for at in range(0, len(payload), 7):
        changed = payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :]
        envelope["payload"] = base64.b64encode(changed).decode()
        with pytest.raises(StoreError):
            provenance.verify(json.dumps(envelope).encode(), KEY.public_key())


@pytest.mark.parametrize(
    "manifest", [b"", b"{}", b"[]", b"null", b"\xff", b'{"payload": 1}', b'{"signatures": []}']
)
def test_what_is_no_manifest_is_refused(manifest: bytes) -> None:
    with pytest.raises(StoreError):
        provenance.verify(manifest)


def test_the_public_manifest_tells_nothing_that_can_be_guessed_at() -> None:
    of, made, files, private = parts()
    public = provenance.public_manifest(private, outputs=files, salt=SALT, program="1.0")
    told = provenance.canonical(public).decode()
    secrets = (of.source_sha256, of.text_sha256, made.plan.review, "feed", "Fellmoor")
    assert not any(secret in told for secret in secrets)
    assert provenance.commitment_holds(public, private, SALT).holds
    assert not provenance.commitment_holds(public, private, b"t" * 32).holds
    assert not provenance.commitment_holds(public, {**private, "subject": []}, SALT).holds


def test_files_are_held_against_the_manifest() -> None:
    _, _, files, private = parts()
    name = next(iter(files))
    assert [c.holds for c in provenance.files_hold(private, files)] == [True]
    changed = {name: files[name] + b" "}
    assert [c.holds for c in provenance.files_hold(private, changed)] == [False]
    assert [c.holds for c in provenance.files_hold(private, {})] == [False]
    more = {**files, "extra.txt": b""}
    assert [c.holds for c in provenance.files_hold(private, more)] == [True, False]


def test_replay_proves_that_nobody_rewrote_the_report() -> None:
    of, made, _, private = parts()
    assert all(c.holds for c in provenance.replay_holds(private, of, made.plan))
    other = document("Torvinka ran away to Fellmoor.")
    failed = {c.what for c in provenance.replay_holds(private, other, made.plan) if not c.holds}
    assert failed == {"canonical text", "safe text"}
    more = (*made.plan.replacements, Replacement(Span(21, 29), "nowhere", Kind.PLACE))
    plan = made.plan
    rewritten = Plan(plan.review, plan.profile, plan.policy_sha256, plan.text_sha256, more)
    failed = {c.what for c in provenance.replay_holds(private, of, rewritten) if not c.holds}
    assert failed == {"plan", "safe text"}


def test_a_key_is_made_once_and_loaded_again(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    key = provenance.make_key(path)
    assert provenance.key_id(provenance.load_key(path).public_key()) == provenance.key_id(
        key.public_key()
    )
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(StoreError):
        provenance.make_key(path)
    with pytest.raises(StoreError):
        provenance.load_key(tmp_path / "none.pem")
    path.write_bytes(b"no key")
    with pytest.raises(StoreError):
        provenance.load_key(path)


def test_salts_are_long_and_never_the_same() -> None:
    assert len(provenance.new_salt()) == 32
    assert provenance.new_salt() != provenance.new_salt()
