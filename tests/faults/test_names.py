"""A name is only data: it becomes no path, no option, no command and no query (O20-O22)."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from tests.faults import deaths
from tests.faults.command import ask, launch, listing, picture, quiet, refuses, tables, works

TALK = "Interviewer: Number {}?\n\nCoordinator: I plan the timetable, don't I, number {}.\n"
# As names of files: a slash cannot be in one.
FILES = (
    "-rf.txt",
    "--help.txt",
    "$(touch canary).txt",
    "`touch canary`.txt",
    "; touch canary;.txt",
    "a\nb.txt",
    "tab\there.txt",
    "..txt",
    "...txt",
    " blank .txt",
    "CON.txt",
    "nul.txt",
    "a:b.txt",
    "a\\..\\..\\b.txt",
    "%2e%2e%2fx.txt",
    "~root.txt",
    "*.txt",
    "[laughs].txt",
    "\x1b]0;owned\x07.txt",
    "\u202etxt.exe.txt",
    "=1+1.txt",
    "x" * 240 + ".txt",
    "Ülkü.txt",
    "日本語.txt",
    "🧑‍🏫.txt",
)
# As names of anything else.
NAMES = (
    "../x",
    "../../../etc/cron.d/x",
    "/abs/olute",
    "/etc/passwd",
    "..",
    ".",
    "-rf",
    "--json",
    "$(touch canary)",
    "`touch canary`",
    "; touch canary",
    "line\nbreak",
    "C:\\x",
    "con",
    "x" * 300,
    "'; DROP TABLE coding; --",
    'a"b',
    "%s%n",
    "\u202eeman",
    "\x1b[2J",
)
TWINS = (("Mentor", "mentor"), ("MENTOR", "mentor"), ("ﬁ", "fi"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names") / "template"
    works(ask("init", folder))
    file = folder.parent / "talk.txt"
    file.write_text(TALK.format(1, 1))
    works(ask("--project", folder, "import", file))
    works(ask("--project", folder, "codebook", "add", "planning"))
    works(ask("--project", folder, "coding", "add", "--source", "talk", "--quote", "I plan", "--code", "planning"))
    return folder


@pytest.fixture
def study(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project two folders down, with a canary beside it."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "canary-is-here").write_text("untouched")
    monkeypatch.chdir(home)
    return deaths.fresh(template, home / "study")


def around(study: Path) -> dict[str, str]:
    """Everything beside the project."""
    return {name: said for name, said in listing(study.parent).items() if name.split("/")[0] != "study"}


SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,80}")


def assert_tidy(study: Path) -> None:
    """Only slugs are in the project, all of them private, and nothing was run."""
    for path in study.rglob("*"):
        assert SLUG.fullmatch(path.name) or path.name in (".gitignore",), path.name
        assert path.stat().st_mode & 0o077 == 0, path
        assert not path.is_symlink()
    assert not list(study.parent.rglob("canary"))
    deaths.sound(study).close()


def test_a_file_of_any_name_is_kept_under_a_slug_and_found_by_its_name(study: Path) -> None:
    """O20: the name of a file is only what its source is called."""
    files = study.parent / "files"
    files.mkdir()
    for n, name in enumerate(FILES):
        (files / name).write_text(TALK.format(n, "one of many"))
    before = around(study)
    said = quiet(works(ask("--project", study, "import", "--json", "--", *(files / name for name in FILES))))
    assert len(said.json["sources"]) == len(FILES)
    assert around(study) == before
    assert len(list((study / "transcripts").iterdir())) == len(FILES) + 1
    listed = quiet(works(ask("--project", study, "sources", "--json"))).json
    assert {source["file"] for source in listed} >= set(FILES)
    for source in listed:
        shown = works(ask("--project", study, "show", "--json", "--", source["name"])).json
        assert shown["id"] == source["id"]
    assert_tidy(study)


@pytest.mark.parametrize("name", ["-rf.txt", "$(touch canary).txt", "a\nb.txt"])
def test_a_file_named_like_an_option_or_a_command_is_imported_by_that_name(study: Path, name: str) -> None:
    """O20: as a shell hands it over, behind ``--``."""
    Path(name).write_text(TALK.format(7, 7))
    said = launch("--project", study, "import", "--json", "--", name)
    assert [source["name"] for source in works(said).json["sources"]] == [name.removesuffix(".txt")]
    assert_tidy(study)


def deeds(study: Path, name: str) -> list[tuple[str | Path, ...]]:
    """Commands that take `name` as the name of something."""
    return [
        ("codebook", "add", "--", name),
        ("memo", "add", "--", name),
        ("milestone", "--", name),
        ("cases", "set", "--", "talk", f"{name}={name}"),
        ("coding", "add", "--source", "talk", "--turn", "2", "--code", "planning", "--memo", name),
        ("sources", "done", "talk", "--coder", name),
        ("coding", "add", "--source", "talk", "--turn", "1", "--code", "planning", "--coder", name),
        ("report", "frequencies", "--by", name),
        ("coding", "list", "--where", f"coder:{json.dumps(name)}"),
        ("restore", "--", name),
        ("undo", "--", name),
        ("show", "--", name),
    ]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])
def test_no_name_leaves_the_project(study: Path, name: str) -> None:
    """O20: codes, coders, cases, milestones, memos, attributes; taken as data or refused in one line."""
    before = around(study)
    taken = 0
    for command in deeds(study, name):
        said = quiet(ask("--project", study, *command))
        assert said.status in (0, 2, 3, 5), (command, said)
        if said.status:
            refuses(said)
        taken += said.status == 0
    assert taken >= 4
    for command in (
        ("history",),
        ("codebook", "show"),
        ("memo", "list"),
        ("cases",),
        ("coding", "list"),
        ("milestone",),
    ):
        quiet(works(ask("--project", study, *command)))
    works(ask("--project", study, "export", "codings", "--format", "csv"))
    works(ask("--project", study, "backup"))
    assert around(study) == before
    assert_tidy(study)


@pytest.mark.parametrize("name", ["../x", "/abs", "$(touch canary)", "-rf", "line\nbreak"])
def test_a_hand_out_to_anybody_goes_where_it_was_told(study: Path, name: str) -> None:
    """O20: `--to` is a name, `--out` is the path."""
    before = around(study)
    works(quiet(ask("--project", study, "handout", "--to", name, "--out", "given.db")))
    assert set(around(study)) - set(before) == {"given.db"}
    assert Path("given.db").stat().st_mode & 0o077 == 0
    works(quiet(ask("init", "theirs", "--handout", "given.db", "--coder", name)))
    assert set(around(study)) - set(before) >= {"theirs", "given.db"}
    assert_tidy(Path("theirs"))


def test_an_export_writes_over_nothing_in_the_project_by_a_name(study: Path) -> None:
    """O20: a folder, a missing folder or the database as `--out` is no accident waiting to happen."""
    Path("folder").mkdir()
    for out in ("folder", "missing/deep/x.csv", "/proc/x.csv"):
        said = quiet(ask("--project", study, "export", "codings", "--format", "csv", "--out", out))
        if said.status:
            refuses(said)
    assert Path("folder").is_dir()
    assert list(Path("folder").iterdir()) == []
    deaths.sound(study).close()


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_names_that_look_alike_are_two(study: Path, one: str, other: str) -> None:
    """O21: names that differ in case, as sources, codes, coders and attributes: none swallows the other."""
    files = study.parent / "files"
    for n, name in enumerate((one, other)):
        (files / str(n)).mkdir(parents=True)
        (files / str(n) / f"{name}.txt").write_text(TALK.format(n, "again"))
        works(ask("--project", study, "import", files / str(n)))
        works(
            ask(
                "--project", study, "coding", "add", "--source", "talk", "--turn", "2", "--code", "planning", coder=name
            )
        )
        works(ask("--project", study, "cases", "set", "talk", f"{name}={n}"))
    listed = works(ask("--project", study, "sources", "--json")).json
    assert {one, other} <= {source["name"] for source in listed}
    texts = {name: works(ask("--project", study, "show", name, "--json")).json["text"] for name in (one, other)}
    assert "Number 0" in texts[one]
    assert "Number 1" in texts[other]
    codings = works(ask("--project", study, "coding", "list", "--json")).json
    assert {one, other} <= {coding["coder"] for coding in codings}
    talk = next(case for case in works(ask("--project", study, "cases", "--json")).json if case["name"] == "talk")
    assert (talk["attributes"][one], talk["attributes"][other]) == ("0", "1")
    assert_tidy(study)


def test_names_that_only_encode_their_accents_differently_are_one_person_and_two_texts(study: Path) -> None:
    """O21: one coder, one attribute; two files are two sources, whose names look different."""
    one, other = "José", unicodedata.normalize("NFD", "José")
    files = study.parent / "files"
    for n, name in enumerate((one, other)):
        (files / str(n)).mkdir(parents=True)
        (files / str(n) / f"{name}.txt").write_text(TALK.format(n, "again"))
        works(ask("--project", study, "import", files / str(n)))
        place = ("--source", "talk", "--turn", "2", "--code", "planning")
        works(ask("--project", study, "coding", "add", *place, coder=name))
        works(ask("--project", study, "cases", "set", "talk", f"{name}={n}"))
    listed = works(ask("--project", study, "sources", "--json")).json
    assert len({unicodedata.normalize("NFC", source["name"]) for source in listed}) == 3
    assert "Number 0" in works(ask("--project", study, "show", one, "--json")).json["text"]
    codings = works(ask("--project", study, "coding", "list", "--json")).json
    assert [coding["coder"] for coding in codings].count(one) == 1
    assert other not in {coding["coder"] for coding in codings}
    talk = next(case for case in works(ask("--project", study, "cases", "--json")).json if case["name"] == "talk")
    assert talk["attributes"] == {one: "1"}
    assert_tidy(study)


def test_a_name_is_found_however_its_accents_are_encoded(study: Path) -> None:
    """O21: a file named on one machine is asked for on another, whose keyboard composes what the other takes apart."""
    typed, apart = "José", unicodedata.normalize("NFD", "José")
    Path(f"{apart}.txt").write_text(f"Interviewer: And you?\n\n{apart}: I plan again.\n")
    works(ask("--project", study, "import", f"{apart}.txt"))
    assert works(ask("--project", study, "show", typed, "--json")).json["name"] == apart
    works(ask("--project", study, "cases", "set", typed, "phase=primary"))
    works(ask("--project", study, "speakers", typed, "rename", typed, "Ana"))
    (case,) = [one for one in works(ask("--project", study, "cases", "--json")).json if one["name"] == apart]
    assert case["attributes"] == {"phase": "primary"}
    assert b"Ana" in works(ask("--project", study, "show", typed)).out
    assert_tidy(study)


def test_the_same_name_with_another_text_is_another_source(study: Path) -> None:
    """O21: never a silent overwrite; the notice says how to revise instead."""
    Path("talk.txt").write_text(TALK.format(2, 2))
    said = works(ask("--project", study, "import", "talk.txt", "--json"))
    assert said.json["sources"][0]["name"] != "talk"
    assert "revise" in json.dumps(said.json)
    assert len(works(ask("--project", study, "sources", "--json")).json) == 2
    assert works(ask("--project", study, "coding", "list", "--json")).json[0]["quote"] == "I plan"


def test_a_project_folder_of_links_is_not_followed_out(study: Path) -> None:
    """O20: a codebook's file that is a link is not written through."""
    elsewhere = study.parent / "elsewhere.yaml"
    elsewhere.write_text("untouched")
    (study / "codebooks" / "open.yaml").unlink()
    (study / "codebooks" / "open.yaml").symlink_to(elsewhere)
    quiet(ask("--project", study, "codebook", "add", "listening"))
    assert elsewhere.read_text() == "untouched"


# -- O22: searches --------------------------------------------------------------------------------------------

SEARCHES = (
    "don't",
    '"don\'t I"',
    "role-play",
    "50%",
    "C++",
    "_",
    "%",
    "*",
    "a* OR b",
    'NEAR("a" "b")',
    "' OR 1=1 --",
    "'; DROP TABLE coding; --",
    "code:*) UNION SELECT data FROM content --",
    "\\",
    '"',
    "(",
    "()" * 2000,
    "(" * 5000,
    "NOT " * 5000 + "code:planning",
    "AND",
    "code:",
    "near(A, B, turn)",
    "near(" * 500,
    "phase=secondary",
    "phase>='x' AND",
    "[a-",
    "(a+)+$",
    "\x00",
    "\x1b[2J",
    "🧑‍🏫",
    "",
    "x" * 100_000,
)


@pytest.mark.parametrize("text", SEARCHES, ids=lambda text: ascii(text)[:20])
def test_a_search_is_read_as_words_or_refused_in_one_line(study: Path, text: str) -> None:
    """O22: no SQL, no FTS syntax and no pattern gets through `--where`; nothing changes."""
    before = picture(study)
    for command in (
        ("coding", "list"),
        ("report", "codebook", "--codes", "planning"),
        ("export", "quotations", "--out", "-"),
    ):
        said = quiet(ask("--project", study, *command, *([] if command[0] == "report" else ["--where", text])))
        assert said.status in (0, 2), (command, said.status, said.err[:300])
        if said.status:
            refuses(said)
    for command in [["coding", "list", "--source", text], ["coding", "list", "--code", text], ["show", text]]:
        said = quiet(ask("--project", study, *command))
        assert said.status in (0, 2)
    assert picture(study) == before


@pytest.mark.parametrize("words", ["don't I", "the timetable, don't"])
def test_a_phrase_with_an_apostrophe_is_found(study: Path, words: str) -> None:
    """O22: what a person types is what is looked for."""
    works(ask("--project", study, "coding", "add", "--source", "talk", "--turn", "2", "--code", "planning"))
    found = works(ask("--project", study, "coding", "list", "--where", f'"{words}"', "--json")).json
    assert [words in coding["quote"] for coding in found] == [True]


@pytest.mark.parametrize("attribute", ["C++", "50%", "don't", "a b", "consent form: yes/no"])
def test_an_attribute_of_any_name_groups_and_is_asked_for(study: Path, attribute: str) -> None:
    """O22: the headers of a survey are whole questions."""
    works(ask("--project", study, "cases", "set", "talk", f"{attribute}=50% of C++, don't ask"))
    said = works(ask("--project", study, "report", "frequencies", "--by", attribute, "--json"))
    assert "50% of C++, don't ask" in said.text
    assert len(tables(study)["coding"]) == 1
