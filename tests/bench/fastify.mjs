// The same documents as a program in JavaScript makes them: fastify.mjs PORT DATABASE
//
// Each request asks the published database, takes the lists and objects that stand in its rows as
// JSON apart, and writes the document anew, as a server of this kind does.
import Database from "better-sqlite3";
import Fastify from "fastify";

const [port, path] = process.argv.slice(2);
const database = new Database(path, { readonly: true });

const measure = `
    SELECT m.id, s.id AS summit_id, p.id AS proposal_id, m.number, m.text, m.modality, m.amounts,
        m.area_ids, m.initiative_ids, m.mechanism_ids, m.citations
    FROM measure AS m
    JOIN summit AS s ON s.rank = m.summit
    JOIN proposal AS p ON p.rank = m.proposal`;
const measuresOfArea = database.prepare(`${measure}
    WHERE EXISTS (SELECT 1 FROM json_each(m.area_ids) WHERE value = ?)
    ORDER BY m.rank LIMIT 50`);
const measures = database.prepare(`${measure} ORDER BY m.rank LIMIT 50`);
const revision = database.prepare("SELECT revision FROM publication").pluck();

// What is related to a measure: the ids that it has, and the statement of the rows of some ids.
const relations = {
    summits: [(row) => [row.summit_id], `
        SELECT r.id, r.name, r.series, r.starts_on, r.ends_on, r.city, r.region, r.country, r.summary,
            r.counts, r.citations
        FROM summit AS r`],
    proposals: [(row) => [row.proposal_id], `
        SELECT r.id, s.id AS summit_id, r.number, r.title, r.summary, b.id AS proposed_by, r.area_ids,
            r.measure_count, r.citations
        FROM proposal AS r
        JOIN summit AS s ON s.rank = r.summit
        JOIN participant AS b ON b.rank = r.proposed_by`],
    areas: [(row) => row.area_ids, `
        SELECT r.id, r.name, r.description, NULL AS category, r.counts, r.citations FROM area AS r`],
    initiatives: [(row) => row.initiative_ids, `
        SELECT r.id, r.name, r.description, r.launched_by, r.counts, r.citations FROM initiative AS r`],
    mechanisms: [(row) => row.mechanism_ids, `
        SELECT r.id, s.id AS summit_id, r.name, r.description, r.standing, r.area_ids,
            p.id AS proposal_id, r.citations
        FROM mechanism AS r
        JOIN summit AS s ON s.rank = r.summit
        LEFT JOIN proposal AS p ON p.rank = r.proposal`],
    sources: [(row) => row.citations.map((citation) => citation.source_id), `
        SELECT r.id, r.title, r.publisher, r.place, r.published_on, r.language, r.url,
            r.paragraph_count, r.cited_count
        FROM source AS r`],
};
for (const [name, [idsOf, statement]] of Object.entries(relations)) {
    const ofSome = "WHERE r.id IN (SELECT value FROM json_each(?)) ORDER BY r.rank";
    relations[name] = { idsOf, rows: database.prepare(`${statement} ${ofSome}`) };
}

const stored = ["amounts", "area_ids", "initiative_ids", "mechanism_ids", "country", "counts", "citations"];

function shown(row) {
    for (const name of stored) {
        if (typeof row[name] === "string") {
            row[name] = JSON.parse(row[name]);
        }
    }
    return row;
}

function related(name, data) {
    const { idsOf, rows } = relations[name];
    return rows.all(JSON.stringify([...new Set(data.flatMap(idsOf))])).map(shown);
}

const server = Fastify({ logger: false, keepAliveTimeout: 65_000 });

server.get("/v1/measures", (request, reply) => {
    const { area, include } = request.query;
    const data = (area ? measuresOfArea.all(area) : measures.all()).map(shown);
    const document = {
        data,
        links: { self: request.url, next: null },
        meta: { total: data.length, total_qualifier: "exact", limit: 50, revision: revision.get() },
    };
    if (include) {
        document.included = Object.fromEntries(include.split(",").map((name) => [name, related(name, data)]));
    }
    reply.send(document);
});

await server.listen({ host: "127.0.0.1", port: Number(port) });
