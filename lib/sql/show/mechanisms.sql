-- One mechanism, by its rank.
SELECT
    m.id AS id,
    s.id AS summit_id,
    m.name AS name,
    m.description AS description,
    m.standing AS standing,
    m.area_ids AS area_ids,
    p.id AS proposal_id,
    m.aliases AS aliases,
    m.citations AS citations
FROM mechanism AS m
JOIN summit AS s ON s.rank = m.summit
LEFT JOIN proposal AS p ON p.rank = m.proposal
WHERE m.rank = :rank
LIMIT 1
