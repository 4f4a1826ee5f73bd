// From a press to a report: what was pointed, where from, and what is left out because it is not known.
import assert from "node:assert/strict";
import test from "node:test";
import { type DeviceInfo, NewReport } from "@atalaya/protocol";
import { mediaTypeOf, observerOf, reportOf } from "../src/report/make.ts";

const device: DeviceInfo = {
  person: { id: "ana", name: "Ana", language: "es", team: "alfa", leader: false },
  onShift: true,
  sector: { name: "Paso", mode: "live", centre: { latDeg: 31.7, lonDeg: -106.4 }, timeZone: "America/Denver" },
  timeMs: 0,
  heartbeatEveryS: 20,
  places: [{ id: "p7", name: "Post 7", kind: "post", latDeg: 31.8, lonDeg: -106.5, errorM: 50 }],
};
const aim = { elevation: { deg: 8, sigmaDeg: 2 }, azimuth: { deg: 212, sigmaDeg: 7 }, readings: 30, timeMs: 0 };
const press = {
  id: "report-0001",
  pressedMs: 1_800_000_000_000,
  aim,
  observer: observerOf(undefined, undefined, device, 0),
  atRisk: false,
  heardOnly: false,
  drill: false,
  language: "es",
} as const;
const sent = (report: object): object => ({ ...report, sentMs: 1_800_000_000_500 });

test("the phone's position grows with its age; a named post stands in where it is better; else it is somewhere in the sector", () => {
  const place = { latDeg: 31.75, lonDeg: -106.45, errorM: 8, measuredMs: 100_000 };
  assert.deepEqual(observerOf(place, undefined, device, 102_000), { latDeg: 31.75, lonDeg: -106.45, errorM: 8, by: "device" });
  assert.equal(observerOf(place, "p7", device, 102_000).by, "device");
  const old = observerOf(place, "p7", device, 100_000 + 600_000);
  assert.deepEqual([old.by, old.name, old.errorM], ["post", "Post 7", 50]);
  const mill = {
    id: "mill",
    name: "Old mill",
    nameEs: "Molino viejo",
    kind: "landmark" as const,
    latDeg: 31.9,
    lonDeg: -106.6,
    errorM: 40,
  };
  const landmarks = { ...device, places: [mill] };
  assert.deepEqual(
    (["en", "es"] as const).map((language) => observerOf(undefined, "mill", landmarks, 0, language).name),
    ["Old mill", "Molino viejo"],
  );
  const unknown = observerOf(undefined, undefined, device, 0);
  assert.deepEqual([unknown.latDeg, unknown.by], [31.7, "map"]);
  assert.ok(unknown.errorM >= 10_000);
});

test("whatever was pressed is a report that the hub takes", () => {
  const presses = [
    press,
    { ...press, word: "NE" as const },
    { ...press, word: "overhead" as const },
    { ...press, aim: undefined },
    { ...press, aim: { ...aim, elevation: { deg: 88, sigmaDeg: 2 } } },
    { ...press, heardOnly: true, atRisk: true, drill: true },
    { ...press, aim: { elevation: aim.elevation, readings: 1, timeMs: 0 } },
  ];
  for (const one of presses) {
    const asked = NewReport.safeParse(sent(reportOf(one)));
    assert.ok(asked.success, JSON.stringify(asked.error?.issues));
  }
});

test("pointed, said in a word, overhead, or not known: never more than was done", () => {
  assert.deepEqual(reportOf(press).direction, { type: "pointed", azimuthDeg: 212, sigmaDeg: 7 });
  const word = reportOf({ ...press, word: "NE" });
  assert.deepEqual(word.direction, { type: "compass", word: "NE" });
  assert.equal(word.elevation, undefined, "who says a word has not aimed");
  assert.deepEqual(reportOf({ ...press, aim: { ...aim, elevation: { deg: 85, sigmaDeg: 2 } } }).direction, { type: "overhead" });
  assert.equal(reportOf({ ...press, aim: undefined }).direction, undefined);
  const noNorth = reportOf({ ...press, aim: { elevation: aim.elevation, readings: 30, timeMs: 0 } });
  assert.deepEqual([noNorth.direction, noNorth.elevation?.type], [undefined, "pointed"]);
  const heard = reportOf({ ...press, heardOnly: true });
  assert.deepEqual([heard.sound, heard.elevation, heard.direction?.type], ["clear", undefined, "pointed"]);
});

test("files are named as the hub names them, and others are not taken", () => {
  assert.deepEqual(mediaTypeOf("audio/webm;codecs=opus"), { kind: "sound", type: "audio/webm" });
  assert.deepEqual(mediaTypeOf("image/jpg"), { kind: "photo", type: "image/jpeg" });
  assert.deepEqual(mediaTypeOf("video/quicktime"), { kind: "video", type: "video/quicktime" });
  assert.equal(mediaTypeOf("image/heic"), undefined);
});
