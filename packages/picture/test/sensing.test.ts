// What comes of lines of the detection format: sensors, counts, refusals by name, times, and limits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type HeardSource, type Origin, Picture, type Settings } from "../src/index.ts";
import { S, T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";

const NODE = (id: string): string =>
  `{"type":"sensor","id":"${id}","kind":"acoustic","lat":31.75,"lon":-106.48,"alt":1140,"z":["az_deg"],"sd":[8],"sound_delay":true}`;
const bearing = (sensor: string, t: string, az = 217): string =>
  `{"type":"det","id":"${sensor}-1","sensor":"${sensor}","kind":"acoustic","z":[${az}]${t === "" ? "" : `,"t":${t}`}}`;

function told(batches: readonly (readonly string[])[], origin: Origin = "live", settings: Partial<Settings> = {}): Picture {
  const entries = new EntryList().source(T0, "roof", origin).source(T0, "yard", origin);
  batches.forEach((lines, k) => entries.frame(T0 + (k + 1) * S, "detections", new TextEncoder().encode(lines.join("\n")), "roof"));
  const picture = new Picture(settings);
  for (const entry of entries.entries) picture.apply(entry);
  return picture;
}

function heard(picture: Picture, source = "roof"): Readonly<HeardSource> {
  const found = picture.heard(source);
  assert.ok(found !== undefined);
  return found;
}

test("a declared sensor's detections are counted under its source, blank lines and carriage returns change nothing", () => {
  const picture = told([
    [`${NODE("n1")}\r`, "", bearing("n1", ""), " ", `${bearing("n1", "")}\r`, '{"type":"scan","sensor":"n1","scan":0,"n":2}'],
  ]);
  const { lines, detections, refused, lastRefusal } = heard(picture);
  assert.deepEqual({ lines, detections, refused, lastRefusal }, { lines: 4, detections: 2, refused: 0, lastRefusal: undefined });
  const [sensor] = [...picture.sensors()];
  assert.deepEqual([sensor?.source, sensor?.declaration.id, sensor?.detections, sensor?.scans], ["roof", "n1", 2, 1]);
  const source = picture.sources().find(({ definition }) => definition.id === "roof");
  assert.deepEqual([source?.state, source?.frames, source?.refused], ["hearing", 1, 0]);
});

test("what is refused is counted by name on the source, and the newest is kept for the engineer to read", () => {
  const picture = told([
    ["{", bearing("n1", ""), NODE("n1"), bearing("n1", "", 400), '{"type":"det","id":"1","sensor":"n1","kind":"rf_df","z":[1]}'],
  ]);
  const source = picture.sources().find(({ definition }) => definition.id === "roof");
  assert.deepEqual(source?.refusals, { "not-json": 1, "sensor-not-declared": 1, "outside-range": 1, "kind-mismatch": 1 });
  const { refused, lastRefusal } = heard(picture);
  assert.equal(refused, 4);
  assert.deepEqual(lastRefusal, {
    code: "kind-mismatch",
    detail: "kind: the sensor is declared as acoustic",
    clause: "Atalaya detections §4",
  });
  assert.equal([...picture.sensors()][0]?.refused, 2);
});

test("a sensor is one of its source: another source's detections do not count for it", () => {
  const entries = new EntryList().source(T0, "roof").source(T0, "yard");
  entries.frame(T0 + S, "detections", new TextEncoder().encode(NODE("n1")), "roof");
  entries.frame(T0 + S, "detections", new TextEncoder().encode(bearing("n1", "")), "yard");
  const picture = new Picture();
  for (const entry of entries.entries) picture.apply(entry);
  assert.equal(heard(picture, "yard").lastRefusal?.code, "sensor-not-declared");
  assert.equal(heard(picture, "yard").detections, 0);
});

test("a sensor declared anew keeps its counts and is held against the new declaration", () => {
  const df = '{"type":"sensor","id":"n1","kind":"rf_df","lat":31.75,"lon":-106.48,"alt":1140,"z":["az_deg"],"sd":[8]}';
  const picture = told([[NODE("n1"), bearing("n1", ""), df, bearing("n1", "")]]);
  const [sensor] = [...picture.sensors()];
  assert.deepEqual([sensor?.declaration.kind, sensor?.detections, sensor?.refused], ["rf_df", 1, 1]);
});

test("beyond the limit a further sensor is refused, one that stands may be declared anew, and a removed source makes room", () => {
  const limits = { maxSensorsPerSource: 3, maxSensors: 4 };
  const entries = new EntryList().source(T0, "a").source(T0, "b");
  const send = (source: string, ...ids: readonly string[]): void => {
    entries.frame(T0 + entries.entries.length * S, "detections", new TextEncoder().encode(ids.map(NODE).join("\n")), source);
  };
  send("a", "1", "2", "3", "4", "1");
  send("b", "1", "2");
  const picture = new Picture(limits);
  for (const entry of entries.entries) picture.apply(entry);
  assert.equal([...picture.sensors()].length, 4);
  assert.deepEqual([heard(picture, "a").refused, heard(picture, "b").refused], [1, 1]);
  const seq = entries.entries.length;
  entries.record(T0 + 60 * S, "source-removed", { id: "a", by: "x" });
  send("b", "2", "3");
  for (const entry of entries.entries.slice(seq)) picture.apply(entry);
  assert.deepEqual(
    [...picture.sensors()].map(({ declaration }) => declaration.id),
    ["1", "2", "3"],
  );
});

test("a sensor's own time counts where it can be, else that of arrival; its clock is said to be off", () => {
  const now = T0 / 1e6 + 1;
  const retimed = (t: number): number | undefined => [...told([[NODE("n1"), bearing("n1", String(t))]]).sensors()][0]?.retimed;
  assert.deepEqual([now - 59, now, now + 9].map(retimed), [0, 0, 0]);
  assert.deepEqual([5, now - 61, now + 11].map(retimed), [1, 1, 1]);
  const picture = told([[NODE("n1"), bearing("n1", String(now + 300))]]);
  picture.advance(T0 + 2 * S);
  const source = picture.sources().find(({ definition }) => definition.id === "roof");
  assert.deepEqual([source?.reason, source?.clockOffsetUs], ["clock-off", 300_000_000]);
});

test("a person's late report says nothing of a clock", () => {
  const person = '{"type":"sensor","id":"h","kind":"human","lat":31.75,"lon":-106.48,"alt":1140,"z":["az_deg"],"sd":[15]}';
  const report = `{"type":"det","id":"1","sensor":"h","kind":"human","z":[90],"t":${T0 / 1e6 - 200}}`;
  const picture = told([[person, report]]);
  const [sensor] = [...picture.sensors()];
  assert.deepEqual([sensor?.detections, sensor?.retimed, sensor?.clockOffsetUs], [1, 0, undefined]);
});

test("a scenario plays into a drill on its own seconds, and never into a live source", () => {
  const scenario = ['{"type":"scenario","name":"x"}', NODE("n1"), bearing("n1", "0.5")];
  const drill = told([scenario, [bearing("n1", "1.0")]], "synthetic");
  assert.equal(heard(drill).epochS, T0 / 1e6 + 1);
  assert.deepEqual([heard(drill).detections, [...drill.sensors()][0]?.retimed], [2, 0]);
  const fixed = told([['{"type":"scenario","name":"x","epoch":1764000000}', NODE("n1")]], "synthetic");
  assert.equal(heard(fixed).epochS, 1_764_000_000);

  const live = told([scenario]);
  assert.deepEqual([heard(live).refused, heard(live).lastRefusal?.code, heard(live).epochS], [1, "scenario-on-live-source", undefined]);
  assert.equal([...live.sensors()][0]?.retimed, 1);
});

test("declarations, counts and the scenario's epoch go through a snapshot", () => {
  const picture = told([['{"type":"scenario","name":"x"}', NODE("ñ1"), bearing("ñ1", "0.5")], ["{"]], "synthetic");
  const restored = Picture.restore(picture.snapshot());
  assert.ok(restored instanceof Picture);
  assert.deepEqual([...restored.sensors()], [...picture.sensors()]);
  assert.deepEqual(restored.heard("roof"), picture.heard("roof"));
  assert.deepEqual(restored.snapshot(), picture.snapshot());
});
