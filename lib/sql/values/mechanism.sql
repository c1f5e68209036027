-- The ids a filter by mechanism may name.
SELECT id AS value FROM mechanism
WHERE :value IS NULL OR id = :value
ORDER BY rank
LIMIT :limit
