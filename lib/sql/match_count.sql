-- How many documents of a range a search finds; counting ends at :limit.
SELECT count(*) AS matches
FROM (
    SELECT search.rowid FROM search
    WHERE search MATCH :match AND search.rowid > :base AND search.rowid <= :end
    LIMIT :limit
)
