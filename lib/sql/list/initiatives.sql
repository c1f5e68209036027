-- The initiatives, in the order of the record, that match every filter given.
SELECT
    i.rank AS rank,
    i.id AS id,
    i.name AS name,
    i.aliases AS aliases,
    i.description AS description,
    i.launched_by AS launched_by,
    i.counts AS counts,
    i.citations AS citations
FROM initiative AS i
WHERE i.rank > :after
  AND (:id IS NULL OR i.id IN (SELECT value FROM json_each(:id)))
  AND (:summit IS NULL OR i.rank IN (
      SELECT l.initiative FROM summit_initiative AS l JOIN summit AS t ON t.rank = l.summit
      WHERE t.id IN (SELECT value FROM json_each(:summit))))
  AND (:source IS NULL OR i.rank IN (
      SELECT c.row FROM citation AS c JOIN source AS t ON t.rank = c.source
      WHERE c.resource = 'initiatives' AND t.id IN (SELECT value FROM json_each(:source))))
ORDER BY i.rank
LIMIT :limit
