"""Bundle ↔ JSON Lines: everything, without loss, one value a line.

The first line is ``{"qualcode": 1}``. Every other line has a ``type``: ``source``, ``case``, ``codebook``, ``coding``,
``memo``, ``suggestion``, ``coder``, ``status``, ``notice``, ``excerpt``, ``missed`` (a notice), ``set``, ``link`` (both
of codes), with the fields of that type in `model`; a field at its default is left out. Codings and suggestions name
their source by id, with ``start`` and ``end`` in code points and the ``quote``, which is for people and other programs:
reading computes it again and refuses a file in which the two differ. A source that only codings refer to carries
``"listed": false``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from qualcode.errors import InputError
from qualcode.escaping import json_text
from qualcode.model import (
    Bundle,
    Case,
    Codebook,
    CodeLink,
    Coder,
    CodeSet,
    Coding,
    Excerpt,
    Memo,
    Notice,
    Segment,
    Source,
    Span,
    Status,
    Suggestion,
)

FORMAT = 1

_TYPES: Mapping[str, tuple[str, type]] = {
    "source": ("sources", Source),
    "case": ("cases", Case),
    "codebook": ("codebooks", Codebook),
    "coding": ("codings", Coding),
    "memo": ("memos", Memo),
    "suggestion": ("suggestions", Suggestion),
    "coder": ("coders", Coder),
    "status": ("statuses", Status),
    "notice": ("notices", Notice),
    "excerpt": ("excerpts", Excerpt),
    "missed": ("missed", Notice),
    "set": ("sets", CodeSet),
    "link": ("links", CodeLink),
}


def write(bundle: Bundle) -> bytes:
    """UTF-8, LF. Raises InputError when codings refer to two texts of one source, or a number is not finite."""
    return "".join(f"{line}\n" for line in _lines(bundle)).encode()


def _lines(bundle: Bundle) -> Iterator[str]:
    yield json.dumps({"qualcode": FORMAT})
    yield from (_line("source", _record(source)) for source in bundle.sources)
    yield from (_line("source", _record(source) | {"listed": False}) for source in _unlisted(bundle))
    for name, (attribute, _) in _TYPES.items():
        if name != "source":
            yield from (_line(name, _record(value)) for value in getattr(bundle, attribute))


def _line(name: str, record: Mapping[str, Any]) -> str:
    try:
        return json_text(json.dumps({"type": name} | dict(record), ensure_ascii=False, allow_nan=False))
    except ValueError:
        raise InputError(
            f"a {name} holds a number that is not finite, which JSON cannot say", "correct the value, then write again"
        ) from None


def _unlisted(bundle: Bundle) -> list[Source]:
    """The sources that only codings and suggestions refer to."""
    referred = [coding.source for coding in bundle.codings] + [s.segment.source for s in bundle.suggestions]
    known: dict[str, Source] = {}
    for source in (*bundle.sources, *referred):
        if known.setdefault(source.id, source) != source:
            raise InputError(f"the bundle holds two versions of source {source.id}", "write one revision at a time")
    listed = {source.id for source in bundle.sources}
    return [source for key, source in known.items() if key not in listed]


def _record(value: Any) -> dict[str, Any]:
    """A model value as JSON: fields that differ from their default, segments by source id and offsets."""
    record: dict[str, Any] = {}
    for known in fields(value):
        content = getattr(value, known.name)
        if isinstance(content, Segment):
            record |= {
                "source": content.source.id,
                "start": content.span.start,
                "end": content.span.end,
                "quote": content.quote,
            }
        elif not _is_default(known, content):
            record[known.name] = _plain(content)
    return record


def _is_default(known: Any, content: Any) -> bool:
    if known.default_factory is not MISSING:
        return bool(content == known.default_factory())
    return known.default is not MISSING and bool(content == known.default)


def _plain(content: Any) -> Any:
    if isinstance(content, (tuple, list)):
        return [_plain(part) for part in content]
    if isinstance(content, Mapping):
        return {name: _plain(part) for name, part in content.items()}
    return _record(content) if hasattr(content, "__dataclass_fields__") else content


def read_jsonl(data: bytes) -> Bundle:
    """The inverse of `write`. Raises InputError with the line's number; the line's text is never repeated."""
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        lines = []
    records = [(number, _parsed(number, line)) for number, line in enumerate(lines, 1) if line.strip()]
    if not records or records[0][1].get("qualcode") != FORMAT:
        raise InputError(
            f"this is not a qualcode JSON Lines file of format {FORMAT}", 'its first line would be {"qualcode": 1}'
        )
    return _gathered(records[1:])


def _parsed(number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise InputError(f"line {number} is no JSON object", "export the file again")
    return record


def _gathered(records: list[tuple[int, dict[str, Any]]]) -> Bundle:
    gathered: dict[str, list[Any]] = {attribute: [] for attribute, _ in _TYPES.values()}
    sources: dict[str, Source] = {}
    for number, record in records:
        name = record.pop("type", None)
        if name not in _TYPES:
            raise InputError(f"line {number} is of a type that this qualcode does not know", "update qualcode")
        attribute, kind = _TYPES[name]
        listed = record.pop("listed", True)
        value = _value(number, kind, record, sources)
        if isinstance(value, Source):
            sources[value.id] = value
        if listed:
            gathered[attribute].append(value)
    return Bundle(**{attribute: tuple(values) for attribute, values in gathered.items()})


def _value(number: int, kind: type, record: dict[str, Any], sources: Mapping[str, Source]) -> Any:
    from pydantic import ValidationError

    if kind in (Coding, Suggestion):
        record = _with_segment(number, record, sources)
    try:
        return _adapter(kind).validate_python(record)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "this entry"
        raise InputError(f"line {number}: {where}: {_problem(first['type'])}", "export the file again") from None


def _problem(kind: str) -> str:
    return "is missing" if kind == "missing" else f"is not what it should be ({kind.replace('_', ' ')})"


def _with_segment(number: int, record: dict[str, Any], sources: Mapping[str, Source]) -> dict[str, Any]:
    rest = {name: content for name, content in record.items() if name not in ("source", "start", "end", "quote")}
    source = sources.get(str(record.get("source")))
    try:
        segment = Segment(source, Span(int(record["start"]), int(record["end"])))  # type: ignore[arg-type]
        same = source is not None and record.get("quote", segment.quote) == segment.quote
    except (KeyError, TypeError, ValueError):
        same = False
    if not same:
        raise InputError(
            f"line {number}: the quotation does not stand at these offsets of a source above it",
            "export the file again",
        )
    return rest | {"segment": segment}


@cache
def _adapter(kind: type) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
