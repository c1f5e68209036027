-- One area, by its rank; :scope is the one summit that category and counts are of, or NULL.
SELECT
    a.id AS id,
    a.name AS name,
    a.description AS description,
    a.summits AS summits,
    l.category AS category,
    coalesce(l.counts, a.counts) AS counts,
    a.aliases AS aliases,
    a.citations AS citations
FROM area AS a
LEFT JOIN summit AS s ON s.id = :scope
LEFT JOIN summit_area AS l ON l.summit = s.rank AND l.area = a.rank
WHERE a.rank = :rank
LIMIT 1
