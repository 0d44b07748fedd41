"""A corrected transcript: spans follow, nothing is deleted, undo restores, and later merges follow too."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace

from qualcode.anchors import align
from qualcode.model import MemoTarget, Segment, Source, Span, Turn
from qualcode.store import Project, projection, schema
from tests.store.conftest import TEXT

ADDED = "Recorded by telephone.\n"


def code(project: Project, quote: str, coder: str = "ann") -> str:
    source = project.source("vale")
    at = source.text.index(quote)
    with project.act("coding add", coder) as act:
        return act.add_coding(Segment(source, Span(at, at + len(quote))), project.codes()[0])


def revise(project: Project, text: str) -> None:
    old = project.source("vale")
    start = text.index("Ms Vale: ") + 9
    turns = (Turn(1, Span(start, len(text)), "Ms Vale", "respondent"),)
    with project.act("revise", "ann") as act:
        act.revise(old, replace(old, text=text, turns=turns, sha256="c" * 64), align(old.text, text))


def quotes(project: Project) -> dict[str, str]:
    return {c.segment.quote: c.anchor for c in project.codings()}


def test_spans_follow_a_corrected_text(project: Project) -> None:
    code(project, "I plan the timetable")
    code(project, "I plan it again.")
    revise(project, ADDED + TEXT.replace("plan it", "plann it"))
    assert quotes(project) == {"I plan the timetable": "exact", "I plann it again.": "edited"}
    source = project.source("vale")
    assert (source.revision, source.sha256, len(source.turns)) == (1, "c" * 64, 1)
    assert source.text.startswith(ADDED)


def test_what_was_deleted_is_an_orphan_that_keeps_its_words(project: Project) -> None:
    code(project, "I plan it again.")
    revise(project, "Ms Vale: Wholly different words about something else, and nothing more.")
    (coding,) = project.codings()
    assert (coding.anchor, coding.segment.quote) == ("orphan", "I plan it again.")


def test_undo_restores_text_and_spans(project: Project) -> None:
    code(project, "I plan it again.")
    before = project.codings()
    revise(project, ADDED + TEXT)
    assert project.codings() != before
    project.undo("ann")
    assert project.codings() == before
    assert project.source("vale").text == TEXT
    project.redo("ann")
    assert project.source("vale").text == ADDED + TEXT


def test_a_coding_made_after_a_revision_goes_back_with_it(project: Project) -> None:
    revise(project, ADDED + TEXT)
    code(project, "I plan it again.", "ben")
    act = next(entry for entry in project.history() if entry.command == "revise")
    project.undo("ann", act.id)
    (coding,) = project.codings()
    assert coding.segment.quote == "I plan it again."
    assert coding.source.text == TEXT


def test_a_coding_merged_later_follows_the_revision(project: Project) -> None:
    folder = project.folder.with_name("laptop")
    shutil.copytree(project.folder, folder)
    with Project.open(folder) as laptop:
        code(laptop, "I plan the timetable", "ben")
        revise(project, ADDED + TEXT.replace("timetable", "time table"))
        project.merge(folder)
        laptop.merge(project.folder)
        assert quotes(project) == quotes(laptop) == {"I plan the time table": "edited"}


def test_two_revisions_of_one_text_end_alike_everywhere(project: Project) -> None:
    code(project, "I plan it again.")
    folder = project.folder.with_name("laptop")
    shutil.copytree(project.folder, folder)
    with Project.open(folder) as laptop:
        revise(project, ADDED + TEXT)
        revise(laptop, TEXT.replace("again", "once more"))
        project.merge(folder)
        laptop.merge(project.folder)
        assert project.source("vale") == laptop.source("vale")
        assert project.codings() == laptop.codings()
        assert len(project.codings()) == 1


def test_a_resized_coding_counts_as_looked_at(project: Project) -> None:
    key = code(project, "I plan it again.")
    revise(project, TEXT.replace("plan it again", "planned it agayn"))
    assert list(quotes(project).values()) == ["edited"]
    source = project.source("vale")
    with project.act("coding resize", "ann") as act:
        act.move_coding(project.coding(key), Segment(source, Span(source.text.index("planned"), len(source.text))))
    assert quotes(project) == {"planned it agayn.": "exact"}


def test_memos_on_segments_follow_too(project: Project) -> None:
    with project.act("memo add", "ann") as act:
        act.put_memo(MemoTarget("segment", project.source("vale").id, span=Span(41, 61)), "m")
    revise(project, ADDED + TEXT)
    (memo,) = project.memos()
    assert memo.about.span == Span(41 + len(ADDED), 61 + len(ADDED))


def test_a_rebuild_after_revisions_is_the_projection(project: Project) -> None:
    code(project, "I plan it again.")
    revise(project, ADDED + TEXT)
    code(project, "I plan the timetable", "ben")
    revise(project, ADDED + ADDED + TEXT.replace("plan", "make"))
    conn = sqlite3.connect(project.path, isolation_level=None)

    def dump() -> list[object]:
        return [sorted(conn.execute(f'SELECT * FROM "{t}"').fetchall(), key=repr) for t in schema.PROJECTED]

    before = dump()
    projection.rebuild(conn)
    assert dump() == before
    conn.close()


def test_every_text_version_is_kept(project: Project) -> None:
    revise(project, ADDED + TEXT)
    with project.as_of(project.history()[1].at) as past:
        old: Source = past.source("vale")
    assert old.text == TEXT
