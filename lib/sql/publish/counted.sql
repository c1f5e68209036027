-- Notes the terms of filters that have not very many values.
CREATE TEMP TABLE counted AS
SELECT t.rank AS term, t.resource AS resource
FROM term AS t JOIN (
    SELECT resource, filter FROM term GROUP BY resource, filter HAVING count(*) <= 1000
) AS f ON f.resource = t.resource AND f.filter = t.filter
