-- One measure, by its rank.
SELECT
    m.id AS id,
    s.id AS summit_id,
    p.id AS proposal_id,
    m.number AS number,
    m.text AS text,
    m.modality AS modality,
    m.amounts AS amounts,
    m.area_ids AS area_ids,
    m.initiative_ids AS initiative_ids,
    m.mechanism_ids AS mechanism_ids,
    m.citations AS citations
FROM measure AS m
JOIN summit AS s ON s.rank = m.summit
JOIN proposal AS p ON p.rank = m.proposal
WHERE m.rank = :rank
LIMIT 1
