"""PDF files: lines become paragraphs, what the pages add is told, columns, tables, comments, refusals."""

from __future__ import annotations

import zlib

import pytest

from qualcode.errors import InputError, LimitExceeded
from qualcode.model import Bundle
from qualcode.readers import ReadOptions
from qualcode.readers.pdf import read
from qualcode.readers.pdfprocess import printed_apart
from qualcode.readers.pdfstreams import is_harmless
from qualcode.readers.printed import printed as read_lines
from tests.readers.printing import LEFT, PITCH, TOP, Words, laughing, lines, pdf, printed, wrapped
from tests.readers.samples import TALK

LONG = (
    "When I began there was nobody who could have told me what the work was, so I wrote down what I did every week and "
    "after a year I had a list that was longer than the handbook, and that list is what I give to those who come new."
)
OTHER = "The second list is shorter: it holds only what somebody asked for twice, and it has never been printed."


def bundle(raw: bytes) -> Bundle:
    return read(raw, "talk.pdf", ReadOptions())


def text(raw: bytes) -> str:
    return bundle(raw).sources[0].text


def paragraphs(raw: bytes) -> list[str]:
    return [line for line in text(raw).split("\n") if line]


def said(raw: bytes) -> list[tuple[str | None, str]]:
    source = bundle(raw).sources[0]
    return [(turn.speaker, source.quote(turn.span)) for turn in source.turns]


def notices(raw: bytes) -> str:
    return "\n".join(map(str, bundle(raw).notices))


def talk(times: int = 1) -> list[str]:
    return [f"{speaker}: {words}" for speaker, words in TALK * times]


def test_labels_are_found_and_wrapped_lines_are_one_paragraph() -> None:
    raw = printed([*talk(), f"Interviewer: {LONG}", f"Maya: {OTHER}"])
    assert said(raw) == [*TALK, ("Interviewer", LONG), ("Maya", OTHER)]
    assert "\n\n" in text(raw)


def test_lines_without_space_between_paragraphs_are_told_by_their_labels_and_length() -> None:
    raw = pdf([lines([line for line in wrapped([*talk(), f"Maya: {LONG}", f"Interviewer: {OTHER}"]) if line])])
    assert said(raw) == [*TALK, ("Maya", LONG), ("Interviewer", OTHER)]


def test_a_name_in_bold_above_its_words_is_a_label() -> None:
    page, y = [], TOP
    for speaker, words in (*TALK, ("Interviewer", LONG), ("Maya", OTHER)):
        cut = [line for line in wrapped([words]) if line]
        page += [Words(LEFT, y, speaker, bold=True), *lines(cut, top=y - PITCH)]
        y -= (len(cut) + 2) * PITCH
    assert said(pdf([page])) == [*TALK, ("Interviewer", LONG), ("Maya", OTHER)]


def test_names_in_a_column_of_their_own_are_labels() -> None:
    page, y = [], TOP
    for speaker, words in (*TALK, ("Interviewer", LONG), ("Maya", OTHER)):
        cut = [line for line in wrapped([words], 45) if line]
        page += [Words(LEFT, y, speaker), *lines(cut, x=LEFT + 120, top=y)]
        y -= (len(cut) + 1) * PITCH
    assert said(pdf([page])) == [*TALK, ("Interviewer", LONG), ("Maya", OTHER)]


def test_heads_and_page_numbers_are_told_and_not_in_the_text() -> None:
    raw = printed(talk(12), a_page=30, head="Study of 14 June, draft", number=True)
    assert said(raw) == list(TALK) * 12
    assert 'at the edge of 4 pages, not in the text: "Study of 14 June, draft"' in notices(raw)
    assert "page numbers, not in the text: 1 to 4" in notices(raw)


def test_a_paragraph_goes_on_over_a_page() -> None:
    raw = printed([*talk(3), f"Interviewer: {LONG} {OTHER} {LONG}", *talk()], a_page=36, head="Draft", number=True)
    assert ("Interviewer", f"{LONG} {OTHER} {LONG}") in said(raw)
    assert "1 to 2" in notices(raw)


def test_a_label_at_the_top_of_every_page_is_no_head() -> None:
    pages = [lines(["Interviewer", "How was week one?", "", "Maya", "It was long."]) for _ in range(4)]
    assert len(said(pdf(pages))) == 8
    assert "edge" not in notices(pdf(pages))


def test_words_that_hyphens_break_are_mended_and_counted() -> None:
    cut = [
        "We meet on the first of the month, and what we talk about is manage-",
        "ment in the widest sense of the word. The co-ordination of it is well-",
        "known to be hard, and hard it is. To be well-known is no help, or co-",
        "ordination would be simple for all of us. That is why I write it down.",
    ]
    assert "management in the widest" in text(pdf([lines(cut)]))
    assert "is well-known to be hard" in text(pdf([lines(cut)]))
    assert "or co-ordination would" in text(pdf([lines(cut)]))
    assert "mended: 1" in notices(pdf([lines(cut)]))


def test_two_columns_are_read_one_after_the_other_even_when_drawn_row_by_row() -> None:
    left, right = ([line for line in wrapped([words] * 3, 32) if line] for words in (LONG, OTHER + " " + LONG))
    many = min(len(left), len(right))
    columns = [lines(left[:many], top=700), lines(right[:many], x=320, top=700)]
    head = [Words(LEFT, 740, "A report that stands in two columns on its page, as journals have it")]
    by_column = pdf([[*head, *columns[0], *columns[1]]])
    by_row = pdf([[*head, *(one for row in zip(*columns, strict=True) for one in row)]])
    for raw in (by_column, by_row):
        assert " ".join(text(raw).split()).startswith(f"{head[0].said} {LONG} {LONG}")
        assert "two columns, read one after the other, on pages 1" in notices(raw)
        assert text(raw).index(OTHER) > text(raw).rindex("those who come new.", 0, text(raw).index(OTHER))


def test_numbers_of_lines_are_told_and_not_in_the_text() -> None:
    cut = [line for line in wrapped([*talk(), f"Maya: {LONG}"]) if line]
    numbers = [Words(40, TOP - n * PITCH, str(n + 1)) for n in range(len(cut))]
    row_by_row = [one for row in zip(numbers, lines(cut), strict=True) for one in row]
    for raw in (pdf([row_by_row]), pdf([[*lines(cut), *numbers]])):
        assert said(raw) == [*TALK, ("Maya", LONG)]
        assert f"line numbers, not in the text: 1 to {len(cut)}" in notices(raw)


def test_every_fifth_line_may_be_numbered() -> None:
    cut = [line for line in wrapped([*talk(7)]) if line]
    page = [
        one
        for n, line in enumerate(cut, 1)
        for one in ([Words(40, TOP - n * PITCH, str(n))] if n % 5 == 0 else []) + [Words(LEFT, TOP - n * PITCH, line)]
    ]
    assert said(pdf([page])) == list(TALK) * 7
    assert "line numbers, not in the text: 5, 10, 15, 20, 25" in notices(pdf([page]))


def test_a_numbered_list_keeps_its_numbers() -> None:
    raw = pdf([lines([f"{n} things that I would do again." for n in range(3, 12)])])
    assert paragraphs(raw)[0] == "3 things that I would do again."


def test_a_page_without_text_is_said_and_a_file_without_any_is_refused() -> None:
    raw = pdf([lines(talk()), [], lines([LONG[:60]])])
    assert "pages without text, perhaps scanned: 2" in notices(raw)
    assert LONG[:60] in text(raw)
    with pytest.raises(InputError, match="only images of pages"):
        bundle(pdf([[], []]))


def test_a_turned_page_is_read_as_it_is_seen() -> None:
    upright = [Words(LEFT, TOP - n * PITCH, line) for n, line in enumerate(talk())]
    assert said(pdf([upright], turned=180)) == list(TALK)


def test_comments_and_form_fields_are_in_the_notices() -> None:
    notes = (
        b"<< /Type /Annot /Subtype /Text /Rect [9 9 20 20] /T (Ann) /Contents (check the tape) >> "
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [9 30 90 50] /T (f) /V (thirty years) >>"
    )
    raw = pdf([lines(talk())], notes=notes)
    assert "comment by Ann: check the tape" in notices(raw)
    assert "form field, not in the text: thirty years" in notices(raw)
    assert "tape" not in text(raw)


def test_a_table_of_figures_speaks_not() -> None:
    rows = [
        ("Researcher bias", "12"),
        ("Participant burden", "3"),
        ("Interviewer effects", "7"),
        ("Researcher bias", "1"),
    ]
    names, counts = (lines([row[at] for row in rows], x) for at, x in ((0, LEFT), (1, 400)))
    page = [one for row in zip(names, counts, strict=True) for one in row]
    assert paragraphs(pdf([page])) == ["\t".join(row) for row in rows]
    assert bundle(pdf([page])).sources[0].kind == "document"


def test_a_password_is_asked_for_by_refusal() -> None:
    locked = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >> /ID [(a) (a)] " % (b"o" * 32, b"u" * 32)
    with pytest.raises(InputError, match="protected by a password"):
        bundle(pdf([lines(talk())], more=locked))


@pytest.mark.parametrize("raw", [b"", b"words", b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 40])
def test_bytes_that_are_no_pdf_are_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError, match="no PDF file"):
        bundle(raw)


@pytest.mark.parametrize("twice", [False, True])
def test_a_stream_that_swells_is_refused(twice: bool) -> None:
    packed = zlib.compress(b" " * 70_000_000, 9)
    packed = zlib.compress(packed, 9) if twice else packed
    filters = b"[/FlateDecode /FlateDecode]" if twice else b"/FlateDecode"
    bomb = b"9 0 obj\n<< /Filter %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (filters, len(packed), packed)
    with pytest.raises(LimitExceeded, match="unpacks to more"):
        bundle(pdf([lines(talk())]).replace(b"xref", bomb + b"xref", 1))


def test_a_file_with_pictures_is_read_alike_in_a_process_of_its_own() -> None:
    raw = pdf([lines(talk())])
    picture = b"9 0 obj\n<< /Subtype /Image /Length 70000 >>\nstream\n%s\nendstream\nendobj\n" % (b"\x01" * 70_000)
    doubtful = raw.replace(b"xref", picture + b"xref", 1)
    assert is_harmless(raw, "talk.pdf")
    assert not is_harmless(doubtful, "talk.pdf")
    assert said(doubtful) == list(TALK)
    assert printed_apart(raw, "talk.pdf") == read_lines(raw, "talk.pdf")


def test_errors_of_the_other_process_are_those_of_this_one() -> None:
    with pytest.raises(InputError, match=r"talk\.pdf is no PDF file"):
        printed_apart(b"words", "talk.pdf")


def test_parts_that_draw_each_other_without_end_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="draws more than can be read"):
        bundle(laughing())


def test_questions_printed_in_bold_are_the_interviewers() -> None:
    asked = [("How did you begin?", "I was asked, by chance."), ("What did you do?", "I wrote a list of my own.")]
    asked += [("Who helped you?", "My colleague did, and I thanked her.")]
    page = []
    for n, (question, answer) in enumerate(asked):
        page += [Words(LEFT, TOP - 4 * n * PITCH, question, bold=True), Words(LEFT, TOP - (4 * n + 2) * PITCH, answer)]
    turns = [pair for question, answer in asked for pair in (("Interviewer", question), ("Respondent", answer))]
    assert said(pdf([page])) == turns


def test_a_printed_table_with_speakers_behind_their_words_names_nobody() -> None:
    rows = [
        ("Timespan", "Content", "Speaker"),
        ("0:01.0", "How did you begin?", "Tom"),
        ("0:05.0", "By chance.", "Maya"),
    ]
    rows += [("0:09.0", "And then?", "Tom"), ("0:12.0", "I stayed.", "Maya")]
    page = [
        Words(x, TOP - 2 * n * PITCH, cell)
        for n, row in enumerate(rows)
        for x, cell in zip((LEFT, LEFT + 120, LEFT + 380), row, strict=True)
    ]
    raw = pdf([page])
    assert {speaker for speaker, _ in said(raw)} == {None}
    assert "the speakers stand behind their words" in notices(raw)
