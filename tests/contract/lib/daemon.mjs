// summitd under test: started on a port of its own with a database of its own.
import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { send } from "./wire.mjs";

if (!process.env.SUMMITD) throw new Error("set SUMMITD to the summitd to test");
const binary = resolve(process.env.SUMMITD);
const patience_ms = 10_000;
// A developer's own settings decide nothing here.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(SUMMITD|LISTEN_)/.test(name)),
);

// What a command of summitd prints.
export async function run(...args) {
  const { stdout } = await promisify(execFile)(binary, args, { env, maxBuffer: 64 << 20 });
  return stdout;
}

export class Daemon {
  static async start() {
    const daemon = new Daemon();
    daemon.folder = await mkdtemp(join(tmpdir(), "summitd-contract-"));
    // Started as root, summitd becomes another user, who must be able to get at the database.
    await chmod(daemon.folder, 0o755);
    daemon.database = join(daemon.folder, "summit.db");
    const args = ["serve", "-l", "127.0.0.1:0", "-d", daemon.database, "--log-format", "json"];
    args.push("--statement-budget", "60000"); // a sanitizer on a busy machine may need more
    daemon.process = spawn(binary, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    try {
      daemon.base = await daemon.#listening();
    } catch (error) {
      daemon.process.kill("SIGKILL");
      await rm(daemon.folder, { recursive: true, force: true });
      throw error;
    }
    return daemon;
  }

  // The address it listens on. From here on `log` collects what it says but for its requests, and
  // `ended` waits for its end.
  #listening() {
    this.log = [];
    this.ended = new Promise((done) => this.process.once("close", (...how) => done(how)));
    return new Promise((ready, failed) => {
      const patience = setTimeout(() => failed(this.#failure("does not listen")), patience_ms);
      patience.unref();
      this.process.once("error", failed);
      this.ended.then(() => failed(this.#failure("ended at once")));
      createInterface({ input: this.process.stderr }).on("line", (line) => {
        const entry = line.startsWith("{") ? JSON.parse(line) : {};
        if (entry.event !== "request") this.log.push(line);
        if (entry.event === "listening") ready(entry.address);
      });
    });
  }

  #failure(what) {
    return new Error(`summitd ${what}:\n${this.log.join("\n")}`);
  }

  send(request) {
    return send(this.base, request);
  }

  async get(target) {
    return JSON.parse((await this.send({ target })).body);
  }

  // Asks it to stop and throws if it does not end as it should.
  async stop() {
    this.process.kill("SIGTERM");
    const patience = setTimeout(() => this.process.kill("SIGKILL"), 2 * patience_ms);
    const [code, signal] = await this.ended;
    clearTimeout(patience);
    await rm(this.folder, { recursive: true, force: true });
    if (code !== 0) throw this.#failure(`ended with ${code ?? signal}`);
  }

  // Publishes what `change` makes of the record now published, and waits until it is served.
  async republish(change) {
    const path = join(this.folder, "record.json");
    await run("export", "-d", this.database, "-o", path);
    const record = JSON.parse(await readFile(path));
    change(record);
    await writeFile(path, JSON.stringify(record));
    const before = (await this.get("/readyz")).revision;
    await run("import", "-d", this.database, "--replace", path);
    await this.readiness((state) => state.revision !== before);
  }

  // Puts a file that is no database in place of the database, and waits until that is noticed.
  async damage() {
    const path = join(this.folder, "damaged");
    await writeFile(path, "This is not a database.\n".repeat(500), { mode: 0o644 });
    await rename(path, this.database);
    await this.readiness((state) => state.status === "stale");
  }

  // Waits until /readyz says what is waited for.
  async readiness(holds) {
    const deadline = Date.now() + patience_ms;
    for (;;) {
      const state = await this.get("/readyz");
      if (holds(state)) return;
      if (Date.now() > deadline) throw new Error(`/readyz still says ${JSON.stringify(state)}`);
      await sleep(50);
    }
  }
}

// Adds a second summit and a second source, so that every collection has two rows at least.
export function addSecondSummit(record) {
  const [first] = record.summits;
  const note = { id: "test-note", title: "A note", paragraph_count: 1, omitted_paragraphs: [] };
  record.sources.push({ ...record.sources[0], ...note });
  const citations = [{ source_id: "test-note", paragraph: 1 }];
  first.citations.push(...citations);
  record.summits.push({ ...first, id: "test-2024", name: "Test Summit", citations });
}

// A change that makes another revision and nothing else.
export function rename2024(record) {
  record.summits.find((summit) => summit.id === "test-2024").name += " again";
}

// Adds more rows of one resource than an answer has of related ones, and than one piece of a long
// answer has.
export function addManyInitiatives(record) {
  const last = record.initiatives.at(-1);
  for (let i = 1; i <= 1001; i++)
    record.initiatives.push({ ...last, id: `test-row-${i}`, name: `Test ${i}`, aliases: [] });
}
