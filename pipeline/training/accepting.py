"""What was proposed of a review, accepted as it stands: for measurements, pictures and tests."""

from __future__ import annotations

from collections.abc import Mapping


def accept_open(content: Mapping[str, object]) -> None:
    """Accept what is open in exported decisions; what was not read gets its first reason code.

    >>> rows = [{"verdict": "undecided"}, {"verdict": "reject"}]
    >>> accept_open({"findings": rows})
    >>> [row["verdict"] for row in rows]
    ['accept', 'reject']
    """
    for rows in content.values():
        for one in rows if isinstance(rows, list) else ():
            if one.get("verdict") == "undecided":
                one["verdict"] = "accept"
            if "codes" in one and not one["cleared_as"]:
                one["cleared_as"] = next(iter(one["codes"]))
