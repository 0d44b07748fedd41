"""Spans keep to their text when a transcript is corrected, or say that they do not."""

from __future__ import annotations

import importlib
import json
import random
import time
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qualcode import alignment
from qualcode.anchors import Block, Carried, Carrier, align
from qualcode.graphemes import snap, splits_grapheme
from qualcode.model import Span

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"

OLD = """Interviewer: What do you grow in the allotment behind the old station?
Mara: Mostly beans, and this year some squash that my neighbour gave me as seedlings.
Interviewer: Right.
Mara: The soil is poor, so we carry compost up from the village every other Saturday.
Interviewer: And who decides how the water is shared when it does not rain for weeks?
Mara: We meet under the walnut tree. Whoever comes decides, and nobody minds very much.
Interviewer: Right.
Mara: Only the Kowalczyks once complained, about the noise of the pump at night.
Interviewer: Did that change anything about the rules you had agreed upon?
Mara: Yes, the pump now sleeps from ten to six.
"""
WORDS = ["soil", "water", "pump", "beans", "seedlings", "village", "walnut", "rain", "Saturday", "compost", "night"]


def _span(quote: str, text: str = OLD, nth: int = 0) -> Span:
    at = -1
    for _ in range(nth + 1):
        at = text.index(quote, at + 1)
    return Span(at, at + len(quote))


def _carried(new: str, quote: str, nth: int = 0, old: str = OLD) -> tuple[str | None, str]:
    """The text at the place the quotation is carried to, and how sure that is."""
    found = Carrier(old, new).carry(_span(quote, old, nth))
    return (new[found.span.start : found.span.end] if found.span else None), found.anchor


# What a person does to a transcript


def test_an_unchanged_text_leaves_every_span_where_it_was() -> None:
    carrier = Carrier(OLD, OLD)
    spans = [Span(start, end) for start in range(0, len(OLD), 7) for end in range(start + 1, len(OLD), 61)]
    assert len(spans) > 500
    assert {carrier.carry(span) for span in spans} == {Carried(span, "exact", len(span)) for span in spans}


def test_a_typo_corrected_inside_makes_it_edited() -> None:
    assert _carried(OLD.replace("seedlings", "seed lings"), "some squash that my neighbour gave me as seedlings") == (
        "some squash that my neighbour gave me as seed lings",
        "edited",
    )


def test_a_typo_corrected_elsewhere_leaves_it_exact() -> None:
    assert _carried(OLD.replace("walnut", "chestnut"), "the pump now sleeps") == ("the pump now sleeps", "exact")


def test_a_paragraph_on_top_shifts_everything() -> None:
    carrier = Carrier(OLD, "Recorded on the allotment.\n" + OLD)
    assert carrier.carry(_span("Right.", nth=1)) == Carried(
        Span(_span("Right.", nth=1).start + 27, _span("Right.", nth=1).end + 27), "exact", 6
    )
    assert carrier.carry(Span(0, 11)).span == Span(27, 38)


def test_speakers_renamed_everywhere_leave_their_words_exact() -> None:
    new = OLD.replace("Mara:", "Participant Seven:").replace("Interviewer:", "I:")
    assert _carried(new, "Right.", nth=1) == ("Right.", "exact")
    assert Carrier(OLD, new).carry(_span("Right.", nth=1)).span == _span("Right.", new, nth=1)
    assert _carried(new, "Yes, the pump now sleeps from ten to six.")[1] == "exact"


def test_a_pseudonym_of_another_length_is_edited_with_its_whole_name() -> None:
    new = OLD.replace("Kowalczyks", "Smiths")
    assert _carried(new, "the Kowalczyks once complained") == ("the Smiths once complained", "edited")


def test_a_span_of_which_every_word_was_replaced_is_shown_in_its_place() -> None:
    new = OLD.replace("Kowalczyks", "Smiths")
    assert _carried(new, "Kowalczyks") == ("Smiths", "review")


@pytest.mark.parametrize(
    ("rest", "anchor"), [("Whatever was typed there.", "review"), ("Noted by hand in May.", "edited")]
)
def test_a_third_of_a_short_passage_replaced_is_doubtful_in_a_text_that_was_rewritten(rest: str, anchor: str) -> None:
    here = "They are presented within the same session, and nobody asks why."
    old = f"{here} Noted by hand in May."
    new = f"{here.replace('same session', 'paper session')} {rest}"
    start = old.index("the same")
    carried = Carrier(old, new).carry(Span(start, start + len("the same")))
    assert (carried.anchor, carried.span and new[carried.span.start : carried.span.end]) == (anchor, "the paper")


def test_a_rewrapped_passage_is_edited() -> None:
    new = OLD.replace("carry compost up from", "carry compost up\nfrom")
    assert _carried(new, "we carry compost up from the village") == ("we carry compost up\nfrom the village", "edited")


def test_words_added_at_an_edge_stay_outside() -> None:
    new = OLD.replace("some squash", "really some squash").replace("as seedlings", "as seedlings, you know")
    quote = "some squash that my neighbour gave me as seedlings"
    assert _carried(new, quote) == (quote, "exact")


def test_a_word_said_twice_does_not_cut_words_in_two() -> None:
    assert "have have" not in OLD
    new = OLD.replace("poor, so we carry", "poor, so we we carry")
    text, anchor = _carried(new, "carry compost")
    assert (text, anchor) == ("carry compost", "exact")


def test_a_merged_turn_keeps_its_words() -> None:
    new = OLD.replace("\nInterviewer: Right.\nMara: The soil", " The soil")
    assert _carried(new, "The soil is poor, so we carry compost")[1] == "exact"


def test_a_turn_put_into_a_short_passage_is_to_be_reviewed() -> None:
    new = OLD.replace(
        "Right.\nMara: The soil", "Right.\nMara: And carrots, leeks, whatever there is, I ask nobody.\nMara: The soil"
    )
    assert _carried(new, "Right.\nMara: The soil")[1] == "review"


# Deleted, moved, look-alikes


def test_a_deleted_sentence_is_an_orphan() -> None:
    new = OLD.replace("We meet under the walnut tree. ", "")
    assert new != OLD
    assert _carried(new, "We meet under the walnut tree.") == (None, "orphan")


def test_a_deleted_turn_does_not_take_its_look_alike() -> None:
    lines = OLD.splitlines(keepends=True)
    new = "".join(lines[:6] + lines[7:])
    carrier = Carrier(OLD, new)
    assert carrier.carry(_span("Right.", nth=0)) == Carried(_span("Right.", new), "exact", 6)
    assert carrier.carry(_span("Right.", nth=1)).anchor == "orphan"


def test_a_deleted_word_that_stands_elsewhere_too_is_an_orphan() -> None:
    new = OLD.replace("the noise of the pump at night", "the noise at night")
    assert _carried(new, "pump") == (None, "orphan")


def test_a_moved_turn_is_to_be_reviewed_where_it_stands_now() -> None:
    lines = OLD.splitlines(keepends=True)
    new = "".join([lines[0], lines[3], *lines[1:3], *lines[4:]])
    carrier = Carrier(OLD, new)
    quote = "we carry compost up from the village"
    assert carrier.carry(_span(quote)).span == _span(quote, new)
    assert carrier.carry(_span(quote)).anchor == "review"


def test_a_turn_copied_elsewhere_leaves_the_first_where_it_is() -> None:
    lines = OLD.splitlines(keepends=True)
    new = "".join([*lines[:8], lines[1], *lines[8:]])
    quote = "some squash that my neighbour gave me"
    assert new.count(quote) == 2
    assert Carrier(OLD, new).carry(_span(quote)) == Carried(_span(quote), "exact", len(quote))


def test_a_short_turn_that_came_into_the_place_of_another_is_not_taken_for_it() -> None:
    """The second "Right." moved up; another turn that begins with the word stands where it stood."""
    lines = OLD.splitlines(keepends=True)
    new = "".join([lines[0], lines[6], *lines[1:6], "Interviewer: Right. Let me ask about noise.\n", *lines[7:]])
    assert Carrier(OLD, new).carry(_span("Right.", nth=1)).anchor == "review"


def test_unrelated_text_in_its_place_is_no_edit() -> None:
    lines = OLD.splitlines(keepends=True)
    new = "".join(
        [*lines[:5], "Mara: I could not say, honestly; my brother used to see to all of that for us.\n", *lines[6:]]
    )
    quote = "We meet under the walnut tree. Whoever comes decides"
    assert _carried(new, quote)[1] in ("orphan", "review")


def test_nothing_is_left_of_an_emptied_text() -> None:
    assert Carrier(OLD, "").carry(_span("Right.")) == Carried(None, "orphan", 0)


# Grapheme clusters


@pytest.mark.parametrize(
    ("old", "new", "quote"),
    [
        ("I cried \U0001f469 today", "I cried \U0001f469\u200d\U0001f467 today", "\U0001f469"),
        ("the cafe was closed all of the day", "the cafe\u0301 was closed all of the day", "the cafe"),
    ],
)
def test_a_carried_span_never_splits_a_grapheme(old: str, new: str, quote: str) -> None:
    found = Carrier(old, new).carry(_span(quote, old)).span
    assert found is not None
    assert not splits_grapheme(new, found.start)
    assert not splits_grapheme(new, found.end)
    assert len(found) > len(quote)


# What a revision stores


def test_stored_blocks_carry_as_fresh_ones_do() -> None:
    new = OLD.replace("Mara", "Participant").replace("every other Saturday", "on Saturdays")
    stored = json.loads(json.dumps(align(OLD, new)))
    fresh, later = Carrier(OLD, new), Carrier(OLD, new, stored)
    spans = [Span(start, start + 20) for start in range(0, len(OLD) - 20, 5)]
    assert len(spans) > 100
    assert [fresh.carry(span) for span in spans] == [later.carry(span) for span in spans]


@pytest.mark.parametrize(
    "blocks",
    [
        [Block(0, 0, 99)],
        [Block(0, 1, 3)],
        [Block(4, 0, 3), Block(0, 4, 3)],
        [Block(0, 0, 4), Block(3, 3, 4)],
        [Block(0, 0, 0)],
        [Block(-3, -3, 3)],
    ],
)
def test_blocks_that_do_not_fit_are_refused(blocks: list[Block]) -> None:
    assert Carrier("one two", "one two", [Block(0, 0, 7)]).carry(Span(0, 3)).anchor == "exact"
    with pytest.raises(ValueError, match="does not fit"):
        Carrier("one two", "one two", blocks)


def test_a_span_that_leaves_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves a text of 3"):
        Carrier("one", "one").carry(Span(2, 4))


# Long texts


def _long(seed: int, words: int) -> str:
    rng = random.Random(seed)
    return "".join(rng.choice(WORDS) + rng.choice([" ", " ", " ", ", ", ".\n"]) for _ in range(words))


def _noisy(text: str, share: float, seed: int) -> str:
    rng = random.Random(seed)
    choices = ("", "x", "  ")
    return "".join(rng.choice(choices) if rng.random() < share else char for char in text)


@pytest.mark.parametrize("share", [0.005, 0.05, 0.2])
def test_a_text_aligned_in_pieces_carries_as_one_aligned_whole(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    old = _long(1, 3000)
    new = "A new opening.\n" + _noisy(old, share, 2)
    spans = [Span(at, at + 30) for at in range(0, len(old) - 30, 97)]
    assert len(spans) > 200
    uncut = Carrier(old, new)
    whole = [uncut.carry(span) for span in spans]
    monkeypatch.setattr(alignment, "LONG", 2000)
    pieces: list[alignment.Gap] = []
    levenshtein = alignment._levenshtein
    monkeypatch.setattr(alignment, "_levenshtein", lambda *args: pieces.append(args[2]) or levenshtein(*args))
    carrier = Carrier(old, new)
    cut = [carrier.carry(span) for span in spans]
    assert len(pieces) > 5
    assert sum(one == other for one, other in zip(whole, cut, strict=True)) >= 0.98 * len(spans)


def test_long_strangers_share_nothing_and_take_no_time() -> None:
    old, new = _long(1, 60_000), "".join(reversed(_long(2, 60_000).upper()))
    assert len(old) * len(new) > alignment.HOPELESS
    began = time.process_time()
    assert Carrier(old, new).carry(Span(5000, 5040)).anchor == "orphan"
    assert time.process_time() - began < 5


def test_a_text_of_one_letter_takes_no_time() -> None:
    began = time.process_time()
    carrier = Carrier("a" * 20_000, "a" * 10_000 + "b" + "a" * 9_000)
    assert carrier.carry(Span(100, 200)).span is not None
    assert time.process_time() - began < 2


def test_an_interview_with_500_spans_is_carried_at_once() -> None:
    old = _long(3, 4200)
    new = _noisy(old, 0.02, 4)
    assert len(old) > 30_000
    spans = [Span(at, at + 40) for at in range(0, 30_000, 60)]
    began = time.process_time()
    carrier = Carrier(old, new)
    anchors = [carrier.carry(span).anchor for span in spans]
    taken = time.process_time() - began
    assert len(anchors) == 500
    assert set(anchors) <= {"exact", "edited", "review"}
    assert taken < 0.5, "the benchmark asks for 0.1 s; this leaves room for a busy machine"


# Properties

TINY = st.text("ab \n", max_size=40)
MIXED = st.lists(
    st.sampled_from(
        [
            *WORDS,
            " ",
            " ",
            "\n",
            ": ",
            "Yeah. ",
            "Yeah. ",
            "e\u0301",
            "\U0001f469\u200d\U0001f467",
            "\U0001f1ec\U0001f1e7",
        ]
    ),
    max_size=40,
).map("".join)
TEXT = st.one_of(TINY, MIXED, st.text(max_size=60))


@st.composite
def revised(draw: st.DrawFn) -> tuple[str, str]:
    """A text and a version of it: cut and put together anew, or another text altogether."""
    old = draw(TEXT)
    if not old or draw(st.booleans()):
        return old, draw(TEXT)
    cuts = sorted(draw(st.lists(st.integers(0, len(old)), max_size=6)))
    pieces = [old[a:b] for a, b in zip([0, *cuts], [*cuts, len(old)], strict=True)]
    order = (
        draw(st.lists(st.sampled_from(range(len(pieces))), max_size=8)) if draw(st.booleans()) else range(len(pieces))
    )
    return old, "".join(draw(st.sampled_from([pieces[k], pieces[k], pieces[k] + draw(TEXT), ""])) for k in order)


def _any_span(data: st.DataObject, text: str) -> Span:
    start = data.draw(st.integers(0, len(text) - 1))
    return Span(start, data.draw(st.integers(start + 1, len(text))))


@given(revised())
def test_blocks_are_disjoint_in_order_and_the_same_in_both_texts(texts: tuple[str, str]) -> None:
    old, new = texts
    old_at = new_at = 0
    for block in align(old, new):
        assert block.length > 0
        assert block.old >= old_at
        assert block.new >= new_at
        assert (block.old, block.new) != (old_at, new_at) or not old_at, "touching blocks are one"
        assert old[block.old : block.old_end] == new[block.new : block.new_end] != ""
        old_at, new_at = block.old_end, block.new_end
    assert old_at <= len(old)
    assert new_at <= len(new)


@given(revised(), st.data())
@settings(max_examples=300)
def test_what_is_said_of_a_place_is_true(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = texts
    assume(old)
    span = _any_span(data, old)
    found = Carrier(old, new).carry(span)
    assert (found.span is None) == (found.anchor == "orphan")
    assert 0 <= found.survivors <= len(span)
    if found.span is None:
        return
    assert found.span.end <= len(new)
    assert not splits_grapheme(new, found.span.start)
    assert not splits_grapheme(new, found.span.end)
    same = old[span.start : span.end] == new[found.span.start : found.span.end]
    if found.anchor == "exact":
        assert same
    if found.anchor == "edited":
        assert not same
        assert 2 * found.survivors >= len(span)


@given(revised(), st.data())
def test_carrying_again_gives_the_same(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = texts
    assume(old)
    carrier = Carrier(old, new)
    spans = [_any_span(data, old) for _ in range(3)]
    once = [carrier.carry(span) for span in spans]
    assert [Carrier(old, new, carrier.blocks).carry(span) for span in reversed(spans)] == once[::-1]


@given(TEXT, st.data())
def test_the_same_text_carries_every_span_exactly(text: str, data: st.DataObject) -> None:
    assume(text)
    span = snap(text, _any_span(data, text))
    assert Carrier(text, text).carry(span) == Carried(span, "exact", len(span))


@given(TEXT, st.integers(1, 60), st.integers(0, 60), st.data())
def test_strange_text_before_and_after_only_shifts(text: str, before: int, after: int, data: st.DataObject) -> None:
    """It may have to be reviewed, when it is short and lost its neighbours, but it never stands anywhere else."""
    assume(text)
    assume("#" not in text)
    span = snap(text, _any_span(data, text))
    new = "#" * before + text + "#" * after
    expected = Span(span.start + before, span.end + before)
    assume(snap(new, expected) == expected)
    found = Carrier(text, new).carry(span)
    assert found.span == expected
    assert found.anchor in ("exact", "review")


@given(st.integers(0, 200), st.integers(1, 200), st.data())
def test_cutting_out_text_without_look_alikes_tells_kept_from_gone(
    start: int, length: int, data: st.DataObject
) -> None:
    old = "".join(map(chr, range(0x4E00, 0x4E00 + 240)))
    cut = Span(start, min(len(old), start + length))
    new = old[: cut.start] + old[cut.end :]
    span = _any_span(data, old)
    found = Carrier(old, new).carry(span)
    kept = [at for at in range(span.start, span.end) if not cut.start <= at < cut.end]
    if not span.overlaps(cut):
        moved = span.start - (len(cut) if span.start >= cut.end else 0)
        assert found.span == Span(moved, moved + len(span))
    if 2 * len(kept) < len(span):
        assert found.anchor in ("orphan", "review")
    elif found.anchor in ("exact", "edited"):
        assert found.span is not None
        assert new[found.span.start : found.span.end] == "".join(old[at] for at in kept)


@given(TEXT, st.data())
def test_of_an_emptied_text_everything_is_an_orphan(text: str, data: st.DataObject) -> None:
    assume(text)
    assert Carrier(text, "").carry(_any_span(data, text)) == Carried(None, "orphan", 0)


@given(st.integers(0, len(OLD) - 2), st.integers(1, 120), st.integers(0, 2**32))
def test_two_revisions_end_where_one_does(start: int, length: int, seed: int) -> None:
    """Where a span is held over both steps and over the one, it is the same place, give or take doubled letters."""
    span = Span(start, min(len(OLD), start + length))
    middle = _noisy(OLD, 0.02, seed)
    last = "Checked twice.\n" + _noisy(middle, 0.02, seed + 1)
    first, at_once = Carrier(OLD, middle).carry(span), Carrier(OLD, last).carry(span)
    assume(first.span is not None and first.anchor != "review" and at_once.anchor != "review")
    assert first.span is not None
    then = Carrier(middle, last).carry(first.span)
    assume(then.anchor != "review" and then.span is not None and at_once.span is not None)
    assert then.span is not None
    assert at_once.span is not None
    assert abs(at_once.span.start - then.span.start) <= max(4, length // 10)
    assert abs(at_once.span.end - then.span.end) <= max(4, length // 10)


# Real interviews


@pytest.fixture(scope="module")
def protocol() -> ModuleType:
    """The benchmark's module; its neighbours are found beside it as when it is run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        return importlib.import_module("anchors")


@pytest.fixture(scope="module")
def interviews(protocol: ModuleType) -> dict[str, str]:
    found: dict[str, str] = protocol.interviews()
    if len(found) < 5:
        pytest.skip("the real interviews of ../shared/data are not here")
    return dict(list(found.items())[:12])


@pytest.mark.parametrize(
    "name",
    [
        "characters 2%",
        "characters 20%",
        "words 5%",
        "speakers renamed",
        "pseudonyms",
        "lines wrapped at 72",
        "paragraphs on top",
        "turns deleted 5%",
        "turns moved 5%",
        "turns copied 10%",
    ],
)
def test_codings_of_real_interviews_are_never_silently_wrong(
    name: str, protocol: ModuleType, interviews: dict[str, str]
) -> None:
    counts = protocol.measure(interviews, protocol.SCENARIOS[name], 480, 11)
    assert counts["n"] >= 450
    assert counts["exact"] + counts["edited"] + counts["review"] + counts["orphan"] == counts["n"]
    assert counts["wrong"] == 0
    assert counts["first match"] > 0.05 * counts["n"], "the rival shows that the segments are not easy"
    survive = counts["n"] - counts["gone"]
    assert counts["alive"] >= (0.9 if "moved" in name or "20%" in name else 0.97) * survive
