-- The ids a filter by area may name: all, or the one that is :value.
SELECT id AS value FROM area
WHERE id >= coalesce(:value, '') AND id <= coalesce(:value, '~')
ORDER BY id
LIMIT :limit
