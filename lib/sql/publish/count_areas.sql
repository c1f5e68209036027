-- Counts the rows that name each area.
UPDATE area SET counts = json_object(
    'proposals', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'proposals' AND t.filter = 'area' AND t.value = area.id), 0),
    'measures', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'measures' AND t.filter = 'area' AND t.value = area.id), 0),
    'statements', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'statements' AND t.filter = 'area' AND t.value = area.id), 0),
    'mechanisms', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'mechanisms' AND t.filter = 'area' AND t.value = area.id), 0))
