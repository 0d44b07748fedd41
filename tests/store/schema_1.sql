-- The projected tables and the public view as schema 1 had them.
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
  PRIMARY KEY (source, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE "case" (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  attributes TEXT NOT NULL CHECK (attributes GLOB '{*'),
  consent TEXT CHECK (consent IN ('analyse', 'quote', 'archive')),
  withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  linked TEXT,
  place INTEGER NOT NULL
) STRICT;
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
  anchor TEXT NOT NULL CHECK (anchor IN ('exact', 'edited', 'review', 'orphan')),
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
CREATE VIEW coded_segment AS
WITH RECURSIVE
  code_way(id, at) AS (
    SELECT id, id FROM code
    UNION SELECT code_way.id, code."into" FROM code_way JOIN code ON code.id = code_way.at
    WHERE code."into" IS NOT NULL),
  case_way(id, at) AS (
    SELECT id, id FROM "case"
    UNION SELECT case_way.id, "case".linked FROM case_way JOIN "case" ON "case".id = case_way.at
    WHERE "case".linked IS NOT NULL),
  applied(id, path, label) AS (
    SELECT first.id, coalesce(last.path, first.path), coalesce(last.label, first.label)
    FROM code AS first
    LEFT JOIN code_way ON code_way.id = first.id
      AND EXISTS (SELECT 1 FROM code WHERE code.id = code_way.at AND code."into" IS NULL)
    LEFT JOIN code AS last ON last.id = code_way.at),
  known(id, name) AS (
    SELECT case_way.id, "case".name FROM case_way JOIN "case" ON "case".id = case_way.at WHERE "case".linked IS NULL),
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
LEFT JOIN known ON known.id = source.case_id
LEFT JOIN content AS note ON note.id = coding.memo;
