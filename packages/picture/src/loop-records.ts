// Records of the warning loop: people, where they are and how to reach them; rules; what became of a warning, as outlets, people and officers say.
import { LANGUAGES, type Language } from "@atalaya/words";
import type { JsonValue } from "@atalaya/remote-id";
import { type DangerRules, isRules } from "./danger/rules.ts";
import type { Level } from "./danger/level.ts";
import { LEVELS } from "./danger/level.ts";
import type { AreaShape, LatLon } from "./place.ts";
import { type Fields, isFields, isFiniteNumber, isOneOf, isPlace, isText, isTextOrAbsent } from "./record-check.ts";

export const CHANNELS = ["browser", "tak", "sms", "email", "voice", "mqtt", "webhook"] as const;
export type Channel = (typeof CHANNELS)[number];

/** One way of reaching a person. The address is the outlet's matter; nothing here looks into it. */
export interface Way {
  readonly channel: Channel;
  readonly address: string;
}

export interface PersonDefinition {
  readonly id: string;
  readonly name: string;
  readonly language: Language;
  readonly role: string;
  readonly team: string;
  /** Told when somebody of the team does not answer. */
  readonly leader: boolean;
  /** In order of preference; several of one channel are devices that are told together. At most 8. */
  readonly ways: readonly Way[];
}

export const POSITION_SOURCES = ["tak", "field", "roster"] as const;
export type PositionSource = (typeof POSITION_SOURCES)[number];

export const ANSWERS = ["safe", "taking-cover", "need-help", "not-me"] as const;
export type Answer = (typeof ANSWERS)[number];

export const RECEIPT_STEPS = ["sent", "delivered", "seen", "failed", "no-link"] as const;
export type ReceiptStep = (typeof RECEIPT_STEPS)[number];

export const BENIGN = ["own-drone", "authorised-drone", "aircraft", "bird", "nothing", "sensor-fault"] as const;
export type Benign = (typeof BENIGN)[number];

/** A drone of ours or one that is allowed: known by what it broadcasts, believed only within its area and time. */
export interface AuthorisedDrone {
  readonly id: string;
  readonly name: string;
  readonly own: boolean;
  /** Serial number or session id as broadcast. */
  readonly identity: string;
  readonly area: AreaShape;
  readonly fromUs: number;
  readonly untilUs: number;
}

export interface LoopRecords {
  readonly person: { readonly person: PersonDefinition; readonly by: string };
  readonly "person-removed": { readonly id: string; readonly by: string };
  readonly shift: { readonly personId: string; readonly on: boolean; readonly by: string };
  /** Who stands at a post; replaces what was said of it before. */
  readonly "post-staff": { readonly zoneId: string; readonly people: readonly string[]; readonly by: string };
  readonly "person-position": {
    readonly personId: string;
    readonly position: LatLon;
    /** 95 % of the horizontal error, m. */
    readonly errorM: number;
    /** When it was measured, Unix µs; later than its entry counts as the entry's time. */
    readonly timeUs: number;
    readonly source: PositionSource;
    /** Where the person's device faces, ° from true north. */
    readonly facingDeg?: number | undefined;
  };
  readonly rules: { readonly rules: DangerRules; readonly by: string };
  readonly receipt: {
    readonly warningId: string;
    readonly personId: string;
    readonly channel: Channel;
    readonly address: string;
    readonly step: ReceiptStep;
    readonly reason?: string | undefined;
  };
  readonly answer: {
    readonly warningId: string;
    readonly personId: string;
    readonly answer: Answer;
    /** Absent when an officer heard it and keyed it. */
    readonly channel?: Channel | undefined;
    readonly address?: string | undefined;
    readonly keyedBy?: string | undefined;
  };
  readonly decision: {
    readonly warningId: string;
    readonly level: Level;
    readonly decision: "send" | "withhold";
    readonly by: string;
    readonly reason: string;
  };
  readonly "stand-down": {
    readonly warningId: string;
    readonly what: Benign;
    readonly name?: string | undefined;
    readonly by: string;
    readonly reason: string;
  };
  readonly "help-closed": { readonly warningId: string; readonly personId: string; readonly by: string; readonly reason: string };
  /** An officer does not wait: whoever has not answered goes on to the next step of escalation now. */
  readonly escalate: { readonly warningId: string; readonly by: string };
  /** What an officer thinks of how a danger that is over was dealt with: it is closed, or somebody has to look again. */
  readonly "incident-review": {
    readonly warningId: string;
    readonly verdict: "signed-off" | "sent-back";
    readonly by: string;
    readonly reason: string;
  };
  readonly shelve: { readonly warningId: string; readonly forS: number; readonly by: string; readonly reason: string };
  readonly unshelve: { readonly warningId: string; readonly by: string };
  /** A source, or one sensor of it as `source/sensor`: what only it says raises nothing until the time is over. */
  readonly mute: { readonly source: string; readonly forS: number; readonly by: string; readonly reason: string };
  readonly unmute: { readonly source: string; readonly by: string };
  readonly "authorised-drone": { readonly drone: AuthorisedDrone; readonly by: string };
  readonly "authorised-removed": { readonly id: string; readonly by: string };
  readonly "channel-state": { readonly channel: Channel; readonly state: "up" | "slow" | "down"; readonly reason?: string | undefined };
  /** What a drill may reach: nobody else, nothing else. Written again, a drill that a real danger paused goes on. */
  readonly drill: { readonly channels: readonly Channel[]; readonly people: readonly string[]; readonly by: string };
}

/** Ids go into keys and intents: short, and never empty. */
const MAX_ID = 100;
const MAX_LIST = 2000;
const MAX_WAYS = 8;
/** A mute or a shelf ends by itself: at most a day. */
const MAX_TIMER_S = 86_400;

function isId(value: JsonValue | undefined): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_ID;
}

function isIdList(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length <= MAX_LIST && value.every(isId);
}

function isTimer(value: JsonValue | undefined): boolean {
  return isFiniteNumber(value) && value > 0 && value <= MAX_TIMER_S;
}

function isReason(value: JsonValue | undefined): boolean {
  return isText(value) && value !== "";
}

function isWay(value: JsonValue | undefined): boolean {
  return isFields(value) && isOneOf(value["channel"], CHANNELS) && isText(value["address"]);
}

function isPerson(value: JsonValue | undefined): boolean {
  if (!isFields(value)) return false;
  const { id, name, language, role, team, leader, ways } = value;
  return (
    isId(id) &&
    isText(name) &&
    isOneOf(language, LANGUAGES) &&
    isText(role) &&
    isText(team) &&
    typeof leader === "boolean" &&
    Array.isArray(ways) &&
    ways.length <= MAX_WAYS &&
    ways.every(isWay)
  );
}

function isAuthorised(value: JsonValue | undefined, isShape: (shape: JsonValue | undefined) => boolean): boolean {
  if (!isFields(value)) return false;
  const { id, name, own, identity, area, fromUs, untilUs } = value;
  return (
    isId(id) &&
    isText(name) &&
    typeof own === "boolean" &&
    isId(identity) &&
    isShape(area) &&
    isFiniteNumber(fromUs) &&
    isFiniteNumber(untilUs)
  );
}

/** What each of these records must have to be read. */
export function loopShapes(isShape: (shape: JsonValue | undefined) => boolean): {
  readonly [K in keyof LoopRecords]: (fields: Fields) => boolean;
} {
  return {
    person: ({ person, by }) => isPerson(person) && isText(by),
    "person-removed": ({ id, by }) => isId(id) && isText(by),
    shift: ({ personId, on, by }) => isId(personId) && typeof on === "boolean" && isText(by),
    "post-staff": ({ zoneId, people, by }) => isId(zoneId) && isIdList(people) && isText(by),
    "person-position": ({ personId, position, errorM, timeUs, source, facingDeg }) =>
      isId(personId) &&
      isPlace(position) &&
      isFiniteNumber(errorM) &&
      errorM >= 0 &&
      isFiniteNumber(timeUs) &&
      isOneOf(source, POSITION_SOURCES) &&
      (facingDeg === undefined || isFiniteNumber(facingDeg)),
    rules: ({ rules, by }) => isRules(rules) && isText(by),
    receipt: ({ warningId, personId, channel, address, step, reason }) =>
      isText(warningId) &&
      isId(personId) &&
      isOneOf(channel, CHANNELS) &&
      isText(address) &&
      isOneOf(step, RECEIPT_STEPS) &&
      isTextOrAbsent(reason),
    answer: ({ warningId, personId, answer, channel, address, keyedBy }) =>
      isText(warningId) &&
      isId(personId) &&
      isOneOf(answer, ANSWERS) &&
      (channel === undefined || isOneOf(channel, CHANNELS)) &&
      isTextOrAbsent(address) &&
      isTextOrAbsent(keyedBy),
    decision: ({ warningId, level, decision, by, reason }) =>
      isText(warningId) && isOneOf(level, LEVELS) && isOneOf(decision, ["send", "withhold"]) && isText(by) && isText(reason),
    "stand-down": ({ warningId, what, name, by, reason }) =>
      isText(warningId) && isOneOf(what, BENIGN) && isTextOrAbsent(name) && isText(by) && isReason(reason),
    "help-closed": ({ warningId, personId, by, reason }) => isText(warningId) && isId(personId) && isText(by) && isReason(reason),
    escalate: ({ warningId, by }) => isText(warningId) && isText(by),
    "incident-review": ({ warningId, verdict, by, reason }) =>
      isText(warningId) && isOneOf(verdict, ["signed-off", "sent-back"]) && isText(by) && isReason(reason),
    shelve: ({ warningId, forS, by, reason }) => isText(warningId) && isTimer(forS) && isText(by) && isReason(reason),
    unshelve: ({ warningId, by }) => isText(warningId) && isText(by),
    mute: ({ source, forS, by, reason }) => isText(source) && source !== "" && isTimer(forS) && isText(by) && isReason(reason),
    unmute: ({ source, by }) => isText(source) && isText(by),
    "authorised-drone": ({ drone, by }) => isAuthorised(drone, isShape) && isText(by),
    "authorised-removed": ({ id, by }) => isId(id) && isText(by),
    "channel-state": ({ channel, state, reason }) =>
      isOneOf(channel, CHANNELS) && isOneOf(state, ["up", "slow", "down"]) && isTextOrAbsent(reason),
    drill: ({ channels, people, by }) =>
      Array.isArray(channels) && channels.every((channel) => isOneOf(channel, CHANNELS)) && isIdList(people) && isText(by),
  };
}
