-- One participant, by its rank.
SELECT
    p.id AS id,
    s.id AS summit_id,
    p.name AS name,
    p.office AS office,
    p.country AS country,
    p.role AS role,
    p.position AS position,
    p.aliases AS aliases,
    p.citations AS citations
FROM participant AS p
JOIN summit AS s ON s.rank = p.summit
WHERE p.rank = :rank
LIMIT 1
