-- Counts the rows that name each initiative.
UPDATE initiative SET counts = json_object(
    'measures', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'measures' AND t.filter = 'initiative' AND t.value = initiative.id), 0),
    'statements', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'statements' AND t.filter = 'initiative' AND t.value = initiative.id), 0))
