// What does a framer hand on?

/** One frame in the framer's own buffer, reused: read it within the call, copy what is to stay. */
export interface RawFrame {
  /** The first `length` bytes are the frame. */
  readonly bytes: Uint8Array;
  /** 2 (Mode A or C), 7 or 14 (Mode S). */
  readonly length: number;
  /** The receiver's counter at arrival, 48 bits (see `TickClock`); NaN when the format has none. */
  readonly ticks: number;
  /** Signal level as the receiver gave it, 0 to 255 of full scale in amplitude; NaN when the format has none. */
  readonly signal: number;
}

/** The same, for the framers that fill it. */
export interface MutableRawFrame {
  bytes: Uint8Array;
  length: number;
  ticks: number;
  signal: number;
}
