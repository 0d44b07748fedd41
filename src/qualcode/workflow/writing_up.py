"""Write-up: a bundle → an analysis → a renderer or writer → a file in ``exports/``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qualcode import codebook as codebooks
from qualcode.analysis import ANALYSES, coverage, transcript
from qualcode.analysis.request import Request
from qualcode.errors import UsageError
from qualcode.model import Bundle, Coding, Memo, Segment, Source
from qualcode.renderers import RENDERERS
from qualcode.renderers.drawing import draw
from qualcode.report import Figure, Note, Report
from qualcode.store import Project, files
from qualcode.workflow import retrieving
from qualcode.workflow.retrieving import Choice
from qualcode.writers import WRITERS

ALL = Choice()
SUFFIXES = {"markdown": "md", "latex": "tex"}
RENDERER_OF = {"md": "markdown", "tex": "latex", "htm": "html"}


def report(project: Project, name: str, request: Request, choice: Choice = ALL) -> Report:
    """The report called `name` over the project, or over what is chosen of it. Raises UsageError and UnknownCode."""
    found, keep = retrieving.scope(project, choice)
    bundle, notes = retrieving.in_place(found)
    full = replace(request, codes=retrieving.full_paths(project, choice.codes), keep=keep)
    computed: Report = ANALYSES.load(name)(bundle, full)
    return replace(computed, blocks=(*computed.blocks, *map(Note, notes)))


def shown(project: Project, word: str, *, coders: Sequence[str] = ()) -> tuple[Bundle, Report]:
    """One source with its codings, as data and as a page with the codings in the margin."""
    source = project.source(word)
    bundle = project.retrieve(sources={source.id}, coders=coders)
    placed, notes = retrieving.in_place(bundle)
    page = transcript.transcript(placed, placed.sources[0])
    return bundle, replace(page, blocks=(*page.blocks, *map(Note, notes)))


def rendered(report: Report, format: str) -> bytes:
    """The report in a page format. Raises UsageError for an unknown one."""
    render = RENDERERS.load(RENDERER_OF.get(format, format))
    page: bytes = render(report)
    return page


def drawn(figure: Figure, format: str) -> bytes:
    """A figure as png or svg. Raises UsageError for another format."""
    return draw(figure, format)


def codings(project: Project, format: str, choice: Choice = ALL) -> tuple[bytes, list[str]]:
    """The codings for another program, csv or jsonl, and what must be known of them: who withdrew is left out."""
    bundle, notes = _by_consent(retrieving.retrieve(project, choice))
    written: bytes = WRITERS.load(format)(bundle)
    return written, notes


def _by_consent(bundle: Bundle) -> tuple[Bundle, list[str]]:
    """The bundle without the cases that withdrew, their texts and codings; and what consent says of the rest."""
    allowed = coverage.scope(bundle)
    whole = {source.id: source for source in bundle.sources}
    texts = {key: coverage.masked(whole[key], part) for key, part in allowed.sources.items() if key in allowed.partly}
    kept = replace(
        bundle,
        sources=tuple(texts.get(source.id, source) for source in bundle.sources if source.id in allowed.sources),
        cases=tuple(case for case in bundle.cases if not case.withdrawn),
        codings=tuple(_in(texts, coding) for coding in bundle.codings if allowed.holds(coding)),
        suggestions=tuple(each for each in bundle.suggestions if allowed.allows(each.segment)),
        statuses=tuple(status for status in bundle.statuses if status.source in allowed.sources),
        memos=tuple(memo for memo in bundle.memos if _may_go(memo, bundle, allowed)),
    )
    private = sum(case.consent == "analyse" for case in kept.cases)
    said = f"{coverage.number(private, 'case')} agreed to be analysed, not to be quoted: not for publication."
    return kept, [*coverage.withdrawn_note(allowed), *([said] if private else [])]


def _in(texts: Mapping[str, Source], coding: Coding) -> Coding:
    """The coding in the text that goes out."""
    text = texts.get(coding.source.id)
    return replace(coding, segment=Segment(text, coding.span)) if text is not None else coding


def _may_go(memo: Memo, bundle: Bundle, allowed: coverage.Scope) -> bool:
    """Whether a memo is about nobody who withdrew."""
    about = memo.about
    if about.kind in ("source", "segment"):
        source = next((source for source in bundle.sources if source.id == about.name), None)
        if source is None or about.span is None:
            return about.name in allowed.sources
        return allowed.allows(Segment(source, about.span))
    if about.kind == "coding":
        return all(allowed.holds(coding) for coding in bundle.codings if coding.id == about.name)
    return about.kind not in ("case", "case x code") or about.name not in allowed.withdrawn


def codebook_text(project: Project, name: str) -> bytes:
    """The YAML of one codebook as the project has it."""
    found = [book for book in project.codebooks() if book.name == name]
    if not found:
        known = ", ".join(book.name for book in project.codebooks())
        raise UsageError(f'no codebook "{name}" in this project', f"there are: {known}")
    return codebooks.dump(found[0]).encode()


def transcripts(project: Project, sources: Sequence[str] = ()) -> Report:
    """Transcripts with their codings in the margin, one after the other; who withdrew is left out."""
    from qualcode.report import Heading

    ids = {project.source_id(word) for word in sources} or None
    bundle, notes = retrieving.in_place(project.retrieve(sources=ids))
    bundle, private = _by_consent(bundle)
    blocks: list[object] = []
    for source in bundle.sources:
        page = transcript.transcript(bundle, source)
        blocks += [Heading(source.name), *page.blocks]
    return Report("Transcripts", (*blocks, *map(Note, (*notes, *private))))  # type: ignore[arg-type]


def save(project: Project | None, what: str, format: str, data: bytes, out: Path | None) -> Path:
    """Write an export whole, to `out` or to ``exports/WHAT.SUFFIX`` (here without a project). Raises ProjectError."""
    home = project.folder / "exports" if project is not None else Path()
    target = out if out is not None else home / f"{what}.{SUFFIXES.get(format, format)}"
    files.write_whole(target if out is None else _followed(out), data)
    return target


def _followed(named: Path) -> Path:
    """Where a link leads that a person names; /dev/stdout leads to a pipe, which has no other name."""
    try:
        return named.resolve(strict=True)
    except OSError:
        return named
