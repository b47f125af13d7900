"""The tagger as a component of anybody's spaCy pipeline: `nlp.add_pipe("candour_tagger")`.

    nlp = spacy.blank("en")
    nlp.add_pipe("candour_tagger", config={"threads": 2})
    [(e.text, e.label_) for e in nlp("Anna Reed rang Westmoor Council.").ents]

Entities are on whole tokens; `doc.spans["candour_tagger"]` has the same spans with their scores, as
spaCy's own span categoriser keeps them. It finds what the tagger finds, and nothing of what the
patterns, the linking of mentions and the allow-lists add: a text is not safe to publish by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.installed import shipped
from pipeline.raw.document import Finding
from pipeline.raw.recognisers.tagger import Tagger

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as Entity

NAME = "candour_tagger"


@dataclass(frozen=True, slots=True)
class Component:
    """What spaCy calls with a document; `eager` adds what the model only suspects."""

    tagger: Tagger
    eager: bool

    def __call__(self, doc: Doc) -> Doc:
        """The document with its entities and their scores."""
        import numpy as np
        from spacy.tokens import SpanGroup
        from spacy.util import filter_spans

        found = self.tagger.eager(doc.text) if self.eager else self.tagger.find(doc.text)
        spans, scores = _aligned(doc, found)
        doc.ents = filter_spans([*spans, *doc.ents])
        group = SpanGroup(doc, name=NAME, spans=spans)
        group.attrs["scores"] = np.array(scores, dtype=np.float32)
        doc.spans[NAME] = group
        return doc


def _aligned(doc: Doc, found: Iterable[Finding]) -> tuple[list[Entity], list[float]]:
    """The findings as spans of whole tokens, and their scores."""
    spans, scores = [], []
    for one in found:
        span = doc.char_span(
            one.span.start, one.span.end, label=one.kind.value, alignment_mode="expand"
        )
        if span is not None:
            spans.append(span)
            scores.append(one.score)
    return spans, scores


def make(nlp: object, name: str, threads: int, eager: bool) -> Component:
    """The component; RecogniserError where the shipped model is missing or damaged."""
    return Component(Tagger.load(shipped("models/tagger"), threads), eager)


def _register() -> None:
    """Makes the component known to spaCy, once; an installed Candour does it by its entry point."""
    from spacy.language import Language

    if not Language.has_factory(NAME):
        config = {"threads": 2, "eager": False}
        Language.factory(NAME, default_config=config, assigns=["doc.ents"], func=make)


_register()
