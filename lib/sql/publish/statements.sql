-- Fills statement from the record's statements, by summit, then in the order of the record.
INSERT INTO statement (
    id, summit, kind, text, said_by, area_ids, initiative_ids, citations
)
SELECT
    r.value ->> 'id',
    s.rank,
    r.value ->> 'kind',
    r.value ->> 'text',
    b.rank,
    r.value -> 'area_ids',
    r.value -> 'initiative_ids',
    r.value -> 'citations'
FROM json_each(:rows) AS r
CROSS JOIN summit AS s ON s.id = r.value ->> 'summit_id'
LEFT JOIN participant AS b ON b.id = r.value ->> 'said_by'
ORDER BY s.rank, r.key
