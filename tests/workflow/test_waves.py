"""Waves of a questionnaire: the new is added, the same passed over, what changed listed and taken when asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import InputError, UsageError
from qualcode.readers import ReadOptions
from qualcode.session import Place, Session
from qualcode.store import Project
from qualcode.workflow import cases, codebook_life, importing, projects, teamwork, waves

HEADER = "id,phase,What helps you?,What gets in the way?\n"
FIRST = HEADER + (
    'R1,primary,"Time, when I have it and nobody rings.","Paper, and more paper every week."\n'
    'R2,secondary,Nobody helps me any more in this.,"Four providers, with four handbooks."\n'
    "R3,primary,,\nR4,primary,The deputy who listens to it all.,\n"
)
SECOND = HEADER + (
    'R1,primary,"Time, when I have it and nobody rings. And a deputy.","Paper, and more paper every week."\n'
    'R2,primary,Nobody helps me any more in this.,"Four providers, with four handbooks."\n'
    "R4,primary,,\nR5,primary,A room with a door of my own.,Nothing much\n"
)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Project]:
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        yield project


def wave(project: Project, text: str, name: str = "heads.csv", **more: object) -> importing.Imported:
    """Import a questionnaire of this text; `more` are fields of the request, or of the readers' options."""
    path = project.folder.parent / name
    path.write_text(text)
    asked = {key: more.pop(key) for key in ("dry_run", "update") if key in more}
    options = ReadOptions(**more)  # type: ignore[arg-type]
    return importing.import_paths(project, importing.Request((path,), options, **asked), coder=None)  # type: ignore[arg-type]


def said(done: importing.Imported) -> str:
    return "\n".join(map(str, (*done.notices, *done.skipped)))


def dump(project: Project) -> list[tuple[object, ...]]:
    """Names and texts of the sources, and the cases' attributes."""
    texts = [(source.name, source.text) for source in project.sources()]
    return [*texts, *((case.name, tuple(case.attributes.items())) for case in project.cases())]


def test_the_next_wave_adds_the_new_and_passes_over_the_same(study: Project) -> None:
    assert len(wave(study, FIRST).sources) == 3
    second = wave(study, SECOND, "second.csv")
    assert [source.name for source, _ in second.sources] == ["heads/R5"]
    assert second.cases == 1
    assert 'source "heads/R2" is here already' in said(second)
    assert "answered before and not in this file: R4" in said(second)
    assert len(study.sources()) == 4


def test_what_changed_is_listed_and_left_without_update(study: Project) -> None:
    wave(study, FIRST)
    before = study.source("heads/R1").text
    second = wave(study, SECOND)
    assert '"heads/R1": changed: "What helps you?"' in said(second)
    assert "case R2: phase (secondary → primary) differ" in said(second)
    assert study.source("heads/R1").text == before
    assert study.case("R2").attributes["phase"] == "secondary"


def test_an_update_is_a_revision_that_codings_follow_and_one_undo_takes_back(study: Project) -> None:
    wave(study, FIRST)
    codebook_life.add(study, "paper", definition="Paper.", coder="ann")
    Session(study, "ann").add("heads/R1", Place(quote="more paper every week"), "paper")
    before = dump(study)
    second = wave(study, SECOND, update=True)
    assert [source.name for source in second.changed] == ["heads/R1"]
    assert "codings in the changed answers: 1 unchanged" in said(second)
    assert study.source("heads/R1").revision == 1
    assert study.case("R2").attributes["phase"] == "primary"
    (coding,) = study.codings()
    assert (coding.segment.quote, coding.anchor) == ("more paper every week", "exact")
    study.undo(None)
    assert dump(study) == before


def test_a_typo_that_was_corrected_here_is_no_change_of_the_next_wave(study: Project) -> None:
    from qualcode.workflow import revising

    wave(study, FIRST)
    revising.revise_turn(study, "heads/R2", 1, "Nobody helps me any more with this.", coder="ann")
    again = wave(study, FIRST, update=True)
    assert not again.changed
    assert 'source "heads/R2" is here already, corrected since' in said(again)


@pytest.mark.parametrize(("first", "second"), [(None, "heads"), ("heads", None), ("heads", "heads"), (None, None)])
def test_a_name_given_only_once_doubles_nobody(study: Project, first: str | None, second: str | None) -> None:
    wave(study, FIRST, survey_name=first)
    before = dump(study)
    assert wave(study, FIRST, "again.csv", survey_name=second).sources == ()
    assert dump(study) == before
    assert len(study.surveys()) == 1


def test_two_named_surveys_of_one_questionnaire_stay_two(study: Project) -> None:
    wave(study, FIRST, survey_name="heads")
    assert len(wave(study, FIRST, survey_name="tutors").sources) == 3


def test_a_wave_with_another_header_is_known_by_name_and_the_wave_after_it_by_its_header(study: Project) -> None:
    wave(study, FIRST, survey_name="heads")
    wider = SECOND.replace("What gets in the way?\n", "What gets in the way?,sector\n", 1)
    assert [source.name for source, _ in wave(study, wider, survey_name="heads").sources] == ["heads/R5"]
    assert wave(study, wider, "third.csv").sources == ()


def test_a_column_does_not_change_its_role_between_waves(study: Project) -> None:
    wave(study, FIRST, open=("phase",))
    short = HEADER + "".join(f"N{n},primary,No,No\n" for n in range(9))
    second = wave(study, short, "second.csv")
    (survey,) = second.surveys
    assert [one.role for one in survey.columns] == ["case", "open", "open", "open"]
    assert len(second.sources) == 9


def test_a_column_that_is_empty_again_is_not_called_new(study: Project) -> None:
    empty = FIRST.replace("\n", ",\n").replace("way?,", "way?,Mail", 1)
    wave(study, empty)
    again = said(wave(study, empty + "R9,primary,Something new and long enough.,,\n", "second.csv"))
    assert "the next wave" in again
    assert "not in the wave before" not in again
    filled = said(wave(study, empty + "R8,primary,Something else and long enough.,,Daily\n", "third.csv"))
    assert 'not in the wave before, or without answers: "Mail"' in filled


def test_another_header_with_the_same_respondents_may_be_the_next_wave_and_is_said(study: Project) -> None:
    wave(study, FIRST)
    other = FIRST.replace("What helps you?", "What helps?")
    assert '4 respondents answered "heads" too' not in said(wave(study, other.replace("R", "S"), "others.csv"))
    told = said(wave(study, other.replace("way?", "way"), "again.csv"))
    assert '3 of its 4 respondents answered "heads" too and are one case with these' in told
    assert 'say --survey-name "heads"' in told


def test_an_undone_first_wave_is_forgotten_with_its_columns(study: Project) -> None:
    wave(study, FIRST, closed=("What helps you?",))
    study.undo(None)
    assert study.surveys() == ()
    (survey,) = wave(study, FIRST).surveys
    assert survey.columns[2].role == "open"


def test_a_dry_run_says_what_happens_and_changes_nothing(study: Project) -> None:
    wave(study, FIRST)
    before, files = dump(study), sorted(study.folder.rglob("*"))
    log = len(study.history())
    tried = wave(study, SECOND, update=True, dry_run=True)
    assert (dump(study), sorted(study.folder.rglob("*")), len(study.history())) == (before, files, log)
    done = wave(study, SECOND, update=True)
    assert ([s for s, _ in tried.sources], tried.cases, tried.changed) == (
        [s for s, _ in done.sources],
        done.cases,
        done.changed,
    )
    assert [str(each) for each in tried.skipped] == [str(each) for each in done.skipped]


def test_many_respondents_who_are_here_already_are_one_line(study: Project) -> None:
    many = HEADER + "".join(f"R{n},primary,The {n} reasons that I gave before,Nothing\n" for n in range(200))
    assert len(wave(study, many).sources) == 200
    again = wave(study, many)
    assert len(again.skipped) == 1
    assert '200 sources ("heads/R0", "heads/R1", "heads/R2" …) are here already' in said(again)
    assert not again.notices


def test_the_columns_are_written_and_taken_by_another_project(study: Project, tmp_path: Path) -> None:
    wave(study, FIRST, closed=("What gets in the way?",))
    file = waves.columns_from(study.folder / "surveys" / "heads.yaml")
    projects.start(tmp_path / "other")
    with Project.open(tmp_path / "other") as other:
        (survey,) = wave(other, SECOND, columns=file).surveys
    assert [(one.role, one.why) for one in survey.columns] == [
        *(("case", "as in heads.yaml"), ("closed", "as in heads.yaml")),
        *(("open", "as in heads.yaml"), ("closed", "as in heads.yaml")),
    ]


def test_an_edited_file_of_columns_is_left_and_decides_when_it_is_given(study: Project) -> None:
    wave(study, FIRST)
    path = study.folder / "surveys" / "heads.yaml"
    edited = path.read_text().replace('"phase": closed', '"phase": left out')
    path.write_text(edited)
    assert "was edited and is left as it is" in said(wave(study, SECOND, "second.csv"))
    assert path.read_text() == edited
    (survey,) = wave(study, SECOND, "third.csv", columns=waves.columns_from(path)).surveys
    assert survey.columns[1].role == "left out"
    assert wave(study, SECOND, "fourth.csv").surveys[0].columns[1].role == "left out"


def test_two_copies_that_import_both_waves_apart_merge_without_doubling(study: Project, tmp_path: Path) -> None:
    projects.start(tmp_path / "other")
    wave(study, FIRST)
    wave(study, SECOND)
    with Project.open(tmp_path / "other") as other:
        wave(other, FIRST)
    study.merge(tmp_path / "other" / "qualcode.db")
    assert len(study.sources()) == 4
    assert [survey.name for survey in study.surveys()] == ["heads"]
    assert all(check.ok for check in study.examine() if check.severity == "error")


def test_linked_cases_keep_what_they_say_otherwise(study: Project) -> None:
    wave(study, FIRST)
    joined, told = cases.link(study, "R2", "R1", coder=None)
    assert dict(joined.attributes) == {"phase": "primary", "phase (R2)": "secondary"}
    assert 'phase is "primary" in R1 and "secondary" in R2' in str(told[0])
    assert "differ" not in said(wave(study, FIRST))


def test_a_folder_names_copies_and_lists_what_cannot_be_read(study: Project) -> None:
    folder = study.folder.parent / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.csv").write_text(FIRST)
    (folder / "deep" / "copy.csv").write_text(FIRST)
    (folder / "deep" / "empty.txt").write_text("")
    (folder / "picture.png").write_text("no text")
    (folder / "old.doc").write_text("some")
    done = importing.import_paths(study, importing.Request((folder,)), coder=None)
    assert len(done.sources) == 3
    assert 'copy.csv: the same content as "a.csv", passed over' in said(done)
    assert "empty.txt: is empty" in said(done)
    assert "picture.png: not a kind of file" in said(done)
    assert "old.doc: not a kind of file that is read — save it as .docx" in said(done)
    (folder / "a.csv").unlink()
    (folder / "deep" / "copy.csv").unlink()
    with pytest.raises(InputError):
        importing.import_paths(study, importing.Request((folder,)), coder=None)


def test_an_update_that_was_undone_can_be_made_again(study: Project) -> None:
    wave(study, FIRST)
    wave(study, SECOND, update=True)
    before = dump(study)
    third = SECOND.replace("And a deputy.", "And two deputies.")
    wave(study, third, update=True)
    after = dump(study)
    study.undo(None)
    assert dump(study) == before
    assert "corrected since" not in said(wave(study, third, update=True))
    assert dump(study) == after


def test_an_update_is_made_only_after_a_backup(study: Project) -> None:
    wave(study, FIRST, update=True)
    wave(study, SECOND, update=True, dry_run=True)
    wave(study, SECOND)
    home = study.folder / "backups"
    assert not home.exists()
    before = study.source("heads/R1").text
    wave(study, SECOND, update=True)
    (made,) = home.glob("*-before-update.db")
    (study.folder / "old").mkdir()
    made.rename(study.folder / "old" / "qualcode.db")
    with Project.open(study.folder / "old") as old:
        assert old.source("heads/R1").text == before != study.source("heads/R1").text


def test_an_answer_that_is_again_what_it_was_two_waves_ago_is_a_change(study: Project) -> None:
    wave(study, FIRST)
    first = dump(study)[:3]
    wave(study, SECOND, update=True)
    assert '"heads/R1": changed: "What helps you?"' in said(wave(study, FIRST))
    wave(study, FIRST, update=True)
    assert dump(study)[:3] == first


# -- respondents who are only numbers ---------------------------------------------------------------------------------

STAFF = (
    "id,phase,What helps you?\n1,primary,A quiet room at the end of the day.\n2,secondary,My deputy and nobody else.\n"
)
PARENTS = "id,town,What would you change?\n1,Leeds,I would begin the whole day an hour later.\n2,York,Nothing at all.\n"


def people(study: Project) -> dict[str, tuple[str, ...]]:
    return {case.name: case.sources for case in study.cases()}


def test_one_survey_s_respondents_go_by_their_numbers(study: Project) -> None:
    wave(study, STAFF, "staff.csv")
    assert people(study) == {"1": ("staff/1",), "2": ("staff/2",)}
    assert [source.case for source in study.sources()] == ["1", "2"]
    assert cases.set_attributes(study, "1", ["consent=quote"], coder=None).consent == "quote"


def test_the_same_numbers_of_two_surveys_are_different_people_in_whatever_order_they_come(
    study: Project, tmp_path: Path
) -> None:
    wave(study, STAFF, "staff.csv")
    told = said(wave(study, PARENTS, "parents.csv"))
    apart = {"staff/1": ("staff/1",), "staff/2": ("staff/2",), "parents/1": ("parents/1",), "parents/2": ("parents/2",)}
    assert people(study) == apart
    assert 'have numbers that "staff" has too and are other people' in told
    assert study.case("staff/1").attributes == {"phase": "primary"}
    with pytest.raises(UsageError, match="parents/1, staff/1"):
        study.case("1")
    projects.start(tmp_path / "other")
    with Project.open(tmp_path / "other") as other:
        wave(other, PARENTS, "parents.csv")
        wave(other, STAFF, "staff.csv")
        study.merge(other.folder)
    assert people(study) == apart
    assert all(check.ok for check in study.examine() if check.severity == "error")


def test_the_next_wave_of_a_counted_survey_is_of_the_same_people(study: Project) -> None:
    wave(study, STAFF, "staff.csv")
    wave(study, PARENTS, "parents.csv")
    wave(study, STAFF + "3,primary,The library in the afternoon.\n", "staff-june.csv")
    wave(study, STAFF.replace("phase", "kind") + "4,primary,Somebody to ask.\n", "july.csv", survey_name="staff")
    assert sorted(people(study)) == ["3", "4", "parents/1", "parents/2", "staff/1", "staff/2"]


def test_numbers_that_are_said_to_be_the_project_s_cases_join(study: Project) -> None:
    wave(study, STAFF, "staff.csv")
    wave(study, PARENTS, "parents.csv", case="id")
    assert people(study) == {"1": ("staff/1", "parents/1"), "2": ("staff/2", "parents/2")}
    assert study.case("1").attributes == {"phase": "primary", "town": "Leeds"}
    wave(study, "id,Why so?\n1,Because nobody had asked me before.\n2,Because it rained all day.\n", "third.csv")
    wave(study, PARENTS + "3,Hull,Longer breaks for all of us.\n", "again.csv")
    assert people(study)["staff/1"] == ("staff/1", "parents/1")
    assert people(study)["3"] == ("parents/3",)


def test_an_interview_called_by_a_number_is_not_the_respondent_of_that_number_until_somebody_links_them(
    study: Project,
) -> None:
    path = study.folder.parent / "1.txt"
    path.write_text("I: How did it begin?\n\nR: By chance, and I am glad.\n\nI: Yes?\n\nR: Yes, and gladly.\n")
    importing.import_paths(study, importing.Request((path,)), coder=None)
    assert "1: not the cases of these numbers" in said(wave(study, STAFF, "staff.csv"))
    assert people(study) == {"1": ("1",), "staff/1": ("staff/1",), "2": ("staff/2",)}
    cases.link(study, "staff/1", "1", coder=None)
    assert people(study)["1"] == ("1", "staff/1")


def test_a_survey_service_s_long_numbers_and_codes_with_letters_are_people_everywhere(study: Project) -> None:
    for name, text in (("a.csv", STAFF), ("b.csv", PARENTS)):
        wave(study, text.replace("\n1,", "\n3292879998,").replace("\n2,", "\nP2,"), name)
    assert people(study) == {"3292879998": ("a/3292879998", "b/3292879998"), "P2": ("a/P2", "b/P2")}


def test_two_surveys_whose_files_have_one_name_have_names_of_their_own(study: Project) -> None:
    wave(study, STAFF, "export.csv")
    wave(study, PARENTS, "export.csv")
    assert [survey.name for survey in study.surveys()] == ["export", "export~2"]
    assert sorted(people(study)) == ["export/1", "export/2", "export~2/1", "export~2/2"]


def test_the_file_of_columns_goes_and_comes_with_its_survey(study: Project) -> None:
    wave(study, FIRST)
    path = study.folder / "surveys" / "heads.yaml"
    written = path.read_text(encoding="utf-8")
    assert "went with its survey" in str(teamwork.undo(study, None).notices[0])
    assert not path.exists()
    assert teamwork.redo(study, None).notices == ()
    assert path.read_text(encoding="utf-8") == written


def test_an_edited_file_of_columns_stays_when_its_survey_goes_and_one_of_another_project_too(study: Project) -> None:
    wave(study, FIRST)
    path = study.folder / "surveys" / "heads.yaml"
    path.with_name("other.yaml").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    assert "was edited, so it stays" in str(teamwork.undo(study, None).notices[0])
    assert path.exists()
    assert path.with_name("other.yaml").exists()


def test_undoing_a_wave_with_a_new_column_puts_the_file_back_too(study: Project) -> None:
    wave(study, FIRST, survey_name="heads")
    path = study.folder / "surveys" / "heads.yaml"
    before = path.read_text(encoding="utf-8")
    more = "".join(f"{line},{'why' if n else 'And why?'}\n" for n, line in enumerate(SECOND.splitlines()))
    wave(study, more, "second.csv", survey_name="heads")
    assert "And why?" in path.read_text(encoding="utf-8")
    teamwork.undo(study, None)
    assert path.read_text(encoding="utf-8") == before


def moved(text: str) -> str:
    """The same rows with their columns the other way round."""
    rows = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    csv.writer(out).writerows(row[::-1] for row in rows)
    return out.getvalue()


def test_columns_in_another_order_change_no_answer(study: Project) -> None:
    wave(study, FIRST, survey_name="heads")
    before = dump(study)
    done = wave(study, moved(FIRST), "second.csv", survey_name="heads")
    assert (done.sources, done.cases) == ((), 0)
    assert "another order" not in said(done)
    wave(study, moved(FIRST), "third.csv", survey_name="heads", update=True)
    assert dump(study) == before


def test_a_respondent_without_an_id_among_others_is_known_by_content_and_the_others_by_their_id(study: Project) -> None:
    first = FIRST.replace("id,phase", "Respondent ID,phase").replace("R2,", ",", 1)
    assert 'without a value in "Respondent ID", known by their content: 1' in said(wave(study, first))
    corrected = first.replace("Time, when I have it", "Money, when I have it")
    done = wave(study, corrected)
    assert (done.sources, done.cases) == ((), 0)
    assert '"heads/R1": changed' in said(done)


def test_a_corrected_answer_of_somebody_without_id_may_be_a_second_person_which_is_said(study: Project) -> None:
    rows = FIRST.replace("id,phase", "phase of school,phase")
    assert "is here twice" not in said(wave(study, rows))
    done = wave(study, rows.replace("Time, when I have it", "Money, when I have it"))
    assert len(done.sources) == 1
    assert "that are new: 1, and that are not in this file any more: 1" in said(done)
