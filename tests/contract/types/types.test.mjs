// A TypeScript client with types made from openapi.yaml compiles strictly, and gets from the
// running server what its types promise.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Daemon } from "../lib/daemon.mjs";
import { file } from "../lib/description.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

async function node(...args) {
  try {
    return (await promisify(execFile)(process.execPath, args)).stdout;
  } catch (error) {
    return assert.fail(`${args.join(" ")}\n${error.stdout}${error.stderr}`);
  }
}

test("a client typed by the description compiles and gets what its types promise", async () => {
  await node(
    here("../node_modules/openapi-typescript/bin/cli.js"),
    file,
    "--output",
    here("schema.d.ts"),
  );
  await node(here("../node_modules/typescript/bin/tsc"), "--project", here("."));
  const daemon = await Daemon.start();
  try {
    const output = await node(here("build/client.js"), daemon.base);
    const lines = output.trim().split("\n");
    assert.equal(lines.filter((line) => /^[1-8]\. /.test(line)).length, 8, output);
    assert.ok(lines.some((line) => /^areas \/v1\/areas\/energy: Energy$/.test(line)), output);
    assert.match(lines.at(-1), /^exact 27, exact will: \d+, /, output);
  } finally {
    await daemon.stop();
  }
});
