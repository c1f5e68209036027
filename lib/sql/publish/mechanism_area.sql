-- Links each mechanism to the areas it names.
INSERT INTO mechanism_area (area, mechanism)
SELECT t.rank, x.rank
FROM mechanism AS x
CROSS JOIN json_each(x.area_ids) AS l
CROSS JOIN area AS t ON t.id = l.value
