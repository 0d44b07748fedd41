"""Edits in place: the meant change happens, and no other byte changes."""

from __future__ import annotations

import difflib
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qualcode import codebook as room
from qualcode.errors import CodebookError, CodebookProblems
from qualcode.model import Code, Codebook, Cue
from tests.codebook.strategies import codebooks, items, texts

WRITTEN = """\
# My codebook, by hand.

qualcode: 1
name: role   # short
version: '1.0'
codes:
  # The first one.
  - code: managerial   # stays
    label: "Managerial"
    definition: |
      Line one.

      Line two.

    # a remark inside managerial
    examples: ['one', two]   # flow
    codes:
    - code: paper
      definition: >-
        folded
        text
    # about dates
    - code: "dates"


  # The second one,
  # on two lines.
  - label: Pastoral
    code: pastoral
    cues:
      - tea   # always

# The end.
"""


def changed(before: str, after: str) -> list[str]:
    """The changed lines, with - and + in front."""
    lines = list(difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True)))
    return [line for line in lines if line[0] in "+-"]


def paths(text: str) -> list[str]:
    book = room.read_text(text, "f").codebook
    assert book is not None
    return [code.path for code in book.codes]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_renaming_changes_one_word_and_keeps_its_quotation_marks(end: str) -> None:
    text = WRITTEN.replace("\n", end)
    after = room.rename_code(text, "role/managerial/dates", "calendar")
    assert changed(text, after) == [f'-     - code: "dates"{end}', f'+     - code: "calendar"{end}']
    after = room.rename_code(text, "role/managerial", "running")
    assert changed(text, after) == [f"-   - code: managerial   # stays{end}", f"+   - code: running   # stays{end}"]
    assert paths(after) == ["role/running", "role/running/paper", "role/running/dates", "role/pastoral"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_adding_puts_lines_in_and_changes_none(end: str) -> None:
    text = WRITTEN.replace("\n", end)
    after = room.add_code(text, "role/managerial/new", label="New", definition="What: it is", example="So “he” said")
    assert changed(text, after) == [
        f"+     - code: new{end}",
        f"+       label: New{end}",
        f'+       definition: "What: it is"{end}',
        f"+       examples:{end}",
        f'+         - "So “he” said"{end}',
    ]
    after = room.add_code(text, "role/evaluative")
    assert changed(text, after) == [f"+   - code: evaluative{end}", f"+ {end}"]
    after = room.add_code(text, "role/pastoral/denied")
    assert changed(text, after) == [f"+     codes:{end}", f"+       - code: denied{end}"]


def test_adding_to_an_empty_codebook_however_it_is_written() -> None:
    for codes in ("codes: []\n", "codes: []", "codes:\n", "codes:", "codes:  # none yet\n", "codes: []   # none yet\n"):
        text = f"qualcode: 1\nname: open\n{codes}"
        after = room.add_code(text, "open/first", label="First")
        assert paths(after) == ["open/first"]
        assert after.startswith("qualcode: 1\nname: open\ncodes:")
        assert ("# none yet" in after) == ("# none yet" in text)


def test_moving_takes_comments_along_and_indents_anew() -> None:
    after = room.move_code(WRITTEN, "role/pastoral", "role/managerial/paper")
    assert paths(after) == [
        "role/managerial",
        "role/managerial/paper",
        "role/managerial/paper/pastoral",
        "role/managerial/dates",
    ]
    assert (
        "        # The second one,\n        # on two lines.\n        - label: Pastoral\n          code: pastoral\n"
        in after
    )
    assert "            - tea   # always\n" in after
    up = room.move_code(WRITTEN, "role/managerial/dates", "role")
    assert paths(up)[-1] == "role/dates"
    assert '\n  # about dates\n  - code: "dates"\n' in up


def test_moving_there_and_back_gives_the_same_codebook() -> None:
    text = room.move_code(WRITTEN, "role/managerial", "role/pastoral")
    assert paths(text)[0] == "role/pastoral"
    back = room.move_code(text, "role/pastoral/managerial", "role")
    first, last = room.read_text(WRITTEN, "f").codebook, room.read_text(back, "f").codebook
    assert first is not None
    assert last is not None
    assert sorted(room.bare(last).codes, key=str) == sorted(room.bare(first).codes, key=str)
    assert sorted(line.strip() for line in back.split("\n") if "#" in line) == sorted(
        line.strip() for line in WRITTEN.split("\n") if "#" in line
    )


def test_retiring_takes_only_the_lines_of_that_code_out() -> None:
    after = room.retire_code(WRITTEN, "role/managerial/dates")
    assert changed(WRITTEN, after) == ["-     # about dates\n", '-     - code: "dates"\n']
    with pytest.raises(CodebookError, match="role/managerial/paper, role/managerial/dates"):
        room.retire_code(WRITTEN, "role/managerial")
    after = room.retire_code(WRITTEN, "role/managerial", with_children=True)
    assert paths(after) == ["role/pastoral"]
    assert all(line.startswith("-") for line in changed(WRITTEN, after))
    assert "# The end." in after
    last = room.retire_code(after, "role/pastoral")
    assert paths(last) == []
    assert "codes: []" in last


def test_items_are_added_to_lists_in_brackets_with_dashes_and_to_none() -> None:
    after = room.add_items(WRITTEN, "role/managerial", "examples", ["a: b", "c"])
    assert '    examples: [\'one\', two, "a: b", "c"]   # flow\n' in after
    after = room.add_items(WRITTEN, "role/pastoral", "cues", ["sympathy", Cue("lemma", "listen")])
    assert changed(WRITTEN, after) == ['+       - "sympathy"\n', "+       - {lemma: listen}\n"]
    after = room.add_items(WRITTEN, "role/managerial/paper", "examples", ["x"])
    assert changed(WRITTEN, after) == ["+       examples:\n", '+         - "x"\n']
    assert room.add_items(WRITTEN, "role/pastoral", "cues", []) == WRITTEN
    with pytest.raises(CodebookError, match="not a list"):
        room.add_items(WRITTEN, "role/pastoral", "label", ["x"])


def test_merging_keeps_examples_and_cues_that_the_other_lacks() -> None:
    text = room.add_items(WRITTEN, "role/pastoral", "examples", ["one", "cup of tea"])
    after = room.merge_code(text, "role/pastoral", "role/managerial")
    book = room.read_text(after, "f").codebook
    assert book is not None
    assert book.codes[0].examples == ("one", "two", "cup of tea")
    assert book.codes[0].cues == (Cue("phrase", "tea"),)
    assert "role/pastoral" not in paths(after)


def test_splitting_adds_codes_beside_the_old_one() -> None:
    after = room.split_code(WRITTEN, "role/managerial/dates", ["Term dates", "Meetings", "Meetings"])
    assert paths(after)[3:6] == ["role/managerial/term-dates", "role/managerial/meetings", "role/managerial/meetings-2"]


def test_a_request_that_does_not_fit_is_refused_with_a_way_out() -> None:
    for act, said in [
        (lambda: room.rename_code(WRITTEN, "role/pastorl", "x"), 'did you mean "role/pastoral"'),
        (lambda: room.rename_code(WRITTEN, "role/pastoral", "managerial"), "already a code"),
        (lambda: room.rename_code(WRITTEN, "role/pastoral", "The Care"), 'say "the-care"'),
        (lambda: room.add_code(WRITTEN, "role/pastoral"), "already a code"),
        (lambda: room.add_code(WRITTEN, "roles/new"), "no code"),
        (lambda: room.add_code(WRITTEN, "role/nobody/new"), "no code"),
        (lambda: room.move_code(WRITTEN, "role/managerial", "role/managerial/paper"), "below itself"),
        (lambda: room.merge_code(WRITTEN, "role/pastoral", "role/pastoral"), "into itself"),
    ]:
        with pytest.raises(CodebookError, match=said):
            act()
    with pytest.raises(CodebookProblems):
        room.add_code("qualcode: 1\n", "x/a")


def test_a_codebook_in_brackets_is_renamed_but_otherwise_left_to_its_owner() -> None:
    text = '{"qualcode": 1, "name": "x", "codes": [{"code": "a"}, {"code": "b"}]}'
    assert room.rename_code(text, "x/b", "c") == text.replace('"b"', '"c"')
    for act in (
        lambda: room.add_code(text, "x/c"),
        lambda: room.retire_code(text, "x/b"),
        lambda: room.move_code(text, "x/b", "x/a"),
    ):
        with pytest.raises(CodebookError, match="brackets"):
            act()


def bundled_texts() -> list[str]:
    return [room.text_of(room.bundled_path(name)) for name in room.bundled()]


def kept_lines(before: str, after: str) -> bool:
    """Whether every line of `before` is still there, in order."""
    rest = iter(after.split("\n"))
    return all(any(line == other for other in rest) for line in before.split("\n") if line.strip())


def test_codes_of_the_bundled_codebooks_can_be_renamed_extended_and_taken_out() -> None:
    tried = 0
    for text in bundled_texts():
        for path in paths(text)[::2]:
            renamed = room.rename_code(text, path, "entirely-new")
            assert len(changed(text, renamed)) in (2, 4)
            assert kept_lines(text, room.add_code(text, f"{path}/below", label="Below", example="x: y"))
            retired = room.retire_code(text, path, with_children=True)
            assert kept_lines(retired.replace("codes: []", "codes:"), text)
            tried += 1
    assert tried >= 9


@settings(max_examples=40, deadline=None)
@given(codebooks(), st.data())
def test_adding_and_renaming_in_any_codebook_do_what_was_meant(book: Codebook, data: st.DataObject) -> None:
    text = room.dump(book)
    if data.draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    parent = data.draw(st.sampled_from([book.name, *(code.path for code in book.codes)]))
    path = f"{parent}/new-one"
    label, definition, example = data.draw(texts), data.draw(texts), data.draw(items)
    added = room.add_code(text, path, label=label, definition=definition, example=example)
    assert kept_lines(text.replace("codes: []", "codes:"), added)
    reading = room.read_text(added, "f").codebook
    assert reading is not None
    assert Code(path, label, definition, examples=(example,)) in room.bare(reading).codes
    assert room.bare(replace(reading, codes=tuple(c for c in reading.codes if c.path != path))) == room.bare(book)
    renamed = room.rename_code(added, path, "renamed")
    assert renamed == added.replace("code: new-one", "code: renamed")
    assert room.bare(read(room.retire_code(renamed, f"{parent}/renamed"))) == room.bare(book)


@settings(max_examples=25, deadline=None)
@given(codebooks(), st.data())
def test_moving_in_any_codebook_carries_the_code_whole(book: Codebook, data: st.DataObject) -> None:
    assume(len(book.codes) > 1)
    path = data.draw(st.sampled_from([code.path for code in book.codes]))
    places = [book.name, *(code.path for code in book.codes)]
    taken = {code.path for code in book.codes}
    last = path.rpartition("/")[2]
    places = [place for place in places if not f"{place}/".startswith(f"{path}/") and f"{place}/{last}" not in taken]
    assume(places)
    parent = data.draw(st.sampled_from(places))
    moved = read(room.move_code(room.dump(book), path, parent))
    target = f"{parent}/{last}"
    wanted = [
        replace(code, path=target + code.path[len(path) :]) if f"{code.path}/".startswith(f"{path}/") else code
        for code in book.codes
    ]
    assert sorted(room.bare(moved).codes, key=str) == sorted(
        room.bare(replace(book, codes=tuple(wanted))).codes, key=str
    )


def read(text: str) -> Codebook:
    book = room.read_text(text, "f").codebook
    assert book is not None
    return book
