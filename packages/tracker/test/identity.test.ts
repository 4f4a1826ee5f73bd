// Who is who, and what: names through crossings, swarms, late data and restarts; birds, drones and aircraft.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import { type Detection, type SavedTracker, Tracker } from "../src/index.ts";
import { apartM, at, flight, fly, nearestTo, ON_THE_MAP, plan, play, radar, statesAt, sure, type Told, tell } from "./scenes.ts";

test("two that cross closely keep their names, when the radar tells how fast they come", () => {
  const pair = [flight("D1", at(-500, 1000, 80), at(500, 1020, 80), 18), flight("D2", at(500, 1010, 85), at(-500, 1000, 85), 18)];
  let kept = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    const flown = fly(plan(pair, [radar("R1", at(0, 0, 5))], { durationS: 50 }), seed);
    const tracker = new Tracker(ON_THE_MAP);
    const names = new Map<string, string | undefined>();
    play(tracker, flown.told, 50, (t) => {
      if (t !== 15 && t !== 48) return;
      for (const state of statesAt(flown.truth, t)) {
        const name = nearestTo(sure(tracker, t), state)?.track.id;
        if (t === 15) names.set(state.id, name);
        else if (name !== undefined && names.get(state.id) === name) kept += 1;
      }
    });
  }
  assert.ok(kept >= 22, `${kept} of 24 names were kept`);
});

test("a tight swarm is told as a group whose names may be exchanged; drones far apart are not", () => {
  const swarm = (spacingM: number) =>
    Array.from({ length: 12 }, (_, k) => {
      const [e, n] = [spacingM * (k % 4), spacingM * Math.floor(k / 4)];
      return flight(`D${k}`, at(-700 + e, 900 + n, 80), at(700 + e, 900 + n, 80), 15, { gustMps: 0.5 });
    });
  for (const seed of [1, 2]) {
    const told = [12, 300].map((spacingM) => {
      const flown = fly(plan(swarm(spacingM), [radar("R1", at(0, 0, 5), { pd: 0.9 })]), seed);
      const tracker = new Tracker(ON_THE_MAP);
      play(tracker, flown.told, 40);
      return sure(tracker, 40);
    });
    const [tight, loose] = told;
    assert.ok(tight!.length >= 8 && tight!.length <= 24, `${tight!.length}`);
    const groups = new Set(tight!.map(({ group }) => group?.id));
    assert.ok(groups.size <= 2, [...groups].join(" "));
    const [group] = tight!.flatMap((track) => track.group ?? []);
    assert.ok(group !== undefined && group.count >= 0.7 * tight!.length);
    const { groupAmbiguity } = new Tracker().settings;
    assert.ok(
      tight!.filter(({ ambiguity }) => ambiguity > groupAmbiguity).length >= 0.4 * tight!.length,
      "names may have been exchanged, and that is said",
    );
    assert.ok(loose!.length >= 11 && loose!.every(({ group: none, ambiguity }) => none === undefined && ambiguity < groupAmbiguity));
  }
});

test("what flutters slowly leans to a bird, what is fast to an aircraft, the rest to a drone", () => {
  for (const seed of [1, 2, 3]) {
    const classes = [
      flight("B", at(-300, 600, 60), at(300, 700, 60), 9, { objectClass: "bird", gustMps: 2 }),
      flight("A", at(-3000, 1500, 300), at(3000, 1500, 300), 70, { objectClass: "aircraft", gustMps: 0.2 }),
      flight("D", at(-400, 600, 60), at(500, 700, 60), 15),
    ].map((object) => {
      const flown = fly(plan([object], [radar("R1", at(0, 0, 5))]), seed);
      const tracker = new Tracker(ON_THE_MAP);
      play(tracker, flown.told, 55);
      return nearestTo(sure(tracker, 55), statesAt(flown.truth, 55)[0]!)!.track.classes;
    });
    const [bird, aircraft, drone] = classes;
    assert.ok(bird!.bird > 2 * bird!.drone, JSON.stringify(bird));
    assert.ok(aircraft!.aircraft > 2 * aircraft!.drone && aircraft!.aircraft > 2 * aircraft!.bird, JSON.stringify(aircraft));
    assert.ok(drone!.drone > 2 * drone!.bird && drone!.drone > 2 * drone!.aircraft, JSON.stringify(drone));
  }
});

test("what sensors state of a class counts, and nothing is certain from the first word", () => {
  const flown = fly(
    plan(
      [flight("D1", at(-400, 600, 60), at(500, 700, 60), 15)],
      [radar("R1", at(0, 0, 5), { falseAlarmsPerScan: 0.1, measures: ["range_m", "az_deg", "el_deg"] })],
    ),
    1,
  );
  const stated = (classes: Detection["classes"], untilS: number): ReturnType<Tracker["tracks"]>[number]["classes"] => {
    const tracker = new Tracker(ON_THE_MAP);
    const told = flown.told.map((one): Told => (one.type === "detection" ? { ...one, detection: { ...one.detection, classes } } : one));
    play(tracker, told, untilS);
    return sure(tracker, untilS)[0]!.classes;
  };
  assert.ok(stated(undefined, 50).unknown > 0.9, "nobody says anything");
  const bird = stated({ bird: 0.9, drone: 0.1 }, 50);
  assert.ok(bird.bird > 0.6, JSON.stringify(bird));
  const aircraft = stated({ aircraft: 0.8, drone: 0.1, unknown: 0.1 }, 50);
  assert.ok(aircraft.aircraft > 0.5, JSON.stringify(aircraft));
  const early = stated({ bird: 0.9, drone: 0.1 }, 4);
  assert.ok(early.unknown > 0.4 && early.bird < bird.bird, JSON.stringify(early));
});

test("a name stays through late data and through a restart, and no other ever bears it", () => {
  const scene = plan(
    [flight("D1", at(-800, 1200, 100), at(800, 900, 100), 15), flight("D2", at(-700, 500, 60), at(300, 700, 90), 12)],
    [radar("R1", at(0, 0, 5)), radar("R2", at(500, -300, 5), { phaseS: 0.5 })],
  );
  const { told } = fly(scene, 6);
  const random = new Random(1);
  // A third of the second radar's messages come up to 5 s late.
  const late = told
    .map(
      (one): Told =>
        one.type === "detection" && one.detection.sensor === "R2" && random.chance(0.33)
          ? { ...one, arrivedS: one.arrivedS + random.between(0, 5) }
          : one,
    )
    .sort((a, b) => ("arrivedS" in a ? a.arrivedS : -1) - ("arrivedS" in b ? b.arrivedS : -1));
  let tracker = new Tracker(ON_THE_MAP);
  let next = 0;
  const names = new Map<string, Set<string>>();
  for (let t = 1; t <= 60; t += 1) {
    for (let one = late[next]; one !== undefined && (one.type === "sensor" || one.arrivedS <= t); one = late[next]) {
      tell(tracker, one);
      next += 1;
    }
    tracker.advance(t);
    if (t % 13 === 0) tracker = Tracker.resume(JSON.parse(JSON.stringify(tracker.save())) as SavedTracker, ON_THE_MAP)!;
    if (t < 8) continue;
    for (const { id, latDeg, lonDeg } of sure(tracker, t)) {
      const nearest = nearestTo(statesAt(fly(scene, 6).truth, t), { latDeg, lonDeg })!;
      const borne = names.get(nearest.track.id) ?? new Set();
      names.set(nearest.track.id, borne.add(id));
    }
  }
  assert.ok(tracker.counts.reworkedFrames > 20);
  assert.deepEqual(
    [...names.values()].map((borne) => borne.size),
    [1, 1],
  );
  assert.equal(new Set([...names.values()].flatMap((borne) => [...borne])).size, 2);
});

test("the way that a track has come can be read, and goes on over a restart", () => {
  const { told, truth } = fly(
    plan([flight("D1", at(-800, 1200, 100), at(800, 900, 100), 15)], [radar("R1", at(0, 0, 5))], { durationS: 80 }),
    1,
  );
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, told, 80);
  const [track] = sure(tracker, 80);
  const points = tracker.history(track!.label);
  assert.ok(points.length > 20);
  points.forEach((point, k) => assert.ok(k === 0 || point.timeS > points[k - 1]!.timeS));
  // Positions stand in the local frame: the first and the last are as far apart as the drone flew in between.
  const [first, last] = [points[0]!, points.at(-1)!];
  const flewM = Math.hypot(last.eastM - first.eastM, last.northM - first.northM);
  const [from, to] = [first, last].map(({ timeS }) => statesAt(truth, Math.round(timeS))[0]!);
  assert.ok(Math.abs(flewM - apartM(from!, to!)) < 60, `${flewM} ${apartM(from!, to!)}`);
  const again = Tracker.resume(JSON.parse(JSON.stringify(tracker.save())) as SavedTracker, ON_THE_MAP)!;
  assert.deepEqual(again.history(track!.label), points);
  assert.deepEqual(tracker.history(-12345), []);
});

test("a snapshot of another version, or a damaged one, is refused", () => {
  const { told } = fly(plan([flight("D1", at(-800, 1200, 100), at(800, 900, 100), 15)], [radar("R1", at(0, 0, 5))], { durationS: 20 }), 1);
  const saved = play(new Tracker(), told, 20).save();
  assert.ok(Tracker.resume(saved) !== undefined);
  const damaged: readonly Partial<SavedTracker>[] = [
    { version: saved.version + 1 },
    { arrivals: "?" },
    { pool: {} },
    { tracks: saved.tracks + 1 },
    { bias: { ...saved.bias, x: "" } },
    { history: [[1, "!"]] },
    { frames: saved.frames.map((frame) => ({ ...frame, z: "AAA=" })) },
    { frames: saved.frames.map((frame) => ({ ...frame, sensor: 99 })) },
  ];
  for (const one of damaged) assert.equal(Tracker.resume({ ...saved, ...one }), undefined, JSON.stringify(one).slice(0, 80));
});

test("the local frame moves when sensors far away join, and tracks stay where they are on Earth", () => {
  const { told, truth } = fly(
    plan(
      [flight("D1", at(-800, 1200, 100), at(800, 900, 100), 15)],
      [radar("R1", at(0, 0, 5)), radar("R2", at(700, 200, 5), { phaseS: 0.5 })],
    ),
    2,
  );
  const tracker = new Tracker(ON_THE_MAP);
  const still = new Tracker(ON_THE_MAP);
  play(still, told, 60);
  let next = 0;
  for (let t = 1; t <= 60; t += 1) {
    for (let one = told[next]; one !== undefined && (one.type === "sensor" || one.arrivedS <= t); one = told[next]) {
      tell(tracker, one);
      next += 1;
    }
    tracker.advance(t);
    if (t === 30) {
      const before = tracker.tracks(t);
      // 260 km north-east.
      for (let k = 0; k < 3; k += 1)
        tracker.declare({
          id: `FAR${k}`,
          kind: "radar",
          latDeg: 33.5,
          lonDeg: -104.6 + 0.01 * k,
          haeM: 900,
          measures: ["range_m", "az_deg"],
          sigma: [5, 0.5],
        });
      const after = tracker.tracks(t);
      assert.ok(Math.abs(tracker.frame!.latDeg - still.frame!.latDeg) > 0.3, "the frame has moved");
      assert.equal(after.length, before.length);
      before.forEach((track, k) => assert.ok(apartM(track, after[k]!) < 0.01 && Math.abs(track.haeM - after[k]!.haeM) < 0.01));
    }
  }
  const [moved, unmoved] = [sure(tracker, 60)[0]!, sure(still, 60)[0]!];
  assert.equal(moved.id, unmoved.id);
  assert.ok(apartM(moved, unmoved) < 3, `${apartM(moved, unmoved)} m apart`);
  assert.ok(apartM(moved, statesAt(truth, 60)[0]!) < 30);
});
