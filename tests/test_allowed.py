"""What stays although it looks like a name, and where it ends."""

from __future__ import annotations

import pytest

from pipeline.raw.recognisers import allowed


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("This is known (Zorbel 2009).", "(Zorbel 2009"),
        ("(see Quill and Zorbel, 2010; Marlstone et al. 2011, p. 14)",
         "(see Quill and Zorbel, 2010; Marlstone et al. 2011, p. 14"),
        ("(e.g. Quill & Zorbel 2010, 2011; see also Marlstone 2012)",
         "(e.g. Quill & Zorbel 2010, 2011; see also Marlstone 2012"),
        # What else stands in the brackets is looked at as any other words are.
        ("It was so (Zorbel 2009; seen by Ann Quill).", "(Zorbel 2009"),
        ("It was so (Zorbel 2009, Ann Quill's own copy).", "(Zorbel 2009"),
        ("Work on loss (Quillan Zorbel, 2006) says so.", "Quillan Zorbel, 2006"),
        ("As Marlin Zorbel (2003) says, it is so.", "Marlin Zorbel (2003)"),
        ("His dog, a Staffordshire bull terrier, barked.", "Staffordshire bull terrier"),
        ("He drove a Vauxhall Corsa away.", "Vauxhall Corsa"),
    ],
)  # fmt: skip
def test_a_citation_stays_and_nothing_beside_it(text: str, stays: str) -> None:
    assert max((a.span.of(text) for a in allowed.stretches(text)), key=len) == stays
