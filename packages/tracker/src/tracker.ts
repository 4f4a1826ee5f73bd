// The tracker: sensors and detections in, tracks with honest errors out. A Poisson multi-Bernoulli filter with interacting motion models;
// the README has the mathematics. No clock and no randomness: the same calls give the same tracks.
import { type EnuFrame, enuFrame, enuToGeodetic, geodeticToEnu } from "@atalaya/geodesy";
import type { Detection, ScanEnd, SensorDeclaration } from "./input.ts";
import { applyUpdate, LOG_2PI, PACKED, predict, prepareUpdate, STATE, addOuter, updateComponent, whiten } from "./kernels.ts";
import { Pairs } from "./marginals.ts";
import { MODELS, PS, SIGHT, SIGHTS, TrackPool, XS } from "./pool.ts";
import { BIAS_AZIMUTH, BIAS_CLOCK, BIAS_RANGE, BiasFilter } from "./bias.ts";
import { AZIMUTH, ELEVATION, RANGE, RANGE_RATE, Sensor, SOUND_MPS, wrap } from "./sensor.ts";
import { defaultSettings, type TrackerSettings } from "./settings.ts";
import { before, Frame } from "./timeline.ts";
import { Claims } from "./claims.ts";

const RAD = Math.PI / 180;

export interface TrackEstimate {
  readonly id: string;
  readonly status: "tentative" | "confirmed" | "coasted" | "unverified";
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly haeM: number;
  readonly velocityEnuMps: readonly [number, number, number];
  readonly covarianceEnuM2: readonly number[];
  readonly existence: number;
  readonly newestInputS: number;
}

interface Snapshot {
  /** Number of frames of the timeline that it has seen. */
  at: number;
  readonly pool: TrackPool;
  claims: Claims;
  arrivals: Float64Array;
  bias: BiasFilter;
}

/** Cumulative normal distribution by the logistic function; within 0.01. */
function phi(x: number): number {
  return 1 / (1 + Math.exp(-1.702 * x));
}

export class Tracker {
  readonly settings: TrackerSettings;
  #frame: EnuFrame | undefined;
  readonly #sensors = new Map<string, Sensor>();
  readonly #sensorList: Sensor[] = [];
  pool: TrackPool = new TrackPool();
  claims: Claims = new Claims();
  bias: BiasFilter;
  readonly #pairs = new Pairs();
  /** Frames of the window, in order of measurement; those before #done have been worked in. */
  #timeline: Frame[] = [];
  #done = 0;
  #snapshots: Snapshot[] = [];
  readonly #spareFrames: Frame[] = [];
  readonly #sparePools: TrackPool[] = [];
  readonly #open = new Map<string, Frame>();
  readonly #seen = new Map<string, Set<string>>();
  #nowS = Number.NEGATIVE_INFINITY;
  #newestInputS = Number.NEGATIVE_INFINITY;
  #serial = 0;
  readonly counts = { late: 0, ahead: 0, duplicates: 0, unknownSensor: 0, malformed: 0, frames: 0, replayed: 0 };

  // Scratch of one frame.
  #prepared = 0;
  #zHat = new Float64Array(0);
  #chol = new Float64Array(0);
  #w = new Float64Array(0);
  #logDet = new Float64Array(0);
  #edgePrep = new Int32Array(1024);
  #edgeY = new Float64Array(1024 * MODELS * 4);
  #edgeL = new Float64Array(1024 * MODELS);
  #trackOf = new Int32Array(1024);
  #pd = new Float64Array(1024);
  #other = new Float64Array(256);
  #births = new Float64Array(256);
  #free = new Float64Array(256);
  readonly #h = new Float64Array(24);
  readonly #yBar = new Float64Array(4);
  readonly #spread = new Float64Array(10);
  readonly #mixX = new Float64Array(XS);
  readonly #mixP = new Float64Array(PS);
  readonly #d6 = new Float64Array(6);
  readonly #r4 = new Float64Array(4);
  #binStart = new Int32Array(256);
  #binItems = new Int32Array(256);
  readonly #chi = new Float64Array(MODELS);

  readonly #wander: number;
  readonly #gustVariance: number;

  constructor(settings: Partial<TrackerSettings> = {}) {
    this.settings = { ...defaultSettings, ...settings };
    this.bias = new BiasFilter(this.settings.bias);
    const { gustMps, gustS } = this.settings;
    this.#wander = 2 * gustMps * gustMps * gustS;
    this.#gustVariance = gustMps * gustMps;
  }

  // Input

  declare(declaration: SensorDeclaration): void {
    this.#frame ??= enuFrame(declaration.latDeg, declaration.lonDeg, 0);
    const known = this.#sensors.get(declaration.id);
    const sensor = new Sensor(known?.index ?? this.#sensorList.length, declaration, this.#frame);
    this.#sensors.set(declaration.id, sensor);
    this.#sensorList[sensor.index] = sensor;
    if (sensor.index * 2 + 2 > this.#arrivals.length) {
      const larger = new Float64Array(this.#arrivals.length * 2);
      larger.set(this.#arrivals);
      this.#arrivals = larger;
    }
  }

  detect(detection: Detection, arrivedS: number = detection.timeS): void {
    const sensor = this.#sensors.get(detection.sensor);
    if (sensor === undefined) {
      this.counts.unknownSensor += 1;
      return;
    }
    this.#hear(arrivedS);
    let seen = this.#seen.get(detection.sensor);
    if (seen === undefined) {
      seen = new Set();
      this.#seen.set(detection.sensor, seen);
    }
    if (seen.has(detection.id)) {
      this.counts.duplicates += 1;
      return;
    }
    seen.add(detection.id);
    if (seen.size > 20_000) {
      let drop = 10_000;
      for (const id of seen) {
        if (drop === 0) break;
        seen.delete(id);
        drop -= 1;
      }
    }
    if (sensor.style === "report" || sensor.style === "presence") return;
    if (sensor.style === "polar") this.#polar(sensor, detection, arrivedS);
    else this.#fix(sensor, detection, arrivedS);
  }

  #polar(sensor: Sensor, detection: Detection, arrivedS: number): void {
    const { declaration } = sensor;
    if (detection.timeS - arrivedS > this.settings.aheadS) {
      this.counts.ahead += 1;
      return;
    }
    const timeS = Math.min(detection.timeS, arrivedS);
    if (!this.#acceptable(timeS)) return;
    sensor.hear(arrivedS - detection.timeS);
    let sector = -1;
    const az = detection.z[declaration.measures.indexOf("az_deg")] ?? 0;
    if (declaration.rotating === true) sector = Math.floor((((az % 360) + 360) % 360) / 45);
    const frame = this.#frameOf(sensor, detection.scan, sector, timeS, detection.id);
    const at = this.#place(frame, detection.id, detection.timeS, arrivedS);
    const names = ["range_m", "az_deg", "el_deg", "rdot_mps"] as const;
    for (let row = 0; row < 4; row += 1) {
      const k = declaration.measures.indexOf(names[row] ?? "range_m");
      if (k < 0) continue;
      const unit = row === AZIMUTH || row === ELEVATION ? RAD : 1;
      frame.z[at * 6 + row] = (detection.z[k] ?? 0) * unit;
      const v = detection.variance?.[k];
      frame.variance[at * 6 + row] = v === undefined ? (sensor.variance[row] ?? 1) : Math.max(1e-12, v * unit * unit);
    }
    if (detection.scan === undefined) this.#close(frame);
  }

  #fix(sensor: Sensor, detection: Detection, arrivedS: number): void {
    const timeS = Math.min(detection.timeS, arrivedS);
    const frame0 = this.#frame;
    if (frame0 === undefined || !this.#acceptable(timeS)) return;
    const { measures } = sensor.declaration;
    const frame = this.#newFrame(sensor, -1, -1, timeS);
    const at = this.#place(frame, detection.id, timeS, arrivedS);
    const place = this.#d6;
    const latDeg = detection.z[measures.indexOf("lat_deg")] ?? 0;
    const lonDeg = detection.z[measures.indexOf("lon_deg")] ?? 0;
    geodeticToEnu(frame0, latDeg, lonDeg, detection.z[measures.indexOf("alt_m")] ?? 0, place);
    for (let k = 0; k < 3; k += 1) {
      frame.z[at * 6 + k] = place[k];
      frame.variance[at * 6 + k] = Math.max(1e-4, detection.variance?.[k] ?? (sensor.declaration.sigma[k] ?? 10) ** 2);
    }
    if (detection.velocityEnuMps !== undefined) {
      frame.hasVelocity[at] = 1;
      for (let k = 0; k < 3; k += 1) frame.z[at * 6 + 3 + k] = detection.velocityEnuMps[k] ?? 0;
    }
    if (detection.identity !== undefined) frame.identity[at] = this.#identityOf(`${sensor.declaration.kind} ${detection.identity}`);
    this.#close(frame);
  }

  readonly #identities = new Map<string, number>();
  readonly identityNames: string[] = [];

  #identityOf(text: string): number {
    let index = this.#identities.get(text);
    if (index === undefined) {
      index = this.identityNames.length;
      this.identityNames.push(text);
      this.#identities.set(text, index);
    }
    return index;
  }

  /** A detection may come late into a frame that was worked in already. */
  #place(frame: Frame, id: string, timeS: number, arrivedS: number): number {
    if (frame.closed) this.#dirty(frame);
    const at = frame.add(id, timeS);
    if (arrivedS > frame.arrivedS) frame.arrivedS = arrivedS;
    return at;
  }

  #frameOf(sensor: Sensor, scan: number | undefined, sector: number, timeS: number, id: string): Frame {
    const key = scan === undefined ? `${sensor.declaration.id} ${id}` : `${sensor.declaration.id} ${scan} ${sector}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const frame = this.#newFrame(sensor, scan ?? -1, sector, timeS);
    if (scan !== undefined) {
      this.#open.set(key, frame);
      if (sector > 0) {
        const earlier = this.#open.get(`${sensor.declaration.id} ${scan} ${sector - 1}`);
        if (earlier !== undefined && !earlier.closed) {
          earlier.looked = true;
          this.#close(earlier);
        }
      }
    }
    return frame;
  }

  #newFrame(sensor: Sensor, scan: number, sector: number, timeS: number): Frame {
    const frame = this.#spareFrames.pop() ?? new Frame(sensor);
    frame.sensor = sensor;
    frame.scan = scan;
    frame.sector = sector;
    frame.count = 0;
    frame.ids.length = 0;
    frame.closed = false;
    frame.counted = false;
    frame.looked = false;
    frame.timeS = timeS;
    frame.openedS = this.#nowS;
    frame.azFromRad = sector < 0 ? sensor.azFromRad : (sector * Math.PI) / 4;
    frame.azSpanRad = sector < 0 ? sensor.azSpanRad : Math.PI / 4;
    frame.arrivedS = Number.NEGATIVE_INFINITY;
    this.#serial += 1;
    frame.serial = this.#serial;
    return frame;
  }

  scanEnd(end: ScanEnd, arrivedS: number = end.endTimeS): void {
    const sensor = this.#sensors.get(end.sensor);
    if (sensor === undefined) {
      this.counts.unknownSensor += 1;
      return;
    }
    this.#hear(arrivedS);
    const timeS = Math.min(end.timeS, arrivedS);
    if (!this.#acceptable(timeS)) return;
    if (sensor.declaration.rotating === true) {
      for (let sector = 0; sector < 8; sector += 1) {
        const at = Math.min(end.timeS + ((sector + 0.5) / 8) * (end.endTimeS - end.timeS), arrivedS);
        if (!this.#acceptable(at)) continue;
        const frame = this.#frameOf(sensor, end.scan, sector, at, "");
        frame.looked = true;
        if (!frame.closed) this.#close(frame);
      }
      return;
    }
    const frame = this.#frameOf(sensor, end.scan, -1, timeS, "");
    frame.looked = true;
    if (!frame.closed) this.#close(frame);
  }

  #hear(arrivedS: number): void {
    if (arrivedS > this.#newestInputS) this.#newestInputS = arrivedS;
    if (arrivedS > this.#nowS) this.#nowS = arrivedS;
  }

  #acceptable(timeS: number): boolean {
    if (!(timeS > this.#nowS - this.settings.windowS)) {
      this.counts.late += 1;
      return false;
    }
    return true;
  }

  /** Puts a frame in its place on the timeline. */
  #close(frame: Frame): void {
    frame.closed = true;
    frame.aheadS = -frame.sensor.leastDelayS;
    if (frame.sector >= 0 && frame.count > 0) {
      // The middle of its detections, but never later than they came.
      let sum = 0;
      for (let j = 0; j < frame.count; j += 1) sum += frame.time[j] ?? 0;
      frame.timeS = Math.min(sum / frame.count, this.#newestInputS);
    }
    let at = this.#timeline.length;
    while (at > 0 && before(frame, this.#timeline[at - 1] as Frame)) at -= 1;
    if (at < this.#done) this.#rewind(at);
    this.#timeline.splice(at, 0, frame);
  }

  #dirty(frame: Frame): void {
    const at = this.#timeline.indexOf(frame);
    if (at >= 0 && at < this.#done) this.#rewind(at);
  }

  /** Goes back to the newest snapshot that had not seen frame `at`. */
  #rewind(at: number): void {
    while (this.#snapshots.length > 1 && (this.#snapshots[this.#snapshots.length - 1] as Snapshot).at > at) {
      const dropped = this.#snapshots.pop() as Snapshot;
      this.#sparePools.push(dropped.pool);
    }
    const snapshot = this.#snapshots[this.#snapshots.length - 1] as Snapshot;
    this.counts.replayed += this.#done - Math.min(snapshot.at, at);
    for (let k = Math.min(snapshot.at, at); k < this.#done; k += 1) this.#uncount(this.#timeline[k] as Frame);
    this.pool.copyFrom(snapshot.pool);
    this.claims = snapshot.claims.copy();
    this.bias = snapshot.bias.copy();
    this.#arrivals.fill(0);
    this.#arrivals.set(snapshot.arrivals);
    this.#done = Math.min(snapshot.at, at);
  }

  /** Works in everything that has arrived, up to now. */
  advance(toS: number): void {
    if (toS > this.#nowS) this.#nowS = toS;
    for (const [key, frame] of this.#open) {
      if (!frame.closed && this.#nowS - frame.openedS > 2 * frame.sensor.periodS + 0.5) this.#close(frame);
      if (frame.closed && frame.timeS < this.#nowS - this.settings.windowS - 1) this.#open.delete(key);
    }
    while (this.#done < this.#timeline.length) {
      const frame = this.#timeline[this.#done] as Frame;
      const newest = this.#snapshots[this.#snapshots.length - 1];
      if (newest === undefined || frame.timeS - (this.#timeline[newest.at]?.timeS ?? Number.NEGATIVE_INFINITY) >= this.settings.snapshotS) {
        const pool = this.#sparePools.pop() ?? new TrackPool();
        pool.copyFrom(this.pool);
        this.#snapshots.push({ at: this.#done, pool, claims: this.claims.copy(), arrivals: this.#arrivals.slice(), bias: this.bias.copy() });
      }
      this.#work(frame);
      this.#done += 1;
    }
    this.#forget();
  }

  /** Lets go of what is older than the window. */
  #forget(): void {
    const limit = this.#nowS - this.settings.windowS;
    let keep = 0;
    while (keep + 1 < this.#snapshots.length && (this.#timeline[(this.#snapshots[keep + 1] as Snapshot).at]?.timeS ?? 0) < limit) keep += 1;
    if (keep === 0) return;
    const cut = (this.#snapshots[keep] as Snapshot).at;
    for (let k = 0; k < keep; k += 1) this.#sparePools.push((this.#snapshots[k] as Snapshot).pool);
    this.#snapshots = this.#snapshots.slice(keep);
    for (const snapshot of this.#snapshots) snapshot.at -= cut;
    for (let k = 0; k < cut; k += 1) {
      const frame = this.#timeline[k] as Frame;
      this.#settle(frame);
      this.#spareFrames.push(frame);
    }
    this.#timeline = this.#timeline.slice(cut);
    this.#done -= cut;
  }

  #uncount(frame: Frame): void {
    if (!frame.counted) return;
    frame.counted = false;
    const { clutter } = frame.sensor;
    clutter.scanned(frame.sector < 0 ? 1 : 1 / 8, -1);
    for (let j = 0; j < frame.count; j += 1) if (frame.unexplained[j] >= 0) clutter.count(frame.cell[j], frame.unexplained[j], -1);
  }

  /** A frame that nothing can change any more has taught the clutter map for good. */
  #settle(frame: Frame): void {
    if (!frame.counted) return;
    frame.counted = false;
    const { clutter } = frame.sensor;
    clutter.settleScan(frame.sector < 0 ? 1 : 1 / 8);
    for (let j = 0; j < frame.count; j += 1) clutter.settle(frame.cell[j], frame.unexplained[j]);
  }

  #work(frame: Frame): void {
    this.counts.frames += 1;
    if (frame.sensor.style === "fix") {
      if (frame.identity[0] >= 0) this.#workClaim(frame);
      else this.#workFix(frame);
    } else this.#workPolar(frame);
  }

  // Prediction

  /** Brings all models of a track to a time. */
  #predict(slot: number, timeS: number): void {
    const pool = this.pool;
    const dt = timeS - pool.time[slot];
    pool.time[slot] = timeS;
    if (dt === 0) return;
    const xo = slot * XS;
    const po = slot * PS;
    if (dt > 0) {
      this.#mix(slot, dt);
      pool.existence[slot] *= Math.exp(-dt / this.settings.lifetimeS);
    }
    for (let m = 0; m < MODELS; m += 1) {
      predict(pool.x, xo + m * STATE, pool.p, po + m * PACKED, dt, this.settings.processNoise[m], this.#wander, this.settings.verticalNoise[m]);
    }
  }

  /** Interaction of the models (Blom & Bar-Shalom, "The interacting multiple model algorithm", IEEE TAC 1988). */
  #mix(slot: number, dt: number): void {
    const { x, p, mu } = this.pool;
    const xo = slot * XS;
    const po = slot * PS;
    const mo = slot * MODELS;
    const { transitions } = this.settings;
    const scale = dt < 1 ? dt : 1;
    const mixX = this.#mixX;
    const mixP = this.#mixP;
    const d = this.#d6;
    let total = 0;
    for (let m = 0; m < MODELS; m += 1) {
      let c = 0;
      for (let j = 0; j < MODELS; j += 1) {
        const t = transitions[j][m];
        const step = j === m ? 1 - (1 - t) * scale : t * scale;
        const w = step * mu[mo + j];
        this.#chi[j] = w;
        c += w;
      }
      const mx = m * STATE;
      const mp = m * PACKED;
      for (let k = 0; k < STATE; k += 1) mixX[mx + k] = 0;
      for (let k = 0; k < PACKED; k += 1) mixP[mp + k] = 0;
      for (let j = 0; j < MODELS; j += 1) {
        const w = this.#chi[j] / c;
        this.#chi[j] = w;
        if (w < 1e-6) continue;
        for (let k = 0; k < STATE; k += 1) mixX[mx + k] += w * x[xo + j * STATE + k];
      }
      for (let j = 0; j < MODELS; j += 1) {
        const w = this.#chi[j];
        if (w < 1e-6) continue;
        const pj = po + j * PACKED;
        for (let k = 0; k < PACKED; k += 1) mixP[mp + k] += w * p[pj + k];
        for (let k = 0; k < STATE; k += 1) d[k] = x[xo + j * STATE + k] - mixX[mx + k];
        addOuter(mixP, mp, d, 0, w);
      }
      this.#yBar[m] = c;
      total += c;
    }
    for (let m = 0; m < MODELS; m += 1) mu[mo + m] = this.#yBar[m] / total;
    for (let k = 0; k < XS; k += 1) x[xo + k] = mixX[k];
    for (let k = 0; k < PS; k += 1) p[po + k] = mixP[k];
  }

  // Measurement

  /** Predicted measurement and its rows of the Jacobian for the state at `xo`, for a detection made `delta` s after the state's time. */
  #observe(sensor: Sensor, x: Float64Array, xo: number, delta: number, zHat: Float64Array, zo: number): void {
    const { origin, rotation, rows } = sensor;
    const h = this.#h;
    const vx = x[xo + 3];
    const vy = x[xo + 4];
    const vz = x[xo + 5];
    const dx = x[xo] + vx * delta - origin[0];
    const dy = x[xo + 1] + vy * delta - origin[1];
    const dz = x[xo + 2] + vz * delta - origin[2];
    const q0 = rotation[0] * dx + rotation[1] * dy + rotation[2] * dz;
    const q1 = rotation[3] * dx + rotation[4] * dy + rotation[5] * dz;
    const q2 = rotation[6] * dx + rotation[7] * dy + rotation[8] * dz;
    const rh2 = Math.max(1e-2, q0 * q0 + q1 * q1);
    const r2 = rh2 + q2 * q2;
    const r = Math.sqrt(r2);
    const rh = Math.sqrt(rh2);
    const ux = dx / r;
    const uy = dy / r;
    const uz = dz / r;
    for (let k = 0; k < rows.length; k += 1) {
      const row = rows[k];
      const o = k * 6;
      let hx = 0;
      let hy = 0;
      let hz = 0;
      if (row === RANGE) {
        zHat[zo + k] = r;
        hx = ux;
        hy = uy;
        hz = uz;
      } else if (row === AZIMUTH) {
        zHat[zo + k] = Math.atan2(q0, q1);
        const a = q1 / rh2;
        const b = -q0 / rh2;
        hx = a * rotation[0] + b * rotation[3];
        hy = a * rotation[1] + b * rotation[4];
        hz = a * rotation[2] + b * rotation[5];
      } else if (row === ELEVATION) {
        zHat[zo + k] = Math.atan2(q2, rh);
        const f = -q2 / (r2 * rh);
        const a = f * q0;
        const b = f * q1;
        const c = rh / r2;
        hx = a * rotation[0] + b * rotation[3] + c * rotation[6];
        hy = a * rotation[1] + b * rotation[4] + c * rotation[7];
        hz = a * rotation[2] + b * rotation[5] + c * rotation[8];
      } else {
        const rate = ux * vx + uy * vy + uz * vz;
        zHat[zo + k] = rate;
        hx = (vx - rate * ux) / r;
        hy = (vy - rate * uy) / r;
        hz = (vz - rate * uz) / r;
        h[o] = hx;
        h[o + 1] = hy;
        h[o + 2] = hz;
        h[o + 3] = ux + delta * hx;
        h[o + 4] = uy + delta * hy;
        h[o + 5] = uz + delta * hz;
        continue;
      }
      h[o] = hx;
      h[o + 1] = hy;
      h[o + 2] = hz;
      h[o + 3] = delta * hx;
      h[o + 4] = delta * hy;
      h[o + 5] = delta * hz;
    }
  }

  #biasRange = 0;
  #biasAzimuth = 0;
  #biasClock = 0;
  #considerBias = false;
  readonly #biasVariance = new Float64Array(3);
  readonly #sight = new Float64Array(SIGHT);

  /** Takes a sensor's errors as they are known now, for the frame at hand. */
  #useBias(frame: Frame): void {
    const { sensor } = frame;
    if (frame.aheadS > 0.02) this.bias.ahead(sensor.index, frame.aheadS);
    this.#biasRange = sensor.hasRange ? this.bias.applied(sensor.index, BIAS_RANGE) : 0;
    this.#biasAzimuth = this.bias.applied(sensor.index, BIAS_AZIMUTH);
    this.#biasClock = this.bias.applied(sensor.index, BIAS_CLOCK);
    this.#considerBias = sensor.hasRange;
    for (let k = 0; k < 3; k += 1) this.#biasVariance[k] = this.bias.variance(sensor.index, k);
  }

  #seenByOthers(slot: number, sensor: number): boolean {
    const { sights } = this.pool;
    for (let k = 0; k < SIGHTS; k += 1) {
      const at = (slot * SIGHTS + k) * SIGHT;
      if (sights[at] !== 0 && sights[at] - 1 !== sensor) return true;
    }
    return false;
  }

  /** Pairs a raw position of a track with those of other sensors, and keeps it. `biased` −1: a position without a sensor's errors. */
  #pairSight(slot: number, sensorIndex: number, biased: number, timeS: number): void {
    const pool = this.pool;
    const { sights } = pool;
    const sight = this.#sight;
    let place = 0;
    let oldest = Number.POSITIVE_INFINITY;
    let vx = 0;
    let vy = 0;
    for (let m = 0; m < MODELS; m += 1) {
      vx += pool.mu[slot * MODELS + m] * pool.x[slot * XS + m * STATE + 3];
      vy += pool.mu[slot * MODELS + m] * pool.x[slot * XS + m * STATE + 4];
    }
    const vv = pool.p[slot * PS + 15] + 0.5;
    for (let k = 0; k < SIGHTS; k += 1) {
      const at = (slot * SIGHTS + k) * SIGHT;
      const known = sights[at] - 1;
      if (known === sensorIndex) {
        place = k;
        oldest = Number.NEGATIVE_INFINITY;
        continue;
      }
      const age = known < 0 ? Number.NEGATIVE_INFINITY : sights[at + 1];
      if (age < oldest) {
        oldest = age;
        place = k;
      }
      if (known < 0) continue;
      const dt = timeS - sights[at + 1];
      if (dt > 1.2 || dt < -1.2) continue;
      const other = this.#sensorList[known] as Sensor;
      const drift = dt * dt * vv;
      this.bias.pair(
        this.pool.time[slot],
        biased,
        sight,
        7,
        other.style === "fix" ? -1 : known,
        sights,
        at + 7,
        vx,
        vy,
        sight[2] - sights[at + 2] - dt * vx,
        sight[3] - sights[at + 3] - dt * vy,
        sight[4] + sights[at + 4] + drift,
        sight[5] + sights[at + 5],
        sight[6] + sights[at + 6] + drift,
      );
    }
    const at = (slot * SIGHTS + place) * SIGHT;
    sight[0] = sensorIndex + 1;
    sight[1] = timeS;
    for (let k = 0; k < SIGHT; k += 1) sights[at + k] = sight[k];
  }

  /** The raw horizontal position of detection j, with its covariance and how range and azimuth errors move it. */
  #sightOf(frame: Frame, j: number): void {
    const { sensor } = frame;
    const rot = sensor.rotation;
    const sight = this.#sight;
    const z = j * 6;
    const range = frame.z[z];
    const az = frame.z[z + 1];
    const el = sensor.hasElevation ? frame.z[z + 2] : 0;
    const ce = Math.cos(el);
    const se = Math.sin(el);
    const sa = Math.sin(az);
    const ca = Math.cos(az);
    const q0 = ce * sa;
    const q1 = ce * ca;
    sight[2] = sensor.origin[0] + range * (rot[0] * q0 + rot[3] * q1 + rot[6] * se);
    sight[3] = sensor.origin[1] + range * (rot[1] * q0 + rot[4] * q1 + rot[7] * se);
    const rx = rot[0] * q0 + rot[3] * q1 + rot[6] * se;
    const ry = rot[1] * q0 + rot[4] * q1 + rot[7] * se;
    const ax = range * ce * (rot[0] * ca - rot[3] * sa);
    const ay = range * ce * (rot[1] * ca - rot[4] * sa);
    const ex = range * (-se) * (rot[0] * sa + rot[3] * ca);
    const ey = range * (-se) * (rot[1] * sa + rot[4] * ca);
    const vr = frame.variance[z];
    const va = frame.variance[z + 1];
    const ve = sensor.hasElevation ? frame.variance[z + 2] : 0.01;
    sight[4] = rx * rx * vr + ax * ax * va + ex * ex * ve;
    sight[5] = rx * ry * vr + ax * ay * va + ex * ey * ve;
    sight[6] = ry * ry * vr + ay * ay * va + ey * ey * ve;
    sight[7] = rx;
    sight[8] = ry;
    sight[9] = ax;
    sight[10] = ay;
  }

  /** Sound shows where the object was when it left it. */
  #soundDelay(sensor: Sensor, xo: number): number {
    if (sensor.declaration.soundDelay !== true) return 0;
    const { x } = this.pool;
    const dx = x[xo] - sensor.origin[0];
    const dy = x[xo + 1] - sensor.origin[1];
    const dz = x[xo + 2] - sensor.origin[2];
    return Math.sqrt(dx * dx + dy * dy + dz * dz) / SOUND_MPS;
  }

  #reservePrep(count: number): void {
    if (this.#logDet.length >= count * MODELS) return;
    const size = Math.max(256, count * 2) * MODELS;
    const grow = (array: Float64Array, width: number): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(size * width);
      larger.set(array);
      return larger;
    };
    this.#zHat = grow(this.#zHat, 4);
    this.#chol = grow(this.#chol, 10);
    this.#w = grow(this.#w, 24);
    this.#logDet = grow(this.#logDet, 1);
  }

  /** Prepares the update of all models of a track; returns the number of the preparation. */
  #prepare(slot: number, sensor: Sensor, variance: Float64Array, vo: number, delta: number): number {
    const prep = this.#prepared;
    this.#prepared += 1;
    this.#reservePrep(prep + 1);
    const pool = this.pool;
    const { rows } = sensor;
    const r = this.#r4;
    for (let k = 0; k < rows.length; k += 1) r[k] = variance[vo + rows[k]] + (rows[k] === RANGE_RATE ? this.#gustVariance : 0);
    if (this.#considerBias && this.#seenByOthers(slot, sensor.index)) {
      for (let k = 0; k < rows.length; k += 1) {
        if (rows[k] === RANGE) r[k] += this.#biasVariance[0];
        else if (rows[k] === AZIMUTH) {
          const dx = pool.x[slot * XS] - sensor.origin[0];
          const dy = pool.x[slot * XS + 1] - sensor.origin[1];
          const across = (dx * pool.x[slot * XS + 4] - dy * pool.x[slot * XS + 3]) / Math.max(100, dx * dx + dy * dy);
          r[k] += this.#biasVariance[1] + across * across * this.#biasVariance[2];
        }
      }
    }
    for (let m = 0; m < MODELS; m += 1) {
      const at = prep * MODELS + m;
      const late = delta - this.#biasClock - this.#soundDelay(sensor, slot * XS + m * STATE);
      this.#observe(sensor, pool.x, slot * XS + m * STATE, late, this.#zHat, at * 4);
      for (let k = 0; k < rows.length; k += 1) {
        if (rows[k] === RANGE) this.#zHat[at * 4 + k] += this.#biasRange;
        else if (rows[k] === AZIMUTH) this.#zHat[at * 4 + k] += this.#biasAzimuth;
      }
      this.#logDet[at] = prepareUpdate(
        pool.p,
        slot * PS + m * PACKED,
        this.#h,
        0,
        rows.length,
        r,
        0,
        this.#chol,
        at * 10,
        this.#w,
        at * 24,
      );
    }
    return prep;
  }

  /** Weighs detection j against a preparation; adds the pair when it lies in the gate. */
  #weigh(slot: number, prep: number, frame: Frame, j: number, scale: number): boolean {
    const { rows } = frame.sensor;
    const n = rows.length;
    const mu = this.pool.mu;
    const y = this.#edgeY;
    const e = this.#pairs.count;
    let best = Number.POSITIVE_INFINITY;
    let sum = 0;
    for (let m = 0; m < MODELS; m += 1) {
      const at = prep * MODELS + m;
      const yo = (e * MODELS + m) * 4;
      for (let k = 0; k < n; k += 1) {
        const row = rows[k];
        const difference = frame.z[j * 6 + row] - this.#zHat[at * 4 + k];
        y[yo + k] = row === AZIMUTH ? wrap(difference) : difference;
      }
      const d2 = whiten(this.#chol, at * 10, n, y, yo);
      if (d2 < best) best = d2;
      const l = mu[slot * MODELS + m] * Math.exp(-0.5 * (d2 + this.#logDet[at] + n * LOG_2PI));
      this.#edgeL[e * MODELS + m] = l;
      sum += l;
    }
    if (best > this.settings.gate[n] || !(sum > 0)) return false;
    this.#pairs.add(j, sum * scale);
    this.#edgePrep[e] = prep;
    if (this.#pairs.count >= this.#edgePrep.length - 1) {
      const size = this.#edgePrep.length * 2;
      const prepLarger = new Int32Array(size);
      prepLarger.set(this.#edgePrep);
      this.#edgePrep = prepLarger;
      const yLarger = new Float64Array(size * MODELS * 4);
      yLarger.set(this.#edgeY);
      this.#edgeY = yLarger;
      const lLarger = new Float64Array(size * MODELS);
      lLarger.set(this.#edgeL);
      this.#edgeL = lLarger;
    }
    return true;
  }

  #workPolar(frame: Frame): void {
    const pool = this.pool;
    const { sensor, count } = frame;
    const { rows, origin } = sensor;
    const timeS = frame.timeS;
    const pairs = this.#pairs;
    pairs.begin();
    this.#prepared = 0;
    if (this.#trackOf.length < pool.count + 1) {
      this.#trackOf = new Int32Array(pool.count * 2);
      this.#pd = new Float64Array(pool.count * 2);
    }
    if (this.#other.length < count) {
      this.#other = new Float64Array(count * 2);
      this.#births = new Float64Array(count * 2);
      this.#free = new Float64Array(count * 2);
    }
    this.#bin(frame);
    this.#useBias(frame);
    let considered = 0;
    for (let slot = 0; slot < pool.count; slot += 1) {
      // Is it near enough to be seen at all? Cheap: the likeliest model, carried on in a straight line.
      const xo = slot * XS;
      const dt = timeS - pool.time[slot];
      const dx = pool.x[xo] + dt * pool.x[xo + 3] - origin[0];
      const dy = pool.x[xo + 1] + dt * pool.x[xo + 4] - origin[1];
      const po = slot * PS;
      const slack = 200 + 4 * Math.sqrt(pool.p[po] + pool.p[po + 3]) + Math.abs(dt) * 30;
      const far = sensor.maxRangeM + slack;
      if (dx * dx + dy * dy > far * far) continue;
      if (frame.azSpanRad < 6.2) {
        const away = Math.abs(wrap(Math.atan2(dx, dy) - frame.azFromRad - frame.azSpanRad / 2)) - frame.azSpanRad / 2;
        if (away > 0 && away * Math.sqrt(dx * dx + dy * dy) > slack) continue;
      }
      this.#predict(slot, timeS);
      const prep = this.#prepare(slot, sensor, sensor.variance, 0, 0);
      const pd = this.#detectionProbability(slot, prep, frame);
      if (pd < 1e-3) continue;
      this.#trackOf[considered] = slot;
      this.#pd[considered] = pd;
      considered += 1;
      const r = pool.existence[slot];
      const scale = (r * pd) / (1 - r * pd);
      this.#candidates(slot, prep, frame, scale);
      pairs.endTrack();
    }
    const { clutter } = sensor;
    const gated = this.#free;
    gated.fill(0, 0, count);
    for (let e = 0; e < pairs.count; e += 1) gated[pairs.detection[e]] = 1;
    for (let j = 0; j < count; j += 1) {
      frame.cell[j] = clutter.cell(frame.z[j * 6], frame.z[j * 6 + 1], frame.z[j * 6 + 2]);
      if (gated[j] === 0) clutter.notice(frame.cell[j]);
    }
    for (let j = 0; j < count; j += 1) {
      const birth = this.#birthDensity(frame, j);
      this.#births[j] = birth;
      this.#other[j] = clutter.density(frame.cell[j], gated[j] === 0 ? 1 : 0) + birth;
    }
    for (let j = 0; j < count; j += 1) clutter.forgetNoticed(frame.cell[j]);
    pairs.solve(count, this.#other, this.#free);
    for (let i = 0; i < considered; i += 1) this.#update(i, frame);
    if (frame.looked) {
      frame.counted = true;
      clutter.scanned(frame.sector < 0 ? 1 : 1 / 8, 1);
      for (let j = 0; j < count; j += 1) {
        // What is probably a new object is no false alarm.
        const weight = this.#free[j] * (1 - this.#births[j] / this.#other[j]);
        frame.unexplained[j] = weight;
        clutter.count(frame.cell[j], weight, 1);
      }
      this.#scanned(sensor, frame.sector < 0 ? 1 : 1 / 8);
    }
    for (let j = 0; j < count; j += 1) {
      const existence = (this.#free[j] * this.#births[j]) / this.#other[j];
      if (existence >= this.settings.dropBelow && sensor.hasRange) this.#begin(frame, j, existence);
    }
    if (!sensor.hasRange && sensor.rows.includes(AZIMUTH)) this.#beginFromBearings(frame);
    this.#drop();
  }

  #drop(): void {
    const pool = this.pool;
    for (let slot = pool.count - 1; slot >= 0; slot -= 1) {
      if (pool.existence[slot] < this.settings.dropBelow) pool.remove(slot);
    }
  }

  // Fixes and claims

  /** Squared Mahalanobis distance of a fix from a model of a track, and its log-likelihood to `#fixLog`; `scale` widens the fix's own error. */
  #fixDistance(slot: number, m: number, frame: Frame, scale: number, velocityVariance: number): number {
    const x = this.#mixX;
    const p = this.#mixP;
    const pool = this.pool;
    for (let k = 0; k < 6; k += 1) x[k] = pool.x[slot * XS + m * STATE + k];
    for (let k = 0; k < 21; k += 1) p[k] = pool.p[slot * PS + m * PACKED + k];
    let log = 0;
    const n = frame.hasVelocity[0] === 1 ? 6 : 3;
    for (let k = 0; k < n; k += 1) {
      const r = k < 3 ? frame.variance[k] * scale : velocityVariance;
      log += updateComponent(x, 0, p, 0, k, frame.z[k], r);
    }
    this.#fixLog = log;
    return log;
  }
  #fixLog = 0;

  /** The update itself, all models. */
  #applyFix(slot: number, frame: Frame, scale: number, velocityVariance: number, weight: number): void {
    const pool = this.pool;
    let top = Number.NEGATIVE_INFINITY;
    const log = this.#chi;
    for (let m = 0; m < MODELS; m += 1) {
      const xo = slot * XS + m * STATE;
      const po = slot * PS + m * PACKED;
      log[m] = this.#fixDistance(slot, m, frame, scale, velocityVariance);
      if (log[m] > top) top = log[m];
      if (weight > 0.99) {
        for (let k = 0; k < 6; k += 1) pool.x[xo + k] = this.#mixX[k];
        for (let k = 0; k < 21; k += 1) pool.p[po + k] = this.#mixP[k];
      } else {
        // With probability 1 − weight it was not this one: mix the two.
        for (let k = 0; k < 6; k += 1) this.#d6[k] = this.#mixX[k] - pool.x[xo + k];
        for (let k = 0; k < 21; k += 1) pool.p[po + k] += weight * (this.#mixP[k] - pool.p[po + k]);
        addOuter(pool.p, po, this.#d6, 0, weight * (1 - weight));
        for (let k = 0; k < 6; k += 1) pool.x[xo + k] += weight * this.#d6[k];
      }
    }
    let total = 0;
    for (let m = 0; m < MODELS; m += 1) {
      const next = pool.mu[slot * MODELS + m] * ((1 - weight) + weight * Math.exp(log[m] - top)) + 1e-8;
      log[m] = next;
      total += next;
    }
    for (let m = 0; m < MODELS; m += 1) pool.mu[slot * MODELS + m] = log[m] / total;
  }

  #pairFix(slot: number, frame: Frame): void {
    const sight = this.#sight;
    sight[2] = frame.z[0];
    sight[3] = frame.z[1];
    sight[4] = frame.variance[0] * 8;
    sight[5] = 0;
    sight[6] = frame.variance[1] * 8;
    for (let k = 7; k < SIGHT; k += 1) sight[k] = 0;
    this.#pairSight(slot, frame.sensor.index, -1, frame.timeS);
  }

  /** Whether a track, carried on in a straight line, lies near a fix. */
  #near(slot: number, frame: Frame, atLeastM: number): boolean {
    const pool = this.pool;
    const xo = slot * XS;
    const po = slot * PS;
    const dt = frame.timeS - pool.time[slot];
    const dx = pool.x[xo] + dt * pool.x[xo + 3] - frame.z[0];
    const dy = pool.x[xo + 1] + dt * pool.x[xo + 4] - frame.z[1];
    const reach = atLeastM + 4 * Math.sqrt(pool.p[po] + pool.p[po + 3] + frame.variance[0] + frame.variance[1]) + 20 * Math.abs(dt);
    return dx * dx + dy * dy < reach * reach;
  }

  /** A fix that names nobody (TDOA): it belongs to one of the tracks nearby, or to something new. */
  #workFix(frame: Frame): void {
    const pool = this.pool;
    const { sensor } = frame;
    const area = Math.PI * Math.min(sensor.maxRangeM, 10_000) ** 2 * 400;
    const clutter = Math.max(1e-3, sensor.falseAlarms) / area;
    const birth = (0.3 * this.settings.birthsPerScan) / area;
    let total = clutter + birth;
    const found: number[] = [];
    const weights: number[] = [];
    for (let slot = 0; slot < pool.count; slot += 1) {
      if (!this.#near(slot, frame, 30)) continue;
      this.#predict(slot, frame.timeS);
      let l = 0;
      for (let m = 0; m < MODELS; m += 1) l += pool.mu[slot * MODELS + m] * Math.exp(this.#fixDistance(slot, m, frame, 1, 0.5));
      const w = pool.existence[slot] * sensor.pd * l;
      if (w < total * 1e-4) continue;
      found.push(slot);
      weights.push(w);
    }
    for (const w of weights) total += w;
    for (let k = 0; k < found.length; k += 1) {
      const slot = found[k] ?? 0;
      const probability = (weights[k] ?? 0) / total;
      this.#applyFix(slot, frame, 1, 0.5, probability);
      const r = pool.existence[slot];
      pool.existence[slot] = Math.min(1, probability + (1 - probability) * r);
      pool.hits[slot] += probability;
      if (probability > 0.5) {
        pool.lastHit[slot] = frame.timeS;
        pool.lastSensor[slot] = sensor.index;
      }
    }
    const fresh = birth / total;
    if (fresh > 0.01) this.#beginFromFix(frame, fresh * 0.5);
    this.#drop();
  }

  #beginFromFix(frame: Frame, existence: number): number {
    const pool = this.pool;
    const { settings } = this;
    const slot = pool.add();
    const velocity = frame.hasVelocity[0] === 1;
    for (let m = 0; m < MODELS; m += 1) {
      const xo = slot * XS + m * STATE;
      const po = slot * PS + m * PACKED;
      for (let k = 0; k < 3; k += 1) {
        pool.x[xo + k] = frame.z[k];
        pool.x[xo + 3 + k] = velocity ? frame.z[3 + k] : 0;
      }
      pool.p[po] = frame.variance[0];
      pool.p[po + 3] = frame.variance[1];
      pool.p[po + 5] = frame.variance[2];
      const s = velocity ? 1 : settings.birthSpeedMps ** 2;
      pool.p[po + 15] = s;
      pool.p[po + 18] = s;
      pool.p[po + 20] = velocity ? 1 : settings.birthClimbMps ** 2;
      pool.mu[slot * MODELS + m] = settings.birthModels[m];
    }
    pool.time[slot] = frame.timeS;
    pool.existence[slot] = existence;
    pool.born[slot] = frame.timeS;
    pool.lastHit[slot] = frame.timeS;
    pool.hits[slot] = 1;
    pool.lastSensor[slot] = frame.sensor.index;
    pool.bornBy[slot] = frame.sensor.index;
    pool.claim[slot] = -1;
    pool.label[slot] = frame.serial * 65_536;
    return slot;
  }

  /**
   * A broadcast identity with a position: a claim. It begins no track of a body; it is bound to a track once several reports agree with it in
   * place and velocity, and only then do they measure that track.
   */
  #workClaim(frame: Frame): void {
    const pool = this.pool;
    const { sensor } = frame;
    const identity = frame.identity[0];
    const claims = this.claims;
    const claim = claims.find(identity) ?? claims.add(identity);
    const kind = sensor.declaration.kind;
    const scale = this.settings.claimErrorScale;
    // A claim that a body at random nearby would fit as well as this: uniform over what is plausible.
    const nullLog = Math.log(1 / (2000 * 2000 * 300)) + (frame.hasVelocity[0] === 1 ? Math.log(1 / (40 * 40 * 10)) : 0);
    let best = -1;
    let bestLog = Number.NEGATIVE_INFINITY;
    let bound = -1;
    for (let slot = 0; slot < pool.count; slot += 1) {
      const isBound = pool.claim[slot] === identity;
      if (!isBound && (pool.existence[slot] < 0.5 || !this.#near(slot, frame, 60))) continue;
      this.#predict(slot, frame.timeS);
      let top = Number.NEGATIVE_INFINITY;
      for (let m = 0; m < MODELS; m += 1) {
        const l = this.#fixDistance(slot, m, frame, scale, 0.6) + Math.log(pool.mu[slot * MODELS + m] + 1e-9);
        if (l > top) top = l;
      }
      if (isBound) {
        bound = slot;
        claim.boundLog = top - nullLog;
      }
      if (top > bestLog && (pool.claim[slot] < 0 || isBound)) {
        bestLog = top;
        best = slot;
      }
    }
    if (bound >= 0) {
      if (claim.boundLog > -6) {
        claim.misfits = 0;
        this.#pairFix(bound, frame);
        this.#applyFix(bound, frame, scale, 0.6, 1);
        pool.lastHit[bound] = frame.timeS;
        pool.hits[bound] += 1;
        if (pool.existence[bound] < 0.9) pool.existence[bound] = Math.min(0.9, pool.existence[bound] + 0.2);
        return;
      }
      claim.misfits += 1;
      if (claim.misfits < 3) return;
      pool.claim[bound] = -1;
      claim.score = 0;
      claim.candidate = -1;
    }
    const ratio = best < 0 ? Number.NEGATIVE_INFINITY : bestLog - nullLog;
    if (best >= 0 && ratio > 0) {
      const label = pool.label[best];
      if (claim.candidate === label) {
        claim.score += Math.min(ratio, 4);
        claim.agreed += 1;
      } else {
        claim.candidate = label;
        claim.score = Math.min(ratio, 4);
        claim.agreed = 1;
        claim.sinceS = frame.timeS;
      }
      if (claim.agreed >= this.settings.claimReports && frame.timeS - claim.sinceS >= this.settings.claimSeconds) {
        pool.claim[best] = identity;
        claim.misfits = 0;
        this.#applyFix(best, frame, scale, 0.6, 1);
      }
      return;
    }
    claim.score = 0;
    claim.candidate = -1;
    claim.agreed = 0;
    if (kind !== "remoteid") {
      // Aircraft and other systems' tracks stand for a body of their own, unless a sensor that looks there denies it.
      const slot = this.#beginFromFix(frame, kind === "adsb" ? 0.9 : 0.6);
      pool.claim[slot] = identity;
    }
  }

  // Bearings

  /** Unexplained bearings of several sensors that meet in one place begin a track there. */
  #beginFromBearings(frame: Frame): void {
    const at = this.#timeline.indexOf(frame, Math.max(0, this.#done - 1));
    const frames: Frame[] = [frame];
    for (let k = at - 1; k >= 0; k -= 1) {
      const other = this.#timeline[k] as Frame;
      if (frame.timeS - other.timeS > 1.3 * Math.max(frame.sensor.periodS, other.sensor.periodS)) {
        if (frame.timeS - other.timeS > 10) break;
        continue;
      }
      if (other.sensor.style !== "polar" || other.sensor.hasRange || !other.sensor.rows.includes(AZIMUTH)) continue;
      if (frames.some(({ sensor }) => sensor === other.sensor)) continue;
      frames.push(other);
    }
    frame.spare.set(this.#free.subarray(0, frame.count));
    if (frames.length < 2) return;
    this.#triangulate(frames);
  }

  #triangulate(frames: readonly Frame[]): void {
    const first = frames[0] as Frame;
    interface Meeting {
      readonly evidence: number;
      readonly x: number;
      readonly y: number;
      readonly cov: readonly [number, number, number];
      readonly used: readonly (readonly [Frame, number])[];
    }
    const meetings: Meeting[] = [];
    for (let j = 0; j < first.count; j += 1) {
      if (first.spare[j] < 0.3) continue;
      for (let f = 1; f < frames.length; f += 1) {
        const second = frames[f] as Frame;
        for (let k = 0; k < second.count; k += 1) {
          if (second.spare[k] < 0.3) continue;
          const meeting = this.#meet(frames, j, f, k);
          if (meeting !== undefined) meetings.push(meeting);
        }
      }
    }
    meetings.sort((a, b) => b.evidence - a.evidence);
    for (const { evidence, x, y, cov, used } of meetings) {
      if (used.some(([frame, j]) => frame.spare[j] < 0.3)) continue;
      const existence = Math.min(0.9, evidence / (1 + evidence));
      if (existence < this.settings.bearingBirthAbove) continue;
      for (const [frame, j] of used) frame.spare[j] = (frame.spare[j] ?? 0) * (1 - existence);
      this.#beginAt(first, x, y, cov, existence, used.length);
    }
  }

  /** Where bearing j of the first frame and bearing k of frame f meet, with what the others add; undefined when they do not. */
  #meet(frames: readonly Frame[], j: number, f: number, k: number):
    | {
        evidence: number;
        x: number;
        y: number;
        cov: readonly [number, number, number];
        used: (readonly [Frame, number])[];
      }
    | undefined {
    const a = frames[0] as Frame;
    const b = frames[f] as Frame;
    const azA = a.z[j * 6 + 1] - this.#turn(a.sensor);
    const azB = b.z[k * 6 + 1] - this.#turn(b.sensor);
    const oa = a.sensor.origin;
    const ob = b.sensor.origin;
    const sa = Math.sin(azA);
    const ca = Math.cos(azA);
    const sb = Math.sin(azB);
    const cb = Math.cos(azB);
    const cross = sa * cb - ca * sb;
    if (Math.abs(cross) < 0.1) return undefined;
    const ex = ob[0] - oa[0];
    const ey = ob[1] - oa[1];
    const ra = (ex * cb - ey * sb) / cross;
    const rb = (ex * ca - ey * sa) / cross;
    if (!(ra > 10) || !(rb > 10) || ra > a.sensor.maxRangeM || rb > b.sensor.maxRangeM) return undefined;
    let x = oa[0] + ra * sa;
    let y = oa[1] + ra * ca;
    const used: (readonly [Frame, number])[] = [
      [a, j],
      [b, k],
    ];
    const seconds = 6;
    let logEvidence = 0;
    // The others: their nearest unexplained bearing when it fits, else a miss.
    for (let o = 1; o < frames.length; o += 1) {
      if (o === f) continue;
      const other = frames[o] as Frame;
      const dx = x - other.sensor.origin[0];
      const dy = y - other.sensor.origin[1];
      const range = Math.sqrt(dx * dx + dy * dy);
      let pd = other.sensor.pd;
      if (range > other.sensor.maxRangeM) pd = 0;
      else if (other.sensor.fallsOff) pd *= 1 - (range / other.sensor.maxRangeM) ** 2;
      if (pd < 0.02) continue;
      const az = Math.atan2(dx, dy) + this.#turn(other.sensor);
      let best = -1;
      const spread = Math.min(0.5, Math.sqrt(other.variance[1] + ((a.sensor.variance[1] * ra * ra + b.sensor.variance[1] * rb * rb) / (range * range)) / Math.abs(cross) + (seconds / range) ** 2));
      let bestOff = 3 * spread;
      for (let l = 0; l < other.count; l += 1) {
        if (other.spare[l] < 0.3) continue;
        const off = Math.abs(wrap(other.z[l * 6 + 1] - az));
        if (off < bestOff) {
          bestOff = off;
          best = l;
        }
      }
      if (best >= 0) used.push([other, best]);
      else logEvidence += Math.log(1 - pd);
    }
    // Least squares over all that are used.
    let i00 = 0;
    let i01 = 0;
    let i11 = 0;
    let chi2 = 0;
    for (let round = 0; round < 4; round += 1) {
      i00 = 1e-8;
      i01 = 0;
      i11 = 1e-8;
      let g0 = 0;
      let g1 = 0;
      chi2 = 0;
      for (const [frame, l] of used) {
        const dx = x - frame.sensor.origin[0];
        const dy = y - frame.sensor.origin[1];
        const r2 = Math.max(100, dx * dx + dy * dy);
        const v = frame.variance[l * 6 + 1] + (seconds * seconds) / r2;
        const residual = wrap(frame.z[l * 6 + 1] - this.#turn(frame.sensor) - Math.atan2(dx, dy));
        const h0 = dy / r2;
        const h1 = -dx / r2;
        i00 += (h0 * h0) / v;
        i01 += (h0 * h1) / v;
        i11 += (h1 * h1) / v;
        g0 += (h0 * residual) / v;
        g1 += (h1 * residual) / v;
        chi2 += (residual * residual) / v;
      }
      const det = i00 * i11 - i01 * i01;
      if (!(det > 1e-14)) return undefined;
      x += (i11 * g0 - i01 * g1) / det;
      y += (i00 * g1 - i01 * g0) / det;
    }
    if (chi2 > 9 + 3 * (used.length - 2)) return undefined;
    const det = i00 * i11 - i01 * i01;
    // Evidence: one object here against as many unrelated bearings.
    logEvidence += Math.log(this.settings.bearingBirthsPerM2) + Math.log(2 * Math.PI) - 0.5 * Math.log(det) - 0.5 * chi2;
    for (const [frame, l] of used) {
      const { sensor } = frame;
      const dx = x - sensor.origin[0];
      const dy = y - sensor.origin[1];
      const range = Math.sqrt(dx * dx + dy * dy);
      if (range > sensor.maxRangeM) return undefined;
      const pd = sensor.fallsOff ? sensor.pd * (1 - (range / sensor.maxRangeM) ** 2) : sensor.pd;
      let others = 0;
      for (let m = 0; m < frame.count; m += 1) if (m !== l) others += frame.spare[m];
      const background = (sensor.falseAlarms + others) / sensor.azSpanRad;
      logEvidence += Math.log(Math.max(0.02, pd)) - 0.5 * Math.log(2 * Math.PI * frame.variance[l * 6 + 1]) - Math.log(background);
    }
    return { evidence: Math.exp(Math.min(50, logEvidence)), x, y, cov: [i11 / det, -i01 / det, i00 / det], used };
  }

  /** Azimuth of the tracker's north in the sensor's frame: the two frames are turned against each other. */
  #turn(sensor: Sensor): number {
    return Math.atan2(sensor.rotation[1], sensor.rotation[4]);
  }

  #beginAt(frame: Frame, x: number, y: number, cov: readonly [number, number, number], existence: number, hits: number): void {
    const pool = this.pool;
    const { settings } = this;
    const slot = pool.add();
    for (let m = 0; m < MODELS; m += 1) {
      const xo = slot * XS + m * STATE;
      const po = slot * PS + m * PACKED;
      pool.x[xo] = x;
      pool.x[xo + 1] = y;
      pool.x[xo + 2] = frame.sensor.origin[2] + 80;
      pool.p[po] = cov[0] + 25;
      pool.p[po + 1] = cov[1];
      pool.p[po + 3] = cov[2] + 25;
      pool.p[po + 5] = 50 ** 2;
      pool.p[po + 15] = settings.birthSpeedMps ** 2;
      pool.p[po + 18] = settings.birthSpeedMps ** 2;
      pool.p[po + 20] = 1;
      pool.mu[slot * MODELS + m] = settings.birthModels[m];
    }
    pool.time[slot] = frame.timeS;
    pool.existence[slot] = existence;
    pool.born[slot] = frame.timeS;
    pool.lastHit[slot] = frame.timeS;
    pool.hits[slot] = hits;
    pool.lastSensor[slot] = frame.sensor.index;
    pool.bornBy[slot] = frame.sensor.index;
    pool.claim[slot] = -1;
    pool.label[slot] = frame.serial * 65_536 + 32_768 + pool.count;
  }

  // Gating

  #azBins = 1;
  #rangeBins = 1;
  #rangeBinM = 1;

  /** Sorts the detections of a large frame into cells of azimuth and range. */
  #bin(frame: Frame): void {
    const { count, sensor } = frame;
    if (count < 24) {
      this.#azBins = 0;
      return;
    }
    this.#rangeBins = sensor.hasRange ? Math.min(256, Math.max(1, Math.ceil(Math.sqrt(count)))) : 1;
    this.#azBins = Math.min(1024, Math.max(8, Math.ceil(count / this.#rangeBins)));
    this.#rangeBinM = sensor.maxRangeM / this.#rangeBins;
    const cells = this.#azBins * this.#rangeBins;
    if (this.#binStart.length < cells + 1) this.#binStart = new Int32Array(cells * 2 + 1);
    if (this.#binItems.length < count) this.#binItems = new Int32Array(count * 2);
    const start = this.#binStart;
    start.fill(0, 0, cells + 1);
    for (let j = 0; j < count; j += 1) start[this.#cellOf(frame.z[j * 6], frame.z[j * 6 + 1]) + 1] += 1;
    for (let c = 0; c < cells; c += 1) start[c + 1] += start[c];
    for (let j = count - 1; j >= 0; j -= 1) {
      const c = this.#cellOf(frame.z[j * 6], frame.z[j * 6 + 1]);
      // Filled from the back: the start of a cell moves down to its first item.
      start[c + 1] -= 1;
      this.#binItems[start[c + 1]] = j;
    }
    // Every start has moved one cell on: put them back.
    for (let c = 0; c < cells; c += 1) start[c] = start[c + 1];
    start[cells] = count;
  }

  #cellOf(rangeM: number, azRad: number): number {
    let range = this.#rangeBins === 1 ? 0 : Math.floor(rangeM / this.#rangeBinM);
    if (!(range > 0)) range = 0;
    else if (range >= this.#rangeBins) range = this.#rangeBins - 1;
    let az = Math.floor((azRad / (2 * Math.PI)) * this.#azBins) % this.#azBins;
    if (az < 0) az += this.#azBins;
    return az * this.#rangeBins + range;
  }

  #candidates(slot: number, prep: number, frame: Frame, scale: number): void {
    const { sensor, count } = frame;
    if (this.#azBins === 0) {
      for (let j = 0; j < count; j += 1) this.#candidate(slot, prep, frame, j, scale);
      return;
    }
    const mu = this.pool.mu;
    // The box around what the models expect: measured in standard deviations of the widest model that counts.
    let azLow = 0;
    let azHigh = 0;
    let rangeLow = Number.POSITIVE_INFINITY;
    let rangeHigh = Number.NEGATIVE_INFINITY;
    const sigmas = 4.5;
    let az0 = 0;
    let first = true;
    const azRow = sensor.rows.indexOf(AZIMUTH);
    for (let m = 0; m < MODELS; m += 1) {
      if (mu[slot * MODELS + m] < 1e-3) continue;
      const at = prep * MODELS + m;
      const az = this.#zHat[at * 4 + azRow];
      const s = sigmas * this.#sigma(slot, m, prep, azRow);
      if (first) az0 = az;
      const a = wrap(az - az0);
      if (first || a - s < azLow) azLow = a - s;
      if (first || a + s > azHigh) azHigh = a + s;
      first = false;
      if (sensor.hasRange) {
        const range = this.#zHat[at * 4];
        const sr = sigmas * this.#sigma(slot, m, prep, 0);
        if (range - sr < rangeLow) rangeLow = range - sr;
        if (range + sr > rangeHigh) rangeHigh = range + sr;
      }
    }
    const bins = this.#azBins;
    const perRad = bins / (2 * Math.PI);
    let from = Math.floor((az0 + azLow) * perRad);
    let to = Math.floor((az0 + azHigh) * perRad);
    if (to - from >= bins) {
      from = 0;
      to = bins - 1;
    }
    let rangeFrom = 0;
    let rangeTo = this.#rangeBins - 1;
    if (sensor.hasRange && this.#rangeBins > 1) {
      rangeFrom = Math.min(rangeTo, Math.max(0, Math.floor(rangeLow / this.#rangeBinM)));
      rangeTo = Math.min(rangeTo, Math.max(0, Math.floor(rangeHigh / this.#rangeBinM)));
    }
    const start = this.#binStart;
    for (let a = from; a <= to; a += 1) {
      const wrapped = ((a % bins) + bins) % bins;
      const c = wrapped * this.#rangeBins;
      const end = start[c + rangeTo + 1];
      for (let k = start[c + rangeFrom]; k < end; k += 1) {
        const j = this.#binItems[k];
        const range = frame.z[j * 6];
        if (sensor.hasRange && (range < rangeLow || range > rangeHigh)) continue;
        const da = wrap(frame.z[j * 6 + 1] - az0);
        if (da < azLow || da > azHigh) continue;
        this.#candidate(slot, prep, frame, j, scale);
      }
    }
  }

  /** Standard deviation of the expected measurement, row k. */
  #sigma(_slot: number, m: number, prep: number, k: number): number {
    // S = L Lᵀ: its diagonal from the factor, whose diagonal is kept inverted.
    const at = (prep * MODELS + m) * 10;
    const c = this.#chol;
    if (k === 0) return 1 / c[at];
    const i1 = 1 / c[at + 2];
    if (k === 1) return Math.sqrt(c[at + 1] * c[at + 1] + i1 * i1);
    const i2 = 1 / c[at + 5];
    return Math.sqrt(c[at + 3] * c[at + 3] + c[at + 4] * c[at + 4] + i2 * i2);
  }

  #candidate(slot: number, prep: number, frame: Frame, j: number, scale: number): void {
    const { sensor } = frame;
    const delta = frame.time[j] - frame.timeS;
    let own = delta > 1e-4 || delta < -1e-4;
    if (!own) {
      for (const row of sensor.rows) {
        const v = frame.variance[j * 6 + row];
        const s = sensor.variance[row];
        if (v > 1.01 * s || v < 0.99 * s) {
          own = true;
          break;
        }
      }
    }
    if (!own) {
      this.#weigh(slot, prep, frame, j, scale);
      return;
    }
    const ownPrep = this.#prepare(slot, sensor, frame.variance, j * 6, delta);
    if (!this.#weigh(slot, ownPrep, frame, j, scale)) this.#prepared -= 1;
  }

  /** Probability that the sensor detects the track in this frame: its field of view, weighed with the track's own uncertainty. */
  #detectionProbability(slot: number, prep: number, frame: Frame): number {
    const { sensor } = frame;
    const pool = this.pool;
    let m = 0;
    for (let k = 1; k < MODELS; k += 1) if (pool.mu[slot * MODELS + k] > pool.mu[slot * MODELS + m]) m = k;
    const xo = slot * XS + m * STATE;
    const po = slot * PS + m * PACKED;
    const dx = pool.x[xo] - sensor.origin[0];
    const dy = pool.x[xo + 1] - sensor.origin[1];
    const dz = pool.x[xo + 2] - sensor.origin[2];
    const range = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const sigma = Math.sqrt((pool.p[po] + pool.p[po + 3]) / 2) + 1;
    let pd = sensor.pd;
    if (range > sensor.maxRangeM - 4 * sigma) pd *= phi((sensor.maxRangeM - range) / sigma);
    if (range < sensor.minRangeM + 4 * sigma) pd *= phi((range - sensor.minRangeM) / sigma);
    if (sensor.fallsOff) pd *= Math.max(0, 1 - (range / sensor.maxRangeM) ** 2);
    if (frame.azSpanRad < 6.2) {
      const az = wrap(Math.atan2(dx, dy) - frame.azFromRad - frame.azSpanRad / 2);
      const s = sigma / Math.max(1, Math.sqrt(dx * dx + dy * dy));
      pd *= phi((frame.azSpanRad / 2 - az) / s) * phi((frame.azSpanRad / 2 + az) / s);
    }
    if (sensor.hasElevation) {
      const el = Math.atan2(dz, Math.sqrt(dx * dx + dy * dy));
      const s = Math.sqrt(pool.p[po + 5]) / Math.max(1, range) + 1e-3;
      if (el > sensor.elHighRad - 4 * s) pd *= phi((sensor.elHighRad - el) / s);
      if (el < sensor.elLowRad + 4 * s) pd *= phi((el - sensor.elLowRad) / s);
    }
    return pd;
  }

  // Update

  #update(i: number, frame: Frame): void {
    const pool = this.pool;
    const pairs = this.#pairs;
    const slot = this.#trackOf[i];
    const from = pairs.start[i];
    const to = pairs.start[i + 1];
    const pd = this.#pd[i];
    const r = pool.existence[slot];
    let hit = 0;
    for (let e = from; e < to; e += 1) hit += pairs.probability[e];
    const lookedMiss = frame.looked ? 1 - pd : 1;
    const missed = ((1 - hit) * r * lookedMiss) / (1 - r + r * lookedMiss);
    const existence = missed + hit;
    pool.existence[slot] = existence < 1 ? existence : 1;
    if (hit < 1e-6) return;
    const mo = slot * MODELS;
    const n = frame.sensor.rows.length;
    const beta0 = missed / existence;
    let muTotal = 0;
    const prep = this.#edgePrep[from];
    let single = true;
    for (let e = from + 1; e < to; e += 1) if (this.#edgePrep[e] !== prep) single = false;
    for (let m = 0; m < MODELS; m += 1) {
      const before = pool.mu[mo + m];
      let weight = beta0 * before;
      for (let e = from; e < to; e += 1) {
        const total = this.#edgeTotal(e);
        weight += (pairs.probability[e] / existence) * (this.#edgeL[e * MODELS + m] / total);
      }
      if (weight > 1e-12) {
        if (single) this.#updateModel(slot, m, from, to, prep, n, beta0 * before, weight, existence);
        else this.#updateMixed(slot, m, from, to, n, beta0 * before, weight, existence);
      }
      const next = weight > 1e-8 ? weight : 1e-8;
      this.#chi[m] = next;
      muTotal += next;
    }
    for (let m = 0; m < MODELS; m += 1) pool.mu[mo + m] = this.#chi[m] / muTotal;
    pool.hits[slot] += hit;
    if (pool.proved[slot] === 0 && existence > 0.95) {
      pool.proved[slot] = 1;
      this.#arrivals[pool.bornBy[slot] * 2] += 1;
    }
    if (hit > 0.9 && frame.sensor.hasRange && pool.existence[slot] > 0.95) {
      let e = from;
      for (let k = from + 1; k < to; k += 1) if (pairs.probability[k] > pairs.probability[e]) e = k;
      if (pairs.probability[e] > 0.9) {
        this.#sightOf(frame, pairs.detection[e]);
        this.#pairSight(slot, frame.sensor.index, frame.sensor.index, frame.time[pairs.detection[e]]);
      }
    }
    if (hit > 0.5) {
      pool.lastHit[slot] = frame.timeS;
      pool.lastSensor[slot] = frame.sensor.index;
    }
  }

  #edgeTotal(e: number): number {
    let total = 0;
    for (let m = 0; m < MODELS; m += 1) total += this.#edgeL[e * MODELS + m];
    return total;
  }

  #updateModel(
    slot: number,
    m: number,
    from: number,
    to: number,
    prep: number,
    n: number,
    missWeight: number,
    weight: number,
    existence: number,
  ): void {
    const pool = this.pool;
    const yBar = this.#yBar;
    const spread = this.#spread;
    yBar.fill(0);
    spread.fill(0);
    const a = 1 - missWeight / weight;
    for (let e = from; e < to; e += 1) {
      const b = (this.#pairs.probability[e] * this.#edgeL[e * MODELS + m]) / (this.#edgeTotal(e) * existence * weight);
      const yo = (e * MODELS + m) * 4;
      let t = 0;
      for (let k = 0; k < n; k += 1) {
        const y = this.#edgeY[yo + k];
        yBar[k] += b * y;
        for (let l = 0; l <= k; l += 1) {
          spread[t] += b * y * this.#edgeY[yo + l];
          t += 1;
        }
      }
    }
    let t = 0;
    for (let k = 0; k < n; k += 1) {
      for (let l = 0; l <= k; l += 1) {
        spread[t] -= yBar[k] * yBar[l];
        t += 1;
      }
    }
    const at = prep * MODELS + m;
    applyUpdate(pool.x, slot * XS + m * STATE, pool.p, slot * PS + m * PACKED, this.#w, at * 24, n, yBar, a, spread);
  }

  /** The same where detections differ in their errors or times: each has its own gain. */
  #updateMixed(slot: number, m: number, from: number, to: number, n: number, missWeight: number, weight: number, existence: number): void {
    const pool = this.pool;
    const xo = slot * XS + m * STATE;
    const po = slot * PS + m * PACKED;
    const d = this.#d6;
    const mixX = this.#mixX;
    mixX.fill(0, 0, 6);
    for (let e = from; e < to; e += 1) {
      const b = (this.#pairs.probability[e] * this.#edgeL[e * MODELS + m]) / (this.#edgeTotal(e) * existence * weight);
      const wo = (this.#edgePrep[e] * MODELS + m) * 24;
      const yo = (e * MODELS + m) * 4;
      for (let c = 0; c < 6; c += 1) {
        let v = 0;
        for (let k = 0; k < n; k += 1) v += this.#w[wo + k * 6 + c] * this.#edgeY[yo + k];
        mixX[c] += b * v;
        d[c] = v;
      }
      for (let k = 0; k < n; k += 1) addOuter(pool.p, po, this.#w, wo + k * 6, -b);
      addOuter(pool.p, po, d, 0, b);
    }
    addOuter(pool.p, po, mixX, 0, -1);
    for (let c = 0; c < 6; c += 1) pool.x[xo + c] += mixX[c];
    void missWeight;
  }

  // Birth

  /** New objects that have proved real per scan of each sensor, and scans, both fading: [objects, scans] by sensor. */
  #arrivals = new Float64Array(64);

  #births0(sensor: Sensor): number {
    const at = sensor.index * 2;
    const { birthsPerScan } = this.settings;
    const { birthPriorScans } = this.settings;
    return (birthsPerScan * birthPriorScans + this.#arrivals[at]) / (birthPriorScans + this.#arrivals[at + 1]);
  }

  #scanned(sensor: Sensor, share: number): void {
    const at = sensor.index * 2;
    const fade = 1 - share / this.settings.birthMemoryScans;
    this.#arrivals[at] *= fade;
    this.#arrivals[at + 1] = this.#arrivals[at + 1] * fade + share;
  }

  /** Expected density of detections of objects not seen before, at a measurement. */
  #birthDensity(frame: Frame, j: number): number {
    const { sensor } = frame;
    const { settings } = this;
    const z = j * 6;
    let density = this.#births0(sensor) * sensor.pd;
    if (!sensor.hasRange) return (density * 0.05) / sensor.volume();
    const range = frame.z[z];
    const area = (sensor.azSpanRad / 2) * (sensor.maxRangeM ** 2 - sensor.minRangeM ** 2);
    density *= Math.max(range, 1) / area;
    if (sensor.hasElevation) {
      const el = frame.z[z + 2];
      const height = range * Math.sin(el);
      const s = range * Math.sqrt(frame.variance[z + 2]) + 10;
      const scale = settings.heightScaleM + s;
      const up = height > 0 ? Math.exp(-height / scale) : Math.exp((-0.5 * height * height) / (s * s));
      density *= ((0.9 * up) / scale + (height > -3 * s ? 0.1 * Math.exp(-Math.max(0, height) / (10 * scale)) : 0) / (10 * scale)) * range;
    }
    if (sensor.hasRangeRate) {
      const v = frame.z[z + 3];
      const s = settings.birthSpeedMps;
      const f = settings.birthFastSpeedMps;
      density *= (0.85 * Math.exp((-0.5 * v * v) / (s * s))) / (s * 2.5066) + (0.15 * Math.exp((-0.5 * v * v) / (f * f))) / (f * 2.5066);
    }
    return density;
  }

  #begin(frame: Frame, j: number, existence: number): void {
    const pool = this.pool;
    const { sensor } = frame;
    const { settings } = this;
    const slot = pool.add();
    const z = j * 6;
    const range = Math.max(1, frame.z[z] - this.#biasRange);
    const az = frame.z[z + 1] - this.#biasAzimuth;
    let el = frame.z[z + 2];
    let elVar = frame.variance[z + 2];
    if (!sensor.hasElevation) {
      el = Math.asin(Math.min(0.7, 80 / range));
      elVar = (80 / range) ** 2;
    }
    const sa = Math.sin(az);
    const ca = Math.cos(az);
    const se = Math.sin(el);
    const ce = Math.cos(el);
    const rot = sensor.rotation;
    const toEnu = (a: number, b: number, c: number, out: Float64Array): void => {
      out[0] = rot[0] * a + rot[3] * b + rot[6] * c;
      out[1] = rot[1] * a + rot[4] * b + rot[7] * c;
      out[2] = rot[2] * a + rot[5] * b + rot[8] * c;
    };
    const u = this.#d6;
    toEnu(ce * sa, ce * ca, se, u);
    const x = pool.x;
    const p = pool.p;
    const xo = slot * XS;
    const po = slot * PS;
    for (let k = 0; k < 3; k += 1) x[xo + k] = sensor.origin[k] + range * u[k];
    const rate = sensor.hasRangeRate ? frame.z[z + 3] : 0;
    for (let k = 0; k < 3; k += 1) x[xo + 3 + k] = rate * u[k];
    const column = new Float64Array(6);
    column.set([u[0], u[1], u[2], 0, 0, 0]);
    addOuter(p, po, column, 0, frame.variance[z]);
    toEnu(range * ce * ca, -range * ce * sa, 0, column);
    addOuter(p, po, column, 0, frame.variance[z + 1]);
    toEnu(-range * se * sa, -range * se * ca, range * ce, column);
    addOuter(p, po, column, 0, elVar);
    for (let m = 1; m < MODELS; m += 1) {
      for (let k = 0; k < STATE; k += 1) x[xo + m * STATE + k] = x[xo + k];
      for (let k = 0; k < PACKED; k += 1) p[po + m * PACKED + k] = p[po + k];
    }
    for (let m = 0; m < MODELS; m += 1) {
      const s = (m === MODELS - 1 ? settings.birthFastSpeedMps : settings.birthSpeedMps) ** 2;
      const v = settings.birthClimbMps ** 2;
      // Known along the line of sight, unknown across it.
      const h0 = sensor.hasRangeRate ? u[0] : 0;
      const h1 = sensor.hasRangeRate ? u[1] : 0;
      const h2 = sensor.hasRangeRate ? u[2] : 0;
      const o = po + m * PACKED + 15;
      p[o] = s;
      p[o + 3] = s;
      p[o + 5] = v;
      if (sensor.hasRangeRate) {
        // One exact-as-measured row: the velocity's own update by the range rate.
        const k0 = s * h0;
        const k1 = s * h1;
        const k2 = v * h2;
        const S = k0 * h0 + k1 * h1 + k2 * h2 + frame.variance[z + 3];
        p[o] -= (k0 * k0) / S;
        p[o + 1] -= (k0 * k1) / S;
        p[o + 2] -= (k0 * k2) / S;
        p[o + 3] -= (k1 * k1) / S;
        p[o + 4] -= (k1 * k2) / S;
        p[o + 5] -= (k2 * k2) / S;
        x[xo + m * STATE + 3] = (k0 * rate) / S;
        x[xo + m * STATE + 4] = (k1 * rate) / S;
        x[xo + m * STATE + 5] = (k2 * rate) / S;
      }
      pool.mu[slot * MODELS + m] = settings.birthModels[m];
    }
    pool.time[slot] = frame.timeS;
    // A turning antenna: the state belongs to the frame's time.
    const delta = frame.time[j] - frame.timeS - this.#biasClock;
    if (delta !== 0) for (let m = 0; m < MODELS; m += 1) predict(x, xo + m * STATE, p, po + m * PACKED, -delta, settings.processNoise[m], this.#wander, settings.verticalNoise[m]);
    pool.existence[slot] = existence;
    pool.born[slot] = frame.timeS;
    pool.lastHit[slot] = frame.timeS;
    pool.hits[slot] = 1;
    pool.lastSensor[slot] = sensor.index;
    pool.bornBy[slot] = sensor.index;
    pool.claim[slot] = -1;
    pool.label[slot] = frame.serial * 65_536 + j;
  }

  // Output

  readonly #names = new Map<number, string>();
  #named = 0;

  /** All tracks carried on to a time. */
  *tracks(atS: number): IterableIterator<TrackEstimate> {
    const pool = this.pool;
    const frame = this.#frame;
    if (frame === undefined) return;
    const geo = new Float64Array(3);
    const x = new Float64Array(6);
    const p = new Float64Array(21);
    const d = new Float64Array(6);
    const mx = new Float64Array(6);
    const mp = new Float64Array(21);
    for (let slot = 0; slot < pool.count; slot += 1) {
      const existence = pool.existence[slot];
      if (existence < this.settings.keepAbove) continue;
      x.fill(0);
      p.fill(0);
      const dt = atS - pool.time[slot];
      for (let m = 0; m < MODELS; m += 1) {
        const mu = pool.mu[slot * MODELS + m];
        for (let k = 0; k < 3; k += 1) {
          const v = pool.x[slot * XS + m * STATE + 3 + k];
          x[k] += mu * (pool.x[slot * XS + m * STATE + k] + dt * v);
          x[3 + k] += mu * v;
        }
      }
      for (let m = 0; m < MODELS; m += 1) {
        const mu = pool.mu[slot * MODELS + m];
        for (let k = 0; k < 6; k += 1) mx[k] = pool.x[slot * XS + m * STATE + k];
        for (let k = 0; k < 21; k += 1) mp[k] = pool.p[slot * PS + m * PACKED + k];
        predict(mx, 0, mp, 0, dt, this.settings.processNoise[m], this.#wander, this.settings.verticalNoise[m]);
        for (let k = 0; k < 6; k += 1) d[k] = mx[k] - x[k];
        for (let k = 0; k < 21; k += 1) p[k] += mu * mp[k];
        addOuter(p, 0, d, 0, mu);
      }
      // Worth saying only when it is likelier to help than to mislead: r (1 − E d² ÷ tolerance²) above one half.
      const { toleranceM } = this.settings;
      const spreadM2 = p[0] + p[3] + (this.settings.horizontalOnly ? 0 : p[5]);
      const worth = existence * (1 - Math.min(1, spreadM2 / (toleranceM * toleranceM)));
      const was = pool.confirmed[slot] === 1;
      if (was ? worth < this.settings.keepWorth : worth < this.settings.confirmWorth || pool.hits[slot] < this.settings.confirmHits) continue;
      pool.confirmed[slot] = 1;
      enuToGeodetic(frame, x[0], x[1], x[2], geo);
      const label = pool.label[slot];
      let name = this.#names.get(label);
      if (name === undefined) {
        this.#named += 1;
        name = `T${this.#named}`;
        this.#names.set(label, name);
      }
      yield {
        id: name,
        status: "confirmed",
        latDeg: geo[0],
        lonDeg: geo[1],
        haeM: geo[2],
        velocityEnuMps: [x[3], x[4], x[5]],
        covarianceEnuM2: [p[0], p[1], p[2], p[1], p[3], p[4], p[2], p[4], p[5]],
        existence,
        newestInputS: this.#newestInputS,
      };
    }
  }
}
