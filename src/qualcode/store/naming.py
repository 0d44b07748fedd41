"""Who a case is: the id made of a name, the name it is shown under, and the case a person means by a word.

A name stands for one person in the whole project and on every machine, however its accents are encoded. A bare number
that a questionnaire counts its respondents by says nothing outside its own list: its id is made of the list too, and it
is shown as ``list/7`` where something else is called 7.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from functools import lru_cache

from qualcode.errors import UnknownCase, UsageError
from qualcode.model import stable_id
from qualcode.slugs import nfc, spoken

COUNTER = 6  # digits: longer numbers are made by survey services and registers, and mean one person anywhere
_LISTED = 3  # names that a refusal gives


def is_number(name: str) -> bool:
    """Whether a name is a bare number such as respondents are counted by."""
    return name.isdecimal() and len(name) <= COUNTER


@lru_cache(maxsize=1 << 17)  # a source, its case and the look whether it is known each ask once
def case_key(name: str, list_: str = "") -> str:
    """The id of the case of this name, or of this number in a list: the same on every replica."""
    return stable_id("case", list_, nfc(name)) if list_ else stable_id("case", nfc(name))


def links(conn: sqlite3.Connection) -> dict[str, str]:
    """Case id → the case it is linked into, where that one is here: its import may have been undone meanwhile."""
    return dict(conn.execute('SELECT id, linked FROM "case" WHERE linked IN (SELECT id FROM "case")').fetchall())


def case_names(conn: sqlite3.Connection) -> dict[str, str]:
    """Case id → the name of the case it is linked into, or its own."""
    rows = conn.execute('SELECT id, name, home FROM "case"').fetchall()
    into = links(conn)
    ends = {key: last_of(key, into) for key in into}
    live = [(key, name, home) for key, name, home in rows if ends.get(key, key) == key]
    shown = _told_apart(live) if any(home for *_, home in live) else {key: name for key, name, _ in live}
    return {key: shown[root] for key, *_ in rows if (root := ends.get(key, key)) in shown}


def last_of(key: str, into: dict[str, str]) -> str:
    """Where a chain of links ends; a circle, which two people can make, ends at its smallest id."""
    seen = [key]
    while seen[-1] in into:
        following = into[seen[-1]]
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]


def _told_apart(live: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Id → name; a number that something else is called too has its list before it, and a mark where that is not
    enough."""
    by_name: dict[str, list[tuple[str, str]]] = {}
    for key, name, home in live:
        by_name.setdefault(name, []).append((key, home))
    shown = {}
    for name, twins in by_name.items():
        homes = [home for _, home in twins]
        for key, home in twins:
            plain = name if len(twins) == 1 or not home else f"{home}/{name}"
            shown[key] = plain if not home or homes.count(home) == 1 else f"{plain}~{key[:4]}"
    return shown


# A link into a case that is not here is none; see `links`.
_ONE = """
SELECT name, (SELECT id FROM "case" AS home WHERE home.id = one.linked), home FROM "case" AS one WHERE id = ?
"""
_TWINS = """
SELECT id, name, home FROM "case"
WHERE name = ? AND (linked IS NULL OR linked NOT IN (SELECT id FROM "case"))
"""


def names_of(conn: sqlite3.Connection, keys: Iterable[str]) -> dict[str, str]:
    """`case_names` of some cases only: reading all 10,000 of a survey for each of its sources took minutes."""
    found = {}
    for key in keys:
        way = [key]
        while True:
            row = conn.execute(_ONE, (way[-1],)).fetchone()
            if row is None or row[1] is None:
                break
            if row[1] in way:
                return {each: name for each, name in case_names(conn).items() if each in set(keys)}
            way.append(row[1])
        if row is not None:
            found[key] = _apart(conn, way[-1], row[0]) if row[2] else row[0]
    return found


def _apart(conn: sqlite3.Connection, key: str, name: str) -> str:
    """The name of a number among those that are called like it."""
    twins = conn.execute(_TWINS, (name,)).fetchall()
    return _told_apart(twins)[key]


def finder(conn: sqlite3.Connection) -> Callable[[str], str]:
    """A function from a word to the id of the case it means, following links.

    By id, by name, then by name whatever its case and blanks, then by what stands behind its last ``/``. It raises
    UnknownCase with the nearest name, and UsageError where several cases answer to the word.
    """
    rows = conn.execute('SELECT id, name FROM "case"').fetchall()
    into = links(conn)
    home = {key: last_of(key, into) for key, _ in rows}
    shown = case_names(conn)
    names = {root: shown[root] for root in dict.fromkeys(home.values()) if root in shown}
    ways: list[tuple[Callable[[str], str], dict[str, set[str]]]] = []
    for fold in (str, folded):
        known: dict[str, set[str]] = {}
        for key, name in rows:
            for word in {fold(name), fold(names.get(key, name))}:
                known.setdefault(word, set()).add(home[key])
        ways.append((fold, known))
    last: dict[str, set[str]] = {}
    for root, name in names.items():
        last.setdefault(folded(name.rpartition("/")[2]), set()).add(root)
    ways.append((folded, last))
    numbers = {name: root for root, name in names.items()}

    def find(word: str) -> str:
        if word in home:
            return home[word]
        if word in numbers:
            return numbers[word]
        for fold, known in ways:
            found = known.get(fold(word), set())
            if len(found) > 1:
                some = ", ".join(sorted(names[key] for key in found)[:_LISTED])
                raise UsageError(f'"{word}" stands for {len(found)} cases', f"say which: {some}")
            if found:
                return next(iter(found))
        raise UnknownCase(word, names.values())

    return find


def called(conn: sqlite3.Connection, name: str) -> str | None:
    """The id of the case that is shown under this name, else of one whose name is the same when folded; or None.

    Several that only folding makes the same are none.
    """
    into = links(conn)
    by_name = {shown: last_of(key, into) for key, shown in case_names(conn).items()}
    same = [key for shown, key in by_name.items() if folded(shown) == folded(name)]
    return by_name.get(name) or (same[0] if len(same) == 1 else None)


def stored_names(conn: sqlite3.Connection) -> frozenset[str]:
    """The names that cases were made under, linked ones included."""
    return frozenset(row[0] for row in conn.execute('SELECT name FROM "case"'))


def folded(name: str) -> str:
    """A name as people tell names apart who type them: without case, blanks at the ends, and encoding of accents."""
    return spoken(" ".join(name.split()))
