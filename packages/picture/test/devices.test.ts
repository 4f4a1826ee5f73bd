// What TAK brings: drones of other systems join the tracks, our people are known for some hours, and what is not ours leaves nothing behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CotElement, type CotEvent, chatMessage, element, encodeCotXml, encodeTakMessage } from "@atalaya/cot";
import {
  type CotOutcome,
  type CotSeparation,
  decodeCotBatch,
  encodeCotBatch,
  encodeFrame,
  type Entry,
  type Origin,
  Picture,
  separateCotBatch,
} from "../src/index.ts";
import { T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";

const S = 1_000_000;
const HOUR = 3_600 * S;
const ANA = "0a";
const BEN = "0b";

function event(uid: string, type: string, atUs: number, detail: readonly CotElement[] = [], more: Partial<CotEvent> = {}): CotEvent {
  const timeMs = Math.round(atUs / 1000);
  return {
    uid,
    type,
    how: "m-g",
    timeMs,
    startMs: timeMs,
    staleMs: timeMs + 60_000,
    access: undefined,
    qos: undefined,
    opex: undefined,
    point: { latDeg: 31.75, lonDeg: -106.45, haeM: 1200, ceM: 5, leM: 5 },
    detail,
    ...more,
  };
}

function batch(certificate: string, ...events: readonly CotEvent[]): Uint8Array {
  return encodeCotBatch({
    certificate,
    messages: events.map((one, k) => {
      const encoded = k % 2 === 0 ? encodeCotXml(one) : encodeTakMessage({ event: one });
      assert.ok("bytes" in encoded);
      return { form: k % 2 === 0 ? "xml" : "protobuf", bytes: encoded.bytes };
    }),
  });
}

/** A picture that is fed as the hub feeds it, and the entries that it was fed. */
class Fed {
  readonly picture = new Picture();
  readonly entries: Entry[] = [];
  readonly outcomes: CotOutcome[] = [];

  constructor(origin: Origin = "live") {
    const list = new EntryList()
      .record(T0, "source", { source: { id: "tak", name: "tak", kind: "tak", origin, format: "cot" }, by: "test" })
      .record(T0, "certificate", { serial: ANA, name: "Ana", uid: "ANDROID-ana", change: "issued", by: "test" })
      .record(T0, "certificate", { serial: BEN, name: "Ben", change: "issued", by: "test" });
    for (const entry of list.entries) this.#apply(entry);
  }

  #apply(entry: Entry): void {
    this.entries.push(entry);
    this.picture.apply(entry);
  }

  record(...made: Parameters<EntryList["record"]>): void {
    const [entry] = new EntryList().record(...made).entries;
    assert.ok(entry !== undefined);
    this.#apply({ ...entry, seq: this.entries.length + 1 });
  }

  hear(atUs: number, bytes: Uint8Array): readonly string[] {
    const separation: CotSeparation = {
      owns: (certificate, uid) => this.picture.devices.owns(certificate, uid),
      isHub: (name) => name === "Atalaya Test" || name.startsWith("atalaya.test"),
      isSynthetic: false,
    };
    return separateCotBatch(bytes, separation, (outcome) => this.outcomes.push(outcome)).map((part) => {
      const payload = encodeFrame({ format: "cot", sensorTimeUs: undefined, bytes: part.bytes });
      this.#apply({ seq: this.entries.length + 1, timeUs: atUs, kind: part.kind, source: "tak", payload });
      return part.kind;
    });
  }

  /** The same journal once more, some of it purged. */
  replayed(purged: (entry: Entry) => boolean): Picture {
    const again = new Picture();
    for (const entry of this.entries) again.apply(purged(entry) ? { ...entry, payload: undefined } : entry);
    again.advance(this.picture.timeUs);
    return again;
  }
}

const TEAM = [element("contact", { callsign: "Ana", endpoint: "*:-1:stcp" }), element("__group", { name: "Cyan", role: "Medic" })];

test("a batch comes back as it was written; what is none is refused", () => {
  const bytes = batch(ANA, event("a", "a-u-A-M-H-Q", T0), event("b", "a-u-A-M-H-Q", T0));
  const decoded = decodeCotBatch(bytes);
  assert.equal(decoded?.certificate, ANA);
  assert.deepEqual(encodeCotBatch({ certificate: ANA, messages: decoded?.messages ?? [] }), bytes);
  for (let cut = 0; cut < bytes.length; cut += 1) {
    const part = decodeCotBatch(bytes.subarray(0, cut));
    assert.ok(part === undefined || part.messages.length < 2, `cut at ${cut}`);
  }
  assert.equal(decodeCotBatch(Uint8Array.of(2, 0)), undefined);
  assert.throws(() => encodeCotBatch({ certificate: "a".repeat(41), messages: [] }), RangeError);
});

test("a position of one of us is known by its certificate, whoever else claims the device", () => {
  const fed = new Fed();
  assert.deepEqual(fed.hear(T0 + S, batch(ANA, event("ANDROID-ana", "a-f-G-U-C", T0 + S, TEAM))), ["own-position"]);
  const ana = fed.picture.devices.position("ANDROID-ana");
  assert.deepEqual([ana?.callsign, ana?.role, ana?.latDeg, ana?.certificate], ["Ana", "Medic", 31.75, ANA]);
  const elsewhere = { point: { latDeg: 10, lonDeg: 10, haeM: undefined, ceM: undefined, leM: undefined } };
  const forged = event("ANDROID-ana", "a-f-G-U-C", T0 + 2 * S, TEAM, elsewhere);
  assert.deepEqual(fed.hear(T0 + 2 * S, batch(BEN, forged)), ["passing"], "another's device");
  assert.deepEqual(fed.hear(T0 + 2 * S, batch("0c", forged)), ["passing"], "no certificate of ours");
  // Without a certificate, through a network of others: the uid is known, but the certified position is current.
  assert.deepEqual(fed.hear(T0 + 2 * S, batch("", forged)), ["own-position"]);
  assert.equal(fed.picture.devices.position("ANDROID-ana")?.latDeg, 31.75);
  const later = event("ANDROID-ana", "a-f-G-U-C", T0 + 70 * S, TEAM, elsewhere);
  fed.hear(T0 + 70 * S, batch("", later));
  assert.equal(fed.picture.devices.position("ANDROID-ana")?.latDeg, 10);
  // A device that no certificate names is bound to the one that first spoke for it.
  assert.deepEqual(fed.hear(T0 + 71 * S, batch(BEN, event("IOS-1", "a-f-G-U-C", T0 + 71 * S, TEAM))), ["own-position"]);
  assert.deepEqual(fed.hear(T0 + 72 * S, batch(ANA, event("IOS-1", "a-f-G-U-C", T0 + 72 * S, TEAM))), ["passing"]);
  fed.record(T0 + 73 * S, "certificate", { serial: BEN, name: "Ben", change: "revoked", by: "test" });
  assert.deepEqual(fed.hear(T0 + 74 * S, batch(BEN, event("IOS-1", "a-f-G-U-C", T0 + 74 * S, TEAM))), ["passing"], "revoked");
});

test("things on the ground that are not ours make no track and no position, and their entries, gone, change nothing", () => {
  const fed = new Fed();
  const objects = ["a-h-G-U-C", "a-n-G", "a-u-G-E-V", "a-f-S", "b-m-p-w", "u-d-f", "b-m-r", "a-f-G-U-C"].map((type, k) =>
    event(`X-${k}`, type, T0 + S, type === "a-f-G-U-C" ? TEAM : []),
  );
  for (let k = 0; k < 20; k += 1) assert.deepEqual(new Set(fed.hear(T0 + k * S, batch("", ...objects))), new Set(["passing"]));
  fed.picture.advance(T0 + 60 * S);
  assert.equal(fed.picture.trackCount, 0);
  assert.deepEqual([...fed.picture.devices.positions()], []);
  assert.deepEqual(fed.replayed(({ kind }) => kind === "passing").snapshot(), fed.picture.snapshot());
  assert.doesNotMatch(new TextDecoder().decode(fed.picture.snapshot()), /X-\d/);
});

test("a drone of another system becomes a track of the fusion, at the place and of the class that it says", () => {
  const fed = new Fed();
  for (let k = 0; k < 30; k += 1) {
    const atUs = T0 + k * S;
    const detail = [element("track", { course: "0", speed: "11.1" })];
    const point = { latDeg: 31.75 + k * 1e-4, lonDeg: -106.45, haeM: 1250, ceM: 5, leM: 5 };
    assert.deepEqual(fed.hear(atUs, batch(BEN, event("C2-7", "a-h-A-M-H-Q", atUs, detail, { point }))), ["frame"]);
    fed.picture.advance(atUs + 900_000);
  }
  const [track] = [...fed.picture.tracks()];
  assert.equal(fed.picture.trackCount, 1);
  assert.equal(track?.status, "confirmed");
  assert.ok(Math.abs((track?.latDeg ?? 0) - 31.753) < 5e-4, `${track?.latDeg}`);
  assert.deepEqual(track?.measured?.sensors, ["tak/cot"]);
  assert.ok(track?.identities.some(({ value }) => value === "C2-7"));
});

test("an exercise on a live source, an echo of ours and what was over before it came make no track", () => {
  const fed = new Fed();
  for (let k = 0; k < 30; k += 1) {
    const atUs = T0 + k * S;
    fed.hear(
      atUs,
      batch(
        "",
        event("E1", "a-u-A-M-H-Q", atUs, [], { opex: "e-Alfa" }),
        event("E2", "a-k-A-M-H-Q", atUs),
        event("atalaya.test.T-0007", "a-u-A-M-H-Q", atUs),
        event("OLD", "a-u-A-M-H-Q", atUs - 300 * S),
        event("NULL", "a-u-A-M-H-Q", atUs, [], { point: { latDeg: 0, lonDeg: 0, haeM: 0, ceM: 5, leM: 5 } }),
      ),
    );
    fed.picture.advance(atUs + 900_000);
  }
  assert.equal(fed.picture.trackCount, 0);
  assert.deepEqual(new Set(fed.outcomes), new Set(["exercise", "echo", "drone"]));
});

test("a sensor's direction is shown and what it looks at is not kept", () => {
  const fed = new Fed();
  const sensor = [element("contact", { callsign: "Cam" }), element("sensor", { azimuth: "370", fov: "40", range: "800" })];
  assert.deepEqual(fed.hear(T0 + S, batch(BEN, event("CAM", "b-m-p-s-p-loc", T0 + S, sensor))), ["passing"]);
  const looking = (): readonly (number | undefined)[] =>
    [...fed.picture.devices.pointings()].map(({ azimuthDeg }) => Math.round(azimuthDeg));
  assert.deepEqual(looking(), [10]);
  const east = { point: { latDeg: 31.75, lonDeg: -106.44, haeM: 0, ceM: 5, leM: 5 } };
  fed.hear(T0 + 2 * S, batch(BEN, event("SPI", "b-m-p-s-p-i", T0 + 2 * S, [element("link", { uid: "CAM", relation: "p-p" })], east)));
  assert.deepEqual(looking(), [90]);
  assert.doesNotMatch(new TextDecoder().decode(fed.picture.snapshot()), /106\.44\b/);
  fed.picture.advance(T0 + 63 * S);
  assert.deepEqual(looking(), []);
});

test("what is said to the hub is kept, a call for help whoever calls, and words between others are not", () => {
  const fed = new Fed();
  const say = (to: { uid: string; callsign: string } | "All Chat Rooms", id: string): CotEvent => {
    const point = { latDeg: 31.75, lonDeg: -106.45, haeM: undefined, ceM: undefined, leM: undefined };
    const from = { uid: "ANDROID-ana", callsign: "Ana", type: "a-f-G-U-C" };
    return chatMessage({ from, to, messageId: id, text: `in cover ${id}`, timeMs: T0 / 1000, point });
  };
  assert.deepEqual(fed.hear(T0 + S, batch(ANA, say({ uid: "atalaya.test", callsign: "Atalaya Test" }, "1"))), ["own-position"]);
  assert.deepEqual(fed.hear(T0 + S, batch(ANA, say({ uid: "ANDROID-ben", callsign: "Ben" }, "2"), say("All Chat Rooms", "3"))), [
    "passing",
  ]);
  const alarm = event("ANDROID-x-9-1-1", "b-a-o-tbl", T0 + S, [
    element("link", { uid: "ANDROID-x", relation: "p-p" }),
    element("emergency", { type: "911 Alert" }, [], "Xavier"),
  ]);
  // Repeated every few seconds, it is one.
  for (let k = 1; k < 4; k += 1) fed.hear(T0 + k * S, batch("", alarm));
  assert.deepEqual(
    fed.picture.devices.messages().map(({ kind, uid, text, isOurs }) => [kind, uid, text, isOurs]),
    [
      ["chat", "ANDROID-ana", "in cover 1", true],
      ["alarm", "ANDROID-x", "911 Alert", false],
    ],
  );
});

test("positions and words are forgotten by the hour, before their entries are purged: then the purge changes nothing", () => {
  const fed = new Fed();
  for (let k = 0; k < 14; k += 1) {
    const atUs = T0 + k * 2 * HOUR;
    fed.hear(atUs, batch(k % 3 === 0 ? "" : ANA, event("ANDROID-ana", "a-f-G-U-C", atUs, TEAM)));
    fed.hear(atUs, batch(BEN, event(`IOS-${k}`, "a-f-G-U-C", atUs, TEAM), event("h", "a-h-G", atUs)));
  }
  const nowUs = T0 + 26 * HOUR;
  fed.picture.advance(nowUs);
  const known = [...fed.picture.devices.positions()].map(({ uid }) => uid);
  assert.ok(known.includes("IOS-13") && !known.includes("IOS-6"), known.join());
  const dayAgo = ({ kind, timeUs }: Entry): boolean =>
    (kind === "own-position" && timeUs < nowUs - 24 * HOUR) || (kind === "passing" && timeUs < nowUs - 2400 * S);
  assert.deepEqual(fed.replayed(dayAgo).snapshot(), fed.picture.snapshot());
  const restored = Picture.restore(fed.picture.snapshot());
  assert.ok(restored instanceof Picture);
  assert.deepEqual(restored.snapshot(), fed.picture.snapshot());
});

test("in a drill, people are marked as drilling", () => {
  const fed = new Fed("synthetic");
  fed.hear(T0 + S, batch(ANA, event("ANDROID-ana", "a-f-G-U-C", T0 + S, TEAM)));
  assert.equal(fed.picture.devices.position("ANDROID-ana")?.drill, true);
});

test("lists are bounded: the position that was renewed longest ago gives way, and so do the oldest certificate and message", () => {
  const picture = new Picture({ maxOwnPositions: 2, maxCertificates: 1, maxOwnMessages: 2 });
  const { devices } = picture;
  for (const serial of ["02", "01"]) devices.setCertificate({ serial, name: "x", change: "issued", by: "t" });
  assert.deepEqual([devices.owns("01", "x"), devices.owns("02", "x")], [true, false]);
  for (const uid of ["a", "b", "a", "c"]) {
    const at = { latDeg: 1, lonDeg: 1, measuredUs: T0, heardUs: T0, staleUs: T0 };
    devices.setPosition({ uid, source: "tak", certificate: "01", drill: false, ...at });
  }
  assert.deepEqual(
    [...devices.positions()].map(({ uid }) => uid),
    ["a", "c"],
  );
  for (const messageId of ["1", "2", "1", "3"])
    devices.hear({ kind: "chat", source: "tak", certificate: "", isOurs: false, messageId, text: "", heardUs: T0, drill: false });
  assert.deepEqual(
    devices.messages().map(({ messageId }) => messageId),
    ["1", "3"],
  );
});

test("a TAK source that nobody uses does not make the picture count every tick of a long night", () => {
  const fed = new Fed();
  fed.hear(T0 + S, batch(ANA, event("ANDROID-ana", "a-f-G-U-C", T0 + S, TEAM)));
  const [once, twice] = [fed.replayed(() => false), fed.replayed(() => false)];
  // A year: tick by tick this would take minutes.
  const nextYear = T0 + 365 * 24 * HOUR;
  once.advance(nextYear);
  twice.advance(T0 + 3 * S);
  twice.advance(nextYear);
  assert.deepEqual(once.snapshot(), twice.snapshot());
  assert.deepEqual([...once.devices.positions()], []);
});

test("a position of a device is that of its person on the roster, while the person is on shift; off shift neither is kept", () => {
  const fed = new Fed();
  const ana = {
    id: "ana",
    name: "Ana",
    language: "en",
    role: "agent",
    team: "alfa",
    leader: false,
    ways: [{ channel: "tak", address: "ANDROID-ana" }],
  } as const;
  fed.record(T0 + S, "person", { person: ana, by: "test" });
  const say = (atUs: number): readonly string[] => fed.hear(atUs, batch(ANA, event("ANDROID-ana", "a-f-G-U-C", atUs, TEAM)));
  say(T0 + 2 * S);
  assert.equal(fed.picture.devices.position("ANDROID-ana"), undefined, "off shift");
  fed.record(T0 + 3 * S, "shift", { personId: "ana", on: true, by: "test" });
  say(T0 + 4 * S);
  assert.equal(fed.picture.devices.position("ANDROID-ana")?.latDeg, 31.75);
  const { position } = fed.picture.person("ana") ?? {};
  assert.deepEqual([position?.latDeg, position?.source, position?.timeUs], [31.75, "tak", T0 + 4 * S]);
  // 95 % of what the device states as one sigma.
  assert.ok(Math.abs((position?.errorM ?? 0) - 12.25) < 1e-9);
  assert.equal(fed.picture.basisOf("ana"), "position");
  assert.equal(fed.picture.holdsPlacesFromBefore(T0 + 5 * S), true);
  fed.record(T0 + 5 * S, "shift", { personId: "ana", on: false, by: "test" });
  assert.equal(fed.picture.devices.position("ANDROID-ana"), undefined);
  assert.equal(fed.picture.person("ana")?.position, undefined);
  assert.equal(fed.picture.holdsPlacesFromBefore(T0 + 6 * S), false);
  const restored = Picture.restore(fed.picture.snapshot());
  assert.ok(restored instanceof Picture);
  assert.deepEqual(restored.snapshot(), fed.picture.snapshot());
});
