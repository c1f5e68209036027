-- The ids a filter by mechanism may name: all, or the one that is :value.
SELECT id AS value FROM mechanism
WHERE id >= coalesce(:value, '') AND id <= coalesce(:value, '~')
ORDER BY id
LIMIT :limit
