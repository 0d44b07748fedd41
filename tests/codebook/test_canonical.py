"""`dump` and back: every codebook a file can hold comes back equal."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings

from qualcode import codebook as room
from qualcode.errors import CodebookError
from qualcode.model import Code, Codebook, Cue
from tests.codebook.strategies import NASTY, codebooks


@settings(max_examples=60, deadline=None)
@given(codebooks())
def test_a_codebook_comes_back_equal(book: Codebook) -> None:
    text = room.dump(book)
    again = room.read_text(text, "f").codebook
    assert again is not None
    assert room.bare(again) == room.bare(book)
    assert room.dump(again) == text


@pytest.mark.parametrize("nasty", NASTY, ids=lambda text: ascii(text)[:20])
def test_each_nasty_text_survives_in_every_place(nasty: str) -> None:
    some = (nasty,) if nasty.strip() else ()
    cues = tuple(Cue(kind, text) for text in some for kind in ("phrase", "lemma"))
    book = Codebook("x", nasty, (Code("x/a", nasty, nasty, some, some, some, some, cues),), title=nasty, basis=nasty)
    again = room.read_text(room.dump(book), "f").codebook
    assert again is not None
    assert room.bare(again) == book


def test_another_yaml_reader_understands_the_same_texts() -> None:
    """Words that YAML 1.1 takes for booleans, numbers and times are written so that anyone reads text."""
    for nasty in NASTY:
        if nasty:
            text = room.dump(Codebook("x", nasty, (Code("x/a", nasty, nasty),), title=nasty))
            seen = yaml.safe_load(text)
            assert (seen["version"], seen["title"], seen["codes"][0]["label"]) == (nasty, nasty, nasty)
            assert seen["codes"][0]["definition"].removesuffix("\n") == nasty.removesuffix("\n")


def test_the_form_is_the_documented_one() -> None:
    code = Code(
        "role/managerial", "Managerial: all of it", "Running the training in the school. " * 4 + "End.",
        ("one",), (), ("She said \u201cno\u201d.",), (), (Cue("phrase", "liaise"), Cue("regex", "it's")),
        ("respondent",), "#4477aa", "m",
    )  # fmt: skip
    assert room.dump(Codebook("role", "1.0", (code, Code("role/no")), "The role")) == (
        'qualcode: 1\nname: role\nversion: "1.0"\ntitle: The role\ncodes:\n  - code: managerial\n'
        '    label: "Managerial: all of it"\n    definition: >\n'
        "      Running the training in the school. Running the training in the school.\n"
        "      Running the training in the school. Running the training in the school.\n      End.\n"
        '    include:\n      - "one"\n    examples:\n      - "She said \u201cno\u201d."\n    cues:\n'
        "      - \"liaise\"\n      - {regex: 'it''s'}\n    speakers: [respondent]\n    colour: \"#4477aa\"\n"
        '    key: "m"\n\n  - code: "no"\n'
    )


def test_codes_are_written_below_their_parents_whatever_their_order() -> None:
    book = Codebook("x", codes=(Code("x/a"), Code("x/b"), Code("x/a/c")))
    again = room.read_text(room.dump(book), "f").codebook
    assert again is not None
    assert [code.path for code in again.codes] == ["x/a", "x/a/c", "x/b"]


@pytest.mark.parametrize(
    "codes",
    [
        (Code("x/a/b"),),
        (Code("y/a"),),
        (Code("x/a"), Code("x/a")),
        (Code("x/Level of Support"),),
        (Code("x/a", colour="red"),),
        (Code("x/a", speakers=("anyone",)),),
        (Code("x/a", examples=("",)),),
        (Code("x/a", cues=(Cue("regex", "("),)),),
        (Code("x/a", label="\ud800"),),
        tuple(Code("x" + "/a" * n) for n in range(1, 15)),
    ],
    ids=lambda codes: ascii(codes[0])[:60],
)
def test_what_no_file_can_hold_is_refused(codes: tuple[Code, ...]) -> None:
    with pytest.raises(CodebookError):
        room.dump(Codebook("x", codes=codes))


def test_the_bundled_codebooks_come_back_equal() -> None:
    names = room.bundled()
    assert names
    for name in names:
        book = room.load(room.bundled_path(name)).codebooks[0]
        again = room.read_text(room.dump(book), "f").codebook
        assert again is not None
        assert replace(again, sha256=book.sha256) == book


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u2069", "\ufff9", "\U000e0041"])
def test_what_would_reorder_or_hide_text_on_a_terminal_is_written_as_an_escape(hidden: str) -> None:
    book = Codebook("x", "1", (Code("x/a", f"one{hidden}two", f"three{hidden}four"),))
    text = room.dump(book)
    assert hidden not in text
    again = room.read_text(text, "f").codebook
    assert again is not None
    assert (again.codes[0].label, again.codes[0].definition) == (f"one{hidden}two", f"three{hidden}four")
