-- Notes every value that a filter can find a row by. A category is noted for the area as such and for
-- the area within each summit.
CREATE TEMP TABLE tag AS
SELECT 'summits' AS resource, 'country' AS filter, m.country_code AS value, m.rank AS row FROM summit AS m
UNION ALL SELECT 'summits', 'area', a.id, l.summit
FROM summit_area AS l JOIN area AS a ON a.rank = l.area
UNION ALL SELECT 'summits', 'initiative', l.value, m.summit
FROM measure AS m, json_each(m.initiative_ids) AS l
UNION ALL SELECT 'summits', 'initiative', l.value, t.summit
FROM statement AS t, json_each(t.initiative_ids) AS l
UNION ALL SELECT 'participants', 'summit', s.id, p.rank
FROM participant AS p JOIN summit AS s ON s.rank = p.summit
UNION ALL SELECT 'participants', 'country', p.country_code, p.rank FROM participant AS p
UNION ALL SELECT 'participants', 'role', p.role, p.rank FROM participant AS p
UNION ALL SELECT 'proposals', 'summit', s.id, p.rank
FROM proposal AS p JOIN summit AS s ON s.rank = p.summit
UNION ALL SELECT 'proposals', 'participant', b.id, p.rank
FROM proposal AS p JOIN participant AS b ON b.rank = p.proposed_by
UNION ALL SELECT 'proposals', 'area', l.value, p.rank FROM proposal AS p, json_each(p.area_ids) AS l
UNION ALL SELECT 'measures', 'summit', s.id, m.rank
FROM measure AS m JOIN summit AS s ON s.rank = m.summit
UNION ALL SELECT 'measures', 'proposal', p.id, m.rank
FROM measure AS m JOIN proposal AS p ON p.rank = m.proposal
UNION ALL SELECT 'measures', 'modality', m.modality, m.rank FROM measure AS m
UNION ALL SELECT 'measures', 'area', l.value, m.rank FROM measure AS m, json_each(m.area_ids) AS l
UNION ALL SELECT 'measures', 'initiative', l.value, m.rank
FROM measure AS m, json_each(m.initiative_ids) AS l
UNION ALL SELECT 'measures', 'mechanism', l.value, m.rank
FROM measure AS m, json_each(m.mechanism_ids) AS l
UNION ALL SELECT 'initiatives', 'summit', s.id, i.rank
FROM measure AS m, json_each(m.initiative_ids) AS l
JOIN initiative AS i ON i.id = l.value JOIN summit AS s ON s.rank = m.summit
UNION ALL SELECT 'initiatives', 'summit', s.id, i.rank
FROM statement AS t, json_each(t.initiative_ids) AS l
JOIN initiative AS i ON i.id = l.value JOIN summit AS s ON s.rank = t.summit
UNION ALL SELECT 'areas', 'summit', s.id, l.area
FROM summit_area AS l JOIN summit AS s ON s.rank = l.summit
UNION ALL SELECT 'areas', 'category', l.category, l.area FROM summit_area AS l
UNION ALL SELECT 'areas', 'category of ' || s.id, l.category, l.area
FROM summit_area AS l JOIN summit AS s ON s.rank = l.summit
UNION ALL SELECT 'statements', 'summit', s.id, t.rank
FROM statement AS t JOIN summit AS s ON s.rank = t.summit
UNION ALL SELECT 'statements', 'kind', t.kind, t.rank FROM statement AS t
UNION ALL SELECT 'statements', 'participant', b.id, t.rank
FROM statement AS t JOIN participant AS b ON b.rank = t.said_by
UNION ALL SELECT 'statements', 'area', l.value, t.rank FROM statement AS t, json_each(t.area_ids) AS l
UNION ALL SELECT 'statements', 'initiative', l.value, t.rank
FROM statement AS t, json_each(t.initiative_ids) AS l
UNION ALL SELECT 'mechanisms', 'summit', s.id, m.rank
FROM mechanism AS m JOIN summit AS s ON s.rank = m.summit
UNION ALL SELECT 'mechanisms', 'proposal', p.id, m.rank
FROM mechanism AS m JOIN proposal AS p ON p.rank = m.proposal
UNION ALL SELECT 'mechanisms', 'standing', m.standing, m.rank FROM mechanism AS m
UNION ALL SELECT 'mechanisms', 'area', l.value, m.rank FROM mechanism AS m, json_each(m.area_ids) AS l
UNION ALL SELECT c.resource, 'source', o.id, c.row
FROM citation AS c JOIN source AS o ON o.rank = c.source
UNION ALL SELECT 'sources', 'summit', s.id, c.source
FROM citation AS c
JOIN cited_row AS x ON x.resource = c.resource AND x.row = c.row
JOIN summit AS s ON s.rank = x.summit
