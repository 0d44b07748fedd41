from __future__ import annotations

import pytest

from qualcode.renderers.markdown import render
from qualcode.report import Heading, Margin, Note, Quotation, Report, Table


def lines(*blocks: object) -> list[str]:
    return render(Report("T", tuple(blocks))).decode().split("\n")[2:]  # type: ignore[arg-type]


def html_of(*blocks: object) -> str:
    from markdown_it import MarkdownIt

    text = render(Report("T", tuple(blocks))).decode()  # type: ignore[arg-type]
    made: str = MarkdownIt("commonmark").enable("table").render(text)
    return made


def test_a_quotation_reads_well_unrendered() -> None:
    quotation = Quotation(
        "Well [laughs]\nyes.", "[Secondary coordinator]", "interview-2, turn 14", ("a", "b"), code="a"
    )
    assert lines(quotation) == [
        "> Well [laughs]  ",
        "> yes.",
        ">",
        "> — [Secondary coordinator] · interview-2, turn 14 · also: b",
        "",
    ]


def test_context_and_memo_are_labelled() -> None:
    found = lines(Quotation("x", before="… before ", after=" after", memo="Why?"))
    assert "> *before:* … before" in found
    assert "> *after:* after" in found
    assert "> *memo:* Why?" in found


@pytest.mark.parametrize("text", ["C#", "F #", "a ##", "plain"])
def test_hash_marks_at_the_end_of_a_heading_stay(text: str) -> None:
    assert f"<h2>{text}</h2>" in html_of(Heading(text))


def test_a_table_keeps_pipes_and_lines_in_their_cells() -> None:
    table = Table(("a | b", "n"), (("x|y\nz", 1), ("back\\|slash", 2)))
    page = html_of(table)
    assert page.count("<td") == 4
    assert "<td>x|y<br>z</td>" in page
    assert "<td>back\\|slash</td>" in page
    assert "<th>a | b</th>" in page


def test_a_lone_star_does_not_pair_with_our_own() -> None:
    assert "<strong>P*1:</strong> said *" in html_of(Margin("1", "P*1", "said *"))


def test_a_note_is_one_paragraph() -> None:
    assert lines(Note("Left out:\n1 case.")) == ["*Note.* Left out: 1 case.", ""]


def test_a_bare_address_with_marks_is_not_linked_because_github_would_show_the_backslashes() -> None:
    assert r"> https\://a.b/\_x\_\<br>" in lines(Quotation("https://a.b/_x_<br>"))
    assert "> https://a.b/one_two" in lines(Quotation("https://a.b/one_two"))
