-- The values of a filter among some rows, counted one by one. The terms of a filter stand together, in
-- the order of their values.
SELECT t.value AS value, c.row_count AS row_count
FROM (
    SELECT p.term AS term, count(*) AS row_count
    FROM json_each(:rows) AS r
    CROSS JOIN posting AS p
    WHERE p.row = r.value
      AND p.term >= (
          SELECT rank FROM term WHERE resource = :resource AND filter = :filter ORDER BY value LIMIT 1)
      AND p.term <= (
          SELECT rank FROM term WHERE resource = :resource AND filter = :filter
          ORDER BY value DESC LIMIT 1)
    GROUP BY p.term
) AS c
CROSS JOIN term AS t
WHERE t.rank = c.term
ORDER BY c.row_count DESC, t.value
LIMIT :limit
