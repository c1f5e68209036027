-- The document with one rowid as a search found it, the words that match between marks (snippet.h).
SELECT snippet(search, -1, char(2), char(3), '…', 24) AS snippet
FROM search
WHERE search MATCH :match AND search.rowid = :rowid
LIMIT 1
