-- Links each measure to the mechanisms it names.
INSERT INTO measure_mechanism (mechanism, measure)
SELECT t.rank, x.rank
FROM measure AS x
CROSS JOIN json_each(x.mechanism_ids) AS l
CROSS JOIN mechanism AS t ON t.id = l.value
