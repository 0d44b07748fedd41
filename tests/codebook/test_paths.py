"""Finding codes by what a person types, and paths from labels."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode import codebook as room
from qualcode.errors import UnknownCode, UsageError
from qualcode.model import Code

CODES = (
    Code("role/pastoral", "Pastoral care"),
    Code("role/pedagogical", "Pedagogical"),
    Code("partnerships/benefits", "Benefits"),
    Code("partnerships/benefits/support", "Support and sharing"),
    Code("partnerships/disadvantages/level-of-support", "Level of support"),
    Code("conditions/time", "Time"),
    Code("open/time", "Time"),
)


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("role/pastoral", "role/pastoral"),
        ("pastoral", "role/pastoral"),
        ("Pastoral", "role/pastoral"),
        (" /role/PASTORAL/ ", "role/pastoral"),
        ("pastoral CARE", "role/pastoral"),
        ("support", "partnerships/benefits/support"),
        ("benefits/support", "partnerships/benefits/support"),
        ("Level of support", "partnerships/disadvantages/level-of-support"),
        ("open/time", "open/time"),
    ],
)
def test_a_code_is_found_by_path_last_parts_or_label(word: str, path: str) -> None:
    assert room.lookup(CODES, word).path == path


def test_an_ambiguous_word_names_the_candidates() -> None:
    with pytest.raises(UsageError, match=r'"time" fits 2 codes: conditions/time, open/time — type more of the path'):
        room.lookup(CODES, "time")


@pytest.mark.parametrize(
    ("word", "near"),
    [("pastorl", "role/pastoral"), ("role/pastorl", "role/pastoral"), ("suport", "partnerships/benefits/support")],
)
def test_an_unknown_word_names_the_nearest_path(word: str, near: str) -> None:
    with pytest.raises(UnknownCode) as caught:
        room.lookup(CODES, word)
    assert caught.value.near == near


@pytest.mark.parametrize("word", ["", "/", "zzz", "port", "role", "x" * 100_000])
def test_nothing_is_found_for_half_words_and_nonsense(word: str) -> None:
    with pytest.raises(UnknownCode):
        room.lookup(CODES, word)


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("Level of support", "level-of-support"),
        ("Co-ordination", "co-ordination"),
        ("The coordinator's role", "the-coordinators-role"),
        ("Größe & Über-Ich", "grosse-uber-ich"),
        ("Æther/øl, łódź", "aether-ol-lodz"),
        ("  --x--  ", "x"),
        ("C++", "c"),
        ("2024", "2024"),
        ("Cafe\u0301", "cafe"),
        ("Caf\u00e9", "cafe"),
        ("word " * 30, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_a_label_becomes_a_slug(label: str, slug: str) -> None:
    assert room.slug(label) == slug


def test_labels_without_latin_letters_get_stable_and_different_slugs() -> None:
    one, other = room.slug("支持"), room.slug("Поддержка")
    assert one == room.slug("支持")
    assert one != other
    assert one.startswith("code-")


@given(st.text())
def test_every_slug_can_stand_in_a_file(label: str) -> None:
    slug = room.slug(label)
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", slug)
    assert len(slug) <= 60
    assert room.slug(slug) == slug


def test_a_new_path_avoids_those_taken() -> None:
    assert room.new_path("open", "Helpful colleagues") == "open/helpful-colleagues"
    taken = {"open/a", "open/a-2"}
    assert room.new_path("open", "A", taken) == "open/a-3"
