-- The ids a filter by area may name.
SELECT id AS value FROM area
WHERE :value IS NULL OR id = :value
ORDER BY rank
LIMIT :limit
