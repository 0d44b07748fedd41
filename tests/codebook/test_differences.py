"""What changed between two codebooks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode import codebook as room
from qualcode.errors import CodebookError
from qualcode.model import Code, Codebook
from tests.codebook.strategies import codebooks


def book(*paths: str, **fields: str) -> Codebook:
    return Codebook("x", codes=tuple(Code(f"x/{path}", label=path) for path in paths), **fields)  # type: ignore[arg-type]


def paths(codes: tuple[Code, ...]) -> list[str]:
    return [code.path for code in codes]


def test_against_nothing_everything_is_added() -> None:
    found = room.difference(None, book("a", "b"))
    assert (paths(found.added), found.removed, found.header, found.unchanged) == (["x/a", "x/b"], (), (), 0)


def test_the_same_codebook_has_no_difference() -> None:
    found = room.difference(book("a", "b"), book("a", "b"))
    assert found.same
    assert found.unchanged == 2


def test_added_removed_and_changed_fields_are_told_with_before_and_after() -> None:
    old, new = book("a", "b", "c"), book("a", "b", "d")
    new = replace(new, version="2", codes=(replace(new.codes[0], definition="new", key="q"), *new.codes[1:]))
    found = room.difference(old, new)
    assert (paths(found.added), paths(found.removed), found.unchanged) == (["x/d"], ["x/c"], 1)
    assert found.changed == {"x/a": (room.Change("definition", "", "new"), room.Change("key", None, "q"))}
    assert found.version == ("", "2")
    assert not found.same


def test_ids_and_birthdays_are_no_change() -> None:
    old = replace(book("a"), codes=(Code("x/a", label="a", id="1", born="2020-01-01"),))
    assert room.difference(old, book("a")).same


def test_a_renamed_code_carries_its_children_and_short_names_do() -> None:
    old, new = book("a", "a/b", "a/b/c", "d"), book("z", "z/b", "z/b/c", "d")
    found = room.difference(old, new, {"a": "z"})
    assert found.renamed == (("x/a", "x/z"), ("x/a/b", "x/z/b"), ("x/a/b/c", "x/z/b/c"))
    assert (found.added, found.removed, found.unchanged) == ((), (), 1)
    found = room.difference(old, book("z", "z/q", "z/q/c", "d"), {"x/a": "x/z", "a/b": "z/q"})
    assert ("x/a/b/c", "x/z/q/c") in found.renamed
    found = room.difference(old, book("z", "d"), {"a": "z"})
    assert paths(found.removed) == ["x/a/b", "x/a/b/c"]


def test_two_codes_may_swap_their_names() -> None:
    found = room.difference(book("a", "b"), book("a", "b"), {"a": "b", "b": "a"})
    assert found.renamed == (("x/a", "x/b"), ("x/b", "x/a"))


def test_a_codebook_under_another_name_is_compared_code_by_code() -> None:
    new = Codebook("y", codes=(Code("y/a", label="a"), Code("y/n")))
    found = room.difference(book("a", "b"), new)
    assert (found.renamed, paths(found.added), paths(found.removed)) == ((("x/a", "y/a"),), ["y/n"], ["x/b"])
    assert found.header[0] == room.Change("name", "x", "y")


@pytest.mark.parametrize(
    ("renames", "said"),
    [
        ({"pastorl": "z"}, 'no code "pastorl" in the codebook as it was — did you mean "pastoral"'),
        ({"pastoral": "zz-care"}, 'no code "zz-care" in the new codebook'),
        ({"pastoral": "a"}, "x/pastoral cannot be renamed to x/a, which already was a code"),
        ({"a": "z"}, "x/a is renamed to x/z, but is still in the file"),
        ({"pastoral": "z", "b": "z"}, "two codes are renamed to x/z"),
        ({"twin": "z"}, '"twin" fits 2 codes'),
    ],
)
def test_a_rename_that_does_not_fit_is_refused(renames: dict[str, str], said: str) -> None:
    old, new = book("a", "b", "pastoral", "a/twin", "b/twin"), book("a", "z", "a/twin", "y")
    with pytest.raises(CodebookError) as caught:
        room.difference(old, new, renames)
    assert said in str(caught.value)


def test_only_the_code_that_moved_is_called_reordered() -> None:
    found = room.difference(book("a", "b", "c", "d"), book("d", "a", "b", "c"))
    assert found.reordered == ("x/d",)
    assert found.unchanged == 4
    assert room.difference(book("a", "b", "c"), book("a", "n", "c")).reordered == ()


def test_likely_renames_are_proposed_and_never_applied() -> None:
    old = Codebook(
        "x", codes=(Code("x/co-ordination"), Code("x/care", "Care"), Code("x/a"), Code("x/t", definition="D d"))
    )
    new = Codebook(
        "x", codes=(Code("x/coordination"), Code("x/pastoral", "care"), Code("x/b"), Code("x/u", definition="D d"))
    )
    found = room.difference(old, new)
    proposals = {(one.old, one.new): one.why for one in room.guess_renames(found)}
    assert proposals == {
        ("x/t", "x/u"): ("same definition",),
        ("x/care", "x/pastoral"): ("same label",),
        ("x/co-ordination", "x/coordination"): ("similar last part",),
    }
    assert found.renamed == ()


def test_a_code_that_two_others_fit_equally_well_gets_no_proposal() -> None:
    old = Codebook("x", codes=(Code("x/a", "Care"),))
    new = Codebook("x", codes=(Code("x/b", "Care"), Code("x/c", "Care")))
    assert room.guess_renames(room.difference(old, new)) == ()
    moved = Codebook("x", codes=(Code("x/b", "Care"), Code("x/c"), Code("x/c/a", "Care")))
    assert [(one.old, one.new) for one in room.guess_renames(room.difference(old, moved))] == [("x/a", "x/c/a")]


@settings(max_examples=30, deadline=None)
@given(codebooks(), codebooks(), st.booleans())
def test_every_code_of_both_sides_is_accounted_for_once(old: Codebook, new: Codebook, same_name: bool) -> None:
    if same_name:
        new = replace(new, name=old.name, codes=tuple(rebased(code, old.name) for code in new.codes))
    found = room.difference(old, new)
    stayed = len(old.codes) - len(found.removed)
    assert stayed == len(new.codes) - len(found.added)
    assert found.unchanged + len({now for _, now in found.renamed} | set(found.changed)) == stayed
    assert room.difference(old, old).same


def rebased(code: Code, name: str) -> Code:
    return replace(code, path=f"{name}/{code.path.partition('/')[2]}")


def test_the_earlier_partnerships_codebook_differs_from_the_present_one() -> None:
    folder = room.study_folder() / "codebooks"
    earlier = sorted(Path(folder / "earlier").glob("*.yaml"))
    assert earlier
    for path in earlier:
        old = room.load(path).codebooks[0]
        new = room.load(folder / f"{old.name}.yaml").codebooks[0]
        found = room.difference(old, new)
        assert found.version is not None
        assert found.added or found.changed
