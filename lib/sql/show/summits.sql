-- One summit, by its rank.
SELECT
    m.id AS id,
    m.name AS name,
    m.series AS series,
    m.starts_on AS starts_on,
    m.ends_on AS ends_on,
    m.city AS city,
    m.region AS region,
    m.country AS country,
    m.summary AS summary,
    m.counts AS counts,
    m.aliases AS aliases,
    m.citations AS citations
FROM summit AS m
WHERE m.rank = :rank
LIMIT 1
