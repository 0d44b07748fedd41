"""Waves of a questionnaire: what a project remembers of it, and what a new wave changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from qualcode import readers
from qualcode.errors import ProjectError, QualcodeError
from qualcode.escaping import file_slug
from qualcode.model import Bundle, Notice, Receipt, Survey, stable_id
from qualcode.readers import column_file
from qualcode.store import Project, files
from qualcode.store.naming import case_key, is_number

FOLDER = "surveys"
NAMELESS = "respondent-"


def wave_before(survey: Survey | None, known: Iterable[Survey]) -> Survey | None:
    """What the project remembers of the survey from its last wave."""
    return next((one for one in known if survey is not None and one.identity == survey.identity), None)


def to_keep(survey: Survey | None, before: Survey | None) -> Survey | None:
    """What to remember from now on: the columns of all waves, decided as in the last; None when nothing changed."""
    if survey is None or before is None:
        return survey
    here = {one.name for one in survey.columns if one.role != "empty"}
    columns = (*survey.columns, *(one for one in before.columns if one.name not in here))
    kept = replace(survey, columns=columns, headers=tuple(dict.fromkeys((*before.headers, *survey.headers))))
    return None if _essence(kept) == _essence(before) else kept


def _essence(survey: Survey) -> tuple[object, ...]:
    columns = {(c.name, c.role, c.attribute, c.option) for c in survey.columns if c.role != "empty"}
    return survey.name, survey.named, survey.headers, columns


def write_columns(folder: Path, survey: Survey) -> Iterator[Notice]:
    """Write ``surveys/NAME.yaml``, the columns as they were decided, unless somebody has edited it.

    The project knows the decisions itself, so this file is for reading, for editing, and for another project.
    """
    path = _file(folder, survey)
    text = column_file.written(survey)
    place = f"{FOLDER}/{path.name}"
    try:
        held = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
        if held is not None and not column_file.untouched(held):
            if not _says(held, survey):
                yield Notice(survey.file, "warning", f"{place} was edited and is left as it is; --columns takes it")
            return
        if held != text:
            files.write_whole(path, text.encode())
            yield Notice(survey.file, "info", f"what its columns are is in {place}; the next wave takes it over")
    except (OSError, ProjectError):
        yield Notice(
            survey.file, "warning", f"{place} could not be written; the project knows its columns all the same"
        )


def follow(project: Project, before: Sequence[Survey]) -> tuple[Notice, ...]:
    """After an undo or redo: the files of columns go with their surveys, come back, and say what holds now.

    `before` are the surveys that were here. A file that was edited stays as it is, which is said.
    """
    after = project.surveys()
    here = {one.identity for one in after}
    told = [notice for one in before if one.identity not in here for notice in _leave(project.folder, one)]
    for one in after:
        if one not in before:
            told += [notice for notice in write_columns(project.folder, one) if notice.severity == "warning"]
    return tuple(told)


def _leave(folder: Path, survey: Survey) -> Iterator[Notice]:
    path = _file(folder, survey)
    place = f"{FOLDER}/{path.name}"
    try:
        held = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
        if held is None or column_file.parse(held.encode(), place).survey != survey.name:
            return
        if column_file.untouched(held):
            path.unlink()
            yield Notice(place, "info", "went with its survey and comes back with it")
        else:
            yield Notice(place, "warning", "was edited, so it stays without its survey")
    except (OSError, QualcodeError):
        yield Notice(place, "warning", "could not be read or taken away, so it stays without its survey")


def _file(folder: Path, survey: Survey) -> Path:
    return folder / FOLDER / f"{file_slug(survey.name, 60) or survey.identity[:12]}.yaml"


def _says(held: str, survey: Survey) -> bool:
    """Whether an edited file says what was decided."""
    try:
        roles = dict(column_file.parse(held.encode(), "").roles)
    except QualcodeError:
        return False
    return all(roles.get(one.name, one.role) == one.role for one in survey.columns)


def notices(project: Project, bundle: Bundle, receipt: Receipt, survey: Survey, *, updated: bool) -> tuple[Notice, ...]:
    """What became of codings in answers taken anew, who says nothing now, and who may be here twice."""
    codings = _codings(project, receipt, survey) if updated else ()
    return (*codings, *_fallen_silent(project, bundle, survey), *_perhaps_twice(project, bundle, receipt, survey))


def _perhaps_twice(project: Project, bundle: Bundle, receipt: Receipt, survey: Survey) -> Iterator[Notice]:
    """Who is known by what they answered is somebody new once an answer is corrected: some went as some came."""
    before = f"{survey.name}/{NAMELESS}"
    here = {source.id for source in bundle.sources}
    gone = [name for key, name in project.source_names().items() if name.startswith(before) and key not in here]
    came = [source.name for source in receipt.sources if source.name.startswith(before)]
    if gone and came:
        said = (
            f"respondents without an id that are new: {len(came)}, and that are not in this file any more: {len(gone)}"
        )
        way = "if somebody's answer was corrected, it is here twice; --case names a column that tells who it is"
        yield Notice(survey.file, "warning", f"{said}; {way}")


def _codings(project: Project, receipt: Receipt, survey: Survey) -> Iterator[Notice]:
    taken = {source.id for source in receipt.changed}
    if not taken:
        return
    found = Counter(coding.anchor for coding in project.codings(sources=taken))
    if found:
        words = {"exact": "unchanged", "edited": "edited", "review": "to review", "orphan": "orphaned"}
        said = ", ".join(f"{found[anchor]} {word}" for anchor, word in words.items() if found[anchor])  # type: ignore[index]
        yield Notice(survey.file, "info", f"codings in the changed answers: {said}")


def _fallen_silent(project: Project, bundle: Bundle, survey: Survey) -> Iterator[Notice]:
    answering = {source.case for source in bundle.sources}
    silent = [case.name for case in bundle.cases if case.name not in answering]
    if not silent:
        return
    held = project.source_names()
    said = [name for name in silent if stable_id("answers", survey.identity, "case", name) in held]
    if said:
        some = ", ".join(said[:3]) + (" …" if len(said) > 3 else "")
        yield Notice(
            survey.file, "warning", f"answered before and not in this file: {some} ({len(said)}); left as it was"
        )


def shared(project: Project, bundle: Bundle, survey: Survey, known: Iterable[Survey]) -> Iterator[Notice]:
    """Whom of a new questionnaire's respondents the project knows already, or seems to know."""
    names = [case.name for case in bundle.cases]
    numbers = [name for name in names if survey.counted and is_number(name)]
    yield from _most_again(project, survey, names, known, apart=bool(numbers))
    here = {case.id for case in project.cases()} if numbers else set()
    also = [name for name in numbers if case_key(name) in here]
    if also:
        some = ", ".join(also[:3]) + (" …" if len(also) > 3 else "")
        yield Notice(survey.file, "info", f"{some}: not the cases of these numbers that are here already; {_TO_JOIN}")


def _most_again(
    project: Project, survey: Survey, names: Sequence[str], known: Iterable[Survey], *, apart: bool
) -> Iterator[Notice]:
    """Which earlier questionnaire has most of the respondents of a new one: perhaps this is its next wave."""
    held = project.source_names()
    counts = [(sum(stable_id("answers", one.identity, "case", name) in held for name in names), one) for one in known]
    again, one = max(counts, key=lambda found: found[0], default=(0, survey))
    if 2 * again <= len(names):
        return
    if apart:
        said = f'{again} of its {len(names)} respondents have numbers that "{one.name}" has too and are other people'
    else:
        said = f'{again} of its {len(names)} respondents answered "{one.name}" too and are one case with these'
    way_out = f'if this is its next wave, `qualcode undo` this and say --survey-name "{one.name}"'
    yield Notice(survey.file, "warning", f"{said}; {way_out}{f'; {_TO_JOIN}' if apart else ''}")


_TO_JOIN = "a bare number says nothing outside its list: `qualcode undo` and --case COL, or `cases link`, join people"


def columns_from(path: Path | None) -> column_file.ColumnFile:
    """What a file says of a survey's columns; nothing without one. Raises InputError."""
    if path is None:
        return column_file.ColumnFile()
    return column_file.parse(readers.contents(path), path.name)
