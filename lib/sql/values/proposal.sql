-- The ids a filter by proposal may name.
SELECT id AS value FROM proposal
WHERE :value IS NULL OR id = :value
ORDER BY rank
LIMIT :limit
