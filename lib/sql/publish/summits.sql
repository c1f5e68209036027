-- Fills summit from the record's summits, in the order of their first day.
INSERT INTO summit (
    id, name, aliases, series, starts_on, ends_on, city, region, country, country_code, summary,
    citations
)
SELECT
    r.value ->> 'id',
    r.value ->> 'name',
    r.value -> 'aliases',
    r.value ->> 'series',
    r.value ->> 'starts_on',
    r.value ->> 'ends_on',
    r.value ->> 'city',
    r.value ->> 'region',
    r.value -> 'country',
    r.value -> 'country' ->> 'code',
    r.value ->> 'summary',
    r.value -> 'citations'
FROM json_each(:rows) AS r
ORDER BY r.value ->> 'starts_on', r.value ->> 'id'
