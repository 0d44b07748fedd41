"""``qualcode.yaml``: what a person may settle for a project, every key checked, every scalar read as typed.

`KEYS` is the whole contract: a key, how its value is read, what it means. The default file is written from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from qualcode.errors import ProjectError, nearest

FILE = "qualcode.yaml"
DATABASE = "qualcode.db"
APPROACHES = ("reflexive", "codebook", "content", "framework", "undecided")
UNITS = ("turn", "answer", "sentence", "paragraph", "character")
DEPTH = 5
SIZE = 65_536  # bytes; a filled-in file is about 2,000
Setting: TypeAlias = str | int | float | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Study:
    """What the methods text says of the study."""

    title: str = ""
    question: str = ""
    approach: str = "undecided"
    ethics: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """A project's settings; None and empty mean "not settled". `round` counts from 1, `min_precision` is 0 to 1.

    `respondents` are the speaker labels whose turns count as respondents' where the roles cannot be guessed.
    """

    coder: str | None = None
    language: str = "en"
    unit: str | None = None
    respondents: tuple[str, ...] = ()
    blind: bool = False
    round: int = 1
    attribution: str | None = None
    suggest_when: str = "after"
    min_precision: float = 0.8
    backups: bool = True
    study: Study = Study()


class Spelling(ValueError):
    """A value that cannot be read; its text is what is expected."""


def _words(node: Any) -> str:
    if node.id != "scalar":
        raise Spelling("one line of text")
    return " ".join(str(node.value).split())


def _list(node: Any) -> tuple[str, ...]:
    items = node.value if node.id == "sequence" else [node]
    return tuple(word for word in map(_words, items) if word)


def _truth(node: Any) -> bool:
    truths = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    try:
        return truths[_words(node).lower()]
    except KeyError:
        raise Spelling("yes or no") from None


def _round(node: Any) -> int:
    said = _words(node)
    if not (said.isascii() and said.isdigit() and 0 < int(said) <= 1_000):
        raise Spelling("a whole number from 1")
    return int(said)


def _share(node: Any) -> float:
    try:
        share = float(_words(node))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Spelling("a number from 0 to 1")
    return share


def _one_of(*choices: str) -> Callable[[Any], str]:
    def read(node: Any) -> str:
        said = _words(node).lower()
        if said not in choices:
            near = nearest(said, choices)
            raise Spelling(f"one of {', '.join(choices)}" + (f"; did you mean {near}?" if near else ""))
        return said

    return read


class Key(NamedTuple):
    """A key of the file: how its value is read, which field it fills, an example, and its comment."""

    read: Callable[[Any], Setting]
    field: str
    example: str
    comment: str


KEYS: Mapping[str, Key] = {
    "coder": Key(_words, "coder", "ann", "who codes here, unless --coder or QUALCODE_CODER says otherwise"),
    "language": Key(_words, "language", "en", "language of the transcripts (ISO 639-1)"),
    "unit": Key(_one_of(*UNITS), "unit", "sentence", f"unit of agreement and suggestions: {', '.join(UNITS)}"),
    "respondents": Key(_list, "respondents", "[P1, P2]", "speakers who are respondents, where it cannot be guessed"),
    "blind": Key(_truth, "blind", "no", "yes: nobody sees another coder's codings while coding"),
    "round": Key(_round, "round", "1", "round of coding that new codings belong to"),
    "attribution": Key(_words, "attribution", '"[{phase} coordinator]"', "how an exported quotation is attributed"),
    "suggest.when": Key(_one_of("after", "beside", "off"), "suggest_when", "after", "after, beside or off: when shown"),
    "suggest.min_precision": Key(
        _share, "min_precision", "0.8", "how often a shown suggestion should be right, 0 to 1"
    ),
    "backups": Key(_truth, "backups", "yes", "daily, weekly and monthly copies of the database"),
    "study.title": Key(_words, "title", "", "title of the study"),
    "study.question": Key(_words, "question", "", "research question"),
    "study.approach": Key(_one_of(*APPROACHES), "approach", "undecided", ", ".join(APPROACHES)),
    "study.ethics": Key(_words, "ethics", "", "approval, consent, anonymity"),
}


def read_settings(folder: Path) -> Settings:
    """The settings of the project in `folder`; the defaults where there is no file.

    Raises ProjectError naming file, line and the way out: unreadable file, no YAML, unknown or doubled key, bad value.
    """
    path = folder / FILE
    try:
        if not path.exists():
            return Settings()
        if path.stat().st_size > SIZE:
            raise ProjectError(f"{FILE} is larger than {SIZE // 1024} KB", "keep only settings in it")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ProjectError(f"cannot read {FILE}: {error.strerror}", "check its permissions") from error
    except UnicodeDecodeError as error:
        raise ProjectError(f"{FILE} is not UTF-8 text", "save it as UTF-8") from error
    return settings_of(text)


def settings_of(text: str) -> Settings:
    """Settings out of YAML text; see `read_settings`."""
    project: dict[str, Any] = {}
    study: dict[str, Any] = {}
    for name, node in _entries(_composed(text)):
        key = KEYS[name]
        if node.id == "scalar" and node.value == "":
            continue
        try:
            value = key.read(node)
        except Spelling as expected:
            raise _wrong(node, f"`{name}` is not what is expected here", f"write {expected}") from None
        (study if name.startswith("study.") else project)[key.field] = value
    return Settings(**project, study=Study(**study))


def _composed(text: str) -> Any:
    import yaml

    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEPTH:  # 60,000 brackets took 82 s to be read to the end
                raise _wrong(event, "this nests too deep", "settings are `key: value`, or one level below `study:`")
            if isinstance(event, yaml.AliasEvent):
                raise _wrong(event, "an alias (*) is not taken here", "put a text that begins with * in quotes")
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        where = f"{FILE}:{error.problem_mark.line + 1}" if error.problem_mark else FILE
        raise ProjectError(f"{where}: this cannot be read as YAML", "check quotes, colons and indentation") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ProjectError(f"{FILE} cannot be read as YAML", "check quotes, colons and brackets") from error


def _entries(node: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted key, value node) in file order; raises ProjectError for keys that are unknown or stand twice."""
    if node is None or (node.id == "scalar" and node.value == ""):
        return
    if node.id != "mapping":
        raise _wrong(
            node, f"`{prefix[:-1] or FILE}` holds keys, as in `key: value`", "see the comments of a new project"
        )
    seen = set()
    for key, value in node.value:
        name = prefix + _words_of_key(key)
        if name in seen:
            raise _wrong(key, f"`{name}` stands twice", "keep one of them")
        seen.add(name)
        if name not in KEYS and any(known.startswith(f"{name}.") for known in KEYS):
            yield from _entries(value, f"{name}.")
        elif name in KEYS:
            yield name, value
        else:
            raise _unknown(key, name)


def _words_of_key(key: Any) -> str:
    try:
        return _words(key)
    except Spelling as expected:
        raise _wrong(key, "a key is not a word", f"write {expected}") from None


def _unknown(node: Any, name: str) -> ProjectError:
    groups = {known.partition(".")[0] for known in KEYS if "." in known}
    near = nearest(name, [*KEYS, *groups]) or next((known for known in KEYS if known.endswith(f".{name}")), None)
    way_out = f'did you mean "{near}"?' if near else f"known: {', '.join(KEYS)}"
    return _wrong(node, f'no setting "{name}"', way_out)


def _wrong(node: Any, what: str, way_out: str) -> ProjectError:
    return ProjectError(f"{FILE}:{node.start_mark.line + 1}: {what}", way_out)


def default_text(approach: str = "undecided", settled: Mapping[str, str] | None = None) -> str:
    """The commented text of a new ``qualcode.yaml``; `settled` fills other dotted keys (``{"study.title": "…"}``).

    A key that is not settled stands as a comment with an example, ready to be uncommented.
    """
    known = {"study.approach": approach, **(settled or {})}
    lines = ["# Settings of this project. Take away the `# ` before a line to settle it.", ""]
    group = ""
    for name, key in KEYS.items():
        head, _, leaf = name.rpartition(".")
        if head and head != group:
            lines.append(f"{head}:")
        group = head
        lines.append(_line(key, f"{'  ' if head else ''}{leaf}", known.get(name)))
    return "\n".join(lines) + "\n"


def _line(key: Key, name: str, value: str | None) -> str:
    said = f"# {name}: {key.example}" if value is None else f"{name}: {_quoted(value)}"
    return f"{said:<40}  # {key.comment}"


def _quoted(value: str) -> str:
    import json

    return value if value.isascii() and value.isalnum() else json.dumps(value, ensure_ascii=False)
