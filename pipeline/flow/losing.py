"""No step lets something stay that was hidden, but the one that says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.errors import UsageError
from pipeline.flow.steps import Add, Bound, Except, Judge, Step
from pipeline.raw.cards import Card
from pipeline.raw.document import Decision, Finding, Proposal, Settlement, Verdict
from pipeline.span import Span

_LOST = (
    "After this step something would stay that is hidden now, and that the step does not speak "
    "of. Nothing was changed. Decide on the longer or the other name there first, then repeat "
    "the step."
)
_NOT_HIDDEN = (
    "What you marked would not be hidden: it lies inside something that stays. Nothing was "
    "changed. Decide on the longer name first, then repeat the step."
)


def require_nothing_lost(
    text: str,
    step: Step,
    cards: Sequence[Card],
    whole: Proposal,
    proposed: Proposal,
    decisions: Iterable[Decision],
    both: tuple[Settlement, Settlement],
) -> None:
    """UsageError where a step brings to light what it does not speak of, or hides nothing.

    `cards`, `whole` (with what was added) and `decisions` are those before the step, `proposed`
    the proposal then without what was added, `both` what counted before and what counts after.
    """
    before, after = (_hidden(text, one) for one in both)
    if isinstance(step, Add | Bound) and not _offsets(text, [Span(step.start, step.end)]) <= after:
        raise UsageError(_NOT_HIDDEN)
    spoken = {f.id: f for f in whole.findings if f.id in _speaks_of(step, cards)}
    shown = _offsets(text, (f.span for f in spoken.values()))
    others = [f for f in proposed.findings if f.id not in spoken]
    by_target = {one.target: one.verdict for one in decisions}
    shown -= _offsets(text, (f.span for f in others if not _stays(f, by_target)))
    if before - after - shown:
        raise UsageError(_LOST)


def _speaks_of(step: Step, cards: Sequence[Card]) -> frozenset[str]:
    """The findings that a step may bring to light."""
    if isinstance(step, Judge) and step.verdict is Verdict.REJECT:
        own = [card for card in cards if card.id == step.card]
    elif isinstance(step, Bound):
        own = [card for card in cards if step.finding in card.findings]
    else:
        opens = isinstance(step, Except) and step.verdict is not Verdict.ACCEPT
        return frozenset((step.finding,) if isinstance(step, Except) and opens else ())
    return frozenset(finding for card in own for finding in card.findings)


def _stays(finding: Finding, by_target: dict[str, Verdict]) -> bool:
    """Whether somebody let a proposed finding stay."""
    own = by_target.get(finding.id, Verdict.UNDECIDED)
    whole = by_target.get(finding.identity or "", Verdict.UNDECIDED)
    return (whole if own is Verdict.UNDECIDED else own) is Verdict.REJECT


def _hidden(text: str, settled: Settlement) -> set[int]:
    return _offsets(text, (finding.span for finding in settled.findings))


def _offsets(text: str, spans: Iterable[Span]) -> set[int]:
    """The places of the letters and digits of spans."""
    return {at for span in spans for at in range(span.start, span.end) if text[at].isalnum()}
