-- One statement, by its rank.
SELECT
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
WHERE t.rank = :rank
LIMIT 1
