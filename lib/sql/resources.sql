-- How many rows each resource has, and where its documents stand in the search index. One without
-- rows stands at the place of the next.
SELECT name, row_count, base FROM resource
ORDER BY base, row_count, name
LIMIT :limit
