// Puts the server's real answers into the examples of openapi.yaml whose summary is a request
// line (lib/examples.mjs), where they differ from what stands there. Everything else is left as it
// is. SUMMITD names the binary. Run it when the record or the shape of an answer has changed.
import { writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { Document, Scalar, isCollection, parseDocument, visit } from "yaml";
import { Daemon, addSecondSummit, rename2024 } from "./lib/daemon.mjs";
import { file, text } from "./lib/description.mjs";
import { mask, mediaExamples, requestOf } from "./lib/examples.mjs";
import { valueOf } from "./lib/validate.mjs";

const width = 96;

// Some YAML 1.1 parsers stumble over other characters inside braces.
const harmless = /^[A-Za-z0-9_ ./@-]*$/;

// Block style, but small things on one line; quoted so that YAML 1.1 reads it alike.
function format(value, indent) {
  const room = width - indent;
  const document = new Document(value, { compat: "yaml-1.1", aliasDuplicateObjects: false });
  // Text as it is, line by line; but YAML would lose a CR.
  if (typeof value === "string")
    document.contents.type = value.includes("\r") ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
  visit(document, {
    Collection(_, node, path) {
      const values = node.items.map((item) => item.value ?? item);
      const leaf = values.every((item) => !isCollection(item) && harmless.test(item.value));
      if (leaf && JSON.stringify(node.toJS(document)).length < room - path.length) node.flow = true;
    },
  });
  const lines = document.toString({ lineWidth: typeof value === "string" ? 0 : room });
  return lines
    .trimEnd()
    .split("\n")
    .map((line) => " ".repeat(indent) + line)
    .join("\n");
}

const daemon = await Daemon.start();
const edits = [];
const source = parseDocument(text);

async function consider({ pointer, example }, request) {
  if (!request || request.cut) return;
  const { headers, body } = await daemon.send(request);
  const value = valueOf(headers, body);
  if (isDeepStrictEqual(mask(value), mask(example.value))) return;
  const steps = pointer
    .slice(2)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const node = source.getIn([...steps, "value"], true);
  const start = text.lastIndexOf("value:", node.range[0]);
  const indent = start - text.lastIndexOf("\n", start) - 1;
  const end = node.range[1] - (text.slice(node.range[0], node.range[1]).endsWith("\n") ? 1 : 0);
  const block = format(value, indent + 2);
  const space = typeof value === "string" ? ` ${block.trimStart()}` : `\n${block}`;
  edits.push({ start, end, replacement: `value:${space}` });
  console.log(pointer);
}

const examples = [...new Map(mediaExamples().map((one) => [one.pointer, one])).values()];
try {
  for (const one of examples) await consider(one, requestOf(one.example.summary));
  const expired = examples.find(({ pointer }) => pointer.includes("/CursorExpired/"));
  await daemon.republish(addSecondSummit);
  const target = (await daemon.get("/v1/proposals?limit=2")).links.next;
  await daemon.republish(rename2024);
  await consider(expired, { target });
} finally {
  await daemon.stop();
}

let result = text;
for (const { start, end, replacement } of edits.sort((a, b) => b.start - a.start)) {
  result = result.slice(0, start) + replacement + result.slice(end);
}
await writeFile(file, result);
console.log(`${edits.length} examples refreshed`);
