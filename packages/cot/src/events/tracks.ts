// How are a drone and one of us shown to TAK clients?
import { type CotElement, element } from "../event.ts";
import { type Built, type How, numberText, type Placed, placedEvent } from "./placed.ts";

/** A drone is never shown as a friend by its type: a broadcast is no proof, and people lower their guard. */
export type DroneAffiliation = "pending" | "unknown" | "neutral" | "suspect" | "hostile";

const AFFILIATION: Readonly<Record<DroneAffiliation, string>> = { pending: "p", unknown: "u", neutral: "n", suspect: "s", hostile: "h" };

/** The plain codes: clients draw a clover for those with suffixes that they do not know. */
const AIRFRAME = { "rotary-wing": "H-Q", "fixed-wing": "F-Q" } as const;

export interface DroneTrack extends Placed {
  readonly affiliation: DroneAffiliation;
  /** Undefined when unknown: shown as a rotary-wing drone, which most are. */
  readonly airframe?: keyof typeof AIRFRAME | undefined;
  readonly callsign: string;
  /** Degrees clockwise from true north. */
  readonly courseDeg?: number | undefined;
  readonly speedMps?: number | undefined;
  /** The one who flies it, where that is shown as an event of its own. */
  readonly operator?: { readonly uid: string; readonly type: string } | undefined;
  readonly how?: How | undefined;
}

/** The type of a drone. */
export function droneType(affiliation: DroneAffiliation, airframe: DroneTrack["airframe"]): string {
  return `a-${AFFILIATION[affiliation]}-A-M-${AIRFRAME[airframe ?? "rotary-wing"]}`;
}

/**
 * A drone. Its contact has no endpoint: with one, clients would list it as somebody to write to, and a mesh would fall back to XML for it. Course and
 * speed go out together or not at all, as real clients read them.
 */
export function droneTrack(track: DroneTrack): Built {
  const { affiliation, airframe, callsign, courseDeg, speedMps, operator, how } = track;
  const detail: CotElement[] = [element("contact", { callsign })];
  if (courseDeg !== undefined && speedMps !== undefined) {
    detail.push(element("track", { course: numberText(courseDeg), speed: numberText(speedMps) }));
  }
  if (operator !== undefined) detail.push(element("link", { uid: operator.uid, type: operator.type, relation: "p-p" }));
  return placedEvent(droneType(affiliation, airframe), how ?? "m-f", track, detail);
}

export interface TeamPosition extends Placed {
  readonly callsign: string;
  /** `*:-1:stcp` on a stream, `ADDRESS:4242:tcp` on the mesh. Without one nobody can write to it. */
  readonly endpoint?: string | undefined;
  /** A colour: Cyan, Yellow, … */
  readonly team: string;
  readonly role: string;
  readonly software?: { readonly device: string; readonly platform: string; readonly os: string; readonly version: string } | undefined;
  readonly batteryPercent?: number | undefined;
  readonly courseDeg?: number | undefined;
  readonly speedMps?: number | undefined;
}

/** Where an endpoint stands on a stream. */
export const STREAM_ENDPOINT = "*:-1:stcp";

/** One of us, or the hub itself, as somebody who can be written to. */
export function teamPosition(position: TeamPosition): Built {
  const { callsign, endpoint, team, role, software, batteryPercent, courseDeg, speedMps } = position;
  const detail: CotElement[] = [
    element("contact", endpoint === undefined ? { callsign } : { endpoint, callsign }),
    element("__group", { name: team, role }),
  ];
  if (software !== undefined) detail.push(element("takv", { ...software }));
  if (batteryPercent !== undefined) detail.push(element("status", { battery: String(Math.round(batteryPercent)) }));
  if (courseDeg !== undefined && speedMps !== undefined) {
    detail.push(element("track", { course: numberText(courseDeg), speed: numberText(speedMps) }));
  }
  return placedEvent("a-f-G-U-C", "m-g", position, detail);
}

/** A manned aircraft, or what is taken for one. No airframe: who sees one seldom knows, and all clients draw the plain code. */
export function aircraftTrack({
  affiliation,
  callsign,
  courseDeg,
  speedMps,
  how,
  ...placed
}: Omit<DroneTrack, "airframe" | "operator">): Built {
  const detail: CotElement[] = [element("contact", { callsign })];
  if (courseDeg !== undefined && speedMps !== undefined) {
    detail.push(element("track", { course: numberText(courseDeg), speed: numberText(speedMps) }));
  }
  return placedEvent(`a-${AFFILIATION[affiliation]}-A-C`, how ?? "m-f", placed, detail);
}
