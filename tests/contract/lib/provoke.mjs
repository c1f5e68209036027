// For every status an operation may fail with, requests that make it fail so.
import { exampleOf, operations, resolve } from "./description.mjs";

// These cannot be brought about by a request from outside.
export const unprovoked = {
  500: "needs memory, disk or database to fail under the server: a matter for the fault suite",
  503: "needs a server that is stopping, or a statement that outlasts its budget: likewise",
};
export const unprovokedCodes = {
  include_too_large: "needs more than 1000 related rows, which no record of a test has",
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
  if (items.enum) return ["nonsense", "invalid_value"];
  if (parameter.name === "country") return ["QQ", "unknown_value"];
  if (parameter.name === "limit") return ["201", "invalid_value"];
  if (parameter.name === "cursor") return ["nonsense", "invalid_value"];
  return ["no-such-id", "unknown_value"];
}

function badParameters(operation) {
  return operation.in("query").flatMap((parameter) => {
    const { name } = parameter;
    const good = exampleOf(parameter) ?? "nonsense";
    const [bad, code] = badValue(parameter);
    const cases = [
      parameterCase(`${name} twice`, `${name}=${good}&${name}=${good}`, name, "repeated_parameter"),
      parameterCase(`${name} not UTF-8`, `${name}=%ff`, name, "invalid_encoding"),
      parameterCase(`${name} wrong`, `${name}=${bad}`, name, code),
      {
        name: `${name} empty`,
        query: `${name}=`,
        check: ({ errors }) => errors?.[0].parameter === name,
        wanted: `errors with ${name}`,
      },
    ];
    if (resolve(parameter.schema).type === "array") {
      const many = Array(51).fill(good.split(",")[0]).join(",");
      cases.push(
        parameterCase(`${name} with 51 values`, `${name}=${many}`, name, "too_many_values"),
      );
    }
    return cases;
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
  404: (operation) => [
    {
      name: "an unknown id",
      values: { id: "no-such-id", slug: "no-such-problem" },
      ...ofType("not-found"),
    },
  ],
  405: () =>
    ["POST", "PUT", "DELETE", "BREW"].map((method) => ({
      name: method,
      request: { method, headers: { "Content-Length": "0" } },
      ...ofType("method-not-allowed"),
    })),
  406: () =>
    ["image/png", "*/*;q=0"].map((accept) => ({
      name: `Accept: ${accept}`,
      request: { headers: { Accept: accept } },
      ...ofType("not-acceptable"),
    })),
  // The cursor comes from the test, which has to publish another revision in between.
  410: (operation, { cursors }) => [
    {
      name: "an old cursor",
      target: cursors.get(operation.id),
      check: ({ type, errors }) =>
        type === "/problems/cursor-expired" && errors[0].code === "expired_cursor",
      wanted: "cursor-expired with errors",
    },
  ],
  414: () => [
    { name: "a target of 5000 bytes", query: "x".repeat(5000), ...ofType("uri-too-long") },
  ],
  431: () => [
    {
      name: "a header field of 9000 bytes",
      request: { headers: { "X-Padding": "x".repeat(9000) } },
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
