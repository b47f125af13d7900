"""What stays although it looks like a name: national bodies, statutes, citations, generic words.

The lists are configs/lists/allow-*.txt and generic-words.txt. A list never lets a bare name
through: whether an identity of the case beats it is decided in `planning`, where all of its
mentions are seen.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.installed import shipped
from pipeline.match import fold
from pipeline.raw.recognisers import wording
from pipeline.span import Span

_POSSESSIVE = re.compile(r"['’ʼ‛](?:s\b|S\b)?$")
_ACT = re.compile(
    r"\b(?:Act|Regulations|Order|Rules|Convention|Directive)(?: \(?[A-Z][\w ]*\)?)? (?:19|20)\d\d$"
)
# Possessive: "ABCDE" may be read as one word only, or a line of capitals takes minutes.
_ET_AL = re.compile(r"^(?:[,\s&]++|and\b|[A-Z][\w'’-]*+\.?+)*+\bet al\b")
# A label that a report uses for a person or a place instead of a name: it is no name.
_LABEL = re.compile(
    r"(?:the\s+)?(?:child|baby|infant|young person|adult|sibling|half[- ]sibling|mother|father"
    r"|stepfather|stepmother|grandmother|grandfather|perpetrator|victim|family|case|subject"
    r"|hospital|school|nursery|address|town|area|local authority|gp|social worker|health visitor"
    r"|teacher|nurse|doctor|midwife|officer|witness|friend|partner|male|female|care home"
    r"|mr|mrs|ms|miss|dr)\s+(?:[A-Z]{1,2}\d{0,2}|\d{1,2})",
    re.IGNORECASE,
)
_CODE_LABEL = re.compile(r"[A-Z]{1,4}\d{1,2}")
# Wide enough to point at nobody: the countries of the United Kingdom and the regions of England.
_WIDE = frozenset(
    "uk|u.k.|united kingdom|great britain|britain|england|scotland|wales|northern ireland|europe"
    "|north west|north east|north west england|north east england|north west of england"
    "|north east of england|yorkshire and the humber|yorkshire and humber|east midlands"
    "|west midlands region|east of england|south east|south west|south east england"
    "|south west england|south east of england|south west of england|northern england"
    "|southern england|england and wales".split("|")
)
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof"))
_ARTICLE = re.compile(r"^(?:the|a|an|our|this|its)\s+")


def plain(name: str) -> str:
    """A name folded, without an article before it or a possessive after it.

    >>> plain("The  Care Quality Commission’s")
    'care quality commission'
    """
    return _ARTICLE.sub("", _POSSESSIVE.sub("", fold(name)))


@lru_cache(maxsize=1)
def _allowed() -> frozenset[str]:
    entries: set[str] = set()
    for path in sorted(shipped("configs/lists").glob("allow-*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                forms = line.split("  #", 1)[0].split("|")
                entries.update(plain(form) for form in forms if form.strip())
    return frozenset(entries)


@lru_cache(maxsize=1)
def _generic() -> dict[str, frozenset[str]]:
    """The generic words by the heading they stand under ("bodies", "roles and relations")."""
    sections: dict[str, set[str]] = {}
    heading = ""
    text = (shipped("configs/lists") / "generic-words.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.strip("# ").lower()
        else:
            sections.setdefault(heading, set()).update(fold(line).split())
    return {name: frozenset(words) for name, words in sections.items()}


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    text = (shipped("configs/lists") / "function-words.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in fold(line).split())


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Function words and generic words together; asked for with every name of a report."""
    return _function_words().union(*_generic().values())


def is_allowed(name: str) -> bool:
    """Whether a national body, a statute, guidance or a wide region has exactly this name.

    >>> is_allowed("the Care Quality Commission"), is_allowed("Westmoor Council")
    (True, False)
    """
    return plain(name) in _allowed() or plain(name) in _WIDE or _ACT.search(name) is not None


def _is_label(name: str) -> bool:
    folded = _POSSESSIVE.sub("", fold(name))
    # "Mr Ng" is a man, "Mr NG" a label.
    last = _POSSESSIVE.sub("", name.split()[-1]) if name.split() else ""
    if len(last) == 2 and last[0].isupper() and last[1].islower():
        return False
    return bool(_LABEL.fullmatch(folded) or _CODE_LABEL.fullmatch(name))


def _words(name: str) -> list[str]:
    parts = re.split(r"[\s/,&()-]+", _POSSESSIVE.sub("", fold(name)))
    return [_POSSESSIVE.sub("", part) for part in parts if part]


def is_generic(name: str) -> bool:
    """Whether a body's or a place's name is made of generic words alone, or is a report's label.

    >>> is_generic("Children's Social Care"), is_generic("Hospital 1"), is_generic("Westmoor")
    (True, True, False)
    """
    if wording.is_plain_address(name):
        return False
    return _is_label(name) or all(word in _known() for word in _words(name))


def is_role(name: str) -> bool:
    """Whether a person's name is a role or a report's label: stricter, for Ward is a surname too.

    >>> is_role("Child K"), is_role("the Social Worker"), is_role("Mrs Ward"), is_role("Ward")
    (True, True, False, False)
    """
    words = [word for word in _words(name) if word not in _function_words()]
    if _is_label(name):
        return True
    sections = _generic()
    roles = sections.get("roles and relations", frozenset()) | {
        "worker",
        "officer",
        "child",
        "baby",
    }
    known = roles | sections.get("bodies", frozenset())
    titled = any(word in _TITLES for word in words)
    return not titled and any(w in roles for w in words) and all(w in known for w in words)


def is_cited(text: str, span: Span) -> bool:
    """Whether the mention stands in a citation: before "et al", or in the name of an inquiry."""
    if _ET_AL.match(text[span.end : span.end + 80]):
        return True
    before = max(0, span.start - 60)
    window = text[before : span.end + 60]
    start, end = span.start - before, span.end - before
    return any(
        _allowed_between(window, low, high)
        for low in _starts(window, start)
        for high in _ends(window, end)
        if high - low > end - start
    )


def _starts(window: str, start: int) -> list[int]:
    near = [m.start() for m in re.finditer(r"(?<![\w'’-])\w", window[: start + 1])]
    return near[-6:]


def _ends(window: str, end: int) -> list[int]:
    return [m.end() for m in re.finditer(r"\w(?![\w'’-])", window) if m.end() >= end][:8]


def _allowed_between(window: str, low: int, high: int) -> bool:
    return "\n" not in window[low:high] and plain(window[low:high]) in _allowed()
