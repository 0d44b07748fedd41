"""``codebook …``: rename, move, merge, split and retire codes; compare two versions; test the codebook."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qualcode.cli import choice, completion, terminal
from qualcode.cli.request import Request
from qualcode.errors import ExitStatus, NoProject, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from qualcode.model import Notice
    from qualcode.report import Block, Report
    from qualcode.store import Project
    from qualcode.workflow.codebook_desk import Done
    from qualcode.workflow.codebook_review import Compared, Queued

CodeName = Annotated[
    str, typer.Argument(metavar="CODE", help="Path, or its last parts", autocompletion=completion.codes)
]
Version = Annotated[
    str,
    typer.Argument(
        metavar="FILE|NAME|NAME@VERSION",
        help="A file, one of the project's or a bundled one (NAME@bundled), or an earlier version",
        autocompletion=completion.codebooks,
    ),
]


# -- changing ---------------------------------------------------------------------------------------------------


def rename(
    request: Request,
    old: CodeName,
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="The new last part of the path; words become the label too")
    ],
    label: Annotated[str | None, typer.Option(metavar="TEXT", help="The name people read (else it stays)")] = None,
) -> None:
    """Rename a code; the codes below it and all codings follow, and the codebook's file with its comments kept.

    `codebook rename pastoral caring` changes the path, `codebook rename pastoral "Caring for people"` the label too.
    """
    from qualcode.store import Project
    from qualcode.workflow import codebook_life

    with Project.open(request.folder()) as project:
        done = codebook_life.rename(project, old, new, coder=request.coder_or_none(), label=label)
    _answer(request, "renamed", done, f"{_pair(done)}; {_codings(done.codings)} with it")


def move(
    request: Request,
    code: CodeName,
    under: Annotated[
        str,
        typer.Option(metavar="PARENT", help="A code, or the codebook's name", autocompletion=completion.codes),
    ],
) -> None:
    """Move a code, with the codes below it and all codings, under another code of its codebook."""
    from qualcode.store import Project
    from qualcode.workflow import codebook_life

    with Project.open(request.folder()) as project:
        done = codebook_life.move(project, code, under, coder=request.coder_or_none())
    _answer(request, "moved", done, f"{_pair(done)}; {_codings(done.codings)} with it")


def merge(
    request: Request,
    code: CodeName,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The code that stays", autocompletion=completion.codes)],
) -> None:
    """Merge a code into another: its codings show there, keep their ids, and come back with `qualcode undo`.

    Examples and cues that are new there go along; the definition that is given up stays in the history.
    """
    from qualcode.store import Project
    from qualcode.workflow import codebook_life

    with Project.open(request.folder()) as project:
        done = codebook_life.merge(project, code, into, coder=request.coder_or_none())
    _answer(request, "merged", done, f"merged into {done.codes[0].path}, with {_codings(done.codings)}")


def split(
    request: Request,
    code: CodeName,
    into: Annotated[list[str], typer.Option(metavar="NAME,NAME", help="The new codes, beside the old one")],
) -> None:
    """Make new codes beside a code, and queue its codings: nobody's are moved, whoever made them codes them again.

    The queue is `qualcode coding list --code CODE`; take each with `qualcode coding recode ID --code NEW`.
    """
    from qualcode.store import Project
    from qualcode.workflow import codebook_life

    with Project.open(request.folder()) as project:
        done = codebook_life.split(project, code, choice.words(into), coder=request.coder_or_none())
    *made, old = done.codes
    queue = f"qualcode coding list --code {old.path}"
    lines = [f"{each.path} ({each.label}) added" for each in made]
    lines.append(f"{_codings(done.codings)} of {old.path} to code again, nobody's moved: `{queue}`")
    _answer(request, "split", done, *lines, more={"queued": done.codings, "queue": queue})


def retire(
    request: Request,
    code: CodeName,
    with_children: Annotated[bool, typer.Option("--with-children", help="The codes below it too")] = False,
) -> None:
    """Retire a code: it is offered no more, its codings stay."""
    from qualcode.store import Project
    from qualcode.workflow import codebook_life

    with Project.open(request.folder()) as project:
        done = codebook_life.retire(project, code, coder=request.coder_or_none(), with_children=with_children)
    lines = [f"{each.path} retired" for each in done.codes]
    stays = "stays as it is" if done.codings == 1 else "stay as they are"
    _answer(request, "retired", done, *lines, f"{_codings(done.codings)} {stays}")


def _codings(n: int) -> str:
    return f"{n} coding{'s' * (n != 1)}"


def _pair(done: Done) -> str:
    if not done.renamed:
        return f"{done.codes[0].path}: label is now {done.codes[0].label}"
    (old, new), *below = done.renamed
    return f"{old} → {new}" + (f", with {len(below)} code{'s' * (len(below) != 1)} below it" if below else "")


def _answer(request: Request, did: str, done: Done, *lines: str, more: Mapping[str, object] | None = None) -> None:
    terminal.answer(request, lambda: {"did": did, **shape(done), **(more or {})}, lambda: page(done, *lines))


def shape(done: Done) -> dict[str, Any]:
    """What a change did, as JSON."""
    from qualcode.cli import shapes

    return {
        "codes": [shapes.code(code) for code in done.codes],
        "renamed": [{"old": old, "new": new} for old, new in done.renamed],
        "codings": done.codings,
        "files": list(done.files),
        "notices": [shapes.notice(notice) for notice in done.notices],
    }


def page(done: Done, *lines: str) -> Report:
    """What a change did, in words: `lines`, the files that were rewritten, and what to know."""
    from qualcode.cli import pages
    from qualcode.report import Paragraph, Report

    told = [*lines, *(f"{name} follows" for name in done.files)]
    return Report("", (*map(Paragraph, told), *pages.notes(done.notices)))


# -- comparing --------------------------------------------------------------------------------------------------


def diff(
    request: Request,
    old: Version,
    new: Version,
    coders: choice.Coders = None,
) -> None:
    """Say what changed between two codebooks, and list the codings that were made under a changed definition.

    Renames that are not known are proposals. A coding leaves the list when its coder reads it again and gives it its
    code anew, the same or another: `qualcode coding recode ID --code CODE`.
    """
    from qualcode.workflow import codebook_review

    whose = choice.words(coders)
    with _project_if_any(request) as project:
        if project is not None and request.settings().blind:
            whose = (request.acting_coder(),)
        found = codebook_review.compare(project, old, new, coders=whose)
    terminal.answer(request, lambda: _difference(found), lambda: _told(found))


def _project_if_any(request: Request) -> AbstractContextManager[Project | None]:
    """The project, or None where there is none: two files can be compared anywhere."""
    from qualcode.store import Project

    try:
        folder = request.folder()
    except NoProject:
        return nullcontext()
    return Project.open(folder)


def _difference(found: Compared) -> dict[str, Any]:
    from qualcode.cli import shapes

    change = found.difference
    renamed = [{"old": old, "new": new, "proposed": False, "why": []} for old, new in change.renamed]
    renamed += [{"old": p.old, "new": p.new, "proposed": True, "why": list(p.why)} for p in found.proposals]
    return {
        "a": {"word": found.old.word, "name": change.old.name, "version": change.old.version},
        "b": {"word": found.new.word, "name": change.new.name, "version": change.new.version},
        "same": change.same,
        "added": [code.path for code in change.added],
        "removed": [code.path for code in change.removed],
        "renamed": renamed,
        "changed": [
            {"code": path, "field": each.field, "old": _plain(each.old), "new": _plain(each.new)}
            for path, changes in change.changed.items()
            for each in changes
        ],
        "reordered": list(change.reordered),
        "header": [{"field": each.field, "old": each.old, "new": each.new} for each in change.header],
        "queue": [{**shapes.coding(each.coding), "made_under": _made_under(each)} for each in found.queue],
    }


def _plain(value: object) -> Any:
    """A field's value as JSON has it."""
    from qualcode.cli import shapes
    from qualcode.model import Cue

    if isinstance(value, tuple):
        return [shapes.cue(each) if isinstance(each, Cue) else each for each in value]
    return value


def _made_under(queued: Queued) -> dict[str, Any]:
    wording = queued.wording
    return {
        "definition": wording.definition,
        "include": list(wording.include),
        "exclude": list(wording.exclude),
    }


def _told(found: Compared) -> Report:
    from qualcode.cli import pages
    from qualcode.report import Paragraph, Report

    change = found.difference
    lines = [f"{each.field}: {each.old or 'nothing'} → {each.new or 'nothing'}" for each in change.header]
    lines += [f"added {code.path}" for code in change.added]
    lines += [f"removed {code.path}" for code in change.removed]
    lines += [f"renamed {old} → {new}" for old, new in change.renamed]
    lines += [f"renamed {p.old} → {p.new}? a proposal: {', '.join(p.why)}" for p in found.proposals]
    lines += [f"another order: {', '.join(change.reordered)}"] if change.reordered else []
    blocks: list[Block] = [Paragraph(line) for line in lines or ([] if change.changed else ["no difference"])]
    rows = [
        (path, each.field, pages.short(_words(each.old)), pages.short(_words(each.new)))
        for path, changes in change.changed.items()
        for each in changes
    ]
    if rows:
        blocks.append(pages.table(("code", "field", "old", "new"), rows, caption="Changed"))
    return Report(f"{found.old.word} → {found.new.word}", (*blocks, *_queue(found.queue)))


def _words(value: object) -> str:
    """A field's value on one line."""
    said = _plain(value)
    if isinstance(said, list):
        return "; ".join(str(each) if isinstance(each, str) else " ".join(map(str, *each.items())) for each in said)
    return "" if said is None else str(said)


def _queue(queue: Sequence[Queued]) -> Iterable[Block]:
    from qualcode.cli import pages
    from qualcode.report import Note

    if not queue:
        return
    listed = pages.codings([each.coding for each in queue])
    for table in listed.tables:
        yield pages.table(table.columns, table.rows, right=("turn", "round"), caption="Made under another wording")
    way = "`qualcode coding recode ID --code CODE` settles each, also with the code it has"
    yield Note(f"{_codings(len(queue))} to read again; {way}.")


# -- testing ----------------------------------------------------------------------------------------------------


def review(
    request: Request,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME|FILE", help="Only this codebook (else all)", autocompletion=completion.codebooks),
    ] = None,
) -> ExitStatus | None:
    """Test the codebook on its own examples: cues, counterexamples, boundaries, definitions, codes never applied.

    Warnings: status 1.
    """
    from qualcode.cli import shapes
    from qualcode.workflow import codebook_review

    with _project_if_any(request) as project:
        if project is None and name is None:
            raise UsageError("no codebook is named, and there is no project here", "name a file, or a bundled codebook")
        found = codebook_review.review(project, name)
    every = [notice for notices in found.values() for notice in notices]
    terminal.answer(request, lambda: [shapes.notice(notice) for notice in every], lambda: _tested(found))
    return ExitStatus.FINDINGS if any(notice.severity != "info" for notice in every) else None


def _tested(found: Mapping[str, Sequence[Notice]]) -> Report:
    from qualcode.cli import pages

    lines = []
    for name, notices in found.items():
        lines += [f"{notice.severity}: {notice}" for notice in notices]
        warnings = sum(notice.severity != "info" for notice in notices)
        lines.append(f"{name}: {warnings} warning{'s' * (warnings != 1)}, {len(notices) - warnings} to consider")
    return pages.said(*(lines or ["no codebook has codes yet"]))
