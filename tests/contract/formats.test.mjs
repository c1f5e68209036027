// The forms of an answer other than JSON say what JSON says. SUMMITD names the binary. JSON-LD has
// tests of its own (jsonld.test.mjs).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { Daemon, addManyInitiatives, addSecondSummit, run } from "./lib/daemon.mjs";
import { operations } from "./lib/description.mjs";
import { checkAnswer, mediaType, rowsOf } from "./lib/validate.mjs";

// These packages share their registry of formats as CommonJS modules only.
const require = createRequire(import.meta.url);
const { Cite } = require("@citation-js/core");
require("@citation-js/plugin-csl");
require("@citation-js/plugin-bibtex");

let daemon;
before(async () => {
  daemon = await Daemon.start();
  await daemon.republish(addAwkwardRows);
});
after(() => daemon?.stop());

// Rows with all that a CSV field may have to hide, and a source of which everything is known.
function addAwkwardRows(record) {
  addSecondSummit(record);
  const last = record.initiatives.at(-1);
  const names = ['=1+1, "quoted"', "'-2", "a|b\\c; d", "＋wide", "-5"];
  names.forEach((name, index) => record.initiatives.push({ ...last, id: `test-${index}`, name }));
  record.statements[0].initiative_ids.push(...names.map((_, index) => `test-${index}`));
  Object.assign(record.sources.at(-1), {
    publisher: "A {press} & co.",
    place: "Xi'an",
    published_on: "2024-02-29",
    url: "https://summit.example/note?a=1&b=%20",
  });
}

const collections = operations.filter((operation) => operation.isCollection);
const byId = (id) => operations.find((operation) => operation.id === id);

async function ask(operation, target, headers = {}, status = 200) {
  const answer = await daemon.send({ target, headers });
  assert.equal(answer.status, status, `${target}: ${answer.body.toString().slice(0, 500)}`);
  return { ...answer, value: checkAnswer(operation, answer, target) };
}

// Every row of a collection as JSON has it.
async function allRows(operation) {
  const rows = [];
  for (let next = operation.target("limit=200"); next !== null;) {
    const { value } = await ask(operation, next);
    rows.push(...value.data);
    next = value.links.next;
  }
  return rows;
}

const nextOf = ({ headers }) => /<([^>]*)>; rel="next"/.exec(headers.get("link"))?.[1];

for (const format of ["ndjson", "csv"]) {
  test(`${format} has the rows of JSON: all of them, or page by page`, async (t) => {
    for (const operation of collections) {
      await t.test(operation.id, async () => {
        const wanted = await allRows(operation);
        const read = ({ headers, value }) => rowsOf(operation, mediaType(headers), value, format);
        const whole = await ask(operation, operation.target(`format=${format}`));
        assert.equal(nextOf(whole), undefined, "a page after all rows");
        assert.deepEqual(read(whole), wanted);
        const paged = [];
        for (let next = operation.target(`format=${format}&limit=7`); next !== undefined;) {
          const page = await ask(operation, next);
          const rows = read(page);
          assert.ok(rows.length <= 7);
          paged.push(...rows);
          next = nextOf(page);
        }
        assert.deepEqual(paged, wanted);
      });
    }
  });
}

test("CSV keeps to the fields asked for, in the order of the resource", async () => {
  const operation = byId("listMeasures");
  const { value } = await ask(operation, "/v1/measures?format=csv&fields=amounts,id&limit=1");
  assert.equal(
    value.split("\r\n")[0],
    "id,amounts.value,amounts.currency,amounts.qualifier,amounts.stated,amounts.equivalents",
  );
});

test("a spreadsheet takes no field of CSV for a formula", async () => {
  const { value } = await ask(byId("listInitiatives"), "/v1/initiatives?format=csv&fields=name");
  const fields = value.split("\r\n").slice(-6, -1);
  assert.deepEqual(fields, [`"'=1+1, ""quoted"""`, `"''-2"`, '"a|b\\c; d"', `"'＋wide"`, `"'-5"`]);
});

test("references of every row are read by a reference manager, in each form", async () => {
  const operation = byId("getCitation");
  const keys = new Set();
  for (const { path } of collections.filter((one) => !one.path.includes("{"))) {
    for (const { id, citations } of await allRows(operations.find((one) => one.path === path))) {
      const target = `/v1/citations/${path.replace("/v1/", "")}/${id}`;
      const { value: items } = await ask(operation, target);
      const ids = items.map((item) => item.id);
      const cited = new Set(citations?.map(({ source_id }) => source_id) ?? [id]);
      assert.equal(items.length, cited.size, target);
      assert.deepEqual(new Cite(items).getIds(), ids, target);
      assert.ok(ids.every((one) => !keys.has(one)), `${target}: ${ids}`);
      ids.forEach((one) => keys.add(one));
      assert.equal("locator" in items[0], citations !== undefined, target);
      assert.equal("note" in items[0], citations !== undefined, target);
      if (path !== "/v1/summits" && path !== "/v1/sources") continue;
      const { value: bibtex } = await ask(operation, `${target}?format=bibtex`);
      const entries = new Cite(bibtex).data;
      assert.deepEqual(
        entries.map((entry) => [entry.id, entry.title, entry.publisher, entry.URL]),
        items.map((item) => [item.id, item.title, item.publisher, item.URL]),
      );
      const { value: text } = await ask(operation, `${target}?format=text`);
      items.forEach(({ title }, index) => assert.ok(text.split("\n")[index].startsWith(title)));
    }
  }
});

test("the database comes whole or in parts, with a digest of the whole", async () => {
  const operation = byId("exportDatabase");
  const target = operation.target();
  const whole = await ask(operation, target);
  const size = whole.body.length;
  const digest = createHash("sha256").update(whole.body).digest("base64");
  assert.equal(whole.headers.get("repr-digest"), `sha-256=:${digest}:`);
  const tag = whole.headers.get("etag");
  for (const [range, first, last] of [
    ["bytes=0-15", 0, 15],
    ["bytes=100-", 100, size - 1],
    ["bytes=-100", size - 100, size - 1],
    [`bytes=0-${size * 2}`, 0, size - 1],
  ]) {
    const part = await ask(operation, target, { Range: range, "If-Range": tag }, 206);
    assert.deepEqual(part.body, whole.body.subarray(first, last + 1), range);
    assert.equal(part.headers.get("content-range"), `bytes ${first}-${last}/${size}`);
    assert.equal(part.headers.get("etag"), tag);
  }
  for (const headers of [
    { Range: "bytes=0-1,4-5" },
    { Range: "lines=0-1" },
    { Range: "bytes=5-1" },
    { Range: "bytes=0-1", "If-Range": '"other"' },
  ]) {
    assert.deepEqual((await ask(operation, target, headers)).body, whole.body);
  }
  const { headers } = await ask(operation, target, { Range: `bytes=${size}-` }, 416);
  assert.equal(headers.get("content-range"), `bytes */${size}`);
});

test("the graph has both ends of every link, and every node has its address", async () => {
  const operation = byId("getGraph");
  const { value } = await ask(operation, operation.target());
  const { nodes, links } = value.data;
  const ids = new Set(nodes.map(({ id }) => id));
  assert.equal(ids.size, nodes.length);
  assert.equal(value.meta.node_count, nodes.length);
  assert.equal(value.meta.link_count, links.length);
  for (const { source, target } of links) assert.ok(ids.has(source) && ids.has(target), source);
  for (const { href } of nodes) assert.equal((await daemon.send({ target: href })).status, 200);
});

// A record's rows by id, whatever their order.
const byIds = (rows) => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));

test("records of the summits, imported one after the other, are the database again", async () => {
  const { data } = await daemon.get("/v1/summits");
  assert.ok(data.length > 1);
  const database = join(daemon.folder, "again.db");
  for (const { id } of data) {
    const { body, value } = await ask(byId("getSummitRecord"), `/v1/summits/${id}/record`);
    assert.deepEqual(value.summits.map((summit) => summit.id), [id]);
    const path = join(daemon.folder, `${id}.json`);
    await writeFile(path, body);
    await run("import", "-d", database, path);
  }
  const again = JSON.parse(await run("export", "-d", database));
  const whole = JSON.parse(await run("export", "-d", daemon.database));
  for (const [name, rows] of Object.entries(whole)) {
    if (Array.isArray(rows)) assert.deepEqual(byIds(again[name]), byIds(rows), name);
  }
});

test("a long list is sent in chunks, whole, also compressed", async () => {
  await daemon.republish(addManyInitiatives);
  const operation = byId("listInitiatives");
  for (const format of ["ndjson", "csv"]) {
    const target = `/v1/initiatives?format=${format}`;
    const plain = await ask(operation, target);
    assert.equal(plain.headers.get("transfer-encoding"), "chunked");
    assert.ok(rowsOf(operation, mediaType(plain.headers), plain.value, format).length > 1000);
    const packed = await daemon.send({ target, headers: { "Accept-Encoding": "gzip" } });
    const unpacked = { ...packed, body: gunzipSync(packed.body) };
    checkAnswer(operation, unpacked, target);
    assert.ok(unpacked.body.equals(plain.body), format);
    const head = await daemon.send({ method: "HEAD", target });
    assert.equal(head.status, 200);
    const tag = plain.headers.get("etag");
    assert.equal(head.headers.get("etag"), tag);
    await ask(operation, target, { "If-None-Match": tag }, 304);
  }
});
