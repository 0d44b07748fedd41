"""SPSS files: labels for codes, blanks for missing values, and one line without the reader."""

from __future__ import annotations

import sys

import pytest

from qualcode.errors import ExitStatus, InputError, MissingExtra
from qualcode.model import SurveyBundle
from qualcode.readers import ReadOptions, cases, read_bytes
from tests.readers.samples import questionnaire_sav, sav


def test_an_spss_file_is_read_like_a_questionnaire() -> None:
    got = read_bytes(questionnaire_sav(), "answers.sav")
    assert isinstance(got, SurveyBundle)
    assert [(s.case, s.text, s.turns[0].prompt) for s in got.sources] == [
        ("R1", "Because I was asked to, twice.", "Why did you take the role?"),
        ("R2", "The café head, who comes to us.", "Why did you take the role?"),
    ]
    assert [dict(case.attributes) for case in got.cases] == [
        {"PHASE": "primary", "YEARS": 4},
        {"PHASE": "secondary"},
    ]


def test_an_spss_file_is_known_without_its_ending() -> None:
    assert len(read_bytes(questionnaire_sav(), "answers").sources) == 2


def test_tick_boxes_by_their_labels_are_one_attribute() -> None:
    ticks = {0.0: "No", 1.0: "Yes"}
    columns = [
        ("id", "", 8, {}),
        ("use1", "What do you use? [Mail]", 0, ticks),
        ("use2", "What do you use? [Talk]", 0, ticks),
        ("why", "Why?", 40, {}),
    ]
    raw = sav(columns, [("R1", 1.0, 1.0, "Because I was asked to, twice."), ("R2", 0.0, 1.0, "Nobody else was there.")])
    got = read_bytes(raw, "answers.sav")
    assert [dict(case.attributes) for case in got.cases] == [
        {"What do you use?": "Mail; Talk"},
        {"What do you use?": "Talk"},
    ]


def test_a_sheet_of_attributes_may_be_an_spss_file() -> None:
    got = cases.read(questionnaire_sav(), "cases.sav", ReadOptions(ignore=("why",)))
    assert [(case.name, case.attributes["PHASE"]) for case in got.cases] == [("R1", "primary"), ("R2", "secondary")]


def test_without_its_reader_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(MissingExtra, match=r'answers\.sav is an SPSS file.*pip install "qualcode\[spss\]"') as caught:
        read_bytes(questionnaire_sav(), "answers.sav")
    assert caught.value.status == ExitStatus.PLUGIN


@pytest.mark.parametrize("raw", [b"", b"$FL2", b"$FL2" + b"\0" * 400, questionnaire_sav()[:300]])
def test_a_damaged_file_is_refused_in_one_line(raw: bytes) -> None:
    with pytest.raises(InputError):
        read_bytes(raw, "answers.sav")


def test_a_file_that_kills_the_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(InputError, match="is no SPSS file that can be read"):
        read_bytes(questionnaire_sav(), "answers.sav")
