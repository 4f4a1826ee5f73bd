// How often a password may be tried: after a few failures each further one from the same address for the same name has to wait longer.
//
// Kept by name and address together, so that a stranger elsewhere cannot lock a person out; and by address alone, so that one address cannot try
// many names. Both are bounded: at the limit the one that was quiet longest is forgotten.

export const FREE_FAILURES = 5;
const FREE_FAILURES_OF_ADDRESS = 30;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15 * 60_000;
const FORGET_AFTER_MS = 3_600_000;
const MAX_REMEMBERED = 10_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

export class SignInLimit {
  readonly #failures = new Map<string, Failures>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Milliseconds to wait before this name may be tried again from this address; 0: now. */
  waitMs(name: string, address: string): number {
    return Math.max(this.#wait(pairOf(name, address), FREE_FAILURES), this.#wait(address, FREE_FAILURES_OF_ADDRESS));
  }

  failed(name: string, address: string): void {
    this.#count(pairOf(name, address));
    this.#count(address);
  }

  succeeded(name: string, address: string): void {
    this.#failures.delete(pairOf(name, address));
  }

  #wait(key: string, free: number): number {
    const known = this.#failures.get(key);
    if (known === undefined || known.count < free) return 0;
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (known.count - free));
    return Math.max(0, known.lastMs + waitMs - this.#nowMs());
  }

  #count(key: string): void {
    const nowMs = this.#nowMs();
    const known = this.#failures.get(key);
    const count = known === undefined || nowMs - known.lastMs > FORGET_AFTER_MS ? 1 : known.count + 1;
    // Taken out and put back: the map stays in the order of the last failure.
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastMs: nowMs });
    if (this.#failures.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined) this.#failures.delete(oldest);
  }
}

function pairOf(name: string, address: string): string {
  return `${name.normalize("NFC").toLowerCase()}\n${address}`;
}
