// Times that a device says: its clock may be wrong, so what counts is how long ago it was.

/** By how much the sender's clock is behind the sector's, µs. */
export function clockOffsetUs(sentMs: number, nowUs: number): number {
  const offsetUs = Math.round(nowUs - sentMs * 1000);
  // The way takes up to some seconds: a difference of that size is no wrong clock, and moving by it would make what was told younger than it is.
  return Math.abs(offsetUs) < 3e6 ? 0 : offsetUs;
}
