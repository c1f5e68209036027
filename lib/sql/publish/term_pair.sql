-- Counts how many rows each term of many rows shares with each counted term of its resource: what
-- would take long to count while somebody waits.
INSERT INTO term_pair (term, other, row_count)
SELECT a.term, b.term, count(*)
FROM term AS t
CROSS JOIN posting AS a ON a.term = t.rank
CROSS JOIN posting AS b ON b.row = a.row
CROSS JOIN term AS o ON o.rank = b.term AND o.resource = t.resource
WHERE t.row_count >= 1000 AND (o.resource, o.filter) IN (
    SELECT resource, filter FROM term GROUP BY resource, filter HAVING count(*) <= 1000)
GROUP BY a.term, b.term
