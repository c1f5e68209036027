import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

// What this client reads of the forms that answers can have.
type Media = "application/json" | "application/problem+json";

const querySerializer = { array: { style: "form", explode: false } } as const;
const client = createClient<paths, Media>({ baseUrl: process.argv[2] ?? "", querySerializer });

// Rows are whole, as `fields` is not given.
const proposals = await client.GET("/v1/summits/{id}/proposals", {
  params: { path: { id: "xian-2023" }, query: { include: ["measures.areas", "areas"] } },
});
if (proposals.error) throw new Error(`${proposals.error.title}: ${proposals.error.detail}`);
const rows = proposals.data.data as components["schemas"]["Proposal"][];
for (const { number, title } of rows) console.log(`${number}. ${title}`);
if (rows.length !== 8) throw new Error(`${rows.length} proposals, not 8`);
const { measures = [], areas = [] } = proposals.data.included ?? {};
const names = new Map(areas.map(({ id, name }) => [id, name]));
for (const { text, area_ids } of measures)
  for (const id of area_ids) if (!names.has(id)) throw new Error(`${text}: ${id} is not included`);

const search = await client.GET("/v1/search", {
  params: { query: { q: "energy", type: ["areas", "proposals"], limit: 5 } },
});
if (search.error) throw new Error(`${search.error.title}: ${search.error.detail}`);
for (const { type, href, snippet } of search.data.data) {
  const points = [...snippet.text];
  const words = snippet.matches.map(({ start, length }) => points.slice(start, start + length));
  console.log(`${type} ${href}: ${words.map((word) => word.join("")).join(", ")}`);
}

const faceted = await client.GET("/v1/measures", {
  params: { query: { facet: ["modality"], sort: ["-number"], fields: ["id", "number"], limit: 1 } },
});
if (faceted.error) throw new Error(`${faceted.error.title}: ${faceted.error.detail}`);
const { facets, facets_qualifier, total, total_qualifier } = faceted.data.meta;
const counts = facets?.modality?.map(({ value, count }) => `${value}: ${count}`) ?? [];
console.log(`${total_qualifier} ${total}, ${facets_qualifier} ${counts.join(", ")}`);
// @ts-expect-error: proposals have no modality, so nothing can be asked of it.
await client.GET("/v1/proposals", { params: { query: { facet: ["modality"] } } });
