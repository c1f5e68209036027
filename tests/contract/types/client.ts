import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const querySerializer = { array: { style: "form", explode: false } } as const;
const client = createClient<paths>({ baseUrl: process.argv[2] ?? "", querySerializer });

const { data, error } = await client.GET("/v1/summits/{id}/proposals", {
  params: { path: { id: "xian-2023" }, query: { include: ["measures", "areas"] } },
});
if (error) throw new Error(`${error.title}: ${error.detail}`);
for (const { number, title } of data.data) console.log(`${number}. ${title}`);
if (data.data.length !== 8) throw new Error(`${data.data.length} proposals, not 8`);
