-- The ids that rows of a resource name, each once: the values by which one of its filters finds them.
-- Terms of a filter stand side by side, in the order of their values, so of each row's terms only
-- those are looked at.
SELECT t.value AS id
FROM (
    SELECT DISTINCT p.term AS term
    FROM json_each(:ranks) AS r
    CROSS JOIN posting AS p ON p.row = r.value
        AND p.term BETWEEN (
            SELECT rank FROM term WHERE resource = :resource AND filter = :filter ORDER BY value LIMIT 1
        ) AND (
            SELECT rank FROM term WHERE resource = :resource AND filter = :filter ORDER BY value DESC LIMIT 1
        )
) AS n
CROSS JOIN term AS t ON t.rank = n.term
ORDER BY t.value
LIMIT :limit
