-- Links each measure to the areas it names.
INSERT INTO measure_area (area, measure)
SELECT t.rank, x.rank
FROM measure AS x
CROSS JOIN json_each(x.area_ids) AS l
CROSS JOIN area AS t ON t.id = l.value
