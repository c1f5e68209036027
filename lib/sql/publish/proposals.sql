-- Fills proposal from the record's proposals, by summit and number.
INSERT INTO proposal (
    id, summit, number, title, summary, proposed_by, area_ids, citations
)
SELECT
    r.value ->> 'id',
    s.rank,
    r.value ->> 'number',
    r.value ->> 'title',
    r.value ->> 'summary',
    b.rank,
    r.value -> 'area_ids',
    r.value -> 'citations'
FROM json_each(:rows) AS r
CROSS JOIN summit AS s ON s.id = r.value ->> 'summit_id'
CROSS JOIN participant AS b ON b.id = r.value ->> 'proposed_by'
ORDER BY s.rank, r.value ->> 'number'
