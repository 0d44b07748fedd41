"""Any encoding, any script, any pattern: read as it was written, or refused in one line (O23-O25)."""

from __future__ import annotations

import codecs
import json
import time
import unicodedata
from pathlib import Path

import pytest

from tests.faults import deaths
from tests.faults.command import SECONDS, ask, picture, quiet, refuses, works

SAID = "Interviewer: Wie war’s?\n\nKoordinatorin: Über naïve Café-Gespräche – “völlig” 100 € wert.\n"
PLAIN = "Interviewer: How was it?\n\nCoordinator: Fine, I said.\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts") / "template"
    works(ask("init", folder))
    works(ask("--project", folder, "codebook", "add", "mood"))
    return folder


@pytest.fixture
def study(template: Path, tmp_path: Path) -> Path:
    return deaths.fresh(template, tmp_path / "study")


def text_of(study: Path, raw: bytes, *options: str) -> str:
    """Import these bytes and show the text they became."""
    file = study.parent / "talk.txt"
    file.write_bytes(raw)
    works(quiet(ask("--project", study, "import", file, *options)))
    return str(works(ask("--project", study, "show", "talk", "--json")).json["text"])


# -- O23: encodings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("cp1252", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_is_read_in_its_own_encoding(study: Path, encoding: str, mark: bytes, end: str) -> None:
    """O23: with and without a mark, with any line end."""
    assert text_of(study, mark + SAID.replace("\n", end).encode(encoding)) == SAID


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1250", "koi8-r", "cp1253", "shift_jis", "gb18030", "utf-7"])
def test_another_encoding_is_read_when_it_is_named(study: Path, encoding: str) -> None:
    """O23: and never guessed at in silence."""
    said = {"koi8-r": "Интервьюер: Как?\n\nКоординатор: Хорошо.\n", "cp1253": "Ερώτηση: Πώς;\n\nΜαρία: Καλά.\n"}
    said |= {"shift_jis": "聞き手: どう?\n\n先生: 元気です。\n", "gb18030": "访谈者: 怎么样?\n\n老师: 很好。\n"}
    text = said.get(encoding, "Interviewer: How?\n\nCoordinator: Fine, très bien.\n" if encoding != "cp1250" else PLAIN)
    assert text_of(study, text.encode(encoding), "--encoding", encoding) == text


UNREADABLE = {
    "Cyrillic as bytes": "Интервьюер: Как дела сегодня?\n\nКоординатор: Хорошо, спасибо большое.\n".encode("cp1251"),
    "Mac Roman": (
        "Interviewer: Café?\n\nKoordinator: naïve Gespräche über Café und Fräulein, élève, garçon.\n" * 5
    ).encode("mac_roman"),
    "nothing": b"",
    "blanks": b" \n\t\r\n" * 100,
    "NUL": bytes(4096),
    "NUL in between": PLAIN.encode().replace(b"Fine", b"Fi\0ne"),
    "odd UTF-16": codecs.BOM_UTF16_LE + b"a",
    "a mark alone": codecs.BOM_UTF8,
    "noise": bytes(range(256)) * 64,
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_bytes_that_are_no_text_are_refused_in_one_line(study: Path, name: str) -> None:
    """O23: a guess that gives implausible letters is none."""
    file = study.parent / "talk.txt"
    file.write_bytes(UNREADABLE[name])
    before = picture(study)
    refuses(ask("--project", study, "import", file), 3)
    assert picture(study) == before


@pytest.mark.parametrize("encoding", ["nonsense", "idna", "base64", "rot13", "zlib", "../x", "", "utf-8\0", "x" * 5000])
def test_an_encoding_that_is_none_is_refused(study: Path, encoding: str) -> None:
    """O23: Python's codecs that turn text into text, or bytes into bytes, read no file."""
    file = study.parent / "talk.txt"
    file.write_bytes(SAID.encode())
    said = ask("--project", study, "import", file, "--encoding", encoding)
    assert said.status == 0 if encoding == "" else refuses(said, 2, 3)


@pytest.mark.parametrize("inside", ["\ufeff", "\x0c", "\x1a", "\u2028", "\x85", "\u00ad", "\ufffd", "\U0010ffff"])
def test_a_strange_character_inside_a_text_shifts_nothing(study: Path, inside: str) -> None:
    """O23: whatever is kept or dropped, every quotation is what stands at its offsets, there and in the database."""
    text = text_of(study, f"Interviewer: One?\n\nCoordinator: before{inside}after, and the end.\n".encode())
    start = text.index("the end")
    made = works(
        ask(
            *("--project", study, "coding", "add", "--source", "talk", "--code", "mood", "--json"),
            *("--span", f"{start}:{start + 7}"),
        )
    )
    assert made.json["quote"] == "the end"
    with deaths.sound(study) as project:
        (row,) = project._conn.execute("SELECT quote FROM coded_segment").fetchall()
    assert row == ("the end",)


def test_a_NUL_that_an_encoding_lets_through_shifts_nothing(study: Path) -> None:
    """O23: SQLite's own functions stop at one."""
    raw = b"Interviewer: One?\n\nCoordinator: before\0after, and the end.\n"
    file = study.parent / "talk.txt"
    file.write_bytes(raw)
    said = quiet(ask("--project", study, "import", file, "--encoding", "utf-8"))
    if said.status:
        refuses(said, 3)
        return
    works(ask("--project", study, "coding", "add", "--source", "talk", "--quote", "the end", "--code", "mood"))
    with deaths.sound(study) as project:
        assert project._conn.execute("SELECT quote FROM coded_segment").fetchall() == [("the end",)]


def test_lone_surrogates_are_replaced_and_said(study: Path) -> None:
    """O23: half a pair is no character, and no database takes it."""
    file = study.parent / "talk.txt"
    file.write_bytes(PLAIN.encode().replace(b"Fine", b"Fi\xed\xa0\x80ne"))
    said = works(quiet(ask("--project", study, "import", file)))
    assert "U+FFFD" in said.text + said.line
    deaths.sound(study).close()


def test_a_line_of_ten_million_characters_is_taken_in_or_refused_in_time(study: Path) -> None:
    """O23: transcripts without a line end happen."""
    file = study.parent / "talk.txt"
    file.write_text("Interviewer: Go on?\n\nCoordinator: " + "and so on " * 1_000_000)
    began = time.monotonic()
    said = quiet(ask("--project", study, "import", file))
    assert time.monotonic() - began < SECONDS
    if said.status:
        refuses(said, 3)
    deaths.sound(study).close()


# -- O24: composed and joined characters ----------------------------------------------------------------------

FAMILY = "👩\u200d👩\u200d👧"
FLAG = "🇩🇪"
MARKED = "e\u0301\u0302"
APART = unicodedata.normalize("NFD", "Café")
WORDS = f"Interviewer: Wer?\n\nKoordinatorin: Café, {APART}, {FAMILY} und {FLAG}, {MARKED}.\n"
RTL = "מראיין: מה שלומך?\n\nרכזת: אני מתכננת את לוח הזמנים. (2024) سلام\n"


@pytest.mark.parametrize("text", [WORDS, RTL, "👍🏽" * 500, "a\u0301" * 500, "\u0e01\u0e33" * 200])
def test_a_text_of_any_script_is_stored_as_it_was_typed(study: Path, text: str) -> None:
    """O24: never normalised; offsets count code points."""
    said = text if ":" in text else f"Interviewer: A?\n\nCoordinator: {text}\n"
    assert text_of(study, said.encode()) == said
    assert works(ask("--project", study, "show", "talk")).out


@pytest.mark.parametrize("quote", ["Café", APART, FAMILY, FLAG, MARKED])
def test_a_quotation_is_found_as_it_stands_and_its_characters_stay_whole(study: Path, quote: str) -> None:
    """O24: composed and decomposed twins, families, flags; the quotation in every list is exactly that."""
    text = text_of(study, WORDS.encode())
    turn = ["--turn", "2"]
    said = ask(
        "--project", study, "coding", "add", "--source", "talk", "--quote", quote, "--code", "mood", *turn, "--json"
    )
    if said.status:
        assert "stands in" in refuses(said, 2)  # the two forms of one word are both meant by either
        return
    coding = works(said).json
    assert text[coding["start"] : coding["end"]] == coding["quote"]
    assert unicodedata.normalize("NFC", coding["quote"]) == unicodedata.normalize("NFC", quote)
    (listed,) = works(ask("--project", study, "coding", "list", "--json")).json
    assert listed["quote"] == coding["quote"]
    deaths.sound(study).close()


def test_no_coding_begins_or_ends_inside_a_character(study: Path) -> None:
    """O24: by span, in a batch too; the doctor would say so."""
    text = text_of(study, WORDS.encode())
    at = text.index(FAMILY)
    before = picture(study)
    for start, end in ((at + 1, at + 5), (at, at + 2), (text.index(MARKED) + 1, text.index(MARKED) + 3)):
        place = ("--source", "talk", "--span", f"{start}:{end}", "--code", "mood")
        assert "splits" in refuses(ask("--project", study, "coding", "add", *place), 2)
    assert picture(study) == before


def test_text_from_right_to_left_is_coded_and_written_in_its_own_order(study: Path) -> None:
    """O24: no mark is added to or taken from a quotation."""
    text_of(study, RTL.encode())
    quote = "אני מתכננת את לוח הזמנים. (2024) سلام"
    works(ask("--project", study, "coding", "add", "--source", "talk", "--quote", quote, "--code", "mood"))
    for format in ("md", "html", "csv", "docx", "latex"):
        out = study.parent / f"out.{format}"
        works(ask("--project", study, "export", "quotations", "--format", format, "--out", out))
        if format in ("md", "html", "csv"):
            assert quote in out.read_text(encoding="utf-8-sig")


# -- O25: patterns that never end -----------------------------------------------------------------------------

RUNAWAY = ("(a+)+$", "(a|aa)+b", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$")


@pytest.fixture
def guarded(study: Path) -> Path:
    """A project with a text on which those patterns run for ever, and a cue of each beside an honest one."""
    text_of(study, f"Interviewer: A?\n\nCoordinator: {'a' * 3000}{'x' * 3000} I plan the timetable!\n".encode())
    codes = [{"code": f"c{n}", "cues": [{"regex": pattern}]} for n, pattern in enumerate(RUNAWAY)]
    codes.append({"code": "planning", "cues": ["timetable"]})
    book = {"qualcode": "1", "name": "runaway", "version": "1", "title": "T", "codes": codes}
    (study.parent / "runaway.yaml").write_text(json.dumps(book))
    return study


def test_a_codebook_of_runaway_patterns_is_checked_in_time(guarded: Path) -> None:
    """O25: `check` runs no pattern on a text it cannot end on."""
    began = time.monotonic()
    said = quiet(ask("codebook", "check", guarded.parent / "runaway.yaml"))
    assert time.monotonic() - began < SECONDS
    assert said.status in (0, 1)


def test_a_runaway_pattern_is_switched_off_by_name_and_the_others_still_suggest(guarded: Path) -> None:
    """O25: each costs a second at most, once."""
    works(ask("--project", guarded, "codebook", "apply", guarded.parent / "runaway.yaml"))
    began = time.monotonic()
    said = works(quiet(ask("--project", guarded, "suggest", "--with", "cues")))
    assert time.monotonic() - began < SECONDS
    told = said.text + said.line
    assert all(pattern in told or f"runaway/c{n}" in told for n, pattern in enumerate(RUNAWAY[:3]))
    listed = works(ask("--project", guarded, "suggestions", "list", "--json")).json
    assert "runaway/planning" in {each["code"] for each in listed}


@pytest.mark.parametrize("pattern", ["(", "[a-", "(?P<x>a)(?P<x>b)", "a{99999999999}", "(?<=a*)b", "\\", "(?i" * 100])
def test_a_pattern_that_does_not_compile_is_a_problem_of_the_file(study: Path, pattern: str) -> None:
    """O25: with its place, and nothing is applied."""
    file = study.parent / "book.yaml"
    file.write_text(json.dumps({"qualcode": "1", "name": "b", "codes": [{"code": "c", "cues": [{"regex": pattern}]}]}))
    before = picture(study)
    began = time.monotonic()
    said = ask("--project", study, "codebook", "apply", file)
    assert time.monotonic() - began < SECONDS
    if said.status:
        assert "book.yaml" in refuses(said, 4)
        assert picture(study) == before
