// How fast lines of the detection format are read and checked on one core, beside bare JSON.parse, and how fast the picture takes them.
import { encodeFrame, encodeRecord, Picture } from "@atalaya/picture";
import { decodeDetectionLine, encodeDetectionLine, type SensedDetection } from "@atalaya/protocol/detections";
import { type Bench, figure } from "./bench.ts";

const RUNS = 7;
const LINES = 200_000;
const BATCH_BYTES = 64 * 1024;
const T0_US = 1_764_000_000_000_000;

/** A radar's scans of 200 detections with four measures each, as a real one would round them. */
function scans(): readonly string[] {
  const radar = { id: "R1", kind: "radar", latDeg: 31.76, lonDeg: -106.49, haeM: 1140 } as const;
  const measures = ["range_m", "az_deg", "el_deg", "rdot_mps"] as const;
  const lines = [encodeDetectionLine({ type: "sensor", sensor: { ...radar, measures, sigma: [5, 0.5, 0.7, 0.3], periodS: 1, pd: 0.9 } })];
  for (let k = 0; lines.length < LINES; k += 1) {
    const scan = Math.floor(k / 200);
    const timeS = T0_US / 1e6 + scan / 1000;
    // Digits as they come in measurements; nothing depends on the values.
    const wave = (factor: number): number => Math.abs(Math.sin(k * factor));
    const detection: SensedDetection = {
      id: `R1-${k}`,
      sensor: "R1",
      kind: "radar",
      scan,
      timeS,
      z: [
        Math.round(wave(0.7) * 400_000) / 100,
        Math.round(wave(0.3) * 3_600_000) / 1e4,
        Math.round(wave(1.1) * 500_000) / 1e4,
        Math.round(wave(2.3) * 30_000) / 1000,
      ],
      variance: [25, 0.25, 0.49, 0.09],
      snrDb: Math.round(wave(1.7) * 200) / 10,
    };
    lines.push(encodeDetectionLine({ type: "detection", detection, arrivedS: timeS }));
    if (k % 200 === 199)
      lines.push(encodeDetectionLine({ type: "scan", scan: { sensor: "R1", scan, count: 200, timeS, endTimeS: timeS } }));
  }
  return lines;
}

function rate(lines: readonly string[], take: (line: string) => void): number {
  const began = process.hrtime.bigint();
  for (const line of lines) take(line);
  return lines.length / (Number(process.hrtime.bigint() - began) / 1e9);
}

/** Payloads as the journal holds them, a batch each. */
function payloads(lines: readonly string[]): readonly Uint8Array[] {
  const bytes = Buffer.from(lines.join("\n"));
  const frames: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.length - from <= BATCH_BYTES ? bytes.length : bytes.lastIndexOf(0x0a, from + BATCH_BYTES);
    frames.push(encodeFrame({ format: "detections", sensorTimeUs: undefined, bytes: bytes.subarray(from, to) }));
    from = to + 1;
  }
  return frames;
}

function pictureRate(lines: number, frames: readonly Uint8Array[]): number {
  const picture = new Picture();
  const source = { id: "a", name: "a", kind: "tcp", origin: "live", format: "detections" } as const;
  picture.apply({ seq: 1, timeUs: T0_US, kind: "source", source: "", payload: encodeRecord("source", { source, by: "bench" }) });
  const began = process.hrtime.bigint();
  frames.forEach((payload, k) => picture.apply({ seq: k + 2, timeUs: T0_US + k * 1000, kind: "frame", source: "a", payload }));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const heard = picture.heard("a");
  if (heard?.lines !== lines || heard.refused !== 0) throw new Error(`the picture took ${heard?.lines} lines, refused ${heard?.refused}`);
  return lines / seconds;
}

export const bench: Bench = {
  name: "detections",
  measures: "lines of the detection format on one core: a radar's detections with four measures, and the ends of its scans",
  async run() {
    const lines = scans();
    const frames = payloads(lines);
    const decode = (line: string): void => {
      if ("refused" in decodeDetectionLine(line)) throw new Error(line);
    };
    const parse = (line: string): void => {
      JSON.parse(line);
    };
    const samples = (measure: () => number): readonly number[] => {
      measure();
      return Array.from({ length: RUNS }, measure);
    };
    return {
      figures: {
        lines_per_s: figure(
          "lines/s",
          samples(() => rate(lines, decode)),
        ),
        picture_lines_per_s: figure(
          "lines/s",
          samples(() => pictureRate(lines.length, frames)),
        ),
      },
      peers: {
        json_parse_per_s: figure(
          "lines/s",
          samples(() => rate(lines, parse)),
        ),
      },
    };
  },
};
