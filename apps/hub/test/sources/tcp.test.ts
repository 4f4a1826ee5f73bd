// The TCP door: signing in, lines in pieces of any size, a hub that is behind, and clients that stay silent.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import {
  listenForDetections,
  MAX_TCP_CLIENTS,
  type TcpDoors,
  type TcpListener,
  type TcpSettings,
  tcpSource,
} from "../../src/sources/tcp.ts";
import { certificate } from "../outlets/certificate.ts";
import { RecordingDoor } from "./recording-door.ts";

const hash = (key: Buffer): Buffer => createHash("sha256").update(key).digest();
const HELLO = '{"type":"hello","source":"df","key":"the key of the source"}\n';

async function listening(
  t: TestContext,
  more: Partial<TcpSettings> = {},
): Promise<{ listener: TcpListener; door: RecordingDoor; stop: () => Promise<void> }> {
  const doors: TcpDoors = new Map();
  const keyHash = (id: string): Buffer | undefined =>
    id === "df" || id === "gone" ? hash(Buffer.from("the key of the source")) : undefined;
  const listener = await listenForDetections({ host: "127.0.0.1", port: 0, keyHash, hash, ...more }, doors);
  t.after(() => listener.stop());
  const door = new RecordingDoor();
  const source = tcpSource({ id: "df", name: "df", kind: "tcp", origin: "live", format: "detections" }, doors);
  await source.start(door);
  return { listener, door, stop: () => source.stop() };
}

interface Client {
  readonly socket: Socket;
  readonly answer: () => string;
  readonly closed: Promise<unknown>;
}

function dial(port: number): Client {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += String(chunk)));
  socket.on("error", () => undefined);
  return { socket, answer: () => answer, closed: once(socket, "close") };
}

const textOf = (door: RecordingDoor): string =>
  door.frames
    .map(({ format, bytes }) => {
      assert.equal(format, "detections");
      return Buffer.from(bytes).toString();
    })
    .join("\n");

test("after the sign-in, lines are handed in as they came; the last needs no line end", async (t) => {
  const { listener, door } = await listening(t);
  const { socket, answer, closed } = dial(listener.port);
  socket.end(`${HELLO}{"a":1}\n\n{"b":2}\n{"c":3}`);
  await closed;
  assert.equal(textOf(door).replaceAll("\n\n", "\n"), '{"a":1}\n{"b":2}\n{"c":3}');
  assert.equal(answer(), '{"type":"welcome"}\n');
});

test("a stream that is split at any byte, sign-in included, gives the same lines", async (t) => {
  const { listener, door } = await listening(t);
  const stream = Buffer.from(`${HELLO}{"a":"ñ"}\r\n{"b":2}\n`);
  for (let at = 1; at < stream.length; at += 1) {
    const { socket, closed } = dial(listener.port);
    socket.setNoDelay(true);
    socket.write(stream.subarray(0, at));
    // The first part must have left before the second is written.
    await new Promise((resolve) => setImmediate(resolve));
    socket.end(stream.subarray(at));
    await closed;
    const lines = textOf(door)
      .split("\n")
      .filter((line) => line !== "");
    assert.deepEqual(lines, ['{"a":"ñ"}\r', '{"b":2}'], `split at ${at}`);
    door.frames.length = 0;
  }
});

test("who does not sign in is turned away with a word, and nothing of it is taken", async (t) => {
  const { listener, door } = await listening(t);
  for (const first of [
    '{"type":"hello","source":"df","key":"another key"}\n',
    '{"type":"hello","source":"nobody","key":"the key of the source"}\n',
    // Its key is known, but it is no open TCP source.
    '{"type":"hello","source":"gone","key":"the key of the source"}\n',
    '{"type":"det","id":"1"}\n',
    "GET / HTTP/1.1\r\n\r\n",
    "x".repeat(5000),
  ]) {
    const { socket, answer, closed } = dial(listener.port);
    socket.write(`${first}{"a":1}\n`);
    await closed;
    assert.match(answer(), /^\{"type":"refused","code":"sign-in"/, first.slice(0, 60));
  }
  assert.deepEqual(door.frames, []);
});

test("a client that does not say who it is, and one that falls silent, are closed", async (t) => {
  const { listener } = await listening(t, { signInMs: 50 });
  const silent = dial(listener.port);
  const half = dial(listener.port);
  half.socket.write(HELLO.slice(0, 20));
  await Promise.all([silent.closed, half.closed]);
  assert.match(silent.answer(), /"code":"sign-in"/);
  const { listener: patient } = await listening(t, { idleMs: 100 });
  const known = dial(patient.port);
  known.socket.write(HELLO);
  await known.closed;
  assert.match(known.answer(), /^\{"type":"welcome"\}\n\{"type":"refused","code":"idle"/);
});

test("while the hub is behind the socket is not read, and nothing is lost when it goes on", async (t) => {
  const { listener, door } = await listening(t);
  const { socket, closed } = dial(listener.port);
  door.open = false;
  socket.write(`${HELLO}{"n":-1}\n`);
  await door.until(() => door.frames.length === 1);
  // More than the sockets' buffers hold: the writer has to wait.
  const lines = Array.from({ length: 200_000 }, (_, k) => `{"n":${k},"pad":"${"x".repeat(60)}"}`);
  const went = socket.write(`${lines.join("\n")}\n`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(went, false);
  assert.ok(socket.writableLength > 0, "the sender waits");
  assert.equal(door.frames.length, 1);
  door.release();
  socket.end();
  await closed;
  const numbers = textOf(door)
    .split("\n")
    .map((line) => (JSON.parse(line) as { n: number }).n);
  assert.equal(numbers.length, 200_001);
  assert.ok(numbers.every((n, k) => n === k - 1));
});

test("there are only so many connections at once, strangers fewer, and a source that stops closes its own", async (t) => {
  const { listener, door, stop } = await listening(t);
  const strangers = Array.from({ length: 80 }, () => dial(listener.port));
  await Promise.all(strangers.slice(50).map(({ closed }) => closed));
  for (const { socket } of strangers.slice(0, 50)) socket.destroy();
  await Promise.all(strangers.map(({ closed }) => closed));

  const known: Client[] = [];
  for (let k = 0; k < MAX_TCP_CLIENTS; k += 1) {
    const client = dial(listener.port);
    client.socket.write(HELLO);
    await once(client.socket, "data");
    known.push(client);
  }
  const oneMore = dial(listener.port);
  oneMore.socket.write(HELLO);
  await oneMore.closed;
  assert.equal(oneMore.answer(), "");
  known[0]?.socket.write('{"a":1}\n');
  await door.until(() => door.frames.length === 1);
  await stop();
  await Promise.all(known.map(({ closed }) => closed));
});

test("with a certificate the door speaks TLS and nothing else", async (t) => {
  const { certFile, ...tls } = certificate(t);
  const { listener, door } = await listening(t, { tls });
  const plain = dial(listener.port);
  plain.socket.write(HELLO);
  await plain.closed;
  assert.equal(plain.answer().includes("welcome"), false);
  // As the document says it.
  const client = spawn("openssl", ["s_client", "-quiet", "-verify_quiet", "-CAfile", certFile, "-connect", `localhost:${listener.port}`], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  client.stdin.write(`${HELLO}{"a":1}\n`);
  await door.until(() => door.frames.length === 1);
  client.kill();
  assert.equal(textOf(door), '{"a":1}');
});
