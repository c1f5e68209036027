-- Counts the measures under each proposal.
UPDATE proposal SET measure_count = coalesce((SELECT t.row_count FROM term AS t
    WHERE t.resource = 'measures' AND t.filter = 'proposal' AND t.value = proposal.id), 0)
