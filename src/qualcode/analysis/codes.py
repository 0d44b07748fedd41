"""Codes in the order of their codebooks, with their kin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qualcode.errors import UnknownCode
from qualcode.model import Bundle, Code, Codebook


def ordered_codebooks(bundle: Bundle, asked: Sequence[str] = ()) -> tuple[Codebook, ...]:
    """The codebooks with their asked codes, parents before children; empty `asked` means all.

    Codings under a code that no codebook lists are not lost: their codes come last in their codebook. An asked path
    brings its descendants; a codebook's name brings all of it. Raises UnknownCode.
    """
    books = {book.name: list(_tree(book.codes)) for book in bundle.codebooks}
    listed = {code.path for codes in books.values() for code in codes}
    for path in dict.fromkeys(coding.code for coding in bundle.codings if coding.code not in listed):
        books.setdefault(path.partition("/")[0], []).append(Code(path))
    paths = [code.path for codes in books.values() for code in codes]
    for path in asked:
        if not any(within(known, path) for known in paths):
            raise UnknownCode(path, paths)
    named = {book.name: book for book in bundle.codebooks}
    return tuple(
        Codebook(name, book.version, kept, book.title, book.basis)
        for name, codes in books.items()
        if (book := named.get(name, Codebook(name)))
        and (kept := tuple(code for code in codes if not asked or any(within(code.path, path) for path in asked)))
    )


def within(path: str, top: str) -> bool:
    """Whether `path` is `top` or lies below it."""
    return path == top or path.startswith(f"{top}/")


def display(code: Code) -> str:
    """The label, else the last part of the path."""
    return code.label or code.path.rpartition("/")[2]


def depth(code: Code) -> int:
    """1 for a code directly under its codebook, 2 for its child …"""
    return max(code.path.count("/"), 1)


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """For each path the fewest trailing parts that name it alone among these paths."""
    known = tuple(dict.fromkeys(paths))
    return {path: _short(path, known) for path in known}


def _short(path: str, known: Sequence[str]) -> str:
    parts = path.split("/")
    tails = ("/".join(parts[at:]) for at in range(len(parts) - 1, 0, -1))
    return next((tail for tail in tails if sum(_ends(other, tail) for other in known) == 1), path)


def _ends(path: str, tail: str) -> bool:
    return path == tail or path.endswith(f"/{tail}")


def _tree(codes: Sequence[Code]) -> Iterator[Code]:
    """Depth first, siblings in their order; a code whose parent is not listed stands at the top."""
    paths = {code.path for code in codes}
    below: dict[str | None, list[Code]] = {}
    for code in codes:
        below.setdefault(code.parent if code.parent in paths else None, []).append(code)
    stack = below.get(None, [])[::-1]
    while stack:
        code = stack.pop()
        yield code
        stack += below.get(code.path, [])[::-1]
