// How many events reach TAK clients in a second: tracks that are encoded once and told to all, over real sockets, server and clients in one process; and
// how many come in.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import {
  CotStreamReader,
  decodeCotFrame,
  droneTrack,
  encodeTakMessage,
  negotiationOf,
  negotiationRequest,
  encodeCotXml,
} from "@atalaya/cot";
import { Outgoing, OutgoingBatch, TakLinks, takServer } from "@atalaya/hub/tak";
import { encodeCotBatch, encodeFrame, encodeRecord, Picture, separateCotBatch } from "@atalaya/picture";
import { type Bench, figure } from "./bench.ts";

const RUNS = 7;
const TRACKS = 1000;
/** As many as one machine's programs may open without TLS. */
const CLIENTS = 60;
const TICKS = 20;
const T0_MS = 1_790_000_000_000;

function tracks(round: number): readonly Outgoing[] {
  return Array.from({ length: TRACKS }, (_, k) => {
    const uid = `atalaya.bench.T-${k}`;
    const built = droneTrack({
      uid,
      point: { latDeg: 31.7 + k * 1e-4, lonDeg: -106.4 + round * 1e-5, haeM: 1250, ceM: 4, leM: 6 },
      timeMs: T0_MS + round * 1000,
      staleMs: T0_MS + round * 1000 + 15_000,
      affiliation: "unknown",
      callsign: `T-${k}`,
      courseDeg: 217.5,
      speedMps: 14.25,
      remarks: "ID 1581F5BK22384. Measured by sensors / Medido por sensores",
    });
    if ("refused" in built) throw new Error(built.refused.detail);
    return new Outgoing(uid, built.event, false);
  });
}

interface Client {
  readonly socket: Socket;
  bytes: number;
}

/** A client that counts; every second one goes over to TAK protocol. */
async function client(port: number, negotiates: boolean): Promise<Client> {
  const socket = connect(port, "127.0.0.1");
  const counted: Client = { socket, bytes: 0 };
  await new Promise<void>((resolve) => {
    const reader = new CotStreamReader(
      (frame) => {
        const decoded = decodeCotFrame(frame);
        const event = "refused" in decoded ? undefined : decoded.message.event;
        const negotiation = event === undefined ? undefined : negotiationOf(event);
        if (event === undefined || negotiation === undefined) return;
        if (negotiation.step === "response" || !negotiates) {
          resolve();
          return;
        }
        const request = encodeCotXml(negotiationRequest(event.uid, 1, Date.now()));
        if ("bytes" in request) socket.write(request.bytes);
      },
      () => undefined,
      "xml",
    );
    socket.on("data", (chunk: Buffer) => reader.push(chunk));
  });
  socket.removeAllListeners("data");
  socket.on("data", (chunk: Buffer) => {
    counted.bytes += chunk.length;
  });
  return counted;
}

/** Seconds until every client has all events of so many ticks, one tick after the other as fast as they are read. */
async function fanOut(links: TakLinks, clients: readonly Client[]): Promise<number> {
  const batches = Array.from({ length: TICKS }, (_, round) => new OutgoingBatch(tracks(round)));
  for (const one of clients) one.bytes = 0;
  const sentBefore = links.counts.sentBytes;
  const began = process.hrtime.bigint();
  for (const batch of batches) {
    links.send(batch);
    const sent = links.counts.sentBytes - sentBefore;
    while (clients.reduce((sum, { bytes }) => sum + bytes, 0) < sent) await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (links.counts.superseded + links.counts.givenUp > 0) throw new Error("something waited");
  return seconds;
}

/** Entries that a batch of 50 becomes, and what the picture makes of them. */
function comingIn(): number {
  const picture = new Picture();
  const source = { id: "tak", name: "tak", kind: "tak", origin: "live", format: "cot" } as const;
  let seq = 1;
  picture.apply({ seq, timeUs: T0_MS * 1000, kind: "source", source: "", payload: encodeRecord("source", { source, by: "bench" }) });
  const batches = Array.from({ length: 40 }, (_, round) =>
    encodeCotBatch({
      certificate: "0a",
      messages: tracks(round)
        .slice(0, 50)
        .map(({ event }, k) => {
          const encoded = k % 2 === 0 ? encodeCotXml(event) : encodeTakMessage({ event });
          if ("refused" in encoded) throw new Error(encoded.refused.detail);
          return { form: k % 2 === 0 ? "xml" : "protobuf", bytes: encoded.bytes } as const;
        }),
    }),
  );
  const separation = { owns: () => true, isHub: () => false, isSynthetic: false };
  const began = process.hrtime.bigint();
  batches.forEach((batch, round) => {
    for (const { kind, bytes } of separateCotBatch(batch, separation, () => undefined)) {
      const payload = encodeFrame({ format: "cot", sensorTimeUs: undefined, bytes });
      picture.apply({ seq: (seq += 1), timeUs: (T0_MS + round * 1000) * 1000, kind, source: "tak", payload });
    }
  });
  return (40 * 50) / (Number(process.hrtime.bigint() - began) / 1e9);
}

export const bench: Bench = {
  name: "tak",
  measures: `${TRACKS} tracks a tick to ${CLIENTS} TAK clients over TCP, half of them XML, half TAK protocol, the clients in the same process; and 50 tracks of others with fusion`,
  async run() {
    const links = new TakLinks();
    const definition = { id: "tak", name: "tak", kind: "tak", origin: "live", format: "cot" } as const;
    const server = takServer({ definition, uid: "atalaya.bench", links, port: 0, tls: undefined });
    await server.start({
      frame: () => true,
      ready: () => Promise.resolve(),
      refused: () => undefined,
      told: () => ({ taken: 0, refused: 0, lastRefusal: undefined }),
      ended: () => undefined,
      failed: () => undefined,
    });
    const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, k) => client(server.port ?? 0, k % 2 === 1)));
    const rates: number[] = [];
    const encode: number[] = [];
    await fanOut(links, clients);
    for (let run = 0; run < RUNS; run += 1) {
      rates.push((TRACKS * CLIENTS * TICKS) / (await fanOut(links, clients)));
      const events = tracks(run);
      const began = process.hrtime.bigint();
      for (const event of events) {
        event.bytes("xml");
        event.bytes("protobuf");
      }
      encode.push(TRACKS / (Number(process.hrtime.bigint() - began) / 1e9));
    }
    for (const { socket } of clients) socket.destroy();
    await Promise.all(clients.map(({ socket }) => once(socket, "close")));
    await server.stop();
    comingIn();
    return {
      figures: {
        fanout_events_per_s: figure("events/s", rates),
        encoded_in_both_forms_per_s: figure("events/s", encode),
        taken_in_per_s: figure("events/s", Array.from({ length: RUNS }, comingIn)),
      },
      peers: {},
    };
  },
};
