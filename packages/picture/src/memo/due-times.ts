// What is due when: a heap in which each thing has one time, so that a tick looks at what is due and at nothing else.

interface Due {
  dueUs: number;
  readonly key: string;
}

function isBefore(a: Due, b: Due): boolean {
  return a.dueUs < b.dueUs || (a.dueUs === b.dueUs && a.key < b.key);
}

/** Bounded by its keys: a thing that is set again moves, it is never in twice. */
export class DueTimes {
  readonly #heap: Due[] = [];
  readonly #at = new Map<string, number>();

  get size(): number {
    return this.#heap.length;
  }
  /** The earliest time of all, Unix µs; undefined: nothing is due, ever. */
  get nextUs(): number | undefined {
    return this.#heap[0]?.dueUs;
  }

  /** Undefined: it is no longer due. */
  set(key: string, dueUs: number | undefined): void {
    const at = this.#at.get(key);
    if (dueUs === undefined) {
      if (at !== undefined) this.#remove(at);
    } else if (at === undefined) {
      this.#put(this.#heap.length, { dueUs, key });
      this.#rise(this.#heap.length - 1);
    } else {
      const due = this.#heap[at];
      if (due === undefined || due.dueUs === dueUs) return;
      due.dueUs = dueUs;
      this.#rise(at);
      this.#sink(this.#at.get(key) ?? at);
    }
  }

  /** Takes out what is due by then, so many at most: the earliest first, and by key where times are equal, however they were set. */
  take(byUs: number, most: number): readonly string[] {
    const taken: string[] = [];
    for (let first = this.#heap[0]; first !== undefined && first.dueUs <= byUs && taken.length < most; first = this.#heap[0]) {
      taken.push(first.key);
      this.#remove(0);
    }
    return taken;
  }

  #put(at: number, due: Due): void {
    this.#heap[at] = due;
    this.#at.set(due.key, at);
  }

  #remove(at: number): void {
    const gone = this.#heap[at];
    const last = this.#heap.pop();
    if (gone === undefined || last === undefined) return;
    this.#at.delete(gone.key);
    if (gone === last) return;
    this.#put(at, last);
    this.#rise(at);
    this.#sink(this.#at.get(last.key) ?? at);
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const own = this.#heap[at];
      const above = this.#heap[up];
      if (own === undefined || above === undefined || !isBefore(own, above)) return;
      this.#put(at, above);
      this.#put(up, own);
      at = up;
    }
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      const own = this.#heap[at];
      if (own === undefined) return;
      let least = at;
      let smallest = own;
      for (const below of [2 * at + 1, 2 * at + 2]) {
        const due = this.#heap[below];
        if (due !== undefined && isBefore(due, smallest)) {
          least = below;
          smallest = due;
        }
      }
      if (least === at) return;
      this.#put(at, smallest);
      this.#put(least, own);
      at = least;
    }
  }
}
