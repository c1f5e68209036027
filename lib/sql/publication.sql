-- What this database publishes.
SELECT revision, published_at FROM publication LIMIT 1
