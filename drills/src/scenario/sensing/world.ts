// What can a sensor find out about the world, and how does it hand on what it measured?
import { DEG_PER_RAD, type EnuFrame, enuFrame, enuToGeodetic, enuToLook, enuToOtherFrame } from "@atalaya/geodesy";
import type { DetectionLine, ScanLine } from "../../lines.ts";
import { Flights } from "../flight.ts";
import type { ObjectPlan, Place, ScenarioPlan } from "../plan.ts";
import type { Random } from "../random.ts";

/** A detection before it is numbered and has arrived. */
export type Measured = Omit<DetectionLine, "type" | "id" | "t_rx">;

/** Something on its way to the tracker. A duplicate is the same `measured` a second time. */
export type Message =
  | { readonly arrivalS: number; readonly measured: Measured; readonly origin: string | null }
  | { readonly arrivalS: number; readonly scanned: Omit<ScanLine, "type" | "t_rx"> };

export interface World {
  readonly durationS: number;
  readonly frame: EnuFrame;
  readonly objects: readonly ObjectPlan[];
  readonly flights: Flights;
}

export function worldOf(plan: ScenarioPlan, random: Random): World {
  const { latDeg, lonDeg, heightHaeM } = plan.reference;
  return {
    durationS: plan.durationS,
    frame: enuFrame(latDeg, lonDeg, heightHaeM),
    objects: plan.objects,
    flights: new Flights(plan.objects, plan.durationS, random),
  };
}

/** A place in the world as latitude, longitude (degrees) and height above the ellipsoid (m), rounded as it is written. */
export function geodeticOf({ frame }: Pick<World, "frame">, { eastM, northM, upM }: Place, digits: readonly [number, number]): Position {
  const out = new Float64Array(3);
  enuToGeodetic(frame, eastM, northM, upM, out);
  const [degrees, metres] = digits;
  return {
    lat: decimals(out[0] ?? Number.NaN, degrees),
    lon: decimals(out[1] ?? Number.NaN, degrees),
    alt: decimals(out[2] ?? Number.NaN, metres),
  };
}

export interface Position {
  readonly lat: number;
  readonly lon: number;
  readonly alt: number;
}

/** What somebody at a fixed place sees of an object: the geometry without errors. */
export class Outlook {
  readonly #world: World;
  readonly #place: Place;
  readonly #frame: EnuFrame;
  readonly #state: Float64Array = new Float64Array(6);
  readonly #look: Float64Array = new Float64Array(3);

  rangeM = 0;
  /** Clockwise from true north, [0, 360), in the observer's own frame. */
  azimuthDeg = 0;
  elevationDeg = 0;
  /** Positive: going away. */
  rangeRateMps = 0;

  constructor(world: World, place: Place) {
    this.#world = world;
    this.#place = place;
    const at = new Float64Array(3);
    enuToGeodetic(world.frame, place.eastM, place.northM, place.upM, at);
    this.#frame = enuFrame(at[0] ?? Number.NaN, at[1] ?? Number.NaN, at[2] ?? Number.NaN);
  }

  /** Looks at an object at a time; the answer stands in the fields until the next look. */
  look(object: number, timeS: number): void {
    const state = this.#state;
    this.#world.flights.at(object, timeS, state);
    const [e = 0, n = 0, u = 0, ve = 0, vn = 0, vu = 0] = state;
    const { eastM, northM, upM } = this.#place;
    enuToOtherFrame(this.#world.frame, this.#frame, e, n, u, this.#look);
    enuToLook(this.#look[0] ?? Number.NaN, this.#look[1] ?? Number.NaN, this.#look[2] ?? Number.NaN, this.#look);
    this.azimuthDeg = (this.#look[0] ?? Number.NaN) * DEG_PER_RAD;
    this.elevationDeg = (this.#look[1] ?? Number.NaN) * DEG_PER_RAD;
    this.rangeM = this.#look[2] ?? Number.NaN;
    // Lengths do not depend on the frame.
    this.rangeRateMps = ((e - eastM) * ve + (n - northM) * vn + (u - upM) * vu) / Math.max(this.rangeM, 1e-6);
  }
}

export function decimals(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** The times at which a scanning sensor begins a scan. */
export function* scanTimesS({ durationS }: World, periodS: number, phaseS: number): Iterable<number> {
  for (let k = 0; phaseS + k * periodS <= durationS; k += 1) yield phaseS + k * periodS;
}
