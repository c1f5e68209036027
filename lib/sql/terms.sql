-- The terms of a resource's filter for some of its values, and how many rows each has.
SELECT rank, row_count FROM term
WHERE resource = :resource
  AND filter IN (SELECT value FROM json_each(:filters))
  AND value IN (SELECT value FROM json_each(:values))
ORDER BY rank
LIMIT :limit
