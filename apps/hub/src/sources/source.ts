// What a source is: a door through which bytes come in. Sources and outlets share the same small life: start, stop, nothing left behind.
import type { FrameFormat, SourceDefinition } from "@atalaya/picture";
import type { LineRefusal } from "@atalaya/protocol";

/** What the hub hands to a source: where its bytes go. */
/** What came of a source's lines of the detection format since the journal began. */
export interface Told {
  readonly taken: number;
  readonly refused: number;
  readonly lastRefusal: LineRefusal | undefined;
}

export interface Door {
  /**
   * Hands in the bytes of one message as they arrived. The bytes are copied.
   * `sensorTimeUs` is the time that the sensor or the file gave it, Unix microseconds.
   * False: the hub is behind; a source that can wait does so with `ready()` before the next frame.
   */
  frame(format: FrameFormat, bytes: Uint8Array, sensorTimeUs: number | undefined): boolean;
  /** Resolves when the hub takes frames again. */
  ready(): Promise<void>;
  /** Bytes that were no message of the format: counted and shown, with a code. */
  refused(code: string): void;
  /** To be looked at before and after a batch: a sender is told what came of it. */
  told(): Told;
  ended(): void;
  /** `reason` is a code that the catalogues word. */
  failed(reason: string): void;
}

export interface Source {
  readonly definition: SourceDefinition;
  /** Opens the door; resolves once it listens. Failing later is said through `door.failed`. */
  start(door: Door): Promise<void>;
  /** Closes it and everything it opened; nothing is handed in afterwards. */
  stop(): Promise<void>;
}
