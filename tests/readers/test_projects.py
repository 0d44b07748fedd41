"""Projects of other programs: every coding on the words it had there, its coder and time kept, what is lost is said."""

from __future__ import annotations

import pytest

from qualcode.errors import InputError, LimitExceeded, UnknownFormat
from qualcode.model import Bundle, CodeLink, CodeSet, Coding
from qualcode.readers import READERS, ReadOptions, read_bytes
from qualcode.readers.projects import offsets
from qualcode.testing import check_bundle
from tests.readers import foreign
from tests.readers.foreign import HELP, MORE, PLANS, TEXT, place, selection


def told(bundle: Bundle) -> str:
    return "\n".join(str(one) for one in (*bundle.notices, *bundle.missed))


def coded(bundle: Bundle) -> set[tuple[str, str, str]]:
    assert bundle.codings
    return {(one.code, one.segment.quote, one.coder) for one in bundle.codings}


# -- REFI-QDA ---------------------------------------------------------------------------------------------------------


def qdpx(raw: bytes) -> Bundle:
    got = read_bytes(raw, "study.qdpx")
    check_bundle(got)
    return got


BOTH = {
    ("first-years/beginnings/planning", PLANS, "noor"),
    ("first-years/support", HELP, "ivo"),
    ("first-years/beginnings", HELP, "ivo"),
}


def test_a_refi_project_brings_texts_codes_codings_memos_and_cases() -> None:
    got = qdpx(foreign.qdpx())
    (book,) = got.codebooks
    assert (book.name, book.title) == ("first-years", "First Years (Elsewhere 2)")
    assert [(code.path, code.label, code.colour) for code in book.codes] == [
        ("first-years/beginnings", "Beginnings", "#aa00bb"),
        ("first-years/beginnings/planning", "Planning", None),
        ("first-years/support", "Support", None),
    ]
    assert book.codes[1].definition == "Plans, made or missing"
    assert coded(got) == BOTH
    assert {one.at for one in got.codings} == {"2024-03-01T10:11:12.000000Z"}
    assert [(memo.about.kind, memo.about.code, memo.text, memo.coder) for memo in got.memos] == [
        ("code", "first-years/beginnings", "About beginnings", "ivo"),
        ("project", "", "Loose\n\nA loose thought", "noor"),
    ]
    assert [(case.name, dict(case.attributes)) for case in got.cases] == [("Pia", {"years": 4})]
    assert [(source.name, source.file, source.case) for source in got.sources] == [("first", "first.docx", "Pia")]
    both = ("first-years/beginnings/planning", "first-years/support")
    assert got.sets == (CodeSet("Work and help", both),)
    assert got.links == (CodeLink(both[0], "leads to", both[1]),)
    assert "1 links that are not between codes, 1 sets that hold no codes: there is no such thing here" in told(got)


def counted(text: str, words: str, unit: str, two: bool, mark: int) -> tuple[int, int]:
    """Where words stand as another program counts."""
    start, end = place(words, text)

    def size(part: str) -> int:
        n = {"cp": len(part), "utf16": len(part.encode("utf-16-le")) // 2, "utf8": len(part.encode())}[unit]
        return n + (part.count("\n") if two else 0) + mark * (3 if unit == "utf8" else 1)

    return size(text[:start]), size(text[:end])


@pytest.mark.parametrize("mark", [0, 1])
@pytest.mark.parametrize("crlf", [False, True])
@pytest.mark.parametrize("two", [False, True])
@pytest.mark.parametrize("unit", ["cp", "utf16", "utf8"])
def test_what_offsets_count_is_found_out(unit: str, two: bool, crlf: bool, mark: int) -> None:
    text = "🙂 é\n" + TEXT * 3
    words = ["had no plan", "head helped me", "Now it is easy", "first year"]
    picked = "".join(selection(n, *counted(text, word, unit, two, mark)) for n, word in enumerate(words))
    raw = ("\ufeff" if mark else "") + (text.replace("\n", "\r\n") if crlf else text)
    got = qdpx(foreign.qdpx(raw.encode(), picked))
    assert [one.segment.quote for one in got.codings] == words
    assert "8 of 8 edges of passages stand between words" in told(got)


def test_the_convention_that_was_chosen_is_named() -> None:
    picked = selection(1, *counted(TEXT, HELP, "utf16", True, 0)) + selection(
        2, *counted(TEXT, "easy", "utf16", True, 0)
    )
    got = qdpx(foreign.qdpx(TEXT.replace("\n", "\r\n").encode(), picked))
    assert "offsets count UTF-16 units: 4 of 4 edges" in told(got)


def test_offsets_that_fit_no_way_of_counting_are_doubted() -> None:
    text = "abcdefghijklmnopqrstuvwxyz" * 20
    got = qdpx(foreign.qdpx(text.encode(), "".join(selection(n, n * 7 + 3, n * 7 + 8) for n in range(20))))
    assert "that is few: compare some codings with the original" in told(got)
    assert any(notice.severity == "warning" for notice in got.notices)


def test_file_names_may_be_written_in_capitals_and_without_a_scheme() -> None:
    raw = foreign.qdpx(project="Project.qde", sources="Sources", source='plainTextPath="T1.TXT"')
    assert coded(qdpx(raw)) == BOTH


def test_a_text_may_stand_in_the_project_itself() -> None:
    picked = f"<PlainTextContent>{TEXT}</PlainTextContent>" + selection(1, *place(PLANS))
    got = qdpx(foreign.qdpx(selections=picked, source=""))
    assert {one.segment.quote for one in got.codings} == {PLANS}


@pytest.mark.parametrize(
    ("start", "end", "said"), [(0, 9999, "outside"), (-5, 3, "outside"), (4, 4, "a point of first")]
)
def test_a_selection_that_marks_no_words_is_said(start: int, end: int, said: str) -> None:
    got = qdpx(foreign.qdpx(selections=selection(1, start, end) + selection(2, *place(HELP))))
    assert {one.segment.quote for one in got.codings} == {HELP}
    assert "selection S1" in told(got)
    assert said in told(got)


def test_a_coding_without_its_code_and_a_passage_without_any_are_said() -> None:
    picked = selection(1, *place(PLANS), "GONE") + selection(2, *place(HELP), "")
    got = qdpx(foreign.qdpx(selections=picked))
    assert not got.codings
    assert "its code is not in the codebook" in told(got)
    assert "1 passages are marked without any code" in told(got)


def test_pictures_sound_and_pages_are_said_and_the_text_of_a_pdf_is_kept() -> None:
    rest = (
        '<PictureSource guid="P1" name="map.png" path="internal://map.png"><PictureSelection guid="x" firstX="1" '
        'firstY="1" secondX="2" secondY="2"><Coding guid="y"><CodeRef targetGUID="A3"/></Coding></PictureSelection>'
        "</PictureSource>"
        '<PDFSource guid="P2" name="plan.pdf"><PDFSelection guid="z" page="1"/><Representation guid="P3">'
        f"<PlainTextContent>Rules for the year</PlainTextContent>{selection(9, 0, 5)}</Representation></PDFSource>"
    )
    got = qdpx(foreign.qdpx(rest=rest))
    assert ("first-years/beginnings/planning", "Rules", "noor") in coded(got)
    assert "map.png: a picture, which has no text in the project" in told(got)
    assert "1 areas marked in a picture (1 codings), which are not taken over" in told(got)
    assert "1 passages marked on pages of a PDF file" in told(got)


def test_a_transcript_is_coded_from_sync_point_to_sync_point() -> None:
    rest = (
        '<AudioSource guid="P1" name="talk.mp3"><Transcript guid="P2" name="talk"><PlainTextContent>One two three'
        '</PlainTextContent><SyncPoint guid="Y1" timeStamp="0" position="4"/><SyncPoint guid="Y2" timeStamp="9" '
        'position="7"/><TranscriptSelection guid="Y3" fromSyncPoint="Y1" toSyncPoint="Y2"><Coding guid="Y4" '
        'creatingUser="U2"><CodeRef targetGUID="A3"/></Coding></TranscriptSelection></Transcript></AudioSource>'
    )
    assert ("first-years/support", "two", "ivo") in coded(qdpx(foreign.qdpx(rest=rest)))


def test_a_project_of_empty_texts_says_so() -> None:
    got = qdpx(foreign.qdpx(b"", ""))
    assert not got.sources
    assert "first.docx: it cannot be read (is empty)" in told(got)


def test_a_text_outside_the_file_is_said() -> None:
    got = qdpx(foreign.qdpx(source='plainTextPath="absolute:///elsewhere/one.txt"'))
    assert "its text lies outside the exported file" in told(got)
    assert "3 codings of a text that is not there" in told(got)


def test_two_texts_of_one_content_stay_two() -> None:
    rest = (
        f'<TextSource guid="T2" name="first.docx" plainTextPath="internal://t1.txt">{selection(7, 0, 2)}</TextSource>'
    )
    got = qdpx(foreign.qdpx(rest=rest))
    assert [source.name for source in got.sources] == ["first", "first"]
    assert len({source.id for source in got.sources}) == 2


def test_a_doctype_is_refused() -> None:
    broken = foreign.QDC.replace("<CodeBook", '<!DOCTYPE x [<!ENTITY a "b">]><CodeBook')
    with pytest.raises(LimitExceeded, match="declares a DOCTYPE"):
        read_bytes(broken.encode(), "codes.qdc")


@pytest.mark.parametrize("space", ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:0:4", ""])
def test_a_codebook_of_any_namespace_is_read(space: str) -> None:
    raw = foreign.QDC.replace("urn:QDA-XML:codebook:1.0", space).replace(' xmlns=""', "")
    (book,) = read_bytes(raw.encode(), "My codes.qdc").codebooks
    assert [code.path for code in book.codes] == [
        "my-codes/beginnings",
        "my-codes/beginnings/planning",
        "my-codes/support",
    ]
    assert book.codes[0].definition == "How it began"


def test_codebooks_that_qualcode_wrote_are_separate_again() -> None:
    raw = foreign.QDC.replace("Elsewhere 2", "qualcode 0.1")
    assert [book.name for book in read_bytes(raw.encode(), "all.qdc").codebooks] == ["beginnings", "support"]


# -- databases --------------------------------------------------------------------------------------------------------


def database(raw: bytes, name: str = "study.sqlite3") -> Bundle:
    got = read_bytes(raw, name)
    check_bundle(got)
    return got


def test_taguettes_byte_offsets_fall_on_the_words() -> None:
    got = database(foreign.taguette())
    assert coded(got) == {
        ("first-years/planning", PLANS, "noor"),
        ("first-years/support", HELP, "noor"),
        ("first-years/planning", HELP, "noor"),
    }
    assert "1 passages are marked without any code" in told(got)
    assert [(memo.about.kind, memo.text) for memo in got.memos] == [("project", "One school"), ("source", "read twice")]


def test_paragraphs_that_would_run_together_are_parted_and_highlights_stay() -> None:
    got = database(foreign.taguette(glue=""))
    assert got.sources[0].text == TEXT.strip()
    assert {one.segment.quote for one in got.codings} == {PLANS, HELP}
    assert "3 line ends were put in" in told(got)


def test_taguettes_log_says_who_marked_what() -> None:
    got = database(foreign.taguette(members=("noor", "ivo"), log=True))
    assert {(one.segment.quote, one.coder) for one in got.codings} == {(PLANS, ""), (HELP, "ivo")}
    assert {one.at for one in got.codings} == {None, "2024-03-01T10:11:12.500000Z"}


def test_qualcoder_brings_categories_codings_annotations_journal_and_cases() -> None:
    got = database(foreign.qualcoder(), "Study.qda")
    assert [(code.path, code.definition, code.colour) for code in got.codebooks[0].codes] == [
        ("study/beginnings", "", None),
        ("study/beginnings/planning", "Plans, made or missing", "#aa00bb"),
        ("study/support", "", "#00ff00"),
    ]
    assert coded(got) == {
        ("study/beginnings/planning", PLANS, "noor"),
        ("study/support", HELP, "noor"),
        ("study/support", HELP, "ivo"),
    }
    assert {one.memo for one in got.codings} == {"typical", None}
    assert {memo.about.kind for memo in got.memos} == {"project", "source", "segment", "case"}
    assert [(case.name, dict(case.attributes)) for case in got.cases] == [("Pia", {"phase": "primary", "years": 4})]
    assert "photo.jpg: a file of kind images, which is not taken over" in told(got)
    assert "1 codings of image files" in told(got)


def test_qualcoder_offsets_in_utf16_units_are_found_out_by_the_stored_words() -> None:
    rows = [
        (n, 1, 1, word, *counted(TEXT, word, "utf16", False, 0), "noor", "") for n, word in enumerate((PLANS, HELP))
    ]
    got = database(foreign.qualcoder(rows), "study.qda")
    assert {one.segment.quote for one in got.codings} == {PLANS, HELP}
    assert "UTF-16 units" in told(got)


def test_a_text_may_be_counted_otherwise_than_the_rest_of_its_project() -> None:
    text = "\ufeff" + TEXT.replace("\n", "\r\n")
    words = (PLANS, HELP, "easy")
    rows = [(n, 1, 1, word, *place(word), "noor", "") for n, word in enumerate(words)]  # as the screen showed it
    stored = (MORE * 3).replace("\n", "\r\n")
    more = [
        (10 + n, 1, 2, "Fridays", at, at + 7, "noor", "") for n in range(3) if (at := stored.index("Fridays", n * 24))
    ]
    raw = foreign.qualcoder([*rows, *more], text=text, second=stored)
    got = database(raw, "study.qda")
    assert sorted(one.segment.quote for one in got.codings) == sorted([*words, "Fridays", "Fridays", "Fridays"])
    assert "other than in the rest" in told(got)


def test_a_coding_whose_words_stand_elsewhere_is_put_there_and_one_whose_words_are_gone_is_missed() -> None:
    rows = [(n, 1, 1, word, *place(word), "noor", "") for n, word in enumerate((PLANS, HELP, "easy"))]
    rows += [(8, 1, 1, "Now it is", 1, 4, "noor", ""), (9, 1, 1, "never said", 1, 4, "noor", "")]
    got = database(foreign.qualcoder(rows), "study.qda")
    assert {one.segment.quote for one in got.codings} == {PLANS, HELP, "easy", "Now it is"}
    assert "coding 8: its offsets hold other words than those stored with it; it was put where these are" in told(got)
    assert "coding 9: its offsets in first hold other words than those stored with it, which are not there" in told(got)


def test_rqda_keeps_owners_and_leaves_deleted_codings_out() -> None:
    got = database(foreign.rqda(), "study.rqda")
    assert coded(got) == {("study/beginnings/planning", PLANS, "noor"), ("study/support", HELP, "ivo")}
    assert {one.at for one in got.codings} == {"2024-03-01T10:11:12.000000Z"}
    assert [(case.name, dict(case.attributes)) for case in got.cases] == [("Pia", {"years": "4"})]


def test_a_database_in_wal_mode_is_read() -> None:
    raw = bytearray(foreign.rqda())
    raw[18:20] = b"\x02\x02"
    assert len(database(bytes(raw), "study.rqda").codings) == 2


HOSTILE = {
    "a view for a table": "CREATE VIEW source AS SELECT 1 AS id, zeroblob(1000000000) AS fulltext",
    "a virtual table": "CREATE VIRTUAL TABLE source USING fts5(id, name, fulltext)",
    "no such table": "CREATE TABLE other (id)",
}
CODES = "CREATE TABLE code_name (cid, name); CREATE TABLE code_text (ctid, cid, fid, seltext, pos0, pos1);"


def made(script: str) -> bytes:
    import sqlite3

    conn = sqlite3.connect(":memory:")
    conn.executescript(script)
    raw = conn.serialize()
    conn.close()
    return raw


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_plain_table_is_not_read(what: str) -> None:
    with pytest.raises(UnknownFormat, match="none of the programs"):
        read_bytes(made(CODES + HOSTILE[what]), "study.qda")


def test_generated_columns_are_not_computed() -> None:
    column = "fulltext TEXT AS (printf('%.*c', 100000000, 'x'))"
    raw = made(f"{CODES} CREATE TABLE source (id, name, {column}); INSERT INTO source (id, name) VALUES (1, 'a');")
    with pytest.raises(InputError, match="holds no texts"):
        read_bytes(raw, "study.qda")


def test_values_of_wrong_types_and_offsets_out_of_range_are_said_or_passed_over() -> None:
    rows = "(1, 1, 1, x'00', -5, 9e300), (2, 1, 1, 'words', 9223372036854775807, 0), (3, 1, 1, NULL, 0, 4)"
    raw = made(
        f"{CODES} CREATE TABLE source (id, name, fulltext); INSERT INTO source VALUES (1, x'ff', 'some words');"
        f"INSERT INTO code_name VALUES (1, 7); INSERT INTO code_text VALUES {rows};"
    )
    got = database(raw, "study.qda")
    assert coded(got) == {("study/7", "some", "")}
    assert len(got.missed) == 2


def test_a_circle_of_categories_is_opened() -> None:
    raw = made(
        f"{CODES} CREATE TABLE source (id, name, fulltext); CREATE TABLE code_cat (catid, name, supercatid);"
        "INSERT INTO code_cat VALUES (1, 'one', 2), (2, 'two', 1), (3, 'three', 3), (4, 'four', 99);"
    )
    got = database(raw, "study.qda")
    assert {code.label for code in got.codebooks[0].codes} == {"one", "two", "three", "four"}
    assert "stand under a code that is missing or below them" in told(got)


@pytest.mark.parametrize("name", ["study.mx22", "study.mex", "study.nvp", "study.atlproj23"])
def test_a_closed_format_is_refused_with_the_way_out(name: str) -> None:
    with pytest.raises(UnknownFormat, match=r"REFI-QDA project \(\.qdpx\)"):
        read_bytes(b"\0\1\2anything", name)


# -- tables -----------------------------------------------------------------------------------------------------------

HEADERS = {
    "MAXQDA": ("Document name", "Code", "Segment", "Created by"),
    "ATLAS.ti": ("Document", "Codes", "Quotation Content", "Created by"),
    "Taguette": ("document", "tag", "content", "id"),
    "Dedoose": ("Media Title", "Codes Applied", "Excerpt Copy", "Excerpt Creator"),
    "NVivo": ("Name", "Code", "Coded Text", "Coded By Initials"),
    "QualCoder": ("File", "Codename", "Coded", "Coder"),
    "one's own": ("document", "code", "text", "coder"),
}


@pytest.mark.parametrize("program", HEADERS)
def test_a_table_of_coded_segments_is_known_by_its_header(program: str) -> None:
    header = HEADERS[program]
    raw = f'{",".join(header)}\nfirst,"Planning; Support","{PLANS}",noor\n'.encode()
    (excerpt,) = read_bytes(raw, "table.csv").excerpts
    assert (excerpt.quote, excerpt.codes) == (PLANS, ("Planning", "Support"))
    assert excerpt.document == ("" if program == "NVivo" else "first")
    assert excerpt.where == "table.csv:2"


def test_columns_of_one_code_each_are_codes() -> None:
    raw = b"Media Title,Excerpt Copy,Code: Planning Applied,Code: Support Applied\nfirst,Some words,True,False\n"
    assert [one.codes for one in read_bytes(raw, "table.csv").excerpts] == [("Planning",)]


@pytest.mark.parametrize("header", ["Respondent ID,Code,Text", "document,speaker,text,code", "id,text,document"])
def test_other_tables_stay_what_they_were(header: str) -> None:
    from qualcode.readers import format_of

    raw = f"{header}\nfirst,Ann,some words here,x\n".encode()
    assert format_of(raw, "table.csv", ReadOptions()) == "survey"


def test_highlights_of_a_page_are_excerpts() -> None:
    got = read_bytes(foreign.PAGE.encode(), "all.html").excerpts
    assert [(one.quote, one.codes, one.document) for one in got] == [
        (PLANS, ("Planning", "Support"), "first.odt"),
        (HELP, ("Support",), "first.odt"),
    ]


def test_a_table_of_codes_becomes_a_codebook() -> None:
    (book,) = read_bytes(foreign.CODES.encode(), "codebook.csv").codebooks
    assert [(code.label, code.definition) for code in book.codes] == [
        ("Planning", "Plans, made or missing"),
        ("Support", ""),
    ]


# -- rulers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["code points", "UTF-16 units", "UTF-8 bytes"])
@pytest.mark.parametrize("ends", ["as they stand", "as one", "as two"])
def test_a_ruler_agrees_with_counting_character_by_character(unit: str, ends: str) -> None:
    raw = offsets.cleaned("\ufeffa🙂é\r\nb\nc\rd")
    assert raw.text == "a🙂é\nb\nc\nd"
    ruler = offsets.Ruler(raw, offsets.Convention(unit, ends))  # type: ignore[arg-type]
    at = 0
    for index, char in enumerate(raw.text):
        assert ruler.index(at) == index
        size = {"code points": 1, "UTF-16 units": len(char.encode("utf-16-le")) // 2, "UTF-8 bytes": len(char.encode())}
        at += size[unit]
        at += char == "\n" and (ends == "as two" or (ends == "as they stand" and index in raw.pairs))
    assert ruler.index(at) == len(raw.text)
    assert ruler.index(at + 1) is None
    assert ruler.index(-1) is None


def test_every_reader_of_projects_is_registered() -> None:
    assert {"qdpx", "qdc", "taguette", "qualcoder", "rqda", "segments", "codes", "highlights"} <= set(READERS.names())
    assert isinstance(database(foreign.taguette()).codings[0], Coding)
    assert MORE.strip() in database(foreign.taguette()).sources[1].text


def test_the_codes_of_a_table_of_passages_become_a_codebook_with_their_hierarchy() -> None:
    raw = rb"""Document name,Segment,Code,Created by
first,One,Family\Aunt,ann
first,Two,Family\Uncle,ann
first,Three,Chance > Luck,ann
first,Four,Help,ann
"""
    (book,) = read_bytes(raw, "maxqda.csv", ReadOptions(format="codes")).codebooks
    assert [code.path for code in book.codes] == [
        "maxqda/family", "maxqda/family/aunt", "maxqda/family/uncle", "maxqda/chance", "maxqda/chance/luck",
        "maxqda/help",
    ]  # fmt: skip


def test_the_codes_of_dedooses_columns_become_a_codebook() -> None:
    raw = b"Media Title,Excerpt Copy,Codes Applied Combined,Code: Planning Applied\nfirst,Some words,Planning,True\n"
    (book,) = read_bytes(raw, "dedoose.csv", ReadOptions(format="codes")).codebooks
    assert [code.label for code in book.codes] == ["Planning"]
