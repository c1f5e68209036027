-- Keeps a row as documents show it.
INSERT INTO document (place, json)
VALUES (:place, :json)
