// How are the figures of a score averaged and rounded, so that two programs print the same digits?

/** Rounded to `digits` decimals, an exact tie to the even digit (as IEEE 754 and Python round); NaN and infinities have no figure: null. */
export function rounded(value: number, digits: number): number | null {
  if (!Number.isFinite(value)) return null;
  const nearest = Number(value.toFixed(digits));
  // A tie is an odd multiple of 2^-(digits+1): what stands half-way between two decimals and is a binary fraction.
  const halves = value * 2 ** (digits + 1);
  if (!Number.isInteger(halves) || halves % 2 === 0) return nearest;
  const low = Math.floor(value * 10 ** digits);
  return (low % 2 === 0 ? low : low + 1) / 10 ** digits;
}

/** NaN where there is nothing to divide by: the figure does not exist. */
export function ratio(value: number, by: number): number {
  return by === 0 ? Number.NaN : value / by;
}

export function mean(values: readonly number[]): number {
  return ratio(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );
}

/** The value below which `share` (0 to 1) of the values lie, between neighbours on a straight line. NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.min(Math.floor(at) + 1, sorted.length - 1)];
  if (low === undefined || high === undefined) return Number.NaN;
  const part = at - Math.floor(at);
  // From the nearer end, so that a part of one gives the upper value exactly.
  return part >= 0.5 ? high - (high - low) * (1 - part) : low + (high - low) * part;
}
