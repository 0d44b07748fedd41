"""Every quotation comes out of every format as it stands in the transcript."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.renderers import RENDERERS
from qualcode.report import Quotation, Report
from tests.renderers import undone
from tests.renderers.nasty import QUOTES, report

PIECES = st.sampled_from(
    (
        *"*_~`\\<>&#[]()!|:-+=.1$ \n\tab;x{}\"'/%@£”é“",
        *(
            "[laughs]",
            "[redacted]",
            "amp;",
            "\n    ",
            "---",
            "***",
            "https://a.b",
            "<br>",
            "[x]: /u",
            "[^1]: ",
            "~~",
            "```",
        ),
        *("\n\n", "\u05d0", "\u200f", "\U0001f469\u200d\U0001f467", "e\u0301", "\u00a0"),
    )
)
TEXTS = st.lists(PIECES, min_size=1, max_size=20).map("".join).filter(str.strip)


def rendered(name: str, *texts: str) -> bytes:
    made: bytes = RENDERERS.load(name)(
        Report("Quotations", tuple(Quotation(text, "[P]", "a, turn 1") for text in texts))
    )
    return made


@pytest.mark.parametrize("name", undone.UNDO)
def test_nasty_quotations_are_verbatim(name: str) -> None:
    found = undone.UNDO[name](RENDERERS.load(name)(report()))
    if name == "markdown":
        found = [undone.as_markdown_shows(text) for text in found]
        assert found == [undone.as_markdown_shows(text) for text in QUOTES]
    else:
        assert found == list(QUOTES)


@pytest.mark.parametrize("name", ["csv", "html"])
@given(text=TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_text_is_verbatim(name: str, text: str) -> None:
    assert undone.UNDO[name](rendered(name, text)) == [text]


@given(texts=st.lists(TEXTS, min_size=8, max_size=8))
@settings(max_examples=12, deadline=None)
def test_any_text_is_verbatim_in_docx(texts: list[str]) -> None:
    assert undone.docx(rendered("docx", *texts)) == texts


@given(text=TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_is_verbatim_in_markdown_but_for_blanks_that_markdown_ignores(text: str) -> None:
    (found,) = undone.markdown(rendered("markdown", text))
    assert undone.as_markdown_shows(found) == undone.as_markdown_shows(text)


PLAIN = (
    "Well [laughs] they mostly go to [redacted], don't they?",
    '[/] and [inaudible 00:12:31] – R&D, 5 < 6, 50 % & "so on"; it\'s £5 or $6!',
    "a snake_case name, a lone * star, f**k, ____ (name), C:\\dir and https://example.org/a_b",
    "(Provider A) said: 'no' … #metoo @school =so +so -so",
    "[Name] came first. 2003 was cold: 3-4 of us, 10:30.",
)


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_speech_carries_no_backslash_in_markdown(text: str) -> None:
    assert f"> {text}\n" in rendered("markdown", text).decode()


@pytest.mark.parametrize("text", [PLAIN[0], PLAIN[4], '“It\'s — well, "fine"” [sighs]'])
@pytest.mark.parametrize("name", ["html", "markdown"])
def test_ordinary_speech_can_be_found_in_the_file_as_it_is(name: str, text: str) -> None:
    assert text in rendered(name, text).decode()


@pytest.mark.parametrize("name", undone.UNDO)
def test_a_report_without_quotations_has_none(name: str) -> None:
    data = RENDERERS.load(name)(Report("Empty"))
    assert data
    assert undone.UNDO[name](data) == []


@pytest.mark.parametrize("name", undone.UNDO)
def test_controls_are_shown_as_symbols(name: str) -> None:
    data = rendered(name, "a\x1b]52;c\x07 b\x00 c\u202ed")
    (found,) = undone.UNDO[name](data)
    assert found == "a␛]52;c␇ b␀ c⟨U+202E⟩d"
    assert b"\x1b" not in data or name == "docx"


def test_the_verbatim_text_is_the_one_of_the_report() -> None:
    changed = replace(report(), blocks=(Quotation("other"),))
    assert undone.html(RENDERERS.load("html")(changed)) == ["other"]
