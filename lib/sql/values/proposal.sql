-- The ids a filter by proposal may name: all, or the one that is :value.
SELECT id AS value FROM proposal
WHERE id >= coalesce(:value, '') AND id <= coalesce(:value, '~')
ORDER BY id
LIMIT :limit
