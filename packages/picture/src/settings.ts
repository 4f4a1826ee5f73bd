// Every threshold and limit of the picture, as data, with where it comes from and what happens at the limit.

export interface Settings {
  /** Interval at which danger, silence and age are judged, µs. Boundaries are multiples of it, so that the way time is cut does not matter. */
  readonly tickUs: number;
  /** A track not heard for this long coasts; for this long, it has ended. */
  readonly coastAfterUs: number;
  readonly endAfterUs: number;
  /** Positions needed before a track is confirmed. */
  readonly confirmPositions: number;
  readonly historyPoints: number;
  readonly historyStepUs: number;
  /** A source that sent nothing for this long is silent. */
  readonly silentAfterUs: number;
  /** A receiver's own time is used when it lies within this of the time of arrival; beyond, its clock is called off. */
  readonly clockToleranceUs: number;

  // Plausibility. Values after the checks of open receivers (facts on Remote ID, §8), but for those marked as ours.
  readonly maxSpeedMps: number;
  readonly maxClimbMps: number;
  readonly maxAccelerationMps2: number;
  readonly maxJumpM: number;
  /** Jumps within this time count; ours, since a receiver may lose an aircraft for a while. */
  readonly jumpWithinS: number;
  readonly maxOperatorDistanceM: number;
  /** One identity heard in two places further apart than this is not one aircraft; ours: ten times the worst horizontal accuracy that is usual. */
  readonly sameAircraftM: number;
  /** The time in a Location message may differ from the time of arrival by this; ours: latency, a leap second and a slow clock. */
  readonly messageClockToleranceS: number;
  readonly messageClockBackS: number;

  // Limits.
  /** New tracks beyond this many in ten seconds from one source are a flood: counted, named, not drawn. Tracks that stand are not touched. */
  readonly newTracksPer10s: number;
  readonly maxTracks: number;
  /** Transmitters remembered; beyond, the one that was silent longest is forgotten. */
  readonly maxEmitters: number;
  readonly maxSources: number;
  readonly maxZones: number;
  readonly maxWarnings: number;
  readonly maxFindingsPerTrack: number;
  readonly maxIdentitiesPerTrack: number;
  readonly maxSourcesPerTrack: number;

  // Danger.
  /** Time to the zone at which an approach is a caution, and a warning. */
  readonly cautionWithinS: number;
  readonly warningWithinS: number;
  /** A lower level must hold this long before a warning steps down; no danger this long before it is cleared. */
  readonly stepDownAfterUs: number;
  readonly clearAfterUs: number;
  /** A warning whose track is lost stays this long after it was last heard. */
  readonly lostClearAfterUs: number;
  /** Figures of a standing warning are refreshed this often. */
  readonly refreshUs: number;
}

export const defaultSettings: Settings = {
  tickUs: 200_000,
  coastAfterUs: 10_000_000,
  endAfterUs: 60_000_000,
  confirmPositions: 2,
  historyPoints: 720,
  historyStepUs: 1_000_000,
  silentAfterUs: 30_000_000,
  clockToleranceUs: 10_000_000,
  maxSpeedMps: 150,
  maxClimbMps: 50,
  maxAccelerationMps2: 30,
  maxJumpM: 1000,
  jumpWithinS: 10,
  maxOperatorDistanceM: 15_000,
  sameAircraftM: 1000,
  messageClockToleranceS: 10,
  messageClockBackS: 2,
  newTracksPer10s: 50,
  maxTracks: 10_000,
  maxEmitters: 20_000,
  maxSources: 500,
  maxZones: 500,
  maxWarnings: 1000,
  maxFindingsPerTrack: 16,
  maxIdentitiesPerTrack: 8,
  maxSourcesPerTrack: 16,
  cautionWithinS: 120,
  warningWithinS: 30,
  stepDownAfterUs: 10_000_000,
  clearAfterUs: 20_000_000,
  lostClearAfterUs: 120_000_000,
  refreshUs: 1_000_000,
};
