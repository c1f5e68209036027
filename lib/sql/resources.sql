-- How many rows each resource has, and where its documents stand in the search index.
SELECT name, row_count, base FROM resource
ORDER BY base, name
LIMIT :limit
