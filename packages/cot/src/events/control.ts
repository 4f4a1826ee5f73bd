// Which events keep a connection alive, and which take something off other people's maps?
import { type CotElement, type CotEvent, type CotPoint, element } from "../event.ts";

/** The place of an event that has none. Only events that nobody draws may stand there. */
const NOWHERE: CotPoint = { latDeg: 0, lonDeg: 0, haeM: 0, ceM: undefined, leM: undefined };

/** As real clients let theirs last, ms. */
const PING_MS = 10_000;
const DELETE_MS = 60_000;

/** An event that speaks to the other end and not of a place. */
export function controlEvent(uid: string, type: string, timeMs: number, lifetimeMs: number, detail: readonly CotElement[]): CotEvent {
  return {
    uid,
    type,
    how: "m-g",
    timeMs,
    startMs: timeMs,
    staleMs: timeMs + lifetimeMs,
    access: undefined,
    qos: undefined,
    opex: undefined,
    point: NOWHERE,
    detail,
  };
}

/** Asks the other end whether it is there. `uid` is the sender's. */
export function ping(uid: string, timeMs: number): CotEvent {
  return controlEvent(`${uid}-ping`, "t-x-c-t", timeMs, PING_MS, []);
}

/** The answer to a ping: at once, or ATAK reconnects 25 s after the last thing it heard. */
export function pong(timeMs: number): CotEvent {
  return controlEvent("takPong", "t-x-c-t-r", timeMs, PING_MS, []);
}

/**
 * Takes an object off the map of whoever receives this. ATAK looks at uid, type and relation of the link, none of which may be empty; without
 * `force` it only greys the object, by the person's settings. `point` is where the object was: programs that draw whatever has a point have it there
 * for a moment, and not off Africa.
 */
export function deletion(
  target: { readonly uid: string; readonly type: string; readonly point?: CotPoint | undefined },
  force: boolean,
  timeMs: number,
): CotEvent {
  const link = element("link", { uid: target.uid, type: target.type === "" ? "none" : target.type, relation: "none" });
  const detail = force ? [link, element("__forcedelete")] : [link];
  const event = controlEvent(`${target.uid}-delete`, "t-x-d-d", timeMs, DELETE_MS, detail);
  return target.point === undefined ? event : { ...event, point: target.point };
}
