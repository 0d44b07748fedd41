"""What every command is asked with: the five options that may stand before or after any command.

This is the one place where they are declared. Each command of the tree carries them, so the parser itself tells an
option from another option's value, and ``--`` ends them; the innermost one given wins. The environment and the
project's settings are asked only where a command needs them: flag, then environment, then ``qualcode.yaml``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qualcode.cli import completion
from qualcode.errors import NoCoder, NoProject, ProjectError, UsageError

if TYPE_CHECKING:
    from qualcode.settings import Settings

DATABASE = "qualcode.db"  # as in `settings`, which is not imported to look for a file
BACKUPS = "backups/*.db"


@dataclass(frozen=True, slots=True)
class Request:
    """The shared options as they were typed; the methods find what they stand for."""

    project: str | None = None
    coder: str | None = None
    json: bool = False
    debug: bool = False
    quiet: bool = False

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Request:
        """A request of what `shared_options` remembered."""
        return cls(**{field.name: said[field.name] for field in fields(cls) if field.name in said})

    def folder(self, *, lost: bool = False) -> Path:
        """The project's folder, absolute: ``--project``, else QUALCODE_PROJECT, else upwards from here.

        A folder that is named is taken as it is, never its parents: a mistyped one must not end in another project.
        With `lost` one that has nothing but backups of its database will do. Raises NoProject or ProjectError.
        """
        named = self.project if self.project is not None else os.environ.get("QUALCODE_PROJECT")
        if self.project == "":
            raise UsageError("--project is empty", "name the folder that holds qualcode.db")
        if named:
            return _named_folder(Path(named), lost=lost)
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / DATABASE).is_file() or (lost and _has_backups(folder)):
                return folder
        if _has_backups(here):
            raise _lost(here)
        raise NoProject(str(here))

    def settings(self) -> Settings:
        """The project's settings. Raises ProjectError for a bad ``qualcode.yaml``."""
        from qualcode.settings import read_settings

        return read_settings(self.folder())

    def coder_or_none(self) -> str | None:
        """Who acts: ``--coder``, else QUALCODE_CODER, else the project's setting, else None."""
        if self.coder is not None and not self.coder.strip():
            raise UsageError("--coder is empty", "name who codes")
        from qualcode.slugs import nfc

        coder = self.coder or os.environ.get("QUALCODE_CODER", "").strip() or self.settings().coder
        return coder and nfc(coder)

    def acting_coder(self) -> str:
        """Who acts; raises NoCoder when nobody is named."""
        coder = self.coder_or_none()
        if coder is None:
            raise NoCoder
        return coder


def _has_backups(folder: Path) -> bool:
    """Whether this was a project whose database is gone: its backups are still there."""
    return not (folder / DATABASE).exists() and any(folder.glob(BACKUPS))


def _lost(folder: Path) -> ProjectError:
    return ProjectError(
        f'{DATABASE} is gone from "{folder}"', "put a backup in its place: `qualcode backup --list`, `qualcode restore`"
    )


def _named_folder(folder: Path, *, lost: bool) -> Path:
    folder = folder.expanduser()
    if folder.name == DATABASE and folder.is_file():
        folder = folder.parent
    if _has_backups(folder):
        if lost:
            return folder.resolve()
        raise _lost(folder)
    if not (folder / DATABASE).is_file():
        what = "no project in" if folder.is_dir() else "no folder"
        raise ProjectError(
            f'{what} "{folder}"', "name the folder that holds qualcode.db, or start one: `qualcode init`"
        )
    return folder.resolve()


def _remember(ctx: typer.Context, param: typer.CallbackParam, value: object) -> object:
    """Keep what was given; a level at which the option is absent does not undo an outer one."""
    if value is not None and value is not False and ctx.obj is not None:
        ctx.obj[param.name] = value
    return value


def shared_options(
    project: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            callback=_remember,
            help="The project's folder (else QUALCODE_PROJECT, else from here upwards)",
        ),
    ] = None,
    coder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            callback=_remember,
            help="Who codes (else QUALCODE_CODER, else the project's setting)",
            autocompletion=completion.coders,
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", callback=_remember, help="One JSON document on stdout")] = False,
    debug: Annotated[bool, typer.Option("--debug", callback=_remember, help="Show where an error arose")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", callback=_remember, help="No messages, only results")] = False,
) -> None:
    """The declaration Typer reads; never called."""
