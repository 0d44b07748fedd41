"""Real public transcripts and survey exports: every word kept, speakers and roles as a reader of the file sees them."""

from __future__ import annotations

import re
import time
import zipfile
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from qualcode.errors import InputError, Undecodable
from qualcode.model import Bundle, Source
from qualcode.readers import read
from qualcode.speakers import assign
from qualcode.testing import check_bundle, check_no_word_lost

DATA = Path(__file__).parents[2].parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public data set is not beside this checkout")

SHEFFIELD = {"Ana": (123, 123), "Kelly": (75, 67), "Sam": (41, 43)}
MANNHEIMER = {
    "BSR01": ("BSR01", 41, 42),
    "BSR02": ("BSR02", 36, 35),
    "BSR03": ("BSR03", 46, 46),
    "BSR05": ("BSR05", 33, 33),
    "BSR06": ("BSRO6", 42, 42),
    "BSR07": ("BSR07", 36, 36),
    "BSR08": ("BSR08", 41, 40),
    "BSR09": ("BSR09", 37, 37),
    "BSR10": ("BSR10", 55, 54),
}


def bundle(path: str) -> Bundle:
    got = assign(read(DATA / path))
    check_bundle(got)
    return got


def source(path: str) -> Source:
    got = bundle(path).sources
    assert len(got) == 1
    return got[0]


def turns(talk: Source) -> dict[str | None, int]:
    return dict(Counter(turn.speaker for turn in talk.turns))


def roles(talk: Source) -> dict[str, str | None]:
    return {turn.speaker: turn.role for turn in talk.turns if turn.speaker}


def words_of_docx(path: Path) -> str:
    """The words of a Word document by zipfile and a pattern, independent of the reader."""
    with zipfile.ZipFile(path) as archive:
        body = archive.read("word/document.xml").decode()
    paragraphs = re.split(r"</w:p>|<w:br/>|<w:tab/>", body)
    return "\n".join(unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", one))) for one in paragraphs)


@pytest.mark.parametrize("ending", ["txt", "docx"])
@pytest.mark.parametrize("name", SHEFFIELD)
def test_sheffield_interviews(name: str, ending: str) -> None:
    path = f"13_sheffield_interviews/{name}.{ending}"
    if not (DATA / path).exists():
        pytest.skip(f"there is no {path}")
    talk = source(path)
    asked, answered = SHEFFIELD[name]
    assert turns(talk) == {None: 1, "Researcher 1": asked, name: answered}
    assert roles(talk) == {"Researcher 1": "interviewer", name: "respondent"}
    assert (talk.kind, talk.case) == ("interview", name)


@pytest.mark.parametrize("ending", ["txt", "docx"])
@pytest.mark.parametrize("name", MANNHEIMER)
def test_mannheimer_interviews(name: str, ending: str) -> None:
    path = f"04_mannheimer_qualcoder/documents/{name}_transcript_deidentified.{ending}"
    if not (DATA / path).exists():
        pytest.skip(f"there is no {path}")
    talk = source(path)
    respondent, asked, answered = MANNHEIMER[name]
    assert turns(talk) == {None: 5, "Sara Mannheimer": asked, respondent: answered}
    assert roles(talk) == {"Sara Mannheimer": "interviewer", respondent: "respondent"}
    assert all(turn.time is not None for turn in talk.turns if turn.speaker)
    assert talk.case == f"{name}_transcript_deidentified"


def _files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in DATA.glob(pattern))


@pytest.mark.parametrize(
    "path",
    _files("13_*/*.txt", "04_*/documents/*.txt", "03_*/*.txt", "05_*/text/*.txt", "30_*/*.txt"),
    ids=lambda path: path.name,
)
def test_a_plain_file_is_stored_as_it_is(path: Path) -> None:
    expected = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    assert read(path).sources[0].text == expected
    assert len(expected) > 100


@pytest.mark.parametrize(
    "path", _files("13_*/*.docx", "04_*/documents/*.docx", "20_*/*/*.docx"), ids=lambda path: path.name
)
def test_no_word_of_a_word_document_is_lost(path: Path) -> None:
    got = read(path)
    check_no_word_lost(got, words_of_docx(path))
    assert got.sources[0].text.split() == words_of_docx(path).split()


def test_a_withdrawn_interview_is_a_document() -> None:
    for ending in ("txt", "docx"):
        talk = source(f"04_mannheimer_qualcoder/documents/BSR04_removed.{ending}")
        assert (talk.kind, talk.speakers, talk.case, len(talk.turns)) == ("document", (), None, 2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("02", {"Interviewee1": 44, "Interviewer1": 43, "Interviewer2": 1, "Interviewer2 2": 1}),
        ("12", {"Interviewer 1": 53, "Interviewee": 95, "Interviewer 2": 12}),
        ("15", {"Interviewer 1": 42, "Interviewee": 118}),
        ("31", {"Interviewer 1": 55, "Interviewee": 70}),
    ],
)
def test_interviews_with_several_interviewers(name: str, expected: dict[str, int]) -> None:
    talk = source(f"03_mlss_delve/interview_{name}.txt")
    assert turns(talk) == expected
    assert (talk.kind, talk.case) == ("interview", f"interview_{name}")


@pytest.mark.parametrize(
    "name", ["P2_GMT20211119", "P3_GMT20211125", "P6_GMT20211126", "P9_GMT20211129", "P13_GMT20211203"]
)
def test_think_aloud_notes_have_one_labelled_voice(name: str) -> None:
    got = bundle(f"05_swj_taguette/text/{name}.txt")
    assert got.sources[0].speakers == ("MODERATOR",)
    assert "only" in str([notice.message for notice in got.notices])


@pytest.mark.parametrize(
    ("path", "speakers", "count"),
    [
        ("vtt/teams_v_tags.vtt", ("Speaker, First (Student)", "Interviewer, First"), 10),
        ("vtt/teams_premium.vtt", ("Charles", "Janaki"), 10),
        ("nvivo/teams_transcript_nvivo.txt", ("Speaker, First (Student)", "Interviewer, First"), 10),
        ("markdown/podcast_plain_a.md", ("Jonas", "John", "Pieter"), 121),
        ("markdown/changelog-592.md", ("Adam Stacoviak", "Bryan Cantrill"), 394),
        ("markdown/podcast_ts_a.md", ("Mark Erhardt", "Caralie Chrisco", "Adam Jonas"), 114),
        ("qualcoder_examples/transcript.txt", ("id1", "id2", "id3"), 7),
    ],
)
def test_transcripts_as_tools_write_them(path: str, speakers: tuple[str, ...], count: int) -> None:
    talk = source(f"20_formats/{path}")
    assert talk.speakers == speakers
    assert len(talk.turns) == count


def test_zoom_names_are_inside_the_cues() -> None:
    talk = source("20_formats/vtt/zoom_acdc_175.vtt")
    assert talk.speakers[:3] == ("Josh Davis", "Justin Florentine (Besu)", "stokes")
    assert len(talk.speakers) == 7


def test_a_chat_log_keeps_every_message_with_its_time() -> None:
    talk = source("20_formats/chat/zoom_chat_175.txt")
    assert len(talk.speakers) == 36
    assert len(talk.turns) == len(re.findall(r"(?m)^\d\d:\d\d:\d\d\t", talk.text)) == 130
    assert all(turn.time is not None for turn in talk.turns)


@pytest.mark.parametrize(
    "path", _files("20_formats/vtt/*.vtt", "20_formats/asr_json/*.vtt"), ids=lambda path: path.name
)
def test_no_word_of_a_caption_is_lost(path: Path) -> None:
    raw = path.read_text("utf-8-sig")
    lines = [
        line
        for line in raw.split("\n")[1:]
        if "-->" not in line and not re.fullmatch(r"\s*(\d+|[0-9a-f-]{30,}/\S+)\s*", line)
    ]
    plain = re.sub(r"<[^>]*>", " ", "\n".join(lines))
    if "zoom" in path.name:
        plain = re.sub(r"(?m)^[^:\n]{1,40}: ", "", plain)
    check_no_word_lost(read(path), unescape(plain))


def test_oral_histories_in_rows() -> None:
    talk = source("09_oral_history/hist325_Fritz_John.csv")
    assert roles(talk) == {
        "Lucas Fritz": "interviewer",
        "LF": "interviewer",
        "John Fritz": "respondent",
        "JF": "respondent",
    }
    assert len(talk.turns) == 47


def test_lessons_in_rows() -> None:
    path = next(iter(_files("06_talkmoves/*Alans_Infinity.xlsx")))
    talk = source(str(path.relative_to(DATA)))
    assert talk.speakers[:3] == ("Alan", "T", "Eric")
    assert len(talk.turns) == 27


@pytest.mark.parametrize(
    ("path", "sources", "cases", "answers"),
    [
        ("25_survey_exports/qualtrics_3header.csv", 1, 1, 1),
        ("25_survey_exports/redcap_simple_data.csv", 5, 5, 5),
        ("25_survey_exports/redcap_longitudinal_data.csv", 10, 3, 15),
        ("25_survey_exports/limesurvey_rse_2017_can.csv", 88, 110, 319),
        ("02_gwusec_survey/N3_primary.csv", 99, 99, 99),
        ("20_formats/qualcoder_examples/survey456.csv", 3, 3, 3),
        ("20_formats/qualcoder_examples/survey789.xlsx", 3, 3, 6),
        ("11_jupyter2015/20160115235816-SurveyExport.csv", 960, 1706, 8376),
    ],
)
def test_survey_exports(path: str, sources: int, cases: int, answers: int) -> None:
    got = bundle(path)
    assert (len(got.sources), len(got.cases)) == (sources, cases)
    assert sum(len(one.turns) for one in got.sources) == answers
    assert all(turn.prompt for one in got.sources for turn in one.turns)


def test_a_survey_of_boxes_only_is_refused_with_the_way_out() -> None:
    with pytest.raises(InputError, match="--open"):
        bundle("25_survey_exports/surveymonkey_StarWars.csv")


def test_personal_columns_of_an_export_are_left_out() -> None:
    got = bundle("25_survey_exports/redcap_simple_data.csv")
    assert not re.search(r"@|\(405\)", repr(got.sources) + repr(got.cases))


@pytest.mark.parametrize("path", _files("31_encodings/derived_Kelly_*.txt"), ids=lambda path: path.name)
def test_one_interview_in_seven_encodings(path: Path) -> None:
    plain = source("13_sheffield_interviews/Kelly.txt")
    talk = assign(read(path)).sources[0]
    assert talk.text == plain.text
    assert [turn.span for turn in talk.turns] == [turn.span for turn in plain.turns]


@pytest.mark.parametrize("path", _files("31_encodings/*-*.txt"), ids=lambda path: path.name)
def test_an_encoding_is_read_or_refused_with_the_way_out(path: Path) -> None:
    if path.stem.endswith(("UTF8", "Latin1")):
        assert read(path).sources[0].kind == "document"
    else:
        with pytest.raises(Undecodable, match="--encoding"):
            read(path)


@pytest.mark.parametrize(
    ("name", "asked", "answered"), [("ferguson_VOLUME_II.txt", 598, 629), ("ferguson_8_volumes_concat.txt", 5335, 5179)]
)
def test_court_text_of_a_megabyte_and_a_half_takes_under_three_seconds(name: str, asked: int, answered: int) -> None:
    begun = time.process_time()
    talk = source(f"30_long/{name}")
    assert time.process_time() - begun < 3
    assert (turns(talk)["Q"], turns(talk)["A"]) == (asked, answered)
    assert {"MS. ALIZADEH", "MS. WHIRLEY"} <= set(talk.speakers)


@pytest.mark.parametrize("path", _files("20_formats/cha/*.cha"), ids=lambda path: path.name)
def test_every_main_line_of_chat_is_a_turn(path: Path) -> None:
    lines = re.findall(r"^\*(\w+):", path.read_text("utf-8"), re.MULTILINE)
    if not lines:
        with pytest.raises(InputError):
            read(path)
        return
    talk = source(f"20_formats/cha/{path.name}")
    assert [turn.speaker for turn in talk.turns] == lines
    bullets = re.findall(rb"^\*[^\n]*\x15$", path.read_bytes(), re.MULTILINE)
    assert sum(turn.time is not None for turn in talk.turns) == len(bullets)


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("eaf/MaureenMarvinRobin.eaf", {"Maureen": 2, "Marvin": 1, "Robin": 1}),
        ("eaf/eopas_elan4.eaf", {None: 25}),
        ("trs/srr_4410.trs", {"Locuteur1": 1}),
        ("trs/fuc_4822.trs", {"locuteur1": 132, "locuteur2": 151, "locuteur3": 28, "locuteur4": 42}),
        ("trs/wol_41011.trs", {"locuteur 1": 1, "locuteur 2": 105, "locuteur 3": 60, "locuteur 4": 50}),
        ("asr_json/awsbites_1.json", {"Luciano": 6, "Eoin": 5}),
    ],
)
def test_files_of_linguists_and_services(path: str, counted: dict[str | None, int]) -> None:
    talk = source(f"20_formats/{path}")
    assert turns(talk) == counted
    assert all(turn.time is not None for turn in talk.turns)


@pytest.mark.parametrize("path", _files("20_formats/trs/*"), ids=lambda path: path.name)
def test_no_word_of_a_transcriber_file_is_lost(path: Path) -> None:
    said = re.sub(r"<[^>]*>", " ", path.read_text("utf-8"))
    check_no_word_lost(bundle(f"20_formats/trs/{path.name}"), unescape(said))
