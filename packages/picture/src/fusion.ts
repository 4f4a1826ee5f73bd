// One tracker for each origin of data: what is invented, recorded and real never meets. Sensors' detections and broadcast claims go in as they
// arrive, in the order of the journal; estimates come out once a tick.
import { haeFromMslM } from "@atalaya/geodesy";
import {
  type Detection,
  type SavedTracker,
  type ScanEnd,
  type SensorDeclaration,
  type SensorState,
  type TrackEstimate,
  Tracker,
  type TrackerCounts,
} from "@atalaya/tracker";
import type { LatLon, Origin } from "./entry.ts";
import type { Report } from "./said.ts";
import type { Settings } from "./settings.ts";

/** A broadcast position waiting for the tick: of each emitter the newest only. */
interface Claim {
  readonly sensor: string;
  readonly place: LatLon;
  readonly report: Report;
  readonly measuredUs: number;
  readonly arrivedUs: number;
}

/** Claims that wait for one tick at most; beyond, those of emitters heard first stay. */
const MAX_WAITING = 5000;
/** Horizontal error where a broadcast states none, and height error where it gives no height, m (1σ). */
const UNSTATED_ERROR_M = 10;
const NO_HEIGHT_SIGMA_M = 200;
/** 95 % of a circular error in its standard deviations. */
const SIGMAS_95 = 2.45;

/** Name of the sensor, `SOURCE/cot`, that stands for another system's tracks. */
export const SYSTEM_SENSOR = "cot";

interface Side {
  readonly tracker: Tracker;
  readonly waiting: Map<string, Claim>;
  /** Sensors that measure, as opposed to those that repeat a claim: without any, claims have nothing to be weighed against. */
  measures: boolean;
  claims: number;
}

/** What another system says of an object that it follows. */
export interface SystemTrack {
  /** That system's name for it. */
  readonly uid: string;
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Height above the ellipsoid, m; with `heightSigmaM` large where it is not known. */
  readonly haeM: number;
  readonly sigmaM: number;
  readonly heightSigmaM: number;
  readonly courseDeg: number | undefined;
  readonly speedMps: number | undefined;
  readonly classes: NonNullable<Detection["classes"]>;
}

export interface FusionImage {
  readonly origin: Origin;
  readonly tracker: SavedTracker;
  readonly measures: boolean;
  readonly claims: number;
  readonly waiting: readonly (readonly [string, Claim])[];
}

export class Fusion {
  readonly #settings: Settings;
  readonly #sides = new Map<Origin, Side>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  #trackerSettings(): ConstructorParameters<typeof Tracker>[0] {
    const { trackToleranceM, maxTrackerTracks } = this.#settings;
    return { toleranceM: trackToleranceM, horizontalOnly: true, maxTracks: maxTrackerTracks };
  }

  #side(origin: Origin): Side {
    let side = this.#sides.get(origin);
    if (side === undefined) {
      side = { tracker: new Tracker(this.#trackerSettings()), waiting: new Map(), measures: false, claims: 0 };
      this.#sides.set(origin, side);
    }
    return side;
  }

  declare(origin: Origin, source: string, declaration: SensorDeclaration): void {
    const side = this.#side(origin);
    side.tracker.declare({ ...declaration, id: `${source}/${declaration.id}` });
    side.measures ||= declaration.kind !== "remoteid" && declaration.kind !== "human";
  }

  detect(origin: Origin, source: string, detection: Detection, arrivedUs: number): void {
    this.#side(origin).tracker.detect({ ...detection, sensor: `${source}/${detection.sensor}` }, arrivedUs / 1e6);
  }

  scanEnd(origin: Origin, source: string, scan: ScanEnd, arrivedUs: number): void {
    this.#side(origin).tracker.scanEnd({ ...scan, sensor: `${source}/${scan.sensor}` }, arrivedUs / 1e6);
  }

  /** A broadcast position of an emitter. Weighed at the next tick, where there is a sensor to weigh it against. */
  claim(origin: Origin, source: string, place: LatLon, emitter: string, report: Report, measuredUs: number, arrivedUs: number): void {
    const side = this.#sides.get(origin);
    if (side === undefined || !side.measures) return;
    if (side.waiting.size >= MAX_WAITING && !side.waiting.has(emitter)) return;
    side.waiting.set(emitter, { sensor: `${source}/remote-id`, place, report, measuredUs, arrivedUs });
  }

  /** A track of another system. `place` is where its source is: it says nothing of what that system can see. */
  systemTrack(origin: Origin, source: string, place: LatLon, track: SystemTrack, measuredUs: number, arrivedUs: number): void {
    const sensor = `${source}/${SYSTEM_SENSOR}`;
    const side = this.#side(origin);
    side.measures = true;
    side.tracker.declare({
      id: sensor,
      kind: "systemTrack",
      latDeg: place.latDeg,
      lonDeg: place.lonDeg,
      haeM: 0,
      measures: ["lat_deg", "lon_deg", "alt_m"],
      sigma: [undefined, undefined, undefined],
    });
    const { uid, latDeg, lonDeg, haeM, sigmaM, heightSigmaM, courseDeg, speedMps, classes } = track;
    const course = ((courseDeg ?? 0) * Math.PI) / 180;
    side.claims += 1;
    side.tracker.detect(
      {
        id: String(side.claims),
        sensor,
        timeS: measuredUs / 1e6,
        z: [latDeg, lonDeg, haeM],
        variance: [sigmaM * sigmaM, sigmaM * sigmaM, heightSigmaM * heightSigmaM],
        identity: uid,
        velocityEnuMps:
          courseDeg === undefined || speedMps === undefined ? undefined : [speedMps * Math.sin(course), speedMps * Math.cos(course), 0],
        classes,
      },
      arrivedUs / 1e6,
    );
  }

  /** Works in what has arrived. */
  advance(timeUs: number): void {
    for (const side of this.#sides.values()) {
      for (const [emitter, claim] of side.waiting) this.#tell(side, emitter, claim);
      side.waiting.clear();
      side.tracker.advance(timeUs / 1e6);
    }
  }

  #tell(side: Side, emitter: string, { sensor, place, report, measuredUs, arrivedUs }: Claim): void {
    side.tracker.declare({
      id: sensor,
      kind: "remoteid",
      latDeg: place.latDeg,
      lonDeg: place.lonDeg,
      haeM: 0,
      measures: ["lat_deg", "lon_deg", "alt_m"],
      sigma: [undefined, undefined, undefined],
      selfReported: true,
    });
    const { latDeg, lonDeg, courseDeg, speedMps, verticalSpeedMps, errorM, heightHaeM, heightMslM } = report;
    const haeM = heightHaeM ?? (heightMslM === undefined ? undefined : haeFromMslM(latDeg, lonDeg, heightMslM));
    const sigmaM = Math.min(100, Math.max(1, (errorM ?? UNSTATED_ERROR_M * SIGMAS_95) / SIGMAS_95));
    const course = ((courseDeg ?? 0) * Math.PI) / 180;
    side.claims += 1;
    side.tracker.detect(
      {
        id: String(side.claims),
        sensor,
        timeS: measuredUs / 1e6,
        z: [latDeg, lonDeg, haeM ?? 0],
        variance: [sigmaM * sigmaM, sigmaM * sigmaM, haeM === undefined ? NO_HEIGHT_SIGMA_M ** 2 : (2 * sigmaM) ** 2],
        identity: emitter,
        velocityEnuMps:
          courseDeg === undefined || speedMps === undefined
            ? undefined
            : [speedMps * Math.sin(course), speedMps * Math.cos(course), verticalSpeedMps ?? 0],
      },
      arrivedUs / 1e6,
    );
  }

  /** What the tracker of each origin tells at a time: bodies, and claims that no body agrees with. */
  *estimates(timeUs: number): IterableIterator<readonly [origin: Origin, estimates: readonly TrackEstimate[]]> {
    for (const [origin, { tracker }] of this.#sides) yield [origin, tracker.tracks(timeUs / 1e6)];
  }

  /** Sensors with the errors that were found, named `source/sensor`. */
  *sensors(): IterableIterator<SensorState> {
    for (const { tracker } of this.#sides.values()) yield* tracker.sensors();
  }

  /** Counts of all origins together. */
  counts(): TrackerCounts | undefined {
    let sum: Record<string, number> | undefined;
    for (const { tracker } of this.#sides.values()) {
      sum ??= {};
      for (const [key, value] of Object.entries(tracker.counts)) sum[key] = (sum[key] ?? 0) + Number(value);
    }
    return sum as TrackerCounts | undefined;
  }

  get isEmpty(): boolean {
    for (const { tracker, waiting } of this.#sides.values()) if (waiting.size > 0 || tracker.counts.tracks > 0) return false;
    return true;
  }

  image(): readonly FusionImage[] {
    return [...this.#sides].map(([origin, { tracker, measures, claims, waiting }]) => ({
      origin,
      tracker: tracker.save(),
      measures,
      claims,
      waiting: [...waiting],
    }));
  }

  /** Throws when it is none of ours. */
  restore(image: readonly FusionImage[]): void {
    for (const { origin, tracker: saved, measures, claims, waiting } of image) {
      const tracker = Tracker.resume(saved, this.#trackerSettings());
      if (tracker === undefined) throw new Error("no tracker in the snapshot");
      this.#sides.set(origin, { tracker, measures, claims, waiting: new Map(waiting) });
    }
  }
}
