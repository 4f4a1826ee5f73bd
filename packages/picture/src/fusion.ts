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
import type { Origin } from "./entry.ts";
import type { LatLon } from "./place.ts";
import { type Measurement, rangeTogether } from "./reports/meaning.ts";
import type { Report } from "./said.ts";
import type { Settings } from "./settings.ts";

/** A broadcast position waiting for the tick: of each emitter the newest only. */
interface Claim {
  readonly sensor: string;
  readonly kind: "remoteid" | "adsb";
  /** The name under which the tracker knows who claims it. */
  readonly identity: string;
  readonly place: LatLon;
  readonly report: Report;
  readonly measuredUs: number;
  readonly arrivedUs: number;
}

/** Claims that wait for one tick at most; beyond, those of emitters heard first stay. */
const MAX_WAITING = 5000;
/** Tracks that nothing arrives for are told again after this, each at its turn so that no tick has to tell all: they coast. */
const TELL_EVERY_US = 1_000_000;
/** News is of what was detected lately; the rest can wait. */
const NEWS_S = 2;
/** Horizontal error where a broadcast states none, and height error where it gives no height, m (1σ). */
const UNSTATED_ERROR_M = 10;
const NO_HEIGHT_SIGMA_M = 200;
/** A pressure altitude taken as a height above the sea: 10 hPa from the standard are 85 m, and more on a bad day (1σ). Ours. */
const PRESSURE_SIGMA_M = 150;
/** Heights of satellite receivers, in steps of 25 ft, m (1σ). */
const LEAST_HEIGHT_SIGMA_M = 10;
/** Errors in m (1σ) beyond which a broadcast is not believed to be worse, by drones and by aircraft. */
const WORST_SIGMA_M = { remoteid: 100, adsb: 2000 } as const;
/** Whatever was seen is long gone after this time without another word of anything. */
const QUIET_US = 600_000_000;
/** Nobody sees a small drone further off than this, m. */
const REPORT_REACH_M = 6000;
/** Who looks further down than this looks at the ground. */
const LOWEST_DEG = -30;
/** How far the ground under a reporter may lie from that under the nearest sensor, m; ours, for towns. */
const GROUND_SIGMA_M = 20;
/** What arrival lags behind the aircraft's position: the batch, the receiver, the tick, s (1σ). */
const AIRCRAFT_LAG_S = 0.15;
/** 95 % of a circular error in its standard deviations. */
const SIGMAS_95 = 2.45;

/** Name of the sensor, `SOURCE/cot`, that stands for another system's tracks. */
export const SYSTEM_SENSOR = "cot";
/** A sensor's errors as the tracker found them; those beyond their stated limits are not applied. */
export interface SensorErrors extends SensorState {
  readonly beyond: readonly ("range" | "azimuth" | "clock")[];
}

interface Side {
  readonly tracker: Tracker;
  readonly waiting: Map<string, Claim>;
  /** Sensors that measure, as opposed to those that repeat a claim: without any, claims have nothing to be weighed against. */
  measures: boolean;
  claims: number;
  /** Something has arrived since tracks were last told. */
  news: boolean;
  /** When anything arrived last, µs. */
  inputUs: number;
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

/** What one origin's tracker tells at one tick. */
export interface Told {
  readonly origin: Origin;
  readonly estimates: readonly TrackEstimate[];
  /** Bodies with such a label are all among the estimates. */
  readonly isDue: (label: number) => boolean;
  /** All claims that no body agrees with are among them. */
  readonly claims: boolean;
}

export interface FusionImage {
  readonly origin: Origin;
  readonly tracker: SavedTracker;
  readonly measures: boolean;
  readonly claims: number;
  readonly news: boolean;
  readonly inputUs: number;
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
      side = {
        tracker: new Tracker(this.#trackerSettings()),
        waiting: new Map(),
        measures: false,
        claims: 0,
        news: false,
        inputUs: 0,
      };
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
    const side = this.#side(origin);
    side.news = true;
    side.tracker.detect({ ...detection, sensor: `${source}/${detection.sensor}` }, arrivedUs / 1e6);
  }

  scanEnd(origin: Origin, source: string, scan: ScanEnd, arrivedUs: number): void {
    const side = this.#side(origin);
    side.news = true;
    side.tracker.scanEnd({ ...scan, sensor: `${source}/${scan.sensor}` }, arrivedUs / 1e6);
  }

  /**
   * What a person says of something: direction, range and, where it was told, elevation from where they stand, as soft as they are. Each takes one of a few places in the tracker,
   * since people move and are many. What comes late, or at a time that is not sure, the tracker weighs against where tracks were and moves nothing by.
   */
  report(
    origin: Origin,
    slot: number,
    id: string,
    place: LatLon,
    groundM: number,
    measurement: Measurement,
    timeUs: number,
    arrivedUs: number,
  ): void {
    const { azimuth, elevation, placeSigmaM, timeSigmaS } = measurement;
    if (azimuth === undefined) return;
    const side = this.#side(origin);
    side.news = true;
    const sensor = `reports/${slot}`;
    const up = elevation !== undefined && elevation.deg >= LOWEST_DEG ? elevation : undefined;
    side.tracker.declare({
      id: sensor,
      kind: "human",
      ...{ latDeg: place.latDeg, lonDeg: place.lonDeg },
      haeM: groundM,
      measures: ["range_m", "az_deg", ...(up === undefined ? [] : (["el_deg"] as const))],
      sigma: [undefined, undefined, ...(up === undefined ? [] : [undefined])],
      ...(up === undefined ? {} : { fov: { elDeg: [LOWEST_DEG, 90] as const } }),
      maxRangeM: REPORT_REACH_M,
      pd: 0.5,
      falseAlarmsPerScan: 0.5,
    });
    const { medianM, logSigma } = rangeTogether(measurement);
    // A filter takes normal errors: mean and deviation of what is log-normal, with the deviation bounded so that the step stays straight.
    const rangeM = Math.min(REPORT_REACH_M / 2, medianM * Math.exp((logSigma * logSigma) / 2));
    const rangeSigmaM = rangeM * Math.min(0.8, Math.sqrt(Math.exp(logSigma * logSigma) - 1));
    const azimuthSigmaDeg = Math.min(90, Math.hypot(azimuth.sigmaDeg, (placeSigmaM / rangeM) * (180 / Math.PI)));
    // How high the ground lies under the reporter is known by the nearest sensor's height only.
    const elevationSigmaDeg =
      up === undefined ? 0 : Math.min(60, Math.hypot(up.sigmaDeg, Math.atan2(GROUND_SIGMA_M, rangeM) * (180 / Math.PI)));
    side.tracker.detect(
      {
        id,
        sensor,
        timeS: timeUs / 1e6,
        z: [rangeM, azimuth.deg, ...(up === undefined ? [] : [up.deg])],
        variance: [rangeSigmaM * rangeSigmaM, azimuthSigmaDeg * azimuthSigmaDeg, ...(up === undefined ? [] : [elevationSigmaDeg ** 2])],
        timeSigmaS,
      },
      arrivedUs / 1e6,
    );
  }

  /** A broadcast position of an emitter. Weighed at the next tick, where there is a sensor to weigh it against. */
  claim(origin: Origin, source: string, place: LatLon, emitter: string, report: Report, measuredUs: number, arrivedUs: number): void {
    const sensor = `${source}/remote-id`;
    this.#wait(origin, emitter, { sensor, kind: "remoteid", identity: emitter, place, report, measuredUs, arrivedUs });
  }

  /** The same of an aircraft's transponder: `name` is its address. It stands for a body even where no sensor measures one. */
  aircraft(origin: Origin, source: string, place: LatLon, emitter: string, name: string, report: Report, timeUs: number): void {
    const sensor = `${source}/adsb`;
    this.#wait(origin, emitter, { sensor, kind: "adsb", identity: name, place, report, measuredUs: timeUs, arrivedUs: timeUs });
  }

  #wait(origin: Origin, emitter: string, claim: Claim): void {
    const side = this.#sides.get(origin);
    if (side === undefined || !side.measures) return;
    if (side.waiting.size >= MAX_WAITING && !side.waiting.has(emitter)) return;
    side.news = true;
    side.waiting.set(emitter, claim);
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
      for (const claim of side.waiting.values()) this.#tell(side, claim);
      side.waiting.clear();
      side.tracker.advance(timeUs / 1e6);
    }
  }

  #tell(side: Side, { sensor, kind, identity, place, report, measuredUs, arrivedUs }: Claim): void {
    side.tracker.declare({
      id: sensor,
      kind,
      latDeg: place.latDeg,
      lonDeg: place.lonDeg,
      haeM: 0,
      measures: ["lat_deg", "lon_deg", "alt_m"],
      sigma: [undefined, undefined, undefined],
      selfReported: true,
    });
    const { latDeg, lonDeg, courseDeg, speedMps, verticalSpeedMps, errorM, heightHaeM, heightMslM, transponder } = report;
    const seaM = heightMslM ?? transponder?.heightPressureM;
    const haeM = heightHaeM ?? (seaM === undefined ? undefined : haeFromMslM(latDeg, lonDeg, seaM));
    const ownM = Math.min(WORST_SIGMA_M[kind], Math.max(1, (errorM ?? UNSTATED_ERROR_M * SIGMAS_95) / SIGMAS_95));
    const sigmaM = transponder === undefined ? ownM : Math.hypot(ownM, AIRCRAFT_LAG_S * (speedMps ?? 0));
    let heightSigmaM = 2 * ownM;
    if (haeM === undefined) heightSigmaM = NO_HEIGHT_SIGMA_M;
    else if (transponder !== undefined)
      heightSigmaM = heightHaeM === undefined ? PRESSURE_SIGMA_M : Math.max(LEAST_HEIGHT_SIGMA_M, 2 * ownM);
    const course = ((courseDeg ?? 0) * Math.PI) / 180;
    side.claims += 1;
    side.tracker.detect(
      {
        id: String(side.claims),
        sensor,
        timeS: measuredUs / 1e6,
        z: [latDeg, lonDeg, haeM ?? 0],
        variance: [sigmaM * sigmaM, sigmaM * sigmaM, heightSigmaM * heightSigmaM],
        identity,
        velocityEnuMps:
          courseDeg === undefined || speedMps === undefined
            ? undefined
            : [speedMps * Math.sin(course), speedMps * Math.cos(course), verticalSpeedMps ?? 0],
      },
      arrivedUs / 1e6,
    );
  }

  /**
   * What the tracker of each origin tells at a tick: bodies, those that are not sure yet too, and claims that no body agrees with. Those bodies of which
   * there is news: their danger waits for nothing; and a share of all, so that each is told once a second. Between, tracks go straight on, which those
   * who show them can work out themselves.
   */
  *estimates(timeUs: number, isNews: (origin: Origin, label: number, lastHitS: number) => boolean): IterableIterator<Told> {
    const { tentativeExistence, tickUs } = this.#settings;
    const turns = Math.max(1, Math.round(TELL_EVERY_US / tickUs));
    const turn = Math.floor(timeUs / tickUs) % turns;
    const isDue = (label: number): boolean => label % turns === turn;
    const atS = timeUs / 1e6;
    for (const [origin, side] of this.#sides) {
      const { news } = side;
      if (news) side.inputUs = timeUs;
      side.news = false;
      const wanted = (label: number, lastHitS: number, existence: number): boolean =>
        isDue(label) || (news && existence >= tentativeExistence && atS - lastHitS < NEWS_S && isNews(origin, label, lastHitS));
      yield { origin, estimates: side.tracker.tracks(atS, { tentative: true, wanted, claims: turn === 0 }), isDue, claims: turn === 0 };
    }
  }

  /** Sensors with the errors that were found, named `source/sensor`. */
  *sensors(): IterableIterator<SensorErrors> {
    for (const { tracker } of this.#sides.values()) {
      const [rangeM, azimuthRad, clockS] = tracker.settings.bias.limit;
      for (const state of tracker.sensors()) {
        const beyond: SensorErrors["beyond"][number][] = [];
        if (Math.abs(state.rangeBiasM) > rangeM) beyond.push("range");
        if (Math.abs(state.azimuthBiasDeg) > (azimuthRad * 180) / Math.PI) beyond.push("azimuth");
        if (Math.abs(state.clockBiasS) > clockS) beyond.push("clock");
        yield { ...state, beyond };
      }
    }
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

  /** Nothing is left that time alone could change: no tracks, or none but those that nothing has spoken of for so long that nobody is told of them. */
  isIdle(timeUs: number): boolean {
    for (const { tracker, waiting, news, inputUs } of this.#sides.values())
      if (waiting.size > 0 || news || (tracker.counts.tracks > 0 && timeUs - inputUs < QUIET_US)) return false;
    return true;
  }

  image(): readonly FusionImage[] {
    return [...this.#sides].map(([origin, { tracker, measures, claims, news, inputUs, waiting }]) => ({
      origin,
      tracker: tracker.save(),
      measures,
      claims,
      news,
      inputUs,
      waiting: [...waiting],
    }));
  }

  /** Throws when it is none of ours. */
  restore(image: readonly FusionImage[]): void {
    for (const { origin, tracker: saved, waiting, ...kept } of image) {
      const tracker = Tracker.resume(saved, this.#trackerSettings());
      if (tracker === undefined) throw new Error("no tracker in the snapshot");
      this.#sides.set(origin, { ...kept, tracker, waiting: new Map(waiting) });
    }
  }
}
