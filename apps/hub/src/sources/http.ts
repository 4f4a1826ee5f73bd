// The door for anything that can POST lines: the API route hands the lines of one request to the source whose key it carried.
import type { SourceDefinition } from "@atalaya/picture";
import type { Door, Source } from "./source.ts";

/** A line longer than this is refused; a message pack in hex with its envelope needs under 1 kB, a DroneScout object under 8 kB. */
export const MAX_LINE_BYTES: number = 64 * 1024;

export interface LinesTaken {
  readonly taken: number;
  readonly refused: number;
}

export interface HttpSource extends Source {
  /** Hands in the lines of one request body (NDJSON, UTF-8). Waits while the hub is behind, so that a fast sender is slowed, not lost. */
  lines(body: Uint8Array): Promise<LinesTaken>;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export function httpSource(definition: SourceDefinition): HttpSource {
  let door: Door | undefined;
  return {
    definition,
    async start(opened) {
      door = opened;
    },
    async stop() {
      door = undefined;
    },
    async lines(body) {
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
    },
  };
}
