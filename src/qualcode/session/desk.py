"""What lies on a coder's desk: the codes, the sources, the one that is open, and whose layers are looked at.

Nothing here codes. What is stored here is where the coder stopped, and that another's layer was seen.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from qualcode.errors import UsageError
from qualcode.model import Code, CodeLink, CodeSet, Coding, Source, Span
from qualcode.session.acting import Session
from qualcode.session.layers import Layers
from qualcode.session.reading import Reading
from qualcode.session.share import share_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One source in the list: codings of this coder in it, whether they are done with it, and what it is."""

    id: str
    name: str
    case: str
    codings: int
    done: bool


RECENT = 9  # codes that a digit gives
SET = "set:"  # what stands before a set's name where a code's path would


def leaf(path: str) -> str:
    """The last part of a code's path; a set keeps its whole name."""
    return path if path.startswith(SET) else path.rpartition("/")[2]


class Desk:
    """A coder and what they read. `blind` hides the layers of others until they are asked for.

    `suggestions`: shown ``beside`` the text from the start, ``after`` somebody asks, or never (``off``).
    """

    def __init__(self, session: Session, *, blind: bool = False, suggestions: str = "after") -> None:
        self.session = session
        self.project = session.project
        self.coder = session.coder
        self.blind = blind
        self.suggest_when = suggestions
        self.id = uuid.uuid4().hex
        self.recent: list[str] = []
        self.is_done = False
        alone = frozenset({self.coder}) if blind else None
        self.layers = Layers(coders=alone, suggestions=suggestions == "beside")
        self._seen: set[tuple[str, str]] = set()
        self._codes: tuple[Code, ...] = ()
        self.sets: tuple[CodeSet, ...] = ()
        self.links: tuple[CodeLink, ...] = ()
        self._counts: dict[str, int] = {}
        self._others_counts: dict[str, int] = {}
        self._version: tuple[int, int] | None = None
        self.share = share_of(self.project, self.coder)
        self.reading = Reading(Source("", "no source", "document", ""), self.coder)
        self.refresh_codes()
        live = {code.path for code in self.codes}
        self.recent += [path for path in self.project.last_codes(self.coder) if path in live][:RECENT]

    # -- what there is --------------------------------------------------------------------------------------------

    @property
    def codes(self) -> tuple[Code, ...]:
        """The live codes in codebook order."""
        return self._codes

    @property
    def counts(self) -> dict[str, int]:
        """Code path → this coder's codings."""
        return self._counts

    @property
    def others_counts(self) -> dict[str, int]:
        """Code path → the codings of others, as far as they may be seen."""
        return self._others_counts

    @property
    def waiting_line(self) -> str:
        """What a digit would code with, said while a code's key is awaited."""
        known = "  ".join(f"{n} {leaf(path)}" for n, path in enumerate(self.recent, 1))
        return f"code with…  {known}" if known else "code with…  its key, or Enter and its name"

    def refresh_codes(self) -> None:
        """Read the codes and their counts again."""
        self.session.forget()
        self._codes = self.project.codes()
        self.sets, self.links = self.project.code_sets(), self.project.code_links()
        self._counts = self.project.coding_counts(self.coder)
        every = {} if self.blind else self.project.coding_counts()
        self._others_counts = {path: n - self._counts.get(path, 0) for path, n in every.items()}
        self._version = self.project.version

    def code_of(self, path: str) -> Code | None:
        """The live code of this path."""
        return next((code for code in self._codes if code.path == path), None)

    @property
    def gathered(self) -> tuple[Code, ...]:
        """The sets as if each were a code (``set:NAME``), to be picked beside the codes."""
        said = ((each, ", ".join(map(leaf, each.codes))) for each in self.sets)
        return tuple(Code(f"{SET}{each.name}", each.name, f"the set of {codes}") for each, codes in said)

    def standing_for(self, word: str) -> tuple[str, ...]:
        """The paths of codes that a code's path, or ``set:NAME``, stands for."""
        if not word.startswith(SET):
            return (word,)
        return next((each.codes for each in self.sets if each.name == word.removeprefix(SET)), ())

    def by_key(self, key: str) -> Code | None:
        """The code that has this key, in the codebook order."""
        return next((code for code in self._codes if code.key == key), None)

    def standings(self) -> tuple[Standing, ...]:
        """Every source with how far this coder is."""
        counts = self.project.codings_by_source(self.coder)
        done = {status.source for status in self.project.statuses()
                if status.coder == self.coder and status.state == "done"}  # fmt: skip
        cases = self.project.source_cases()
        return tuple(Standing(key, name, ", ".join(cases.get(key, ())), counts.get(key, 0), key in done)
                     for key, name in self.project.source_names().items())  # fmt: skip

    # -- opening --------------------------------------------------------------------------------------------------

    def begin(self, word: str | None) -> None:
        """Open the source called `word`, else the one where this coder stopped, else the first. Raises UsageError."""
        kept = self._kept()
        if word is None and kept and kept[0] in self.project.source_names():
            self.open(kept[0])
            return
        names = list(self.project.source_names())
        if not names:
            raise UsageError("there is nothing to read yet", "take texts in: `qualcode import FILE…`")
        given = [name for name in names if self.share.holds(name)]
        self.open(word if word is not None else (given or names)[0])

    def open(self, word: str, span: Span | None = None) -> Reading:
        """Read a source, at `span` or where this coder stopped in it."""
        source = self.session.source(word)
        if self.reading.source.id and self.reading.source.id != source.id:
            self.leave()
        self.reading = Reading(source, self.coder, replace(self.layers, hidden=False), self.share)
        self.take_standing()
        self.refresh()
        at = span or self._stopped(source)
        if at is not None:
            self.reading.select(at)
            if span is None:
                self.reading.reselect()
        return self.reading

    def _stopped(self, source: Source) -> Span | None:
        kept = self._kept(source.id)
        if kept is not None and kept[1] < len(source.text):
            return Span(kept[1], kept[1] + 1)
        own = [c for c in self.reading.every if c.coder == self.coder and c.anchor != "orphan"]
        return max(own, key=lambda coding: coding.at or "").span if own else None

    def _kept(self, source: str = "last") -> tuple[str, int] | None:
        try:
            said = json.loads(self.project.kept(f"place:{self.coder}:{source}") or "null")
            return (str(said[0]), int(said[1])) if said else None
        except (ValueError, TypeError, IndexError):
            return None

    def leave(self) -> None:
        """Remember where this coder stopped; nothing else depends on it."""
        if not self.reading.source.id:
            return
        place = json.dumps([self.reading.source.id, self.reading.selection.start])
        with self.project.writing():
            for key in ("last", self.reading.source.id):
                self.project.keep(f"place:{self.coder}:{key}", place)

    def neighbour(self, by: int) -> str:
        """Open the next or previous source; going round at the ends."""
        ids = list(self.project.source_names())
        at = ids.index(self.reading.source.id) if self.reading.source.id in ids else 0
        self.open(ids[(at + by) % len(ids)])
        return f"{self.reading.source.name}  ({(at + by) % len(ids) + 1} of {len(ids)})"

    def next_left(self) -> bool:
        """Go to the next turn that is not coded; with a share, to the next of it, on through its sources and around.

        A source this coder is done with has nothing left. Others are not opened to look: whose layers were seen would
        be noted.
        """
        if not self.share:
            return self.reading.uncoded()
        done = {standing.id for standing in self.standings() if standing.done}
        here = self.reading.source.id
        if here not in done and self.reading.uncoded(around=False):
            return True
        ids = [key for key in self.project.source_names() if self.share.holds(key)]
        at = ids.index(here) if here in ids else -1
        for key in [key for key in (*ids[at + 1 :], *ids[: max(at, 0)]) if key not in done]:
            looked = Reading(self.project.source(key), self.coder, self.layers, self.share)
            looked.show(self.project.codings(sources={key}, coders=(self.coder,), known=(looked.source,)))
            if looked.uncoded(afresh=True):
                self.open(key, looked.selection)
                return True
        return here not in done and self.reading.uncoded()

    def take_standing(self) -> None:
        """Read again whether this coder is done with the source, under every codebook they said something of."""
        said = [s for s in self.project.statuses() if s.source == self.reading.source.id and s.coder == self.coder]
        self.is_done = bool(said) and all(status.state == "done" for status in said)

    def refresh_share(self) -> None:
        """Read again what was drawn or fixed, and where it stands in the texts as they are."""
        self.share = share_of(self.project, self.coder)

    def refresh(self) -> None:
        """Read again what stands on the source; texts are not read again."""
        source = self.reading.source
        if not source.id:
            return
        memos = [m for m in self.project.memos()
                 if m.about.kind == "segment" and m.about.name == source.id
                 and (m.coder == self.coder or not self.blind)]  # fmt: skip
        pending = [s for s in self.project.suggestions(source.id) if s.decision == "pending"]
        self.reading.show(self._stored(source), memos, pending)
        self._note_what_is_seen()

    def _stored(self, source: Source) -> tuple[Coding, ...]:
        return self.project.codings(sources={source.id}, known=(source,))

    @property
    def sight(self) -> tuple[object, ...]:
        """What the coder has before them, to be compared with what it is after another has written."""
        reading = self.reading
        codes = (self._codes, self.sets, self.links, self._counts, self._others_counts, self.share, self.is_done)
        return (*codes, reading.source.text, reading.every, reading.marks, reading.suggestions)

    def changed_elsewhere(self) -> bool:
        """Take in what another process has written since; whether there was anything."""
        if self.project.version == self._version:
            return False
        place = self.reading.selection
        source = self.project.source(self.reading.source.id)
        self.take_standing()
        corrected = source.text != self.reading.source.text
        self.refresh_share()
        self.refresh_codes()
        if corrected or self.share != self.reading.share:
            self.open(source.id, place)
        self.refresh()
        if corrected:
            self.reading.reselect()
        return True

    # -- layers and what was seen ---------------------------------------------------------------------------------

    def look_at(self, layers: Layers) -> str:
        """Show other layers, and note in the log when they are others' or the machine's."""
        self.layers = replace(layers, hidden=False)
        self.reading.set_layers(layers)
        noted = self._note_what_is_seen()
        return (layers.words or "everything is shown") + (" · the log notes that you saw it" if noted else "")

    def _note_what_is_seen(self) -> bool:
        source = self.reading.source.id
        layers = {coding.coder for coding in self.reading.codings} - {self.coder}
        if self.reading.suggestions:
            layers.add("suggestions")
        return self.note_seen((source, layer) for layer in sorted(layers))

    def note_seen(self, pairs: Iterable[tuple[str, str]]) -> bool:
        """Note in the log, once in this sitting, that these (source id, layer) were shown; whether any was new."""
        fresh = [pair for pair in dict.fromkeys(pairs) if pair not in self._seen]
        if fresh:
            with self.project.act("seen", self.coder) as act:
                for source, layer in fresh:
                    act.see(layer, source, self.id)
            self._seen.update(fresh)
        return bool(fresh)
