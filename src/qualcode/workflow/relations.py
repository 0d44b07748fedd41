"""Sets of codes and links between codes: a person's words → the codes they name → one act."""

from __future__ import annotations

from collections.abc import Sequence

from qualcode import codebook as room
from qualcode.errors import UsageError, nearest
from qualcode.model import Code, CodeLink, CodeSet
from qualcode.store import Project

KINDS = ("leads to", "contrasts with", "is part of", "explains")  # offered; any other words do as well


def named(sets: Sequence[CodeSet], word: str) -> CodeSet:
    """The set called `word`, in any case. Raises UsageError with the nearest name."""
    for each in sets:
        if each.name.casefold() == " ".join(word.split()).casefold():
            return each
    near = nearest(word, [each.name for each in sets])
    known = ", ".join(each.name for each in sets[:8])
    way_out = (
        f'did you mean "{near}"?' if near else f"there are: {known}" if known else "make one: `qualcode codebook set`"
    )
    raise UsageError(f'no set "{word}"', way_out)


def put(project: Project, name: str, words: Sequence[str], *, coder: str | None, out: bool = False) -> CodeSet:
    """Put codes into the set called `name`, which is made when it is new, or take them out of it.

    Without codes, taking out takes the whole set away. Returns the set as it is now, without codes when it is gone.
    Raises UsageError for a set that is not there, and when nothing would change; UnknownCode.
    """
    name = " ".join(name.split())
    sets = project.code_sets()
    if not name:
        raise UsageError("a set needs a name", "write for example `qualcode codebook set pressure time status`")
    held = named(sets, name) if out else next((s for s in sets if s.name.casefold() == name.casefold()), CodeSet(name))
    chosen = _codes(project, words or (held.codes if out else ()))
    if not chosen:
        raise UsageError(f'no code is named for the set "{name}"', "name its codes, or --remove to take it away")
    fresh = [code for code in chosen if (code.path in held.codes) == out]
    if not fresh:
        said = ", ".join(code.path for code in chosen[:3])
        raise UsageError(f'{said} {"is not" if out else "is"} in the set "{held.name}"{"" if out else " already"}')
    with project.act("codebook set", coder) as act:
        for code in fresh:
            act.put_in_set(held.name, code, out=out)
    return next((each for each in project.code_sets() if each.name == held.name), CodeSet(held.name))


def link(project: Project, origin: str, kind: str, target: str, *, coder: str | None, remove: bool = False) -> CodeLink:
    """Say that one code stands in a relation to another (*leads to*, *contrasts with* …), or take that back.

    Raises UsageError for a code linked with itself, for a link that is there already, and for one that is not there.
    """
    one, other = _codes(project, (origin, target), each=True)
    said = " ".join(kind.split())
    if not said:
        raise UsageError("a link needs its kind", f"such as {', '.join(KINDS[:2])}")
    if one.id == other.id:
        raise UsageError(f"{one.path} cannot be linked with itself", "name two codes")
    drawn = CodeLink(one.path, said, other.path)
    known = [each for each in project.code_links() if _same(each, drawn)]
    if bool(known) != remove:
        words = f"{one.path} {said} {other.path}"
        raise UsageError(f"{words}: {'that link is not there' if remove else 'that link is there already'}")
    with project.act("codebook link", coder) as act:
        act.link_codes(one, known[0].kind if known else said, other, remove=remove)
    return known[0] if known else drawn


def _same(one: CodeLink, other: CodeLink) -> bool:
    """Whether two links say the same, whatever the case of their words."""
    pair = (one.origin, one.target) == (other.origin, other.target)
    return pair and one.kind.casefold() == other.kind.casefold()


def _codes(project: Project, words: Sequence[str], *, each: bool = False) -> list[Code]:
    """The live codes called so, each once unless `each` of the words counts."""
    every = project.codes()
    found = [room.lookup(every, word) for word in words]
    return found if each else list({code.id: code for code in found}.values())


def of_code(project: Project, path: str) -> tuple[tuple[str, ...], tuple[CodeLink, ...]]:
    """The names of the sets a code is in, and the links that lead from or to it."""
    sets = tuple(each.name for each in project.code_sets() if path in each.codes)
    return sets, tuple(each for each in project.code_links() if path in (each.origin, each.target))
