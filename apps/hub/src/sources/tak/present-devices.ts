// Which devices are at the other end? Each by its uid, as it has shown itself there lately.

interface Present<T> {
  readonly at: T;
  heardMs: number;
}

export class PresentDevices<T> {
  readonly #limit: number;
  readonly #goneAfterMs: number;
  readonly #known = new Map<string, Present<T>>();

  /** `limit`: beyond, the one that was quiet longest is forgotten. */
  constructor(limit: number, goneAfterMs: number) {
    this.#limit = limit;
    this.#goneAfterMs = goneAfterMs;
  }

  /** True when it was not there before. */
  hear(uid: string, at: T, nowMs: number): boolean {
    const known = this.#known.get(uid);
    this.#known.delete(uid);
    this.#known.set(uid, { at, heardMs: nowMs });
    if (this.#known.size > this.#limit) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    return known === undefined || nowMs - known.heardMs > this.#goneAfterMs;
  }

  find(uid: string, nowMs: number): T | undefined {
    const known = this.#known.get(uid);
    if (known === undefined) return undefined;
    if (nowMs - known.heardMs <= this.#goneAfterMs) return known.at;
    this.#known.delete(uid);
    return undefined;
  }
}
