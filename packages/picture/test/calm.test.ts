// Calm: what is not sure enough, or taken for a bird, is told quietly; what is, at once; and what waits for an answer is one alarm.
import assert from "node:assert/strict";
import { test } from "node:test";
import { POST } from "./broadcasts.ts";
import { person, Scene } from "./scene.ts";

const CALM = { latDeg: POST.latDeg, lonDeg: POST.lonDeg };

/** A radar at the test post, and somebody half a kilometre north of it. */
function watched(falseAlarms: number): Scene {
  const scene = new Scene();
  scene.record(0, "source", { source: { id: "radar", name: "radar", kind: "http", origin: "live", format: "detections" }, by: "x" });
  scene.onShift(0, person("a"), [500, 0]);
  const { latDeg, lonDeg } = CALM;
  const sensor = { type: "sensor", id: "r", kind: "radar", lat: latDeg, lon: lonDeg, alt: 1200, z: ["range_m", "az_deg", "el_deg"] };
  scene.lines(
    1,
    [JSON.stringify({ ...sensor, sd: [5, 0.5, 1], period_s: 1, pd: 0.9, fa_per_scan: falseAlarms, max_range_m: 5000 })],
    "radar",
  );
  return scene;
}

/** One plot a second from 2 s on, straight down from the north. */
function plots(scene: Scene, count: number, fromM: number, stepM: number, more: object = {}): Scene {
  for (let k = 0; k < count; k += 1) {
    const det = { type: "det", id: `p${k}`, sensor: "r", kind: "radar", scan: k + 1, z: [fromM - k * stepM, 0, 5], ...more };
    scene.lines(2 + k, [JSON.stringify(det), `{"type":"scan","sensor":"r","scan":${k + 1},"n":1}`], "radar");
  }
  return scene.to(2 + count - 1 + 0.4);
}

test("a single plot of a radar that sees eight ghosts in every scan warns nobody; the next ones do", () => {
  assert.deepEqual(plots(watched(8), 1, 585, 10).sentTo("a"), []);
  const sent = plots(watched(8), 4, 585, 10).sentTo("a");
  assert.deepEqual(sent, ["notify browser advisory", "notify browser warning"]);
});

test("what its radar takes for a bird is told quietly from its first plots on, what it takes for a drone is not", () => {
  const taken = (name: string): string[] => plots(watched(1), 12, 700, 12, { classes: { [name]: 0.8, unknown: 0.2 } }).sentTo("a");
  const worst = (sent: readonly string[]): boolean => sent.some((words) => words.endsWith(" warning") || words.endsWith(" caution"));
  assert.equal(worst(taken("bird")), false);
  assert.equal(worst(taken("drone")), true);
  assert.equal(worst(plots(watched(1), 12, 700, 12).sentTo("a")), true, "unknown stays unknown, and is warned of");
});

test("what waits for an answer demands no second one by growing; what was answered does", () => {
  for (const answered of [false, true]) {
    const scene = new Scene().onShift(0, person("a"), [0, 0]);
    scene.fly(1, 10, [1500, 0], -20, 0);
    assert.equal(scene.only.level, "caution");
    assert.equal(scene.picture.alarmFigures().per10Min, 1);
    if (answered) scene.record(10, "acknowledge", { warningId: scene.only.id, by: "o" });
    scene.fly(11, 50, [1300, 0], -20, 0);
    assert.equal(scene.only.level, "warning");
    assert.equal(scene.picture.alarmFigures().per10Min, answered ? 2 : 1);
    assert.equal(scene.picture.alarmLog().length, answered ? 2 : 1);
  }
});

/** A bird is followed; from its 30th second on a second body flies 60 m beside it, of which the radar says this. */
function besideBird(says: object): Scene {
  const scene = watched(1);
  const bird = { classes: { bird: 0.8, unknown: 0.2 } };
  plots(scene, 30, 900, 2, bird);
  assert.equal([...scene.picture.tracks()][0]?.kind, "bird");
  for (let k = 30; k < 34; k += 1) {
    const det = (id: string, azDeg: number, more: object): string =>
      JSON.stringify({ type: "det", id: `${id}${k}`, sensor: "r", kind: "radar", scan: k + 1, z: [900 - 2 * k, azDeg, 5], ...more });
    scene.lines(2 + k, [det("p", 0, bird), det("q", 4, says), `{"type":"scan","sensor":"r","scan":${k + 1},"n":2}`], "radar");
  }
  return scene.to(36);
}
const kindsOf = (scene: Scene): readonly (string | undefined)[] => [...scene.picture.tracks()].map(({ kind }) => kind);

test("a body that begins beside a bird is that bird while nothing else is known of it, or what is known leans to a bird", () => {
  assert.deepEqual(kindsOf(besideBird({})), ["bird", "bird"]);
  assert.deepEqual(kindsOf(besideBird({ classes: { bird: 0.4, drone: 0.2, unknown: 0.4 } })), ["bird", "bird"]);
  assert.deepEqual(kindsOf(besideBird({ classes: { bird: 0.1, drone: 0.6, unknown: 0.3 } })), ["bird", undefined]);
});
