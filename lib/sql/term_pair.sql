-- How many rows two terms share, where that was counted when they were published.
SELECT row_count FROM term_pair
WHERE (term = :term AND other = :other) OR (term = :other AND other = :term)
ORDER BY term
LIMIT 1
