"""Bytes to text: byte order mark, strict UTF-8, UTF-16 by its NUL pattern, Windows-1252 with a notice.

A guess is always said; bytes that are no plausible text in any of these are refused, never guessed at, because
statistical detectors are wrong on short texts. An explicit encoding overrules.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from qualcode import guards
from qualcode.errors import InputError, Undecodable, UsageError, nearest
from qualcode.model import Notice

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KINDS = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a zip archive such as .docx or .xlsx"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"ID3", "a sound file"),
    (b"RIFF", "a sound or video file"),
    (b"OggS", "a sound file"),
)
_NOT_TEXT_CODECS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
_COMMON = ("utf-8", "utf-16", "cp1252", "latin-1", "mac_roman", "cp1250", "cp1251", "cp1253", "koi8-r", "gb18030", "big5", "shift_jis", "euc-kr")  # fmt: skip  # noqa: E501

_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_HIGH = re.compile("[^\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]+")
# Signs of another encoding read as cp1252: a sign that is no letter inside a word (Polish "z³oty"), a capital with
# accent after a small letter (Mac Roman "cafŽ"), words made of accented letters only (Cyrillic, Greek, Hebrew …).
_SIGN_IN_WORD = re.compile("[a-zA-Z\xc0-\xff][\xa1-\xa9\xac\xae-\xb1\xb2-\xb6\xb8\xb9\xbc-\xbf\u2020\u2021\u02c6\u2039\u203a\u02dc\u2022][a-zA-Z\xc0-\xff]")  # fmt: skip  # noqa: E501
_SIGN_AT_EDGE = re.compile("\\b[\xaa\xb2\xb3\xb9\xba](?=[a-zA-Z])|[a-zA-Z][\u201a\u201e\u0192]")
_CAPITAL_AFTER_SMALL = re.compile("[a-z\xdf-\xff][\xc0-\xde\u0160\u017d\u0152\u0178]")
# Letters that no language of Western Europe uses together: Turkish, Czech, Hungarian and Baltic pages read as cp1252.
_STRANGERS = (("þðý", "üçâ"), ("øì", "šž"), ("õ", "û"), ("ðþ", "ûøëà"), ("þº", "ãî"))
_IMPLAUSIBLE = 0.15
_BINARY = 0.02


def _cut(where: str) -> Notice:
    return Notice(where, "warning", "the last character is incomplete (now U+FFFD): the file may have been cut short")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with LF line ends, without a leading byte order mark, NUL or lone surrogate, and how it was read."""

    text: str
    encoding: str
    notices: tuple[Notice, ...] = ()


def decode(raw: bytes, where: str, encoding: str | None = None) -> Decoded:
    """The text of `raw`; `where` is the file's name for messages.

    Raises InputError for an empty file, LimitExceeded above 50 MB, UsageError for an encoding Python does not know,
    and Undecodable for bytes that are no text.
    """
    guards.check_size(len(raw), where)
    if not raw:
        raise InputError(f"{where} is empty", "check that it was saved or downloaded whole")
    text, used, notices = _named(raw, where, encoding) if encoding else _guessed(raw, where)
    text = text.lstrip("\ufeff")
    if any("\ud800" <= char <= "\udfff" for char in set(text)):
        text, count = repaired(text)
        notices = [*notices, Notice(where, "warning", f"{count} broken characters (lone surrogates) became U+FFFD")]
    _refuse_binary(text, where)
    if not text.replace("\ufffd", "").strip():
        raise InputError(f"{where} holds no text, only blanks", "check that it was saved or downloaded whole")
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), used, tuple(notices))


def _named(raw: bytes, where: str, encoding: str) -> tuple[str, str, list[Notice]]:
    try:
        codec = codecs.lookup(encoding).name
        if codec.replace("-", "_") in _NOT_TEXT_CODECS:
            raise LookupError(codec)
        text = raw.decode(codec, "surrogatepass" if codec.startswith("utf") else "strict")
    except UnicodeError as error:
        at = f" at byte {error.start + 1}" if isinstance(error, UnicodeDecodeError) else ""
        raise Undecodable(f"{where} is not {encoding}{at}", "try another --encoding, or leave it out") from error
    except (LookupError, ValueError) as error:
        near = nearest(encoding, _COMMON)
        raise UsageError(
            f'no encoding "{encoding}"', f"did you mean {near}?" if near else f"for instance {', '.join(_COMMON[:6])}"
        ) from error
    return text, codec, []


def _guessed(raw: bytes, where: str) -> tuple[str, str, list[Notice]]:
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return _marked(raw, where, codec)
    for magic, kind in _KINDS:
        if raw.startswith(magic):
            raise Undecodable(
                f"{where} is {kind}, not plain text", "give it its own ending, or save it as .docx or .txt"
            )
    if b"\0" in raw:
        return _without_mark(raw, where)
    try:
        return raw.decode("utf-8", "surrogatepass"), "utf-8", []
    except UnicodeDecodeError as error:
        if _cut_short(raw, error) and max(raw[: error.start], default=0) > 0x7F:
            return raw[: error.start].decode("utf-8", "surrogatepass") + "\ufffd", "utf-8", [_cut(where)]
        return _windows(raw, where, error.start)


def _cut_short(raw: bytes, error: UnicodeDecodeError) -> bool:
    """Whether only the last character is incomplete, as when a file is cut at a number of bytes."""
    return error.end == len(raw) and len(raw) - error.start <= 3


def _marked(raw: bytes, where: str, codec: str) -> tuple[str, str, list[Notice]]:
    try:
        return raw.decode(codec, "surrogatepass"), codec, []
    except UnicodeDecodeError as error:
        if _cut_short(raw, error):
            return raw[: error.start].decode(codec, "surrogatepass") + "\ufffd", codec, [_cut(where)]
        raise Undecodable(
            f"{where} begins like {codec.upper()} but breaks off or changes at byte {error.start + 1}",
            "save it again as UTF-8, or give --encoding",
        ) from error


def _without_mark(raw: bytes, where: str) -> tuple[str, str, list[Notice]]:
    """UTF-16 without a mark has its NULs almost all at odd (little-endian) or at even places."""
    codec = _utf16_by_nuls(raw[:65536])
    if codec and len(raw) % 2 == 0:
        try:
            text = raw.decode(codec, "surrogatepass")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:
            return text, codec, [Notice(where, "info", f"read as {codec.upper()}, which it does not say itself")]
    raise Undecodable(f"{where} holds NUL bytes, so it is not plain text", "save it as UTF-8, or give --encoding")


def _utf16_by_nuls(sample: bytes) -> str | None:
    """The byte order that the places of the NULs tell, or None.

    Latin text has one in nearly every pair, other scripts only at blanks, beside bytes that are no printable ASCII.
    """
    pairs = max(1, len(sample) // 2)
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    most = max(even, odd)
    if most < 10 * min(even, odd) or most < 0.05 * pairs:
        return None
    printable = sum(byte == 10 or byte == 13 or 32 <= byte < 127 for byte in sample)
    if most < 0.4 * pairs and printable > 0.85 * len(sample):
        return None  # ASCII with a few NULs in it
    return "utf-16-le" if odd > even else "utf-16-be"


def _windows(raw: bytes, where: str, at: int) -> tuple[str, str, list[Notice]]:
    refused = Undecodable(
        f"{where} is neither UTF-8 (byte {at + 1}) nor plausible Windows-1252",
        "say which with --encoding, for instance --encoding cp1250, cp1251, mac_roman, gb18030 or shift_jis",
    )
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise refused from error
    if _implausible(text):
        raise refused
    said = "not UTF-8; read as Windows-1252 (say --encoding if accented letters look wrong)"
    return text, "cp1252", [Notice(where, "warning", said)]


def _implausible(text: str) -> bool:
    """Whether text decoded as cp1252 has letters that no Western European text puts in such places."""
    high = len(_HIGH.findall(text))
    if not high:
        return False
    odd = sum(len(sign.findall(text)) for sign in (_SIGN_IN_WORD, _SIGN_AT_EDGE, _CAPITAL_AFTER_SMALL))
    for word in _WORD.findall(text):
        foreign = len(_HIGH.findall(word))
        if foreign >= 3 and foreign * 2 > len(word) and not (foreign == 3 and word.isupper()):
            odd += foreign
    return odd > _IMPLAUSIBLE * high or _strange_company(text.lower(), high)


def _strange_company(text: str, high: int) -> bool:
    def share(letters: str) -> float:
        return sum(text.count(letter) for letter in letters) / high

    return any(share(first) > 0.04 and share(second) > 0.04 for first, second in _STRANGERS)


def _refuse_binary(text: str, where: str) -> None:
    if "\0" in text:
        raise Undecodable(f"{where} holds NUL characters, so it is not plain text", "save it as UTF-8 text")
    if len(_CONTROL.findall(text)) > _BINARY * len(text):
        raise Undecodable(f"{where} holds binary data, not plain text", "check the file's ending, or give --format")


def repaired(text: str) -> tuple[str, int]:
    """`text` with surrogate pairs joined and lone surrogates as U+FFFD, and how many were lone."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    lone = re.compile("[\ud800-\udfff]")
    return lone.subn("\ufffd", joined)
