// What do all events have in common that stand on a map?
import { decimalText } from "../decimal.ts";
import { type CotElement, type CotEvent, type CotPoint, element } from "../event.ts";
import { type CotRefused, refuse } from "../refusal.ts";

/** An event, or why there can be none. */
export type Built = { readonly event: CotEvent } | CotRefused;

export interface Placed {
  readonly uid: string;
  readonly point: CotPoint;
  readonly timeMs: number;
  /** When the receiver may grey it. */
  readonly staleMs: number;
  /** `e-NAME` for an exercise, `s-NAME` for a simulation: a drill stays marked. */
  readonly opex?: string | undefined;
  readonly remarks?: string | undefined;
  /** Elements of our own or of others, written behind the rest. */
  readonly more?: readonly CotElement[] | undefined;
}

/** How the coordinates came about (CoT base event schema, how). */
export type How = "m-c" | "m-g" | "m-f" | "m-p" | "m-r" | "m-s" | "h-e" | "h-g-i-g-o";

export function remarksOf(text: string | undefined): readonly CotElement[] {
  return text === undefined || text === "" ? [] : [element("remarks", {}, [], text)];
}

export function numberText(value: number): string {
  return decimalText(value + 0);
}

/** The event, if it stands somewhere: what has no position would be drawn off Africa. */
export function placedEvent(type: string, how: How, placed: Placed, detail: readonly CotElement[]): Built {
  const { uid, point, timeMs, staleMs, opex, remarks, more } = placed;
  if (point.latDeg === 0 && point.lonDeg === 0) return refuse("no-position", `${uid} at latitude 0, longitude 0`);
  return {
    event: {
      uid,
      type,
      how,
      timeMs,
      startMs: timeMs,
      staleMs,
      access: undefined,
      qos: undefined,
      opex,
      point,
      detail: [...detail, ...remarksOf(remarks), ...(more ?? [])],
    },
  };
}
