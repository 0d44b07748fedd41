"""The JSON Schema and the documentation say what the loader does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from qualcode import codebook as room
from qualcode.codebook.fields import CODE_FIELDS, CODEBOOK_FIELDS
from qualcode.codebook.schema import key_table

DOCS = Path(__file__).parents[2] / "docs"
RENEW = "python -m tests.codebook.renew"
CHECK = jsonschema.Draft202012Validator(room.schema())


def test_the_schema_in_docs_is_not_stale() -> None:
    assert (DOCS / "codebook.schema.json").read_text(encoding="utf-8") == room.schema_text(), RENEW


def test_the_tables_of_keys_in_docs_are_not_stale() -> None:
    text = (DOCS / "codebook-format.md").read_text(encoding="utf-8")
    assert f"<!-- codebook keys -->\n{key_table(CODEBOOK_FIELDS)}<!-- end -->" in text, RENEW
    assert f"<!-- code keys -->\n{key_table(CODE_FIELDS)}<!-- end -->" in text, RENEW


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(room.schema())


def test_every_codebook_in_the_documentation_loads_and_fits_the_schema() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (DOCS / "codebook-format.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 2
    for block in blocks:
        reading = room.read_text(block, "docs")
        assert [str(notice) for notice in reading.notices if notice.severity != "info"] == []
        assert list(CHECK.iter_errors(yaml.safe_load(block))) == []


def test_the_bundled_codebooks_fit_the_schema() -> None:
    assert room.bundled()
    for name in room.bundled():
        loaded = yaml.safe_load(room.text_of(room.bundled_path(name)))
        assert list(CHECK.iter_errors(loaded)) == []


@pytest.mark.parametrize(
    "text",
    [
        "name: x\ncodes: []",
        "qualcode: 2\nname: x\ncodes: []",
        "qualcode: 1\nname: The Role\ncodes: []",
        "qualcode: 1\nname: x\ncodes: [{label: a}]",
        "qualcode: 1\nname: x\ncodes: [{code: a, exmaples: []}]",
        "qualcode: 1\nname: x\ncodes: [{code: a, examples: one}]",
        "qualcode: 1\nname: x\ncodes: [{code: a, examples: [{b: c}]}]",
        "qualcode: 1\nname: x\ncodes: [{code: a, colour: red}]",
        "qualcode: 1\nname: x\ncodes: [{code: a, key: ab}]",
        "qualcode: 1\nname: x\ncodes: [{code: a, speakers: [all]}]",
        "qualcode: 1\nname: x\ncodes: [{code: a, cues: [{lema: b}]}]",
        "qualcode: 1\nname: x\ncodes: [{code: a, codes: [{code: B}]}]",
    ],
)
def test_what_the_loader_refuses_the_schema_refuses_too(text: str) -> None:
    assert room.read_text(text, "f").codebook is None
    assert list(CHECK.iter_errors(yaml.safe_load(text))) != []


@pytest.mark.parametrize(
    "text",
    [
        "qualcode: 1\nname: x\nversion: 1.0\ntitle: no\nbasis:\ncodes:",
        "qualcode: '1'\nname: x\ncodes: [{code: a, label: 2024, examples: [no, 1], key: 1, cues: [yes, {lemma: no}]}]",
    ],
)
def test_what_the_loader_takes_the_schema_takes_too(text: str) -> None:
    assert room.read_text(text, "f").codebook is not None
    assert list(CHECK.iter_errors(yaml.safe_load(text))) == []


def test_the_schema_describes_every_key() -> None:
    written = json.loads(room.schema_text())
    assert set(written["properties"]) == set(CODEBOOK_FIELDS)
    assert set(written["$defs"]["code"]["properties"]) == set(CODE_FIELDS)
