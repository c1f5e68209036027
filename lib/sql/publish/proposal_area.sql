-- Links each proposal to the areas it names.
INSERT INTO proposal_area (area, proposal)
SELECT t.rank, x.rank
FROM proposal AS x
CROSS JOIN json_each(x.area_ids) AS l
CROSS JOIN area AS t ON t.id = l.value
