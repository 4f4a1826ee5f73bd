// How fast do the bytes of a Mode S receiver become messages and positions on one core, beside a decoder written without a thought to speed
// and beside Debian's dump1090?
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  AircraftTable,
  BeastFramer,
  decodeModeS,
  encodeBeast,
  encodeCpr,
  encodeModeS,
  type ModeSMessage,
  NOT_HEARD,
  TickClock,
} from "@atalaya/adsb";
import { encodeFrame, encodeRecord, Picture } from "@atalaya/picture";
import { type Bench, type Figure, figure } from "./bench.ts";

const RUNS = 7;
/** dump1090 sleeps between reads: one of its runs takes ten seconds. */
const PEER_RUNS = 3;
const AIRCRAFT = 200;
/** Frames of the stream, heard in half a minute: a busy receiver. */
const FRAMES = 100_000;
const ROUNDS = 10;
const CHUNK_BYTES = 65_536;

function bytesOf(message: ModeSMessage): Uint8Array {
  const bytes = encodeModeS(message);
  if (!(bytes instanceof Uint8Array)) throw new Error(bytes.refused.detail);
  return bytes;
}

/** One of the frames of an aircraft: squitters and replies in about the shares of an air full of both. */
function frameOf(address: number, k: number, step: number): Uint8Array {
  const squitter = { type: "extended", df: 17, address, addressKind: "icao", origin: "adsb", control: 5 } as const;
  const altitudeFt = 10_000 + 25 * (k % 800);
  switch (step % 10) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const isOdd = step % 2 === 1;
      const half = new Int32Array(2);
      encodeCpr(48 + (k % 40) / 10 + step * 1e-5, 5 + (k % 50) / 10, isOdd, false, half);
      const cpr = { isOdd, cprLatitude: half[0] ?? 0, cprLongitude: half[1] ?? 0, isTimeSynchronised: false };
      const pressure = { surveillanceStatus: 0, nicSupplementB: false, altitudeFt, altitudeReference: "pressure" } as const;
      return bytesOf({ ...squitter, typeCode: 11, content: { kind: "airbornePosition", ...pressure, ...cpr } });
    }
    case 4:
    case 5:
    case 6: {
      const rates = { subtype: 1, isIntentChange: false, nacV: 1, verticalRateFpm: 64 * (step % 9), verticalRateSource: "gnss" } as const;
      const speed = { eastKt: 300 - (k % 200), northKt: 100 + (step % 50), groundSpeedKt: undefined, trackDeg: undefined };
      return bytesOf({ ...squitter, typeCode: 19, content: { kind: "groundVelocity", ...rates, heightDifferenceFt: 25, ...speed } });
    }
    case 7:
      return bytesOf({ type: "allCall", df: 11, address, capability: 5, interrogator: 0 });
    case 8:
      if (step % 20 === 8)
        return bytesOf({ ...squitter, typeCode: 4, content: { kind: "identification", category: "A3", callsign: `BENCH${k % 1000}` } });
      return bytesOf({ type: "altitude", df: 20, overlay: address, flightStatus: 0, altitudeFt });
    default:
      return bytesOf({ type: "identity", df: 5, overlay: address, flightStatus: 0, squawk: "1000" });
  }
}

/** All frames of the stream as Beast. Aircraft speak in turn. */
function frames(): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let n = 0; n < FRAMES; n += 1) {
    const k = n % AIRCRAFT;
    parts.push(encodeBeast(frameOf(0x40_0000 + 37 * k, k, Math.floor(n / AIRCRAFT) + k), 12_000_000 + n * 3600, 100 + (n % 100)));
  }
  return parts;
}

/** Frames per second of one pass over the stream, ten times. */
function rate(bytes: Uint8Array, push: (chunk: Uint8Array) => void, seen: () => number): number {
  const before = seen();
  const began = process.hrtime.bigint();
  for (let round = 0; round < ROUNDS; round += 1)
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) push(bytes.subarray(at, at + CHUNK_BYTES));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (seen() - before !== ROUNDS * FRAMES) throw new Error(`${seen() - before} of ${ROUNDS * FRAMES} frames`);
  return (ROUNDS * FRAMES) / seconds;
}

function measure(bytes: Uint8Array, push: (chunk: Uint8Array) => void, seen: () => number): Figure {
  rate(bytes, push, seen);
  return figure(
    "frames/s",
    Array.from({ length: RUNS }, () => rate(bytes, push, seen)),
  );
}

/** Bytes to messages as objects, and each frame to the table of aircraft: what `atalaya decode` and the picture need. */
function everything(bytes: Uint8Array): Figure {
  let decoded = 0;
  const table = new AircraftTable();
  const clock = new TickClock("counter");
  const framer = new BeastFramer((frame) => {
    const message = decodeModeS(frame.bytes, 0, frame.length);
    const row = table.hear(frame.bytes, 0, frame.length, clock.secondsOf(frame.ticks));
    if (!("refused" in message) && row !== NOT_HEARD.badCrc) decoded += 1;
  });
  return measure(
    bytes,
    (chunk) => framer.push(chunk),
    () => decoded,
  );
}

/** Bytes to messages as objects. */
function messages(bytes: Uint8Array): Figure {
  let decoded = 0;
  const framer = new BeastFramer((frame) => {
    if (!("refused" in decodeModeS(frame.bytes, 0, frame.length))) decoded += 1;
  });
  return measure(
    bytes,
    (chunk) => framer.push(chunk),
    () => decoded,
  );
}

/** Bytes to positions and last known values, without objects. */
function positions(bytes: Uint8Array): Figure {
  let heard = 0;
  const table = new AircraftTable();
  const clock = new TickClock("counter");
  const framer = new BeastFramer((frame) => {
    if (table.hear(frame.bytes, 0, frame.length, clock.secondsOf(frame.ticks)) !== NOT_HEARD.badCrc) heard += 1;
  });
  return measure(
    bytes,
    (chunk) => framer.push(chunk),
    () => heard,
  );
}

/** As the hub hands them in: a batch of whole messages each quarter of a second, all aircraft within the sector, time going on and a tick each 0.2 s. */
function throughPicture(parts: readonly Uint8Array[]): Figure {
  const batches: Uint8Array[] = [];
  const PER_BATCH = 1000;
  for (let from = 0; from < FRAMES; from += PER_BATCH) batches.push(Buffer.concat(parts.slice(from, from + PER_BATCH)));
  const source = { id: "air", name: "air", kind: "adsb", origin: "live", format: "adsb" } as const;
  const sample = (): number => {
    const picture = new Picture({ aircraftWithinM: 500_000 });
    let timeUs = 1.79e15;
    let seq = 0;
    const apply = (kind: string, payload: Uint8Array): void => {
      seq += 1;
      picture.apply({ seq, timeUs, kind, source: kind === "frame" ? "air" : "", payload });
    };
    apply("sector", encodeRecord("sector", { name: "bench", centre: { latDeg: 50, lonDeg: 7.5 } }));
    apply("source", encodeRecord("source", { source, by: "bench" }));
    const payloads = batches.map((bytes) => encodeFrame({ format: "adsb-beast", sensorTimeUs: undefined, bytes }));
    const began = process.hrtime.bigint();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const payload of payloads) {
        timeUs += 250_000;
        apply("frame", payload);
        picture.takeChanges();
      }
    }
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const heard = picture.traffic("air");
    if (heard?.messages !== ROUNDS * FRAMES || picture.trackCount !== AIRCRAFT)
      throw new Error(`${heard?.messages} messages, ${picture.trackCount} tracks`);
    return (ROUNDS * FRAMES) / seconds;
  };
  sample();
  return figure("frames/s", Array.from({ length: RUNS }, sample));
}

/** As one would write it at first: bits as text, parity bit by bit, a fresh object per frame; positions, velocities and altitudes only. */
function plainDecoder(bytes: Uint8Array): Figure {
  let decoded = 0;
  const decode = (frame: Uint8Array): Record<string, unknown> | undefined => {
    const binary = [...frame].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    const number = (from: number, to: number): number => Number.parseInt(binary.slice(from, to), 2);
    let remainder = 0;
    for (const digit of binary) {
      const top = remainder & 0x80_0000;
      remainder = ((remainder << 1) | Number(digit)) & 0xff_ffff;
      if (top !== 0) remainder ^= 0xff_f409;
    }
    const df = number(0, 5);
    const out: Record<string, unknown> = { df, icao: df === 11 || df === 17 ? number(8, 32).toString(16) : remainder.toString(16) };
    if (df === 17 && remainder !== 0) return undefined;
    if (df === 4 || df === 20) out["altitude"] = (number(19, 25) * 32 + number(26, 27) * 16 + number(28, 32)) * 25 - 1000;
    if (df !== 17) return out;
    const typeCode = number(32, 37);
    out["typeCode"] = typeCode;
    if (typeCode >= 9 && typeCode <= 18) {
      out["altitude"] = (number(40, 47) * 16 + number(48, 52)) * 25 - 1000;
      out["odd"] = number(53, 54);
      out["cprLatitude"] = number(54, 71);
      out["cprLongitude"] = number(71, 88);
    } else if (typeCode === 19) {
      const east = (number(46, 56) - 1) * (binary[45] === "1" ? -1 : 1);
      const north = (number(57, 67) - 1) * (binary[56] === "1" ? -1 : 1);
      out["speed"] = Math.hypot(east, north);
      out["track"] = (Math.atan2(east, north) * 180) / Math.PI;
    }
    return out;
  };
  let held: number[] = [];
  let isEscaped = false;
  const push = (chunk: Uint8Array): void => {
    for (const byte of chunk) {
      if (byte === 0x1a && !isEscaped) {
        isEscaped = true;
        continue;
      }
      if (isEscaped && byte !== 0x1a) held = [];
      isEscaped = false;
      held.push(byte);
      const length = held[0] === 0x33 ? 14 : 7;
      if (held.length === 8 + length && decode(Uint8Array.from(held.slice(8))) !== undefined) decoded += 1;
    }
  };
  const once = (): number => {
    const before = decoded;
    const began = process.hrtime.bigint();
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) push(bytes.subarray(at, at + CHUNK_BYTES));
    return (decoded - before) / (Number(process.hrtime.bigint() - began) / 1e9);
  };
  once();
  return figure("frames/s", Array.from({ length: PEER_RUNS }, once));
}

/** Seconds of processor time that a process has used. */
function processorS(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  // Fields 14 and 15, in hundredths of a second, counted behind the name.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const PORT = 41_904;

async function reach(): Promise<Socket> {
  for (let attempt = 0; ; attempt += 1) {
    const socket = connect(PORT, "127.0.0.1");
    try {
      await once(socket, "connect");
      return socket;
    } catch (error) {
      if (attempt === 100) throw error;
      await pause(50);
    }
  }
}

/**
 * Frames per second of processor time that dump1090 takes to read the same stream and keep its list of aircraft, with nobody to send it to. It
 * sleeps between reads, so the clock on the wall would be unfair to it. Absent where it is not installed.
 */
async function dump1090(bytes: Uint8Array): Promise<Figure | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "bench-adsb-"));
  const words = ["--net-only", "--quiet", "--net-bind-address", "127.0.0.1", "--net-bi-port", String(PORT), "--write-json", folder];
  const none = ["--net-ri-port", "0", "--net-ro-port", "0", "--net-sbs-port", "0", "--net-bo-port", "0", "--write-json-every", "0.2"];
  const program = spawn("dump1090-mutability", [...words, ...none], { stdio: "ignore" });
  const { pid } = program;
  if (pid === undefined) {
    await once(program, "error");
    return undefined;
  }
  const messagesSoFar = (): number => Number(/"messages" : (\d+)/.exec(readFileSync(join(folder, "aircraft.json"), "utf8"))?.[1] ?? 0);
  try {
    const socket = await reach();
    const samples: number[] = [];
    for (let run = 0; run < PEER_RUNS; run += 1) {
      await pause(600);
      const before = messagesSoFar();
      const began = processorS(pid);
      for (let round = 0; round < 3; round += 1) if (!socket.write(bytes)) await once(socket, "drain");
      let last = -1;
      for (let now = messagesSoFar(); now !== last || now === before; now = messagesSoFar()) {
        last = now;
        await pause(1000);
      }
      const seen = last - before;
      if (seen < 2.9 * FRAMES) throw new Error(`dump1090 took ${seen} of ${3 * FRAMES} frames`);
      samples.push(seen / (processorS(pid) - began));
    }
    socket.destroy();
    return figure("frames/CPU-s", samples);
  } finally {
    if (program.kill("SIGTERM")) await once(program, "exit");
    rmSync(folder, { recursive: true });
  }
}

export const bench: Bench = {
  name: "adsb",
  measures: `Beast bytes of ${AIRCRAFT} aircraft to messages on one core: squitters and replies mixed, ${FRAMES} frames ten times over`,
  async run() {
    const parts = frames();
    const bytes = Buffer.concat(parts);
    const figures = {
      frames_per_s: everything(bytes),
      messages_only_per_s: messages(bytes),
      positions_only_per_s: positions(bytes),
      picture_per_s: throughPicture(parts),
    };
    const theirs = await dump1090(bytes);
    return {
      figures,
      peers: { plain_decoder_per_s: plainDecoder(bytes), ...(theirs === undefined ? {} : { dump1090_per_cpu_s: theirs }) },
    };
  },
};
