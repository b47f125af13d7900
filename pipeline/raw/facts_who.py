"""How a report speaks of its subject, so that what it says of others is not taken for theirs.

The subject is known by the label or name of the cover, as "the deceased" and the like, and as
"he" or "she" at the start of a sentence where the sentence before opens with the subject and
speaks of nobody else. A mark takes their place, so that patterns need not know the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from pipeline.raw import facts_names as names
from pipeline.raw import facts_titles as titles
from pipeline.raw.facts_nouns import NOTHING, Fact, Source
from pipeline.raw.facts_sentences import SUBJECT, Sentence

_CODE = regex.compile(r"(?:[A-Z]{1,3}|[B-DF-HJ-NP-TV-XZ]{4,5})\d{1,4}|([A-Z])\1\d?")
_COURTESY = regex.compile(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? ", regex.IGNORECASE)
_MANY = regex.compile(
    r"[,/&]| and |^(?:children|adults|babies|siblings|twins|family|case)\b", regex.I
)
_GENERAL = {
    "child": r"[Tt]he (?:child|baby|infant|young person)|[Tt]his (?:child|baby|infant)",
    "adult": r"[Tt]he (?:adult|deceased|victim)",
}
# What is told apart by letters, and is nobody.
_LETTERED = (
    "hepatitis|vitamin|option|point|part|section|plan|grade|phase|stage|type|level|group|ward"
    "|room|unit|flat|block|appendix|category|team|class|school|hospital|house|home"
)
_PRONOUN = regex.compile(r"(?:He|She|They)(?= )")
_OTHERS = regex.compile(
    r"\b(?:[Mm]other|[Ff]ather|[Pp]arents?|[Mm]um|[Dd]ad|[Ss]iblings?|(?:half-?)?[Bb]rothers?"
    r"|(?:half-?)?[Ss]isters?|[Tt]wins?|[Pp]artner|[Ww]ife|[Hh]usband|[Bb]oyfriend"
    r"|[Gg]irlfriend|[Ss]ons?|[Dd]aughters?|[Gg]rand\w+|[Aa]unt|[Uu]ncle|[Cc]ousin|[Ff]riends?"
    r"|[Nn]eighbour\w*|[Ww]orkers?|[Vv]isitors?|[Nn]urses?|[Mm]idwi\w+|[Tt]eachers?"
    r"|[Oo]fficers?|[Dd]octors?|GP|[Cc]arers?|[Mm]an|[Ww]oman|[Bb]oy|[Gg]irl|[Pp]erpetrator"
    r"|[Aa]uthor|[Rr]eviewer|[Cc]oroner|Mr|Mrs|Ms|Miss|Dr)\b"
)
_PREDICATE = regex.compile(
    r"\A,? (?:was|is) an? (?:[\w-]+,? ){0,7}?(?:man|woman|boy|girl|baby|child|person)\b"
)
_CALENDAR = frozenset(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday the this on in at when""".split()
)
_WORD = regex.compile(r"(?<![\p{L}’'-])\p{Lu}[\p{L}’'-]*")


@dataclass(frozen=True, slots=True)
class Who:
    """The ways in which a report names its subject, as one pattern; "" where it is several."""

    pattern: str
    words: frozenset[str]

    def marked(self, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
        """The sentences, with a mark where the subject stands; as they are where it is several."""
        if not self.pattern:
            yield from sentences
            return
        here = regex.compile(rf"(?<![\p{{L}}\d’'-])(?:{self.pattern})(?![\p{{L}}\d])")
        led = False  # whether the sentence before is about the subject and nobody else
        for one in sentences:
            spans = [match.span() for match in here.finditer(one.text)]
            pronoun = _PRONOUN.match(one.text) if led and one.before else None
            if pronoun:
                spans.insert(0, pronoun.span())
            led = self._leads(one.text, pronoun.end() if pronoun else 0)
            yield _with_marks(one, spans) if spans else one

    def in_text(self, text: str) -> bool:
        """Whether a short text is nothing but the subject: a cell of a table."""
        return bool(self.pattern) and regex.fullmatch(self.pattern, text) is not None

    def _leads(self, text: str, after: int) -> bool:
        """Whether a sentence opens with the subject and speaks of nobody else.

        `after` is where a pronoun ends that stands for them; what they are is nobody else.
        """
        opening = regex.match(rf"(?:[\d.()\[\]]+ )?(?:{self.pattern})(?!\w|['’]s)", text)
        if not after and opening is None:
            return False
        rest = _PREDICATE.sub("", text[after or (opening.end() if opening else 0) :])
        if _OTHERS.search(rest):
            return False
        words = (match.group().casefold() for match in _WORD.finditer(rest))
        return all(word in self.words or word in _CALENDAR for word in words)


def _with_marks(one: Sentence, spans: Sequence[tuple[int, int]]) -> Sentence:
    text, places, ends, at = "", [], [], 0
    for start, end in spans:
        text += one.text[at:start] + SUBJECT
        places += [*one.places[at:start], one.places[start]]
        ends += [*one.ends[at:start], one.ends[end - 1]]
        at = end
    places += one.places[at:]
    ends += one.ends[at:]
    return replace(one, text=text + one.text[at:], places=tuple(places), ends=tuple(ends))


def of(subject: str, kind: str) -> Who:
    """How a report of a kind speaks of the subject that its cover names.

    >>> of("Child K", "serious case review").in_text("Child K")
    True
    >>> of("Tamsin Quill", "serious case review").in_text("Tamsin")
    True
    >>> of("Children A and B", "serious case review").in_text("the child")
    False
    """
    if _MANY.search(subject):
        return Who("", frozenset())
    forms = _forms(subject) if subject != "not stated" else []
    general = "child" if "child" in kind or kind.startswith(("serious", "signif")) else "adult"
    parts = [_pattern(form, subject) for form in sorted(forms, key=len, reverse=True)]
    if not forms or kind in ("domestic homicide review", titles.PFD):
        parts.append(rf"(?:{_GENERAL[general]})(?! of\b)")
    parts.append(r"[Tt]he subject of (?:this|the) (?:review|report)")
    return Who("|".join(parts), frozenset(w.casefold() for form in forms for w in form.split()))


def _pattern(form: str, subject: str) -> str:
    """A form as it may stand in the text: a name that a cover shouts, in any case but small."""
    quiet = regex.escape(form).replace("\\ ", " ")
    if len(form) < 3 and form != subject:  # "K", but not "Mr K" nor "School K"
        return rf"(?<!\p{{Lu}}[\p{{L}}.]* )(?<!\b(?:{_LETTERED}) ){quiet}"
    shouted = subject.isupper() and not names.is_label(subject)
    return rf"(?=\p{{Lu}})(?i:{quiet})" if shouted else quiet


def _forms(subject: str) -> list[str]:
    """The subject as the cover has it, without its title or noun, and calmed."""
    bare = _COURTESY.sub("", subject)
    if names.is_label(subject):
        code = subject.split()[-1]
        if " " not in subject:
            return [subject] if _CODE.fullmatch(subject) and "/" not in subject else []
        noun = subject[: -len(code)].strip()
        forms = [f"{n} {code}" for n in {noun, noun.title(), noun.lower(), noun.capitalize()}]
        return [*forms, code] if code not in ("A", "I") and not code.isdigit() else forms
    words = bare.split()
    title = subject[: len(subject) - len(bare)]
    forms = [subject, bare, *(words[:1] if len(words[0]) > 1 else [])]
    if len(words) > 2:
        forms.append(f"{words[0]} {words[-1]}")
    nouned = names.LABEL.match(subject) or words[0].lower() in ("child", "baby", "adult", "family")
    if nouned:
        forms = [subject, " ".join(words[1:])]
    elif title:
        forms.append(f"{title}{words[-1]}")
    calm = [form.title() if form.isupper() else form for form in forms]
    return list(dict.fromkeys(form for form in (*forms, *calm) if form))


_OF_CORONER = regex.compile(
    r"(?:investigation|inquest)s?,? (?:[\w/]+ ){0,5}?(?:into|touching|concerning|upon"
    r"|regarding)(?: upon| on)? the (?:sudden |tragic )?death of:? (?P<it>(?:(?:Mr|Mrs|Ms|Miss"
    r"|Baby)\.? )?\p{Lu}[\p{L}’'.-]*(?: (?:(?:van|de|der|la|al|bin|ibn|el|o)"
    r" )?\p{Lu}[\p{L}’'-]*){1,4})(?! and \p{Lu})"
)


def of_coroner(sentences: Sequence[Sentence]) -> Fact:
    """Whom a coroner's report says that the investigation was about."""
    for one in sentences[:60]:
        if found := _OF_CORONER.search(one.text):
            return Fact(found["it"], one.span(*found.span("it")), Source.BODY)
    return NOTHING
