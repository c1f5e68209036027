-- The summits, in the order of their first day, that match every filter given.
SELECT
    m.rank AS rank,
    m.id AS id,
    m.name AS name,
    m.aliases AS aliases,
    m.series AS series,
    m.starts_on AS starts_on,
    m.ends_on AS ends_on,
    m.city AS city,
    m.region AS region,
    m.country AS country,
    m.summary AS summary,
    m.counts AS counts,
    m.citations AS citations
FROM summit AS m
WHERE m.rank > :after
  AND (:id IS NULL OR m.id IN (SELECT value FROM json_each(:id)))
  AND (:country IS NULL OR m.country_code IN (SELECT value FROM json_each(:country)))
  AND (:source IS NULL OR m.rank IN (
      SELECT c.row FROM citation AS c JOIN source AS t ON t.rank = c.source
      WHERE c.resource = 'summits' AND t.id IN (SELECT value FROM json_each(:source))))
ORDER BY m.rank
LIMIT :limit
