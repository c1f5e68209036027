-- Links each summit to the initiatives that its measures and statements name.
INSERT INTO summit_initiative (summit, initiative)
SELECT m.summit, l.initiative FROM measure_initiative AS l JOIN measure AS m ON m.rank = l.measure
UNION
SELECT t.summit, l.initiative FROM statement_initiative AS l JOIN statement AS t ON t.rank = l.statement
