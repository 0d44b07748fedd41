"""`Project`: one folder with one ``qualcode.db``; every change is an act, every read a tuple of values."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from qualcode.anchors import Block
from qualcode.errors import NoProject, NotUndoable, ProjectError, UsageError
from qualcode.model import (
    Bundle,
    Receipt,
    Source,
    Span,
    Suggestion,
    Survey,
)
from qualcode.settings import DATABASE, read_settings
from qualcode.slugs import nfc
from qualcode.store import (
    backup,
    connection,
    doctor,
    files,
    handout,
    history,
    log,
    merging,
    projection,
    retrieval,
    schema,
    taking_in,
    withheld,
)
from qualcode.store.acts import Act
from qualcode.store.reads import Reads

# The kinds of events that change what a sitting keeps in memory: texts, cases, codes (and not codings).
_KEPT = ("source.", "case.", "code.", "codebook.")


class Project(Reads):
    """An open project. Use it in one thread: SQLite connections belong to theirs."""

    def __init__(self, folder: Path, conn: sqlite3.Connection) -> None:
        super().__init__(folder, conn)
        self._run: str | None = None
        self._parts: str | None = None

    @classmethod
    def start(cls, folder: Path) -> Project:
        """Make the folders and an empty database. Raises ProjectError when there is one already."""
        try:
            for part in (folder, *(folder / name for name in ("codebooks", "transcripts", "exports"))):
                part.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ProjectError(f"cannot make the folder {folder.name}: {error.strerror}", "name another") from error
        return cls(folder, connection.create(folder / DATABASE))

    @classmethod
    def open(cls, folder: Path) -> Project:
        """Open the project in `folder`; one of an older version is backed up and brought up to date.

        Raises NoProject, SchemaTooNew or ProjectError.
        """
        path = folder / DATABASE
        if not path.is_file():
            raise NoProject(str(folder))
        with connection.explained(path):
            conn = connection.connect(path)
            found = connection.check_version(conn)
            if found < schema.VERSION:
                backup.before_migration(conn, folder, found)
                with connection.transaction(conn):
                    schema.migrate(conn, found)
                    projection.rebuild(conn)
        return cls(folder, conn)

    def close(self) -> None:
        """Close the connection."""
        self._conn.close()

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- writing ----------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction around several acts: all are stored, or none.

        The first of a day begins with a backup, unless the project was begun that day; where none can be written,
        `doctor` says how old the last one is.
        """
        with connection.explained(self.path):
            due = backup.is_due(self._conn, self.folder)
        if due:
            with suppress(ProjectError):
                self.safeguard("daily")
        with connection.explained(self.path), connection.transaction(self._conn):
            yield

    @contextmanager
    def act(self, command: str, coder: str | None) -> Iterator[Act]:
        """Open an act; on leaving, store it, project what it touched, verify spans and commit.

        Inside `writing` the commit is the outer transaction's.
        """
        if not self._conn.in_transaction:
            with self.writing(), self.act(command, coder) as act:
                yield act
            return
        draft = log.Draft(command, coder and nfc(coder))
        act = Act(self._conn, draft)
        yield act
        if draft.events:
            self._name_command(draft)
        known = log.spoken_of(self._conn, (event.target for event in draft.events))
        stored = log.append(self._conn, self.path, draft)
        if stored is not None:
            act.id, header = stored
            projection.project_act(self._conn, header, draft, known)
            self._changes += any(event.kind.startswith(_KEPT) for event in draft.events)
            self._verify(act.written)

    @contextmanager
    def run(self) -> Iterator[None]:
        """Acts written inside belong to one command and are undone as one; a run inside a run is part of it."""
        if self._run is not None:
            yield
            return
        self._run = uuid.uuid4().hex
        try:
            yield
        finally:
            self._run = None

    @contextmanager
    def parts(self) -> Iterator[None]:
        """Acts written inside are parts of one command: `undo` takes it back whole, or a part that is named."""
        self._parts = uuid.uuid4().hex
        try:
            yield
        finally:
            self._parts = None

    @property
    def in_parts(self) -> bool:
        """Whether the acts written now are parts of one command; see `parts`."""
        return self._parts is not None

    def _name_command(self, draft: log.Draft) -> None:
        for kind, key in (("run", self._run), ("part", self._parts)):
            if key:
                draft.event(kind, f"run:{key}", {})

    def lead(self, command: str, coder: str | None) -> None:
        """Inside `run`: make the command `coder`'s own to undo, also when all that it changed is in others' acts."""
        run = f"run:{self._run}"
        rows = self._conn.execute(
            "SELECT act.coder FROM event JOIN act ON act.id = event.act WHERE event.target = ?", (run,)
        ).fetchall()
        if rows and (coder,) not in [tuple(row) for row in rows]:
            draft = log.Draft(command, coder)
            self._name_command(draft)
            log.append(self._conn, self.path, draft)

    def undo(self, coder: str | None, act: str | None = None) -> tuple[history.Entry, ...]:
        """Take back an act, or this copy's last live command of `coder`; returns what was undone, as it is now.

        Raises NotUndoable when there is none, or naming the acts of others that stand on it.
        """
        return self._turn("undo", coder, act)

    def redo(self, coder: str | None, act: str | None = None) -> tuple[history.Entry, ...]:
        """Bring back an undone act, or what the last undo took. Raises NotUndoable."""
        return self._turn("redo", coder, act)

    def undo_merge(self) -> int:
        """Take back the newest merge: its acts leave the log for `withheld`, until `redo_merge` or a new one.

        Returns how many acts left. Raises NotUndoable when there is none, or when something was done here since.
        """
        with self.writing():
            found = merging.last_merge(self._conn)
            if found is None:
                raise NotUndoable("there is no merge to take back", "see `qualcode history`")
            if merging.built_upon(self._conn, found):
                raise NotUndoable("something was done here since that merge", "undo that first: `qualcode undo`")
            merging.withhold(self._conn, found)
            withheld.note(self._conn, found.acts)
        self._changes += 1
        return len(found.acts)

    def redo_merge(self) -> int:
        """Bring back the merge that was taken back last, without the other project; returns how many acts came.

        Raises NotUndoable when there is none.
        """
        with self.writing():
            merges = withheld.taken_back(self._conn)
            if not merges:
                raise NotUndoable("no merge was taken back here", "see `qualcode history`")
            withheld.bring_back(self._conn, merges[-1])
        self._changes += 1
        return len(merges[-1].acts)

    def merge_taken_back(self, *, last: bool = False) -> bool:
        """Whether a merge was taken back here and did not come again; with `last`, only if nothing was done since."""
        with connection.explained(self.path):
            return withheld.is_last(self._conn) if last else bool(withheld.taken_back(self._conn))

    def merged_last(self) -> bool:
        """Whether the newest thing done on this copy was a merge."""
        with connection.explained(self.path):
            found = merging.last_merge(self._conn)
            return found is not None and not merging.built_upon(self._conn, found)

    def _turn(self, kind: str, coder: str | None, word: str | None) -> tuple[history.Entry, ...]:
        with self.writing():
            choose = history.to_undo if kind == "undo" else history.to_redo
            acts = choose(self._conn, coder, word)
            draft = log.Draft(kind, coder)
            history.turn(kind, draft, acts)
            log.append(self._conn, self.path, draft)
            projection.refresh_undone(self._conn)
            projection.project(self._conn, history.touched_by(self._conn, acts))
        self._changes += 1
        return tuple(replace(act, undone=kind == "undo") for act in acts)

    def keep(self, key: str, value: str) -> None:
        """Keep a note of this copy's own; see `kept`."""
        if not self._conn.in_transaction:
            with self.writing():
                log.set_meta(self._conn, f"kept:{key}", value)
        else:
            log.set_meta(self._conn, f"kept:{key}", value)

    def merge(self, other: Path, *, dry_run: bool = False) -> merging.Merged:
        """Take in the log of another copy of this study. Raises ProjectError for what is no sound project."""
        self._changes += 1
        with connection.explained(self.path):
            return merging.take_in(self._conn, other, dry_run=dry_run)

    def revise(
        self,
        old: Source,
        new: Source,
        blocks: Sequence[Block],
        *,
        coder: str | None,
        original: tuple[str, bytes] | None = None,
    ) -> None:
        """Give a source a new text version; `blocks` are the same in both; spans follow. See `revisions`."""
        with self._keeping() as kept, self.act("revise", coder) as act:
            act.revise(old, new, blocks)
            if original is not None:
                files.keep_original(self.folder, *original, kept)

    def backup(self, reason: str = "") -> Path:
        """Copy the database into ``backups/``, checked. Raises ProjectError."""
        with connection.explained(self.path):
            return backup.make(self._conn, self.folder, reason)

    def safeguard(self, reason: str) -> Path | None:
        """A backup before something large, or None where the settings want none. Raises ProjectError."""
        return self.backup(reason) if read_settings(self.folder).backups else None

    def examine(self) -> tuple[doctor.Check, ...]:
        """All checks of `doctor`."""
        with connection.explained(self.path):
            return doctor.examine(self._conn, self.folder)

    def hand_out(self, target: Path, sources: Collection[str], drawn: Sequence[tuple[str, int | None]] = ()) -> None:
        """Write a hand-out with these source ids, and what was `drawn` of them; see `handout`."""
        with connection.explained(self.path):
            handout.write(self._conn, target, sources, drawn)

    def receive(self, package: Path) -> None:
        """Make this empty project the one of a hand-out. Raises ProjectError when it holds something."""
        with connection.explained(self.path):
            if log.meta(self._conn, "head") is not None:
                raise ProjectError("this project is not empty", "take a hand-out in with `qualcode merge`")
            merging.take_in(self._conn, package, partial=True)
            with connection.transaction(self._conn):
                handout.settle_in(self._conn)

    def milestone(self, name: str, coder: str | None, figures: Mapping[str, Any] | None = None) -> None:
        """Name the present state, so that every report can be rebuilt as of it, and keep a record of `figures` with it.

        Raises UsageError for a name in use, and for none.
        """
        name = nfc(name)
        if not name.strip():
            raise UsageError("a milestone needs a name", 'write for example `qualcode milestone "first round"`')
        if name in history.milestones(self._conn):
            raise UsageError(f'there is a milestone "{name}" already', "choose another name")
        with self.writing():
            draft = log.Draft("milestone", coder)
            draft.event("milestone", f"milestone:{name}", {"heads": history.heads(self._conn)})
            if figures is not None:
                draft.event("freeze", f"freeze:{name}", {"milestone": name, **figures})
            log.append(self._conn, self.path, draft)
            projection.project(self._conn, [f"milestone:{name}"])

    def as_of(self, moment: str) -> Project:
        """The project as it was at a time or milestone, in memory; writing to it changes nothing on disk.

        Raises UsageError when `moment` is neither.
        """
        with connection.explained(self.path):
            return Project(self.folder, history.as_of(self._conn, moment))

    def _verify(self, written: Iterable[tuple[str, Span, str]]) -> None:
        """Re-read the texts and compare each written span's slice with the quotation its coder saw."""
        texts: dict[str, str] = {}
        for source, span, quote in written:
            if source not in texts:
                row = self._conn.execute(
                    "SELECT content.data FROM source JOIN content ON content.id = source.text WHERE source.id = ?",
                    (source,),
                ).fetchone()
                texts[source] = row[0] if row else ""
            if texts[source][span.start : span.end] != quote:
                raise ProjectError(
                    f"the text of source {source[:8]} is not the one that was coded; nothing was written",
                    "open the source again and repeat the coding",
                )

    def add(
        self,
        bundle: Bundle,
        *,
        coder: str | None,
        command: str = "import",
        originals: Mapping[str, bytes] | None = None,
        update: bool = False,
        survey: Survey | None = None,
        then: Callable[[], None] | None = None,
    ) -> Receipt:
        """Take in sources and cases in one act; what is there already is passed over and said so.

        `then` does more inside the same transaction, such as writing codings of these sources.

        `originals` maps file names to bytes, kept in ``transcripts/``. A case that is known gets the attributes it
        lacks; attributes that differ are listed. `update` takes what differs: answers as revisions, attributes as
        they are in the bundle. `survey` is what is known of the questionnaire from now on.
        """
        with self._keeping() as kept, nullcontext() if self._conn.in_transaction else self.writing():
            with self.act(command, coder) as act:
                taken = taking_in.take_in(self._conn, act, bundle, update=update)
                if survey is not None:
                    act.put_survey(survey)
                for name, raw in (originals or {}).items():
                    if taken.new or taken.changed or not bundle.sources:
                        files.keep_original(self.folder, name, raw, kept)
            if then is not None:
                then()
        return replace(taken.receipt, notices=bundle.notices, act=act.id)

    def names_for(self, bundle: Bundle) -> dict[str, str]:
        """Source id → the name that each source of the bundle has here, or would get."""
        with connection.readable(self.path):
            return taking_in.names_for(self._conn, bundle)

    @contextmanager
    def trial(self) -> Iterator[None]:
        """A transaction whose acts are taken back at its end: what a dry run says is what happened in it."""
        try:
            with self.writing():
                yield
                raise _Trial
        except _Trial:
            pass

    @contextmanager
    def _keeping(self) -> Iterator[list[Path]]:
        """Originals that were kept for an act go again when it was not stored: a refused import leaves nothing.

        A commit can be interrupted after it has happened, so the log is asked; when it does not answer, they stay.
        """
        with connection.explained(self.path):
            head = log.meta(self._conn, "head")
        kept: list[Path] = []
        try:
            yield kept
        except BaseException:
            with suppress(sqlite3.Error):
                if log.meta(self._conn, "head") == head:
                    for path in kept:
                        path.unlink(missing_ok=True)
            raise

    def propose(self, suggestions: Iterable[Suggestion]) -> int:
        """Replace the pending suggestions; decided ones stay, to be pending again when a decision is undone.

        Returns how many are pending now.
        """
        ids = {code.path: key for key, code in retrieval.codes(self._conn).items()}
        with self.writing():
            decided = {row[0] for row in self._conn.execute("SELECT id FROM decision")}
            self._conn.execute("DELETE FROM suggestion WHERE id NOT IN (SELECT id FROM decision)")
            rows = [
                (
                    s.id,
                    s.segment.source.id,
                    s.segment.span.start,
                    s.segment.span.end,
                    ids[s.code],
                    s.score,
                    int(s.calibrated),
                    s.suggester,
                    s.version,
                    json.dumps(retrieval.reason_json(s.reason), ensure_ascii=False),
                    place,
                )
                for place, s in enumerate(suggestions)
                if s.id not in decided
            ]
            self._conn.executemany("INSERT OR REPLACE INTO suggestion VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return len(rows)


class _Trial(Exception):
    """The end of a trial."""
