// What does a sensor report that knows directions only: a direction finder, a microphone array, a camera?
import { wrap360Deg } from "@atalaya/geodesy";
import type { BearingPlan } from "../plan.ts";
import type { Random } from "../random.ts";
import { decimals, type Message, Outlook, scanTimesS, type World } from "./world.ts";

/** Speed of sound at 20 °C, m/s. */
export const SOUND_MPS = 343;
const ALL_AROUND = [0, 360] as const;
/** Elevations of a camera for which nothing else is said, degrees. */
export const USUAL_ELEVATIONS_DEG: readonly [number, number] = [-5, 60];

interface Bearing {
  readonly z: readonly number[];
  readonly origin: string | null;
}

export function* bearingMessages(plan: BearingPlan, world: World, random: Random): Iterable<Message> {
  const { id, kind, latencyS, attributes } = plan;
  const outlook = new Outlook(world, plan.place);
  const sigmas = [plan.azimuthSigmaDeg, ...(plan.elevationSigmaDeg === undefined ? [] : [plan.elevationSigmaDeg])];
  const variances = sigmas.map((sigma) => decimals(sigma ** 2, 6));
  let scan = 0;
  for (const timeS of scanTimesS(world, plan.periodS, plan.phaseS)) {
    const bearings = [...objectBearings(plan, world, outlook, timeS, random), ...falseBearings(plan, random)];
    random.shuffle(bearings);
    const t = decimals(timeS, 3);
    for (const { z, origin } of bearings) {
      const attrs = attributes === undefined ? {} : { attrs: attributes };
      yield {
        arrivalS: timeS + latencyS,
        measured: { sensor: id, kind, scan, t, z: z.map((angle) => decimals(angle, 3)), R: variances, ...attrs },
        origin,
      };
    }
    yield { arrivalS: timeS + latencyS + 0.001, scanned: { sensor: id, scan, n: bearings.length, t, t_end: t } };
    scan += 1;
  }
}

function* objectBearings(plan: BearingPlan, world: World, outlook: Outlook, timeS: number, random: Random): Iterable<Bearing> {
  const { azimuthSigmaDeg, elevationSigmaDeg, sectorDeg = ALL_AROUND, elevationDeg: [lowest, highest] = USUAL_ELEVATIONS_DEG } = plan;
  for (const [object, { id, objectClass, silentTo = [] }] of world.objects.entries()) {
    if (!plan.classes.includes(objectClass) || silentTo.includes(plan.kind) || !world.flights.isThere(object, timeS)) continue;
    outlook.look(object, timeS);
    if (!isNoticed(plan, outlook.rangeM, random)) continue;
    if (plan.soundDelay === true) outlook.look(object, timeS - outlook.rangeM / SOUND_MPS);
    const { azimuthDeg, elevationDeg } = outlook;
    if (!isInSector(azimuthDeg, sectorDeg)) continue;
    const z = [wrap360Deg(azimuthDeg + azimuthSigmaDeg * random.normal())];
    if (elevationSigmaDeg !== undefined) {
      if (elevationDeg < lowest || elevationDeg > highest) continue;
      z.push(elevationDeg + elevationSigmaDeg * random.normal());
    }
    yield { z, origin: id };
  }
}

function* falseBearings(plan: BearingPlan, random: Random): Iterable<Bearing> {
  const [from, to] = plan.sectorDeg ?? ALL_AROUND;
  const width = to > from ? to - from : to - from + 360;
  const count = random.poisson(plan.falseAlarmsPerScan);
  for (let k = 0; k < count; k += 1) {
    const z = [wrap360Deg(from + width * random.unit())];
    if (plan.elevationSigmaDeg !== undefined) z.push(random.between(...(plan.elevationDeg ?? USUAL_ELEVATIONS_DEG)));
    yield { z, origin: null };
  }
}

/** Draws whether something at that range is detected. */
export function isNoticed(
  { pd, maxRangeM, fallsOff = false }: Pick<BearingPlan, "pd" | "maxRangeM" | "fallsOff">,
  rangeM: number,
  random: Random,
): boolean {
  return rangeM <= maxRangeM && random.chance(pd * (fallsOff ? 1 - (rangeM / maxRangeM) ** 2 : 1));
}

function isInSector(azimuthDeg: number, [from, to]: readonly [number, number]): boolean {
  const width = to > from ? to - from : to - from + 360;
  return width >= 360 || wrap360Deg(azimuthDeg - from) <= width;
}
