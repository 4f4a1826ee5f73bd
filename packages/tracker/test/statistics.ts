// Is the tracker as sure as it should be? Figures over many runs, for a small check in the suite and a large one at night.
import { Random } from "@atalaya/drills/scenario";
import { enuFrame, geodeticToEnu } from "@atalaya/geodesy";
import { defaultSettings, type SensorDeclaration, Tracker, type TrackerSettings } from "../src/index.ts";
import { inverted, type Matrix, times } from "./dense.ts";
import { apartM, at, flight, fly, plan, play, radar, statesAt, sure } from "./scenes.ts";

const RAD = Math.PI / 180;
const SIGMA = { rangeM: 5, azDeg: 0.5, elDeg: 0.5, rateMps: 0.3 } as const;
const RADAR: SensorDeclaration = {
  id: "R",
  kind: "radar",
  latDeg: 46,
  lonDeg: 8,
  haeM: 500,
  measures: ["range_m", "az_deg", "el_deg", "rdot_mps"],
  sigma: [SIGMA.rangeM, SIGMA.azDeg, SIGMA.elDeg, SIGMA.rateMps],
  periodS: 1,
  pd: 0.999,
  falseAlarmsPerScan: 1e-3,
  fov: { rangeM: [10, 20_000], azDeg: [0, 360], elDeg: [-90, 90], rangeRateMps: [-200, 200] },
};

/** The tracker with one motion model instead of three that interact: then the truth can be drawn from just what it assumes. */
function oneModel(): TrackerSettings {
  const { processNoise, verticalNoise, birthClimbMps, birthSpeedMps } = defaultSettings;
  // Noise enough that the filter settles within a few scans, whatever the settings' steadiest flight is.
  const q = Math.max(0.5, processNoise[0] ?? 0);
  return {
    ...defaultSettings,
    processNoise: [q, q, q],
    verticalNoise: verticalNoise.map(() => verticalNoise[1] ?? 0.1),
    birthClimbMps: birthClimbMps.map(() => 2),
    birthFastSpeedMps: birthSpeedMps,
  };
}

export interface Consistency {
  /** Mean of the normalised squared error of the position, by its three dimensions, at each of the instants. */
  readonly nees: readonly number[];
  /** Mean of the normalised squared innovations, by their four rows. */
  readonly nis: number;
  readonly innovations: number;
  /** Runs in which the object was told as one track. */
  readonly tracked: number;
}

/**
 * Single objects that fly exactly as the filter's model says, seen by a radar that errs exactly as it declares
 * (Bar-Shalom, Li, Kirubarajan, "Estimation with Applications to Tracking and Navigation", §5.4.2: consistency by NEES and NIS).
 */
export function consistency(runs: number, seed: number, instantsS: readonly number[] = [3, 6, 12, 24]): Consistency {
  const random = new Random(seed, "consistency");
  const settings = oneModel();
  const [q = 0, vertical = 0] = [settings.processNoise[0], settings.verticalNoise[0]];
  const wander = 2 * settings.gustMps ** 2 * settings.gustS;
  const frame = enuFrame(RADAR.latDeg, RADAR.lonDeg, 0);
  const sums = instantsS.map(() => 0);
  const counts = instantsS.map(() => 0);
  let [nis, innovations, tracked] = [0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    const tracker = new Tracker(settings);
    tracker.declare(RADAR);
    const [range, az] = [random.between(900, 2500), random.between(-Math.PI, Math.PI)];
    const x = [range * Math.sin(az), range * Math.cos(az), RADAR.haeM + random.between(50, 250), 0, 0, 0];
    for (let k = 0; k < 3; k += 1) x[3 + k] = (k < 2 ? settings.birthSpeedMps : 2) * random.normal();
    const last = instantsS.at(-1) ?? 0;
    for (let t = 0; t <= last; t += 1) {
      if (t > 0) step(x, q, wander, vertical, random);
      const [e, n, u] = [x[0]!, x[1]!, x[2]! - RADAR.haeM];
      const flat = Math.hypot(e, n);
      const r = Math.hypot(flat, u);
      const rate = (e * x[3]! + n * x[4]! + u * x[5]!) / r;
      const z = [
        r + SIGMA.rangeM * random.normal(),
        Math.atan2(e, n) / RAD + SIGMA.azDeg * random.normal(),
        Math.atan2(u, flat) / RAD + SIGMA.elDeg * random.normal(),
        rate + Math.hypot(SIGMA.rateMps, settings.gustMps) * random.normal(),
      ];
      tracker.detect({ id: `${t}`, sensor: "R", scan: t, timeS: t, z }, t);
      tracker.scanEnd({ sensor: "R", scan: t, count: 1, timeS: t, endTimeS: t }, t);
      tracker.advance(t);
      const [track, ...more] = tracker.tracks(t, { tentative: true }).filter(({ existence }) => existence > 0.5);
      if (track === undefined || more.length > 0) continue;
      // The newest reason is this scan's; the first begins the track and is none.
      const reason = track.reasons.at(-1);
      if (t > 0 && reason?.timeS === t) {
        nis += reason.distance2;
        innovations += 1;
      }
      const at = instantsS.indexOf(t);
      if (at < 0) continue;
      const place = new Float64Array(3);
      geodeticToEnu(frame, track.latDeg, track.lonDeg, track.haeM, place);
      const d = [0, 1, 2].map((k) => place[k]! - x[k]!);
      sums[at]! += squared(d, track.covarianceEnuM2);
      counts[at]! += 1;
      if (t === last) tracked += 1;
    }
  }
  return { nees: sums.map((sum, k) => sum / (3 * counts[k]!)), nis: nis / (4 * innovations), innovations, tracked };
}

function squared(d: readonly number[], c: readonly number[]): number {
  const cov: Matrix = [c.slice(0, 3), c.slice(3, 6), c.slice(6, 9)];
  return times(
    times([d], inverted(cov).inverse),
    d.map((v) => [v]),
  )[0]![0]!;
}

/** One second of the filter's own model: white-noise acceleration and the wander of gusts, of both a share upwards. */
function step(x: number[], q: number, wander: number, vertical: number, random: Random): void {
  for (let k = 0; k < 3; k += 1) {
    const share = k === 2 ? vertical : 1;
    // Cholesky factor of q [[1/3, 1/2], [1/2, 1]].
    const [a, b] = [random.normal(), random.normal()];
    const root = Math.sqrt(q * share);
    x[k]! += x[3 + k]! + root * Math.sqrt(1 / 3) * a + Math.sqrt(wander * share) * random.normal();
    x[3 + k]! += root * ((Math.sqrt(3) / 2) * a + 0.5 * b);
  }
}

/** Mean of the normalised squared error of told tracks in flights of our own generator, which know nothing of the filter's models. */
export function flightNees(runs: number, seed: number): { readonly nees: number; readonly samples: number } {
  let [sum, samples] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const scene = plan(
      [0, 1, 2].map((k) => flight(`D${k}`, at(-900 + 500 * k, 700, 80), at(600 - 400 * k, 1500, 110), 12 + 4 * k, { gustMps: 0.4 })),
      [radar("R1", at(0, 0, 8), { falseAlarmsPerScan: 5, pd: 0.9 })],
      { durationS: 50 },
    );
    const { told, truth } = fly(scene, seed + run);
    const tracker = new Tracker();
    const frame = enuFrame(scene.reference.latDeg, scene.reference.lonDeg, scene.reference.heightHaeM);
    const [mine, its] = [new Float64Array(3), new Float64Array(3)];
    play(tracker, told, 50, (t) => {
      if (t < 10) return;
      for (const state of statesAt(truth, t)) {
        const near = sure(tracker, t).filter((track) => apartM(track, state) < 100);
        if (near.length !== 1) continue;
        const [track] = near;
        geodeticToEnu(frame, track!.latDeg, track!.lonDeg, track!.haeM, mine);
        geodeticToEnu(frame, state.latDeg, state.lonDeg, state.haeM, its);
        sum +=
          squared(
            [0, 1, 2].map((k) => mine[k]! - its[k]!),
            track!.covarianceEnuM2,
          ) / 3;
        samples += 1;
      }
    });
  }
  return { nees: sum / samples, samples };
}

export interface Band {
  readonly from: number;
  readonly to: number;
  readonly tracks: number;
  /** Mean existence that was told, and share that was real. */
  readonly told: number;
  readonly real: number;
}

/** Of tracks whose existence was told to lie in a band, how many were real? Drones that come and go among false alarms, few of them detected well. */
export function existenceBands(
  runs: number,
  seed: number,
  edges: readonly number[] = [0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1],
): readonly Band[] {
  const bands = edges.slice(0, -1).map(() => ({ tracks: 0, told: 0, real: 0 }));
  for (let run = 0; run < runs; run += 1) {
    const random = new Random(seed + run, "existence");
    const objects = Array.from({ length: 8 }, (_, k) => {
      const fromS = random.between(0, 45);
      const [e, n] = [random.between(-2200, 2200), random.between(-2200, 2200)];
      const course = random.between(-Math.PI, Math.PI);
      const end = at(e + 900 * Math.sin(course), n + 900 * Math.cos(course), random.between(60, 150));
      return flight(`D${k}`, at(e, n, random.between(60, 150)), end, random.between(8, 20), {
        fromS,
        untilS: fromS + random.between(3, 25),
      });
    });
    const scene = plan(objects, [radar("R1", at(0, 0, 8), { falseAlarmsPerScan: 60, pd: 0.7, measures: ["range_m", "az_deg"] })], {
      durationS: 60,
    });
    const { told, truth } = fly(scene, seed + run);
    const tracker = new Tracker();
    play(tracker, told, 60, (t) => {
      if (t < 5) return;
      // The newest scan is that of a second ago: what has gone since was real then.
      const states = [...statesAt(truth, t), ...statesAt(truth, t - 1)];
      for (const track of tracker.tracks(t, { tentative: true })) {
        const band = edges.findIndex(
          (edge, k) => track.existence >= edge && track.existence < (edges[k + 1] ?? 0) + (edges[k + 1] === 1 ? 1e-9 : 0),
        );
        const into = bands[band];
        if (into === undefined || t - track.lastHitS > 1.5) continue;
        const reachM = 20 + 4 * Math.sqrt(track.covarianceEnuM2[0]! + track.covarianceEnuM2[4]!);
        into.tracks += 1;
        into.told += track.existence;
        if (states.some((state) => apartM(track, state) < reachM)) into.real += 1;
      }
    });
  }
  return bands.map(({ tracks, told, real }, k) => ({
    from: edges[k]!,
    to: edges[k + 1]!,
    tracks,
    told: told / tracks,
    real: real / tracks,
  }));
}

/** Share of estimated sensor errors that lie within three of the deviations that are told, and the largest. */
export function biasWithin(runs: number, seed: number): { readonly within: number; readonly worst: number; readonly estimates: number } {
  let [within, worst, estimates] = [0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    const random = new Random(seed + run, "bias");
    const bias = { az_deg: 0.45 * random.normal(), range_m: 5 * random.normal() };
    const objects = [0, 1, 2].map((k) => flight(`D${k}`, at(-1000 + 500 * k, -700, 80 + 10 * k), at(900 - 350 * k, 800, 100), 14 + 2 * k));
    const scene = plan(
      objects,
      [
        radar("R1", at(1300, -800, 12), { bias, falseAlarmsPerScan: 1 }),
        {
          id: "ADS",
          kind: "adsb",
          place: at(0, 0, 10),
          reports: objects.map(({ id }) => ({ object: id, identity: id })),
          // White errors: what lasts for many seconds is weighed by a rule of thumb, and this is about the filter.
          sigmaM: [3, 3, 6],
          errorCorrelation: 0,
          periodS: 1,
          withVelocity: true,
          latencyS: 0.3,
          loss: 0.05,
        },
      ],
      { durationS: 80 },
    );
    const tracker = new Tracker();
    play(tracker, fly(scene, seed + run).told, 80);
    const [one] = tracker.sensors();
    for (const off of [
      (one!.rangeBiasM - bias.range_m) / one!.rangeBiasSigmaM,
      (one!.azimuthBiasDeg - bias.az_deg) / one!.azimuthBiasSigmaDeg,
    ]) {
      estimates += 1;
      if (Math.abs(off) < 3) within += 1;
      worst = Math.max(worst, Math.abs(off));
    }
  }
  return { within: within / estimates, worst, estimates };
}

/** Told tracks at a time, on average, where nothing flies: a radar with the false alarms that it declares. */
export function falseTracks(runs: number, seed: number, falseAlarmsPerScan: number): number {
  let [sum, instants] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const { told } = fly(plan([], [radar("R1", at(0, 0, 8), { falseAlarmsPerScan })], { durationS: 60 }), seed + run);
    const tracker = new Tracker();
    play(tracker, told, 60, (t) => {
      if (t < 5) return;
      sum += sure(tracker, t).length;
      instants += 1;
    });
  }
  return sum / instants;
}
