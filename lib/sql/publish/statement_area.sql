-- Links each statement to the areas it names.
INSERT INTO statement_area (area, statement)
SELECT t.rank, x.rank
FROM statement AS x
CROSS JOIN json_each(x.area_ids) AS l
CROSS JOIN area AS t ON t.id = l.value
