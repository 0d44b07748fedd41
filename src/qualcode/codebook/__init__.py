"""The codebook as a reviewed, versioned specification.

===============  ========================================================================================
`fields`         the format, described once: keys, shapes, what each is for
`nodes`          YAML text -> a small tree with positions, under caps
`findings`       collects what is wrong, with line and column
`values`         reads what stands under each key
`loader`         `load`, `check`, `read_text`: a file -> a Codebook, or every problem at once
`canonical`      `dump`: a Codebook -> YAML that reads back equal
`edits`          `add_code`, `rename_code`, `move_code` …: change a file in place and keep every other byte
`layout`         where the pieces stand in the file's lines
`differences`    `difference`, `guess_renames`: what changed between two codebooks
`paths`          `lookup`, `slug`, `new_path`: codes by what a person types, paths from labels
`cues`           `expand`, `hits`: what a cue looks for, and whether it is there
`inflections`    the forms of an English word
`trials`         `check_examples`: a codebook tested on its own examples
`schema`         the JSON Schema for editors and the table of keys in the documentation
`shelf`          `bundled`, `bundled_path`, `study_folder`: what comes with qualcode
===============  ========================================================================================

Nothing here stores or prints. PyYAML and regex are imported when first needed.
"""

from __future__ import annotations

from qualcode.codebook.canonical import bare, dump, in_order
from qualcode.codebook.cues import expand, hits
from qualcode.codebook.differences import Change, Difference, Proposal, difference, guess_renames
from qualcode.codebook.edits import (
    add_code,
    add_items,
    merge_code,
    move_code,
    rename_code,
    retire_code,
    split_code,
)
from qualcode.codebook.loader import Reading, check, load, read_text, text_of
from qualcode.codebook.paths import code_id, lookup, new_path, slug
from qualcode.codebook.schema import schema, schema_text
from qualcode.codebook.shelf import bundled, bundled_path, study_folder
from qualcode.codebook.trials import check_examples

__all__ = [
    "Change",
    "Difference",
    "Proposal",
    "Reading",
    "add_code",
    "add_items",
    "bare",
    "bundled",
    "bundled_path",
    "check",
    "check_examples",
    "code_id",
    "difference",
    "dump",
    "expand",
    "guess_renames",
    "hits",
    "in_order",
    "load",
    "lookup",
    "merge_code",
    "move_code",
    "new_path",
    "read_text",
    "rename_code",
    "retire_code",
    "schema",
    "schema_text",
    "slug",
    "split_code",
    "study_folder",
    "text_of",
]
