-- The JSON pointer (RFC 6901) of every key that stands more than once in its object.
WITH RECURSIVE
    node AS MATERIALIZED (SELECT id, parent, key FROM json_tree(:text)),
    duplicate AS (
        SELECT parent, key, count(*) AS times FROM node
        WHERE typeof(key) = 'text'
        GROUP BY parent, key HAVING count(*) > 1
    ),
    walk (pointer, at, key, times) AS (
        SELECT '/' || replace(replace(key, '~', '~0'), '/', '~1'), parent, key, times FROM duplicate
        UNION ALL
        SELECT coalesce('/' || replace(replace(n.key, '~', '~0'), '/', '~1'), '') || w.pointer,
            n.parent, w.key, w.times
        FROM walk AS w JOIN node AS n ON n.id = w.at
    )
SELECT pointer, key, times FROM walk
WHERE at IS NULL
ORDER BY pointer
LIMIT 1000
