-- The ids a filter by source may name: all, or the one that is :value.
SELECT id AS value FROM source
WHERE id >= coalesce(:value, '') AND id <= coalesce(:value, '~')
ORDER BY id
LIMIT :limit
