-- Links each area to the summits it plays a part in, with its category there.
INSERT INTO summit_area (area, summit, category)
SELECT a.rank, s.rank, l.value ->> 'category'
FROM area AS a
CROSS JOIN json_each(a.summits) AS l
CROSS JOIN summit AS s ON s.id = l.value ->> 'summit_id'
