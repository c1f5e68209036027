-- The values of a filter (by the names it is noted under) among some rows, counted one by one.
SELECT t.value AS value, count(DISTINCT p.row) AS row_count
FROM json_each(:rows) AS r
CROSS JOIN posting AS p
CROSS JOIN term AS t
WHERE p.row = r.value
  AND p.term >= (SELECT min(rank) FROM term WHERE resource = :resource)
  AND p.term <= (SELECT max(rank) FROM term WHERE resource = :resource)
  AND t.rank = p.term
  AND t.filter IN (SELECT value FROM json_each(:filters))
GROUP BY t.value
ORDER BY row_count DESC, t.value
LIMIT :limit
