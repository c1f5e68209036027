-- The ids a filter by source may name.
SELECT id AS value FROM source
WHERE :value IS NULL OR id = :value
ORDER BY rank
LIMIT :limit
