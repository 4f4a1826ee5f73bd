// Time and chance as outlets know them: handed in, so that retries can be tested to the millisecond.

export interface OutletTimes {
  /** Milliseconds; only differences count, but for what is shown. */
  nowMs(): number;
  /** Calls once after so many milliseconds; returns what calls it off. */
  after(milliseconds: number, call: () => void): () => void;
  /** From 0 up to 1. */
  random(): number;
}

export const realTimes: OutletTimes = {
  nowMs: () => Date.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
