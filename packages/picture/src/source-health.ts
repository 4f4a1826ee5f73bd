// How a source is doing: hearing, silent, ended or failed; what it counted; how far its clock is off; whether ghosts flood in through it.
import type { SourceDefinition } from "./entry.ts";
import type { Settings } from "./settings.ts";

export interface SourceState {
  definition: SourceDefinition;
  state: "starting" | "hearing" | "silent" | "ended" | "failed";
  /** `no-frames`, `ghost-flood`, `clock-off`, or why the door ended or failed. */
  reason?: string;
  /** Since when it is known or was last started. */
  sinceUs: number;
  lastFrameUs?: number;
  frames: number;
  refused: number;
  /** Refusals by code, at most 20 codes. */
  refusals: Record<string, number>;
  /** Sensor clock minus hub clock, µs, smoothed. */
  clockOffsetUs?: number;
  /** Frames of the second that runs, and of the last full one. Seconds are cut on the sector's clock. */
  secondUs: number;
  secondFrames: number;
  framesPerS: number;
  /** New tracks in the ten seconds that run, those of transmitters heard for a while apart; reports that began none at the limit. */
  floodSinceUs: number;
  floodTracks: number;
  floodPersistentTracks: number;
  floodRefused: number;
  floodUntilUs?: number;
}

const SECOND_US = 1_000_000;
const WINDOW_US = 10 * SECOND_US;
const MAX_CODES = 20;

/** A source as defined; what is known of it from before stays. */
export function definedSource(definition: SourceDefinition, known: SourceState | undefined, timeUs: number): SourceState {
  const fresh: SourceState = {
    definition,
    state: "starting",
    sinceUs: timeUs,
    frames: 0,
    refused: 0,
    refusals: {},
    secondUs: Math.floor(timeUs / SECOND_US) * SECOND_US,
    secondFrames: 0,
    framesPerS: 0,
    floodSinceUs: timeUs,
    floodTracks: 0,
    floodPersistentTracks: 0,
    floodRefused: 0,
  };
  if (known === undefined) return fresh;
  const { reason: _reason, ...kept } = known;
  return { ...fresh, ...kept, definition, state: "starting", sinceUs: timeUs };
}

/** Counts what was refused by code; codes beyond the twentieth are counted in the sum only. */
export function refuseFrame(source: SourceState, code: string): void {
  source.refused += 1;
  const count = source.refusals[code];
  if (count !== undefined) source.refusals[code] = count + 1;
  else if (Object.keys(source.refusals).length < MAX_CODES) source.refusals[code] = 1;
}

/** Sensor clock minus hub clock, smoothed. Beyond the tolerance from what was known the clock was set: smoothing over a step would be wrong for minutes. */
export function smoothedOffset(known: number | undefined, offset: number, toleranceUs: number): number {
  return known === undefined || Math.abs(offset - known) > toleranceUs ? offset : known + (offset - known) / 16;
}

/**
 * Time of a measurement: the sensor's own where it lies within the tolerance of the time of arrival, else that of arrival. Nothing is
 * measured after it arrived.
 */
export function measuredAt(source: SourceState, ownUs: number, timeUs: number, { clockToleranceUs }: Settings): number {
  const offset = ownUs - timeUs;
  source.clockOffsetUs = smoothedOffset(source.clockOffsetUs, offset, clockToleranceUs);
  return Math.abs(offset) <= clockToleranceUs ? Math.min(Math.round(ownUs), timeUs) : timeUs;
}

/** Whether this source may begin a track now; counts it either way. `first`: the first refusal of its window. */
export function mayBegin(
  source: SourceState,
  persistent: boolean,
  timeUs: number,
  settings: Settings,
): { readonly allowed: boolean; readonly first: boolean } {
  if (timeUs - source.floodSinceUs >= WINDOW_US) {
    source.floodSinceUs = timeUs;
    source.floodTracks = 0;
    source.floodPersistentTracks = 0;
  }
  if (source.floodTracks < settings.newTracksPer10s) {
    source.floodTracks += 1;
    return { allowed: true, first: false };
  }
  if (persistent && source.floodPersistentTracks < settings.newPersistentTracksPer10s) {
    source.floodPersistentTracks += 1;
    return { allowed: true, first: false };
  }
  return { allowed: false, first: refuseTrack(source, timeUs) };
}

/** A report began no track; true when the source was not called flooded before. */
export function refuseTrack(source: SourceState, timeUs: number): boolean {
  source.floodRefused += 1;
  const first = source.floodUntilUs === undefined || source.floodUntilUs <= timeUs;
  source.floodUntilUs = timeUs + WINDOW_US;
  return first;
}

/** True while something about the source still changes with time alone. */
export function waits(source: SourceState, { silentAfterUs }: Settings): boolean {
  if (source.framesPerS > 0 || source.secondFrames > 0) return true;
  // One that may be quiet for ever does not fall silent.
  const quietForEver = silentAfterUs[source.definition.kind] === Number.MAX_SAFE_INTEGER && source.reason === undefined;
  return !quietForEver && (source.state === "hearing" || source.state === "starting");
}

/** One tick: rate, silence and reason. */
export function tickSource(source: SourceState, timeUs: number, settings: Settings): void {
  const secondUs = Math.floor(timeUs / SECOND_US) * SECOND_US;
  if (secondUs > source.secondUs) {
    source.framesPerS = Math.round((source.secondFrames * 1e7) / (secondUs - source.secondUs)) / 10;
    source.secondFrames = 0;
    source.secondUs = secondUs;
  }
  if (source.state !== "hearing" && source.state !== "starting") return;
  const since = Math.max(source.sinceUs, source.lastFrameUs ?? 0);
  if (timeUs - since >= settings.silentAfterUs[source.definition.kind]) {
    source.state = "silent";
    source.reason = "no-frames";
    return;
  }
  if (source.state !== "hearing") return;
  if (source.floodUntilUs !== undefined && timeUs < source.floodUntilUs) source.reason = "ghost-flood";
  else if (Math.abs(source.clockOffsetUs ?? 0) > settings.clockToleranceUs) source.reason = "clock-off";
  else delete source.reason;
}
