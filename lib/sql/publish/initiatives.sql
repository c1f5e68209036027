-- Fills initiative from the record's initiatives, in the order of the record.
INSERT INTO initiative (
    id, name, aliases, description, launched_by, citations
)
SELECT
    r.value ->> 'id',
    r.value ->> 'name',
    r.value -> 'aliases',
    r.value ->> 'description',
    r.value ->> 'launched_by',
    r.value -> 'citations'
FROM json_each(:rows) AS r
ORDER BY r.key
