-- Counts how many rows each term of many rows shares with each other term of its resource, but for
-- filters of very many values: what would take long to count while somebody waits.
INSERT INTO term_pair (term, other, row_count)
SELECT a.term, b.term, count(*)
FROM term AS t
CROSS JOIN posting AS a ON a.term = t.rank
CROSS JOIN posting AS b ON b.row = a.row AND b.term IN (
    SELECT o.rank FROM term AS o JOIN (
        SELECT resource, filter FROM term GROUP BY resource, filter HAVING count(*) <= 1000
    ) AS f ON f.resource = o.resource AND f.filter = o.filter
    WHERE o.resource = t.resource)
WHERE t.row_count >= 1000
GROUP BY a.term, b.term
