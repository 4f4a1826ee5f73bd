// What the picture reads: entries of the journal, and how the payload of each kind is written.
import { type JsonValue, utf8, utf8Bytes } from "@atalaya/remote-id";
import { FRAME_FORMATS, type FrameFormat } from "./frame-format.ts";
import { type Fields, isFields, isFiniteNumber, isOneOf, isPlace, isText, isTextOrAbsent } from "./record-check.ts";
import { type LoopRecords, loopShapes } from "./loop-records.ts";
import type { AreaShape, LatLon } from "./place.ts";
import { type MemoRecords, memoShapes } from "./memo/memo-records.ts";
import { type ReportRecords, reportShapes } from "./reports/report-records.ts";
import { type SurroundingRecords, surroundingShapes } from "./surroundings.ts";

/** One thing written in the journal, as the picture needs it. */
export interface Entry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** The hub's time of arrival on the sector's clock, Unix microseconds. */
  readonly timeUs: number;
  readonly kind: string;
  /** Source of a frame; "" otherwise. */
  readonly source: string;
  /** Absent when purged. */
  readonly payload: Uint8Array | undefined;
  /** The part of a frame that is kept apart (broadcast operator position). */
  readonly sealed?: Uint8Array | "purged";
}

export const ORIGINS = ["live", "recorded", "synthetic"] as const;
export type Origin = (typeof ORIGINS)[number];

export const SOURCE_KINDS = [
  "capture",
  "live-pcap",
  "mqtt",
  "broker",
  "http",
  "tcp",
  "adsb",
  "demo",
  "tak",
  "tak-server",
  "tak-mesh",
] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What a source's messages are: absent in records of earlier versions, which were all of Remote ID. */
export const SOURCE_FORMATS = ["remote-id", "detections", "adsb", "cot"] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

export interface ZoneDefinition {
  readonly id: string;
  readonly name: string;
  readonly kind: "post" | "area";
  readonly shape: AreaShape;
  /** Height above the ellipsoid up to which the zone counts, m; absent: all heights. */
  readonly ceilingHaeM?: number | undefined;
}

export interface SourceDefinition {
  readonly id: string;
  readonly name: string;
  readonly kind: SourceKind;
  readonly origin: Origin;
  readonly format?: SourceFormat | undefined;
  readonly position?: LatLon | undefined;
}

/** The JSON payload of every entry that is not a frame, by its kind. Text is UTF-8. */
export interface Records extends LoopRecords, MemoRecords, ReportRecords, SurroundingRecords {
  readonly sector: { readonly name: string; readonly centre: LatLon };
  readonly source: { readonly source: SourceDefinition; readonly by: string };
  readonly "source-removed": { readonly id: string; readonly by: string };
  /** A door opened, ended or failed; silence is the picture's own finding. */
  readonly "source-state": { readonly id: string; readonly state: "starting" | "ended" | "failed"; readonly reason?: string | undefined };
  readonly zone: { readonly zone: ZoneDefinition; readonly by: string };
  readonly "zone-removed": { readonly id: string; readonly by: string };
  readonly acknowledge: { readonly warningId: string; readonly by: string; readonly note?: string | undefined };
  readonly clear: { readonly warningId: string; readonly by: string; readonly reason: string };
  readonly "operator-look": { readonly track: number; readonly by: string; readonly purpose: string };
  /** The hub's clock was seen to jump. */
  readonly "clock-step": { readonly stepUs: number };
  readonly account: {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly change: "created" | "changed" | "removed";
    readonly by: string;
  };
  /** Where the hub sends to was changed: what and by whom, without any secret. */
  readonly outlet: {
    readonly id: string;
    readonly name: string;
    readonly kind: string;
    readonly to: string;
    readonly change: "added" | "removed";
    readonly by: string;
  };
  /** A certificate of the hub's own authority: what comes by it is one of ours from here on, or no longer. */
  readonly certificate: {
    /** Lower-case hex. */
    readonly serial: string;
    readonly name: string;
    /** Uid of the device, where it is known. */
    readonly uid?: string | undefined;
    readonly change: "issued" | "revoked";
    readonly by: string;
  };
}
export type RecordKind = keyof Records;

/** A frame entry's payload: u8 version = 1 | u8 format | i64 sensor time, Unix µs, 0 unknown | the bytes as they arrived. */
export interface Frame {
  readonly format: FrameFormat;
  readonly sensorTimeUs: number | undefined;
  readonly bytes: Uint8Array;
}

const FRAME_VERSION = 1;
const FRAME_HEADER_BYTES = 10;

/** Bytes of a frame entry's payload. */
export function encodeFrame({ format, sensorTimeUs, bytes }: Frame): Uint8Array {
  const payload = new Uint8Array(FRAME_HEADER_BYTES + bytes.length);
  const view = new DataView(payload.buffer);
  view.setUint8(0, FRAME_VERSION);
  view.setUint8(1, FRAME_FORMATS.indexOf(format));
  view.setBigInt64(2, BigInt(Math.round(sensorTimeUs ?? 0)), true);
  payload.set(bytes, FRAME_HEADER_BYTES);
  return payload;
}

/** Undefined when the payload is no frame of this version. `bytes` is a view of the payload. */
export function decodeFramePayload(payload: Uint8Array): Frame | undefined {
  if (payload.length < FRAME_HEADER_BYTES || payload[0] !== FRAME_VERSION) return undefined;
  const format = FRAME_FORMATS[payload[1] ?? 255];
  if (format === undefined) return undefined;
  const time = Number(new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getBigInt64(2, true));
  return { format, sensorTimeUs: time === 0 ? undefined : time, bytes: payload.subarray(FRAME_HEADER_BYTES) };
}

/** Bytes of a record entry's payload. */
export function encodeRecord<K extends RecordKind>(_kind: K, value: Records[K]): Uint8Array {
  return utf8Bytes(JSON.stringify(value));
}

function parse(payload: Uint8Array): JsonValue | undefined {
  try {
    return JSON.parse(utf8(payload)) as JsonValue;
  } catch {
    return undefined;
  }
}

function isShape(shape: JsonValue | undefined): boolean {
  if (!isFields(shape)) return false;
  if (shape["type"] === "circle") return isPlace(shape["centre"]) && isFiniteNumber(shape["radiusM"]) && shape["radiusM"] > 0;
  const { ring } = shape;
  return shape["type"] === "polygon" && Array.isArray(ring) && ring.length >= 3 && ring.length <= 200 && ring.every(isPlace);
}

function isZone(value: JsonValue | undefined): boolean {
  if (!isFields(value) || !isText(value["id"]) || !isText(value["name"]) || (value["kind"] !== "post" && value["kind"] !== "area"))
    return false;
  const { shape, ceilingHaeM } = value;
  if (ceilingHaeM !== undefined && !isFiniteNumber(ceilingHaeM)) return false;
  return isShape(shape);
}

function isSource(value: JsonValue | undefined): boolean {
  return (
    isFields(value) &&
    isText(value["id"]) &&
    isText(value["name"]) &&
    isOneOf(value["kind"], SOURCE_KINDS) &&
    isOneOf(value["origin"], ORIGINS) &&
    (value["format"] === undefined || isOneOf(value["format"], SOURCE_FORMATS)) &&
    (value["position"] === undefined || isPlace(value["position"]))
  );
}

/** What a record of each kind must have to be read. */
const shapes: { readonly [K in RecordKind]: (fields: Fields) => boolean } = {
  sector: ({ name, centre }) => isText(name) && isPlace(centre),
  source: ({ source, by }) => isSource(source) && isText(by),
  "source-removed": ({ id }) => isText(id),
  "source-state": ({ id, state, reason }) => isText(id) && isOneOf(state, ["starting", "ended", "failed"]) && isTextOrAbsent(reason),
  zone: ({ zone, by }) => isZone(zone) && isText(by),
  "zone-removed": ({ id }) => isText(id),
  acknowledge: ({ warningId, by, note }) => isText(warningId) && isText(by) && isTextOrAbsent(note),
  clear: ({ warningId, by, reason }) => isText(warningId) && isText(by) && isText(reason),
  "operator-look": ({ track, by, purpose }) => isFiniteNumber(track) && isText(by) && isText(purpose),
  "clock-step": ({ stepUs }) => isFiniteNumber(stepUs),
  account: ({ id, change }) => isText(id) && isText(change),
  outlet: ({ id, name, kind, to, change, by }) =>
    isText(id) && isText(name) && isText(kind) && isText(to) && isOneOf(change, ["added", "removed"]) && isText(by),
  certificate: ({ serial, name, uid, change, by }) =>
    typeof serial === "string" &&
    /^[\da-f]{1,40}$/.test(serial) &&
    isText(name) &&
    isTextOrAbsent(uid) &&
    isOneOf(change, ["issued", "revoked"]) &&
    isText(by),
  ...loopShapes(isShape),
  ...reportShapes,
  ...surroundingShapes,
  ...memoShapes(isShape),
};

/** A record with its kind, so that a switch over the kind knows the value. */
export type TypedRecord = { readonly [K in RecordKind]: { readonly kind: K; readonly value: Records[K] } }[RecordKind];

/** Undefined when the kind is unknown or the payload is not what the kind asks for. */
export function decodeRecord(kind: string, payload: Uint8Array): TypedRecord | undefined {
  if (!Object.hasOwn(shapes, kind)) return undefined;
  const value = parse(payload);
  if (!isFields(value) || !shapes[kind as RecordKind](value)) return undefined;
  return { kind, value } as unknown as TypedRecord;
}
