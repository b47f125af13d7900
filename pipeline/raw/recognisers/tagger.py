"""Names and facts that no pattern knows: a small token classifier, run with ONNX.

Made by `python -m pipeline.training tagger`; what it learnt from and how well it does is in
models/tagger/CARD.md. It reads the text in windows and never leaves part of it unread.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import RecogniserError
from pipeline.raw.document import Finding
from pipeline.raw.recognisers import tagger_decode, tagger_windows
from pipeline.raw.recognisers.tagger_decode import Floats
from pipeline.raw.recognisers.tagger_windows import Ints, Window
from pipeline.raw.recognisers.tagger_words import LABELS, SHAPES, SPACES, TYPES, Word, words
from pipeline.span import Kind, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

KINDS: Mapping[str, Kind] = {
    "PERSON": Kind.PERSON,
    "LOC": Kind.PLACE,
    "ORG": Kind.ORGANISATION,
    "DATETIME": Kind.DATE,
    "CODE": Kind.CODE,
    "DEM": Kind.DEMOGRAPHIC,
    "QUANTITY": Kind.QUANTITY,
    "MISC": Kind.OTHER,
}
_BATCH = 4
_NOTHING: Floats = np.empty((0, len(LABELS)), dtype=np.float32)
_DAMAGED = (
    "The tagger's model is missing or is not the one that its manifest names. Nothing was read "
    "with it and nothing is released. Install Candour again, or make the model anew."
)


class _Row(BaseModel):
    """The tagger's part of models/manifest.toml."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: str
    sha256: dict[str, str]
    biases: dict[str, float]
    eager: dict[str, float]
    labels: tuple[str, ...]
    shapes: int
    spaces: int


def _row(manifest: Path) -> _Row:
    try:
        row = _Row.model_validate(tomllib.loads(manifest.read_text(encoding="utf-8"))["tagger"])
    except (OSError, KeyError, ValidationError, ValueError) as error:
        raise RecogniserError(_DAMAGED) from error
    if (row.labels, row.shapes, row.spaces) != (LABELS, SHAPES, SPACES):
        raise RecogniserError(_DAMAGED)
    leaning = {*row.biases, *row.eager}
    if not {"model.onnx", "tokenizer.json"} <= set(row.sha256) or leaning - set(TYPES):
        raise RecogniserError(_DAMAGED)
    return row


def _checked(folder: Path, row: _Row) -> dict[str, bytes]:
    """The model's files, read once: what was checked is what is used."""
    files: dict[str, bytes] = {}
    for name in ("model.onnx", "tokenizer.json"):
        try:
            files[name] = (folder / name).read_bytes()
        except OSError as error:
            raise RecogniserError(_DAMAGED) from error
        if hashlib.sha256(files[name]).hexdigest() != row.sha256[name]:
            raise RecogniserError(_DAMAGED)
    return files


class _Session(Protocol):
    """What is used of onnxruntime.InferenceSession."""

    def run(self, outputs: None, inputs: Mapping[str, Ints]) -> Sequence[Floats]: ...


class Tagger:
    """A recogniser of people, places, bodies, dates, codes and facts about people."""

    def __init__(self, session: _Session, tokenizer: Tokenizer, row: _Row, threads: int) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.biases = row.biases
        self.version = row.version
        self._eager = row.eager
        self._threads = threads
        # What was last read, by its hash: whoever asks twice about a text waits once.
        self._last: tuple[bytes, tuple[Word, ...], Floats] = (b"", (), _NOTHING)

    @property
    def name(self) -> str:
        """The name that findings carry in `by`."""
        return "tagger"

    @classmethod
    def load(cls, folder: Path, threads: int) -> Tagger:
        """The model in `folder`, checked against manifest.toml beside that folder.

        Raises RecogniserError where a file is missing or is not the one named there.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        row = _row(folder.parent / "manifest.toml")
        files = _checked(folder, row)
        options = onnxruntime.SessionOptions()
        # A batch is read by one thread: threads that share one wait for each other where other
        # work, such as the patterns, shares the processor.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        session = onnxruntime.InferenceSession(
            files["model.onnx"], options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_buffer(files["tokenizer.json"])
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(session, tokenizer, row, threads)

    def find(self, text: str) -> Iterable[Finding]:
        """What the model takes for a name or a fact, in order, none overlapping."""
        return self.lean(text, self.biases)

    def eager(self, text: str) -> tuple[Finding, ...]:
        """Also what the model only suspects; most of it is right, and much of it may stay."""
        return self.lean(text, self._eager)

    def lean(self, text: str, biases: Mapping[str, float]) -> tuple[Finding, ...]:
        """The findings at other biases than the shipped ones; see tagger_decode.leaned."""
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        if self._last[0] != key:
            read = words(text)
            self._last = (key, read, self.logits(text, read) if read else _NOTHING)
        _, seen, logits = self._last
        if not seen:
            return ()
        likely = tagger_decode.leaned(logits, biases)
        return tuple(
            Finding(
                span=Span(seen[mention.begin].start, seen[mention.end - 1].end),
                kind=KINDS[mention.type],
                subkind="tagger",
                score=mention.score,
                by=self.name,
            )
            for mention in tagger_decode.mentions(likely, text, seen)
        )

    def logits(self, text: str, seen: Sequence[Word]) -> Floats:
        """What the network says of each word, shape (words, labels)."""
        own = tagger_windows.pieces([text[w.start : w.end] for w in seen], self._tokenizer)
        views = tagger_windows.windows([len(ids) for ids in own])
        framed = [tagger_windows.frame(seen, own, view) for view in views]
        said = self._read([frame for frame, _ in framed])
        out = np.empty((len(seen), len(LABELS)), dtype=np.float32)
        for view, (_, heads), answer in zip(views, framed, said, strict=True):
            out[view.judge_begin : view.judge_end] = _judged(view, heads, answer)
        if not np.isfinite(out).all():
            raise RecogniserError(
                "The tagger's answer for a text makes no sense. Nothing is released. "
                "Install Candour again, or make the model anew."
            )
        return out

    def _read(self, frames: Sequence[Ints]) -> list[Floats]:
        """The network's answer for each frame; frames of like length go through together.

        Frames that are the same are read once: a long line of one sign is full of them.
        """
        once = {frame.tobytes(): frame for frame in frames}
        order = sorted(once.items(), key=lambda pair: (pair[1].shape[1], pair[0]))
        batches = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]

        def read(batch: Sequence[tuple[bytes, Ints]]) -> Floats:
            padded = tagger_windows.pad([frame for _, frame in batch])
            return self._session.run(None, {"frames": padded})[0]

        answers: dict[bytes, Floats] = {}
        with ThreadPoolExecutor(self._threads) as pool:
            for batch, logits in zip(batches, pool.map(read, batches), strict=True):
                for (key, frame), answer in zip(batch, logits, strict=True):
                    answers[key] = answer[: frame.shape[1]]
        return [answers[frame.tobytes()] for frame in frames]


def _judged(view: Window, heads: Ints, answer: Floats) -> Floats:
    """The answer for the words that a window judges."""
    own = heads[view.judge_begin - view.begin : view.judge_end - view.begin]
    return answer[own]
