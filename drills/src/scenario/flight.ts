// Where is each object at each moment, when it flies its waypoints under an acceleration limit and gusts?
import type { ObjectPlan, Place, Waypoint } from "./plan.ts";
import type { Random } from "./random.ts";

/** Step of the integration, s. */
const STEP_S = 0.05;
/** Time in which an object takes up a commanded velocity, s. */
const RESPONSE_S = 0.25;
const GUST_MEMORY_S = 2;
/** 10,000 objects for a minute: half a gigabyte of positions and velocities. More is refused. */
const MOST_SAMPLES = 12_500_000;

/** Positions and velocities of all objects over the whole time, in the scenario's frame. */
export class Flights {
  readonly #objects: readonly ObjectPlan[];
  readonly #samples: Float64Array;
  readonly #steps: number;

  /** Flies every object for `durationS`; each has a random stream of its own, so that one more changes no other. */
  constructor(objects: readonly ObjectPlan[], durationS: number, random: Random) {
    this.#objects = objects;
    this.#steps = Math.round(durationS / STEP_S) + 1;
    if (!(objects.length * this.#steps <= MOST_SAMPLES)) {
      throw new RangeError(`${objects.length} objects for ${durationS} s are more than ${MOST_SAMPLES} samples`);
    }
    this.#samples = new Float64Array(objects.length * this.#steps * 6);
    objects.forEach((object, k) => this.#fly(object, k * this.#steps * 6, random.stream(object.id)));
  }

  isAlive(object: number, timeS: number): boolean {
    const plan = this.#objects[object];
    return plan !== undefined && timeS >= (plan.fromS ?? 0) && timeS <= (plan.untilS ?? Number.POSITIVE_INFINITY);
  }

  /** Alive and made of matter. */
  isThere(object: number, timeS: number): boolean {
    return this.isAlive(object, timeS) && this.#objects[object]?.bodiless !== true;
  }

  /** Writes east, north, up (m) and their rates (m/s) to `out[0..5]`; between steps on a straight line, outside the time at its ends. */
  at(object: number, timeS: number, out: Float64Array): void {
    const exact = Math.min(Math.max(timeS / STEP_S, 0), this.#steps - 1);
    const step = Math.min(Math.floor(exact), Math.max(this.#steps - 2, 0));
    const part = exact - step;
    const here = (object * this.#steps + step) * 6;
    const next = this.#steps > 1 ? here + 6 : here;
    for (let k = 0; k < 6; k += 1) {
      const value = this.#samples[here + k] ?? Number.NaN;
      out[k] = value + ((this.#samples[next + k] ?? Number.NaN) - value) * part;
    }
  }

  #fly(plan: ObjectPlan, from: number, random: Random): void {
    const { waypoints, accelerationMps2: limit, gustMps, repeats = false, fromS = 0, untilS = Number.POSITIVE_INFINITY } = plan;
    const [start] = waypoints;
    let leg = Math.min(1, waypoints.length - 1);
    let target: Waypoint = waypoints[leg] ?? start;
    let holdS = target.holdS;
    let [e, n, u] = [start.eastM, start.northM, start.upM];
    const whole = Math.max(Math.hypot(target.eastM - e, target.northM - n, target.upM - u), 1e-6);
    let [ve, vn, vu] = towards(target, e, n, u).map((part) => (part / whole) * target.speedMps) as [number, number, number];
    let [ge, gn, gu] = [0, 0, 0];
    const memory = 1 - STEP_S / GUST_MEMORY_S;
    const push = gustMps * Math.sqrt((2 * STEP_S) / GUST_MEMORY_S);
    for (let step = 0; step < this.#steps; step += 1) {
      this.#samples.set([e, n, u, ve, vn, vu], from + step * 6);
      const timeS = step * STEP_S;
      if (timeS < fromS || timeS > untilS) continue;

      const last = leg === waypoints.length - 1;
      const stops = target.holdS > 0 || (last && !repeats);
      let [de, dn, du] = towards(target, e, n, u);
      const away = Math.hypot(de, dn, du);
      const reached = away < (stops ? 3 : Math.max(5, 0.6 * target.speedMps));
      // Braking in time: v² = 2 a s, with a little in hand for the response.
      const speed = stops ? Math.min(target.speedMps, Math.sqrt(1.2 * limit * away)) : target.speedMps;
      const scale = speed / Math.max(away, 1e-6);
      [de, dn, du] = [de * scale, dn * scale, du * scale];
      if (reached && stops) holdS -= STEP_S;
      if (reached && (!stops || holdS <= 0) && (!last || repeats)) {
        leg = (leg + 1) % waypoints.length;
        target = waypoints[leg] ?? start;
        holdS = target.holdS;
      }

      ge = ge * memory + push * random.normal();
      gn = gn * memory + push * random.normal();
      gu = gu * memory + push * 0.4 * random.normal();
      let [ae, an, au] = [(de + ge - ve) / RESPONSE_S, (dn + gn - vn) / RESPONSE_S, (du + gu - vu) / RESPONSE_S];
      const share = Math.min(1, limit / Math.max(Math.hypot(ae, an, au), 1e-9));
      [ae, an, au] = [ae * share, an * share, au * share];
      ve += ae * STEP_S;
      vn += an * STEP_S;
      vu += au * STEP_S;
      e += ve * STEP_S;
      n += vn * STEP_S;
      u += vu * STEP_S;
    }
  }
}

function towards({ eastM, northM, upM }: Place, e: number, n: number, u: number): [number, number, number] {
  return [eastM - e, northM - n, upM - u];
}
