-- The document with one rowid as a search found it, the words that match between marks (snippet.h),
-- with what tells that there was memory to make it: search.c says how.
SELECT
    places(search) AS places,
    snippet(search, -1, char(2), char(3), '…', 24) AS snippet,
    snippet(search, -1, char(2), char(3), '…', 24) AS again
FROM search
WHERE search MATCH :match AND search.rowid = :rowid
LIMIT 1
