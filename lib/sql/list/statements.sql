-- The statements, in the order of the record, that match every filter given.
SELECT
    t.rank AS rank,
    t.id AS id,
    s.id AS summit_id,
    t.kind AS kind,
    t.text AS text,
    b.id AS said_by,
    t.area_ids AS area_ids,
    t.initiative_ids AS initiative_ids,
    t.citations AS citations
FROM statement AS t
JOIN summit AS s ON s.rank = t.summit
LEFT JOIN participant AS b ON b.rank = t.said_by
WHERE t.rank > :after
  AND (:id IS NULL OR t.id IN (SELECT value FROM json_each(:id)))
  AND (:summit IS NULL OR t.summit IN (
      SELECT rank FROM summit WHERE id IN (SELECT value FROM json_each(:summit))))
  AND (:kind IS NULL OR t.kind IN (SELECT value FROM json_each(:kind)))
  AND (:area IS NULL OR t.rank IN (
      SELECT l.statement FROM statement_area AS l JOIN area AS k ON k.rank = l.area
      WHERE k.id IN (SELECT value FROM json_each(:area))))
  AND (:initiative IS NULL OR t.rank IN (
      SELECT l.statement FROM statement_initiative AS l JOIN initiative AS k ON k.rank = l.initiative
      WHERE k.id IN (SELECT value FROM json_each(:initiative))))
  AND (:participant IS NULL OR t.said_by IN (
      SELECT rank FROM participant WHERE id IN (SELECT value FROM json_each(:participant))))
  AND (:source IS NULL OR t.rank IN (
      SELECT c.row FROM citation AS c JOIN source AS k ON k.rank = c.source
      WHERE c.resource = 'statements' AND k.id IN (SELECT value FROM json_each(:source))))
ORDER BY t.rank
LIMIT :limit
