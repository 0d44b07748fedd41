"""Sets of codes and links between codes: in the log, so they are undone, merged and rebuilt like everything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qualcode.errors import UnknownCode, UsageError
from qualcode.model import CodeLink, CodeSet
from qualcode.store import Project
from qualcode.workflow import codebook_life, relations
from tests.session.study import start

MANAGERIAL, PASTORAL, LISTENING = "role/managerial", "role/pastoral", "role/pastoral/listening"


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return start(tmp_path / "study")


def sets(project: Project) -> dict[str, tuple[str, ...]]:
    return {each.name: each.codes for each in project.code_sets()}


def test_a_set_is_made_changed_and_taken_away(study: Project) -> None:
    assert relations.put(study, " day  to day", ["managerial", "listening"], coder="ann") == CodeSet(
        "day to day", (MANAGERIAL, LISTENING)
    )
    relations.put(study, "Day to Day", ["pastoral"], coder="ben")
    assert sets(study) == {"day to day": (MANAGERIAL, LISTENING, PASTORAL)}
    relations.put(study, "day to day", ["managerial"], coder="ann", out=True)
    assert sets(study) == {"day to day": (LISTENING, PASTORAL)}
    assert relations.put(study, "day to day", [], coder="ann", out=True) == CodeSet("day to day")
    assert sets(study) == {}


def test_a_link_has_a_direction_and_a_kind_and_is_drawn_once(study: Project) -> None:
    drawn = relations.link(study, "pastoral", "leads to", "managerial", coder="ann")
    assert drawn == CodeLink(PASTORAL, "leads to", MANAGERIAL)
    relations.link(study, "managerial", "leads to", "pastoral", coder="ann")
    relations.link(study, "pastoral", "contrasts with", "managerial", coder="ann")
    assert len(study.code_links()) == 3
    with pytest.raises(UsageError, match="already"):
        relations.link(study, "pastoral", "Leads  To", "managerial", coder="ben")
    relations.link(study, "pastoral", "LEADS TO", "managerial", coder="ben", remove=True)
    assert [each.kind for each in study.code_links()] == ["leads to", "contrasts with"]
    assert relations.of_code(study, PASTORAL)[1] == study.code_links()


@pytest.mark.parametrize(
    ("name", "codes", "out", "said"),
    [
        (" ", ["pastoral"], False, "needs a name"),
        ("care", [], False, "no code is named"),
        ("care", ["pastoral"], True, 'no set "care"'),
        ("cares", [], True, 'did you mean "core"'),
        ("core", ["managerial"], False, "in the set"),
        ("core", ["pastoral"], True, "is not in the set"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    study: Project, name: str, codes: list[str], out: bool, said: str
) -> None:
    relations.put(study, "core", ["managerial"], coder="ann")
    before = study.history()
    assert before
    with pytest.raises(UsageError) as refused:
        relations.put(study, name, codes, coder="ann", out=out)
    assert said in str(refused.value)
    assert study.history() == before


def test_links_that_make_no_sense_are_refused(study: Project) -> None:
    for kind, target, said in (("leads to", "pastoral", "itself"), (" ", "managerial", "kind")):
        with pytest.raises(UsageError, match=said):
            relations.link(study, "pastoral", kind, target, coder="ann")
    with pytest.raises(UsageError, match="not there"):
        relations.link(study, "pastoral", "leads to", "managerial", coder="ann", remove=True)
    with pytest.raises(UnknownCode):
        relations.link(study, "pastoral", "leads to", "nowhere", coder="ann")
    assert study.code_links() == ()


def test_undo_redo_and_the_past_know_sets_and_links(study: Project) -> None:
    relations.put(study, "core", ["managerial"], coder="ann")
    study.milestone("then", "ann")
    relations.put(study, "core", ["pastoral"], coder="ann")
    relations.link(study, "pastoral", "leads to", "managerial", coder="ann")
    study.undo("ann")
    assert study.code_links() == ()
    study.undo("ann")
    assert sets(study) == {"core": (MANAGERIAL,)}
    study.redo("ann")
    assert sets(study) == {"core": (MANAGERIAL, PASTORAL)}
    with study.as_of("then") as past:
        assert sets(past) == {"core": (MANAGERIAL,)}
    assert next(change for entry in study.history()[-5:] for change in entry.changes) == ("set changed", 1)
    assert all(check.ok for check in study.examine() if check.severity == "error")


def test_a_set_follows_its_codes_through_rename_merge_and_retirement(study: Project) -> None:
    relations.put(study, "core", ["managerial", "listening"], coder="ann")
    relations.link(study, "listening", "leads to", "managerial", coder="ann")
    codebook_life.rename(study, "managerial", "organising", coder="ann")
    assert sets(study) == {"core": ("role/organising", LISTENING)}
    codebook_life.merge(study, "listening", "pastoral", coder="ann")
    assert sets(study) == {"core": ("role/organising", PASTORAL)}
    assert study.code_links() == (CodeLink(PASTORAL, "leads to", "role/organising"),)
    relations.put(study, "core", ["pastoral"], coder="ann", out=True)
    relations.link(study, "pastoral", "leads to", "organising", coder="ann", remove=True)
    assert sets(study) == {"core": ("role/organising",)}
    assert study.code_links() == ()
    study.undo("ann")
    study.undo("ann")
    codebook_life.retire(study, "organising", coder="ann")
    assert sets(study) == {"core": (PASTORAL,)}
    assert study.code_links() == ()
    study.undo("ann")
    assert sets(study) == {"core": ("role/organising", PASTORAL)}


def test_what_two_people_put_in_apart_is_one_set_on_both_machines(study: Project, tmp_path: Path) -> None:
    relations.put(study, "core", ["managerial"], coder="ann")
    study.close()
    shutil.copytree(study.folder, tmp_path / "bens")
    with Project.open(study.folder) as anns, Project.open(tmp_path / "bens") as bens:
        relations.put(anns, "core", ["pastoral"], coder="ann")
        relations.link(anns, "pastoral", "leads to", "managerial", coder="ann")
        relations.put(bens, "Core", ["listening"], coder="ben")
        relations.put(bens, "core", ["managerial"], coder="ben", out=True)
        relations.link(bens, "pastoral", "Leads to", "managerial", coder="ben")
        anns.merge(bens.folder)
        bens.merge(anns.folder)
        assert set(sets(anns)["core"]) == {PASTORAL, LISTENING}
        assert anns.code_sets() == bens.code_sets()
        assert anns.code_links() == bens.code_links()
        assert len(anns.code_links()) == 1
        assert anns.conflicts() == ()
        assert all(check.ok for each in (anns, bens) for check in each.examine() if check.severity == "error")


def test_a_blind_handout_holds_no_sets_and_links(study: Project, tmp_path: Path) -> None:
    relations.put(study, "core", ["managerial"], coder="ann")
    relations.link(study, "pastoral", "leads to", "managerial", coder="ann")
    assert study.code_sets()
    study.hand_out(tmp_path / "out.db", {study.source_id("first")})
    with Project.start(tmp_path / "theirs") as theirs:
        theirs.receive(tmp_path / "out.db")
        assert [code.path for code in theirs.codes()][:1] == [MANAGERIAL]
        assert (theirs.code_sets(), theirs.code_links()) == ((), ())
