-- The areas, in the order of the record, that match every filter given; :scope is the one summit that
-- category and counts are of, or NULL.
SELECT
    a.rank AS rank,
    a.id AS id,
    a.name AS name,
    a.aliases AS aliases,
    a.description AS description,
    a.summits AS summits,
    l.category AS category,
    coalesce(l.counts, a.counts) AS counts,
    a.citations AS citations
FROM area AS a
LEFT JOIN summit AS s ON s.id = :scope
LEFT JOIN summit_area AS l ON l.summit = s.rank AND l.area = a.rank
WHERE a.rank > :after
  AND (:id IS NULL OR a.id IN (SELECT value FROM json_each(:id)))
  AND (:summit IS NULL OR a.rank IN (
      SELECT l2.area FROM summit_area AS l2 JOIN summit AS t ON t.rank = l2.summit
      WHERE t.id IN (SELECT value FROM json_each(:summit))))
  AND (:category IS NULL OR a.rank IN (
      SELECT l3.area FROM summit_area AS l3 JOIN summit AS t ON t.rank = l3.summit
      WHERE l3.category IN (SELECT value FROM json_each(:category))
        AND (:summit IS NULL OR t.id IN (SELECT value FROM json_each(:summit)))))
  AND (:source IS NULL OR a.rank IN (
      SELECT c.row FROM citation AS c JOIN source AS t ON t.rank = c.source
      WHERE c.resource = 'areas' AND t.id IN (SELECT value FROM json_each(:source))))
ORDER BY a.rank
LIMIT :limit
