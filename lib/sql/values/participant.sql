-- The ids a filter by participant may name.
SELECT id AS value FROM participant
WHERE :value IS NULL OR id = :value
ORDER BY rank
LIMIT :limit
