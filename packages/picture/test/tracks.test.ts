// One track per emitter: what is joined, what is kept apart, how a track begins, coasts and ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOperator, utf8 } from "@atalaya/remote-id";
import { decodeFramePayload, isRemoteIdFormat, Picture, type Track } from "../src/index.ts";
import { basicId, beacon, ble4, dji, french, location, mac, place, S, system, T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";

const SERIAL = "1588E040445AC004418";
const OTHER = "1581F6N8A23B2ML3Y3KR";

function picture(entries: EntryList): Picture {
  const made = new Picture();
  for (const entry of entries.entries) made.apply(entry);
  return made;
}
const only = (made: Picture): Readonly<Track> => {
  assert.equal(made.trackCount, 1);
  for (const track of made.tracks()) return track;
  throw new RangeError("no track");
};
const codes = (track: Readonly<Track>): string[] => track.findings.map(({ code }) => code);

test("messages that BLE 4 sends one by one are assembled by address into one named track", () => {
  const list = new EntryList().source(T0);
  list.frame(T0 + S, "dlt-256", ble4(mac(1), basicId(SERIAL)));
  list.frame(T0 + 2 * S, "dlt-256", ble4(mac(1), location({ ...place(0, 0), speedMps: 5, courseDeg: 90 })));
  list.frame(T0 + 3 * S, "dlt-256", ble4(mac(1), location({ ...place(0, 5), speedMps: 5, courseDeg: 90 })));
  const track = only(picture(list));
  assert.equal(track.status, "confirmed");
  assert.equal(track.number, 3);
  assert.equal(track.id, "T-0003");
  assert.equal(track.identities[0]?.value, SERIAL);
  assert.equal(track.heardBy[0]?.carrier, "ble4");
  assert.deepEqual(codes(track), []);
});

test("a track is tentative until its second position", () => {
  const list = new EntryList().source(T0).frame(T0 + S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, 0))));
  assert.equal(only(picture(list)).status, "tentative");
});

test("French and DJI elements make tracks too, with the heights that they give", () => {
  const list = new EntryList().source(T0);
  list.frame(T0 + S, "dlt-127", dji(mac(1), "1581F4XFC223D00A", 47.1, 8.5));
  list.frame(T0 + S, "dlt-127", french(mac(2), "1588E040445AC004", 47.2, 8.6));
  const made = picture(list);
  assert.equal(made.trackCount, 2);
  for (const track of made.tracks()) {
    assert.equal(track.heightHaeM, undefined);
    assert.ok(track.heightMslM !== undefined && track.heightAboveTakeoffM !== undefined);
    assert.ok(track.identities.length === 1);
  }
});

test("the same identity from a second address close by is the same aircraft, and the new address is named", () => {
  const list = new EntryList().source(T0);
  for (let k = 0; k < 4; k += 1)
    list.frame(T0 + (k + 1) * S, "dlt-127", beacon(mac(1 + (k >> 1)), basicId(SERIAL), location(place(0, k * 5))));
  const track = only(picture(list));
  assert.equal(track.heardBy.length, 2);
  assert.deepEqual(codes(track), ["transmitter-changed"]);
});

test("the same aircraft heard on Wi-Fi and Bluetooth is one track without a finding", () => {
  const list = new EntryList().source(T0);
  list.frame(T0 + S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, 0))));
  list.frame(T0 + 2 * S, "dlt-256", ble4(mac(2), basicId(SERIAL)));
  list.frame(T0 + 2 * S, "dlt-256", ble4(mac(2), location(place(0, 5))));
  assert.deepEqual(codes(only(picture(list))), []);
});

test("an address that gives its name after its first positions joins the track of that name", () => {
  const list = new EntryList().source(T0);
  list.frame(T0 + S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, 0))));
  for (let k = 2; k < 7; k += 1) list.frame(T0 + k * S, "dlt-256", ble4(mac(2), location(place(0, k))));
  list.frame(T0 + 8 * S, "dlt-256", ble4(mac(2), basicId(SERIAL)));
  const track = only(picture(list));
  assert.equal(track.heardBy.length, 2);
  list.frame(T0 + 9 * S, "dlt-256", ble4(mac(2), location(place(0, 50))));
  assert.equal(only(picture(list)).positions, 2);
});

test("the same identity in two places is two tracks, each naming the other", () => {
  const list = new EntryList().source(T0);
  for (let k = 0; k < 3; k += 1) {
    list.frame(T0 + (2 * k + 1) * S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, k))));
    list.frame(T0 + (2 * k + 2) * S, "dlt-127", beacon(mac(2), basicId(SERIAL), location(place(15_000, k))));
  }
  const made = picture(list);
  assert.equal(made.trackCount, 2);
  const ids = [...made.tracks()].map(({ id }) => id);
  for (const track of made.tracks()) {
    assert.deepEqual(codes(track), ["identity-in-two-places"]);
    assert.ok(ids.includes(String(track.findings[0]?.values["other"])) && track.findings[0]?.values["other"] !== track.id);
  }
});

test("one address that speaks for several aircraft makes a track of each, and says that it changed its name", () => {
  const list = new EntryList().source(T0);
  for (let k = 0; k < 6; k += 1) {
    const far = k % 2 === 1;
    list.frame(T0 + (k + 1) * S, "dlt-127", beacon(mac(1), basicId(far ? OTHER : SERIAL), location(place(far ? 9000 : 0, k))));
  }
  const made = picture(list);
  assert.deepEqual([...made.tracks()].map(({ identities }) => identities[0]?.value).sort(), [OTHER, SERIAL].sort());
  for (const track of made.tracks()) assert.ok(!codes(track).includes("impossible-jump"));
  assert.ok([...made.tracks()].some((track) => codes(track).includes("identity-changed")));
});

test("a drill and a real aircraft are never one track, whatever address and name they give", () => {
  const list = new EntryList().source(T0, "demo", "synthetic").source(T0, "radio");
  for (const source of ["demo", "radio"])
    for (let k = 1; k < 4; k += 1) list.frame(T0 + k * S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, k))), source);
  const made = picture(list);
  assert.deepEqual([...made.tracks()].map(({ drill, id }) => `${drill} ${id.slice(0, 2)}`).sort(), ["false T-", "true D-"]);
});

test("a track coasts when it is not heard, ends later, and is named as removed", () => {
  const list = new EntryList().source(T0);
  for (let k = 1; k < 4; k += 1) list.frame(T0 + k * S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, k))));
  const made = picture(list);
  const { number } = only(made);
  made.advance(T0 + 14 * S);
  assert.equal(made.track(number)?.status, "coasting");
  made.takeChanges();
  made.advance(T0 + 70 * S);
  assert.equal(made.trackCount, 0);
  assert.deepEqual(made.takeChanges().removed, [number]);
});

test("heights are kept apart by their reference", () => {
  const list = new EntryList().source(T0).frame(T0 + S, "dlt-127", beacon(mac(1), location({ ...place(0, 0), heightHaeM: 1200 })));
  const track = only(picture(list));
  assert.equal(track.heightHaeM, 1200);
  assert.equal(track.heightPressureM, undefined);
  assert.equal(track.heightAboveTakeoffM, undefined);
  // EGM96 near El Paso lies about 25 m below the ellipsoid.
  assert.ok(Math.abs((track.heightMslM ?? 0) - 1225) < 5);
});

test("where no course is broadcast, it is computed from the positions and marked as derived", () => {
  const list = new EntryList().source(T0);
  for (let k = 1; k < 5; k += 1) list.frame(T0 + k * S, "dlt-127", beacon(mac(1), location(place(0, k * 10))));
  const track = only(picture(list));
  assert.equal(track.velocityDerived, true);
  assert.ok(Math.abs((track.courseDeg ?? 0) - 90) < 1);
  assert.ok(Math.abs((track.speedMps ?? 0) - 10) < 0.5);
});

test("the operator's position is weighed in passing and is nowhere in the state", () => {
  const list = new EntryList().source(T0);
  list.frame(T0 + S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, 0)), system(48.123_456_7, 11.765_432_1)));
  const made = picture(list);
  const track = only(made);
  assert.equal(track.operatorSeq, 2);
  assert.equal(track.operatorIndex, 0);
  assert.deepEqual(codes(track), ["operator-too-far"]);
  const text = utf8(made.snapshot());
  for (const trace of ["48.12", "11.76", "4812345", "1176543"]) assert.ok(!text.includes(trace), trace);
  // It is in the entry, for those who may look.
  const entry = list.entries[1];
  const frame = entry?.payload === undefined ? undefined : decodeFramePayload(entry.payload);
  assert.ok(frame !== undefined && isRemoteIdFormat(frame.format) && entry?.sealed instanceof Uint8Array);
  assert.equal(decodeOperator(frame.format, frame.bytes, entry.sealed)[0]?.latDeg, 48.123_456_7);
});

test("a frame from a source that nobody defined is counted and makes nothing", () => {
  const made = picture(new EntryList().frame(T0, "dlt-127", beacon(mac(1), location(place(0, 0))), "nobody"));
  assert.equal(made.trackCount, 0);
  assert.equal(made.counts.unknownSourceFrames, 1);
});

test("history is one point a second, bounded, and shared out when there are many tracks", () => {
  const list = new EntryList().source(T0);
  for (let k = 0; k < 200; k += 1) list.frame(T0 + k * 250_000, "dlt-127", beacon(mac(1), location(place(0, k))));
  const made = new Picture({ historyPoints: 20 });
  for (const entry of list.entries) made.apply(entry);
  const { history } = only(made);
  assert.equal(history.length, 20);
  for (let k = 1; k < history.length; k += 1) assert.ok((history[k]?.timeUs ?? 0) - (history[k - 1]?.timeUs ?? 0) >= S);
});

test("a position measured before the one that is known does not move the track back", () => {
  const list = new EntryList().source(T0);
  list.frame(T0 + 5 * S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, 50))));
  list.frame(T0 + 3 * S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, 30))));
  const [, , late] = list.entries;
  assert.ok(late !== undefined);
  // Measured at three seconds, delivered at six.
  list.entries[2] = { ...late, timeUs: T0 + 6 * S };
  const track = only(picture(list));
  assert.ok(Math.abs(track.lonDeg - place(0, 50).lonDeg) < 1e-6);
  assert.equal(track.lastUs, T0 + 5 * S);
  assert.equal(track.heardUs, T0 + 6 * S);
});
