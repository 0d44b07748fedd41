"""Any bytes in give a sound bundle or a clean error: mangled files of every format, and texts made of nasty pieces."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualcode.errors import QualcodeError
from qualcode.model import Source
from qualcode.readers import READERS, ReadOptions, read_bytes
from qualcode.speakers import assign
from qualcode.testing import Sample, check_bundle, check_error, check_mangled, mangled
from tests.contracts.test_readers import SAMPLES
from tests.faults import deaths
from tests.faults.command import ask, picture, quiet, refuses
from tests.readers.samples import inner_mangled, rezipped

QUICK, LONG = 300, 2_000
SLOW = {"sav": 10}  # times slower than the others, as a process of its own reads each file; the long version waits


def _broken(sample: Sample, count: int) -> Iterator[bytes]:
    """Mangled bytes; of an archive also archives with one mangled part, which would else hide behind its checksums."""
    if sample.raw.startswith(b"PK"):
        yield from inner_mangled(sample.raw, count // 2, seed=11)
        count //= 2
    yield from mangled(sample.raw, count, seed=11)


def _fuzz(name: str, count: int) -> None:
    of_reader = SAMPLES[name]
    for sample in of_reader:
        for raw in _broken(sample, count // len(of_reader)):
            check_mangled(READERS.load(name), raw, sample)


@pytest.mark.parametrize("name", READERS.names())
def test_mangled_files_give_a_sound_bundle_or_a_clean_error(name: str) -> None:
    _fuzz(name, QUICK // SLOW.get(name, 1))


@pytest.mark.soak
@pytest.mark.parametrize("name", READERS.names())
def test_two_thousand_mangled_files_of_each_format(name: str) -> None:
    _fuzz(name, LONG)


@pytest.mark.parametrize("times", [pytest.param(4, id="quick"), pytest.param(100, marks=pytest.mark.soak, id="soak")])
@pytest.mark.parametrize("name", READERS.names())
def test_a_mangled_file_is_taken_into_a_project_whole_or_leaves_it_as_it_was(
    tmp_path: Path, name: str, times: int
) -> None:
    folder, taken, refused = tmp_path / "study", 0, 0
    deaths.make_project(folder, sentences=2)
    for n, sample in enumerate(SAMPLES[name]):
        for k, raw in enumerate([sample.raw, *_broken(sample, times)]):
            path = tmp_path / f"{n}-{k}-{Path(sample.name).name}"
            path.write_bytes(raw)
            before = picture(folder)
            said = quiet(ask("--project", folder, "import", path, "--format", name))
            taken += said.status == 0
            if said.status:
                refuses(said, 2, 3, 4, 6)
                assert picture(folder) == before
                refused += 1
    assert taken + refused >= times
    deaths.sound(folder).close()


@pytest.mark.parametrize(
    "name",
    [
        *("a", "a.txt", "a.csv", "a.docx", "a.xlsx", "a.vtt", "a.md", "a.json", "a.cha", "a.eaf", "a.trs"),
        *("a.odt", "a.rtf", "a.pdf", "a.htm"),
    ],
)
def test_every_file_under_every_ending_is_read_or_refused(name: str) -> None:
    for samples in SAMPLES.values():
        for sample in samples:
            try:
                check_bundle(assign(read_bytes(sample.raw, name)))
            except QualcodeError as error:
                check_error(error, sample.plain or "")


LABELS = [
    "I:",
    "R:",
    "Maya Klein",
    "Interviewer 1:",
    "*I:*",
    "Q ",
    "A ",
    "MS. BERG:",
    "访谈者：",
    "Date:",
    "From:",
    "<v Ann>",
]
STAMPS = [
    "[12/03/2024, 10:15]",
    "3/12/24, 10:15 PM - ",
    "10:15:22 From Ann to All:",
    "00:01:02",
    "#00:00:01-2#",
    "(1:02)",
    "10:30",
    "-->",
    "WEBVTT",
    "NOTE",
]
SIGNS = [
    "**",
    "[",
    "]",
    "\\[",
    "\t",
    "  ",
    ":",
    "：",
    " - ",
    " – ",
    "# ",
    "---\n",
    "```",
    ",",
    ";",
    '"',
    "'",
    "=1+1",
    "100%",
]
ODD = ["\u2028", "\x85", "\x0c", "\ufeff", "\u202e", "é", "e\u0301", "\U0001f600", "x" * 45]
WORDS = ["yes", "so it was.", "Why?", "[laughs]", "http://a.b", "\n", "\n\n"]
PIECES = st.sampled_from(LABELS + STAMPS + SIGNS + ODD + WORDS)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.lists(PIECES, min_size=1, max_size=60), st.sampled_from(["a.txt", "a.md", "a.vtt", "a.csv"]))
def test_texts_of_nasty_pieces_are_sound(pieces: list[str], name: str) -> None:
    text = "".join(pieces)
    try:
        got = assign(read_bytes(text.encode(), name))
    except QualcodeError as error:
        check_error(error, "")
        return
    check_bundle(got)
    if name.endswith((".txt", ".md")):
        _check_plain(text, got.sources[0])


def _check_plain(given_text: str, source: Source) -> None:
    """The text is the file's; of a document only stamps stand outside the turns, of a talk only labels and stamps."""
    assert source.text == given_text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    outside, at = [], 0
    for turn in source.turns:
        outside.append(source.text[at : turn.span.start])
        at = turn.span.end
    outside.append(source.text[at:])
    if not source.speakers:
        assert not re.search(r"[^\W\d_]", "".join(outside))
    else:
        assert all(len(label) <= 120 for gap in outside for label in gap.split("\n"))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=400), st.sampled_from([*READERS.names()]))
def test_any_bytes_are_read_or_refused(raw: bytes, name: str) -> None:
    try:
        check_bundle(read_bytes(raw, "a.bin", ReadOptions(format=name)))
    except QualcodeError as error:
        check_error(error, "")


def talks() -> st.SearchStrategy[list[tuple[str, str]]]:
    words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60)
    clean = words.map(lambda said: f"so {said} it was".replace(":", ""))
    return st.lists(st.tuples(st.sampled_from(["Interviewer", "Maya Klein", "P 3"]), clean), min_size=6, max_size=20)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(talks())
def test_every_labelled_turn_is_found_with_its_words(said: list[tuple[str, str]]) -> None:
    said = [
        ("Interviewer", "so it begins"),
        ("Maya Klein", "so it does"),
        *said,
        ("Interviewer", "and"),
        ("Maya Klein", "so"),
    ]
    text = "\n".join(f"{speaker}: {words}" for speaker, words in said)
    source = read_bytes(text.encode(), "a.txt").sources[0]
    got = [(turn.speaker, source.quote(turn.span)) for turn in source.turns]
    assert got == [(speaker, words.strip()) for speaker, words in said]


_CELLS: tuple[object, ...] = (
    *(None, "", "\0", "a\ud7ffb", "\r\n", " ", "words and more words", "#ff00aa", "2024-02-30", "x" * 500),
    *(-1, 0, 1, 2, 7, 2**63 - 1, -(2**63), 1.5, 1e300, float("inf"), b"", b"\xff\xfe\x00", b"text"),
)


@pytest.mark.parametrize("name", ["qualcoder", "rqda", "taguette"])
@pytest.mark.parametrize(
    "times", [pytest.param(150, id="quick"), pytest.param(LONG, marks=pytest.mark.soak, id="soak")]
)
def test_a_database_with_any_values_in_its_cells_is_read_or_refused(name: str, times: int) -> None:
    chance = random.Random(7)
    sample = SAMPLES[name][0]
    changed = read_some = 0
    for _ in range(times):
        broken = _scribbled(sample.raw, chance)
        changed += broken != sample.raw
        try:
            bundle = read_bytes(broken, sample.name)
        except QualcodeError as error:
            check_error(error, sample.plain or "")
        else:
            check_bundle(bundle)
            read_some += 1
    assert changed > times // 2
    assert read_some > times // 2


def _scribbled(raw: bytes, chance: random.Random) -> bytes:
    """A database with other values in a few columns or many."""
    conn = sqlite3.connect(":memory:")
    conn.deserialize(raw)
    tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for _ in range(chance.choice((1, 3, 30))):
        table = chance.choice(tables)
        columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
        value, one = chance.choice(_CELLS), chance.choice(("1", f"rowid = (SELECT min(rowid) FROM {table})"))
        conn.execute(f"UPDATE {table} SET {chance.choice(columns)} = ? WHERE {one}", (value,))
    conn.commit()  # what is not committed is not in the bytes
    broken = conn.serialize()
    conn.close()
    return broken


def test_a_project_file_with_any_attributes_is_read_or_refused() -> None:
    chance = random.Random(7)
    sample = SAMPLES["qdpx"][0]
    values = [
        "",
        "-1",
        "99999999999999999999999",
        "T1",
        "A2",
        "internal://",
        "../../x",
        "&#0x0;",
        "1e9",
        "é",
        "A" * 400,
    ]

    def change(members: dict[str, bytes]) -> None:
        text = members["project.qde"].decode()
        for match in chance.sample(list(re.finditer('"[^"]*"', text)), 3):
            text = text.replace(match.group(), f'"{chance.choice(values)}"', 1)
        members["project.qde"] = text.encode()

    read_some = 0
    for _ in range(QUICK):
        try:
            bundle = read_bytes(rezipped(sample.raw, change), sample.name)
        except QualcodeError as error:
            check_error(error, sample.plain or "")
        else:
            check_bundle(bundle)
            read_some += 1
    assert read_some > QUICK // 3
