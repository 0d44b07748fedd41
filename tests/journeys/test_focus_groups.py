"""The participants of focus groups as cases: made, counted, quoted by consent, renamed, revised, merged, undone."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qualcode.agreement import Request as AgreementRequest
from qualcode.analysis.agreement_methods import methods_paragraph
from qualcode.analysis.request import Request
from qualcode.errors import UsageError
from qualcode.model import MemoTarget
from qualcode.report import Quotation, Report
from qualcode.session import Place, Session
from qualcode.session.comparing import Charting, Passages
from qualcode.session.sitting import Sitting
from qualcode.store import Project
from qualcode.workflow import (
    adjudicating,
    agreeing,
    codebook_life,
    codebooks,
    importing,
    projects,
    relations,
    retrieving,
    revising,
    sampling_desk,
    speaking,
    suggesting,
    teamwork,
    writing_up,
)
from qualcode.workflow import cases as journey
from qualcode.workflow.retrieving import Choice
from qualcode.writers.jsonl import read_jsonl

FIRST = """\
Moderator: Welcome. How did it begin for you?

P1: By chance, really. A colleague asked me whether I would.

P2: I applied for it, and I am glad that I did.

P3: Somebody had to.

Moderator: And what is hard about it?

P1: The timetable. Nobody tells us anything in time.

P2: I find the timetable easy enough, with a good secretary.
"""
SECOND = FIRST.replace("chance", "accident").replace("Somebody had to", "They chose me").replace("secretary", "office")
SECOND = SECOND.replace("Nobody tells us", "They never tell us")
PEOPLE = [f"group-{group}/P{n}" for group in (1, 2) for n in (1, 2, 3)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two groups with a P1, P2 and P3 each, who are six people, and two codes."""
    (tmp_path / "group-1.txt").write_text(FIRST)
    (tmp_path / "group-2.txt").write_text(SECOND)
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as opened:
        paths = (tmp_path / "group-1.txt", tmp_path / "group-2.txt")
        done = importing.import_paths(opened, importing.Request(paths, cases_by="speakers"), coder="ann")
        assert done.cases == 6
        for name in ("way-in", "time"):
            codebook_life.add(opened, name, coder="ann")
        yield opened


def code(project: Project, source: str, quote: str, word: str, coder: str = "ann") -> str:
    return Session(project, coder).add(source, Place(quote=quote), word).id


@pytest.fixture
def coded(project: Project) -> Project:
    code(project, "group-1", "By chance", "way-in")
    code(project, "group-1", "I applied for it", "way-in")
    code(project, "group-1", "Nobody tells us anything in time", "time")
    code(project, "group-2", "They chose me", "way-in")
    for n, phase in enumerate(["primary", "secondary", "secondary", "primary", "primary"]):
        journey.set_attributes(project, PEOPLE[n], [f"phase={phase}", "consent=quote"], coder="ann")
    return project


def whose(project: Project) -> dict[str, str | None]:
    return {coding.segment.quote: coding.case for coding in project.codings()}


def texts(report: Report) -> list[tuple[str, str]]:
    return [(each.text, each.attribution) for each in report.blocks if isinstance(each, Quotation)]


def row(report: Report, path: str) -> dict[str, object]:
    table = report.tables[0]
    return next(dict(zip(table.columns, cells, strict=True)) for cells in table.rows if cells[0] == path)


# -- who is a case ---------------------------------------------------------------------------------------------------


def test_each_participant_is_a_case_of_their_own_and_the_moderator_is_none(project: Project) -> None:
    assert [case.name for case in project.cases()] == PEOPLE
    assert [case.sources for case in project.cases()] == [("group-1",)] * 3 + [("group-2",)] * 3
    source = project.source("group-1")
    assert (source.case, source.cases) == (None, tuple(PEOPLE[:3]))
    assert {turn.speaker: turn.case for turn in source.turns} == {
        "Moderator": None,
        "P1": "group-1/P1",
        "P2": "group-1/P2",
        "P3": "group-1/P3",
    }


def test_an_import_without_it_says_how_and_the_same_is_had_afterwards(tmp_path: Path) -> None:
    (tmp_path / "group-1.txt").write_text(FIRST)
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        done = importing.import_paths(project, importing.Request((tmp_path / "group-1.txt",)), coder="ann")
        told = [str(notice) for _, notices in done.sources for notice in notices]
        assert any("3 respondents, and none is a case yet" in said and "--cases speakers" in said for said in told)
        assert project.cases() == ()
        found, notices = speaking.from_speakers(project, coder="ann")
        assert (found[0].cases, notices) == (tuple(PEOPLE[:3]), ())
        project.undo("ann")
        assert (project.cases(), project.source("group-1").cases) == ((), ())
        project.redo("ann")
        assert project.source("group-1").cases == tuple(PEOPLE[:3])


def test_two_groups_of_one_file_name_do_not_share_their_people(tmp_path: Path) -> None:
    for folder, text in (("a", FIRST), ("b", SECOND)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "talk.txt").write_text(text)
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        request = importing.Request((tmp_path / "a", tmp_path / "b"), cases_by="speakers")
        importing.import_paths(project, request, coder="ann")
        assert len({case for source in project.sources() for case in source.cases}) == 6
        assert all(case.startswith(f"{source.name}/") for source in project.sources() for case in source.cases)


def test_labels_that_are_names_are_one_person_everywhere_when_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "group-1.txt").write_text(FIRST)
    (tmp_path / "group-2.txt").write_text(SECOND)
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        request = importing.Request((tmp_path / "group-1.txt", tmp_path / "group-2.txt"), cases_by="names")
        importing.import_paths(project, request, coder="ann")
        assert {case.name: case.sources for case in project.cases()} == dict.fromkeys(
            ("P1", "P2", "P3"), ("group-1", "group-2")
        )


def test_where_nobody_knows_who_asks_nobody_is_made_a_case(tmp_path: Path) -> None:
    text = FIRST.replace("Moderator", "Ruth").replace("?", ".")
    for label, name in (("P1:", "Ada:"), ("P2:", "Bo:"), ("P3:", "Cy:")):
        text = text.replace(label, name)
    (tmp_path / "talk.txt").write_text(text)
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        request = importing.Request((tmp_path / "talk.txt",), cases_by="speakers")
        ((_, told),) = importing.import_paths(project, request, coder="ann").sources
        assert any("no cases were made" in str(notice) for notice in told)
        assert (project.source("talk").kind, project.cases()) == ("focus group", ())
        _, notices = speaking.from_speakers(project, ["talk"], coder="ann")
        assert "say who asks" in str(notices[0])
        speaking.set_role(project, "talk", "Ruth", "moderator", coder="ann")
        found, _ = speaking.from_speakers(project, ["talk"], coder="ann")
        assert found[0].cases == ("talk/Ada", "talk/Bo", "talk/Cy")


# -- what a coding's case is -----------------------------------------------------------------------------------------


def test_a_coding_is_the_words_of_the_first_participant_it_touches(project: Project) -> None:
    text = project.source("group-1").text
    start, end = text.index("And what is hard"), text.index("easy enough")
    Session(project, "ann").add("group-1", Place(span=(start, end)), "time")
    assert project.codings()[0].case == "group-1/P1"
    assert project.codings()[0].source.cases_in(project.codings()[0].span) == ("group-1/P1", "group-1/P2")
    code(project, "group-1", "Welcome", "way-in")
    assert whose(project)["Welcome"] is None


def test_the_public_view_says_the_same(coded: Project) -> None:
    conn = sqlite3.connect(coded.folder / "qualcode.db")
    said = dict(conn.execute('SELECT quote, "case" FROM coded_segment').fetchall())
    conn.close()
    assert said == whose(coded)
    assert set(said.values()) == {"group-1/P1", "group-1/P2", "group-2/P3"}


# -- counting --------------------------------------------------------------------------------------------------------


def test_frequencies_count_people_and_the_valid_n_are_those_whose_turns_were_looked_at(coded: Project) -> None:
    report = writing_up.report(coded, "frequencies", Request(by="phase", count="cases"))
    found = row(report, "open/way-in")
    assert (found["cases"], found["of"]) == (3, 6)
    assert (found["primary cases"], found["primary of"]) == (1, 3)
    assert (found["secondary cases"], found["secondary of"]) == (1, 2)
    assert any("No phase is recorded for 1 case (group-2/P3)" in note for note in report.notes)


def test_words_and_sources_of_a_group_are_those_of_its_people(coded: Project) -> None:
    words = row(writing_up.report(coded, "frequencies", Request(by="phase", count="words")), "open/way-in")
    assert words["secondary words"] == 4
    assert words["secondary of"] == 24
    sources = row(writing_up.report(coded, "frequencies", Request(by="phase", count="sources")), "open/way-in")
    assert (sources["secondary sources"], sources["secondary of"]) == (1, 1)
    assert (sources["primary sources"], sources["primary of"]) == (1, 2)


def test_a_condition_on_cases_narrows_the_talk_to_their_turns(coded: Project) -> None:
    choice = Choice(where="phase=secondary")
    found = row(writing_up.report(coded, "frequencies", Request(count="cases"), choice), "open/way-in")
    assert (found["cases"], found["of"]) == (1, 2)
    assert [c.segment.quote for c in retrieving.codings(coded, choice)] == ["I applied for it"]
    assert [c.segment.quote for c in retrieving.codings(coded, Choice(where="case:group-2/P3"))] == ["They chose me"]
    assert len(retrieving.codings(coded, Choice(where="NOT case:group-2/*"))) == 3


def test_reading_by_code_and_the_chart_go_by_person(coded: Project) -> None:
    sitting = Sitting(Session(coded, "ann"))
    sitting.begin("group-1")
    passages = Passages(sitting, "open/way-in")
    assert dict(passages.by_case) == {"group-1/P1": 1, "group-1/P2": 1, "group-2/P3": 1}
    charting = Charting(sitting)
    assert [case.name for case in charting.cases] == PEOPLE
    assert [charting.count(case, "open/way-in")[0] for case in PEOPLE] == [1, 1, 0, 0, 0, 1]


# -- consent ---------------------------------------------------------------------------------------------------------


def test_quotations_are_attributed_to_the_person_with_their_attributes(coded: Project) -> None:
    report = writing_up.report(coded, "quotations", Request(attribution="[{case}, {phase}]"))
    assert texts(report)[:2] == [
        ("By chance", "[group-1/P1, primary]"),
        ("I applied for it", "[group-1/P2, secondary]"),
    ]
    assert any("not recorded for 1 case (group-2/P3)" in note for note in report.notes)


def test_who_agreed_only_to_analysis_is_not_quoted_and_the_others_are(coded: Project) -> None:
    journey.set_attributes(coded, "group-1/P1", ["consent=analyse"], coder="ann")
    text = coded.source("group-1").text
    both = (text.index("Somebody had to"), text.index("in time"))  # begins with P3, reaches into P1's turn
    Session(coded, "ann").add("group-1", Place(span=both), "time")
    report = writing_up.report(coded, "quotations", Request(context=200))
    shown = texts(report)
    assert [said for said, _ in shown] == ["I applied for it", "They chose me"]
    around = [f"{each.before}|{each.after}" for each in report.blocks if isinstance(each, Quotation)]
    assert around
    assert not any("chance" in each or "Nobody tells us" in each for each in around)
    assert any("Not quoted: 3 segments" in note for note in report.notes)
    counted = row(writing_up.report(coded, "frequencies", Request(count="cases")), "open/way-in")
    assert (counted["cases"], counted["of"]) == (3, 6)


def test_who_withdrew_is_in_no_figure_and_no_export_and_the_others_stay(coded: Project) -> None:
    journey.set_attributes(coded, "group-1/P1", ["withdrawn=yes"], coder="ann")
    about = MemoTarget("segment", "group-1", span=coded.codings()[0].span)
    Session(coded, "ann").add_memo(about, "a chance that was none")
    counted = row(writing_up.report(coded, "frequencies", Request(count="cases")), "open/way-in")
    assert (counted["cases"], counted["of"]) == (2, 5)
    assert [said for said, _ in texts(writing_up.report(coded, "quotations", Request(context=90)))] == [
        "I applied for it",
        "They chose me",
    ]
    for format in ("csv", "jsonl"):
        data, notes = writing_up.codings(coded, format)
        assert b"I applied for it" in data
        assert b"chance" not in data
        assert b"Nobody tells us" not in data
        assert notes == ["Left out: 1 case that withdrew."]
    written = read_jsonl(writing_up.codings(coded, "jsonl")[0])
    assert written.sources[0].text.count("█") > 80
    assert [coding.segment.quote for coding in written.codings] == ["I applied for it", "They chose me"]
    page = writing_up.rendered(writing_up.transcripts(coded), "markdown").decode()
    assert "I find the timetable easy enough" in page
    assert "chance, really" not in page


def test_an_orphan_of_a_talk_in_which_somebody_withdrew_stays_at_home(coded: Project, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text(FIRST.replace("P3: Somebody had to.\n\n", ""))
    code(coded, "group-1", "Somebody had to", "time")
    revising.revise_from_file(coded, "group-1", tmp_path / "new.txt", coder="ann")
    assert [c.segment.quote for c in coded.codings() if c.anchor == "orphan"] == ["Somebody had to"]
    assert b"Somebody had to" in writing_up.codings(coded, "csv")[0]
    journey.set_attributes(coded, "group-1/P3", ["withdrawn=yes"], coder="ann")
    assert b"Somebody had to" not in writing_up.codings(coded, "csv")[0]


# -- agreement -------------------------------------------------------------------------------------------------------


def test_agreement_by_case_and_by_attribute_compares_each_ones_own_turns(coded: Project) -> None:
    code(coded, "group-1", "By chance", "way-in", "ben")
    code(coded, "group-2", "They chose me", "way-in", "ben")
    found = agreeing.agreement(coded, AgreementRequest(by=("case", "phase"), unit="turn", codes=("open/way-in",)))
    percent = {
        (each["by"], each["group"]): each["value"]
        for each in found.groups
        if each["measure"] == "pct_unit_mean" and each["code"] == "open/way-in"
    }
    assert set(PEOPLE) <= {group for by, group in percent if by == "case"}
    assert percent["case", "group-1/P1"] == 1
    assert percent["case", "group-1/P2"] == 0.5
    assert percent["phase", "primary"] == 1
    assert percent["phase", "secondary"] == pytest.approx(2 / 3)


def test_people_are_the_units_when_that_is_asked_for(coded: Project) -> None:
    code(coded, "group-1", "By chance", "way-in", "ben")
    code(coded, "group-2", "They chose me", "way-in", "ben")
    found = agreeing.agreement(coded, AgreementRequest(unit="case", codes=("open/way-in",)))
    assert found.units == {"case": 6}
    (percent,) = (m.value for m in found.measures if m.measure == "pct_unit_mean" and m.code == "open/way-in")
    assert percent == pytest.approx(5 / 6)


def test_figures_by_case_speak_of_cases(coded: Project) -> None:
    code(coded, "group-1", "By chance", "way-in", coder="ben")
    code(coded, "group-2", "They chose me", "way-in", coder="ben")
    found = agreeing.agreement(coded, AgreementRequest(unit="case"))
    assert any(note.startswith("Double-coded: 6 of 6 cases") for note in found.notes)
    assert not any("of 6 sources" in note or "other sources" in note for note in found.notes)
    said = methods_paragraph(found)
    assert "Two coders coded all 6 cases with the codebook open." in said
    assert {m.ci_method for m in found.measures if m.ci} <= {"jackknife by case"}
    two = agreeing.agreement(coded, AgreementRequest(unit="turn"))
    assert any(note.startswith("Double-coded: 2 of 2 sources") for note in two.notes)


def test_who_withdrew_is_in_no_figure_of_agreement_and_in_no_list_of_differences(coded: Project) -> None:
    code(coded, "group-1", "By chance", "way-in", coder="ben")
    code(coded, "group-1", "I find the timetable easy enough", "time", coder="ben")
    code(coded, "group-2", "They chose me", "way-in", coder="ben")
    request = AgreementRequest(unit="turn")
    before, places = agreeing.agreement(coded, request), adjudicating.found(coded, AgreementRequest())
    assert before.units == {"turn": 10}
    assert any("timetable easy" in place.quote for place in places.places)
    assert any("in time" in place.quote for place in places.places)
    gone = {place.span for place in places.places if place.source.cases_in(place.span) == ("group-1/P2",)}
    assert len(gone) == 2
    journey.set_attributes(coded, "group-1/P2", ["withdrawn=yes"], coder="ann")
    after, left = agreeing.agreement(coded, request), adjudicating.found(coded, AgreementRequest())
    assert after.units == {"turn": 8}
    assert "Left out: 1 case that withdrew." in after.notes
    assert "Left out: 1 case that withdrew." in left.notes
    assert [place.quote for place in left.places] == [place.quote for place in places.places if place.span not in gone]
    assert any("in time" in place.quote for place in left.places)
    assert agreeing.agreement(coded, replace(request, unit="case")).units == {"case": 5}


def test_a_set_of_codes_can_be_compared(coded: Project) -> None:
    code(coded, "group-1", "By chance", "way-in", coder="ben")
    code(coded, "group-2", "They chose me", "way-in", coder="ben")
    relations.put(coded, "beginnings", ["way-in"], coder="ann")
    found = agreeing.agreement(coded, AgreementRequest(codes=("set:Beginnings",)))
    assert {m.code for m in found.measures} == {None, "open/way-in"}
    assert found.facts["codes"] == ["open/way-in"]
    places = adjudicating.found(coded, AgreementRequest(codes=("set:beginnings",))).places
    assert {code for place in places for code in place.codes} == {"open/way-in"}
    with pytest.raises(UsageError, match='no set "begining"'):
        agreeing.agreement(coded, AgreementRequest(codes=("set:begining",)))


def test_a_sample_of_people_draws_their_turns(coded: Project) -> None:
    kept = sampling_desk.sample(coded, coder="ann", by="case", count=6)
    assert (kept.sample.population, kept.sample.count) == (6, 6)
    drawn = {(unit.source, unit.turn) for unit in kept.sample.units}
    said = {(s.id, turn.n) for s in coded.sources() for turn in s.turns if turn.role == "respondent"}
    assert drawn == said


# -- the log ---------------------------------------------------------------------------------------------------------


def sound(project: Project) -> bool:
    return all(check.ok for check in project.examine() if check.severity == "error")


def test_a_new_name_of_a_speaker_is_the_persons_new_name(coded: Project) -> None:
    speaking.rename(coded, "group-1", "P1", "Maya", coder="ann")
    assert whose(coded)["By chance"] == "group-1/Maya"
    assert coded.case("group-1/Maya").attributes == {"phase": "primary"}
    assert coded.case("group-1/P1").name == "group-1/Maya"
    assert len(coded.cases()) == 6
    assert sound(coded)
    coded.undo("ann")
    assert whose(coded)["By chance"] == "group-1/P1"


def test_names_that_are_exchanged_never_make_two_people_one(coded: Project) -> None:
    for old, new in (("P1", "X"), ("P2", "P1"), ("X", "P2")):
        speaking.rename(coded, "group-1", old, new, coder="ann")
    assert whose(coded)["By chance"] != whose(coded)["I applied for it"]
    assert len(set(coded.source("group-1").cases)) == 3
    assert coded.case(str(whose(coded)["By chance"])).attributes == {"phase": "primary"}


def test_two_labels_of_one_person_become_one_case(coded: Project) -> None:
    speaking.merge(coded, "group-1", "P3", "P1", coder="ann")
    assert coded.source("group-1").cases == ("group-1/P1", "group-1/P2")
    assert [case.name for case in coded.cases()] == [name for name in PEOPLE if name != "group-1/P3"]
    coded.undo("ann")
    assert [case.name for case in coded.cases()] == PEOPLE


def test_who_turns_out_to_ask_is_a_case_no_longer(coded: Project) -> None:
    speaking.set_role(coded, "group-1", "P1", "moderator", coder="ann")
    assert whose(coded)["By chance"] is None
    assert coded.source("group-1").cases == ("group-1/P2", "group-1/P3")
    speaking.set_role(coded, "group-1", "P2", "moderator", coder="ann")
    assert (coded.source("group-1").case, coded.source("group-1").cases) == (None, ("group-1/P3",))
    speaking.set_role(coded, "group-1", "P1", "participant", coder="ann")
    assert whose(coded)["By chance"] == "group-1/P1"


def test_one_speaker_can_be_given_any_case(coded: Project) -> None:
    speaking.give_case(coded, "group-2", "P3", "group-1/p1", coder="ann")
    assert whose(coded)["They chose me"] == "group-1/P1"
    assert coded.case("group-1/P1").sources == ("group-1", "group-2")
    speaking.give_case(coded, "group-2", "P3", "Ada", coder="ann")
    assert coded.case("Ada").sources == ("group-2",)
    speaking.give_case(coded, "group-2", "P3", "none", coder="ann")
    assert whose(coded)["They chose me"] is None


def test_a_second_voice_in_an_interview_leaves_the_rest_to_its_case(tmp_path: Path) -> None:
    text = FIRST.replace("P2", "P1").replace("P3: Somebody", "Visitor: Somebody")
    text += "\nP1: " + "And then the week is over and nobody has rung. " * 3
    (tmp_path / "int-1.txt").write_text(text)
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        request = importing.Request((tmp_path / "int-1.txt",), roles={"Visitor": None})
        importing.import_paths(project, request, coder="ann")
        assert project.source("int-1").case == "int-1"
        speaking.give_case(project, "int-1", "Visitor", "Bo", coder="ann")
        assert {turn.speaker: turn.case for turn in project.source("int-1").turns if turn.case} == {
            "P1": "int-1",
            "Visitor": "Bo",
        }


def test_a_corrected_transcript_keeps_its_people(coded: Project, tmp_path: Path) -> None:
    speaking.rename(coded, "group-1", "P1", "Maya", coder="ann")
    (tmp_path / "new.txt").write_text("A short preface.\n\n" + FIRST.replace("A colleague", "The head"))
    done = revising.revise_from_file(coded, "group-1", tmp_path / "new.txt", coder="ann")
    assert done.strangers == ()
    assert coded.source("group-1").cases == ("group-1/Maya", "group-1/P2", "group-1/P3")
    assert whose(coded)["By chance"] == "group-1/Maya"
    assert sound(coded)


def test_a_voice_that_a_corrected_transcript_brings_is_named_as_nobodys(coded: Project, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text(FIRST + "\nP9: And I only listened, mostly.\n\nP9: That is all.\n")
    done = revising.revise_from_file(coded, "group-1", tmp_path / "new.txt", coder="ann")
    assert done.strangers == ("P9",)
    speaking.from_speakers(coded, ["group-1"], coder="ann")
    assert coded.source("group-1").cases == (*PEOPLE[:3], "group-1/P9")


def test_both_replicas_end_with_the_same_people(coded: Project, tmp_path: Path) -> None:
    shutil.copytree(coded.folder, tmp_path / "laptop")
    with Project.open(tmp_path / "laptop") as laptop:
        speaking.rename(coded, "group-1", "P1", "Maya", coder="ann")
        speaking.give_case(laptop, "group-1", "P1", "Mary", coder="ben")
        speaking.merge(laptop, "group-2", "P2", "P1", coder="ben")
        coded.merge(laptop.folder)
        laptop.merge(coded.folder)
        here, there = (
            [(turn.speaker, turn.case) for source in each.sources() for turn in source.turns]
            for each in (coded, laptop)
        )
        assert here == there
        assert ("Maya", "Mary") in here
        assert sound(coded)
        assert sound(laptop)


def test_the_past_has_the_people_of_then(coded: Project) -> None:
    coded.milestone("before", "ann")
    speaking.merge(coded, "group-1", "P3", "P1", coder="ann")
    assert coded.as_of("before").source("group-1").cases == tuple(PEOPLE[:3])


def test_two_people_who_link_two_cases_both_ways_have_one_person(coded: Project, tmp_path: Path) -> None:
    shutil.copytree(coded.folder, tmp_path / "laptop")
    with Project.open(tmp_path / "laptop") as laptop:
        journey.link(coded, "group-1/P1", "group-2/P1", coder="ann")
        journey.link(laptop, "group-2/P1", "group-1/P1", coder="ben")
        coded.merge(laptop.folder)
        assert len(coded.cases()) == 5
        (one,) = [case for case in coded.cases() if len(case.sources) == 2]
        assert one.attributes["phase"] == "primary"
        conn = sqlite3.connect(coded.folder / "qualcode.db")
        said = dict(conn.execute('SELECT quote, "case" FROM coded_segment').fetchall())
        conn.close()
        assert said["By chance"] == whose(coded)["By chance"] == one.name


def test_json_shows_whose_words_everything_is(coded: Project) -> None:
    from qualcode.cli import shapes

    source = coded.source("group-1")
    shown = shapes.shown(source, coded.codings(sources={source.id}))
    assert [turn["case"] for turn in shown["turns"]][:3] == [None, "group-1/P1", "group-1/P2"]
    assert (shown["case"], shown["cases"]) == (None, PEOPLE[:3])
    assert [coding["case"] for coding in shown["codings"]] == ["group-1/P1", "group-1/P2", "group-1/P1"]
    assert json.dumps(shown)


def test_a_link_into_a_case_whose_coming_was_undone_leaves_the_person_there(coded: Project, tmp_path: Path) -> None:
    with coded.act("cases", "ann") as act:
        act.need_case("Ida")
    shutil.copytree(coded.folder, tmp_path / "laptop")
    with Project.open(tmp_path / "laptop") as laptop:
        journey.link(laptop, "group-1/P1", "Ida", coder="ben")
        assert laptop.source("group-1").cases[0] == "Ida"
        coded.undo("ann")
        coded.merge(laptop.folder)
    assert sorted(case.name for case in coded.cases()) == PEOPLE
    assert coded.source("group-1").cases[0] == coded.case("group-1/P1").name == "group-1/P1"
    conn = sqlite3.connect(coded.folder / "qualcode.db")
    said = dict(conn.execute('SELECT quote, "case" FROM coded_segment').fetchall())
    conn.close()
    assert said["By chance"] == "group-1/P1"
    assert sound(coded)


def test_a_group_goes_out_whole_and_it_is_said_that_somebody_there_withdrew(coded: Project, tmp_path: Path) -> None:
    journey.set_attributes(coded, "group-1/P2", ["withdrawn=yes"], coder="ann")
    done = teamwork.hand_out(coded, "ben", tmp_path / "ben.qualcode")
    assert done.sources == ("group-1", "group-2")
    assert done.notes == ("group-1 goes out whole, with the words of somebody who withdrew.",)


def test_nothing_is_suggested_for_the_words_of_who_withdrew(coded: Project, tmp_path: Path) -> None:
    book = (
        "qualcode: 1\nname: hard\nversion: '1'\ncodes:\n  - code: time\n    definition: hours\n    cues: [timetable]\n"
    )
    (tmp_path / "hard.yaml").write_text(book)
    codebooks.apply(coded, str(tmp_path / "hard.yaml"), coder="ann")
    request = suggesting.Request(sources=("group-1",), codes=("hard",))
    assert suggesting.suggest(coded, request).pending == 2
    journey.set_attributes(coded, "group-1/P2", ["withdrawn=yes"], coder="ann")
    done = suggesting.suggest(coded, request)
    assert (done.pending, done.notices[-1]) == (1, "Left out: 1 case that withdrew.")


def test_who_is_linked_to_somebody_whose_import_was_undone_stands_for_themselves(
    coded: Project, tmp_path: Path
) -> None:
    shutil.copytree(coded.folder, tmp_path / "laptop")
    with Project.open(tmp_path / "laptop") as laptop:
        before = {coding.segment.quote: coding.case for coding in laptop.codings()}
        journey.link(coded, "group-1/P1", "group-2/P1", coder="ann")
        undone = [entry.id for entry in laptop.history() if entry.command == "import"][1]
        for command in ("cases set", "coding add"):  # what stands on it, newest first
            for entry in reversed(laptop.history()):
                if entry.command == command:
                    laptop.undo("ann", entry.id)
        laptop.undo("ann", undone)
        coded.merge(laptop.folder)
        laptop.merge(coded.folder)
        for each in (coded, laptop):
            assert [case.name for case in each.cases()] == PEOPLE[:3]
            assert {turn.case for turn in each.source("group-1").turns} == {None, *PEOPLE[:3]}
            journey.set_attributes(each, "group-1/P1", ["phase=primary"], coder="ann")
            assert sound(each)
        code(coded, "group-1", "Nobody tells us anything in time", "time", coder="ben")
        conn = sqlite3.connect(coded.folder / "qualcode.db")
        said = dict(conn.execute('SELECT quote, "case" FROM coded_segment').fetchall())
        conn.close()
        assert said["Nobody tells us anything in time"] == before["Nobody tells us anything in time"] == "group-1/P1"
        coded.redo("ann", undone)
        assert len(coded.cases()) == 5


@pytest.mark.parametrize("side", [1, 2])
def test_who_was_renamed_apart_is_one_case_under_the_name_that_holds(coded: Project, tmp_path: Path, side: int) -> None:
    shutil.copytree(coded.folder, tmp_path / "laptop")
    with Project.open(tmp_path / "laptop") as laptop:
        speaking.rename(coded, "group-1", "P1", "Maya", coder="ann")
        speaking.rename(laptop, "group-1", "P1", "Mary", coder="ben")
        coded.merge(laptop.folder)
        (conflict,) = coded.conflicts()
        teamwork.resolve(coded, conflict.id, side, coder="ann")
        laptop.merge(coded.folder)
        (name,) = {turn.speaker for turn in coded.source("group-1").turns} & {"Maya", "Mary"}
        for each in (coded, laptop):
            assert {turn.case for turn in each.source("group-1").turns if turn.speaker == name} == {f"group-1/{name}"}
            with_words = [case.name for case in each.cases() if case.sources]
            assert sorted(with_words) == sorted([f"group-1/{name}", *PEOPLE[1:]])
            assert each.case(f"group-1/{name}").attributes == {"phase": "primary"}
            assert sound(each)
        coded.undo("ann")
        assert len(coded.conflicts()) == 1


def test_whose_words_somebody_said_they_are_stays_when_the_others_become_cases(project: Project) -> None:
    assert PEOPLE[0] in [case.name for case in project.cases()]
    speaking.give_case(project, "group-1", "P1", "Ada", coder="ann")
    (source,), told = speaking.from_speakers(project, ["group-1"], by="names", coder="ann")
    assert source.cases == ("Ada", "P2", "P3")
    assert "as somebody said before: P1 (Ada)" in str(told[0])
