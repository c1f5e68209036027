// CSV read back by the rules of the schema Csv in openapi.yaml: columns follow from the schema of
// the rows, and rows are made again of their fields.
import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { resolve } from "./description.mjs";

// What a member of a row becomes: { name, list, members }. Members are those of an object, or of
// the objects in a list, else null.
function shapesOf(schema) {
  return Object.entries(resolve(schema).properties).map(([name, property]) => {
    const own = resolve(property);
    const entry = resolve(own.items ?? own);
    return { name, schema: entry, isList: "items" in own, members: entry.properties ?? null };
  });
}

export function columnsOf(schema) {
  return shapesOf(schema).flatMap(({ name, members }) =>
    members === null ? [name] : Object.keys(members).map((member) => `${name}.${member}`),
  );
}

// What a spreadsheet would run if it were not for the apostrophe in front.
const guarded = /^'['\s\u00a0\u3000\ufeff]*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/;

// The entries of a list: cut at each `|` that no `\` escapes.
function entriesOf(field) {
  const entries = field === "" ? [] : [""];
  for (const [piece] of field.matchAll(/\\.|./gs)) {
    if (piece === "|") entries.push("");
    else entries[entries.length - 1] += piece.slice(-1);
  }
  return entries;
}

function valueFrom(text, schema) {
  const { type, items, properties } = resolve(schema);
  if (text === "") return null;
  if (items || properties) return JSON.parse(text);
  return [type].flat().includes("integer") ? Number(text) : text;
}

function memberFrom({ name, schema, isList, members }, fields) {
  if (!members) {
    const field = fields.get(name);
    return isList
      ? entriesOf(field).map((entry) => valueFrom(entry, schema))
      : valueFrom(field, schema);
  }
  const columns = Object.entries(members).map(([member, property]) => {
    const field = fields.get(`${name}.${member}`);
    return [member, (isList ? entriesOf(field) : [field]).map((one) => valueFrom(one, property))];
  });
  const objects = columns[0][1].map((_, index) =>
    Object.fromEntries(columns.map(([member, values]) => [member, values[index]])),
  );
  for (const [member, { length }] of columns)
    assert.equal(length, objects.length, `entries of ${name}.${member}`);
  return isList ? objects : objects[0];
}

// The rows of a CSV text as JSON has them; the columns must be those of the schema, some or all.
export function parseCsv(text, schema) {
  assert.ok(text.endsWith("\r\n"), "the last line has no end");
  const [header, ...lines] = parse(text, { record_delimiter: "\r\n" });
  const shapes = shapesOf(schema).filter(({ name, members }) =>
    header.includes(members ? `${name}.${Object.keys(members)[0]}` : name),
  );
  const names = shapes.map(({ name }) => name);
  const wanted = columnsOf(schema).filter((column) => names.includes(column.split(".")[0]));
  assert.deepEqual(header, wanted, "the columns");
  return lines.map((line) => {
    const fields = new Map(
      line.map((field, place) => [header[place], guarded.test(field) ? field.slice(1) : field]),
    );
    return Object.fromEntries(shapes.map((shape) => [shape.name, memberFrom(shape, fields)]));
  });
}
