"""What leaves the project leaves by consent: nothing of who withdrew, and a word on who is not to be quoted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.model import Bundle, Case, Code, Codebook, MemoTarget, Segment, Source, Span, Turn
from qualcode.renderers import RENDERERS
from qualcode.store import Project
from qualcode.workflow import writing_up


def source(name: str) -> Source:
    """An interview in which one says who one is."""
    text = f"I am {name} and I plan."
    return Source(name * 8, name, "interview", text, (Turn(1, Span(0, len(text)), name),), case=name, sha256="b" * 64)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    sources = (source("dora"), source("emil"), source("fred"))
    cases = (Case("dora", withdrawn=True), Case("emil", consent="analyse"), Case("fred", consent="quote"))
    with Project.start(tmp_path / "study") as opened:
        opened.add(Bundle(sources=sources, cases=cases), coder=None)
        with opened.act("codebook apply", None) as act:
            act.put_codebook(Codebook("role", "1.0", (Code("role/managerial"),)), {})
        (code,) = opened.codes()
        with opened.act("coding add", "ann") as act:
            keys = [act.add_coding(Segment(each, Span(5, 9)), code) for each in sources]
        with opened.act("memo add", "ann") as act:
            for key, each in zip(keys, sources, strict=True):
                act.put_memo(MemoTarget("source", each.id), f"{each.name} was tired")
                act.put_memo(MemoTarget("coding", key), f"{each.name} means it")
                act.put_memo(MemoTarget("case", opened.case(each.name).id), f"{each.name} is new")
        yield opened


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_codings_of_who_withdrew_do_not_leave(project: Project, format: str) -> None:
    data, notes = writing_up.codings(project, format)
    assert b"emil" in data
    assert b"fred" in data
    assert b"dora" not in data
    assert notes == [
        "Left out: 1 case that withdrew.",
        "1 case agreed to be analysed, not to be quoted: not for publication.",
    ]


def test_every_memo_of_the_others_stays(project: Project) -> None:
    data, _ = writing_up.codings(project, "jsonl")
    memos = [line for line in map(json.loads, data.decode().splitlines()) if "was tired" in json.dumps(line)]
    assert len(memos) == 2
    assert data.count(b"means it") == 2
    assert data.count(b"is new") == 2


def test_transcripts_of_who_withdrew_do_not_leave(project: Project) -> None:
    page = RENDERERS.load("markdown")(writing_up.transcripts(project)).decode()
    assert "I am emil" in page
    assert "dora" not in page
    assert "Left out: 1 case that withdrew." in page
    assert "not for publication" in page


def test_an_export_to_stdout_s_name_goes_there_and_through_a_link_into_its_file(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "file.csv")
    writing_up.save(None, "codings", "csv", b"new", tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "file.csv").read_bytes() == b"new"
    said = "from pathlib import Path; from qualcode.workflow import writing_up as w; "
    said += "w.save(None, 'codings', 'csv', b'new', Path('/dev/stdout'))"
    run = subprocess.run([sys.executable, "-c", said], capture_output=True, check=True, timeout=60)
    assert run.stdout == b"new"
    assert Path("/dev/stdout").is_symlink()
