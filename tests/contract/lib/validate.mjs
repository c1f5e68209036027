// Answers and examples against the schemas of the description, by the letter of JSON Schema 2020-12.
import assert from "node:assert/strict";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parseCsv } from "./csv.mjs";
import { description, resolve } from "./description.mjs";

const ajv = new Ajv.default({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats.default(ajv);

// Each component schema is a schema document of its own, named like the component.
function detach(schema) {
  if (Array.isArray(schema)) return schema.map(detach);
  if (schema === null || typeof schema !== "object") return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === "$ref" ? value.replace("#/components/schemas/", "") : detach(value),
    ]),
  );
}

for (const [name, schema] of Object.entries(description.components.schemas)) {
  ajv.addSchema(detach(schema), name);
}

const compiled = new Map();

export function checkValue(schema, value, what) {
  if (!compiled.has(schema)) compiled.set(schema, ajv.compile(detach(schema)));
  const validate = compiled.get(schema);
  if (validate(value)) return;
  const lines = validate.errors.map(
    ({ instancePath, message, params }) =>
      `${instancePath || "/"}: ${message} ${JSON.stringify(params)}`,
  );
  assert.fail(`${what}\n${lines.join("\n")}\nin ${JSON.stringify(value)?.slice(0, 2000)}`);
}

// What every HTTP answer may carry without being described: message framing, and media types,
// which `content` describes.
const framing = new Set([
  ...["date", "connection", "content-length", "transfer-encoding", "content-type"],
]);

// Media types are described without these parameters.
const mediaParameters = {
  "application/linkset+json": 'profile="https://www.rfc-editor.org/info/rfc9727"',
  "text/csv": "charset=utf-8; header=present",
  "text/html": "charset=utf-8",
  "text/plain": "charset=utf-8",
};

function checkHeaders(documented, headers, what) {
  const names = new Set(Object.keys(documented).map((name) => name.toLowerCase()));
  for (const [name, reference] of Object.entries(documented)) {
    const header = resolve(reference);
    const value = headers.get(name.toLowerCase());
    if (value === undefined) {
      assert.ok(!header.required, `${what}: no ${name}`);
      continue;
    }
    const type = resolve(header.schema).type;
    checkValue(header.schema, type === "integer" ? Number(value) : value, `${what}: ${name}`);
  }
  for (const name of headers.keys()) {
    assert.ok(names.has(name) || framing.has(name), `${what}: ${name} is not described`);
  }
}

export const isJson = (type) => /[/+]json$/.test(type);

export const mediaType = (headers) => headers.get("content-type")?.split(";")[0].trim();

// What a body says: parsed if it is JSON, else as text.
export const valueOf = (headers, body) =>
  isJson(mediaType(headers)) ? JSON.parse(body) : body.toString("utf8");

// The rows of a text that is nothing but rows, each held to the schema of the operation's rows.
export function rowsOf(operation, type, text, what) {
  const rows =
    type === "text/csv"
      ? parseCsv(text, operation.rowSchema.anyOf[0])
      : text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  rows.forEach((row, index) => checkValue(operation.rowSchema, row, `${what}: row ${index + 1}`));
  return rows;
}

const isRows = (type) => type === "text/csv" || type === "application/x-ndjson";

// Holds an answer to what the operation says about its status: header fields, both ways, media
// type and body. Gives the body, parsed if it is JSON.
export function checkAnswer(operation, { status, headers, body }, label = "") {
  const what = `${operation.id} ${status} ${label}`.trim();
  const response = operation.responses[status];
  assert.ok(response, `${what}: status not described, with ${body}`);
  checkHeaders(response.headers ?? {}, headers, what);
  if (!response.content) {
    assert.equal(body.length, 0, `${what}: a body`);
    return undefined;
  }
  const type = mediaType(headers);
  const media = response.content[type];
  assert.ok(media, `${what}: media type ${type} is not described`);
  const whole = [type, mediaParameters[type]].filter(Boolean).join("; ");
  assert.equal(headers.get("content-type"), whole, `${what}: Content-Type`);
  const value = valueOf(headers, body);
  if (isRows(type)) rowsOf(operation, type, value, what);
  checkValue(media.schema, value, `${what}: body`);
  return value;
}

// A validator of its own for the record's schema.
export function recordValidator(schema) {
  const own = new Ajv.default({ strict: true, allowUnionTypes: true, allErrors: true });
  addFormats.default(own);
  return own.compile(schema);
}
