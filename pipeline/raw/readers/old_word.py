"""Old Word files (.doc) and rich text (.rtf): converted by a program that is installed, or refused.

LibreOffice makes a .docx of them, which is read as any other; antiword gives their text. Both
run on this machine, with a time limit and without a network of their own.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.errors import ReadError
from pipeline.raw.document import Document, UnreadKind
from pipeline.raw.readers import antiword, assemble, libreoffice, refusals
from pipeline.raw.readers.assemble import Seen, unread_list

if TYPE_CHECKING:
    import olefile

_MACROS = "The document holds macros. They were not run."
_SPARSE = (
    "The old Word file was read by antiword. Pictures, text boxes, comments, tracked changes, "
    "headers and footers and automatic numbers may be missing: look at the file in Word."
)
_ATTACHED = "A file is embedded. It was not opened."
_DOC, _RTF = "application/msword", "application/rtf"
_SAID = (
    "title subject author keywords comments template last_saved_by category manager company"
).split()


def read(data: bytes, *, name: str = "") -> Document:
    """An old Word file's bytes as a Document; ReadError where it is none or cannot be read."""
    if not data.startswith(b"{\\rtf"):
        return _read_doc(data, name)
    program = libreoffice.found()
    if program is None:
        raise ReadError(refusals.RICH_NO_PROGRAM)
    return _converted(program, data, "rtf", _RTF, name, (), ())


def _read_doc(data: bytes, name: str) -> Document:
    seen, margins = _looked_at(data)
    program = libreoffice.found()
    if program is not None:
        return _converted(program, data, "doc", _DOC, name, seen, margins)
    other = antiword.found()
    if other is None:
        raise ReadError(refusals.OLD_NO_PROGRAM)
    drafts = antiword.drafts(other, data)
    return assemble.document(
        drafts,
        sha256=hashlib.sha256(data).hexdigest(),
        media=_DOC,
        pages=1,
        reader=f"{assemble.READER} antiword-{antiword.version(other)}",
        seen=[(UnreadKind.OTHER_PART, None, _SPARSE), *seen],
        margins=[name, *margins],
    )


def _converted(
    program: str,
    data: bytes,
    ending: str,
    media: str,
    name: str,
    seen: Sequence[Seen],
    margins: Sequence[str],
) -> Document:
    """The file by way of LibreOffice; what it held beside its text is added to the list."""
    from pipeline.raw.readers import docx

    made = docx.read(libreoffice.as_docx(program, data, ending), name=name)
    known = {(thing.what, thing.reason) for thing in made.unread}
    more = unread_list([one for one in seen if (one[0], one[2]) not in known])
    ids = {thing.id for thing in made.unread}
    fresh = [replace(u, id=f"{u.id}-old") if u.id in ids else u for u in more]
    return replace(
        made,
        source_sha256=hashlib.sha256(data).hexdigest(),
        media=media,
        reader=f"{made.reader} libreoffice-{libreoffice.version(program)}",
        unread=(*made.unread, *fresh),
        margins=tuple(dict.fromkeys((*made.margins, *margins))),
    )


def _looked_at(data: bytes) -> tuple[list[Seen], list[str]]:
    """What the file says of itself; ReadError where it is no Word document or a locked one."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            if file.exists("EncryptedPackage"):
                raise ReadError(refusals.OLD_LOCKED)
            if not file.listdir():
                raise ReadError(refusals.OLD_DAMAGED)
            if not file.exists("WordDocument"):
                raise ReadError(refusals.OLD_NO_WORD)
            with file.openstream("WordDocument") as stream:
                _unlocked(stream.read(32))
            seen: list[Seen] = []
            if file.exists("Macros") or file.exists("_VBA_PROJECT_CUR"):
                seen.append((UnreadKind.OTHER_PART, None, _MACROS))
            if any(path[0] == "ObjectPool" and len(path) > 1 for path in file.listdir()):
                seen.append((UnreadKind.ATTACHMENT, None, _ATTACHED))
            return seen, _properties(file)
    except (OSError, ValueError, IndexError, TypeError, AttributeError, KeyError):
        # The library has an error of its own (an OSError) and meets others in damaged files.
        raise ReadError(refusals.OLD_DAMAGED) from None


def _unlocked(head: bytes) -> None:
    """Refuses what is no Word text or has a password, by the first bytes of the text's stream."""
    # Word 97 and later, Word 6 and 95. A converter might take anything else for plain text.
    if len(head) < 12 or head[:2] not in (b"\xec\xa5", b"\xdc\xa5"):
        raise ReadError(refusals.OLD_DAMAGED)
    if int.from_bytes(head[10:12], "little") & 0x0100:
        raise ReadError(refusals.OLD_LOCKED)


def _properties(file: olefile.OleFileIO) -> list[str]:
    about = file.get_metadata()
    encoding = "utf-8" if about.codepage in (65001, -535) else "cp1252"
    values = (getattr(about, key, None) for key in _SAID)
    return [v.decode(encoding, "replace").strip("\x00 ") for v in values if isinstance(v, bytes)]
