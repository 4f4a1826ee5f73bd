// `atalaya track DETECTIONS.jsonl|- --out TRACKS.jsonl|-`: runs a file of detections through the tracker and writes, for each scoring instant of its
// head, where every track then was. What arrives later than an instant never influences it: an instant is written as soon as a later arrival
// shows that it is over.
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { parseArgs } from "node:util";
import { decodeDetectionLine, SCENARIO_TIME } from "@atalaya/protocol/detections";
import { Tracker } from "@atalaya/tracker";
import { type Head, headOf, noHead } from "./head.ts";

const USAGE = `Usage: atalaya track DETECTIONS.jsonl|- --out TRACKS.jsonl|-
Reads a scenario in the detection format (docs/integrate-a-sensor.md), "-" is standard input, and writes one line per track and scoring instant.
`;
/** Refusals that are told one by one; the rest is counted. */
const TOLD = 5;

class Run {
  readonly #head: Head;
  readonly #tracker: Tracker;
  readonly #out: Writable;
  #next = 0;

  constructor(head: Head, out: Writable) {
    this.#head = head;
    this.#out = out;
    // What the scores ask for is all that is taken from the head: how far off an estimate may be to count, in how many dimensions, and of what.
    const { toleranceM, horizontalOnly, classes, reference } = head;
    this.#tracker = new Tracker({ toleranceM, horizontalOnly, classes }, reference);
  }

  /** Writes every instant before an arrival. */
  async reach(arrivedS: number): Promise<void> {
    for (let atS = this.#head.instantS(this.#next); atS !== undefined && arrivedS > atS; atS = this.#head.instantS(this.#next)) {
      await this.#write(atS);
    }
  }

  /** Writes the instants that remain. */
  async end(): Promise<void> {
    for (let atS = this.#head.instantS(this.#next); atS !== undefined; atS = this.#head.instantS(this.#next)) await this.#write(atS);
  }

  async #write(atS: number): Promise<void> {
    this.#next += 1;
    this.#tracker.advance(atS);
    let text = "";
    for (const track of this.#tracker.tracks(atS)) {
      const { id, status, latDeg, lonDeg, haeM, velocityEnuMps, covarianceEnuM2, newestInputS, existence, classes, identity } = track;
      const line = {
        t: atS,
        id,
        lat: latDeg,
        lon: lonDeg,
        alt: haeM,
        vel_enu: velocityEnuMps,
        cov: covarianceEnuM2,
        status,
        t_in: newestInputS,
      };
      text += `${JSON.stringify({ ...line, existence, classes, uid: identity?.name })}\n`;
    }
    if (text !== "" && !this.#out.write(text)) await once(this.#out, "drain");
  }

  async take(line: Exclude<ReturnType<typeof decodeDetectionLine>, { readonly refused: unknown }>): Promise<void> {
    switch (line.type) {
      case "sensor":
        this.#tracker.declare(line.sensor);
        break;
      case "detection": {
        const arrivedS = line.arrivedS ?? line.detection.timeS;
        await this.reach(arrivedS);
        this.#tracker.detect(line.detection, arrivedS);
        break;
      }
      case "scan": {
        const arrivedS = line.arrivedS ?? line.scan.endTimeS;
        await this.reach(arrivedS);
        this.#tracker.scanEnd(line.scan, arrivedS);
        break;
      }
      case "scenario":
        break;
    }
  }
}

async function track(from: string, out: Writable): Promise<number> {
  const input = from === "-" ? process.stdin : createReadStream(from);
  await (from === "-" ? Promise.resolve() : once(input, "open"));
  let run: Run | undefined;
  let number = 0;
  let refused = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text.trim() === "") continue;
    if (run === undefined) {
      const head = headOf(text);
      if ("refused" in head) {
        process.stderr.write(`${from}, line ${number}: ${head.refused}\n`);
        return 1;
      }
      run = new Run(head, out);
      continue;
    }
    const line = decodeDetectionLine(text, SCENARIO_TIME);
    if (!("refused" in line)) {
      await run.take(line);
      continue;
    }
    refused += 1;
    const { code, detail, clause } = line.refused;
    if (refused <= TOLD) process.stderr.write(`${from}, line ${number}: ${code}: ${detail} (${clause})\n`);
  }
  if (run === undefined) {
    process.stderr.write(`${from}: ${noHead}\n`);
    return 1;
  }
  await run.end();
  if (refused > TOLD) process.stderr.write(`${from}: ${refused} lines were refused in all\n`);
  return 0;
}

export async function run(words: readonly string[]): Promise<number> {
  let from: string | undefined;
  let to: string | undefined;
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { out: { type: "string", short: "o" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    if (positionals.length === 1) [from] = positionals;
    to = values.out;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  if (from === undefined || to === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    if (to === "-") return await track(from, process.stdout);
    const file = createWriteStream(to);
    await once(file, "open");
    try {
      return await track(from, file);
    } finally {
      file.end();
      await finished(file);
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
