"""Any installed spaCy model in the tagger's place (settings: spacy_model)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import regex

from pipeline.errors import UsageError
from pipeline.raw.document import Finding
from pipeline.span import Kind, Span

KINDS: Mapping[str, Kind] = {
    "PERSON": Kind.PERSON,
    "PER": Kind.PERSON,
    "GPE": Kind.PLACE,
    "LOC": Kind.PLACE,
    "FAC": Kind.PLACE,
    "ORG": Kind.ORGANISATION,
    "DATE": Kind.DATE,
    "NORP": Kind.DEMOGRAPHIC,
}
# spaCy gives no probabilities: one score for all of its findings, below that of a sure pattern.
_SCORE = 0.7
_PIECE = 50_000
_MISSING = (
    "The spaCy model of the settings is not installed, or it finds no names. Nothing was read "
    "with it. Install it with pip, or take spacy_model out of the settings to use the own tagger."
)


@dataclass(frozen=True, slots=True)
class SpacyModel:
    """A spaCy pipeline that finds names, as a recogniser."""

    nlp: Any
    name: str = "spacy"

    @classmethod
    def load(cls, model: str) -> SpacyModel:
        """The model of this name; UsageError where it is not installed. Nothing is downloaded."""
        import spacy

        try:
            nlp = spacy.load(model)
        except OSError as error:
            raise UsageError(_MISSING) from error
        if not {"ner", "entity_ruler"} & set(nlp.pipe_names):
            raise UsageError(_MISSING)
        return cls(nlp)

    def find(self, text: str) -> Iterator[Finding]:
        """The names in a text, read in pieces that end at a line's end."""
        for start, piece in _pieces(text):
            for entity in self.nlp(piece).ents:
                kind = KINDS.get(entity.label_)
                if kind is not None and entity.end_char > entity.start_char:
                    span = Span(start + entity.start_char, start + entity.end_char)
                    yield Finding(span, kind, "spacy", _SCORE, self.name)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while start < len(text):
        end = min(start + _PIECE, len(text))
        if end < len(text):
            breaks = [m.end() for m in regex.finditer(r"\n|\s", text, pos=start, endpos=end)]
            end = breaks[-1] if breaks else end
        yield start, text[start:end]
        start = end
