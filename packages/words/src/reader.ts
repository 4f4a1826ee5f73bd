// Who reads a message.

/** What is known of who reads, and how it must be marked. */
export interface Reader {
  /** Where the reader faces, ° from true north; absent: directions are by compass only. */
  readonly facingDeg?: number;
  /** Minutes to add to UTC for the reader's time of day; absent: 0. */
  readonly utcOffsetMin?: number;
  /** A drill: the text begins with that word, and says "as trained". */
  readonly drill?: boolean;
}
