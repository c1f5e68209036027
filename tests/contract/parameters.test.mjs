// Every parameter that openapi.yaml describes, with every value it lists, does what its description
// says. What it must not take is provoked in contract.test.mjs. SUMMITD names the binary.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Daemon, addSecondSummit } from "./lib/daemon.mjs";
import { exampleOf, formatsOf, operations, resolve, valuesOf } from "./lib/description.mjs";
import { checkAnswer, checkValue } from "./lib/validate.mjs";

let daemon;
before(async () => {
  daemon = await Daemon.start();
  await daemon.republish(addSecondSummit);
});
after(() => daemon?.stop());

const collections = operations.filter((operation) => operation.isCollection);

// Asks for what is described and gives the answer.
async function ask(operation, query) {
  const target = operation.target(query);
  const answer = await daemon.send({ target });
  assert.equal(answer.status, 200, `${target}: ${answer.body}`);
  return { ...answer, target, value: checkAnswer(operation, answer, target) };
}

const each = (name, list, body) =>
  test(name, async (t) => {
    assert.ok(list.length > 0);
    for (const operation of list) await t.test(operation.id, () => body(operation));
  });

test("every problem has its page", async () => {
  const operation = operations.find(({ id }) => id === "getProblemPage");
  for (const slug of valuesOf(operation.in("path")[0])) {
    const answer = await daemon.send({ target: operation.target("", { slug }) });
    assert.equal(answer.status, 200, slug);
    checkAnswer(operation, answer, slug);
  }
});

// Lists too: a value alone, and as many together as may be.
function queriesOf(parameter) {
  const { type, maxItems } = resolve(parameter.schema);
  const values = valuesOf(parameter);
  const example = exampleOf(parameter);
  if (type !== "array") return [...new Set([example, ...values])];
  const names = values.filter((value) => !value.startsWith("-"));
  return [...new Set([example, ...values, names.slice(0, maxItems).join()])];
}

each("every value that is described is taken", operations, async (operation) => {
  for (const parameter of operation.in("query")) {
    if (parameter.name === "cursor") continue; // the pages of contract.test.mjs have them
    const isFilter = operation.query("facet")?.schema.items.enum.includes(parameter.name);
    for (const value of queriesOf(parameter)) {
      assert.ok(value !== undefined, `${parameter.name} has no example`);
      const { value: answer } = await ask(operation, `${parameter.name}=${value}`);
      if (isFilter && value === exampleOf(parameter))
        assert.ok(answer.data.length > 0, `${parameter.name}=${value}: no rows show nothing`);
    }
  }
});

each("every parameter is taken with every format it goes with", operations, async (operation) => {
  const format = operation.query("format");
  if (!format) return;
  for (const parameter of operation.in("query")) {
    if (["format", "cursor"].includes(parameter.name)) continue;
    for (const name of formatsOf(parameter) ?? valuesOf(format)) {
      if (!valuesOf(format).includes(name)) continue;
      await ask(operation, `format=${name}&${parameter.name}=${exampleOf(parameter)}`);
    }
  }
});

each("format beats Accept, and each has a media type of its own", operations, async (operation) => {
  const format = operation.query("format");
  if (!format) return assert.equal(operation.mediaTypes.length, 1);
  const types = [];
  for (const name of valuesOf(format)) {
    const target = operation.target(`format=${name}`);
    const answer = await daemon.send({ target, headers: { Accept: "image/png" } });
    checkAnswer(operation, answer, target);
    types.push(answer.headers.get("content-type").split(";")[0]);
  }
  assert.deepEqual(types, operation.mediaTypes);
});

each("pretty changes nothing but the blanks", operations, async (operation) => {
  if (!operation.query("pretty")) return;
  const plain = await ask(operation, "pretty=false");
  const pretty = await ask(operation, "pretty=true");
  assert.ok(pretty.body.length > plain.body.length);
  assert.ok(pretty.body.toString().startsWith(plain.body[0] === 91 ? "[\n" : "{\n"));
  const { links, ...document } = pretty.value;
  for (const [name, member] of Object.entries(document))
    assert.deepEqual(member, plain.value[name], name);
  assert.notEqual(pretty.headers.get("etag"), plain.headers.get("etag"));
});

// As the server compares: null first, numbers as such, ASCII letters alike in names.
function compare(name, left, right) {
  const key = (value) =>
    ["name", "title", "city"].includes(name) && value !== null
      ? value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      : value;
  const [a, b] = [key(left), key(right)];
  if (a === null || b === null) return (b === null) - (a === null);
  return a < b ? -1 : Number(a > b);
}

each("sort puts the rows in that order", collections, async (operation) => {
  for (const value of valuesOf(operation.query("sort"))) {
    const name = value.replace("-", "");
    const { value: page } = await ask(operation, `limit=200&sort=${value}`);
    const sign = value === name ? 1 : -1;
    for (let i = 1; i < page.data.length; i++) {
      const order = sign * compare(name, page.data[i - 1][name], page.data[i][name]);
      assert.ok(order <= 0, `${value}: ${page.data[i].id} stands wrong`);
    }
  }
});

const withFields = operations.filter((operation) => operation.query("fields"));

each("rows are whole, or have the fields asked for", withFields, async (operation) => {
  const rowsOf = ({ data }) => [data].flat();
  const [whole] = operation.rowSchema.anyOf;
  const fields = valuesOf(operation.query("fields"));
  assert.deepEqual(Object.keys(resolve(whole).properties), fields);
  for (const row of rowsOf((await ask(operation, "")).value)) checkValue(whole, row, row.id);
  for (const value of [...fields, fields.slice(1, 3).reverse().join()]) {
    const { value: answer } = await ask(operation, `fields=${value}`);
    const wanted = fields.filter((field) => value.split(",").includes(field));
    for (const row of rowsOf(answer)) assert.deepEqual(Object.keys(row), wanted, value);
  }
});

const withInclude = operations.filter((operation) => operation.query("include"));

each("include adds the rows it names, whole", withInclude, async (operation) => {
  for (const value of queriesOf(operation.query("include"))) {
    const { value: answer } = await ask(operation, `fields=id&include=${value}`);
    const wanted = new Set(value.split(/[.,]/));
    assert.deepEqual(new Set(Object.keys(answer.included)), wanted, value);
  }
});

each("a facet counts what its filter keeps", collections, async (operation) => {
  for (const name of valuesOf(operation.query("facet"))) {
    const { value } = await ask(operation, `limit=1&facet=${name}`);
    const { facets, facets_qualifier: qualifier } = value.meta;
    assert.deepEqual(Object.keys(facets), [name]);
    assert.equal(qualifier, "exact");
    assert.ok(facets[name].length > 0, `${name} has no values`);
    if (!operation.query(name)) continue; // the path has set it
    for (const { value: one, count } of facets[name].slice(0, 4)) {
      const { value: page } = await ask(operation, `limit=1&${name}=${one}`);
      assert.equal(page.meta.total, count, `${name}=${one}`);
    }
  }
});

// The parts of a text that its matches name.
function matched({ text, matches }) {
  const points = [...text];
  let at = 0;
  return matches.map(({ start, length }) => {
    assert.ok(start >= at && start + length <= points.length, `${start}+${length} in ${text}`);
    at = start + length;
    return points.slice(start, at).join("");
  });
}

each("q keeps rows that match, and shows where", collections, async (operation) => {
  const { value } = await ask(operation, "q=china&limit=200");
  const { highlights, ranking } = value.meta;
  assert.equal(ranking, "bm25");
  assert.deepEqual(Object.keys(highlights), value.data.map(({ id }) => id));
  for (const snippet of Object.values(highlights))
    for (const word of matched(snippet)) assert.match(word, /^(china|cn)/i, snippet.text);
  const none = await ask(operation, "q=xyzzy&facet=" + valuesOf(operation.query("facet"))[0]);
  assert.equal(none.value.meta.total, 0);
  assert.deepEqual(none.value.meta.highlights, {});
});

test("the search finds the rows that the collections find", async () => {
  const search = operations.find(({ id }) => id === "search");
  const found = new Map();
  for (const type of valuesOf(search.query("type"))) {
    const { value } = await ask(search, `q=china&type=${type}&limit=200`);
    for (const { type: own, href, snippet } of value.data) {
      assert.equal(own, type);
      assert.equal((await daemon.send({ target: href })).status, 200, href);
      matched(snippet);
    }
    const collection = operations.find(({ path }) => path === `/v1/${type}`);
    const { value: page } = await ask(collection, "q=china&limit=200");
    assert.deepEqual(
      value.data.map(({ id }) => id),
      page.data.map(({ id }) => id),
      type,
    );
    found.set(type, value.meta.total);
  }
  const { value } = await ask(search, "q=china");
  assert.equal(value.meta.total, [...found.values()].reduce((sum, one) => sum + one));
});
