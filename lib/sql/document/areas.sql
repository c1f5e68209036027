-- An area as documents show it, by its rank and place; :scope is the one summit it is shown for.
SELECT d.json AS json
FROM document AS d
WHERE d.place = coalesce((
    SELECT l.document
    FROM summit AS s
    JOIN summit_area AS l ON l.summit = s.rank
    WHERE s.id = :scope AND l.area = :rank
), :place)
LIMIT 1
