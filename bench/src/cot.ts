// How fast drone events of Cursor on Target become objects on one core, in XML and in TAK protocol version 1, beside the common npm package.
import {
  type CotEvent,
  CotStreamReader,
  decodeCotFrame,
  decodeCotXml,
  decodeTakMessage,
  droneTrack,
  element,
  encodeCotXml,
  encodeTakMessage,
  type Encoded,
  scanCotXml,
  scanTakMessage,
} from "@atalaya/cot";
import { CoTParser } from "@tak-ps/node-cot";
import { type Bench, type BenchResult, type Figure, figure } from "./bench.ts";

const RUNS = 11;
const DRONES = 200;
const ROUNDS = 400;
/** The package is ten times slower, and its runs are shorter for it. */
const PEER_ROUNDS = 25;

function bytesOf(encoded: Encoded): Uint8Array {
  if ("refused" in encoded) throw new Error(encoded.refused.detail);
  return encoded.bytes;
}

/** A drone as Remote ID shows one, with what TAK clients and we write of it. */
function drone(k: number): CotEvent {
  const serial = `1581F5BK22384${1000 + k}`;
  const timeMs = Date.UTC(2026, 10, 24, 8) + k * 137;
  const built = droneTrack({
    uid: `RID-${serial}`,
    affiliation: "unknown",
    callsign: `DRONE ${k}`,
    courseDeg: (k * 137.5) % 360,
    speedMps: 5 + (k % 80) / 4,
    operator: { uid: `OP-${serial}`, type: "a-n-G" },
    point: { latDeg: 31.7587123 + k / 1000, lonDeg: -106.4869456 - k / 1000, haeM: 1206.5, ceM: 10.5, leM: 4 },
    timeMs,
    staleMs: timeMs + 60_000,
    how: "m-g",
    remarks: `Quadcopter, serial ${serial}, ${60 + k} m above take-off, pilot 240 m south`,
    more: [
      element("precisionlocation", { geopointsrc: "GPS", altsrc: "GPS" }),
      element("status", { battery: String(k % 100) }),
      element("color", { argb: "-65536" }),
      element("atalaya:drone", {
        "xmlns:atalaya": "urn:atalaya:cot:1",
        serial,
        rssi: "-61",
        transmitter: "02:a1:1a:7a:00:01",
        heightAboveTakeoffM: String(60 + k),
        verticalSpeedMps: "-1.5",
      }),
    ],
  });
  if ("refused" in built) throw new Error(built.refused.detail);
  return built.event;
}

/** Events a second of work that goes over all drones once and says how many it has read. */
function rate(rounds: number, work: () => number): Figure {
  const samples: number[] = [];
  for (let run = -2; run < RUNS; run += 1) {
    let read = 0;
    const began = process.hrtime.bigint();
    for (let round = 0; round < rounds; round += 1) read += work();
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    if (read !== rounds * DRONES) throw new Error(`read ${read} of ${rounds * DRONES}`);
    if (run >= 0) samples.push(read / seconds);
  }
  return figure("events/s", samples);
}

/** As `rate`, of work that answers later: one event after the other. */
async function rateInTurn(payloads: readonly Uint8Array[], read: (payload: Uint8Array) => Promise<boolean>): Promise<Figure> {
  const samples: number[] = [];
  for (let run = -2; run < RUNS; run += 1) {
    const began = process.hrtime.bigint();
    for (let round = 0; round < PEER_ROUNDS; round += 1) {
      for (const payload of payloads) if (!(await read(payload))) throw new Error("an event was not read");
    }
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    if (run >= 0) samples.push((PEER_ROUNDS * payloads.length) / seconds);
  }
  return figure("events/s", samples);
}

/** One for an event that was read with the detail it should have. */
function one(detail: readonly unknown[] | undefined): number {
  return detail?.length === 8 ? 1 : 0;
}

export const bench: Bench = {
  name: "cot",
  measures:
    `${DRONES} drone events in turn, checked whole, on one core; xml_per_s and protobuf_per_s build head and point and keep the detail as text ` +
    "until it is asked for, the figures with `whole` build all elements",
  async run(): Promise<BenchResult> {
    const events = Array.from({ length: DRONES }, (_, k) => drone(k));
    const documents = events.map((event) => bytesOf(encodeCotXml(event)));
    const payloads = events.map((event) => bytesOf(encodeTakMessage({ event })));
    const stream = Buffer.concat(documents);
    const each = <T>(list: readonly T[], read: (item: T) => number) => {
      return (): number => {
        let sum = 0;
        for (const item of list) sum += read(item);
        return sum;
      };
    };
    const figures = {
      xml_per_s: rate(
        ROUNDS,
        each(documents, (bytes) => {
          const result = scanCotXml(bytes);
          return "scanned" in result && result.scanned.head.point.latDeg > 31 ? 1 : 0;
        }),
      ),
      protobuf_per_s: rate(
        ROUNDS,
        each(payloads, (bytes) => {
          const result = scanTakMessage(bytes);
          return "message" in result && (result.message.scanned?.head.point.latDeg ?? 0) > 31 ? 1 : 0;
        }),
      ),
      xml_whole_per_s: rate(
        ROUNDS,
        each(documents, (bytes) => {
          const result = decodeCotXml(bytes);
          return "event" in result ? one(result.event.detail) : 0;
        }),
      ),
      protobuf_whole_per_s: rate(
        ROUNDS,
        each(payloads, (bytes) => {
          const result = decodeTakMessage(bytes);
          return "message" in result ? one(result.message.event?.detail) : 0;
        }),
      ),
      xml_stream_whole_per_s: rate(ROUNDS, () => {
        let sum = 0;
        const reader = new CotStreamReader(
          (frame) => {
            const result = decodeCotFrame(frame);
            if ("message" in result) sum += one(result.message.event?.detail);
          },
          () => undefined,
          "xml",
        );
        for (let at = 0; at < stream.length; at += 1 << 16) reader.push(stream.subarray(at, at + (1 << 16)));
        return sum;
      }),
      xml_written_per_s: rate(
        ROUNDS / 5,
        each(events, (event) => ("bytes" in encodeCotXml(event) ? 1 : 0)),
      ),
      protobuf_written_per_s: rate(
        ROUNDS / 5,
        each(events, (event) => ("bytes" in encodeTakMessage({ event }) ? 1 : 0)),
      ),
    };
    const texts = documents.map((bytes) => Buffer.from(bytes).toString());
    const peers = {
      node_cot_xml_per_s: rate(
        PEER_ROUNDS,
        each(texts, (text) => (CoTParser.from_xml(text).uid().startsWith("RID-") ? 1 : 0)),
      ),
      node_cot_protobuf_per_s: await rateInTurn(payloads, async (payload) => {
        const event = await CoTParser.from_proto(payload);
        return event.uid().startsWith("RID-");
      }),
    };
    return { figures, peers };
  },
};
