-- Fills source from the record's sources, in the order of the record.
INSERT INTO source (
    id, title, publisher, place, published_on, language, url, paragraph_count, omitted_paragraphs
)
SELECT
    r.value ->> 'id',
    r.value ->> 'title',
    r.value ->> 'publisher',
    r.value ->> 'place',
    r.value ->> 'published_on',
    r.value ->> 'language',
    r.value ->> 'url',
    r.value ->> 'paragraph_count',
    r.value -> 'omitted_paragraphs'
FROM json_each(:rows) AS r
ORDER BY r.key
