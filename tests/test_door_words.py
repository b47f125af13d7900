"""Dates made coarse, ages made bands, labels and lists: tables of what becomes what."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from door_parts import person
from hypothesis import given
from hypothesis import strategies as st

from pipeline.door import ages, dates, labels, lists
from pipeline.door.coarser import Grain, coarser
from pipeline.match import Names
from pipeline.raw.document import Identity
from pipeline.span import Kind, Span


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("5 March 2009", "March 2009"),
        ("5th of March, 2009", "March 2009"),
        ("Monday 5 March 2009", "March 2009"),
        ("Thursday, 5 March", "March"),
        ("Mon 5 Mar 09", "March 2009"),
        ("March 5, 2009", "March 2009"),
        ("3 rd June 2009", "June 2009"),
        ("21stFebruary 2013", "February 2013"),
        ("5March2009", "March 2009"),
        ("the fifth of March 2009", "March 2009"),
        ("twenty-first March 2010", "March 2010"),
        ("23/3/10", "March 2010"),
        ("16/07/06", "July 2006"),
        ("30.05.17", "May 2017"),
        ("05-Mar-2009", "March 2009"),
        ("31/12/1999", "December 1999"),
        ("2009-03-05", "March 2009"),
        ("2009-03-05T10:30:00", "March 2009"),
        ("5 March 2009 at 14:30", "March 2009"),
        ("5 March 2009 at 2pm", "March 2009"),
        ("3 June", "June"),
        ("5/3", "March"),
        ("Christmas Day 2009", "December 2009"),
        ("New Year's Day", "January"),
        ("5 March - 12 April 2009", "March - April 2009"),
        ("5 March 2009 to 12 April 2009", "March 2009 to April 2009"),
        ("01 Jan 2011 – 31 Dec 2012", "January 2011 – December 2012"),
        ("5-12 March 2009", "March 2009"),
        ("5, 6 and 7 March 2009", "March 2009"),
        ("between 5 and 12 March 2009", "in March 2009"),
        ("between 5 March and 12 April 2009", "between March and April 2009"),
        ("From 5 March 2009", "From March 2009"),
        ("on 21 and 22 May 2014", "in May 2014"),
        ("week commencing 5 March 2009", "week commencing March 2009"),
        ("Fri 05.02", "February"),
        ("Thursday 14/3", "March"),
        ("the Tuesday before Easter 2011", "Easter 2011"),
        ("9 Hydref 2014", "[date]"),
        ("7.iv.12", "[date]"),
        ("eleventh", "[date]"),
        ("the 14th", "[date]"),
        ("Friday 13th", "[date]"),
        ("99/99/2009", "[date]"),
        ("3rd week of March 2009", "[date]"),
    ],
)
def test_a_day_becomes_its_month(old: str, new: str) -> None:
    assert dates.coarse(old) == new


@pytest.mark.parametrize(
    "date",
    [
        "March 2009",
        "Sept 2020",
        "Mar-09",
        "03/2009",
        "summer of 2018",
        "towards the end of 2018",
        "mid 2010",
        "April - June 2013",
        "May 2010 to June 2011",
        "2009",
        "2009/10",
        "1990s",
        "Christmas 2009",
        "three weeks",
        "6 months",
        "two days later",
        "Monday",
        "the following day",
        "14:30",
        "Q1 2010",
        "spring term 2012",
        "first week of March 2009",
    ],
)
def test_what_is_coarse_already_stays(date: str) -> None:
    assert dates.coarse(date) == date


@given(
    st.dates(),
    st.sampled_from(
        [
            "%d %B %Y",
            "%A %d %B %Y",
            "%d/%m/%Y",
            "%d.%m.%Y",
            "%Y-%m-%d",
            "%B %d, %Y",
            "%d %b %Y",
            "%d/%m/%y",
        ]
    ),
)
def test_no_day_survives_in_any_usual_form(day: object, form: str) -> None:
    import datetime

    assert isinstance(day, datetime.date)
    if not 1941 <= day.year <= 2040:
        day = day.replace(year=1950 + day.year % 80, day=min(day.day, 28))
    new = dates.coarse(day.strftime(form))
    assert new == day.strftime("%B %Y")


@given(st.text(alphabet="0123456789 /.-MarchJunetohe", max_size=24))
def test_a_coarse_date_is_coarse_when_made_coarse_again(text: str) -> None:
    once = dates.coarse(text)
    assert dates.coarse(once) == once or once == dates.DATE_LABEL


@pytest.mark.parametrize(
    ("old", "after", "new"),
    [
        ("4-year-old", " boy", "[aged 3 to 5]"),
        ("four year old", " white boy", "[aged 3 to 5]"),
        ("4-year-old", " was", "[child aged 3 to 5]"),
        ("4 year old", ".", "[child aged 3 to 5]"),
        ("4 years old", ".", "[3 to 5 years old]"),
        ("4-year-olds", "", "[children aged 3 to 5]"),
        ("30-year-old", ".", "[person aged 25 to 34]"),
        ("6-week-old", " baby", "[aged under 6 months]"),
        ("3 months old", "", "[under 6 months old]"),
        ("fifteen month old", " baby", "[aged 1 to 2]"),
        ("aged 4 years and 3 months", "", "[aged 3 to 5]"),
        ("aged 2y 3m", "", "[aged 1 to 2]"),
        ("two and a half years", "", "[1 to 2]"),
        ("age of 4", "", "age of [3 to 5]"),
        ("Age: 4", "", "[aged 3 to 5]"),
        ("twenty-three", "", "[18 to 24]"),
        ("aged 92", "", "[aged 85 or over]"),
        ("aged between 14 and 17", "", "[aged 13 to 17]"),
        ("aged 2, 4 and 7", "", "[aged 1 to 2, 3 to 5 and 6 to 9]"),
        ("fourth birthday", "", "[birthday]"),
        ("in her 30s", "", "in her 30s"),
        ("under 5", "", "under 5"),
        ("18 and over", "", "18 and over"),
        ("teenager", "", "teenager"),
    ],
)
def test_an_age_becomes_a_band_in_its_sentence(old: str, after: str, new: str) -> None:
    assert ages.banded(old, after) == new


@pytest.mark.parametrize(
    ("before", "old", "after", "new"),
    [
        ("one was under ", "one year old", ",", "one year old"),
        ("those aged ", "10", " and above", "10"),
        ("over the age of ", "16", "", "16"),
        ("aged between ", "2 and 5", " years", "[1 to 5]"),
        ("aged ", "2 and 5", " years", "[1 to 2 and 3 to 5]"),
    ],
)
def test_what_stands_around_an_age_counts(before: str, old: str, after: str, new: str) -> None:
    assert ages.banded(old, after, before) == new


@given(st.integers(0, 110))
def test_every_age_in_years_has_one_band_that_holds_it(years: int) -> None:
    words = ages.band(f"aged {years}")
    assert words is not None
    if "months" in words:
        assert years == 0
    elif "over" in words:
        assert years >= 85
    else:
        low, high = (int(n) for n in re.findall(r"\d+", words))
        assert low <= years <= high


def test_labels_are_numbered_by_first_mention_and_only_where_several_share_a_role() -> None:
    people = [
        person("b", "Bo Arkle", position="Sibling"),
        person("a", "Cy Dunmer", position="sibling"),
        person("c", "Di Elstow", position="the GP"),
    ]
    wanted = [labels.Wanted(one, "", None) for one in people]
    names = Names([(one.id, name) for one in people for name in one.names])
    given = labels.assign(wanted, "", names)
    assert given.labels == {"b": "[sibling 1]", "a": "[sibling 2]", "c": "[GP]"}
    assert given.counted == {"[sibling 1]", "[sibling 2]"}


@pytest.mark.parametrize(
    ("kind", "subkind", "words"),
    [
        (Kind.CONTACT, "email", "email address"),
        (Kind.CONTACT, "url", "link removed"),
        (Kind.CODE, "nhs_number", "NHS number"),
        (Kind.CODE, "", "case reference"),
        (Kind.PLACE, "street", "street"),
        (Kind.ORGANISATION, "", "organisation"),
        # Behind "the death of" stands an adult as well.
        (Kind.PERSON, "child", "person"),
    ],
)
def test_a_thing_without_a_position_is_called_by_its_kind(
    kind: Kind, subkind: str, words: str
) -> None:
    assert labels.of_kind(kind, subkind) == words


@pytest.mark.parametrize("position", ["mother of Bo", "B.A.", "m0ther", "<b>mother</b>", "x" * 60])
def test_a_position_that_is_no_plain_role_is_not_used(position: str) -> None:
    one = Identity("p", Kind.PERSON, ("Bo Arkle", "Bo"), position)
    names = Names([("p", name) for name in one.names])
    assert labels.assign([labels.Wanted(one, "", None)], "", names).labels == {"p": "[person]"}


@pytest.mark.parametrize(
    ("text", "name", "cited"),
    [
        ("as Ostrander et al. (2009) say", "Ostrander", True),
        ("Ostrander, Pell and Quigg et al 2009", "Pell", True),
        ("the Bichard Inquiry said", "Bichard", True),
        ("Ostrander (2009) was born", "Ostrander", False),
        ("Bichard said", "Bichard", False),
        ("Ostrander told Pell et al.", "Ostrander", False),
    ],
)
def test_only_a_citation_is_a_citation(text: str, name: str, cited: bool) -> None:
    at = text.index(name)
    assert lists.is_cited(text, Span(at, at + len(name))) is cited


INCIDENT = dt.date(2014, 6, 5)


@pytest.mark.parametrize(
    ("written", "grain", "expected"),
    [
        ("5th March 2014", "month", "March 2014"),
        ("5th March 2014", "season", "spring 2014"),
        ("Mon 12/01/15", "season", "winter 2014/15"),
        ("December 2014", "season", "winter 2014/15"),
        ("3 and 4 July", "season", "summer"),
        ("summer of 2018", "season", "summer of 2018"),
        ("2013", "season", "2013"),
        ("03/2013", "season", "spring 2013"),
        ("March 2013 to May 2013", "season", "spring 2013"),
        ("late March 2013", "season", "late spring 2013"),
        ("5th March 2014", "year", "2014"),
        ("December 2013 to March 2014", "year", "2013 to 2014"),
        ("3 July", "year", "[date]"),
        ("towards the end of 2018", "year", "2018"),
        ("5 June 2014", "distance", "[within two weeks of the incident]"),
        ("1 May 2014", "distance", "[5 weeks before the incident]"),
        ("5 March 2014", "distance", "[3 months before the incident]"),
        ("March 2014", "distance", "[3 months before the incident]"),
        ("12/09/2014", "distance", "[3 months after the incident]"),
        ("5 March 2009", "distance", "[5 years before the incident]"),
        ("2013", "distance", "[1 year before the incident]"),
        ("2014", "distance", "[the year of the incident]"),
        ("3 July", "distance", "[date]"),
    ],
)
def test_a_date_is_told_at_the_grain_of_the_profile(
    written: str, grain: Grain, expected: str
) -> None:
    assert coarser(written, grain, INCIDENT) == expected


def test_a_distance_without_an_incident_is_no_date() -> None:
    assert coarser("5 March 2014", "distance", None) == dates.DATE_LABEL
