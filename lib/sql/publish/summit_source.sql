-- Links each summit to the sources that its rows cite.
INSERT INTO summit_source (summit, source)
SELECT DISTINCT x.summit, c.source
FROM citation AS c
JOIN cited_row AS x ON x.resource = c.resource AND x.row = c.row
WHERE x.summit IS NOT NULL
