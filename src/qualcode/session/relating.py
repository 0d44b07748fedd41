"""Sets of codes and links between codes while reading: what a code is in, and one act to change it."""

from __future__ import annotations

from dataclasses import replace

from qualcode.model import Code
from qualcode.session.desk import leaf
from qualcode.session.sitting import Sitting
from qualcode.workflow import relations


def lines(sitting: Sitting, path: str) -> list[str]:
    """What is said of a code: the sets it is in, then its links, one a line."""
    found = [each.name for each in sitting.sets if path in each.codes]
    said = [f"in {', '.join(found)}"] if found else []
    for link in sitting.links:
        if link.origin == path:
            said.append(f"→ {link.kind} {leaf(link.target)}")
        elif link.target == path:
            said.append(f"← {leaf(link.origin)} {link.kind} this")
    return said


def sets_offered(sitting: Sitting, path: str) -> list[Code]:
    """The sets as a list to pick from: what each holds, and a tick where the code is in."""
    return [
        Code(each.name, each.name, ", ".join(map(leaf, each.codes)), key="✓" if path in each.codes else None)
        for each in sitting.sets
    ]


def turn(sitting: Sitting, path: str, name: str) -> str:
    """Put the code into the set, or take it out when it is in."""
    held = next((each for each in sitting.sets if each.name.casefold() == " ".join(name.split()).casefold()), None)
    out = held is not None and path in held.codes
    done = relations.put(sitting.project, name, [path], coder=sitting.coder, out=out)
    sitting.refresh_codes()
    return f"saved  {leaf(path)} {'out of' if out else 'in'} the set {done.name}"


def partners_offered(sitting: Sitting, path: str) -> list[Code]:
    """The codes that one can be linked with; beside those it leads to already, the kind."""
    kinds = {link.target: link.kind for link in sitting.links if link.origin == path}
    return [replace(code, key=kinds.get(code.path)) for code in sitting.codes if code.path != path]


def kinds_offered(sitting: Sitting, origin: str, target: str) -> list[Code]:
    """The kinds of links: those drawn between the two, with a tick, those used elsewhere, and a few to begin with."""
    drawn = [link.kind for link in sitting.links if (link.origin, link.target) == (origin, target)]
    every = dict.fromkeys([*drawn, *(link.kind for link in sitting.links), *relations.KINDS])
    told = f"{leaf(origin)} … {leaf(target)}"
    return [Code(kind, kind, told.replace("…", kind), key="✓" if kind in drawn else None) for kind in every]


def link(sitting: Sitting, origin: str, kind: str, target: str) -> str:
    """Draw a link, or take it away when it is there."""
    said = " ".join(kind.split()).casefold()
    there = any((each.origin, each.kind.casefold(), each.target) == (origin, said, target) for each in sitting.links)
    done = relations.link(sitting.project, origin, kind, target, coder=sitting.coder, remove=there)
    sitting.refresh_codes()
    words = f"{leaf(origin)} {done.kind} {leaf(target)}"
    return f"saved  link taken away: {words}" if there else f"saved  {words}"
