import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isRemoteIdFormat, type SourceDefinition } from "@atalaya/picture";
import { decodeFrame, encodeMessage, encodeWifiBeacon, encodePack, pcapHeader, pcapRecord } from "@atalaya/remote-id";
import { RecordedClock } from "../../src/sector-clock.ts";
import { captureSource } from "../../src/sources/capture.ts";
import { demoSource } from "../../src/sources/demo/demo.ts";
import { demoFlights } from "../../src/sources/demo/flights.ts";
import { livePcapSource } from "../../src/sources/live-pcap.ts";
import { RecordingDoor } from "./recording-door.ts";

const definition: SourceDefinition = { id: "capture", name: "capture", kind: "capture", origin: "recorded" };
const BEGAN_US = 1_764_000_000_000_000;

function folder(t: { after(end: () => void): void }): string {
  const made = mkdtempSync(join(tmpdir(), "atalaya-capture-"));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

/** A capture of `count` beacons, a second apart. */
function capture(count: number): Buffer {
  const pack = encodePack([{ type: "basicId", idType: 1, uaType: 2, uasId: "DRLX6SURVEY" }], 2);
  assert.ok(pack instanceof Uint8Array);
  const records = Array.from({ length: count }, (_, k) =>
    pcapRecord(BEGAN_US + k * 1_000_000, encodeWifiBeacon({ transmitter: "02:00:00:00:00:01", rssi: -50, counter: k }, "drone", pack)),
  );
  return Buffer.concat([pcapHeader(127), ...records]);
}

test("a capture replayed as fast as possible hands in every frame with its own time, and then says that it ended", async (t) => {
  const file = join(folder(t), "flight.pcap");
  writeFileSync(file, capture(300));
  const door = new RecordingDoor();
  const clock = new RecordedClock("max");
  const source = captureSource(definition, file, clock);
  await source.start(door);
  await door.until(() => door.hasEnded);
  assert.deepEqual(
    door.frames.map(({ sensorTimeUs }) => sensorTimeUs),
    Array.from({ length: 300 }, (_, k) => BEGAN_US + k * 1_000_000),
  );
  assert.ok(clock.nowUs() >= BEGAN_US + 299_000_000);
  assert.ok(door.frames.every(({ format, bytes }) => format === "dlt-127" && decodeFrame(format, bytes).observations.length === 1));
  await source.stop();
});

test("a capture that breaks off hands in what stands whole and fails by name; a file that is none fails too", async (t) => {
  const where = folder(t);
  writeFileSync(join(where, "cut.pcap"), capture(3).subarray(0, -10));
  writeFileSync(join(where, "text.pcap"), "not a capture at all");
  for (const [name, frames, reason] of [
    ["cut.pcap", 2, "cut-short"],
    ["text.pcap", 0, "not-a-capture"],
  ] as const) {
    const door = new RecordingDoor();
    const source = captureSource(definition, join(where, name), new RecordedClock("max"));
    await source.start(door);
    await door.until(() => door.failures.length > 0);
    assert.deepEqual([door.frames.length, door.failures], [frames, [reason]]);
    await source.stop();
  }
});

test("a live capture comes in through a FIFO while it is being made, whatever the pieces it comes in", async (t) => {
  const fifo = join(folder(t), "live");
  execFileSync("mkfifo", [fifo]);
  const door = new RecordingDoor();
  const source = livePcapSource({ ...definition, kind: "live-pcap", origin: "live" }, fifo);
  await source.start(door);
  const bytes = capture(5);
  const writer = createWriteStream(fifo);
  for (let at = 0; at < bytes.length; at += 7) writer.write(bytes.subarray(at, at + 7));
  await door.until(() => door.frames.length === 5);
  assert.equal(door.hasEnded, false);
  writer.end();
  await door.until(() => door.hasEnded);
  await source.stop();
});

test("the demo sends real radio frames of every flight, near El Paso and Ciudad Juárez", async () => {
  const door = new RecordingDoor();
  const source = demoSource({ ...definition, kind: "demo", origin: "synthetic" }, () => BEGAN_US);
  await source.start(door);
  await source.stop();
  const heard = door.frames.flatMap(({ format, bytes }) => (isRemoteIdFormat(format) ? decodeFrame(format, bytes).observations : []));
  assert.ok(heard.every(({ element }) => element.refused === undefined && element.problems.length === 0));
  const messages = heard.flatMap(({ element }) => element.messages);
  const serials = messages.flatMap((message) => (message.type === "basicId" ? [message.uasId] : []));
  assert.deepEqual(serials.toSorted(), demoFlights.map(({ serial }) => serial).toSorted());
  for (const message of messages) {
    if (message.type !== "location") continue;
    assert.ok(Math.abs((message.latitude ?? 0) - 31.76) < 0.1 && Math.abs((message.longitude ?? 0) + 106.49) < 0.1);
  }
});

test("the demo's first flight reaches a post within two minutes and leaves again", () => {
  const [first] = demoFlights;
  assert.ok(first);
  const message = encodeMessage({ type: "basicId", idType: 1, uaType: first.uaType, uasId: first.serial }, 2);
  assert.ok(message instanceof Uint8Array);
  const post = { latDeg: 31.7587 + 1500 / 111_320, lonDeg: -106.4869 - 3400 / (111_320 * Math.cos((31.7587 * Math.PI) / 180)) };
  const away = (seconds: number): number => {
    const at = first.at(seconds);
    if (at === undefined) return Number.POSITIVE_INFINITY;
    return Math.hypot((at.latDeg - post.latDeg) * 111_320, (at.lonDeg - post.lonDeg) * 94_640);
  };
  assert.ok(away(0) > 1000);
  assert.ok(away(100) < 300);
  assert.ok(away(260) > 1500);
});
