// Holds a running summitd to openapi.yaml, both ways: what is described is there, and what is
// there is described. SUMMITD names the binary.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { Daemon, addManyInitiatives, addSecondSummit, rename2024, run } from "./lib/daemon.mjs";
import {
  description,
  operations,
  root,
  text,
  valuesOf,
  walk,
} from "./lib/description.mjs";
import { isPartOf, mask, mediaExamples, requestOf } from "./lib/examples.mjs";
import { casesFor, unprovoked } from "./lib/provoke.mjs";
import { checkAnswer, checkValue, mediaType, recordValidator, valueOf } from "./lib/validate.mjs";

let daemon;
before(async () => (daemon = await Daemon.start()));
after(() => daemon?.stop());

const dynamic = new Set(["date", "connection"]);
const stable = (headers) => Object.fromEntries([...headers].filter(([name]) => !dynamic.has(name)));

// Asks, expects the status and holds the answer to the description.
async function ask(operation, status, request, label) {
  const answer = await daemon.send({ target: operation.target(), ...request });
  assert.equal(answer.status, status, `${operation.id} ${label ?? ""}: ${answer.body}`);
  return { ...answer, value: checkAnswer(operation, answer, label) };
}

const each = (name, body) =>
  test(name, async (t) => {
    for (const operation of operations) await t.test(operation.id, () => body(operation));
  });

test("the route table and the description name the same operations", async () => {
  const served = (await run("routes")).trim().split("\n");
  const described = operations.map(({ method, path, id }) => `${method}\t${path}\t${id}`);
  assert.deepEqual(served.sort(), described.sort());
});

test("the description is the one of this version, and reads the same in YAML 1.1 and 1.2", async () => {
  assert.ok((await run("--version")).includes(description.info.version), "info.version");
  assert.deepEqual(parse(text, { version: "1.1" }), description);
  const served = await daemon.send({ target: "/openapi.yaml" });
  assert.equal(served.body.toString(), text, "/openapi.yaml: summitd was built from another one");
  assert.deepEqual(await daemon.get("/openapi.json"), description);
});

// Every form that an operation has its answer in, asked for as `Accept` does.
const eachForm = (name, body) =>
  each(name, async (operation) => {
    for (const type of operation.mediaTypes) await body(operation, { Accept: type }, type);
  });

eachForm("every GET answers as described", async (operation, headers, type) => {
  const answer = await ask(operation, 200, { headers }, type);
  assert.equal(mediaType(answer.headers), type);
  if (!operation.isPaged || type !== "application/json") return;
  const { value } = answer;
  const hasNext = answer.headers.get("link").includes('rel="next"');
  assert.equal(value.links.next === null, !hasNext, "Link next");
  assert.ok(value.data.length > 0, "no rows at all");
});

test("/v1 lists what the parameters are described to take", async () => {
  const { data } = await daemon.get("/v1");
  const general = "cursor facet fields format include limit pretty q sort".split(" ");
  for (const { href, filters, includes, item_includes, sorts, fields } of data) {
    const operation = operations.find(({ path }) => path === href);
    const names = operation.in("query").map(({ name }) => name);
    assert.deepEqual([...general, ...filters].sort(), names.sort(), href);
    const values = (name) => valuesOf(operation.query(name));
    assert.deepEqual(values("facet"), filters, href);
    assert.deepEqual(values("fields"), fields, href);
    assert.deepEqual(
      values("sort"),
      sorts.flatMap((sort) => [sort, `-${sort}`]),
      href,
    );
    const paths = (list) =>
      list.flatMap((name) => {
        const next = data.find((row) => row.name === name)?.includes ?? [];
        return [name, ...next.map((one) => `${name}.${one}`)];
      });
    const item = operations.find(({ path }) => path === `${href}/{id}`);
    const all = [...paths(includes), ...item_includes];
    assert.deepEqual(valuesOf(item.query("include")).sort(), all.sort(), href);
    assert.deepEqual(values("include").sort(), paths(includes).sort(), href);
  }
});

each("pages put together are the collection", async (operation) => {
  if (!operation.isPaged) return;
  const idOf = ({ type, id }) => `${type ?? ""}/${id}`;
  const whole = (await daemon.get(operation.target("limit=200"))).data.map(idOf);
  const paged = [];
  for (let next = operation.target("limit=3"); next !== null;) {
    const { value, headers } = await ask(operation, 200, { target: next });
    assert.equal(value.meta.total, whole.length);
    paged.push(...value.data.map(idOf));
    next = value.links.next;
    if (next !== null)
      assert.ok(headers.get("link").includes(`<${next}>; rel="next"`), "Link next");
  }
  assert.deepEqual(paged, whole);
});

eachForm("conditional requests answer 304", async (operation, headers, type) => {
  if (!operation.isConditional) return;
  const asked = (status, more, label) =>
    ask(operation, status, { headers: { ...headers, ...more } }, `${type} ${label}`);
  const plain = await asked(200, {}, "");
  const tag = plain.headers.get("etag");
  for (const list of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
    const again = await asked(304, { "If-None-Match": list }, list);
    assert.equal(again.headers.get("etag"), tag);
  }
  await asked(200, { "If-None-Match": '"other"' }, "other");
  for (const { name, example } of operation.in("header")) {
    await asked(name === "Range" ? 206 : 200, { [name]: example }, name);
  }
  const modified = plain.headers.get("last-modified");
  if (modified !== undefined) await asked(304, { "If-Modified-Since": modified }, modified);
});

eachForm("gzip has the same content and a tag of its own", async (operation, headers, type) => {
  const plain = await ask(operation, 200, { headers }, type);
  const packed = await daemon.send({
    target: operation.target(),
    headers: { ...headers, "Accept-Encoding": "gzip" },
  });
  if (packed.headers.get("content-encoding") !== "gzip") {
    const isShort = plain.body.length < 1000;
    const isDescribed = "Content-Encoding" in operation.responses[200].headers;
    assert.ok(isShort || !isDescribed, `${plain.body.length} bytes are sent as they are`);
    assert.deepEqual(packed.body, plain.body);
    return;
  }
  const unpacked = { ...packed, body: gunzipSync(packed.body) };
  checkAnswer(operation, unpacked, "gzip");
  assert.equal(unpacked.body.toString(), plain.body.toString());
  const tag = plain.headers.get("etag");
  if (tag !== undefined) assert.equal(packed.headers.get("etag"), tag.replace(/"$/, '-gzip"'));
});

eachForm("HEAD answers what GET does, without the body", async (operation, headers, type) => {
  const got = await ask(operation, 200, { headers }, type);
  const head = await daemon.send({ method: "HEAD", target: operation.target(), headers });
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  assert.deepEqual(stable(head.headers), stable(got.headers));
});

each("OPTIONS says what is allowed", async (operation) => {
  const { status, headers, body } = await daemon.send({
    method: "OPTIONS",
    target: operation.target(),
  });
  assert.equal(status, 204);
  assert.equal(body.length, 0);
  const names = (list) => list.split(",").map((name) => name.trim().toLowerCase());
  assert.equal(headers.get("allow"), "GET, HEAD, OPTIONS");
  assert.equal(headers.get("access-control-allow-methods"), "GET, HEAD, OPTIONS");
  assert.equal(headers.get("access-control-allow-origin"), "*");
  assert.equal(headers.get("access-control-max-age"), "86400");
  const allowed = names(headers.get("access-control-allow-headers"));
  for (const name of ["accept", "if-none-match", "if-modified-since"]) {
    assert.ok(allowed.includes(name) || allowed.includes("*"), `${name} is not allowed`);
  }
});

test("every example is valid", async (t) => {
  for (const [node, pointer] of walk()) {
    const schema = node.schema ?? node;
    const values = node.schema && "example" in node ? [node.example] : [];
    if (Array.isArray(node.examples) && (node.type ?? node.$ref)) values.push(...node.examples);
    for (const value of values) await t.test(pointer, () => checkValue(schema, value, pointer));
  }
  for (const { pointer, example, media } of mediaExamples()) {
    if ("value" in example)
      await t.test(pointer, () => checkValue(media.schema, example.value, pointer));
  }
});

test("every response with a body has an example", () => {
  for (const operation of operations) {
    for (const [status, response] of Object.entries(operation.responses)) {
      for (const [type, media] of Object.entries(response.content ?? {})) {
        assert.ok(
          Object.keys(media.examples ?? {}).length > 0,
          `${operation.id} ${status} ${type}`,
        );
      }
    }
  }
});

test("examples are what the server answers", async (t) => {
  for (const { pointer, example } of mediaExamples()) {
    const request = requestOf(example.summary);
    if (!request) continue;
    await t.test(`${example.summary} (${pointer})`, async () => {
      const { status, headers, body } = await daemon.send(request);
      const placed = /\/responses\/(\d{3})\//.exec(pointer)?.[1] ?? 200;
      assert.equal(status, example.value.status > 0 ? example.value.status : Number(placed));
      const value = valueOf(headers, body);
      if (request.cut) {
        const isPart = isPartOf(mask(example.value), mask(value));
        return assert.ok(isPart, body.toString().slice(0, 500));
      }
      assert.deepEqual(
        mask(value),
        mask(example.value),
        "run refresh-examples.mjs if the record changed",
      );
    });
  }
});

test("the built-in record passes its schema, and so does its export", async () => {
  const read = async (path) => JSON.parse(await readFile(root + path, "utf8"));
  const validate = recordValidator(await read("lib/records/record.schema.json"));
  const check = (value) => assert.ok(validate(value), JSON.stringify(validate.errors));
  check(await read("lib/records/xian-2023.json"));
  check(JSON.parse(await run("export", "-d", daemon.database)));
  check(await daemon.get("/v1/summits/xian-2023/record"));
});

const titles = new Map();
const codes = new Set();

async function provoke(operation, status, cases) {
  for (const { name, request, check, wanted } of cases) {
    const { value } = await ask(operation, Number(status), request, name);
    assert.ok(
      check(value),
      `${operation.id} ${name}: wanted ${wanted}, got ${JSON.stringify(value)}`,
    );
    titles.set(value.type, value.title);
    for (const { code } of value.errors ?? []) codes.add(code);
  }
}

const failures = (operation) => Object.keys(operation.responses).filter((status) => status >= 400);

each("every described failure can be provoked", async (operation) => {
  for (const status of failures(operation)) {
    if (status in unprovoked || status === "410") continue;
    const cases = casesFor(operation, status, {});
    assert.ok(cases?.length, `nothing provokes ${status}`);
    await provoke(operation, status, cases);
  }
});

test("a cursor of a revision that was published before is a 410", async (t) => {
  await daemon.republish(addSecondSummit);
  const cursors = new Map();
  const collections = operations.filter((operation) => operation.isPaged);
  for (const operation of collections) {
    const { value } = await ask(operation, 200, { target: operation.target("limit=1") });
    assert.ok(value.links.next, `${operation.id}: no second page`);
    cursors.set(operation.id, value.links.next);
  }
  await daemon.republish(rename2024);
  for (const operation of collections) {
    assert.ok("410" in operation.responses, `${operation.id}: no 410`);
    await t.test(operation.id, () =>
      provoke(operation, "410", casesFor(operation, "410", { cursors })),
    );
  }
});

// What is advised instead of a coverage that is too large can be followed.
const tooMuchCoverage = (operation) => ({
  name: "more than 1000 rows that cite the source",
  request: { target: operation.target("include=coverage") },
  check: ({ errors }) =>
    errors[0].code === "include_too_large" &&
    errors[0].detail.includes(`with the filter source=${operation.target().split("/").at(-1)} `),
  wanted: "include_too_large",
});

test("more than 1000 related rows are too many for one answer", async (t) => {
  await daemon.republish(addManyInitiatives);
  // Every one of them cites the one source, and none belongs to a summit.
  for (const operation of operations.filter(({ path }) => path.startsWith("/v1/sources"))) {
    await t.test(operation.id, () =>
      provoke(operation, "400", [
        {
          name: "1001 initiatives",
          request: { target: operation.target("include=initiatives") },
          check: ({ errors }) =>
            errors[0].parameter === "include" && errors[0].code === "include_too_large",
          wanted: "include_too_large",
        },
        ...(operation.id === "getSource" ? [tooMuchCoverage(operation)] : []),
      ]),
    );
  }
});

test("a damaged database makes /readyz stale", async () => {
  await daemon.damage();
  const operation = operations.find(({ id }) => id === "getReadiness");
  const { value } = await ask(operation, 200, {});
  assert.equal(value.status, "stale");
  await ask(
    operations.find(({ id }) => id === "listProposals"),
    200,
    {},
    "while stale",
  );
});

test("every problem and every error code was seen, with the title of its example", () => {
  const slugs = description.components.parameters.ProblemSlug.schema.enum;
  const missing = slugs.filter((slug) => !titles.has(`/problems/${slug}`));
  assert.deepEqual(missing, ["internal-error", "unavailable"]);
  const all = description.components.schemas.ParameterError.properties.code.enum;
  assert.deepEqual([...codes].sort(), [...all].sort());
  for (const { pointer, example } of mediaExamples()) {
    const title = titles.get(example.value?.type);
    if (title !== undefined) assert.equal(example.value.title, title, pointer);
  }
});
