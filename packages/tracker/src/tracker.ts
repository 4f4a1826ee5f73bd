// The tracker: sensors and detections in, tracks with honest errors out. A Poisson multi-Bernoulli filter with interacting motion models; the
// README has the mathematics. No clock and no randomness: the same calls give the same tracks.
import { type EnuFrame, enuFrame, enuToOtherFrame, frameRotation } from "@atalaya/geodesy";
import { BIAS_AZIMUTH, BIAS_CLOCK, BIAS_RANGE } from "./bias.ts";
import { type Choice, type EstimateContext, estimates, type TrackEstimate } from "./estimates.ts";
import { Filter } from "./filter.ts";
import type { FilterState } from "./filter-state.ts";
import { History, type PastPosition } from "./history.ts";
import type { Detection, Interval, ScanEnd, SensorDeclaration } from "./input.ts";
import { Intake, type IntakeCounts } from "./intake.ts";
import { PACKED, rotateState, STATE } from "./kernels.ts";
import { MODELS, PS, SIGHT, SIGHTS, type TrackPool, XS } from "./pool.ts";
import { givesBearings, Sensor, wrap } from "./sensor.ts";
import { defaultSettings, type TrackerSettings } from "./settings.ts";
import { resumeTracker, type SavedTracker, saveTracker } from "./snapshot.ts";
import { type Frame, ROW_STRIDE } from "./timeline.ts";
import { Window } from "./window.ts";

const DEG = 180 / Math.PI;
/** Sensors this far from the origin of the local frame on average move it there, m: beyond, "up" leans by more than half a degree. */
const RECENTRE_M = 50_000;

/** A number in a declaration further out than this makes no sense, whatever its unit. */
const FARTHEST = 1e7;

/** How a sensor does, as far as the tracker can tell. */
export interface SensorState {
  readonly id: string;
  readonly kind: SensorDeclaration["kind"];
  /** Estimated errors and their standard deviations; `applied` is false beyond the stated limits, `pairs` how many comparisons they rest on. */
  readonly rangeBiasM: number;
  readonly rangeBiasSigmaM: number;
  readonly azimuthBiasDeg: number;
  readonly azimuthBiasSigmaDeg: number;
  readonly clockBiasS: number;
  readonly clockBiasSigmaS: number;
  readonly applied: boolean;
  readonly pairs: number;
  /** Expected new objects per scan. */
  readonly arrivalsPerScan: number;
}

export interface TrackerCounts extends Readonly<IntakeCounts> {
  readonly frames: number;
  readonly reworkedFrames: number;
  readonly tracks: number;
  /** Unconfirmed tracks dropped above the limit. */
  readonly shedTracks: number;
  readonly sensorsRefused: number;
}

export class Tracker {
  readonly settings: TrackerSettings;
  #frame: EnuFrame | undefined;
  readonly #byId = new Map<string, Sensor>();
  readonly #sensors: Sensor[] = [];
  #sensorsRefused = 0;
  readonly #filter: Filter;
  readonly #history = new History();
  readonly #window: Window;
  readonly #intake: Intake;

  /** `origin`: where the local frame stands; without one, at the first sensor. */
  constructor(settings: Partial<TrackerSettings> = {}, origin?: { readonly latDeg: number; readonly lonDeg: number }) {
    this.settings = { ...defaultSettings, ...settings };
    if (origin !== undefined) this.#frame = enuFrame(origin.latDeg, origin.lonDeg, 0);
    this.#filter = new Filter(this.settings, this.#history);
    this.#window = new Window(this.settings, this.#filter, this.#history);
    this.#intake = new Intake(this.settings, this.#window);
  }

  /** Takes a sensor, or what is new of one that is known. False when there are too many, or the declaration makes no sense. */
  declare(declaration: SensorDeclaration): boolean {
    const known = this.#byId.get(declaration.id);
    if (known !== undefined && JSON.stringify(known.declaration) === JSON.stringify(declaration)) return true;
    if (!this.#take(declaration, known)) {
      this.#sensorsRefused += 1;
      return false;
    }
    this.#recentre();
    return true;
  }

  #take(declaration: SensorDeclaration, known?: Sensor): boolean {
    if (!isSensible(declaration) || (known === undefined && this.#sensors.length >= this.settings.maxSensors)) return false;
    this.#frame ??= enuFrame(declaration.latDeg, declaration.lonDeg, 0);
    if (known !== undefined) this.#intake.endScans(known);
    const sensor = new Sensor(known?.index ?? this.#sensors.length, declaration, this.#frame);
    this.#byId.set(declaration.id, sensor);
    this.#sensors[sensor.index] = sensor;
    this.#intake.bearingSensors = this.#sensors.filter(givesBearings).length;
    return true;
  }

  /** Takes a detection that arrived at a time, s; arrivals must not go back. What cannot be used is counted by reason. */
  detect(detection: Detection, arrivedS: number = detection.timeS): void {
    const sensor = this.#byId.get(detection.sensor);
    if (sensor === undefined || this.#frame === undefined) this.#intake.counts.unknownSensor += 1;
    else if (!isTime(arrivedS)) this.#intake.counts.malformed += 1;
    else {
      this.#intake.detect(sensor, detection, arrivedS, this.#frame);
      this.#keepUp();
    }
  }

  /** Takes the end of a scan: the sensor looked. */
  scanEnd(end: ScanEnd, arrivedS: number = end.endTimeS): void {
    const sensor = this.#byId.get(end.sensor);
    if (sensor === undefined) this.#intake.counts.unknownSensor += 1;
    else if (!isTime(arrivedS)) this.#intake.counts.malformed += 1;
    else {
      this.#intake.scanEnd(sensor, end, arrivedS);
      this.#keepUp();
    }
  }

  /** A flood between two advances is worked in as it comes, so that no more of it waits than the window may hold. */
  #keepUp(): void {
    if (this.#window.waiting > this.settings.maxFrames / 2) this.#work();
  }

  #work(): void {
    const intake = this.#intake;
    this.#window.work(this.#sensors);
    this.#window.forget(intake.nowS - this.settings.windowS, (frame) => intake.forget(frame));
  }

  /** Works in everything that has arrived, up to now. */
  advance(toS: number): void {
    if (isTime(toS)) this.#intake.goOnTo(toS);
    this.#work();
  }

  /** Tracks carried on to a time, s; absent: those that are sure, and claims that no body agrees with. */
  tracks(atS: number, choice: Choice = {}): readonly TrackEstimate[] {
    return this.#frame === undefined || !isTime(atS) ? [] : estimates(this.#context(this.#frame), atS, choice);
  }

  #context(frame: EnuFrame): EstimateContext {
    const { pool, claims } = this.#filter.state;
    const { identityNames, newestInputS } = this.#intake;
    return {
      pool,
      claims,
      frame,
      motion: this.#filter.motion,
      settings: this.settings,
      sensors: this.#sensors,
      identityNames,
      newestInputS,
    };
  }

  /** Where a track has been, one position every two seconds, oldest first; metres of the local frame. */
  history(label: number): readonly PastPosition[] {
    return this.#history.of(label);
  }

  /** The local east, north, up frame that histories and velocities are in. */
  get frame(): EnuFrame | undefined {
    return this.#frame;
  }

  sensors(): readonly SensorState[] {
    const { bias, arrivals } = this.#filter.state;
    return this.#sensors.map(({ declaration, index }) => {
      const within = [BIAS_RANGE, BIAS_AZIMUTH, BIAS_CLOCK].every(
        (which) => Math.abs(bias.value(index, which)) <= (this.settings.bias.limit[which] ?? 0),
      );
      return {
        id: declaration.id,
        kind: declaration.kind,
        rangeBiasM: bias.value(index, BIAS_RANGE),
        rangeBiasSigmaM: Math.sqrt(bias.variance(index, BIAS_RANGE)),
        azimuthBiasDeg: bias.value(index, BIAS_AZIMUTH) * DEG,
        azimuthBiasSigmaDeg: Math.sqrt(bias.variance(index, BIAS_AZIMUTH)) * DEG,
        clockBiasS: bias.value(index, BIAS_CLOCK),
        clockBiasSigmaS: Math.sqrt(bias.variance(index, BIAS_CLOCK)),
        applied: within,
        pairs: bias.pairsOf(index),
        arrivalsPerScan: arrivals.expected(index, this.settings),
      };
    });
  }

  get counts(): TrackerCounts {
    return {
      ...this.#intake.counts,
      frames: this.#window.worked,
      reworkedFrames: this.#window.reworked,
      tracks: this.#filter.state.pool.count,
      shedTracks: this.#filter.shed,
      sensorsRefused: this.#sensorsRefused,
    };
  }

  /** Moves the local frame when the sensors stand far from its origin. */
  #recentre(): void {
    const from = this.#frame;
    if (from === undefined) return;
    let e = 0;
    let n = 0;
    for (const { origin } of this.#sensors) {
      e += origin[0] / this.#sensors.length;
      n += origin[1] / this.#sensors.length;
    }
    if (Math.hypot(e, n) < RECENTRE_M) return;
    const latDeg = this.#sensors.reduce((sum, { declaration }) => sum + declaration.latDeg, 0) / this.#sensors.length;
    const [first] = this.#sensors;
    if (first === undefined) return;
    // Longitudes are averaged about the first: they may lie on both sides of the antimeridian.
    const lonDeg =
      first.declaration.lonDeg +
      this.#sensors.reduce((sum, { declaration }) => sum + wrap((declaration.lonDeg - first.declaration.lonDeg) / DEG) * DEG, 0) /
        this.#sensors.length;
    const to = enuFrame(latDeg, lonDeg, 0);
    const rotation = new Float64Array(9);
    const shift = new Float64Array(3);
    frameRotation(from, to, rotation);
    enuToOtherFrame(from, to, 0, 0, 0, shift);
    for (const sensor of new Set([...this.#sensors, ...[...this.#window.past, ...this.#window.frames].map((frame) => frame.sensor)]))
      sensor.place(to);
    const pools = new Set<TrackPool>();
    const states: FilterState[] = [...this.#window.states()];
    for (const state of states) {
      if (pools.has(state.pool)) continue;
      pools.add(state.pool);
      movePool(state.pool, rotation, shift);
      state.hypotheses.each((one) => movePool(one.pool, rotation, shift));
      for (const claim of state.claims.all()) moveVector(claim.place, rotation, shift);
    }
    for (const frame of this.#window.frames) if (frame.sensor.style === "fix") moveFix(frame, rotation, shift);
    this.#history.move(rotation, shift);
    this.#frame = to;
  }

  /** All of it as plain JSON: a tracker resumed from it goes on as this one would. */
  save(): SavedTracker {
    return saveTracker({
      frame: this.#frame,
      sensors: this.#sensors,
      intake: this.#intake,
      window: this.#window,
      history: this.#history,
      counts: this.#window.counts,
      shed: this.#filter.shed,
      sensorsRefused: this.#sensorsRefused,
    });
  }

  /** A tracker from what `save` gave; undefined when that is of another version or damaged. */
  static resume(saved: SavedTracker, settings: Partial<TrackerSettings> = {}): Tracker | undefined {
    const tracker = new Tracker(settings, saved.origin ?? undefined);
    const resumed = resumeTracker(saved, tracker.settings, {
      declare: (declaration) => tracker.#take(declaration),
      retired: (index, declaration) => (tracker.#frame === undefined ? undefined : new Sensor(index, declaration, tracker.#frame)),
      sensors: tracker.#sensors,
      state: tracker.#filter.state,
      intake: tracker.#intake,
      window: tracker.#window,
      history: tracker.#history,
    });
    if (!resumed) return undefined;
    tracker.#filter.shed = saved.shed;
    tracker.#sensorsRefused = saved.sensorsRefused;
    return tracker;
  }
}

/** Finite, and within 30,000 years: beyond, the noise of a prediction would not be a number. */
function isTime(timeS: number): boolean {
  return Math.abs(timeS) <= 1e12;
}

/** Whether a declaration can be worked with: a place on Earth, numbers that are numbers, something to measure, and a field of view with room in it. */
function isSensible({
  id,
  latDeg,
  lonDeg,
  haeM,
  measures,
  kind,
  sigma,
  periodS,
  pd,
  falseAlarmsPerScan,
  fov,
  maxRangeM,
}: SensorDeclaration): boolean {
  const place = Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 360 && Math.abs(haeM) < 1e6;
  const fix = measures.includes("lat_deg") && measures.includes("lon_deg");
  const polar = measures.includes("az_deg") || measures.includes("range_m");
  const within = (value: number | null | undefined, low: number, high: number): boolean =>
    value === undefined || value === null || (value >= low && value <= high);
  const open = (interval: Interval | undefined, low: number): boolean =>
    interval === undefined || (interval[0] >= low && interval[0] < interval[1] && interval[1] <= FARTHEST);
  const numbers =
    sigma.every((value) => within(value, 0, FARTHEST)) &&
    within(periodS, -FARTHEST, FARTHEST) &&
    within(pd, -FARTHEST, FARTHEST) &&
    within(falseAlarmsPerScan, -FARTHEST, FARTHEST);
  const azimuths = fov?.azDeg === undefined || fov.azDeg.every((value) => within(value, -FARTHEST, FARTHEST));
  const view = open(fov?.rangeM, 0) && open(fov?.elDeg, -FARTHEST) && open(fov?.rangeRateMps, -FARTHEST) && azimuths;
  const reach = within(maxRangeM, Number.MIN_VALUE, FARTHEST) && (maxRangeM ?? FARTHEST) > (fov?.rangeM?.[0] ?? 0);
  return id !== "" && place && (kind === "presence" || fix || polar) && numbers && view && reach;
}

function moveVector(v: [number, number, number, number, number, number], rotation: Float64Array, shift: Float64Array): void {
  const [e, n, u, ve, vn, vu] = v;
  for (let k = 0; k < 3; k += 1) {
    v[k] = rotation[k * 3] * e + rotation[k * 3 + 1] * n + rotation[k * 3 + 2] * u + shift[k];
    v[k + 3] = rotation[k * 3] * ve + rotation[k * 3 + 1] * vn + rotation[k * 3 + 2] * vu;
  }
}

function moveFix(frame: Frame, rotation: Float64Array, shift: Float64Array): void {
  for (let j = 0; j < frame.count; j += 1) {
    const at = j * ROW_STRIDE;
    const v: [number, number, number, number, number, number] = [
      frame.z[at],
      frame.z[at + 1],
      frame.z[at + 2],
      frame.z[at + 3],
      frame.z[at + 4],
      frame.z[at + 5],
    ];
    moveVector(v, rotation, shift);
    frame.z.set(v, at);
  }
}

function movePool(pool: TrackPool, rotation: Float64Array, shift: Float64Array): void {
  for (let slot = 0; slot < pool.count; slot += 1) {
    for (let m = 0; m < MODELS; m += 1) rotateState(pool.x, slot * XS + m * STATE, pool.p, slot * PS + m * PACKED, rotation, shift);
    // Raw positions in the old frame are of no use in the new one: new ones come within a second.
    pool.sights.fill(0, slot * SIGHTS * SIGHT, (slot + 1) * SIGHTS * SIGHT);
  }
}
