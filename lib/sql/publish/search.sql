-- Fills the search index: each row's title, its other texts, and the other spellings of its name.
INSERT INTO search (rowid, title, text, aliases)
SELECT r.base + d.rank, d.title, d.text,
    coalesce((SELECT group_concat(l.value, '; ') FROM json_each(d.aliases) AS l), '')
FROM (
    SELECT 'summits' AS resource, rank, name AS title,
        summary || ' ' || city || coalesce(', ' || region, '') || ', ' || (country ->> 'name')
            || coalesce(', ' || series, '') AS text,
        aliases
    FROM summit
    UNION ALL SELECT 'participants', rank, name, office || ', ' || (country ->> 'name'), aliases
    FROM participant
    UNION ALL SELECT 'proposals', rank, title, summary, '[]' FROM proposal
    UNION ALL SELECT 'measures', rank, '', text, '[]' FROM measure
    UNION ALL SELECT 'areas', rank, name, coalesce(description, ''), aliases FROM area
    UNION ALL SELECT 'statements', rank, '', text, '[]' FROM statement
    UNION ALL SELECT 'initiatives', rank, name, coalesce(description, ''), aliases FROM initiative
    UNION ALL SELECT 'mechanisms', rank, name, coalesce(description, ''), aliases FROM mechanism
    UNION ALL SELECT 'sources', rank, title,
        ltrim(coalesce(publisher, '') || coalesce(' ' || place, '')), '[]'
    FROM source
) AS d
CROSS JOIN resource AS r ON r.name = d.resource
ORDER BY 1
