-- The first row whose document is no JSON; none if all is well.
SELECT json
FROM document
WHERE NOT json_valid(json)
LIMIT 1
