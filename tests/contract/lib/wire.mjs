// One request over a socket of its own, so that requests no client would send can be sent too.
import { connect } from "node:net";

const patience_ms = 10_000;

// The content of a body in chunks (RFC 9112 section 7.1), which must end as such a body does.
function unchunk(bytes) {
  const pieces = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.subarray(at, end).toString("latin1"), 16);
    if (end < 0 || Number.isNaN(size)) throw new Error(`no chunk at byte ${at} of the body`);
    const rest = bytes.subarray(end + 2 + size);
    if (rest.subarray(0, 2).toString("latin1") !== "\r\n") throw new Error("a chunk is cut short");
    if (size === 0 && rest.length > 2) throw new Error("something follows the last chunk");
    if (size === 0) return Buffer.concat(pieces);
    pieces.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

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
  // To a HEAD and in a 304 the length is that of the body a 200 would have.
  const isBare = method === "HEAD" || status === 204 || status === 304;
  if (headers.get("transfer-encoding") === "chunked" && !isBare)
    return { status, headers, body: unchunk(body) };
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
