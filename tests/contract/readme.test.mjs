// The requests that README.md shows do what it says: each finds something, and the one with a
// mistake is told so. SUMMITD names the binary.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { Daemon } from "./lib/daemon.mjs";

let daemon;
before(async () => (daemon = await Daemon.start()));
after(() => daemon?.stop());

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
const targets = Array.from(readme.matchAll(/^curl -s '?localhost:8080([^'\s]+)/gm), (found) => found[1]);

test("there are requests to try", () => assert.ok(targets.length >= 10, `${targets.length} requests`));

for (const target of targets) {
  test(target, async () => {
    const { status, headers, body } = await daemon.send({ target });
    if (target.includes("enrgy")) {
      assert.equal(status, 400);
      assert.equal(JSON.parse(body).errors[0].suggestion, "energy");
      return;
    }
    assert.equal(status, 200, body.toString());
    const rows = headers.get("content-type") === "application/json" ? JSON.parse(body).data : body;
    assert.notEqual(rows?.length, 0, "it finds nothing");
  });
}
