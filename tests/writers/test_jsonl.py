from __future__ import annotations

import json
import re
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.model import Bundle, Case, Coding, Segment, Source, Span
from qualcode.writers.jsonl import read_jsonl, write
from tests.writers.full import BUNDLE, CODING, SOURCE


def test_what_was_written_is_read_back_whole() -> None:
    assert read_jsonl(write(BUNDLE)) == BUNDLE


def test_the_full_bundle_leaves_no_field_at_its_default() -> None:
    empty = Bundle()
    assert all(getattr(BUNDLE, each.name) != getattr(empty, each.name) for each in fields(Bundle))


def test_types_survive_as_they_are() -> None:
    attributes = {"whole": 1, "part": 1.0, "yes": True, "text": "1", "none": None}
    back = read_jsonl(write(Bundle(cases=(Case("a", attributes),)))).cases[0].attributes
    assert [(name, type(value)) for name, value in back.items()] == [(n, type(v)) for n, v in attributes.items()]


def test_the_first_line_names_the_format_and_every_line_is_an_object_with_a_type() -> None:
    first, *rest = [json.loads(line) for line in write(BUNDLE).decode().splitlines()]
    assert first == {"qualcode": 1}
    assert {record["type"] for record in rest} == {
        *(
            "source",
            "case",
            "codebook",
            "coding",
            "memo",
            "suggestion",
            "coder",
            "status",
            "notice",
            "excerpt",
            "set",
            "link",
            "missed",
        )
    }


def test_a_coding_carries_its_quotation_for_other_programs() -> None:
    records = [json.loads(line) for line in write(BUNDLE).decode().splitlines()]
    record = next(each for each in records if each.get("type") == "coding")
    assert record["quote"] == CODING.segment.quote
    assert (record["source"], record["start"], record["end"]) == ("id-1", 12, 25)


def test_no_control_or_override_stands_raw_in_the_file() -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]", write(BUNDLE).decode())


def test_a_source_that_only_a_coding_refers_to_comes_back_outside_the_sources() -> None:
    back = read_jsonl(write(BUNDLE))
    assert [source.id for source in back.sources] == ["id-1"]
    assert back.codings[1].source.id == "id-2"


def test_two_versions_of_one_source_are_refused() -> None:
    other = replace(SOURCE, revision=9)
    with pytest.raises(InputError, match="two versions of source id-1"):
        write(Bundle(sources=(SOURCE,), codings=(Coding(Segment(other, Span(0, 1)), "a/b", "ann"),)))


def test_a_number_that_json_cannot_say_is_refused() -> None:
    with pytest.raises(InputError, match="not finite"):
        write(Bundle(cases=(Case("a", {"x": float("nan")}),)))


def test_a_quotation_that_drifted_from_its_text_is_refused() -> None:
    data = write(BUNDLE).decode().replace("I: Why?", "I: Whyy?").encode()
    with pytest.raises(InputError, match="line 6: the quotation does not stand"):
        read_jsonl(data)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1]",
        '{"type":"dream"}',
        '{"type":"case"}',
        '{"type":"case","name":[1]}',
        '{"type":"coding","source":"id-9","start":0,"end":1,"code":"a/b","coder":"x"}',
        '{"type":"coding","source":"id-1","start":5,"end":2,"code":"a/b","coder":"x"}',
        '{"type":"status","source":"s","coder":"c","codebook":"b","state":"secret words"}',
        '{"type":"source","id":"x","name":"x","kind":"interview","text":"abc","turns":[{"n":1,"span":{"start":2,"end":9}}]}',
        '{"type":"source","id":"x","name":"x","kind":"interview","text":"abc","turns":[{"n":1,"span":{"start":2,"end":1}}]}',
    ],
)
def test_a_bad_line_is_named_by_its_number_and_its_text_kept_to_itself(line: str) -> None:
    with pytest.raises(InputError) as caught:
        read_jsonl(b'{"qualcode": 1}\n' + line.encode() + b"\n")
    assert "line 2" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"{}", b'{"qualcode": 2}\n'])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read_jsonl(data)


@given(text=st.text(min_size=2, max_size=60), name=st.text(min_size=1, max_size=10))
@settings(max_examples=150, deadline=None)
def test_any_text_survives(text: str, name: str) -> None:
    source = Source("id", name, "answers", text)
    bundle = Bundle(sources=(source,), codings=(Coding(Segment(source, Span(0, 2)), "a/b", name, memo=text),))
    assert read_jsonl(write(bundle)) == bundle
