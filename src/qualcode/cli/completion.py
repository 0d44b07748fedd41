"""What the shell completes: names out of the project, each a callback of a Typer parameter.

A name is offered only when every shell passes it on unchanged: Typer's zsh script evaluates what it is given, so a
source called ``$(…)`` must be typed by hand. Completion never fails aloud: without a project it offers nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from qualcode.store import Project

_HARMLESS = re.compile(r"[\w./@:+,=%-][\w ./@:+,=%-]*")


def _offer(words: Iterable[str], incomplete: str) -> list[str]:
    fitting = [word for word in words if word.startswith(incomplete) and _HARMLESS.fullmatch(word)]
    if os.environ.get("_QUALCODE_COMPLETE") == "complete_bash":  # the other shells quote spaces themselves
        return [incomplete + word[len(incomplete) :].replace(" ", "\\ ") for word in fitting]
    return fitting


def _names(ctx: typer.Context, incomplete: str, ask: Callable[[Project], Iterable[str]]) -> list[str]:
    from qualcode.cli.request import Request
    from qualcode.errors import QualcodeError

    try:
        from qualcode.store import Project

        with Project.open(Request.of(ctx.obj or {}).folder()) as project:
            return _offer(ask(project), incomplete)
    except (QualcodeError, OSError):
        return []


def sources(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of sources."""
    return _names(ctx, incomplete, lambda project: project.source_names().values())


def codes(ctx: typer.Context, incomplete: str) -> list[str]:
    """Paths of codes, and the trailing parts that are unique, so that nobody types the prefix."""

    def ways(project: Project) -> list[str]:
        paths = [code.path for code in project.codes()]
        leaves = [path.rpartition("/")[2] for path in paths]
        return [*paths, *(leaf for leaf in leaves if leaves.count(leaf) == 1)]

    return _names(ctx, incomplete, ways)


def code_sets(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of sets of codes."""
    return _names(ctx, incomplete, lambda project: (each.name for each in project.code_sets()))


def codebooks(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of the project's codebooks."""
    return _names(ctx, incomplete, lambda project: (book.name for book in project.codebooks()))


def coders(ctx: typer.Context, incomplete: str) -> list[str]:
    """Everyone who has coded."""
    return _names(ctx, incomplete, lambda project: project.coders())


def cases(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of cases."""
    return _names(ctx, incomplete, lambda project: (case.name for case in project.cases()))
