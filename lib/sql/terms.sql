-- The terms of a resource's filter for some of its values, and how many rows each has.
SELECT t.rank AS rank, t.row_count AS row_count
FROM json_each(:filters) AS f
CROSS JOIN json_each(:values) AS v
CROSS JOIN term AS t
WHERE t.resource = :resource AND t.filter = f.value AND t.value = v.value
ORDER BY t.rank
LIMIT :limit
