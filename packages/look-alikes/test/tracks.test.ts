// What is an unknown track explained by?
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fix, KnownAircraft, KnownDrone, UnknownTrack, Wind } from "../src/index.ts";
import { checkOf, explained, factor, found, NOON, straight } from "./scenes.ts";

const AIRCRAFT_PATH = { unixMs: NOON, azimuthDeg: 80, elevationDeg: 5, rangeM: 5000, courseDeg: 300, speedMps: 70 };

function track(fixes: readonly Fix[], more: Partial<UnknownTrack> = {}): UnknownTrack {
  return { what: "track", fixes, ...more };
}

function moved(fixes: readonly Fix[], northM: number): readonly Fix[] {
  return fixes.map((fix) => ({ ...fix, latDeg: fix.latDeg + northM / 111_000 }));
}

test("a track that goes where an aircraft says it goes is that aircraft; one a kilometre beside it is not", () => {
  const known: KnownAircraft = { id: "a1b2c3", fixes: straight({ ...AIRCRAFT_PATH, stepS: 7 }), timeSigmaMs: 500 };
  const seen = straight({ ...AIRCRAFT_PATH, stepS: 1, sigmaM: 40 });
  const finding = found(explained(track(seen), { aircraft: [known] }), "aircraft", "a1b2c3")!;
  assert.equal(finding.grade, "strong");
  assert.ok(finding.reason.key === "aircraft-along" && finding.reason.separationM < 30 && finding.reason.moments >= 10);
  assert.equal(found(explained(track(moved(seen, 1000)), { aircraft: [known] }), "aircraft", "a1b2c3"), undefined);
  // The same path ten minutes later is another flight.
  const later = seen.map((fix) => ({ ...fix, timeUnixMs: fix.timeUnixMs + 600_000 }));
  assert.equal(found(explained(track(later), { aircraft: [known] }), "aircraft", "a1b2c3"), undefined);
});

test("a track that flies as aircraft do and of which nothing is heard may be one without ADS-B, receiver or not; a slow one or a known one is not that", () => {
  const fast = track(straight({ ...AIRCRAFT_PATH, speedMps: 95 }));
  for (const context of [{}, { aircraft: [] }]) {
    const finding = found(explained(fast, context), "aircraft", "flight")!;
    assert.equal(finding.grade, "possible");
    assert.ok(finding.reason.key === "aircraft-like" && Math.abs((finding.reason.speedMps ?? 0) - 95) < 1);
    assert.deepEqual(finding.doesNotExclude, ["fast-drone"]);
  }
  assert.deepEqual(checkOf(explained(fast), "aircraft").missing, ["adsb"]);
  assert.equal(found(explained(track(straight({ ...AIRCRAFT_PATH, speedMps: 15 }))), "aircraft"), undefined);
  const helicopter = {
    ...track(straight({ ...AIRCRAFT_PATH, speedMps: 40 })),
    classes: { drone: 0.1, bird: 0, aircraft: 0.8, unknown: 0.1 },
  };
  assert.equal(found(explained(helicopter), "aircraft", "flight")!.grade, "weak");
  const known: KnownAircraft = { id: "a1b2c3", fixes: fast.fixes, timeSigmaMs: 0 };
  assert.equal(found(explained(fast, { aircraft: [known] }), "aircraft", "flight"), undefined);
});

test("stars and satellites are not asked about what has a place in the air", () => {
  const answer = explained(track(straight({ ...AIRCRAFT_PATH })), {});
  assert.equal(checkOf(answer, "body").outcome, "does-not-apply");
  assert.equal(checkOf(answer, "satellite").outcome, "does-not-apply");
});

test("one fix alone is not enough information about anything but where it is", () => {
  const [fix] = straight({ ...AIRCRAFT_PATH });
  const answer = explained(track([fix!]), {});
  assert.equal(answer.answer, "not-enough-information");
  assert.deepEqual(
    answer.checks.map(({ missing }) => missing),
    [[], [], ["adsb"], ["known-drones"], ["wind"], ["behaviour"]],
  );
});

const DRONE_PATH = { unixMs: NOON, azimuthDeg: 200, elevationDeg: 12, rangeM: 900, courseDeg: 45, speedMps: 8, stepS: 1, sigmaM: 8 };
const OWN: KnownDrone = {
  id: "halcon-2",
  standing: "own",
  broadcastIds: ["1581F5BK000000000001"],
  fixes: straight(DRONE_PATH),
  timeSigmaMs: 200,
};

test("a claimed identity whose place agrees is strong; alone it is possible; one that the place contradicts stays in sight as weak", () => {
  const claims = { claimedIds: ["1581F5BK000000000001"] };
  const seen = straight({ ...DRONE_PATH, sigmaM: 15 });
  const agrees = found(explained(track(seen, claims), { drones: [OWN] }), "drone", "halcon-2")!;
  assert.equal(agrees.grade, "strong");
  assert.ok(agrees.reason.key === "drone-identity" && (agrees.reason.separationM ?? 999) < 20);
  assert.deepEqual(agrees.doesNotExclude, ["identity-can-be-copied"]);
  const alone = found(explained(track(seen, claims), { drones: [{ ...OWN, fixes: [] }] }), "drone", "halcon-2")!;
  assert.equal(alone.grade, "possible");
  const contradicted = found(explained(track(moved(seen, 2500), claims), { drones: [OWN] }), "drone", "halcon-2")!;
  assert.equal(contradicted.grade, "weak");
  assert.ok(contradicted.reason.key === "drone-identity" && (contradicted.reason.separationM ?? 0) > 2000);
});

test("a drone that goes where ours goes is ours without a claim; where one was allowed and unheard is weak", () => {
  const seen = straight({ ...DRONE_PATH, sigmaM: 15 });
  assert.equal(found(explained(track(seen), { drones: [OWN] }), "drone")!.reason.key, "drone-along");
  const last = seen.at(-1)!;
  const allowed = { latDeg: last.latDeg, lonDeg: last.lonDeg, radiusM: 300, topHaeM: 1500, fromUnixMs: NOON - 1e6, toUnixMs: NOON + 1e6 };
  const permitted: KnownDrone = { id: "survey-7", name: "Survey", standing: "authorised", fixes: [], timeSigmaMs: 0, allowed };
  const finding = found(explained(track(seen), { drones: [permitted] }), "drone")!;
  assert.equal(finding.grade, "weak");
  assert.deepEqual(finding.reason, { key: "drone-allowed", id: "survey-7", name: "Survey", distanceM: 0 });
  const low = { ...permitted, allowed: { ...allowed, topHaeM: 1200 } };
  assert.equal(found(explained(track(seen), { drones: [low] }), "drone"), undefined);
});

const WIND: Wind = {
  fromDeg: 250,
  directionSigmaDeg: 15,
  speedMps: 6,
  speedSigmaMps: 1.5,
  bottomHaeM: 1100,
  topHaeM: 1600,
  fromUnixMs: NOON - 3_600_000,
  toUnixMs: NOON + 3_600_000,
};

function drift(courseDeg: number, speedMps: number, sigmaM = 5): UnknownTrack {
  return track(
    straight({ unixMs: NOON, azimuthDeg: 10, elevationDeg: 10, rangeM: 800, courseDeg, speedMps, fromS: -30, toS: 30, stepS: 1, sigmaM }),
  );
}

test("a track that drifts as the wind does may be a balloon; one across it, against it, faster than it or hovering in it is not", () => {
  const answer = explained(drift(72, 6.3), { winds: [WIND] });
  const finding = found(answer, "balloon")!;
  assert.ok(finding.grade !== "weak");
  assert.ok(finding.reason.key === "drifts-with-wind");
  assert.ok(
    Math.abs(finding.reason.courseDeg - 72) < 1 &&
      Math.abs((finding.reason.speedMps ?? 0) - 6.3) < 0.1 &&
      Math.abs(finding.reason.differenceDeg - 2) < 1,
  );
  for (const [course, speed] of [
    [160, 6],
    [250, 6],
    [70, 15],
    [70, 0],
  ] as const) {
    assert.equal(found(explained(drift(course, speed), { winds: [WIND] }), "balloon"), undefined, `${course} ${speed}`);
  }
});

test("in a calm a drone that hovers is not taken for a balloon", () => {
  const calm = { ...WIND, speedMps: 0.5, speedSigmaMps: 1 };
  assert.equal(found(explained(drift(0, 0), { winds: [calm] }), "balloon"), undefined);
});

test("the wind of another height or hour, and a track that is too short, leave the question open", () => {
  for (const wind of [
    { ...WIND, bottomHaeM: 3000, topHaeM: 4000 },
    { ...WIND, toUnixMs: NOON - 3_000_000 },
  ]) {
    assert.deepEqual(checkOf(explained(drift(72, 6), { winds: [wind] }), "balloon").missing, ["wind"]);
  }
  const brief = drift(72, 6);
  const answer = explained(track(brief.fixes.slice(0, 10)), { winds: [WIND] });
  assert.deepEqual(checkOf(answer, "balloon").missing, ["movement"]);
});

/** A course that swings to and fro: `swingDeg` about east, with a period of 8 s. */
function swinging(speedMps: number, swingDeg: number): UnknownTrack {
  const [start] = straight({ unixMs: NOON, azimuthDeg: 30, elevationDeg: 8, rangeM: 700, courseDeg: 90, speedMps: 0 });
  let { latDeg, lonDeg } = start!;
  const fixes: Fix[] = [];
  for (let s = 0; s < 60; s += 1) {
    const course = ((90 + swingDeg * Math.sin((2 * Math.PI * s) / 8)) * Math.PI) / 180;
    latDeg += (speedMps * Math.cos(course)) / 111_000;
    lonDeg += (speedMps * Math.sin(course)) / 94_000;
    fixes.push({ ...start!, timeUnixMs: NOON + s * 1000, latDeg, lonDeg, sigmaM: 0.5 });
  }
  return track(fixes);
}

test("a wandering course at a bird's speed, with what the radar thinks of it, is a bird; a straight one, a hovering one and a fast one are not", () => {
  const bird = { classes: { drone: 0.1, bird: 0.7, aircraft: 0, unknown: 0.2 } };
  const wandering = { ...swinging(12, 40), ...bird };
  const finding = found(explained(wandering), "bird")!;
  assert.notEqual(finding.grade, "weak");
  assert.ok(finding.reason.key === "bird-like");
  assert.ok(
    Math.abs((finding.reason.speedMps ?? 0) - 12) < 1 && (finding.reason.wanderDegPerRootS ?? 0) > 15 && finding.reason.birdShare === 0.7,
  );
  assert.ok(factor(finding, "wander") > 2);
  // Without a class the behaviour alone is a weak reason.
  assert.equal(found(explained(swinging(12, 40)), "bird")!.grade, "weak");
  assert.equal(found(explained(swinging(12, 0)), "bird"), undefined);
  assert.equal(found(explained(swinging(0, 0)), "bird"), undefined);
  assert.equal(
    found(explained({ ...swinging(40, 0), classes: { drone: 0.6, bird: 0.1, aircraft: 0.2, unknown: 0.1 } }), "bird"),
    undefined,
  );
});

test("errors of the fixes do not feign a wandering course", () => {
  const straightOn = drift(72, 12, 30);
  const shaken = track(straightOn.fixes.map((fix, index) => ({ ...fix, latDeg: fix.latDeg + (((index * 7919) % 13) - 6) * 5e-5 })));
  const finding = found(explained({ ...shaken, classes: { drone: 0.05, bird: 0.9, aircraft: 0, unknown: 0.05 } }), "bird")!;
  assert.ok(finding.reason.key === "bird-like");
  assert.ok(finding.reason.wanderDegPerRootS === null || finding.reason.wanderDegPerRootS < 8);
});

test("of a track that is too long the newest fixes are used", () => {
  const long = straight({ ...DRONE_PATH, fromS: -2000, toS: 20 });
  const spoiled = [{ ...long[0]!, latDeg: Number.NaN }, ...long.slice(1)];
  assert.equal(found(explained(track(spoiled), { drones: [OWN] }), "drone")!.reason.key, "drone-along");
});
