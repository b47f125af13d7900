"""Small words that pages of every site say: numbers with nouns, codes as words."""

from __future__ import annotations


def words(code: str | None) -> str:
    """A code as words.

    >>> words("serious_case_review"), words("not stated"), words(None)
    ('Serious case review', 'Not stated', '')
    """
    plain = (code or "").replace("_", " ")
    return plain[:1].upper() + plain[1:]


def many(count: object, one: str, more: str = "") -> str:
    """A number with its noun.

    >>> many(1, "page"), many(3, "page"), many(0, "identity", "identities")
    ('1 page', '3 pages', '0 identities')
    """
    return f"{count} {one if count == 1 else more or one + 's'}"


def wait(seconds: int) -> str:
    """How long to wait.

    >>> wait(1), wait(45), wait(600)
    ('1 second', '45 seconds', '10 minutes')
    """
    return many(seconds, "second") if seconds < 120 else many(-(-seconds // 60), "minute")
