"""A code's birthday: where a coder was done before a code was born, the code was not looked for – it is no zero."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.agreement import Request as Measured
from qualcode.analysis.request import Request as Asked
from qualcode.model import Bundle, Case, Source, Span, Turn
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import agreeing, codebook_life, codebooks, projects, writing_up

WORDS = "We meet on Mondays. I write it all down. Nobody reads it. They ring me at home."
NAMES = ("north", "south", "east")


def source(name: str) -> Source:
    text = f"R: {WORDS}\n"
    turns = (Turn(1, Span(3, len(text) - 1), "R", "respondent"),)
    return Source(f"{NAMES.index(name)}" * 32, name, "interview", text, turns, name, "c" * 64, 0, f"{name}.txt")


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Project]:
    """Two coders have finished three sources with one code; then a second code is made and used in one of them."""
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        project.add(Bundle(sources=tuple(map(source, NAMES)), cases=tuple(map(Case, NAMES))), coder=None)
        codebook_life.add(project, "meetings", definition="Meetings.", coder="ann")
        for coder in ("ann", "ben"):
            session = Session(project, coder)
            for name in NAMES:
                session.add(name, Place(quote="We meet on Mondays."), "meetings")
            session.set_done(NAMES, "open", "done")
        codebook_life.add(project, "records", definition="Records.", coder="ann")
        Session(project, "ann").add("north", Place(quote="I write it all down."), "records")
        yield project


def row(project: Project, path: str, layer: str = "ann") -> dict[str, object]:
    """A code's line in the table of frequencies, counted in sources."""
    report = writing_up.report(project, "frequencies", Asked(count="sources", layer=layer))
    table = report.tables[0]
    (found,) = [cells for cells in table.rows if cells[0] == path]
    return dict(zip(table.columns, found, strict=True))


def figures(project: Project) -> dict[str, tuple[int, str | None]]:
    """Code → units compared for its alpha, and why there is none."""
    found = agreeing.agreement(project, Measured(coders=("ann", "ben"), unit="source"))
    return {m.code: (m.n, m.why_null) for m in found.measures if m.code and m.measure == "alpha_nominal"}


def test_sources_finished_before_a_code_was_born_are_not_in_its_denominator(study: Project) -> None:
    assert (row(study, "open/meetings")["sources"], row(study, "open/meetings")["of"]) == (3, 3)
    assert (row(study, "open/records")["sources"], row(study, "open/records")["of"]) == (1, 1)
    assert row(study, "open/records", "ben")["of"] == 0


def test_a_coder_who_goes_through_the_sources_again_has_looked_for_it(study: Project) -> None:
    assert row(study, "open/records")["of"] == 1
    Session(study, "ann").set_done(["south", "east"], "open", "done")
    assert (row(study, "open/records")["sources"], row(study, "open/records")["of"]) == (1, 3)


def test_agreement_leaves_out_where_a_code_was_not_looked_for_and_says_so(study: Project) -> None:
    before = figures(study)
    assert before["open/meetings"][0] == 3
    assert before["open/records"][0] == 0
    notes = agreeing.agreement(study, Measured(coders=("ann", "ben"), unit="source")).notes
    assert any("open/records was not looked for" in note and "ben in" in note for note in notes)
    for coder in ("ann", "ben"):
        Session(study, coder).set_done(NAMES, "open", "done")
    assert figures(study)["open/records"][0] == 3


def test_a_renamed_or_moved_code_keeps_its_birthday_and_its_figures(study: Project) -> None:
    before, born = row(study, "open/meetings"), {c.id: c.born for c in study.codes()}
    codebook_life.rename(study, "meetings", "gatherings", coder="ann")
    codebook_life.move(study, "gatherings", "records", coder="ann")
    after = row(study, "open/records/gatherings")
    assert {c.id: c.born for c in study.codes()} == born
    for column in ("sources", "of"):
        assert after[column] == before[column] == 3


def test_the_parts_of_a_split_code_are_born_with_the_split(study: Project) -> None:
    codebook_life.split(study, "meetings", ["regular", "chance"], coder="ann")
    assert [row(study, f"open/{part}")["of"] for part in ("regular", "chance")] == [0, 0]
    assert row(study, "open/meetings")["of"] == 3


def test_undoing_and_redoing_a_code_does_not_move_its_birthday(study: Project) -> None:
    codebook_life.add(study, "calls", coder="ann")
    before, born = row(study, "open/calls"), study.codes()[-1].born
    study.undo("ann")
    assert "open/calls" not in [c.path for c in study.codes()]
    study.redo("ann")
    assert (row(study, "open/calls"), study.codes()[-1].born) == (before, born)


def test_a_code_that_an_applied_file_brings_is_born_then(study: Project) -> None:
    path = study.folder / "codebooks" / "open.yaml"
    path.write_text(path.read_text("utf-8") + "  - code: calls\n    definition: Calls.\n", encoding="utf-8")
    assert [c.path for c in codebooks.apply(study, str(path), coder="ann").difference.added] == ["open/calls"]
    assert row(study, "open/calls")["of"] == 0
    assert row(study, "open/meetings")["of"] == 3
