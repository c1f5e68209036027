-- Counts the measures under each proposal.
UPDATE proposal SET measure_count = (
    SELECT count(*) FROM measure AS x WHERE x.proposal = proposal.rank)
