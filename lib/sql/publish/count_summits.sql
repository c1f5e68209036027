-- Counts what each summit has.
UPDATE summit SET counts = json_object(
    'participants', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'participants' AND t.filter = 'summit' AND t.value = summit.id), 0),
    'proposals', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'proposals' AND t.filter = 'summit' AND t.value = summit.id), 0),
    'measures', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'measures' AND t.filter = 'summit' AND t.value = summit.id), 0),
    'areas', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'areas' AND t.filter = 'summit' AND t.value = summit.id), 0),
    'statements', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'statements' AND t.filter = 'summit' AND t.value = summit.id), 0),
    'initiatives', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'initiatives' AND t.filter = 'summit' AND t.value = summit.id), 0),
    'mechanisms', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'mechanisms' AND t.filter = 'summit' AND t.value = summit.id), 0),
    'sources', coalesce((SELECT t.row_count FROM term AS t
        WHERE t.resource = 'sources' AND t.filter = 'summit' AND t.value = summit.id), 0))
