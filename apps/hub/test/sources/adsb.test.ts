// The door for receivers of aircraft: whole messages from streams cut anywhere, a client that comes back, a listener for this machine, a hub that is behind.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { AvrFramer, BeastFramer, encodeAvr, hex, SbsFramer } from "@atalaya/adsb";
import { beastOf, type Flight, squitters } from "@atalaya/testing/aircraft";
import { AircraftBatches } from "../../src/sources/aircraft-batches.ts";
import { type AdsbDoors, adsbSource, listenForReceivers, MAX_RECEIVERS, receiverAddress } from "../../src/sources/adsb.ts";
import type { Source } from "../../src/sources/source.ts";
import { RecordingDoor } from "./recording-door.ts";

const flight = (k: number): Flight => ({
  ...{ address: 0x1a1a00 + k, latDeg: 31.7 + k / 1000, lonDeg: -106.4, altitudeFt: 5000 },
  ...{ callsign: "LIFE1", eastKt: 100, northKt: 3, squawk: "7700" },
});
const FRAMES: readonly Uint8Array[] = Array.from({ length: 5 }, (_, k) => flight(k)).flatMap(squitters);
const SBS = Array.from({ length: 10 }, (_, k) => `MSG,3,1,1,4CA12${k},1,,,,,,${k}000,,,31.7,-106.4,,,0,0,0,0\r\n`);

const STREAMS = {
  // A message of the receiver's own in the middle: status of type 4.
  beast: Buffer.concat([beastOf(FRAMES), Uint8Array.of(0x1a, 0x34, 1, 2, 3, 0x1a, 0x1a, 4), beastOf(FRAMES, 0x1a1a1a1a1a1a)]),
  avr: Buffer.from(FRAMES.map((frame, k) => encodeAvr(frame, k % 2 === 0 ? undefined : 0xffff_0000 + k)).join("")),
  sbs: Buffer.from(SBS.join("")),
} as const;
type Framing = keyof typeof STREAMS;
const FRAMINGS = Object.keys(STREAMS) as Framing[];

/** What a reader who begins anew with each batch makes of them. */
function read(batches: readonly { readonly format: string; readonly bytes: Uint8Array }[]): readonly string[] {
  const messages: string[] = [];
  for (const { format, bytes } of batches) {
    assert.ok(bytes.length > 0 && bytes.length <= 64 * 1024, `${bytes.length} bytes`);
    const hear = (frame: { readonly bytes: Uint8Array; readonly length: number }): void => {
      messages.push(hex(frame.bytes, 0, frame.length));
    };
    const refused = (): void => assert.fail("a batch is cut within a message");
    if (format === "adsb-beast") new BeastFramer(hear).push(bytes);
    else {
      const framer =
        format === "adsb-avr" ? new AvrFramer(hear, refused) : new SbsFramer((line) => messages.push(JSON.stringify(line)), refused);
      framer.push(bytes);
      framer.end();
    }
  }
  return messages;
}

function batched(
  pieces: readonly Uint8Array[],
  flushEach: boolean,
): { batches: { format: string; bytes: Uint8Array }[]; unreadable: number } {
  const all: { format: string; bytes: Uint8Array }[] = [];
  let unreadable = 0;
  const batches = new AircraftBatches({
    batch: (format, bytes) => all.push({ format, bytes: Uint8Array.from(bytes) }),
    unreadable: () => (unreadable += 1),
  });
  for (const piece of pieces) {
    batches.push(piece);
    if (flushEach) batches.flush();
  }
  batches.end();
  return { batches: all, unreadable };
}

for (const framing of FRAMINGS) {
  test(`a ${framing} stream that is split at any byte is handed in whole, each message in one batch, the bytes as they came`, () => {
    const stream = STREAMS[framing];
    const whole = read([{ format: `adsb-${framing}`, bytes: stream }]);
    assert.ok(whole.length >= 10);
    for (let at = 0; at <= stream.length; at += 1) {
      for (const flushEach of [false, true]) {
        const { batches, unreadable } = batched([stream.subarray(0, at), stream.subarray(at)], flushEach);
        assert.deepEqual(read(batches), whole, `split at ${at}`);
        assert.deepEqual(
          Buffer.concat(batches.map(({ bytes }) => bytes))
            .toString("latin1")
            .trimEnd(),
          stream.toString("latin1").trimEnd(),
        );
        assert.equal(unreadable, 0);
      }
    }
    const single = batched(
      Array.from(stream, (byte) => Uint8Array.of(byte)),
      true,
    );
    assert.deepEqual(read(single.batches), whole);
  });

  test(`much of a ${framing} stream in one piece becomes batches of at most 64 KiB`, () => {
    const stream = Buffer.concat(Array.from({ length: Math.ceil(400_000 / STREAMS[framing].length) }, () => STREAMS[framing]));
    const { batches } = batched([stream], false);
    assert.ok(batches.length >= 6, `${batches.length}`);
    assert.deepEqual(read(batches), read(batchesOf(stream, framing)));
  });
}

/** The stream in pieces that end with it: what the copies of it hold, one after the other. */
function batchesOf(stream: Buffer, framing: Framing): { format: string; bytes: Uint8Array }[] {
  const { length } = STREAMS[framing];
  return Array.from({ length: stream.length / length }, (_, k) => ({
    format: `adsb-${framing}`,
    bytes: stream.subarray(k * length, (k + 1) * length),
  }));
}

test("what is no receiver's stream is given up, at once where it shows itself and in any case soon", () => {
  for (const bytes of [
    Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200)),
    Buffer.alloc(10_000),
    Buffer.from(`${"x".repeat(20_000)}\n`),
    // One that begins well and goes on as something else.
    Buffer.concat([STREAMS.beast, Buffer.alloc(30_000, 7)]),
    Buffer.concat([STREAMS.sbs, Buffer.alloc(30_000, 7)]),
    Buffer.from("short"),
  ]) {
    const { batches, unreadable } = batched([bytes.subarray(0, 100), bytes.subarray(100)], false);
    assert.equal(unreadable, 1);
    for (const { bytes: kept } of batches) assert.ok(kept.length <= STREAMS.beast.length);
  }
});

const definition = { id: "air", name: "air", kind: "adsb", origin: "live", format: "adsb" } as const;

interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly sockets: Socket[];
  readonly server: Server;
}

/** A receiver's output port, as readsb or dump1090 have it. */
async function receiver(t: TestContext, greet: (socket: Socket, k: number) => void, port = 0): Promise<Receiver> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    greet(socket, sockets.length - 1);
  });
  await once(server.listen(port, "127.0.0.1"), "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return { url: `127.0.0.1:${address.port}`, port: address.port, sockets, server };
}

function client(
  t: TestContext,
  url: string,
  more: { readonly idleMs?: number } = {},
): { readonly source: Source; readonly door: RecordingDoor } {
  const source = adsbSource(definition, { url, retryMs: 5, ...more }, new Map());
  t.after(() => source.stop());
  return { source, door: new RecordingDoor() };
}

for (const framing of FRAMINGS) {
  test(`the hub connects to a receiver's ${framing} port, finds out by itself what it sends, and hands it in`, async (t) => {
    const { url } = await receiver(t, (socket) => socket.write(STREAMS[framing]));
    const { source, door } = client(t, url);
    await source.start(door);
    const whole = read([{ format: `adsb-${framing}`, bytes: STREAMS[framing] }]);
    await door.until(() => read(door.frames).length === whole.length);
    assert.deepEqual(read(door.frames), whole);
    assert.deepEqual(new Set(door.frames.map(({ format }) => format)), new Set([`adsb-${framing}`]));
    assert.deepEqual([door.refusals, door.failures], [[], []]);
    // Messages that came together were written down together.
    assert.ok(door.frames.length <= 2);
  });
}

test("a receiver that goes away is said to, and connected to again, as one that was not there at first", async (t) => {
  const first = await receiver(t, (socket) => socket.destroy());
  const { port } = first;
  first.server.close();
  const { source, door } = client(t, `tcp://127.0.0.1:${port}`);
  await source.start(door);
  await door.until(() => door.failures.includes("receiver-unreachable"));
  const again = await receiver(t, (socket, k) => (k < 2 ? socket.end(STREAMS.beast) : undefined), port);
  const count = read([{ format: "adsb-beast", bytes: STREAMS.beast }]).length;
  await door.until(() => read(door.frames).length === 2 * count);
  assert.ok(door.failures.includes("receiver-closed"));
  await source.stop();
  const { length } = again.sockets;
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(again.sockets.length, length, "one that was stopped does not come back");
});

test("a stream that is no receiver's is refused by name, and tried again later", async (t) => {
  const { url, sockets } = await receiver(t, (socket) => socket.write("SSH-2.0-OpenSSH\r\n".repeat(400)));
  const { source, door } = client(t, url);
  await source.start(door);
  await door.until(() => door.failures.length >= 2);
  assert.deepEqual([new Set(door.failures), door.frames], [new Set(["not-adsb"]), []]);
  assert.equal(door.refusals[0], "not-adsb");
  assert.ok(sockets.length >= 2);
});

test("a receiver that falls silent is connected to anew", async (t) => {
  const { url, sockets } = await receiver(t, (socket) => socket.write(STREAMS.beast));
  const { source, door } = client(t, url, { idleMs: 100 });
  await source.start(door);
  // A hub that is itself late may find it silent before it has read the first of it.
  await door.until(() => door.failures.length >= 1 && door.frames.length > 0 && sockets.length >= 2);
});

test("while the hub is behind the receiver is not read, and nothing is lost when it goes on", async (t) => {
  const copies = 4000;
  const stream = Buffer.concat(Array.from({ length: copies }, () => STREAMS.beast));
  const { url, sockets } = await receiver(t, (socket) => socket.write(stream));
  const { source, door } = client(t, url);
  door.open = false;
  await source.start(door);
  await door.until(() => door.frames.length >= 1);
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.ok((sockets[0]?.writableLength ?? 0) > 0, "the receiver waits");
  const held = door.frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
  assert.ok(held < 300_000, `${held} bytes were taken by a hub that is behind`);
  door.release();
  const all = (): number => door.frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
  await door.until(() => all() === stream.length);
  assert.equal(read(door.frames).length, copies * read([{ format: "adsb-beast", bytes: STREAMS.beast }]).length);
});

test("receivers of this machine connect to the listener; a source that stops closes its own, and without one nobody is let in", async (t) => {
  const doors: AdsbDoors = new Map();
  const listener = await listenForReceivers({ port: 0 }, doors);
  t.after(() => listener.stop());
  const dial = (): { readonly socket: Socket; readonly closed: Promise<unknown> } => {
    const socket = connect(listener.port, "127.0.0.1");
    socket.on("error", () => undefined);
    return { socket, closed: new Promise((resolve) => socket.once("close", resolve)) };
  };
  await dial().closed;
  const door = new RecordingDoor();
  const source = adsbSource(definition, { url: "" }, doors);
  await source.start(door);
  const beast = dial();
  const text = dial();
  beast.socket.write(STREAMS.beast);
  text.socket.end(STREAMS.sbs);
  await text.closed;
  const expected = read([
    { format: "adsb-beast", bytes: STREAMS.beast },
    { format: "adsb-sbs", bytes: STREAMS.sbs },
  ]);
  await door.until(() => read(door.frames).length === expected.length);
  assert.deepEqual([...read(door.frames)].sort(), [...expected].sort());
  // A message that has not ended when the source stops is none.
  beast.socket.write(STREAMS.beast.subarray(0, 10));
  await source.stop();
  await beast.closed;
  assert.equal(read(door.frames).length, expected.length);
  await dial().closed;
});

test("there are only so many receivers at once", async (t) => {
  const doors: AdsbDoors = new Map();
  const listener = await listenForReceivers({ port: 0 }, doors);
  const source = adsbSource(definition, { url: "" }, doors);
  await source.start(new RecordingDoor());
  t.after(async () => {
    await source.stop();
    await listener.stop();
  });
  const sockets = Array.from({ length: MAX_RECEIVERS + 3 }, () => connect(listener.port, "127.0.0.1"));
  const closed = new Set<Socket>();
  for (const socket of sockets) socket.on("error", () => undefined).on("close", () => closed.add(socket));
  while (closed.size < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(closed.size, 3);
});

test("receivers are named as host and port", () => {
  assert.deepEqual(receiverAddress("radarcape.local:30005"), { host: "radarcape.local", port: 30_005 });
  assert.deepEqual(receiverAddress(" tcp://192.0.2.1:30003/ "), { host: "192.0.2.1", port: 30_003 });
  assert.deepEqual(receiverAddress("[2001:db8::1]:30002"), { host: "2001:db8::1", port: 30_002 });
  for (const wrong of ["", "host", "host:0", "host:65536", "http://host:1", "a b:1", "host:1/x", "2001:db8::1:30002"])
    assert.equal(receiverAddress(wrong), undefined, wrong);
});
