-- The ids that rows of a resource name, each once: the values by which one of its filters finds them.
-- Terms of a filter stand side by side, so of each row's terms only those are looked at.
SELECT t.value AS id
FROM term AS t
WHERE t.rank IN (
    SELECT p.term
    FROM json_each(:ranks) AS r
    CROSS JOIN posting AS p ON p.row = r.value
        AND p.term BETWEEN (SELECT min(rank) FROM term WHERE resource = :resource AND filter = :filter)
        AND (SELECT max(rank) FROM term WHERE resource = :resource AND filter = :filter)
)
AND t.resource = :resource AND t.filter = :filter
ORDER BY t.value
LIMIT :limit
