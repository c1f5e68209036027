-- Every row that documents show, with its resource, its rank there and its place; an area also for
-- each of its summits.
SELECT r.name AS resource, d.rank AS rank, r.base + d.rank AS place, NULL AS scope
FROM (
    SELECT 'summits' AS resource, rank FROM summit
    UNION ALL SELECT 'participants', rank FROM participant
    UNION ALL SELECT 'proposals', rank FROM proposal
    UNION ALL SELECT 'measures', rank FROM measure
    UNION ALL SELECT 'areas', rank FROM area
    UNION ALL SELECT 'statements', rank FROM statement
    UNION ALL SELECT 'initiatives', rank FROM initiative
    UNION ALL SELECT 'mechanisms', rank FROM mechanism
    UNION ALL SELECT 'sources', rank FROM source
) AS d
CROSS JOIN resource AS r ON r.name = d.resource
UNION ALL
SELECT 'areas', l.area, l.document, s.id
FROM summit_area AS l
CROSS JOIN summit AS s ON s.rank = l.summit
