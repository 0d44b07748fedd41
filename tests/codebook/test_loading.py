"""Reading a codebook file: what it gives, and that every problem is said at once with its place."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest

from qualcode import codebook as room
from qualcode.errors import CodebookError, CodebookProblems
from qualcode.model import Cue, stable_id

SMALL = """\
# a comment
qualcode: 1
name: role
version: 1.0
title: The role
basis: literature
codes:
  - code: managerial
    label: Managerial
    definition: >
      Running things,
      and saying so.
    include: ["one", two]
    exclude:
      - three
    examples:
      - "Yes: I do."
    counterexamples: []
    cues: [liaise, "time: table", {lemma: organise}, {regex: 'mentor (meeting|training)'}]
    speakers: [respondent]
    colour: "#4477aa"
    key: m
    codes:
      - code: no
        label: 1:30
"""


def said(text: str) -> list[str]:
    """Errors and warnings as ``line:column: message``."""
    notices = room.read_text(text, "FILE").notices
    return [str(notice).removeprefix("FILE:") for notice in notices if notice.severity != "info"]


def wrapped(line: str) -> str:
    """A codebook whose eighth line is `line`, inside a code."""
    return f"qualcode: 1\nname: role\nversion: '1'\ncodes:\n- code: a\n  label: A\n  definition: D\n  {line}\n"


def test_every_field_of_a_file_arrives_in_the_codebook() -> None:
    reading = room.read_text(SMALL, "role.yaml")
    assert reading.problems == ()
    book = reading.codebook
    assert book is not None
    assert (book.name, book.version, book.title, book.basis) == ("role", "1.0", "The role", "literature")
    managerial, child = book.codes
    assert managerial.path == "role/managerial"
    assert managerial.definition == "Running things, and saying so."
    assert managerial.include == ("one", "two")
    assert managerial.exclude == ("three",)
    assert managerial.examples == ("Yes: I do.",)
    assert managerial.cues == (
        Cue("phrase", "liaise"),
        Cue("phrase", "time: table"),
        Cue("lemma", "organise"),
        Cue("regex", "mentor (meeting|training)"),
    )
    assert (managerial.speakers, managerial.colour, managerial.key) == (("respondent",), "#4477aa", "m")
    assert child.parent == managerial.path


def test_scalars_stay_what_was_typed() -> None:
    book = room.read_text(SMALL, "f").codebook
    assert book is not None
    assert (book.version, book.codes[1].path, book.codes[1].label) == ("1.0", "role/managerial/no", "1:30")


def test_ids_come_from_the_codebook_and_the_path_and_nothing_else() -> None:
    book = room.read_text(SMALL, "f").codebook
    moved = room.read_text(SMALL.replace("# a comment\n", "").replace("Managerial", "Other"), "g").codebook
    assert book is not None
    assert moved is not None
    assert [code.id for code in book.codes] == [stable_id("code", "role", code.path) for code in book.codes]
    assert [code.id for code in book.codes] == [code.id for code in moved.codes]
    assert book.sha256 != moved.sha256


def test_an_empty_codebook_can_be_written_in_three_ways() -> None:
    for codes in ("codes: []", "codes:", "codes:   # none yet"):
        book = room.read_text(f"qualcode: 1\nname: open\nversion: '0'\n{codes}\n", "f").codebook
        assert book is not None, codes
        assert (book.name, book.codes) == ("open", ())


def test_byte_order_mark_and_crlf_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    plain = room.read_text(SMALL, "f").codebook
    assert plain is not None
    loaded = room.load(path).codebooks[0]
    assert room.bare(loaded) == room.bare(plain)
    assert loaded.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert room.text_of(path).encode() == path.read_bytes()


def test_all_problems_are_said_at_once_in_file_order(tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text(
        'qualcode: 1\nname: Role Names\ncodes:\n  - code: a\n    exmaples: ["x"]\n    colour: red\n'
        "    speakers: [responder]\n    cues: [{regex: '('}]\n  - code: a\n  - label: no code\n"
    )
    with pytest.raises(CodebookProblems) as caught:
        room.load(path)
    problems = [str(problem).removeprefix(str(path)) for problem in caught.value.problems]
    assert [problem.split(": ")[0] for problem in problems] == [
        ":2:7", ":5:5", ":6:13", ":7:16", ":8:20", ":9:11", ":10:5",
    ]  # fmt: skip
    assert 'unknown key "exmaples" — did you mean "examples"?' in problems[1]
    assert str(path) in str(caught.value)
    assert "(and 6 more)" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file is empty"),
        ("# only a comment\n", "1:1: the file is empty"),
        ("- a\n- b\n", "1:1: this is no codebook"),
        ("just some words\n", "1:1: this is no codebook"),
        ("language: en\nunit: turn\n", "1:1: this is no codebook"),
        ("name: x\ncodes: []\n", "1:1: a codebook without `qualcode`"),
        ("qualcode: 1\ncodes: []\n", "1:1: a codebook without `name`"),
        ("qualcode: 1\nname: x\n", "1:1: a codebook without `codes`"),
        ("qualcode: 2\nname: x\ncodes: []\n", '1:11: format "2"; this qualcode reads format 1'),
        ("qualcode: [1]\nname: x\ncodes: []\n", "1:11: format that is not a number"),
        ("qualcode: 1\nname:\ncodes: []\n", "2:6: `name` is empty"),
        ("qualcode: 1\nname: ''\ncodes: []\n", "2:7: `name` is empty"),
        ("qualcode: 1\nname: The Role\ncodes: []\n", '2:7: `name` takes small letters a-z, digits and hyphens'),
        ("qualcode: 1\nname: x\ncodes: all\n", "3:8: `codes` must be a list"),
        ("qualcode: 1\nname: x\ncodes: [a]\n", "3:9: this is no code"),
        ("qualcode: 1\nname: x\nnaem: y\ncodes: []\n", '3:1: unknown key "naem" — did you mean "name"?'),
        ("qualcode: 1\nname: x\nbasis: dta\ncodes: []\n", '3:8: unknown basis "dta" — did you mean "data"?'),
        ("qualcode: 1\nname: x\ncodes: []\n--- \nname: y\n", "4:1: a second document begins here"),
        ("qualcode: 1\nname: x\ncodes:\n\t- code: a\n", "4:1: a tab where YAML takes only spaces"),
        ("qualcode: 1\nname: x\ntitle: 'open\ncodes: []\n", "3:8: this quotation mark is never closed"),
        ("qualcode: 1\nname: x\ntitle: a: b\ncodes: []\n", "3:9: a colon and a space inside a text"),
        ("qualcode: 1\n name: x\ncodes: []\n", "2:6: a colon and a space inside a text"),
        ("qualcode: 1\nname: x\ncodes:\n  - code: a\n   - code: b\n", "5:4: this does not line up with the lines"),
        ("qualcode: 1\nname: x\ntitle: &a b\ncodes: []\n", "3:8: an anchor (&) is not taken here"),
        ("qualcode: 1\nname: x\ntitle: *a\ncodes: []\n", "3:8: an alias (*) is not taken here"),
        ("qualcode: 1\nname: x\ntitle: !!python/none a\ncodes: []\n", "3:8: a tag (!) is not taken here"),
        ("qualcode: 1\nname: x\n? [a]\n: b\ncodes: []\n", "3:3: a list or mapping cannot be a key"),
        ("qualcode: 1\nname: x\ntitle: a\x00b\ncodes: []\n", "3:9: a character that text cannot hold (U+0000)"),
        ("qualcode: 1\nname: x\ntitle: a\ud800b\ncodes: []\n", "3:9: a character that text cannot hold (U+D800)"),
        ('qualcode: 1\nname: x\ntitle: "\\ud800"\ncodes: []\n', "3:8: half of a character"),
    ],
)  # fmt: skip
def test_a_broken_file_is_explained_at_its_place(text: str, expected: str) -> None:
    first = said(text)[0]
    assert first[: len(expected)] == expected
    assert " — " in first


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("exmaples: [x]", '8:3: unknown key "exmaples" — did you mean "examples"?'),
        ("color: '#112233'", '8:3: unknown key "color" — did you mean "colour"?'),
        ("children: []", '8:3: unknown key "children" — did you mean "codes"?'),
        ("label: B", '8:3: the key "label" stands twice (first on line 6)'),
        ("colour: red", '8:11: "red" is no colour — write six hexadecimal digits in quotes'),
        ("colour: 47a", '8:11: "47a" is no colour — write "#4477aa", in quotes'),
        ("colour: #4477aa", "8:10: `colour` is empty, because # begins a comment — put the colour in quotes"),
        ("key: ctrl", '8:8: "ctrl" is no key — write one letter or digit in quotes'),
        ("key: ' '", '8:8: " " is no key'),
        ("speakers: [interviewee]", '8:14: unknown speakers "interviewee" — did you mean "interviewer"?'),
        ("speakers: respondent", "8:13: `speakers` is a list"),
        ("examples: one text", "8:13: `examples` is a list"),
        ("examples: [{said: so}]", "8:14: an item of `examples` is a text, but a colon in it makes a key"),
        ("examples: ['', b]", "8:14: an empty item in `examples`"),
        ("examples: [[laughs] yes]", "8:13: this [ is not closed where it should be"),
        ("examples: [[laughs]]", "8:14: an item of `examples` is a text, not a list"),
        ("examples:", "8:12: `examples` is empty — fill it in, or delete the line"),
        ("cues: [{lema: x}]", '8:11: unknown kind of cue "lema" — did you mean "lemma"?'),
        ("cues: [{lemma: x, regex: y}]", "8:10: a cue is one text, {lemma: …} or {regex: …}"),
        ("cues: [a, b, a]", '8:16: the cue "a" stands twice'),
        ("cues: [{regex: 'a(b'}]", "8:18: this pattern cannot be used: missing )"),
        ("cues: [{regex: 'a*'}]", "8:18: this pattern cannot be used: it matches the empty text"),
        ("cues: [{regex: '((((a{50}){50}){50}){50})'}]", "8:18: this pattern cannot be used: its repeats"),
        ("cues: [{regex: '" + "a" * 501 + "'}]", "8:18: this pattern cannot be used: it is longer than 500"),
        ("include: {a: b}", "8:12: `include` is a list"),
        ("codes: {code: b}", "8:10: `codes` must be a list"),
    ],
)
def test_a_wrong_field_is_explained_at_its_place(line: str, expected: str) -> None:
    assert said(wrapped("key: x")) == []
    got = said(wrapped(line))
    assert got
    assert got[0][: len(expected)] == expected


def test_a_code_that_is_no_slug_is_told_its_slug() -> None:
    (one,) = said(wrapped("codes: [{code: Level of Support, definition: D}]"))
    assert one.startswith('8:18: `code` takes small letters a-z, digits and hyphens, not "Level of Support"')
    assert 'write "level-of-support" and put the readable name in `label:`' in one
    (path,) = said(wrapped("codes: [{code: role/b, definition: D}]"))
    assert path.startswith('8:18: "role/b" is a path — write only its last part')


def test_twin_codes_are_refused_beside_each_other_and_allowed_below_different_parents() -> None:
    twins = wrapped("codes: [{code: b, definition: D}, {code: b, definition: D}]")
    assert said(twins) == ['8:44: two codes "b" in one list (the first on line 8) — rename one, or merge the two']
    cousins = wrapped("codes: [{code: b, definition: D, codes: [{code: b, definition: D}]}]")
    assert said(cousins) == []


def test_a_missing_definition_and_a_key_used_twice_are_warnings_and_the_codebook_loads() -> None:
    text = "qualcode: 1\nname: x\ncodes:\n- code: a\n  key: m\n- code: b\n  definition: D\n  key: m\n"
    reading = room.read_text(text, "f")
    assert reading.codebook is not None
    assert said(text) == [
        "4:9: x/a has no definition — say what the code means",
        '8:8: the key "m" already belongs to x/a — choose another character',
    ]


def test_few_examples_and_no_cues_are_hints_for_leaves_only() -> None:
    text = "qualcode: 1\nname: x\nversion: 1\ncodes:\n- code: a\n  definition: D\n  codes: [{code: b, definition: D}]\n"
    notices = room.read_text(text, "f").notices
    assert [(notice.severity, notice.message.split()[0]) for notice in notices] == [("info", "x/a/b")] * 2


def test_check_returns_notices_and_load_returns_warnings_with_the_codebook(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("qualcode: 1\nname: x\ncodes: [{code: a}]\n")
    notices = room.check(path)
    assert notices
    assert {notice.severity for notice in notices} <= {"warning", "info"}
    assert room.load(path).notices == notices
    path.write_text("qualcode: 1\nname: x\ncodes: [{code: A}]\n")
    assert [notice.severity for notice in room.check(path)].count("error") == 1


def test_a_file_that_is_not_utf8_is_named_with_the_place_of_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("qualcode: 1\nname: caf\u00e9\n".encode("cp1252"))
    assert [str(notice) for notice in room.check(path)] == [
        f"{path}:2:10: this is not UTF-8 — save the file again as UTF-8 text"
    ]
    with pytest.raises(CodebookProblems):
        room.load(path)


def test_a_missing_file_a_folder_and_a_huge_file_are_clean_errors(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").write_text(SMALL)
    with pytest.raises(CodebookError, match=r'did you mean "roles.yaml"'):
        room.load(tmp_path / "rolse.yaml")
    with pytest.raises(CodebookError, match="cannot read"):
        room.check(tmp_path)
    with pytest.raises(CodebookError):
        room.check(tmp_path / "a\x00b")
    huge = tmp_path / "huge.yaml"
    huge.write_text("#" * 1_100_000)
    with pytest.raises(CodebookError, match="larger than"):
        room.load(huge)


def test_messages_never_repeat_a_text_of_the_file_at_length() -> None:
    secret = "my mother never knew about any of it and I never told her"
    for line in (f"colour: {secret}", f"key: {secret}", f"examples: {secret}", f"speakers: [{secret}]"):
        got = said(wrapped(line))
        assert got
        assert all(secret not in one for one in got)


def test_surrogate_pairs_as_json_writes_them_are_joined() -> None:
    book = room.read_text('{"qualcode": 1, "name": "x", "title": "\\ud83d\\ude00", "codes": []}', "f").codebook
    assert book is not None
    assert book.title == "\U0001f600"


def test_the_bundled_codebooks_load_without_errors_or_warnings_in_a_quarter_of_a_second() -> None:
    begun = time.process_time()
    for name in room.bundled():
        room.load(room.bundled_path(name))
    spent = time.process_time() - begun
    notices = [notice for name in room.bundled() for notice in room.check(room.bundled_path(name))]
    assert [str(notice) for notice in notices if notice.severity != "info"] == []
    assert spent < 1.0  # 0.19 s measured with the imports; the rest is room for a busy machine
