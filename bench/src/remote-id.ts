// How fast Remote ID messages become objects on one core, beside a decoder written without a thought to speed.
import { type AstmMessage, decodeAstm, encodeMessage, encodePack } from "@atalaya/remote-id";
import { type Bench, figure } from "./bench.ts";

const RUNS = 7;
const MESSAGES_PER_RUN = 2_000_000;

const samples: readonly AstmMessage[] = [
  { type: "basicId", idType: 1, uaType: 2, uasId: "DRLXASURVEY0002" },
  {
    type: "location",
    status: 2,
    direction: 217,
    speed: 18.25,
    verticalSpeed: -1.5,
    latitude: 31.7587123,
    longitude: -106.4869456,
    pressureAltitude: 1210.5,
    geodeticAltitude: 1206,
    heightType: 1,
    height: 92,
    horizontalAccuracy: 10,
    verticalAccuracy: 4,
    baroAccuracy: 3,
    speedAccuracy: 3,
    timestamp: 1834.6,
    timestampAccuracy: 0.3,
  },
  {
    type: "authentication",
    authType: 1,
    page: 0,
    lastPage: 2,
    length: 63,
    timestampMs: 1_764_000_000_000,
    data: new Uint8Array(17).fill(0xa5),
  },
  { type: "selfId", descriptionType: 0, description: "Pipeline survey" },
  {
    type: "system",
    operatorLocationType: 1,
    classificationType: 1,
    operatorLatitude: 31.75,
    operatorLongitude: -106.48,
    areaCount: 1,
    areaRadius: 0,
    areaCeiling: undefined,
    areaFloor: undefined,
    category: 1,
    class: 2,
    operatorAltitude: 1114,
    timestampMs: 1_764_000_000_000,
  },
  { type: "operatorId", operatorIdType: 0, operatorId: "FIN87astrdge12k8" },
];

function bytesOf(result: ReturnType<typeof encodeMessage>): Uint8Array {
  if (!(result instanceof Uint8Array)) throw new Error(result.detail);
  return result;
}

/** What is on the air: Location most often, the rest in turn, packs among them. */
function mix(): { readonly frames: readonly Uint8Array[]; readonly messages: number } {
  const single = samples.map((message) => bytesOf(encodeMessage(message, 2)));
  const [basicId, location, , selfId, system, operatorId] = samples as [
    AstmMessage,
    AstmMessage,
    AstmMessage,
    AstmMessage,
    AstmMessage,
    AstmMessage,
  ];
  const packs = [[basicId, location, system], [basicId, location, selfId, system, operatorId], [location]].map((pack) =>
    bytesOf(encodePack(pack, 2)),
  );
  const at = (k: number): Uint8Array => single[k] ?? new Uint8Array(25);
  const frames = [at(0), at(1), at(1), at(4), at(1), at(3), at(1), at(5), at(2), at(1), ...packs];
  return { frames, messages: 10 + 3 + 5 + 1 };
}

function rate(frames: readonly Uint8Array[], messages: number, decode: (bytes: Uint8Array) => number): number {
  const rounds = Math.ceil(MESSAGES_PER_RUN / messages);
  let seen = 0;
  const began = process.hrtime.bigint();
  for (let round = 0; round < rounds; round += 1) for (const frame of frames) seen += decode(frame);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (seen !== rounds * messages) throw new Error(`decoded ${seen} of ${rounds * messages}`);
  return seen / seconds;
}

/** As one would write it at first: a view, a text decoder and a fresh object with computed keys per message; Location and text messages only. */
function plainDecoder(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const one = (at: number): object => {
    const type = view.getUint8(at) >> 4;
    const text = (from: number, length: number): string =>
      new TextDecoder("latin1").decode(bytes.slice(from, from + length)).replace(/\0.*$/, "");
    const out: Record<string, unknown> = { type };
    if (type === 1) {
      out["latitude"] = view.getInt32(at + 5, true) * 1e-7;
      out["longitude"] = view.getInt32(at + 9, true) * 1e-7;
      out["speed"] = view.getUint8(at + 3) * 0.25;
      out["direction"] = view.getUint8(at + 2);
      out["altitude"] = view.getUint16(at + 15, true) * 0.5 - 1000;
      out["height"] = view.getUint16(at + 17, true) * 0.5 - 1000;
    } else out["text"] = text(at + 2, 20);
    return out;
  };
  if (view.getUint8(0) >> 4 !== 0xf) return Object.keys(one(0)).length > 0 ? 1 : 0;
  const count = view.getUint8(2);
  const all: object[] = [];
  for (let k = 0; k < count; k += 1) all.push(one(3 + 25 * k));
  return all.length;
}

export const bench: Bench = {
  name: "remote-id",
  measures: "messages of F3411-22a decoded to objects on one core: singles and packs of all kinds, Location most often",
  async run() {
    const { frames, messages } = mix();
    const ours = (bytes: Uint8Array): number => decodeAstm(bytes, 0, bytes.length).messages.length;
    rate(frames, messages, ours);
    const all = Array.from({ length: RUNS }, () => rate(frames, messages, ours));
    const figures: Record<string, ReturnType<typeof figure>> = { messages_per_s: figure("messages/s", all) };
    for (const message of samples) {
      const bytes = bytesOf(encodeMessage(message, 2));
      figures[`${message.type}_per_s`] = figure(
        "messages/s",
        Array.from({ length: RUNS }, () => rate([bytes], 1, ours)),
      );
    }
    rate(frames, messages, plainDecoder);
    const plain = Array.from({ length: RUNS }, () => rate(frames, messages, plainDecoder));
    return { figures, peers: { plain_decoder_per_s: figure("messages/s", plain) } };
  },
};
