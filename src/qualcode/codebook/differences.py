"""What changed between two codebooks. Codes are matched by path and by the renames that a person has stated."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from qualcode.errors import CodebookError, nearest
from qualcode.model import Code, Codebook

_COMPARED = tuple(field.name for field in fields(Code) if field.name not in ("path", "id", "born"))
_NO_RENAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Difference:
    """What it takes to get from `old` to `new`; `removed` are codes of `old`, `added` of `new`.

    `renamed` are pairs (old path, new path), children of a renamed code included. `changed` is keyed by new path;
    `reordered` are the fewest codes (new paths) that would have to be moved to get the new order. `header` holds
    changes of name, version, title and basis. `unchanged` counts codes with the same path and the same fields.
    """

    old: Codebook
    new: Codebook
    added: tuple[Code, ...]
    removed: tuple[Code, ...]
    renamed: tuple[tuple[str, str], ...]
    changed: Mapping[str, tuple[Change, ...]]
    reordered: tuple[str, ...]
    header: tuple[Change, ...]
    unchanged: int

    @property
    def version(self) -> tuple[str, str] | None:
        """The version before and after, None when it is the same."""
        return next(((str(c.old), str(c.new)) for c in self.header if c.field == "version"), None)

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        return not (self.added or self.removed or self.renamed or self.changed or self.reordered or self.header)


def difference(old: Codebook | None, new: Codebook, renames: Mapping[str, str] = _NO_RENAMES) -> Difference:
    """Compares two codebooks; `old` None means that nothing was there.

    `renames` maps old paths to new ones, as full paths or unique last parts; a renamed code carries its children,
    unless they are named themselves. Raises CodebookError for a rename that does not fit the two codebooks.
    """
    before = old or Codebook(new.name)
    pairs = _pairs(before, new, _stated(before, new, renames))
    olds, news = _by_path(before), _by_path(new)
    compared = {path: _changes(olds[was], news[path]) for was, path in pairs.items()}
    matched = set(pairs.values())
    header = ("name", "version", "title", "basis")
    return Difference(
        old=before,
        new=new,
        added=tuple(code for code in new.codes if code.path not in matched),
        removed=tuple(code for code in before.codes if code.path not in pairs),
        renamed=tuple((was, path) for was, path in pairs.items() if was != path),
        changed={path: changes for path, changes in compared.items() if changes},
        reordered=_reordered(pairs, news),
        header=tuple(_different(before, new, header)) if old else (),
        unchanged=sum(was == path and not compared[path] for was, path in pairs.items()),
    )


def _by_path(codebook: Codebook) -> dict[str, Code]:
    return {code.path: code for code in codebook.codes}


def _changes(old: Code, new: Code) -> tuple[Change, ...]:
    return tuple(_different(old, new, _COMPARED))


def _different(old: object, new: object, names: Iterable[str]) -> Iterable[Change]:
    for name in names:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change(name, before, after)


def _stated(old: Codebook, new: Codebook, renames: Mapping[str, str]) -> dict[str, str]:
    """The renames with full paths, checked against both codebooks."""
    stated = {} if old.name == new.name else {old.name: new.name}
    for was, now in renames.items():
        stated[_found(was, old, "the codebook as it was")] = _found(now, new, "the new codebook")
    doubled = {now for now in stated.values() if list(stated.values()).count(now) > 1}
    if doubled:
        raise CodebookError(f"two codes are renamed to {min(doubled)}", "merge them with `qualcode codebook merge`")
    olds, news = _by_path(old), _by_path(new)
    for was, now in stated.items():
        if was in news and was not in stated.values():
            raise CodebookError(f"{was} is renamed to {now}, but is still in the file", "remove one of them there")
        if now in olds and now not in stated:
            raise CodebookError(f"{was} cannot be renamed to {now}, which already was a code",
                                "merge them with `qualcode codebook merge`")  # fmt: skip
    return stated


def _found(word: str, codebook: Codebook, place: str) -> str:
    wanted = word.strip().strip("/").casefold()
    paths = [code.path for code in codebook.codes]
    for fits in ([path for path in paths if path == wanted], [path for path in paths if path.endswith("/" + wanted)]):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise CodebookError(f'"{word}" fits {len(fits)} codes of {place}: {", ".join(fits[:8])}', "type more of it")
    near = nearest(wanted, [*paths, *(path.rpartition("/")[2] for path in paths)])
    raise CodebookError(f'no code "{word}" in {place}', f'did you mean "{near}"?' if near else "check --rename OLD=NEW")


def _pairs(old: Codebook, new: Codebook, stated: Mapping[str, str]) -> dict[str, str]:
    """Old path -> new path of every code that is in both, in the old order."""
    news = _by_path(new)
    pairs: dict[str, str] = {}
    taken = set(stated.values())
    for code in old.codes:
        now = stated.get(code.path) or _carried(code.path, stated)
        if code.path not in stated and now in taken:
            continue
        if now in news:
            pairs[code.path] = now
            taken.add(now)
    return pairs


def _carried(path: str, stated: Mapping[str, str]) -> str:
    """The path after the nearest renamed code above it has been renamed."""
    above, rest = path, ""
    while "/" in above:
        above, _, last = above.rpartition("/")
        rest = f"/{last}{rest}"
        if above in stated:
            return stated[above] + rest
    return path


def _reordered(pairs: Mapping[str, str], news: Mapping[str, Code]) -> tuple[str, ...]:
    """The codes outside the longest run of codes that kept their order."""
    rank = {path: number for number, path in enumerate(news)}
    order = [rank[path] for path in pairs.values()]
    ends: list[int] = []  # ends[n]: the smallest rank that ends a kept run of n + 1 codes
    reach: list[int] = []
    for number in order:
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
        reach.append(at)
    kept: set[int] = set()
    wanted = len(ends) - 1
    for number, at in zip(reversed(order), reversed(reach), strict=True):
        if at == wanted:
            kept.add(number)
            wanted -= 1
    return tuple(path for path in news if path in set(pairs.values()) and rank[path] not in kept)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A likely rename for a person to confirm, and what speaks for it."""

    old: str
    new: str
    why: tuple[str, ...]


def guess_renames(found: Difference) -> tuple[Proposal, ...]:
    """Likely renames among removed and added codes, surest first; proposals only, each code in one at most.

    What counts: the same definition, label or last part of the path, shared examples, a similar last part. A code
    that two others fit equally well gets no proposal.
    """
    scored = [(_likeness(was, now), was.path, now.path) for was in found.removed for now in found.added]
    scored = sorted(((why, was, now) for why, was, now in scored if why), key=lambda one: -sum(one[0].values()))
    taken: set[str] = set()
    proposals = []
    for why, was, now in scored:
        weight = sum(why.values())
        rivals = [w for w, a, b in scored if (a == was) != (b == now) and a not in taken and b not in taken]
        if was in taken or now in taken or any(sum(rival.values()) == weight for rival in rivals):
            continue
        taken |= {was, now}
        proposals.append(Proposal(was, now, tuple(why)))
    return tuple(proposals)


def _likeness(old: Code, new: Code) -> dict[str, float]:
    was, now = old.path.rpartition("/")[2], new.path.rpartition("/")[2]
    shared = len(set(old.examples) & set(new.examples))
    why: dict[str, float] = {}
    if old.definition and old.definition.split() == new.definition.split():
        why["same definition"] = 4
    if old.label and old.label.casefold() == new.label.casefold():
        why["same label"] = 3
    if was == now:
        why["same last part"] = 2
    elif _similar(was, now):
        why["similar last part"] = 1
    if shared:
        why[f"{shared} shared example{'s' * (shared > 1)}"] = min(shared, 4)
    return why


def _similar(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    pair = SequenceMatcher(None, one, other, autojunk=False)
    return pair.real_quick_ratio() >= 0.8 and pair.quick_ratio() >= 0.8 and pair.ratio() >= 0.8
