"""Rows as JSON lines, as the listing commands print them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping


def render(rows: Iterable[Mapping[str, object]]) -> bytes:
    r"""One object a line in UTF-8.

    >>> render([{"a": 1}, {"a": "é"}]).decode()
    '{"a": 1}\n{"a": "é"}\n'
    """
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
