// Examples whose summary is a request line are answers of the server to that request:
//   GET /v1/proposals?limit=2
//   GET /v1/proposals HTTP/1.9
//   GET /v1/proposals with Accept: image/png
//   GET /openapi.json, cut short
//   GET /v1/export.sqlite with Range: bytes=0-14
// where x{5000} stands for 5000 times the letter x, and a Content-Length brings a body of so many.
import { description, resolve, walk } from "./description.mjs";

const line =
  /^([A-Z]+) (\/[^\s]*?)(?: HTTP\/([0-9.]+))?(?: with ([A-Za-z-]+): (.+?))?(, cut short)?$/;
const spread = (text) => text?.replace(/x\{(\d+)\}/g, (_, count) => "x".repeat(Number(count)));

export function requestOf(summary) {
  const [match, method, target, version, name, value, cut] = line.exec(summary ?? "") ?? [];
  if (match === undefined) {
    if (/^[A-Z]+ \//.test(summary ?? "")) throw new Error(`no request line: ${summary}`);
    return null;
  }
  const headers = name ? { [name]: spread(value) } : {};
  const body = name === "Content-Length" ? "x".repeat(Number(value)) : "";
  return { method, target: spread(target), version, headers, body, cut: cut !== undefined };
}

// Every example of every media type: { pointer, example, media }, with the pointer to where it
// stands, which is not here if it is a reference.
export function mediaExamples() {
  const found = [];
  for (const [media, pointer] of walk(description)) {
    if (!media.schema || !media.examples || media.in) continue;
    for (const [name, example] of Object.entries(media.examples)) {
      const place = example.$ref ?? `${pointer}/examples/${name}`;
      found.push({ pointer: place, example: resolve(example), media });
    }
  }
  return found;
}

// A value without what differs from one run, or one record, to the next.
export function mask(value) {
  if (Array.isArray(value)) return value.map(mask);
  if (typeof value === "string")
    return value.replace(/([?&]cursor=)[^&>]*/, "$1…").replace(/^(The database has) \d+/, "$1 …");
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      key === "revision" || key === "request_id" ? [key, "…"] : [key, mask(member)],
    ),
  );
}

// Whether an example that is cut short is what the value begins with, or holds, at each level.
export function isPartOf(example, value) {
  if (typeof example === "string" && typeof value === "string") return value.startsWith(example);
  if (example === null || typeof example !== "object") return example === value;
  return Object.entries(example).every(([key, member]) => isPartOf(member, value?.[key]));
}
