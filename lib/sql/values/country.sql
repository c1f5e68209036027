-- The country codes a filter by country may name: all, or the one that is :value.
SELECT DISTINCT t.value AS value FROM term AS t
WHERE t.resource IN ('summits', 'participants') AND t.filter = 'country'
  AND t.value >= coalesce(:value, '') AND t.value <= coalesce(:value, '~')
ORDER BY t.value
LIMIT :limit
