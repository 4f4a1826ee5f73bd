// One made-up flight as bytes: the messages that the tests of carriers and receivers send.
import { type AstmMessage, encodeMessage, encodePack } from "../src/index.ts";

const basicId: AstmMessage = { type: "basicId", idType: 1, uaType: 2, uasId: "ATLY0000000000000001" };
const location: AstmMessage = {
  type: "location",
  status: 2,
  direction: 123,
  speed: 12.5,
  verticalSpeed: -1.5,
  latitude: 31.75,
  longitude: -106.48,
  pressureAltitude: 1200,
  geodeticAltitude: 1190.5,
  heightType: 0,
  height: 80,
  horizontalAccuracy: 11,
  verticalAccuracy: 4,
  baroAccuracy: 3,
  speedAccuracy: 3,
  timestamp: 1234.5,
  timestampAccuracy: 0.2,
};
const system: AstmMessage = {
  type: "system",
  operatorLocationType: 1,
  classificationType: 1,
  operatorLatitude: 31.7612345,
  operatorLongitude: -106.4954321,
  areaCount: 1,
  areaRadius: 0,
  areaCeiling: undefined,
  areaFloor: undefined,
  category: 1,
  class: 2,
  operatorAltitude: 1145,
  timestampMs: Date.UTC(2026, 10, 24, 8, 0, 0),
};
const operatorId: AstmMessage = { type: "operatorId", operatorIdType: 0, operatorId: "FIN87astrdge12k8" };
const selfId: AstmMessage = { type: "selfId", descriptionType: 0, description: "survey" };
const pages: readonly AstmMessage[] = [0, 1, 2, 3].map((page) => ({
  type: "authentication",
  authType: 1,
  page,
  lastPage: page === 0 ? 3 : undefined,
  length: page === 0 ? 63 : undefined,
  timestampMs: page === 0 ? Date.UTC(2026, 10, 24, 8, 0, 0) : undefined,
  data: new Uint8Array(page === 0 ? 17 : 23).fill(0xa0 + page),
}));

/** The messages of a small pack: who, where, and where the operator is. */
export const messages: readonly AstmMessage[] = [basicId, location, system];
/** The largest pack there is: nine messages, 228 bytes. */
export const nineMessages: readonly AstmMessage[] = [basicId, location, ...pages, selfId, system, operatorId];

function encoded(result: ReturnType<typeof encodePack>): Uint8Array {
  if (!(result instanceof Uint8Array)) throw new TypeError(result.detail);
  return result;
}

export const pack: Uint8Array = encoded(encodePack(messages, 2));
export const ninePack: Uint8Array = encoded(encodePack(nineMessages, 2));
export const locationBytes: Uint8Array = encoded(encodeMessage(location, 2));
export const systemBytes: Uint8Array = encoded(encodeMessage(system, 2));

export const sending = { transmitter: "02:a1:1a:7a:00:01", rssi: -61, counter: 7 } as const;
/** The values of the French beacon, tags 1, 2, 4, 5, 8 and 9. */
export const frenchFields: Uint8Array = Uint8Array.from([
  ...[0x01, 0x01, 0x01],
  ...[0x02, 0x1e, ...Array.from("ATLMOD000000000000000000000001", (c) => c.charCodeAt(0))],
  ...[0x04, 0x04, 0x00, 0x42, 0x55, 0xe0],
  ...[0x05, 0x04, 0x00, 0x07, 0xc8, 0x71],
  ...[0x08, 0x04, 0x00, 0x42, 0x54, 0x68],
  ...[0x09, 0x04, 0x00, 0x07, 0xc5, 0xa9],
]);
