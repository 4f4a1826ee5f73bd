// Which questions and which pieces of context can be worked with, and what is wrong with the others?
import type {
  Angle,
  Context,
  Fix,
  KnownAircraft,
  KnownDrone,
  LeftOut,
  OrbitalElements,
  Place,
  Refusal,
  Sighting,
  UnknownTrack,
  Wind,
} from "./contract.ts";
import { LIMITS } from "./limits.ts";
import { refusal } from "./refusal.ts";

/** Errors beyond these are no errors but missing values. */
const MAX_SIGMA_M = 100_000;
const MAX_TIME_SIGMA_MS = 7 * 86_400_000;
const MAX_WATCHED_S = 86_400;
const MAX_WIND_MPS = 100;
const MAX_TEXT = 64;

const WORDS = {
  motion: ["still", "moving", "circling", "erratic"],
  lights: ["none", "steady", "flashing"],
  sound: ["none", "rotors", "engine"],
  shape: ["multirotor", "fixed-wing", "round", "wings-beating", "point-of-light"],
} as const;

function within(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function timeFlaw(unixMs: number, clause: string): Refusal | null {
  if (within(unixMs, LIMITS.firstUnixMs, LIMITS.lastUnixMs - 1)) return null;
  return refusal("bad-time", clause, `${unixMs} is no moment from 2000 to 2100 in milliseconds since 1970`);
}

function placeFlaw(place: Place, clause: string): Refusal | null {
  if (!within(place.latDeg, -90, 90) || !within(place.lonDeg, -180, 180)) {
    return refusal("bad-place", clause, `${place.latDeg}, ${place.lonDeg} is no latitude and longitude`);
  }
  if (Math.abs(place.latDeg) > LIMITS.maxLatitudeDeg) {
    return refusal("near-pole", clause, `beyond ${LIMITS.maxLatitudeDeg} degrees of latitude an azimuth says nothing`);
  }
  if (!within(place.heightHaeM, LIMITS.minHeightM, LIMITS.maxHeightM)) {
    return refusal("bad-place", clause, `a height of ${place.heightHaeM} m is not within ${LIMITS.minHeightM} to ${LIMITS.maxHeightM}`);
  }
  return null;
}

function azimuthFlaw(angle: Angle, clause: string): Refusal | null {
  if (angle.how === "measured") {
    if (!within(angle.deg, -360, 360)) return refusal("bad-angle", clause, `${angle.deg} is no azimuth`);
    return within(angle.sigmaDeg, 0, 360) ? null : refusal("bad-error", clause, `${angle.sigmaDeg} is no standard deviation of an azimuth`);
  }
  if (!within(angle.fromDeg, -360, 360) || !within(angle.toDeg, -360, 360) || angle.fromDeg === angle.toDeg) {
    return refusal("bad-angle", clause, `from ${angle.fromDeg} to ${angle.toDeg} is no part of the horizon`);
  }
  return null;
}

function elevationFlaw(angle: Angle): Refusal | null {
  const clause = "elevation";
  if (angle.how === "measured") {
    if (!within(angle.deg, -90, 90)) return refusal("bad-angle", clause, `${angle.deg} is no elevation`);
    return within(angle.sigmaDeg, 0, 180)
      ? null
      : refusal("bad-error", clause, `${angle.sigmaDeg} is no standard deviation of an elevation`);
  }
  if (!within(angle.fromDeg, -90, 90) || !within(angle.toDeg, -90, 90) || angle.fromDeg >= angle.toDeg) {
    return refusal("bad-angle", clause, `from ${angle.fromDeg} to ${angle.toDeg} is no band of elevations`);
  }
  return null;
}

function saidFlaw(said: NonNullable<Sighting["said"]>): Refusal | null {
  for (const [key, words] of Object.entries(WORDS)) {
    const word: string | undefined = said[key as keyof typeof WORDS];
    if (word !== undefined && !(words as readonly string[]).includes(word))
      return refusal("bad-words", `said.${key}`, `the word is none of ${words.join(", ")}`);
  }
  return null;
}

export function sightingFlaw(sighting: Sighting): Refusal | null {
  const { observer, azimuth, elevation, turn, heading, said, watchedS } = sighting;
  const flaw =
    timeFlaw(sighting.timeUnixMs, "timeUnixMs") ??
    placeFlaw(observer, "observer") ??
    (azimuth === null ? null : azimuthFlaw(azimuth, "azimuth")) ??
    (elevation === null ? null : elevationFlaw(elevation)) ??
    (heading === undefined ? null : azimuthFlaw(heading, "heading")) ??
    (said === undefined ? null : saidFlaw(said));
  if (flaw !== null) return flaw;
  if (!within(observer.sigmaM, 0, MAX_SIGMA_M)) return refusal("bad-error", "observer.sigmaM", `${observer.sigmaM} is no error of a place`);
  if (!within(sighting.timeSigmaMs, 0, MAX_TIME_SIGMA_MS)) {
    return refusal("bad-error", "timeSigmaMs", `${sighting.timeSigmaMs} is no error of a time`);
  }
  if (watchedS !== undefined && !within(watchedS, 0, MAX_WATCHED_S))
    return refusal("bad-time", "watchedS", `${watchedS} s is not within a day`);
  if (turn === undefined) return null;
  if (!within(turn.overS, 1, MAX_WATCHED_S)) return refusal("bad-time", "turn.overS", `${turn.overS} s is not within 1 s to a day`);
  if (!within(turn.azimuthDeg, -360, 360) || (turn.elevationDeg !== null && !within(turn.elevationDeg, -180, 180))) {
    return refusal("bad-angle", "turn", "the turn is no angle");
  }
  return within(turn.sigmaDeg, 0, 180)
    ? null
    : refusal("bad-error", "turn.sigmaDeg", `${turn.sigmaDeg} is no standard deviation of a turn`);
}

/** What is wrong with a list of fixes; an empty one is none of its matters. */
function fixesFlaw(fixes: readonly Fix[]): Refusal | null {
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const [index, fix] of fixes.entries()) {
    if (!isWhole(fix) || fix.timeUnixMs < lastMs) return fixFlaw(fix, `fixes[${index}]`);
    lastMs = fix.timeUnixMs;
  }
  return null;
}

/** The check that every fix goes through: hundreds for each aircraft, so without a word. */
function isWhole({ timeUnixMs, latDeg, lonDeg, heightHaeM, sigmaM, heightSigmaM }: Fix): boolean {
  return (
    within(timeUnixMs, LIMITS.firstUnixMs, LIMITS.lastUnixMs - 1) &&
    within(latDeg, -LIMITS.maxLatitudeDeg, LIMITS.maxLatitudeDeg) &&
    within(lonDeg, -180, 180) &&
    (heightHaeM === null || within(heightHaeM, LIMITS.minHeightM, LIMITS.maxHeightM)) &&
    within(sigmaM, 0, MAX_SIGMA_M) &&
    within(heightSigmaM, 0, MAX_SIGMA_M)
  );
}

function fixFlaw(fix: Fix, clause: string): Refusal {
  const flaw = timeFlaw(fix.timeUnixMs, clause) ?? placeFlaw({ ...fix, heightHaeM: fix.heightHaeM ?? 0 }, clause);
  if (flaw !== null) return flaw;
  if (!within(fix.sigmaM, 0, MAX_SIGMA_M) || !within(fix.heightSigmaM, 0, MAX_SIGMA_M)) {
    return refusal("bad-error", clause, `${fix.sigmaM} and ${fix.heightSigmaM} m are no errors of a place`);
  }
  return refusal("bad-fixes", clause, "the fixes are not in the order of time");
}

export function trackFlaw(track: UnknownTrack): Refusal | null {
  if (track.fixes.length === 0) return refusal("bad-fixes", "fixes", "a track needs at least one fix");
  const flaw = fixesFlaw(newest(track.fixes));
  if (flaw !== null) return flaw;
  if (track.classes !== undefined) {
    const { drone, bird, aircraft, unknown } = track.classes;
    const shares = [drone, bird, aircraft, unknown];
    if (!shares.every((share) => within(share, 0, 1)) || drone + bird + aircraft + unknown > 1.001) {
      return refusal("bad-error", "classes", "the shares of the classes are not within 0 to 1, together at most 1");
    }
  }
  if ((track.claimedIds?.length ?? 0) > LIMITS.claimedIds)
    return refusal("too-many", "claimedIds", `more than ${LIMITS.claimedIds} identities`);
  return null;
}

/** The newest fixes of a track, as many as are used. */
export function newest(fixes: readonly Fix[]): readonly Fix[] {
  return fixes.length > LIMITS.fixesPerTrack ? fixes.slice(-LIMITS.fixesPerTrack) : fixes;
}

function flierFlaw(flier: KnownAircraft | KnownDrone): Refusal | null {
  if (!within(flier.timeSigmaMs, 0, MAX_TIME_SIGMA_MS))
    return refusal("bad-error", "timeSigmaMs", `${flier.timeSigmaMs} is no error of a time`);
  if (flier.id === "" || flier.id.length > MAX_TEXT) return refusal("bad-fixes", "id", "the identity is empty or too long");
  return fixesFlaw(newest(flier.fixes));
}

function droneFlaw(drone: KnownDrone): Refusal | null {
  const flaw = flierFlaw(drone);
  if (flaw !== null || drone.allowed === undefined) return flaw;
  const { latDeg, lonDeg, radiusM, topHaeM, fromUnixMs, toUnixMs } = drone.allowed;
  const placed = placeFlaw({ latDeg, lonDeg, heightHaeM: topHaeM }, "allowed");
  if (placed !== null) return placed;
  if (!within(radiusM, 0, MAX_SIGMA_M)) return refusal("bad-place", "allowed.radiusM", `${radiusM} m is no radius of a flight`);
  return fromUnixMs <= toUnixMs ? null : refusal("bad-time", "allowed", "the permission ends before it begins");
}

function windFlaw(wind: Wind): Refusal | null {
  if (!within(wind.fromDeg, -360, 360) || !within(wind.speedMps, 0, MAX_WIND_MPS)) {
    return refusal("bad-wind", "wind", `${wind.fromDeg} degrees and ${wind.speedMps} m/s are no wind`);
  }
  if (!within(wind.directionSigmaDeg, 0, 180) || !within(wind.speedSigmaMps, 0, MAX_WIND_MPS)) {
    return refusal("bad-error", "wind", `${wind.directionSigmaDeg} degrees and ${wind.speedSigmaMps} m/s are no errors of a wind`);
  }
  if (!(wind.bottomHaeM <= wind.topHaeM)) return refusal("bad-wind", "wind", "the band of heights ends before it begins");
  return wind.fromUnixMs <= wind.toUnixMs ? null : refusal("bad-time", "wind", "the wind ends before it begins");
}

/** The context without what cannot be used. */
export interface Admitted {
  readonly aircraft: readonly KnownAircraft[] | null;
  readonly drones: readonly KnownDrone[] | null;
  readonly satellites: readonly OrbitalElements[] | null;
  readonly winds: readonly Wind[] | null;
  readonly leftOut: readonly LeftOut[];
  readonly leftOutMore: number;
}

export function admit(context: Context): Admitted {
  const leftOut: LeftOut[] = [];
  let leftOutMore = 0;
  const pick = <Item>(
    list: LeftOut["list"],
    items: readonly Item[] | undefined,
    most: number,
    flawOf: (item: Item) => Refusal | null,
  ): readonly Item[] | null => {
    if (items === undefined) return null;
    const leave = (index: number, why: Refusal): void => {
      if (leftOut.length < LIMITS.leftOut) leftOut.push({ list, index, refusal: why });
      else leftOutMore += 1;
    };
    if (items.length > most) leave(most, refusal("too-many", list, `${items.length} were given; the first ${most} are used`));
    return items.slice(0, most).filter((item, index) => {
      const flaw = flawOf(item);
      if (flaw !== null) leave(index, flaw);
      return flaw === null;
    });
  };
  const aircraft = pick("aircraft", context.aircraft, LIMITS.aircraft, flierFlaw);
  const drones = pick("drones", context.drones, LIMITS.drones, droneFlaw);
  const satellites = pick("satellites", context.satellites, LIMITS.satellites, () => null);
  const winds = pick("winds", context.winds, LIMITS.winds, windFlaw);
  return { aircraft, drones, satellites, winds, leftOut, leftOutMore };
}
