// What arrives becomes frames: checked, sorted into scans, duplicates and what is too old or too early counted and left out.
import { type EnuFrame, geodeticToEnu } from "@atalaya/geodesy";
import type { Detection, ObjectClass, ScanEnd, SensorKind } from "./input.ts";
import { AZIMUTH, ELEVATION, LEAST_VARIANCE, type Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { type Frame, ROW_STRIDE, SECTORS } from "./timeline.ts";
import type { Window } from "./window.ts";

const RAD = Math.PI / 180;
/** Identifiers remembered per sensor to know a duplicate; at the limit the older half is forgotten. */
const REMEMBERED = 20_000;
const LEAST_FIX_VARIANCE = 1e-4;
/** Kinds of sensors whose positions are claims. */
const CLAIMING: ReadonlySet<SensorKind> = new Set<SensorKind>(["remoteid", "adsb", "systemTrack"]);
const NO_HEIGHT_SIGMA_M = 1000;
/** A value further out than this is no measurement: ranges and rates, m and m/s. */
const FARTHEST = 1e7;

/** Detections that the window holds at most; more are counted and refused. */
const MAX_HELD = 1_000_000;
/** Of reports by people, m² and square degrees; and the variance of what they leave open. */
const LEAST_REPORT_VARIANCE = 1;
const OPEN = 1e12;

/** How long a scan waits for its end, s. */
function patienceS({ periodS }: Sensor): number {
  return 2 * periodS + 0.5;
}

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
  /** Beyond the detections that one frame or the window may hold, or the frames that one sensor may begin in a second. */
  crowded: number;
  /** Reports that came too late to move a track and were weighed against where tracks had been. */
  lateReports: number;
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
  /** The open scan asked for last: most detections belong to the same as the one before. */
  #newest: Frame | undefined;
  readonly seen: Map<string, Set<string>> = new Map();
  /** Numbers of the identities that are broadcast, the one heard last at the end; and their names by number. */
  readonly identities: Map<string, number> = new Map();
  readonly identityNames: Map<number, string> = new Map();
  nextIdentity = 0;
  serial = 0;
  /** Sensors of bearings alone that are declared now. */
  bearingSensors = 0;
  nowS: number = Number.NEGATIVE_INFINITY;
  newestInputS: number = Number.NEGATIVE_INFINITY;
  /** When the next scan whose end has not come is closed, s. */
  #sweepAtS = Number.NEGATIVE_INFINITY;
  readonly #place = new Float64Array(3);

  constructor(settings: TrackerSettings, window: Window) {
    this.#settings = settings;
    this.#window = window;
  }

  /** Takes a detection. */
  detect(sensor: Sensor, detection: Detection, arrivedS: number, local: EnuFrame): void {
    this.#hear(arrivedS);
    sensor.lastHeardS = arrivedS;
    const { counts } = this;
    counts.detections += 1;
    if (!wellFormed(sensor, detection)) {
      counts.malformed += 1;
      return;
    }
    if (detection.timeS - arrivedS > this.#settings.aheadS) {
      counts.ahead += 1;
      return;
    }
    if (this.#isDuplicate(detection)) {
      counts.duplicates += 1;
      return;
    }
    const timeS = Math.min(detection.timeS, arrivedS);
    const late = this.#isLate(timeS);
    if (sensor.style === "report") {
      const uncertain = (detection.timeSigmaS ?? sensor.declaration.timeSigmaS ?? 0) > 2;
      if (late || uncertain) {
        this.#lateReport(sensor, detection, arrivedS);
        return;
      }
    }
    if (late) {
      counts.late += 1;
      return;
    }
    if (sensor.style === "fix") this.#fix(sensor, detection, timeS, local);
    else this.#polar(sensor, detection, timeS, arrivedS);
  }

  /** Time goes on: scans whose end has not come by now are closed before anything else is taken, however often time is told. */
  goOnTo(nowS: number): void {
    if (!(nowS > this.nowS)) return;
    this.nowS = nowS;
    if (nowS > this.#sweepAtS) this.#sweep();
  }

  #hear(arrivedS: number): void {
    this.goOnTo(arrivedS);
    if (arrivedS > this.newestInputS) this.newestInputS = arrivedS;
  }

  /** Older than the window, or from before what had to be let go early. */
  #isLate(timeS: number): boolean {
    return !(timeS > this.nowS - this.#settings.windowS && timeS > this.#window.settledS);
  }

  #isDuplicate({ sensor, id }: Detection): boolean {
    let ids = this.seen.get(sensor);
    if (ids === undefined) {
      ids = new Set();
      this.seen.set(sensor, ids);
    }
    const known = ids.size;
    ids.add(id);
    if (ids.size === known) return true;
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
    const { declaration, rows, columns } = sensor;
    sensor.hear(arrivedS - detection.timeS);
    let sector = -1;
    if (declaration.rotating === true) {
      const az = detection.z[columns[rows.indexOf(AZIMUTH)] ?? -1] ?? 0;
      sector = Math.floor((((az % 360) + 360) % 360) / (360 / SECTORS));
    }
    const frame = this.#frameOf(sensor, detection.scan, sector, timeS);
    if (frame === undefined) {
      this.counts.crowded += 1;
      return;
    }
    if (frame.count >= this.#settings.maxDetectionsPerFrame || this.#window.held >= MAX_HELD) {
      this.counts.crowded += 1;
      return;
    }
    const moves = frame.closed && frame.sector >= 0;
    if (moves) this.#window.lift(frame);
    else if (frame.closed) this.#window.changing(frame);
    const at = this.#add(frame, detection);
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i];
      const k = columns[i];
      const unit = row === AZIMUTH || row === ELEVATION ? RAD : 1;
      frame.z[at * ROW_STRIDE + row] = (detection.z[k] ?? 0) * unit;
      const variance = detection.variance?.[k];
      frame.variance[at * ROW_STRIDE + row] =
        variance === undefined ? sensor.variance[row] : Math.max(LEAST_VARIANCE[row] ?? 0, variance * unit * unit);
    }
    this.#classOdds(frame, at, detection.classes);
    if (moves) this.#put(frame);
    else if (detection.scan === undefined) this.#close(frame);
  }

  #add(frame: Frame, { id, timeS }: Detection): number {
    this.#window.held += 1;
    return frame.add(id, timeS);
  }

  /** A report that came too late for the filter takes its place where it arrived. */
  #lateReport(sensor: Sensor, detection: Detection, arrivedS: number): void {
    if (!sensor.mayBegin(arrivedS)) {
      this.counts.crowded += 1;
      return;
    }
    this.counts.lateReports += 1;
    const { measures, sigma, rangeFractionSigma = 0.4 } = sensor.declaration;
    const { z, variance } = detection;
    const az = measures.indexOf("az_deg");
    const range = measures.indexOf("range_m");
    const frame = this.#newFrame(sensor, -1, -1, arrivedS);
    frame.late = true;
    const at = this.#add(frame, detection);
    const rangeM = z[range] ?? 0;
    frame.z[at * ROW_STRIDE] = rangeM;
    frame.z[at * ROW_STRIDE + AZIMUTH] = (z[az] ?? 0) * RAD;
    // Who tells no direction, or no distance, leaves it open.
    const azVariance = Math.max(LEAST_REPORT_VARIANCE, variance?.[az] ?? (sigma[az] ?? 15) ** 2) * RAD * RAD;
    const rangeVariance = Math.max(LEAST_REPORT_VARIANCE, variance?.[range] ?? (rangeFractionSigma * rangeM) ** 2);
    frame.variance[at * ROW_STRIDE] = range < 0 ? OPEN : rangeVariance;
    frame.variance[at * ROW_STRIDE + AZIMUTH] = az < 0 ? OPEN : azVariance;
    this.#close(frame);
  }

  #fix(sensor: Sensor, detection: Detection, timeS: number, local: EnuFrame): void {
    const { measures, kind, sigma } = sensor.declaration;
    if (this.#window.held >= MAX_HELD || !sensor.mayBegin(this.nowS)) {
      this.counts.crowded += 1;
      return;
    }
    const frame = this.#newFrame(sensor, -1, -1, timeS);
    const at = this.#add(frame, detection);
    const value = (name: "lat_deg" | "lon_deg" | "alt_m"): number => detection.z[measures.indexOf(name)] ?? 0;
    // Who tells no height may be at any: as high as the sensor, with a doubt that nothing rests on.
    const high = measures.includes("alt_m");
    geodeticToEnu(local, value("lat_deg"), value("lon_deg"), high ? value("alt_m") : sensor.declaration.haeM, this.#place);
    for (let k = 0; k < 3; k += 1) {
      frame.z[k] = this.#place[k];
      frame.variance[k] = Math.max(LEAST_FIX_VARIANCE, detection.variance?.[k] ?? (sigma[k] ?? 10) ** 2);
      if (k === 2 && !high) frame.variance[k] = NO_HEIGHT_SIGMA_M ** 2;
      if (detection.velocityEnuMps !== undefined) frame.z[3 + k] = detection.velocityEnuMps[k] ?? 0;
    }
    frame.hasVelocity[at] = detection.velocityEnuMps === undefined ? 0 : 1;
    this.#classOdds(frame, at, detection.classes);
    // Only a network that locates may tell a place without a name. What is said of oneself, or by another system, is a claim, by nobody if need be.
    const claims = detection.identity !== undefined || CLAIMING.has(kind) || sensor.declaration.selfReported === true;
    // Every system numbers its own tracks; other names are the same wherever they are heard.
    const namedBy = kind === "systemTrack" ? `\n${sensor.declaration.id}` : "";
    if (claims) frame.identity[at] = this.#identityOf(`${kind} ${detection.identity ?? ""}${namedBy}`);
    this.#close(frame);
  }

  #classOdds(frame: Frame, at: number, classes: Detection["classes"]): void {
    if (classes === undefined) return;
    const of = (name: ObjectClass): number => Math.min(0.98, Math.max(0.01, classes[name] ?? 0));
    frame.birdOdds[at] = Math.log(of("bird") / of("drone"));
    frame.aircraftOdds[at] = Math.log(of("aircraft") / of("drone"));
  }

  /** At the limit the name that was silent longest is forgotten; heard again, it is a new one. */
  #identityOf(text: string): number {
    let number = this.identities.get(text);
    if (number === undefined) {
      number = this.nextIdentity;
      do this.nextIdentity = (this.nextIdentity + 1) % 2 ** 31;
      while (this.identityNames.has(this.nextIdentity));
      this.identityNames.set(number, text);
    } else this.identities.delete(text);
    this.identities.set(text, number);
    if (this.identities.size > this.#settings.maxIdentities) {
      for (const [silent, its] of this.identities) {
        this.identities.delete(silent);
        this.identityNames.delete(its);
        break;
      }
    }
    return number;
  }

  #key(sensor: Sensor, scan: number, sector: number): string {
    return `${sensor.declaration.id} ${scan} ${sector}`;
  }

  /** The scan's frame, a new one when it has none yet; undefined when the sensor begins too many. */
  #frameOf(sensor: Sensor, scan: number | undefined, sector: number, timeS: number): Frame | undefined {
    if (scan === undefined) return sensor.mayBegin(this.nowS) ? this.#newFrame(sensor, -1, sector, timeS) : undefined;
    const newest = this.#newest;
    if (newest !== undefined && newest.sensor === sensor && newest.scan === scan && newest.sector === sector) return newest;
    const key = this.#key(sensor, scan, sector);
    const known = this.open.get(key);
    if (known !== undefined) {
      this.#newest = known;
      return known;
    }
    if (!sensor.mayBegin(this.nowS)) return undefined;
    const frame = this.#newFrame(sensor, scan, sector, timeS);
    this.#newest = frame;
    frame.key = key;
    this.open.set(key, frame);
    this.#sweepAtS = Math.min(this.#sweepAtS, frame.openedS + patienceS(sensor));
    if (this.open.size > this.#settings.maxFrames) this.#endOldest();
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
    frame.bearingSensors = this.bearingSensors;
    frame.azFromRad = sector < 0 ? sensor.azFromRad : (sector * 2 * Math.PI) / SECTORS;
    frame.azSpanRad = sector < 0 ? sensor.azSpanRad : (2 * Math.PI) / SECTORS;
    this.serial += 1;
    frame.serial = this.serial;
    return frame;
  }

  #close(frame: Frame): void {
    frame.closed = true;
    frame.aheadS = -frame.sensor.leastDelayS;
    frame.capS = this.newestInputS;
    this.#put(frame);
  }

  #put(frame: Frame): void {
    if (frame.sector >= 0 && frame.count > 0) {
      // The middle of its detections, but never later than they came.
      let sum = 0;
      for (let j = 0; j < frame.count; j += 1) sum += frame.time[j];
      frame.timeS = Math.min(sum / frame.count, frame.capS);
    }
    this.#window.insert(frame);
  }

  /** Too many scans wait for their ends: the one that waits longest waits no more. */
  #endOldest(): void {
    for (const [key, frame] of this.open) {
      this.#end(key, frame);
      return;
    }
  }

  /** A sensor is declared anew: what comes from now on belongs to no scan of before. */
  endScans(sensor: Sensor): void {
    for (const [key, frame] of this.open) {
      if (frame.sensor === sensor) this.#end(key, frame);
    }
  }

  #end(key: string, frame: Frame): void {
    this.open.delete(key);
    frame.key = "";
    if (frame === this.#newest) this.#newest = undefined;
    if (!frame.closed) this.#close(frame);
  }

  scanEnd(sensor: Sensor, end: ScanEnd, arrivedS: number): void {
    this.#hear(arrivedS);
    sensor.lastHeardS = arrivedS;
    const numbers = Number.isFinite(end.timeS) && Number.isFinite(end.endTimeS) && Number.isSafeInteger(end.scan);
    if (!numbers || sensor.style === "fix" || sensor.style === "report") {
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
    if (this.#isLate(timeS)) {
      this.counts.late += 1;
      return;
    }
    const frame = this.#frameOf(sensor, scan, sector, timeS);
    if (frame === undefined) {
      this.counts.crowded += 1;
      return;
    }
    if (frame.looked && frame.closed) return;
    if (frame.closed) this.#window.changing(frame);
    frame.looked = true;
    if (!frame.closed) this.#close(frame);
  }

  /** Scans whose end never came are closed. */
  #sweep(): void {
    this.#sweepAtS = Number.POSITIVE_INFINITY;
    for (const frame of this.open.values()) {
      if (frame.closed) continue;
      const endS = frame.openedS + patienceS(frame.sensor);
      if (this.nowS > endS) this.#close(frame);
      else this.#sweepAtS = Math.min(this.#sweepAtS, endS);
    }
  }

  /** A frame left the window: nothing can come for its scan any more. */
  forget(frame: Frame): void {
    if (frame.key !== "") this.open.delete(frame.key);
    if (frame === this.#newest) this.#newest = undefined;
  }
}

/** Finite, of the declared length, within any range. */
function wellFormed(sensor: Sensor, { timeS, scan, z, variance, velocityEnuMps, timeSigmaS, classes }: Detection): boolean {
  if (!Number.isFinite(timeS) || z.length < sensor.declaration.measures.length) return false;
  if (scan !== undefined && !Number.isSafeInteger(scan)) return false;
  if (timeSigmaS !== undefined && !(timeSigmaS >= 0)) return false;
  if (classes !== undefined) for (const value of Object.values(classes)) if (!Number.isFinite(value)) return false;
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
