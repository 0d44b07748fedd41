"""Ratings from a table of strings: who gave which unit which value, and what is missing.

Long: one row a rating, ``unit, coder, code``; several rows give several codes, an empty code is "looked at, no code",
no row is "not assigned". Wide: a unit a row, a coder a column, empty is missing. Columns named ``source`` (what is
resampled) and ``weight`` (how many units a unit stands for) are understood in both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple

import numpy as np

from qualcode.agreement.sums import Bools, Floats, Ints
from qualcode.errors import InputError, LimitExceeded, nearest

LONG = ("unit", "coder", "code")
MAX_CELLS = 2_000_000_000
"""Units x coders x codes a table may hold; one byte each."""
SHOWN = 40
"""So many characters of a cell are repeated in a message."""
WHOLE = re.compile(r"([+-]?\d+)[.,]0{1,2}")
"""A whole number as programs write it in a column with gaps; three zeros may be a thousand."""
MISSPELT = frozenset({"na", "n/a", "nan", "null", "none", ".", "-", "missing", "#n/a"})
"""Values that often mean missing, folded; here an empty cell does, and what is declared so."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """marks (units, r, codes), rated (units, r), weight (units), source (units) numbering `sources`.

    `single` says that every rating is exactly one value, so that `codes` are the values of one variable. `sources` is
    empty when the table has no such column. `labels` holds, by column, what each unit says there. `ranked` says that
    the values are names in a declared order; `odd` says of the first value that has no place in an order what is amiss,
    where an order was asked for. `silent` are columns without a rating; `told` says how cells were read.
    """

    units: tuple[str, ...]
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    marks: Bools
    rated: Bools
    weight: Floats
    sources: tuple[str, ...]
    source: Ints
    single: bool
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranked: bool = False
    odd: str = ""
    silent: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def values(self) -> Ints:
        """(r, units): the number of each unit's value, -1 where missing; for `single` ratings."""
        if not self.codes:
            return np.full(self.rated.T.shape, -1, np.intp)
        return np.ascontiguousarray(np.where(self.rated, self.marks.argmax(axis=2), -1).T).astype(np.intp)

    def numbers(self) -> Floats | None:
        """The values as numbers (q), ranks where they are `ranked`; None when one is no finite number."""
        if self.ranked:
            return np.arange(1.0, 1 + len(self.codes))
        found = [_number(code) for code in self.codes]
        return None if any(number is None for number in found) else np.array(found, np.float64)


class _Entry(NamedTuple):
    """One cell or row of the table; `code` None is looked at without a code. `line` counts the header as 1.

    A tuple, since there may be millions: it is made in two fifths of the time of a frozen record.
    """

    unit: str
    coder: str
    code: str | None
    line: int


def read_ratings(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    wide: bool,
    numeric: bool,
    declared: Sequence[str] = (),
    missing: Sequence[str] = (),
    lines: Sequence[int] = (),
    by: Sequence[str] = (),
) -> Ratings:
    """The ratings of a table, units in their order, coders and values sorted (values as numbers when `numeric`).

    `declared` values are there even when unused, and their order is that of values which are no numbers. Cells that say
    one of `missing`, in any case, are no ratings. Whole numbers that are written 1 here and 1.0 there, as spreadsheets
    and statistics programs do, are one value. `lines` says where each row stands in its file, from 2 on when empty.
    `by` names columns to keep as `labels`. A column of a wide table without any rating is no coder (all are, where none
    has a rating), but one of `silent`.

    Raises InputError naming the line for a missing column, a unit or coder without a name, a unit twice in a wide
    table, and two weights, sources or labels of one unit.
    """
    names = [" ".join(name.split()).casefold() for name in header]
    kept = _label_columns(names, by)
    columns = _wide_columns(names, header, set(kept.values())) if wide else _long_columns(names)
    extra: dict[str, int] = {name: names.index(name) for name in ("source", "weight") if name in names}
    body = _body(len(header), rows, lines)
    absent = frozenset(word.strip().casefold() for word in missing) - {""}
    entries = _wide_entries(body, columns, absent) if wide else _long_entries(body, columns, absent)
    entries, joined = _one_spelling(entries, declared)
    facts = _facts_of_units(body, columns["unit"], extra)
    coders = tuple(sorted({e.coder for e in entries})) or tuple(sorted(name for name in columns if name != "unit"))
    ranked, odd = _order_of(entries, declared) if numeric else (False, "")
    codes = tuple(dict.fromkeys(declared)) if ranked else _codes(entries, declared, numeric=numeric and not odd)
    labels = {word: _labels_of(body, columns["unit"], at, word) for word, at in kept.items()}
    silent = tuple(name for name in columns if wide and name != "unit" and name not in coders)
    told = (*_of_units(names, header, columns["unit"], wide=wide), *joined, *_of_commas(entries, numeric=numeric))
    found = _assembled(entries, facts, coders, codes)
    return replace(found, labels=labels, ranked=ranked, odd=odd, silent=silent, told=told)


def _body(width: int, rows: Iterable[Sequence[str]], lines: Sequence[int]) -> list[tuple[int, list[str]]]:
    """The rows that say something, each with its line, stripped, as wide as the header. Raises InputError for none."""
    numbered = zip(lines or count(2), rows, strict=False)
    body = [(line, [cell.strip() for cell in row]) for line, row in numbered if any(c.strip() for c in row)]
    if any(len(row) < width for _, row in body):
        body = [(line, [*row, *[""] * (width - len(row))]) for line, row in body]
    if not body:
        raise InputError("the table has no rows", "a rating a row, or with --wide a unit a row")
    return body


def _of_units(names: list[str], header: Sequence[str], at: int, *, wide: bool) -> Iterator[str]:
    """Which column names the units, where the header does not say so."""
    if wide and "unit" not in names:
        yield f'Units are named by the first column, "{_shown(header[at])}", as none is called unit.'


def _of_commas(entries: list[_Entry], *, numeric: bool) -> Iterator[str]:
    """How a comma in a number was read: the same cell may mean a thousand elsewhere."""
    codes = (entry.code for entry in entries if numeric and entry.code is not None and "," in entry.code)
    for code in codes:
        number = _number(code)
        if number is not None:
            yield f"A comma was read as the decimal mark: {_shown(code)} is {_spelling(number)}."
            return


def _one_spelling(entries: list[_Entry], declared: Sequence[str]) -> tuple[list[_Entry], tuple[str, ...]]:
    """The entries with 1.0 as 1 where both are written, and what a reader must know of that."""
    written = {*(entry.code for entry in entries), *declared}
    whole = {code: found[1] for code in written if code is not None and (found := WHOLE.fullmatch(code))}
    again = {code: plain for code, plain in whole.items() if plain in written}
    if not again:
        return entries, ()
    said = ", ".join(f"{code} and {plain}" for code, plain in sorted(again.items())[:3])
    more = f" and {len(again) - 3} more pairs" if len(again) > 3 else ""
    kept = [e._replace(code=again[e.code]) if e.code in again else e for e in entries]
    return kept, (f"Read as the same value: {said}{more}.",)


def _label_columns(names: list[str], by: Sequence[str]) -> dict[str, int]:
    """The columns that `by` names; raises InputError for one that is not there."""
    found = {}
    for word in by:
        folded = " ".join(word.split()).casefold()
        if folded not in names:
            near = nearest(word, names)
            raise InputError(
                f'the table has no column "{word}"', f'did you mean "{near}"?' if near else "see its header"
            )
        found[word] = names.index(folded)
    return found


def _labels_of(body: list[tuple[int, list[str]]], unit: int, at: int, word: str) -> tuple[str, ...]:
    """What each unit says in a column, in the order of the table."""
    found: dict[str, str] = {}
    for line, row in body:
        if found.setdefault(row[unit], row[at]) != row[at]:
            raise InputError(f'line {line} gives unit "{_shown(row[unit])}" another {word}', "make them equal")
    return tuple(found.values())


def _order_of(entries: list[_Entry], declared: Sequence[str]) -> tuple[bool, str]:
    """Whether values that are no numbers have a declared order, and if not, what is amiss with the first of them."""
    words = {code for code in {e.code for e in entries} if code is not None and _number(code) is None}
    odd = next((e for e in entries if e.code in words), None) if words else None
    if odd is None and all(_number(value) is not None for value in declared):
        return False, ""
    stray = next((e for e in entries if e.code is not None and e.code not in declared), None) if declared else odd
    if stray is None:
        return True, ""
    cell = f'"{_shown(stray.code or "")}" in line {stray.line}'
    if (stray.code or "").casefold() in MISSPELT:
        return False, f"{cell} is no number; --missing {stray.code} says that it is no rating"
    if declared:
        return False, f"{cell} is not one of --values"
    return False, f"{cell} is no number; ordered names need --values in their order"


def _long_columns(names: list[str]) -> dict[str, int]:
    missing = [name for name in LONG if name not in names]
    if missing:
        raise InputError(
            f'the table has no column "{missing[0]}"',
            "a long table needs unit, coder, code; one row a unit and one column a coder is --wide",
        )
    return {name: names.index(name) for name in LONG}


def _wide_columns(names: list[str], header: Sequence[str], labels: set[int]) -> dict[str, int]:
    """The unit's column and one for each coder, by the header as written; `labels` are no coders."""
    unit = names.index("unit") if "unit" in names else 0
    taken = {unit} | labels | {names.index(name) for name in ("source", "weight") if name in names}
    coders = {" ".join(name.split()): at for at, name in enumerate(header) if at not in taken and name.strip()}
    if len(coders) < sum(at not in taken and bool(name.strip()) for at, name in enumerate(header)):
        raise InputError("two columns have the same name", "give every coder a column of their own name")
    if not coders:
        raise InputError("the table has no column for a coder", "a wide table has a unit column, then one a coder")
    if "unit" in coders:
        raise InputError('no coder can be called "unit"', "rename the column")
    return {"unit": unit, **coders}


def _long_entries(body: list[tuple[int, list[str]]], columns: dict[str, int], missing: frozenset[str]) -> list[_Entry]:
    unit, coder, code = (columns[name] for name in LONG)
    for line, row in body:
        for name in ("unit", "coder"):
            if not row[columns[name]]:
                raise InputError(f"line {line} names no {name}", "every rating needs a unit and a coder")
    rated = [(line, row) for line, row in body if row[code].casefold() not in missing] if missing else body
    return [_Entry(row[unit], row[coder], row[code] or None, line) for line, row in rated]


def _wide_entries(body: list[tuple[int, list[str]]], columns: dict[str, int], missing: frozenset[str]) -> list[_Entry]:
    first: dict[str, int] = {}
    for line, row in body:
        unit = row[columns["unit"]]
        if not unit:
            raise InputError(f"line {line} names no unit", "the first column, or the one called unit, names the unit")
        if first.setdefault(unit, line) != line:
            raise InputError(
                f'unit "{_shown(unit)}" stands in lines {first[unit]} and {line}',
                "give each unit one row, named in the first column or in one called unit",
            )
    coders = [(name, at) for name, at in columns.items() if name != "unit"]
    made = [_Entry(row[columns["unit"]], name, row[at], line) for line, row in body for name, at in coders if row[at]]
    return [entry for entry in made if (entry.code or "").casefold() not in missing] if missing else made


def _facts_of_units(
    body: list[tuple[int, list[str]]], unit: int, extra: dict[str, int]
) -> dict[str, tuple[str | None, float]]:
    """Each unit's source and weight, in the order of the table."""
    facts: dict[str, tuple[str | None, float]] = {}
    for line, row in body:
        source = row[extra["source"]] if "source" in extra else None
        weight = _weight(row[extra["weight"]], line) if "weight" in extra else 1.0
        if facts.setdefault(row[unit], (source, weight)) != (source, weight):
            raise InputError(
                f'line {line} gives unit "{_shown(row[unit])}" another source or weight', "make them equal"
            )
    return facts


def _weight(cell: str, line: int) -> float:
    number = _number(cell or "1")
    if number is None or number <= 0:
        raise InputError(
            f'line {line}: the weight "{_shown(cell)}" is no number above 0', "correct it or leave it empty"
        )
    return number


def _codes(entries: list[_Entry], declared: Sequence[str], *, numeric: bool) -> tuple[str, ...]:
    """The distinct values: as text, by number where all are numbers; `numeric` ones in one spelling each."""
    found = {entry.code for entry in entries if entry.code is not None} | set(declared)
    if numeric:
        return tuple(_spelling(n) for n in sorted({_number(code) or 0.0 for code in found}))
    numbers = {code: _number(code) for code in found}
    by_number = all(number is not None for number in numbers.values())
    return tuple(sorted(found, key=lambda code: (numbers[code] if by_number else 0.0, code)))


def _assembled(
    entries: list[_Entry],
    facts: dict[str, tuple[str | None, float]],
    coders: tuple[str, ...],
    codes: tuple[str, ...],
) -> Ratings:
    """The arrays."""
    units = tuple(facts)
    if len(units) * max(len(coders), 1) * max(len(codes), 1) > MAX_CELLS:
        raise LimitExceeded("the table has too many units, coders and codes", "compare fewer codes at a time")
    marks = np.zeros((len(units), len(coders), len(codes)), bool)
    rated = np.zeros((len(units), len(coders)), bool)
    unit_at, coder_at = ({name: n for n, name in enumerate(names)} for names in (units, coders))
    code_at = {code: n for n, code in enumerate(codes)}
    column_of = {code: _column(code, code_at) for code in {e.code for e in entries}}
    unit = np.fromiter((unit_at[e.unit] for e in entries), np.intp, len(entries))
    coder = np.fromiter((coder_at[e.coder] for e in entries), np.intp, len(entries))
    column = np.fromiter((column_of[e.code] for e in entries), np.intp, len(entries))
    rated[unit, coder] = True
    coded = column >= 0
    marks[unit[coded], coder[coded], column[coded]] = True
    sources = tuple(sorted({source for source, _ in facts.values() if source is not None}))
    source_at = {name: n for n, name in enumerate(sources)}
    return Ratings(
        units=units,
        coders=coders,
        codes=codes,
        marks=marks,
        rated=rated,
        weight=np.array([weight for _, weight in facts.values()], np.float64),
        sources=sources,
        source=np.array([source_at.get(source or "", 0) for source, _ in facts.values()], np.intp),
        single=bool((marks.sum(axis=2)[rated] == 1).all()),
    )


def _column(code: str | None, code_at: dict[str, int]) -> int:
    """The number of a code, under its own spelling or that of its number; -1 for none."""
    if code is None:
        return -1
    found = code_at.get(code)
    return code_at[_spelling(_number(code) or 0.0)] if found is None else found


def _number(cell: str) -> float | None:
    """A finite number, a decimal comma allowed."""
    try:
        number = float(cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _spelling(number: float) -> str:
    """One spelling a number: 1, 2.5."""
    return str(int(number)) if number == int(number) else repr(number)


def _shown(cell: str) -> str:
    return cell if len(cell) <= SHOWN else cell[: SHOWN - 1] + "…"
