"""The options by which commands choose codings, declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli import completion
from qualcode.errors import UsageError

if TYPE_CHECKING:
    from qualcode.workflow.retrieving import Choice

Sources = Annotated[
    list[str] | None, typer.Option("--source", metavar="S", help="Only this source", autocompletion=completion.sources)
]
Codes = Annotated[
    list[str] | None,
    typer.Option(
        "--code",
        "--codes",
        metavar="C",
        help="Only this code and those below it, or set:NAME",
        autocompletion=completion.codes,
    ),
]
Coders = Annotated[str | None, typer.Option(metavar="A,B", help="Only these coders", autocompletion=completion.coders)]
Rounds = Annotated[str | None, typer.Option(metavar="1,2", help="Only these rounds")]
Where = Annotated[str | None, typer.Option(metavar="QUERY", help="Such as 'code:role/* AND phase=secondary'")]
AsOf = Annotated[str | None, typer.Option(metavar="TIME|NAME", help="As it was at a time or milestone")]


def words(listed: str | list[str] | None) -> tuple[str, ...]:
    """``a,b`` as given to options that take several names; given several times they add up. Accents are composed."""
    from qualcode.slugs import nfc

    said = [listed] if isinstance(listed, str) else listed or []
    return tuple(nfc(word.strip()) for part in said for word in part.split(",") if word.strip())


def numbers(listed: str | None) -> tuple[int, ...]:
    """``1,2`` as whole numbers from 1. Raises UsageError."""
    found = words(listed)
    if not all(word.isascii() and word.isdigit() and int(word) > 0 for word in found):
        raise UsageError(f'"{listed}" is no list of rounds', "write for example --rounds 1,2")
    return tuple(int(word) for word in found)


def choice(
    sources: list[str] | None = None,
    codes: list[str] | None = None,
    coders: str | None = None,
    rounds: str | None = None,
    where: str | None = None,
) -> Choice:
    """What the options stand for."""
    from qualcode.workflow.retrieving import Choice

    return Choice(tuple(sources or ()), words(codes), words(coders), numbers(rounds), where)
