// For every status an operation may fail with, requests that make it fail so.
import { exampleOf, formatsOf, operations, resolve, valuesOf } from "./description.mjs";

// These cannot be brought about by a request from outside.
export const unprovoked = {
  500: "needs memory, disk or database to fail under the server: a matter for the fault suite",
  503: "needs a server that is stopping, or a statement that outlasts its budget: likewise",
};

const parameterCase = (name, query, parameter, code) => ({
  name,
  query,
  check: ({ errors }) =>
    errors?.some((error) => error.parameter === parameter && error.code === code),
  wanted: `errors with ${parameter}: ${code}`,
});

// A value of the right form that the parameter cannot have, and the code that says so.
function badValue(parameter) {
  const schema = resolve(parameter.schema);
  const items = resolve(schema.items ?? schema);
  if (items.enum || items.type === "boolean") return ["nonsense", "invalid_value"];
  if (parameter.name === "q") return ["x".repeat(65), "invalid_value"];
  if (parameter.name === "country") return ["QQ", "unknown_value"];
  if (parameter.name === "limit") return ["201", "invalid_value"];
  if (parameter.name === "cursor") return ["nonsense", "invalid_value"];
  return ["no-such-id", "unknown_value"];
}

// What the parameter of that name takes in one operation or another.
const everyValue = (name) =>
  new Set(operations.flatMap((one) => (one.query(name) ? valuesOf(one.query(name)) : [])));

// What is wrong with a list: misspellings of what it takes, what it takes elsewhere, and its form.
function badLists({ name, schema }, good) {
  const { type, items } = resolve(schema);
  if (type !== "array") return [];
  const [first] = good.split(",");
  const cases = [
    [`${name} with 51 values`, `${name}=${Array(51).fill(first)}`, "too_many_values"],
    [`${name} with an empty value`, `${name}=${first},`, "invalid_value"],
  ];
  if (name === "sort") cases.push(["sort both ways", "sort=id,-id", "repeated_value"]);
  if (resolve(schema).uniqueItems)
    cases.push([`${name} names one twice`, `${name}=${first},${first}`, "repeated_value"]);
  const choices = resolve(items).enum ?? [];
  const foreign = choices.length > 0 ? [...everyValue(name)] : [];
  const bad = [
    ...choices.map((one) => `${one}q`),
    ...foreign.filter((one) => !choices.includes(one)),
  ].map((one) => [`${name}: ${one}`, `${name}=${one}`, "invalid_value"]);
  return [...cases, ...bad].map(([label, query, code]) => parameterCase(label, query, name, code));
}

// A parameter with each format it does not go with.
function badFormats(operation, parameter, good) {
  const formats = formatsOf(parameter);
  if (formats === null) return [];
  const { name } = parameter;
  return valuesOf(operation.query("format") ?? { schema: {} })
    .filter((format) => !formats.includes(format))
    .map((format) =>
      parameterCase(
        `${name} with ${format}`,
        `format=${format}&${name}=${good}`,
        name,
        "wrong_format",
      ),
    );
}

const missing = (operation, name) => ({
  ...parameterCase(`no ${name}`, "", name, "missing_parameter"),
  target: operation.pathWith({}),
});

function badParameters(operation) {
  return operation.in("query").flatMap((parameter) => {
    const { name, required, allowEmptyValue } = parameter;
    const capital = name.toUpperCase();
    const good = exampleOf(parameter) ?? "nonsense";
    const [bad, code] = badValue(parameter);
    const cases = [
      [`${name} twice`, `${name}=${good}&${name}=${good}`, name, "repeated_parameter"],
      [`${name} not UTF-8`, `${name}=%ff`, name, "invalid_encoding"],
      [`${name} wrong`, `${name}=${bad}`, name, code],
      [`${name} misspelt`, `${name}q=${good}`, `${name}q`, "unknown_parameter"],
      [`${capital} for ${name}`, `${capital}=${good}`, capital, "unknown_parameter"],
    ];
    if (!allowEmptyValue) cases.push([`${name} empty`, `${name}=`, name, "invalid_value"]);
    return [
      ...cases.map((one) => parameterCase(...one)),
      ...badLists(parameter, good),
      ...badFormats(operation, parameter, good),
      ...(required ? [missing(operation, name)] : []),
    ];
  });
}

// What other operations know, this one must not.
const everyName = new Set(operations.flatMap((one) => one.in("query").map(({ name }) => name)));

function foreignParameters(operation) {
  const own = new Set(operation.in("query").map(({ name }) => name));
  return [...everyName, "no_such_parameter"]
    .filter((name) => !own.has(name))
    .map((name) => parameterCase(`${name} unknown`, `${name}=1`, name, "unknown_parameter"));
}

const ofType = (slug) => ({ check: ({ type }) => type === `/problems/${slug}`, wanted: slug });

const provokers = {
  400: (operation) => [
    ...foreignParameters(operation),
    ...badParameters(operation),
    {
      name: "a body",
      request: { headers: { "Content-Length": "2" }, body: "{}" },
      ...ofType("bad-request"),
    },
    { name: "no Host", request: { host: null }, ...ofType("bad-request") },
    { name: "an absolute target", prefix: "http://summit.example", ...ofType("bad-request") },
  ],
  404: (operation) =>
    operation.in("path").map(({ name }) => ({
      name: `an unknown ${name}`,
      values: { [name]: "no-such-thing" },
      ...ofType("not-found"),
    })),
  405: () =>
    ["POST", "PUT", "DELETE", "BREW"].map((method) => ({
      name: method,
      request: { method, headers: { "Content-Length": "0" } },
      ...ofType("method-not-allowed"),
    })),
  406: (operation) =>
    ["image/png", "*/*;q=0"].map((accept) => ({
      name: `Accept: ${accept}`,
      request: { headers: { Accept: accept } },
      check: ({ type, detail }) =>
        type === "/problems/not-acceptable" &&
        operation.mediaTypes.every((one) => detail.includes(one)),
      wanted: "not-acceptable, with every media type there is",
    })),
  // The cursor comes from the test, which has to publish another revision in between.
  410: (operation, { cursors }) =>
    ["", ...valuesOf(operation.query("format") ?? { schema: {} })].map((format) => ({
      name: `an old cursor ${format}`,
      target: cursors.get(operation.id) + (format === "" ? "" : `&format=${format}`),
      check: ({ type, errors }) =>
        type === "/problems/cursor-expired" && errors[0].code === "expired_cursor",
      wanted: "cursor-expired with errors",
    })),
  414: () => [
    { name: "a target of 5000 bytes", query: "x".repeat(5000), ...ofType("uri-too-long") },
  ],
  416: () =>
    ["bytes=999999999-", "bytes=-0"].map((range) => ({
      name: `Range: ${range}`,
      request: { headers: { Range: range } },
      ...ofType("range-not-satisfiable"),
    })),
  431: () => [
    {
      name: "a header field of 6500 bytes",
      request: { headers: { "X-Padding": "x".repeat(6500) } },
      ...ofType("headers-too-large"),
    },
  ],
  505: () => [
    { name: "HTTP/1.9", request: { version: "1.9" }, ...ofType("http-version-not-supported") },
  ],
};

// The cases for a status: [{ name, request, check, wanted }], or undefined if nothing provokes it.
export function casesFor(operation, status, context) {
  return provokers[status]?.(operation, context).map((one) => {
    const target = one.target ?? (one.prefix ?? "") + operation.target(one.query, one.values);
    return { ...one, request: { target, ...one.request } };
  });
}
