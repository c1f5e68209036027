-- The tables of a published database: built once, then only read.
--
-- `rank` is a row's place in the default order of its resource, so a page is a range of ranks.
-- Columns that hold lists and objects hold JSON exactly as documents show it; `term` and `posting`
-- repeat what filters find rows by. All is written in the one transaction that publishes.

CREATE TABLE publication (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    revision TEXT NOT NULL,
    published_at INTEGER NOT NULL
) STRICT;

CREATE TABLE source (
    rank INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    publisher TEXT,
    place TEXT,
    published_on TEXT,
    language TEXT NOT NULL,
    url TEXT,
    paragraph_count INTEGER NOT NULL,
    cited_count INTEGER NOT NULL DEFAULT 0,
    omitted_paragraphs TEXT NOT NULL
) STRICT;

CREATE TABLE summit (
    rank INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    series TEXT,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    city TEXT NOT NULL,
    region TEXT,
    country TEXT NOT NULL,
    country_code TEXT NOT NULL,
    summary TEXT NOT NULL,
    counts TEXT NOT NULL DEFAULT '{}',
    citations TEXT NOT NULL
) STRICT;

CREATE TABLE participant (
    rank INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    summit INTEGER NOT NULL REFERENCES summit,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    office TEXT NOT NULL,
    country TEXT NOT NULL,
    country_code TEXT NOT NULL,
    role TEXT NOT NULL,
    position INTEGER NOT NULL,
    citations TEXT NOT NULL,
    UNIQUE (summit, position)
) STRICT;

CREATE TABLE area (
    rank INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    description TEXT,
    summits TEXT NOT NULL,
    counts TEXT NOT NULL DEFAULT '{}',
    citations TEXT NOT NULL
) STRICT;

CREATE TABLE initiative (
    rank INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    description TEXT,
    launched_by TEXT,
    counts TEXT NOT NULL DEFAULT '{}',
    citations TEXT NOT NULL
) STRICT;

CREATE TABLE proposal (
    rank INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    summit INTEGER NOT NULL REFERENCES summit,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    proposed_by INTEGER NOT NULL REFERENCES participant,
    area_ids TEXT NOT NULL,
    measure_count INTEGER NOT NULL DEFAULT 0,
    citations TEXT NOT NULL,
    UNIQUE (summit, number)
) STRICT;

CREATE TABLE mechanism (
    rank INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    summit INTEGER NOT NULL REFERENCES summit,
    proposal INTEGER REFERENCES proposal,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    description TEXT,
    standing TEXT NOT NULL,
    area_ids TEXT NOT NULL,
    citations TEXT NOT NULL
) STRICT;

CREATE TABLE measure (
    rank INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    summit INTEGER NOT NULL REFERENCES summit,
    proposal INTEGER NOT NULL REFERENCES proposal,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    modality TEXT NOT NULL,
    amounts TEXT NOT NULL,
    area_ids TEXT NOT NULL,
    initiative_ids TEXT NOT NULL,
    mechanism_ids TEXT NOT NULL,
    citations TEXT NOT NULL,
    UNIQUE (proposal, number)
) STRICT;

CREATE TABLE statement (
    rank INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    summit INTEGER NOT NULL REFERENCES summit,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    said_by INTEGER REFERENCES participant,
    area_ids TEXT NOT NULL,
    initiative_ids TEXT NOT NULL,
    citations TEXT NOT NULL
) STRICT;

-- The orders a list can be sorted in. The id breaks ties, so each index ends with it.
CREATE INDEX summit_by_name ON summit (name COLLATE NOCASE, id);
CREATE INDEX summit_by_starts_on ON summit (starts_on, id);
CREATE INDEX summit_by_city ON summit (city COLLATE NOCASE, id);
CREATE INDEX participant_by_name ON participant (name COLLATE NOCASE, id);
CREATE INDEX participant_by_position ON participant (position, id);
CREATE INDEX proposal_by_number ON proposal (number, id);
CREATE INDEX proposal_by_title ON proposal (title COLLATE NOCASE, id);
CREATE INDEX proposal_by_measure_count ON proposal (measure_count, id);
CREATE INDEX measure_by_number ON measure (number, id);
CREATE INDEX measure_by_modality ON measure (modality, id);
CREATE INDEX area_by_name ON area (name COLLATE NOCASE, id);
CREATE INDEX statement_by_kind ON statement (kind, id);
CREATE INDEX initiative_by_name ON initiative (name COLLATE NOCASE, id);
CREATE INDEX mechanism_by_name ON mechanism (name COLLATE NOCASE, id);
CREATE INDEX mechanism_by_standing ON mechanism (standing, id);
CREATE INDEX source_by_title ON source (title COLLATE NOCASE, id);
CREATE INDEX source_by_published_on ON source (coalesce(published_on, ''), id);

CREATE TABLE summit_area (
    area INTEGER NOT NULL REFERENCES area,
    summit INTEGER NOT NULL REFERENCES summit,
    category TEXT NOT NULL,
    counts TEXT NOT NULL DEFAULT '{}',
    document INTEGER,
    PRIMARY KEY (summit, area)
) STRICT, WITHOUT ROWID;

CREATE TABLE citation (
    source INTEGER NOT NULL REFERENCES source,
    resource TEXT NOT NULL,
    row INTEGER NOT NULL,
    paragraph INTEGER NOT NULL,
    PRIMARY KEY (source, resource, row, paragraph)
) STRICT, WITHOUT ROWID;

CREATE INDEX citation_by_paragraph ON citation (source, paragraph);

-- Each cited row with the summit it belongs to; areas and initiatives belong to none.
CREATE VIEW cited_row AS
SELECT 'summits' AS resource, rank AS row, rank AS summit, citations FROM summit
UNION ALL SELECT 'participants', rank, summit, citations FROM participant
UNION ALL SELECT 'proposals', rank, summit, citations FROM proposal
UNION ALL SELECT 'measures', rank, summit, citations FROM measure
UNION ALL SELECT 'areas', rank, NULL, citations FROM area
UNION ALL SELECT 'statements', rank, summit, citations FROM statement
UNION ALL SELECT 'initiatives', rank, NULL, citations FROM initiative
UNION ALL SELECT 'mechanisms', rank, summit, citations FROM mechanism;

-- How many rows each resource has. Its documents in `search` have the rowids after `base`.
CREATE TABLE resource (
    name TEXT PRIMARY KEY,
    row_count INTEGER NOT NULL,
    base INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every row as documents show it, by its place among all rows: its resource's `base` and its rank. An
-- area, of which documents of one summit show another side, has one more for each.
CREATE TABLE document (
    place INTEGER PRIMARY KEY,
    json TEXT NOT NULL
) STRICT;

-- Each value that a filter of a resource finds rows by, with how many it finds.
CREATE TABLE term (
    rank INTEGER PRIMARY KEY,
    resource TEXT NOT NULL,
    filter TEXT NOT NULL,
    value TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    UNIQUE (resource, filter, value)
) STRICT;

CREATE INDEX term_by_row_count ON term (resource, filter, row_count DESC, value);

-- The rows of each term, in the order of their ranks.
CREATE TABLE posting (
    term INTEGER NOT NULL REFERENCES term,
    row INTEGER NOT NULL,
    PRIMARY KEY (term, row)
) STRICT, WITHOUT ROWID;

CREATE INDEX posting_by_row ON posting (row, term);

-- How many rows two terms of a resource share, where the first has many.
CREATE TABLE term_pair (
    term INTEGER NOT NULL REFERENCES term,
    other INTEGER NOT NULL REFERENCES term,
    row_count INTEGER NOT NULL,
    PRIMARY KEY (term, other)
) STRICT, WITHOUT ROWID;

-- The texts of all rows; what its tokenizer does, lib/tokenizer.c says.
CREATE VIRTUAL TABLE search USING fts5 (title, text, aliases, tokenize = 'summit');

-- The words of the index, each with the number of documents that have it: what a prefix stands for,
-- and how much a word tells.
CREATE TABLE word (
    word TEXT PRIMARY KEY,
    document_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
