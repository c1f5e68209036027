-- The values of a filter with the number of rows each has, the most frequent first.
SELECT value, row_count FROM term
WHERE resource = :resource AND filter = :filter
ORDER BY row_count DESC, value
LIMIT :limit
