-- The words that begin with :word, those in the most documents first; or only :word itself.
SELECT word, document_count FROM word
WHERE word >= :word AND word <= CASE WHEN :is_prefix THEN :word || char(1114111) ELSE :word END
ORDER BY document_count DESC, word
LIMIT :limit
