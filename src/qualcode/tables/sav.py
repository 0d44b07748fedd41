"""The cells of an SPSS file (.sav, .zsav) as strings, with labels in the place of codes; see `sav_child`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualcode import guards
from qualcode.errors import InputError, LimitExceeded, MissingExtra
from qualcode.model import Notice
from qualcode.tables import sheets

MAGIC = (b"$FL2", b"$FL3")
ENDINGS = (".sav", ".zsav")
_TOO_MANY = 3  # the child's exit status


@dataclass(frozen=True, slots=True)
class Labelled:
    """Variable names, what was asked under each, and the rows."""

    names: list[str]
    questions: list[str]
    rows: list[list[str]]
    notices: list[Notice]


def read_sav(raw: bytes, name: str, encoding: str | None = None) -> Labelled:
    """The variables and rows of an SPSS file; missing values are blank, a value with a label is its label.

    The variables of a multiple-response set ask ``set [variable]`` and hold 1 or 0. Raises MissingExtra without
    pyreadstat, InputError for a damaged file, LimitExceeded above five million cells.
    """
    held = _read(raw, name, encoding)
    names: list[str] = [sheets.said(one) for one in held["names"]]
    if not names:
        raise InputError(f"{name} holds no variables", "check that it was saved whole")
    boxes = _boxes(held["sets"])
    labels = {key: dict(pairs) for key, pairs in held["values"].items() if pairs}
    columns = [
        _cells(cells, labels.get(one, {}), boxes.get(one))
        for one, cells in zip(held["names"], held["columns"], strict=True)
    ]
    questions = [_question(one, label, boxes) for one, label in zip(held["names"], held["labels"], strict=True)]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Labelled(names, questions, rows, _notices(name, len(labels)))


def _read(raw: bytes, name: str, encoding: str | None) -> Any:
    """What the child process says of the file."""
    import importlib.util
    import subprocess
    import sys

    if importlib.util.find_spec("pyreadstat") is None:
        raise MissingExtra(f"{name} is an SPSS file, which", "spss")
    child = [sys.executable, "-P", str(Path(__file__).with_name("sav_child.py"))]
    arguments = [str(guards.TABLE_CELLS), encoding or ""]
    done = subprocess.run([*child, *arguments], input=raw, capture_output=True, check=False)
    if done.returncode == _TOO_MANY:
        raise LimitExceeded(f"{name} has more than {guards.TABLE_CELLS:,} cells", "split it")
    try:
        if done.returncode == 0:
            return json.loads(done.stdout)
    except ValueError:
        pass
    raise InputError(f"{name} is no SPSS file that can be read", "save it as .sav or .csv again")


@dataclass(frozen=True, slots=True)
class _Box:
    """A variable's multiple-response set: its label and the value that means ticked."""

    label: str
    ticked: str


def _boxes(sets: Mapping[str, Any]) -> dict[str, _Box]:
    """By variable, the sets of tick boxes; sets of categories are left as variables."""
    return {
        variable: _Box(sheets.said(one["label"] or key).lstrip("$"), sheets.said(one["ticked"]))
        for key, one in sets.items()
        if one["type"] == "D"
        for variable in one["variables"]
    }


def _question(name: str, label: str, boxes: Mapping[str, _Box]) -> str:
    asked = " ".join(sheets.said(label).split()) or sheets.said(name)
    return f"{boxes[name].label} [{asked}]" if name in boxes else asked


def _cells(values: Sequence[Any], labels: Mapping[Any, str], box: _Box | None) -> list[str]:
    if box is not None:
        return ["" if value is None else str(int(sheets.said(value).strip() == box.ticked)) for value in values]
    return ["" if value is None else sheets.said(labels.get(value, value)).rstrip() for value in values]


def _notices(name: str, labelled: int) -> list[Notice]:
    said = f"{labelled} variable{'s' * (labelled != 1)} read by the labels of their values"
    return [Notice(name, "info", said)] if labelled else []
