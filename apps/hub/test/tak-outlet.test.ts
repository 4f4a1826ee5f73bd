// What TAK is told of the picture: tracks once a second and gone when they are over, dangers until they are cleared, drills marked, and what never is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CotEvent, chatMessage, chatReceipt, element, encodeCotXml, encodeTakMessage, meaningOf } from "@atalaya/cot";
import {
  encodeCotBatch,
  encodeFrame,
  encodeRecord,
  type Origin,
  Picture,
  type PictureWarning,
  type RecordKind,
  type Records,
  type ZoneDefinition,
} from "@atalaya/picture";
import { type Broadcast, beaconOf } from "@atalaya/testing/flights";
import { event } from "@atalaya/testing/tak-peer";
import type { OutletReports } from "../src/outlets/outlet.ts";
import { TakOutlet } from "../src/outlets/tak.ts";
import type { TickResult } from "../src/sector.ts";
import { TakLinks } from "../src/sources/tak/links.ts";
import type { OutgoingBatch } from "../src/sources/tak/outgoing.ts";

const T0 = 1_790_000_000_000_000;
const POST: ZoneDefinition = {
  id: "post-7",
  name: "Post 7",
  kind: "post",
  shape: { type: "circle", centre: { latDeg: 31.76, lonDeg: -106.45 }, radiusM: 400 },
};
const DRONE: Broadcast = { serial: "1ATA8ABCD0003", transmitter: "02:d1:11:00:00:03", latDeg: 31.75, lonDeg: -106.45 };

/** A picture and its outlet, on a time of the test's own. */
class Stage {
  readonly picture = new Picture();
  readonly outlet: TakOutlet;
  readonly links = new TakLinks();
  readonly batches: OutgoingBatch[] = [];
  /** Devices that are connected, what was said to them alone, and what the outlet reported. */
  readonly present = new Set<string>();
  readonly told: [uid: string, event: CotEvent][] = [];
  readonly receipts: string[] = [];
  readonly answers: Parameters<OutletReports["answer"]>[0][] = [];
  isDiskBroken = false;
  readonly reports: OutletReports = {
    receipt: (intent, step, reason) => {
      const { warningId, personId, channel, address } = intent;
      this.receipts.push(`${intent.id} ${step}`);
      if (intent.type === "escalate" || intent.type === "team-report") return;
      this.record("receipt", { warningId, personId, channel, address, step, ...(reason === undefined ? {} : { reason }) });
    },
    answer: async (answer) => {
      if (this.isDiskBroken) throw new Error("disk");
      this.answers.push(answer);
      this.record("answer", answer);
    },
    bulletinReceipt: (notice, step) => {
      this.receipts.push(`${notice.id} ${step}`);
    },
    bulletinEvent: () => Promise.resolve(),
    bulletinShown: () => undefined,
    state: () => undefined,
  };
  nowUs = T0;
  #listener: (tick: TickResult) => void = () => undefined;
  #seq = 0;

  constructor(origin: Origin = "live") {
    const sector = {
      picture: this.picture,
      onTick: (listener: (tick: TickResult) => void) => {
        this.#listener = listener;
        return () => undefined;
      },
    };
    this.outlet = new TakOutlet(sector, this.links, { uid: "atalaya.test", callsign: "Atalaya Test" }, () => this.nowUs / 1000);
    this.links.add({
      isDirect: true,
      send: (batch) => this.batches.push(batch),
      tell: (uid, outgoing) => {
        if (!this.present.has(uid)) return false;
        this.told.push([uid, outgoing.event]);
        outgoing.sent?.();
        return true;
      },
    });
    this.links.speaksFor = this.picture.devices.speaksFor.bind(this.picture.devices);
    this.record("sector", { name: "Test", centre: { latDeg: 31.76, lonDeg: -106.49 } });
    const position = { latDeg: 31.77, lonDeg: -106.46 };
    this.record("source", { source: { id: "rid", name: "Receiver", kind: "http", origin, position }, by: "test" });
    this.record("source", { source: { id: "peer", name: "Peer", kind: "tak-server", origin, format: "cot" }, by: "test" });
    this.outlet.start(this.reports);
  }

  record<K extends RecordKind>(kind: K, value: Records[K]): void {
    this.picture.apply({ seq: (this.#seq += 1), timeUs: this.nowUs, kind, source: "", payload: encodeRecord(kind, value) });
  }
  frame(source: string, format: "dlt-127" | "cot", bytes: Uint8Array, kind: "frame" | "own-position" = "frame"): void {
    const payload = encodeFrame({ format, sensorTimeUs: undefined, bytes });
    this.picture.apply({ seq: (this.#seq += 1), timeUs: this.nowUs, kind, source, payload });
  }
  /** A device writes to the hub, or says that a message has arrived. */
  write(uid: string, sent: CotEvent, certificate = "0a"): void {
    const encoded = encodeCotXml(sent);
    assert.ok("bytes" in encoded);
    this.frame("tak", "cot", encodeCotBatch({ certificate, messages: [{ form: "xml", bytes: encoded.bytes }] }), "own-position");
    assert.equal(meaningOf(sent).kind.startsWith("chat"), true, uid);
  }
  say(uid: string, text: string, certificate?: string): void {
    this.write(uid, chatMessage(this.chatFrom(uid, `m${(this.#seq += 1)}`, text)), certificate);
  }
  chatFrom(uid: string, messageId: string, text: string): Parameters<typeof chatMessage>[0] {
    const from = { uid, callsign: uid, type: "a-f-G-U-C" };
    const point = { latDeg: 31.76, lonDeg: -106.45, haeM: undefined, ceM: undefined, leM: undefined };
    return { from, to: { uid: "atalaya.test", callsign: "Atalaya Test" }, messageId, text, timeMs: this.nowUs / 1000, point };
  }
  /** Ana is on shift beside the post, with a device of her own. */
  enlist(): void {
    this.record("source", { source: { id: "tak", name: "TAK", kind: "tak", origin: "live", format: "cot" }, by: "test" });
    this.record("certificate", { serial: "0a", name: "Ana", uid: "ANDROID-ana", change: "issued", by: "test" });
    const ways = [{ channel: "tak", address: "ANDROID-ana" }] as const;
    this.record("person", {
      person: { id: "ana", name: "Ana", language: "es", role: "medic", team: "a", leader: false, ways },
      by: "test",
    });
    this.record("shift", { personId: "ana", on: true, by: "test" });
    const timeUs = this.nowUs;
    this.record("person-position", { personId: "ana", position: { latDeg: 31.7602, lonDeg: -106.45 }, errorM: 5, timeUs, source: "tak" });
  }
  rung(): PictureWarning["ladder"][number] | undefined {
    return [...this.picture.warnings()].flatMap(({ ladder }) => ladder)[0];
  }
  fly(broadcast: Broadcast): void {
    this.frame("rid", "dlt-127", beaconOf(broadcast, this.nowUs / 1000));
  }
  /** Twenty ticks a second, with something to do before each. */
  run(seconds: number, before: () => void = () => undefined): void {
    for (let k = 0; k < seconds * 20; k += 1) {
      this.nowUs += 50_000;
      before();
      this.picture.advance(this.nowUs);
      const { changed, removed } = this.picture.takeChanges();
      const intents = this.picture.takeIntents();
      // As the registry does it: each to the outlet of its channel.
      for (const intent of intents) if (intent.type !== "warning" && intent.type !== "call-list") this.outlet.tell(intent);
      for (const intent of this.picture.takeReportIntents()) if (intent.type === "team-report") this.outlet.tell(intent);
      this.#listener({ timeUs: this.nowUs, changed, removed, intents, reports: [], memo: [], lateS: 0, renewed: false });
    }
  }
  /** What was sent since the last call. */
  take(source?: string): readonly CotEvent[] {
    const taken = this.batches.splice(0).flatMap((batch) => batch.for(source).map(({ event: sent }) => sent));
    // All of it can be written, in both forms.
    for (const sent of taken) assert.ok("bytes" in encodeCotXml(sent) && "bytes" in encodeTakMessage({ event: sent }), sent.uid);
    return taken;
  }
}

const ofType = (events: readonly CotEvent[], prefix: string): readonly CotEvent[] => events.filter(({ type }) => type.startsWith(prefix));
const remarks = (sent: CotEvent | undefined): string => sent?.detail.find(({ name }) => name === "remarks")?.text ?? "";
const callsign = (sent: CotEvent | undefined): string => sent?.detail.find(({ name }) => name === "contact")?.attributes["callsign"] ?? "";

test("a confirmed track goes out once a second at most, as an unknown drone without endpoint, and is taken away when it is over", () => {
  const stage = new Stage();
  stage.fly(DRONE);
  stage.run(1);
  assert.deepEqual(ofType(stage.take(), "a-u-A"), [], "not confirmed yet");
  let step = 0;
  stage.run(10, () => {
    step += 1;
    stage.fly({ ...DRONE, latDeg: DRONE.latDeg - step * 1e-5 });
  });
  const sent = ofType(stage.take(), "a-");
  const tracks = sent.filter(({ uid }) => uid !== "atalaya.test");
  assert.ok(tracks.length >= 8 && tracks.length <= 11, `${tracks.length} in ten seconds`);
  for (const track of tracks) {
    assert.equal(track.type, "a-u-A-M-H-Q");
    assert.match(track.uid, /^atalaya\.test\.T-/);
    assert.equal(meaningOf(track).kind, "drone");
    assert.ok(track.detail.every(({ attributes }) => attributes["endpoint"] === undefined));
    assert.ok(track.staleMs > track.timeMs && track.staleMs - track.timeMs <= 30_000);
    assert.equal(track.opex, undefined);
    assert.match(remarks(track), /ID 1ATA8ABCD0003\. .*Broadcast claim/);
  }
  stage.run(2);
  stage.take();
  stage.run(30);
  assert.deepEqual(ofType(stage.take(), "a-u-A"), [], "what coasts is not told again: it greys by itself");
  stage.run(40);
  const ends = ofType(stage.take(), "t-x-d-d").map(meaningOf);
  assert.deepEqual(ends, [{ kind: "delete", uids: [tracks[0]?.uid], force: true }]);
});

test("with thousands of devices tracks in no danger come a little at a time, each again before it would grey, and the one in danger every second", () => {
  const stage = new Stage();
  const DEVICES = 6000;
  const CALM = 12;
  const SECONDS = 40;
  const SEEN_AGAIN_S = 15;
  for (let k = 1; k < DEVICES; k += 1) stage.links.add({ isDirect: true, send: () => undefined, tell: () => false });
  stage.record("zone", { zone: POST, by: "test" });
  const calm = Array.from({ length: CALM }, (_, k): Broadcast => {
    const id = String(k).padStart(2, "0");
    return { serial: `1ATA8CALM${id}`, transmitter: `02:d1:22:00:00:${id}`, latDeg: 32.1 + k * 0.01, lonDeg: -106.9 };
  });
  let k = 0;
  stage.run(SECONDS, () => {
    if (k % 20 === 0) {
      // In the post, and all the others far away: each moves a little.
      stage.fly({ ...DRONE, latDeg: 31.76 + k * 1e-7 });
      for (const one of calm) stage.fly({ ...one, latDeg: one.latDeg + k * 1e-7 });
    }
    k += 1;
  });
  const times = new Map<string, number[]>();
  let calmEvents = 0;
  for (const { events } of stage.batches) {
    for (const { event: sent } of events) {
      if (!sent.type.startsWith("a-u-A")) continue;
      const known = times.get(sent.uid) ?? [];
      times.set(sent.uid, [...known, sent.timeMs]);
    }
  }
  const numbers = [...times].sort((a, b) => b[1].length - a[1].length);
  assert.equal(numbers.length, CALM + 1, "each is told");
  const [[, inDanger = []] = [], ...others] = numbers;
  assert.ok(inDanger.length >= SECONDS - 5, `${inDanger.length} times in ${SECONDS} s`);
  for (const [uid, told] of others) {
    calmEvents += told.length;
    const gapsS = told.slice(1).map((ms, at) => (ms - (told[at] ?? 0)) / 1000);
    assert.ok(Math.max(...gapsS) <= SEEN_AGAIN_S, `${uid}: ${Math.max(...gapsS)} s`);
  }
  // 30,000 events a second for all devices together are five for each; what would grey goes besides.
  assert.ok(calmEvents <= 5 * SECONDS + CALM * (SECONDS / 12), `${calmEvents} events`);
});

test("zones, receivers and the hub itself are told when they change and every minute, and taken away when they are removed", () => {
  const stage = new Stage();
  stage.record("zone", { zone: POST, by: "test" });
  const ring = [
    POST.shape.type === "circle" ? POST.shape.centre : { latDeg: 0, lonDeg: 0 },
    { latDeg: 31.77, lonDeg: -106.44 },
    { latDeg: 31.75, lonDeg: -106.43 },
  ];
  stage.record("zone", { zone: { ...POST, id: "area", name: "Río & <bank>", kind: "area", shape: { type: "polygon", ring } }, by: "test" });
  stage.run(130);
  const sent = stage.take();
  const times = (uid: string): number => sent.filter((one) => one.uid === uid).length;
  assert.deepEqual([times("atalaya.test.zone.post-7"), times("atalaya.test.zone.area"), times("atalaya.test.source.rid")], [3, 3, 3]);
  assert.equal(times("atalaya.test"), 5, "itself every thirty seconds, as somebody to write to");
  assert.equal(meaningOf(sent.find(({ uid }) => uid === "atalaya.test") as CotEvent).kind, "team-position");
  stage.record("zone-removed", { id: "area", by: "test" });
  stage.run(2);
  assert.deepEqual(ofType(stage.take(), "t-x-d-d").map(meaningOf), [{ kind: "delete", uids: ["atalaya.test.zone.area"], force: true }]);
});

test("a warning is said at once and until it is cleared, then cancelled; in words when it is raised and when it is over", () => {
  const stage = new Stage();
  stage.record("zone", { zone: POST, by: "test" });
  stage.run(1);
  stage.take();
  const inside = { ...DRONE, latDeg: 31.76 };
  stage.fly(inside);
  stage.run(20, () => stage.fly(inside));
  const sent = stage.take();
  const alarms = ofType(sent, "b-a");
  assert.equal(alarms.length, 4, "at 0, 6, 12 and 18 s");
  const [first] = alarms;
  assert.ok(alarms.every(({ uid, type }) => type === "b-a-g" && uid === first?.uid && uid.startsWith("atalaya.test.W-")));
  assert.match(callsign(first), /^Post 7 T-.*-Alert$/);
  assert.match(
    remarks(first),
    /^Post 7: drone here, .* Get under hard cover now\. \/ Post 7: dron aquí, .* Cúbrase ya bajo techo firme\.$/,
  );
  const words = ofType(sent, "b-t-f");
  assert.equal(words.length, 1);
  assert.equal(remarks(words[0]), remarks(first));
  const warning = [...stage.picture.warnings()][0];
  stage.record("clear", { warningId: warning?.id ?? "", by: "Olga", reason: "own drone" });
  stage.run(20, () => stage.fly(inside));
  const after = stage.take();
  assert.deepEqual(
    ofType(after, "b-a").map(({ type, uid }) => [type, uid]),
    Array.from({ length: 3 }, () => ["b-a-o-can", first?.uid]),
  );
  assert.match(remarks(ofType(after, "b-t-f")[0]), /^All clear, Post 7\. Last heard \d\d:\d\d Z\. \/ Fin del peligro, Post 7\./);
});

test("many dangers at once: each alarm goes out, words are summed up", () => {
  const stage = new Stage();
  const drones = Array.from({ length: 15 }, (_, k) => {
    const centre = { latDeg: 31.6 + k * 0.01, lonDeg: -106.45 };
    stage.record("zone", {
      zone: { ...POST, id: `post-${k}`, name: `Post ${k}`, shape: { type: "circle", centre, radiusM: 400 } },
      by: "test",
    });
    return {
      ...DRONE,
      ...centre,
      serial: `1ATA8AB${String(k).padStart(6, "0")}`,
      transmitter: `02:d1:11:00:01:${k.toString(16).padStart(2, "0")}`,
    };
  });
  stage.run(5, () => {
    for (const one of drones) stage.fly(one);
  });
  stage.run(15);
  const sent = stage.take();
  assert.equal(new Set(ofType(sent, "b-a-g").map(({ uid }) => uid)).size, 15);
  const words = ofType(sent, "b-t-f").map(remarks);
  assert.equal(words.length, 6);
  assert.match(words[5] ?? "", /^And 10 more dangers/);
});

test("drones that fly together are one danger: one alarm, which says how many, and no all-clear where two became one", () => {
  const stage = new Stage();
  stage.record("zone", { zone: POST, by: "test" });
  const swarm = Array.from({ length: 15 }, (_, k) => ({
    ...DRONE,
    serial: `1ATA8AB${String(k).padStart(6, "0")}`,
    transmitter: `02:d1:11:00:01:${k.toString(16).padStart(2, "0")}`,
    latDeg: 31.76 + k * 1e-4,
  }));
  stage.run(14, () => {
    for (const one of swarm) stage.fly(one);
  });
  const sent = stage.take();
  const standing = [...stage.picture.warnings()].filter(({ state }) => state !== "cleared");
  assert.equal(standing.length, 1);
  const last = ofType(sent, "b-a-g").at(-1);
  assert.equal(last?.uid, `atalaya.test.${standing[0]?.id}`);
  assert.match(remarks(last), /^Post 7: 15 drones here, .* \/ Post 7: 15 drones aquí, /);
  assert.ok(ofType(sent, "b-t-f").every((one) => !remarks(one).includes("All clear")));
});

test("one who comes later gets all that stands, dangers first in line", async () => {
  const stage = new Stage();
  stage.record("zone", { zone: POST, by: "test" });
  stage.run(3, () => stage.fly({ ...DRONE, latDeg: 31.76 }));
  const all = stage.links.standing();
  const types = all?.events.map(({ event: { type }, urgent }) => `${type}${urgent ? "!" : ""}`);
  assert.deepEqual(types, ["a-f-G-U-C", "b-a-g!", "u-d-c-c", "a-u-A-M-H-Q"]);
  await stage.outlet.stop();
  assert.equal(stage.links.standing(), undefined);
});

test("a drill is marked in callsign, remarks, words and operation, on every way out, and sounds only where it says", () => {
  const stage = new Stage("synthetic");
  stage.record("zone", { zone: POST, by: "test" });
  stage.record("drill", { channels: ["tak"], people: [], by: "test" });
  stage.run(5, () => stage.fly({ ...DRONE, latDeg: 31.76 }));
  const sent = stage.take();
  const told = [...ofType(sent, "a-u-A"), ...ofType(sent, "b-a"), ...ofType(sent, "b-t-f")];
  assert.deepEqual(new Set(told.map(({ type }) => type)), new Set(["a-u-A-M-H-Q", "b-a-g", "b-t-f"]));
  for (const one of told) {
    assert.match(one.opex ?? "", /^e-/, one.type);
    assert.match(remarks(one), /^DRILL, /i, one.type);
    if (one.type !== "b-t-f") assert.match(callsign(one), /^DRILL /, one.type);
  }
  // Another channel only: the alarm ends, and what was invented goes from the maps.
  stage.record("drill", { channels: ["browser"], people: [], by: "test" });
  stage.run(2, () => stage.fly({ ...DRONE, latDeg: 31.76 }));
  const after = stage.take();
  assert.deepEqual(new Set(after.map(({ type }) => type)), new Set(["b-a-o-can", "t-x-d-d"]));
  stage.run(20, () => stage.fly({ ...DRONE, latDeg: 31.76 }));
  const later = new Set(stage.take().map(({ type }) => type));
  for (const type of ["b-a-g", "a-u-A-M-H-Q"]) assert.ok(!later.has(type), type);
});

test("invented flights that nobody has called a drill are on the map and make no sound", () => {
  const stage = new Stage("synthetic");
  stage.record("zone", { zone: POST, by: "test" });
  stage.run(5, () => stage.fly({ ...DRONE, latDeg: 31.76 }));
  const sent = stage.take();
  assert.ok(ofType(sent, "a-u-A").length > 0);
  assert.deepEqual([...ofType(sent, "b-a"), ...ofType(sent, "b-t-f")], []);
});

test("what an officer withholds, or has still to decide on, is told at the level below; put aside, it is not told", () => {
  const stage = new Stage();
  const { rules } = stage.picture;
  const warningSend = { by: "officer", withinS: 600, otherwise: "send" } as const;
  stage.record("rules", { rules: { ...rules, version: 2, send: { ...rules.send, warning: warningSend } }, by: "test" });
  stage.record("zone", { zone: POST, by: "test" });
  const fly = (): void => stage.fly({ ...DRONE, latDeg: 31.76 });
  stage.run(5, fly);
  const [warning] = stage.picture.warnings();
  assert.equal(warning?.level, "warning");
  assert.deepEqual(new Set(ofType(stage.take(), "b-a").map(({ type }) => type)), new Set(["b-a-o-c"]), "nobody has decided");
  stage.record("decision", { warningId: warning?.id ?? "", level: "warning", decision: "withhold", by: "Olga", reason: "ours" });
  stage.run(8, fly);
  assert.deepEqual(new Set(ofType(stage.take(), "b-a").map(({ type }) => type)), new Set(["b-a-o-c"]));
  stage.record("decision", { warningId: warning?.id ?? "", level: "warning", decision: "send", by: "Olga", reason: "not ours" });
  stage.run(8, fly);
  assert.equal(ofType(stage.take(), "b-a").at(-1)?.type, "b-a-g");
  stage.record("shelve", { warningId: warning?.id ?? "", forS: 60, by: "Olga", reason: "seen" });
  stage.run(1, fly);
  assert.deepEqual(
    ofType(stage.take(), "b-a").map(({ type }) => type),
    ["b-a-o-can"],
  );
});

test("what only one network of others knows is not told back to it, and what coasts, is a claim at 0, 0 or a bird is told to nobody", () => {
  const stage = new Stage();
  let k = 0;
  stage.run(6, () => {
    k += 1;
    if (k % 20 !== 1) return;
    const timeMs = stage.nowUs / 1000;
    const theirs = event({ uid: "C2-7", type: "a-h-A-M-H-Q", timeMs, startMs: timeMs, staleMs: timeMs + 30_000 });
    const encoded = encodeCotXml(theirs);
    assert.ok("bytes" in encoded);
    stage.frame("peer", "cot", encodeCotBatch({ certificate: "", messages: [{ form: "xml", bytes: encoded.bytes }] }));
    stage.fly({ ...DRONE, latDeg: 0, lonDeg: 0, transmitter: "02:d1:11:00:00:09", serial: "1ATA8ABCD0009" });
  });
  const batches = [...stage.batches];
  const toAll = ofType(stage.take(), "a-u-A");
  assert.ok(toAll.length > 0 && toAll.every(({ point }) => Math.abs(point.latDeg - 31.75) < 0.01));
  stage.batches.push(...batches);
  assert.deepEqual(ofType(stage.take("peer"), "a-u-A"), []);
});

test("a person is told on their own device and nowhere else, once for each intent, without a position; arrival and reading are noted", () => {
  const stage = new Stage();
  stage.enlist();
  stage.present.add("ANDROID-ana");
  const fly = (): void => stage.fly({ ...DRONE, latDeg: 31.76 });
  stage.run(6, fly);
  const toAll = ofType(stage.take(), "b-t-f");
  assert.ok(
    toAll.length > 0 && toAll.every((sent) => !remarks(sent).includes("Ana") && !/\d m/.test(remarks(sent))),
    "nobody else learns where she is",
  );
  assert.ok(stage.told.length > 0 && stage.told.every(([uid]) => uid === "ANDROID-ana"));
  const uids = stage.told.map(([, { uid }]) => uid);
  assert.equal(new Set(uids).size, uids.length, "each id once");
  for (const [, sent] of stage.told) {
    const meaning = meaningOf(sent);
    assert.ok(meaning.kind === "chat" && meaning.roomId === "ANDROID-ana");
    assert.deepEqual([sent.point.latDeg, sent.point.lonDeg], [31.76, -106.49], "the sector's centre: no one's place");
    assert.match(meaning.messageId ?? "", /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.ok("bytes" in encodeCotXml(sent) && "bytes" in encodeTakMessage({ event: sent }));
  }
  assert.match(
    remarks(stage.told.at(-1)?.[1]),
    /^Viene un dron\. .* Cúbrase ya bajo techo firme\. Responda 1 a cubierto, 2 ayuda, 3 no soy yo\. Ref [0-9A-Z]{4}$/,
  );
  assert.equal(stage.rung()?.ways[0]?.step, "sent");
  const [, last] = stage.told.at(-1) ?? [];
  const meaning = last === undefined ? undefined : meaningOf(last);
  assert.ok(meaning?.kind === "chat");
  const { text: _none, ...receipt } = stage.chatFrom("ANDROID-ana", meaning.messageId ?? "", "");
  stage.write("ANDROID-ana", chatReceipt("delivered", receipt), "0b");
  stage.run(0.1, fly);
  assert.equal(stage.rung()?.ways[0]?.step, "sent", "another's certificate says nothing of her device");
  stage.write("ANDROID-ana", chatReceipt("delivered", receipt));
  stage.run(0.1, fly);
  assert.equal(stage.rung()?.ways[0]?.step, "delivered");
  stage.write("ANDROID-ana", chatReceipt("read", receipt));
  stage.run(0.1, fly);
  assert.equal(stage.rung()?.ways[0]?.step, "seen");
});

test("a leader is told of a report of the team in a chat on their own device, and nobody else is", () => {
  const stage = new Stage();
  stage.enlist();
  const ways = [{ channel: "tak", address: "ANDROID-ana" }] as const;
  stage.record("person", { person: { id: "ana", name: "Ana", language: "es", role: "medic", team: "a", leader: true, ways }, by: "test" });
  stage.record("person", {
    person: { id: "beto", name: "Beto", language: "es", role: "agent", team: "a", leader: false, ways: [] },
    by: "test",
  });
  stage.present.add("ANDROID-ana");
  stage.run(1);
  stage.take();
  stage.record("report", {
    report: {
      id: "report-1",
      how: "field",
      drill: false,
      personId: "beto",
      clockOffsetUs: 0,
      observedUs: stage.nowUs,
      observedErrorS: 1,
      observer: { latDeg: 31.7, lonDeg: -106.4, errorM: 20, by: "device" },
      direction: { type: "compass", word: "N" },
      atRisk: true,
      language: "es",
    },
  });
  stage.run(0.2);
  assert.deepEqual(
    stage.told.map(([uid, sent]) => [uid, remarks(sent)]),
    [["ANDROID-ana", `Beto está en riesgo ahora. Llame ya. Reporta un dron al norte. Ref ${stage.picture.report("report-1")?.reference}`]],
  );
  assert.deepEqual(ofType(stage.take(), "b-t-f"), [], "nobody else hears of it");
  assert.equal(stage.receipts.at(-1)?.endsWith(" sent"), true);
});

test("an intent that is handed out again, as after a restart, is announced once; the same id has the same message in another run", () => {
  const [stage, other] = [new Stage(), new Stage()];
  const uids: string[][] = [];
  for (const one of [stage, other]) {
    one.enlist();
    one.present.add("ANDROID-ana");
    one.run(3, () => one.fly({ ...DRONE, latDeg: 31.76 }));
    const [held] = one.picture.holdingFor("tak", "ANDROID-ana");
    assert.ok(held !== undefined);
    const before = one.told.length;
    one.outlet.tell(held.intent);
    one.outlet.tell(held.intent);
    assert.equal(one.told.length, before);
    uids.push(one.told.map(([, { uid }]) => uid));
  }
  assert.deepEqual(uids[0], uids[1]);
});

test("a device that is not there is said to be without a link at once; when it comes it gets what holds, and no all-clear that it does not need", () => {
  const stage = new Stage();
  stage.enlist();
  const fly = (): void => stage.fly({ ...DRONE, latDeg: 31.76 });
  stage.run(6, fly);
  assert.deepEqual(stage.told, []);
  assert.equal(stage.rung()?.ways[0]?.step, "no-link");
  stage.present.add("ANDROID-ana");
  stage.links.arrived("ANDROID-ana");
  stage.links.arrived("ANDROID-ana");
  stage.run(0.2, fly);
  assert.equal(stage.told.length, 1);
  assert.equal(stage.rung()?.ways[0]?.step, "sent");
  const late = new Stage();
  late.enlist();
  late.run(6, () => late.fly({ ...DRONE, latDeg: 31.76 }));
  const [warning] = late.picture.warnings();
  late.record("clear", { warningId: warning?.id ?? "", by: "Olga", reason: "over" });
  late.run(1);
  late.present.add("ANDROID-ana");
  late.links.arrived("ANDROID-ana");
  late.run(1);
  assert.deepEqual(late.told, []);
});

test("a reply is the answer to the warning that it means, confirmed once it is kept; doubt, strangers and another's certificate answer nothing", async () => {
  const settle = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));
  const stage = new Stage();
  stage.enlist();
  stage.present.add("ANDROID-ana");
  const fly = (): void => stage.fly({ ...DRONE, latDeg: 31.76 });
  stage.run(6, fly);
  const say = async (text: string, certificate?: string, uid = "ANDROID-ana"): Promise<void> => {
    stage.say(uid, text, certificate);
    stage.run(0.1, fly);
    await settle();
  };
  await say("a cubierto", "0b");
  await say("a cubierto", "");
  await say("a cubierto", "0a", "ANDROID-other");
  await say("no estoy a cubierto");
  await say("¿dónde?");
  assert.deepEqual(stage.answers, []);
  assert.equal(stage.rung()?.ways[0]?.step, "seen", "whoever writes has the device in hand");
  stage.isDiskBroken = true;
  const before = stage.told.length;
  await say("1");
  assert.equal(stage.told.length, before, "what is not kept is not confirmed");
  stage.isDiskBroken = false;
  await say("1");
  const [warning] = stage.picture.warnings();
  const answer = { warningId: warning?.id, personId: "ana", answer: "taking-cover", channel: "tak", address: "ANDROID-ana" };
  assert.deepEqual(stage.answers, [answer]);
  const confirmation = stage.told.slice(before).map(([uid, sent]) => [uid, sent.type, remarks(sent)]);
  assert.deepEqual(confirmation, [
    ["ANDROID-ana", "b-t-f-r", ""],
    ["ANDROID-ana", "b-t-f", "Respuesta guardada: a cubierto."],
  ]);
  await say(`${warning?.reference} ayuda`);
  assert.deepEqual(stage.answers.at(-1), { ...answer, answer: "need-help" });
  // When nothing holds, words are a conversation; a call for help is none.
  const quiet = new Stage();
  quiet.enlist();
  quiet.say("ANDROID-ana", "ok, gracias");
  quiet.run(0.1);
  quiet.say("ANDROID-ana", "¡Ayuda!");
  quiet.run(0.1);
  assert.deepEqual(quiet.answers, [{ ...answer, warningId: "tak:unknown", answer: "need-help" }]);
});

test("a device is tried with words that are no danger, and says itself that it has them; one that is not there is said not to be", async () => {
  const stage = new Stage();
  stage.enlist();
  assert.deepEqual(await stage.outlet.test("ANDROID-ana", "es"), { ok: false, detail: "the device is not connected" });
  stage.present.add("ANDROID-ana");
  const tried = stage.outlet.test("ANDROID-ana", "es");
  const [, sent] = stage.told.at(-1) ?? [];
  const meaning = sent === undefined ? undefined : meaningOf(sent);
  assert.ok(meaning?.kind === "chat" && meaning.text.includes("No hay peligro"));
  const { text: _none, ...receipt } = stage.chatFrom("ANDROID-ana", meaning.messageId ?? "", "");
  stage.write("ANDROID-ana", chatReceipt("delivered", receipt));
  stage.run(0.1);
  assert.deepEqual(await tried, { ok: true, detail: "the device has it" });
  assert.deepEqual(stage.receipts, [], "no step on anybody's ladder");
});

test("nothing that others mark on the ground, look at or call a friend goes out; no drone is a friend, none at 0, 0, and each keeps its uid", () => {
  const stage = new Stage();
  stage.record("zone", { zone: POST, by: "test" });
  const told = new Map<string, Set<string>>();
  const sent: CotEvent[] = [];
  let k = 0;
  stage.run(200, () => {
    k += 1;
    if (k % 20 !== 1) return;
    const timeMs = stage.nowUs / 1000;
    const times = { timeMs, startMs: timeMs, staleMs: timeMs + 30_000 };
    const theirs = [
      event({ uid: "SQUAD", type: "a-h-G-U-C-I", ...times }),
      event({ uid: "MAN", type: "a-n-G", ...times }),
      event({ uid: "CAR", type: "a-f-G-E-V", ...times }),
      event({ uid: "MARK", type: "b-m-p-w", ...times }),
      event({ uid: "SPI", type: "b-m-p-s-p-i", ...times, detail: [element("link", { uid: "UAS", relation: "p-p" })] }),
      event({ uid: "CAM", type: "b-m-p-s-p-loc", ...times, detail: [element("sensor", { azimuth: "10", fov: "20", range: "500" })] }),
      event({ uid: "UAS", type: "a-f-A-M-H-Q", ...times }),
      event({ uid: "NOWHERE", type: "a-u-A-M-H-Q", ...times, point: { latDeg: 0, lonDeg: 0, haeM: 0, ceM: 1, leM: 1 } }),
    ].map((one) => {
      const encoded = encodeCotXml(one);
      assert.ok("bytes" in encoded);
      return { form: "xml" as const, bytes: encoded.bytes };
    });
    // As if all of it had been let in as what drones are; what passes by never is.
    stage.frame("peer", "cot", encodeCotBatch({ certificate: "", messages: theirs }));
    if (k < 20 * 10) stage.fly({ ...DRONE, latDeg: 31.7605 });
    for (const one of stage.take()) sent.push(one);
  });
  assert.equal(stage.picture.devices.pointings().next().done, true, "nor is a direction made of an entry of drones");
  for (const one of sent) {
    assert.ok(one.uid.startsWith("atalaya.test") || one.uid.startsWith("GeoChat.atalaya.test"), one.uid);
    assert.doesNotMatch(one.type, /^(?:a-[^u]-A|a-[^f]-G|b-m-p-s-p-i|b-m-p-w)/);
    assert.ok(one.point.latDeg !== 0 || one.point.lonDeg !== 0, one.uid);
    for (const name of ["SQUAD", "MAN", "CAR", "MARK", "SPI", "CAM", "NOWHERE"])
      assert.ok(!JSON.stringify(one).includes(name), `${one.uid} ${name}`);
    const track = one.detail.find(({ name }) => name === "atalaya:track")?.attributes["id"];
    if (track !== undefined) told.set(track, (told.get(track) ?? new Set()).add(one.uid));
  }
  // One of the receiver's, one of theirs, in the air: a drone that a system calls a friend's is unknown to us.
  assert.equal(told.size, 2);
  for (const uids of told.values()) assert.equal(uids.size, 1);
  const over = ofType(sent, "t-x-d-d").flatMap((one) => {
    const meaning = meaningOf(one);
    return meaning.kind === "delete" ? meaning.uids : [];
  });
  assert.equal(over.length, 1, "the receiver's is over");
  assert.ok([...told.values()].some((uids) => uids.has(over[0] ?? "")));
});

test("the common npm package reads all that is sent, in both forms, and finds in it what was meant", async () => {
  const { CoTParser } = await import("@tak-ps/node-cot");
  const stage = new Stage();
  stage.record("zone", { zone: POST, by: "test" });
  stage.run(5, () => stage.fly({ ...DRONE, latDeg: 31.76 }));
  const sent = stage.take();
  assert.ok(new Set(sent.map(({ type }) => type)).size >= 5);
  for (const one of sent) {
    const [xml, payload] = [encodeCotXml(one), encodeTakMessage({ event: one })];
    assert.ok("bytes" in xml && "bytes" in payload);
    for (const read of [CoTParser.from_xml(Buffer.from(xml.bytes)), await CoTParser.from_proto(payload.bytes)]) {
      assert.equal(read.uid(), one.uid);
      assert.equal(read.type(), one.type);
      const [lonDeg, latDeg] = read.position();
      assert.ok(Math.abs((latDeg ?? 0) - one.point.latDeg) < 1e-9 && Math.abs((lonDeg ?? 0) - one.point.lonDeg) < 1e-9);
    }
  }
});
