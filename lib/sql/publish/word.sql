-- Counts the documents that have each word of the search index.
INSERT INTO word (word, document_count)
SELECT v.term, v.doc FROM temp.vocabulary AS v
ORDER BY v.term
