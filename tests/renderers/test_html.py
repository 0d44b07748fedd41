from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from qualcode.renderers.html import render
from qualcode.report import Heading, Margin, Quotation, Report, Table
from tests.renderers.nasty import report
from tests.renderers.undone import page

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "h4", "h5", "h6", "p", "b"),
    *("dl", "div", "dt", "dd", "nav", "ul", "li", "a", "figure", "blockquote", "span", "figcaption", "section", "mark"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}


def test_no_text_becomes_a_tag() -> None:
    found = page(render(report()))
    assert found.quotations
    assert set(found.tags) <= ALLOWED


def test_the_policy_admits_the_style_sheet_and_nothing_else() -> None:
    text = render(report()).decode()
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in text


def test_the_page_asks_nobody_for_anything() -> None:
    text = render(report()).decode()
    assert not re.search(r"""(src|href)=["'](?!#)""", text)
    assert "url(" not in text
    assert "@import" not in text


def test_light_dark_and_paper_are_provided_for() -> None:
    text = render(report()).decode()
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_each_entry_of_the_contents_leads_to_its_heading() -> None:
    blocks = tuple(Heading(f"Code {n}", 2) for n in range(6))
    text = render(Report("Many", blocks)).decode()
    targets = re.findall(r'<a href="#(s\d+)">', text)
    assert len(targets) == 6
    assert all(f'id="{target}"' in text for target in targets)


def test_a_quotation_has_its_own_direction_and_no_language() -> None:
    assert '<div class="passage" lang="" dir="auto">' in render(Report("One", (Quotation("x"),))).decode()


def test_coded_ranges_are_marked() -> None:
    text = render(Report("T", (Margin("1", "A", "a < b & c", coded=((2, 5),)),))).decode()
    assert "a <mark>&lt; b</mark> &amp; c" in text


def test_numbers_stand_right_and_small_bases_have_their_dagger() -> None:
    table = Table(("code", "n", "%"), (("a", 1, 33.333), ("b", 2, None)), small=frozenset({(0, 2)}))
    text = render(Report("T", (table,))).decode()
    assert '<th scope="col" class="right">%</th>' in text
    assert '<td class="right" dir="auto">33.3†</td>' in text
    assert '<td class="right" dir="auto">n/a</td>' in text
