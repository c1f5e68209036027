-- Counts the paragraphs of each source that some row cites.
UPDATE source SET cited_count = (
    SELECT count(DISTINCT x.paragraph) FROM citation AS x WHERE x.source = source.rank)
