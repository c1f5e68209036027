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

  // A target with path parameters from `values`, else from their examples.
  target(query = "", values = {}) {
    const path = this.path.replace(/\{(\w+)\}/g, (_, name) => {
      const parameter = this.in("path").find((one) => one.name === name);
      return values[name] ?? exampleOf(parameter);
    });
    return query === "" ? path : `${path}?${query}`;
  }

  // Only collections have pages.
  get isCollection() {
    return this.in("query").some((parameter) => parameter.name === "cursor");
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
