-- Counts the rows of one summit that name each area.
UPDATE summit_area SET counts = json_object(
    'proposals', (
        SELECT count(*) FROM proposal_area AS x JOIN proposal AS y ON y.rank = x.proposal
        WHERE x.area = summit_area.area AND y.summit = summit_area.summit),
    'measures', (
        SELECT count(*) FROM measure_area AS x JOIN measure AS y ON y.rank = x.measure
        WHERE x.area = summit_area.area AND y.summit = summit_area.summit),
    'statements', (
        SELECT count(*) FROM statement_area AS x JOIN statement AS y ON y.rank = x.statement
        WHERE x.area = summit_area.area AND y.summit = summit_area.summit),
    'mechanisms', (
        SELECT count(*) FROM mechanism_area AS x JOIN mechanism AS y ON y.rank = x.mechanism
        WHERE x.area = summit_area.area AND y.summit = summit_area.summit))
