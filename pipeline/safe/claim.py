"""What a learning point says once its opening words and the story around it are taken away."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.installed import shipped
from pipeline.safe.cues import weigh
from pipeline.safe.lesson import Role
from pipeline.safe.sentence import sentences
from pipeline.span import Span

LONGEST = 70  # words; beyond them a claim is cut to its strongest sentences
BARE_LONGEST = 25  # words of a passage that teaches although it has no cue
# The same of a passage that is one sentence. With it, and with what `asks` finds, 39 of 56 learning
# points (of 697 in three draws of the first bank) that were taken for telling are found.
SENTENCE_LONGEST = 35
# A clause that only grants something, or says when: what is said stands behind its comma.
GRANTED = re.compile(
    r"(?:whil(?:e|st)|although|though|when(?:ever)?|where|if|unless|once|as|because|since|until|"
    r"despite|in spite of|notwithstanding|after|before)\b",
    re.I,
)
# The same, and words that ask, at the end of an opening: without them the rest is no sentence.
_HANGS = re.compile(
    rf"\b(?:(?:{GRANTED.pattern})|how|why|what|whether|which|who)"
    r"(?:\s+(?:an?|the|any|all|each|there|it|is|are|was|were|has|have|had|been|also"
    r"|clearly|often|generally|still|sometimes|currently|therefore|now))*\s*$",
    re.I,
)
_TEACHING = (Role.LEARNING, Role.RECOMMENDATION, Role.GOOD_PRACTICE)
_TELLING = (Role.CHRONOLOGY, Role.CONTEXT)


@dataclass(frozen=True, slots=True)
class Wordings:
    """The lists of configs/lists/claims.toml; words are folded to small letters."""

    openings: tuple[re.Pattern[str], ...]
    formulas: re.Pattern[str]
    breaks: re.Pattern[str]
    banned: frozenset[str]
    vague: frozenset[str]
    weak_ends: frozenset[str]
    weak_starts: frozenset[str]
    acronyms: frozenset[str]
    capitals: frozenset[str]


def _choice(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)


@lru_cache(maxsize=1)
def _shipped() -> Path:
    return shipped("configs/lists/claims.toml")


@lru_cache(maxsize=4)
def _load(path: Path) -> Wordings:
    try:
        lists = tomllib.loads(path.read_text(encoding="utf-8"))
        return Wordings(
            openings=tuple(re.compile(p, re.I) for p in lists["openings"]),
            formulas=_choice(lists["formulas"]),
            breaks=_choice(lists["breaks"]),
            banned=frozenset(lists["banned"]),
            vague=frozenset(lists["vague"]),
            weak_ends=frozenset(lists["weak_ends"]),
            weak_starts=frozenset(lists["weak_starts"]),
            acronyms=frozenset(lists["acronyms"]),
            capitals=frozenset(lists["capitals"]),
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise UsageError(
            "The list of wordings of claims cannot be read. No lesson was made. Compare it with "
            "the one that ships with Candour (configs/lists/claims.toml)."
        ) from error


def wordings(path: Path | None = None) -> Wordings:
    """The wordings that ship with the program, or those of another file of the same form."""
    return _load(path or _shipped())


def unopened(sentence: str) -> str:
    """A sentence without the words that only lead to what it says.

    >>> unopened("(2) I am concerned that there was a lack of communication between the teams.")
    'lack of communication between the teams.'
    >>> unopened("The inquest heard evidence that staff were not trained.")
    'staff were not trained.'
    """
    rest = sentence.strip()
    for _ in range(12):
        for opening in wordings().openings:
            match = opening.match(rest)
            if match is not None and len(rest[match.end() :].split()) >= 3:
                rest = rest[match.end() :]
                break
        else:
            return rest
    return rest


def opened(sentence: str) -> str:
    """A sentence without its opening words, but for the one on which its grammar hangs.

    >>> opened("The review found that what a child says is not heard.")
    'what a child says is not heard.'
    """
    rest = unopened(sentence)
    head = sentence.strip()[: len(sentence.strip()) - len(rest)]
    hangs = _HANGS.search(head)
    return head[hangs.start() :] + rest if hangs is not None else rest


def strongest(text: str) -> tuple[Span, ...]:
    """The sentences of a passage that teach, in order: those that do not only tell a story.

    All of them where none stands out; at most LONGEST words where it is long.
    """
    found = sentences(text)
    if len(found) < 2:
        return found
    weighed = [(_teaches(s.of(text)), -i, s) for i, s in enumerate(found)]
    kept = [row for row in weighed if row[0] > 0] or weighed
    words = 0
    chosen: list[Span] = []
    for _, _, sentence in sorted(kept, key=lambda row: row[:2], reverse=True):
        count = len(sentence.of(text).split())
        if chosen and words + count > LONGEST:
            continue
        chosen.append(sentence)
        words += count
    return tuple(sorted(chosen))


def _teaches(sentence: str) -> float:
    """How much more a sentence teaches than it tells; 0 for a form of words or a lead-in."""
    if sentence.rstrip(" -–").endswith(":") or _is_formula(sentence):
        return 0.0
    weights = weigh(sentence)
    teaching = max(weights.get(role, 0.0) for role in _TEACHING)
    telling = max(weights.get(role, 0.0) for role in _TELLING)
    return round(teaching - 0.5 * telling, 3)


# What ought to be, now or from now on; "should have been" tells what was not.
_ASKS = re.compile(
    r"\b(?:(?:should|must|ought to)(?! (?:not )?have\b)|(?:needs?|ha(?:s|ve)) to\b"
    r"|(?:may|might) wish to\b)",
    re.I,
)


def asks(text: str) -> bool:
    """Whether a sentence of a passage says what ought to be done, now or from now on.

    >>> asks("Records need to be kept."), asks("Records should have been kept.")
    (True, False)
    """
    flat = " ".join(text.split())
    told = (s.of(flat) for s in sentences(flat))
    return any(_ASKS.search(one) and not _is_formula(one) for one in told)


# The number of a learning point, which is no part of what it says.
_NUMBER = re.compile(
    r"^\W*(?:o\s+)?(?:\d+(?:[.-]\d+)*\W+)?(?:(?:(?:key|overview) )?"
    r"(?:lesson|learning(?: point)?|finding|recommendation|concern)s?\s*\d*\s*[:.–—-]\s*)?",
    re.I,
)


def _is_formula(sentence: str) -> bool:
    return wordings().formulas.search(_NUMBER.sub("", sentence)) is not None


# Words of what happened once, or to one: people of a case, labels, figures, the past.
_ONCE = re.compile(
    r"[\[\d]|\b(?:was|were|had|did|been|went|came|became|took|made|gave|got|knew|saw|said|felt|began"
    r"|spoke|moved|died|left (?:the|each|him|her|them)|\w+n['’]t (?:been|know)"
    r"|he|she|him|his|her|hers|i|my|we|our|mum|dad|this (?:case|review|family|report|child)|the (?:"
    r"mother|father|step\w+|grand\w+|parents|boy|girl|baby|couple|sister|brother|sibling|panel|review"
    r"|reviewer|author|report|case|subject|deceased|trust|school|court|police|hospital|inquest"
    r"|social worker|health visitor|midwife|gp))\b",
    re.I,
)
_HOLDS = re.compile(
    r"\b(?:is|are|isn['’]t|aren['’]t|has|have|can|cannot|can['’]t|may|might|must|should|ought|needs?"
    r"|will|won['’]t|do|does|don['’]t|doesn['’]t|never|always|requires?|depends?|deserves?|belongs?"
    r"|matters|means|helps|protects|demands|allows|leads|lets)\b",
    re.I,
)
GENERAL = range(6, 51)  # words of a passage that says what holds in general


def general(text: str, *, bare: bool = False) -> bool:
    """Whether a short passage says what holds in general, and nothing of one case.

    Asked of `bare` text, no word need show that it holds now.

    >>> general("Silence after a referral is not reassurance."), general("He was not asked.")
    (True, False)
    """
    flat = _NUMBER.sub("", " ".join(text.split()))
    said = len(flat.split()) in GENERAL and (bare or _HOLDS.search(flat) is not None)
    return said and not _ONCE.search(flat) and not _is_formula(flat)


def claim(text: str) -> str:
    """What a passage claims: its strongest sentences, each without its opening.

    >>> claim("He was seen on 3 May 2014. I am concerned that records were not shared.")
    'records were not shared.'
    """
    flat = " ".join(text.split())
    return " ".join(opened(s.of(flat)) for s in strongest(flat)) or flat


def teaches(text: str) -> bool:
    """Whether a sentence of a passage teaches, rather than tells; a short bare one does, too.

    >>> teaches("He was seen on 3 May 2014 and went home."), teaches("(2) Records and audit")
    (False, True)
    """
    flat = " ".join(text.split())
    if any(_teaches(s.of(flat)) > 0 for s in sentences(flat)):
        return True
    longest = BARE_LONGEST if len(sentences(flat)) > 1 else SENTENCE_LONGEST
    if len(flat.split()) > longest:
        return False
    weights = weigh(flat)
    told = any(weights.get(role, 0.0) for role in _TELLING)
    return not told and not _is_formula(flat)
