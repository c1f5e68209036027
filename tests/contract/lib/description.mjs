// openapi.yaml, read once: its operations, with references resolved where a test looks at them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const file = root + "openapi.yaml";
export const text = readFileSync(file, "utf8");
export const description = parse(text);

// What a reference points to; anything else is returned as it is.
export function resolve(node) {
  if (typeof node?.$ref !== "string") return node;
  const steps = node.$ref.replace(/^#\//, "").split("/");
  const unescape = (step) => step.replaceAll("~1", "/").replaceAll("~0", "~");
  return resolve(steps.reduce((at, step) => at[unescape(step)], description));
}

// An example of a parameter; undefined if it has none.
export function exampleOf(parameter) {
  const value = parameter.example;
  return Array.isArray(value) ? value.join(",") : value === undefined ? undefined : String(value);
}

// Every value that a parameter lists, or each end of its range, or its example; as they are sent.
export function valuesOf(parameter) {
  const schema = resolve(parameter.schema);
  const { enum: choices, type, minimum, maximum } = resolve(schema.items ?? schema);
  const empty = parameter.allowEmptyValue ? [""] : [];
  if (choices) return choices;
  if (type === "boolean") return ["true", "false", ...empty];
  if (type === "integer") return [String(minimum), String(maximum)];
  return [exampleOf(parameter)].filter((value) => value !== undefined);
}

// The formats a parameter goes with, as its description says; null if with all.
export function formatsOf(parameter) {
  const sentence = /Only\s+with\s+the\s+formats?\s([^.]*)\./.exec(parameter.description)?.[1];
  return sentence?.match(/[a-z]+(?=`)/g) ?? null;
}

class Operation {
  constructor(path, method, operation) {
    this.id = operation.operationId;
    this.method = method.toUpperCase();
    this.path = path;
    this.parameters = (operation.parameters ?? []).map(resolve);
    this.responses = Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => [status, resolve(response)]),
    );
  }

  in(place) {
    return this.parameters.filter((parameter) => parameter.in === place);
  }

  // The query parameters it cannot do without, by their examples, but for those in `query`.
  required(query = "") {
    const given = new Set(new URLSearchParams(query).keys());
    return this.in("query")
      .filter(({ name, required }) => required && !given.has(name))
      .map((parameter) => `${parameter.name}=${exampleOf(parameter)}`);
  }

  // A target with path parameters from `values`, else from their examples.
  target(query = "", values = {}) {
    const whole = [...this.required(query), ...(query === "" ? [] : [query])].join("&");
    return this.pathWith(values) + (whole === "" ? "" : `?${whole}`);
  }

  pathWith(values) {
    return this.path.replace(/\{(\w+)\}/g, (_, name) => {
      const parameter = this.in("path").find((one) => one.name === name);
      return values[name] ?? exampleOf(parameter);
    });
  }

  // Whether it has pages: a collection or the search.
  get isPaged() {
    return this.in("query").some((parameter) => parameter.name === "cursor");
  }

  get isCollection() {
    return this.isPaged && this.in("query").some((parameter) => parameter.name === "include");
  }

  query(name) {
    return this.in("query").find((parameter) => parameter.name === name);
  }

  // The media types of its answers.
  get mediaTypes() {
    return Object.keys(this.responses[200].content);
  }

  // The schema of a row of a collection as JSON, or of an item, whole and in part.
  get rowSchema() {
    const document = resolve(this.responses[200].content["application/json"].schema);
    return document.properties.data.items ?? document.properties.data;
  }

  get isConditional() {
    return "304" in this.responses;
  }
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

export const operations = Object.entries(description.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([key]) => methods.includes(key))
    .map(([method, operation]) => new Operation(path, method, operation)),
);

// Every object of the description, with the JSON pointer to it.
export function* walk(node = description, pointer = "#") {
  if (node === null || typeof node !== "object") return;
  yield [node, pointer];
  for (const [key, value] of Object.entries(node)) {
    yield* walk(value, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
}
