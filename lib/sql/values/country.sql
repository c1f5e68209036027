-- The country codes a filter by country may name.
SELECT country_code AS value FROM summit WHERE :value IS NULL OR country_code = :value
UNION
SELECT country_code FROM participant WHERE :value IS NULL OR country_code = :value
ORDER BY value
LIMIT :limit
