// The last seconds of what was measured, in the order of measurement, with the state of the filter before some of it: what comes late is put in
// its place, and only what followed it is worked out again.
import type { Filter } from "./filter.ts";
import { FilterState } from "./filter-state.ts";
import { HISTORY_STEP_S, type History } from "./history.ts";
import { givesBearings, type Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { before, Frame } from "./timeline.ts";

interface Snapshot {
  /** Frames that it has seen. */
  at: number;
  readonly state: FilterState;
}

/** Sensors whose last scan is kept beyond the window. */
const MOST_PAST = 64;

/** Whether a boundary of steps of this length lies between two times. */
function crosses(fromS: number, toS: number, stepS: number): boolean {
  return Math.floor(fromS / stepS) !== Math.floor(toS / stepS);
}

export class Window {
  readonly #settings: TrackerSettings;
  readonly #filter: Filter;
  readonly #history: History;
  /** In order of measurement; those before #done have been worked in. */
  frames: Frame[] = [];
  /** Let go of, but bearings may still meet theirs: one of each sensor, oldest first. */
  past: Frame[] = [];
  #done = 0;
  #snapshots: Snapshot[] = [];
  readonly #spareFrames: Frame[] = [];
  readonly #spareStates: FilterState[] = [];
  /** Frames worked in, and of them those worked in again. */
  worked = 0;
  reworked = 0;

  constructor(settings: TrackerSettings, filter: Filter, history: History) {
    this.#settings = settings;
    this.#filter = filter;
    this.#history = history;
  }

  /** A frame to fill: used ones come back. */
  fresh(sensor: Sensor): Frame {
    const frame = this.#spareFrames.pop() ?? new Frame(sensor);
    frame.sensor = sensor;
    frame.count = 0;
    frame.ids.length = 0;
    frame.closed = false;
    frame.counted = false;
    frame.looked = false;
    frame.key = "";
    frame.aheadS = 0;
    return frame;
  }

  /** Puts a frame in its place. */
  insert(frame: Frame): void {
    const { frames } = this;
    let at = frames.length;
    while (at > 0) {
      const other = frames[at - 1];
      if (other === undefined || !before(frame, other)) break;
      at -= 1;
    }
    // At the very end of what was worked in there may stand a snapshot: it stands before another frame now.
    if (at < this.#done || (this.#snapshots.at(-1)?.at ?? -1) >= at) this.#goBack(at);
    frames.splice(at, 0, frame);
  }

  /** A frame that is on the timeline is about to change: what followed it must be worked out again. */
  changing(frame: Frame): void {
    const at = this.frames.lastIndexOf(frame);
    if (at >= 0 && at < this.#done) this.#goBack(at);
  }

  /** Goes back to the newest snapshot that had not seen frame `at`. */
  #goBack(at: number): void {
    const snapshots = this.#snapshots;
    let newest = snapshots.at(-1);
    // Snapshots stand where the order of the frames puts them, so the one right before the change goes as well.
    while (newest !== undefined && newest.at >= at && snapshots.length > 1) {
      snapshots.pop();
      this.#spareStates.push(newest.state);
      newest = snapshots.at(-1);
    }
    if (newest === undefined) return;
    for (let k = newest.at; k < this.#done; k += 1) {
      const frame = this.frames[k];
      if (frame !== undefined) this.#filter.takeBack(frame);
    }
    this.#filter.state.copyFrom(newest.state);
    this.#done = newest.at;
  }

  /** Works in all frames that have not been. */
  work(sensors: readonly Sensor[]): void {
    while (this.#done < this.frames.length) {
      const frame = this.frames[this.#done];
      if (frame === undefined) break;
      const last = this.frames[this.#done - 1];
      // At fixed times of the frames, not counted from the last one: whatever way the frames came, the same states are kept.
      if (this.#snapshots.length === 0 || last === undefined || crosses(last.timeS, frame.timeS, this.#settings.snapshotS)) {
        if (this.#snapshots.at(-1)?.at !== this.#done) {
          const state = this.#spareStates.pop() ?? new FilterState(this.#settings);
          state.copyFrom(this.#filter.state);
          this.#snapshots.push({ at: this.#done, state });
        }
      }
      if (last !== undefined && crosses(last.timeS, frame.timeS, HISTORY_STEP_S)) {
        this.#history.record(this.#filter.state.pool, frame.timeS);
      }
      if (frame.serial <= this.#highest) this.reworked += 1;
      else this.#highest = frame.serial;
      this.worked += 1;
      const at = this.#done;
      this.#filter.work(frame, sensors, () => this.#earlierThan(at));
      this.#done += 1;
    }
  }
  #highest = 0;

  *#earlierThan(at: number): IterableIterator<Frame> {
    for (let k = at - 1; k >= 0; k -= 1) {
      const frame = this.frames[k];
      if (frame !== undefined) yield frame;
    }
    for (let k = this.past.length - 1; k >= 0; k -= 1) {
      const frame = this.past[k];
      if (frame !== undefined) yield frame;
    }
  }

  /** Lets go of what is older than a time, or beyond the number of frames that may wait; `gone` hears of each frame. */
  forget(olderThanS: number, gone: (frame: Frame) => void): void {
    const snapshots = this.#snapshots;
    let keep = 0;
    for (let k = 1; k < snapshots.length; k += 1) {
      const at = snapshots[k]?.at ?? 0;
      const old = (this.frames[at]?.timeS ?? Number.POSITIVE_INFINITY) < olderThanS;
      if (!old && this.frames.length - (snapshots[k - 1]?.at ?? 0) <= this.#settings.maxFrames) break;
      keep = k;
    }
    if (keep === 0) return;
    const cut = snapshots[keep]?.at ?? 0;
    for (const { state } of snapshots.splice(0, keep)) this.#spareStates.push(state);
    for (const snapshot of snapshots) snapshot.at -= cut;
    for (const frame of this.frames.splice(0, cut)) {
      frame.counted = false;
      gone(frame);
      this.#retire(frame);
    }
    this.#done -= cut;
  }

  /** Keeps the newest scan of each sensor of bearings: those that follow may meet it still. */
  #retire(frame: Frame): void {
    const { past } = this;
    if (!givesBearings(frame.sensor)) {
      this.#recycle(frame);
      return;
    }
    const same = past.findIndex(({ sensor }) => sensor.index === frame.sensor.index);
    for (const old of past.splice(same, same < 0 ? 0 : 1)) this.#recycle(old);
    past.push(frame);
    if (past.length > MOST_PAST) for (const old of past.splice(0, 1)) this.#recycle(old);
  }

  #recycle(frame: Frame): void {
    if (this.#spareFrames.length < 256) this.#spareFrames.push(frame);
  }

  /** The oldest state that can be gone back to, and from which frame on. */
  base(): { readonly state: FilterState; readonly from: number } {
    const oldest = this.#snapshots[0];
    return oldest === undefined ? { state: this.#filter.state, from: this.#done } : { state: oldest.state, from: oldest.at };
  }

  /** Begins again from a state that was saved: the filter holds it, and the frames after it are to be worked in. */
  resume(frames: readonly Frame[], past: readonly Frame[]): void {
    this.frames = [...frames];
    this.past = [...past];
    this.#done = 0;
    this.#snapshots = [];
  }

  /** States that can be gone back to, and the one that stands. */
  *states(): IterableIterator<FilterState> {
    yield this.#filter.state;
    for (const { state } of this.#snapshots) yield state;
  }
}
