// Replays a capture file: each frame enters when the recording's clock reaches its time.
import { createReadStream } from "node:fs";
import type { FrameFormat, SourceDefinition } from "@atalaya/picture";
import { CaptureReader, isLinkType, type LinkType } from "@atalaya/remote-id";
import type { RecordedClock } from "../sector-clock.ts";
import type { Door, Source } from "./source.ts";

/** The door's name for frames of a link type. */
export function formatOf(linkType: LinkType): FrameFormat {
  return `dlt-${linkType}`;
}

interface Pending {
  readonly linkType: number;
  readonly timeUs: number | undefined;
  readonly bytes: Uint8Array;
}

export function captureSource(definition: SourceDefinition, file: string, clock: RecordedClock): Source {
  let stopped = false;
  let playing: Promise<void> = Promise.resolve();

  const play = async (door: Door): Promise<void> => {
    const pending: Pending[] = [];
    const reader = new CaptureReader(({ linkType, timeUs, bytes }) => pending.push({ linkType, timeUs, bytes: bytes.slice() }));
    for await (const chunk of createReadStream(file)) {
      const ended = reader.push(chunk as Uint8Array);
      for (const { linkType, timeUs, bytes } of pending.splice(0)) {
        if (timeUs !== undefined) await clock.reach(timeUs);
        if (stopped) return;
        if (!isLinkType(linkType)) door.refused("link-type");
        else if (!door.frame(formatOf(linkType), bytes, timeUs)) await door.ready();
      }
      if (ended !== undefined) {
        door.failed(ended.refused.code);
        return;
      }
    }
    const ended = reader.end();
    clock.end();
    if (ended === undefined) door.ended();
    else door.failed(ended.refused.code);
  };

  return {
    definition,
    async start(door) {
      playing = play(door).catch(() => door.failed("file-unreadable"));
    },
    async stop() {
      stopped = true;
      await Promise.race([playing, new Promise((resolve) => setTimeout(resolve, 1500))]);
    },
  };
}
