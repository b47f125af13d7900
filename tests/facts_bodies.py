"""Invented passages of reviews, and what each says of its own case. All names are invented.

Every passage stands below a cover: a child's (Child K) or, with `adult`, a named adult's.
"""

from __future__ import annotations

from dataclasses import dataclass

CHILD = (
    "Zorbelshire Safeguarding Children Board\n\nSerious Case Review\n\nChild K\n\nOverview Report"
)
ADULT = (
    "Marlstone Safeguarding Adults Board\n\nSafeguarding Adults Review\n\nTamsin Quill\n\n"
    "Overview Report"
)
BOTH = "Zorbelshire Safeguarding Children Board\n\nSerious Case Review\n\nChildren A and B"
NS = "not stated"


@dataclass(frozen=True)
class Passage:
    """One passage; `expected` is by fact, several values joined by "; "."""

    text: str
    expected: str
    cover: str = CHILD


HARM = (
    Passage("This review was commissioned following the death of Child K on 3 May 2011.", "death"),
    Passage("Child K sadly died in hospital.", "death"),
    Passage("Child K was pronounced dead at 4.15 pm.", "death"),
    Passage("K’s death was a shock to all who knew the family.", "death"),
    Passage("The father was convicted of the murder of Child K.", "death; homicide"),
    Passage("The stepfather was charged with the murder of Child K.", "death"),
    Passage("Tamsin took her own life.", "death; suicide", ADULT),
    Passage("Child K suffered serious injuries, among them a fractured skull.", "serious injury"),
    Passage("The review concerns the serious injury to Child K.", "serious injury"),
    Passage("The review found the chronic neglect of Child K.", "neglect"),
    Passage("Child K had been sexually abused.", "sexual abuse"),
    Passage("Tamsin died following a long period of self-neglect.", "death; self-neglect", ADULT),
    Passage("Child K nearly died.", NS),
    Passage("Child K could have died.", NS),
    Passage("If Child K had died the criteria would have been met.", NS),
    Passage("The mother was upset at the death of Child K’s grandmother.", NS),
    Passage("Child K’s father died in 2009.", NS),
    Passage("A review is held where a child dies and abuse or neglect is suspected.", NS),
    Passage("The attempted murder of Child K was investigated.", NS),
    Passage("There was a risk of neglect of Child K.", NS),
    Passage("Child K’s brother was seriously injured.", NS),
    Passage("Child K was not seriously injured.", NS),
    Passage("It was alleged that Child K had been sexually abused.", NS),
    Passage("The worker was concerned about the sexual exploitation of Child K.", NS),
    Passage("Child K was assaulted by another pupil in the playground.", NS),
    Passage("The mother of Child K took her own life.", NS),
    Passage("K died in hospital.", "death"),
    Passage("Mr K died in hospital.", NS),
    Passage("Child K is a 14-year-old girl who was sexually exploited by adults.", "sexual abuse"),
    Passage("Child K was seriously injured in a road traffic collision.", NS),
    Passage(
        "Tamsin was a 76 year old woman who lived alone. She died in hospital.", "death", ADULT
    ),
)

INCIDENT = (
    Passage("This review follows the death of Child K on 3rd May 2011.", "3rd May 2011"),
    Passage("Child K died at home on the morning of 3 May 2011.", "3 May 2011"),
    Passage("On 3 May 2011 Child K died.", "3 May 2011"),
    Passage("Child K, aged four months, died in hospital on 03/05/2011.", "03/05/2011"),
    Passage("Serious harm to Child K on 3 May 2011 led to this review.", "3 May 2011"),
    Passage("Date of death: 3 May 2011", "3 May 2011"),
    Passage("Child K died on 3 May 2011. Child K died on 4 May 2011.", NS),
    Passage("Child K died on 3 May 2011. K died in May 2011.", "3 May 2011"),
    Passage("Child K died of injuries sustained on 3 May 2011.", NS),
    Passage("Child K died three days after the move on 3 May 2011.", NS),
    Passage("The inquest into the death of Child K was opened on 3 May 2011.", NS),
    Passage("The mother of Child K died on 3 May 2011.", NS),
    Passage("On 3 May 2011 Child K was seen at the clinic with a rash.", NS),
    Passage("Child K was a lively boy. He died at home on 3 May 2011.", "3 May 2011"),
    Passage("Child K saw the doctor. He died at home on 3 May 2011.", NS),
    Passage("This follows the death of Child K, who was born on 3 May 2009.", NS),
)

AGE = (
    Passage("Child K was 4 months old when he died.", "4 months"),
    Passage("This follows the death of Child K, aged three.", "three"),
    Passage("Child K died at home on Friday aged 15 weeks.", "15 weeks"),
    Passage(
        "The death of Child K on 3 May 2011 led to this review. K was two years old.", "two years"
    ),
    Passage("This review concerns the death of a four month old baby boy.", "four month"),
    Passage("Child K was born on 3 January 2010. Child K died on 5 May 2011.", "16 months"),
    Passage("Child K was four years old when he started at school.", NS),
    Passage("Child K’s sister was 4 months old when she died.", NS),
    Passage("Child K was 4 months old when he died. Child K, aged 3, died.", NS),
    Passage("Child K and his mother, aged 22, moved to the town.", NS),
    Passage("K’s brother was born on 3 January 2009. Child K died on 5 May 2011.", NS),
    Passage("Child A was 4 months old when he died.", NS, BOTH),
    Passage("A review in another area was about the death of a 3 year old boy.", NS),
    Passage("In 2016 Child K, aged 3, was admitted to hospital with a chest infection.", NS),
    Passage("When Child K was seen at school in May, he was aged eight.", NS),
    Passage("Police found Child K, aged 3, on a bus.", NS),
    Passage("Child K was a ten week old baby boy who was found lifeless.", "ten week"),
)

SEX = (
    Passage("Child K was a happy little boy.", "male"),
    Passage("Child K and her mother lived in a flat.", "female"),
    Passage("Tamsin took her own life.", "female", ADULT),
    Passage("Child K was a boy. Child K was a lively girl.", NS),
    Passage("Child K was the friend of a girl at school.", NS),
    Passage("Child K was seen by a man from the agency.", NS),
    Passage("Child K’s sister was a quiet girl.", NS),
    Passage("Ms M moved, and Child K lived with her.", NS),
    Passage("Child K died after she left the house.", NS),
    Passage("Child K lived at home with his mother.", "male"),
)

ETHNICITY = (
    Passage("Child K was White British.", "White British"),
    Passage("The family is Black African.", "Black African"),
    Passage("Child K’s ethnicity was not recorded by any agency.", "not recorded"),
    Passage("Ethnicity: White and Black Caribbean", "White and Black Caribbean"),
    Passage("The health visitor was White British.", NS),
    Passage("Black African families are a small share of the town.", NS),
    Passage("The first language of the family is Polish.", NS),
    Passage("The first language of Child K was Polish.", NS),
)

KNOWN = (
    Passage("Child K was a child in need.", "child in need"),
    Passage("Child K was known to children’s social care.", "known to services"),
    Passage("The family were well known to a number of agencies.", "known to services"),
    Passage("Child K was a looked after child.", "looked after"),
    Passage("Child K was in the care of the local authority.", "looked after"),
    Passage("Child K’s case was open to children’s social care.", "open to social care"),
    Passage("Tamsin was discussed at a MARAC.", "MARAC", ADULT),
    Passage(
        "Tamsin was under the care of the community mental health team.",
        "mental health services",
        ADULT,
    ),
    Passage("Child K was not known to children’s social care.", "not known to services"),
    Passage("The family was unknown to any agency.", "not known to services"),
    Passage("Child K was looked after by her grandmother.", NS),
    Passage("Child K’s sister was a child in need.", NS),
    Passage("The mother was known to adult social care.", NS),
    Passage("Child K should have been a child in need.", NS),
    Passage("Child K was never a looked after child.", NS),
    Passage(
        "Child K was a quiet boy. He was liked. He was a Child in Need until 2010.", "child in need"
    ),
)

PLAN = (
    Passage(
        "Child K was subject to a child protection plan at the time of his death.",
        "child protection plan at the time",
    ),
    Passage(
        "At the time of his death Child K was subject to a child protection plan.",
        "child protection plan at the time",
    ),
    Passage(
        "Child K had been the subject of a child protection plan until 2009.",
        "child protection plan in the past",
    ),
    Passage(
        "Child K and her siblings were made subject to child protection plans.",
        "child protection plan",
    ),
    Passage(
        "Child K was seen weekly. He was subject of a child protection plan.",
        "child protection plan",
    ),
    Passage("Child K was never subject to a child protection plan.", "no child protection plan"),
    Passage(
        "Child K was not the subject of a child protection plan when he died.",
        "no child protection plan",
    ),
    Passage("Child K’s sister was subject to a child protection plan.", NS),
    Passage("The mother met Child K. She was subject to a child protection plan as a child.", NS),
    Passage("Child K saw his cousin Sam. He was subject to a child protection plan.", NS),
    Passage("Child K would have been subject to a child protection plan.", NS),
    Passage("The panel asked whether Child K was subject to a child protection plan.", NS),
    Passage(
        "Child K was subject to a child protection plan. Child K was never subject to a child "
        "protection plan.",
        NS,
    ),
    Passage("A child who is subject to a child protection plan is seen every ten days.", NS),
    Passage("Child A was subject to a child protection plan.", NS, BOTH),
    Passage("Child K was not subject to a child protection plan but had been in 2009.", NS),
    Passage(
        "Child K was no longer subject to a child protection plan.",
        "child protection plan in the past",
    ),
    Passage("The sister of Child K was subject to a child protection plan.", NS),
)

FAMILY = (
    Passage("The mother and the maternal grandmother met the lead reviewer.", "took part"),
    Passage("The author met with Child K’s parents.", "took part"),
    Passage("Family members contributed to the review.", "took part"),
    Passage(
        "The parents were invited to contribute to the review but declined.", "invited, declined"
    ),
    Passage("Child K’s father declined to take part in the review.", "invited, declined"),
    Passage("The family was invited to meet the author.", "invited"),
    Passage("Letters were sent to the mother. No reply was received.", "invited"),
    Passage("The father was not invited to contribute to the review.", "not invited"),
    Passage("The Board decided not to approach the family during the trial.", "not invited"),
    Passage(
        "The father was not invited to contribute, but the mother met the author.", "took part"
    ),
    Passage("Families should be invited to contribute to reviews.", NS),
    Passage("Working Together says that the family is invited to contribute to the review.", NS),
    Passage("The family will be invited to contribute to the review.", NS),
    Passage("Practitioners who had known the family were invited to contribute to the review.", NS),
    Passage(
        "The mother was invited to the review child protection conference to share her views.", NS
    ),
    Passage("The panel met six times.", NS),
    Passage("The social worker met the parents.", NS),
    Passage("It has links to a church, whose minister spoke to the reviewer.", NS),
    Passage("The panel considered whether the family met the author.", NS),
    Passage("The author met the family’s social worker.", NS),
    Passage("The panel met the family support worker.", NS),
    Passage(
        "Child K’s parents, who live abroad, were contacted about the review and declined to take "
        "part in it.",
        "invited, declined",
    ),
)

INDEPENDENCE = (
    Passage("The author has had no involvement with any of the agencies.", "independent"),
    Passage(
        "The lead reviewer is independent of the Board and its partner agencies.", "independent"
    ),
    Passage(
        "The independent author has never worked for any of the services concerned.", "independent"
    ),
    Passage("The author is not independent of the Board.", "not independent"),
    Passage("The overview author is employed by the Board.", "not independent"),
    Passage("The author should be independent of the agencies.", NS),
    Passage("The IMR author had no involvement with the case or the agencies.", NS),
    Passage("The chair is independent of the agencies.", NS),
    Passage("The author has no involvement with fishing.", NS),
    Passage("The author has had no contact with the family.", NS),
)

JUDGEMENT = (
    Passage("This serious case review was evaluated by Ofsted as good.", "good"),
    Passage("The serious case review was judged to be inadequate by Ofsted.", "inadequate"),
    Passage("Ofsted judged this review to be adequate.", "adequate"),
    Passage("Children’s services were judged by Ofsted to be inadequate.", NS),
    Passage("A previous serious case review was judged by Ofsted to be inadequate.", NS),
    Passage("The review was good.", NS),
)

PERIOD = (
    Passage("The review covers the period from 3 May 2009 to 4 June 2011.", "25 months"),
    Passage("Period under review: May 2009 to June 2011", "24 to 25 months"),
    Passage("The timeframe for the review is from 1 May 2009 to 1 May 2010.", "12 months"),
    Passage("The school was open from May 2009 to June 2011.", NS),
)

TABLES = {
    "harm": HARM,
    "incident": INCIDENT,
    "age": AGE,
    "sex": SEX,
    "ethnicity": ETHNICITY,
    "known": KNOWN,
    "plan": PLAN,
    "family": FAMILY,
    "independence": INDEPENDENCE,
    "judgement": JUDGEMENT,
    "period_length": PERIOD,
}
