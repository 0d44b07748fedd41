"""Mangled and hostile files: a codebook or a clean error, quickly, and nothing else."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from qualcode import codebook as room
from qualcode.errors import CodebookError, InputError

HEAD = "qualcode: 1\nname: x\ncodes:\n"
LAUGHS = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
HOSTILE = {
    "billion laughs": HEAD + LAUGHS,
    "100,000 brackets": HEAD + "[" * 100_000,
    "100,000 braces": "{" * 100_000,
    "100,000 brackets with commas": HEAD + "[a," * 100_000,
    "100,000 dashes": "- " * 100_000,
    "100,000 question marks": "? " * 100_000,
    "100,000 colons": "a: " * 100_000,
    "deep codes": HEAD + "".join(f"{'  ' * n}- code: a\n{'  ' * n}  codes:\n" for n in range(300)),
    "a million commas": "[" + "a," * 490_000,
    "240,000 items": HEAD + "  - code: a\n    examples:\n" + "    - x\n" * 110_000,
    "100,000 codes": HEAD + "".join(f"- code: c{n}\n" for n in range(60_000)),
    "one huge plain scalar": f"qualcode: 1\nname: x\ncodes: []\ntitle: {'word ' * 190_000}",
    "one huge quoted scalar": f"qualcode: 1\nname: x\ncodes: []\ntitle: '{'x' * 900_000}'",
    "an endless quoted scalar": "a: 'x" + "\n" * 300_000,
    "a huge block": "qualcode: 1\nname: x\ncodes: []\ntitle: |\n" + " x\n" * 100_000,
    "a huge key": "x" * 900_000 + ": 1",
    "a huge name": f"qualcode: 1\nname: {'A' * 900_000}\ncodes: []",
    "a huge unknown key": f"qualcode: 1\nname: x\ncodes: []\n{'k' * 900}: 1",
    "a huge comment": "#" * 900_000,
    "only line ends": "\n" * 300_000,
    "directives": "%a\n" * 50_000,
    "documents": "---\n" * 200_000,
    "NUL": HEAD + "\x00",
    "lone surrogate": HEAD + "- code: \ud800",
    "huge character code": HEAD + '- code: "\\U99999999"',
    "huge version": "%YAML 1." + "1" * 5_000 + "\n---\na",
    "python object": HEAD + "- code: !!python/object/apply:os.system ['true']",
    "merge key": HEAD + "- <<: {code: a}\n  code: b",
    "pattern bomb": HEAD + "- code: a\n  cues: [{regex: '((((a{90}){90}){90}){90}){90}'}]",
    "pattern without end": HEAD + "- code: a\n  cues: [{regex: '(?R)'}]",
    "pattern of brackets": HEAD + f"- code: a\n  cues: [{{regex: '{'(' * 450}'}}]",
    "many slow patterns": HEAD
    + "- code: a\n  cues:\n"
    + "".join(f"  - {{regex: '{'(|)' * 100}x{n}'}}\n" for n in range(2_000)),
    "many unknown keys": "qualcode: 1\ncodes: []\n" + "".join(f"k{n}: 1\n" for n in range(4_000)),
    "many empty items": HEAD + "- code: a\n  examples:\n" + "  - ''\n" * 8_000,
}


READABLE = {"one huge plain scalar", "one huge quoted scalar", "a huge block"}


def outcome(path: Path) -> str:
    """What load does: "read" or the name of a clean error; anything else is let out."""
    try:
        room.load(path)
    except (CodebookError, InputError) as error:
        caught: Exception = error
    else:
        return "read"
    assert str(caught)
    assert "\n" not in str(caught)
    return type(caught).__name__


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_cleanly_and_soon(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(HOSTILE[name].encode("utf-8", "surrogatepass"))
    begun = time.process_time()
    got = outcome(path)
    assert time.process_time() - begun < 8
    assert (got == "read") == (name in READABLE)


def _mangled(raw: bytes, rng: random.Random) -> bytes:
    """A codebook with one to six pieces cut, doubled, moved or replaced by characters that mean something in YAML."""
    marks = [*b"\t\n\r :-[]{}#&*!|>'\"%@`,?\\~\x00\x1b\x85\xff\xfe", *"\u2028\ud7ff\ufeff".encode()]
    for _ in range(rng.choice([1, 1, 2, 6])):
        at = rng.randrange(len(raw) + 1)
        to = min(len(raw), at + rng.choice([0, 1, 1, 1, 2, 5, 40, 400]))
        piece = raw[at:to]
        kind = rng.randrange(6)
        if kind == 0:
            raw = raw[:at] + raw[to:]
        elif kind == 1:
            raw = raw[:at] + piece + piece + raw[to:]
        elif kind == 2:
            raw = raw[:at] + bytes(rng.choice(marks) for _ in range(rng.randint(1, 4))) + raw[to:]
        elif kind == 3:
            raw = raw[:at] + bytes(rng.randrange(256) for _ in piece) + raw[to:]
        elif kind == 4:
            raw = raw[to:] + raw[:at]
        else:
            raw = raw[:at] + rng.choice([b"  ", b"\n", b": ", b"- ", b"codes:\n", b"{regex: '(", b"'"]) + raw[at:]
    return raw


def _seeds() -> list[bytes]:
    role = room.load(room.bundled_path("role")).codebooks[0]
    codes = [replace(code, examples=code.examples[:2], cues=code.cues[:6]) for code in role.codes[:2]]
    small = b"qualcode: 1\nname: x\ncodes:\n- code: a  # first\n  cues: [a, {lemma: b}]\n  key: c\n- code: b\n"
    return [room.dump(replace(role, codes=tuple(codes))).encode(), small]


def _fuzz(folder: Path, count: int) -> dict[str, int]:
    rng = random.Random(20)
    seeds = _seeds()
    path = folder / "a.yaml"
    seen: dict[str, int] = {}
    for _ in range(count):
        path.write_bytes(_mangled(rng.choice(seeds), rng))
        begun = time.process_time()
        got = outcome(path)
        assert time.process_time() - begun < 2
        seen[got] = seen.get(got, 0) + 1
    return seen


def test_two_thousand_mangled_files_give_a_codebook_or_a_clean_error(tmp_path: Path) -> None:
    seen = _fuzz(tmp_path, 2_000)
    assert set(seen) <= {"read", "CodebookProblems", "CodebookError"}
    assert seen["read"] > 200
    assert seen["CodebookProblems"] > 1_000


def test_mangled_files_are_edited_rightly_or_left_alone(tmp_path: Path) -> None:
    rng = random.Random(21)
    seeds = [seed.decode() for seed in _seeds()]
    done = refused = 0
    for _ in range(150):
        text = _mangled(rng.choice(seeds).encode(), rng).decode("utf-8", "replace")
        book = room.read_text(text, "f").codebook
        if book is None or not book.codes:
            continue
        path = rng.choice(book.codes).path
        for act in (
            lambda t=text, p=path: room.rename_code(t, p, "renamed-one"),
            lambda t=text, p=path: room.add_code(t, f"{p}/added-one", definition="so: it is"),
            lambda t=text, p=path: room.retire_code(t, p, with_children=True),
            lambda t=text, p=path: room.add_items(t, p, "examples", ["x: y"]),
        ):
            try:
                assert room.read_text(act(), "f").codebook is not None
                done += 1
            except CodebookError:
                refused += 1
    assert done > 100
    assert refused < done / 4


@pytest.mark.soak
def test_fifty_thousand_mangled_files_give_a_codebook_or_a_clean_error(tmp_path: Path) -> None:
    seen = _fuzz(tmp_path, 50_000)
    assert set(seen) <= {"read", "CodebookProblems", "CodebookError"}
    assert seen["read"] > 1_000
