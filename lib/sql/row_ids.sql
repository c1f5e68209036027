-- The ids of rows, by their places among all rows.
SELECT d.json ->> '$.id' AS id
FROM json_each(:places) AS p
CROSS JOIN document AS d ON d.place = p.value
ORDER BY d.place
LIMIT :limit
