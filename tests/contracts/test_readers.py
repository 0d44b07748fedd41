"""Every registered reader keeps the contract, and the check notices one that does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qualcode.errors import InputError
from qualcode.model import Bundle, Notice, Source, Span, Turn
from qualcode.readers import READERS, ReadOptions
from qualcode.testing import Sample, check_bundle, check_error, check_no_word_lost, check_reader, mangled
from tests.readers import foreign, printing, samples

WORDS = "\n".join(words for _, words in samples.TALK)
ANSWERS = "The head, who comes to every meeting. Two free periods a week, most weeks. Coffee primary secondary R03 007"
PAGE_WORDS = f"{foreign.PLANS} {foreign.HELP}"
SAMPLES = {
    "cases": [
        Sample("cases.csv", samples.CASES.encode(), samples.CASES),
        Sample("cases.xlsx", samples.xlsx([["case", "phase"], ["a", "primary"]]), "case a phase primary"),
    ],
    "cha": [Sample("talk.cha", samples.chat().encode(), WORDS)],
    "docx": [Sample("talk.docx", samples.talk_docx(), WORDS)],
    "eaf": [Sample("talk.eaf", samples.elan().encode(), WORDS)],
    "html": [
        Sample("talk.html", samples.html().encode(), WORDS),
        Sample("talk.htm", samples.html().replace("utf-8", "windows-1252").encode("cp1252"), WORDS),
    ],
    "markdown": [Sample("talk.md", samples.markdown().encode(), samples.markdown())],
    "odt": [Sample("talk.odt", samples.odt(), WORDS)],
    "otr": [Sample("talk.otr", samples.otranscribe().encode(), WORDS)],
    "pdf": [
        Sample("talk.pdf", printing.printed([f"{speaker}: {words}" for speaker, words in samples.TALK]), WORDS),
        Sample("pages.pdf", printing.printed(samples.plain().split("\n") * 12, a_page=20, number=True), WORDS),
    ],
    "rtf": [Sample("talk.rtf", samples.rtf(), WORDS)],
    "sav": [Sample("answers.sav", samples.questionnaire_sav(), "The café head, who comes to us. asked twice primary")],
    "sbv": [Sample("talk.sbv", samples.sbv().encode(), WORDS)],
    "speech": [
        Sample("talk.json", samples.whisperx().encode(), WORDS),
        Sample(
            "talk.jsonl", b'{"speaker": 1, "text": "one word"}\n{"speaker": 2, "text": "another"}\n', "one word another"
        ),
    ],
    "codes": [Sample("codes.csv", foreign.CODES.encode(), "Planning Plans made or missing Support")],
    "highlights": [Sample("all.html", foreign.PAGE.encode(), f"{PAGE_WORDS} Planning Support first odt")],
    "qdc": [Sample("codes.qdc", foreign.QDC.encode(), "Beginnings How it began Planning Support")],
    "qdpx": [
        Sample(
            "first.qdpx", foreign.qdpx(), f"{foreign.TEXT} Beginnings Planning Support A loose thought noor ivo Pia"
        ),
        Sample("first.qdpx", foreign.qdpx(foreign.TEXT.replace("\n", "\r\n").encode("utf-16")), foreign.TEXT),
    ],
    "qualcoder": [Sample("data.qda", foreign.qualcoder(), f"{foreign.TEXT} {foreign.MORE} Planning Support typical")],
    "maxqda": [Sample("first.mex", foreign.maxqda(), f"{foreign.PLANS} {foreign.HELP} Planning Support How was the")],
    "rqda": [Sample("first.rqda", foreign.rqda(), f"{foreign.TEXT} {foreign.MORE} Planning Support Beginnings warm")],
    "segments": [
        Sample("segments.csv", foreign.SEGMENTS.encode(), "I had no plan Planning noor The head helped me typical")
    ],
    "srt": [Sample("talk.srt", samples.srt().encode(), WORDS)],
    "survey": [
        Sample("survey.csv", samples.QUESTIONNAIRE.encode(), ANSWERS),
        Sample(
            "survey.tsv", "id\tWhy?\n1\tBecause I was asked to, twice.\n".encode("utf-16"), "Because I was asked to"
        ),
        Sample(
            "survey.xlsx", samples.xlsx([["id", "Why?"], [1, "Because I was asked to, twice."]]), "Because I was asked"
        ),
    ],
    "table": [Sample("talk.csv", samples.rows().encode(), WORDS)],
    "trs": [Sample("talk.trs", samples.transcriber().encode(), WORDS + " cough")],
    "taguette": [
        Sample("first.sqlite3", foreign.taguette(), f"{foreign.TEXT} {foreign.MORE} Planning Support noor"),
        Sample("first.sqlite3", foreign.taguette(glue=""), f"{foreign.MORE} Planning"),
    ],
    "txt": [
        Sample(
            "log.txt", b"[12/03/2024, 10:15] Ann: So it began\n[12/03/2024, 10:16] Ben: by chance\n", "So by chance"
        ),
        Sample("nvivo.txt", b"Timespan\tContent\tSpeaker\n0:01.0 - 0:02.0\tSo it began\tAnn\n", "So it began Ann"),
        Sample("talk.txt", samples.plain().encode("cp1252"), samples.plain()),
        Sample("talk.txt", samples.plain().replace("\n", "\r\n").encode("utf-16"), samples.plain()),
        Sample(
            "letter.txt", b"Dear all,\n\nthe dates are these: May and June.\n\nRegards", "Dear all May June Regards"
        ),
    ],
    "vtt": [Sample("talk.vtt", samples.vtt().encode(), WORDS)],
}


def test_every_registered_reader_has_samples() -> None:
    assert sorted(SAMPLES) == sorted(READERS.names())


@pytest.mark.parametrize("name", READERS.names())
def test_the_reader_keeps_the_contract(name: str) -> None:
    check_reader(READERS.load(name), SAMPLES[name], mangled_inputs=25)


def _bundle(text: str, *turns: Turn) -> Bundle:
    return Bundle(sources=(Source("id", "talk", "document", text, turns),))


def _words(raw: bytes, _name: str, _options: ReadOptions) -> Bundle:
    text = raw.decode("ascii", "replace").replace("\r", " ").replace("\0", " ").strip() or "none"
    return _bundle(text, Turn(1, Span(0, len(text))))


def test_a_sound_reader_of_a_stranger_passes() -> None:
    check_reader(_words, [Sample("a.txt", b"some words", "words some")])


def test_a_reader_that_loses_a_word_is_noticed() -> None:
    def lossy(raw: bytes, name: str, options: ReadOptions) -> Bundle:
        return _words(raw[:10], name, options)

    with pytest.raises(AssertionError, match="1 words are lost"):
        check_reader(lossy, [Sample("a.txt", b"some words, words", "some words, words")])


def test_a_reader_that_is_not_deterministic_is_noticed() -> None:
    seen: list[bytes] = []

    def counting(raw: bytes, name: str, options: ReadOptions) -> Bundle:
        seen.append(raw)
        return _bundle(f"reading {len(seen)}")

    with pytest.raises(AssertionError, match="two readings differ"):
        check_reader(counting, [Sample("a.txt", b"x")])


def test_a_reader_that_raises_another_exception_is_noticed() -> None:
    def strict(raw: bytes, name: str, options: ReadOptions) -> Bundle:
        raw.decode("ascii")
        return _words(raw, name, options)

    with pytest.raises(AssertionError, match="UnicodeDecodeError, not QualcodeError"):
        check_reader(strict, [Sample("a.txt", b"plain words", "plain words")])


@pytest.mark.parametrize(
    ("text", "turns", "said"),
    [
        ("a\r\nb", (), "holds CR"),
        ("a\0b", (), "holds NUL"),
        ("\ufeffab", (), "byte order mark"),
        ("a\ud800b", (), "lone surrogate"),
        (" \n ", (), "is blank"),
        ("a b c", (Turn(1, Span(0, 2)),), "white space"),
        ("a  b", (Turn(1, Span(0, 1)), Turn(2, Span(1, 3))), "white space"),
        ("a b c", (Turn(2, Span(0, 1)),), "is numbered 2"),
        ("a b c", (Turn(1, Span(0, 1), time=-1.0),), "negative time"),
    ],
)
def test_an_unsound_text_or_turn_is_noticed(text: str, turns: tuple[Turn, ...], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_bundle(_bundle(text, *turns))


def test_two_sources_of_one_id_are_noticed() -> None:
    one = Source("id", "a", "document", "words")
    with pytest.raises(AssertionError, match="same id"):
        check_bundle(Bundle(sources=(one, replace(one, name="b"))))


def test_a_notice_without_a_place_is_noticed() -> None:
    with pytest.raises(AssertionError, match="without a place"):
        check_bundle(Bundle(notices=(Notice("", "info", "said"),)))


def test_words_may_be_kept_in_a_notice() -> None:
    check_no_word_lost(Bundle(notices=(Notice("a", "info", "a comment"),)), "comment")


def test_an_empty_independent_text_is_no_check() -> None:
    with pytest.raises(AssertionError, match="would be empty"):
        check_no_word_lost(_bundle("words"), " ")


def test_an_error_that_repeats_the_transcript_is_noticed() -> None:
    with pytest.raises(AssertionError, match="repeats the words"):
        check_error(InputError("cannot read: nobody else was in the room", "retry"), WORDS)
    check_error(InputError("talk.txt is empty", "retry"), WORDS)


def test_mangling_is_the_same_every_time_and_changes_the_bytes() -> None:
    raw = samples.plain().encode()
    assert list(mangled(raw, 30, 5)) == list(mangled(raw, 30, 5))
    assert sum(one != raw for one in mangled(raw, 30, 5)) >= 25
