"""What each survey tool's columns are, as it exports them, also in other languages."""

from __future__ import annotations

import csv
import io

import pytest

from qualcode.model import SurveyBundle
from qualcode.readers import ReadOptions
from qualcode.readers.survey import read

HELPS = (
    "The mentor helps me to plan the lessons.",
    "Not much, to be honest with you.",
    "My colleagues, because they listen.",
    "The timetable leaves room for talk.",
    "Having somebody whom I know.",
    "Nothing at all, I am afraid.",
)


def survey(header: list[list[str]], row: str, delimiter: str = ",") -> SurveyBundle:
    """A table of six rows: `row` has its cells separated by bars, # for the row's number, WORDS for an open answer,
    A/B for one that alternates."""
    out = io.StringIO()
    written = csv.writer(out, delimiter=delimiter)
    written.writerows(header)
    for n, words in enumerate(HELPS, 1):
        cells = [cell.split("/")[n % 2] if "/" in cell else cell for cell in row.split("|")]
        written.writerow([cell.replace("WORDS", words).replace("#", str(n)) for cell in cells])
    bundle = read(out.getvalue().encode(), "export.csv", ReadOptions())
    assert isinstance(bundle, SurveyBundle)
    return bundle


def roles(bundle: SurveyBundle) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in bundle.survey.columns if bundle.survey else ():
        found.setdefault(one.role, []).append(one.name)
    return found


def test_limesurvey_with_codes_and_questions() -> None:
    header = ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "seed. Seed", "Q1. What helps?"]
    header += ["Q2[SQ1]. Which ways? [Mail]", "Q2[SQ2]. Which ways? [Phone]"]
    got = survey([header], "#|2024-05-01 10:00:00|3|1234|WORDS|Yes/No|No/Yes")
    assert roles(got)["case"] == ["id. Response ID"]
    assert roles(got)["left out"] == header[1:4]
    assert [case.attributes for case in got.cases[:2]] == [{"Q2. Which ways?": "Phone"}, {"Q2. Which ways?": "Mail"}]


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        (
            "Antwort ID|Datum Abgeschickt|Letzte Seite|Start-Sprache|Was hilft Ihnen?|Wege? [Post]|Wege? [Anruf]",
            "Ja",
            "Nein",
        ),
        (
            "ID de la réponse|Date de soumission|Dernière page|Langue de départ|Quoi ?|Voies ? [A]|Voies ? [B]",
            "Oui",
            "Non",
        ),
        ("ID da resposta|Data de envio|Última página|Idioma inicial|O que ajuda?|Vias? [A]|Vias? [B]", "Sim", "Não"),
        ("ID de respuesta|Fecha de envío|Última página|Lenguaje inicial|¿Qué?|¿Vías? [A]|¿Vías? [B]", "Sí", "No"),
    ],
)
def test_limesurvey_in_other_languages(header: str, yes: str, no: str) -> None:
    names = header.split("|")
    got = survey([names], f"#|2024-05-01 10:00:00|3|de|WORDS|{yes}/{no}|{no}/{yes}", ";")
    assert roles(got) == {"case": names[:1], "left out": names[1:4], "open": names[4:5], "closed": names[5:]}
    assert len({tuple(case.attributes) for case in got.cases}) == 1
    assert len(got.cases[0].attributes) == 1


@pytest.mark.parametrize(
    "stamp", ["Zeitstempel", "Horodateur", "Marca temporal", "Carimbo de data/hora", "Tijdstempel"]
)
def test_google_forms_in_other_languages(stamp: str) -> None:
    got = survey([[stamp, "E-Mail-Adresse", "What?"]], "01.05.2024 10:00:00|p#@example.org|WORDS")
    assert roles(got) == {"left out": [stamp, "E-Mail-Adresse"], "open": ["What?"]}


def test_redcap_with_labels() -> None:
    header = [
        "Record ID",
        "Event Name",
        "Survey Timestamp",
        "Ways? (choice=Mail)",
        "Ways? (choice=Phone)",
        "What?",
        "Complete?",
    ]
    got = survey([header], "#|Baseline|2024-05-01 10:00|Checked/Unchecked|Unchecked/Checked|WORDS|Complete")
    assert roles(got)["occasion"] == ["Event Name"]
    assert roles(got)["left out"] == ["Survey Timestamp", "Complete?"]
    assert got.cases[0].attributes == {"Ways?": "Phone"}


def test_an_event_name_of_another_tool_is_an_answer() -> None:
    got = survey([["ID", "Event name", "What?"]], "#|Fair/Feast|WORDS")
    assert roles(got)["closed"] == ["Event name"]


def test_kobo_and_odk_keep_what_was_asked() -> None:
    header = ["start", "end", "deviceid", "role", "What?", "_id", "_uuid", "_submission_time", "_status", "_index"]
    got = survey([header], "2024-05-01T10:00:00|2024-05-01T10:09:00|c:1|a/b|WORDS|30#|u-#|2024-05-01T10:10:00|sent|#")
    assert (roles(got)["case"], roles(got)["closed"]) == (["_id"], ["role"])


def test_a_column_called_start_is_an_answer_elsewhere() -> None:
    assert roles(survey([["id", "start", "What?"]], "#|early/late|WORDS"))["closed"] == ["start"]


def test_typeform_ticks_are_no_telephone_numbers() -> None:
    header = ["#", "Mail", "Phone", "What?", "Response Type", "Start Date (UTC)", "Submit Date (UTC)", "Network ID"]
    got = survey([header], "x#|Mail/|/Phone|WORDS|completed|2024-05-01 10:00:00|2024-05-01 10:09:00|a#")
    assert roles(got)["closed"] == ["Mail", "Phone"]
    assert roles(got)["left out"] == header[4:]


def test_telephone_numbers_are_left_out_all_the_same() -> None:
    assert roles(survey([["id", "Phone", "What?"]], "#|0555 #23|WORDS"))["left out"] == ["Phone"]


def test_unipark_codes_for_no_answer_are_blank() -> None:
    header = ["lfdn", "external_lfdn", "tester", "dispcode", "v_1", "v_2", "v_3", "browser", "datetime"]
    got = survey([header], "#|0|0|31|1/2|WORDS|-66/WORDS|Firefox|2024-05-01 10:00:00", ";")
    assert roles(got)["case"] == ["lfdn"]
    assert [len(source.turns) for source in got.sources] == [2, 1, 2, 1, 2, 1]
    assert "codes of Unipark for no answer" in "\n".join(map(str, got.notices))


def test_the_same_codes_in_another_tools_table_stay() -> None:
    got = survey([["id", "What?", "And?"]], "#|WORDS|-66/WORDS")
    assert [len(source.turns) for source in got.sources] == [2] * 6


def test_soscis_labels_are_questions_and_nobodys_answers() -> None:
    header = [
        ["CASE", "SERIAL", "QUESTNNR", "STARTED", "A101", "A102_01", "TIME001"],
        ["Interview number (ongoing)", "Serial number", "Questionnaire", "Time of start", "Role", "Help: [01]", "Time"],
    ]
    got = survey(header, "30#||base|2024-05-01 10:00:00|1/2|WORDS|30", "\t")
    assert [case.name for case in got.cases][:2] == ["301", "302"]
    assert got.sources[0].turns[0].prompt == "Help: [01]"
    bare = survey(header[:1], "30#||base|2024-05-01 10:00:00|1/2|WORDS|30", "\t")
    assert len(bare.cases) == 6


def test_a_ticked_other_of_qualtrics_is_a_choice_and_its_words_an_answer() -> None:
    header = [
        ["ResponseId", "Q1_1", "Q1_2", "Q1_2_TEXT", "Q2"],
        ["Response ID", "Ways? - Selected Choice - Mail", "Ways? - Selected Choice - Other (please specify)",
         "Ways? - Other (please specify) - Text", "What helps?"],
        ['{"ImportId":"_recordId"}', '{"ImportId":"QID1_1"}', '{"ImportId":"QID1_2"}', '{"ImportId":"QID1_2_TEXT"}',
         '{"ImportId":"QID2_TEXT"}'],
    ]  # fmt: skip
    got = survey(header, "R_#|Mail/|/Other (please specify)|/Pigeon post|WORDS")
    assert roles(got)["open"] == ["Q1_2_TEXT", "Q2"]
    assert got.cases[0].attributes == {"Ways?": "Other (please specify)"}


def test_jisc_knows_its_respondents_by_their_unique_number() -> None:
    got = survey([["Response Number", "Unique Response Number", "1. What helps?"]], "#|123456-#|WORDS")
    assert roles(got)["case"] == ["Unique Response Number"]
