"""``qualcode.yaml``: every key is checked, and the default file is a valid one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qualcode.errors import ProjectError
from qualcode.settings import FILE, KEYS, SIZE, Settings, default_text, read_settings, settings_of

FULL = """
coder: ann
language: cy
unit: sentence
respondents: [P1, "P 2"]
blind: yes
round: 2
attribution: "[{phase} coordinator]"
suggest:
  when: beside
  min_precision: 0.9
backups: no
study:
  title: Two phases
  question: >
    What does the role
    ask?
  approach: framework
  ethics: Approved
"""


def test_every_key_is_read() -> None:
    got = settings_of(FULL)
    assert (got.coder, got.language, got.unit, got.respondents) == ("ann", "cy", "sentence", ("P1", "P 2"))
    assert (got.blind, got.round, got.attribution, got.backups) == (True, 2, "[{phase} coordinator]", False)
    assert (got.suggest_when, got.min_precision) == ("beside", 0.9)
    assert (got.study.title, got.study.question) == ("Two phases", "What does the role ask?")
    assert (got.study.approach, got.study.ethics) == ("framework", "Approved")


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "study:\n", "coder:\nround:\n", "\ufeff"])
def test_what_is_not_settled_keeps_its_default(text: str) -> None:
    assert settings_of(text.removeprefix("\ufeff")) == Settings()


def test_a_name_that_yaml_would_read_as_something_else_stays_a_name() -> None:
    assert settings_of("coder: no\n").coder == "no"
    assert settings_of("coder: 007\n").coder == "007"


def test_one_respondent_may_stand_without_brackets() -> None:
    assert settings_of("respondents: P1\n").respondents == ("P1",)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("coder: a\ncodr: b\n", 2, 'no setting "codr" — did you mean "coder"?'),
        ("sugest:\n  when: off\n", 1, 'did you mean "suggest"?'),
        ("suggest:\n  wen: off\n", 2, 'no setting "suggest.wen" — did you mean "suggest.when"?'),
        ("approach: reflexive\n", 1, 'did you mean "study.approach"?'),
        ("zzzzzzzz: 1\n", 1, "known: coder, language"),
        ("coder: a\ncoder: b\n", 2, "`coder` stands twice"),
        ("coder: [a, b]\n", 1, "write one line of text"),
        ("blind: maybe\n", 1, "write yes or no"),
        ("round: 0\n", 1, "write a whole number from 1"),
        ("round: two\n", 1, "write a whole number from 1"),
        ("round: 9999999999999999999999\n", 1, "write a whole number from 1"),
        ("suggest:\n  min_precision: 80\n", 2, "write a number from 0 to 1"),
        ("suggest:\n  min_precision: nan\n", 2, "write a number from 0 to 1"),
        ("unit: sentense\n", 1, "did you mean sentence?"),
        ("study: yes\n", 1, "`study` holds keys"),
        ("- coder\n", 1, "holds keys"),
        ("? [a]\n: b\n", 1, "a key is not a word"),
        ("a: &x 1\nb: *x\n", 2, "an alias"),
        ('coder: "a\n', 2, "cannot be read as YAML"),
        ("coder: a\n  language: b\n", 2, "cannot be read as YAML"),
    ],
)
def test_a_mistake_names_file_line_and_way_out(text: str, line: int, expected: str) -> None:
    with pytest.raises(ProjectError) as caught:
        settings_of(text)
    assert str(caught.value).startswith(f"{FILE}:{line}: ")
    assert expected in str(caught.value)


@pytest.mark.parametrize("text", ["[" * 60_000, "a: " + "{" * 20_000, "coder: \x00\n", "%YAML 9999999999.1\n---\na: 1"])
def test_hostile_yaml_is_a_clean_error(text: str) -> None:
    with pytest.raises(ProjectError, match=FILE):
        settings_of(text)


def test_a_file_that_is_no_text_or_too_large_is_a_clean_error(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"coder: \xff\xfe\n")
    with pytest.raises(ProjectError, match="not UTF-8"):
        read_settings(tmp_path)
    (tmp_path / FILE).write_bytes(b"#" * (SIZE + 1))
    with pytest.raises(ProjectError, match="larger than"):
        read_settings(tmp_path)
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(ProjectError, match="cannot read"):
        read_settings(tmp_path)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings()


def test_the_default_file_settles_the_approach_only_and_shows_every_key() -> None:
    text = default_text()
    assert settings_of(text) == Settings()
    assert settings_of(default_text("reflexive")).study.approach == "reflexive"
    for name in KEYS:
        assert re.search(rf"^(# )? *{re.escape(name.rpartition('.')[2])}: ", text, re.MULTILINE), name


def test_the_default_file_is_valid_once_everything_is_uncommented() -> None:
    lines = default_text().splitlines()
    keys = [re.sub(r"^# (?= *\w+:)", "", line) for line in lines[1:]]
    got = settings_of("\n".join(keys))
    assert (got.coder, got.attribution, got.respondents) == ("ann", "[{phase} coordinator]", ("P1", "P2"))


def test_what_is_settled_from_the_start_is_read_back() -> None:
    settled = {"coder": 'Ann "A" O\'Hara: é', "language": "no", "study.title": "# [x]\n- y"}
    got = settings_of(default_text("framework", settled))
    assert (got.coder, got.study.approach, got.language) == (settled["coder"], "framework", "no")
    assert got.study.title == "# [x] - y"
