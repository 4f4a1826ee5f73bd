// Turns captures and made-up frames into entries, as the hub's journal would number them.
import { readFileSync } from "node:fs";
import { CaptureReader } from "@atalaya/remote-id";
import {
  encodeFrame,
  encodeRecord,
  type Entry,
  type FrameFormat,
  type Origin,
  type RecordKind,
  type Records,
  sealFrame,
} from "../src/index.ts";

const format = (linkType: number): FrameFormat => `dlt-${linkType}` as FrameFormat;

export class EntryList {
  readonly entries: Entry[] = [];

  record<K extends RecordKind>(timeUs: number, kind: K, value: Records[K]): this {
    this.entries.push({ seq: this.entries.length + 1, timeUs, kind, source: "", payload: encodeRecord(kind, value) });
    return this;
  }
  source(timeUs: number, id = "test", origin: Origin = "live"): this {
    return this.record(timeUs, "source", { source: { id, name: id, kind: "capture", origin }, by: "test" });
  }
  frame(timeUs: number, frameFormat: FrameFormat, bytes: Uint8Array, source = "test"): this {
    const { payload, sealed } = sealFrame(frameFormat, bytes);
    this.entries.push({
      seq: this.entries.length + 1,
      timeUs,
      kind: "frame",
      source,
      payload: encodeFrame({ format: frameFormat, sensorTimeUs: timeUs, bytes: payload }),
      ...(sealed === undefined ? {} : { sealed }),
    });
    return this;
  }
  capture(file: string): this {
    let begun = false;
    const reader = new CaptureReader(({ linkType, timeUs, bytes }) => {
      if (timeUs === undefined) return;
      if (!begun) this.source(timeUs, "test", "recorded");
      begun = true;
      this.frame(timeUs, format(linkType), bytes);
    });
    reader.push(readFileSync(file));
    return this;
  }
}
