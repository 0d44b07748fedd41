"""Import: each file → a reader → speakers → the project, one transaction a file; one bad file stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from qualcode import readers, speakers
from qualcode.errors import InputError, QualcodeError, UsageError
from qualcode.model import Bundle, Notice, Receipt, Role, Source
from qualcode.readers import ReadOptions
from qualcode.store import Project
from qualcode.workflow import coded_tables, taking_over


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and how: files and folders, what readers are told, roles of speakers by label.

    `codes` maps names of codes in a coded table to codes of this project.
    """

    paths: tuple[Path, ...]
    options: ReadOptions = field(default_factory=ReadOptions)
    roles: Mapping[str, Role] = field(default_factory=dict)
    dry_run: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in: sources with the notices of each, new cases, and what was passed over and why."""

    sources: tuple[tuple[Source, tuple[Notice, ...]], ...]
    cases: int
    skipped: tuple[Notice, ...]
    notices: tuple[Notice, ...] = ()
    receipts: tuple[Receipt, ...] = ()


def import_paths(
    project: Project, request: Request, *, coder: str | None, progress: Callable[[str], None] = lambda _: None
) -> Imported:
    """Read every file and add it. Raises InputError when nothing could be read; else the bad ones are listed."""
    found, skipped = _walk(request.paths)
    receipts: list[Receipt] = []
    failed: list[QualcodeError] = []
    for path in found:
        progress(path.name)
        try:
            receipts.append(_import_one(project, path, request, coder))
        except UsageError:
            raise
        except InputError as error:
            failed.append(error)
            skipped.append(Notice(path.name, "error", str(error).removeprefix(f"{path.name} ")))
    if failed and not receipts:
        raise _nothing_read(failed)
    if not receipts:
        raise InputError("nothing to import there", "name transcripts, survey files or a folder of them")
    return _together(receipts, skipped)


def _nothing_read(failed: list[QualcodeError]) -> QualcodeError:
    if len(failed) == 1:
        return failed[0]
    return InputError(f"none of {len(failed)} files could be read; the first: {failed[0].what}", failed[0].way_out)


def _walk(paths: Iterable[Path]) -> tuple[list[Path], list[Notice]]:
    """Files as named, folders recursively in name order; hidden files and unknown kinds in folders are passed over."""
    found: list[Path] = []
    skipped: list[Notice] = []
    for path in paths:
        if not path.is_dir() or _project_file(path):
            found.append(_project_file(path) or path)
            continue
        inside = sorted(p for p in path.rglob("*") if p.is_file())
        projects = {file.parent for file in inside if _project_file(file.parent) == file}
        for file in inside:
            if file.parent not in projects and projects & set(file.parents):
                continue  # what a project's folder holds besides its database is in the database too
            if any(part.startswith((".", "~$")) for part in file.relative_to(path).parts):
                continue
            if readers.supported(file):
                found.append(file)
            else:
                skipped.append(Notice(file.name, "info", "not a kind of file that is read"))
    return list(dict.fromkeys(found)), skipped


def _project_file(folder: Path) -> Path | None:
    """The database of a folder that is a QualCoder project (NAME.qda/data.qda), or None."""
    inside = folder / "data.qda"
    return inside if folder.suffix.lower() == ".qda" and inside.is_file() else None


def _name_of(path: Path) -> str:
    """The file's name; a QualCoder project goes by its folder's."""
    return path.parent.name if _project_file(path.parent) == path else path.name


def _import_one(project: Project, path: Path, request: Request, coder: str | None) -> Receipt:
    raw, name = readers.contents(path), _name_of(path)
    bundle = readers.read_bytes(raw, name, request.options)
    bundle = _without_twins(project, speakers.assign(bundle, _roles_of(bundle, request)))
    if bundle.excerpts:
        bundle = coded_tables.placed(project, bundle, name, coder=coder, mapping=request.codes)
    foreign = taking_over.is_project(bundle)
    if request.dry_run:
        receipt = _as_if(project, bundle)
        return taking_over.as_if(project, bundle, name, receipt, coder) if foreign else receipt
    if foreign:
        done = taking_over.take_over(project, bundle, name, coder=coder, originals={name: raw})
        return _named_apart(bundle, done)
    return _named_apart(bundle, project.add(bundle, coder=coder, originals={name: raw}))


def _without_twins(project: Project, bundle: Bundle) -> Bundle:
    """The bundle without new cases whose sources are all here already: a copy under another name is no other person."""
    known = project.source_names()
    again = {source.case for source in bundle.sources if source.id in known}
    twins = again - {source.case for source in bundle.sources if source.id not in known}
    twins -= {case.name for case in project.cases()}
    return replace(bundle, cases=tuple(case for case in bundle.cases if case.name not in twins))


def _named_apart(bundle: Bundle, receipt: Receipt) -> Receipt:
    """The receipt with a notice for each source whose name another one had already."""
    asked = {source.id: source.name for source in bundle.sources}
    told = []
    for source in receipt.sources:
        name = asked[source.id]
        if source.name == name:
            continue
        if source.kind == "answers":
            advice = "give all waves of a survey the same --survey-name, or none"
        else:
            advice = f"if it is a corrected one, `qualcode undo` this and say `qualcode revise {name} FILE`"
        told.append(Notice(source.file, "warning", f'"{name}" is here already, so this is "{source.name}"; {advice}'))
    return replace(receipt, notices=(*receipt.notices, *told))


def _roles_of(bundle: Bundle, request: Request) -> Mapping[str, Role]:
    """The roles for the speakers of this file; of a single file all of them, so that a mistyped name is an error."""
    if len(request.paths) == 1 and not request.paths[0].is_dir():
        return request.roles
    present = {speaker for source in bundle.sources for speaker in source.speakers}
    return {name: role for name, role in request.roles.items() if name in present}


def _as_if(project: Project, bundle: Bundle) -> Receipt:
    """The receipt of a dry run: what would be added."""
    known = project.source_names()
    new = tuple(source for source in bundle.sources if source.id not in known)
    again = tuple(
        Notice(source.file, "info", f'source "{known[source.id]}" is here already')
        for source in bundle.sources
        if source.id in known
    )
    cases = {case.name for case in project.cases()}
    return Receipt(new, sum(case.name not in cases for case in bundle.cases), again, bundle.notices)


def _together(receipts: list[Receipt], skipped: list[Notice]) -> Imported:
    sources: list[tuple[Source, tuple[Notice, ...]]] = []
    loose: list[Notice] = []
    for receipt in receipts:
        if len(receipt.sources) == 1:
            sources.append((receipt.sources[0], receipt.notices))
        else:
            sources += [(source, ()) for source in receipt.sources]
            loose += receipt.notices
        skipped = [*skipped, *receipt.skipped]
    return Imported(tuple(sources), sum(r.cases for r in receipts), tuple(skipped), tuple(loose), tuple(receipts))


def parse_roles(said: Iterable[str]) -> dict[str, Role]:
    """``NAME=role`` as given on the command line. Raises UsageError for a line without ``=`` or an unknown role."""
    roles: dict[str, Role] = {}
    for text in said:
        name, equals, role = text.rpartition("=")
        if not equals or not name.strip():
            raise UsageError(f'"{text}" is not NAME=role', 'write for example --speakers "Dr Hill=interviewer"')
        if role.strip() not in ("interviewer", "respondent"):
            raise UsageError(f'no role "{role.strip()}"', "choose interviewer or respondent")
        roles[name.strip()] = "interviewer" if role.strip() == "interviewer" else "respondent"
    return roles


def with_survey(options: ReadOptions, name: str | None) -> ReadOptions:
    """The options with a survey's name."""
    return replace(options, survey=True, survey_name=name)
