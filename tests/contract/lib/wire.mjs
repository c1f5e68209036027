// One request over a socket of its own, so that requests no client would send can be sent too.
import { connect } from "node:net";

const patience_ms = 10_000;

function parse(bytes, method) {
  const split = bytes.indexOf("\r\n\r\n");
  if (split < 0) throw new Error(`no complete answer: ${JSON.stringify(bytes.toString("latin1"))}`);
  const [line, ...fields] = bytes.subarray(0, split).toString("latin1").split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1]);
  if (!status) throw new Error(`not a status line: ${line}`);
  const headers = new Map();
  for (const field of fields) {
    const [, name, value] = /^([^:\s]+):\s*(.*?)\s*$/.exec(field) ?? [];
    if (name === undefined) throw new Error(`not a header field: ${field}`);
    const key = name.toLowerCase();
    headers.set(key, headers.has(key) ? `${headers.get(key)}, ${value}` : value);
  }
  const body = bytes.subarray(split + 4);
  const length = headers.get("content-length");
  if (headers.has("transfer-encoding")) throw new Error("an answer in chunks");
  // To a HEAD and in a 304 the length is that of the body a 200 would have.
  const isBare = method === "HEAD" || status === 204 || status === 304;
  const expected = isBare ? "0" : length;
  if (Number(expected) !== body.length) {
    throw new Error(`${expected} bytes announced, but ${body.length} came`);
  }
  return { status, headers, body };
}

// Sends a request and gives { status, headers: Map (names in lower case), body: Buffer }.
//   host: null leaves the Host field out; everything else is sent as it is.
export function send(
  base,
  { method = "GET", target, version = "1.1", host, headers = {}, body = "" },
) {
  const { hostname, port } = new URL(base);
  const lines = [`${method} ${target} HTTP/${version}`];
  if (host !== null) lines.push(`Host: ${host ?? `${hostname}:${port}`}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  lines.push("Connection: close", "", body);
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = connect(Number(port), hostname, () => socket.write(lines.join("\r\n")));
    const finish = (error) => {
      try {
        resolve(parse(Buffer.concat(chunks), method));
      } catch (reason) {
        reject(new Error(`${lines[0].slice(0, 200)}: ${reason.message}`, { cause: error }));
      }
    };
    socket.setTimeout(patience_ms, () => socket.destroy(new Error("no answer in time")));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => socket.end());
    socket.on("error", finish);
    socket.on("close", () => finish());
  });
}
