// What is said of oneself, or by other systems: does it stay a claim until a body agrees, and is what is told twice counted once?
import assert from "node:assert/strict";
import { test } from "node:test";
import { type SensorDeclaration, type TrackEstimate, Tracker } from "../src/index.ts";
import { apartM, at, bearing, fixes, flight, fly, ON_THE_MAP, plan, play, radar, statesAt, sure, told } from "./scenes.ts";

const DRONE = flight("D1", at(-800, 1200, 100), at(800, 900, 100), 15);
const NOBODY = flight("S1", at(-500, -900, 80), at(700, -900, 80), 12, { bodiless: true });
const AIRCRAFT = flight("A1", at(-2500, 1200, 300), at(2500, 900, 300), 60, { objectClass: "aircraft" });
const named = (tracks: readonly TrackEstimate[], name: string): readonly TrackEstimate[] =>
  tracks.filter(({ identity }) => identity?.name === name);

test("a broadcast is an unverified claim until a body that sensors measure agrees with it; then it names that body", () => {
  for (const seed of [1, 2, 3]) {
    const flown = fly(plan([DRONE], [radar("R1", at(0, 0, 5)), fixes("remoteid", "RID", [{ object: "D1", identity: "SERIAL" }])]), seed);
    const tracker = new Tracker(ON_THE_MAP);
    let [unverified, verified] = [0, 0];
    play(tracker, flown.told, 60, (t) => {
      const claims = named(tracker.tracks(t), "SERIAL");
      assert.ok(claims.length <= 1, "it is told once");
      if (claims[0]?.status === "unverified") unverified += 1;
      else if (claims[0] !== undefined) verified += 1;
      if (t > 15) assert.ok(told(claims[0]!.status) && apartM(claims[0]!, statesAt(flown.truth, t)[0]!) < 40);
    });
    assert.ok(unverified >= 1 && verified >= 45, `${unverified} ${verified}`);
    assert.equal(sure(tracker, 60).length, 1);
    assert.equal(sure(tracker, 60)[0]!.identity?.kind, "remoteid");
  }
});

test("without any sensor that measures, a broadcast stays a claim", () => {
  const flown = fly(plan([DRONE], [fixes("remoteid", "RID", [{ object: "D1", identity: "SERIAL" }])]), 1);
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 60, (t) => assert.deepEqual(sure(tracker, t), []));
  const [claim] = tracker.tracks(60, { tentative: true });
  assert.equal(claim!.status, "unverified");
  assert.deepEqual(claim!.unseenBy, [], "nobody looks there");
  assert.ok(apartM(claim!, statesAt(flown.truth, 60)[0]!) < 40);
});

test("a claim without a body never becomes one, and names those who look there and see nothing", () => {
  const looking = bearing("camera", "LOOKS", at(0, 0, 5), { azimuthSigmaDeg: 0.3, elevationSigmaDeg: 0.3, sectorDeg: [90, 270] });
  const away = bearing("camera", "AWAY", at(0, 0, 5), { azimuthSigmaDeg: 0.3, elevationSigmaDeg: 0.3, sectorDeg: [300, 60] });
  const short = radar("SHORT", at(0, 0, 5), { rangeM: [50, 600] });
  for (const seed of [1, 2, 3]) {
    const rid = fixes("remoteid", "RID", [
      { object: "D1", identity: "SERIAL" },
      { object: "S1", identity: "SPOOF" },
    ]);
    const flown = fly(plan([DRONE, NOBODY], [radar("R1", at(0, 0, 5)), looking, away, short, rid]), seed);
    const tracker = new Tracker(ON_THE_MAP);
    let seen = 0;
    play(tracker, flown.told, 60, (t) => {
      for (const track of named(tracker.tracks(t), "SPOOF")) {
        assert.equal(track.status, "unverified", `${t} s`);
        assert.deepEqual([...track.unseenBy].sort(), ["LOOKS", "R1"], `${t} s`);
        assert.ok(track.existence < 0.2);
        seen += 1;
      }
    });
    assert.ok(seen > 40);
    assert.equal(sure(tracker, 60).length, 1, "one body, that of the drone");
  }
});

test("a claim that leaves its body is no longer that body's name", () => {
  // The broadcast turns away at 20 s while the body flies on.
  const body = flight("D1", at(-800, 1200, 100), at(800, 1200, 100), 15);
  const talk = { ...flight("S1", at(-800, 1200, 100), at(-500, 1200, 100), 15, { bodiless: true }) };
  const turning = {
    ...talk,
    waypoints: [talk.waypoints[0], { ...at(-500, 1200, 100), speedMps: 15, holdS: 0 }, { ...at(-500, 200, 100), speedMps: 15, holdS: 0 }],
  } as const;
  const flown = fly(plan([body, turning], [radar("R1", at(0, 0, 5)), fixes("remoteid", "RID", [{ object: "S1", identity: "SERIAL" }])]), 1);
  const tracker = new Tracker(ON_THE_MAP);
  let bound = 0;
  play(tracker, flown.told, 60, (t) => {
    const [track] = named(sure(tracker, t), "SERIAL");
    if (track === undefined) return;
    bound += 1;
    assert.ok(t < 40, `still bound at ${t} s`);
  });
  assert.ok(bound > 5, "it was bound at first");
  assert.equal(named(tracker.tracks(60), "SERIAL")[0]?.status, "unverified");
});

test("two that claim to be in one place are not both believed", () => {
  const copy = flight("S1", at(-800, 1200, 100), at(800, 900, 100), 15, { bodiless: true });
  const rid = fixes("remoteid", "RID", [
    { object: "D1", identity: "TRUE" },
    { object: "S1", identity: "COPY" },
  ]);
  const flown = fly(plan([DRONE, copy], [radar("R1", at(0, 0, 5)), rid]), 2);
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 60, (t) => assert.ok(sure(tracker, t).length <= 1, `${t} s: one body`));
  const statuses = ["TRUE", "COPY"].map((name) => named(tracker.tracks(60), name)[0]?.status);
  assert.deepEqual(statuses.filter((status) => status === "unverified").length, 1, statuses.join(" "));
});

test("ADS-B begins an aircraft, known for what it is at once", () => {
  const flown = fly(plan([AIRCRAFT], [fixes("adsb", "ADS", [{ object: "A1", identity: "A0B1C2" }])]), 1);
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 60, (t) => {
    if (t < 4) return;
    const [track, ...more] = sure(tracker, t);
    assert.ok(track !== undefined && more.length === 0, `${t} s`);
    assert.equal(track.identity?.name, "A0B1C2");
    assert.ok(track.classes.aircraft > 0.5 && track.classes.drone < 0.1);
    assert.ok(apartM(track, statesAt(flown.truth, t)[0]!) < 40);
  });
});

const system = (id: string, identity: string, object = "A1", more: { renumberedAtS?: readonly number[] } = {}) =>
  fixes("systemTrack", id, [{ object, identity, ...more }], { sigmaM: [10, 10, 15] });

test("another system's track may stand for a body, and one told twice a second counts as one told now and then", () => {
  const sigma = [1, 4].map((often) => {
    const flown = fly(plan([AIRCRAFT], [{ ...system("SYS", "77"), periodS: 1 / often, loss: 0 }]), 1);
    const tracker = new Tracker(ON_THE_MAP);
    play(tracker, flown.told, 60);
    const [track, ...more] = sure(tracker, 60);
    assert.ok(track !== undefined && more.length === 0);
    assert.ok(apartM(track, statesAt(flown.truth, 60)[0]!) < 60);
    return Math.sqrt(track.covarianceEnuM2[0]!);
  });
  // Independent reports four times as often would halve it.
  assert.ok(sigma[1]! > 0.85 * sigma[0]!, `${sigma[0]} m, ${sigma[1]} m`);
});

test("the same report by the same system again does not make anything surer", () => {
  const declaration: SensorDeclaration = {
    id: "SYS",
    kind: "systemTrack",
    latDeg: 31.76,
    lonDeg: -106.49,
    haeM: 1140,
    measures: ["lat_deg", "lon_deg", "alt_m"],
    sigma: [10, 10, 15],
    periodS: 1,
  };
  const [once, twice] = [1, 2].map((times) => {
    const tracker = new Tracker(ON_THE_MAP);
    tracker.declare(declaration);
    for (let t = 1; t <= 40; t += 1) {
      for (let k = 0; k < times; k += 1) {
        const z = [31.76 + 1e-4 * t, -106.48, 1300];
        tracker.detect({ id: `${t} ${k}`, sensor: "SYS", timeS: t + 0.2 * k, z, identity: "5", velocityEnuMps: [0, 11.1, 0] }, t + 0.2 * k);
      }
      tracker.advance(t + 0.5);
    }
    return tracker.tracks(40.5)[0]!;
  });
  assert.ok(twice!.covarianceEnuM2[0]! > 0.95 * once!.covarianceEnuM2[0]!);
  assert.ok(twice!.existence <= once!.existence + 1e-9);
});

for (const [what, sensors, name] of [
  ["two systems that number it each in their own way", [system("SYS1", "77"), system("SYS2", "12")], undefined],
  ["its own broadcast and a system", [system("SYS1", "77"), fixes("adsb", "ADS", [{ object: "A1", identity: "A0B1C2" }])], "A0B1C2"],
  ["a system that numbers it anew", [system("SYS1", "77", "A1", { renumberedAtS: [25] })], "77-2"],
  [
    "a radar, its own broadcast and two systems",
    [radar("R1", at(0, 0, 5)), system("SYS1", "77"), system("SYS2", "12"), fixes("adsb", "ADS", [{ object: "A1", identity: "A0B1C2" }])],
    "A0B1C2",
  ],
] as const) {
  test(`an aircraft told by ${what} is one body`, () => {
    for (const seed of [1, 2, 3]) {
      const flown = fly(plan([AIRCRAFT], sensors), seed);
      const tracker = new Tracker(ON_THE_MAP);
      let missing = 0;
      play(tracker, flown.told, 60, (t) => {
        if (t < 5) return;
        const bodies = sure(tracker, t);
        assert.ok(bodies.length <= 1, `seed ${seed}, ${t} s: ${bodies.map(({ id, identity }) => `${id} ${identity?.name}`).join("; ")}`);
        missing += bodies.length === 0 || apartM(bodies[0]!, statesAt(flown.truth, t)[0]!) > 60 ? 1 : 0;
        if (t > 45)
          assert.deepEqual(
            tracker.tracks(t).filter(({ status }) => status === "unverified"),
            [],
            `seed ${seed}, ${t} s`,
          );
      });
      assert.ok(missing < 4, `${missing} s without it`);
      if (name !== undefined) assert.equal(sure(tracker, 60)[0]!.identity?.name, name);
    }
  });
}

test("a drone that a system numbers is still verified by its own broadcast", () => {
  const flown = fly(
    plan(
      [DRONE],
      [radar("R1", at(0, 0, 5)), system("SYS1", "77", "D1"), { ...fixes("remoteid", "RID", [{ object: "D1", identity: "SERIAL" }]) }],
    ),
    3,
  );
  const tracker = new Tracker(ON_THE_MAP);
  // The broadcast begins only when the system's number has long been bound.
  play(
    tracker,
    flown.told.filter((one) => one.type !== "detection" || one.detection.sensor !== "RID" || one.arrivedS > 25),
    60,
  );
  assert.deepEqual(
    tracker.tracks(60).map(({ status, identity }) => [status, identity?.name]),
    [["confirmed", "SERIAL"]],
  );
});

test("two systems that use one number for two bodies tell of two", () => {
  const flown = fly(
    plan([AIRCRAFT, flight("D1", at(-800, -1200, 100), at(800, -900, 100), 15)], [system("SYS1", "77"), system("SYS2", "77", "D1")]),
    1,
  );
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 60);
  const states = statesAt(flown.truth, 60);
  const offs = states.map((state) => Math.min(...sure(tracker, 60).map((track) => apartM(track, state))));
  assert.equal(sure(tracker, 60).length, 2);
  assert.ok(
    offs.every((off) => off < 60),
    offs.join(" "),
  );
});

test("a broadcast without a name is a claim like others, and begins no body", () => {
  const tracker = new Tracker(ON_THE_MAP);
  const place = { latDeg: 31.76, lonDeg: -106.49, haeM: 1140, measures: ["lat_deg", "lon_deg", "alt_m"], sigma: [5, 5, 10] } as const;
  tracker.declare({ ...place, id: "RID", kind: "remoteid" });
  tracker.declare({ ...place, id: "OWN", kind: "tdoa", selfReported: true });
  for (let t = 1; t <= 20; t += 1) {
    tracker.detect({ id: `${t}`, sensor: "RID", timeS: t, z: [31.765, -106.48, 1250] }, t);
    tracker.detect({ id: `${t}`, sensor: "OWN", timeS: t, z: [31.755, -106.48, 1250] }, t);
    tracker.advance(t);
    assert.deepEqual(
      sure(tracker, t).filter(({ identity }) => identity?.kind === "remoteid"),
      [],
    );
  }
  assert.ok(tracker.tracks(20).some(({ status, identity }) => status === "unverified" && identity?.kind === "remoteid"));
});

test("fixes of a network that names nobody make a track, and one of several near tracks gets each", () => {
  const other = flight("D2", at(-800, 600, 100), at(800, 300, 100), 15);
  const network = fixes("tdoa", "TD", [{ object: "D1" }, { object: "D2" }], {
    sigmaM: [15, 15, 30],
    errorCorrelation: 0,
    withVelocity: false,
  });
  const flown = fly(plan([DRONE, other], [network]), 1);
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 60);
  assert.equal(sure(tracker, 60).length, 2);
  for (const state of statesAt(flown.truth, 60)) assert.ok(Math.min(...sure(tracker, 60).map((track) => apartM(track, state))) < 40);
});

test("a fix that tells no height says nothing of height", () => {
  const tracker = new Tracker(ON_THE_MAP);
  tracker.declare({
    id: "TD",
    kind: "tdoa",
    latDeg: 31.76,
    lonDeg: -106.49,
    haeM: 1140,
    measures: ["lat_deg", "lon_deg"],
    sigma: [10, 10],
  });
  for (let t = 1; t <= 20; t += 1) {
    tracker.detect({ id: `${t}`, sensor: "TD", timeS: t, z: [31.765, -106.48] }, t);
    tracker.advance(t);
  }
  const [track] = sure(tracker, 20);
  assert.ok(track !== undefined && Math.sqrt(track.covarianceEnuM2[8]!) > 200);
  assert.ok(Math.abs(track.haeM - 1140) < 1000, `${track.haeM}`);
});
