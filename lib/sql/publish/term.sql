-- Fills term with the values noted, each with the number of its rows.
INSERT INTO term (resource, filter, value, row_count)
SELECT g.resource, g.filter, g.value, count(DISTINCT g.row)
FROM tag AS g
GROUP BY g.resource, g.filter, g.value
ORDER BY g.resource, g.filter, g.value
