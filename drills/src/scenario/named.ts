// Which scenarios are known by name?
import type { FixPlan, Interval, ObjectPlan, Place, RadarPlan, ScenarioPlan, ScoringPlan, SensorPlan, Waypoint } from "./plan.ts";
import { Random } from "./random.ts";

/** In the Netherlands, as far from a meridian's or the equator's special cases as any place. */
const REFERENCE = { latDeg: 52, lonDeg: 5, heightHaeM: 0 } as const;
const SCORING: ScoringPlan = { firstS: 5.5, everyS: 1, dimensions: 3, cutoffM: 50, classes: ["drone", "aircraft"] };
const TAU = 2 * Math.PI;

/** Where a scenario takes place: at the given point instead of the usual one. */
export type Reference = ScenarioPlan["reference"];

type Maker = (random: Random) => Omit<ScenarioPlan, "name" | "reference">;

/** The plan of a named scenario for a seed: routes, positions and hidden errors differ between seeds, sizes do not. */
export function namedScenario(name: ScenarioName, seed: number, reference: Reference = REFERENCE): ScenarioPlan {
  return { name, reference, ...makers[name](new Random(seed, `plan ${name}`)) };
}

/** A speed sweep: one radar, that many drones at ten per km², that many false alarms per scan. */
export function scaleScenario(
  drones: number,
  clutter: number,
  durationS: number,
  seed: number,
  reference: Reference = REFERENCE,
): ScenarioPlan {
  const name = `scale-${drones}-${clutter}`;
  const random = new Random(seed, `plan ${name}`);
  const half = 500 * Math.sqrt(drones / 10);
  return {
    name,
    reference,
    notes: "speed sweep: one radar, constant density of drones",
    durationS,
    scoring: SCORING,
    objects: Array.from({ length: drones }, (_, k) =>
      drone(k + 1, route(random, 4, square(half), [40, 300], [6, 25]), { accelerationMps2: random.between(4, 9) }),
    ),
    sensors: [radar("R1", at(0, 0, 10), { falseAlarmsPerScan: clutter, rangeM: [20, Math.max(1500, 1.5 * half)] })],
  };
}

interface Box {
  readonly eastM: Interval;
  readonly northM: Interval;
}

const at = (eastM: number, northM: number, upM: number): Place => ({ eastM, northM, upM });
const point = (eastM: number, northM: number, upM: number, speedMps: number, holdS = 0): Waypoint => ({
  eastM,
  northM,
  upM,
  speedMps,
  holdS,
});
const square = (half: number): Box => ({ eastM: [-half, half], northM: [-half, half] });
const tenths = (value: number): number => Math.round(value * 10) / 10;
const soon = (random: Random, from: number, to: number): number => tenths(random.between(from, to));

/** Random waypoints in a box; at some of them the object hovers. */
function route(
  random: Random,
  count: number,
  { eastM, northM }: Box,
  upM: Interval,
  speedMps: Interval,
  hoverShare = 0.2,
): ObjectPlan["waypoints"] {
  const one = (): Waypoint =>
    point(
      random.between(...eastM),
      random.between(...northM),
      random.between(...upM),
      random.between(...speedMps),
      random.chance(hoverShare) ? random.between(3, 10) : 0,
    );
  return [one(), ...Array.from({ length: count - 1 }, one)];
}

function drone(number: number, waypoints: ObjectPlan["waypoints"], more: Partial<ObjectPlan> = {}): ObjectPlan {
  return { id: `D${number}`, objectClass: "drone", waypoints, accelerationMps2: 6, gustMps: 0.4, ...more };
}

function aircraft(waypoints: ObjectPlan["waypoints"]): ObjectPlan {
  return { id: "A1", objectClass: "aircraft", waypoints, accelerationMps2: 4, gustMps: 0.4 };
}

function radar(id: string, place: Place, more: Partial<RadarPlan> = {}): RadarPlan {
  return {
    id,
    kind: "radar",
    place,
    measures: ["range_m", "az_deg", "el_deg", "rdot_mps"],
    sigma: { range_m: 5, az_deg: 0.5, el_deg: 0.7, rdot_mps: 0.3 },
    periodS: 1,
    phaseS: 0,
    pd: 0.9,
    falseAlarmsPerScan: 20,
    rangeM: [150, 4000],
    elevationDeg: [-2, 50],
    rangeRateMps: [-60, 60],
    latencyS: 0.1,
    visibility: { drone: 1, bird: 0.65, aircraft: 1.2 },
    rotating: false,
    ...more,
  };
}

function remoteId(id: string, reports: FixPlan["reports"]): FixPlan {
  const basics = { id, kind: "remoteid", place: at(0, 0, 10), reports } as const;
  return { ...basics, sigmaM: [3, 3, 8], errorCorrelation: 0.95, periodS: 1, withVelocity: true, latencyS: 0.6, loss: 0.2 };
}

function adsb(id: string, reports: FixPlan["reports"]): FixPlan {
  const basics = { id, kind: "adsb", place: at(0, 0, 10), reports } as const;
  return { ...basics, sigmaM: [6, 6, 12], errorCorrelation: 0.95, periodS: 1, withVelocity: true, latencyS: 0.8, loss: 0.15 };
}

function radar10(random: Random): ReturnType<Maker> {
  const objects = Array.from({ length: 10 }, (_, k) => {
    const course = (TAU * k) / 10 + random.between(-0.2, 0.2);
    const [east, north] = [1300 + random.between(-60, 60), 300 + random.between(-60, 60)];
    const speed = random.between(14, 24);
    const before = speed * (60 + random.between(-12, 12));
    const after = speed * 75;
    const up = random.between(60, 120);
    const along = (metres: number, height: number): Waypoint =>
      point(east + metres * Math.cos(course), north + metres * Math.sin(course), height, speed);
    const waypoints = [along(-before, up), along(0, up), along(after, up + random.between(-15, 15))] as const;
    return drone(k + 1, waypoints, { fromS: soon(random, 0, 15) });
  });
  return {
    notes: "one radar, ten drones that cross within 60 m, clutter",
    durationS: 120,
    scoring: SCORING,
    objects,
    sensors: [
      radar("R1", at(0, 0, 8), {
        falseAlarmsPerScan: 60,
        sigma: { range_m: 8, az_deg: 1, el_deg: 1.2, rdot_mps: 1 },
        rangeM: [150, 3000],
      }),
    ],
  };
}

function swarm50(random: Random): ReturnType<Maker> {
  const [goalEast, goalNorth] = [random.between(-150, 150), random.between(-150, 150)];
  const objects: ObjectPlan[] = [];
  for (let group = 0; group < 5; group += 1) {
    const side = (TAU * group) / 5 + random.between(-0.3, 0.3);
    const speed = random.between(17, 21);
    for (let k = 0; k < 10; k += 1) {
      const [offEast, offNorth] = [(k % 4) * 28 + random.between(-5, 5), Math.floor(k / 4) * 28 + random.between(-5, 5)];
      const up = 80 + 12 * (k % 3) + random.between(-3, 3);
      const from = (metres: number, angle: number): Waypoint =>
        point(goalEast + metres * Math.cos(angle) + offEast, goalNorth + metres * Math.sin(angle) + offNorth, up, speed);
      // The spacing of a sunflower's seeds: even, and never the same twice.
      const place = 10 * group + k;
      const out = 0.9 * (25 + 20 * Math.sqrt(place));
      const turn = place * 2.39996;
      const end = point(goalEast + out * Math.cos(turn), goalNorth + out * Math.sin(turn), up, speed, 60);
      const waypoints = [from(2200, side), from(900, side + 0.25), end] as const;
      objects.push(drone(objects.length + 1, waypoints, { fromS: soon(random, 0, 6), gustMps: 0.3 }));
    }
  }
  return {
    notes: "five groups of ten join into one tight swarm; three radars",
    durationS: 150,
    scoring: SCORING,
    objects,
    sensors: [
      radar("R1", at(-1200, -900, 10), { falseAlarmsPerScan: 30 }),
      radar("R2", at(1300, -700, 12), { falseAlarmsPerScan: 30, phaseS: 0.35 }),
      radar("R3", at(100, 1500, 9), { falseAlarmsPerScan: 30, phaseS: 0.7 }),
    ],
  };
}

function dense200(random: Random): ReturnType<Maker> {
  const objects = Array.from({ length: 200 }, (_, k) =>
    drone(k + 1, route(random, 5, square(2500), [40, 250], [8, 25]), {
      fromS: soon(random, 0, 10),
      accelerationMps2: random.between(4, 10),
    }),
  );
  const places = [at(-1800, -1500, 10), at(1900, -1200, 15), at(0, 2000, 8)];
  const sensors = places.map((place, k) => {
    const patch = (): { rangeM: number; azimuthDeg: number } => ({ rangeM: random.between(600, 3000), azimuthDeg: random.between(0, 360) });
    const patches = { share: 0.35, places: [patch(), patch(), patch()] };
    return radar(`R${k + 1}`, place, { falseAlarmsPerScan: 300, phaseS: 0.35 * k, rangeM: [150, 5500], patches });
  });
  return { notes: "200 drones in 5 km by 5 km, dense clutter, a third of it clumped", durationS: 60, scoring: SCORING, objects, sensors };
}

function df5(random: Random): ReturnType<Maker> {
  const objects = Array.from({ length: 5 }, (_, k) =>
    drone(k + 1, route(random, 6, square(900), [60, 120], [8, 18], 0.3), { fromS: soon(random, 0, 20) }),
  );
  const places = [at(-1500, -1400, 20), at(1600, -1300, 18), at(1450, 1500, 25), at(-1500, 1350, 15)];
  const sensors = places.map((place, k): SensorPlan => {
    const scanning = { periodS: 1, phaseS: 0.25 * k, pd: 0.85, falseAlarmsPerScan: 0.5, latencyS: 0.2 };
    const hearing = { classes: ["drone"], maxRangeM: 6000, attributes: { freq_mhz: 2437 } } as const;
    return { id: `DF${k + 1}`, kind: "rf_df", place, azimuthSigmaDeg: 1.5, ...scanning, ...hearing };
  });
  return {
    notes: "four direction finders, five emitters on one channel: ghosts",
    durationS: 150,
    scoring: { ...SCORING, firstS: 10.5, dimensions: 2, cutoffM: 100 },
    objects,
    sensors,
  };
}

function mixed(random: Random): ReturnType<Maker> {
  const box = square(1800);
  const drones = Array.from({ length: 6 }, (_, k) =>
    drone(k + 1, route(random, 7, box, [40, 120], [8, 20], 0.3), { fromS: soon(random, 0, 30) }),
  );
  const helicopter = aircraft([
    point(-6000, random.between(-800, 800), 280, 55),
    point(-500, random.between(-600, 600), 200, 50),
    point(3000, random.between(-2500, 2500), 250, 55),
    point(7000, 0, 300, 55),
  ]);
  const birds = Array.from({ length: 12 }, (_, k): ObjectPlan => {
    const waypoints = route(random, 12, box, [10, 90], [5, 12], 0);
    return { id: `B${k + 1}`, objectClass: "bird", waypoints, repeats: true, accelerationMps2: 5, gustMps: 2 };
  });
  const claims = Array.from({ length: 2 }, (_, k) =>
    drone(k + 7, route(random, 7, box, [60, 110], [10, 16], 0.1), { id: `XD${k + 7}`, fromS: soon(random, 20, 50), bodiless: true }),
  );
  const broadcasting = [...drones.slice(0, 4), ...claims];
  const sensors: readonly SensorPlan[] = [
    radar("R1", at(0, 0, 12), { falseAlarmsPerScan: 25 }),
    remoteId(
      "RID1",
      broadcasting.map(({ id, bodiless }, k) => ({ object: id, identity: `DRLX${bodiless === true ? 7700 : 4000}${k}` })),
    ),
    adsb("ADSB1", [{ object: helicopter.id, identity: "4B1A2C" }]),
    {
      id: "TDOA1",
      kind: "tdoa",
      place: at(0, 0, 10),
      reports: drones.slice(1, 5).map(({ id }) => ({ object: id })),
      sigmaM: [25, 25, 60],
      errorCorrelation: 0,
      periodS: 2,
      irregular: 0.4,
      withVelocity: false,
      latencyS: 0.7,
      loss: 0.3,
    },
    {
      id: "CAM1",
      kind: "camera",
      place: at(50, -40, 15),
      azimuthSigmaDeg: 0.1,
      elevationSigmaDeg: 0.1,
      classes: ["drone", "bird", "aircraft"],
      maxRangeM: 900,
      sectorDeg: [0, 90],
      periodS: 0.5,
      phaseS: 0.15,
      pd: 0.8,
      falseAlarmsPerScan: 0.2,
      latencyS: 0.25,
    },
  ];
  return {
    notes: "radar, Remote ID, ADS-B, time difference, camera; two claims without a body, birds, a helicopter",
    durationS: 180,
    scoring: SCORING,
    objects: [...drones, helicopter, ...birds, ...claims],
    sensors,
  };
}

function soft(random: Random): ReturnType<Maker> {
  const side = (): number => random.between(-500, 500);
  const objects = Array.from({ length: 3 }, (_, k) =>
    drone(k + 1, [point(-1900, side(), 90, 14), point(-300, side(), 80, 14), point(500, side(), 90, 12, 8), point(1900, side(), 100, 15)], {
      fromS: tenths(15 + 35 * k + random.between(0, 10)),
      gustMps: 0.6,
    }),
  );
  const sensors: SensorPlan[] = [];
  for (const east of [-1200, -600, 0, 600, 1200]) {
    for (const north of [-500, 0, 500]) {
      const number = sensors.length + 1;
      sensors.push({
        id: `AC${number}`,
        kind: "acoustic",
        place: at(east + random.between(-60, 60), north + random.between(-60, 60), 3),
        azimuthSigmaDeg: 7,
        classes: ["drone"],
        maxRangeM: 650,
        fallsOff: true,
        soundDelay: true,
        periodS: 1,
        phaseS: Math.round(5 * number) / 100,
        pd: 0.85,
        falseAlarmsPerScan: 0.05,
        latencyS: 0.3,
      });
    }
  }
  const posts = [at(-1500, 300, 2), at(-700, -700, 2), at(100, 650, 2), at(700, -350, 2), at(1500, 200, 2)];
  posts.forEach((place, k) => {
    sensors.push({
      id: `H${k + 1}`,
      kind: "human",
      place,
      periodS: 45,
      seeM: 1500,
      azimuthSigmaDeg: 15,
      rangeFractionSigma: 0.4,
      timeSigmaS: 8,
      falseShare: 0.1,
      reportAfterS: { least: 20, mean: 60 },
    });
  });
  return {
    notes: "microphones and late reports of people, nothing else",
    durationS: 300,
    scoring: { ...SCORING, firstS: 20.5, dimensions: 2, cutoffM: 200 },
    objects,
    sensors,
  };
}

function messy(random: Random): ReturnType<Maker> {
  const drones = Array.from({ length: 12 }, (_, k) =>
    drone(k + 1, route(random, 6, square(1700), [50, 150], [8, 22]), { fromS: soon(random, 0, 15) }),
  );
  const helicopter = aircraft([point(-5000, 600, 260, 50), point(-1000, -800, 220, 45), point(4500, 300, 260, 50)]);
  const side = (): number => (random.chance(0.5) ? 1 : -1);
  const network = { delays: { lateShare: 0.4, meanS: 1.5, mostS: 5, detectionShare: 0.1 }, duplicates: 0.05 };
  return {
    notes: "late, out of order, doubled; one radar turned, one with a wrong clock",
    durationS: 150,
    scoring: SCORING,
    objects: [...drones, helicopter],
    sensors: [
      radar("R1", at(-900, -1100, 10), network),
      radar("R2", at(1300, -800, 12), { ...network, phaseS: 0.35, bias: { az_deg: 1.5 * side() } }),
      radar("R3", at(100, 1500, 9), {
        ...network,
        phaseS: 0.7,
        rotating: true,
        clockSkewS: Math.round(side() * random.between(50, 100)) / 100,
      }),
      adsb("ADSB1", [{ object: helicopter.id, identity: "4B1A2C" }]),
      remoteId("RID1", [
        { object: "D1", identity: "DRLX9001" },
        { object: "D2", identity: "DRLX9002" },
      ]),
    ],
  };
}

/** Hovering, sprints at 40 m/s and sharp turns near the ground. */
function sprints(random: Random, count: number, { eastM, northM }: Box): ObjectPlan["waypoints"] {
  let [east, north] = [random.between(...eastM), random.between(...northM)];
  let course = random.between(0, TAU);
  const one = (): Waypoint => {
    const what = random.unit();
    const [speed, hold] =
      what < 0.55 ? [40, 0] : what < 0.8 ? [random.between(12, 25), 0] : ([25, random.between(2, 6)] satisfies [number, number]);
    course += (random.chance(0.5) ? 1 : -1) * random.between(TAU / 6, (TAU * 17) / 36);
    const leg = random.between(120, 450);
    let [nextEast, nextNorth] = [east + leg * Math.cos(course), north + leg * Math.sin(course)];
    const inside = nextEast > eastM[0] && nextEast < eastM[1] && nextNorth > northM[0] && nextNorth < northM[1];
    if (!inside) {
      [nextEast, nextNorth] = [random.between(...eastM), random.between(...northM)];
      course = Math.atan2(nextNorth - north, nextEast - east);
    }
    [east, north] = [nextEast, nextNorth];
    return point(east, north, random.between(15, 120), speed, hold);
  };
  return [one(), ...Array.from({ length: count - 1 }, one)];
}

function fpv8(random: Random): ReturnType<Maker> {
  const box: Box = { eastM: [300, 1500], northM: [-700, 700] };
  const objects = Array.from({ length: 8 }, (_, k) =>
    drone(k + 1, sprints(random, 30, box), { fromS: soon(random, 0, 8), accelerationMps2: 29.4, gustMps: 0.6 }),
  );
  return {
    notes: "hover, sprints at 40 m/s, reversals at 3 g; one radar at 2 Hz",
    durationS: 90,
    scoring: { ...SCORING, firstS: 5.25, everyS: 0.5 },
    objects,
    sensors: [radar("R1", at(0, 0, 8), { falseAlarmsPerScan: 15, periodS: 0.5, rangeM: [100, 2500] })],
  };
}

function scale1000(random: Random): ReturnType<Maker> {
  const objects = Array.from({ length: 1000 }, (_, k) =>
    drone(k + 1, route(random, 4, square(5000), [30, 400], [6, 25]), { accelerationMps2: random.between(4, 9) }),
  );
  const fine = { falseAlarmsPerScan: 200, rangeM: [150, 9000], sigma: { range_m: 5, az_deg: 0.2, el_deg: 0.25, rdot_mps: 0.3 } } as const;
  return {
    notes: "1000 drones, two radars",
    durationS: 40,
    scoring: SCORING,
    objects,
    sensors: [radar("R1", at(-2500, 0, 10), fine), radar("R2", at(2500, 300, 10), { ...fine, phaseS: 0.5 })],
  };
}

export type ScenarioName = "radar10" | "swarm50" | "dense200" | "df5" | "mixed" | "soft" | "messy" | "fpv8" | "scale1000";

const makers: Readonly<Record<ScenarioName, Maker>> = { radar10, swarm50, dense200, df5, mixed, soft, messy, fpv8, scale1000 };

export const SCENARIO_NAMES: readonly ScenarioName[] = Object.keys(makers) as ScenarioName[];

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(makers, name);
}
