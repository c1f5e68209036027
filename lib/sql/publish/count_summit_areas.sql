-- Counts the rows of one summit that name each area.
UPDATE summit_area SET counts = c.counts
FROM (
    SELECT n.summit AS summit, n.area AS area, json_object(
        'proposals', count(*) FILTER (WHERE n.resource = 'proposals'),
        'measures', count(*) FILTER (WHERE n.resource = 'measures'),
        'statements', count(*) FILTER (WHERE n.resource = 'statements'),
        'mechanisms', count(*) FILTER (WHERE n.resource = 'mechanisms')) AS counts
    FROM (
        SELECT summit, area, 'none' AS resource FROM summit_area
        UNION ALL SELECT x.summit, a.rank, 'proposals'
        FROM proposal AS x, json_each(x.area_ids) AS l CROSS JOIN area AS a ON a.id = l.value
        UNION ALL SELECT x.summit, a.rank, 'measures'
        FROM measure AS x, json_each(x.area_ids) AS l CROSS JOIN area AS a ON a.id = l.value
        UNION ALL SELECT x.summit, a.rank, 'statements'
        FROM statement AS x, json_each(x.area_ids) AS l CROSS JOIN area AS a ON a.id = l.value
        UNION ALL SELECT x.summit, a.rank, 'mechanisms'
        FROM mechanism AS x, json_each(x.area_ids) AS l CROSS JOIN area AS a ON a.id = l.value
    ) AS n
    GROUP BY n.summit, n.area
) AS c
WHERE c.summit = summit_area.summit AND c.area = summit_area.area
