-- Fills area from the record's areas, in the order of the record.
INSERT INTO area (
    id, name, aliases, description, summits, citations
)
SELECT
    r.value ->> 'id',
    r.value ->> 'name',
    r.value -> 'aliases',
    r.value ->> 'description',
    r.value -> 'summits',
    r.value -> 'citations'
FROM json_each(:rows) AS r
ORDER BY r.key
