-- How many values a filter has; counting ends at :limit.
SELECT count(*) AS width
FROM (SELECT rank FROM term WHERE resource = :resource AND filter = :filter LIMIT :limit)
