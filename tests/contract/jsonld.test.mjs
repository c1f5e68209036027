// Holds what a running summitd answers to ?format=jsonld to JSON-LD 1.1 and to schema.org: a
// processor without a network expands it and makes RDF of it. SUMMITD names the binary.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import jsonld from "jsonld";
import { Daemon } from "./lib/daemon.mjs";
import { operations } from "./lib/description.mjs";
import { nodesOf, schema, vocabulary } from "./lib/schema-org.mjs";

let daemon;
before(async () => (daemon = await Daemon.start()));
after(() => daemon?.stop());

// Nothing is fetched, and nothing is dropped in silence.
const options = () => ({
  base: daemon.base,
  safe: true,
  documentLoader: (url) => Promise.reject(new Error(`the document wants ${url}`)),
});

async function ask(path) {
  const target = `${path}${path.includes("?") ? "&" : "?"}format=jsonld`;
  const { status, headers, body } = await daemon.send({ target });
  assert.equal(status, 200, `${target}: ${body}`);
  assert.equal(headers.get("content-type").split(";")[0], "application/ld+json", target);
  return JSON.parse(body);
}

// Expands a document and checks each of its nodes. Gives the nodes that have an address, by it.
async function check(path) {
  const document = await ask(path);
  const nodes = nodesOf(await jsonld.expand(document, options()));
  assert.ok(nodes.length > 0, `${path}: no nodes`);
  for (const node of nodes) {
    const what = `${path}: ${JSON.stringify(node)}`;
    assert.equal(node["@type"]?.length, 1, what);
    const properties = vocabulary[node["@type"][0].replace(schema, "")];
    assert.ok(properties, `${what} is of a type that is not expected`);
    for (const key of Object.keys(node).filter((name) => !name.startsWith("@"))) {
      assert.ok(key.startsWith(schema), `${what}: ${key}`);
      assert.ok(properties.includes(key.slice(schema.length)), `${what} has no ${key}`);
    }
  }
  return new Map(nodes.map((node) => [node["@id"]?.replace(daemon.base, ""), node]));
}

// The operations that promise it.
const promises = ({ responses }) =>
  Object.keys(responses[200]?.content ?? {}).some((type) => type.startsWith("application/ld+json"));
const collections = operations.filter((one) => one.isCollection && promises(one));
const items = operations.filter((one) => !one.isCollection && promises(one));

test("collections are graphs of what the JSON has", async (t) => {
  assert.ok(collections.length > 0, "no collection promises application/ld+json");
  for (const operation of collections) {
    await t.test(operation.id, async () => {
      const target = operation.target("limit=200");
      const { data } = await daemon.get(target);
      const resource = operation.path.split("/").at(-1);
      const nodes = await check(target);
      for (const { id } of data) assert.ok(nodes.has(`/v1/${resource}/${id}`), `${target}: ${id}`);
    });
  }
});

test("an item is one node with its address", async (t) => {
  assert.ok(items.length > 0, "no item promises application/ld+json");
  for (const operation of items) {
    await t.test(operation.id, async () => {
      const target = operation.target();
      const document = await ask(target);
      assert.equal(document["@id"], target);
      assert.ok((await check(target)).has(target), target);
    });
  }
});

test("what rows refer to is a node at that address", async () => {
  const references = new Set();
  for (const { path } of collections) {
    if (path.includes("{")) continue;
    for (const node of (await check(`${path}?limit=200`)).values()) {
      const values = ["about", "author", "isPartOf", "mentions", "performerIn", "subjectOf"];
      for (const value of values.flatMap((name) => node[schema + name] ?? []))
        if (Object.keys(value).join() === "@id") references.add(value["@id"]);
    }
  }
  assert.ok(references.size > 40, `${references.size} references`);
  for (const reference of references) {
    assert.ok(reference.startsWith(`${daemon.base}/v1/`), reference);
    const path = reference.slice(daemon.base.length);
    assert.ok((await check(path)).has(path), path);
  }
});

test("from what was said at a summit, and from who was there, the summit is one step", async () => {
  const summits = new Set((await daemon.get("/v1/summits")).data.map(({ id }) => `/v1/summits/${id}`));
  for (const name of ["proposals", "measures", "statements", "mechanisms", "participants"]) {
    const { data } = await daemon.get(`/v1/${name}?limit=200`);
    const nodes = await check(`/v1/${name}?limit=200`);
    for (const { id, summit_id } of data) {
      const node = nodes.get(`/v1/${name}/${id}`);
      const steps = [...(node[`${schema}subjectOf`] ?? []), ...(node[`${schema}performerIn`] ?? [])];
      const there = steps
        .map((step) => step["@id"]?.replace(daemon.base, ""))
        .filter((path) => summits.has(path));
      assert.deepEqual(there, [`/v1/summits/${summit_id}`], id);
    }
  }
});

test("every value becomes RDF, with dates as dates", async () => {
  const quadsOf = async (path) => {
    const quads = await jsonld.toRDF(await ask(path), options());
    return (name) => quads.filter(({ predicate }) => predicate.value === schema + name);
  };
  const [start] = (await quadsOf("/v1/summits/xian-2023"))("startDate");
  assert.equal(start.subject.value, `${daemon.base}/v1/summits/xian-2023`);
  assert.equal(start.object.value, "2023-05-18");
  assert.equal(start.object.datatype.value, `${schema}Date`);
  const authors = (await quadsOf("/v1/proposals"))("author");
  assert.equal(authors.length, 8);
  for (const { object } of authors) assert.equal(object.termType, "NamedNode");
  const codes = (await quadsOf("/v1/participants"))("identifier");
  assert.deepEqual(codes.map(({ object }) => object.value).sort(), "CN KG KZ TJ TM UZ".split(" "));
  const measures = await quadsOf("/v1/measures");
  assert.ok(measures("currency").some(({ object }) => object.value === "CNY"));
  const [billions] = measures("value").filter(({ object }) => object.value === "26000000000");
  assert.equal(billions.object.datatype.value, "http://www.w3.org/2001/XMLSchema#integer");
});
