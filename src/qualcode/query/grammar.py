"""Query text → nodes, by recursive descent. Problems are UsageErrors that name the column (1-based, in characters)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from qualcode.errors import UsageError, nearest
from qualcode.query.nodes import MEASURES, NAMES, And, Compare, Distance, Everything, Near, Node, Not, Or, Term
from qualcode.query.nodes import Operator as Order
from qualcode.query.patterns import Pattern, as_number

Kind = Literal["space", "string", "order", "mark", "word", "end"]
# Deeper than any person writes, and far from Python's own limit of recursion.
MAX_DEPTH = 50
_DISTANCES = ("turn", "sentence", "overlap")
_TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<string>"(?:\\.|[^"\\])*"|“[^”]*”)|(?P<order>!=|<=|>=|=|<|>)|(?P<mark>[(),])'
    r'|(?P<word>(?:\\.|[^\s()",=<>!\\“”])+)',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; `text` without quotation marks; `column` counts from 1."""

    kind: Kind
    text: str
    column: int

    def says(self, keyword: str) -> bool:
        """Whether this is the keyword, in any case."""
        return self.kind == "word" and self.text.upper() == keyword

    def is_mark(self, mark: str) -> bool:
        """Whether this is the parenthesis or comma."""
        return self.kind == "mark" and self.text == mark

    def __str__(self) -> str:
        return f'"{self.text}" (column {self.column})' if self.kind != "end" else f"the end (column {self.column})"


def tokens(text: str) -> list[Token]:
    """The tokens of a query and a last one of kind ``end``. Raises UsageError for what is no token."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _not_a_token(text[at], at + 1)
        kind = cast(Kind, match.lastgroup)
        if kind == "string":
            inner = match.group()[1:-1]
            found.append(Token(kind, inner.replace("\\", "\\\\") if match.group()[0] == "“" else inner, at + 1))
        elif kind != "space":
            found.append(Token(kind, match.group(), at + 1))
        at = match.end()
    return [*found, Token("end", "", len(text) + 1)]


def _not_a_token(char: str, column: int) -> UsageError:
    if char in '"“':
        return UsageError(
            f"the quotation mark in column {column} of the query is never closed", f"add a {_closing(char)}"
        )
    way_out = "put it in quotation marks" if char != "!" else "write != or NOT"
    return UsageError(f'the query cannot have "{char}" alone (column {column})', way_out)


def _closing(char: str) -> str:
    return "”" if char == "“" else '"'


class Reader:
    """Reads one query; remembers how far it is and how deep."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0

    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next()
        self._at += token.kind != "end"
        return token

    def query(self) -> Node:
        """The whole text as one node."""
        if self._next().kind == "end":
            return Everything()
        node = self._any()
        if self._next().kind != "end":
            raise UsageError(
                f"the query should end before {self._next()}", 'join conditions with AND or OR, or add a "("'
            )
        return node

    def _any(self) -> Node:
        parts = [self._all()]
        while self._next().says("OR"):
            self._take()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Node:
        parts = [self._negation()]
        while self._next().says("AND") or self._begins_condition():
            if self._next().says("AND"):
                self._take()
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _begins_condition(self) -> bool:
        token = self._next()
        if token.kind == "mark":
            return token.text == "("
        return token.kind in ("word", "string") and not token.says("OR")

    def _negation(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UsageError(
                f"the query is nested more than {MAX_DEPTH} deep at {self._next()}", "save parts of it instead"
            )
        if self._next().says("NOT"):
            self._take()
            node: Node = Not(self._negation())
        else:
            node = self._condition()
        self._depth -= 1
        return node

    def _condition(self) -> Node:
        token = self._take()
        if token.is_mark("("):
            return self._closed(self._any(), token)
        if token.kind not in ("word", "string") or token.says("AND") or token.says("OR"):
            raise UsageError(
                f"the query needs a condition before {token}", 'such as code:NAME, phase=VALUE or "a phrase"'
            )
        if self._next().kind == "order":
            return self._comparison(token)
        if token.kind == "string":
            return Term("text", _nonblank(token))
        if token.text.upper() == "NEAR" and self._next().is_mark("("):
            return self._near(token)
        if ":" in token.text:
            return self._field(token)
        return Term("code", _nonblank(token))

    def _closed(self, node: Node, opened: Token) -> Node:
        token = self._take()
        if token.is_mark(")"):
            return node
        raise UsageError(f'the "(" in column {opened.column} of the query is not closed before {token}', 'add a ")"')

    def _value(self, name: str) -> tuple[Pattern, Token]:
        token = self._take()
        if token.kind not in ("word", "string"):
            raise UsageError(f'"{name}" needs a value before {token}', "quotation marks take any value")
        return Pattern.of(token.text), token

    def _field(self, token: Token) -> Node:
        name, _, rest = token.text.partition(":")
        field = name.casefold()
        if field not in NAMES:
            raise _unknown_field(name, token)
        value, at = (Pattern.of(rest), token) if rest else self._value(name + ":")
        if field in MEASURES:
            return _measure(field, "=", value, at)
        return Term(field, _nonblank(at, value) if field in ("text", "memo", "code") else value)

    def _comparison(self, token: Token) -> Node:
        order = cast(Order, self._take().text)
        value, at = self._value(f"{token.text}{order}")
        field = token.text.casefold()
        if token.kind == "string" or field not in NAMES:
            return Compare(Pattern.of(token.text).plain, order, value)
        if field in MEASURES:
            return _measure(field, order, value, at)
        if order not in ("=", "!="):
            raise UsageError(f'"{field}" (column {token.column}) has no order {order}', f"write {field}:VALUE")
        return Term(field, value) if order == "=" else Not(Term(field, value))

    def _near(self, token: Token) -> Node:
        opened = self._take()
        left = self._side(token)
        right = self._any()
        distance: Distance = "turn"
        if self._next().is_mark(","):
            self._take()
            distance = _distance(self._take())
        return self._closed(Near(left, right, distance), opened)

    def _side(self, near: Token) -> Node:
        node = self._any()
        token = self._take()
        if token.is_mark(","):
            return node
        raise UsageError(
            f"near (column {near.column}) needs two conditions with a comma before {token}", "near(A, B, turn)"
        )


def _nonblank(token: Token, value: Pattern | None = None) -> Pattern:
    pattern = value or Pattern.of(token.text)
    if not pattern.plain.strip():
        raise UsageError(f"the query looks for nothing in column {token.column}", "give the words to look for")
    return pattern


def _measure(field: str, order: Order, value: Pattern, token: Token) -> Node:
    if as_number(value.plain) is None:
        raise UsageError(f'"{field}" is a number, not {token}', f"such as {field}>=1")
    return Compare(field, order, value, of_case=False)


def _unknown_field(name: str, token: Token) -> UsageError:
    near = nearest(name, NAMES)
    rest = f"fields are {', '.join(NAMES)}; an attribute is compared, as in phase=secondary"
    return UsageError(f'no field "{name}" (column {token.column})', f'did you mean "{near}:"?' if near else rest)


def _distance(token: Token) -> Distance:
    if token.text.isascii() and token.text.isdigit():
        return int(token.text[:9])
    if token.text.casefold() in _DISTANCES:
        return cast(Distance, token.text.casefold())
    near = nearest(token.text, _DISTANCES)
    way_out = f'did you mean "{near}"?' if near else "say turn, sentence, overlap or a number of characters"
    raise UsageError(f"near has no distance {token}", way_out)
