-- The tables of a published database: built once, then only read.
--
-- `rank` is a row's place in the default order of its resource, so a page is a range of ranks.
-- Columns that hold lists and objects hold JSON exactly as documents show it; the link tables below
-- repeat those lists for filters. Both are written in the one transaction that publishes.

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

CREATE INDEX summit_by_country ON summit (country_code);
CREATE INDEX participant_by_country ON participant (country_code);
CREATE INDEX proposal_by_participant ON proposal (proposed_by);
CREATE INDEX mechanism_by_summit ON mechanism (summit);
CREATE INDEX mechanism_by_proposal ON mechanism (proposal);
CREATE INDEX measure_by_summit ON measure (summit);
CREATE INDEX statement_by_summit ON statement (summit);
CREATE INDEX statement_by_participant ON statement (said_by);

CREATE TABLE summit_area (
    area INTEGER NOT NULL REFERENCES area,
    summit INTEGER NOT NULL REFERENCES summit,
    category TEXT NOT NULL,
    counts TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (summit, area)
) STRICT, WITHOUT ROWID;

CREATE TABLE proposal_area (
    area INTEGER NOT NULL REFERENCES area,
    proposal INTEGER NOT NULL REFERENCES proposal,
    PRIMARY KEY (area, proposal)
) STRICT, WITHOUT ROWID;

CREATE TABLE mechanism_area (
    area INTEGER NOT NULL REFERENCES area,
    mechanism INTEGER NOT NULL REFERENCES mechanism,
    PRIMARY KEY (area, mechanism)
) STRICT, WITHOUT ROWID;

CREATE TABLE measure_area (
    area INTEGER NOT NULL REFERENCES area,
    measure INTEGER NOT NULL REFERENCES measure,
    PRIMARY KEY (area, measure)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement_area (
    area INTEGER NOT NULL REFERENCES area,
    statement INTEGER NOT NULL REFERENCES statement,
    PRIMARY KEY (area, statement)
) STRICT, WITHOUT ROWID;

CREATE TABLE measure_initiative (
    initiative INTEGER NOT NULL REFERENCES initiative,
    measure INTEGER NOT NULL REFERENCES measure,
    PRIMARY KEY (initiative, measure)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement_initiative (
    initiative INTEGER NOT NULL REFERENCES initiative,
    statement INTEGER NOT NULL REFERENCES statement,
    PRIMARY KEY (initiative, statement)
) STRICT, WITHOUT ROWID;

CREATE TABLE measure_mechanism (
    mechanism INTEGER NOT NULL REFERENCES mechanism,
    measure INTEGER NOT NULL REFERENCES measure,
    PRIMARY KEY (mechanism, measure)
) STRICT, WITHOUT ROWID;

CREATE TABLE summit_initiative (
    summit INTEGER NOT NULL REFERENCES summit,
    initiative INTEGER NOT NULL REFERENCES initiative,
    PRIMARY KEY (summit, initiative)
) STRICT, WITHOUT ROWID;

CREATE TABLE summit_source (
    summit INTEGER NOT NULL REFERENCES summit,
    source INTEGER NOT NULL REFERENCES source,
    PRIMARY KEY (summit, source)
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
