// Puts the pages of an authentication message together again: per transmitter, out of order, repeated or changed under way.
import type { Authentication, Refusal } from "./types.ts";
import { clauses } from "./clauses.ts";

export interface AssembledAuthentication {
  readonly authType: number;
  readonly timestampMs: number;
  /** The signature: `length` bytes of page 0's count. */
  readonly data: Uint8Array;
  /** Forward error correction bytes behind the signature (F3411-22a: a count other than 0 right after the data), if any. */
  readonly correction: Uint8Array;
}

interface Pages {
  head: Authentication | undefined;
  readonly pages: (Uint8Array | undefined)[];
  touched: number;
}

/** Transmitters remembered at once; beyond them the one that was silent longest is forgotten. */
export const MAX_TRANSMITTERS = 1000;

/** Collects pages until a message is whole. Bounded: 16 pages of 23 bytes for each of `MAX_TRANSMITTERS`. */
export class AuthenticationAssembler {
  readonly #transmitters = new Map<string, Pages>();
  #pages = 0;

  /** Takes one page; returns the message when it completed one, a refusal when the page contradicts the others, else nothing. */
  add(transmitter: string, page: Authentication): AssembledAuthentication | Refusal | undefined {
    this.#pages += 1;
    let entry = this.#transmitters.get(transmitter);
    if (entry !== undefined) this.#transmitters.delete(transmitter);
    else {
      entry = { head: undefined, pages: [], touched: this.#pages };
      if (this.#transmitters.size >= MAX_TRANSMITTERS) {
        const oldest = this.#transmitters.keys().next();
        if (oldest.done !== true) this.#transmitters.delete(oldest.value);
      }
    }
    // Set again, so that the map's order is the order of last use.
    this.#transmitters.set(transmitter, entry);
    entry.touched = this.#pages;
    if (page.page === 0) {
      const { head } = entry;
      const other =
        head !== undefined &&
        (head.length !== page.length ||
          head.lastPage !== page.lastPage ||
          head.timestampMs !== page.timestampMs ||
          head.authType !== page.authType);
      // A new signature began: pages of the old one do not belong to it.
      if (other) entry.pages.length = 0;
      entry.head = page;
    } else if (entry.head !== undefined && page.page > (entry.head.lastPage ?? 0)) {
      return {
        code: "page-beyond-last",
        clause: clauses.authentication,
        detail: `page ${page.page}, last page ${entry.head.lastPage ?? 0}`,
      };
    }
    entry.pages[page.page] = page.data;
    return this.#whole(entry);
  }

  #whole({ head, pages }: Pages): AssembledAuthentication | undefined {
    if (head === undefined) return undefined;
    const last = head.lastPage ?? 0;
    const length = head.length ?? 0;
    const all = new Uint8Array(17 + 23 * last);
    let at = 0;
    for (let k = 0; k <= last; k += 1) {
      const data = pages[k];
      if (data === undefined) return undefined;
      all.set(data, at);
      at += data.length;
    }
    pages.length = 0;
    const extra = length < all.length ? all[length] : 0;
    const correction = all.slice(length + 1, Math.min(all.length, length + 1 + extra));
    return { authType: head.authType, timestampMs: head.timestampMs ?? 0, data: all.slice(0, length), correction };
  }
}
