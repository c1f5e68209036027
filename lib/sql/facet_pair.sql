-- The values of a filter among the rows of one term, where that was counted when they were published.
SELECT o.value AS value, p.row_count AS row_count
FROM term_pair AS p JOIN term AS o ON o.rank = p.other
WHERE p.term = :term AND o.resource = :resource AND o.filter = :filter
ORDER BY p.row_count DESC, o.value
LIMIT :limit
