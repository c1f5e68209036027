-- The ids a filter by summit may name: all, or the one that is :value.
SELECT id AS value FROM summit
WHERE id >= coalesce(:value, '') AND id <= coalesce(:value, '~')
ORDER BY id
LIMIT :limit
