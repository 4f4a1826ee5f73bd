// Writes what the format can say as a line: for our own fixtures, drills, and what is kept of a declaration.
import type { DetectionLine, FieldOfView } from "./line.ts";

function fovOf({ rangeM, azDeg, elDeg, rangeRateMps }: FieldOfView): object {
  return { range_m: rangeM, az_deg: azDeg, el_deg: elDeg, rdot_mps: rangeRateMps };
}

/**
 * The line without its line end. Times are written as they are, in seconds: decode it with an epoch of 0. What is undefined is left out;
 * decoding gives back what was encoded.
 */
export function encodeDetectionLine(line: DetectionLine): string {
  switch (line.type) {
    case "sensor": {
      const { sensor: s } = line;
      return JSON.stringify({
        type: "sensor",
        id: s.id,
        kind: s.kind,
        lat: s.latDeg,
        lon: s.lonDeg,
        alt: s.haeM,
        z: s.measures,
        sd: s.sigma.every((sigma) => sigma === undefined) ? undefined : s.sigma.map((sigma) => sigma ?? null),
        period_s: s.periodS,
        pd: s.pd,
        fa_per_scan: s.falseAlarmsPerScan,
        fov: s.fov === undefined ? undefined : fovOf(s.fov),
        rotating: s.rotating,
        self_reported: s.selfReported,
        sound_delay: s.soundDelay,
        falls_off: s.fallsOff,
        max_range_m: s.maxRangeM,
        range_frac_sd: s.rangeFractionSigma,
        t_sd_s: s.timeSigmaS,
      });
    }
    case "detection": {
      const { detection: d } = line;
      return JSON.stringify({
        type: "det",
        id: d.id,
        sensor: d.sensor,
        kind: d.kind,
        scan: d.scan,
        t: d.timeS,
        t_rx: line.arrivedS,
        z: d.z,
        R: d.covarianceEnuM2 ?? d.variance,
        snr_db: d.snrDb,
        uid: d.identity,
        vel_enu: d.velocityEnuMps,
        t_sd: d.timeSigmaS,
        classes: d.classes,
      });
    }
    case "scan": {
      const { scan: s } = line;
      return JSON.stringify({
        type: "scan",
        sensor: s.sensor,
        scan: s.scan,
        n: s.count,
        t: s.timeS,
        t_end: s.endTimeS,
        t_rx: line.arrivedS,
      });
    }
    case "scenario": {
      const { scenario: s } = line;
      return JSON.stringify({ type: "scenario", name: s.name, epoch: s.epochS, duration_s: s.durationS });
    }
  }
}
