// What do the sensors of a scenario report, in the order of arrival, and what really happened?
import type { DetectionLine, ScanLine, ScenarioLine, SensingLine, SensorLine, TruthLine } from "../lines.ts";
import type { ScenarioPlan, SensorPlan } from "./plan.ts";
import { planProblem } from "./problems.ts";
import { Random } from "./random.ts";
import { bearingMessages, USUAL_ELEVATIONS_DEG } from "./sensing/bearing.ts";
import { fixMessages } from "./sensing/fix.ts";
import { humanMessages } from "./sensing/human.ts";
import { presenceMessages } from "./sensing/presence.ts";
import { radarMessages } from "./sensing/radar.ts";
import { decimals, geodeticOf, type Measured, type Message, type World, worldOf } from "./sensing/world.ts";

export interface Recording {
  /** What a tracker may read: the scenario, its sensors, then detections and ends of scans in the order of their arrival. */
  sensing(): Iterable<SensingLine>;
  /** What only the scorer may read. */
  truth(): Iterable<TruthLine>;
}

/**
 * Plays a scenario through. The same plan and seed give the same lines, byte for byte; another seed gives other gusts, noise, clutter,
 * delays. Each object and sensor draws from a stream of its own, so a change to one leaves what the others do as it was.
 * Throws a RangeError for a plan that makes no sense.
 */
export function simulate(plan: ScenarioPlan, seed: number): Recording {
  const problem = planProblem(plan);
  if (problem !== undefined) throw new RangeError(problem);
  const random = new Random(seed, plan.name);
  const world = worldOf(plan, random.stream("flights"));
  const messages = plan.sensors
    .flatMap((sensor) => [...messagesOf(sensor, world, random.stream(`sensor ${sensor.id}`))])
    .map((message) => ({ ...message, arrivalS: decimals(message.arrivalS, 3) }))
    // What would arrive after the end is not delivered.
    .filter(({ arrivalS }) => arrivalS <= plan.durationS)
    .sort((a, b) => a.arrivalS - b.arrivalS);
  const scenario = scenarioLine(plan, seed);
  const numbers = detectionIds(messages);
  return {
    *sensing() {
      yield scenario;
      for (const sensor of plan.sensors) yield sensorLine(sensor, world);
      for (const message of messages) yield lineOf(message, numbers);
    },
    *truth() {
      yield scenario;
      yield* hiddenLines(plan, world);
      const told = new Set<Measured>();
      for (const message of messages) {
        if (!("measured" in message) || told.has(message.measured)) continue;
        told.add(message.measured);
        yield { type: "origin", det: numbers.get(message.measured) ?? "", obj: message.origin };
      }
    },
  };
}

function messagesOf(sensor: SensorPlan, world: World, random: Random): Iterable<Message> {
  switch (sensor.kind) {
    case "radar":
      return radarMessages(sensor, world, random);
    case "rf_df":
    case "acoustic":
    case "camera":
      return bearingMessages(sensor, world, random);
    case "presence":
      return presenceMessages(sensor, world, random);
    case "human":
      return humanMessages(sensor, world, random);
    case "remoteid":
    case "adsb":
    case "tdoa":
    case "systemTrack":
      return fixMessages(sensor, world, random);
  }
}

/** Numbered by sensor in the order of arrival, so that an id does not tell what the detection came from; a duplicate keeps its id. */
function detectionIds(messages: readonly Message[]): ReadonlyMap<Measured, string> {
  const ids = new Map<Measured, string>();
  const counts = new Map<string, number>();
  for (const message of messages) {
    if (!("measured" in message) || ids.has(message.measured)) continue;
    const { sensor } = message.measured;
    const count = (counts.get(sensor) ?? 0) + 1;
    counts.set(sensor, count);
    ids.set(message.measured, `${sensor}-${count}`);
  }
  return ids;
}

function lineOf(message: Message, ids: ReadonlyMap<Measured, string>): DetectionLine | ScanLine {
  if ("scanned" in message) return { type: "scan", ...message.scanned, t_rx: message.arrivalS };
  return { type: "det", id: ids.get(message.measured) ?? "", ...message.measured, t_rx: message.arrivalS };
}

function scenarioLine({ name, notes, durationS, reference, scoring }: ScenarioPlan, seed: number): ScenarioLine {
  return {
    type: "scenario",
    name,
    seed,
    ref: { lat: reference.latDeg, lon: reference.lonDeg, alt: reference.heightHaeM },
    duration_s: durationS,
    score: {
      t0: scoring.firstS,
      dt: scoring.everyS,
      dim: scoring.dimensions,
      gospa_c_m: scoring.cutoffM,
      gospa_p: 2,
      gospa_alpha: 2,
      classes: scoring.classes,
    },
    notes,
  };
}

function sensorLine(sensor: SensorPlan, world: World): SensorLine {
  const basics = { type: "sensor", id: sensor.id, kind: sensor.kind, ...geodeticOf(world, sensor.place, [7, 2]) } as const;
  switch (sensor.kind) {
    case "radar": {
      const { measures, sigma, periodS, pd, falseAlarmsPerScan, rotating, rangeM, elevationDeg, rangeRateMps } = sensor;
      const spans = { range_m: rangeM, az_deg: [0, 360], el_deg: elevationDeg, rdot_mps: rangeRateMps } as const;
      return {
        ...basics,
        z: measures,
        sd: measures.map((measure) => sigma[measure]),
        period_s: periodS,
        pd,
        fa_per_scan: falseAlarmsPerScan,
        rotating,
        fov: spans,
      };
    }
    case "rf_df":
    case "acoustic":
    case "camera": {
      const {
        azimuthSigmaDeg,
        elevationSigmaDeg,
        periodS,
        pd,
        falseAlarmsPerScan,
        maxRangeM,
        soundDelay = false,
        fallsOff = false,
      } = sensor;
      const both = elevationSigmaDeg !== undefined;
      return {
        ...basics,
        z: both ? ["az_deg", "el_deg"] : ["az_deg"],
        sd: both ? [azimuthSigmaDeg, elevationSigmaDeg] : [azimuthSigmaDeg],
        period_s: periodS,
        pd,
        fa_per_scan: falseAlarmsPerScan,
        max_range_m: maxRangeM,
        sound_delay: soundDelay,
        ...(fallsOff ? { falls_off: true } : {}),
        fov: { az_deg: sensor.sectorDeg ?? [0, 360], ...(both ? { el_deg: sensor.elevationDeg ?? USUAL_ELEVATIONS_DEG } : {}) },
      };
    }
    case "presence": {
      const { periodS, pd, falseAlarmsPerScan, maxRangeM, fallsOff = false } = sensor;
      return {
        ...basics,
        z: [],
        sd: [],
        period_s: periodS,
        pd,
        fa_per_scan: falseAlarmsPerScan,
        max_range_m: maxRangeM,
        sound_delay: true,
        ...(fallsOff ? { falls_off: true } : {}),
      };
    }
    case "human": {
      const { azimuthSigmaDeg, rangeFractionSigma, timeSigmaS, seeM } = sensor;
      return {
        ...basics,
        z: ["az_deg", "range_m"],
        sd: [azimuthSigmaDeg, null],
        range_frac_sd: rangeFractionSigma,
        t_sd_s: timeSigmaS,
        max_range_m: seeM,
      };
    }
    case "remoteid":
    case "adsb":
    case "tdoa":
    case "systemTrack":
      return {
        ...basics,
        z: ["lat_deg", "lon_deg", "alt_m"],
        period_s: sensor.periodS,
        self_reported: sensor.kind === "remoteid" || sensor.kind === "adsb",
        pd: decimals(1 - sensor.loss, 6),
        fa_per_scan: 0,
      };
  }
}

function* hiddenLines(plan: ScenarioPlan, world: World): Iterable<TruthLine> {
  for (const sensor of plan.sensors) {
    if (sensor.kind !== "radar") continue;
    const z = sensor.measures.map((measure) => sensor.bias?.[measure] ?? 0);
    const skew = sensor.clockSkewS ?? 0;
    if (skew !== 0 || z.some((value) => value !== 0)) yield { type: "bias", sensor: sensor.id, z, clock_skew_s: skew };
  }
  for (const { id, objectClass, bodiless = false, fromS = 0, untilS = plan.durationS } of plan.objects) {
    yield { type: "object", id, cls: objectClass, exists: !bodiless, t0: fromS, t1: Math.min(untilS, plan.durationS) };
  }
  const { firstS, everyS } = plan.scoring;
  const state = new Float64Array(6);
  for (let k = 0; firstS + k * everyS <= plan.durationS + 1e-9; k += 1) {
    const timeS = decimals(firstS + k * everyS, 3);
    for (const [object, { id }] of plan.objects.entries()) {
      if (!world.flights.isAlive(object, timeS)) continue;
      world.flights.at(object, timeS, state);
      const [e = 0, n = 0, u = 0, ve = 0, vn = 0, vu = 0] = state;
      const place = geodeticOf(world, { eastM: e, northM: n, upM: u }, [8, 3]);
      yield { type: "state", id, t: timeS, ...place, vel_enu: [decimals(ve, 3), decimals(vn, 3), decimals(vu, 3)] };
    }
  }
}
