"""Questionnaires: roles of columns, answers as turns, respondents as cases, waves that add and never double."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace

import pytest

from qualcode.errors import InputError, UsageError
from qualcode.model import Bundle, SurveyBundle, stable_id
from qualcode.readers import ReadOptions, column_file
from qualcode.readers.survey import read, typed
from tests.readers.samples import QUESTIONNAIRE, xlsx

HEADER = "respondent,phase,What helps?,What hinders?\n"
ROWS = (
    'R01,primary,"The head, who comes to every meeting.",Time and dates and more dates.\n'
    "R02,secondary,Two free periods in every week.,\n"
    "R03,secondary,,\n"
)


def survey(text: str, **options: object) -> Bundle:
    return read(text.encode(), "wave one.csv", ReadOptions(**options))  # type: ignore[arg-type]


def roles(bundle: Bundle) -> dict[str, str]:
    """Role → its columns with their reasons."""
    assert isinstance(bundle, SurveyBundle)
    assert bundle.survey
    said: dict[str, list[str]] = {}
    for one in bundle.survey.columns:
        said.setdefault(one.role, []).append(f'{one.at + 1} "{one.name}" ({one.why})')
    return {role: "; ".join(columns) for role, columns in said.items()}


def test_answers_are_turns_with_their_question_and_no_question_in_the_text() -> None:
    got = survey(HEADER + ROWS).sources[0]
    assert got.text == "The head, who comes to every meeting.\n\nTime and dates and more dates."
    assert [(turn.prompt, got.quote(turn.span), turn.role, turn.speaker) for turn in got.turns] == [
        ("What helps?", "The head, who comes to every meeting.", "respondent", None),
        ("What hinders?", "Time and dates and more dates.", "respondent", None),
    ]
    assert (got.kind, got.name, got.case, got.file) == ("answers", "wave one/R01", "R01", "wave one.csv")


def test_blank_answers_are_counted_and_silent_respondents_are_cases_only() -> None:
    got = survey(HEADER + ROWS)
    assert [source.case for source in got.sources] == ["R01", "R02"]
    assert [(case.name, case.sources) for case in got.cases] == [
        ("R01", ("wave one/R01",)),
        ("R02", ("wave one/R02",)),
        ("R03", ()),
    ]
    said = "\n".join(notice.message for notice in got.notices)
    assert 'of 3 rows without an answer: "What helps?" 1; "What hinders?" 2' in said
    assert "kept as cases only: 1" in said


def test_closed_answers_are_attributes_and_personal_columns_are_left_out() -> None:
    got = survey(QUESTIONNAIRE)
    assert dict(got.cases[0].attributes) == {"phase": "primary", "years": 4}
    assert dict(got.cases[3].attributes) == {"phase": "primary", "years": "007"}
    assert roles(got)["left out"] == '4 "e-mail" (it may name a person)'
    assert "example.org" not in repr(got)


def test_other_please_specify_is_open() -> None:
    got = survey(QUESTIONNAIRE)
    assert [turn.prompt for turn in got.sources[1].turns] == ["What helps you in the role?", "Other (please specify)"]


def test_a_formula_and_a_line_break_stay_what_was_typed() -> None:
    texts = [source.text for source in survey(QUESTIONNAIRE).sources]
    assert texts[1].startswith("Two free periods a week,\nmost weeks.")
    assert texts[2].startswith("=A timetable")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("4", 4), ("-3", -3), ("2.5", 2.5), ("0", 0)]
    + [
        (same, same)
        for same in ("007", "1.50", "1,5", "4 ", "+4", "1e5", "٤", "yes", "-", "12345678901234567890", "nan")
    ],
)
def test_only_numbers_written_exactly_become_numbers(value: str, expected: object) -> None:
    assert typed(value) == expected
    assert type(typed(value)) is type(expected)


def test_every_column_is_said_with_its_role_and_why() -> None:
    said = roles(survey(HEADER + ROWS))
    assert said["case"].startswith('1 "respondent"')
    assert '3 "What helps?" (varied answers of' in said["open"]
    assert said["closed"].startswith('2 "phase"')


def test_options_overrule_the_guess_by_header_or_number() -> None:
    got = survey(HEADER + ROWS, open=("2",), closed=("What helps?",), ignore=("what  HINDERS?",))
    assert [turn.prompt for turn in got.sources[0].turns] == ["phase"]
    assert set(got.cases[0].attributes) == {"What helps?"}
    assert roles(got)["left out"] == '4 "What hinders?" (as told)'


def test_case_names_the_column_of_cases() -> None:
    assert [case.name for case in survey(HEADER + ROWS, case="phase").cases] == ["primary", "secondary"]


def test_an_unknown_column_names_the_nearest_header() -> None:
    with pytest.raises(InputError, match=r'no column for --open "What helped\?" — did you mean "What helps\?"'):
        survey(HEADER + ROWS, open=("What helped?",))


def test_a_column_named_for_two_roles_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match='"phase" is named for two roles'):
        survey(HEADER + ROWS, open=("phase",), closed=("2",))


def test_without_an_open_column_the_way_out_is_said() -> None:
    with pytest.raises(InputError, match=r"no column of open answers — name one with --open"):
        survey("id,phase\n1,primary\n2,secondary\n")


def test_a_header_without_rows_is_an_input_error() -> None:
    with pytest.raises(InputError):
        survey("id,phase,why\n", open=("why",))


def test_importing_the_next_wave_adds_and_never_doubles() -> None:
    first = survey(HEADER + ROWS)
    second = read(
        (HEADER + ROWS + "R04,primary,Nothing at all helps me here.,\n").encode(), "wave two.csv", ReadOptions()
    )
    known = {source.id for source in first.sources}
    assert {source.id for source in second.sources} - known == {second.sources[-1].id}
    assert [source.case for source in second.sources] == ["R01", "R02", "R04"]


def test_another_header_is_another_survey_unless_the_name_says_so() -> None:
    changed = HEADER.replace("phase", "sector") + ROWS
    ids = [{source.id for source in survey(text).sources} for text in (HEADER + ROWS, changed)]
    assert not ids[0] & ids[1]
    named = [{source.id for source in survey(text, survey_name="heads").sources} for text in (HEADER + ROWS, changed)]
    assert named[0] == named[1]
    assert survey(HEADER + ROWS, survey_name="heads").sources[0].name == "heads/R01"


def test_the_id_is_a_hash_of_survey_and_case() -> None:
    got = survey(HEADER + ROWS, survey_name="heads").sources[0]
    assert got.id == stable_id("answers", "heads", "case", "R01")


WITHOUT_ID = "phase,What helps?\nprimary,No\nprimary,No\nprimary,The head does; every week she does.\n"


def test_two_respondents_who_wrote_the_same_are_two() -> None:
    got = survey(WITHOUT_ID, open=("What helps?",))
    assert [source.text for source in got.sources[:2]] == ["No", "No"]
    assert len({source.id for source in got.sources}) == 3
    assert len({case.name for case in got.cases}) == 3
    assert "no column says whose row it is" in str([notice.message for notice in got.notices])


def test_rows_without_an_id_keep_id_and_name_when_rows_are_added_before_them() -> None:
    before = survey(WITHOUT_ID, open=("2",))
    header, _, rest = WITHOUT_ID.partition("\n")
    after = read(f"{header}\nsecondary,New\n{rest}primary,No\n".encode(), "other name.csv", ReadOptions(open=("2",)))
    kept = {(source.id, source.case) for source in before.sources}
    assert kept < {(source.id, source.case) for source in after.sources}
    assert len(after.sources) == 5


def test_rows_that_repeat_a_case_are_sources_of_one_case() -> None:
    got = survey(
        "record_id,event,comments\n1,first,Well enough then.\n1,second,Worse by far.\n2,first,All well here.\n"
    )
    assert [(source.name, source.case) for source in got.sources] == [
        ("wave one/1", "1"),
        ("wave one/1 (2)", "1"),
        ("wave one/2", "2"),
    ]
    assert got.cases[0].sources == ("wave one/1", "wave one/1 (2)")
    assert got.cases[0].attributes["event"] == "first"
    assert "rows that repeat a case" in str([notice.message for notice in got.notices])


def test_a_qualtrics_export() -> None:
    text = (
        "StartDate,Status,IPAddress,ResponseId,RecipientEmail,Q1,Q2,Q2 - Topics\n"
        "Start Date,Response Type,IP Address,Response ID,Recipient Email,How many years?,What helps?,Q2 - Topics\n"
        '"{""ImportId"":""startDate""}","{""ImportId"":""status""}","{""ImportId"":""ipAddress""}",'
        '"{""ImportId"":""_recordId""}","{""ImportId"":""recipientEmail""}","{""ImportId"":""QID1""}",'
        '"{""ImportId"":""QID2_TEXT""}","{""ImportId"":""QID2_TEXT_x""}"\n'
        "2021-05-04 10:00:00,0,192.0.2.7,R_a,,4,Tea,\n"
        "2021-05-04 11:00:00,0,192.0.2.8,R_b,,7,Time,\n"
    )
    got = survey(text)
    assert [source.case for source in got.sources] == ["R_a", "R_b"]
    assert got.sources[0].turns[0].prompt == "What helps?"
    assert dict(got.cases[0].attributes) == {"Q1": 4}
    assert "192.0.2" not in repr(got.sources) + repr(got.cases)


def test_a_surveymonkey_export() -> None:
    text = (
        "Respondent ID,Collector ID,IP Address,Which do you use?,,,What helps?\n"
        ",,,E-mail,Telephone,Other (please specify),Open-Ended Response\n"
        "11,5,192.0.2.7,E-mail,,,Tea\n"
        "12,5,192.0.2.8,,Telephone,Pigeons,Time\n"
        "13,5,192.0.2.9,E-mail,Telephone,,\n"
    )
    got = survey(text)
    assert [turn.prompt for turn in got.sources[1].turns] == [
        "Which do you use?: Other (please specify)",
        "What helps?",
    ]
    assert dict(got.cases[2].attributes) == {"Which do you use?": "E-mail; Telephone"}


def test_a_google_forms_export_with_several_choices_in_a_cell() -> None:
    rows = "".join(
        f'2021/05/{n:02} 9:00:00 AM,"{", ".join(("Mail", "Phone", "Visit")[: n % 3 + 1])}",'
        f'"Some words that only respondent {n} would ever say about it"\n'
        for n in range(1, 13)
    )
    got = survey("Timestamp,Which do you use?,What else?\n" + rows)
    said = roles(got)
    assert "Timestamp" in said["left out"]
    assert "Which do you use?" in said["closed"]
    assert "What else?" in said["open"]


def test_names_of_schools_and_courses_are_no_answers() -> None:
    schools = [
        "Hill Road Primary School",
        "St Anne Upper School",
        "Green Lane Junior School",
        "Old Mill First School",
        "Park High School",
        "Brook End Infant School",
    ]
    rows = "".join(
        f"{n},{school},I came here because it was near {n} of the others\n" for n, school in enumerate(schools)
    )
    said = roles(survey("id,Your school,How did you come here?\n" + rows))
    assert '"Your school" (names)' in said["closed"]
    assert "How did you come here?" in said["open"]


def test_tick_boxes_of_one_question_are_one_attribute_with_what_was_chosen() -> None:
    rows = "".join(f"{n},{n % 2},1,2,Words of respondent {n} that are his own\n" for n in range(8))
    got = survey("record_id,meds___1,meds___2,form_complete,notes_text\n" + rows)
    assert [dict(case.attributes) for case in got.cases[:2]] == [{"meds": "2"}, {"meds": "1; 2"}]
    assert '"form_complete"' in roles(got)["left out"]


@pytest.mark.parametrize(
    ("headers", "ticked"),
    [
        (("use[SQ1]", "use[SQ2]"), ("Y", "N")),
        (("Which do you use? [SQ1]", "Which do you use? [SQ2]"), ("Yes", "No")),
        (("SQ1:Which do you use?", "SQ2:Which do you use?"), ("SQ1", "")),
        (("Which do you use? - SQ1", "Which do you use? - SQ2"), ("SQ1", "")),
    ],
)
def test_the_tick_boxes_of_each_tool_are_understood(headers: tuple[str, str], ticked: tuple[str, str]) -> None:
    other = "SQ2" if ticked[0] == "SQ1" else ticked[0]
    rows = f"1,{ticked[0]},{ticked[1]},Words enough to be an answer\n2,{ticked[0]},{other},Other words that were said\n"
    got = survey(f"id,{headers[0]},{headers[1]},Why?\n{rows}")
    assert [list(case.attributes.values()) for case in got.cases] == [["SQ1"], ["SQ1; SQ2"]]


EVENTS = (
    "record_id,redcap_event_name,weight,arm,visit_comments\n"
    "1,enrolment,60,a,Well enough then.\n1,visit_1,62,,Worse by far today.\n2,enrolment,70,b,All well here too.\n"
)


def test_the_events_of_a_record_are_sources_of_one_case_and_keep_their_values_apart() -> None:
    got = survey(EVENTS)
    assert [(s.name, s.case) for s in got.sources] == [
        ("wave one/1 (enrolment)", "1"),
        ("wave one/1 (visit_1)", "1"),
        ("wave one/2 (enrolment)", "2"),
    ]
    assert dict(got.cases[0].attributes) == {"weight": 60, "arm": "a", "weight (visit_1)": 62}


def test_an_event_that_is_exported_later_and_before_the_others_changes_no_id() -> None:
    header, *rows = EVENTS.splitlines(keepends=True)
    more = survey("".join([header, "1,screening,59,,Tired in the morning.\n", *rows]))
    before = {source.id: source.text for source in survey(EVENTS).sources}
    assert before.items() < {source.id: source.text for source in more.sources}.items()


def test_a_column_added_in_the_next_wave_and_left_blank_keeps_who_is_known_by_content() -> None:
    before = survey(WITHOUT_ID, open=("What helps?",), survey_name="heads")
    lines = WITHOUT_ID.splitlines()
    wider = "\n".join([f"{lines[0]},sector", *(f"{line}," for line in lines[1:]), "primary,All of it,state", ""])
    after = survey(wider, open=("What helps?",), survey_name="heads")
    assert {source.id for source in before.sources} < {source.id for source in after.sources}


def test_a_closed_questionnaire_that_is_called_a_survey_makes_cases_only() -> None:
    got = survey("id,phase\n1,primary\n2,secondary\n", survey=True)
    assert (got.sources, [case.name for case in got.cases]) == ((), ["1", "2"])


WAVES = "id,phase,Why?\n" + "".join(
    f"{n},primary,Because {n} reasons spoke for it and some against\n" for n in range(9)
)
SECOND = "id,phase,Why?\n9,primary,No\n10,primary,No\n11,secondary,No\n12,primary,No\n13,primary,No\n14,primary,No\n"


def test_the_next_wave_takes_over_what_was_decided_about_the_columns() -> None:
    first = survey(WAVES)
    assert isinstance(first, SurveyBundle)
    assert first.survey
    assert roles(survey(SECOND, survey=True))["closed"].count('"Why?"') == 1  # alone it would be guessed closed
    second = survey(SECOND, known=(first.survey,))
    assert '"Why?" (as in the wave before)' in roles(second)["open"]
    assert len(second.sources) == 6
    assert '"Why?" (as told)' in roles(survey(SECOND, known=(first.survey,), closed=("Why?",)))["closed"]


def test_a_wave_is_known_by_its_name_or_by_its_header() -> None:
    first = survey(WAVES)
    named = survey(WAVES, survey_name="heads")
    assert isinstance(first, SurveyBundle)
    assert isinstance(named, SurveyBundle)
    assert first.survey
    assert named.survey
    ids = {source.id for source in first.sources}
    assert {source.id for source in survey(WAVES, survey_name="heads", known=(first.survey,)).sources} == ids
    ids = {source.id for source in named.sources}
    assert {source.id for source in survey(WAVES, known=(named.survey,)).sources} == ids
    assert not ids & {source.id for source in survey(WAVES, survey_name="tutors", known=(named.survey,)).sources}
    other = replace(named.survey, name="tutors", identity="tutors")
    with pytest.raises(UsageError, match="may be a wave of several surveys"):
        survey(WAVES, known=(named.survey, other))


def test_a_wave_whose_respondents_would_come_in_twice_is_refused() -> None:
    first = survey(WAVES, survey_name="heads")
    assert isinstance(first, SurveyBundle)
    assert first.survey
    with pytest.raises(InputError, match='knows its respondents by the column "id"'):
        survey("nr,phase,Why?\n1,primary,Because of it\n", survey_name="heads", known=(first.survey,))
    with pytest.raises(InputError, match='knows its respondents by the column "id"'):
        survey(WAVES, case="phase", known=(first.survey,))


def test_a_file_of_columns_decides_and_options_overrule_it() -> None:
    file = column_file.parse(b'survey: heads\ncolumns:\n  "What helps?": closed\n  phase: left out\n', "heads.yaml")
    got = survey(HEADER + ROWS, columns=file)
    assert "as in heads.yaml" in roles(got)["closed"]
    assert got.sources[0].name == "heads/R01"
    assert '"What helps?" (as told)' in roles(survey(HEADER + ROWS, columns=file, open=("What helps?",)))["open"]


def test_what_is_written_about_columns_is_read_again() -> None:
    first = survey(HEADER + ROWS)
    assert isinstance(first, SurveyBundle)
    assert first.survey
    back = column_file.parse(column_file.written(first.survey).encode(), "x.yaml")
    assert back.survey == "wave one"
    assert dict(back.roles) == {one.name: one.role for one in first.survey.columns}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns:\n  a: opne\n", 'x.yaml:2: no role "opne" — did you mean "open"'),
        ("columns:\n  a: open\n  a: open\n", 'x.yaml:3: "a" stands twice'),
        ("colums:\n  a: open\n", "no entry"),
        ("columns: [a]\n", "x.yaml:1: here stand lines"),
        ("survey: heads\n", "says nothing of columns"),
        ("columns: {a: [\n", "cannot be read as YAML"),
        ("- a\n", "x.yaml:1: here stand lines"),
    ],
)
def test_a_faulty_file_of_columns_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        column_file.parse(text.encode(), "x.yaml")


def test_coordinates_and_the_index_of_a_statistics_program_are_left_out() -> None:
    rows = "".join(f'{n * n},"51.50{n}, -0.12{n}",The {n} reasons that I have given\n' for n in range(3, 9))
    said = roles(survey(f",where,Why?\n{rows}"))
    assert "it may say where a person is" in said["left out"]
    assert "row numbers" in said["left out"]


def test_a_workbook_is_read_like_a_csv() -> None:
    rows = [
        line.split(";")
        for line in ("respondent;phase;What helps?", "R01;primary;The head, who comes to every meeting.")
    ]
    got = read(xlsx(rows), "wave.xlsx", ReadOptions())
    assert (got.sources[0].name, got.sources[0].text) == ("wave/R01", "The head, who comes to every meeting.")


def test_a_transcript_in_rows_is_no_questionnaire_unless_told() -> None:
    text = "speaker,text\nJan,How did you come to it?\nMaya,I was asked.\nJan,And who asked?\nMaya,The head did.\n"
    assert survey(text).sources[0].kind == "interview"
    assert survey(text, survey=True, open=("text",)).sources[0].kind == "answers"


def test_ten_thousand_answers_take_little_time_and_memory() -> None:
    rows = "".join(
        f'R{n},{("primary", "secondary")[n % 2]},{n % 30},"What respondent {n} wrote about the first, in words",'
        f'"And about the second, {n % 977} of them",\n'
        for n in range(5_000)
    )
    raw = ("respondent,phase,years,What helps you?,What hinders you?,Anything else?\n" + rows).encode()
    begun = time.process_time()
    got = read(raw, "large.csv", ReadOptions())
    assert time.process_time() - begun < 2
    assert sum(len(source.turns) for source in got.sources) == 10_000
    tracemalloc.start()
    read(raw, "large.csv", ReadOptions())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150 * 1024 * 1024
