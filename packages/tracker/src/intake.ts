// What arrives becomes frames: checked, sorted into scans, duplicates and what is too old or too early counted and left out.
import { type EnuFrame, geodeticToEnu } from "@atalaya/geodesy";
import type { Detection, ObjectClass, ScanEnd } from "./input.ts";
import { AZIMUTH, ELEVATION, type Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { type Frame, ROW_STRIDE, SECTORS } from "./timeline.ts";
import type { Window } from "./window.ts";

const RAD = Math.PI / 180;
const POLAR = ["range_m", "az_deg", "el_deg", "rdot_mps"] as const;
/** Identifiers remembered per sensor to know a duplicate; at the limit the older half is forgotten. */
const REMEMBERED = 20_000;
/** Smallest variances believed, by row: m², rad², rad², (m/s)². A sensor that claims more is taken at this. */
const LEAST_VARIANCE = [1e-4, 1e-10, 1e-10, 1e-6] as const;
const LEAST_FIX_VARIANCE = 1e-4;
/** A value further out than this is no measurement: ranges and rates, m and m/s. */
const FARTHEST = 1e7;

/** Everything that did not come to be worked in, by reason. */
export interface IntakeCounts {
  detections: number;
  duplicates: number;
  /** Older than the window. */
  late: number;
  /** From further in the future than a fast clock explains. */
  ahead: number;
  unknownSensor: number;
  /** Not finite, of the wrong length, or out of any range. */
  malformed: number;
  /** Beyond the detections that one frame may hold. */
  crowded: number;
  /** Reports that came too late to move a track and were weighed against where tracks had been. */
  lateReports: number;
}

/** A report that came too late for the filter. */
export interface LateReport {
  readonly sensor: Sensor;
  readonly timeS: number;
  readonly azRad: number;
  readonly azVariance: number;
  readonly rangeM: number;
  readonly rangeVariance: number;
}

export class Intake {
  readonly #settings: TrackerSettings;
  readonly #window: Window;
  readonly counts: IntakeCounts = {
    detections: 0,
    duplicates: 0,
    late: 0,
    ahead: 0,
    unknownSensor: 0,
    malformed: 0,
    crowded: 0,
    lateReports: 0,
  };
  /** Scans that detections may still come for, by sensor, scan and sector. */
  readonly open: Map<string, Frame> = new Map();
  readonly seen: Map<string, Set<string>> = new Map();
  readonly identities: Map<string, number> = new Map();
  readonly identityNames: string[] = [];
  serial = 0;
  nowS: number = Number.NEGATIVE_INFINITY;
  newestInputS: number = Number.NEGATIVE_INFINITY;
  readonly #place = new Float64Array(3);

  constructor(settings: TrackerSettings, window: Window) {
    this.#settings = settings;
    this.#window = window;
  }

  /** Takes a detection; what a late report says comes back, since it cannot be worked in. */
  detect(sensor: Sensor, detection: Detection, arrivedS: number, local: EnuFrame): LateReport | undefined {
    this.#hear(arrivedS);
    sensor.lastHeardS = arrivedS;
    const { counts } = this;
    counts.detections += 1;
    if (!wellFormed(sensor, detection)) {
      counts.malformed += 1;
      return undefined;
    }
    if (detection.timeS - arrivedS > this.#settings.aheadS) {
      counts.ahead += 1;
      return undefined;
    }
    if (this.#isDuplicate(detection)) {
      counts.duplicates += 1;
      return undefined;
    }
    const timeS = Math.min(detection.timeS, arrivedS);
    const late = !(timeS > this.nowS - this.#settings.windowS);
    if (sensor.style === "report") {
      const uncertain = (detection.timeSigmaS ?? sensor.declaration.timeSigmaS ?? 0) > 2;
      if (late || uncertain) {
        counts.lateReports += 1;
        return lateReport(sensor, detection);
      }
    }
    if (late) {
      counts.late += 1;
      return undefined;
    }
    if (sensor.style === "fix") this.#fix(sensor, detection, timeS, local);
    else this.#polar(sensor, detection, timeS, arrivedS);
    return undefined;
  }

  #hear(arrivedS: number): void {
    if (arrivedS > this.newestInputS) this.newestInputS = arrivedS;
    if (arrivedS > this.nowS) this.nowS = arrivedS;
  }

  #isDuplicate({ sensor, id }: Detection): boolean {
    let ids = this.seen.get(sensor);
    if (ids === undefined) {
      ids = new Set();
      this.seen.set(sensor, ids);
    }
    if (ids.has(id)) return true;
    ids.add(id);
    if (ids.size > REMEMBERED) {
      let drop = REMEMBERED / 2;
      for (const old of ids) {
        if (drop === 0) break;
        ids.delete(old);
        drop -= 1;
      }
    }
    return false;
  }

  #polar(sensor: Sensor, detection: Detection, timeS: number, arrivedS: number): void {
    const { declaration, rows } = sensor;
    sensor.hear(arrivedS - detection.timeS);
    let sector = -1;
    if (declaration.rotating === true) {
      const az = detection.z[declaration.measures.indexOf("az_deg")] ?? 0;
      sector = Math.floor((((az % 360) + 360) % 360) / (360 / SECTORS));
    }
    const frame = this.#frameOf(sensor, detection.scan, sector, timeS);
    if (frame.count >= this.#settings.maxDetectionsPerFrame) {
      this.counts.crowded += 1;
      return;
    }
    if (frame.closed) this.#window.changing(frame);
    const at = frame.add(detection.id, detection.timeS);
    for (const row of rows) {
      const k = declaration.measures.indexOf(POLAR[row] ?? "range_m");
      const unit = row === AZIMUTH || row === ELEVATION ? RAD : 1;
      frame.z[at * ROW_STRIDE + row] = (detection.z[k] ?? 0) * unit;
      const variance = detection.variance?.[k];
      frame.variance[at * ROW_STRIDE + row] =
        variance === undefined ? sensor.variance[row] : Math.max(LEAST_VARIANCE[row] ?? 0, variance * unit * unit);
    }
    this.#classOdds(frame, at, detection.classes);
    if (detection.scan === undefined) this.#close(frame);
  }

  #fix(sensor: Sensor, detection: Detection, timeS: number, local: EnuFrame): void {
    const { measures, kind, sigma } = sensor.declaration;
    const frame = this.#newFrame(sensor, -1, -1, timeS);
    const at = frame.add(detection.id, detection.timeS);
    const value = (name: "lat_deg" | "lon_deg" | "alt_m"): number => detection.z[measures.indexOf(name)] ?? 0;
    geodeticToEnu(local, value("lat_deg"), value("lon_deg"), value("alt_m"), this.#place);
    for (let k = 0; k < 3; k += 1) {
      frame.z[k] = this.#place[k];
      frame.variance[k] = Math.max(LEAST_FIX_VARIANCE, detection.variance?.[k] ?? (sigma[k] ?? 10) ** 2);
      if (detection.velocityEnuMps !== undefined) frame.z[3 + k] = detection.velocityEnuMps[k] ?? 0;
    }
    frame.hasVelocity[at] = detection.velocityEnuMps === undefined ? 0 : 1;
    this.#classOdds(frame, at, detection.classes);
    if (detection.identity !== undefined) frame.identity[at] = this.#identityOf(`${kind} ${detection.identity}`);
    this.#close(frame);
  }

  #classOdds(frame: Frame, at: number, classes: Detection["classes"]): void {
    if (classes === undefined) return;
    const of = (name: ObjectClass): number => Math.min(0.98, Math.max(0.01, classes[name] ?? 0));
    frame.birdOdds[at] = Math.log(of("bird") / of("drone"));
    frame.aircraftOdds[at] = Math.log(of("aircraft") / of("drone"));
  }

  /** At the limit, names heard for the first time share one place: their reports are weighed as one claim that fits nothing. */
  #identityOf(text: string): number {
    const known = this.identities.get(text);
    if (known !== undefined) return known;
    if (this.identityNames.length >= this.#settings.maxIdentities) return this.#settings.maxIdentities;
    const index = this.identityNames.length;
    this.identityNames.push(text);
    this.identities.set(text, index);
    return index;
  }

  #key(sensor: Sensor, scan: number, sector: number): string {
    return `${sensor.declaration.id} ${scan} ${sector}`;
  }

  #frameOf(sensor: Sensor, scan: number | undefined, sector: number, timeS: number): Frame {
    if (scan === undefined) return this.#newFrame(sensor, -1, sector, timeS);
    const key = this.#key(sensor, scan, sector);
    const known = this.open.get(key);
    if (known !== undefined) return known;
    const frame = this.#newFrame(sensor, scan, sector, timeS);
    frame.key = key;
    this.open.set(key, frame);
    if (sector > 0) {
      // The antenna has gone on: the sector before is complete.
      const earlier = this.open.get(this.#key(sensor, scan, sector - 1));
      if (earlier !== undefined && !earlier.closed) {
        earlier.looked = true;
        this.#close(earlier);
      }
    }
    return frame;
  }

  #newFrame(sensor: Sensor, scan: number, sector: number, timeS: number): Frame {
    const frame = this.#window.fresh(sensor);
    frame.scan = scan;
    frame.sector = sector;
    frame.timeS = timeS;
    frame.openedS = this.nowS;
    frame.azFromRad = sector < 0 ? sensor.azFromRad : (sector * 2 * Math.PI) / SECTORS;
    frame.azSpanRad = sector < 0 ? sensor.azSpanRad : (2 * Math.PI) / SECTORS;
    this.serial += 1;
    frame.serial = this.serial;
    return frame;
  }

  #close(frame: Frame): void {
    frame.closed = true;
    frame.aheadS = -frame.sensor.leastDelayS;
    if (frame.sector >= 0 && frame.count > 0) {
      // The middle of its detections, but never later than they came.
      let sum = 0;
      for (let j = 0; j < frame.count; j += 1) sum += frame.time[j];
      frame.timeS = Math.min(sum / frame.count, this.newestInputS);
    }
    this.#window.insert(frame);
  }

  scanEnd(sensor: Sensor, end: ScanEnd, arrivedS: number): void {
    this.#hear(arrivedS);
    sensor.lastHeardS = arrivedS;
    if (!Number.isFinite(end.timeS) || !Number.isFinite(end.endTimeS) || sensor.style === "fix" || sensor.style === "report") {
      this.counts.malformed += 1;
      return;
    }
    if (end.timeS - arrivedS > this.#settings.aheadS) {
      this.counts.ahead += 1;
      return;
    }
    if (sensor.declaration.rotating === true) {
      for (let sector = 0; sector < SECTORS; sector += 1) {
        const at = end.timeS + ((sector + 0.5) / SECTORS) * (end.endTimeS - end.timeS);
        this.#lookedAt(sensor, end.scan, sector, Math.min(at, arrivedS));
      }
    } else this.#lookedAt(sensor, end.scan, -1, Math.min(end.timeS, arrivedS));
  }

  #lookedAt(sensor: Sensor, scan: number, sector: number, timeS: number): void {
    if (!(timeS > this.nowS - this.#settings.windowS)) {
      this.counts.late += 1;
      return;
    }
    const frame = this.#frameOf(sensor, scan, sector, timeS);
    if (frame.looked && frame.closed) return;
    if (frame.closed) this.#window.changing(frame);
    frame.looked = true;
    if (!frame.closed) this.#close(frame);
  }

  /** Scans whose end never came are closed. */
  sweep(): void {
    for (const frame of this.open.values()) {
      if (!frame.closed && this.nowS - frame.openedS > 2 * frame.sensor.periodS + 0.5) this.#close(frame);
    }
  }

  /** A frame left the window: nothing can come for its scan any more. */
  forget(frame: Frame): void {
    if (frame.key !== "") this.open.delete(frame.key);
  }
}

/** Finite, of the declared length, within any range. */
function wellFormed(sensor: Sensor, { timeS, z, variance, velocityEnuMps }: Detection): boolean {
  if (!Number.isFinite(timeS) || z.length < sensor.declaration.measures.length) return false;
  for (const value of z) if (!(Math.abs(value) <= FARTHEST)) return false;
  if (variance !== undefined) for (const value of variance) if (!(value >= 0 && value <= FARTHEST * FARTHEST)) return false;
  if (velocityEnuMps !== undefined) for (const value of velocityEnuMps) if (!(Math.abs(value) <= FARTHEST)) return false;
  if (sensor.style === "fix") {
    const { measures } = sensor.declaration;
    const latDeg = z[measures.indexOf("lat_deg")] ?? 0;
    const lonDeg = z[measures.indexOf("lon_deg")] ?? 0;
    return Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 360;
  }
  return !(sensor.hasRange && !((z[sensor.declaration.measures.indexOf("range_m")] ?? 0) >= 0));
}

function lateReport(sensor: Sensor, { timeS, z, variance }: Detection): LateReport {
  const { measures } = sensor.declaration;
  const az = measures.indexOf("az_deg");
  const range = measures.indexOf("range_m");
  const rangeM = z[range] ?? 0;
  return {
    sensor,
    timeS,
    azRad: (z[az] ?? 0) * RAD,
    azVariance: (variance?.[az] ?? 225) * RAD * RAD,
    rangeM,
    rangeVariance: variance?.[range] ?? (0.4 * rangeM) ** 2,
  };
}
