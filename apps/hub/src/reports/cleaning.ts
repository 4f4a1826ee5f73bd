// Runs what deletes old files every quarter of an hour, from the start on; one run at a time, and none is cut off by a stop.
const EVERY_MS = 15 * 60_000;

export class Cleaning {
  readonly #clean: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(clean: () => Promise<void>) {
    this.#clean = clean;
  }

  start(): void {
    const run = (): void => {
      // What cannot be deleted now, as on a disk that is full or broken, is tried again at the next run.
      this.#running = this.#running.then(this.#clean).catch(() => undefined);
    };
    this.#timer = setInterval(run, EVERY_MS);
    run();
  }
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
