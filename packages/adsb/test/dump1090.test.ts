// Debian's dump1090 as an independent reader of the same frames: it listens on loopback, without a radio, and says what it understood as
// BaseStation lines, as JSON and as Beast, all of which our own readers read.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import {
  AircraftTable,
  addressText,
  BeastFramer,
  decodeModeS,
  encodeAvr,
  encodeBeast,
  encodeCpr,
  encodeModeS,
  hex,
  type ModeSMessage,
  SbsFramer,
  type SbsMessage,
} from "../src/index.ts";
import { extended, reply } from "./arbitraries.ts";

const REFERENCE = { latDeg: 52.31, lonDeg: 4.76 };
const folder = mkdtempSync(join(tmpdir(), "adsb-dump1090-"));

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, "127.0.0.1"), "listening");
      const address = server.address();
      assert.ok(address !== null && typeof address === "object");
      return address.port;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

const [rawIn = 0, beastIn = 0, rawOut = 0, sbsOut = 0, beastOut = 0] = await freePorts(5);
const program = spawn(
  "dump1090-mutability",
  [
    ...["--net-only", "--quiet", "--net-bind-address", "127.0.0.1", "--net-heartbeat", "0"],
    ...["--net-ri-port", String(rawIn), "--net-bi-port", String(beastIn), "--net-ro-port", String(rawOut)],
    ...["--net-sbs-port", String(sbsOut), "--net-bo-port", String(beastOut), "--net-buffer", "3"],
    ...["--lat", String(REFERENCE.latDeg), "--lon", String(REFERENCE.lonDeg), "--max-range", "0"],
    ...["--write-json", folder, "--write-json-every", "0.2"],
  ],
  { stdio: "ignore" },
);
const sockets: Socket[] = [];
after(async () => {
  for (const socket of sockets) socket.destroy();
  if (program.exitCode === null && program.kill("SIGTERM")) await once(program, "exit");
  rmSync(folder, { recursive: true });
});

async function open(port: number): Promise<Socket> {
  for (let attempt = 0; ; attempt += 1) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      sockets.push(socket);
      return socket;
    } catch (error) {
      if (attempt === 1200) throw error;
      await pause(50);
    }
  }
}

const input = await open(rawIn);
const beastInput = await open(beastIn);
const lines: SbsMessage[] = [];
const refusals: string[] = [];
const sbs = new SbsFramer(
  (message) => lines.push(message),
  ({ code }) => refusals.push(code),
);
(await open(sbsOut)).on("data", (chunk) => sbs.push(chunk));
const echoes: string[] = [];
const beast = new BeastFramer(({ bytes, length }) => echoes.push(hex(bytes, 0, length)));
(await open(beastOut)).on("data", (chunk) => beast.push(chunk));

function bytesOf(message: ModeSMessage): Uint8Array {
  const bytes = encodeModeS(message);
  assert.ok(bytes instanceof Uint8Array, JSON.stringify(bytes));
  return bytes;
}

let nextAddress = 0x3c_0000;

/** A new aircraft, and the frame by which it makes itself known. */
function newcomer(): { readonly address: number; readonly hello: Uint8Array } {
  nextAddress += 1;
  return { address: nextAddress, hello: bytesOf({ type: "allCall", df: 11, address: nextAddress, capability: 5, interrogator: 0 }) };
}

/** What dump1090 says to the frames, by aircraft. */
async function answers(
  write: (frame: Uint8Array) => void,
  frames: readonly Uint8Array[],
): Promise<ReadonlyMap<string, readonly SbsMessage[]>> {
  lines.length = 0;
  // An aircraft of its own, heard twice since dump1090 holds back what it heard once, ends the round: all that came before was read.
  const { address: ending, hello } = newcomer();
  for (const frame of [...frames, hello, hello]) write(frame);
  for (let k = 0; k < 2400 && lines.filter(({ address }) => address === ending).length < 2; k += 1) await pause(25);
  const said = new Map<string, SbsMessage[]>();
  for (const line of lines) {
    const who = `${line.isIcao ? "" : "~"}${line.address}`;
    said.set(who, [...(said.get(who) ?? []), line]);
  }
  assert.equal(said.get(String(ending))?.length, 2, "the end of the round was reached");
  return said;
}

function near(ours: number | undefined, theirs: number | undefined, by: number, what: string): void {
  if (ours === undefined || theirs === undefined) assert.equal(ours, theirs, what);
  else assert.ok(Math.abs(ours - theirs) <= by, `${what}: ours ${ours}, theirs ${theirs}`);
}

/** Angles, to whole degrees. */
function nearAngle(ours: number | undefined, theirs: number | undefined, what: string): void {
  if (ours === undefined || theirs === undefined) assert.equal(ours, theirs, what);
  else near(((((ours - theirs) % 360) + 540) % 360) - 180, 0, 2, what);
}

/** The kinds of line that dump1090 writes for a message; 0 for those that it passes over. */
function lineOf(message: ModeSMessage): number {
  switch (message.type) {
    case "altitude":
      return 5;
    case "identity":
      return 6;
    case "acas":
      return 7;
    case "allCall":
      return 8;
    case "extended": {
      const typeCode = message.typeCode ?? 0;
      if (typeCode >= 1 && typeCode <= 4) return 1;
      if (typeCode >= 5 && typeCode <= 8) return 2;
      if (typeCode >= 9 && typeCode <= 18) return 3;
      return typeCode === 19 ? 4 : 0;
    }
    default:
      return 0;
  }
}

/** dump1090 writes no lines for addresses that are not ICAO's. */
function isOther(message: ModeSMessage): boolean {
  return message.type === "extended" && message.addressKind !== "icao";
}

function check(message: ModeSMessage, line: SbsMessage): void {
  const what = JSON.stringify(message);
  assert.equal(line.transmissionType, lineOf(message), what);
  switch (message.type) {
    case "acas":
    case "altitude":
      assert.equal(line.address, message.overlay, what);
      assert.equal(line.altitudeFt, message.altitudeFt, what);
      break;
    case "identity":
      assert.equal(line.address, message.overlay, what);
      // For dump1090 0000 is no code.
      assert.equal(line.squawk ?? "0000", message.squawk, what);
      break;
    case "allCall":
      assert.equal(line.address, message.address, what);
      break;
    case "extended": {
      const { content } = message;
      assert.equal(line.address, message.address, what);
      assert.equal(line.isIcao, message.addressKind === "icao", what);
      if (content.kind === "identification") assert.equal(line.callsign, content.callsign, what);
      if (content.kind === "airbornePosition") assert.equal(line.altitudeFt, content.altitudeFt, what);
      if (content.kind === "surfacePosition") {
        // It gives the upper end of the step, up to 5 kt wide, and 199 for 175 and more.
        near(content.groundSpeedKt, line.groundSpeedKt, content.groundSpeedKt === 175 ? 24 : 5, what);
        nearAngle(content.trackDeg, line.trackDeg, what);
      }
      if (content.kind === "groundVelocity") {
        near(content.groundSpeedKt, line.groundSpeedKt, 1, what);
        nearAngle(content.trackDeg, line.trackDeg, what);
        assert.equal(line.verticalRateFpm, content.verticalRateFpm, what);
      }
      // Airspeed and heading have no place in a line.
      if (content.kind === "airVelocity") assert.equal(line.verticalRateFpm, content.verticalRateFpm, what);
      break;
    }
    case "undecoded":
      break;
    default:
      message satisfies never;
  }
}

/** What dump1090 shows of an aircraft in its JSON. */
interface Shown {
  readonly hex: string;
  readonly type?: string;
  readonly flight?: string;
  readonly category?: string;
  readonly squawk?: string;
  readonly altitude?: number | "ground";
  readonly speed?: number;
  readonly track?: number;
  readonly vert_rate?: number;
}

/** The list as it is once the aircraft that ended the last round is in it. */
async function shown(): Promise<ReadonlyMap<string, Shown>> {
  const last = addressText(nextAddress).toLowerCase();
  for (let k = 0; ; k += 1) {
    const text = readFileSync(join(folder, "aircraft.json"), "utf8");
    if (text.includes(last) && text.trimEnd().endsWith("}")) {
      const { aircraft } = JSON.parse(text) as { readonly aircraft: readonly Shown[] };
      return new Map(aircraft.map((one) => [one.hex.trim(), one]));
    }
    assert.ok(k < 2400, "the list is written");
    await pause(25);
  }
}

const TYPES: Readonly<Record<string, string | undefined>> = {
  "0 icao": undefined,
  "1 other": "adsb_other",
  "2 icao": undefined,
  "2 trackFile": "tisb_trackfile",
  "3 icao": undefined,
  "3 trackFile": "tisb_trackfile",
  "4 unknown": "unknown",
  "5 other": "tisb_other",
  "6 icao": undefined,
  "6 other": "adsr_other",
  "7 unknown": "unknown",
};

function checkShown(message: ModeSMessage, one: Shown, what: string): void {
  if (message.type === "identity") assert.equal(one.squawk ?? "0000", message.squawk, what);
  if (message.type !== "extended") return;
  const { content, df, control, addressKind } = message;
  if (df === 18) assert.equal(one.type, TYPES[`${control} ${addressKind}`], what);
  if (content.kind === "identification") {
    assert.equal(one.category, content.category, what);
    assert.equal(one.flight?.trim(), content.callsign, what);
  }
  if (content.kind === "emergency" || content.kind === "test") assert.equal(one.squawk, content.squawk, what);
  if (content.kind === "groundVelocity") {
    near(content.groundSpeedKt, one.speed, 1, what);
    nearAngle(content.trackDeg, one.track, what);
    assert.equal(one.vert_rate, content.verticalRateFpm, what);
  }
  if (content.kind === "airVelocity") assert.equal(one.vert_rate, content.verticalRateFpm, what);
  if (content.kind === "surfacePosition") nearAngle(content.trackDeg, one.track, what);
  // Its capability may say "ground", which then stands in the altitude's place; heights above the ellipsoid are not shown.
  const isPressure = content.kind === "noPosition" || (content.kind === "airbornePosition" && content.altitudeReference === "pressure");
  if (isPressure && one.altitude !== "ground") assert.equal(one.altitude, content.altitudeFt, what);
}

test("dump1090 reads from twelve hundred random messages what we read", async () => {
  const frames: Uint8Array[] = [];
  const expected: ModeSMessage[] = [];
  for (const made of fc.sample(fc.oneof(extended, reply), { numRuns: 1200, seed: 1090 })) {
    const { address, hello } = newcomer();
    const mine = "overlay" in made ? { ...made, overlay: address } : "address" in made ? { ...made, address } : made;
    const frame = bytesOf(mine);
    frames.push(hello, frame, frame);
    const decoded = decodeModeS(frame, 0, frame.length);
    assert.ok(!("refused" in decoded));
    expected.push(decoded);
  }
  const said = await answers((frame) => input.write(encodeAvr(frame)), frames);
  assert.deepEqual(refusals, []);
  const list = await shown();
  let withLines = 0;
  for (const message of expected) {
    if (message.type === "undecoded") continue;
    const what = JSON.stringify(message);
    const address = "overlay" in message ? message.overlay : message.address;
    const one = list.get(`${isOther(message) ? "~" : ""}${addressText(address).toLowerCase()}`);
    assert.ok(one !== undefined, `shown: ${what}`);
    checkShown(message, one, what);
    const kind = isOther(message) ? 0 : lineOf(message);
    if (kind === 0) continue;
    const mine = said.get(String(address))?.filter(({ transmissionType }) => transmissionType === kind) ?? [];
    assert.equal(mine.length, message.type === "allCall" ? 3 : 2, what);
    check(message, mine[0]!);
    withLines += 1;
  }
  assert.ok(withLines > 500, `${withLines}`);
});

/** Places anywhere in the air, and near the reference on the ground. */
function places(): readonly { readonly lat: number; readonly lon: number; readonly isSurface: boolean; readonly isOddFirst: boolean }[] {
  const air = fc.record({
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
    lon: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(179.9999, -179.9999, 180)),
    isSurface: fc.constant(false),
    isOddFirst: fc.boolean(),
  });
  const ground = fc.record({
    lat: fc.double({ min: -0.6, max: 0.6, noNaN: true }).map((north) => REFERENCE.latDeg + north),
    lon: fc.double({ min: -0.9, max: 0.9, noNaN: true }).map((east) => REFERENCE.lonDeg + east),
    isSurface: fc.constant(true),
    isOddFirst: fc.boolean(),
  });
  return fc.sample(fc.oneof(air, ground), { numRuns: 300, seed: 1090 });
}

test("dump1090 finds the positions that we find, takes our Beast, and its Beast is read back, escapes included", async () => {
  echoes.length = 0;
  const table = new AircraftTable({ reference: REFERENCE });
  const frames: Uint8Array[] = [];
  const ours = new Map<string, readonly [lat: number, lon: number]>();
  for (const { lat, lon, isSurface, isOddFirst } of places()) {
    const { address, hello } = newcomer();
    frames.push(hello);
    for (const isOdd of [isOddFirst, !isOddFirst]) {
      const half = new Int32Array(2);
      encodeCpr(lat, lon, isOdd, isSurface, half);
      const cpr = { isOdd, cprLatitude: half[0]!, cprLongitude: half[1]!, isTimeSynchronised: false };
      const squitter = { type: "extended", df: 17, address, addressKind: "icao", origin: "adsb", control: isSurface ? 4 : 5 } as const;
      const pressure = { surveillanceStatus: 0, nicSupplementB: false, altitudeFt: 30_000, altitudeReference: "pressure" } as const;
      const frame = bytesOf(
        isSurface
          ? { ...squitter, typeCode: 7, content: { kind: "surfacePosition", groundSpeedKt: 10, trackDeg: undefined, ...cpr } }
          : { ...squitter, typeCode: 11, content: { kind: "airbornePosition", ...pressure, ...cpr } },
      );
      frames.push(frame);
      table.hear(frame, 0, 14, frames.length / 1000);
    }
    if (table.hasPosition) ours.set(String(address), [table.latDeg, table.lonDeg]);
  }
  let ticks = 0x1a_0000;
  const said = await answers((frame) => {
    ticks += 0x1a_1a;
    beastInput.write(encodeBeast(frame, ticks, 0x1a));
  }, frames);
  assert.ok(ours.size > 290, `${ours.size}`);
  let found = 0;
  for (const [address, [lat, lon]] of ours) {
    const line = said.get(address)?.findLast(({ latDeg }) => latDeg !== undefined);
    // It withholds what it finds too far from the reference, and knows 180 degrees west as east.
    if (line?.latDeg === undefined || line.lonDeg === undefined) continue;
    found += 1;
    assert.ok(Math.abs(line.latDeg - lat) < 1e-5, `${address}: latitude ${line.latDeg}, ours ${lat}`);
    const difference = ((((line.lonDeg - lon) % 360) + 540) % 360) - 180;
    assert.ok(Math.abs(difference) < 1e-5, `${address}: longitude ${line.lonDeg}, ours ${lon}`);
  }
  for (const [who, list] of said)
    if (list.some(({ latDeg }) => latDeg !== undefined)) assert.ok(ours.has(who), `${who}: a position that we withhold`);
  assert.ok(found > 280, `${found} of ${ours.size}`);
  for (let k = 0; k < 2400 && echoes.length < frames.length; k += 1) await pause(25);
  assert.deepEqual(
    echoes.slice(0, frames.length),
    frames.map((frame) => hex(frame)),
  );
});
