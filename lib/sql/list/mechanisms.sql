-- The mechanisms, in the order of the record, that match every filter given.
SELECT
    m.rank AS rank,
    m.id AS id,
    s.id AS summit_id,
    m.name AS name,
    m.aliases AS aliases,
    m.description AS description,
    m.standing AS standing,
    m.area_ids AS area_ids,
    p.id AS proposal_id,
    m.citations AS citations
FROM mechanism AS m
JOIN summit AS s ON s.rank = m.summit
LEFT JOIN proposal AS p ON p.rank = m.proposal
WHERE m.rank > :after
  AND (:id IS NULL OR m.id IN (SELECT value FROM json_each(:id)))
  AND (:summit IS NULL OR m.summit IN (
      SELECT rank FROM summit WHERE id IN (SELECT value FROM json_each(:summit))))
  AND (:proposal IS NULL OR m.proposal IN (
      SELECT rank FROM proposal WHERE id IN (SELECT value FROM json_each(:proposal))))
  AND (:area IS NULL OR m.rank IN (
      SELECT l.mechanism FROM mechanism_area AS l JOIN area AS t ON t.rank = l.area
      WHERE t.id IN (SELECT value FROM json_each(:area))))
  AND (:standing IS NULL OR m.standing IN (SELECT value FROM json_each(:standing)))
  AND (:source IS NULL OR m.rank IN (
      SELECT c.row FROM citation AS c JOIN source AS t ON t.rank = c.source
      WHERE c.resource = 'mechanisms' AND t.id IN (SELECT value FROM json_each(:source))))
ORDER BY m.rank
LIMIT :limit
