"""A process of its own that reads an SPSS file: bytes on stdin, one JSON document on stdout.

The C library under pyreadstat dies of a segmentation fault on some damaged files (one in about 300 with bytes changed
at random), and would take the whole program with it.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
from typing import Any

SECONDS = 60  # of CPU; five million cells take about 20
BYTES = 4 * 1024**3  # of address space, most of which no process touches


def main() -> int:
    """Read stdin; argument 1 is the most cells, 2 the encoding or nothing. Status 3: too many cells."""
    import pyreadstat

    _limit()
    most, encoding = int(sys.argv[1]), sys.argv[2] or None
    raw = sys.stdin.buffer.read()
    _, head = pyreadstat.read_sav(io.BytesIO(raw), output_format="dict", encoding=encoding, metadataonly=True)
    if (head.number_rows or 0) * (head.number_columns or 0) > most:
        return 3
    held, meta = pyreadstat.read_sav(io.BytesIO(raw), output_format="dict", encoding=encoding)
    names = list(meta.column_names)
    answer = {
        "names": names,
        "labels": [meta.column_names_to_labels.get(name) or "" for name in names],
        "values": {
            name: [[_plain(key), str(label)] for key, label in labels.items()]
            for name, labels in meta.variable_value_labels.items()
        },
        "sets": {
            key: {
                "type": one.get("type"),
                "label": one.get("label"),
                "ticked": _plain(one.get("counted_value")),
                "variables": list(one.get("variable_list", ())),
            }
            for key, one in (getattr(meta, "mr_sets", None) or {}).items()
        },
        "columns": [[_plain(value) for value in held[name]] for name in names],
    }
    sys.stdout.write(json.dumps(answer))
    return 0


def _plain(value: Any) -> str | float | int | None:
    """Missing as None, dates as ISO 8601, numpy's numbers as Python's."""
    if value is None or value != value:
        return None
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, str):
        return value
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
