-- States how many rows each resource has, and where its documents stand in the search index.
INSERT INTO resource (name, row_count, base)
SELECT c.name, c.row_count, coalesce(sum(c.row_count) OVER (
    ORDER BY c.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
FROM (
    SELECT 1 AS place, 'summits' AS name, count(*) AS row_count FROM summit
    UNION ALL SELECT 2, 'participants', count(*) FROM participant
    UNION ALL SELECT 3, 'proposals', count(*) FROM proposal
    UNION ALL SELECT 4, 'measures', count(*) FROM measure
    UNION ALL SELECT 5, 'areas', count(*) FROM area
    UNION ALL SELECT 6, 'statements', count(*) FROM statement
    UNION ALL SELECT 7, 'initiatives', count(*) FROM initiative
    UNION ALL SELECT 8, 'mechanisms', count(*) FROM mechanism
    UNION ALL SELECT 9, 'sources', count(*) FROM source
) AS c
ORDER BY c.place
