"""Commands of `code` that change the codebook and the lessons."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.lessons import Drafts, Form
from pipeline.cli.output import Format, show
from pipeline.cli.workspace import Home, opened, password

By = Annotated[str, typer.Option("--as", help="The account that codes.", metavar="NAME")]
Reason = Annotated[str, typer.Option("--reason", help="Why: kept in the trail, never in a log.")]
Title = Annotated[
    str, typer.Argument(metavar="TITLE", help="What it is called, in quotation marks.")
]
Code = Annotated[str, typer.Argument(metavar="THEME", help="A theme's code, as D7.")]
Meaning = Annotated[str, typer.Option("--definition", help="What belongs to it.")]
LessonId = Annotated[str, typer.Argument(metavar="LESSON", help="A lesson's id, L….")]


def add_theme(
    code: Code,
    title: Title,
    as_name: By,
    definition: Meaning = "",
    group: Annotated[str, typer.Option("--group", help="The group it belongs to.")] = "own",
    reason: Reason = "",
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Add a theme to the codebook.

    Example: candour code add-theme Z1 "Self-neglect" --as kim
    """
    from pipeline.flow import coding
    from pipeline.safe.coding import Act

    workspace = opened(home, as_name)
    actor = coding.coder(workspace, as_name, password())
    row = coding.change_theme(
        workspace, actor, Act.ADD_THEME, code,
        title=title, definition=definition, group=group, reason=reason,
    )  # fmt: skip
    show([row], form)


def rename_theme(
    code: Code,
    title: Title,
    as_name: By,
    definition: Meaning = "",
    reason: Reason = "",
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Give a theme another title; its code and its codings stay.

    Example: candour code rename-theme D7 "Sharing what is known" --as kim
    """
    from pipeline.flow import coding
    from pipeline.safe.coding import Act

    workspace = opened(home, as_name)
    actor = coding.coder(workspace, as_name, password())
    row = coding.change_theme(
        workspace, actor, Act.RENAME_THEME, code, title=title, definition=definition, reason=reason
    )
    show([row], form)


def merge_themes(
    code: Code,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The theme that stays.")],
    as_name: By,
    reason: Reason = "",
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Merge a theme into another: its codings count for that one from now on.

    Example: candour code merge-themes C4 C5 --as kim
    """
    from pipeline.flow import coding
    from pipeline.safe.coding import Act

    workspace = opened(home, as_name)
    actor = coding.coder(workspace, as_name, password())
    show(
        [coding.change_theme(workspace, actor, Act.MERGE_THEMES, code, (into,), reason=reason)],
        form,
    )


def split_theme(
    code: Code,
    into: Annotated[
        list[str], typer.Argument(metavar="INTO...", help="The themes that take its place.")
    ],
    as_name: By,
    reason: Reason = "",
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Close a theme in favour of others; its codings stay until people code them anew.

    Example: candour code split-theme C4 Z1 Z2 --as kim
    """
    from pipeline.flow import coding
    from pipeline.safe.coding import Act

    workspace = opened(home, as_name)
    actor = coding.coder(workspace, as_name, password())
    show([coding.change_theme(workspace, actor, Act.SPLIT_THEME, code, into, reason=reason)], form)


def confirm_lesson(
    lesson: LessonId,
    as_name: By,
    reason: Reason = "",
    include_drafts: Drafts = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Confirm that a lesson is one.

    Example: candour code confirm-lesson L0a1b2c3d --as kim
    """
    _lesson("confirm-lesson", lesson, as_name, home, form, include_drafts, reason=reason)


def rename_lesson(
    lesson: LessonId,
    title: Title,
    as_name: By,
    reason: Reason = "",
    include_drafts: Drafts = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Give a lesson a title of your own.

    Example: candour code rename-lesson L0a1b2c3d "Records were not passed on" --as kim
    """
    _lesson(
        "rename-lesson", lesson, as_name, home, form, include_drafts, title=title, reason=reason
    )


def drop_passage(
    lesson: LessonId,
    passage: Annotated[str, typer.Argument(metavar="PASSAGE", help="Its id, or REVIEW:PASSAGE.")],
    as_name: By,
    reason: Reason = "",
    include_drafts: Drafts = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take a passage out of a lesson that it does not belong to.

    Example: candour code drop-passage L0a1b2c3d p0a1b2c3d4e --as kim
    """
    _lesson("drop-passage", lesson, as_name, home, form, include_drafts, passage, reason=reason)


def merge_lessons(
    lesson: LessonId,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The lesson that stays.")],
    as_name: By,
    reason: Reason = "",
    include_drafts: Drafts = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Merge a lesson into another that says the same.

    Example: candour code merge-lessons L0a1b2c3d L9f8e7d6c --as kim
    """
    _lesson("merge-lessons", lesson, as_name, home, form, include_drafts, into=into, reason=reason)


def split_lesson(
    lesson: LessonId,
    passages: Annotated[
        list[str], typer.Argument(metavar="PASSAGE...", help="The passages that leave it.")
    ],
    as_name: By,
    title: Annotated[str, typer.Option("--title", help="What the new lesson says.")] = "",
    reason: Reason = "",
    include_drafts: Drafts = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Make a lesson of its own of some passages of a lesson.

    Example: candour code split-lesson L0a1b2c3d p0a1b2c3d4e p5f6a7b8c9d --as kim
    """
    _lesson(
        "split-lesson", lesson, as_name, home, form, include_drafts, *passages,
        title=title, reason=reason,
    )  # fmt: skip


def _lesson(
    act: str,
    lesson: str,
    as_name: str,
    home: Home,
    form: Format,
    include_drafts: bool,
    *passages: str,
    **words: str,
) -> None:
    from pipeline.flow import coding
    from pipeline.safe.coding import Act

    workspace = opened(home, as_name, include_drafts)
    actor = coding.coder(workspace, as_name, password())
    row = coding.change_lesson(
        workspace,
        actor,
        Act(act),
        lesson,
        passages=passages,
        include_drafts=include_drafts,
        **words,
    )
    show([row], form)


def register_with(app: typer.Typer) -> None:
    """Put these commands behind `code`."""
    for command in (
        add_theme, rename_theme, merge_themes, split_theme,
        confirm_lesson, rename_lesson, drop_passage, merge_lessons, split_lesson,
    ):  # fmt: skip
        app.command()(command)
