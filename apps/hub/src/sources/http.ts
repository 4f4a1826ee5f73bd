// The door for anything that can POST lines: the API route hands the lines of one request to the source whose key it carried.
import type { SourceDefinition } from "@atalaya/picture";
import type { LineRefusal, LinesTaken } from "@atalaya/protocol";
import { batchesOf } from "./lines.ts";
import type { Door, Source } from "./source.ts";

/** A line longer than this is refused; a message pack in hex with its envelope needs under 1 kB, a DroneScout object under 8 kB. */
export const MAX_LINE_BYTES: number = 64 * 1024;

export interface HttpSource extends Source {
  /** Hands in the lines of one request body (NDJSON, UTF-8). Waits while the hub is behind, so that a fast sender is slowed, not lost. */
  lines(body: Uint8Array): Promise<LinesTaken>;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export function httpSource(definition: SourceDefinition): HttpSource {
  const handIn = definition.format === "detections" ? detectionLines : frameLines;
  let door: Door | undefined;
  return {
    definition,
    async start(opened) {
      door = opened;
    },
    async stop() {
      door = undefined;
    },
    lines: (body) => handIn(body, () => door),
  };
}

/** Captured frames and receivers' objects: each line is a frame of its own. */
async function frameLines(body: Uint8Array, open: () => Door | undefined): Promise<LinesTaken> {
  let taken = 0;
  let refused = 0;
  let from = 0;
  while (from < body.length) {
    const feed = body.indexOf(LINE_FEED, from);
    const next = feed < 0 ? body.length : feed;
    const to = next > from && body[next - 1] === CARRIAGE_RETURN ? next - 1 : next;
    const line = body.subarray(from, to);
    from = next + 1;
    if (line.length === 0) continue;
    const door = open();
    if (door === undefined) return { taken, refused: refused + 1 };
    if (line.length > MAX_LINE_BYTES) {
      door.refused("line-too-long");
      refused += 1;
      continue;
    }
    taken += 1;
    if (!door.frame("ndjson", line, undefined)) await door.ready();
  }
  return { taken, refused };
}

/** Lines of the detection format: a batch is a frame, and the sender is told what came of its lines. */
async function detectionLines(body: Uint8Array, open: () => Door | undefined): Promise<LinesTaken> {
  let taken = 0;
  let refused = 0;
  let reason: LineRefusal | undefined;
  const batches = batchesOf(body, (code) => {
    open()?.refused(code);
    refused += 1;
    reason = { code, detail: "the line was not taken", clause: "Atalaya detections §1" };
  });
  for (const batch of batches) {
    const door = open();
    if (door === undefined) break;
    const before = door.told();
    const isAhead = door.frame("detections", batch, undefined);
    const after = door.told();
    taken += after.taken - before.taken;
    refused += after.refused - before.refused;
    if (after.refused > before.refused) reason = after.lastRefusal;
    else if (after.taken === before.taken)
      reason = { code: "not-written", detail: "the hub has no room: send again later", clause: "Atalaya detections §7" };
    if (!isAhead) await door.ready();
    // A large body must not hold up a tick.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { taken, refused, ...(reason === undefined ? {} : { reason }) };
}
