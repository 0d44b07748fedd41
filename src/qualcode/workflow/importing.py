"""Import: each file → a reader → speakers → the project, one transaction a file; one bad file stops no other."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from qualcode import readers, speakers
from qualcode.errors import InputError, ProjectError, QualcodeError, UsageError
from qualcode.escaping import typed
from qualcode.model import Bundle, Codebook, Notice, Receipt, Role, Source, Survey, SurveyBundle
from qualcode.readers import ReadOptions, unheard
from qualcode.slugs import spoken
from qualcode.speakers import CasesBy
from qualcode.store import Project
from qualcode.workflow import asking, coded_tables, taking_over, waves

_LITTER = {"__MACOSX", "$RECYCLE.BIN", "System Volume Information"}


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and how: files and folders, what readers are told, roles of speakers by label.

    `questions` are those of the interview guide, looked for in what interviewers say.
    `update` takes the answers and attributes of a survey that differ from the stored ones.
    `codes` maps names of codes in a coded table to codes of this project. `cases_by` makes the respondents of a focus
    group cases, see `speakers.each_a_case`.
    """

    paths: tuple[Path, ...]
    options: ReadOptions = field(default_factory=ReadOptions)
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    dry_run: bool = False
    questions: tuple[str, ...] = ()
    update: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    cases_by: CasesBy | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in: sources with the notices of each, new cases, and what was passed over and why; a receipt a file.

    `changed` are answers that differ from the stored ones, `surveys` the questionnaires read.
    """

    sources: tuple[tuple[Source, tuple[Notice, ...]], ...]
    cases: int
    skipped: tuple[Notice, ...]
    notices: tuple[Notice, ...] = ()
    surveys: tuple[Survey, ...] = ()
    changed: tuple[Source, ...] = ()
    receipts: tuple[Receipt, ...] = ()

    @property
    def codebooks(self) -> tuple[Codebook, ...]:
        """The codebooks of other programs' projects, as they are here now."""
        return tuple(book for receipt in self.receipts for book in receipt.codebooks)

    @property
    def codings(self) -> int:
        """How many codings of other programs' projects are new."""
        return sum(receipt.codings for receipt in self.receipts)

    @property
    def memos(self) -> int:
        """How many memos of other programs' projects are new."""
        return sum(receipt.memos for receipt in self.receipts)

    @property
    def missed(self) -> tuple[Notice, ...]:
        """What of other programs' projects could not be taken over."""
        return tuple(notice for receipt in self.receipts for notice in receipt.missed)


def import_paths(
    project: Project, request: Request, *, coder: str | None, progress: Callable[[str], None] = lambda _: None
) -> Imported:
    """Read every file and add it, each whole or not at all; the bad ones are listed.

    `progress` is told each file's name. A dry run does everything and takes it back. Raises
    InputError when nothing could be read.
    """
    with _collector_at_rest(), project.trial() if request.dry_run else nullcontext():
        return _import_all(project, request, coder, progress)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No search for cycles meanwhile: an import makes none, and looking took 1.6 of 18 s for 100,000 answers."""
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()


def _import_all(project: Project, request: Request, coder: str | None, progress: Callable[[str], None]) -> Imported:
    found, skipped = _walk(request.paths)
    receipts: list[Receipt] = []
    failed: list[QualcodeError] = []
    first: dict[bytes, str] = {}
    late: list[Path] = []
    with project.parts() if len(found) > 1 else nullcontext():
        for n, path in enumerate(chain(found, late)):  # the chain sees what is put into `late` meanwhile
            if n < len(found):
                progress(path.name)
            try:
                raw = readers.contents(path)
                digest = hashlib.sha256(raw).digest()
                if digest in first:
                    skipped.append(Notice(path.name, "info", f'the same content as "{first[digest]}", passed over'))
                    continue
                receipt = _import_one(project, path, raw, request, coder, early=n < len(found))
                if receipt is None:
                    late.append(path)
                    continue
                receipts.append(receipt)
                first[digest] = path.name
            except UsageError:
                raise
            except ProjectError as error:
                raise _stopped(error, path, len(receipts)) from error
            except InputError as error:
                failed.append(error)
                skipped.append(Notice(path.name, "error", str(error).removeprefix(f"{path.name} ")))
    if failed and not receipts:
        raise _nothing_read(failed)
    if not receipts:
        raise InputError("nothing to import there", "name transcripts, survey files or a folder of them")
    return _together(receipts, skipped)


def _stopped(error: ProjectError, path: Path, taken: int) -> ProjectError:
    """The error that ended an import, saying that the files before this one stay."""
    if not taken:
        return error
    stay = "the file before it is here" if taken == 1 else f"the {taken} files before it are here"
    return ProjectError(f"{path.name}: {error.what}; {stay}", error.way_out)


def _nothing_read(failed: list[QualcodeError]) -> QualcodeError:
    if len(failed) == 1:
        return failed[0]
    return InputError(f"none of {len(failed)} files could be read; the first: {failed[0].what}", failed[0].way_out)


def files_in(paths: Iterable[Path]) -> int:
    """How many files an import would read."""
    return len(_walk(paths)[0])


def _walk(paths: Iterable[Path]) -> tuple[list[Path], list[Notice]]:
    """Files as named, folders recursively, their own files before those of folders in them, by name.

    Hidden files, what other systems leave in archives, and unknown kinds in folders are passed over.
    """
    found: list[Path] = []
    skipped: list[Notice] = []
    for path in paths:
        if not path.is_dir() or _project_file(path):
            found.append(_project_file(path) or path)
            continue
        inside = sorted((p for p in path.rglob("*") if p.is_file()), key=lambda file: (len(file.parts), file))
        projects = {file.parent for file in inside if _project_file(file.parent) == file}
        for file in inside:
            if file.parent not in projects and projects & set(file.parents):
                continue  # what a project's folder holds besides its database is in the database too
            if any(part.startswith((".", "~$")) or part in _LITTER for part in file.relative_to(path).parts):
                continue
            if readers.supported(file):
                found.append(file)
            else:
                skipped.append(_unread(file))
    return list(dict.fromkeys(found)), skipped


def _unread(file: Path) -> Notice:
    way_out = readers.way_out(file)
    said = f"not a kind of file that is read{f' — {way_out}' if way_out else ''}"
    return Notice(file.name, "warning" if way_out else "info", said)


def _project_file(folder: Path) -> Path | None:
    """The database of a folder that is a QualCoder project (NAME.qda/data.qda), or None."""
    inside = folder / "data.qda"
    return inside if folder.suffix.lower() == ".qda" and inside.is_file() else None


def _name_of(path: Path) -> str:
    """The file's name; a QualCoder project goes by its folder's."""
    return path.parent.name if _project_file(path.parent) == path else path.name


def _import_one(
    project: Project, path: Path, raw: bytes, request: Request, coder: str | None, *, early: bool
) -> Receipt | None:
    """Read and add one file; None for a table of coded passages while the texts they stand in may be yet to come."""
    name = _name_of(path)
    options = replace(request.options, known=project.surveys(), speakers=tuple(request.roles))
    bundle = readers.read_bytes(raw, name, options)
    if bundle.excerpts and early:
        return None
    called = project.names_for(bundle) if request.cases_by else {}
    bundle = speakers.assign(bundle, _roles_of(bundle, request), request.cases_by, called)
    originals = {} if request.dry_run else {name: raw}
    if isinstance(bundle, SurveyBundle) and bundle.survey:
        return _add_wave(project, bundle, bundle.survey, options.known, request, originals, coder)
    if (twin := _copy_of(project, bundle)) is not None:
        said = Notice(name, "info", f'the very same text as "{twin}", which is here; passed over')
        return _in_vain(request, Receipt(skipped=(said,)))
    bundle = _without_twins(project, asking.prompted(unheard.told(bundle), request.questions))
    if bundle.excerpts:
        bundle = coded_tables.placed(project, bundle, name, coder=coder, mapping=request.codes)
    if taking_over.is_project(bundle):
        done = taking_over.take_over(project, bundle, name, coder=coder, originals=originals, dry_run=request.dry_run)
        return _named_apart(project, bundle, done)
    receipt = project.add(bundle, coder=coder, originals=originals)
    if not receipt.sources and not receipt.cases:
        receipt = replace(receipt, notices=_warnings(receipt.notices))  # what was decided was said the first time
    return _in_vain(request, _named_apart(project, bundle, receipt))


def _add_wave(
    project: Project,
    bundle: Bundle,
    survey: Survey,
    known: tuple[Survey, ...],
    request: Request,
    originals: Mapping[str, bytes],
    coder: str | None,
) -> Receipt:
    """Add the answers of a questionnaire, which may be the next wave of one that is here."""
    before = waves.wave_before(survey, known)
    kept = waves.to_keep(survey, before)
    if request.update and before is not None and not request.dry_run:
        project.safeguard("before-update")
    receipt = project.add(bundle, coder=coder, originals=originals, update=request.update, survey=kept)
    if not receipt.sources and not receipt.cases and before is not None:
        receipt = replace(receipt, notices=_warnings(receipt.notices))
    told = waves.notices(project, bundle, receipt, survey, updated=request.update)
    if before is None:
        told = (*told, *waves.shared(project, bundle, survey, known))
    if not request.dry_run:
        told = (*told, *waves.write_columns(project.folder, kept or survey))
    return replace(receipt, surveys=(survey,), notices=(*receipt.notices, *told))


def _warnings(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple(notice for notice in notices if notice.severity != "info")


def _in_vain(request: Request, receipt: Receipt) -> Receipt:
    """The receipt with a notice where roles or questions were given for what is here already and stays as it is."""
    told = []
    if receipt.skipped and not receipt.sources:
        where = receipt.skipped[0].where
        if request.roles:
            told.append(
                Notice(where, "warning", "roles were left as they are: `qualcode speakers SOURCE role NAME ROLE`")
            )
        if request.cases_by:
            told.append(Notice(where, "warning", "no cases were made: `qualcode cases from-speakers SOURCE`"))
        if request.questions:
            told.append(Notice(where, "warning", "questions were not looked for: `qualcode prompts FILE SOURCE`"))
    return replace(receipt, notices=(*receipt.notices, *told))


def _copy_of(project: Project, bundle: Bundle) -> str | None:
    """The name of the source here that holds the one talk of the bundle letter by letter, as in another format."""
    if len(bundle.sources) != 1 or taking_over.is_project(bundle):
        return None
    (talk,) = bundle.sources
    names = project.source_names()
    if talk.id in names or talk.name not in names.values():
        return None
    return talk.name if project.source(talk.name).text == talk.text else None


def _without_twins(project: Project, bundle: Bundle) -> Bundle:
    """The bundle without new cases whose sources are all here already: a copy under another name is no other person."""
    known = project.source_names()
    again = {case for source in bundle.sources if source.id in known for case in source.cases}
    twins = again - {case for source in bundle.sources if source.id not in known for case in source.cases}
    twins -= {case.name for case in project.cases()}
    return replace(bundle, cases=tuple(case for case in bundle.cases if case.name not in twins))


def _named_apart(project: Project, bundle: Bundle, receipt: Receipt) -> Receipt:
    """The receipt with a notice for each source whose name another one had already."""
    asked = {source.id: source.name for source in bundle.sources}
    back = f"`qualcode undo{f' {receipt.act[:8]}' if project.in_parts and receipt.act else ''}`"
    told = []
    for source in receipt.sources:
        name = asked[source.id]
        if source.name == name:
            continue
        said = f'"{name}" is here already, so this is "{source.name}"'
        said += f"; if it is a corrected one, {back} this and say `qualcode revise {typed(name)} FILE`"
        told.append(Notice(source.file, "warning", said))
    return replace(receipt, notices=(*receipt.notices, *told))


def _roles_of(bundle: Bundle, request: Request) -> Mapping[str, Role | None]:
    """The roles for the speakers of this file; of a single file all of them, so that a mistyped name is an error."""
    if len(request.paths) == 1 and not request.paths[0].is_dir():
        return request.roles
    present = {spoken(speaker) for source in bundle.sources for speaker in source.speakers}
    return {name: role for name, role in request.roles.items() if spoken(name) in present}


def _together(receipts: list[Receipt], skipped: list[Notice]) -> Imported:
    sources: list[tuple[Source, tuple[Notice, ...]]] = []
    loose: list[Notice] = []
    for receipt in receipts:
        if len(receipt.sources) == 1 and not receipt.surveys:
            sources.append((receipt.sources[0], receipt.notices))
        else:
            sources += [(source, ()) for source in receipt.sources]
            loose += receipt.notices
        skipped = [*skipped, *receipt.skipped]
    return Imported(
        tuple(sources),
        sum(receipt.cases for receipt in receipts),
        tuple(skipped),
        tuple(loose),
        tuple(survey for receipt in receipts for survey in receipt.surveys),
        tuple(source for receipt in receipts for source in receipt.changed),
        tuple(receipts),
    )


def parse_roles(said: Iterable[str]) -> dict[str, Role | None]:
    """``NAME=role`` as given on the command line; None for the role "none".

    Raises UsageError for a line without ``=`` or an unknown role.
    """
    roles: dict[str, Role | None] = {}
    for text in said:
        name, equals, role = text.rpartition("=")
        if not equals or not name.strip():
            raise UsageError(f'"{text}" is not NAME=role', 'write for example --speakers "Dr Hill=interviewer"')
        roles[name.strip()] = speakers.role_named(role)
    return roles
