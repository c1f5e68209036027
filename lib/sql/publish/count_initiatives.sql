-- Counts the rows that name each initiative.
UPDATE initiative SET counts = json_object(
    'measures', (SELECT count(*) FROM measure_initiative AS x WHERE x.initiative = initiative.rank),
    'statements', (
        SELECT count(*) FROM statement_initiative AS x WHERE x.initiative = initiative.rank))
