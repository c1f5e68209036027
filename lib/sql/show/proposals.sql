-- One proposal, by its rank.
SELECT
    p.id AS id,
    s.id AS summit_id,
    p.number AS number,
    p.title AS title,
    p.summary AS summary,
    b.id AS proposed_by,
    p.area_ids AS area_ids,
    p.measure_count AS measure_count,
    p.citations AS citations
FROM proposal AS p
JOIN summit AS s ON s.rank = p.summit
JOIN participant AS b ON b.rank = p.proposed_by
WHERE p.rank = :rank
LIMIT 1
