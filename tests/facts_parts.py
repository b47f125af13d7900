"""Invented covers in the styles of reviews, and what each says. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.raw.facts import NOT_STATED

SCR, SAR = "serious case review", "safeguarding adults review"
CSPR = "child safeguarding practice review"
NS = NOT_STATED
BODY = "\n\nContents\n\n1 Introduction ................ 3\n2 Analysis ................ 9\n"


@dataclass(frozen=True)
class Cover:
    name: str
    text: str
    kind: str = NS
    board: str = NS
    subject: str = NS
    register: str = NS
    part: str = NS
    authors: tuple[str, ...] = ()
    chairs: tuple[str, ...] = ()
    completed: str = NS
    published: str = NS
    year: str = NS
    header: tuple[str, ...] = ()


COVERS = (
    Cover(
        "in order, a phrase a line",
        """Zorbelshire Safeguarding Children Board
        Serious Case Review
        Child K
        Overview Report
        Independent Author: Ann Quill, BA, MSc, CQSW
        Independent Chair: Dr Owen Marl
        Completed: 3rd June 2014
        Published: 12 January 2015""" + BODY,
        SCR, "Zorbelshire Safeguarding Children Board", "Child K", "Child K", "overview report",
        ("Ann Quill",), ("Dr Owen Marl",), "3rd June 2014", "12 January 2015", "2015",
    ),
    Cover(
        "all capitals",
        """ZORBEL AND NORTH MARL SAFEGUARDING ADULTS BOARD
        SAFEGUARDING ADULTS REVIEW
        ADULT B1
        OVERVIEW REPORT
        AUTHOR: ANN QUILL MSC
        MARCH 2019""" + BODY,
        SAR, "ZORBEL AND NORTH MARL SAFEGUARDING ADULTS BOARD", "ADULT B1", "ADULT B1",
        "overview report", ("ANN QUILL",), year="2019",
    ),
    Cover(
        "capitals broken over lines",
        """ZORBELSHIRE
        SAFEGUARDING
        CHILDREN BOARD
        SERIOUS CASE
        REVIEW
        CHILD K AND CHILD L
        EXECUTIVE
        SUMMARY
        2009""" + BODY,
        SCR, "ZORBELSHIRE SAFEGUARDING CHILDREN BOARD", "CHILD K AND CHILD L",
        "CHILD K AND CHILD L", "executive summary", year="2009",
    ),
    Cover(
        "capitals are calmed where a notice writes the board quietly",
        """MARLSTONE SAFEGUARDING CHILDREN PARTNERSHIP
        LOCAL CHILD SAFEGUARDING PRACTICE REVIEW
        TAMSIN QUILL
        FINAL REPORT
        Copyright Marlstone Safeguarding Children Partnership. No part may be copied.""" + BODY,
        CSPR, "Marlstone Safeguarding Children Partnership", "TAMSIN QUILL", "named",
    ),
    Cover(
        "repository first page",
        """Title: Serious case review: Baby P1: overview report.
        LSCB: Zorbelshire Safeguarding Children Board
        Author: Ann Quill
        Date of publication: 2014
        This report is held in a repository that keeps reviews for study, and it is
        reproduced here as it was supplied.""",
        SCR, "Zorbelshire Safeguarding Children Board", "Baby P1", "Baby P1", "overview report",
        ("Ann Quill",), published="2014", year="2014",
    ),
    Cover(
        "repository page whose board is a place only",
        """Title: Serious case review: executive summary: Child D.
        LSCB: Zorbelshire
        Date of publication: March 2011""",
        SCR, "Zorbelshire", "Child D", "Child D", "executive summary", published="March 2011",
        year="2011",
    ),
    Cover(
        "repository page of an unnamed board",
        """Title: Serious case review: 2014/C4999.
        LSCB: Unnamed
        Author: Ann Quill
        Date of publication: 2014""",
        SCR, NS, "2014/C4999", "2014/C4999", authors=("Ann Quill",), published="2014",
        year="2014",
    ),
    Cover(
        "a first name as the title's subject",
        """Marlstone Safeguarding Adults Board
        Safeguarding Adult Review: Wilfred
        Report author: Ann Quill
        Final version, September 2021""" + BODY,
        SAR, "Marlstone Safeguarding Adults Board", "Wilfred", "named", authors=("Ann Quill",),
        year="2021",
    ),
    Cover(
        "the subject first",
        """Wilfred
        Safeguarding Adults Review
        Marlstone Safeguarding Adults Board
        Overview Report""" + BODY,
        SAR, "Marlstone Safeguarding Adults Board", "Wilfred", "named", "overview report",
    ),
    Cover(
        "a name after the title and before the part",
        """Marlstone Safeguarding Children Board
        Serious Case Review
        Tamsin Quill
        Overview Report
        Prepared by Ann Oakfell and Owen Marl""" + BODY,
        SCR, "Marlstone Safeguarding Children Board", "Tamsin Quill", "named",
        "overview report", ("Ann Oakfell", "Owen Marl"),
    ),
    Cover(
        "two words after the title that may be the author's are nobody's",
        """Marlstone Safeguarding Children Board
        Serious Case Review
        Ann Oakfell
        March 2013""" + BODY,
        SCR, "Marlstone Safeguarding Children Board", year="2013",
    ),
    Cover(
        "domestic homicide of a named person",
        """Safer Zorbel Partnership
        Domestic Homicide Review
        Overview Report
        into the death of Wilfred
        Independent Chair and Author: Ann Quill
        Report completed: 30.05.2017""" + BODY,
        "domestic homicide review", "Safer Zorbel Partnership", "Wilfred", "named",
        "overview report", ("Ann Quill",), ("Ann Quill",), "30.05.2017", year="2017",
    ),
    Cover(
        "domestic homicide with a courtesy label",
        """ZORBEL COMMUNITY SAFETY PARTNERSHIP
        DOMESTIC HOMICIDE REVIEW
        Executive Summary in respect of Mrs H
        Chair: Owen Marl OBE
        Author: Ann Quill""" + BODY,
        "domestic homicide review", "ZORBEL COMMUNITY SAFETY PARTNERSHIP", "Mrs H", "Mrs H",
        "executive summary", ("Ann Quill",), ("Owen Marl",),
    ),
    Cover(
        "Welsh child practice review",
        """North Zorbel Regional Safeguarding Children Board
        Concise Child Practice Review
        NZ3/2016
        Reviewers: Ann Quill and Owen Marl
        Chair of Review Panel: Tamsin Oakfell
        Date of report: 4 May 2017""" + BODY,
        "child practice review", "North Zorbel Regional Safeguarding Children Board",
        "NZ3/2016", "NZ3/2016", authors=("Ann Quill", "Owen Marl"), chairs=("Tamsin Oakfell",),
        completed="4 May 2017", year="2017",
    ),
    Cover(
        "Scottish significant case review",
        """Zorbel Child Protection Committee
        Significant Case Review
        Young Person F
        Lead Reviewer: Ann Quill
        Published August 2019""" + BODY,
        "significant case review", "Zorbel Child Protection Committee", "Young Person F",
        "Young Person F", authors=("Ann Quill",), published="August 2019", year="2019",
    ),
    Cover(
        "Northern Irish case management review",
        """Safeguarding Board for Northern Zorbel
        Case Management Review
        Executive Summary
        Child TT
        2012""" + BODY,
        "case management review", "Safeguarding Board for Northern Zorbel", "Child TT",
        "Child TT", "executive summary", year="2012",
    ),
    Cover(
        "Part 8 review",
        """Zorbelshire Area Child Protection Committee
        Part 8 Review
        Child M
        Executive Summary
        November 2003""" + BODY,
        "part 8 review", "Zorbelshire Area Child Protection Committee", "Child M", "Child M",
        "executive summary", year="2003",
    ),
    Cover(
        "Chapter VIII review",
        """Zorbelshire Local Safeguarding Children Board
        CHAPTER VIII REVIEW
        Family W""" + BODY,
        "chapter 8 review", "Zorbelshire Local Safeguarding Children Board", "Family W",
        "Family W",
    ),
    Cover(
        "everything in a running header",
        "The case in brief\n\nA baby was hurt at home and the services met to learn from it.",
        SCR, "Zorbel Safeguarding Children Board", "Child Q", "Child Q", year="2013",
        header=("Zorbel Safeguarding Children Board – Serious Case Review – Child Q",
                "© Zorbel Safeguarding Children Board 2013 Page 2 of 40"),
    ),
    Cover(
        "a running header in acronyms",
        "1.1 A baby was hurt at home.",
        SCR, NS, "Child Q", "Child Q", "overview report",
        header=("SCR Child Q – Overview Report – FINAL v3",),
    ),
    Cover(
        "the report says what it is in a sentence",
        """1. Introduction
        1.1 This is the overview report of a Serious Case Review
        commissioned by Zorbel Safeguarding Children Board.
        The review concerns Child H, who was four.""",
        SCR, "Zorbel Safeguarding Children Board", "Child H", "Child H",
    ),
    Cover(
        "roles below their names",
        """Marlstone Safeguarding Adults Board: Safeguarding Adults Review
        Mr C
        Ann Quill
        Independent Author
        Owen Marl
        Independent Chair
        15/06/2018""" + BODY,
        SAR, "Marlstone Safeguarding Adults Board", "Mr C", "Mr C", authors=("Ann Quill",),
        chairs=("Owen Marl",), year="2018",
    ),
    Cover(
        "roles above their names",
        """Marlstone Safeguarding Adults Board
        Safeguarding Adults Review
        Mr C
        Independent Author
        Ann Quill
        Independent Chair
        Owen Marl
        15/06/2018""" + BODY,
        SAR, "Marlstone Safeguarding Adults Board", "Mr C", "Mr C", authors=("Ann Quill",),
        chairs=("Owen Marl",), year="2018",
    ),
    Cover(
        "a firm is no author",
        """City of Marl Safeguarding Children Partnership
        Child Safeguarding Practice Review – Child Z2
        Lead Reviewers: Ann Quill MA & Owen Oakfell, Redfern Safeguarding""" + BODY,
        CSPR, "City of Marl Safeguarding Children Partnership", "Child Z2", "Child Z2",
        authors=("Ann Quill", "Owen Oakfell"),
    ),
    Cover(
        "a local code for the case",
        """Zorbelshire Safeguarding Children Board
        Serious Case Review W4
        Report by Ann Quill, Independent Overview Writer
        Version 4: 23/3/10; endorsed by the Board: 4 May 2010""" + BODY,
        SCR, "Zorbelshire Safeguarding Children Board", "W4", "W4", authors=("Ann Quill",),
        year="2010",
    ),
    Cover(
        "several people under one label",
        """Marlstone Safeguarding Adults Board: Thematic Safeguarding Adults Review
        Adults A, B and C
        Published: Sept 2020""" + BODY,
        SAR, "Marlstone Safeguarding Adults Board", "Adults A, B and C", "Adults A, B and C",
        published="Sept 2020", year="2020",
    ),
    Cover(
        "a label with a name in it is a name",
        """Marlstone Safeguarding Children Board
        SERIOUS CASE REVIEW
        BABY WILFRED
        2016""" + BODY,
        SCR, "Marlstone Safeguarding Children Board", "BABY WILFRED", "named", year="2016",
    ),
    Cover(
        "the kind behind the subject on one line",
        """Child S Serious Case Review
        Overview Report
        On behalf of Zorbel & Marl Local Safeguarding Children Board
        Born 3 May 2009, died 4 June 2011
        Period under review: January 2009 to June 2011
        Date: October 2012""" + BODY,
        SCR, "Zorbel & Marl Local Safeguarding Children Board", "Child S", "Child S",
        "overview report", year="2012",
    ),
    Cover(
        "a notice names the board",
        """OFFICIAL - SENSITIVE
        Safeguarding Adults Review
        Mrs H
        This document is the property of the Zorbel Safeguarding Adults Board and must not be
        photocopied.""" + BODY,
        SAR, "Zorbel Safeguarding Adults Board", "Mrs H", "Mrs H",
    ),
    Cover(
        "a board without a place is not stated",
        """Safeguarding Children Board
        Serious Case Review
        Child B
        Overview Report
        The Local Safeguarding Children Board agreed to this report.""" + BODY,
        SCR, NS, "Child B", "Child B", "overview report",
    ),
    Cover(
        "an annual report of a board is no review",
        """Zorbel Safeguarding Children Board
        Annual Report
        Independent Chair: Owen Marl
        2015-2016""" + BODY,
        NS, "Zorbel Safeguarding Children Board", chairs=("Owen Marl",), year="2016",
    ),
    Cover(
        "the contents do not say that a report is a summary",
        """Zorbel Safeguarding Children Board
        Serious Case Review
        Child C
        Contents
        Executive summary
        Introduction""",
        SCR, "Zorbel Safeguarding Children Board", "Child C", "Child C",
    ),
    Cover(
        "a whole cover on one line",
        """Zorbel Safeguarding Children Board Serious Case Review Child K Author: Ann Quill
        March 2013""" + BODY,
        SCR, "Zorbel Safeguarding Children Board", "Child K", "Child K", authors=("Ann Quill",),
        year="2013",
    ),
    Cover(
        "a name that runs into the board is no part of it",
        """SERIOUS CASE REVIEW
        TAMSIN QUILL ZORBEL SAFEGUARDING CHILDREN BOARD
        Copyright Zorbel Safeguarding Children Board""" + BODY,
        SCR, "Zorbel Safeguarding Children Board",
    ),
    Cover(
        "a board by its acronym",
        """NORTH ZORBEL LSCB
        SERIOUS CASE REVIEW
        IN RESPECT OF
        CHILDREN A, B & C
        SEPT 2010""" + BODY,
        SCR, "NORTH ZORBEL LSCB", "CHILDREN A, B & C", "CHILDREN A, B & C", year="2010",
    ),
    Cover(
        "boards that review together",
        """Report of the Serious Case Review regarding Child Y
        Commissioned by the Zorbel and Marl Safeguarding Children Boards
        Independent Reviewer
        Ann Quill MSc, BA (Hons)
        Date of Serious Case Review Report: 30 September 2015
        Date of publication: Tuesday 1 March 2016""" + BODY,
        SCR, "Zorbel and Marl Safeguarding Children Boards", "Child Y", "Child Y",
        authors=("Ann Quill",), completed="30 September 2015",
        published="Tuesday 1 March 2016", year="2016",
    ),
    Cover(
        "a name in quotation marks, and the acronym of the kind",
        """SAFEGUARDING ADULTS REVIEW (SAR)
        ‘Wilfred’
        Died March 2018
        Author – Ann Quill (Independent Consultant)
        Zorbel Safeguarding Adults Board""" + BODY,
        SAR, "Zorbel Safeguarding Adults Board", "Wilfred", "named", authors=("Ann Quill",),
    ),
    Cover(
        "a code of a Welsh board",
        """Mid Zorbel Safeguarding Board
        Extended Child Practice Review
        Re: MZSB 4/2018""" + BODY,
        "child practice review", "Mid Zorbel Safeguarding Board", "MZSB 4/2018", "MZSB 4/2018",
    ),
    Cover(
        "a courtesy title with a name",
        """Safeguarding Adults Review Overview Report
        Mrs Edith Quill
        Zorbel Safeguarding Adults Board
        Published 5.6.2020""" + BODY,
        SAR, "Zorbel Safeguarding Adults Board", "Mrs Edith Quill", "named", "overview report",
        published="5.6.2020", year="2020",
    ),
)  # fmt: skip
