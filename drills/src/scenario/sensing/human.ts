// What do people report: a compass point and a rough distance of the nearest drone, minutes later?
import { wrap360Deg } from "@atalaya/geodesy";
import type { HumanPlan } from "../plan.ts";
import type { Random } from "../random.ts";
import { decimals, type Message, Outlook, type World } from "./world.ts";

const COMPASS_STEP_DEG = 22.5;
const DISTANCE_STEP_M = 50;
const TIME_STEP_S = 10;
/** Before rounding to the compass point, which adds 6.5° of its own. */
const SPREAD_BEFORE_ROUNDING = 0.8;

export function* humanMessages(plan: HumanPlan, world: World, random: Random): Iterable<Message> {
  const { id, kind, seeM, azimuthSigmaDeg, rangeFractionSigma, timeSigmaS, falseShare, reportAfterS } = plan;
  const outlook = new Outlook(world, plan.place);
  const first = 10 + plan.periodS * random.unit();
  for (let timeS = first; timeS < world.durationS; timeS += plan.periodS * (0.5 + random.unit())) {
    const seen = nearestDrone(plan, world, outlook, timeS);
    let direction: { azimuthDeg: number; rangeM: number } | undefined;
    let origin: string | null = null;
    if (seen !== undefined && !random.chance(falseShare)) {
      outlook.look(seen, timeS);
      origin = world.objects[seen]?.id ?? null;
      direction = {
        azimuthDeg: outlook.azimuthDeg + azimuthSigmaDeg * SPREAD_BEFORE_ROUNDING * random.normal(),
        rangeM: outlook.rangeM * Math.exp(rangeFractionSigma * random.normal()),
      };
    } else if (random.chance(falseShare)) {
      direction = { azimuthDeg: random.between(0, 360), rangeM: random.between(0, seeM) };
    }
    if (direction === undefined) continue;
    const azimuthDeg = wrap360Deg(Math.round(direction.azimuthDeg / COMPASS_STEP_DEG) * COMPASS_STEP_DEG);
    const rangeM = Math.max(DISTANCE_STEP_M, Math.round(direction.rangeM / DISTANCE_STEP_M) * DISTANCE_STEP_M);
    const saidS = Math.max(0, Math.round((timeS + timeSigmaS * random.normal()) / TIME_STEP_S) * TIME_STEP_S);
    yield {
      arrivalS: Math.max(timeS, saidS) + reportAfterS.least + random.exponential(reportAfterS.mean),
      measured: {
        sensor: id,
        kind,
        t: saidS,
        t_sd: timeSigmaS,
        z: [azimuthDeg, rangeM],
        R: [decimals(azimuthSigmaDeg ** 2, 6), decimals((rangeFractionSigma * rangeM) ** 2, 6)],
      },
      origin,
    };
  }
}

function nearestDrone({ seeM, kind }: HumanPlan, world: World, outlook: Outlook, timeS: number): number | undefined {
  let nearest: number | undefined;
  let leastM = seeM;
  for (const [object, { objectClass, silentTo = [] }] of world.objects.entries()) {
    if (objectClass !== "drone" || silentTo.includes(kind) || !world.flights.isThere(object, timeS)) continue;
    outlook.look(object, timeS);
    if (outlook.rangeM >= leastM) continue;
    leastM = outlook.rangeM;
    nearest = object;
  }
  return nearest;
}
