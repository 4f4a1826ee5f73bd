// What does a surveillance radar report: plots of what it detects, and false alarms?
import { wrap360Deg } from "@atalaya/geodesy";
import type { DelayPlan, ObjectClass, RadarMeasure, RadarPlan } from "../plan.ts";
import type { Random } from "../random.ts";
import { decimals, type Measured, type Message, Outlook, scanTimesS, type World } from "./world.ts";

const DIGITS: Readonly<Record<RadarMeasure, number>> = { range_m: 2, az_deg: 4, el_deg: 4, rdot_mps: 3 };
/** Detection threshold; above it the signal-to-noise ratio is exponential, objects on average stronger than clutter. dB. */
const THRESHOLD_DB = 13;
const MEAN_ABOVE_DB = { object: 8, clutter: 3 } as const;
const MOST_PD = 0.97;
/** Size of a patch of clutter: standard deviations in range and azimuth, and of the elevation above the ground. */
const PATCH = { rangeM: 120, azimuthDeg: 3, elevationDeg: 1.5 } as const;
const DUPLICATE_WITHIN_S = 2;

type Values = Record<RadarMeasure, number>;

const CLASSES: readonly ObjectClass[] = ["drone", "bird", "aircraft"];

/** What the radar makes of one plot; of what is none of the classes, any of them. */
function statement(
  { rightShare, says }: NonNullable<RadarPlan["classifies"]>,
  truth: ObjectClass | undefined,
  random: Random,
): Readonly<Record<string, number>> {
  const wrong = CLASSES.filter((name) => name !== truth);
  const named = truth !== undefined && random.chance(rightShare) ? truth : (wrong[random.index(wrong.length)] ?? "drone");
  const other = decimals((1 - says) / CLASSES.length, 4);
  return { drone: other, bird: other, aircraft: other, [named]: says };
}

interface Plot {
  readonly values: Values;
  readonly origin: string | null;
  readonly timeS: number;
}

export function* radarMessages(plan: RadarPlan, world: World, random: Random): Iterable<Message> {
  const { periodS, phaseS, rotating, latencyS, delays, duplicates = 0, clockSkewS = 0, classifies } = plan;
  const classOf = new Map<string | null, ObjectClass>(world.objects.map(({ id, objectClass }) => [id, objectClass]));
  const outlook = new Outlook(world, plan.place);
  const variances = plan.measures.map((measure) => decimals(plan.sigma[measure] ** 2, 6));
  let scan = 0;
  for (const beganS of scanTimesS(world, periodS, phaseS)) {
    const plots = [...objectPlots(plan, world, outlook, beganS, random), ...falseAlarms(plan, beganS, random)];
    random.shuffle(plots);
    const endS = beganS + (rotating ? periodS : 0);
    const lateS = latencyS + delay(delays, random);
    for (const { values, origin, timeS } of plots) {
      const above = random.exponential(origin === null ? MEAN_ABOVE_DB.clutter : MEAN_ABOVE_DB.object);
      const measured: Measured = {
        sensor: plan.id,
        kind: plan.kind,
        scan,
        t: decimals(timeS + clockSkewS, 3),
        z: plan.measures.map((measure) => decimals(values[measure], DIGITS[measure])),
        R: variances,
        snr_db: decimals(THRESHOLD_DB + above, 1),
        ...(classifies === undefined ? {} : { classes: statement(classifies, classOf.get(origin), random) }),
      };
      const ownS = delays !== undefined && random.chance(delays.detectionShare) ? delay(delays, random) : 0;
      const arrivalS = (rotating ? timeS : endS) + lateS + ownS;
      yield { arrivalS, measured, origin };
      if (random.chance(duplicates)) yield { arrivalS: arrivalS + DUPLICATE_WITHIN_S * random.unit(), measured, origin };
    }
    const [t, tEnd] = [decimals(beganS + clockSkewS, 3), decimals(endS + clockSkewS, 3)];
    yield { arrivalS: endS + lateS + 0.001, scanned: { sensor: plan.id, scan, n: plots.length, t, t_end: tEnd } };
    scan += 1;
  }
}

function* objectPlots(plan: RadarPlan, world: World, outlook: Outlook, beganS: number, random: Random): Iterable<Plot> {
  const { sigma, bias = {} } = plan;
  for (const [object, { id, objectClass, silentTo = [] }] of world.objects.entries()) {
    if (silentTo.includes(plan.kind)) continue;
    let timeS = beganS;
    if (plan.rotating) {
      // When the antenna points to where the object was as the turn began: near enough, for it moves slower than the antenna.
      outlook.look(object, beganS);
      timeS += (outlook.azimuthDeg / 360) * plan.periodS;
    }
    if (timeS > world.durationS || !world.flights.isThere(object, timeS)) continue;
    if (!random.chance(Math.min(plan.pd * plan.visibility[objectClass], MOST_PD))) continue;
    outlook.look(object, timeS);
    const { rangeM, elevationDeg } = outlook;
    if (!within(rangeM, plan.rangeM) || !within(elevationDeg, plan.elevationDeg)) continue;
    const noisy = (measure: RadarMeasure, value: number): number => value + (bias[measure] ?? 0) + sigma[measure] * random.normal();
    const values: Values = {
      range_m: noisy("range_m", rangeM),
      az_deg: wrap360Deg(noisy("az_deg", outlook.azimuthDeg)),
      el_deg: noisy("el_deg", elevationDeg),
      rdot_mps: noisy("rdot_mps", outlook.rangeRateMps),
    };
    yield { values, origin: id, timeS };
  }
}

function* falseAlarms(plan: RadarPlan, beganS: number, random: Random): Iterable<Plot> {
  const count = random.poisson(plan.falseAlarmsPerScan);
  for (let k = 0; k < count; k += 1) {
    const values: Values = {
      range_m: random.between(...plan.rangeM),
      az_deg: random.between(0, 360),
      el_deg: random.between(...plan.elevationDeg),
      rdot_mps: random.between(...plan.rangeRateMps),
    };
    const { patches } = plan;
    if (patches !== undefined && random.chance(patches.share)) {
      const patch = patches.places[random.index(patches.places.length)];
      if (patch !== undefined) {
        const [least, most] = plan.rangeM;
        values.range_m = Math.min(Math.max(patch.rangeM + PATCH.rangeM * random.normal(), least), most);
        values.az_deg = wrap360Deg(patch.azimuthDeg + PATCH.azimuthDeg * random.normal());
        values.el_deg = Math.abs(PATCH.elevationDeg * random.normal());
      }
    }
    yield { values, origin: null, timeS: beganS + (plan.rotating ? (values.az_deg / 360) * plan.periodS : 0) };
  }
}

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value > low && value < high;
}

function delay(plan: DelayPlan | undefined, random: Random): number {
  if (plan === undefined || !random.chance(plan.lateShare)) return 0;
  return Math.min(plan.mostS, random.exponential(plan.meanS));
}
