// How much processor time does the tracker take for one frame of a radar?
import type { Tracker } from "@atalaya/tracker";
import { newTracker, type Told } from "./adapter.ts";
import { tell } from "./answers.ts";

/** Scenario time that is not measured: tracks begin, the compiler learns. */
const WARM_UP_S = 5;
/** As the scores of these scenarios ask for. */
const TOLERANCE_M = 50;

export interface Speed {
  readonly detectionsPerS: number;
  readonly frameMeanMs: number;
  readonly frameP99Ms: number;
  readonly frameMaxMs: number;
  /** The mean with all estimates read once a frame. */
  readonly frameWithEstimatesMs: number;
  readonly detectionsPerFrame: number;
  readonly tracks: number;
}

/** Processor time of the whole process, its collector's and compiler's threads included, ms. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Tells a fresh tracker a scenario frame by frame: the lines up to the end of a scan, then `advance` to the scan's arrival. Lines are read
 * beforehand, estimates are read between the frames.
 */
export function speed(lines: readonly Told[]): Speed {
  const tracker = newTracker(TOLERANCE_M, 3);
  const frames: number[] = [];
  const readings: number[] = [];
  let detections = 0;
  let from = 0;
  let tracks = 0;
  lines.forEach((line, at) => {
    if (line.type !== "scan") return;
    const { began, ended, read, count } = frame(tracker, lines, from, at, line.arrivedS);
    if (line.arrivedS >= WARM_UP_S) {
      frames.push(ended - began);
      readings.push(read - ended);
      for (let k = from; k < at; k += 1) if (lines[k]?.type === "detection") detections += 1;
    }
    tracks = count;
    from = at + 1;
  });
  const total = frames.reduce((sum, ms) => sum + ms, 0);
  const sorted = [...frames].sort((a, b) => a - b);
  const estimates = readings.reduce((sum, ms) => sum + ms, 0);
  return {
    detectionsPerS: (detections * 1000) / total,
    frameMeanMs: total / frames.length,
    frameP99Ms: sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? Number.NaN,
    frameMaxMs: sorted.at(-1) ?? Number.NaN,
    frameWithEstimatesMs: (total + estimates) / frames.length,
    detectionsPerFrame: detections / frames.length,
    tracks,
  };
}

interface Frame {
  readonly began: number;
  readonly ended: number;
  readonly read: number;
  readonly count: number;
}

function frame(tracker: Tracker, lines: readonly Told[], from: number, to: number, arrivedS: number): Frame {
  const began = processorMs();
  for (let k = from; k <= to; k += 1) {
    const line = lines[k];
    if (line !== undefined) tell(tracker, line);
  }
  tracker.advance(arrivedS);
  const ended = processorMs();
  let count = 0;
  for (const { status } of tracker.tracks(arrivedS)) if (status === "confirmed" || status === "coasted") count += 1;
  return { began, ended, read: processorMs(), count };
}
