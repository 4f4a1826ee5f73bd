// The life of a warning: when it is raised, how it changes, when it is cleared, and that it never flickers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { geodesicDistanceM } from "@atalaya/geodesy";
import fc from "fast-check";
import { type Intent, Picture, type ShowWarning, type PictureWarning, type Settings, type ZoneDefinition } from "../src/index.ts";
import { basicId, beacon, ble4, location, mac, place, POST, type Said, S, T0 } from "./broadcasts.ts";
import { type WatchedZone, watchedZone, ZoneGrid } from "../src/watched-zone.ts";
import { EntryList } from "./journal-of.ts";

const SERIAL = "1588E040445AC004418";
const post: ZoneDefinition = { id: "post", name: "Post 1", kind: "post", shape: { type: "circle", centre: POST, radiusM: 500 } };

function showings(intents: readonly Intent[]): readonly ShowWarning[] {
  return intents.filter((intent) => intent.type === "warning");
}

/** A picture at work: says things at times, and remembers what was told. */
class Scene {
  readonly list = new EntryList();
  readonly picture: Picture;
  readonly told: Intent[] = [];
  #applied = 0;

  constructor(zones: readonly ZoneDefinition[] = [post], settings: Partial<Settings> = {}, origin: "live" | "synthetic" = "live") {
    this.picture = new Picture(settings);
    this.list.source(T0, "test", origin);
    for (const zone of zones) this.list.record(T0, "zone", { zone, by: "test" });
    this.#apply();
  }
  #apply(): void {
    for (; this.#applied < this.list.entries.length; this.#applied += 1) {
      const entry = this.list.entries[this.#applied];
      if (entry !== undefined) this.picture.apply(entry);
    }
    this.told.push(...this.picture.takeIntents());
  }
  say(seconds: number, said: Said, address = 1, serial = SERIAL): void {
    this.list.frame(T0 + seconds * S, "dlt-127", beacon(mac(address), basicId(serial), location(said)));
    this.#apply();
  }
  sayBle4(seconds: number, said: Said, address: number): void {
    this.list.frame(T0 + seconds * S, "dlt-256", ble4(mac(address), location(said)));
    this.#apply();
  }
  acknowledge(seconds: number, id: string): void {
    this.list.record(T0 + seconds * S, "acknowledge", { warningId: id, by: "officer" });
    this.#apply();
  }
  clear(seconds: number, id: string): void {
    this.list.record(T0 + seconds * S, "clear", { warningId: id, by: "officer", reason: "own drone" });
    this.#apply();
  }
  to(seconds: number): this {
    this.picture.advance(T0 + seconds * S);
    this.told.push(...this.picture.takeIntents());
    return this;
  }
  get only(): Readonly<PictureWarning> {
    const all = [...this.picture.warnings()];
    assert.equal(all.length, 1);
    return all[0] as PictureWarning;
  }
  get standing(): readonly Readonly<PictureWarning>[] {
    return [...this.picture.warnings()].filter(({ state }) => state !== "cleared");
  }
  changes(): string[] {
    return showings(this.told)
      .filter(({ change }) => change !== "updated")
      .map(({ change }) => change);
  }
}

test("a track first seen inside a zone is a warning on the first tick, unconfirmed or not", () => {
  const scene = new Scene();
  scene.say(1, place(80, 0));
  scene.to(1.2);
  assert.equal(scene.only.level, "warning");
  assert.equal(scene.only.why[0]?.code, "inside-zone");
  assert.equal(scene.only.foremost.edgeDistanceM, 0);
  assert.equal([...scene.picture.tracks()][0]?.status, "tentative");
  assert.equal([...scene.picture.tracks()][0]?.danger, true);
});

test("an approach is a caution within two minutes and a warning within thirty seconds, one warning all the way", () => {
  const scene = new Scene();
  // 10 m/s due south towards the post, from 2,500 m: 200 s from the edge.
  for (let s = 0; s <= 185; s += 1) scene.say(s, { ...place(2500 - 10 * s, 0), speedMps: 10, courseDeg: 180 });
  const raised = showings(scene.told).find(({ change }) => change === "raised");
  assert.ok(Math.abs(((raised?.timeUs ?? 0) - T0) / S - 80) < 2);
  assert.deepEqual(
    scene.only.why.map(({ code, values }) => `${code} ${Number(values["reachesInS"]) >= 100}`),
    ["approaching-zone true", "approaching-zone false"],
  );
  assert.equal(scene.only.level, "warning");
  assert.equal(Math.round(scene.only.foremost.azimuthDeg) % 360, 0);
  assert.deepEqual(scene.changes(), ["raised"]);
  assert.match(scene.only.id, /^W-T-0003-/);
});

test("a course that misses the zone, or leads away from it, warns nobody", () => {
  const scene = new Scene();
  scene.say(1, { ...place(1000, 0), speedMps: 20, courseDeg: 0 }, 1);
  scene.say(1, { ...place(1000, 700), speedMps: 20, courseDeg: 180 }, 2, "1581F6N8A23B2ML3Y3KR");
  scene.to(5);
  assert.deepEqual(scene.told, []);
});

test("a drone that turns away steps down, is cleared, and those told are told; it never flickers", () => {
  const scene = new Scene();
  for (let s = 0; s < 5; s += 1) scene.say(s, { ...place(700 - 10 * s, 0), speedMps: 10, courseDeg: 180 });
  assert.equal(scene.only.level, "warning");
  for (let s = 5; s < 60; s += 1) scene.say(s, { ...place(650 + 10 * (s - 5), 0), speedMps: 10, courseDeg: 0 });
  assert.equal(scene.only.state, "cleared");
  assert.equal(scene.only.why.at(-1)?.code, "left-zone");
  assert.deepEqual(scene.changes(), ["raised", "cleared"]);
  assert.ok(showings(scene.told).some(({ change }) => change === "updated"));
  assert.equal([...scene.picture.tracks()][0]?.danger, false);
});

test("a track lost while it approaches keeps its warning, saying when it was last heard, until the quiet time is over", () => {
  const scene = new Scene();
  for (let s = 0; s <= 10; s += 1) scene.say(s, { ...place(800 - 10 * s, 0), speedMps: 10, courseDeg: 180 });
  scene.to(100);
  assert.equal(scene.only.state, "raised");
  assert.equal(scene.only.level, "warning");
  assert.equal(scene.only.lastHeardUs, T0 + 10 * S);
  assert.equal([...scene.picture.tracks()][0]?.status, "coasting");
  scene.to(131);
  assert.equal(scene.only.state, "cleared");
  assert.equal(scene.only.why.at(-1)?.code, "track-ended");
  assert.equal(scene.picture.trackCount, 0);
});

test("a lost track that would have passed the zone by now proves nothing: the warning stays", () => {
  const scene = new Scene();
  for (let s = 0; s <= 10; s += 1) scene.say(s, { ...place(20 * (10 - s) + 20, 0), speedMps: 60, courseDeg: 180 });
  scene.to(60);
  assert.equal(scene.only.state, "raised");
});

test("a track that is not heard for a few seconds is carried on by its velocity, and warns when that brings it in reach", () => {
  const scene = new Scene();
  scene.say(0, { ...place(500 + 1500, 0), speedMps: 12, courseDeg: 180 });
  scene.to(4);
  assert.deepEqual(scene.told, []);
  scene.to(6);
  assert.equal(scene.only.level, "caution");
});

test("hovering outside a zone raises no alarm each minute", () => {
  const scene = new Scene();
  for (let s = 0; s < 600; s += 1) scene.say(s, { ...place(400 + (s % 2), 0), speedMps: 0.25, courseDeg: (s * 37) % 360 });
  assert.deepEqual(scene.changes(), ["raised"]);
});

test("acknowledged stays acknowledged until the danger is greater than what was acknowledged", () => {
  const scene = new Scene();
  for (let s = 0; s <= 10; s += 1) scene.say(s, { ...place(1500 - 10 * s, 0), speedMps: 10, courseDeg: 180 });
  assert.equal(scene.only.level, "caution");
  scene.acknowledge(11, scene.only.id);
  assert.equal(scene.only.state, "acknowledged");
  assert.equal(scene.only.acknowledgedBy, "officer");
  for (let s = 12; s <= 85; s += 1) scene.say(s, { ...place(1500 - 10 * s, 0), speedMps: 10, courseDeg: 180 });
  assert.equal(scene.only.level, "warning");
  assert.equal(scene.only.state, "raised");
  scene.acknowledge(86, scene.only.id);
  for (let s = 87; s <= 200; s += 1) scene.say(s, { ...place(640 + (s % 20 < 10 ? 10 : -10), 0), speedMps: 3 + (s % 20), courseDeg: 180 });
  assert.equal(scene.only.state, "acknowledged");
});

test("cleared by an officer with a reason, it stays quiet while the same danger lasts", () => {
  const scene = new Scene();
  scene.say(1, place(80, 0));
  scene.to(2);
  scene.clear(3, scene.only.id);
  for (let s = 4; s < 120; s += 1) scene.say(s, place(80 + (s % 3), 0));
  assert.equal(scene.only.state, "cleared");
  assert.equal(scene.only.clearedReason, "own drone");
  assert.deepEqual(scene.changes(), ["raised", "cleared"]);
  // Gone for long enough, and back: a new danger.
  for (let s = 120; s < 170; s += 1) scene.say(s, place(1200, 0));
  for (let s = 170; s < 175; s += 1) scene.say(s, place(80, 0));
  assert.equal(scene.standing.length, 1);
});

test("two tracks that turn out to be one aircraft go on as one danger without a second alarm", () => {
  const scene = new Scene();
  scene.say(1, place(5000, 0), 1);
  scene.say(2, place(4990, 0), 1);
  // Thirty seconds later a second address, no name yet, close to the post.
  for (let s = 30; s < 34; s += 1) scene.sayBle4(s, place(300 - s, 0), 2);
  scene.to(34);
  const { id } = scene.only;
  scene.list.frame(T0 + 35 * S, "dlt-256", ble4(mac(2), basicId(SERIAL)));
  scene.say(36, place(250, 0), 2);
  scene.to(40);
  assert.equal(scene.picture.trackCount, 1);
  assert.equal(scene.only.id, id);
  assert.equal(scene.only.trackNumber, [...scene.picture.tracks()][0]?.number);
  assert.deepEqual(scene.changes(), ["raised"]);
});

test("a ceiling counts only for a height that is known and above it; sinking towards it is an approach", () => {
  const low: ZoneDefinition = { ...post, ceilingHaeM: 1300 };
  const warned = (said: Said): string => {
    const scene = new Scene([low]);
    scene.say(1, said);
    scene.to(1.4);
    return [...scene.picture.warnings()].map(({ level }) => level).join();
  };
  assert.equal(warned({ ...place(0, 0), heightHaeM: 1400 }), "");
  assert.equal(warned({ ...place(0, 0), heightHaeM: 1305 }), "warning");
  assert.equal(warned(place(0, 0)), "warning");
  assert.equal(warned({ ...place(0, 0), heightHaeM: 1400, verticalSpeedMps: -2 }), "caution");
  assert.equal(warned({ ...place(0, 0), heightHaeM: 1400, verticalSpeedMps: -5 }), "warning");
});

test("a polygon warns inside and on a course that meets it, not beside its notch", () => {
  // A U open to the north: the notch between its arms is outside.
  const ring = [
    place(0, 0),
    place(0, 900),
    place(900, 900),
    place(900, 600),
    place(300, 600),
    place(300, 300),
    place(900, 300),
    place(900, 0),
  ];
  const area: ZoneDefinition = { id: "u", name: "U", kind: "area", shape: { type: "polygon", ring } };
  const warned = (said: Said): string => {
    const scene = new Scene([area]);
    scene.say(1, said);
    scene.to(1.4);
    return [...scene.picture.warnings()].map(({ level }) => level).join();
  };
  assert.equal(warned(place(600, 150)), "warning");
  assert.equal(warned(place(600, 450)), "");
  assert.equal(warned({ ...place(800, 450), speedMps: 5, courseDeg: 180 }), "caution");
  assert.equal(warned({ ...place(800, 450), speedMps: 5, courseDeg: 0 }), "");
  assert.equal(warned({ ...place(450, -500), speedMps: 20, courseDeg: 90 }), "warning");
});

test("a zone across the antimeridian warns on both sides of it", () => {
  const zone: ZoneDefinition = { ...post, shape: { type: "circle", centre: { latDeg: 10, lonDeg: 179.999 }, radiusM: 1000 } };
  for (const lonDeg of [179.995, -179.997]) {
    const scene = new Scene([zone]);
    scene.say(1, { latDeg: 10, lonDeg });
    scene.to(2);
    assert.equal(scene.standing.length, 1);
  }
});

test("removing a zone clears its warnings with that reason", () => {
  const scene = new Scene();
  scene.say(1, place(80, 0));
  scene.to(2);
  scene.list.record(T0 + 3 * S, "zone-removed", { id: "post", by: "test" });
  scene.say(4, place(80, 0));
  scene.to(6);
  assert.equal(scene.only.why.at(-1)?.code, "zone-removed");
});

test("a drill's warning is marked, and drills cannot use up the room of real dangers", () => {
  const wide: ZoneDefinition = { ...post, shape: { type: "circle", centre: POST, radiusM: 5000 } };
  const scene = new Scene([wide], { maxWarningsPerZone: 2 }, "synthetic");
  for (let k = 0; k < 5; k += 1) scene.say(1, place(600 * k, 0), 10 + k, "");
  scene.to(2);
  assert.equal(scene.standing.length, 2);
  assert.equal(scene.picture.notRaised > 0, true);
  assert.ok(scene.standing.every(({ drill }) => drill));
  scene.list.source(T0 + 3 * S, "radio");
  scene.list.frame(T0 + 4 * S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, 0))), "radio");
  scene.acknowledge(5, "none");
  assert.equal(scene.standing.filter(({ drill }) => !drill).length, 1);
});

test("a flood of dangers at one post hides no danger at another", () => {
  const second: ZoneDefinition = { ...post, id: "far", shape: { type: "circle", centre: place(20_000, 0), radiusM: 300 } };
  const wide: ZoneDefinition = { ...post, shape: { type: "circle", centre: POST, radiusM: 9000 } };
  const scene = new Scene([wide, second], { maxWarningsPerZone: 5, newTracksPer10s: 1000 });
  for (let k = 0; k < 200; k += 1) scene.say(1, place(600 * (k % 14), 600 * Math.floor(k / 14) - 5000), 100 + k, "");
  scene.say(1, place(20_000, 0), 1);
  scene.to(2);
  assert.equal(scene.standing.filter(({ threats }) => threats.some(({ id }) => id === "post")).length, 5);
  assert.equal(scene.standing.filter(({ threats }) => threats.some(({ id }) => id === "far")).length, 1);
});

test("the grid of zones finds every danger that looking at each zone would find", () => {
  const zones = fc.array(
    fc.record({
      northM: fc.integer({ min: -40_000, max: 40_000 }),
      eastM: fc.integer({ min: -40_000, max: 40_000 }),
      radiusM: fc.integer({ min: 10, max: 30_000 }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const flight = fc.record({
    northM: fc.integer({ min: -40_000, max: 40_000 }),
    eastM: fc.integer({ min: -40_000, max: 40_000 }),
    speedMps: fc.integer({ min: 0, max: 140 }),
    courseDeg: fc.integer({ min: 0, max: 359 }),
  });
  fc.assert(
    fc.property(zones, flight, (list, { northM, eastM, speedMps, courseDeg }) => {
      const said = { ...place(northM, eastM), speedMps, courseDeg };
      const definitions = list.map(
        (zone, k): ZoneDefinition => ({
          id: `z${k}`,
          name: "z",
          kind: "area",
          shape: { type: "circle", centre: place(zone.northM, zone.eastM), radiusM: zone.radiusM },
        }),
      );
      const warned = (some: readonly ZoneDefinition[]): string[] => {
        const scene = new Scene(some);
        scene.say(1, said);
        scene.to(1.2);
        return scene.standing.flatMap(({ threats }) => threats.map(({ id, level }) => `${id} ${level}`)).sort();
      };
      assert.deepEqual(warned(definitions), definitions.flatMap((zone) => warned([zone])).sort());
    }),
    { numRuns: 60 },
  );
});

test("the grid visits each zone within reach exactly once", () => {
  const spot = { latDeg: fc.double({ min: -85, max: 85, noNaN: true }), lonDeg: fc.double({ min: -180, max: 180, noNaN: true }) };
  const near = fc.record({
    north: fc.double({ min: -0.4, max: 0.4, noNaN: true }),
    east: fc.double({ min: -0.4, max: 0.4, noNaN: true }),
    radiusM: fc.integer({ min: 10, max: 40_000 }),
  });
  fc.assert(
    fc.property(
      fc.record(spot),
      fc.array(near, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 35_000 }),
      (place_, list, reachM) => {
        const zones = list.map(({ north, east, radiusM }, k) => {
          const lonDeg = place_.lonDeg + east / Math.cos((place_.latDeg * Math.PI) / 180);
          const centre = { latDeg: place_.latDeg + north, lonDeg: lonDeg > 180 ? lonDeg - 360 : lonDeg < -180 ? lonDeg + 360 : lonDeg };
          return watchedZone({ id: `z${k}`, name: "z", kind: "area", shape: { type: "circle", centre, radiusM } }) as WatchedZone;
        });
        const visited: WatchedZone[] = [];
        new ZoneGrid(zones).near(place_, reachM, (zone) => visited.push(zone));
        assert.equal(new Set(visited).size, visited.length);
        for (const zone of zones) {
          const apartM = geodesicDistanceM(zone.centre.latDeg, zone.centre.lonDeg, place_.latDeg, place_.lonDeg);
          if (apartM <= zone.radiusM + reachM) assert.ok(visited.includes(zone), zone.zone.id);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("whatever a drone does around a post, no warning is raised within the clearing time of the one before", () => {
  const step = fc.record({
    northM: fc.integer({ min: -900, max: 900 }),
    speedMps: fc.integer({ min: 0, max: 40 }),
    courseDeg: fc.integer({ min: 0, max: 359 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 150 }), (steps) => {
      const scene = new Scene();
      steps.forEach(({ northM, speedMps, courseDeg }, s) => scene.say(s + 1, { ...place(northM, 0), speedMps, courseDeg }));
      scene.to(steps.length + 200);
      const turns = showings(scene.told).filter(({ change }) => change === "raised" || change === "cleared");
      turns.forEach(({ change, timeUs }, k) => {
        assert.equal(change, k % 2 === 0 ? "raised" : "cleared");
        // A raised warning stands for the clearing time at least; levels go down no faster than the dwell allows.
        if (change === "cleared") assert.ok(timeUs - (turns[k - 1]?.timeUs ?? 0) >= 20 * S);
      });
      assert.equal(scene.standing.length, 0);
    }),
    { numRuns: 40 },
  );
});
