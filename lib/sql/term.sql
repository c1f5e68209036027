-- The term of one value of a resource's filter, and how many rows it has.
SELECT t.rank AS rank, t.row_count AS row_count
FROM term AS t
WHERE t.resource = :resource AND t.filter = :filter AND t.value = :value
ORDER BY t.rank
LIMIT 1
