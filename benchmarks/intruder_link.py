"""Rankers that tell which case a text is about, and how often they are right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATED = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-\d\d(?!\d)"),
    re.compile(r"(?<!\d)\d{1,2}[./-](?P<number>\d{1,2})[./-](?P<year>(?:19|20)?\d\d)(?!\d)"),
    re.compile(
        rf"\b(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?"
        r"(?P<year>(?:19|20)\d\d)\b",
        re.IGNORECASE,
    ),
)

Scores = NDArray[np.float64]


def words(text: str) -> list[str]:
    """The words of a text as they are written: a capital tells a name.

    >>> words("Mr O’Dell saw Dell-Marsh on 3 May.")
    ['Mr', 'O’Dell', 'saw', 'Dell-Marsh', 'on', '3', 'May']
    """
    return WORD.findall(text)


def telling(text: str) -> list[str]:
    """The words with a capital or a digit in them: names, places, days, numbers.

    >>> telling("Mr O’Dell saw her on 3 May.")
    ['Mr', 'O’Dell', '3', 'May']
    """
    return [word for word in words(text) if word != word.lower() or any(map(str.isdigit, word))]


def months(text: str) -> list[str]:
    """The months of a text's dates, however they are written: days are made coarse, as they are.

    >>> months("On 3/5/16, in May 2016, on May 9th, 2016 and on 2015-06-01.")
    ['2016-05', '2016-05', '2016-05', '2015-06']
    """
    found = []
    for match in sorted((m for form in _DATED for m in form.finditer(text)), key=re.Match.start):
        part = match.groupdict()
        number = int(part.get("number") or _MONTHS.index(part["name"][:3].lower()) + 1)
        year = part["year"] if len(part["year"]) == 4 else f"20{part['year']}"
        found.append(f"{year}-{number:02d}")
    return found


def told(text: str) -> list[str]:
    """Names and numbers, and the months of all dates, which a day in the background gives too."""
    return telling(text) + months(text)


def _bm25(split: Callable[[str], list[str]]) -> Callable[[Sequence[str], Sequence[str]], Scores]:
    """BM25 of each query's words, a word as often as the query says it."""

    def scored(queries: Sequence[str], backgrounds: Sequence[str]) -> Scores:
        import bm25s

        known = [split(text) for text in backgrounds]
        if not any(known):
            return np.zeros((len(queries), len(backgrounds)))
        index = bm25s.BM25()
        index.index(known, show_progress=False)
        rows = []
        for query in queries:
            asked = [word for word in split(query) if word in index.vocab_dict]
            rows.append(index.get_scores(asked) if asked else np.zeros(len(backgrounds)))
        return np.array(rows, dtype=np.float64)

    return scored


def _ngrams(queries: Sequence[str], backgrounds: Sequence[str]) -> Scores:
    """The cosine of TF-IDF over character n-grams of three to five."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), lowercase=False, sublinear_tf=True
    )
    index = vectors.fit_transform(backgrounds)
    return np.asarray((vectors.transform(queries) @ index.T).toarray(), dtype=np.float64)


RANKERS: Mapping[str, Callable[[Sequence[str], Sequence[str]], Scores]] = {
    "bm25": _bm25(words),
    "bm25 of names and numbers": _bm25(telling),
    "bm25 of names, numbers, months": _bm25(told),
    "bm25 of months": _bm25(months),
    "character n-grams": _ngrams,
}


def ranks(scores: Scores) -> NDArray[np.int64]:
    """The rank of each query's own background; of equal scores the mean place, rounded up.

    >>> ranks(np.array([[3.0, 1.0], [5.0, 2.0]])).tolist()
    [1, 2]
    """
    own = np.diagonal(scores)[:, None]
    higher, equal = (scores > own).sum(axis=1), (scores == own).sum(axis=1)
    return np.asarray(1 + higher + equal // 2, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Linked:
    """How often a ranker finds the case, with an interval of 95 % over cases."""

    measure: str
    value: float
    low: float
    high: float


def linked(found: NDArray[np.int64]) -> tuple[Linked, ...]:
    """Top-1, top-5 and mean reciprocal rank, with intervals from resampled cases."""
    measures = {
        "top-1": (found == 1).astype(float),
        "top-5": (found <= 5).astype(float),
        "reciprocal rank": 1 / found,
    }
    draws = np.random.default_rng(0).integers(0, len(found), size=(RESAMPLES, len(found)))
    result = []
    for name, each in measures.items():
        low, high = np.quantile(each[draws].mean(axis=1), [0.025, 0.975])
        result.append(Linked(name, float(each.mean()), float(low), float(high)))
    return tuple(result)
