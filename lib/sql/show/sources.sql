-- One source, by its rank.
SELECT
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
WHERE o.rank = :rank
LIMIT 1
