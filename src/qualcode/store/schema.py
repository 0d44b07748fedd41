"""The tables of ``qualcode.db``, in four groups, and the migrations that make them.

* **log** (`act`, `event`, `content`, `erased`) is the truth and travels when projects merge;
* **projection** (`source` … `milestone`) is a pure function of the log and can be dropped and rebuilt;
* **derived** (`suggestion`) can be recomputed;
* **local** (`meta`, `receipt`, `withheld`) never travels.

The view `coded_segment` is the public face for other programs. Times are ISO 8601 in UTC and only for display: the
order of acts is (lamport, act.id). Offsets are half-open and count Unicode code points.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

VERSION = 2

LOG = """
CREATE TABLE act (
  id TEXT PRIMARY KEY CHECK (length(id) = 64),
  replica TEXT NOT NULL,
  parent TEXT,
  lamport INTEGER NOT NULL CHECK (lamport > 0),
  coder TEXT,
  at TEXT NOT NULL,
  command TEXT NOT NULL
) STRICT;
CREATE INDEX act_order ON act (lamport, id);
CREATE TABLE event (
  act TEXT NOT NULL REFERENCES act (id),
  k INTEGER NOT NULL CHECK (k >= 0),
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  body TEXT NOT NULL CHECK (body GLOB '{*'),
  PRIMARY KEY (act, k)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_target ON event (target);
CREATE TABLE content (
  id TEXT PRIMARY KEY CHECK (length(id) = 64),
  salt BLOB NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE TABLE erased (
  content TEXT PRIMARY KEY,
  act TEXT NOT NULL REFERENCES act (id)
) STRICT;
"""

# Anchors of codings are compared one by one: to look through the list of an IN took a fifth of storing 100,000.
PROJECTION = """
CREATE TABLE source (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('interview', 'focus group', 'document', 'answers')),
  case_id TEXT,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 0),
  text TEXT REFERENCES content (id),
  chars INTEGER NOT NULL CHECK (chars >= 0),
  place INTEGER NOT NULL
) STRICT;
CREATE INDEX source_name ON source (name);
CREATE TABLE turn (
  source TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n > 0),
  start INTEGER NOT NULL CHECK (start >= 0),
  "end" INTEGER NOT NULL CHECK ("end" > start),
  speaker TEXT,
  role TEXT CHECK (role IN ('interviewer', 'respondent')),
  prompt TEXT,
  time REAL,
  case_id TEXT,
  PRIMARY KEY (source, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE "case" (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  attributes TEXT NOT NULL CHECK (attributes GLOB '{*'),
  consent TEXT CHECK (consent IN ('analyse', 'quote', 'archive')),
  withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  linked TEXT,
  place INTEGER NOT NULL,
  home TEXT NOT NULL
) STRICT;
CREATE INDEX case_name ON "case" (name);
CREATE TABLE codebook (
  name TEXT PRIMARY KEY,
  version TEXT NOT NULL,
  title TEXT NOT NULL,
  basis TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  codes TEXT NOT NULL CHECK (codes GLOB '[[]*'),
  place INTEGER NOT NULL
) STRICT;
CREATE TABLE code (
  id TEXT PRIMARY KEY,
  codebook TEXT NOT NULL,
  path TEXT NOT NULL,
  label TEXT NOT NULL,
  definition TEXT NOT NULL,
  details TEXT NOT NULL CHECK (details GLOB '{*'),
  born TEXT NOT NULL,
  retired INTEGER NOT NULL CHECK (retired IN (0, 1)),
  "into" TEXT
) STRICT;
CREATE INDEX code_path ON code (path);
CREATE TABLE coding (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  start INTEGER NOT NULL CHECK (start >= 0),
  "end" INTEGER NOT NULL CHECK ("end" > start),
  text TEXT NOT NULL REFERENCES content (id),
  code TEXT NOT NULL,
  coder TEXT NOT NULL,
  round INTEGER NOT NULL CHECK (round > 0),
  at TEXT NOT NULL,
  origin TEXT NOT NULL,
  memo TEXT REFERENCES content (id),
  certainty REAL CHECK (certainty BETWEEN 0 AND 1),
  anchor TEXT NOT NULL CHECK (anchor = 'exact' OR anchor = 'edited' OR anchor = 'review' OR anchor = 'orphan'),
  place INTEGER NOT NULL
) STRICT;
CREATE INDEX coding_place ON coding (source, start, "end", code, coder, round);
CREATE INDEX coding_code ON coding (code);
CREATE TABLE memo (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('project', 'source', 'segment', 'code', 'coding', 'case', 'case x code')),
  name TEXT NOT NULL,
  code TEXT NOT NULL,
  start INTEGER,
  "end" INTEGER,
  anchor TEXT NOT NULL CHECK (anchor IN ('exact', 'edited', 'review', 'orphan')),
  text TEXT REFERENCES content (id),
  coder TEXT NOT NULL,
  at TEXT NOT NULL,
  place INTEGER NOT NULL
) STRICT;
CREATE TABLE status (
  source TEXT NOT NULL,
  coder TEXT NOT NULL,
  codebook TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('not started', 'in progress', 'done')),
  at TEXT NOT NULL,
  PRIMARY KEY (source, coder, codebook)
) STRICT, WITHOUT ROWID;
CREATE TABLE decision (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  code TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('accepted', 'rejected', 'corrected', 'skipped')),
  coder TEXT NOT NULL,
  at TEXT NOT NULL,
  details TEXT NOT NULL CHECK (details GLOB '{*'),
  place INTEGER NOT NULL
) STRICT;
CREATE TABLE undone (
  act TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE milestone (
  name TEXT PRIMARY KEY,
  heads TEXT NOT NULL CHECK (heads GLOB '{*'),
  at TEXT NOT NULL
) STRICT;
"""

DERIVED = """
CREATE TABLE suggestion (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  start INTEGER NOT NULL CHECK (start >= 0),
  "end" INTEGER NOT NULL CHECK ("end" > start),
  code TEXT NOT NULL,
  score REAL NOT NULL,
  calibrated INTEGER NOT NULL CHECK (calibrated IN (0, 1)),
  suggester TEXT NOT NULL,
  version TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason GLOB '{*'),
  place INTEGER NOT NULL
) STRICT;
"""

LOCAL = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE receipt (id INTEGER PRIMARY KEY, at TEXT NOT NULL, body TEXT NOT NULL CHECK (body GLOB '{*')) STRICT;
CREATE TABLE withheld (id TEXT PRIMARY KEY, act TEXT NOT NULL CHECK (act GLOB '{*')) STRICT;
"""

# Merges of codes and links of cases may be chains, and circles when two people make them: of codes a circle ends where
# it began, of cases at its smallest id.
# A coding's case is its source's, else that of the first turn it touches that has one; see `Segment.case`.
VIEWS = """
CREATE VIEW coded_segment AS
WITH RECURSIVE
  code_way(id, at) AS (
    SELECT id, id FROM code
    UNION SELECT code_way.id, code."into" FROM code_way JOIN code ON code.id = code_way.at
    WHERE code."into" IS NOT NULL),
  tie(id, at) AS (SELECT one.id, home.id FROM "case" AS one JOIN "case" AS home ON home.id = one.linked),
  case_way(id, at) AS (
    SELECT id, id FROM "case"
    UNION SELECT case_way.id, tie.at FROM case_way JOIN tie ON tie.id = case_way.at),
  applied(id, path, label) AS (
    SELECT first.id, coalesce(last.path, first.path), coalesce(last.label, first.label)
    FROM code AS first
    LEFT JOIN code_way ON code_way.id = first.id
      AND EXISTS (SELECT 1 FROM code WHERE code.id = code_way.at AND code."into" IS NULL)
    LEFT JOIN code AS last ON last.id = code_way.at),
  case_home(id, at) AS (
    SELECT case_way.id, min(case_way.at) FROM case_way LEFT JOIN tie ON tie.id = case_way.at
    WHERE tie.at IS NULL
      OR EXISTS (SELECT 1 FROM case_way AS back WHERE back.id = tie.at AND back.at = tie.id)
    GROUP BY case_way.id),
  known(id, name) AS (
    SELECT case_home.id, CASE WHEN "case".home = '' OR NOT EXISTS (
        SELECT 1 FROM "case" AS twin
        WHERE twin.name = "case".name AND twin.id != "case".id AND twin.id NOT IN (SELECT id FROM tie))
      THEN "case".name ELSE "case".home || '/' || "case".name END
    FROM case_home JOIN "case" ON "case".id = case_home.at),
  shown(id) AS (
    SELECT min(coding.id) FROM coding JOIN applied ON applied.id = coding.code
    GROUP BY coding.source, coding.start, coding."end", coding.text, applied.path, coding.coder, coding.round)
SELECT coding.id AS id, source.id AS source_id, source.name AS source, known.name AS "case",
       coding.start AS start, coding."end" AS "end",
       substr(content.data, coding.start + 1, coding."end" - coding.start) AS quote,
       applied.path AS code, applied.label AS label, coding.coder AS coder, coding.round AS round,
       coding.origin AS origin, coding.anchor AS anchor, coding.certainty AS certainty, coding.at AS at,
       note.data AS memo
FROM shown
JOIN coding ON coding.id = shown.id
JOIN source ON source.id = coding.source
JOIN content ON content.id = coding.text
JOIN applied ON applied.id = coding.code
LEFT JOIN known ON known.id = coalesce(source.case_id, (
  SELECT turn.case_id FROM turn
  WHERE turn.source = coding.source AND turn.case_id IS NOT NULL AND coding.text = source.text
    AND turn.start < coding."end" AND turn."end" > coding.start
  ORDER BY turn.n LIMIT 1))
LEFT JOIN content AS note ON note.id = coding.memo;
"""

PROJECTED = (
    "source",
    "turn",
    "case",
    "codebook",
    "code",
    "coding",
    "memo",
    "status",
    "decision",
    "undone",
    "milestone",
)


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: `executescript` would commit the open transaction."""
    return [statement for statement in script.split(";\n") if statement.strip()]


def m001_first_tables(conn: sqlite3.Connection) -> None:
    """Log, projection, derived and local tables, and the public view."""
    for script in (LOG, PROJECTION, DERIVED, LOCAL, VIEWS):
        for statement in statements(script):
            conn.execute(statement)


def m002_cases_of_turns(conn: sqlite3.Connection) -> None:
    """Turns have cases, cases have the list a number is from: the projected tables anew, filled by a rebuild."""
    conn.execute("DROP VIEW coded_segment")
    for table in PROJECTED:
        conn.execute(f'DROP TABLE "{table}"')
    for script in (PROJECTION, VIEWS):
        for statement in statements(script):
            conn.execute(statement)


STEPS = (m001_first_tables, m002_cases_of_turns)


def migrate(conn: sqlite3.Connection, found: int) -> None:
    """Run what is pending after version `found` inside the caller's transaction and set ``user_version``.

    The projected tables have the current shape afterwards, empty: `projection.rebuild` fills them.

    sqlite-utils keeps the record of what ran; `user_version` lets every other start do without importing it (0.27 s).
    """
    from sqlite_utils import Database, Migrations

    steps = Migrations("qualcode")
    for step in STEPS:
        steps(name=step.__name__, transactional=False)(_of_database(step))  # the transaction is the caller's
    if found < VERSION:
        steps.apply(Database(conn, recursive_triggers=False))
        conn.execute(f"PRAGMA user_version = {VERSION}")


def lay_out(conn: sqlite3.Connection) -> None:
    """All tables of the current version without the record, for a copy in memory."""
    for step in STEPS:
        step(conn)
    conn.execute(f"PRAGMA user_version = {VERSION}")


def _of_database(step: Callable[[sqlite3.Connection], None]) -> Callable[[Any], None]:
    def run(db: Any) -> None:
        step(db.conn)

    run.__name__ = step.__name__
    return run
