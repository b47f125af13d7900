"""The one place where Presidio is used: its engine runs our recognisers and weighs context words.

What we take: the engine, the registry, the results, the place where context raises a score.
What we leave, and why (2.2.366):
- its own recognisers: most UK ones are off or wrong by default, a pattern that runs away is
  skipped, and a checksum that fails drops the match;
- its spaCy engine, which wants a model and downloads one: a pattern cuts words;
- its lemma enhancer, which looks for each match's token from the start of the text: ours finds
  it by bisection, so that a long report stays linear, and looks to both sides.
Its loggers are silenced, because at DEBUG they write words of the document.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from pipeline.raw.document import Finding, Recogniser
from pipeline.raw.recognisers.deadline import begun
from pipeline.raw.recognisers.row import Family
from pipeline.span import Kind, Span

LOGGERS = ("presidio-analyzer", "presidio-anonymizer", "decision_process", "tldextract", "spacy")
_LANGUAGE = "en"
_BEFORE, _AFTER = 6, 3
# Words and signs; a sign that opens a word belongs to it. White space counts as well, but for the
# one space behind a word: what stands across a gap is further away.
_WORDS = re.compile(r"\w+|(?<!\S)[^\w\s]\w*|[^\w\s]|(?<!\S) |[^\S ]")


def _drop(_record: logging.LogRecord) -> bool:
    return False


def silence() -> None:
    """Make the loggers of Presidio and its libraries write nothing, at any level."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if _drop not in logger.filters:
            logger.addFilter(_drop)


class Words(NlpEngine):  # type: ignore[misc]
    """Cuts a text into words with a pattern; no model, nothing downloaded, nothing remembered."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        """It is always ready."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """The words of a text with their places."""
        found = list(_WORDS.finditer(text))
        starts = [word.start() for word in found]
        lower = [word.group().lower() for word in found]
        return NlpArtifacts([], lower, starts, lower, None, language, [])

    def process_batch(
        self, texts: Sequence[str], language: str, **_rest: object
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """As `process_text`, for several texts."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """No word is left out."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """No word is left out."""
        return False

    def get_supported_entities(self) -> list[str]:
        """It cuts words and finds nothing."""
        return []

    def get_supported_languages(self) -> list[str]:
        """English."""
        return [_LANGUAGE]


class Adapted(EntityRecognizer):  # type: ignore[misc]
    """One of our recognisers as Presidio sees it, with its deadline."""

    def __init__(self, recogniser: Recogniser, seconds: float) -> None:
        self._recogniser = recogniser
        self._seconds = seconds
        self._begun: Callable[[float], tuple[_Match, ...]] | None = None
        kinds = [kind.value for kind in Kind]
        super().__init__(supported_entities=kinds, name=recogniser.name, supported_language="en")

    def load(self) -> None:
        """Nothing to load: the recogniser is ready."""

    def begin(self, text: str) -> None:
        """Starts a model on a text before its turn: it computes while patterns are looked for."""
        if not isinstance(self._recogniser, Family):
            self._begun = begun(lambda: _sound(self._recogniser, text), self._recogniser.name)

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """What the recogniser finds; RecogniserError where it crashes or runs out of time."""
        wait = self._begun or begun(lambda: _sound(self._recogniser, text), self._recogniser.name)
        found = wait(self._seconds)
        return [_result(finding, context) for finding, context in found]


# A finding and the context words that would raise its score.
_Match = tuple[Finding, tuple[str, ...]]


def _sound(recogniser: Recogniser, text: str) -> Iterator[_Match]:
    """What the recogniser finds; a span outside the text or a score that is none is a failure."""
    for finding, context in _matches(recogniser, text):
        inside = 0 <= finding.span.start < finding.span.end <= len(text)
        if not (inside and 0.0 <= finding.score <= 1.0 and finding.kind in Kind):
            raise ValueError("a recogniser's finding lies outside the text, or its score is none")
        yield finding, context


def _matches(recogniser: Recogniser, text: str) -> Iterator[_Match]:
    if isinstance(recogniser, Family):
        yield from recogniser.matches(text)
    else:
        for finding in recogniser.find(text):
            yield finding, ()


def _result(finding: Finding, context: tuple[str, ...]) -> RecognizerResult:
    # Presidio drops a result inside another of the same type: with the recogniser and the subkind
    # in the type nothing of ours is lost before our own rule for overlaps.
    entity = "\t".join((finding.kind.value, finding.subkind, finding.by))
    start, end = finding.span.start, finding.span.end
    return RecognizerResult(
        entity, start, end, finding.score, recognition_metadata={"context": context}
    )


def _finding(result: RecognizerResult) -> Finding:
    kind, subkind, by = result.entity_type.split("\t")
    return Finding(Span(result.start, result.end), Kind(kind), subkind, result.score, by)


class Context(ContextAwareEnhancer):  # type: ignore[misc]
    """Halves the doubt about a match where one of its row's context words stands nearby."""

    def __init__(self) -> None:
        super().__init__(0.5, 0.0, _BEFORE, _AFTER)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """The same results with raised scores."""
        starts, words = nlp_artifacts.tokens_indices, nlp_artifacts.lemmas
        for result in raw_results:
            wanted = result.recognition_metadata["context"]
            if not wanted:
                continue
            first, last = bisect_left(starts, result.start), bisect_left(starts, result.end)
            near = {*words[max(0, first - _BEFORE) : first], *words[last : last + _AFTER]}
            if near & set(wanted):
                result.score = round(1 - (1 - result.score) / 2, 4)
        return raw_results


def engine(using: Sequence[Recogniser], seconds: float) -> AnalyzerEngine:
    """A Presidio engine that runs these recognisers, one at least, and none of its own."""
    silence()
    registry = RecognizerRegistry(
        recognizers=[Adapted(recogniser, seconds) for recogniser in using],
        supported_languages=[_LANGUAGE],
    )
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=Words(),
        supported_languages=[_LANGUAGE],
        context_aware_enhancer=Context(),
    )


def analyse(text: str, using: Sequence[Recogniser], seconds: float) -> tuple[Finding, ...]:
    """What the recognisers find in a text; findings may overlap. Fails as `within` does.

    Presidio keeps its recognisers in a set, so their order varies: the findings are put in order.
    """
    if not using or not text.strip():
        return ()
    made = engine(using, seconds)
    for one in made.registry.recognizers:
        if isinstance(one, Adapted):
            one.begin(text)
    results = made.analyze(text, _LANGUAGE)
    found = (_finding(result) for result in results)
    return tuple(sorted(found, key=lambda f: (f.span, f.kind, f.subkind, f.by, f.score)))
