-- The measures, in the order of their proposal and number, that match every filter given.
SELECT
    m.rank AS rank,
    m.id AS id,
    s.id AS summit_id,
    p.id AS proposal_id,
    m.number AS number,
    m.text AS text,
    m.modality AS modality,
    m.amounts AS amounts,
    m.area_ids AS area_ids,
    m.initiative_ids AS initiative_ids,
    m.mechanism_ids AS mechanism_ids,
    m.citations AS citations
FROM measure AS m
JOIN summit AS s ON s.rank = m.summit
JOIN proposal AS p ON p.rank = m.proposal
WHERE m.rank > :after
  AND (:id IS NULL OR m.id IN (SELECT value FROM json_each(:id)))
  AND (:summit IS NULL OR m.summit IN (
      SELECT rank FROM summit WHERE id IN (SELECT value FROM json_each(:summit))))
  AND (:proposal IS NULL OR m.proposal IN (
      SELECT rank FROM proposal WHERE id IN (SELECT value FROM json_each(:proposal))))
  AND (:area IS NULL OR m.rank IN (
      SELECT l.measure FROM measure_area AS l JOIN area AS t ON t.rank = l.area
      WHERE t.id IN (SELECT value FROM json_each(:area))))
  AND (:initiative IS NULL OR m.rank IN (
      SELECT l.measure FROM measure_initiative AS l JOIN initiative AS t ON t.rank = l.initiative
      WHERE t.id IN (SELECT value FROM json_each(:initiative))))
  AND (:mechanism IS NULL OR m.rank IN (
      SELECT l.measure FROM measure_mechanism AS l JOIN mechanism AS t ON t.rank = l.mechanism
      WHERE t.id IN (SELECT value FROM json_each(:mechanism))))
  AND (:modality IS NULL OR m.modality IN (SELECT value FROM json_each(:modality)))
  AND (:source IS NULL OR m.rank IN (
      SELECT c.row FROM citation AS c JOIN source AS t ON t.rank = c.source
      WHERE c.resource = 'measures' AND t.id IN (SELECT value FROM json_each(:source))))
ORDER BY m.rank
LIMIT :limit
