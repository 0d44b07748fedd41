"""``disagreements`` and ``adjudicate``: the list to talk about, and what holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qualcode.cli import choice, completion, terminal
from qualcode.cli.request import Request
from qualcode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qualcode.model import Coding, Disagreement
    from qualcode.report import Report
    from qualcode.store import Project
    from qualcode.workflow.adjudicating import Choice, Decision, Found, Settled

Sort = Literal["codes", "effect"]


def disagreements(
    request: Request,
    coders: choice.Coders = None,
    source: choice.Sources = None,
    codes: choice.Codes = None,
    kind: Annotated[
        list[str] | None, typer.Option(metavar="K", help="Only these: missed, code, boundary, split/merge")
    ] = None,
    scope: Annotated[Literal["all", "respondents"] | None, typer.Option(help="Whose turns count")] = None,
    unit: Annotated[str | None, typer.Option(metavar="U", help="The unit that effects are measured in")] = None,
    sort: Annotated[Sort, typer.Option(help="Equal pairs of codes together, or the largest effect first")] = "codes",
    settled: Annotated[bool, typer.Option("--settled", help="Also what was decided already")] = False,
    as_of: choice.AsOf = None,
    format: Annotated[str | None, typer.Option(metavar="F", help="md, docx, html or csv: a sheet to decide on")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it (else exports/)")] = None,
) -> None:
    """List the places where coders differ: missed, other code, other boundary, split or merged.

    Places with the same codes stand together. The effect of a place is how much the code's alpha would change if all
    gave the code there. `adjudicate` settles them by their ids.
    """
    from qualcode.agreement import Request as Asked
    from qualcode.workflow import adjudicating, projects

    asked = Asked(coders=choice.words(coders), codes=choice.words(codes), scope=scope, unit=unit)
    with projects.open_project(request.folder(), as_of=as_of) as project:
        found = adjudicating.found(
            project, asked, sources=tuple(source or ()), kinds=choice.words(kind), by_effect=sort == "effect"
        )
        _hand_over(request, project, found, settled, sort == "codes", format, out)


def _hand_over(
    request: Request, project: Project, found: Found, settled: bool, grouped: bool, format: str | None, out: Path | None
) -> None:
    from qualcode.analysis.discussion import discussion, discussion_table
    from qualcode.cli import writing

    places = found.places if settled else found.open
    said = {key: _in_words(decision) for key, decision in found.decisions.items()}
    chosen = (format or (out.suffix.lstrip(".") if out is not None else "")).lower()
    if chosen == "csv":
        report = discussion_table(places, said)
    else:
        hidden = len(found.places) - len(places)
        notes = (*found.notes, *([f"{hidden} settled already; --settled shows them."] if hidden else []))
        codes = {code.path: code for code in project.codes(retired=True)}
        report = discussion(places, codes, said, notes=notes, grouped=grouped, sheet=bool(chosen))
    writing.hand_over(
        request,
        project,
        "disagreements",
        report,
        format,
        out,
        lambda: [shape(place, found.decisions.get(place.id)) for place in places],
    )


def _in_words(decision: Decision) -> str:
    side = {"both": "everyone's codes", "neither": "no code", "codes": "other codes", "defer": "later"}
    why = f" ({decision.why})" if decision.why else ""
    return f"{side.get(decision.side, decision.side)}, by {decision.by} {decision.at[:10]}{why}"


def shape(place: Disagreement, decision: Decision | None) -> dict[str, object]:
    """A disagreement as JSON: `by_coder` holds the codes each coder has there, `codings` all about them."""
    return {
        "id": place.id,
        "source": place.source.id,
        "start": place.span.start,
        "end": place.span.end,
        "quote": place.quote,
        "by_coder": {name: list(dict.fromkeys(c.code for c in made)) for name, made in place.by_coder.items()},
        "kind": place.kind,
        "effect": place.effect,
        "source_name": place.source.name,
        "line": place.line,
        "codebook": place.codebook,
        "codes": list(place.codes),
        "codings": {name: [_coding(coding) for coding in made] for name, made in place.by_coder.items()},
        "decision": None if decision is None else _decision(decision),
    }


def _coding(coding: Coding) -> dict[str, object]:
    return {
        "id": coding.id,
        "code": coding.code,
        "start": coding.span.start,
        "end": coding.span.end,
        "memo": coding.memo,
        "certainty": coding.certainty,
    }


def _decision(decision: Decision) -> dict[str, object]:
    return {
        "choice": decision.side,
        "codings": list(decision.codings),
        "because": decision.why or None,
        "rule": decision.rule or None,
        "by": decision.by,
        "at": decision.at,
    }


def adjudicate(
    request: Request,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="Places from `qualcode disagreements`")] = None,
    choose: Annotated[
        str | None,
        typer.Option(
            "--choose", metavar="WHO", help="A coder's name, both, neither or defer", autocompletion=completion.coders
        ),
    ] = None,
    code: Annotated[
        list[str] | None,
        typer.Option("--code", metavar="C", help="This code holds instead", autocompletion=completion.codes),
    ] = None,
    quote: Annotated[str | None, typer.Option(metavar="TEXT", help="With --code: its words")] = None,
    span: Annotated[str | None, typer.Option(metavar="A:B", help="With --code: its place in code points")] = None,
    because: Annotated[str, typer.Option(metavar="WHY", help="The reason, which is kept")] = "",
    rule: Annotated[str, typer.Option(metavar="TEXT", help="A sentence for the codebook")] = "",
    rule_for: Annotated[str, typer.Option(metavar="C", help="The code the rule is for (else the one that holds)")] = "",
    coders: choice.Coders = None,
) -> None:
    """Settle places where coders differ: what holds goes into the layer `consensus`; nobody's codings change.

    Several ids are settled alike. When nothing of a source is open any more, its consensus counts in tables and
    exports (`--layer consensus` shows it before). What the figures were is kept with a milestone. `undo` takes a
    decision back.
    """
    from qualcode.agreement import Request as Asked
    from qualcode.store import Project
    from qualcode.workflow import adjudicating

    asked = Asked(coders=choice.words(coders))
    with Project.open(request.folder()) as project:
        if not ids:
            if choose or code:
                raise UsageError("no disagreement is named", "give ids from `qualcode disagreements`")
            _hand_over(request, project, adjudicating.found(project, asked), False, True, None, None)
            return
        wanted = _choice(choose, choice.words(code), quote, span, because, rule, rule_for)
        done = adjudicating.settle(project, choice.words(ids), wanted, coder=request.coder_or_none(), request=asked)
        names = project.source_names()
    terminal.answer(request, lambda: _settled_shape(done), lambda: _settled_page(done, names))


def _choice(
    choose: str | None, codes: tuple[str, ...], quote: str | None, span: str | None, why: str, rule: str, rule_for: str
) -> Choice:
    from qualcode.session import Place
    from qualcode.workflow.adjudicating import Choice

    if (choose is None) == (not codes):
        raise UsageError("what holds?", "give --choose NAME, both, neither or defer, or --code CODE")
    if (quote or span) and not codes:
        raise UsageError("--quote and --span go with --code", "name the code that holds there")
    place = None
    if quote is not None or span is not None:
        place = Place(quote, _bounds(span) if span is not None else None)
    return Choice(choose or "codes", codes, place, why, rule, rule_for)


def _bounds(span: str) -> tuple[int, int]:
    start, colon, end = span.partition(":")
    if not (colon and start.isdigit() and end.isdigit()):
        raise UsageError(f'"{span}" is no span', "write START:END in code points, such as 120:168")
    return int(start), int(end)


def _settled_shape(done: Settled) -> dict[str, object]:
    from qualcode.cli import shapes

    return {
        "settled": [place.id for place in done.places],
        "codings": [shapes.coding(coding) for coding in done.codings],
        "open": done.open,
        "finished": [{"source": source, "codebook": codebook} for source, codebook in done.finished],
        "milestone": done.frozen,
        "files": list(done.files),
    }


def _settled_page(done: Settled, names: Mapping[str, str]) -> Report:
    from qualcode.cli import pages

    n = len(done.places)
    lines = [f"settled: {pages.counted(n, 'place')}, {pages.counted(len(done.codings), 'coding')} in the consensus"]
    if done.frozen:
        lines.append(f'the figures of before are kept: qualcode agreement --as-of "{done.frozen}"')
    lines += [f"nothing open any more: {names[source]}, {codebook}" for source, codebook in done.finished]
    lines += [f"written: {file}" for file in done.files]
    lines.append(f"still open: {done.open}")
    return pages.said(*lines)
