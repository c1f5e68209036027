-- The rows that cite a source, by paragraph, type and row; walks the index of that order, so that no
-- more is read than :limit asks for.
SELECT
    c.paragraph AS paragraph,
    c.resource AS type,
    coalesce(s.id, p.id, r.id, m.id, a.id, t.id, i.id, n.id) AS id,
    coalesce(s.name, p.name, r.title, m.text, a.name, t.text, i.name, n.name) AS title
FROM source AS o
CROSS JOIN citation AS c INDEXED BY citation_by_paragraph ON c.source = o.rank
LEFT JOIN summit AS s ON c.resource = 'summits' AND s.rank = c.row
LEFT JOIN participant AS p ON c.resource = 'participants' AND p.rank = c.row
LEFT JOIN proposal AS r ON c.resource = 'proposals' AND r.rank = c.row
LEFT JOIN measure AS m ON c.resource = 'measures' AND m.rank = c.row
LEFT JOIN area AS a ON c.resource = 'areas' AND a.rank = c.row
LEFT JOIN statement AS t ON c.resource = 'statements' AND t.rank = c.row
LEFT JOIN initiative AS i ON c.resource = 'initiatives' AND i.rank = c.row
LEFT JOIN mechanism AS n ON c.resource = 'mechanisms' AND n.rank = c.row
WHERE o.id = :source
ORDER BY c.paragraph, c.resource, c.row
LIMIT :limit
