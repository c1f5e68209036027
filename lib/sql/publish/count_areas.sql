-- Counts the rows that name each area.
UPDATE area SET counts = json_object(
    'proposals', (SELECT count(*) FROM proposal_area AS x WHERE x.area = area.rank),
    'measures', (SELECT count(*) FROM measure_area AS x WHERE x.area = area.rank),
    'statements', (SELECT count(*) FROM statement_area AS x WHERE x.area = area.rank),
    'mechanisms', (SELECT count(*) FROM mechanism_area AS x WHERE x.area = area.rank))
