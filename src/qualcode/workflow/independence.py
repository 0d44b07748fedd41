"""Who was shown another's codings, or suggestions, before finishing their own: what the log can say, and no more.

The log notes what is shown where people code at the screen. Listings, exports and talk leave no trace in it, and
codings that came in by command, batch, import or merge from elsewhere tell nothing of what their coder had seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qualcode.agreement import Request, shared_places
from qualcode.model import Bundle
from qualcode.store import DISAGREEMENTS, SUGGESTIONS, Mark, Project

NAMED = 5
"""So many places are named; the rest is counted."""
UNRECORDED = (
    "codings there came in by command, batch or import, or a coder has none, so the log cannot say what had been "
    "shown before."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A coder was shown a layer of a source before they were done with it; `at` is when first, for display."""

    coder: str
    source: str
    layer: str
    at: str


@dataclass(frozen=True, slots=True)
class Independence:
    """`compared` are the ids of the sources in the figures, `names` theirs; `silent` are (coder, source id) of whom
    the log has no record.
    """

    names: Mapping[str, str]
    compared: tuple[str, ...]
    shown: tuple[Shown, ...]
    silent: tuple[tuple[str, str], ...]

    @property
    def informed(self) -> tuple[str, ...]:
        """Sources where somebody was shown something before being done."""
        return tuple(source for source in self.compared if source in {each.source for each in self.shown})

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """Other sources where the log has no record of at least one coder."""
        silent = {source for _, source in self.silent} - set(self.informed)
        return tuple(source for source in self.compared if source in silent)

    @property
    def independent(self) -> int:
        """In how many sources every coder worked at the screen and nobody was shown anything before being done."""
        return len(self.compared) - len(self.informed) - len(self.unrecorded)


def found(project: Project, bundle: Bundle, request: Request) -> Independence:
    """What the log says of each coder and source that is compared. Raises UsageError or UnknownCode."""
    by_place: dict[tuple[str, str], list[Mark]] = {}
    for mark in project.blindness():
        by_place.setdefault((mark.coder, mark.source), []).append(mark)
    compared: dict[str, None] = {}
    shown: dict[tuple[str, str, str], Shown] = {}
    silent: dict[tuple[str, str], None] = {}
    for book, n, source, coders in shared_places(bundle, request):
        compared[source] = None
        for coder in coders:
            marks = by_place.get((coder, source), [])
            for mark in _before_the_end(marks, book, n):
                shown.setdefault((coder, source, mark.layer), Shown(coder, source, mark.layer, mark.at))
            if not _at_screen(marks, book, n):
                silent[coder, source] = None
    names = {source.id: source.name for source in bundle.sources}
    order = sorted(shown.values(), key=lambda each: (names[each.source], each.coder, each.layer))
    return Independence(names, tuple(compared), tuple(order), tuple(silent))


def _before_the_end(marks: Sequence[Mark], codebook: str, n: int) -> Iterator[Mark]:
    """What was shown before the last work on the codings compared, or before the coder said to be done with them.

    Said twice without taking it back in between, the first counts. Work after it counts as not having been done.
    """
    end, done = -1, False
    for place, mark in enumerate(marks):
        if mark.kind == "worked" and (mark.codebook, mark.round) == (codebook, n):
            end = place
        elif mark.kind in ("done", "open") and mark.codebook == codebook:
            end = place if mark.kind == "done" and not done else end
            done = mark.kind == "done"
    return (mark for mark in marks[: end + 1] if mark.kind == "shown" and mark.layer != mark.coder)


def _at_screen(marks: Sequence[Mark], codebook: str, n: int) -> bool:
    """Whether the coder made codings here, and all of them at the screen."""
    made = [mark.screen for mark in marks if mark.made and (mark.codebook, mark.round) == (codebook, n)]
    return bool(made) and all(made)


def facts(known: Independence) -> dict[str, object]:
    """The same as values: counts of sources, and each showing with its coder, source, layer and day."""
    return {
        "sources": len(known.compared),
        "independent": known.independent,
        "informed": len(known.informed),
        "no_record": len(known.unrecorded),
        "shown": [
            {
                "coder": each.coder,
                "source": each.source,
                "source_name": known.names[each.source],
                "layer": each.layer,
                "at": each.at,
            }
            for each in known.shown
        ],
    }


def notes(known: Independence) -> tuple[str, ...]:
    """One note, or none where nobody is compared with another."""
    if not known.compared:
        return ()
    if len(known.unrecorded) == len(known.compared):
        return (f"Independence: no record. {UNRECORDED[0].upper()}{UNRECORDED[1:]}",)
    return (" ".join(["Independence, by the log:", *_sentences(known)]),)


def _sentences(known: Independence) -> Iterator[str]:
    of = f"of {len(known.compared)} source{'s' * (len(known.compared) != 1)}"
    if known.independent:
        yield (
            f"in {known.independent} {of} all coded at the screen, and nobody was shown there another's codings or "
            "suggestions before being done."
        )
    if known.shown:
        lead = "" if not known.independent else "Not so elsewhere: "
        yield f"{lead}{_listed(_said(each, known) for each in known.shown)}, before being done."
    if known.unrecorded:
        yield f"No record in {len(known.unrecorded)} {of}: {UNRECORDED}"


def _said(each: Shown, known: Independence) -> str:
    whose = {SUGGESTIONS: "suggestions", DISAGREEMENTS: "disagreements to settle"}.get(
        each.layer, f"{each.layer}'s layer"
    )
    return f"{each.coder} was shown {whose} of {known.names[each.source]} on {each.at[:10]}"


def _listed(said: Iterable[str]) -> str:
    every = list(said)
    more = len(every) - NAMED
    return "; ".join(every[:NAMED]) + (f"; and {more} more such showings" if more > 0 else "")
