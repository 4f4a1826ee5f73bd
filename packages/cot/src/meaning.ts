// What is an event about: one of us, a drone, an alarm, a message, or something else?
//
// By type and detail, as far as real clients agree on them. What an event claims is not thereby true: it says who sent it, not what is there.
import { decimalOf } from "./decimal.ts";
import { type CotElement, type CotEvent, type CotHead, elementNamed } from "./event.ts";
import { ALARM_CANCEL_TYPE } from "./events/alarms.ts";
import { type Negotiation, negotiationOf } from "./negotiation.ts";
import { timeOf } from "./time.ts";

/** Whose a thing is, by the second field of its type. */
export type Affiliation =
  | "pending"
  | "unknown"
  | "assumed-friend"
  | "friend"
  | "neutral"
  | "suspect"
  | "hostile"
  | "joker"
  | "faker"
  | "none"
  | "other";

const AFFILIATIONS: Readonly<Record<string, Affiliation>> = {
  p: "pending",
  u: "unknown",
  a: "assumed-friend",
  f: "friend",
  n: "neutral",
  s: "suspect",
  h: "hostile",
  j: "joker",
  k: "faker",
  o: "none",
  x: "other",
};

/** Where a thing is, by the third field. */
export type Dimension = "air" | "ground" | "sea" | "subsurface" | "space" | "special-forces" | "other";

const DIMENSIONS: Readonly<Record<string, Dimension>> = {
  A: "air",
  G: "ground",
  S: "sea",
  U: "subsurface",
  P: "space",
  F: "special-forces",
};

/** Speed and course as the event says them. */
export interface Motion {
  readonly speedMps: number | undefined;
  /** Degrees clockwise from true north. */
  readonly courseDeg: number | undefined;
}

interface Thing extends Motion {
  readonly affiliation: Affiliation;
  readonly dimension: Dimension;
  readonly callsign: string | undefined;
}

export type CotMeaning =
  /** A person or vehicle with TAK: it can be written to, or is in a team. */
  | (Thing & {
      readonly kind: "team-position";
      readonly endpoint: string | undefined;
      readonly team: string | undefined;
      readonly role: string | undefined;
      readonly batteryPercent: number | undefined;
    })
  | (Thing & {
      readonly kind: "drone";
      /** The event that stands for whoever flies it, if it is linked. */
      readonly operatorUid: string | undefined;
    })
  | (Thing & { readonly kind: "aircraft" })
  /** A thing on the ground or at sea that somebody marked or a sensor saw. */
  | (Thing & { readonly kind: "object" })
  | { readonly kind: "marker"; readonly callsign: string | undefined }
  /** Where a sensor looks at. */
  | { readonly kind: "sensor-point-of-interest"; readonly sensorUid: string | undefined; readonly callsign: string | undefined }
  /** Where a sensor stands and what it sees. */
  | {
      readonly kind: "sensor";
      readonly callsign: string | undefined;
      /** Degrees clockwise from true north. */
      readonly azimuthDeg: number | undefined;
      /** From edge to edge, degrees. */
      readonly fieldOfViewDeg: number | undefined;
      readonly rangeM: number | undefined;
      readonly elevationDeg: number | undefined;
      readonly verticalFieldOfViewDeg: number | undefined;
    }
  | { readonly kind: "drawing"; readonly callsign: string | undefined; readonly isGeofence: boolean }
  | { readonly kind: "route"; readonly callsign: string | undefined }
  | {
      readonly kind: "alarm";
      readonly alarm: "emergency" | "geofence" | "ring-the-bell" | "in-contact" | "custom";
      /** As the sender words it. */
      readonly wording: string | undefined;
      readonly callsign: string | undefined;
      readonly subjectUid: string | undefined;
    }
  | { readonly kind: "alarm-cancel"; readonly callsign: string | undefined; readonly subjectUid: string | undefined }
  | { readonly kind: "medical-evacuation"; readonly callsign: string | undefined }
  | {
      readonly kind: "chat";
      readonly messageId: string | undefined;
      readonly fromUid: string | undefined;
      readonly fromCallsign: string | undefined;
      /** Name of the room or the person, and its id. */
      readonly room: string | undefined;
      readonly roomId: string | undefined;
      readonly text: string;
      readonly sentMs: number | undefined;
      /** To whom a server is to hand it; to all when both are empty. */
      readonly toUids: readonly string[];
      readonly toCallsigns: readonly string[];
    }
  | {
      readonly kind: "chat-receipt";
      readonly state: "delivered" | "read";
      readonly messageId: string | undefined;
      readonly fromUid: string | undefined;
    }
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  /** Objects to take off the map. A delete without any is how one client says hello. */
  | { readonly kind: "delete"; readonly uids: readonly string[]; readonly force: boolean }
  | { readonly kind: "negotiation"; readonly negotiation: Negotiation }
  | { readonly kind: "file-transfer" }
  | { readonly kind: "other" };

function known(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}

function attribute(element: CotElement | undefined, name: string): string | undefined {
  return known(element?.attributes[name]);
}

function numberOf(element: CotElement | undefined, name: string): number | undefined {
  const text = attribute(element, name);
  const value = text === undefined ? Number.NaN : decimalOf(text);
  return Number.isNaN(value) ? undefined : value;
}

/** True when the sender asks for the object to be dropped: it was over before it began. */
export function isOver({ startMs, staleMs }: CotHead): boolean {
  return staleMs <= startMs;
}

/** Whose a thing is; undefined when the type is not that of a thing. */
export function affiliationOf(type: string): Affiliation | undefined {
  if (!type.startsWith("a-")) return undefined;
  return AFFILIATIONS[type.charAt(2)] ?? "other";
}

/** True when a type is this one or a kind of it. */
function isKindOf(type: string, parent: string): boolean {
  return type === parent || (type.startsWith(parent) && type.charAt(parent.length) === "-");
}

/** Unmanned: fixed wing, rotary wing, and the civil one. Behind the affiliation. */
const DRONE_FUNCTIONS = ["A-M-F-Q", "A-M-H-Q", "A-C-F-q", "A-C-H-q"];

/** Details that only sources of drones write. */
const DRONE_DETAILS = ["__cuas", "__dh-uas", "rid", "_uastool"];

function linked(detail: readonly CotElement[]): string | undefined {
  for (const element of detail) {
    if (element.name === "link" && element.attributes["relation"] === "p-p") return attribute(element, "uid");
  }
  return undefined;
}

function thingOf(type: string, { detail }: CotEvent): CotMeaning {
  const contact = elementNamed(detail, "contact");
  const group = elementNamed(detail, "__group");
  const track = elementNamed(detail, "track");
  const thing: Thing = {
    affiliation: affiliationOf(type) ?? "other",
    dimension: DIMENSIONS[type.charAt(4)] ?? "other",
    callsign: attribute(contact, "callsign"),
    speedMps: numberOf(track, "speed"),
    courseDeg: numberOf(track, "course"),
  };
  const behindAffiliation = type.slice(4);
  const isAir = thing.dimension === "air";
  if (
    DRONE_FUNCTIONS.some((parent) => isKindOf(behindAffiliation, parent)) ||
    (isAir && DRONE_DETAILS.some((name) => elementNamed(detail, name) !== undefined))
  )
    return { kind: "drone", ...thing, operatorUid: linked(detail) };
  const endpoint = attribute(contact, "endpoint");
  if (endpoint !== undefined || group !== undefined) {
    return {
      kind: "team-position",
      ...thing,
      endpoint,
      team: attribute(group, "name"),
      role: attribute(group, "role"),
      batteryPercent: numberOf(elementNamed(detail, "status"), "battery"),
    };
  }
  return { kind: isAir ? "aircraft" : "object", ...thing };
}

const ALARM_TYPES = [
  ["b-a-o-tbl", "emergency"],
  ["b-a-g", "geofence"],
  ["b-a-o-pan", "ring-the-bell"],
  ["b-a-o-opn", "in-contact"],
] as const;

function alarmOf(type: string, { detail }: CotEvent): CotMeaning {
  const emergency = elementNamed(detail, "emergency");
  const callsign = known(emergency?.text.trim()) ?? attribute(elementNamed(detail, "contact"), "callsign");
  const subjectUid = linked(detail);
  if (isKindOf(type, ALARM_CANCEL_TYPE) || emergency?.attributes["cancel"] === "true")
    return { kind: "alarm-cancel", callsign, subjectUid };
  const alarm = ALARM_TYPES.find(([parent]) => isKindOf(type, parent))?.[1] ?? "custom";
  return { kind: "alarm", alarm, wording: attribute(emergency, "type"), callsign, subjectUid };
}

function chatOf({ detail }: CotEvent): CotMeaning {
  const chat = elementNamed(detail, "__chat");
  const group = chat === undefined ? undefined : elementNamed(chat.children, "chatgrp");
  const remarks = elementNamed(detail, "remarks");
  const sentMs = timeOf(attribute(remarks, "time") ?? "");
  const destinations = (elementNamed(detail, "marti")?.children ?? []).filter(({ name }) => name === "dest");
  const named = (name: string): readonly string[] =>
    destinations.map((destination) => attribute(destination, name)).filter((value) => value !== undefined);
  return {
    kind: "chat",
    messageId: attribute(chat, "messageId"),
    fromUid: linked(detail) ?? attribute(group, "uid0"),
    fromCallsign: attribute(chat, "senderCallsign"),
    room: attribute(chat, "chatroom"),
    roomId: attribute(chat, "id"),
    text: remarks?.text ?? "",
    sentMs: Number.isNaN(sentMs) ? undefined : sentMs,
    toUids: named("uid"),
    toCallsigns: named("callsign"),
  };
}

function receiptOf(type: string, { detail }: CotEvent): CotMeaning {
  const receipt = elementNamed(detail, "__chatreceipt") ?? elementNamed(detail, "__chat");
  return {
    kind: "chat-receipt",
    state: isKindOf(type, "b-t-f-r") ? "read" : "delivered",
    messageId: attribute(receipt, "messageId"),
    fromUid: linked(detail),
  };
}

function sensorOf({ detail }: CotEvent): CotMeaning {
  const sensor = elementNamed(detail, "sensor");
  return {
    kind: "sensor",
    callsign: attribute(elementNamed(detail, "contact"), "callsign"),
    azimuthDeg: numberOf(sensor, "azimuth"),
    fieldOfViewDeg: numberOf(sensor, "fov"),
    rangeM: numberOf(sensor, "range"),
    elevationDeg: numberOf(sensor, "elevation"),
    verticalFieldOfViewDeg: numberOf(sensor, "vfov"),
  };
}

function deleteOf({ detail }: CotEvent): CotMeaning {
  const uids = detail
    .filter(({ name }) => name === "link")
    .map((link) => attribute(link, "uid"))
    .filter((uid) => uid !== undefined);
  return { kind: "delete", uids, force: elementNamed(detail, "__forcedelete") !== undefined };
}

/** What an event is about. */
export function meaningOf(event: CotEvent): CotMeaning {
  // Behind a semicolon the schema lets others write what they like.
  const [type = ""] = event.type.split(";");
  const { detail } = event;
  const callsign = attribute(elementNamed(detail, "contact"), "callsign");
  if (type.startsWith("a-")) return thingOf(type, event);
  if (isKindOf(type, "b-a")) return alarmOf(type, event);
  if (type === "b-t-f") return chatOf(event);
  if (isKindOf(type, "b-t-f-d") || isKindOf(type, "b-t-f-r")) return receiptOf(type, event);
  if (isKindOf(type, "b-f-t")) return { kind: "file-transfer" };
  if (isKindOf(type, "b-m-p-s-p-i")) return { kind: "sensor-point-of-interest", sensorUid: linked(detail), callsign };
  if (isKindOf(type, "b-m-p-s-p-loc")) return sensorOf(event);
  if (isKindOf(type, "b-m-p")) return { kind: "marker", callsign };
  if (isKindOf(type, "b-m-r")) return { kind: "route", callsign };
  if (isKindOf(type, "b-r-f-h-c")) return { kind: "medical-evacuation", callsign };
  if (isKindOf(type, "u-d") || isKindOf(type, "u-r-b")) {
    return { kind: "drawing", callsign, isGeofence: elementNamed(detail, "__geofence") !== undefined };
  }
  if (type === "t-x-c-t") return { kind: "ping" };
  if (isKindOf(type, "t-x-c-t-r")) return { kind: "pong" };
  if (isKindOf(type, "t-x-d-d")) return deleteOf(event);
  const negotiation = negotiationOf(event);
  return negotiation === undefined ? { kind: "other" } : { kind: "negotiation", negotiation };
}
