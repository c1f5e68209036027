-- Fills mechanism from the record's mechanisms, by summit, then in the order of the record.
INSERT INTO mechanism (
    id, summit, proposal, name, aliases, description, standing, area_ids, citations
)
SELECT
    r.value ->> 'id',
    s.rank,
    p.rank,
    r.value ->> 'name',
    r.value -> 'aliases',
    r.value ->> 'description',
    r.value ->> 'standing',
    r.value -> 'area_ids',
    r.value -> 'citations'
FROM json_each(:rows) AS r
CROSS JOIN summit AS s ON s.id = r.value ->> 'summit_id'
LEFT JOIN proposal AS p ON p.id = r.value ->> 'proposal_id'
ORDER BY s.rank, r.key
