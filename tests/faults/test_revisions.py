"""A corrected transcript by the command line: every coding is where it belongs, or says it may not be (O27-O28)."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.faults import deaths
from tests.faults.command import ask, picture, refuses, tables, works

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
REAL = sorted((DATA / "03_mlss_delve").glob("interview_*.txt")) if DATA.is_dir() else []
real = pytest.mark.skipif(not REAL, reason="the real interviews are not here (../shared/data)")
ANCHORS = ("exact", "edited", "review", "orphan")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("revisions") / "template"
    works(ask("init", folder))
    works(ask("--project", folder, "codebook", "add", "mood"))
    return folder


def coded(study: Path, file: Path, dice: random.Random, n: int = 40) -> list[dict[str, Any]]:
    """Import a transcript, code `n` passages of it at random, and list them."""
    works(ask("--project", study, "import", file, "--format", "txt"))
    (source,) = works(ask("--project", study, "sources", "--json")).json
    text = works(ask("--project", study, "show", source["id"], "--json")).json["text"]
    while len(tables(study)["coding"]) < n:
        start = dice.randrange(len(text) - 300)
        span = f"{start}:{start + dice.choice((12, 60, 250))}"
        ask("--project", study, "coding", "add", "--source", source["id"], "--span", span, "--code", "mood")
    return list(works(ask("--project", study, "coding", "list", "--json")).json)


def revised(study: Path, text: str, *options: str) -> dict[str, Any]:
    """Take in a corrected text."""
    (source,) = works(ask("--project", study, "sources", "--json")).json
    file = study.parent / "corrected.txt"
    file.write_text(text, encoding="utf-8", newline="")
    return dict(
        works(ask("--project", study, "revise", source["id"], file, "--format", "txt", "--json", *options)).json
    )


def typos(text: str, dice: random.Random, share: float) -> str:
    """The text with a share of its words misspelt, left out or doubled."""
    words = text.split(" ")
    for at in dice.sample(range(len(words)), int(len(words) * share)):
        words[at] = dice.choice((words[at][::-1], f"{words[at]} um", words[at].upper()))
    return " ".join(words)


EDITS = {
    "typos": lambda text, dice: typos(text, dice, 0.02),
    "many typos": lambda text, dice: typos(text, dice, 0.1),
    "line ends": lambda text, dice: text.replace("\n", "\r\n"),
    "a heading": lambda text, dice: f"Transcribed in May, checked in June.\n\n{text}",
    "half gone": lambda text, dice: text[: len(text) // 2],
}


@real
@pytest.mark.parametrize("edit", EDITS)
def test_codings_of_a_real_interview_follow_its_correction(template: Path, tmp_path: Path, edit: str) -> None:
    """O27: what is said to be exact is exact; nothing is lost; a dry run foretells it and changes nothing."""
    dice = random.Random(edit)
    study = deaths.fresh(template, tmp_path / "study")
    before = {coding["id"]: coding for coding in coded(study, REAL[len(edit) % len(REAL)], dice)}
    text = works(ask("--project", study, "show", next(iter(before.values()))["source"], "--json")).json["text"]
    new = EDITS[edit](text, dice)
    if edit == "line ends":
        (study.parent / "corrected.txt").write_text(new, newline="")
        refuses(ask("--project", study, "revise", "interview", study.parent / "corrected.txt"), 2)
        return  # line ends are no part of a text, so this is the text it has
    held = picture(study)
    foretold = revised(study, new, "--dry-run")
    assert picture(study) == held
    done = revised(study, new)
    assert {anchor: done[anchor] for anchor in ANCHORS} == {anchor: foretold[anchor] for anchor in ANCHORS}
    after = {coding["id"]: coding for coding in works(ask("--project", study, "coding", "list", "--json")).json}
    assert after.keys() == before.keys()
    assert sum(done[anchor] for anchor in ANCHORS) == len(before)
    for key, coding in after.items():
        if coding["anchor"] == "exact":
            assert coding["quote"] == before[key]["quote"]
        if coding["anchor"] in ("exact", "edited"):
            assert new[coding["start"] : coding["end"]] == coding["quote"]
        if coding["anchor"] == "orphan":
            assert coding["quote"] == before[key]["quote"]
    deaths.sound(study).close()
    works(ask("--project", study, "undo"))
    again = {coding["id"]: coding for coding in works(ask("--project", study, "coding", "list", "--json")).json}
    assert again == before


@real
def test_a_real_interview_revised_thrice_and_undone_thrice_is_as_before(template: Path, tmp_path: Path) -> None:
    """O28: each version is kept; undo restores text and spans."""
    dice, study = random.Random(3), deaths.fresh(template, tmp_path / "study")
    before = coded(study, REAL[0], dice)
    held = {name: rows for name, rows in tables(study).items() if name in ("source", "turn", "coding")}
    text = works(ask("--project", study, "show", before[0]["source"], "--json")).json["text"]
    for share in (0.01, 0.02, 0.05):
        text = typos(text, dice, share)
        revised(study, text)
    assert works(ask("--project", study, "show", before[0]["source"], "--json")).json["text"] == text
    for _ in range(3):
        works(ask("--project", study, "undo"))
    assert {name: rows for name, rows in tables(study).items() if name in held} == held
    deaths.sound(study).close()


TALK = "Interviewer: What do you do?\n\nCoordinator: I plan the timetable. I talk to the mentors every week.\n"


@pytest.fixture
def study(template: Path, tmp_path: Path) -> Path:
    """A project with one coded interview of our own."""
    folder = deaths.fresh(template, tmp_path / "study")
    (tmp_path / "talk.txt").write_text(TALK)
    works(ask("--project", folder, "import", tmp_path / "talk.txt"))
    for quote in ("I plan the timetable", "I talk to the mentors every week"):
        works(ask("--project", folder, "coding", "add", "--source", "talk", "--quote", quote, "--code", "mood"))
    return folder


def listed(study: Path) -> dict[str, tuple[str, str]]:
    """Code id → anchor and quotation."""
    return {c["id"]: (c["anchor"], c["quote"]) for c in works(ask("--project", study, "coding", "list", "--json")).json}


def test_one_turn_is_corrected_and_the_coding_in_it_says_so(study: Path) -> None:
    """O28: a typo in one turn."""
    text = "I plan the time table. I talk to the mentors every week."
    done = works(ask("--project", study, "revise", "talk", "--turn", "2", "--text", text, "--json")).json
    assert (done["exact"], done["edited"]) == (1, 1)
    assert sorted(listed(study).values()) == [
        ("edited", "I plan the time table"),
        ("exact", "I talk to the mentors every week"),
    ]


def test_an_orphan_keeps_its_words_and_is_worked_off_by_hand(study: Path) -> None:
    """O28: `coding resize` gives it a place in the present text, `coding remove` takes it back."""
    revised(study, "Interviewer: What do you do?\n\nCoordinator: Quite other things, honestly, since the summer.\n")
    assert {anchor for anchor, _ in listed(study).values()} == {"orphan"}
    one, other = listed(study)
    works(ask("--project", study, "coding", "remove", other))
    works(ask("--project", study, "coding", "resize", one, "--quote", "Quite other things"))
    assert listed(study) == {one: ("exact", "Quite other things")}
    deaths.sound(study).close()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("talk",), 2),
        (("talk", "--turn", "9", "--text", "x"), 2),
        (("talk", "--turn", "2", "--text", "  "), 2),
        (("talk", "--turn", "2"), 2),
        (("talk", "nowhere.txt"), 3),
        (("nobody", "talk.txt"), 2),
    ],
)
def test_a_revision_that_makes_no_sense_is_refused_whole(
    study: Path, arguments: tuple[str, ...], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O27: nothing changes."""
    monkeypatch.chdir(study.parent)
    before = picture(study)
    refuses(ask("--project", study, "revise", *arguments), status)
    assert picture(study) == before


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", bytes(500), b"case,a\n1,2\n3,4\n"])
def test_a_revision_from_a_bad_file_is_refused_whole(study: Path, raw: bytes) -> None:
    """O27: an empty, a binary and a several-source file."""
    file = study.parent / "bad.csv" if b"case" in raw else study.parent / "bad.txt"
    file.write_bytes(raw)
    before = picture(study)
    refuses(ask("--project", study, "revise", "talk", file), 2, 3)
    assert picture(study) == before
