// A night on a border: who stands where, what flies past and over them, and which of it endangers whom. Made in parts of ten minutes, one after another.
import { Random } from "./random.ts";
import type { ObjectClass, ObjectPlan, Place, RadarPlan, ScenarioPlan, SensorPlan, Waypoint } from "./plan.ts";

/** Somebody of ours, or a post at which people stand. */
export interface NightPlace {
  readonly id: string;
  readonly eastM: number;
  readonly northM: number;
}

export interface NightPatrol extends NightPlace {
  /** From when to when, s of the night, they stand there. */
  readonly fromS: number;
  readonly untilS: number;
}

export interface NightFlight {
  readonly id: string;
  readonly objectClass: ObjectClass;
  readonly fromS: number;
  readonly untilS: number;
  /** Whom it comes close to, when (s of the night), and how close it passes, m; absent: it endangers nobody. */
  readonly endangers?: { readonly target: string; readonly atS: number; readonly passesM: number };
}

export interface NightPart {
  readonly plan: ScenarioPlan;
  /** Start of the part, s of the night. */
  readonly fromS: number;
  readonly seed: number;
}

export interface Night {
  readonly reference: ScenarioPlan["reference"];
  readonly durationS: number;
  readonly posts: readonly NightPlace[];
  readonly patrols: readonly NightPatrol[];
  readonly flights: readonly NightFlight[];
  readonly parts: readonly NightPart[];
}

/** The load of the largest published figure: some 330 flights a day on a whole border, 41 in an hour of the night. */
export const FLIGHTS_PER_HOUR = 41;
const MOST_DANGEROUS_PER_HOUR = 4;
const HOURS = 8;
const PART_S = 600;
const REFERENCE = { latDeg: 31.76, lonDeg: -106.49, heightHaeM: 1140 } as const;
/** Half the side of the ground on which everything happens, m. */
const HALF_M = 3500;
const AIRCRAFT_HALF_M = 7000;
/** What endangers nobody stays further than this from everybody of ours. */
const KEEPS_M = 600;
const PATROLS = 6;

const tenths = (value: number): number => Math.round(value * 10) / 10;

function waypoint(eastM: number, northM: number, upM: number, speedMps: number, holdS = 0): Waypoint {
  return { eastM, northM, upM, speedMps, holdS };
}

/** Distance of a place from a straight leg, m. */
function distanceM(a: Pick<Place, "eastM" | "northM">, b: Pick<Place, "eastM" | "northM">, place: NightPlace): number {
  const [de, dn] = [b.eastM - a.eastM, b.northM - a.northM];
  const share = ((place.eastM - a.eastM) * de + (place.northM - a.northM) * dn) / Math.max(1, de * de + dn * dn);
  const along = Math.min(1, Math.max(0, share));
  return Math.hypot(a.eastM + de * along - place.eastM, a.northM + dn * along - place.northM);
}

function lengthM(points: readonly Place[]): number {
  let sum = 0;
  for (let k = 1; k < points.length; k += 1) {
    const [a, b] = [points[k - 1], points[k]];
    if (a !== undefined && b !== undefined) sum += Math.hypot(b.eastM - a.eastM, b.northM - a.northM, b.upM - a.upM);
  }
  return sum;
}

/** A point on the edge of a square. */
function edge(random: Random, halfM: number): { readonly eastM: number; readonly northM: number } {
  const along = random.between(-halfM, halfM);
  const side = Math.floor(random.between(0, 4));
  if (side === 0) return { eastM: along, northM: halfM };
  if (side === 1) return { eastM: along, northM: -halfM };
  return { eastM: side === 2 ? halfM : -halfM, northM: along };
}

type Route = readonly [Waypoint, ...Waypoint[]];

/** Across the ground in one or two legs, far enough from everybody. Undefined: this one would not be. */
function passing(random: Random, places: readonly NightPlace[], upM: number, speedMps: number, halfM: number): Route | undefined {
  const [from, to] = [edge(random, halfM), edge(random, halfM)];
  const bend = random.chance(0.4) ? [{ eastM: random.between(-2500, 2500), northM: random.between(-2500, 2500) }] : [];
  const points = [from, ...bend, to];
  if (Math.hypot(to.eastM - from.eastM, to.northM - from.northM) < 2500) return undefined;
  for (let k = 1; k < points.length; k += 1) {
    const [a, b] = [points[k - 1], points[k]];
    if (a === undefined || b === undefined) return undefined;
    if (places.some((place) => distanceM(a, b, place) < KEEPS_M)) return undefined;
  }
  const [first, ...others] = points.map(({ eastM, northM }) => waypoint(eastM, northM, upM, speedMps));
  return first === undefined ? undefined : [first, ...others];
}

/** Straight at somebody from a few kilometres off; half of them stay above for a while. */
function attacking(random: Random, target: NightPlace, upM: number, speedMps: number): { route: Route; passesM: number; reachedM: number } {
  const bearing = random.between(0, 2 * Math.PI);
  const startM = random.between(2000, 3200);
  const passesM = random.between(0, 60);
  const [sin, cos] = [Math.sin(bearing), Math.cos(bearing)];
  const start = waypoint(target.eastM + startM * sin + passesM * cos, target.northM + startM * cos - passesM * sin, upM, speedMps);
  const over = waypoint(
    target.eastM + passesM * cos,
    target.northM - passesM * sin,
    upM,
    speedMps,
    random.chance(0.5) ? random.between(8, 30) : 0,
  );
  const away = waypoint(target.eastM - 2500 * sin, target.northM - 2500 * cos, upM + 20, speedMps);
  return { route: [start, over, away], passesM, reachedM: startM };
}

function radar(id: string, eastM: number, northM: number): RadarPlan {
  return {
    id,
    kind: "radar",
    place: { eastM, northM, upM: 10 },
    measures: ["range_m", "az_deg", "el_deg", "rdot_mps"],
    sigma: { range_m: 5, az_deg: 0.5, el_deg: 0.7, rdot_mps: 0.3 },
    periodS: 1,
    phaseS: id === "R1" ? 0.2 : 0.7,
    pd: 0.9,
    falseAlarmsPerScan: 8,
    rangeM: [100, 5000],
    elevationDeg: [-2, 50],
    rangeRateMps: [-60, 60],
    latencyS: 0.1,
    visibility: { drone: 1, bird: 0.65, aircraft: 1.2 },
    rotating: false,
    classifies: { rightShare: 0.85, says: 0.8 },
  };
}

/** How many of each hour's flights are what. Those that endanger somebody are none to four. */
type Kind = "danger" | ObjectClass;
function kindsOf(random: Random): Kind[] {
  const dangers = random.index(MOST_DANGEROUS_PER_HOUR + 1);
  const birds = 12;
  const aircraft = 5;
  const kinds = Array.from({ length: FLIGHTS_PER_HOUR }, (_, k): Kind => {
    if (k < dangers) return "danger";
    if (k < dangers + birds) return "bird";
    return k < dangers + birds + aircraft ? "aircraft" : "drone";
  });
  // Shuffled (Fisher and Yates), so that they come in any order.
  for (let k = kinds.length - 1; k > 0; k -= 1) {
    const other = Math.min(k, Math.floor(random.between(0, k + 1)));
    const [a, b] = [kinds[k], kinds[other]];
    if (a !== undefined && b !== undefined) [kinds[k], kinds[other]] = [b, a];
  }
  return kinds;
}

/** The same seed gives the same night, byte for byte. */
export function nightScenario(seed: number): Night {
  const random = new Random(seed, "night");
  const posts: NightPlace[] = [
    { id: "P1", eastM: -1500, northM: 300 },
    { id: "P2", eastM: 200, northM: -400 },
    { id: "P3", eastM: 1800, northM: 500 },
  ];
  const patrols: NightPatrol[] = [];
  const flights: NightFlight[] = [];
  const parts: NightPart[] = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    const ofHour = random.stream(`hour ${hour}`);
    const [fromS, untilS] = [hour * 3600, (hour + 1) * 3600];
    const standing: NightPatrol[] = Array.from({ length: PATROLS }, (_, k) => ({
      id: `A${k + 1}`,
      eastM: Math.round(ofHour.between(-2200, 2200)),
      northM: Math.round(ofHour.between(-900, 900)),
      fromS,
      untilS,
    }));
    patrols.push(...standing);
    const places = [...posts, ...standing];
    const kinds = kindsOf(ofHour);
    const perHour = 3600 / PART_S;
    for (let part = 0; part < perHour; part += 1) {
      const partS = fromS + part * PART_S;
      const objects: ObjectPlan[] = [];
      const reports: { readonly object: string; readonly identity: string }[] = [];
      const aloft: { readonly object: string; readonly identity: string }[] = [];
      kinds.slice(Math.floor((part * kinds.length) / perHour), Math.floor(((part + 1) * kinds.length) / perHour)).forEach((kind, k) => {
        const ofFlight = ofHour.stream(`flight ${part} ${k}`);
        const id = `H${hour}-${part}-${k}`;
        const made = flightOf(kind, id, partS, places, ofFlight);
        objects.push(made.object);
        flights.push(made.flight);
        // A third of the drones broadcast what they are, aircraft but for a few do.
        const number = 1000 + ((hour * perHour + part) * 10 + k);
        if (made.object.objectClass === "drone" && ofFlight.chance(0.33))
          reports.push({ object: id, identity: `1ATAN${String(number).padStart(11, "0")}` });
        if (made.object.objectClass === "aircraft" && ofFlight.chance(0.8))
          aloft.push({ object: id, identity: number.toString(16).padStart(6, "a") });
      });
      const fix = { place: { eastM: 0, northM: 0, upM: 10 }, errorCorrelation: 0.95, periodS: 1, withVelocity: true } as const;
      const sensors: SensorPlan[] = [
        radar("R1", -1200, -200),
        radar("R2", 1500, 100),
        { ...fix, id: "RID", kind: "remoteid", reports, sigmaM: [3, 3, 8], latencyS: 0.6, loss: 0.2 },
        { ...fix, id: "ADSB", kind: "adsb", reports: aloft, sigmaM: [6, 6, 12], latencyS: 0.8, loss: 0.15 },
      ];
      parts.push({
        fromS: partS,
        seed: seed * 1000 + hour * perHour + part,
        plan: {
          name: `night-${hour}-${part}`,
          notes: "a part of a night on a border",
          durationS: PART_S,
          reference: REFERENCE,
          scoring: { firstS: 5.5, everyS: 1, dimensions: 3, cutoffM: 50, classes: ["drone"] },
          objects,
          sensors,
        },
      });
    }
  }
  return { reference: REFERENCE, durationS: HOURS * 3600, posts, patrols, flights, parts };
}

function flightOf(
  kind: Kind,
  id: string,
  partS: number,
  places: readonly NightPlace[],
  random: Random,
): { readonly object: ObjectPlan; readonly flight: NightFlight } {
  const objectClass: ObjectClass = kind === "danger" ? "drone" : kind;
  const speedMps = {
    danger: random.between(10, 25),
    drone: random.between(9, 22),
    bird: random.between(8, 16),
    aircraft: random.between(40, 70),
  }[kind];
  const upM = {
    danger: random.between(40, 110),
    drone: random.between(50, 120),
    bird: random.between(15, 90),
    aircraft: random.between(180, 450),
  }[kind];
  const target = places[Math.min(places.length - 1, Math.floor(random.between(0, places.length)))];
  const attack = kind === "danger" && target !== undefined ? attacking(random, target, upM, speedMps) : undefined;
  let route: Route | undefined = attack?.route;
  // Birds hunt about a place, also above people.
  if (kind === "bird") {
    const home = { eastM: random.between(-2800, 2800), northM: random.between(-2000, 2000) };
    const about = (): Waypoint =>
      waypoint(home.eastM + random.between(-350, 350), home.northM + random.between(-350, 350), upM + random.between(-10, 20), speedMps);
    route = [about(), ...Array.from({ length: 12 }, about)];
  }
  for (let k = 0; route === undefined && k < 500; k += 1)
    // Aircraft come from afar, and pass over people as well.
    route = kind === "aircraft" ? passing(random, [], upM, speedMps, AIRCRAFT_HALF_M) : passing(random, places, upM, speedMps, HALF_M);
  route ??= [waypoint(-HALF_M, HALF_M, upM, speedMps), waypoint(HALF_M, HALF_M, upM, speedMps)];
  const held = route.reduce((sum, { holdS }) => sum + holdS, 0);
  const lastsS = Math.min(PART_S - 20, lengthM(route) / speedMps + held + 6);
  const fromS = tenths(random.between(2, PART_S - 10 - lastsS));
  const untilS = tenths(fromS + lastsS);
  const bird = { accelerationMps2: 5, gustMps: 2 };
  const object: ObjectPlan = {
    id,
    objectClass,
    waypoints: route,
    ...(kind === "bird" ? bird : { accelerationMps2: kind === "aircraft" ? 4 : 6, gustMps: 0.4 }),
    fromS,
    untilS,
  };
  const flight: NightFlight = {
    id,
    objectClass,
    fromS: partS + fromS,
    untilS: partS + untilS,
    ...(attack === undefined || target === undefined
      ? {}
      : { endangers: { target: target.id, atS: partS + fromS + attack.reachedM / speedMps, passesM: attack.passesM } }),
  };
  return { object, flight };
}
