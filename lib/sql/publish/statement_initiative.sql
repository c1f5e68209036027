-- Links each statement to the initiatives it names.
INSERT INTO statement_initiative (initiative, statement)
SELECT t.rank, x.rank
FROM statement AS x
CROSS JOIN json_each(x.initiative_ids) AS l
CROSS JOIN initiative AS t ON t.id = l.value
