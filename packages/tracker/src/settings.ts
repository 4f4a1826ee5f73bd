// Every number that the tracker was given rather than told by a sensor, with what it stands for. One setting serves all scenarios.

import type { BiasSettings } from "./bias.ts";

export interface TrackerSettings {
  readonly bias: BiasSettings;
  /** Spectral density of acceleration noise of the motion models, m²/s³: steady flight, turns, hard manoeuvres. */
  readonly processNoise: readonly number[];
  /** Share of process noise that acts upwards, by model. */
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
  /** Standard deviation of a new object's unknown velocity, horizontal and vertical, m/s. */
  readonly birthSpeedMps: number;
  readonly birthClimbMps: number;
  /** The same for the fastest model. */
  readonly birthFastSpeedMps: number;
  /** Objects that a sensor may see for the first time in one scan, on average. */
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
  /** Detections (sum of association probabilities) before a track can be confirmed. */
  readonly confirmHits: number;
  /** Tracks below this existence are not told. */
  readonly keepAbove: number;
  /** Late data older than this against the newest is refused, s. */
  readonly windowS: number;
  /** A measurement may claim to come from this far ahead of its arrival, s (a fast clock). */
  readonly aheadS: number;
  /** Between snapshots for going back, s. */
  readonly snapshotS: number;
  /** A broadcast position's error is correlated over many seconds: its variance counts this much larger, so that repeating it proves little. */
  readonly claimErrorScale: number;
  /** Reports that must agree with a body, and for how long, before a claim is bound to it. */
  readonly claimReports: number;
  readonly claimSeconds: number;
  /** New objects per scan and square metre among bearing sensors; existence from which meeting bearings begin a track. */
  readonly bearingBirthsPerM2: number;
  readonly bearingBirthAbove: number;
  /** Tracks at most; beyond, the least likely unconfirmed give way. */
  readonly maxTracks: number;
}

export const defaultSettings: TrackerSettings = {
  bias: {
    priorSigma: [5, 0.008, 0.2],
    driftSigma: [0.03, 0.00006, 0.0015],
    limit: [150, 0.06, 2],
    maxSensors: 24,
    pairInflation: 4,
  },
  processNoise: [0.02, 4, 90],
  verticalNoise: [0.08, 0.15, 0.3],
  gustMps: 0.2,
  gustS: 2,
  transitions: [
    [0.955, 0.04, 0.005],
    [0.12, 0.83, 0.05],
    [0.08, 0.22, 0.7],
  ],
  birthModels: [0.85, 0.13, 0.02],
  birthSpeedMps: 13,
  birthClimbMps: 4,
  birthFastSpeedMps: 30,
  birthsPerScan: 1,
  birthPriorScans: 3,
  birthMemoryScans: 12,
  heightScaleM: 150,
  lifetimeS: 200,
  gate: [12, 16, 18.5, 21, 23.5],
  dropBelow: 1e-3,
  toleranceM: 50,
  horizontalOnly: false,
  confirmWorth: 0.45,
  keepWorth: 0.3,
  confirmHits: 1.8,
  keepAbove: 0.35,
  windowS: 6,
  aheadS: 2.5,
  snapshotS: 0.9,
  claimErrorScale: 4,
  claimReports: 4,
  claimSeconds: 3,
  bearingBirthsPerM2: 1e-7,
  bearingBirthAbove: 0.03,
  maxTracks: 50_000,
};
