"""What each identity is called in the text: every form to look for, and the report's own labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache

from pipeline.match import Names, fold, is_ordinary
from pipeline.raw.link_names import (
    SPOKEN,
    SURNAMES,
    TITLES,
    Slips,
    is_label,
    role_words,
    short_forms,
)
from pipeline.raw.link_people import Person, letters_of
from pipeline.raw.recognisers import lists
from pipeline.span import Span

_CAPITALISED = re.compile(r"\b[^\W\d_a-z][^\W\d_]{4,}\b")
_NAME = r"[^\W\d_a-z][\w’']+(?:[-‐‑][^\W\d_a-z][\w’']+)*"
_RANK = (
    "Sgt|Sergeant|W?PC|W?DC|W?PS|DS|DI|DCI|Insp|Inspector|Constable|Superintendent|PCSO|Nurse|Sister"
    "|Matron|Judge|Cllr|Councillor|Captain|Capt|Major|Private|Pte|Cpl|Corporal|Lieutenant|Lt|Officer"
)
_TITLED = re.compile(rf"\b(?:(?:{SPOKEN})|(?P<rank>{_RANK}))\.?[^\S\n]+(?P<name>{_NAME})")
_THREE = re.compile(rf"\b{_NAME}\s+({_NAME}|[A-Z]\.?)\s+({_NAME})(?:\s+({_NAME}))?")
_OWNS = re.compile(
    r"['’ʼ‛]s\b|\s(?:was|had|has|said|told|went|did|died|lived|attended|wrote|denied|admitted|recorded"
    r"|refused|agreed|confirmed|disclosed|assaulted|hit|left|moved|reported|claimed|threatened)\b"
)
_CAPITAL = re.compile(r"\b[^\W\d_a-z][^\W\d_]+\b")
_LABEL_NEXT = re.compile(
    r"^\s*\((?:(?:the|hereafter|hereinafter|known|referred to|as)\s+)*"
    r"[\"“‘']?([^()\n]{1,30}?)[\"”’']?\)"
)
_LABEL_SAID = re.compile(
    r"^[^.\n]{0,40}?\b(?:referred to|known|described|identified|anonymised)(?: \w+){0,4}? as\s+"
    r"[\"“‘']?((?:[A-Z][\w-]*\s?){1,3})"
)
_LABEL_BEFORE = re.compile(
    r"((?:[\[A-Z][\w-]*[^\S\n]?){1,3}\]?)\s*(?:\(|\bis\b|refers to|means|=|\t)\s*$"
)
_PSEUDONYM = re.compile(
    r"^[\"”’']?\s*[(,]\s*(?:which is )?(?:not (?:his|her|their|the \w+['’]s) real name"
    r"|(?:an? )?pseudonym|name (?:has been )?changed)",
    re.IGNORECASE,
)


_ACTS = re.compile(
    r"\s(?:was|had|has|is|said|told|went|did|died|lived|attended|agreed|reported|noted|asked|felt"
    r"|explained|confirmed|stated|added|disclosed|moved|denied|left|rang|came|sold|wrote|saw|gave"
    r"|dialled|called|threatened|hit|assaulted|refused|admitted|met|described|drove|took"
    r"|telephoned|phoned|texted|emailed|missed|praised|visited|arrived|returned|complained|spoke"
    r"|knew|thought|became|began|started|stopped|wanted|accepted|declined|signed|answered)\b"
)
# Small words that are also written in capitals to stress them.
_SMALL = frozenset(
    """am do go he if is me my no or so up us we and are but can did for had has her him his how
    its may new not now off one our out own say see she the too two use was way who why yes yet
    you all any ask big boy day end far few get got let man men old per put ran sat saw set six
    son ten try war won""".split()
)
# What stands before letters that are a report's own label: "Adult DD", "Children AA and BB".
_LABELS_WHOM = (
    r"\b(?i:adults?|child(?:ren)?|bab(?:y|ies)|siblings?|person|young person|subject|family|"
    r"famil(?:y|ies)|m(?:other|um)|f(?:ather|emale)|dad|male|wom[ae]n|m[ae]n|girl|boy|partner|"
    r"mr|mrs|ms|miss|mx|dr|case|review|known as|called|aka|witness|service user|patient|"
    r"resident)\.?\s+(?:[A-Z]{{1,2}}(?:,\s+|\s+(?:and|&|or)\s+))*[“\"‘(\[]?{letters}(?!\w)"
)
# Letters that stand like a name: no article or number before them, no capital or number after.
_INITIALS = re.compile(
    r"(?<![\w.&/-])(?<!\b[Tt]he\s)(?<!\b[Aa]n\s)(?<!\b[Aa]\s)"
    r"((?:[A-ZÀ-ÖØ-Þ]\.){2,3}|[A-ZÀ-ÖØ-Þ]{2,3})(?![\w&/-])(?!\s[A-Z\d])"
)
# Labels of relatives that are also initials: a label only where the text speaks of one.
_RELATIVES = {
    "MA": "maternal aunt", "PA": "paternal aunt", "MU": "maternal uncle", "PU": "paternal uncle",
    "MP": "mother's partner", "FP": "father's partner", "HB": "half[- ]brother",
    "HS": "half[- ]sister",
}  # fmt: skip


# "(CM)" right after the small or capital words that it may stand for, and a glossary's line.
_EXPLAINED = re.compile(
    r"(?:[a-z]\)?\s\(|^)([A-Z]{2,3})(?:\)|[ \t]{2,}\w|\t| [-–:] )", re.MULTILINE
)


class Casing:
    """How folded words are written in the text: with capitals as found, never all capitals."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._seen: dict[str, Counter[str]] = {}
        for text in texts:
            for word in re.findall(r"[^\W_]+(?:['’‘ʼ-][^\W_]+)*", text):
                written = word if not word.isupper() or len(word) < 3 else word.title()
                self._seen.setdefault(fold(word), Counter())[written] += 1

    def word(self, folded: str) -> str:
        """One part as it is written, several words too."""
        return " ".join(self._one(part) for part in folded.split(" "))

    def _one(self, folded: str) -> str:
        seen = self._seen.get(folded)
        if not seen:
            return folded.title().replace("'S", "'s")
        return max(seen, key=lambda written: (not written.islower(), seen[written], written))


def titled(text: str, surnames: Iterable[str]) -> dict[str, tuple[Span, ...]]:
    """Titles with a name after them, wherever they stand: {"Mr Brown": spans}.

    A name that is known, or any word but one for a role.
    """
    known = set(surnames)
    out: dict[str, list[Span]] = {}
    for found in _TITLED.finditer(text):
        name = re.sub(r"['’]s?$", "", found["name"])
        other = found["rank"] is None and fold(name) not in role_words() - SURNAMES
        named = fold(name) in known or other
        named = named and not re.match(rf"[ \u00a0]{_NAME}", text[found.end() : found.end() + 40])
        if named and not is_label(found.group()):
            written = " ".join(f"{found.group().split()[0]} {name}".split())
            out.setdefault(written, []).append(Span(found.start(), found.start("name") + len(name)))
    return {name: tuple(spans) for name, spans in out.items()}


def with_middle(text: str, pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[Span, ...]]:
    """Known first names and surnames with other names between: {"Karen Louise Brown": spans}."""
    known = set(pairs)
    out: dict[str, list[Span]] = {}
    for found in _THREE.finditer(text):
        for end in (2, 3):
            if found[end] and (fold(found[0].split()[0]), fold(found[end])) in known:
                span = Span(found.start(), found.end(end))
                out.setdefault(" ".join(span.of(text).split()), []).append(span)
    return {name: tuple(spans) for name, spans in out.items()}


def nicknames(text: str, given: Iterable[str], taken: Container[str]) -> dict[str, str]:
    """Short forms of first names that stand in the text and are nobody else's: {form: name}."""
    written = {fold(m.group()) for m in _CAPITAL.finditer(text)}
    known = frozenset(given)
    out: dict[str, str] = {}
    for word in sorted(written):
        owners = tuple(known & short_forms(word))
        if len(owners) == 1 and word not in taken and not is_ordinary(word):
            out[word] = owners[0]
    return out


@cache
def _places() -> frozenset[str]:
    return frozenset(fold(form) for form in lists.forms("places-areas.txt"))


def stands_alone(text: str, word: str, found_alone: bool) -> bool:
    """Whether a part of a name is looked for by itself.

    Ordinary words and places need the report's evidence: found by itself as a person's name,
    or with a capital in the middle of a sentence, beside no other capital. A word for a role
    or a body never is.
    """
    folded = fold(word)
    # "the Storys at number 21": a family of that name; not "the Boards" where there is "the Board".
    if f"he {word}" in text and _names_a_family(text, word):
        return True
    if len(folded) < 2 or (folded in role_words() and folded not in SURNAMES):
        return False
    if len(folded) == 2 or folded in _places():
        return found_alone
    if not is_ordinary(word):
        return True
    return found_alone or _has_evidence(text, word)


def _names_a_family(text: str, word: str) -> bool:
    # "the Long family", "the Young children": but not "the Hope family" where all are told so.
    family = rf"\b[Tt]he {re.escape(word)} (?:famil(?:y|ies)|household|siblings|brothers|sisters)\b"
    if re.search(family, text):
        return True
    several, one = (rf"\b[Tt]he {re.escape(word)}{end}(?![\w'’])" for end in ("s", ""))
    return re.search(several, text) is not None and re.search(one, text) is None


def _has_evidence(text: str, word: str) -> bool:
    """Whether an ordinary word is plainly a name somewhere, outside dates and stock phrases."""
    names = Names([("", word)])
    for span in _whole_words(text, word):
        low = max(0, span.start - 60)
        if _evident(text, span):
            near_by = names.find(text[low : span.end + 60])
            if any(match.span.start + low == span.start for match in near_by):
                return True
    return False


def _whole_words(text: str, word: str) -> Iterator[Span]:
    """Where a word stands with no letter beside it; a plain search is ten times as fast."""
    at = text.find(word)
    while at >= 0:
        span = Span(at, at + len(word))
        beside = text[max(0, at - 1) : at], text[span.end : span.end + 1]
        if any(sign.isalnum() or sign == "_" for sign in beside):
            at = text.find(word, at + 1)
        else:
            yield span
            at = text.find(word, span.end)


def _evident(text: str, span: Span) -> bool:
    """Whether an ordinary word is plainly a name here: "Grace's", "told Grace that"."""
    if span.of(text).isupper():
        return False
    before = text[max(0, span.start - 40) : span.start]
    after = text[span.end : span.end + 40]
    last = re.findall(r"[\w’'-]+", re.split(r"[.!?]\s", before)[-1])[-1:]
    following = re.match(r"[^\S\n]+([\w’'-]+)", after)
    beside = [*last, *([following[1]] if following else [])]
    if any(word[0].isupper() for word in beside):
        return False
    inside = re.search(r"[a-z,]['’\"”)]?[^\S\n]+[\"“‘(]?$", before) is not None
    return inside or _OWNS.match(after) is not None


def initials(text: str, persons: Sequence[Person]) -> dict[int, list[str]]:
    """The initials by which people are told in the text: {number of the person: forms}.

    Letters that every report uses for something else, that the text explains by other words, or
    that stand in a line of capitals only, tell nothing; nor do doubled letters by which the text
    labels somebody ("Adult DD"). Letters of a small word or a rank tell only before a verb. Of
    two people with the same initials the one who is named more often has them.
    """
    explained = {m[1] for m in _EXPLAINED.finditer(text)}
    owners: dict[str, set[int]] = {}
    for at, person in enumerate(persons):
        for letters in letters_of(person):
            owners.setdefault(letters.upper(), set()).add(at)
    out: dict[int, list[str]] = {}
    for found in _INITIALS.finditer(text):
        letters = found[1].replace(".", "")
        holders = owners.get(fold(letters).upper())
        if not holders:
            continue
        if _keyed(text, found[1], [persons[at] for at in holders]):
            out.setdefault(max(sorted(holders), key=lambda at: len(persons[at].spans)), []).append(
                found[1]
            )
            continue
        taken = (
            letters in explained
            or letters in lists.exact_words("acronyms.txt")
            or _is_label(text, letters)
            or _in_capitals(text, found.start())
            or (_needs_verb(text, found) and not _ACTS.match(text, found.end()))
        )
        if not taken:
            most = max(sorted(holders), key=lambda at: len(persons[at].spans))
            out.setdefault(most, []).append(found[1])
    return out


def _keyed(text: str, letters: str, holders: Sequence[Person]) -> bool:
    """Whether a key of the report gives these letters for one of their holders: "ZQ = Zo Quill"."""
    for key in re.finditer(rf"(?<!\w){re.escape(letters)}\s?(?:=|\bis\b)\s?", text):
        if any(span.start == key.end() for person in holders for span in person.spans):
            return True
    return False


def _is_label(text: str, letters: str) -> bool:
    """Whether letters are a label here: doubled ones, and those of a relative, by the text."""
    relative = _RELATIVES.get(letters)
    if relative is not None:
        return re.search(relative.replace("'", "['’]"), text, re.IGNORECASE) is not None
    if len(set(letters)) > 1 or len(letters) < 2:
        return is_label(letters)
    return re.search(_LABELS_WHOM.format(letters=letters), text) is not None


def _needs_verb(text: str, found: re.Match[str]) -> bool:
    """Whether letters are initials only before a verb: a small word, a rank, behind a number.

    A rank that stands nowhere before a name or behind an article is none here.
    """
    word = found[1].lower()
    behind = text[max(0, found.start() - 2) : found.start()]
    if word in TITLES:
        return re.search(rf"\b(?i:the|an?)\s{found[1]}\b|\b{found[1]}\s[A-Z\d]", text) is not None
    return word in _SMALL or behind[:1].isdigit()


def _in_capitals(text: str, at: int) -> bool:
    """Whether the line around a place has letters but no small ones beside these."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    return line.isupper() and len(line.split()) > 1


def slips(text: str, parts: Iterable[str]) -> dict[str, str]:
    """Capitalised words of the text that are one letter off a part of a name: {word: part}."""
    known = {part for part in parts if len(part) > 4 and part not in role_words()}
    like = Slips()
    for part in known:
        like.add(part)
    written = {m.group() for m in _CAPITALISED.finditer(text)}
    out: dict[str, str] = {}
    for word in sorted(written):
        folded = fold(word)
        if folded in out or folded in known or is_known(folded):
            continue
        close = next(iter(like.near(folded)), None)
        if close is not None and folded not in (close + "s", close.removesuffix("s")):
            out[folded] = close
    return out


def is_known(word: str) -> bool:
    """Whether a word is English, a name or a place of its own, and so no slip of another."""
    return (
        is_ordinary(word)
        or is_ordinary(word.removesuffix("s"))
        or word in role_words()
        or word in _places()
        or word in lists.words("given-names.txt")
    )


def of_person(
    person: Person, casing: Casing, text: str, others: set[str], slipped: Iterable[str]
) -> Iterator[str]:
    """Every form of a person's name; `others` are parts that belong to others as well."""
    for found in person.found:
        if found.spans or (found.name.surname and (found.name.given or found.name.title)):
            yield found.text
    for given in sorted(person.given):
        for surname in sorted(person.surname):
            first = given if len(given) > 1 else given.upper()
            yield f"{casing.word(first)} {casing.word(surname)}"
            if len(given) > 1 and not person.shared:
                yield f"{given[0].upper()} {casing.word(surname)}"
    alone = {fold(f.text) for f in person.found if f.name.alone and f.spans} | (
        {fold(f.text) for f in person.found if f.name.alone and not is_ordinary(f.text)}
    )
    for word in sorted(person.words() | set(slipped)):
        # "Baby Gay": an ordinary word that would not be looked for by itself.
        if word in person.surname | (person.alone if person.shared else set()):
            baby = f"Baby {casing.word(word)}"
            if word not in others and baby in text and not is_label(baby):
                yield baby
        if word not in others and stands_alone(text, casing.word(word), word in alone):
            yield casing.word(word)


def reported_label(text: str, spans: Iterable[Span]) -> str | None:
    """The label that the report puts beside a name: "Child K (Jane Doe)", "known as Child K"."""
    for span in spans:
        after = text[span.end : span.end + 110]
        before = text[max(0, span.start - 40) : span.start]
        if _PSEUDONYM.match(after):
            return span.of(text)
        for found in (
            _LABEL_NEXT.match(after),
            _LABEL_SAID.match(after),
            _LABEL_BEFORE.search(before),
        ):
            label = _as_label(found[1]) if found else None
            if label and not _are_own_initials(label, span.of(text)):
                return label
    return None


def _are_own_initials(label: str, name: str) -> bool:
    """Whether a label of bare capitals is the initials of the name beside it: no label then."""
    first = "".join(part[0] for part in re.findall(r"[^\W\d_]+", name))
    return re.fullmatch(r"[A-Z]{2,4}", label) is not None and fold(label) == fold(first)


def _as_label(words: str) -> str | None:
    found = words.strip(" \t[]\"'“”‘’").split()
    for size in range(len(found), 0, -1):
        for label in (" ".join(found[:size]), " ".join(found[-size:])):
            if is_label(label) and len(label) > 1:
                return label.strip(" ,.;:")
    return None
