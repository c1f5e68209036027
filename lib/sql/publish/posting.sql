-- Lists the rows of each term.
INSERT INTO posting (term, row)
SELECT DISTINCT t.rank, g.row
FROM tag AS g
CROSS JOIN term AS t ON t.resource = g.resource AND t.filter = g.filter AND t.value = g.value
ORDER BY t.rank, g.row
