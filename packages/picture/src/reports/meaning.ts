// What a report measures: each word as a distribution, wide enough for how people use it. The table in the README says the same.
//
// Ours, and deliberately wide: what is published on pointing at the sky is that unaided compass words are good to a quadrant and a half-quadrant, that
// people take angles above the horizon for higher than they are (half of the way up is told from some 30°), and that spoken distances are off by about
// two fifths. A table that is too sure would draw ellipses that miss.
import {
  COMPASS_WORDS,
  type CompassWord,
  type ElevationWord,
  type RangeWord,
  type SightingReport,
  type SoundWord,
} from "./report-records.ts";

/** A normal distribution of an angle, degrees. */
export interface AngleMeasure {
  readonly deg: number;
  readonly sigmaDeg: number;
}

/** How likely the words are at a slant range: exp(−(ln R − ln medianM)² ÷ 2 logSigma²). */
export interface RangeMeasure {
  readonly medianM: number;
  readonly logSigma: number;
}

export interface Measurement {
  /** Absent where no direction was told, and straight above, where it means nothing. */
  readonly azimuth?: AngleMeasure;
  readonly elevation?: AngleMeasure;
  readonly ranges: readonly RangeMeasure[];
  /** Nothing was heard: less likely the nearer it is. */
  readonly silent: boolean;
  /** Standard deviation of the observer's place in each axis, m. */
  readonly placeSigmaM: number;
  /** Standard deviation of the event time, s. */
  readonly timeSigmaS: number;
}

/** 95 % of a circular error in its standard deviations. */
const SIGMAS_95 = 2.45;
/** What a telephone's compass leaves after its own estimate: magnets, cases, vehicles. */
const LEAST_POINTED_SIGMA_DEG = 4;
const LEAST_POINTED_ELEVATION_SIGMA_DEG = 3;
/** A word of eight or of sixteen: half of its width and how people choose it. */
const EIGHTH_SIGMA_DEG = 22;
const SIXTEENTH_SIGMA_DEG = 16;
/** An hour is 30° wide, and so is the doubt about where somebody faces. */
const CLOCK_SIGMA_DEG = 20;

const ELEVATIONS: Readonly<Record<ElevationWord, AngleMeasure>> = {
  horizon: { deg: 3, sigmaDeg: 4 },
  low: { deg: 10, sigmaDeg: 7 },
  "half-way": { deg: 32, sigmaDeg: 14 },
  high: { deg: 55, sigmaDeg: 16 },
  overhead: { deg: 78, sigmaDeg: 10 },
};

const RANGES: Readonly<Record<RangeWord, RangeMeasure>> = {
  "very-close": { medianM: 60, logSigma: 0.7 },
  close: { medianM: 150, logSigma: 0.7 },
  middling: { medianM: 400, logSigma: 0.7 },
  far: { medianM: 1000, logSigma: 0.7 },
  "very-far": { medianM: 2200, logSigma: 0.7 },
};
const METRES_LOG_SIGMA = 0.45;
/** That somebody saw it at all: small drones are seen from some hundred to some thousand metres. */
const SEEN: RangeMeasure = { medianM: 400, logSigma: 1 };

const SOUNDS: Readonly<Record<Exclude<SoundWord, "none">, RangeMeasure>> = {
  loud: { medianM: 80, logSigma: 0.8 },
  clear: { medianM: 180, logSigma: 0.8 },
  faint: { medianM: 400, logSigma: 0.8 },
};
/** Where half of those who hear nothing would have heard it, m. */
export const SILENT_M = 150;

/** Height above the observer at which small drones are told of, for those whose elevation is known. */
export const HEIGHT: RangeMeasure = { medianM: 80, logSigma: 0.9 };

export function compassDeg(word: CompassWord): number {
  return COMPASS_WORDS.indexOf(word) * 22.5;
}

function azimuthOf({ direction }: SightingReport): AngleMeasure | undefined {
  switch (direction?.type) {
    case "pointed":
      return { deg: direction.azimuthDeg % 360, sigmaDeg: Math.max(LEAST_POINTED_SIGMA_DEG, direction.sigmaDeg) };
    case "compass":
      return { deg: compassDeg(direction.word), sigmaDeg: direction.word.length < 3 ? EIGHTH_SIGMA_DEG : SIXTEENTH_SIGMA_DEG };
    case "clock":
      return { deg: (direction.facingDeg + (direction.hour % 12) * 30) % 360, sigmaDeg: CLOCK_SIGMA_DEG };
    default:
      return undefined;
  }
}

function elevationOf({ direction, elevation }: SightingReport): AngleMeasure | undefined {
  if (direction?.type === "overhead") return ELEVATIONS.overhead;
  if (elevation === undefined) return undefined;
  return elevation.type === "word"
    ? ELEVATIONS[elevation.word]
    : { deg: elevation.elevationDeg, sigmaDeg: Math.max(LEAST_POINTED_ELEVATION_SIGMA_DEG, elevation.sigmaDeg) };
}

function rangeOf({ range }: SightingReport): RangeMeasure {
  if (range === undefined) return SEEN;
  return range.type === "word" ? RANGES[range.word] : { medianM: range.metres, logSigma: METRES_LOG_SIGMA };
}

/** What a report measures. `trust` widens every angle and range: 1 as told, above it wider (see ratings.ts). */
export function measurementOf(report: SightingReport, trust: number): Measurement {
  const azimuth = azimuthOf(report);
  const elevation = elevationOf(report);
  const wider = ({ deg, sigmaDeg }: AngleMeasure): AngleMeasure => ({ deg, sigmaDeg: sigmaDeg * trust });
  const ranges = [rangeOf(report)];
  if (report.sound !== undefined && report.sound !== "none") ranges.push(SOUNDS[report.sound]);
  return {
    ...(azimuth === undefined ? {} : { azimuth: wider(azimuth) }),
    ...(elevation === undefined ? {} : { elevation: wider(elevation) }),
    ranges: ranges.map(({ medianM, logSigma }) => ({ medianM, logSigma: logSigma * Math.sqrt(trust) })),
    silent: report.sound === "none",
    placeSigmaM: report.observer.errorM / SIGMAS_95,
    timeSigmaS: report.observedErrorS,
  };
}

/** One distribution for all that was told of the range: the product of its parts, which is of the same kind. */
export function rangeTogether({ ranges }: Measurement): RangeMeasure {
  let weight = 0;
  let sum = 0;
  for (const { medianM, logSigma } of ranges) {
    weight += 1 / (logSigma * logSigma);
    sum += Math.log(medianM) / (logSigma * logSigma);
  }
  return { medianM: Math.exp(sum / weight), logSigma: 1 / Math.sqrt(weight) };
}
