"""The training needs of a real national report: one paragraph of it lists six.

The text is public and not part of the project; where it is absent, nothing here is tested.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from learning_parts import THEMES

from pipeline.config import Settings
from pipeline.raw.readers import reading
from pipeline.safe.digest_training import Need, training
from pipeline.safe.lesson import SafeBlock, SafeDocument, SafeText
from pipeline.safe.segment import passages
from pipeline.safe.theme import mark

SEED = Path(__file__).parent.parent.parent / "shared/seeds/ofsted_learning-lessons-year-2.txt"
PARAGRAPH = "52"

pytestmark = pytest.mark.skipif(
    not SEED.exists(), reason="the seed text is no part of the project and is not here"
)


@pytest.fixture(scope="module")
def needs() -> list[Need]:
    read = reading.read(SEED, Settings())
    blocks = tuple(
        SafeBlock(b.kind, b.page, b.span, b.number, b.level, b.rows) for b in read.blocks if b.span
    )
    safe = SafeDocument("OF", "public", SafeText(read.text), blocks, draft=False)
    rows = training(mark(passages(safe), THEMES), THEMES, {"OF"})
    return [need for row in rows for need in row.needs]


def test_the_paragraph_that_lists_six_training_needs_gives_six(needs: list[Need]) -> None:
    own = [one for one in needs if one.quotes[0].paragraph == PARAGRAPH]
    assert len(own) == 6
    assert all(one.topic and one.topic in one.quotes[0].text for one in own)
    assert sum(bool(one.theme) for one in own) >= 5


def test_little_else_is_taken_for_a_training_need(needs: list[Need]) -> None:
    # Six, read one by one: five ask for training or say that it is lacking, one that it was given.
    assert len([one for one in needs if one.quotes[0].paragraph != PARAGRAPH]) <= 6
