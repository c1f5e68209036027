-- Fills measure from the record's measures, by proposal and number.
INSERT INTO measure (
    id, summit, proposal, number, text, modality, amounts, area_ids, initiative_ids, mechanism_ids, citations
)
SELECT
    r.value ->> 'id',
    p.summit,
    p.rank,
    r.value ->> 'number',
    r.value ->> 'text',
    r.value ->> 'modality',
    r.value -> 'amounts',
    r.value -> 'area_ids',
    r.value -> 'initiative_ids',
    r.value -> 'mechanism_ids',
    r.value -> 'citations'
FROM json_each(:rows) AS r
CROSS JOIN proposal AS p ON p.id = r.value ->> 'proposal_id'
ORDER BY p.rank, r.value ->> 'number'
