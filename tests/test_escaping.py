"""Every sink: what must be seen is seen, what must not act does not, and what can be read back is."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.escaping import (
    csv_cell,
    file_slug,
    from_csv_cell,
    html,
    html_text,
    json_text,
    latex,
    one_line,
    page_text,
    safe_text,
    xml,
)

ANY = st.text(st.characters(exclude_categories=()), max_size=40)
ACTS = [*map(chr, range(0x09)), *map(chr, range(0x0B, 0x20)), *map(chr, range(0x7F, 0xA0)),
        *"\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\u061c\ufeff\ufff9\ud800\udfff", "\U000e0041"]  # fmt: skip
STAYS = ["é", "😀", "👩‍👩‍👧", "\t", "\n", "[laughs]", "שלום", "नमस्ते", "a\u0301", "\u00a0", "\u200d"]


@pytest.mark.parametrize("char", ACTS, ids=lambda char: f"U+{ord(char):04X}")
def test_what_can_act_on_a_terminal_is_shown_as_a_symbol(char: str) -> None:
    shown = safe_text(f"a{char}b")
    assert char not in shown
    assert re.fullmatch("a(.|⟨U\\+[0-9A-F]{4,6}⟩)b", shown)
    assert shown.encode("utf-8")


@pytest.mark.parametrize("text", STAYS)
def test_ordinary_text_of_any_language_stays(text: str) -> None:
    assert safe_text(text) == text


@given(ANY)
def test_safe_text_is_settled_after_one_pass(text: str) -> None:
    assert safe_text(safe_text(text)) == safe_text(text)


@given(ANY)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert "\t" not in one_line(text)


def test_a_page_keeps_the_marks_that_order_right_to_left_text() -> None:
    assert page_text("a\u200fb") == "a\u200fb"
    assert page_text("a\u202eb") == "a⟨U+202E⟩b"


FORMULAS = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\u3000=1", "\uff1dcmd", "\uff0bx", "\uff0dx", "\uff20x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert csv_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "plain", "5 - 4", "a=b", "'quoted'", "[laughs] =", "“=”"])
def test_other_cells_stay(text: str) -> None:
    assert csv_cell(text) == text


@given(st.text(st.sampled_from("'=+-@ \t\rax\uff1d"), max_size=6) | ANY)
def test_a_cell_is_read_back_exactly(text: str) -> None:
    assert from_csv_cell(csv_cell(text)) == text


@given(ANY)
def test_html_holds_no_markup_of_the_text(text: str) -> None:
    import html as standard

    assert not set(html(text)) & set("<>\"'")
    assert standard.unescape(html(text)) == page_text(text)
    assert standard.unescape(html_text(text)) == page_text(text)


def test_latex_specials_are_escaped() -> None:
    assert latex(r"50% of $x_1 & #2 {a} ~ ^ \input") == (
        r"50\% of \$x\_1 \& \#2 \{a\} \textasciitilde{} \textasciicircum{} \textbackslash{}input"
    )


def test_xml_holds_only_characters_that_xml_can() -> None:
    import xml.etree.ElementTree as ElementTree

    every = "".join(map(chr, [*range(0x300), 0xFFFE, 0xFFFF, 0xD800]))
    raw = ElementTree.tostring(_element(xml(every)))
    assert ElementTree.fromstring(raw).text == xml(every)


def _element(text: str) -> object:
    from xml.etree.ElementTree import Element

    element = Element("p")
    element.text = text
    return element


@given(st.recursive(ANY, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3)))
def test_json_means_the_same_and_holds_nothing_that_acts(value: object) -> None:
    dumped = json_text(json.dumps(value, ensure_ascii=False))
    assert json.loads(dumped) == value
    assert safe_text(dumped) == dumped


def test_nothing_printable_needs_replacing() -> None:
    printable = "".join(chr(point) for point in range(0x110000) if chr(point).isprintable())
    assert len(printable) > 100_000
    assert safe_text(printable) == printable


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Interview 3 (é).docx", "interview-3-e-docx"), ("../../etc/passwd", "etc-passwd"), ("-rf", "rf"), ("日本", ""),
     ("$(x)\n", "x"), ("CON", "con"), ("a" * 300, "a" * 60)],
)  # fmt: skip
def test_a_slug_is_harmless_in_any_folder(name: str, slug: str) -> None:
    assert file_slug(name) == slug


@given(ANY, st.integers(1, 80))
def test_a_slug_is_short_and_plain(name: str, limit: int) -> None:
    assert re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?)?", file_slug(name, limit))
    assert len(file_slug(name, limit)) <= limit
