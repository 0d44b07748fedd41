"""Real interviews, from the file they came in to the quotation in four formats: no word lost, all verbatim."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from qualcode.analysis.request import Request as Asked
from qualcode.model import Source
from qualcode.segmentation import cut
from qualcode.session import Session
from qualcode.store import Project
from qualcode.workflow import codebooks, importing, projects, writing_up

DATA = Path(__file__).parents[2].parent / "shared" / "data"
FOLDERS = [DATA / "13_sheffield_interviews", DATA / "04_mannheimer_qualcoder" / "documents"]
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="real public data is not on this machine")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("real") / "study"
    projects.start(folder)
    project = Project.open(folder)
    done = importing.import_paths(project, importing.Request(tuple(FOLDERS)), coder=None)
    assert len(done.sources) >= 15
    codebooks.apply(project, "role", coder=None)
    return project


def passages(source: Source) -> list[str]:
    """Every seventh sentence of the respondents, and every one with a bracket or another special character."""
    found = [s.quote for s in cut(source, "sentence") if s.turn is None or s.turn.role != "interviewer"]
    return [
        quote
        for at, quote in enumerate(found)
        if source.text.count(quote) == 1
        and len(quote) > 8
        and (at % 7 == 0 or re.search(r"[\[\]<>*_#&|$~^\\`=]", quote))
    ]


@pytest.fixture(scope="module")
def quotes(study: Project) -> list[str]:
    lines, coded = [], []
    for source in study.sources():
        for quote in passages(source):
            lines.append(json.dumps({"source": source.id, "quote": quote, "code": "role/managerial"}))
            coded.append(quote)
    answers = Session(study, "ann").batch(lines)
    assert [answer for answer in answers if "error" in answer] == []
    assert len(coded) > 500
    assert sum("[" in quote for quote in coded) > 20
    return coded


def folded(text: str) -> str:
    """White space at line ends is layout in every page format; the words are not."""
    return re.sub(r"\s+", " ", text)


def page(study: Project, format: str) -> bytes:
    report = writing_up.report(study, "quotations", Asked(layer="ann", attribution="[{case}]"))
    return writing_up.rendered(report, format)


def missing(quotes: list[str], text: str) -> list[int]:
    whole = folded(text)
    return [at for at, quote in enumerate(quotes) if folded(quote) not in whole]


def test_every_quotation_stands_verbatim_in_the_csv(study: Project, quotes: list[str]) -> None:
    from qualcode.escaping import from_csv_cell

    rows = list(csv.DictReader(io.StringIO(page(study, "csv").decode("utf-8-sig"))))
    cells = {from_csv_cell(cell) for row in rows for cell in row.values() if cell}
    assert [at for at, quote in enumerate(quotes) if quote not in cells] == []


def test_every_quotation_stands_verbatim_in_the_html(study: Project, quotes: list[str]) -> None:
    from lxml import html

    text = html.fromstring(page(study, "html").decode()).text_content()
    assert missing(quotes, text) == []


def test_every_quotation_stands_verbatim_in_the_docx(study: Project, quotes: list[str]) -> None:
    from docx import Document

    document = Document(io.BytesIO(page(study, "docx")))
    assert missing(quotes, "\n".join(paragraph.text for paragraph in document.paragraphs)) == []


def test_every_quotation_stands_verbatim_in_the_rendered_markdown(study: Project, quotes: list[str]) -> None:
    from lxml import html
    from markdown_it import MarkdownIt

    rendered = MarkdownIt("commonmark").render(page(study, "md").decode())
    assert missing(quotes, html.fromstring(rendered).text_content()) == []


def test_bracketed_insertions_are_readable_in_the_markdown_itself(study: Project, quotes: list[str]) -> None:
    raw = page(study, "md").decode()
    bracketed = {m for quote in quotes for m in re.findall(r"\[[A-Za-z ]+\]", quote)}
    assert len(bracketed) > 10
    assert [words for words in bracketed if words not in raw] == []


def test_no_coding_lost_its_words_on_the_way_through_the_database(study: Project, quotes: list[str]) -> None:
    stored = sorted(coding.segment.quote for coding in study.codings())
    assert stored == sorted(quotes)
