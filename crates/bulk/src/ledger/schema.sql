-- What a run knows of its inputs. Times are milliseconds since 1970, in the world's time.
-- `outcomes`, at the end, is for people: sqlite3 -box OUT/ledger.sqlite "select * from outcomes where state <> 'done'"

CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

-- Versions of the program with the SHA-256 of the texts of the forms that it filled.
CREATE TABLE editions (
    id INTEGER PRIMARY KEY,
    version TEXT NOT NULL,
    forms TEXT NOT NULL,
    UNIQUE (version, forms)
);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    edition INTEGER NOT NULL REFERENCES editions (id),
    started INTEGER NOT NULL,
    ended INTEGER,
    -- `finished` or `interrupted`; nothing for a run that goes on, or was killed.
    ending TEXT
);

-- What a walk came to. `path` is the bytes of the path. `state`: pending, running, done (nothing more is to be done with it: what came
-- of it, its documents tell).
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    device INTEGER NOT NULL,
    -- What a manifest says of it.
    expected_size INTEGER,
    expected_sha256 BLOB,
    state TEXT NOT NULL,
    -- It was there once, and is no more.
    gone INTEGER NOT NULL DEFAULT 0,
    -- The run that saw it last, and the one that finished it.
    seen INTEGER NOT NULL,
    run INTEGER,
    edition INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    started INTEGER,
    ended INTEGER,
    milliseconds INTEGER
);
CREATE INDEX files_pending ON files (path) WHERE state = 'pending';

-- What was found in files: the file itself, or a member of it. Without a content, `state` (failed, quarantined), `kind` and `message`
-- say why its bytes could not be had.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL,
    member BLOB NOT NULL,
    -- Which of the file's documents it is; -1 for the file itself where it cost its worker before any was found.
    number INTEGER NOT NULL,
    content INTEGER,
    state TEXT,
    kind TEXT,
    message TEXT,
    UNIQUE (file, member, number)
);
CREATE INDEX documents_of_content ON documents (content);

-- What each different sequence of bytes gave, wherever it occurs. `state`: pending, done, failed (read, but there is no report), quarantined
-- (given up). `record` is as `record.rs` packs it.
CREATE TABLE contents (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL,
    kind TEXT,
    message TEXT,
    format TEXT,
    reports INTEGER NOT NULL DEFAULT 0,
    review INTEGER NOT NULL DEFAULT 0,
    -- Whether every table was asked for.
    tables INTEGER NOT NULL DEFAULT 0,
    record BLOB,
    run INTEGER,
    edition INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    ended INTEGER,
    milliseconds INTEGER,
    memory INTEGER
);
CREATE INDEX contents_pending ON contents (id) WHERE state = 'pending';

-- What is known of each report without opening its record.
CREATE TABLE reports (
    content INTEGER NOT NULL,
    part INTEGER NOT NULL,
    status TEXT NOT NULL,
    form TEXT NOT NULL,
    agency TEXT,
    year INTEGER,
    PRIMARY KEY (content, part)
) WITHOUT ROWID;

CREATE VIEW outcomes AS
SELECT
    CAST(files.path || documents.member AS TEXT) AS path,
    CASE
        WHEN contents.id IS NULL THEN coalesce(documents.state, files.state)
        ELSE contents.state
    END AS state,
    coalesce(contents.kind, documents.kind) AS kind,
    coalesce(contents.message, documents.message) AS message,
    contents.reports,
    contents.review,
    files.gone,
    contents.attempts,
    datetime(coalesce(contents.ended, files.ended) / 1000, 'unixepoch') AS ended,
    contents.milliseconds
FROM files
LEFT JOIN documents ON documents.file = files.id
LEFT JOIN contents ON contents.id = documents.content
ORDER BY files.path, documents.member;
