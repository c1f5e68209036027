-- The ids a filter by participant may name: all, or the one that is :value.
SELECT id AS value FROM participant
WHERE id >= coalesce(:value, '') AND id <= coalesce(:value, '~')
ORDER BY id
LIMIT :limit
