-- Gives each area its place as documents of one summit show it: after all rows.
UPDATE summit_area
SET document = p.place
FROM (
    SELECT l.summit, l.area,
        (SELECT sum(row_count) FROM resource) + row_number() OVER (ORDER BY l.summit, l.area)
            AS place
    FROM summit_area AS l
) AS p
WHERE summit_area.summit = p.summit AND summit_area.area = p.area
