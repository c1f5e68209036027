-- Forgets what ANALYZE says of tables with a few rows: for those a scan looks as good as an index to
-- the planner, and with one row a sort too. Without it, they are planned for as large ones are.
DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < 10
