"""Queries: which codings someone asks for. `parse` reads the text, `Query.matches` judges one coding at a time.

``code:role/* AND NOT coder:ben AND phase=secondary``, ``near(A, B, turn)``, ``"a phrase"``; see ``docs/queries.md``.
One object stands behind the command line's options, a saved query and the filter of the terminal interface.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from qualcode.errors import UnknownCode, UnknownSource, UsageError, nearest
from qualcode.model import Coding, Source
from qualcode.query.grammar import Reader
from qualcode.query.nodes import And, Compare, Everything, Near, Node, Not, Or, QueryContext, Term
from qualcode.query.patterns import Pattern

__all__ = [
    "Pattern",
    "Query",
    "QueryContext",
    "check_attributes",
    "check_names",
    "parse",
    "resolve_codes",
    "resolve_sets",
    "resolve_sources",
    "select",
]


_ALL = Everything()


@dataclass(frozen=True, slots=True)
class Query:
    """A tree of conditions; the empty one matches every coding. ``parse(str(query)) == query``."""

    root: Node = _ALL

    def __str__(self) -> str:
        return str(self.root)

    def __and__(self, other: Query) -> Query:
        """Both conditions; the empty query is neutral."""
        parts = [part for query in (self, other) for part in _conjuncts(query.root)]
        return Query(And(tuple(parts)) if len(parts) > 1 else parts[0] if parts else _ALL)

    def matches(self, coding: Coding, context: QueryContext) -> bool:
        """Whether the coding is asked for. Each term is judged on this coding, ``near`` on its neighbours too."""
        return self.root.matches(coding, context)

    def split(self) -> tuple[Query, Query]:
        """The conditions that judge a source as a whole (its name, kind, case, attributes), and all others."""
        parts = _conjuncts(self.root)
        whole = tuple(part for part in parts if _of_source(part))
        rest = tuple(part for part in parts if not _of_source(part))
        return tuple(Query(And(p) if len(p) > 1 else p[0] if p else _ALL) for p in (whole, rest))  # type: ignore[return-value]

    def terms(self, field: str) -> tuple[Pattern, ...]:
        """The patterns asked of a field (``code``, ``coder``, ``source`` …), in the order written."""
        return tuple(node.pattern for node in _walk(self.root) if isinstance(node, Term) and node.field == field)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of case attributes that are compared, in the order written."""
        return tuple(node.name for node in _walk(self.root) if isinstance(node, Compare) and node.of_case)

    def rewrite(self, field: str, change: Callable[[Pattern], Pattern]) -> Query:
        """The same query with every pattern of `field` changed, for resolving prefixes and short names."""

        def new(node: Node) -> Node:
            if isinstance(node, Term):
                return replace(node, pattern=change(node.pattern)) if node.field == field else node
            return node.over(new)

        return Query(new(self.root))


def parse(text: str) -> Query:
    """Read a query. Blank text is the empty query, which matches all.

    The grammar, keywords in any case, loosest first (two conditions side by side are joined by AND)::

        query      = conjunction { "OR" conjunction }
        conjunction= negation { ["AND"] negation }
        negation   = "NOT" negation | condition
        condition  = "(" query ")" | near | FIELD ":" value | NAME OP value | STRING | WORD
        near       = "near" "(" query "," query [ "," ("turn" | "sentence" | "overlap" | INTEGER) ] ")"
        OP         = "=" | "!=" | "<" | "<=" | ">" | ">="
        value      = WORD | STRING

    FIELD is code, set, coder, source, case, round, certainty, kind, speaker, text, memo, origin or anchor. NAME is an
    attribute of a case (in quotation marks when it has spaces or the name of a field). A bare WORD is a code, a bare
    STRING a phrase. ``*`` stands for any characters, a backslash takes the next character literally.

    Raises UsageError with the column (1-based, in characters) of the first problem and the nearest known word.
    """
    return Query(Reader(text).query())


def select(
    *,
    codes: Iterable[str] = (),
    coders: Iterable[str] = (),
    sources: Iterable[str] = (),
    cases: Iterable[str] = (),
    rounds: Iterable[int] = (),
) -> Query:
    """The query behind a command's options: any of the names within an option, all of the options given.

    Names are literal, but for codes, which may hold ``*``. A code matches its descendants too.
    """
    terms: list[tuple[Node, ...]] = [
        tuple(Term("code", Pattern.of(code)) for code in codes),
        tuple(Term("coder", Pattern.literally(coder)) for coder in coders),
        tuple(Term("source", Pattern.literally(source)) for source in sources),
        tuple(Term("case", Pattern.literally(case)) for case in cases),
        tuple(Compare("round", "=", Pattern.literally(str(number)), of_case=False) for number in rounds),
    ]
    query = Query()
    for option in terms:
        if option:
            query &= Query(option[0] if len(option) == 1 else Or(option))
    return query


def resolve_codes(query: Query, paths: Iterable[str]) -> Query:
    """The query with each code replaced by its full path: an exact path, else unique trailing parts; ``*`` stays.

    A resolved code begins with ``/`` and is looked for from the codebook's name only. Codebooks' names and paths that
    only their children have count as paths too. Raises UnknownCode for a code that no path matches, and UsageError
    for trailing parts that several paths share.
    """
    parts = [path.split("/") for path in paths]
    known = tuple(dict.fromkeys("/".join(part[:n]) for part in parts for n in range(1, len(part) + 1)))
    return query.rewrite("code", lambda pattern: _full_path(pattern, known))


def _full_path(pattern: Pattern, paths: tuple[str, ...]) -> Pattern:
    word = pattern.plain.strip("/").casefold()
    if pattern.has_wildcard or pattern.plain.startswith("/"):
        found = [path for path in paths if pattern.matches_code(path)]
        if found:
            return pattern
    else:
        found = [path for path in paths if path.casefold() == word]
        found = found or [path for path in paths if path.casefold().endswith("/" + word)]
    if not found:
        raise UnknownCode(pattern.plain, [*paths, *(path.rpartition("/")[2] for path in paths)])
    return Pattern.literally("/" + _only(found, f'code "{pattern.plain}"', "write more of the path"))


def resolve_sets(query: Query, sets: Mapping[str, Iterable[str]]) -> Query:
    """The query with each set (by name, ``*`` allowed) replaced by any of its codes. Raises UsageError.

    `sets` holds full paths of codes by the name of their set.
    """
    check_names(query, "set", sets)

    def new(node: Node) -> Node:
        if not (isinstance(node, Term) and node.field == "set"):
            return node.over(new)
        paths = dict.fromkeys(path for name, codes in sets.items() if node.pattern.matches_name(name) for path in codes)
        terms = tuple(Term("code", Pattern.literally("/" + path)) for path in paths)
        return terms[0] if len(terms) == 1 else Or(terms)

    return Query(new(query.root))


def resolve_sources(query: Query, sources: Iterable[Source]) -> Query:
    """The query with each source replaced by its id: an id or name, else a unique prefix of one.

    A file's name, which many respondents may share, and ``*`` stay as they are. Raises UnknownSource for what fits
    none of `sources`, and UsageError for a name or prefix that several have.
    """
    known = tuple(sources)
    return query.rewrite("source", lambda pattern: _source_id(pattern, known))


def _source_id(pattern: Pattern, sources: tuple[Source, ...]) -> Pattern:
    def named(asked: Pattern) -> list[Source]:
        return [source for source in sources if any(asked.matches_name(name) for name in (source.id, source.name))]

    found = named(pattern)
    in_file = any(pattern.matches_name(source.file) for source in sources if source.file)
    if in_file or (pattern.has_wildcard and found):
        return pattern
    found = found or named(Pattern((*pattern.parts, "")))
    if pattern.has_wildcard or not found:
        raise UnknownSource(pattern.plain, [source.name for source in sources])
    _only([source.name for source in found], f'source "{pattern.plain}"', "write more of the name, or give the id")
    return Pattern.literally(found[0].id)


def _only(found: list[str], asked: str, way_out: str) -> str:
    if len(found) == 1:
        return found[0]
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    raise UsageError(f"{asked} stands for {', '.join(found[:5])}{more}", way_out)


def check_names(query: Query, field: str, known: Iterable[str]) -> None:
    """Raise UsageError when the query asks for a coder, case, kind … that fits none of the known names."""
    names = tuple(known)
    for pattern in query.terms(field):
        if not any(pattern.matches_name(name) for name in names):
            near = nearest(pattern.plain, names)
            way_out = f'did you mean "{near}"?' if near else f"known: {', '.join(names[:12]) or 'none yet'}"
            raise UsageError(f'no {field} "{pattern.plain}"', way_out)


def check_attributes(query: Query, known: Iterable[str]) -> None:
    """Raise UsageError for an attribute that no case has, with the nearest name."""
    names = {name.casefold(): name for name in known}
    for attribute in query.attributes:
        if attribute.casefold() not in names:
            near = nearest(attribute, names.values())
            way_out = f'did you mean "{near}"?' if near else "see `qualcode cases`"
            raise UsageError(f'no case has an attribute "{attribute}"', way_out)


def _conjuncts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Everything):
        return ()
    return node.parts if isinstance(node, And) else (node,)


def _of_source(node: Node) -> bool:
    """Whether every leaf of the condition is about the source or its case."""
    if isinstance(node, Near):
        return False
    leaves = [leaf for leaf in _walk(node) if not isinstance(leaf, And | Or | Not)]
    return all(
        (isinstance(leaf, Term) and leaf.field in ("source", "case", "kind"))
        or (isinstance(leaf, Compare) and leaf.of_case)
        for leaf in leaves
    )


def _walk(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _walk(part)
    elif isinstance(node, Not):
        yield from _walk(node.part)
    elif isinstance(node, Near):
        yield from _walk(node.left)
        yield from _walk(node.right)
