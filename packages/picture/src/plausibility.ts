// What stands against a broadcast's claims: each finding with the figures that it rests on. Thresholds and their sources: settings.ts.
import { flatDistanceM } from "@atalaya/geodesy";
import type { LatLon } from "./place.ts";
import type { Report } from "./said.ts";
import type { Settings } from "./settings.ts";
import { type HeardBy, note, type Track } from "./track.ts";

/** The new position against the one before it. */
export function weighMotion(track: Track, report: Report, measuredUs: number, timeUs: number, settings: Settings): void {
  const limit = settings.maxFindingsPerTrack;
  const dt = (measuredUs - track.lastUs) / 1e6;
  const { speedMps, verticalSpeedMps } = report;
  if (report.latDeg !== track.latDeg || report.lonDeg !== track.lonDeg) {
    // Two positions may each be off by the error that they claim.
    const movedM =
      flatDistanceM(track.latDeg, track.lonDeg, report.latDeg, report.lonDeg) - (track.errorM ?? 0) - (report.errorM ?? track.errorM ?? 0);
    if (movedM > settings.maxJumpM && dt < settings.jumpWithinS)
      note(track, "impossible-jump", timeUs, { movedM: Math.round(movedM), inS: Math.round(dt * 10) / 10 }, limit);
    else if (dt >= 0.2 && movedM > 200 && movedM / dt > settings.maxSpeedMps)
      note(track, "impossible-speed", timeUs, { speedMps: Math.round(movedM / dt) }, limit);
  }
  if (speedMps !== undefined && track.speedMps !== undefined && track.velocityDerived === undefined && dt >= 0.5) {
    const rate = Math.abs(speedMps - track.speedMps) / dt;
    if (rate > settings.maxAccelerationMps2) note(track, "impossible-acceleration", timeUs, { accelerationMps2: Math.round(rate) }, limit);
  }
  if (report.heightHaeM !== undefined && track.heightHaeM !== undefined && verticalSpeedMps !== undefined && dt >= 0.5) {
    const rose = report.heightHaeM - track.heightHaeM;
    if (Math.abs(rose) > 100 && Math.abs(rose) / dt > settings.maxHeightRateMps)
      note(track, "impossible-climb", timeUs, { climbMps: Math.round(rose / dt) }, limit);
  }
}

/** What a single report claims of itself. */
export function weighClaims(track: Track, { speedMps, verticalSpeedMps }: Report, timeUs: number, settings: Settings): void {
  const limit = settings.maxFindingsPerTrack;
  if (speedMps !== undefined && speedMps > settings.maxSpeedMps)
    note(track, "impossible-speed", timeUs, { speedMps: Math.round(speedMps) }, limit);
  if (verticalSpeedMps !== undefined && Math.abs(verticalSpeedMps) > settings.maxClimbMps)
    note(track, "impossible-climb", timeUs, { climbMps: Math.round(verticalSpeedMps) }, limit);
}

/** Seconds from one time after the hour to another, −1800 to 1800: the message says no hour. */
function hourDifferenceS(a: number, b: number): number {
  return ((((a - b + 1800) % 3600) + 3600) % 3600) - 1800;
}

/** Time after the hour in the message against the time of measurement, and against the message before it on the same way. */
export function weighClock(track: Track, heard: HeardBy, messageS: number, measuredUs: number, timeUs: number, settings: Settings): void {
  const off = hourDifferenceS(messageS, (measuredUs / 1e6) % 3600);
  if (Math.abs(off) > settings.messageClockToleranceS)
    note(track, "clock-off", timeUs, { offS: Math.round(off) }, settings.maxFindingsPerTrack);
  const before = heard.messageClockS;
  heard.messageClockS = messageS;
  if (before === undefined) return;
  const step = hourDifferenceS(messageS, before);
  if (step < -settings.messageClockBackS)
    note(track, "clock-out-of-order", timeUs, { backS: Math.round(-step) }, settings.maxFindingsPerTrack);
}

/** Distance from aircraft to operator. In whole kilometres: the finding must not give the position away. */
export function weighOperator(track: Track, operator: LatLon, timeUs: number, settings: Settings): void {
  const apartM = flatDistanceM(track.latDeg, track.lonDeg, operator.latDeg, operator.lonDeg);
  if (apartM > settings.maxOperatorDistanceM)
    note(track, "operator-too-far", timeUs, { apartKm: Math.round(apartM / 1000) }, settings.maxFindingsPerTrack);
}
