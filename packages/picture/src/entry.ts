// What the picture reads: entries of the journal, and how the payload of each kind is written.
import type { FrameFormat } from "@atalaya/remote-id";

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

export type Origin = "live" | "recorded" | "synthetic";

export interface LatLon {
  readonly latDeg: number;
  readonly lonDeg: number;
}

export interface ZoneDefinition {
  readonly id: string;
  readonly name: string;
  readonly kind: "post" | "area";
  readonly shape:
    | { readonly type: "circle"; readonly centre: LatLon; readonly radiusM: number }
    | { readonly type: "polygon"; readonly ring: readonly LatLon[] };
  /** Height above the ellipsoid up to which the zone counts, m; absent: all heights. */
  readonly ceilingHaeM?: number | undefined;
}

export interface SourceDefinition {
  readonly id: string;
  readonly name: string;
  readonly kind: "capture" | "live-pcap" | "mqtt" | "broker" | "http" | "demo";
  readonly origin: Origin;
  readonly position?: LatLon | undefined;
}

/** The JSON payload of every entry that is not a frame, by its kind. Text is UTF-8. */
export interface Records {
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
}
export type RecordKind = keyof Records;

/** A frame entry's payload: u8 version = 1 | u8 format | i64 sensor time, Unix µs, 0 unknown | the bytes as they arrived. */
export interface Frame {
  readonly format: FrameFormat;
  readonly sensorTimeUs: number | undefined;
  readonly bytes: Uint8Array;
}
