"""Merging by the command line: round trips, conflicts, hand-outs, forgeries; nothing lost, nothing fused (O29-O32)."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qualcode.anchors import align
from qualcode.model import Bundle, Case, Code, Codebook, MemoTarget, Segment, Span
from qualcode.store import Project, log
from qualcode.workflow import projects
from tests.faults import arrivals, deaths, deeds, forgery, histories
from tests.faults.command import ask, picture, quiet, refuses, tables, works

SHARED = (
    *histories.LOG,
    "source",
    "turn",
    "case",
    "codebook",
    "code",
    "coding",
    "memo",
    "status",
    "decision",
    "undone",
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("merges") / "template"
    projects.start(folder)
    with Project.open(folder) as project:
        histories.fill(project)
    return folder


@pytest.fixture
def mine(template: Path, tmp_path: Path) -> Path:
    """My copy."""
    return deaths.fresh(template, tmp_path / "mine")


@pytest.fixture
def theirs(template: Path, tmp_path: Path) -> Path:
    """The copy of somebody else."""
    return deaths.fresh(template, tmp_path / "theirs")


def add(folder: Path, coder: str, quote: str = "I plan it again", code: str = "managerial") -> str:
    """Code a passage."""
    said = ask(
        "--project",
        folder,
        "coding",
        "add",
        "--source",
        "vale",
        "--quote",
        quote,
        "--code",
        code,
        "--json",
        coder=coder,
    )
    return str(works(said).json["id"])


def merge(into: Path, other: Path, *options: str) -> dict[str, Any]:
    """Merge and say what came."""
    return dict(works(quiet(ask("--project", into, "merge", other, "--json", *options))).json)


def shared(folder: Path) -> dict[str, Any]:
    """What two projects that know the same have in common."""
    return {name: rows for name, rows in tables(folder).items() if name in SHARED}


def ids(folder: Path) -> set[str]:
    """The codings that show."""
    return {coding["id"] for coding in works(ask("--project", folder, "coding", "list", "--json")).json}


# -- O29: round trips -----------------------------------------------------------------------------------------


def test_there_and_back_again_brings_nothing_new(mine: Path, theirs: Path) -> None:
    """O29: A into B, B into A, and a merge with oneself."""
    key = add(mine, "ann")
    assert merge(theirs, mine)["codings"] == 1
    before = shared(mine)
    assert merge(mine, theirs)["new_acts"] == 0
    assert merge(mine, mine)["new_acts"] == 0
    assert shared(mine) == before == shared(theirs)
    assert ids(theirs) == {key}


def test_either_direction_ends_in_the_same_state(mine: Path, theirs: Path, tmp_path: Path) -> None:
    """O29: A into B against B into A."""
    add(mine, "ann")
    add(theirs, "ben")
    ask("--project", theirs, "memo", "add", "A thought.", coder="ben")
    other = tmp_path / "other-way"
    shutil.copytree(mine, other)
    merge(mine, theirs)
    merge(theirs, other)
    assert shared(mine) == shared(theirs)
    assert len(ids(mine)) == 2


def test_agreement_is_the_same_whoever_merged_whom_first(mine: Path, theirs: Path, tmp_path: Path) -> None:
    """O30: three copies, met in three orders, have one set of figures."""
    third = deaths.fresh(mine, tmp_path / "third")
    work = ((mine, "ann", "I plan it again"), (theirs, "ben", "I plan it again"), (third, "cleo", "it again"))
    for folder, coder, quote in work:
        add(folder, coder, quote)
        works(ask("--project", folder, "sources", "done", "vale", coder=coder))
    met = [deaths.fresh(folder, tmp_path / f"met-{n}") for n, folder in enumerate((mine, theirs, third))]
    for folder, others in zip(met, ((theirs, third), (third, mine), (theirs, mine)), strict=True):
        for other in others:
            merge(folder, other)
    figures = [works(ask("--project", folder, "agreement", "--json")).json for folder in met]
    assert figures[0]["coders"] == ["ann", "ben", "cleo"]
    assert any(row["value"] is not None for row in figures[0]["measures"])
    assert figures[0] == figures[1] == figures[2]


def test_a_dry_run_foretells_the_merge_and_changes_nothing(mine: Path, theirs: Path) -> None:
    """O29: not even a backup."""
    add(theirs, "ben")
    before = picture(mine)
    foretold = merge(mine, theirs, "--dry-run")
    assert picture(mine) == before
    assert {**foretold, "dry_run": False} == merge(mine, theirs)


def test_the_other_project_is_only_read(mine: Path, theirs: Path) -> None:
    """O29: a team-mate's folder may be a backup, or a mounted stick."""
    add(theirs, "ben")
    before = picture(theirs), (theirs / "qualcode.db").read_bytes()
    merge(mine, theirs)
    assert (picture(theirs), (theirs / "qualcode.db").read_bytes()) == before


# -- O30: deletion --------------------------------------------------------------------------------------------


def test_a_deletion_against_no_change_stays_a_deletion(mine: Path, theirs: Path) -> None:
    """O30: in either order, however often."""
    key = add(mine, "ann")
    merge(theirs, mine)
    works(ask("--project", mine, "coding", "remove", key))
    for _ in range(2):
        merge(mine, theirs)
        merge(theirs, mine)
    assert ids(mine) == ids(theirs) == set()


def test_a_deletion_against_a_change_is_the_deletion(mine: Path, theirs: Path) -> None:
    """O30: the same person recodes on one machine what they removed on the other."""
    key = add(mine, "ann")
    merge(theirs, mine)
    works(ask("--project", mine, "coding", "remove", key))
    works(ask("--project", theirs, "coding", "recode", key, "--code", "evaluative"))
    merge(mine, theirs)
    merge(theirs, mine)
    assert shared(mine) == shared(theirs)
    assert ids(mine) == ids(theirs) == set()


@pytest.mark.parametrize("later", [True, False])
def test_one_coding_made_on_two_machines_shows_once_and_keeps_its_memo(mine: Path, theirs: Path, later: bool) -> None:
    """O30: the same person, the same passage, the same code; only one of them says why, before or after the other."""
    works(ask("--project", mine if later else theirs, "milestone", "so far"))
    one = add(mine, "ann")
    other = works(
        ask(
            *("--project", theirs, "coding", "add", "--source", "vale", "--quote", "I plan it again"),
            *("--code", "managerial", "--memo", "because", "--json"),
        )
    ).json["id"]
    assert one == other
    merge(mine, theirs)
    merge(theirs, mine)
    for folder in (mine, theirs):
        (coding,) = works(ask("--project", folder, "coding", "list", "--json")).json
        assert coding["memo"] == "because"


# -- O31: both change one thing -------------------------------------------------------------------------------


def conflicts(folder: Path) -> list[dict[str, Any]]:
    """What is to be settled."""
    return list(works(quiet(ask("--project", folder, "merge", "--conflicts", "--json"))).json)


def settle(folder: Path, kind: str, side: int = 1) -> None:
    """Settle the only conflict, and find it settled."""
    (found,) = conflicts(folder)
    assert found["kind"] == kind
    works(ask("--project", folder, "resolve", found["id"], "--side", str(side)))
    assert conflicts(folder) == []


def test_two_texts_of_one_memo_stand_side_by_side_until_one_is_chosen(mine: Path, theirs: Path) -> None:
    """O31: both edit one memo."""
    with Project.open(mine) as project, project.act("memo add", "ann") as act:
        key = act.put_memo(MemoTarget("project"), "first")
    merge(theirs, mine)
    for folder, text in ((mine, "mine"), (theirs, "theirs")):
        with Project.open(folder) as project, project.act("memo add", "ann") as act:
            act.put_memo(MemoTarget("project"), text, key)
    merge(mine, theirs)
    merge(theirs, mine)
    assert shared(mine) == shared(theirs)
    (found,) = conflicts(mine)
    assert {side["text"] for side in found["sides"]} == {"mine", "theirs"}
    settle(mine, "memo")
    merge(theirs, mine)
    assert conflicts(theirs) == []
    assert shared(mine) == shared(theirs)


def test_one_code_renamed_two_ways_is_one_code_with_a_conflict(mine: Path, theirs: Path) -> None:
    """O31: its codings stay with it, whatever it is called."""
    add(mine, "ann")
    merge(theirs, mine)
    for folder, name in ((mine, "role/running"), (theirs, "role/steering")):
        with Project.open(folder) as project, project.act("codebook rename", "ann") as act:
            codes = tuple(Code(name if path == "role/managerial" else path) for path in histories.CODES)
            act.put_codebook(Codebook("role", "2", codes), {"role/managerial": name})
    merge(mine, theirs)
    merge(theirs, mine)
    (coding,) = works(ask("--project", mine, "coding", "list", "--json")).json
    assert coding["code"] in ("role/running", "role/steering")
    settle(mine, "code", 2)


def test_two_codes_of_one_name_are_never_fused(mine: Path, theirs: Path) -> None:
    """O31: made apart while reading; joined by a person or not at all."""
    for folder, coder in ((mine, "ann"), (theirs, "ben")):
        works(ask("--project", folder, "codebook", "add", "waiting", coder=coder))
        add(folder, coder, code="open/waiting")
    merge(mine, theirs)
    (found,) = conflicts(mine)
    assert found["kind"] == "code path"
    assert len(ids(mine)) == 2
    refuses(ask("--project", mine, "resolve", found["id"], "--side", "1"), 2)


def test_two_corrections_of_one_text_wait_for_a_person(mine: Path, theirs: Path, tmp_path: Path) -> None:
    """O31: the codings follow whichever text counts."""
    key = add(mine, "ann")
    merge(theirs, mine)
    for folder, words in ((mine, "the time table"), (theirs, "the schedule")):
        (tmp_path / "new.txt").write_text(histories.TALKS["vale"].replace("the timetable", words))
        works(ask("--project", folder, "revise", "vale", tmp_path / "new.txt", "--format", "txt"))
    merge(mine, theirs)
    merge(theirs, mine)
    assert shared(mine) == shared(theirs)
    settle(mine, "revision", 2)
    merge(theirs, mine)
    for folder in (mine, theirs):
        (coding,) = works(ask("--project", folder, "coding", "list", "--json")).json
        assert (coding["id"], coding["quote"]) == (key, "I plan it again")
        deaths.sound(folder).close()


# -- one file taken in by two people --------------------------------------------------------------------------


@pytest.fixture
def apart(tmp_path: Path) -> tuple[Path, Path]:
    """Two projects that were started apart, and hold the same interview and codebook, each taken in there."""
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        projects.start(folder)
        with Project.open(folder) as project:
            histories.fill(project)
    return folders


def test_codings_of_a_file_that_both_imported_stand_in_one_source(apart: tuple[Path, Path]) -> None:
    """O32: with their turns and speakers, on either machine."""
    mine, theirs = apart
    add(mine, "ann")
    add(theirs, "ben")
    merge(mine, theirs)
    merge(theirs, mine)
    for folder in apart:
        listed = works(ask("--project", folder, "coding", "list", "--json")).json
        assert {(coding["coder"], coding["turn"], coding["speaker"]) for coding in listed} == {
            ("ann", 2, "Vale"),
            ("ben", 2, "Vale"),
        }
        assert len(works(ask("--project", folder, "sources", "--json")).json) == 1
        assert conflicts(folder) == []
    assert shared(mine) == shared(theirs)


@pytest.mark.parametrize("reviser", [0, 1])
def test_a_correction_of_a_file_that_both_imported_counts_for_both(apart: tuple[Path, Path], reviser: int) -> None:
    """O32: the text is one, though each has it under a salt of its own; the other's codings follow."""
    one, other = apart[reviser], apart[1 - reviser]
    add(other, "ben")
    new = histories.TALKS["vale"].replace("What do", "Recorded in May. What do")
    with Project.open(one) as project:
        old = project.source("vale")
        project.revise(old, deeds._read(new, old), align(old.text, new), coder="ann")
    merge(one, other)
    merge(other, one)
    for folder in apart:
        with deaths.sound(folder) as project:
            (coding,) = project.codings()
            assert (coding.source.text, coding.anchor, coding.segment.quote) == (new, "exact", "I plan it again")
            assert coding.segment.turn is not None
            assert project.conflicts() == ()
    assert shared(one) == shared(other)


def test_the_same_correction_made_by_both_is_no_conflict(apart: tuple[Path, Path]) -> None:
    """O32: and a later one on top of either counts."""
    new = histories.TALKS["vale"].replace("timetable", "time table")
    for folder in apart:
        with Project.open(folder) as project:
            old = project.source("vale")
            project.revise(old, deeds._read(new, old), align(old.text, new), coder="ann")
    last = new.replace("weekly", "every week")
    with Project.open(apart[1]) as project:
        old = project.source("vale")
        project.revise(old, deeds._read(last, old), align(old.text, last), coder="ben")
    merge(*apart)
    merge(apart[1], apart[0])
    for folder in apart:
        with deaths.sound(folder) as project:
            assert project.source("vale").text == last
            assert project.conflicts() == ()


def test_the_public_view_shows_what_the_list_shows(mine: Path) -> None:
    """O32: a code merged into one that is merged into a third, and a passage that carries two of them."""
    with Project.open(mine) as project:
        by_path = {code.path: code for code in project.codes()}
        source = project.source("vale")
        chain = [by_path[path] for path in ("role/managerial", "role/pastoral", "role/evaluative")]
        with project.act("coding batch", "ann") as act:
            for code in chain:
                act.add_coding(Segment(source, Span(3, 20)), code)
        for one, into in ((chain[0], chain[1]), (chain[1], chain[2])):
            with project.act("codebook merge", "ann") as act:
                act.merge_code(one, into)
        listed = [(coding.code, coding.segment.quote) for coding in project.codings()]
        shown = project._conn.execute("SELECT code, quote FROM coded_segment").fetchall()
    assert len(listed) == 1
    assert shown == listed


# -- hand-outs ------------------------------------------------------------------------------------------------


def handed_out(study: Path, tmp_path: Path, *options: str) -> Path:
    """A project made from a hand-out for ben."""
    package, folder = tmp_path / "ben.qualcode", tmp_path / "bens"
    works(ask("--project", study, "handout", "--to", "ben", "--out", package, *options))
    works(ask("init", folder, "--handout", package, coder="ben"))
    return folder


def enlarged(study: Path) -> None:
    """A second source that belongs to a case that is known and learns something: one act with both."""
    talk = histories.talk("hill", histories.TALKS["hill"])
    with Project.open(study) as project:
        project.add(
            Bundle(sources=(talk,), cases=(Case("hill", {"phase": "a"}), Case("vale", {"phase": "b"}))), coder="ann"
        )


def test_a_hand_out_holds_every_source_that_was_asked_for_and_nobody_s_work(mine: Path, tmp_path: Path) -> None:
    """O32: also one whose import told something about a case."""
    enlarged(mine)
    add(mine, "ann")
    works(ask("--project", mine, "memo", "add", "A secret thought."))
    bens = handed_out(mine, tmp_path)
    assert {source["name"] for source in works(ask("--project", bens, "sources", "--json")).json} == {"vale", "hill"}
    assert ids(bens) == set()
    raw = (bens / "qualcode.db").read_bytes() + (tmp_path / "ben.qualcode").read_bytes()
    assert b"secret" not in raw
    assert b"phase" not in raw
    deaths.sound(bens).close()


def test_work_on_a_hand_out_comes_back_and_the_rest_may_follow_later(mine: Path, tmp_path: Path) -> None:
    """O32: there, back, and the whole project on top, with the sources that were left out."""
    enlarged(mine)
    own = add(mine, "ann")
    bens = handed_out(mine, tmp_path, "--source", "vale")
    key = add(bens, "ben", "We talk about it weekly", "pastoral")
    assert merge(mine, bens)["codings"] == 1
    assert ids(mine) == {own, key}
    merge(bens, mine)
    assert {source["name"] for source in works(ask("--project", bens, "sources", "--json")).json} == {"vale", "hill"}
    assert shared(bens) == shared(mine)
    for folder in (mine, bens):
        deaths.sound(folder).close()


def test_a_hand_out_holds_nothing_of_a_foreign_project_whose_import_was_undone(mine: Path, tmp_path: Path) -> None:
    """O32: its undoing takes back codings too, so it cannot go along; its codebook must not either."""
    wanted = shared(mine)
    with Project.open(mine) as project:
        n = 0
        while "theirs" not in [book.name for book in project.codebooks()]:
            arrivals.take_over(project, "ann", random.Random(n := n + 1))
        for _ in range(n):
            project.undo("ann")
    bens = handed_out(mine, tmp_path, "--source", "vale")
    found = shared(bens)
    assert [found[table] for table in ("codebook", "code")] == [wanted[table] for table in ("codebook", "code")]
    assert b"theirs/time" not in (bens / "qualcode.db").read_bytes()
    key = add(bens, "ben", "We talk about it weekly", "pastoral")
    merge(mine, bens)
    merge(bens, mine)
    assert key in ids(mine)
    assert shared(bens) == shared(mine)
    for folder in (mine, bens):
        deaths.sound(folder).close()


def test_a_hand_out_does_not_merge_into_a_stranger_in_pieces(mine: Path, tmp_path: Path) -> None:
    """O32: a log that is a part is no project of its own."""
    enlarged(mine)
    bens = handed_out(mine, tmp_path, "--source", "vale")
    stranger = tmp_path / "stranger"
    projects.start(stranger)
    before = shared(stranger)
    refuses(ask("--project", stranger, "merge", bens), 5)
    assert shared(stranger) == before


# -- forged projects ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which everything has happened once."""
    folder = deaths.fresh(template, tmp_path_factory.mktemp("busy") / "study")
    with Project.open(folder) as project:
        dice = random.Random(5)
        for work in (*deeds.WORK, *deeds.LASTING) * 2:
            work(project, "ben", dice)
        deeds.undo(project, "ben", dice)
        project.milestone("half-way", "ben")
    assert len(shared(folder)["coding"]) > 2
    return folder


READS = (
    *(
        ("sources",),
        ("coding", "list"),
        ("memo", "list"),
        ("history",),
        ("cases",),
        ("codebook", "show"),
        ("milestone",),
    ),
    *(
        ("codebook", "sets"),
        ("codebook", "links"),
        ("units",),
        ("sample", "--list"),
        ("disagreements",),
        ("agreement",),
    ),
    *(("show", "vale"), ("merge", "--conflicts"), ("suggestions", "list"), ("report", "codebook"), ("doctor",)),
)


@pytest.mark.parametrize("times", [pytest.param(60, id="quick"), pytest.param(3000, marks=pytest.mark.soak, id="soak")])
def test_a_forged_project_is_refused_or_can_be_lived_with(mine: Path, busy: Path, tmp_path: Path, times: int) -> None:
    """O32: whatever field of the log was exchanged and hashed anew, every list still works, or nothing was taken in."""
    before, taken, refused = tables(mine), 0, 0

    def once(dice: random.Random, n: int) -> None:
        nonlocal taken, refused
        forged = forgery.Forged(busy / "qualcode.db")
        try:
            for _ in range(dice.randint(1, 2)):
                forgery.at_random(forged, dice)
            path = forged.write(tmp_path / "forged.db")
        except UnicodeEncodeError:  # half a character, which no database takes
            return
        folder = deaths.fresh(mine, tmp_path / "study")
        said = quiet(ask("--project", folder, "merge", path))
        if said.status:
            refuses(said, 5)
            assert tables(folder) == before, n
            refused += 1
            return
        for command in READS:
            works(quiet(ask("--project", folder, *command)))
        taken += 1

    deaths.repeat(times, 13, once)
    assert taken > times / 20
    assert refused > times / 20


def span_outside(forged: forgery.Forged) -> None:
    forged.last("coding.add")[2].update(start=0, end=10**9)


def last_number(forged: forgery.Forged) -> None:
    forged.acts[-1][3] = 2**63 - 1


def no_parent(forged: forgery.Forged) -> None:
    forged.acts[-1][2] = "a" * 64


def number_as_text(forged: forgery.Forged) -> None:
    forged.acts[-1][3] = "7"


def turns_outside(forged: forgery.Forged) -> None:
    turns = [[1, 0, 10**9, "R", None, None, None]]
    about = {"name": "x", "kind": "interview", "file": "x", "case": None, "turns": turns}
    forged.last("source.add")[2]["about"] = forged.say(about)


def turns_over_each_other(forged: forgery.Forged) -> None:
    turns = [[1, 0, 9, "R", None, None, None], [2, 5, 12, "R", None, None, None]]
    about = {"name": "x", "kind": "interview", "file": "x", "case": None, "turns": turns}
    forged.last("source.add")[2]["about"] = forged.say(about)


def deep(forged: forgery.Forged) -> None:
    forged.last("coding.add")[2] = '{"a":' * 50_000


def bodies(forged: forgery.Forged, *texts: str) -> None:
    """Say these texts in the last act, each as the body of a coding."""
    forged.events[forged.acts[-1][0]] = [["coding.add", f"coding:{n:032x}", text] for n, text in enumerate(texts)]


def body_in_two(forged: forgery.Forged) -> None:
    bodies(forged, '{"a":[1', "2]}")


def body_in_two_beside_two_in_one(forged: forgery.Forged) -> None:
    bodies(forged, '{"a":[{}', "{}]}", '{"b":1},{"c":2}')


def word_in_two(forged: forgery.Forged) -> None:
    bodies(forged, '{"a":"{}', '{}"}')


def two_in_one(forged: forgery.Forged) -> None:
    bodies(forged, "{},{}")


def no_body(forged: forgery.Forged) -> None:
    bodies(forged, "")


def space_around(forged: forgery.Forged) -> None:
    forged.last("coding.add")[2] = f" {log.canonical(forged.last('coding.add')[2])}"


def no_number(forged: forgery.Forged) -> None:
    forged.last("coding.add")[2]["certainty"] = float("nan")


def number_for_a_text(forged: forgery.Forged) -> None:
    forged.last("source.add")[2]["about"] = 1_000_000


def words_of_a_code_that_are_none(forged: forgery.Forged) -> None:
    details = forged.last("code.put")[2]["details"]
    (said,) = [json.loads(row[2]) for row in forged.contents if row[0] == details]
    forged.last("code.put")[2]["details"] = forged.say({**said, "include": -1})


FORGERIES = (
    *(no_number, number_for_a_text, words_of_a_code_that_are_none),
    *(span_outside, last_number, no_parent, number_as_text, turns_outside, turns_over_each_other, deep),
    *(body_in_two, body_in_two_beside_two_in_one, word_in_two, two_in_one, no_body, space_around),
)


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forgery_that_would_harm_is_refused(
    mine: Path, theirs: Path, tmp_path: Path, forge: Callable[[forgery.Forged], None]
) -> None:
    """O32: spans outside, numbers that would end all counting, gaps, other types, depth."""
    add(theirs, "ben")
    enlarged(theirs)
    forged = forgery.Forged(theirs / "qualcode.db")
    forge(forged)
    before = tables(mine)
    refuses(ask("--project", mine, "merge", forged.write(tmp_path / "forged.db")), 5)
    assert tables(mine) == before


def drawn_at_no_chance(forged: forgery.Forged) -> None:
    forged.last("sample")[2]["drawn"][0][3] = "often"


def drawn_by_no_word(forged: forgery.Forged) -> None:
    forged.last("sample")[2]["seed"] = None


def settled_by_a_list(forged: forgery.Forged) -> None:
    forged.last("adjudicate")[2]["choice"] = [[]]


def seen_by_a_list(forged: forgery.Forged) -> None:
    forged.last("seen")[2]["coder"] = [[-5, -5, 10**9]]


def figures_of_a_list(forged: forgery.Forged) -> None:
    forged.last("freeze")[2]["asked"] = []


RECORDS = (drawn_at_no_chance, drawn_by_no_word, settled_by_a_list, seen_by_a_list, figures_of_a_list)


@pytest.mark.parametrize("forge", RECORDS, ids=lambda forge: forge.__name__)
def test_a_forged_record_that_no_report_could_read_is_refused(
    mine: Path, busy: Path, tmp_path: Path, forge: Callable[[forgery.Forged], None]
) -> None:
    """O32: what is read straight from the log is looked at as the tables are."""
    whole = forgery.Forged(busy / "qualcode.db").write(tmp_path / "whole.db")
    merge(deaths.fresh(mine, tmp_path / "twin"), whole)
    forged = forgery.Forged(busy / "qualcode.db")
    forge(forged)
    before = tables(mine)
    refuses(ask("--project", mine, "merge", forged.write(tmp_path / "forged.db")), 5)
    assert tables(mine) == before


def test_bare_erasures_take_no_text_of_ours(mine: Path, busy: Path, tmp_path: Path) -> None:
    """O32: who merges a project whose table of erasures names our texts loses nothing."""
    forged = forgery.Forged(busy / "qualcode.db").write(tmp_path / "forged.db")
    with closing(sqlite3.connect(forged)) as conn:
        (act,) = conn.execute("SELECT id FROM act ORDER BY lamport DESC LIMIT 1").fetchone()
        held = tables(mine)["content"]
        conn.executemany("INSERT INTO erased VALUES (?, ?)", [(row[0], act) for row in held])
        conn.commit()
    merge(mine, forged)
    assert set(held) <= set(tables(mine)["content"])
    deaths.sound(mine).close()


def test_made_up_blocks_move_no_coding(mine: Path, busy: Path, tmp_path: Path) -> None:
    """O32: blocks that do not hold the same text are not believed; the texts are aligned anew."""
    forged = forgery.Forged(busy / "qualcode.db")
    forged.last("source.revise")[2]["blocks"] = [[0, 0, 10**6]]
    merge(mine, forged.write(tmp_path / "forged.db"))
    with deaths.sound(mine) as project:
        for coding in project.codings():
            assert coding.segment.quote in coding.source.text


# -- clocks and forks -----------------------------------------------------------------------------------------


def test_clocks_that_are_ten_years_off_decide_nothing(
    mine: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O29: who came later knew of the other; a wrong year is only displayed."""
    key = add(mine, "ann")
    merge(theirs, mine)
    with monkeypatch.context() as patched:
        true = log.now
        patched.setattr(log, "now", lambda: f"{int(true()[:4]) - 10}{true()[4:]}")
        works(ask("--project", theirs, "coding", "recode", key, "--code", "evaluative"))
    merge(mine, theirs)
    (coding,) = works(ask("--project", mine, "coding", "list", "--json")).json
    assert coding["code"] == "role/evaluative"
    works(ask("--project", mine, "undo"))
    assert len(works(ask("--project", mine, "coding", "list", "--json")).json) == 1


def test_an_old_copy_put_back_forks_the_log_and_both_sides_are_kept(mine: Path, tmp_path: Path) -> None:
    """O29: the same file, in the same place, as if nothing had happened since."""
    add(mine, "ann", "What do you teach")
    old, later = (mine / "qualcode.db").read_bytes(), tmp_path / "later"
    one = add(mine, "ann")
    shutil.copytree(mine, later)
    (mine / "qualcode.db").write_bytes(old)
    other = add(mine, "ann", "We talk about it weekly")
    said = merge(mine, later)
    assert said["forks"]
    assert {one, other} < ids(mine)
    with deaths.sound(mine) as project:
        assert [check.ok for check in project.examine() if check.name == "forks"] == [False]
