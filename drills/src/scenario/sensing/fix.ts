// What do those report that give whole positions: Remote ID, ADS-B, time-difference networks, other systems' tracks?
import type { FixPlan, ReportPlan } from "../plan.ts";
import type { Random } from "../random.ts";
import { decimals, geodeticOf, type Measured, type Message, type World } from "./world.ts";

/** Standard deviation of a reported velocity, m/s on each axis. */
const VELOCITY_SIGMA_MPS = 0.3;

export function* fixMessages(plan: FixPlan, world: World, random: Random): Iterable<Message> {
  for (const report of plan.reports) yield* reportMessages(plan, report, world, random.stream(report.object));
}

function* reportMessages(plan: FixPlan, report: ReportPlan, world: World, random: Random): Iterable<Message> {
  const { sigmaM, errorCorrelation, periodS, irregular = 0, latencyS, loss } = plan;
  const object = world.objects.findIndex(({ id }) => id === report.object);
  const body = world.objects[object]?.bodiless === true ? null : report.object;
  const fresh = Math.sqrt(1 - errorCorrelation ** 2);
  const variances = sigmaM.map((sigma) => decimals(sigma ** 2, 3));
  const state = new Float64Array(6);
  const phaseS = periodS * random.unit();
  let error = sigmaM.map((sigma) => sigma * random.normal());
  for (let k = 0; phaseS + (k + 1) * periodS <= world.durationS; k += 1) {
    const shift = irregular === 0 ? 0 : irregular * periodS * (2 * random.unit() - 1);
    const timeS = Math.min(Math.max(0, phaseS + k * periodS + shift), world.durationS);
    if (!world.flights.isAlive(object, timeS) || random.chance(loss)) continue;
    error = error.map((old, axis) => errorCorrelation * old + fresh * (sigmaM[axis] ?? 0) * random.normal());
    world.flights.at(object, timeS, state);
    const [e = 0, n = 0, u = 0, ve = 0, vn = 0, vu = 0] = state;
    const [de = 0, dn = 0, du = 0] = error;
    const { lat, lon, alt } = geodeticOf(world, { eastM: e + de, northM: n + dn, upM: u + du }, [7, 1]);
    const said = (mps: number): number => decimals(mps + VELOCITY_SIGMA_MPS * random.normal(), 2);
    const measured: Measured = {
      sensor: plan.id,
      kind: plan.kind,
      t: decimals(timeS, 3),
      z: [lat, lon, alt],
      R: variances,
      ...(report.identity === undefined ? {} : { uid: identityAt(report.identity, report.renumberedAtS ?? [], timeS) }),
      ...(plan.withVelocity ? { vel_enu: [said(ve), said(vn), said(vu)] as const } : {}),
    };
    yield { arrivalS: timeS + latencyS * (0.5 + random.unit()), measured, origin: body };
  }
}

function identityAt(identity: string, renumberedAtS: readonly number[], timeS: number): string {
  const times = renumberedAtS.filter((changeS) => changeS <= timeS).length;
  return times === 0 ? identity : `${identity}-${times + 1}`;
}
