-- The ids a filter by initiative may name: all, or the one that is :value.
SELECT id AS value FROM initiative
WHERE id >= coalesce(:value, '') AND id <= coalesce(:value, '~')
ORDER BY id
LIMIT :limit
