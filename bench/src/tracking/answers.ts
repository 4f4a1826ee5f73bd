// What does a tracker answer at each scoring instant, when it is told nothing before it has arrived?
import type { TrackLine } from "@atalaya/drills/scoring";
import type { Detection, ScanEnd, SensorDeclaration, TrackEstimate } from "@atalaya/tracker";
import type { Told } from "./adapter.ts";

/** As much of a tracker as is needed here; times in seconds of the scenario. */
export interface BenchTracker {
  declare(sensor: SensorDeclaration): unknown;
  detect(detection: Detection, arrivedS: number): void;
  scanEnd(end: ScanEnd, arrivedS: number): void;
  advance(toS: number): void;
  tracks(atS: number): Iterable<Estimate>;
}

type Estimate = Pick<TrackEstimate, "id" | "status" | "latDeg" | "lonDeg" | "haeM" | "velocityEnuMps" | "covarianceEnuM2" | "newestInputS">;

/** Hands a line to a tracker. */
export function tell(tracker: BenchTracker, line: Told): void {
  if (line.type === "sensor") tracker.declare(line.sensor);
  else if (line.type === "detection") tracker.detect(line.detection, line.arrivedS);
  else tracker.scanEnd(line.scan, line.arrivedS);
}

/**
 * Tells the tracker the lines in the order of their arrival and asks it at each instant, once all that arrived until then (and nothing
 * later) has been told: the contract of `atalaya track`. Instants in rising order, s.
 */
export function* answers(tracker: BenchTracker, lines: Iterable<Told>, instantsS: readonly number[]): Iterable<TrackLine> {
  let next = 0;
  for (const line of lines) {
    for (
      let instantS = instantsS[next];
      instantS !== undefined && "arrivedS" in line && line.arrivedS > instantS;
      instantS = instantsS[next]
    ) {
      yield* answerAt(tracker, instantS);
      next += 1;
    }
    tell(tracker, line);
  }
  for (const instantS of instantsS.slice(next)) yield* answerAt(tracker, instantS);
}

function* answerAt(tracker: BenchTracker, instantS: number): Iterable<TrackLine> {
  tracker.advance(instantS);
  for (const { id, status, latDeg, lonDeg, haeM, velocityEnuMps, covarianceEnuM2, newestInputS } of tracker.tracks(instantS)) {
    const estimate = { lat: latDeg, lon: lonDeg, alt: haeM, vel_enu: [...velocityEnuMps], cov: [...covarianceEnuM2] };
    yield { t: instantS, id, ...estimate, status, t_in: newestInputS };
  }
}
