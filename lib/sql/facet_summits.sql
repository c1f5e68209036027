-- The values that a filter has in some summits (by the names it is noted under), among some rows.
SELECT t.value AS value, count(DISTINCT p.row) AS row_count
FROM json_each(:filters) AS f
CROSS JOIN term AS t
CROSS JOIN posting AS p
WHERE t.resource = :resource AND t.filter = f.value
  AND p.term = t.rank AND p.row IN (SELECT value FROM json_each(:rows))
GROUP BY t.value
ORDER BY row_count DESC, t.value
LIMIT :limit
