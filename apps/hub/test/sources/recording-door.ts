// A door that remembers what came in, with a valve to play a hub that is behind.
import type { FrameFormat } from "@atalaya/picture";
import type { Door, Told } from "../../src/sources/source.ts";

export interface Received {
  readonly format: FrameFormat;
  readonly bytes: Uint8Array;
  readonly sensorTimeUs: number | undefined;
}

export class RecordingDoor implements Door {
  readonly frames: Received[] = [];
  readonly refusals: string[] = [];
  readonly failures: string[] = [];
  hasEnded = false;
  open = true;
  #waiting: (() => void)[] = [];
  #watchers: (() => void)[] = [];
  #lines = 0;

  frame(format: FrameFormat, bytes: Uint8Array, sensorTimeUs: number | undefined): boolean {
    this.frames.push({ format, bytes: Uint8Array.from(bytes), sensorTimeUs });
    if (format === "detections") for (const line of Buffer.from(bytes).toString().split("\n")) if (line.trim() !== "") this.#lines += 1;
    this.#tell();
    return this.open;
  }
  ready(): Promise<void> {
    return this.open ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
  refused(code: string): void {
    this.refusals.push(code);
    this.#tell();
  }
  /** Every line counts as taken. */
  told(): Told {
    return { taken: this.#lines, refused: 0, lastRefusal: undefined };
  }
  ended(): void {
    this.hasEnded = true;
    this.#tell();
  }
  failed(reason: string): void {
    this.failures.push(reason);
    this.#tell();
  }
  /** The hub has caught up. */
  release(): void {
    this.open = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
  /** Resolves once the condition holds; it is looked at after each thing that comes in. */
  until(condition: (door: RecordingDoor) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition(this)) return;
        this.#watchers = this.#watchers.filter((watcher) => watcher !== look);
        resolve();
      };
      this.#watchers.push(look);
      look();
    });
  }
  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
