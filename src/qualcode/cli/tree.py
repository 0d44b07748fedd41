"""The tree of Typer commands, grown from the table of contents one branch at a time.

The help of a group is drawn from the table alone. Its rendering is plain on purpose: Typer's rich panels cost 75 ms
of a 150 ms budget, for the same words.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from qualcode import __version__
from qualcode.cli import ALIASES, COMMANDS, PANELS, Entry, offered, terminal
from qualcode.cli.request import Request, shared_options
from qualcode.cli.words import read_without_pydantic
from qualcode.errors import UsageError, nearest

EVERYWHERE = "Everywhere"
ABOUT = """Code interviews, documents and open answers in the terminal, by hand and with suggestions that a person
decides; see how far coders agree; quote what was said.

Begin with `qualcode init my-study --example`."""


def root() -> TyperGroup:
    """The whole command line."""
    names = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(cls=Group, rich_markup_mode=None, add_completion=True, help=ABOUT, context_settings=names)
    app.callback(invoke_without_command=True)(_outermost)
    group = get_command(app)
    assert isinstance(group, Group)
    read_without_pydantic(group.params)  # Typer has added its own two for the shell
    return group.of("")


def _outermost(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave")] = False,
) -> None:
    if version:
        terminal.say_lines([f"qualcode {__version__}"])
        raise typer.Exit
    _needs_a_command(ctx, "")


class _Spoken:
    """What commands and groups share: the options of every command, set apart in the help, and our own words."""

    params: list[Any]
    get_params: Callable[[Any], list[Any]]

    def take_shared_options(self) -> None:
        """Add the shared options behind the command's own."""
        own = {param.name for param in self.params}
        self.params = [*self.params, *(param for param in _shared() if param.name not in own)]
        read_without_pydantic(self.params)

    def get_help_option(self, ctx: Any) -> Any:
        """``--help``, read as the other flags are."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        read_without_pydantic([option] if option else [])
        return option

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Commands, arguments, options, and last the options of every command."""
        self.format_commands(ctx, formatter)
        shared = {param.name for param in _shared()} | {"help"}
        sections: dict[str, list[Any]] = {"Arguments": [], "Options": [], EVERYWHERE: []}
        for param in self.get_params(ctx):
            title = EVERYWHERE if param.name in shared else f"{param.param_type_name.capitalize()}s"
            sections[title].append(param.get_help_record(ctx))
        for title, records in sections.items():
            _section(formatter, title, filter(None, records))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """A command has none."""


def _section(formatter: Any, title: str, rows: Iterable[tuple[str, str]]) -> None:
    shown = list(rows)
    if shown:
        with formatter.section(title):
            formatter.write_dl(shown)


class Leaf(_Spoken, TyperCommand):
    """One command."""

    allow_extra_args = True  # so that `parse_args` can say how many are too many, without repeating them

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.take_shared_options()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Typer does; words too many are counted, never shown: they may be the rest of an unquoted quotation."""
        left = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            count = f"{len(left)} word{'s' * (len(left) != 1)} too many for `{ctx.command_path}`"
            raise UsageError(count, f"put a text with spaces in quotes, or see `{ctx.command_path} --help`")
        return left


class Group(_Spoken, TyperGroup):
    """A group of the table: it lists names and help without importing, and imports the one that is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.take_shared_options()
        self.path = ""

    def of(self, path: str) -> Group:
        """Make this the group called `path`, with a stub for each of its commands."""
        self.path = path
        self.commands = {name: _stub(name, entry) for name, entry in _below(path).items()}
        return self

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command named first in `args`, imported; raises UsageError with the nearest name."""
        word = args[0]
        prefix = f"{self.path} " if self.path else ""
        name = ALIASES.get(prefix + word, prefix + word)
        if name not in COMMANDS:
            if ctx.resilient_parsing:
                return None, None, args[1:]
            raise _unknown(prefix, word, self.commands)
        return name.rpartition(" ")[2], grown(name), args[1:]

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The commands, panel by panel in the order of the table."""
        below = _below(self.path)
        if offered.LINES.keys() & below.keys() and not self.path and offered.is_reflexive():
            below |= {name: below[name]._replace(help=line) for name, line in offered.LINES.items()}
        for panel in dict.fromkeys([*PANELS, *(entry.panel for entry in below.values())]):
            rows = [(name, entry.help) for name, entry in below.items() if entry.panel == panel]
            _section(formatter, panel or "Commands", rows)


def _below(path: str) -> dict[str, Entry]:
    """The rows directly under a group, by their last word."""
    depth = len(path.split())
    rows = ((name.split(), entry) for name, entry in COMMANDS.items())
    return {words[-1]: entry for words, entry in rows if len(words) == depth + 1 and words[:depth] == path.split()}


def _stub(name: str, entry: Entry) -> TyperCommand:
    return TyperCommand(name=name, help=entry.help, short_help=entry.help, rich_markup_mode=None)


def _unknown(prefix: str, word: str, siblings: Iterable[str]) -> UsageError:
    known = [*siblings, *(alias for alias in ALIASES if not prefix)]
    elsewhere = [name for name in COMMANDS if name.split()[-1] == word]
    near = nearest(word, known)
    suggestion = prefix + near if near else next(iter(elsewhere), None)
    way_out = f"did you mean `qualcode {suggestion}`?" if suggestion else f"see `qualcode {prefix}--help`"
    return UsageError(f'no command "{prefix}{word}"', way_out)


def grown(name: str) -> TyperCommand | TyperGroup:
    """The real command of a row of the table; imports its module."""
    entry = COMMANDS[name]
    asked = _asked(_function(entry.target)) if entry.target else None
    if not _below(name):
        assert asked is not None, f"{name} is neither a command nor a group"
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(name.rpartition(" ")[2], cls=Leaf)(asked)
        command = get_command(app)
        if name in offered.LINES and offered.is_reflexive():
            offered.readings(command, frozenset(param.name for param in _shared()) | {"help"})
        return command  # type: ignore[return-value]
    app = typer.Typer(add_completion=False, rich_markup_mode=None, cls=Group, name=name.rpartition(" ")[2])
    about = inspect.getdoc(asked) if asked else f"{entry.help}."
    app.callback(invoke_without_command=True, help=about)(asked or _only_a_group(name))
    group = get_command(app)
    assert isinstance(group, Group)
    return group.of(name)


def _function(target: str) -> Callable[..., object]:
    module, _, attribute = target.partition(":")
    found: Callable[..., object] = getattr(import_module(module), attribute)
    return found


def _asked(function: Callable[..., object]) -> Callable[..., object]:
    """The function as Typer wants it: a context where we hand over a `Request`; a group's own words stay silent
    when one of its commands was called."""
    signature = inspect.signature(function, eval_str=True)
    _, *own = signature.parameters.values()

    def asked(ctx: typer.Context, **given: object) -> object:
        return function(Request.of(ctx.obj), **given) if ctx.invoked_subcommand is None else None

    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    keyword = [param.replace(kind=inspect.Parameter.KEYWORD_ONLY) for param in own]
    asked.__signature__ = signature.replace(parameters=[context, *keyword])  # type: ignore[attr-defined]
    asked.__annotations__ = {param.name: param.annotation for param in (context, *own)}
    asked.__doc__ = function.__doc__
    return asked


def _only_a_group(name: str) -> Callable[[typer.Context], None]:
    def asked(ctx: typer.Context) -> None:
        _needs_a_command(ctx, name)

    return asked


def _needs_a_command(ctx: typer.Context, name: str) -> None:
    if ctx.invoked_subcommand is None:
        command = " ".join(filter(None, ["qualcode", name]))
        raise UsageError(f"`{command}` needs a command: {', '.join(_below(name))}", f"see `{command} --help`")


@cache
def _shared() -> tuple[Any, ...]:
    """The shared options as Typer parameters; their values go to the request, not to the command."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(shared_options)
    params = get_command(app).params
    for param in params:
        param.expose_value = False
    return tuple(params)
