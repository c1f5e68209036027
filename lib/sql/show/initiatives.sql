-- One initiative, by its rank.
SELECT
    i.id AS id,
    i.name AS name,
    i.description AS description,
    i.launched_by AS launched_by,
    i.counts AS counts,
    i.aliases AS aliases,
    i.citations AS citations
FROM initiative AS i
WHERE i.rank = :rank
LIMIT 1
