-- Counts what each summit has.
UPDATE summit SET counts = json_object(
    'participants', (SELECT count(*) FROM participant AS x WHERE x.summit = summit.rank),
    'proposals', (SELECT count(*) FROM proposal AS x WHERE x.summit = summit.rank),
    'measures', (SELECT count(*) FROM measure AS x WHERE x.summit = summit.rank),
    'areas', (SELECT count(*) FROM summit_area AS x WHERE x.summit = summit.rank),
    'statements', (SELECT count(*) FROM statement AS x WHERE x.summit = summit.rank),
    'initiatives', (SELECT count(*) FROM summit_initiative AS x WHERE x.summit = summit.rank),
    'mechanisms', (SELECT count(*) FROM mechanism AS x WHERE x.summit = summit.rank),
    'sources', (SELECT count(*) FROM summit_source AS x WHERE x.summit = summit.rank))
