// A capture that is being made: `tcpdump -w - | atalaya serve --pcap -`, or a FIFO.
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import type { SourceDefinition } from "@atalaya/picture";
import { CaptureReader, isLinkType } from "@atalaya/remote-id";
import { formatOf } from "./capture.ts";
import type { Source } from "./source.ts";

/** `path` is "-" for standard input. */
export function livePcapSource(definition: SourceDefinition, path: string): Source {
  let stream: Readable | undefined;
  return {
    definition,
    async start(door) {
      const opened: Readable = path === "-" ? process.stdin : createReadStream(path);
      stream = opened;
      let behind = false;
      const reader = new CaptureReader(({ linkType, timeUs, bytes }) => {
        if (!isLinkType(linkType)) door.refused("link-type");
        else if (!door.frame(formatOf(linkType), bytes, timeUs)) behind = true;
      });
      opened.on("data", (chunk: Buffer) => {
        const ended = reader.push(chunk);
        if (ended !== undefined) {
          door.failed(ended.refused.code);
          opened.destroy();
        } else if (behind) {
          behind = false;
          opened.pause();
          void door.ready().then(() => opened.resume());
        }
      });
      opened.on("end", () => door.ended());
      opened.on("error", () => door.failed("file-unreadable"));
    },
    async stop() {
      stream?.removeAllListeners("data");
      stream?.destroy();
      stream = undefined;
    },
  };
}
