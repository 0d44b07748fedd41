"""The caps for archives, XML, YAML and regular expressions."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from qualcode import guards
from qualcode.errors import InputError, LimitExceeded


def archive(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return buffer.getvalue()


def test_a_member_is_read_by_name() -> None:
    opened = guards.Archive(archive(("a.xml", b"one"), ("b/c.xml", b"two")), "x.docx")
    assert opened.names() == ("a.xml", "b/c.xml")
    assert opened.read("b/c.xml") == b"two"


@pytest.mark.parametrize("raw", [b"", b"PK", b"PK\x03\x04" + b"\0" * 50, b"no archive at all"])
def test_bytes_that_are_no_archive_are_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError, match=r"x\.docx is damaged"):
        guards.Archive(raw, "x.docx")


def test_an_absent_or_damaged_member_is_an_input_error() -> None:
    raw = bytearray(archive(("a.xml", b"words " * 50)))
    raw[45] ^= 0xFF
    opened = guards.Archive(bytes(raw), "x.docx")
    for name in ("a.xml", "b.xml"):
        with pytest.raises(InputError, match="damaged"):
            opened.read(name)


def test_a_bomb_is_stopped_by_its_ratio() -> None:
    opened = guards.Archive(archive(("a.xml", b"\0" * 20_000_000)), "x.docx")
    with pytest.raises(LimitExceeded, match="200 times"):
        opened.read("a.xml")


def test_a_small_member_of_high_ratio_is_no_bomb() -> None:
    opened = guards.Archive(archive(("a.xml", b"\0" * 900_000)), "x.docx")
    assert len(opened.read("a.xml")) == 900_000


def test_the_member_and_the_sum_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "MEMBER_BYTES", 100_000)
    monkeypatch.setattr(guards, "INFLATED_BYTES", 150_000)
    noise = bytes(range(256)) * 300
    opened = guards.Archive(archive(("a", noise), ("b", noise), ("c", noise * 2)), "x.docx")
    assert opened.read("a") == noise
    with pytest.raises(LimitExceeded, match="more than its cap"):
        opened.read("b")
    with pytest.raises(LimitExceeded, match="more than its cap"):
        guards.Archive(archive(("c", noise * 2)), "x.docx").read("c")


def test_too_many_members_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="2000 parts"):
        guards.Archive(archive(*((f"m{n}", b"") for n in range(guards.MEMBERS + 1))), "x.docx")


def test_a_large_archive_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="64 MB"):
        guards.Archive(b"PK" + b"\0" * guards.ARCHIVE_BYTES, "x.docx")


def test_sound_xml_is_parsed() -> None:
    root = guards.parse_xml(b'<a b="1"><c>caf\xc3\xa9 &amp; &#233;</c></a>', "x")
    assert [child.text for child in root] == ["café & é"]


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    ],
)
def test_a_doctype_is_refused(raw: bytes) -> None:
    with pytest.raises(LimitExceeded, match="DOCTYPE"):
        guards.check_xml(raw, "x.docx")


def test_a_doctype_that_only_names_a_file_may_pass_and_one_that_declares_never() -> None:
    named = b'<!DOCTYPE Trans SYSTEM "file:///etc/passwd"><Trans>words</Trans>'
    assert guards.parse_xml(named, "a.trs", outer_dtd=True).text == "words"
    with pytest.raises(LimitExceeded, match="DOCTYPE"):
        guards.parse_xml(named, "a.trs")
    declaring = b'<!DOCTYPE Trans SYSTEM "a.dtd" [<!ENTITY a "aaaa">]><Trans>&a;</Trans>'
    with pytest.raises(LimitExceeded, match="DOCTYPE"):
        guards.parse_xml(declaring, "a.trs", outer_dtd=True)
    undeclared = b'<!DOCTYPE Trans SYSTEM "a.dtd"><Trans>&a;</Trans>'
    with pytest.raises(InputError):
        guards.parse_xml(undeclared, "a.trs", outer_dtd=True)


def test_deep_xml_is_refused_and_ordinary_depth_is_not() -> None:
    guards.check_xml(b"<a>" * 200 + b"</a>" * 200, "x")
    with pytest.raises(LimitExceeded, match="deeper than 200"):
        guards.check_xml(b"<a>" * 100_000, "x")


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "XML_ELEMENTS", 10)
    with pytest.raises(LimitExceeded, match="more than 10"):
        guards.check_xml(b"<a>" + b"<b/>" * 20 + b"</a>", "x")


@pytest.mark.parametrize(
    "raw", [b"", b"<a>", b"<a>&x;</a>", b"\xff<a/>", b'<?xml version="1.0" encoding="utf-7"?><a/>']
)
def test_malformed_xml_is_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError, match="not well-formed"):
        guards.parse_xml(raw, "x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "deeper than 20"),
        ("{a: " * 100_000, "deeper than 20"),
        ("".join(f"{'  ' * n}a{n}:\n" for n in range(40)), "deeper than 20"),
        ("a: &x [1]\nb: *x\n", r"x\.yaml:2: YAML aliases"),
        ("a: " + "b" * guards.YAML_BYTES, "larger than 1 MB"),
    ],
)
def test_hostile_yaml_is_refused_before_it_is_composed(text: str, said: str) -> None:
    begun = time.process_time()
    with pytest.raises(LimitExceeded, match=said):
        guards.check_yaml(text, "x.yaml")
    assert time.process_time() - begun < 5


def test_ordinary_and_malformed_yaml_pass() -> None:
    guards.check_yaml("a:\n  - b: [1, {c: d}]\n    e: 'text with [ and {'\n", "x.yaml")
    guards.check_yaml("a: [1\nb: }", "x.yaml")


def test_too_many_lines_are_refused() -> None:
    guards.check_lines("a\n" * guards.TEXT_LINES, "x.txt")
    with pytest.raises(LimitExceeded, match=r"more than 200,000 lines"):
        guards.check_lines("a\n" * (guards.TEXT_LINES + 1), "x.txt")
