-- Links every row to the paragraphs it cites.
INSERT INTO citation (source, resource, row, paragraph)
SELECT s.rank, x.resource, x.row, c.value ->> 'paragraph'
FROM cited_row AS x
CROSS JOIN json_each(x.citations) AS c
CROSS JOIN source AS s ON s.id = c.value ->> 'source_id'
