-- The place at which documents of one summit, :scope, find an area, by its rank; none for an area that
-- the summit has not got.
SELECT l.document AS place
FROM summit AS s
JOIN summit_area AS l ON l.summit = s.rank
WHERE s.id = :scope AND l.area = :rank
ORDER BY l.document
LIMIT 1
