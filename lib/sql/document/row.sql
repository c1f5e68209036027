-- A row as documents show it, by its place among all rows.
SELECT d.json AS json
FROM document AS d
WHERE d.place = :place
LIMIT 1
