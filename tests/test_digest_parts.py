"""What a digest tells one agency, what training is asked for, and whom recommendations ask."""

from __future__ import annotations

import pytest
from learning_parts import SHARING, THEMES, bag, marked, report, years

from pipeline.errors import UsageError
from pipeline.exporters import to_digest
from pipeline.safe import recur, tell
from pipeline.safe.agencies import NOT_SAID, agencies, asked, named, speaks_to, spoken_to
from pipeline.safe.digest import Digest, Period, digest
from pipeline.safe.digest_asked import asked_of
from pipeline.safe.digest_training import topics, training
from pipeline.safe.evidence import bare, once, quote
from pipeline.safe.lesson import Role, SafeDocument
from pipeline.safe.trends_share import Share

# In the manner of a national report that lists six needs in one sentence; the words are ours.
SIX = (
    "Gaps in staff training: the reviews found that staff needed training on weighing up the "
    "effects of parental drinking, handling of aggression including holding, judging the effects "
    "of sexual abuse on adolescents, caring for those who harm others, following up absence "
    "without leave, and risk management. Staff were new."
)
ASKS = (
    "The health visiting service should review how it records the men of a household.",
    "The police and the school nurses should agree how notifications reach each other.",
    "The form should be shortened.",
)


def made(*documents: SafeDocument, agency: str | None = None) -> Digest:
    passages = marked(*documents)
    lessons = recur.lessons(passages, years(*documents), THEMES, vectors=bag).lessons
    return digest(
        Period("2014", "2015"), years(*documents), passages, lessons, THEMES, agency=agency
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SIX, 6),
        ("Training for health visitors on perinatal illness, coercion and hoarding is thin.", 3),
        ("The board should commission training on professional curiosity for all staff.", 1),
        ("The board should include the rule of optimism in its core training.", 1),
        ("Staff were not trained to recognise coercion.", 1),
        ("Staff had training in May 2012 on a mandatory basis.", 0),
        ("There has been training on risk, harm and loss, there was no change in practice.", 3),
        ("Training was good.", 0),
        ("They were trained on the evening of 3 May 2021.", 0),
        ("There was no training on risk and", 1),
    ],
)
def test_a_list_of_training_needs_is_taken_apart(text: str, found: int) -> None:
    parts = topics(text)
    assert len(parts) == found
    assert all(part in text and part == part.strip(" ,.") for part in parts)


def test_training_needs_stand_by_theme_with_all_their_places() -> None:
    need = "The board should commission training on professional curiosity for all staff."
    same = "Agencies should provide training on professional curiosity."
    documents = (report("R1", need), report("R2", same), report("R3", SHARING[0]))
    (row,) = training(marked(*documents), THEMES, {"R1", "R2", "R3"})
    assert (row.title, row.share) == ("Professional curiosity", Share(2, 3))
    (one,) = row.needs
    assert one.topic == "professional curiosity"
    assert [q.review for q in one.quotes] == ["R1", "R2"]
    assert "safeguarding boards and partnerships" in one.who
    assert training(marked(*documents), THEMES, {"R3"}) == ()


def test_praise_of_training_is_no_need() -> None:
    praised = report("R1", "Staff were well trained and this was good practice.", heading="Good")
    assert training(marked(praised), THEMES, {"R1"}) == ()


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        (ASKS[0], ("health visitors",)),
        (ASKS[1], ("school nurses", "police")),
        (ASKS[2], (NOT_SAID,)),
        ("The [health visitor 2] must tell the GP.", ("health visitors",)),
        ("Each agency should name a person.", ("all agencies",)),
        ("The housing department to report damp within a week.", ("housing services",)),
        ("Ensure that records are kept.", (NOT_SAID,)),
        ("Endorsed by the Board: [date]", ()),
        ("", ()),
    ],
)
def test_whom_a_recommendation_asks_stands_before_what_it_asks(
    text: str, whom: tuple[str, ...]
) -> None:
    assert asked(text) == whom


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("children's social care", "Adult social care closed the case.", False),
        ("children's social care", "The social worker did not visit.", True),
        ("mental health services", "Child and adolescent mental health services wrote.", False),
        ("mental health services", "The community mental health team wrote.", True),
        ("police", "The police and crime commissioner agreed.", False),
        ("schools and colleges", "The school nurse rang.", False),
        ("health visitors", "The HV was told.", True),
        ("health visitors", "A visitor to her health club.", False),
        ("general practice", "The gp100 form.", False),
    ],
)
def test_an_agency_is_told_from_what_only_looks_like_it(name: str, text: str, found: bool) -> None:
    assert speaks_to(named(name), text) is found


def test_every_agency_is_found_by_its_own_name() -> None:
    for agency in agencies():
        assert agency.name in spoken_to(f"This concerns the {agency.name}."), agency.name


def test_an_agency_that_is_not_in_the_list_is_refused() -> None:
    with pytest.raises(UsageError, match="No agency of that name"):
        made(report("R1", ASKS[0]), agency="wizards")


def test_a_digest_for_one_agency_tells_what_speaks_to_it_and_nothing_else() -> None:
    visitors = "Health visitors should ask about fathers at every visit to the home."
    documents = (
        report("R1", visitors, year="2011", heading="Recommendations"),
        report("R2", visitors, ASKS[1], year="2014", heading="Recommendations"),
        report("R3", ASKS[1], "All agencies should share what they know.", year="2015"),
    )
    found = made(*documents, agency="health visitors")
    assert [(t.now, t.of_now, t.ever) for t in found.recurring] == [(1, 2, 2)]
    assert (found.new, found.alone) == ((), ())
    assert found.to_all >= 1
    assert [a.agency for a in found.asked] == ["health visitors"]
    html = to_digest.render(found).decode()
    assert "Lessons from case reviews for health visitors, 2014 to 2015" in html
    assert "school nurses should agree" not in html


def test_a_recommendation_that_asks_two_stands_under_both() -> None:
    documents = (report("R1", *ASKS, heading="Recommendations"),)
    passages = marked(*documents)
    assert {p.role for p in passages if p.text in ASKS} == {Role.RECOMMENDATION}
    rows = {row.agency: row for row in asked_of(passages, {"R1"})}
    assert rows["police"].quotes == rows["school nurses"].quotes
    assert (rows["health visitors"].recommendations, rows["health visitors"].reviews) == (1, 1)
    assert next(reversed(rows)) == NOT_SAID
    assert asked_of(passages, set()) == ()


def test_quotations_begin_with_words_and_stand_where_they_say() -> None:
    document = report("R1", "Recommendation 4: The board should audit how plans are reviewed.")
    (passage,) = [p for p in marked(document) if "board" in p.text]
    made_of = quote(passage)
    assert made_of.text == "The board should audit how plans are reviewed."
    assert made_of.span.of(document.text.value) == made_of.text
    assert once([made_of, made_of]) == (made_of,)
    assert bare("") == ""


def test_a_quotation_begins_behind_the_mark_of_its_bullet() -> None:
    said = "Safe practice begins with a call to whoever else is involved."
    assert tell.quotation(f"o {said}", "") == said
    assert tell.quotation(f"• {said}", "") == said


def test_a_digest_for_an_agency_quotes_the_sentence_that_names_it() -> None:
    said = "There was a lack of information sharing between agencies. The police held the log."
    one = report("R1", said, year="2014")
    found = made(one, report("R2", SHARING[0], year="2011"), agency="police")
    quotes = [q for t in (*found.recurring, *found.alone) for q in t.quotes]
    assert [q.text for q in quotes] == ["The police held the log."]
    assert all(q.span.of(one.text.value) == q.text for q in quotes)
