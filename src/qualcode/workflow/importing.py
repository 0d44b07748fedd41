"""Import: each file → a reader → speakers → the project, one transaction a file; one bad file stops no other."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from qualcode import readers, speakers
from qualcode.errors import InputError, QualcodeError, UsageError
from qualcode.model import Bundle, Notice, Receipt, Role, Source, Survey, SurveyBundle
from qualcode.readers import ReadOptions, unheard
from qualcode.store import Project
from qualcode.workflow import asking, waves


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and how: files and folders, what readers are told, roles of speakers by label.

    `questions` are those of the interview guide, looked for in what interviewers say.
    `update` takes the answers and attributes of a survey that differ from the stored ones.
    """

    paths: tuple[Path, ...]
    options: ReadOptions = field(default_factory=ReadOptions)
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    dry_run: bool = False
    questions: tuple[str, ...] = ()
    update: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in: sources with the notices of each, new cases, and what was passed over and why.

    `changed` are answers that differ from the stored ones, `surveys` the questionnaires read.
    """

    sources: tuple[tuple[Source, tuple[Notice, ...]], ...]
    cases: int
    skipped: tuple[Notice, ...]
    notices: tuple[Notice, ...] = ()
    surveys: tuple[Survey, ...] = ()
    changed: tuple[Source, ...] = ()


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
    for path in found:
        progress(path.name)
        try:
            raw = readers.contents(path)
            digest = hashlib.sha256(raw).digest()
            if digest in first:
                skipped.append(Notice(path.name, "info", f'the same content as "{first[digest]}", passed over'))
                continue
            receipts.append(_import_one(project, path, raw, request, coder))
            first[digest] = path.name
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


def files_in(paths: Iterable[Path]) -> int:
    """How many files an import would read."""
    return len(_walk(paths)[0])


def _walk(paths: Iterable[Path]) -> tuple[list[Path], list[Notice]]:
    """Files as named, folders recursively in name order; hidden files and unknown kinds in folders are passed over."""
    found: list[Path] = []
    skipped: list[Notice] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in path.rglob("*") if p.is_file())
        for file in inside:
            if any(part.startswith((".", "~$")) for part in file.relative_to(path).parts):
                continue
            if readers.supported(file):
                found.append(file)
            else:
                skipped.append(Notice(file.name, "info", "not a kind of file that is read"))
    return list(dict.fromkeys(found)), skipped


def _import_one(project: Project, path: Path, raw: bytes, request: Request, coder: str | None) -> Receipt:
    options = replace(request.options, known=project.surveys(), speakers=tuple(request.roles))
    bundle = readers.read_bytes(raw, path.name, options)
    bundle = speakers.assign(bundle, _roles_of(bundle, request))
    survey = bundle.survey if isinstance(bundle, SurveyBundle) else None
    if survey is None:
        bundle = _without_twins(project, asking.prompted(unheard.told(bundle), request.questions))
    before = waves.wave_before(survey, options.known)
    receipt = project.add(
        bundle,
        coder=coder,
        originals={} if request.dry_run else {path.name: raw},
        update=request.update,
        survey=waves.to_keep(survey, before),
    )
    if not receipt.sources and not receipt.cases and (survey is None or before is not None):
        receipt = replace(receipt, notices=_warnings(receipt.notices))  # what was decided was said the first time
    if survey is None:
        return _in_vain(request, _named_apart(bundle, receipt))
    told = waves.notices(project, bundle, receipt, survey, updated=request.update)
    if not request.dry_run:
        told = (*told, *waves.write_columns(project.folder, waves.to_keep(survey, before) or survey))
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
        if request.questions:
            told.append(Notice(where, "warning", "questions were not looked for: `qualcode prompts FILE SOURCE`"))
    return replace(receipt, notices=(*receipt.notices, *told))


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
        advice = f"if it is a corrected one, `qualcode undo` this and say `qualcode revise {name} FILE`"
        told.append(Notice(source.file, "warning", f'"{name}" is here already, so this is "{source.name}"; {advice}'))
    return replace(receipt, notices=(*receipt.notices, *told))


def _roles_of(bundle: Bundle, request: Request) -> Mapping[str, Role | None]:
    """The roles for the speakers of this file; of a single file all of them, so that a mistyped name is an error."""
    if len(request.paths) == 1 and not request.paths[0].is_dir():
        return request.roles
    present = {speaker for source in bundle.sources for speaker in source.speakers}
    return {name: role for name, role in request.roles.items() if name in present}


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
