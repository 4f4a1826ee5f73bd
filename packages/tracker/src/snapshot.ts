// A tracker put away and taken up again: the oldest state that late data could still go back to, and the frames since, so that what comes after a
// restart is worked in exactly as it would have been.
import type { EnuFrame } from "@atalaya/geodesy";
import type { Claim } from "./claims.ts";
import type { FilterState, Load } from "./filter-state.ts";
import type { History } from "./history.ts";
import type { SensorDeclaration } from "./input.ts";
import type { Intake, IntakeCounts } from "./intake.ts";
import { FIELD_NAMES } from "./pool.ts";
import { packNumbers, unpackNumbers } from "./saved.ts";
import { teachClutter } from "./scan-update.ts";
import type { Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { Frame, ROW_STRIDE } from "./timeline.ts";
import type { Window, WindowCounts } from "./window.ts";

const VERSION = 4;

interface SavedFrame {
  /** Its place among the sensors, and after them the retired ones. */
  readonly sensor: number;
  readonly timeS: number;
  readonly scan: number;
  readonly sector: number;
  readonly closed: boolean;
  readonly looked: boolean;
  readonly az: readonly [number, number];
  readonly openedS: number;
  readonly capS: number;
  readonly aheadS: number;
  readonly serial: number;
  readonly bearingSensors: number;
  readonly late?: true;
  readonly ids: readonly string[];
  readonly identity: readonly number[];
  readonly hasVelocity: readonly number[];
  readonly z: string;
  readonly variance: string;
  readonly time: string;
  readonly odds: string;
}

interface SavedSensor {
  readonly declaration: SensorDeclaration;
  /** Absent before anything was heard. */
  readonly leastDelayS?: number;
  readonly lastHeardS?: number;
  readonly rate?: readonly [second: number, frames: number];
  /** Absent before the first scan. */
  readonly clutter?: {
    readonly scans: number;
    readonly epochs: readonly number[];
    readonly epochScans: readonly number[];
    readonly counts: string;
  };
}

export interface SavedTracker {
  readonly version: number;
  readonly origin: { readonly latDeg: number; readonly lonDeg: number } | null;
  readonly sensors: readonly SavedSensor[];
  /** Sensors as they were before they were declared anew, as far as frames of theirs may still be worked in. */
  readonly retired: readonly (SavedSensor & { readonly index: number })[];
  readonly sensorsRefused: number;
  readonly shed: number;
  readonly nowS: number | null;
  readonly newestInputS: number | null;
  readonly serial: number;
  readonly counts: IntakeCounts;
  readonly seen: readonly (readonly [string, readonly string[]])[];
  readonly identities: readonly (readonly [name: string, number: number])[];
  readonly nextIdentity: number;
  readonly tracks: number;
  readonly pool: Readonly<Record<string, string>>;
  readonly hypotheses: { readonly answers: number; readonly numbers: string };
  readonly claims: readonly Claim[];
  readonly arrivals: string;
  readonly load: Load;
  readonly bias: {
    readonly sensors: readonly number[];
    readonly timeS: number | null;
    readonly x: string;
    readonly p: string;
    readonly pairs: string;
  };
  /** The saved state is that before the first; so many had been worked in. */
  readonly frames: readonly SavedFrame[];
  readonly done: number;
  /** Scans from before these that bearings may still meet, with how far theirs are free. */
  readonly past: readonly (readonly [SavedFrame, string])[];
  readonly settledS: number | null;
  readonly worked: WindowCounts;
  readonly open: readonly (readonly [string, SavedFrame | number])[];
  readonly history: readonly (readonly [label: number, numbers: string])[];
}

interface Parts {
  readonly sensors: readonly Sensor[];
  readonly intake: Intake;
  readonly window: Window;
  readonly history: History;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function saveFrame(frame: Frame, sensor: number): SavedFrame {
  const { count } = frame;
  const odds = new Float64Array(count * 2);
  odds.set(frame.birdOdds.subarray(0, count));
  odds.set(frame.aircraftOdds.subarray(0, count), count);
  return {
    sensor,
    timeS: frame.timeS,
    scan: frame.scan,
    sector: frame.sector,
    closed: frame.closed,
    looked: frame.looked,
    az: [frame.azFromRad, frame.azSpanRad],
    openedS: finite(frame.openedS) ?? 0,
    capS: finite(frame.capS) ?? 0,
    aheadS: finite(frame.aheadS) ?? 0,
    serial: frame.serial,
    bearingSensors: frame.bearingSensors,
    ...(frame.late ? { late: true } : {}),
    ids: frame.ids.slice(0, count),
    identity: [...frame.identity.subarray(0, count)],
    hasVelocity: [...frame.hasVelocity.subarray(0, count)],
    z: packNumbers(frame.z.subarray(0, count * ROW_STRIDE)),
    variance: packNumbers(frame.variance.subarray(0, count * ROW_STRIDE)),
    time: packNumbers(frame.time.subarray(0, count)),
    odds: packNumbers(odds),
  };
}

function resumeFrame(saved: SavedFrame, sensors: readonly Sensor[]): Frame | undefined {
  const sensor = sensors[saved.sensor];
  const z = unpackNumbers(saved.z);
  const variance = unpackNumbers(saved.variance);
  const time = unpackNumbers(saved.time);
  const odds = unpackNumbers(saved.odds);
  if (sensor === undefined || z === undefined || variance === undefined || time === undefined || odds === undefined) return undefined;
  const frame = new Frame(sensor);
  saved.ids.forEach((id, k) => frame.add(id, time[k] ?? 0));
  frame.timeS = saved.timeS;
  frame.scan = saved.scan;
  frame.sector = saved.sector;
  frame.closed = saved.closed;
  frame.looked = saved.looked;
  [frame.azFromRad, frame.azSpanRad] = saved.az;
  frame.openedS = saved.openedS;
  frame.capS = saved.capS;
  frame.aheadS = saved.aheadS;
  frame.late = saved.late === true;
  frame.serial = saved.serial;
  frame.bearingSensors = saved.bearingSensors;
  frame.z.set(z.subarray(0, frame.count * ROW_STRIDE));
  frame.variance.set(variance.subarray(0, frame.count * ROW_STRIDE));
  frame.identity.set(saved.identity.slice(0, frame.count));
  frame.hasVelocity.set(saved.hasVelocity.slice(0, frame.count));
  frame.birdOdds.set(odds.subarray(0, frame.count));
  frame.aircraftOdds.set(odds.subarray(frame.count, frame.count * 2));
  return frame;
}

function saveSensor({ declaration, leastDelayS, lastHeardS, rateSecond, rateFrames, clutter }: Sensor): SavedSensor {
  const { scans, epochs, epochScans, counts } = clutter.save();
  return {
    declaration,
    ...(Number.isFinite(leastDelayS) ? { leastDelayS } : {}),
    ...(Number.isFinite(lastHeardS) ? { lastHeardS } : {}),
    ...(Number.isFinite(rateSecond) ? { rate: [rateSecond, rateFrames] } : {}),
    ...(scans === 0 ? {} : { clutter: { scans, epochs, epochScans, counts: packNumbers(counts) } }),
  };
}

export function saveTracker({
  frame,
  sensors,
  intake,
  window,
  history,
  counts,
  shed,
  sensorsRefused,
}: Parts & {
  readonly frame: EnuFrame | undefined;
  readonly counts: WindowCounts;
  readonly shed: number;
  readonly sensorsRefused: number;
}): SavedTracker {
  const { state, done } = window.base();
  const { frames, past } = window;
  const all = [...new Set([...sensors, ...[...past, ...frames, ...intake.open.values()].map((one) => one.sensor)])];
  const places = new Map(all.map((sensor, place) => [sensor, place]));
  const placeOf = (one: Frame): number => places.get(one.sensor) ?? 0;
  // Maps and free bearings as they were before the frames that are worked in again when the tracker is taken up.
  const counted = frames.filter((one) => one.counted);
  for (const one of counted) teachClutter(one, -1);
  const takeUp = layDown(frames);
  const savedSensors = all.map(saveSensor);
  const savedPast = past.map((one) => [saveFrame(one, placeOf(one)), packNumbers(one.spare.subarray(0, one.count))] as const);
  takeUp();
  for (const one of counted) teachClutter(one, 1);
  const { pool, claims, arrivals, bias, hypotheses, load } = state;
  const { answers, numbers: answered } = hypotheses.save();
  const { sensors: biased, timeS, x, p, pairs } = bias.save();
  return {
    version: VERSION,
    origin: frame === undefined ? null : { latDeg: frame.latDeg, lonDeg: frame.lonDeg },
    sensors: savedSensors.slice(0, sensors.length),
    retired: savedSensors.slice(sensors.length).map((saved, k) => ({ ...saved, index: all[sensors.length + k]?.index ?? 0 })),
    sensorsRefused,
    shed,
    nowS: finite(intake.nowS),
    newestInputS: finite(intake.newestInputS),
    serial: intake.serial,
    counts: { ...intake.counts },
    seen: [...intake.seen].map(([sensor, ids]) => [sensor, [...ids]]),
    identities: [...intake.identities],
    nextIdentity: intake.nextIdentity,
    tracks: pool.count,
    pool: Object.fromEntries(FIELD_NAMES.map((name) => [name, packNumbers(pool.used(name))])),
    hypotheses: { answers, numbers: packNumbers(answered) },
    claims: [...claims.all()].map((claim) => ({ ...claim, place: [...claim.place] })),
    arrivals: packNumbers(arrivals.numbers),
    load: { ...load },
    bias: { sensors: biased, timeS, x: packNumbers(x), p: packNumbers(p), pairs: packNumbers(pairs) },
    frames: frames.map((one) => saveFrame(one, placeOf(one))),
    done,
    past: savedPast,
    settledS: finite(window.settledS),
    worked: { ...counts },
    // A scan that is on the timeline already is named by its place there.
    open: [...intake.open].map(([key, open]) => {
      const place = frames.indexOf(open);
      return [key, place >= 0 ? place : saveFrame(open, placeOf(open))];
    }),
    history: history.save(frames[0]?.timeS ?? Number.POSITIVE_INFINITY).map(([label, numbers]) => [label, packNumbers(numbers)]),
  };
}

/** Fills the parts of a new tracker; false when what was saved cannot be read. */
export function resumeTracker(
  saved: SavedTracker,
  settings: TrackerSettings,
  parts: Parts & {
    readonly state: FilterState;
    readonly declare: (declaration: SensorDeclaration) => boolean;
    readonly retired: (index: number, declaration: SensorDeclaration) => Sensor | undefined;
  },
): boolean {
  if (saved.version !== VERSION) return false;
  const { sensors, intake, window, history, state } = parts;
  for (const one of saved.sensors) {
    if (!parts.declare(one.declaration)) return false;
    const sensor = sensors.at(-1);
    if (sensor === undefined || !resumeSensor(one, sensor)) return false;
  }
  const all = [...sensors];
  for (const one of saved.retired) {
    const sensor = parts.retired(one.index, one.declaration);
    if (sensor === undefined || !resumeSensor(one, sensor)) return false;
    all.push(sensor);
  }
  intake.nowS = saved.nowS ?? Number.NEGATIVE_INFINITY;
  intake.newestInputS = saved.newestInputS ?? Number.NEGATIVE_INFINITY;
  intake.serial = saved.serial;
  Object.assign(intake.counts, saved.counts);
  for (const [sensor, ids] of saved.seen) intake.seen.set(sensor, new Set(ids));
  intake.nextIdentity = saved.nextIdentity;
  for (const [name, number] of saved.identities) {
    intake.identityNames.set(number, name);
    intake.identities.set(name, number);
  }
  const filled = state.pool.fill(saved.tracks, (name) => {
    const text = saved.pool[name];
    return text === undefined ? undefined : unpackNumbers(text);
  });
  const answered = unpackNumbers(saved.hypotheses.numbers);
  const arrivals = unpackNumbers(saved.arrivals);
  const x = unpackNumbers(saved.bias.x);
  const p = unpackNumbers(saved.bias.p);
  const pairs = unpackNumbers(saved.bias.pairs);
  if (!filled || answered === undefined || arrivals === undefined || x === undefined || p === undefined || pairs === undefined) {
    return false;
  }
  if (!state.hypotheses.restore(saved.hypotheses.answers, answered)) return false;
  state.arrivals.numbers = arrivals;
  Object.assign(state.load, saved.load);
  if (!state.bias.restore({ sensors: saved.bias.sensors, timeS: saved.bias.timeS, x, p, pairs })) return false;
  state.claims.copyFrom(saved.claims);
  const frames: Frame[] = [];
  for (const one of saved.frames) {
    const frame = resumeFrame(one, all);
    if (frame === undefined) return false;
    frames.push(frame);
  }
  const past: Frame[] = [];
  for (const [one, free] of saved.past) {
    const frame = resumeFrame(one, all);
    const spare = unpackNumbers(free);
    if (frame === undefined || spare?.length !== frame.count) return false;
    frame.spare.set(spare);
    past.push(frame);
  }
  if (frames.length > settings.maxFrames * 2) return false;
  for (const [key, one] of saved.open) {
    const frame = typeof one === "number" ? frames[one] : resumeFrame(one, all);
    if (frame === undefined) return false;
    frame.key = key;
    intake.open.set(key, frame);
  }
  const rings: [number, Float64Array][] = [];
  for (const [label, text] of saved.history) {
    const numbers = unpackNumbers(text);
    if (numbers === undefined) return false;
    rings.push([label, numbers]);
  }
  history.restore(rings);
  const { done, settledS, worked } = saved;
  window.resume(frames, past, { done, settledS: settledS ?? Number.NEGATIVE_INFINITY, counts: worked }, sensors);
  return true;
}

function resumeSensor({ leastDelayS, lastHeardS, rate, clutter }: SavedSensor, sensor: Sensor): boolean {
  if (rate !== undefined) [sensor.rateSecond, sensor.rateFrames] = rate;
  if (leastDelayS !== undefined) sensor.leastDelayS = leastDelayS;
  if (lastHeardS !== undefined) sensor.lastHeardS = lastHeardS;
  if (clutter === undefined) return true;
  const counts = unpackNumbers(clutter.counts);
  return counts !== undefined && sensor.clutter.restore({ ...clutter, counts });
}

/** Gives back all bearings that births of these frames used up; what it returns uses them up again. */
function layDown(frames: readonly Frame[]): () => void {
  const now: { readonly frame: Frame; readonly j: number; readonly spare: number }[] = [];
  for (const { spent } of frames) for (const { frame, j } of spent) now.push({ frame, j, spare: frame.spare[j] });
  for (const { spent } of [...frames].reverse()) for (const { frame, j, was } of [...spent].reverse()) frame.spare[j] = was;
  return () => {
    for (const { frame, j, spare } of now) frame.spare[j] = spare;
  };
}
