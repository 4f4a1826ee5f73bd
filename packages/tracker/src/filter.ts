// The filter: how a frame changes what it knows.
import { giveBack } from "./bearings.ts";
import { markConfirmed } from "./estimates.ts";
import { FilterState } from "./filter-state.ts";
import { FixUpdate } from "./fix-update.ts";
import type { History } from "./history.ts";
import { workLateReport } from "./late-report.ts";
import { Motion } from "./motion.ts";
import type { TrackPool } from "./pool.ts";
import { workPresence } from "./presence-update.ts";
import { ScanUpdate, teachClutter } from "./scan-update.ts";
import { givesBearings, type Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import type { Frame } from "./timeline.ts";

/** Without a detection of its own for this long a track is lost, one that never proved real sooner, s. */
const LOST_S = 120;
const NEVER_PROVED_S = 15;
const NEVER_PROVED_PERIODS = 5;
/**
 * Comparisons of tracks with frames in one second at most: about what a processor can do in one with some of it worked again. In a second that needs
 * more only so many tracks are kept that nothing has confirmed.
 */
const BUDGET = 300_000;
const KEPT_UNDER_LOAD = 1000;

/** The newest frames that give bearings, one of each sensor: what the answers leave free of a sensor's bearings is kept for its newest frame. */
function newestOf(earlier: Iterable<Frame>, timeS: number): readonly Frame[] {
  const newest: Frame[] = [];
  for (const frame of earlier) {
    if (timeS - frame.timeS > LONGEST_ROUND_S || newest.length >= MOST_SENSORS) break;
    if (givesBearings(frame.sensor) && !newest.some(({ sensor }) => sensor.index === frame.sensor.index)) newest.push(frame);
  }
  return newest;
}
const LONGEST_ROUND_S = 10;
const MOST_SENSORS = 64;

/** Whether a track has proved real, or was told as an object. */
function isKnown(pool: TrackPool, slot: number): boolean {
  return pool.proved[slot] === 1 || pool.confirmed[slot] === 1;
}

export class Filter {
  readonly #settings: TrackerSettings;
  readonly #history: History;
  readonly motion: Motion;
  readonly #scans: ScanUpdate;
  readonly #fixes: FixUpdate;
  readonly state: FilterState;
  /** Unconfirmed tracks dropped since there were too many. */
  shed = 0;

  constructor(settings: TrackerSettings, history: History) {
    this.#settings = settings;
    this.#history = history;
    this.motion = new Motion(settings);
    this.#scans = new ScanUpdate(settings, this.motion);
    this.#fixes = new FixUpdate(settings, this.motion);
    this.state = new FilterState(settings);
  }

  /** Works a frame in. `earlier`: frames before it, the newest first. */
  work(frame: Frame, sensors: readonly Sensor[], earlier: () => Iterable<Frame>): void {
    const { style } = frame.sensor;
    if (frame.late) workLateReport(frame, this.state, this.#history, this.#settings);
    else if (style === "presence") workPresence(frame, this.state, this.motion, this.#settings);
    else if (givesBearings(frame.sensor)) this.#workBearings(frame, sensors, earlier);
    else if (style !== "fix") this.#scans.work(frame, this.state, this.state.pool, sensors, earlier());
    else if (frame.identity[0] >= 0) this.#fixes.workClaim(frame, this.state, sensors);
    else this.#fixes.workFix(frame, this.state);
    this.#drop(this.state.pool, frame.timeS, sensors);
    markConfirmed(this.state.pool, this.#settings);
  }

  /** Bearings leave much open: several answers are kept, and what stands is their average. */
  #workBearings(frame: Frame, sensors: readonly Sensor[], earlier: () => Iterable<Frame>): void {
    const { state } = this;
    const { pool, hypotheses } = state;
    const { timeS } = frame;
    if (!hypotheses.prepare(pool, frame.bearingSensors, this.#settings)) {
      this.#scans.work(frame, state, pool, sensors, earlier());
      return;
    }
    hypotheses.challenge(timeS, this.#settings);
    const newest = newestOf(earlier(), timeS);
    hypotheses.each((one, lots) => {
      one.logWeight += this.#scans.work(frame, state, one.pool, sensors, newest, { lots, spareOf: (other) => one.spareOf(other) });
      this.#drop(one.pool, timeS, sensors);
    });
    this.#scans.work(frame, state, pool, sensors, newest, undefined, false);
    hypotheses.summarise(hypotheses.settle(), pool);
  }

  /** Takes back what a frame changed outside the state: its sensor's clutter map, and bearings of others. The newest frame first. */
  takeBack(frame: Frame): void {
    giveBack(frame);
    if (!frame.counted) return;
    teachClutter(frame, -1);
    frame.counted = false;
  }

  /** Whether the second that a frame belongs to is one of more work than there is time. */
  #isOverloaded(timeS: number): boolean {
    const { load } = this.state;
    const second = Math.floor(timeS);
    if (second !== load.second) {
      load.second = second;
      load.tracks = 0;
    }
    return load.tracks > BUDGET;
  }

  /** Drops what hardly exists or is lost, and above the limit, or under too much load, the least likely that were never confirmed. */
  #drop(pool: TrackPool, timeS: number, sensors: readonly Sensor[]): void {
    const { dropBelow, maxTracks } = this.#settings;
    let unsure = 0;
    for (let slot = pool.count - 1; slot >= 0; slot -= 1) {
      const known = isKnown(pool, slot);
      const silentS = timeS - pool.lastHit[slot];
      const lost =
        silentS > NEVER_PROVED_S && silentS > (known ? LOST_S : NEVER_PROVED_PERIODS * (sensors[pool.bornBy[slot]]?.periodS ?? 0));
      if (!(pool.existence[slot] >= dropBelow) || lost) pool.remove(slot);
      else if (!known) unsure += 1;
    }
    const overload = this.#isOverloaded(timeS) ? Math.max(0, unsure - KEPT_UNDER_LOAD) : 0;
    const over = Math.min(unsure, Math.max(pool.count - maxTracks, overload));
    if (over <= 0) return;
    const spare = new Float64Array(unsure);
    let n = 0;
    for (let slot = 0; slot < pool.count; slot += 1) {
      if (isKnown(pool, slot)) continue;
      spare[n] = pool.existence[slot];
      n += 1;
    }
    spare.sort();
    const limit = spare[over - 1] ?? -1;
    const keep = pool.count - over;
    for (let slot = pool.count - 1; slot >= 0 && pool.count > keep; slot -= 1) {
      if (!isKnown(pool, slot) && pool.existence[slot] <= limit) {
        pool.remove(slot);
        this.shed += 1;
      }
    }
  }
}
