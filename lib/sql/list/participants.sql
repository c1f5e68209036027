-- The participants, in the order of their summit and position, that match every filter given.
SELECT
    p.rank AS rank,
    p.id AS id,
    s.id AS summit_id,
    p.name AS name,
    p.aliases AS aliases,
    p.office AS office,
    p.country AS country,
    p.role AS role,
    p.position AS position,
    p.citations AS citations
FROM participant AS p
JOIN summit AS s ON s.rank = p.summit
WHERE p.rank > :after
  AND (:id IS NULL OR p.id IN (SELECT value FROM json_each(:id)))
  AND (:summit IS NULL OR p.summit IN (
      SELECT rank FROM summit WHERE id IN (SELECT value FROM json_each(:summit))))
  AND (:country IS NULL OR p.country_code IN (SELECT value FROM json_each(:country)))
  AND (:role IS NULL OR p.role IN (SELECT value FROM json_each(:role)))
  AND (:source IS NULL OR p.rank IN (
      SELECT c.row FROM citation AS c JOIN source AS t ON t.rank = c.source
      WHERE c.resource = 'participants' AND t.id IN (SELECT value FROM json_each(:source))))
ORDER BY p.rank
LIMIT :limit
