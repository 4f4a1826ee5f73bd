// What the benchmark needs of the tracker and of the format in which it is told: the one place that changes when they do.
import type { DetectionLine, ScanLine, SensingLine, SensorLine } from "@atalaya/drills/scenario";
import {
  type Detection,
  type FieldOfView,
  type Measure,
  OBJECT_CLASSES,
  type ScanEnd,
  type SensorDeclaration,
  type SensorKind,
  Tracker,
} from "@atalaya/tracker";

/**
 * A tracker in its one setting: none is chosen by scenario. Of the head it is told what the scores ask for, how far off an estimate may be to count and
 * in how many dimensions, and of what, as `atalaya track` tells it.
 */
export function newTracker(toleranceM: number, dimensions: 2 | 3, classes: readonly string[] = []): Tracker {
  return new Tracker({ toleranceM, horizontalOnly: dimensions === 2, classes: OBJECT_CLASSES.filter((name) => classes.includes(name)) });
}

/** A line that has been read, as it is handed to the tracker. */
export type Told =
  | { readonly type: "sensor"; readonly sensor: SensorDeclaration }
  | { readonly type: "detection"; readonly detection: Detection; readonly arrivedS: number }
  | { readonly type: "scan"; readonly scan: ScanEnd; readonly arrivedS: number };

/** Undefined: a line that the tracker has no use for. */
export function told(line: SensingLine): Told | undefined {
  switch (line.type) {
    case "scenario":
      return undefined;
    case "sensor":
      return { type: "sensor", sensor: declarationOf(line) };
    case "det":
      return { type: "detection", detection: detectionOf(line), arrivedS: line.t_rx };
    case "scan":
      return { type: "scan", scan: scanOf(line), arrivedS: line.t_rx };
  }
}

function declarationOf(line: SensorLine): SensorDeclaration {
  const { range_m: rangeM, az_deg: azDeg, el_deg: elDeg, rdot_mps: rangeRateMps } = line.fov ?? {};
  const fov: FieldOfView | undefined = line.fov === undefined ? undefined : { rangeM, azDeg, elDeg, rangeRateMps };
  return {
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
    fov,
    maxRangeM: line.max_range_m,
    fallsOff: line.falls_off,
    soundDelay: line.sound_delay,
    rotating: line.rotating,
    selfReported: line.self_reported,
    rangeFractionSigma: line.range_frac_sd,
    timeSigmaS: line.t_sd_s,
  };
}

function detectionOf(line: DetectionLine): Detection {
  const { id, sensor, scan, t, z, R, uid, vel_enu: velocity, t_sd: timeSigmaS, snr_db: snrDb } = line;
  return { id, sensor, scan, timeS: t, z, variance: R, identity: uid, velocityEnuMps: velocity, timeSigmaS, snrDb };
}

function scanOf({ sensor, scan, n, t, t_end: endTimeS }: ScanLine): ScanEnd {
  return { sensor, scan, count: n, timeS: t, endTimeS };
}
