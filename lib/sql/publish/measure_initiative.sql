-- Links each measure to the initiatives it names.
INSERT INTO measure_initiative (initiative, measure)
SELECT t.rank, x.rank
FROM measure AS x
CROSS JOIN json_each(x.initiative_ids) AS l
CROSS JOIN initiative AS t ON t.id = l.value
