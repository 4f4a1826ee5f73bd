// How much is taken in and given out, and between which moments and places is an answer good?

/**
 * Beyond a number of things the first are used (of fixes the newest) and the rest is named in `leftOut`; outside a span the question is refused.
 */
export const LIMITS: {
  readonly findings: number;
  readonly leftOut: number;
  readonly fixesPerTrack: number;
  readonly aircraft: number;
  readonly drones: number;
  readonly satellites: number;
  readonly winds: number;
  readonly claimedIds: number;
  readonly elementsCharacters: number;
  /** 1 January 2000 to 1 January 2100: leap seconds and the Earth's turning are known or well foreseen, elements have two-digit years. */
  readonly firstUnixMs: number;
  readonly lastUnixMs: number;
  /** Nearer to a pole than this an azimuth says nothing. */
  readonly maxLatitudeDeg: number;
  /** Of observers and of what they see, below and above the ellipsoid. */
  readonly minHeightM: number;
  readonly maxHeightM: number;
  /** Elements are used this long before and after their epoch. */
  readonly elementsAgeDays: number;
} = {
  findings: 8,
  leftOut: 16,
  fixesPerTrack: 600,
  aircraft: 1000,
  drones: 500,
  satellites: 12_000,
  winds: 32,
  claimedIds: 16,
  elementsCharacters: 4_000_000,
  firstUnixMs: 946_684_800_000,
  lastUnixMs: 4_102_444_800_000,
  maxLatitudeDeg: 89.9,
  minHeightM: -1000,
  maxHeightM: 50_000,
  elementsAgeDays: 14,
};
