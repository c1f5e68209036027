-- Fills participant from the record's participants, by summit and position.
INSERT INTO participant (
    id, summit, name, aliases, office, country, country_code, role, position, citations
)
SELECT
    r.value ->> 'id',
    s.rank,
    r.value ->> 'name',
    r.value -> 'aliases',
    r.value ->> 'office',
    r.value -> 'country',
    r.value -> 'country' ->> 'code',
    r.value ->> 'role',
    r.value ->> 'position',
    r.value -> 'citations'
FROM json_each(:rows) AS r
CROSS JOIN summit AS s ON s.id = r.value ->> 'summit_id'
ORDER BY s.rank, r.value ->> 'position'
