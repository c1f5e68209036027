-- The proposals, in the order of their summit and number, that match every filter given.
SELECT
    p.rank AS rank,
    p.id AS id,
    s.id AS summit_id,
    p.number AS number,
    p.title AS title,
    p.summary AS summary,
    b.id AS proposed_by,
    p.area_ids AS area_ids,
    p.measure_count AS measure_count,
    p.citations AS citations
FROM proposal AS p
JOIN summit AS s ON s.rank = p.summit
JOIN participant AS b ON b.rank = p.proposed_by
WHERE p.rank > :after
  AND (:id IS NULL OR p.id IN (SELECT value FROM json_each(:id)))
  AND (:summit IS NULL OR p.summit IN (
      SELECT rank FROM summit WHERE id IN (SELECT value FROM json_each(:summit))))
  AND (:area IS NULL OR p.rank IN (
      SELECT l.proposal FROM proposal_area AS l JOIN area AS t ON t.rank = l.area
      WHERE t.id IN (SELECT value FROM json_each(:area))))
  AND (:participant IS NULL OR p.proposed_by IN (
      SELECT rank FROM participant WHERE id IN (SELECT value FROM json_each(:participant))))
  AND (:source IS NULL OR p.rank IN (
      SELECT c.row FROM citation AS c JOIN source AS t ON t.rank = c.source
      WHERE c.resource = 'proposals' AND t.id IN (SELECT value FROM json_each(:source))))
ORDER BY p.rank
LIMIT :limit
