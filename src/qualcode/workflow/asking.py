"""The questions of an interview guide: read, found in interviews, and given to the answers as their prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qualcode import prompts, readers
from qualcode.decoding import decode
from qualcode.errors import UsageError
from qualcode.model import Bundle, Source
from qualcode.prompts import Found
from qualcode.store import Project


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a source's questions were found, and how many of its turns answer one."""

    source: Source
    found: tuple[Found, ...]
    answers: int


def questions_in(path: Path) -> tuple[str, ...]:
    """The questions of a text or YAML file. Raises InputError."""
    return prompts.parse(decode(readers.contents(path), path.name).text, path.name)


def prompted(bundle: Bundle, questions: Sequence[str]) -> Bundle:
    """The bundle whose talks have the questions of their answers, with a notice of what was found for each."""
    if not questions:
        return bundle
    sources, notices = [], list(bundle.notices)
    for source in bundle.sources:
        if not _is_talk(source):
            sources.append(source)
            continue
        found = prompts.find(source, questions)
        notices.append(prompts.notice(source, found))
        sources.append(prompts.given(source, found))
    return replace(bundle, sources=tuple(sources), notices=tuple(notices))


def ask(
    project: Project, questions: Sequence[str], words: Sequence[str], *, coder: str | None, dry_run: bool = False
) -> tuple[Asked, ...]:
    """Find the questions in sources that are here already (all talks without `words`), in place of those they had.

    Raises UnknownSource, and UsageError for a source without speakers.
    """
    sources = [project.source(word) for word in words] or [each for each in project.sources() if _is_talk(each)]
    if not sources or not all(map(_is_talk, sources)):
        raise UsageError("only sources with speakers have questions", "name interviews: see `qualcode sources`")
    done = [(source, prompts.find(source, questions)) for source in sources]
    if not dry_run:
        with project.act("prompts", coder) as act:
            for source, found in done:
                act.set_prompts(source, prompts.asked(source, found))
    return tuple(Asked(source, found, _answers(source, found)) for source, found in done)


def _is_talk(source: Source) -> bool:
    return source.kind != "answers" and bool(source.speakers)


def _answers(source: Source, found: Sequence[Found]) -> int:
    return sum(prompt is not None for prompt in prompts.asked(source, found).values())
