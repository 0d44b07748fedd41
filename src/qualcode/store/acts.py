"""One act: the verbs in which a person changes a project, each written as events.

An `Act` lives inside one transaction. It reads the projection as it was when the transaction began and remembers what
it has added itself, so a batch may repeat a line and get the same id.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from qualcode.anchors import Block
from qualcode.errors import ProjectError, UnknownSource, UsageError
from qualcode.model import (
    CONSENSUS,
    Case,
    Code,
    Codebook,
    Coding,
    Decision,
    MemoTarget,
    Role,
    Segment,
    Source,
    Span,
    Status,
    Suggestion,
    Survey,
    stable_id,
)
from qualcode.slugs import nfc
from qualcode.store import conflicts, projection, records, relations, retrieval, sides, voices
from qualcode.store.log import Draft
from qualcode.store.naming import case_key, names_of
from qualcode.store.sides import Conflict

_JSON = json.JSONEncoder(ensure_ascii=False).encode


class Act:
    """Events of one command by one coder; `Project.act` opens and commits it."""

    def __init__(self, conn: sqlite3.Connection, draft: Draft) -> None:
        self._conn = conn
        self._draft = draft
        self._fresh: dict[tuple[Any, ...], str] = {}
        self._taken: set[str] = set()
        self._made: set[str] = set()
        self._texts: dict[str, str] = {}
        self.written: list[tuple[str, Span, str]] = []
        self.id: str | None = None  # once it is stored

    @property
    def coder(self) -> str:
        """Whose act this is; raises ProjectError when nobody is named."""
        if self._draft.coder is None:
            raise ProjectError("an act without a coder cannot code", "name a coder")
        return self._draft.coder

    # -- sources and cases ------------------------------------------------------------------------------------

    def add_source(self, source: Source, name: str, case: str | None = None) -> None:
        """Take in a source under `name`; its cases, when it has some, are added by `add_case`.

        `case` is the id of its case, where that is not the one made of the name; see `naming`.
        """
        about = {
            "name": name,
            "kind": source.kind,
            "file": source.file,
            "case": source.case,
            "turns": _turns(source),
        }
        body = {
            "text": self._draft.content(source.text),
            "about": self._draft.content(_JSON(about)),
            "sha256": source.sha256,
            "chars": len(source.text),
            "case": (case or case_key(source.case)) if source.case else None,
        }
        self._draft.event("source.add", f"source:{source.id}", body)
        if source.by_turn:
            named = {turn.speaker: turn.case for turn in source.turns if turn.speaker}
            self.give_cases(source, {label: case and case_key(case) for label, case in named.items()})

    def revise(self, source: Source, new: Source, blocks: Sequence[Block]) -> None:
        """Give a source the text and turns of `new`; `blocks` are the same in both texts. Every version is kept."""
        body = {
            "base": self._text_of(source.id),
            "text": self._draft.content(new.text),
            "about": self._draft.content(_JSON({"turns": _turns(new)})),
            "sha256": new.sha256,
            "chars": len(new.text),
            "blocks": [list(block) for block in blocks],
        }
        self._draft.event("source.revise", f"source:{source.id}", body)

    def _text_of(self, source: str) -> str:
        """The content id of a source's current text."""
        if source not in self._texts:
            row = self._conn.execute("SELECT text FROM source WHERE id = ?", (source,)).fetchone()
            if row is None:
                raise UnknownSource(source[:8])
            self._texts[source] = str(row[0])
        return self._texts[source]

    def set_roles(self, source: Source, roles: Mapping[str, Role | None]) -> None:
        """Give speakers of a source their roles; the kind and case are those of `source`."""
        body = {
            "roles": self._draft.content(_JSON(dict(roles))),
            "kind": source.kind,
            "case": self._case_of(source),
            "replaces": self._replaced(f"source:{source.id}", *voices.KINDS),
        }
        self._draft.event("source.roles", f"source:{source.id}", body)

    def give_cases(self, source: Source, cases: Mapping[str, str | None]) -> None:
        """Say which case (id) each of these speakers of a source is, None: nobody's; the source's own is `source.case`.

        Who asks is nobody's case, whatever is said here. The log has the labels of the file, so that a name somebody
        else gives a speaker meanwhile takes nothing away.
        """
        read = projection.turns_as_read(self._conn, source.id)
        now = {turn[3]: each.speaker for turn, each in zip(read, source.turns, strict=True)} if read else {}
        given = (
            {label: cases[name] for label, name in now.items() if name is not None and name in cases}
            if read
            else dict(cases)
        )
        body = {
            "cases": self._draft.content(_JSON(given)),
            "case": self._case_of(source),
            "replaces": self._replaced(f"source:{source.id}", "source.cases"),
        }
        self._draft.event("source.cases", f"source:{source.id}", body)

    def _case_of(self, source: Source) -> str | None:
        """The id of a source's case: as it is stored while it goes by this name, else made of the name."""
        row = self._conn.execute("SELECT case_id FROM source WHERE id = ?", (source.id,)).fetchone()
        if row is not None and row[0] is not None and names_of(self._conn, row).get(row[0]) == source.case:
            return str(row[0])
        return case_key(source.case) if source.case else None

    def rename_speakers(self, source: Source, names: Mapping[str, str]) -> None:
        """Give speakers of a source other names, in every version of its text; one name for two joins them."""
        body = {
            "names": self._draft.content(_JSON(dict(names))),
            "replaces": self._replaced(f"source:{source.id}", *voices.KINDS),
        }
        self._draft.event("source.speakers", f"source:{source.id}", body)

    def set_prompts(self, source: Source, prompts: Mapping[int, str | None]) -> None:
        """Say which question each turn (by its number in the current text) answers; None for none of them."""
        told = self._draft.content(json.dumps(dict(prompts), ensure_ascii=False))
        body = {"text": self._text_of(source.id), "prompts": told}
        self._draft.event("source.prompts", f"source:{source.id}", body)

    def add_case(self, case: Case, key: str | None = None, home: str = "") -> None:
        """Take in a case, under the id made of its name unless `key` is another.

        `home` is the list that a bare number is from: it is shown as ``home/7`` where need be.
        """
        about: dict[str, Any] = {"name": case.name, "attributes": dict(case.attributes), "consent": case.consent}
        if case.withdrawn:
            about["withdrawn"] = True
        if home:
            about["home"] = home
        body = {"about": self._draft.content(_JSON(about))}
        self._draft.event("case.add", f"case:{key or case_key(case.name)}", body)

    def need_case(self, name: str) -> str:
        """The id of the case of this name, which is added when it is not there yet."""
        key = case_key(name)
        if key not in self._made and not self._conn.execute('SELECT 1 FROM "case" WHERE id = ?', (key,)).fetchone():
            self._made.add(key)
            self.add_case(Case(name))
        return key

    def set_case(self, key: str, changes: Mapping[str, Any]) -> None:
        """Change a case: any of `attributes` (a None value removes one), `consent`, `withdrawn`."""
        about = self._draft.content(_JSON(dict(changes)))
        body = {"about": about, "replaces": self._replaced(f"case:{key}", "case.set")}
        self._draft.event("case.set", f"case:{key}", body)

    def _replaced(self, target: str, *kinds: str) -> list[str]:
        """The versions of a target that this act knows and replaces; see `conflicts`."""
        return [head.ref for head in sides.heads(self._conn, target, kinds)]

    def link_case(self, key: str, into: str | None) -> None:
        """Say that the case `key` is the same person as `into`; None takes that back."""
        replaced = self._replaced(f"case:{key}", "case.link")
        self._draft.event("case.link", f"case:{key}", {"into": into, "replaces": replaced})

    def put_survey(self, survey: Survey) -> None:
        """Keep what makes the next wave of a questionnaire known, and what its columns are."""
        columns = [[c.name, c.question, c.role, c.attribute, c.option] for c in survey.columns if c.role != "empty"]
        about = {
            "identity": survey.identity,
            "name": survey.name,
            "named": survey.named,
            "headers": survey.headers,
            "columns": columns,
            "counted": survey.counted,
        }
        body = {"about": self._draft.content(_JSON(about))}
        self._draft.event("survey.put", f"survey:{stable_id('survey', survey.identity)}", body)

    # -- codebooks --------------------------------------------------------------------------------------------

    def put_codebook(self, codebook: Codebook, renames: Mapping[str, str]) -> None:
        """Make `codebook` the project's version of it. Codes keep their ids by path, renamed ones by `renames`.

        Codes that are no longer in it are retired: their codings stay. `renames` maps old paths to new ones.
        """
        known = retrieval.codes(self._conn, retired=True)
        held = {code.path: code for code in known.values() if code.codebook == codebook.name}
        live = {key for key, code in retrieval.codes(self._conn).items() if code.codebook == codebook.name}
        held |= {known[key].path: known[key] for key in live}  # a live code wins over a retired one of its path
        old_path = {new: old for old, new in renames.items()}
        order = []
        for code in codebook.codes:
            before = held.get(old_path.get(code.path, code.path))
            key = before.id if before else self._new_code_id(code, known)
            order.append(key)
            if before is None or key not in live or _differs(before, code):
                self._put_code(key, code)
        for key in sorted(live - set(order)):
            self._retire(key, None)
        self._put_order(codebook, order)

    def merge_code(self, code: Code, into: Code) -> None:
        """Retire `code` in favour of `into`: its codings show under the other from now on, and keep their ids."""
        self._retire(code.id, into.id)

    def _retire(self, key: str, into: str | None) -> None:
        replaced = self._replaced(f"code:{key}", *conflicts.KINDS["code"])
        self._draft.event("code.retire", f"code:{key}", {"into": into, "replaces": replaced})

    def add_code(self, code: Code, codebook: Codebook) -> None:
        """Add one code at the end of `codebook`."""
        key = stable_id("code", code.path, uuid.uuid4().hex)
        self._put_code(key, code)
        self._put_order(codebook, [*(known.id for known in codebook.codes), key])

    def _new_code_id(self, code: Code, known: Mapping[str, Code]) -> str:
        key = stable_id("code", code.codebook, code.path)
        return key if key not in known else stable_id("code", code.path, uuid.uuid4().hex)

    def _put_code(self, key: str, code: Code) -> None:
        details = {
            "label": code.label,
            "definition": code.definition,
            "include": code.include,
            "exclude": code.exclude,
            "examples": code.examples,
            "counterexamples": code.counterexamples,
            "cues": [[cue.kind, cue.text] for cue in code.cues],
            "speakers": code.speakers,
            "colour": code.colour,
            "key": code.key,
        }
        content = self._draft.content(_JSON(details))
        body = {
            "codebook": code.codebook,
            "path": code.path,
            "details": content,
            "replaces": self._replaced(f"code:{key}", *conflicts.KINDS["code"]),
        }
        self._draft.event("code.put", f"code:{key}", body)

    def _put_order(self, codebook: Codebook, order: Collection[str]) -> None:
        body = {
            "version": codebook.version,
            "title": codebook.title,
            "basis": codebook.basis,
            "sha256": codebook.sha256,
            "codes": list(order),
        }
        self._draft.event("codebook.put", f"codebook:{codebook.name}", body)

    # -- coding -----------------------------------------------------------------------------------------------

    def add_coding(
        self,
        segment: Segment,
        code: Code,
        *,
        round: int = 1,
        origin: str = "hand",
        memo: str | None = None,
        certainty: float | None = None,
        at: str | None = None,
        consensus: bool = False,
    ) -> str:
        """Code a segment and return the coding's id; the same (segment, code, coder, round) again is the same id.

        `at` is when it was coded, where that was in another program; else it is the time of the act. With `consensus`
        the coding is not this coder's own but stands in the layer that adjudication writes.
        """
        source, span = segment.source, segment.span
        owner = CONSENSUS if consensus else self.coder
        identity = (source.id, span.start, span.end, code.id, owner, round)
        found = self._fresh.get(identity) or self._find_coding(identity)
        if found:
            if memo is not None:
                self.set_coding(found, {"memo": memo})
            return found
        key = self._free_coding_id(identity)
        self._fresh[identity] = key
        self._taken.add(key)
        body: dict[str, Any] = {
            "source": source.id,
            "text": self._text_of(source.id),
            "start": span.start,
            "end": span.end,
            "code": code.id,
            "round": round,
            "origin": origin,
            "certainty": certainty,
            "memo": self._draft.content(memo) if memo else None,
            **({"at": at} if at else {}),
        }
        if consensus:
            body["layer"] = owner
        self._draft.event("coding.add", f"coding:{key}", body)
        self.written.append((source.id, span, segment.quote))
        return key

    def _find_coding(self, identity: tuple[Any, ...]) -> str | None:
        row = self._conn.execute(
            'SELECT min(id) FROM coding WHERE source = ? AND start = ? AND "end" = ? AND code = ? AND coder = ? '
            "AND round = ?",
            identity,
        ).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def _free_coding_id(self, identity: tuple[Any, ...]) -> str:
        """The content's own id; when a recoded or resized coding holds it, the next one."""
        for n in range(1000):
            key = stable_id("coding", *identity, *([n] if n else []))
            held = self._conn.execute("SELECT 1 FROM coding WHERE id = ?", (key,)).fetchone()
            if key not in self._taken and held is None:
                return key
        raise ProjectError("too many codings of one segment were moved away", "run `qualcode doctor`")

    def set_coding(self, key: str, changes: Mapping[str, Any]) -> None:
        """Change fields of one's own coding: `code` (id), `memo` (text), `certainty`; a place by `move_coding`."""
        body = dict(changes)
        if body.get("memo"):
            body["memo"] = self._draft.content(body["memo"])
        self._draft.event("coding.set", f"coding:{key}", body)

    def move_coding(self, coding: Coding, segment: Segment) -> None:
        """Give one's own coding another span of its source; a place that a person has chosen is exact."""
        span, text = segment.span, self._text_of(segment.source.id)
        place = {"start": span.start, "end": span.end, "text": text, "anchor": "exact"}
        self.set_coding(coding.id, place)
        self.written.append((segment.source.id, span, segment.quote))

    def remove_coding(self, coding: Coding) -> None:
        """Take one's own coding back; raises UsageError when it is someone else's."""
        if coding.coder != self.coder:
            raise UsageError(f"coding {coding.id[:8]} is {coding.coder}'s", f"act as --coder {coding.coder}")
        self._draft.event("coding.remove", f"coding:{coding.id}", {})

    def withdraw(self, coding: str) -> None:
        """Take a coding back out of the consensus, by its id."""
        self._draft.event("coding.remove", f"coding:{coding}", {})

    def record(self, noun: records.Noun, key: str, body: Mapping[str, Any], text: str = "") -> None:
        """Write a record; see `records`. `text` is a person's words."""
        said = {**body, "text": self._draft.content(text) if text else None}
        self._draft.event(records.KIND_OF[noun], f"{noun}:{key}", said)

    def put_in_set(self, name: str, code: Code, *, out: bool = False) -> None:
        """Put a code into the set called `name`, or take it out; a set is there while a code is in it."""
        body = {"code": code.id, "in": not out, "text": self._draft.content(name)}
        self._draft.event("set.code", f"set:{relations.set_key(name)}", body)

    def link_codes(self, origin: Code, kind: str, target: Code, *, remove: bool = False) -> None:
        """Say that one code stands in a relation to another, or take that back."""
        key = relations.link_key(origin.id, kind, target.id)
        body = {"origin": origin.id, "target": target.id, "text": self._draft.content(kind)}
        self._draft.event("link.remove" if remove else "link.put", f"link:{key}", body)

    # -- memos, statuses, decisions ---------------------------------------------------------------------------

    def knows_coding(self, segment: Segment, code: Code, round: int = 1) -> bool:
        """Whether this coder's coding of the segment is here, also where it was recoded or resized since."""
        source, span = segment.source, segment.span
        identity = (source.id, span.start, span.end, code.id, self.coder, round)
        if identity in self._fresh or self._find_coding(identity):
            return True
        key = stable_id("coding", *identity)
        return self._conn.execute("SELECT 1 FROM coding WHERE id = ?", (key,)).fetchone() is not None

    def put_memo(self, about: MemoTarget, text: str, key: str | None = None, *, at: str | None = None) -> str:
        """Write a memo, or a new text of memo `key`; returns its id. `about` holds ids (source, case, code, coding).

        `at` is when it was written, where that was in another program.
        """
        key = key or uuid.uuid4().hex
        body = {
            "kind": about.kind,
            "name": about.name,
            "code": about.code,
            "on": self._text_of(about.name) if about.span else None,
            "start": about.span.start if about.span else None,
            "end": about.span.end if about.span else None,
            "text": self._draft.content(text),
            "replaces": self._replaced(f"memo:{key}", *conflicts.KINDS["memo"]),
            **({"at": at} if at else {}),
        }
        self._draft.event("memo.put", f"memo:{key}", body)
        return key

    def remove_memo(self, key: str) -> None:
        """Take a memo back."""
        body = {"replaces": self._replaced(f"memo:{key}", *conflicts.KINDS["memo"])}
        self._draft.event("memo.remove", f"memo:{key}", body)

    def settle(self, conflict: Conflict, side: int) -> None:
        """Make one side of a conflict hold; see `conflicts.settle`."""
        conflicts.settle(self._conn, conflict, side, self._draft)

    def set_status(self, status: Status) -> None:
        """Say how far a coder is with a source under a codebook."""
        body = {
            "source": status.source,
            "coder": nfc(status.coder),
            "codebook": status.codebook,
            "state": status.state,
        }
        self._draft.event("status.set", f"status:{status.source}:{body['coder']}:{status.codebook}", body)

    def see(self, layer: str, source: str, sitting: str) -> None:
        """Note that this coder was shown another's layer, or suggestions, of a source: evidence about blindness."""
        body = {"coder": self.coder, "source": source, "layer": layer, "sitting": sitting}
        self._draft.event("seen", f"seen:{stable_id('seen', sitting, self.coder, source, layer)}", body)

    def decide(self, suggestion: Suggestion, code: Code, decision: Decision, seconds: float | None = None) -> None:
        """Keep what a person decided about a suggestion, with the suggestion as it was shown."""
        body = {
            "source": suggestion.segment.source.id,
            "text": self._text_of(suggestion.segment.source.id),
            "start": suggestion.segment.span.start,
            "end": suggestion.segment.span.end,
            "code": code.id,
            "decision": decision,
            "details": {
                "score": suggestion.score,
                "calibrated": suggestion.calibrated,
                "suggester": suggestion.suggester,
                "version": suggestion.version,
                "reason": retrieval.reason_json(suggestion.reason),
                "seconds": seconds,
            },
        }
        self._draft.event("decision", f"decision:{suggestion.id}", body)


_COMPARED = tuple(name for name in Code.__dataclass_fields__ if name not in ("id", "born"))


def _differs(before: Code, after: Code) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in _COMPARED)


def _turns(source: Source) -> list[list[Any]]:
    return [[t.n, t.span.start, t.span.end, t.speaker, t.role, t.prompt, t.time] for t in source.turns]
