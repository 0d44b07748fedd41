"""A project of another program comes in whole: once, as one act, with coders, times, codebook and file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode.errors import InputError, NoCoder, UsageError
from qualcode.model import Receipt
from qualcode.readers import ReadOptions
from qualcode.session import Session
from qualcode.store import Project
from qualcode.workflow import codebook_life, codebooks, coded_tables, importing, projects, revising
from tests.readers import foreign
from tests.readers.foreign import HELP, PLANS, TEXT, place

FILES = {
    "study.qdpx": foreign.qdpx(),
    "study.sqlite3": foreign.taguette(),
    "study.qda": foreign.qualcoder(),
    "study.rqda": foreign.rqda(),
}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    projects.start(tmp_path / "study")
    with Project.open(tmp_path / "study") as project:
        yield project


def written(tmp_path: Path, name: str, raw: bytes | None = None) -> Path:
    path = tmp_path / name
    path.write_bytes(FILES[name] if raw is None else raw)
    return path


def take(project: Project, path: Path, coder: str | None = "ann", **more: object) -> Receipt:
    done = importing.import_paths(project, importing.Request((path,), **more), coder=coder)  # type: ignore[arg-type]
    (receipt,) = done.receipts
    return receipt


def state(project: Project) -> tuple[object, ...]:
    codings = [(c.id, c.source.name, c.span, c.code, c.coder, c.at, c.memo) for c in project.codings()]
    memos = [(m.id, m.text, m.coder, m.at) for m in project.memos()]
    books = [(book.name, [code.path for code in book.codes]) for book in project.codebooks()]
    relations = (project.code_sets(), project.code_links())
    return codings, memos, books, relations, [s.name for s in project.sources()], [c.name for c in project.cases()]


@pytest.mark.parametrize("name", FILES)
def test_a_project_comes_in_once_and_one_undo_takes_it_back(project: Project, tmp_path: Path, name: str) -> None:
    before = state(project)
    receipt = take(project, written(tmp_path, name))
    assert receipt.codings >= 2
    assert receipt.codings == len(project.codings())
    assert receipt.memos == len(project.memos())
    after = state(project)
    again = take(project, tmp_path / name)
    assert (again.codings, again.memos, again.sources, again.cases) == (0, 0, (), 0)
    assert state(project) == after
    undone = project.undo("ann")
    assert len(undone) >= 2
    assert state(project) == before
    project.redo("ann")
    assert state(project) == after


@pytest.mark.parametrize("name", FILES)
def test_a_dry_run_says_the_same_numbers_and_changes_nothing(project: Project, tmp_path: Path, name: str) -> None:
    before = state(project)
    said = take(project, written(tmp_path, name), dry_run=True)
    assert state(project) == before
    done = take(project, tmp_path / name)
    assert (said.codings, said.memos, said.cases) == (done.codings, done.memos, done.cases)
    assert [book.name for book in said.codebooks] == [book.name for book in done.codebooks]
    again = take(project, tmp_path / name, dry_run=True)
    assert (again.codings, again.memos) == (0, 0)


@pytest.mark.parametrize("name", FILES)
def test_every_check_of_the_project_holds_afterwards(project: Project, tmp_path: Path, name: str) -> None:
    take(project, written(tmp_path, name))
    checks = {check.name: check.ok for check in project.examine() if check.name != "backup"}
    assert checks
    assert all(checks.values()), checks


def test_codings_keep_coder_time_and_memo(project: Project, tmp_path: Path) -> None:
    take(project, written(tmp_path, "study.qda"))
    found = {(c.segment.quote, c.coder, c.at, c.memo) for c in project.codings()}
    when = "2024-03-01T10:11:12.000000Z"
    assert found == {(PLANS, "noor", when, "typical"), (HELP, "noor", when, None), (HELP, "ivo", when, None)}
    assert {memo.at for memo in project.memos() if memo.text == "says so twice"} == {when}


def test_the_codebook_gets_a_file_that_reads_the_same(project: Project, tmp_path: Path) -> None:
    from qualcode import codebook

    take(project, written(tmp_path, "study.qda"))
    path = project.folder / "codebooks" / "study.yaml"
    (book,) = codebook.load(path).codebooks
    (here,) = [one for one in project.codebooks() if one.name == "study"]
    assert [(c.path, c.label, c.definition, c.colour) for c in book.codes] == [
        (c.path, c.label, c.definition, c.colour) for c in here.codes
    ]
    assert book.sha256 == here.sha256


def test_a_folder_that_is_a_qualcoder_project_is_one_project(project: Project, tmp_path: Path) -> None:
    home = tmp_path / "data" / "Fridays.qda"
    (home / "documents").mkdir(parents=True)
    (home / "data.qda").write_bytes(FILES["study.qda"])
    (home / "documents" / "first.txt").write_text(TEXT)
    receipt = take(project, home)
    assert [book.name for book in receipt.codebooks] == ["fridays"]
    assert len(project.sources()) == 2
    around = take(project, home.parent)
    assert (around.codings, len(project.sources())) == (0, 2)


def test_a_later_state_adds_what_is_new_and_changes_nothing(project: Project, tmp_path: Path) -> None:
    rows = [(1, 1, 1, PLANS, *place(PLANS), "noor", "")]
    take(project, written(tmp_path, "study.qda", foreign.qualcoder(rows)))
    (old,) = project.codings()
    Session(project, "noor").recode([old.id], "support")
    rows.append((2, 2, 1, "easy", *place("easy"), "ivo", ""))
    receipt = take(project, written(tmp_path, "study.qda", foreign.qualcoder(rows)))
    assert receipt.codings == 1
    assert {(c.segment.quote, c.code) for c in project.codings()} == {
        (PLANS, "study/support"),
        ("easy", "study/support"),
    }


def test_a_codebook_of_the_same_name_stays_somebody_elses(project: Project, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text('qualcode: 1\nname: study\nversion: "1"\ncodes:\n  - code: support\n')
    codebooks.apply(project, str(tmp_path / "own.yaml"), coder="ann")
    receipt = take(project, written(tmp_path, "study.qda"))
    assert [book.name for book in receipt.codebooks] == ["study-2"]
    assert {c.code.partition("/")[0] for c in project.codings()} == {"study-2"}
    assert any('another codebook "study"' in notice.message for notice in receipt.notices)
    assert take(project, tmp_path / "study.qda").codings == 0


def test_codings_of_a_text_that_was_corrected_here_are_missed_not_misplaced(project: Project, tmp_path: Path) -> None:
    rows = [(1, 1, 1, PLANS, *place(PLANS), "noor", "")]
    take(project, written(tmp_path, "study.qda", foreign.qualcoder(rows)))
    new = tmp_path / "first.txt"
    new.write_text("A line before.\n" + TEXT)
    revising.revise_from_file(project, "first", new, coder="ann")
    rows.append((2, 2, 1, HELP, *place(HELP), "noor", ""))
    receipt = take(project, written(tmp_path, "study.qda", foreign.qualcoder(rows)))
    assert receipt.codings == 0
    assert "its text was corrected here" in " ".join(map(str, receipt.missed))
    assert [c.segment.quote for c in project.codings()] == [PLANS]


def test_two_people_who_import_the_same_project_have_the_same_codings(tmp_path: Path) -> None:
    ids = []
    path = written(tmp_path, "study.qdpx")
    for name in ("one", "two"):
        projects.start(tmp_path / name)
        with Project.open(tmp_path / name) as project:
            take(project, path)
            ids.append(([c.id for c in project.codings()], [m.id for m in project.memos()]))
    assert ids[0] == ids[1]


def test_nobodys_codings_need_a_coder(project: Project, tmp_path: Path) -> None:
    path = written(tmp_path, "study.sqlite3", foreign.taguette(members=("noor", "ivo")))
    before = state(project)
    with pytest.raises(NoCoder):
        take(project, path, coder=None)
    assert state(project) == before
    take(project, path)
    assert {c.coder for c in project.codings()} == {"ann"}


def test_codings_of_a_coder_called_consensus_are_told_to_be_the_adjudicated_layer(
    project: Project, tmp_path: Path
) -> None:
    rows = [(1, 1, 1, PLANS, *place(PLANS), "consensus", "")]
    receipt = take(project, written(tmp_path, "study.qda", foreign.qualcoder(rows)))
    assert any("the adjudicated layer" in notice.message for notice in receipt.notices)


def test_a_database_that_is_open_elsewhere_is_refused(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "study.rqda"
    path.write_bytes(FILES["study.rqda"])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("UPDATE source SET name = 'renamed'")
    with pytest.raises(InputError, match="is open in another program"):
        take(project, path)
    other.close()
    take(project, path)
    assert {source.name.partition("~")[0] for source in project.sources()} == {"renamed"}


def test_a_failure_halfway_leaves_nothing(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qualcode.workflow import taking_over

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    before = state(project), sorted(p.name for p in project.folder.rglob("*") if p.is_file())
    monkeypatch.setattr(taking_over, "_put_memos", broken)
    with pytest.raises(Exception, match="disk is full"):
        take(project, written(tmp_path, "study.qda"))
    assert (state(project), sorted(p.name for p in project.folder.rglob("*") if p.is_file())) == before


# -- tables of coded segments -----------------------------------------------------------------------------------------

BOOK = """qualcode: 1
name: years
version: "1"
codes:
  - code: beginnings
    label: Beginnings
    codes:
      - code: planning
        label: Planning
  - code: support
    label: Support
"""


@pytest.fixture
def read(project: Project, tmp_path: Path) -> Project:
    (tmp_path / "years.yaml").write_text(BOOK)
    codebooks.apply(project, str(tmp_path / "years.yaml"), coder="ann")
    (tmp_path / "first.txt").write_text(TEXT)
    take(project, tmp_path / "first.txt")
    return project


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "segments.csv"
    path.write_text("\n".join(["document,code,text,coder", *rows]) + "\n")
    return path


def test_passages_of_a_table_are_found_by_their_words(read: Project, tmp_path: Path) -> None:
    path = tmp_path / "segments.csv"
    path.write_text(foreign.SEGMENTS)
    assert take(read, path).codings == 2
    found = {(c.segment.quote, c.code, c.coder, c.memo) for c in read.codings()}
    assert found == {(PLANS, "years/beginnings/planning", "noor", "typical"), (HELP, "years/support", "ivo", None)}
    assert take(read, path).codings == 0
    read.undo("ann")
    assert not read.codings()


def test_a_passage_in_several_places_or_none_is_listed(read: Project, tmp_path: Path) -> None:
    path = table(tmp_path, "first,Support,I,noor", "first,Support,never said,noor", f'first,Support,"{HELP}",noor')
    receipt = take(read, path)
    assert receipt.codings == 1
    assert [notice.where for notice in receipt.missed] == ["segments.csv:2", "segments.csv:3"]
    assert "its words stand in 3 places: first 0:1" in receipt.missed[0].message
    assert "its words are not in first" in receipt.missed[1].message


def test_a_code_of_another_spelling_is_proposed_and_never_made(read: Project, tmp_path: Path) -> None:
    codes = [code.path for code in read.codes()]
    path = table(tmp_path, f'first,SUPPORT,"{PLANS}",noor', f'first,Suport,"{HELP}",noor', "first,Weather,easy,noor")
    receipt = take(read, path)
    assert receipt.codings == 0
    said = " ".join(notice.message for notice in receipt.missed)
    assert '--map "Suport=years/support"' in said
    assert 'qualcode codebook add "Weather"' in said
    assert [code.path for code in read.codes()] == codes
    told = {"Suport": "support", "Weather": "years/beginnings", "SUPPORT": "support"}
    assert take(read, path, codes=told).codings == 3
    assert {(c.segment.quote, c.code) for c in read.codings()} == {
        (PLANS, "years/support"),
        (HELP, "years/support"),
        ("easy", "years/beginnings"),
    }


def test_a_code_of_exactly_this_last_part_needs_no_mapping(read: Project, tmp_path: Path) -> None:
    assert take(read, table(tmp_path, "first,planning,easy,noor")).codings == 1


def test_a_code_of_two_codebooks_is_asked_for(read: Project, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text('qualcode: 1\nname: more\nversion: "1"\ncodes:\n  - code: support\n')
    codebooks.apply(read, str(tmp_path / "more.yaml"), coder="ann")
    path = table(tmp_path, "first,support,easy,noor")
    receipt = take(read, path)
    assert receipt.codings == 0
    assert '"support" (1 row) fits years/support, more/support' in receipt.missed[0].message
    assert take(read, path, codes={"support": "more/support"}).codings == 1


def test_a_document_of_another_name_is_found_by_the_words_and_said(read: Project, tmp_path: Path) -> None:
    receipt = take(read, table(tmp_path, "Talk one,Support,easy,noor"))
    assert receipt.codings == 1
    assert any('"Talk one" was found by its words in first' in notice.message for notice in receipt.notices)


def test_a_table_needs_sources_and_a_mapping_needs_a_code(project: Project, tmp_path: Path) -> None:
    path = table(tmp_path, "first,Support,easy,noor")
    with pytest.raises(InputError, match="there are no sources here"):
        take(project, path)
    with pytest.raises(UsageError, match="is not OLD=NEW"):
        coded_tables.parse_mapping(["Support"])
    assert coded_tables.parse_mapping(["a=b=c/d"]) == {"a=b": "c/d"}


def test_in_a_folder_coded_passages_are_looked_for_when_all_texts_are_there(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a.csv").write_text('document,code,text,coder\nzeta,Support,"Nobody rings, and that helps.",noor\n')
    (folder / "zeta.txt").write_text("Ann: What helps?\nBo: Nobody rings, and that helps.\nAnn: Yes?\nBo: Yes.\n")
    project_book = tmp_path / "own.yaml"
    project_book.write_text('qualcode: 1\nname: own\nversion: "1"\ncodes:\n  - code: support\n    label: Support\n')
    codebooks.apply(project, str(project_book), coder="ann")
    done = importing.import_paths(project, importing.Request((folder,)), coder="ann")
    assert done.codings == 1
    assert [coding.source.name for coding in project.codings()] == ["zeta"]


def test_a_codebook_of_another_program_can_be_applied(project: Project, tmp_path: Path) -> None:
    path = written(tmp_path, "years.qdc", foreign.QDC.encode())
    done = codebooks.apply(project, str(path), coder="ann")
    assert done.codebook.codes[0].path == "years/beginnings"
    assert (project.folder / "codebooks" / "years.yaml").is_file()
    codebook_life.add(project, "Weather", coder="ann", under="years")
    assert "weather" in (project.folder / "codebooks" / "years.yaml").read_text()


def test_memos_and_codings_of_qualcoders_default_coder_are_the_importers(project: Project, tmp_path: Path) -> None:
    conn = sqlite3.connect(":memory:")
    conn.deserialize(FILES["study.qda"])
    for table in ("source", "annotation", "journal", "cases", "code_text"):
        conn.execute(f"UPDATE {table} SET owner = 'default'")
    conn.execute("UPDATE project SET codername = 'default'")
    conn.commit()
    receipt = take(project, written(tmp_path, "study.qda", conn.serialize()), coder="mia")
    conn.close()
    assert (receipt.codings, receipt.memos) == (2, 5)
    assert {memo.about.kind for memo in project.memos()} >= {"project", "source", "segment", "case"}
    assert {memo.coder for memo in project.memos()} == {"mia"}
    assert {coding.coder for coding in project.codings()} == {"mia"}


def test_codings_of_maxqda_are_found_by_their_first_words_and_their_length(read: Project, tmp_path: Path) -> None:
    receipt = take(read, written(tmp_path, "study.mex", foreign.maxqda()))
    begun = TEXT[TEXT.index("How was") : TEXT.index("\nP: Now")]
    assert len(begun) > 63
    found = {(c.segment.quote, c.code, c.coder) for c in read.codings()}
    assert found == {
        (PLANS, "years/beginnings/planning", "ann"),
        (HELP, "years/support", "ann"),
        ("now", "years/support", "ann"),
        (begun, "years/beginnings/planning", "ann"),
    }
    assert receipt.missed == ()
    assert "of 1 passages the file keeps the first 63 characters" in str(receipt.notices)


def test_words_that_stand_often_are_placed_by_the_passages_around_them(read: Project, tmp_path: Path) -> None:
    text = "P: The year was long. Now and now.\nI: So now?\nP: It is over, now, I think.\n"
    (tmp_path / "second.txt").write_text(text)
    take(read, tmp_path / "second.txt")
    places = [(1, "The year was long", 0), (2, "now", text.index("now?")), (1, "It is over", 0)]
    rows = []
    for n, (code, words, at) in enumerate(places, 1):
        start = (at or text.index(words)) + 11
        rows.append((n, 1, code, words, start, start + len(words)))
    raw = foreign.database({
        "Codings": ("ID, TextID, WordID, Preview, SegPos1X, SegPos2X", rows),
        "Codewords": ("ID, Name", [(1, "Planning"), (2, "Support")]),
        "Texts": ("ID, Name", [(1, "second")]),
    })  # fmt: skip
    assert take(read, written(tmp_path, "study.mex", raw)).codings == 3
    (placed,) = [coding.span for coding in read.codings() if coding.code == "years/support"]
    assert text[placed.start : placed.end + 1] == "now?"


def test_a_passage_that_would_end_inside_a_word_is_listed(read: Project, tmp_path: Path) -> None:
    long = TEXT[TEXT.index("How was") : TEXT.index("\nP: Now")]
    start, end = place(long)
    raw = foreign.database({
        "Codings": ("ID, TextID, WordID, Preview, SegPos1X, SegPos2X", [(1, 1, 1, long[:63], start, end + 5)]),
        "Codewords": ("ID, Name", [(1, "Planning")]),
        "Texts": ("ID, Name", [(1, "first")]),
    })  # fmt: skip
    receipt = take(read, written(tmp_path, "study.mex", raw))
    assert receipt.codings == 0
    assert "where it ends is not clear" in receipt.missed[0].message


def test_the_codes_of_a_maxqda_file_become_a_codebook(project: Project, tmp_path: Path) -> None:
    take(project, written(tmp_path, "study.mex", foreign.maxqda()), options=ReadOptions(format="codes"))
    assert [code.path for code in project.codes() if code.path.startswith("study")] == [
        "study/planning",
        "study/support",
    ]


def test_words_between_quotation_marks_of_a_report_are_found(read: Project, tmp_path: Path) -> None:
    table = f"document,text,code,coder\nfirst,“{HELP}”,Planning,zoe\n"
    assert take(read, written(tmp_path, "table.csv", table.encode())).codings == 1
    (coding,) = [one for one in read.codings() if one.coder == "zoe"]
    assert coding.segment.quote == HELP
