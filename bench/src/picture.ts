// How many frames a second does the picture understand, and what does a tick cost with many tracks and zones?
import { encodeFrame, encodeRecord, type Entry, Picture, type ZoneDefinition } from "@atalaya/picture";
import { type AstmMessage, encodeBle4, encodeMessage, encodePack, encodeWifiBeacon, sealOperator } from "@atalaya/remote-id";
import { type Bench, type BenchResult, type Figure, figure } from "./bench.ts";

const T0 = 1_790_000_000_000_000;
const S = 1_000_000;
const RUNS = 7;
const ZONES = 200;

function bytesOf(made: Uint8Array | { readonly detail: string }): Uint8Array {
  if (made instanceof Uint8Array) return made;
  throw new RangeError(made.detail);
}

function mac(number: number): string {
  const digits = number.toString(16).padStart(12, "0");
  return (digits.match(/../g) ?? []).join(":");
}

/** Position of an aircraft within 50 km of El Paso, spread by the golden angle, moving at 15 m/s. */
function location(aircraft: number, aircraftInAll: number, seconds: number): AstmMessage {
  const radiusDeg = 0.45 * Math.sqrt((aircraft + 0.5) / aircraftInAll);
  const angle = aircraft * 2.39996323;
  const course = (aircraft * 37) % 360;
  const movedDeg = (15 * seconds) / 111_000;
  return {
    type: "location",
    status: 2,
    direction: course,
    speed: 15,
    verticalSpeed: 0,
    latitude: 31.76 + radiusDeg * Math.cos(angle) + movedDeg * Math.cos((course * Math.PI) / 180),
    longitude: -106.49 + radiusDeg * Math.sin(angle) + movedDeg * Math.sin((course * Math.PI) / 180),
    pressureAltitude: undefined,
    geodeticAltitude: 1200,
    heightType: 0,
    height: 50,
    horizontalAccuracy: 11,
    verticalAccuracy: 4,
    baroAccuracy: 0,
    speedAccuracy: 3,
    timestamp: Math.floor(((T0 / S + seconds) % 3600) * 10) / 10,
    timestampAccuracy: undefined,
  };
}

const basicId = (aircraft: number): AstmMessage => ({
  type: "basicId",
  idType: 1,
  uaType: 2,
  uasId: `1588F${String(aircraft).padStart(15, "0")}`,
});

const system: AstmMessage = {
  type: "system",
  operatorLocationType: 0,
  classificationType: 0,
  operatorLatitude: 31.76,
  operatorLongitude: -106.49,
  areaCount: 1,
  areaRadius: 0,
  areaCeiling: undefined,
  areaFloor: undefined,
  category: 0,
  class: 0,
  operatorAltitude: 1140,
  timestampMs: undefined,
};

/** One frame as its entry. `kind`: a BLE 4 advertisement with a position, or a Wi-Fi pack with name, position and operator. */
function frameEntry(seq: number, timeUs: number, aircraft: number, inAll: number, kind: "ble4" | "pack"): Entry {
  const sending = { transmitter: mac(aircraft + 1), rssi: -60, counter: seq & 0xff };
  const where = location(aircraft, inAll, (timeUs - T0) / S);
  const format = kind === "ble4" ? "dlt-256" : "dlt-127";
  const bytes =
    kind === "ble4"
      ? encodeBle4(sending, bytesOf(encodeMessage(where, 2)))
      : encodeWifiBeacon(sending, "bench", bytesOf(encodePack([basicId(aircraft), where, system], 2)));
  const { payload, sealed } = sealOperator(format, bytes);
  return {
    seq,
    timeUs,
    kind: "frame",
    source: "bench",
    payload: encodeFrame({ format, sensorTimeUs: timeUs, bytes: payload }),
    ...(sealed === undefined ? {} : { sealed }),
  };
}

function begun(): { readonly picture: Picture; readonly seq: number } {
  // Without the limits on floods: the load is meant.
  const picture = new Picture({ newTracksPer10s: 1_000_000 });
  let seq = 0;
  const source = { id: "bench", name: "bench", kind: "http", origin: "synthetic" } as const;
  picture.apply({ seq: ++seq, timeUs: T0, kind: "source", source: "", payload: encodeRecord("source", { source, by: "bench" }) });
  for (let k = 0; k < ZONES; k += 1) {
    const angle = k * 2.39996323 + 1;
    const radiusDeg = 0.45 * Math.sqrt((k + 0.5) / ZONES);
    const zone: ZoneDefinition = {
      id: `zone-${k}`,
      name: `Zone ${k}`,
      kind: "post",
      shape: {
        type: "circle",
        centre: { latDeg: 31.76 + radiusDeg * Math.cos(angle), lonDeg: -106.49 + radiusDeg * Math.sin(angle) },
        radiusM: 300,
      },
    };
    picture.apply({ seq: ++seq, timeUs: T0, kind: "zone", source: "", payload: encodeRecord("zone", { zone, by: "bench" }) });
  }
  return { picture, seq };
}

/** Frames of 100 aircraft in turn, through decoding, tracks, findings and the ticks between. */
function framesPerSecond(kind: "ble4" | "pack"): Figure {
  const aircraft = 100;
  const frames = 100_000;
  const entries: Entry[] = [];
  for (let k = 0; k < frames; k += 1) entries.push(frameEntry(1000 + k, T0 + Math.round((k * S) / 1000), k % aircraft, aircraft, kind));
  const samples: number[] = [];
  for (let run = -2; run < RUNS; run += 1) {
    const { picture } = begun();
    const start = performance.now();
    for (const entry of entries) picture.apply(entry);
    if (run >= 0) samples.push((frames * 1000) / (performance.now() - start));
    if (picture.trackCount !== aircraft) throw new RangeError(`${picture.trackCount} tracks`);
  }
  return figure("frames/s", samples);
}

/** One tick with that many tracks asked for (10,000 is the most that stand) and 200 zones in the same 100 km. */
function tick(tracks: number): { readonly tick: Figure; readonly snapshot: Figure; readonly megabytes: Figure } {
  const { picture, seq } = begun();
  for (let k = 0; k < tracks; k += 1) picture.apply(frameEntry(seq + 1 + k, T0 + 100_000, k, tracks, "pack"));
  picture.advance(T0 + S);
  picture.takeIntents();
  const samples: number[] = [];
  for (let k = 0; k < 40; k += 1) {
    const start = performance.now();
    picture.advance(picture.timeUs + 200_000);
    if (k >= 10) samples.push(performance.now() - start);
  }
  const snapshots: number[] = [];
  let bytes = 0;
  for (let k = 0; k < 3; k += 1) {
    const start = performance.now();
    bytes = picture.snapshot().length;
    snapshots.push(performance.now() - start);
  }
  return { tick: figure("ms", samples), snapshot: figure("ms", snapshots), megabytes: figure("MB", [bytes / 1e6]) };
}

export const bench: Bench = {
  name: "picture",
  measures: `frames of 100 aircraft applied with ${ZONES} zones watched; one tick of 200 ms with many tracks`,
  run: (): Promise<BenchResult> => {
    const few = tick(500);
    const many = tick(5000);
    const capped = tick(50_000);
    return Promise.resolve({
      figures: {
        frames_per_s: framesPerSecond("ble4"),
        packs_per_s: framesPerSecond("pack"),
        tick_ms_500: few.tick,
        tick_ms: many.tick,
        tick_ms_50000_capped: capped.tick,
        snapshot_ms: many.snapshot,
        snapshot_mb: many.megabytes,
      },
      peers: {},
    });
  },
};
