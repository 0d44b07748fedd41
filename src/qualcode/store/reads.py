"""`Reads`: what can be asked of a project; every answer is a tuple of `model` values."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qualcode.errors import UnknownId
from qualcode.model import (
    Bundle,
    Case,
    Code,
    Codebook,
    CodeLink,
    CodeSet,
    Coding,
    Memo,
    Source,
    Span,
    Status,
    Suggestion,
    Survey,
    Turn,
)
from qualcode.settings import DATABASE
from qualcode.store import (
    blindness,
    conflicts,
    connection,
    history,
    log,
    merging,
    naming,
    projection,
    records,
    relations,
    retrieval,
    revisions,
    sight,
    versions,
)
from qualcode.store.records import Noun, Record
from qualcode.store.revisions import Placed
from qualcode.store.sides import Conflict

_COUNTED = "SELECT code, count(*) FROM coding WHERE ? IN (coder, '') GROUP BY code"


class Reads:
    """The questions. Use it in one thread: SQLite connections belong to theirs."""

    def __init__(self, folder: Path, conn: sqlite3.Connection) -> None:
        self.folder = folder
        self._conn = conn
        self._changes = 0

    @property
    def path(self) -> Path:
        """The database file."""
        return self.folder / DATABASE

    @property
    def version(self) -> tuple[int, int]:
        """A value that changes when another connection has committed, or this one has changed sources or codes."""
        with connection.explained(self.path):
            return int(self._conn.execute("PRAGMA data_version").fetchone()[0]), self._changes

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view for several reads; keep it short, an open read blocks commits."""
        with connection.explained(self.path), connection.snapshot(self._conn):
            yield

    def sources(self, ids: Collection[str] | None = None) -> tuple[Source, ...]:
        """Sources in the order they were added."""
        with connection.readable(self.path):
            return retrieval.sources(self._conn, ids)

    def source(self, word: str) -> Source:
        """The source called `word`: id, name, file name or unique prefix. Raises UnknownSource or UsageError."""
        with connection.readable(self.path):
            return retrieval.sources(self._conn, {retrieval.source_id(self._conn, word)})[0]

    def source_id(self, word: str) -> str:
        """The id of the source called `word`; see `source`."""
        with connection.readable(self.path):
            return retrieval.source_id(self._conn, word)

    def turns_as_read(self, source: str) -> tuple[Turn, ...]:
        """The turns of a source (by id) as its text's file has them: without later names, roles and questions."""
        with connection.readable(self.path):
            rows = projection.turns_as_read(self._conn, source)
        return tuple(Turn(n, Span(start, end), *rest) for n, start, end, *rest in rows)

    def source_names(self) -> dict[str, str]:
        """Source id → name, without reading texts."""
        with connection.readable(self.path):
            return dict(self._conn.execute("SELECT id, name FROM source ORDER BY place, name").fetchall())

    def cases(self) -> tuple[Case, ...]:
        """Cases with the names of their sources; linked ones stand under the case they are linked into."""
        with connection.readable(self.path):
            return retrieval.cases(self._conn)

    def case(self, word: str) -> Case:
        """The case called `word`. Raises UnknownCase."""
        with connection.readable(self.path):
            key = naming.finder(self._conn)(word)
            return next(case for case in retrieval.cases(self._conn) if case.id == key)

    def case_names(self) -> frozenset[str]:
        """Every name that a case goes by or went by."""
        with connection.readable(self.path):
            return frozenset(naming.case_names(self._conn).values()) | naming.stored_names(self._conn)

    def case_called(self, name: str) -> str | None:
        """The id of the case that goes by this very name, whatever its case and blanks, or None."""
        with connection.readable(self.path):
            return naming.called(self._conn, name)

    def case_finder(self) -> Callable[[str], str]:
        """A function from a word to the id of the case it means; for many words. See `naming.finder`."""
        with connection.readable(self.path):
            return naming.finder(self._conn)

    def codebooks(self) -> tuple[Codebook, ...]:
        """Codebooks with their live codes."""
        with connection.readable(self.path):
            return retrieval.codebooks(self._conn)

    @property
    def versions(self) -> versions.Versions:
        """What the log knows of codebooks: earlier versions, files, wordings."""
        return versions.Versions(self._conn, self.path)

    def codes(self, *, retired: bool = False) -> tuple[Code, ...]:
        """Codes of every codebook in codebook order, retired ones last and only when asked."""
        with connection.readable(self.path):
            live = [code for book in retrieval.codebooks(self._conn) for code in book.codes]
            seen = {code.id for code in live}
            gone = [c for key, c in retrieval.codes(self._conn, retired=True).items() if retired and key not in seen]
            return (*live, *sorted(gone, key=lambda code: code.path))

    def codings(
        self,
        *,
        sources: Collection[str] | None = None,
        coders: Collection[str] = (),
        rounds: Collection[int] = (),
        known: Collection[Source] | None = None,
    ) -> tuple[Coding, ...]:
        """Codings by source and place; `sources` are ids. `known` sources, when given, are not read again."""
        with connection.readable(self.path):
            return retrieval.codings(self._conn, source_ids=sources, coders=coders, rounds=rounds, known=known)

    def coding(self, word: str) -> Coding:
        """The coding whose id begins with `word`. Raises UnknownId."""
        with connection.readable(self.path):
            key = retrieval.full_id(self._conn, "coding", word)
            row = self._conn.execute("SELECT source FROM coding WHERE id = ?", (key,)).fetchone()
            for coding in retrieval.codings(self._conn, source_ids={row[0]}):
                if coding.id == key:
                    return coding
        raise UnknownId(word)

    def coding_counts(self, coder: str | None = None) -> dict[str, int]:
        """Code path → number of codings, of all coders or of one, retired codes included."""
        with connection.readable(self.path):
            paths = retrieval.code_paths(self._conn)
            counts: Counter[str] = Counter()
            for code, n in self._conn.execute(_COUNTED, (coder or "",)):
                counts[paths.get(code, "")] += n
            return dict(counts)

    def last_codes(self, coder: str) -> list[str]:
        """The paths of the codes a coder has coded with, the last one first, retired codes included."""
        with connection.readable(self.path):
            paths = retrieval.code_paths(self._conn)
            rows = self._conn.execute(
                "SELECT code FROM coding WHERE coder = ? GROUP BY code ORDER BY max(at) DESC, code", (coder,)
            )
            return [paths[code] for (code,) in rows if code in paths]

    def codings_by_source(self, coder: str | None = None) -> dict[str, int]:
        """Source id → number of codings, of all coders or of one."""
        with connection.readable(self.path):
            rows = self._conn.execute(
                "SELECT source, count(*) FROM coding WHERE ? IN (coder, '') GROUP BY source", (coder or "",)
            )
            return dict(rows.fetchall())

    def source_cases(self) -> dict[str, tuple[str, ...]]:
        """Source id → the names of the cases whose words it holds, without reading texts."""
        with connection.readable(self.path):
            return retrieval.source_cases(self._conn)

    def memos(self) -> tuple[Memo, ...]:
        """Memos in the order they were first written."""
        with connection.readable(self.path):
            return retrieval.memos(self._conn)

    def statuses(self) -> tuple[Status, ...]:
        """What coders said about how far they are."""
        with connection.readable(self.path):
            return retrieval.statuses(self._conn)

    def code_sets(self) -> tuple[CodeSet, ...]:
        """The sets of codes, by name; see `relations`."""
        with connection.readable(self.path):
            return relations.code_sets(self._conn)

    def code_links(self) -> tuple[CodeLink, ...]:
        """The links between codes, in the order they were drawn; see `relations`."""
        with connection.readable(self.path):
            return relations.code_links(self._conn)

    def records(self, noun: Noun) -> tuple[Record, ...]:
        """Adjudications, samples, frozen units or figures; see `records`."""
        with connection.readable(self.path):
            return records.live(self._conn, noun)

    def text_ids(self) -> dict[str, str]:
        """Source id → the content id of its current text, which `carried` takes."""
        with connection.readable(self.path):
            return dict(self._conn.execute("SELECT id, text FROM source").fetchall())

    def carried(self, source: str, text: str, spans: Iterable[Span]) -> tuple[Placed, ...]:
        """Where spans of a text that a source (by id) has or had lie in its current one; see `revisions`."""
        with connection.readable(self.path):
            places = revisions.Places(self._conn)
            return tuple(places.place(source, text, span.start, span.end) for span in spans)

    def suggestions(self, source: str | None = None) -> tuple[Suggestion, ...]:
        """Pending and decided suggestions, of all sources or of the one with this id."""
        with connection.readable(self.path):
            return retrieval.suggestions(self._conn, source)

    def coders(self) -> tuple[str, ...]:
        """Everyone who has coded or has a status."""
        with connection.readable(self.path):
            return retrieval.coders(self._conn)

    def retrieve(
        self, *, sources: Collection[str] | None = None, coders: Collection[str] = (), rounds: Collection[int] = ()
    ) -> Bundle:
        """Everything of the chosen sources as one consistent bundle."""
        with connection.readable(self.path), connection.snapshot(self._conn):
            texts = retrieval.sources(self._conn, sources)
            ids = None if sources is None else {source.id for source in texts}
            return Bundle(
                sources=texts,
                cases=retrieval.cases(self._conn),
                codebooks=retrieval.codebooks(self._conn),
                codings=retrieval.codings(self._conn, source_ids=ids, coders=coders, rounds=rounds, known=texts),
                memos=retrieval.memos(self._conn),
                suggestions=(),
                sets=relations.code_sets(self._conn),
                links=relations.code_links(self._conn),
                statuses=tuple(s for s in retrieval.statuses(self._conn) if ids is None or s.source in ids),
            )

    def surveys(self) -> tuple[Survey, ...]:
        """The questionnaires taken in so far, each as its last wave left it."""
        with connection.readable(self.path):
            return retrieval.surveys(self._conn)

    def kept(self, key: str) -> str | None:
        """A note that this copy keeps for itself, such as where a coder stopped reading; it never travels."""
        with connection.explained(self.path):
            return log.meta(self._conn, f"kept:{key}")

    @property
    def drawn_for_us(self) -> list[tuple[str, int | None]]:
        """Source ids and turns (None for all) that were drawn for us, as the hand-out said that this copy began as."""
        with connection.explained(self.path):
            return log.drawn(self._conn)

    def seen(self, coder: str) -> frozenset[tuple[str, str, str]]:
        """Which layers this coder was shown: (sitting, source id, layer)."""
        with connection.readable(self.path):
            rows = self._conn.execute(
                "SELECT json_extract(body, '$.sitting'), json_extract(body, '$.source'), json_extract(body, '$.layer') "
                "FROM event JOIN act ON act.id = event.act WHERE kind = 'seen' AND coder = ?",
                (coder,),
            )
            return frozenset((sitting, source, layer) for sitting, source, layer in rows)

    def blindness(self) -> tuple[blindness.Mark, ...]:
        """Who was shown what and worked on what, in the order of the log; see `blindness`."""
        with connection.readable(self.path):
            return blindness.marks(self._conn)

    def milestones(self) -> dict[str, str]:
        """Milestone name → when it was set."""
        with connection.readable(self.path):
            return {name: at for name, (_, at) in history.milestones(self._conn).items()}

    def history(self, limit: int | None = None) -> tuple[history.Entry, ...]:
        """Acts in order, undone ones included; the newest `limit` when asked."""
        with connection.readable(self.path):
            return history.entries(self._conn, limit=limit)

    def out_of_sight(self) -> dict[str, int]:
        """How many codings, memos … stand on what was undone; see `sight`."""
        with connection.readable(self.path):
            return sight.out_of_sight(self._conn)

    def conflicts(self) -> tuple[Conflict, ...]:
        """What two people changed without knowing of each other, until somebody settles it."""
        with connection.readable(self.path):
            return conflicts.found(self._conn)

    def conflict(self, word: str) -> Conflict:
        """The conflict whose id begins with `word`. Raises UnknownId."""
        with connection.readable(self.path):
            return conflicts.named(self._conn, word)

    def forks(self) -> tuple[str, ...]:
        """Replicas whose log went on in two ways; see `merging.forks`."""
        with connection.readable(self.path):
            return merging.forks(self._conn)
