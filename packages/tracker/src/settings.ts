// Every number that the tracker was given rather than told by a sensor, with what it stands for. One setting serves all kinds of sensors and
// flights; bench/src/tracker.ts prints what it achieves.
import type { BiasSettings } from "./bias.ts";
import type { ObjectClass } from "./input.ts";

export interface TrackerSettings {
  /** Sensor errors. */
  readonly bias: BiasSettings;
  /** Spectral density of acceleration noise of the motion models, m²/s³: steady flight, turns, hard manoeuvres. */
  readonly processNoise: readonly number[];
  /** Share of process noise that acts upwards, by model: small aircraft change height more gently than course. */
  readonly verticalNoise: readonly number[];
  /**
   * Gusts: the velocity wavers about its mean by `gustMps` (1σ) with a memory of `gustS`. Over steps longer than that the position wanders with
   * a spectral density of 2 σ² τ, m²/s, and a measured range rate holds σ² more variance than the radar's own.
   */
  readonly gustMps: number;
  readonly gustS: number;
  /** Probability of going from one model to another within one second, row by row. */
  readonly transitions: readonly (readonly number[])[];
  /** Model probabilities of a new track. */
  readonly birthModels: readonly number[];
  /** Standard deviation of a new object's unknown velocity, horizontal, of the hardest model, and vertical by model, m/s. */
  readonly birthSpeedMps: number;
  readonly birthClimbMps: readonly number[];
  readonly birthFastSpeedMps: number;
  /** Objects that a sensor sees for the first time in one scan, before anything is learned. */
  readonly birthsPerScan: number;
  /** How many scans that expectation weighs against what is seen, and how long what was seen is remembered. */
  readonly birthPriorScans: number;
  readonly birthMemoryScans: number;
  /** Scale of heights above the sensor at which small aircraft fly, m; a tenth of them anywhere up to ten times that. */
  readonly heightScaleM: number;
  /** Mean time that an object stays, s. */
  readonly lifetimeS: number;
  /** Squared Mahalanobis distance of the gate, by number of rows. */
  readonly gate: readonly number[];
  /** A track below this existence is dropped; a new one below it is not begun. */
  readonly dropBelow: number;
  /** How far an estimate may be off and still be of use, m, and whether only on the map. */
  readonly toleranceM: number;
  readonly horizontalOnly: boolean;
  /** A track is confirmed when existence × (1 − expected squared error ÷ tolerance²) exceeds this, and stays so until it falls below the second. */
  readonly confirmWorth: number;
  readonly keepWorth: number;
  /** Classes that are asked for, all when empty: what most probably is of another class is told as tentative, never as one of these. */
  readonly classes: readonly ObjectClass[];
  /** A track without a detection of its own for this long is told as coasted, s. */
  readonly coastAfterS: number;
  /** Detections (sum of association probabilities) before a track can be confirmed. */
  readonly confirmHits: number;
  /** Late data older than this against the newest is refused, s. */
  readonly windowS: number;
  /** A measurement may claim to come from this far ahead of its arrival, s (a fast clock). */
  readonly aheadS: number;
  /** Between snapshots for going back, s. */
  readonly snapshotS: number;
  /** A broadcast position's error lasts many seconds: its variance counts this much larger, so that repeating it proves little. */
  readonly claimErrorScale: number;
  /** Squared distance within which a report agrees with a body, reports that must agree, and for how long, before a claim is bound to it. */
  readonly claimGate: number;
  readonly claimReports: number;
  readonly claimSeconds: number;
  /** Bearing sensors: new objects per scan and square metre, the existence from which meeting bearings begin a track, the share of unexplained
   * bearings that are objects without a place yet, and the squared distance from which an explained bearing counts as poorly explained. */
  readonly bearingBirthsPerM2: number;
  readonly bearingBirthAbove: number;
  readonly bearingBirthShare: number;
  readonly poorFitFrom: number;
  /** Answers kept side by side to the question which track caused which bearing; from which existence on a track's bearing is assigned for sure; how
   * often one is tried anew without two of its tracks, and how long it may look for something else, s. */
  readonly hypotheses: number;
  readonly hypothesisSure: number;
  readonly challengeEveryS: number;
  readonly challengeS: number;
  /** Tracks closer than this many of their own standard deviations whose detections are often exchanged form a group. */
  readonly groupWithinM: number;
  readonly groupAmbiguity: number;
  /** A report that comes too late for the filter may multiply the odds of a track's existence by this at most. */
  readonly lateReportOdds: number;
  // Limits.
  /** Tracks at most; beyond, the least likely that were never confirmed give way. */
  readonly maxTracks: number;
  readonly maxSensors: number;
  /** Detections of one frame; more are counted and refused. */
  readonly maxDetectionsPerFrame: number;
  /** Tracks begun by one frame: beyond, only the likeliest. */
  readonly maxBirthsPerFrame: number;
  /** Frames of the window; beyond, the oldest are settled early and late data that belongs before them is refused. */
  readonly maxFrames: number;
  readonly maxIdentities: number;
}

export const defaultSettings: TrackerSettings = {
  bias: {
    priorSigma: [5, 0.008, 0.2],
    driftSigma: [0.03, 0.00006, 0.0015],
    limit: [150, 0.06, 2],
    maxSensors: 24,
    pairInflation: 4,
  },
  processNoise: [0.00808, 2.82, 166.0],
  verticalNoise: [0.067, 0.0635, 0.2],
  gustMps: 0.286,
  gustS: 3.29,
  transitions: [
    [0.99125, 0.00632, 0.00243],
    [0.0875, 0.8961, 0.0164],
    [0.0133, 0.0674, 0.9193],
  ],
  birthModels: [0.927, 0.0719, 0.00145],
  birthSpeedMps: 14.9,
  birthClimbMps: [0.746, 2.19, 4.0],
  birthFastSpeedMps: 25.2,
  birthsPerScan: 1,
  birthPriorScans: 5.13,
  birthMemoryScans: 12,
  heightScaleM: 275.0,
  lifetimeS: 417.0,
  gate: [15.6, 20.8, 24.1, 27.3, 30.6],
  dropBelow: 0.000438,
  toleranceM: 50,
  horizontalOnly: false,
  confirmWorth: 0.582,
  keepWorth: 0.3,
  classes: [],
  coastAfterS: 3,
  confirmHits: 1.41,
  windowS: 6,
  aheadS: 2.5,
  snapshotS: 0.9,
  claimErrorScale: 9.44,
  claimGate: 12.0,
  claimReports: 5.0,
  claimSeconds: 1.28,
  bearingBirthsPerM2: 8.35e-7,
  bearingBirthAbove: 0.017,
  bearingBirthShare: 0.05,
  poorFitFrom: 1,
  hypotheses: 120,
  hypothesisSure: 0.9,
  challengeEveryS: 1,
  challengeS: 4,
  groupWithinM: 80,
  groupAmbiguity: 0.2,
  lateReportOdds: 3,
  maxTracks: 50_000,
  maxSensors: 500,
  maxDetectionsPerFrame: 100_000,
  maxBirthsPerFrame: 5000,
  maxFrames: 4000,
  maxIdentities: 10_000,
};
