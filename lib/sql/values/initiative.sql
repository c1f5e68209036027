-- The ids a filter by initiative may name.
SELECT id AS value FROM initiative
WHERE :value IS NULL OR id = :value
ORDER BY rank
LIMIT :limit
