// The binary track stream: one frame per client per tick, 32 bytes per track, little-endian.
//
// Header, 32 bytes: u32 magic "ATR1" | u8 version = 1 | u8 flags (bit 0: full picture, else changes only) | u16 record size = 32 |
// f64 picture time, Unix ms | u32 tick | u32 number of records | u32 number of removed tracks | u32 reserved.
// Then the records, then one u32 per removed track.
//
// Record, 32 bytes: u32 track number | i32 latitude 1e-7° | i32 longitude 1e-7° | i16 height, m above the ellipsoid (-32768 unknown) |
// u16 course, 0.01° (65535 unknown) | u16 ground speed, cm/s (65535 unknown) | i16 vertical speed, cm/s (-32768 unknown) |
// u16 age of the position, 0.01 s (65535: 655 s or older) | u16 95 % horizontal error, m (65535 unknown) |
// u8 kind | u8 flags | u8 confidence, % (255 unknown) | u8 count of objects | u8 shape of the 95 % ellipse: 255 × shorter ÷ longer half axis,
// at least 1 (0: no ellipse, the error has no direction) | u8 azimuth of its longer half axis, 180/256° clockwise from north | u16 group
// (0: none; tracks of one group have the same number, which is nothing but a mark of that).
//
// The longer half axis of the ellipse is the 95 % horizontal error. The last four bytes were reserved and 0 before there were ellipses and groups:
// who does not know them skips them, who reads an older hub's finds neither.

export const STREAM_MAGIC = 0x31525441;
export const STREAM_VERSION = 1;
export const HEADER_BYTES = 32;
export const RECORD_BYTES = 32;

/** What a track is, as drawn: the shapes of the map language. */
export const TRACK_KINDS = ["unknown", "suspect", "own", "authorised", "manned", "bird", "balloon", "star"] as const;
export type TrackKind = (typeof TRACK_KINDS)[number];

/** Bits of a record's flags. */
export const TrackFlag = {
  /** From a synthetic source: marked DRILL wherever it is shown. */
  drill: 1,
  /** From a recording: marked REPLAY wherever it is shown. */
  recorded: 2,
  /** Not heard lately: the position is carried on. */
  coasting: 4,
  /** Not yet confirmed. */
  tentative: 8,
  /** A person, post or zone is in danger from it. */
  danger: 16,
  /** A broadcast claim that no measuring sensor has agreed with. */
  unverified: 32,
  /** At least one plausibility finding stands against it. */
  finding: 64,
  /** A broadcast claim, and sensors that look at the place that it claims see nothing there. */
  unseen: 128,
} as const;

/** One track as it travels; absent values are unknown. */
export interface TrackRecord {
  readonly number: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly heightHaeM: number | undefined;
  readonly courseDeg: number | undefined;
  readonly speedMps: number | undefined;
  readonly verticalSpeedMps: number | undefined;
  readonly ageS: number;
  readonly errorM: number | undefined;
  readonly kind: TrackKind;
  readonly flags: number;
  readonly confidencePercent: number | undefined;
  /** Objects in its group, itself included; 1 when it flies alone. At most 255 travel. */
  readonly count: number;
  /** Of the 95 % ellipse whose longer half axis is `errorM`; absent: the error has no direction. */
  readonly ellipse?: { readonly ratio: number; readonly azimuthDeg: number };
  /** Mark that the tracks of one group share, 1 to 65535. */
  readonly group?: number;
}

export interface TrackFrameHeader {
  readonly full: boolean;
  readonly timeMs: number;
  readonly tick: number;
  readonly records: number;
  readonly removed: number;
}

const UNKNOWN_U16 = 0xffff;
const UNKNOWN_I16 = -0x8000;

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

/** Bytes of a frame with that many records and removals. */
export function trackFrameBytes(records: number, removed: number): number {
  return HEADER_BYTES + records * RECORD_BYTES + removed * 4;
}

/** Writes the header at the start of `view`. */
export function writeTrackHeader(view: DataView, header: TrackFrameHeader): void {
  view.setUint32(0, STREAM_MAGIC, true);
  view.setUint8(4, STREAM_VERSION);
  view.setUint8(5, header.full ? 1 : 0);
  view.setUint16(6, RECORD_BYTES, true);
  view.setFloat64(8, header.timeMs, true);
  view.setUint32(16, header.tick, true);
  view.setUint32(20, header.records, true);
  view.setUint32(24, header.removed, true);
  view.setUint32(28, 0, true);
}

/** Writes record `index` of a frame. Values beyond a field's range are clamped to it, never wrapped. */
export function writeTrackRecord(view: DataView, index: number, track: TrackRecord): void {
  const at = HEADER_BYTES + index * RECORD_BYTES;
  view.setUint32(at, track.number, true);
  view.setInt32(at + 4, Math.round(track.latDeg * 1e7), true);
  view.setInt32(at + 8, Math.round(track.lonDeg * 1e7), true);
  view.setInt16(at + 12, track.heightHaeM === undefined ? UNKNOWN_I16 : clamp(Math.round(track.heightHaeM), -32767, 32767), true);
  const course = track.courseDeg === undefined ? UNKNOWN_U16 : Math.round((((track.courseDeg % 360) + 360) % 360) * 100) % 36000;
  view.setUint16(at + 14, course, true);
  view.setUint16(at + 16, track.speedMps === undefined ? UNKNOWN_U16 : clamp(Math.round(track.speedMps * 100), 0, 65534), true);
  const vertical = track.verticalSpeedMps === undefined ? UNKNOWN_I16 : clamp(Math.round(track.verticalSpeedMps * 100), -32767, 32767);
  view.setInt16(at + 18, vertical, true);
  view.setUint16(at + 20, clamp(Math.round(track.ageS * 100), 0, 65535), true);
  view.setUint16(at + 22, track.errorM === undefined ? UNKNOWN_U16 : clamp(Math.ceil(track.errorM), 0, 65534), true);
  view.setUint8(at + 24, TRACK_KINDS.indexOf(track.kind));
  view.setUint8(at + 25, track.flags);
  view.setUint8(at + 26, track.confidencePercent === undefined ? 255 : clamp(Math.round(track.confidencePercent), 0, 100));
  view.setUint8(at + 27, clamp(track.count, 0, 255));
  const { ellipse, group } = track;
  view.setUint8(at + 28, ellipse === undefined ? 0 : clamp(Math.round(ellipse.ratio * 255), 1, 255));
  view.setUint8(at + 29, ellipse === undefined ? 0 : Math.round(((((ellipse.azimuthDeg % 180) + 180) % 180) * 256) / 180) % 256);
  view.setUint16(at + 30, group === undefined ? 0 : clamp(group, 0, 0xffff), true);
}

/** Writes removed track `index` behind `records` records. */
export function writeRemovedTrack(view: DataView, records: number, index: number, number: number): void {
  view.setUint32(HEADER_BYTES + records * RECORD_BYTES + index * 4, number, true);
}

/** The header, or a named refusal when the bytes are no frame of this version. */
export function readTrackHeader(view: DataView): TrackFrameHeader | { readonly refused: string } {
  if (view.byteLength < HEADER_BYTES) return { refused: "frame-cut-short" };
  if (view.getUint32(0, true) !== STREAM_MAGIC) return { refused: "not-a-track-frame" };
  if (view.getUint8(4) !== STREAM_VERSION || view.getUint16(6, true) !== RECORD_BYTES) return { refused: "other-version" };
  const records = view.getUint32(20, true);
  const removed = view.getUint32(24, true);
  if (trackFrameBytes(records, removed) !== view.byteLength) return { refused: "length-differs" };
  return { full: (view.getUint8(5) & 1) === 1, timeMs: view.getFloat64(8, true), tick: view.getUint32(16, true), records, removed };
}

/** Record `index` of a frame whose header was read. */
export function readTrackRecord(view: DataView, index: number): TrackRecord {
  const at = HEADER_BYTES + index * RECORD_BYTES;
  const height = view.getInt16(at + 12, true);
  const course = view.getUint16(at + 14, true);
  const speed = view.getUint16(at + 16, true);
  const vertical = view.getInt16(at + 18, true);
  const error = view.getUint16(at + 22, true);
  const confidence = view.getUint8(at + 26);
  const ratio = view.getUint8(at + 28);
  const group = view.getUint16(at + 30, true);
  return {
    number: view.getUint32(at, true),
    latDeg: view.getInt32(at + 4, true) / 1e7,
    lonDeg: view.getInt32(at + 8, true) / 1e7,
    heightHaeM: height === UNKNOWN_I16 ? undefined : height,
    courseDeg: course === UNKNOWN_U16 ? undefined : course / 100,
    speedMps: speed === UNKNOWN_U16 ? undefined : speed / 100,
    verticalSpeedMps: vertical === UNKNOWN_I16 ? undefined : vertical / 100,
    ageS: view.getUint16(at + 20, true) / 100,
    errorM: error === UNKNOWN_U16 ? undefined : error,
    kind: TRACK_KINDS[view.getUint8(at + 24)] ?? "unknown",
    flags: view.getUint8(at + 25),
    confidencePercent: confidence === 255 ? undefined : confidence,
    count: view.getUint8(at + 27),
    ...(ratio === 0 ? {} : { ellipse: { ratio: ratio / 255, azimuthDeg: (view.getUint8(at + 29) * 180) / 256 } }),
    ...(group === 0 ? {} : { group }),
  };
}

/** The number of removed track `index`. */
export function readRemovedTrack(view: DataView, header: TrackFrameHeader, index: number): number {
  return view.getUint32(HEADER_BYTES + header.records * RECORD_BYTES + index * 4, true);
}
