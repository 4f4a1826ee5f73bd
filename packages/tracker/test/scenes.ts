// What the tests tell a tracker: lines of a scenario, as its calls; and small scenes that several tests fly.
import {
  type BearingPlan,
  type FixPlan,
  type ObjectPlan,
  type Place,
  type RadarPlan,
  type ScenarioPlan,
  type SensingLine,
  type SensorPlan,
  simulate,
  type TruthLine,
} from "@atalaya/drills/scenario";
import type { Detection, Measure, ScanEnd, SensorDeclaration, SensorKind, TrackEstimate, Tracker } from "../src/index.ts";

export type Told =
  | { readonly type: "sensor"; readonly sensor: SensorDeclaration }
  | { readonly type: "detection"; readonly detection: Detection; readonly arrivedS: number }
  | { readonly type: "scan"; readonly scan: ScanEnd; readonly arrivedS: number };

/** Undefined for the line that names the scenario. */
function toldOf(line: SensingLine): Told | undefined {
  if (line.type === "scenario") return undefined;
  if (line.type === "scan") {
    const { sensor, scan, n: count, t: timeS, t_end: endTimeS } = line;
    return { type: "scan", scan: { sensor, scan, count, timeS, endTimeS }, arrivedS: line.t_rx };
  }
  if (line.type === "det") {
    const { id, sensor, scan, t: timeS, z, R: variance, uid: identity, vel_enu: velocityEnuMps, t_sd: timeSigmaS } = line;
    return {
      type: "detection",
      detection: { id, sensor, scan, timeS, z, variance, identity, velocityEnuMps, timeSigmaS },
      arrivedS: line.t_rx,
    };
  }
  const { range_m: rangeM, az_deg: azDeg, el_deg: elDeg, rdot_mps: rangeRateMps } = line.fov ?? {};
  return {
    type: "sensor",
    sensor: {
      id: line.id,
      kind: line.kind as SensorKind,
      latDeg: line.lat,
      lonDeg: line.lon,
      haeM: line.alt,
      measures: line.z as readonly Measure[],
      sigma: line.z.map((_, k) => line.sd?.[k] ?? undefined),
      periodS: line.period_s,
      pd: line.pd,
      falseAlarmsPerScan: line.fa_per_scan,
      fov: line.fov === undefined ? undefined : { rangeM, azDeg, elDeg, rangeRateMps },
      maxRangeM: line.max_range_m,
      fallsOff: line.falls_off,
      soundDelay: line.sound_delay,
      rotating: line.rotating,
      selfReported: line.self_reported,
      rangeFractionSigma: line.range_frac_sd,
      timeSigmaS: line.t_sd_s,
    },
  };
}

export interface Flown {
  readonly told: readonly Told[];
  readonly truth: readonly TruthLine[];
}

/** Plays a plan through. */
export function fly(plan: ScenarioPlan, seed: number): Flown {
  const recording = simulate(plan, seed);
  return { told: [...recording.sensing()].flatMap((line) => toldOf(line) ?? []), truth: [...recording.truth()] };
}

/** Hands one call to a tracker. */
export function tell(tracker: Tracker, one: Told): void {
  if (one.type === "sensor") tracker.declare(one.sensor);
  else if (one.type === "detection") tracker.detect(one.detection, one.arrivedS);
  else tracker.scanEnd(one.scan, one.arrivedS);
}

/** Tells everything in the order of arrival, advancing each `stepS` seconds; `each` is called after each step with its time. */
export function play(tracker: Tracker, told: readonly Told[], untilS: number, each?: (timeS: number) => void, stepS = 1): Tracker {
  let next = 0;
  for (let k = 1; k * stepS <= untilS + 1e-9; k += 1) {
    const timeS = k * stepS;
    for (let one = told[next]; one !== undefined && (one.type === "sensor" || one.arrivedS <= timeS); one = told[next]) {
      tell(tracker, one);
      next += 1;
    }
    tracker.advance(timeS);
    each?.(timeS);
  }
  return tracker;
}

export const told = (status: TrackEstimate["status"]): boolean => status === "confirmed" || status === "coasted";

/** Tracks that are told as objects. */
export function sure(tracker: Tracker, atS: number): readonly TrackEstimate[] {
  return tracker.tracks(atS).filter(({ status }) => told(status));
}

const RAD = Math.PI / 180;
const EARTH_M = 6_371_000;

/** Horizontal distance of two places near each other, m, to 0.5 %. */
export function apartM(
  a: { readonly latDeg: number; readonly lonDeg: number },
  b: { readonly latDeg: number; readonly lonDeg: number },
): number {
  const turn = (((a.lonDeg - b.lonDeg + 540) % 360) - 180) * Math.cos(((a.latDeg + b.latDeg) / 2) * RAD);
  return Math.hypot(turn, a.latDeg - b.latDeg) * RAD * EARTH_M;
}

export interface TrueState {
  readonly id: string;
  readonly timeS: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly haeM: number;
  readonly velocityEnuMps: readonly [number, number, number];
}

/** Where the objects were at a scoring instant. */
export function statesAt(truth: readonly TruthLine[], timeS: number): readonly TrueState[] {
  return truth.flatMap((line) =>
    line.type === "state" && Math.abs(line.t - timeS) < 0.01
      ? [{ id: line.id, timeS: line.t, latDeg: line.lat, lonDeg: line.lon, haeM: line.alt, velocityEnuMps: line.vel_enu }]
      : [],
  );
}

/** The track nearest to a place, and how far it is, m. */
export function nearestTo<T extends { readonly latDeg: number; readonly lonDeg: number }>(
  tracks: readonly T[],
  place: { readonly latDeg: number; readonly lonDeg: number },
): { readonly track: T; readonly offM: number } | undefined {
  let found: { readonly track: T; readonly offM: number } | undefined;
  for (const track of tracks) {
    const offM = apartM(track, place);
    if (found === undefined || offM < found.offM) found = { track, offM };
  }
  return found;
}

export const at = (eastM: number, northM: number, upM = 0): Place => ({ eastM, northM, upM });

/** Flies straight from one place to another at a speed. */
export function flight(id: string, from: Place, to: Place, speedMps: number, more: Partial<ObjectPlan> = {}): ObjectPlan {
  return {
    id,
    objectClass: "drone",
    waypoints: [
      { ...from, speedMps, holdS: 0 },
      { ...to, speedMps, holdS: 0 },
    ],
    accelerationMps2: 6,
    gustMps: 0.3,
    ...more,
  };
}

export function radar(id: string, place: Place, more: Partial<RadarPlan> = {}): RadarPlan {
  return {
    id,
    kind: "radar",
    place,
    measures: ["range_m", "az_deg", "el_deg", "rdot_mps"],
    sigma: { range_m: 5, az_deg: 0.5, el_deg: 0.7, rdot_mps: 0.3 },
    periodS: 1,
    phaseS: 0,
    pd: 0.95,
    falseAlarmsPerScan: 3,
    rangeM: [50, 4000],
    elevationDeg: [-2, 60],
    rangeRateMps: [-60, 60],
    latencyS: 0.05,
    visibility: { drone: 1, bird: 1, aircraft: 1 },
    rotating: false,
    ...more,
  };
}

export function bearing(kind: BearingPlan["kind"], id: string, place: Place, more: Partial<BearingPlan> = {}): BearingPlan {
  return {
    id,
    kind,
    place,
    azimuthSigmaDeg: 1.5,
    classes: ["drone"],
    maxRangeM: 4000,
    periodS: 1,
    phaseS: 0,
    pd: 0.95,
    falseAlarmsPerScan: 0.05,
    latencyS: 0.05,
    ...more,
  };
}

export function fixes(kind: FixPlan["kind"], id: string, reports: FixPlan["reports"], more: Partial<FixPlan> = {}): FixPlan {
  return {
    id,
    kind,
    place: at(0, 0, 10),
    reports,
    sigmaM: [3, 3, 6],
    errorCorrelation: 0.95,
    periodS: 1,
    withVelocity: true,
    latencyS: 0.3,
    loss: 0.05,
    ...more,
  };
}

export function plan(objects: readonly ObjectPlan[], sensors: readonly SensorPlan[], more: Partial<ScenarioPlan> = {}): ScenarioPlan {
  return {
    name: "scene",
    notes: "",
    durationS: 60,
    reference: { latDeg: 31.76, lonDeg: -106.49, heightHaeM: 1140 },
    scoring: { firstS: 1, everyS: 1, dimensions: 3, cutoffM: 50, classes: ["drone", "aircraft"] },
    objects,
    sensors,
    ...more,
  };
}

/** As the hub runs it: told by what an officer needs on a map, height known or not. */
export const ON_THE_MAP = { horizontalOnly: true, toleranceM: 250 } as const;

/** Root of the mean squared horizontal error of the told tracks nearest to each object, m, and how often none was told, over times from … to. */
export class Error2D {
  #sum = 0;
  #count = 0;
  missed = 0;

  add(tracks: readonly TrackEstimate[], states: readonly TrueState[], reachM = 300): void {
    for (const state of states) {
      const near = nearestTo(tracks, state);
      if (near === undefined || near.offM > reachM) this.missed += 1;
      else {
        this.#sum += near.offM ** 2;
        this.#count += 1;
      }
    }
  }

  get rmsM(): number {
    return Math.sqrt(this.#sum / this.#count);
  }
}
