"""Invented paragraphs of several lines, for what puts lines together again."""

from __future__ import annotations

ONE = (
    "The health visitor saw the baby at home in the second week and recorded that the mother was "
    "tired, that the flat was cold and that a man whom she had not met before stood in the "
    "kitchen. She did not ask who he was, and nobody else who came to the home that winter did."
)
TWO = (
    "At the school the teachers noticed that the older sister came late and hungry. They wrote it "
    "down each time, and the notes were kept in a book that no other agency ever read, so that "
    "what was known about the children was never put together by anybody."
)
THREE = (
    "When the police were called by a neighbour they found the children asleep and the adults "
    "drunk. A referral was made on the next day, and it was closed by the duty team without a "
    "visit because the form did not say that there was a baby in the house."
)
