"""Bytes to text: what is guessed is said, and what is no text is refused."""

from __future__ import annotations

import pytest

from qualcode import guards
from qualcode.decoding import decode
from qualcode.errors import InputError, LimitExceeded, Undecodable, UsageError

ENGLISH = "Interviewer: She said “it’s half the time” – at the café, for £20."

WESTERN = {
    "German": "Ich würde sagen, dass die Schüler größere Übung brauchen. „Ja“ – natürlich.",
    "French": "Oui, c’était déjà très long : l’été, où les élèves étaient à l’école, ça m’a plu. « Voilà ! »",
    "Spanish": "¿Cómo está usted? La niña comió en el jardín; el año pasado también. ¡Qué bien! Fue el 1º.",
    "Portuguese": "Não, as informações são úteis; coração, pães, avó, à tarde, você também não põe.",
    "Danish": "Ja, det er rigtigt, at børnene på skolen får både hjælp og støtte, også når det er svært.",
    "Icelandic": "Það er gott að fá hjálp þegar þú ert í skóla, því allir þurfa aðstoð og við ræðum það síðan.",
    "Estonian": "Jah, õpetajad töötavad hästi, aga õpilased peavad öösel õppima.",
    "Italian": "Perché così è più facile; c’è già la città, però l’università no.",
    "capitals": "ÇA VA? ÉTÉ À L’ÉCOLE. ÄÖÜ",
    "one word": "café",
}
ELSEWHERE = {
    "Polish": ("cp1250", "Każdy człowiek może powiedzieć, że złoty jest słaby; żółw, gęś, ciężko."),
    "Czech": ("cp1250", "Každý člověk může říct, že většina žáků příliš často čeká, protože mají málo času."),
    "Hungarian": ("cp1250", "A tanulók időben jönnek, őszintén szólva nagyon fűtött a terem, művelt nő."),
    "Romanian": ("cp1250", "Fiecare şcoală ştie că învăţătorii şi elevii au nevoie de timp şi răbdare."),
    "Russian": ("cp1251", "Да, хорошо."),
    "Russian, old": ("koi8-r", "Мы начали в мае."),
    "Greek": ("cp1253", "Αρχίσαμε τον Μάιο."),
    "Turkish": ("cp1254", "Başka öğrenciler okula gelmiş, çünkü öğretmenler iyi; ışık, şimdi, ağaç, güzel."),
    "Lithuanian": ("cp1257", "Mokytojai dirba gerai; ačiū, šiandien, įdomu, ąžuolas, žmonės, teisėmis."),
    "Hebrew": ("cp1255", "התחלנו במאי"),
    "Arabic": ("cp1256", "بدأنا في مايو"),
    "Thai": ("cp874", "เราเริ่มในเดือนพฤษภาคม"),
    "Japanese": ("shift_jis", "わたしたちは五月に始めました"),
    "Chinese": ("gb18030", "我们五月开始。"),
    "Macintosh": ("mac_roman", "Ich würde sagen, größere Übung, café déjà."),
    "Macintosh, a word": ("mac_roman", "café"),
    "DOS": ("cp850", "Ich würde sagen, größere Übung."),
    "DOS, a word": ("cp437", "café"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_without_a_notice(encoding: str) -> None:
    got = decode(ENGLISH.encode(encoding), "a.txt")
    assert got.text == ENGLISH
    assert got.notices == ()


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xfe\xff", "utf-16-be"), (b"\0\0\xfe\xff", "utf-32-be")])
def test_big_endian_marks_are_known(mark: bytes, encoding: str) -> None:
    got = decode(mark + ENGLISH.encode(encoding), "a.txt")
    assert (got.text, got.encoding) == (ENGLISH, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_read_and_noticed(encoding: str) -> None:
    got = decode(ENGLISH.encode(encoding), "a.txt")
    assert (got.text, got.encoding) == (ENGLISH, encoding)
    assert [notice.severity for notice in got.notices] == ["info"]


@pytest.mark.parametrize("text", ["Мы начали в мае, и стало легче.", "Αρχίσαμε τον Μάιο, και ήταν πιο εύκολο."])
def test_utf16_of_other_scripts_without_a_mark_is_read(text: str) -> None:
    assert decode(text.encode("utf-16-le"), "a.txt").text == text


@pytest.mark.parametrize("language", WESTERN)
def test_western_text_is_read_as_windows_1252_with_a_notice(language: str) -> None:
    got = decode(WESTERN[language].encode("cp1252"), "a.txt")
    assert (got.text, got.encoding) == (WESTERN[language], "cp1252")
    assert "Windows-1252" in got.notices[0].message


@pytest.mark.parametrize("language", ELSEWHERE)
def test_other_pages_are_refused_and_read_when_named(language: str) -> None:
    encoding, text = ELSEWHERE[language]
    raw = text.encode(encoding)
    with pytest.raises(Undecodable, match="--encoding"):
        decode(raw, "a.txt")
    assert decode(raw, "a.txt", encoding).text == text


def test_line_ends_become_lf() -> None:
    assert decode(b"a\r\nb\rc\nd\r\n\r\ne", "a.txt").text == "a\nb\nc\nd\n\ne"


def test_a_byte_order_mark_never_stays_in_the_text() -> None:
    raw = b"\xef\xbb\xbf\xef\xbb\xbfwords"
    assert decode(raw, "a.txt").text == "words"
    assert decode(raw, "a.txt", "utf-8").text == "words"
    assert decode("\ufeffwords".encode("utf-16-le"), "a.txt", "utf-16-le").text == "words"
    assert decode("a\ufeffb".encode(), "a.txt").text == "a\ufeffb"


def test_lone_surrogates_are_repaired_and_counted() -> None:
    got = decode("a\ud800b\udfffc".encode("utf-8", "surrogatepass"), "a.txt")
    assert got.text == "a\ufffdb\ufffdc"
    assert "2 broken characters" in got.notices[0].message


def test_a_surrogate_pair_written_as_two_is_one_character() -> None:
    got = decode("a\ud83d\ude00b".encode("utf-8", "surrogatepass"), "a.txt")
    assert got.text == "a\U0001f600b"


def test_a_lone_surrogate_in_utf16_is_repaired() -> None:
    got = decode(b"\xff\xfe" + b"a\0\x00\xd8b\0", "a.txt")
    assert got.text == "a\ufffdb"


def test_a_file_cut_in_the_middle_of_a_character_is_read_and_noticed() -> None:
    got = decode("déjà".encode()[:-1], "a.txt")
    assert got.text == "déj\ufffd"
    assert "cut short" in got.notices[0].message


@pytest.mark.parametrize("raw", [b"", b" \n\t ", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfea"])
def test_a_file_without_text_is_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError, match=r"empty|no text"):
        decode(raw, "a.txt")


@pytest.mark.parametrize(
    "raw",
    [
        b"some text\0 with a hole",
        bytes(range(256)) * 4,
        b"\1\2\3\4\5words\6\7\x10\x11",
        "text\0text".encode("utf-16"),
        ("plain " * 20).encode() + "größer".encode("utf-16-le"),
    ],
)
def test_binary_content_is_refused_cleanly(raw: bytes) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(raw, "a.txt")
    assert str(caught.value).startswith("a.txt ")
    assert caught.value.way_out


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04...", "a zip"),
        (b"{\\rtf1 ...}", "an RTF"),
        (b"\xd0\xcf\x11\xe0", "Office"),
    ],
)
def test_a_file_of_another_kind_is_named(raw: bytes, kind: str) -> None:
    with pytest.raises(Undecodable, match=kind):
        decode(raw, "a.txt")


def test_an_unknown_encoding_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"did you mean utf-8\?"):
        decode(b"words", "a.txt", "utf-88")


@pytest.mark.parametrize("encoding", ["hex", "rot13", "idna", "unicode_escape", "a\0b", "zip", "undefined"])
def test_codecs_that_are_no_text_encodings_are_unknown(encoding: str) -> None:
    with pytest.raises(UsageError, match="no encoding"):
        decode(b"words", "a.txt", encoding)


def test_a_named_encoding_that_does_not_fit_is_refused_with_its_place() -> None:
    with pytest.raises(Undecodable, match="at byte 4"):
        decode(b"caf\xe9 noir", "a.txt", "utf-8")


def test_text_above_the_cap_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="50 MB"):
        decode(b"a" * (guards.TEXT_BYTES + 1), "a.txt")


def test_a_few_control_characters_are_text() -> None:
    text = "He said \x1b[1mno\x1b[0m, twice, and left the room at once.\f" * 3
    assert decode(text.encode(), "a.txt").text == text
