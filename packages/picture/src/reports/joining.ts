// Which reports speak of one event: near in time and place, and pointing at one thing, or the same way.
import { flatDistanceM } from "@atalaya/geodesy";
import { measurementOf, rangeTogether } from "./meaning.ts";
import type { PlacedMeasurement } from "./position.ts";
import type { PictureReport } from "./report.ts";

/** Reports of one event lie this near in time, µs, on top of their own errors; and their observers this near, m. Ours. */
const WITHIN_US = 120e6;
const WITHIN_M = 6000;
/** Without a direction, only people who stand near each other can mean the same. */
const BLIND_M = 1500;

export function placedOf({ told, observedUs }: PictureReport, trust: number): PlacedMeasurement {
  return { observer: told.observer, timeUs: observedUs, measurement: measurementOf(told, trust) };
}

function turnDeg(a: number, b: number): number {
  const turn = Math.abs(a - b) % 360;
  return turn > 180 ? 360 - turn : turn;
}

/** Whether two reports may be of one event. Symmetric. A drill's and a real one never are. */
export function mayBeOne(a: PictureReport, b: PictureReport): boolean {
  if (a.told.drill !== b.told.drill) return false;
  const slackUs = 2e6 * Math.hypot(a.told.observedErrorS, b.told.observedErrorS);
  // Somebody who watches for a while speaks of the whole of it.
  const from = (report: PictureReport): number => Math.min(report.observedUs, report.told.firstSeenUs ?? report.observedUs);
  const to = (report: PictureReport): number => Math.max(report.observedUs, Math.min(report.receivedUs, report.told.lastSeenUs ?? 0));
  const apartUs = Math.max(from(a) - to(b), from(b) - to(a), 0);
  if (apartUs > WITHIN_US + slackUs) return false;
  const betweenM = flatDistanceM(a.told.observer.latDeg, a.told.observer.lonDeg, b.told.observer.latDeg, b.told.observer.lonDeg);
  if (betweenM > WITHIN_M + a.told.observer.errorM + b.told.observer.errorM) return false;
  const [one, other] = [placedOf(a, 1), placedOf(b, 1)];
  const first = one.measurement.azimuth;
  const second = other.measurement.azimuth;
  if (first === undefined || second === undefined) return betweenM <= BLIND_M;
  // The same way: something far off, a light in the sky.
  if (turnDeg(first.deg, second.deg) <= 2 * Math.hypot(first.sigmaDeg, second.sigmaDeg)) return true;
  return meet(one, other);
}

/** Ranges at which a direction is tried, m. */
const TRIED_M = [25, 50, 85, 130, 190, 270, 370, 500, 680, 900, 1200, 1600, 2100, 2800, 3700] as const;
const MEET_SIGMA = 2;
const RANGE_SIGMA = 2.5;
const RAD = Math.PI / 180;

/** Whether there is a place, at a range that both may mean, in both directions: cheap, since it is asked of many pairs. */
function meet(a: PlacedMeasurement, b: PlacedMeasurement): boolean {
  const from = a.measurement.azimuth;
  const to = b.measurement.azimuth;
  if (from === undefined || to === undefined) return false;
  const north =
    flatDistanceM(a.observer.latDeg, a.observer.lonDeg, b.observer.latDeg, a.observer.lonDeg) *
    Math.sign(b.observer.latDeg - a.observer.latDeg);
  const east =
    flatDistanceM(b.observer.latDeg, a.observer.lonDeg, b.observer.latDeg, b.observer.lonDeg) *
    Math.sign(b.observer.lonDeg - a.observer.lonDeg);
  const ranges = [rangeTogether(a.measurement), rangeTogether(b.measurement)] as const;
  const fits = (rangeM: number, which: 0 | 1): boolean =>
    Math.abs(Math.log(rangeM / ranges[which].medianM)) <= RANGE_SIGMA * ranges[which].logSigma;
  return TRIED_M.some((rangeM) => {
    if (!fits(rangeM, 0)) return false;
    const dx = rangeM * Math.sin(from.deg * RAD) - east;
    const dy = rangeM * Math.cos(from.deg * RAD) - north;
    const otherM = Math.max(1, Math.hypot(dx, dy));
    if (!fits(otherM, 1)) return false;
    // Across the other's direction: the steps between ranges, both places, and the first direction's own doubt, as seen from there.
    const acrossM = Math.hypot(rangeM / 7, a.measurement.placeSigmaM, b.measurement.placeSigmaM, rangeM * from.sigmaDeg * RAD);
    const sigmaDeg = Math.hypot(to.sigmaDeg, Math.atan2(acrossM, otherM) / RAD);
    return turnDeg(Math.atan2(dx, dy) / RAD, to.deg) <= MEET_SIGMA * sigmaDeg;
  });
}
