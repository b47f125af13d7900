"""Whether a file starts as a web page does; told without any library."""

from __future__ import annotations

import codecs
import re

_HEAD = 4096
_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    rb"<(?:!doctype\s+html|(?:html|head|body|meta|title|div|p|h[1-6]|table|article|section|main|"
    rb"center|font|ul|ol|blockquote|span|style|link|base)(?=[\s>/]))",
    re.IGNORECASE | re.DOTALL,
)


def starts(data: bytes) -> bool:
    """Whether a file's first bytes are those of a web page.

    >>> starts(b"<!DOCTYPE html><p>A visit"), starts(b"<redacted> was born"), starts(b"<p>A visit")
    (True, False, True)
    """
    head = data[:_HEAD]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    return bool(_START.match(head))
