-- The sources, in the order of the record, that match every filter given.
SELECT
    o.rank AS rank,
    o.id AS id,
    o.title AS title,
    o.publisher AS publisher,
    o.place AS place,
    o.published_on AS published_on,
    o.language AS language,
    o.url AS url,
    o.paragraph_count AS paragraph_count,
    o.cited_count AS cited_count,
    o.omitted_paragraphs AS omitted_paragraphs
FROM source AS o
WHERE o.rank > :after
  AND (:id IS NULL OR o.id IN (SELECT value FROM json_each(:id)))
  AND (:summit IS NULL OR o.rank IN (
      SELECT l.source FROM summit_source AS l JOIN summit AS t ON t.rank = l.summit
      WHERE t.id IN (SELECT value FROM json_each(:summit))))
ORDER BY o.rank
LIMIT :limit
