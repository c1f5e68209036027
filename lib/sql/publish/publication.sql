-- States what was published, and when.
INSERT INTO publication (only, revision, published_at)
VALUES (1, :revision, :published_at)
