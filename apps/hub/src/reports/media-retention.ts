// Deletes the files of reports when they have been kept long enough, and says so in the journal.
import type { Sector } from "../sector.ts";
import { MEDIA_KEPT_MS, type MediaStore } from "./media-store.ts";

const EVERY_MS = 15 * 60_000;

export class MediaRetention {
  readonly #sector: Sector;
  readonly #store: MediaStore;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(sector: Sector, store: MediaStore) {
    this.#sector = sector;
    this.#store = store;
  }

  start(): void {
    const run = (): void => {
      this.#running = this.run();
    };
    this.#timer = setInterval(run, EVERY_MS);
    run();
  }
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** By the sector's clock and the time when the report came. */
  async run(): Promise<void> {
    const beforeUs = this.#sector.clock.nowUs() - MEDIA_KEPT_MS * 1000;
    for (const report of [...this.#sector.picture.reports()]) {
      if (report.receivedUs >= beforeUs) continue;
      for (const media of report.media) {
        if (media.removed) continue;
        await this.#store.remove(media);
        this.#sector.note("media-removed", { mediaId: media.id, by: "retention", reason: "Kept for 30 days." });
      }
    }
  }
}
