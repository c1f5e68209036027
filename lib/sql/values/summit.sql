-- The ids a filter by summit may name.
SELECT id AS value FROM summit
WHERE :value IS NULL OR id = :value
ORDER BY rank
LIMIT :limit
